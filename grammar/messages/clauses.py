"""Messages about what is said around a test: times, counts, fields and lists (E140 to E154, E163, E167, E18x)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
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
        "“{written}”接不上前面的条件",
        "“{written}” does not continue the test before it",
        '逗号后面写下一个字段的条件,如 其中 金额 > 5, 门店 是 "静安";同一个字段有几个值,用“属于”',
        'After a comma stands a test of the next field, as where amount > 5, store is "x"; several values of one field stand behind in',
    ),
    "E146": Message(
        "“{field}”是这个事件的字段,前面要用逗号,不用“{written}”",
        "{field} is a field of that event and stands behind a comma, not behind “{written}”",
        "写成:其中 …, {field} …",
        "Write: where …, {field} …",
    ),
    "E148": Message(
        "“{written}”里写的是当天,前面要用几天、几周或几个月",
        "“{written}” speaks of a day and takes days, weeks or months",
        "小时和分钟用“内”,如 3小时内",
        "For hours and minutes write within, as within 3 hours",
    ),
    "E149": Message(
        "抽样的范围要从小到大写",
        "A sample goes from the smaller share to the larger one",
        "把两个比例对调,如 抽样 10% 到 20%",
        "Swap the two shares, as in sample 10% to 20%",
    ),
    "E150": Message(
        "“{written}”没有说什么时候",
        "“{written}” does not say when",
        "前面写时间,如 3天内 打上 …;只看现在有没有用 有标签",
        "Put a time before it; for the present state write tagged",
    ),
    "E151": Message(
        "比大小的统计里不能再写次数“{written}”",
        "A total cannot have a count: “{written}”",
        "只留一个:比较用 30天内 下单 次数 >= 2,问做没做过用 30天内 做过 下单 至少2次",
        "Keep one: compare with number of order >= 2, or ask did order at least 2 times",
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
    "E167": Message(
        "属性的时间要写在属性后面", "The time of an attribute stands behind it",
        "写成 {first} {second}", "Write {first} {second}",
    ),
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
}
