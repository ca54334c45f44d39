"""Cases are played by the real engine and judged exactly."""

from __future__ import annotations

from pathlib import Path

from qingting.engine.testing.playing import under_test
from qingting.engine.workspace import Workspace

from .conftest import Play
from .told import differing, passed

EVENING = """
剧本 "猫粮跟进"
  面向 有标签 "好友"
    且 昨天 做过 点击 "猫*"
    且 7天内 未做过 下单
  每天 20:00
    推送 企微 "问候" 附券 "立减5"
    打标签 "意向", "新客"
"""
MEMBERS = """
now: 2026-03-02 20:00
members:
  u1: {tags: [好友], events: [{点击: 猫粮, at: 1 day ago}]}
  u2: {tags: [好友, 退订], events: [{点击: 猫粮, at: 1 day ago}]}
  u3: {tags: [好友], events: [{点击: 狗粮, at: 1 day ago}]}
"""


def test_the_words_of_both_languages_say_the_same(play: Play) -> None:
    assert passed(play(EVENING, MEMBERS + """
cases:
- name: 昨天点过的人收到
  expect:
    u1:
      - push wecom "问候" with coupon "立减5" despite caps
      - 打标签 "新客", "意向"
    u2: {suppressed: never_push}
- name: 下了单的不再收到
  at: 1 day later
  given: {u1: {events: [{下单: 猫粮, at: 1 hour ago, amount: 199}, {点击: 猫, at: 4 hours ago}]}}
  expect: {u1: []}
"""))
    assert passed(play(EVENING, MEMBERS.replace("now", "现在").replace("members", "客户").replace("tags", "标签") + """
用例:
- 名称: 昨天点过的人收到
  期望:
    u1: [推送 企微 "问候" 附券 "立减5", '打标签 "意向", "新客"']
    u2: {没给: 不接收推送, 步骤: 推送 "问候" 附券 "立减5"}
"""))


def test_only_what_differs_is_told(play: Play) -> None:
    (case,) = play(EVENING, MEMBERS + """
cases:
- name: 全错
  expect:
    u1: [push wecom "问候", 'tag "意向", "新客"']
    u2: {suppressed: cap}
    u3: [push wecom "问候" with coupon "立减5"]
""").cases
    assert differing(case) == [
        ("-", "u1", 'push wecom "问候"'), ("+", "u1", '推送 企微 "问候" 附券 "立减5"'),
        ("-", "u2", "{suppressed: cap}"),
        ("+", "u2", '{没给: never_push, 步骤: 推送 企微 "问候" 附券 "立减5"}'),
        ("-", "u3", 'push wecom "问候" with coupon "立减5"'),
    ]  # fmt: skip
    told = {each.member: each for each in case.explanations}
    assert [(member, each.record is not None) for member, each in told.items()] == [("u1", True), ("u2", True), ("u3", False)]
    tests = told["u3"].playbooks[0].blocks[0].tree.children
    assert [node.true for node in tests] == [True, False, True]


def test_whoever_is_not_named_gets_nothing(play: Play) -> None:
    cases = "cases:\n- name: 只写一个\n  expect: {u2: {suppressed: never_push}}\n"
    (case,) = play(EVENING, MEMBERS + cases).cases
    assert [(sign, unit) for sign, unit, _ in differing(case)] == [("+", "u1"), ("+", "u1")]
    assert passed(play(EVENING, MEMBERS + cases + "  others: any\n"))


def test_an_entry_is_taken_once(play: Play) -> None:
    text = """
剧本 "两次"
  每天 20:00
    加积分10
    加积分10
"""
    cases = "now: 2026-03-02 20:00\nmembers: {u1: {}}\ncases:\n- {name: 一, expect: {u1: [points +10%s]}}\n"
    (case,) = play(text, cases % "").cases
    assert differing(case) == [("+", "u1", "加积分10")]
    assert passed(play(text, cases % ", points +10"))
    (case,) = play(text, cases % ", points +10, points +10").cases
    assert differing(case) == [("-", "u1", "points +10")]


def test_time_goes_by_between_cases(play: Play) -> None:
    """What fell due on the way was decided when it fell due, and the first case begins at now."""
    assert passed(play("""
剧本 "早晚"
  每天 09:00、21:00
    打标签 "新客"
    等待 2小时
    加积分10
""", """
now: 2026-03-02 20:00
members: {u1: {}}
cases:
- {name: 还没到, expect: {}}
- {name: 晚上, at: today 22:59, expect: {u1: [tag "新客"]}}
- {name: 等到了, at: today 23:00, expect: {u1: [points +10]}}
- {name: 一天, at: 1 day later, expect: {u1: [tag "新客", points +10, tag "新客", points +10]}}
"""))


def test_what_was_so_before_starts_nothing(play: Play) -> None:
    playbook = '剧本 "迎新"\n  当 打上标签 "新客"\n    加积分10\n'
    assert passed(play(playbook, """
now: 2026-03-02 20:00
members: {u1: {tags: [新客]}, u2: {}}
cases:
- {name: 早就有, expect: {}}
- {name: 刚打上, at: 1 hour later, given: {u1: {tags: [意向]}, u2: {tags: [{新客: 30 minutes ago}]}}, expect: {u2: [points +10]}}
"""))


def test_nothing_runs_while_offline(play: Play) -> None:
    text = """
剧本 "早"
  每天 09:00
    加积分10
"""
    cases = """
now: 2026-03-02 20:00
members: {u1: {}}
cases:
- {name: 今天, expect: {}}
- {name: 三天后, at: 2026-03-05 20:00, %sexpect: {u1: [%s]}}
"""
    assert passed(play(text, cases % ("", "points +10, points +10, points +10")))
    assert passed(play(text, cases % ("offline: yes, ", "")))
    assert passed(play(text.replace("每天", "补发 全补\n  每天"), cases % ("offline: 是, ", "points +10, points +10, points +10")))


def test_a_refused_push_gives_the_coupon_back(play: Play) -> None:
    """The only coupon goes to one of two; whether the other can have it next day is the channel's answer."""
    text = '剧本 "发券"\n  每天 20:00\n    推送 企微 "问候" 附券 "立减5"\n'
    cases = """
now: 2026-03-02 20:00
members: {u1: {}}
cases:
- {name: 第一天, answers: {u1: %s}, expect: {u1: [push wecom "问候" with coupon "立减5"]}}
- {name: 第二天, at: 1 day later, expect: {u1: [%s]}}
"""
    assert passed(play(text, cases % ("sent", "suppressed: stock")))
    assert passed(play(text, cases % ("unknown", "suppressed: stock")))
    assert passed(play(text, cases % ("failed", 'push wecom "问候" with coupon "立减5"')))


def test_a_guard_is_expected_by_name(play: Play) -> None:
    text = '剧本 "群发"\n  熔断 1人\n  每天 20:00\n    加积分10\n'
    cases = "now: 2026-03-02 20:00\nmembers: {u1: {}, u2: {}}\ncases:\n- {name: 太多, %sexpect: {%s}}\n"
    assert passed(play(text, cases % ("refused: [群发], ", "")))
    (case,) = play(text, cases % ("", "")).cases
    assert [note.code for note in case.problems] == ["C412"]
    (case,) = play(text.replace("1人", "2人"), cases % ("refused: [群发], ", "u1: points +10, u2: points +10")).cases
    assert ([note.code for note in case.problems], case.differences) == (["C413"], ())


def test_a_playbook_with_errors_is_told(play: Play) -> None:
    text = '剧本 "坏"\n  面向 有标签 "没有的"\n  每天 20:00\n    加积分10\n'
    (case,) = play(text, "now: 2026-03-02 20:00\nmembers: {u1: {}}\ncases:\n- {name: 一, expect: {}}\n").cases
    assert [(note.code, note.params["codes"]) for note in case.problems] == [("C411", "E204")]


def test_drafts_are_tried_and_other_playbooks_left_alone(play: Play) -> None:
    text = '剧本 "草稿"\n  草稿\n  每天 20:00\n    加积分10\n'
    cases = "playbooks: [%s]\nnow: 2026-03-02 20:00\nmembers: {u1: {}}\ncases:\n- {name: 一, expect: {u1: [points +10]}}\n"
    assert passed(play(text, cases % "shop.sop"))


def test_a_playbook_that_is_entered_belongs_to_the_test(play: Play, tmp_path: Path) -> None:
    """What a playbook under test enters runs as well, and nothing else of the workspace."""
    text = """
剧本 "去"
  每天 20:00
    转入剧本 "来"
剧本 "来"
  当 转入
    转入剧本 "再来"
剧本 "再来"
  草稿
  当 转入
    加积分10
剧本 "别的"
  每天 20:00
    加积分1
"""
    play(text, "now: 2026-03-02 10:00\nmembers: {u1: {}}\ncases:\n- {name: 一, expect: {}}\n")
    tested = under_test(Workspace.open(tmp_path).load().program, ["去"])
    assert {name: playbook.state for name, playbook in tested.playbooks.items()} == dict.fromkeys(("去", "来", "再来"), "live")


def test_own_dates_come_due_on_their_day(play: Play) -> None:
    assert passed(play("""
剧本 "到期"
  当 到期日 前7天 10:00
    加积分10
剧本 "上课"
  当 下次上课 前30分钟
    设置 城市 为 "上海"
""", """
now: 2026-03-02 12:00
members: {u1: {到期日: in 8 days, 下次上课: tomorrow 15:00}, u2: {到期日: in 9 days}}
cases:
- {name: 今天, expect: {}}
- {name: 明天上午, at: tomorrow 10:00, expect: {u1: [points +10]}}
- {name: 快上课, at: tomorrow 14:30, expect: {u1: [set 城市 to "上海"]}}
- {name: 后天, at: 2026-03-04 10:00, expect: {u2: [points +10]}}
"""))


def test_of_a_rotation_the_template_that_is_sent(play: Play) -> None:
    assert passed(play('剧本 "早"\n  每天 09:00\n    推送 企微 轮换 "早安*"\n', """
now: 2026-03-02 09:00
members: {u1: {}}
cases:
- {name: 一, expect: {u1: [push wecom "早安1"]}}
- {name: 二, at: 1天后, expect: {u1: [推送 企微 "早安2"]}}
"""))


def test_members_come_during_the_test(play: Play) -> None:
    assert passed(play('剧本 "早"\n  每天 09:00\n    加积分10\n', """
now: 2026-03-02 09:00
members: {u1: {}}
cases:
- {name: 一, expect: {u1: [points +10]}}
- name: 二
  at: 1 day later
  given: {u2: {new: member, 城市: 上海}}
  expect: {u1: [points +10], u2: [points +10]}
"""))


def test_groups_get_what_is_sent_to_them(play: Play) -> None:
    assert passed(play('剧本 "群早安"\n  面向群 "福利*"\n  每天 09:00\n    推送 "群早安"\n', """
now: 2026-03-02 09:00
members: {u1: {}}
groups: {福利群1: {members: [u1]}, g2: {群名: 福利群2}, g3: {name: 别的群}}
cases:
- {name: 早, expect: {福利群1: [push "群早安"], g2: [推送 "群早安"]}}
"""))


def test_a_coupon_held_can_be_used(play: Play) -> None:
    text = '剧本 "用券"\n  面向 用过券 "立减5" 且 持有券 "立减5"\n  每天 09:00\n    加积分10\n'
    text = text.replace(' 且 持有券 "立减5"', "")
    assert passed(play(text, """
now: 2026-03-02 09:00
members: {u1: {coupons: [立减5]}, u2: {券: [{立减5: 3天前}]}}
cases:
- {name: 没用, expect: {}}
- {name: 用了, at: 1 day later, given: {u2: {coupons: [{立减5: , used: 1 hour ago}]}}, expect: {u2: [points +10]}}
"""))


def test_only_the_chosen_cases_are_judged(play: Play) -> None:
    """Those before are played: the second case follows on the first."""
    script = play(EVENING, MEMBERS + """
cases:
- {name: 写错的, expect: {}}
- {name: 第二天, at: 1 day later, expect: {}}
""", run="^第二")
    assert [(case.name, case.judged, case.passed) for case in script.cases] == [("写错的", False, True), ("第二天", True, True)]


def test_what_is_learned_late_is_late(play: Play) -> None:
    """A fact is known when it happens, as stated, or, of what was before the last case, after that."""
    text = '剧本 "点了"\n  当 点击\n    加积分10\n'
    assert passed(play(text, """
now: 2026-03-02 09:00
members: {u1: {}, u2: {}, u3: {}, u4: {}}
cases:
- {name: 一, given: {u1: {events: [{点击: 猫, at: 1 hour ago}]}}, expect: {u1: [points +10]}}
- name: 二
  at: 1 day later
  given:
    u1: {events: [{点击: 猫, at: 25 hours ago}]}
    u2: {events: [{点击: 猫, at: 3 days ago}]}
    u3: {events: [{点击: 猫, at: 26 hours ago, arrived: now}]}
    u4: {events: [{点击: 猫, at: 23 hours ago}]}
  expect:
    u1: [points +10]
    u2: {suppressed: late}
    u3: {suppressed: late}
    u4: [points +10]
"""))


def test_each_fact_meets_the_playbooks_when_it_is_known(play: Play) -> None:
    """The order at eleven comes before the evening, the click at seven after the schedule of six."""
    assert passed(play("""
剧本 "下午"
  面向 今天 做过 点击
  每天 18:00
    加积分10
剧本 "等"
  当 点击
    等待 2小时
    打标签 "意向"
""", """
now: 2026-03-02 09:00
members: {u1: {}, u2: {}}
cases:
- name: 一天
  at: today 20:30
  given:
    u1: {events: [{点击: 猫, at: today 11:00}]}
    u2: {events: [{点击: 猫, at: today 19:00}]}
  expect: {u1: [points +10, tag "意向"]}
- {name: 半小时后, at: today 21:00, expect: {u2: [tag "意向"]}}
"""))


def test_what_begins_and_ends_starts_playbooks(play: Play) -> None:
    """Tags, friends, groups, coupons and numbers: each as a test file says it."""
    assert passed(play("""
剧本 "失去"
  当 去掉标签 "新客"
    加积分1
剧本 "过期"
  当 去掉标签 "意向"
    加积分2
剧本 "删好友"
  当 删好友
    加积分3
剧本 "退群"
  当 退群 "福利*"
    加积分4
剧本 "进群"
  当 进群 "福利*"
    加积分5
剧本 "券到期"
  当 券 "立减5" 2天后过期 10:00
    加积分6
剧本 "到分"
  当 积分 达到 500
    加积分7
剧本 "搬家"
  当 城市 变更
    加积分8
""", """
now: 2026-03-02 09:00
members:
  u1: {tags: [新客, {意向: 2 days ago}], friends: [张三], groups: [福利群]}
  u2: {coupons: [{立减5: 4 days ago}], points: 400, 城市: {value: 上海, at: 3 days ago}}
groups: {福利群: {}}
cases:
- name: 早上
  at: today 10:00
  given:
    u1: {untagged: [新客], friends: [{张三: , until: 10 minutes ago}], groups: [{group: 福利群, until: now}]}
    u2: {groups: [福利群], points: 500, 城市: 杭州}
  expect:
    u1: [points +1, points +3, points +4]
    u2: [points +5, points +7, points +8]
- name: 过了一天
  at: 1 day later
  expect: {u1: [points +2], u2: [points +6]}
"""))


def test_rules_act_on_what_happens_in_the_test_alone(play: Play) -> None:
    text = '积分规则\n  点击 得 50\n剧本 "够了"\n  面向 积分 >= 100\n  每天 20:00\n    打标签 "新客"\n'
    assert passed(play(text, """
now: 2026-03-02 20:00
members: {u1: {points: 50, events: [{点击: 猫, at: 1 hour ago}]}}
cases:
- {name: 以前的点击早就算过, expect: {}}
- {name: 现在的要算, at: 1 day later, given: {u1: {events: [点击]}}, expect: {u1: [tag "新客"]}}
"""))
