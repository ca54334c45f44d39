"""Thirty mistakes in the statements of one file give those thirty and no echoes, in either language.

``⟦CODE|…⟧`` marks what each must underline. Broken declarations are used further down, and the blocks of broken headers
hold sound steps: neither may bring a word more.
"""

from __future__ import annotations

import re

import pytest

from .texts import check

CHINESE = """\
属性 ⟦E121|城市文本⟧
属性 ⟦E122|首次下单⟧ 数字
属性 等级卡 文本 可选 "普通", "金卡"
事件 点击 ⟦E120|含有⟧ 门店 文本
事件 下单 含 门店 文本
标签 ⟦E164|新客⟧
标签 "老客" ⟦E120|归人⟧ "生命周期"
标签 ⟦E102|"⟧猫友
标签 "退订"
标签组 "阶段" ⟦E120|互拆⟧
标签 "会员" 有效期 ⟦E130|三十天⟧
分群 "高价值"
  积分 >= ⟦E130|1万⟧
分群 "活跃"
  7天内 ⟦E120|作过⟧ 下单
分群 "都要"
  有标签 "退订" 且 有标签 "会员" ⟦E113|或⟧ 积分 > 5
分群 "括号"
  ⟦E111|(⟧有标签 "退订" 或 积分 > 5
⟦E117|分群 "空的"⟧
话术 "早安" ⟦E120|用与⟧ 企微
  正文 "早上好"
话术 "晚安"
  正文 "{{ 姓名 | default: ⟦E126|"⟧朋友" }}"
券 "立减" 减⟦E139|¥0⟧
券 "八折" 打⟦E158|0⟧折
剧本 "一"
  负责人⟦E106|:⟧ "宠物组"
  优先级 ⟦E138|101⟧
  面向 有标签 "退订" ⟦E130|&&⟧ 积分 > 5
  每天 ⟦E130|晚8点⟧
    推送 企微 "早安"
    打标签 "新客", "老客", "猫友"
    ⟦E120|推松⟧ 企微 "晚安"
  每天 10:00
    如果 有标签 "退订" ⟦E106|那么⟧
      打标签 "退订"
    等待 ⟦E133|0⟧小时
    打标签 ⟦E204|"退丁"⟧
剧本 "二"
  面向 城市 是 "上海" 且 首次下单 > 5 且 属于分群 "活跃" 且 做过 点击
  每天 11:00 ⟦E169|//⟧ 早上
    打标签 "退订"
⟦E107|\t⟧每天 12:00
      打标签 "退订"
剧本 "三"
  面向 等级卡 是 ⟦E314|"普痛"⟧
  每天 13:00
    打标签 "退订"⟦E106|。⟧
    发券 "立减"
  每天 14:00
    如果 姓名 属于 ⟦E170|("王", "李")⟧
      打标签 "会员"
"""

ENGLISH = """\
attribute city ⟦E120|txt⟧
attribute ⟦E123|first⟧ number
attribute card text in "plain", "gold"
event click ⟦E120|wiht⟧ store text
event order with store text, paid ⟦E120|mony⟧
tag ⟦E164|fresh⟧
tag "old" expires after ⟦E133|0⟧ days
tag "left"⟦E106|;⟧
tag "friend"
segment "rich"
  points 50⟦E116|0⟧
segment "either"
  tagged "friend" or tagged "left" ⟦E113|and⟧ points > 5
segment "known"
  name ⟦E130|IS NOT NULL⟧
segment "like"
  name ⟦E171|LIKE "%W%"⟧
segment "counted"
  did order ⟦E143|3 times⟧
segment "star"
  tagged "fr⟦E124|*⟧end"
template "hello" ⟦E120|onn⟧ wecom
  text "hello"
template "pictured"
  image "a.png" ⟦E157|title "b"⟧
coupon "five" worth ⟦E139|¥0⟧
coupon "ten" worth ¥10
  stock ⟦E138|0.5⟧
playbook "one"
  priority ⟦E120|high⟧
  for tagged "friend" ⟦E130|&&⟧ points > 5
  every day at ⟦E132|25:00⟧
    push wecom "hello"
    tag "fresh", "left"
  every ⟦E120|mondey⟧ at 10:00
    tag "friend"
playbook "two"
  for city is "x" and "first" > 5 and did click and in segment "rich"
  every day at 11:00
    if tagged "friend" ⟦E106|then⟧
      tag "friend"
    ⟦E130|elif⟧ tagged "left"
      tag "friend"
    wait ⟦E120|soon⟧
  every ⟦E159|7 days⟧
    tag ⟦E204|"frend"⟧
playbook "three"
  for card is ⟦E314|"glod"⟧
  every day at 12:00
    ⟦E166|owner⟧ "x"
    tag "friend" ⟦E169|--⟧ at last
⟦E120|playbok⟧ "four"
  every day at 13:00
    tag "friend"
"""

_MARK = re.compile("⟦([EW][0-9]+)\\|(.*?)⟧", re.DOTALL)


def unmarked(text: str) -> tuple[str, list[tuple[str, int, str]]]:
    """The text without its marks, and what they announce: code, offset and what is underlined."""
    announced, shift = [], 0
    for mark in _MARK.finditer(text):
        announced.append((mark[1], mark.start() - shift, mark[2]))
        shift += len(mark[0]) - len(mark[2])
    return _MARK.sub(r"\2", text), announced


@pytest.mark.parametrize("marked", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_thirty_mistakes_and_no_echo(marked: str) -> None:
    text, announced = unmarked(marked)
    assert len(announced) == 30
    result = check(text)
    found = sorted((d.span.start, d.code, d.span.end) for d in (*result.syntax, *result.found) if d.severity == "error")
    assert [(code, start, text[start:end]) for start, code, end in found] == announced
