"""Every mistake has its code, and its span covers exactly what is wrong."""

from __future__ import annotations

import pytest
from parsing.plain import told
from parsing.playbook_mistakes import IN_PLAYBOOKS
from parsing.samples import PRELUDE
from qingting.grammar.messages import CATALOGUE, render
from qingting.grammar.parser import collect_names, parse_condition, parse_schedule, parse_text

NAMES = collect_names([PRELUDE])

IN_CONDITIONS = [
    ('城市 是 "上海', "E102", '"'),
    ('城市\u200b 是 "上海"', "E103", "\u200b"),
    ('城市 \0 是 "上海"', "E103", "\0"),
    ('城市 是 "上\0海"', "E103", "\0"),
    ('城市 是 "上\u202e海"', "E104", "\u202e"),
    ("城市 是 ”上海“", "E105", "”"),
    ('城市 是 "上海"。', "E106", "。"),
    ('城市 @ "上海"', "E109", "@"),
    ("(" * 101 + '有标签 "a"' + ")" * 101, "E110", "("),
    ('(有标签 "a"', "E111", "("),
    ('有标签 "a")', "E112", ")"),
    ('有标签 "a" 且 有标签 "b" 或 有标签 "c"', "E113", "或"),
    ('有标签 "a" "b"', "E115", '"b"'),
    ("有标签", "E116", "签"),
    ("做过", "E116", "过"),
    ("积分 大于", "E116", "于"),
    ("做过下但至少3次", "E120", "做过下但至少3次"),
    ("做过 下但至少3次", "E120", "下但至少3次"),
    ("积芬大于500", "E120", "积芬大于500"),
    ("作过 下单", "E120", "作过"),
    ('有标签 "a*b"', "E124", "*"),
    ('有标签 "*a"', "E124", "*"),
    ('有标签 "a\\n"', "E125", "\\n"),
    ('城市 是 "{{ 姓名 | default: "朋友" }}"', "E126", '"'),
    ("任一满足", "E117", "任一满足"),
    ('任一满足 且 有标签 "a"', "E127", "任一满足"),
    ('有标签 "a"\n有标签 "b"', "E129", '有标签 "b"'),
    ("积分 >= 1万", "E130", "1万"),
    ("积分 >= 2.5万", "E130", "2.5万"),
    ("两天内 做过 下单", "E130", "两天"),
    ("半小时内 做过 下单", "E130", "半小时"),
    ("做过 下单 三天内", "E130", "三天"),
    ("加好友时间 2026-02-30 之前", "E131", "2026-02-30"),
    ("加好友时间 2026-02-03 25:00 之前", "E132", "25:00"),
    ("0天内 做过 下单", "E133", "0"),
    ("积分 > 1234567890123456", "E134", "1234567890123456"),
    ("积分 > 0.1234567", "E134", "0.1234567"),
    ("近期消费 > ¥1.234", "E135", "¥1.234"),
    ("抽样 101%", "E136", "101%"),
    ('有标签 ""', "E137", '""'),
    ("1.5天内 做过 下单", "E138", "1.5"),
    ("3天内 做过 下单 7天内", "E140", "7天内"),
    ("做过 下单 至少2次 最多3次", "E141", "最多3次"),
    ("做过 下单 3天前", "E142", "3天前"),
    ("3 days ago did 下单", "E142", "3 days ago"),
    ("做过 下单 3天后", "E142", "3天后"),
    ("做过 下单 3次", "E143", "3次"),
    ("did 下单 3 times", "E143", "3 times"),
    ("做过 下单 其中 金额 > 1 其中 金额 < 3", "E144", "其中 金额 < 3"),
    ('做过 下单 其中 门店 是 "a", "b"', "E145", '"b"'),
    ('做过 下单 其中 金额 > 5 且 门店 是 "a"', "E146", "且"),
    ("did 下单 where amount > 5 or amount < 3", "E146", "or"),
    ("3小时前当天 做过 下单", "E148", "3小时前当天"),
    ("抽样 20% 到 10%", "E149", "20% 到 10%"),
    ('打上 "a"', "E150", '打上 "a"'),
    ("sum of 下单.amount at least 2 times > 5", "E151", "at least 2 times"),
    ("sum of 下单.amount within 3 days", "E152", "sum of 下单.amount within 3 days"),
    ("最近一次 下单", "E153", "最近一次 下单"),
    ("生日周年", "E154", "生日周年"),
    ("城市 是 上海", "E164", "上海"),
    ('没有标签 "x"', "E130", "没有标签"),
    ('Tagged "x"', "E120", "Tagged"),
    ('city are "x"', "E120", "city"),
    ("最近一次退货 3天内", "E120", "退货"),
    ("3天内 加好友时间", "E167", "3天内 加好友时间"),
    ("有标签 新客", "E164", "新客"),
    ("属于分群 高价值", "E164", "高价值"),
    ("", "E165", ""),
    ("# 只有说明", "E165", "# 只有说明"),
    ('有标签 "a" && 积分 > 5', "E130", "&&"),
    ('有标签 "a" || 积分 > 5', "E130", "||"),
    ('!有标签 "a"', "E130", "!"),
    ('有标签 "a"\n  || 积分 > 5', "E130", "||"),
    ('tagged "a" AND points > 5', "E130", "AND"),
    ('tagged "a"\n  OR points > 5', "E130", "OR"),
    ('NOT tagged "a"', "E120", "NOT"),
    ("points BETWEEN 5 and 10", "E120", "BETWEEN"),
    ("城市 is null", "E130", "is null"),
    ("city = None", "E130", "= None"),
    ("name IS NOT NULL", "E130", "IS NOT NULL"),
    ("城市 为空", "E130", "为空"),
    ("已绑卡 = true", "E130", "= true"),
    ("已绑卡 is not False", "E130", "is not False"),
    ("没做过 下单", "E130", "没做过"),
    ('有标签 "a";', "E106", ";"),
    ('有标签 "a":', "E106", ":"),
    ('有标签 "a" // 说明', "E169", "//"),
    ("积分 > 5 -- 说明", "E169", "--"),
    ('城市 属于 ("上海", "杭州")', "E170", '("上海", "杭州")'),
    ('city in("上海")', "E170", '("上海")'),
    ('姓名 LIKE "%王%"', "E171", 'LIKE "%王%"'),
    ('有标签 like "新%"', "E171", 'like "新%"'),
    ("做过 下单 7天内 最近一次 点击 后", "E140", "最近一次 点击 后"),
    ("since entry did 下单 since last 点击", "E140", "since last 点击"),
    ('未来2天内 持有券 "x" 过期 今天', "E140", "今天"),
    ("3天内 加好友时间 7天内", "E140", "3天内"),
    ("至少3天 做过 下单 至少2次", "E141", "至少2次"),
    ("连续7天 做过 下单 连续3天", "E141", "连续3天"),
    ("invited at least 3 members exactly 4 members", "E141", "exactly 4 members"),
    ("邀请过 3人", "E143", "3人"),
    ("invited 3 members", "E143", "3 members"),
    ('做过 下单 类目 "a" 类目 "b"', "E144", '类目 "b"'),
    ("做过 下单 同一 订单号 同一 门店", "E144", "同一 门店"),
    ("sum of 下单.amount between 3 and 5 >= 4", "E144", ">= 4"),
    ('持有券 "x" 今天 过期 到期', "E144", "到期"),
    ("累计 下单.金额 最多3天 > 5", "E120", "最多3天"),
    ("最多3天 累计 下单.金额 > 5", "E181", "最多3天"),
    ('连续3天 有标签 "x"', "E181", "连续3天"),
    ("连续3天 积分 > 5", "E181", "连续3天"),
    ("最大 下单.金额 至少2次 > 5", "E151", "至少2次"),
    ("3天内 最大 下单.金额", "E152", "最大 下单.金额"),
    ('该复购 "x"', "E154", '该复购 "x"'),
    ('持有券 "x" 过期', "E154", "过期"),
    ("anniversary of 生日", "E154", "anniversary of 生日"),
    ('持有券 "x" 3天内', "E163", "3天内"),
    ('3天内 在群 "x"', "E163", "3天内"),
    ('in segment "x" within 3 days', "E163", "within 3 days"),
    ('since entry in playbook "x"', "E163", "since entry"),
    ("昨天 是好友", "E163", "昨天"),
    ("3天内 积分 >= 500", "E163", "3天内"),
    ('本月 城市 是 "上海"', "E163", "本月"),
    ("今天 今天是节假日", "E163", "今天"),
    ("正在剧本 x", "E164", "x"),
    ("今天 生日", "E167", "今天 生日"),
    ('城市 属于 ("上海", "杭州")', "E170", '("上海", "杭州")'),
    ('姓名 like "王%"', "E171", 'like "王%"'),
    ("积分 > 3 // 注", "E169", "//"),
    ("做过 下单 3次以上", "E130", "3次以上"),
    ("邀请过 3人以上", "E130", "3人以上"),
    ("积分 500以上", "E130", "500以上"),
    ("前天 做过 下单", "E130", "前天"),
    ("后天 生日周年", "E130", "后天"),
    ("3天之前 做过 下单", "E142", "3天之前"),
    ("今天 点击", "E183", "点击"),
    ("90天内 下单 >= 3", "E183", "下单"),
    ("平均下单 > 3", "E182", "下单"),
    ("sum of 下单 > 3", "E182", "下单"),
    ("去重数 点击", "E182", "点击"),
    ('做过 下单 "a" 类目 "b"', "E180", '类目 "b"'),
    ('做过 下单 类目 "b" "a"', "E115", '"a"'),
    ("任务", "E116", "务"),
    ('task "x"', "E116", '"'),
    ('等级卡 保持 "金卡"', "E116", '"'),
    ("today is 5", "E120", "5"),
    ('today is "x"', "E115", '"x"'),
    ('活动 "x" 做过 下单', "E120", "做过"),
]


@pytest.mark.parametrize(("text", "code", "covered"), IN_CONDITIONS)
def test_a_mistake_in_a_condition(text: str, code: str, covered: str) -> None:
    condition, diagnostics = parse_condition(text, NAMES)
    assert condition is None
    assert told(diagnostics, text) == [(code, covered)]
    assert {found.file for found in diagnostics} == {"<condition>"}


IN_SCHEDULES = [
    ("每天 晚8点", "E130", "晚8点"),
    ("每天晚上八点半", "E130", "晚上八点半"),
    ("every day", "E116", "y"),
    ("every 7 days", "E159", "7 days"),
    ("每月32号 10:00", "E138", "32"),
    ("定时 2026-11-11", "E116", "1"),
]


@pytest.mark.parametrize(("text", "code", "covered"), IN_SCHEDULES)
def test_a_mistake_in_a_schedule(text: str, code: str, covered: str) -> None:
    schedule, diagnostics = parse_schedule(text, NAMES)
    assert schedule is None
    assert told(diagnostics, text) == [(code, covered)]


IN_FILES = [
    ('剧本 "p"\n  每天 10:00\n\t结束\n', "E107", "\t"),
    ('剧本 "p"\n    草稿\n  每天 10:00\n      结束\n', "E108", "  "),
    ('分群 "a"\n  有标签 "x"\n且 有标签 "y"\n', "E114", "且"),
    ('剧本 "p"\n  面向 有标签 "x"\n 且 有标签 "y"\n  每天 10:00\n    结束\n', "E114", "且"),
    ('分群 "a"\n', "E117", '分群 "a"'),
    ('剧本 "p"\n  每天 10:00\n    步骤 "x"\n  草稿\n', "E117", '步骤 "x"'),
    ('标签 "a"\n  标签 "b"\n', "E118", '标签 "b"'),
    ('剧本 "p"\n  每天 10:00 面向 任一满足\n    结束\n', "E119", "每天 10:00 面向 任一满足"),
    ("属性 乡镇文本\n", "E121", "乡镇文本"),
    ("属性 首次下单 数字\n", "E122", "首次下单"),
    ("指标 下单次数 = 下单 次数\n", "E122", "下单次数"),
    ("属性 first number\n", "E123", "first"),
    ("属性 任务 文本\n", "E123", "任务"),
    ("事件 今天\n", "E123", "今天"),
    ('剧本 "p"\n  每天 10:00\n    否则\n      结束\n', "E128", "否则"),
    ('分群 "a"\n  有标签 "x"\n  有标签 "y"\n', "E129", '有标签 "y"'),
    ('券 "a" 减¥0\n', "E139", "¥0"),
    ('  标签 "a"\n', "E147", "  "),
    ('属性 年龄 数字 可选 "a"\n', "E155", '"a"'),
    ('事件 看 含 甲 数字, "b"\n', "E156", '"b"'),
    ('话术 "a"\n  图片 "b" 标题 "c"\n', "E157", '标题 "c"'),
    ('券 "a" 打0折\n', "E158", "0"),
    ("policy\n  at most 1 push per day\n", "E160", "at most 1 push per day"),
    ('剧本 "p"\n  每天 10:00\n    结束\n    每人仅一次\n', "E161", "每人仅一次"),
    (
        '剧本 "p"\n  每天 10:00\n    如果 有标签 "x"\n      结束\n    否则\n      结束\n    否则\n      结束\n',
        "E162",
        "否则",
    ),
    ("标签 新客\n", "E164", "新客"),
    ('分群 "a"\n有标签 "x"\n', "E117", '分群 "a"'),
    ('剧本 "p"\n  每天 10:00\n  推送 "x"\n  打标签 "y"\n', "E117", "每天 10:00"),
    ('剧本 "p"\n  每天 10:00\n    如果 有标签 "x" 且\n      积分 > 5\n      结束\n', "E168", "且"),
    ('分群 "a"\n  有标签 "x" or\n  有标签 "y"\n', "E168", "or"),
    ('剧本 "p"\n  推送 "x"\n', "E166", "推送"),
    ('剧本 "p"\n  标签 "x"\n', "E166", "标签"),
    ('playbook "p"\n  every day at 10:00\n    owner "x"\n', "E166", "owner"),
    ('剧本 "p"\n  每天 10:00\n    推松 "x"\n', "E120", "推松"),
    ('剧本 "p"\n  优先级 101\n', "E138", "101"),
    ('话术 "a"\n  正文 "你好 {{ 姓名 | default: "朋友" }}"\n', "E126", '"'),
    ('话术 "a"\n  正文 """没有结束\n', "E102", '"""'),
    ('分群 "a"\n  (有标签 "x"\n标签 "y"\n', "E111", "("),
    ('剧本 "p"\n  面向 (有标签 "x"\n  每天 10:00\n    结束\n', "E111", "("),
]


@pytest.mark.parametrize(("text", "code", "covered"), IN_FILES)
def test_a_mistake_in_a_file(text: str, code: str, covered: str) -> None:
    _, diagnostics = parse_text(text, "a.sop", NAMES)
    assert told(diagnostics, text) == [(code, covered)]


def test_every_message_has_its_reproducer() -> None:
    shown = {code for _, code, _ in (*IN_CONDITIONS, *IN_SCHEDULES, *IN_FILES, *IN_PLAYBOOKS)}
    elsewhere = {"E100", "E101", "E191"}
    assert {code for code in CATALOGUE if code.startswith("E1")} == shown | elsewhere


def test_messages_are_whole_in_both_languages() -> None:
    for text, *_ in IN_CONDITIONS:
        for found in parse_condition(text, NAMES)[1]:
            for lang in ("zh", "en"):
                sentence, hint = render(found.code, found.params, lang, found.hint)
                assert "{" not in sentence.replace("{{", "")
                assert hint is None or found.code == "E126" or "{" not in hint


def test_hints_say_what_to_write() -> None:
    def hint(text: str, lang: str = "zh") -> str | None:
        (found,) = parse_condition(text, NAMES)[1]
        return render(found.code, found.params, lang, found.hint)[1]

    assert hint("做过下但至少3次") == "是不是想写:做过 下单 至少 3 次"
    assert hint("积分 >= 1万") == "写成 10000"
    assert hint("半小时内 做过 下单") == "写成 30分钟"
    assert hint("did 下单 3 times", "en") == "Write at least 3 times or exactly 3 times"
    assert hint('有标签 "a" 且 有标签 "b" 或 有标签 "c"') == (
        '加上括号:(有标签 "a" 且 有标签 "b") 或 有标签 "c",或者 有标签 "a" 且 (有标签 "b" 或 有标签 "c")'
    )
    assert hint("有标签 新客") == '写成 "新客"'
    assert hint("做过 下单 3天前") == "写成 3天前当天(只算那一天)或 3天内(到现在为止)"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ('乘市 使 "上海"', "是不是“城市”?"),  # an attribute begins a test
        ("dit 下单", "是不是“did”?"),
        ("做过 下单 知少3次", "是不是想写:至少 3 次"),
    ],
)
def test_the_nearest_word_is_one_that_can_stand_there(text: str, advice: str) -> None:
    (found,) = parse_condition(text, NAMES)[1]
    assert render(found.code, found.params, "zh", found.hint)[1] == advice


def test_an_event_is_not_offered_where_a_test_begins() -> None:
    (found,) = parse_condition('店击 "猫*"', NAMES)[1]
    assert found.fix is None
    assert "点击" not in str(dict(found.params))


@pytest.mark.parametrize("mark", ["\u3001", "\uff0c", ","])
def test_what_cannot_be_read_is_quoted_as_it_stands(mark: str) -> None:
    text = f'剧本 "a"\n  每周一到周五{mark}周日 21:30\n    打标签 "新客"\n'
    _, (problem, *_) = parse_text(text, "a.sop", NAMES)
    assert (problem.code, problem.params["written"]) == ("E115", mark)
