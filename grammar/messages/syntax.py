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
        "文件不是 UTF-8 编码(字节 {byte} 读不出来)",
        "The file is not UTF-8: byte {byte} cannot be read",
        "用记事本或别的编辑器打开,另存为,编码选 UTF-8",
        "Open it in an editor and save it with the encoding UTF-8",
        {
            "utf16": (
                "文件像是 UTF-16 编码,另存为时编码选 UTF-8",
                "The file looks like UTF-16; save it with the encoding UTF-8",
            ),
        },
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
        "这里多了一个引号 {mark},前面没有和它配对的",
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
        "这一行的缩进和前面的不一样:一处用 Tab,一处用空格",
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
        "上一行下面不能再写内容,这一行多缩进了",
        "Nothing can stand below the line before, but this line is indented under it",
        "和上一行对齐",
        "Align it with the line before",
    ),
    "E119": Message(
        "这里的条件要写在一行里,不能在下面列出来",
        "The condition stands on this line; a list below it is not possible here",
        '用括号、“且”和“或”写在这一行;太长就先写成分群,这里写 属于分群 "名字"',
        "Write it on the line with parentheses and and / or; where it is long, make it a segment",
    ),
    "E120": Message(
        "读不懂“{written}”",
        "Cannot read “{written}”",
        "是不是想写:{cut}",
        "Did you mean: {cut}",
        {
            "near": ("是不是“{near}”?", "Did you mean {near}?"),
            "undeclared": ("没有声明过这个名称", "No such name is declared"),
            "everyone": (
                "要面向所有客户,去掉“面向”和它后面的话:不写 面向,就是所有客户",
                "For everyone leave out for and what follows it: without it a playbook is for all members",
            ),
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
        "这个数字太长:最多 {digits} 位整数、{decimals} 位小数",
        "This number is too long: at most {digits} digits and {decimals} decimals",
        "数一数位数,写短一点",
        "Count the digits and write a shorter number",
    ),
    "E135": Message(
        "金额最多 {digits} 位整数、两位小数",
        "Money has at most {digits} digits and two decimals",
        "写到分为止,如 ¥11.77",
        "Write it to the cent, as ¥11.77",
    ),
    "E136": Message(
        "比例要在 0% 到 100% 之间,最多两位小数",
        "A share lies between 0% and 100% and has at most two decimals",
        "如 5% 或 33.33%",
        "As 5% or 33.33%",
    ),
    "E137": Message("引号里是空的", "There is nothing between the quotes", "写上名称", "Write the name"),
    "E138": Message(
        "这里要写 {low} 到 {high} 之间的整数",
        "A whole number from {low} to {high} stands here",
        "改成这个范围里的数,不带小数",
        "Write a number of that range, without decimals",
    ),
    "E139": Message(
        "金额要大于零",
        "The amount must be more than zero",
        "写出金额,如 ¥5;不要这个限制就删掉这一行",
        "Write the amount, as ¥5; where none is meant, delete the line",
    ),
    "E147": Message(
        "声明要从行首开始写",
        "Declarations begin in the first column",
        "删掉这一行前面的空格",
        "Delete the spaces before it",
    ),
    "E155": Message("只有文本可以列出可选值", "Only text can list its choices", "类型写“文本”", "Make the type text"),
    "E156": Message(
        "“{written}”是可选的值,前面要写 文本 可选",
        "“{written}” is a choice; text in stands before it",
        '如 等级 文本 可选 "普通", "金卡";如果它是另一个字段,写成 名称 类型',
        'As grade text in "plain", "gold"; a further field is a name and a type',
    ),
    "E157": Message(
        "“{written}”和这一行的内容配不到一起",
        "“{written}” does not go with what this line sends",
        "标题用在链接和小程序后面,页面用在小程序后面",
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
        "“{written}”没有写全:谁(每人或每群)、多久(每天或每几天)、几条",
        "“{written}” must say per member or per group, for how long, and how many",
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
    # Limits
    "E191": Message(
        "后面还有 {count} 处错误没有显示",
        "{count} more errors are not shown",
        "先改前面的",
        "Correct those before first",
    ),
}
