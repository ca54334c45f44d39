"""Messages about the text itself (E1xx)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    # The file and its characters
    "E100": Message(
        "文件太长:{length} 个字符,上限是 {limit} 个",
        "The file is too long: {length} characters, the limit is {limit}",
        "把声明分到几个 .sop 文件里",
        "Spread the declarations over several .sop files",
    ),
    "E101": Message(
        "文件不是 UTF-8 编码:字节 {byte} 读不出来",
        "The file is not UTF-8: byte {byte} cannot be read",
        "用编辑器另存为 UTF-8",
        "Save the file as UTF-8 in your editor",
        {"utf16": ("文件像是 UTF-16 编码,用编辑器另存为 UTF-8", "The file looks like UTF-16; save it as UTF-8")},
    ),
    "E102": Message(
        "这里开始的文字没有结束的引号",
        "The text that begins here has no closing quote",
        '在同一行写上 {mark};多行文字用三个引号 """ 开头和结尾',
        'Write {mark} on the same line; text over several lines begins and ends with """',
    ),
    "E103": Message(
        "这里有一个看不见的字符:{name_zh}({character})",
        "There is an invisible character here: {name_en} ({character})",
        "删掉它;看不见就把光标移到这里按一下删除键,或运行 qingting check --fix",
        "Delete it; where you cannot see it, press delete at this place, or run qingting check --fix",
    ),
    "E104": Message(
        "这里有一个改变文字方向的字符:{name_zh}({character})",
        "There is a character here that changes the direction of text: {name_en} ({character})",
        "删掉它:它会让这一行看起来和实际不同",
        "Delete it: it makes the line look different from what it says",
    ),
    "E105": Message(
        "引号 {mark} 没有开头",
        "The quote {mark} closes nothing",
        '左右引号可能写反了,写成 “…” 或 "…"',
        'The quotes may be the wrong way round; write “…” or "…"',
    ),
    "E106": Message(
        "这里不用写“{mark}”",
        "No {mark} is needed here",
        "删掉它",
        "Delete it",
        {
            "newline": (
                "删掉它,后面的动作写到下一行,缩进两个空格",
                "Delete it and write what follows on the next line, indented by two spaces",
            )
        },
    ),
    "E107": Message(
        "这一行的缩进和前面的不一样:一处用制表符,一处用空格",
        "This line is indented differently from those before: tabs here, spaces there",
        "整个文件都用空格缩进,每层两个",
        "Indent with spaces everywhere, two for each level",
    ),
    "E108": Message(
        "这一行的缩进和上面哪一层都对不齐",
        "The indentation of this line fits no line above",
        "和同一层的上一行对齐",
        "Align it with the line before on its level",
    ),
    "E109": Message(
        "“{mark}”不能写在这里",
        "{mark} cannot stand here",
        "如果它是名称的一部分,给整个名称加引号",
        "If it is part of a name, put the whole name in quotes",
    ),
    "E110": Message(
        "括号或缩进太深,最多 {limit} 层",
        "Parentheses or blocks are nested too deep, at most {limit}",
        "把里面的条件写成分群",
        "Move the inner conditions into a segment",
    ),
    "E111": Message(
        "这个左括号没有对应的右括号",
        "This parenthesis is never closed",
        "在条件结束的地方写 )",
        "Write ) where the condition ends",
    ),
    "E112": Message(
        "这个右括号没有对应的左括号",
        "This closing parenthesis has no opening one",
        "删掉它,或在条件开始的地方写 (",
        "Delete it, or write ( where the condition begins",
    ),
    "E113": Message(
        "“且”和“或”混在一起,读法不止一种",
        "and beside or can be read in two ways",
        "加上括号:{one},或者 {other}",
        "Add parentheses: {one} — or {other}",
    ),
    "E114": Message(
        "接着上一行写的行不能比它缩进得少",
        "A line that continues the one before must not be indented less",
        "让它和上一条语句对齐或缩进更多",
        "Align it with the statement it continues, or indent it more",
    ),
    # Words
    "E115": Message(
        "这里读不懂“{written}”",
        "Cannot read “{written}” here",
        "这里可以写:{expected_zh}",
        "Here can stand: {expected_en}",
        {"near": ("是不是“{near}”?这里可以写:{expected_zh}", "Did you mean {near}? Here can stand: {expected_en}")},
    ),
    "E116": Message(
        "这一行没有写完", "This line is not complete", "后面可以写:{expected_zh}", "Here can follow: {expected_en}"
    ),
    "E117": Message(
        "这一行下面没有内容",
        "This line needs a block under it",
        "在下面缩进两个空格写它的内容",
        "Write what belongs to it below, indented by two spaces",
    ),
    "E118": Message(
        "这一行不能缩进在上一行下面",
        "This line cannot be indented under the line before",
        "和上一行对齐",
        "Align it with the line before",
    ),
    "E119": Message(
        "触发和如果的条件不能写成下面的列表",
        "The condition of a trigger or an if cannot be a list below it",
        "用括号和“且”“或”写在一行,或先写成分群",
        "Write it on the line with parentheses and and / or, or make it a segment",
    ),
    "E120": Message(
        "读不懂“{written}”",
        "Cannot read “{written}”",
        "是不是想写:{cut}",
        "Did you mean: {cut}",
        {
            "near": ("是不是“{near}”?", "Did you mean {near}?"),
            "undeclared": ("没有声明过这个名称", "No such name is declared"),
            "expected": ("这里可以写:{expected_zh}", "Here can stand: {expected_en}"),
            "unknown": (
                "没有声明过这个名称;这里可以写:{expected_zh}",
                "No such name is declared; here can stand: {expected_en}",
            ),
        },
    ),
    "E121": Message(
        "“{name}”和“{word}”连在一起,读成了一个名称",
        "{name} and {word} run together into one name",
        "中间加一个空格:{name} {word}",
        "Put a space between them: {name} {word}",
    ),
    "E122": Message(
        "名称“{name}”也可以读成“{cut}”",
        "The name {name} can also be read as “{cut}”",
        '加引号声明:"{name}",用到的地方也加引号',
        'Declare it in quotes: "{name}", and quote it where it is used',
    ),
    "E123": Message(
        "“{name}”是条件开头用的词,不能直接当名称",
        "{name} begins a condition and cannot be a bare name",
        '加引号声明:"{name}",用到的地方也加引号',
        'Declare it in quotes: "{name}", and quote it where it is used',
    ),
    "E124": Message(
        "星号只能写在最后,表示以它开头的都算",
        "A star stands only at the end, for everything that begins so",
        "如果就是星号这个字符,写成 \\*",
        "For the character itself write \\*",
    ),
    "E125": Message(
        "引号里的“{written}”读不懂",
        "Cannot read {written} in quotes",
        '反斜杠后面只能是 "、\\ 或 *;反斜杠本身写成 \\\\',
        'A backslash stands before ", \\ or * only; for the character itself write \\\\',
    ),
    "E126": Message(
        '一行的引号里不能再用 "',
        'A " cannot stand inside one-line text in "',
        "里面的改成单引号,如 {{{{ 姓名 | default: '朋友' }}}}",
        "Use single quotes inside, as {{{{ name | default: 'x' }}}}",
    ),
    "E127": Message(
        "“{written}”后面要换行写条件列表",
        "{written} is followed by a list of conditions below",
        "把它写在行尾,条件缩进写在下面,每行一个",
        "End the line with it and write the conditions below, one a line, indented",
    ),
    "E128": Message("这个“否则”前面没有“如果”", "This else has no if before it", "先写一个“如果”", "Write an if first"),
    "E129": Message(
        "这里只能有一个条件或时间",
        "Only one condition or schedule can stand here",
        "用“且”“或”接在上一行后面,或写成“全部满足”列表",
        "Join it to the line before with and / or, or write an all of list",
    ),
    # Values
    "E130": Message("“{written}”不能这样写", "{written} cannot be written like this", "写成 {write}", "Write {write}"),
    "E131": Message(
        "没有 {written} 这一天", "There is no day {written}", "检查月份和日期", "Check the month and the day"
    ),
    "E132": Message(
        "没有 {written} 这个时刻",
        "There is no clock time {written}",
        "时刻从 00:00 到 23:59",
        "Clock times run from 00:00 to 23:59",
    ),
    "E133": Message("时间长度不能是零", "A duration cannot be zero", "至少写 1", "Write at least 1"),
    "E134": Message(
        "这个数字太大或小数太多:最多 {digits} 位整数、{decimals} 位小数",
        "This number is too long: at most {digits} digits and {decimals} decimals",
    ),
    "E135": Message("金额最多两位小数(到分)、{digits} 位整数", "Money has at most two decimals and {digits} digits"),
    "E136": Message(
        "比例要在 0% 到 100% 之间,最多两位小数", "A share lies between 0% and 100% and has at most two decimals"
    ),
    "E137": Message("引号里是空的", "There is nothing between the quotes", "写上名称", "Write the name"),
    "E138": Message("这里要写 {low} 到 {high} 之间的整数", "A whole number from {low} to {high} stands here"),
    "E139": Message("金额要大于零", "The amount must be more than zero"),
    # Tests
    "E140": Message(
        "一个条件里写了两个时间", "One test has two times", "留下一个,删掉“{written}”", "Keep one; delete “{written}”"
    ),
    "E141": Message(
        "一个条件里写了两个次数", "One test has two counts", "留下一个,删掉“{written}”", "Keep one; delete “{written}”"
    ),
    "E142": Message(
        "“{written}”可以是那一天,也可以是那以后",
        "“{written}” can mean that day or the time since",
        "",
        "",
        {
            "ago_alone": (
                "写成 {number}{zh_unit}前当天(只算那一天)或 {number}{zh_unit}内(到现在为止)",
                "Write exactly {number} {en_unit} ago (that day) or within {number} {en_unit} (until now)",
            ),
            "ahead_alone": (
                "写成 {number}{zh_unit}后当天(只算那一天)或 未来{number}{zh_unit}内(从现在起)",
                "Write in {number} {en_unit} (that day) or within the next {number} {en_unit} (from now)",
            ),
        },
    ),
    "E143": Message(
        "“{written}”没有说是至少还是正好",
        "“{written}” does not say whether at least or exactly",
        "写成 至少{number}次 或 正好{number}次",
        "Write at least {number} times or exactly {number} times",
        {
            "people": (
                "写成 至少{number}人 或 正好{number}人",
                "Write at least {number} members or exactly {number} members",
            )
        },
    ),
    "E144": Message("“{written}”写了两遍", "“{written}” stands here twice", "留下一个", "Keep one"),
    "E145": Message(
        "“{written}”接不上前面",
        "“{written}” does not continue what is before it",
        "逗号后面写下一个字段的条件,或接在“属于”的列表后面",
        "After a comma stands a test of the next field, or a further value of in",
    ),
    "E146": Message(
        "“{written}”会结束“其中”,而“{field}”是这个事件的字段",
        "“{written}” ends the where, but {field} is a field of that event",
        "用逗号连接:其中 …, {field} …",
        "Join it with a comma: where …, {field} …",
    ),
    "E147": Message(
        "声明要从行首开始写",
        "Declarations begin in the first column",
        "删掉这一行前面的空格",
        "Delete the spaces before it",
    ),
    "E148": Message(
        "“{written}”里的当天要用天、周或月",
        "“{written}” speaks of a day and takes days, weeks or months",
        "小时和分钟用“…内”",
        "For hours and minutes write within …",
    ),
    "E149": Message("抽样的范围要从小到大", "A sample goes from the smaller share to the larger one"),
    "E150": Message(
        "“{written}”没有说什么时候",
        "“{written}” does not say when",
        "前面写时间,如 3天内 打上 …;只看现在有没有用 有标签",
        "Put a time before it; for the present state write tagged",
    ),
    "E151": Message(
        "统计里不能写次数“{written}”",
        "A total cannot have a count: “{written}”",
        "用 次数 >= 2 来比较",
        "Compare number of … >= 2",
    ),
    "E152": Message(
        "“{written}”没有和什么比较",
        "“{written}” is compared with nothing",
        "后面写比较,如 >= ¥300",
        "Add a comparison, as >= ¥300",
    ),
    "E153": Message(
        "“{written}”没有说那一次怎么样",
        "“{written}” does not say what about that time",
        "后面写时间(距今超过45天)或“带有”条件",
        "Add a time (more than 45 days ago) or has …",
        {
            "both": (
                "时间和“带有”只能写一个,另一个用“且”再写一条",
                "A time or has, not both; write the other as a second test joined by and",
            )
        },
    ),
    "E154": Message(
        "“{written}”没有说什么时候",
        "“{written}” does not say when",
        "写上时间,如 今天 生日周年",
        "Add a time, as anniversary of birthday today",
        {
            "reorder": (
                "写上时间,如 未来3天内 该复购 \"…\"",
                'Add a time, as due to reorder "…" within the next 3 days',
            ),
            "expiring": (
                "写上时间,如 持有券 \"…\" 未来2天内 过期",
                'Add a time, as holds coupon "…" expiring within the next 2 days',
            ),
        },
    ),
    "E155": Message("只有文本可以列出可选值", "Only text can list its choices", "类型写“文本”", "Make the type text"),
    "E156": Message(
        "“{written}”前面没有“文本 可选”",
        "“{written}” continues no text in …",
        "字段写成:名称 类型",
        "A field is a name and a type",
    ),
    "E157": Message(
        "“{written}”不能写在这一部分",
        "“{written}” cannot stand in this part",
        "标题用于链接和小程序,页面用于小程序",
        "title belongs to link and miniprogram, page to miniprogram",
    ),
    "E158": Message(
        "没有 {written} 折",
        "There is no discount of {written} 折",
        "写 0 到 10 之间的数,如 打8.8折",
        "Write a number between 0 and 10, as 打8.8折",
    ),
    "E159": Message(
        "间隔只能用分钟或小时,不能是“{written}”",
        "An interval takes minutes or hours, not “{written}”",
        "按天用“每天 10:00”,按周用“每周一 10:00”",
        "For days write every day at 10:00, for weeks every monday at 10:00",
    ),
    "E160": Message(
        "“{written}”要说清每多久、每人还是每群,各一次",
        "“{written}” must say once for how long, and per member or per group",
        "如 每人每天最多1条",
        "As at most 1 push per day per member",
    ),
    "E161": Message(
        "“{written}”要写在第一个动作之前",
        "“{written}” stands before the first step of its block",
        "移到触发的下一行",
        "Move it to the line below the trigger",
    ),
    "E162": Message(
        "“否则”后面不能再有“否则”",
        "Nothing can follow else here",
        "“否则如果”写在“否则”前面",
        "Put else if before else",
    ),
    "E163": Message(
        "这个条件看的是现在,不能带时间“{written}”",
        "This test speaks of the present and takes no time: “{written}”",
        "删掉这个时间",
        "Delete the time",
        {
            "coupon": (
                "删掉它;要看什么时候过期,写成 持有券 \"…\" {written} 过期",
                'Delete it; for when the coupon expires write holds coupon "…" expiring {written}',
            )
        },
    ),
    "E164": Message("这里的名称要加引号", "The name here stands in quotes", '写成 "{name}"', 'Write "{name}"'),
    "E165": Message(
        "这里什么都没有写",
        "There is nothing here",
        '写一个条件,如 有标签 "新客"',
        'Write a condition, as tagged "新客"',
    ),
    "E166": Message(
        "“{written}”不能写在这一层", "{written} cannot stand in this block", "它写在{place_zh}", "It stands {place_en}"
    ),
    "E167": Message(
        "属性的时间要写在属性后面", "The time of an attribute stands behind it",
        "如 加好友时间 3天内", "As joined within 3 days",
    ),
    "E168": Message(
        "这一行以“{written}”结尾,条件没有写完", "This line ends with {written}, and the condition is not complete",
        "把“{written}”写到下一行开头", "Write {written} at the beginning of the next line",
    ),
    # Habits from other notations
    "E169": Message(
        "这里的说明用了“{mark}”开头", "This comment begins with {mark}",
        "说明用 # 开头:# ……", "Comments begin with #: # …",
    ),
    "E170": Message(
        "列出几个值时不用括号", "A list of values stands without parentheses",
        "直接写:{inside}", "Write: {inside}",
    ),
    "E171": Message(
        "“{written}”是数据库里的写法,这里不用", "{written} is how databases say it; it is not used here",
        "用“包含”“开头是”或“结尾是”,不写百分号,如 姓名 包含 \"王\"",
        'Use contains, starts with or ends with, without percent signs, as name contains "王"',
        {"write": ("写成:{write}", "Write: {write}")},
    ),
    # Clauses of tests
    "E180": Message(
        "“{written}”和前面写的对象只能留一个",
        "“{written}” and the subject before it cannot both stand here",
        "删掉一个;两个都要时用“且”写成两条",
        "Delete one of them; where both are meant write two tests joined by and",
    ),
    "E181": Message(
        "天数“{written}”只能用在“做过”的条件里",
        "A number of days, “{written}”, belongs to a did test",
        "如 7天内 至少5天 做过 签到",
        "As did checkin on at least 5 days within 7 days",
    ),
    "E182": Message(
        "“{written}”后面还要写是哪个字段",
        "“{written}” does not say which field is meant",
        "在名称后面加点和字段,如 {written}.金额",
        "Add a dot and the field, as {written}.amount",
    ),
    "E183": Message(
        "“{name}”是事件,这里少了“做过”",
        "{name} is an event; did is missing here",
        "写成 做过 {name}",
        "Write did {name}",
        {
            "compared": (
                "比较次数写 {name} 次数 >= 2,比较金额写 累计 {name}.金额 >= 300",
                "Compare number of {name} >= 2, or sum of {name}.amount >= 300",
            )
        },
    ),
    # Limits
    "E191": Message(
        "后面还有 {count} 处错误没有显示",
        "{count} more errors are not shown",
        "先改前面的",
        "Correct those before first",
    ),
}
