"""What is wrong with a test file is told with its place, before anything is played."""

from __future__ import annotations

import pytest

from .conftest import Play
from .told import problems

PLAYBOOK = """
剧本 "晚安"
  每天 20:00
    推送 企微 "问候"
"""
HEAD = "now: 2026-03-02 20:00\nmembers: {u1: {tags: [好友]}}\n"
CASE = "cases:\n- name: 一\n  expect: "


@pytest.mark.parametrize(("text", "found"), [
    ("now: [", [("C102", 1, 6)]),
    ("members: {}", [("C401", 1, 1), ("C401", 1, 1)]),
    ("now: 1天前\ncases: []", [("C402", 1, 6)]),
    ("now: soon\ncases: []", [("C402", 1, 6)]),
    (HEAD + "foo: 1\n" + CASE + "{}", [("C109", 3, 1)]),
    (HEAD + "now: 2026-03-02\n" + CASE + "{}", [("C110", 3, 1)]),
    (HEAD + "cases:\n- {name: 一, expect: {}, foo: 1}", [("C109", 4, 25)]),
    (HEAD + "cases:\n- {name: 一}", [("C401", 4, 3)]),
    (HEAD + "playbooks: [cat.sop]\n" + CASE + "{}", [("C406", 3, 13)]),
    (HEAD + "playbooks: [library.sop]\n" + CASE + "{}", [("C406", 3, 13)]),
    # Whom and what nobody has declared.
    (HEAD + CASE + "{u2: []}", [("C403", 5, 12)]),
    (HEAD + CASE + "{}\n  given: {u2: {points: 3}}", [("C403", 6, 11)]),
    (HEAD + CASE + "{}\n  answers: {u2: sent}", [("C403", 6, 13)]),
    (HEAD + CASE + "{}\n  answers: {u1: maybe}", [("C112", 6, 17)]),
    (HEAD + CASE + "{}\n  refused: [早安]", [("E209", 6, 13)]),
    (HEAD + CASE + "{}\n  others: some", [("C112", 6, 11)]),
    (HEAD + CASE + '{u1: [tag "老客"]}', [("E204", 5, 21)]),
    (HEAD + CASE + '{u1: [push wecom "晚安"]}', [("E207", 5, 28)]),
    (HEAD + CASE + '{u1: [coupon "满减"]}', [("E208", 5, 24)]),
    (HEAD + CASE + '{u1: [{suppressed: tired}]}', [("C112", 5, 30)]),
    (HEAD + CASE + '{u1: [{step: tag "好友"}]}', [("C401", 5, 17)]),
    (HEAD + CASE + '{u1: [wait 3 days]}', [("C405", 5, 17)]),
    (HEAD + CASE + '{u1: [push wecom rotating "早安*"]}', [("C405", 5, 17)]),
    (HEAD + CASE + '{u1: [tag "好友", "退订"]}', [("C405", 5, 27)]),
    (HEAD + CASE + '{u1: [gibberish]}', [("E120", 5, 17)]),
    # The rest of the cases.
    (HEAD + CASE + "{}\n- {name: 二, expect: {}}", [("C404", 6, 3)]),
    (HEAD + CASE + "{}\n- {name: 二, at: 2026-03-02 20:00, expect: {}}", [("C404", 6, 17)]),
    (HEAD + CASE + "{}\n  given: {u1: {events: [{点击: 猫, at: in 1 hour}]}}", [("C407", 6, 25)]),
    (HEAD + CASE + "{}\n  given: {u1: {tags: [{好友: , foo: 1}]}}", [("C408", 6, 30)]),
    (HEAD + CASE + "{}\n  given: {u1: {new: group}}", [("C110", 6, 11)]),
    (HEAD + CASE + "{}\n  given: {u2: {new: dog}}", [("C112", 6, 21), ("C403", 6, 11)]),
    (HEAD + CASE + "{}\n  given: {u1: {events: [{逛街: 猫}]}}", [("E202", 6, 26)]),
    (HEAD + CASE + "{}\n  given: {u1: {events: [{点击: 猫, 订单号: 1}]}}", [("E203", 6, 33)]),
    (HEAD + CASE + "{}\n  given: {u1: {性别: 女}}", [("E201", 6, 16)]),
    (HEAD + CASE + "{}\n  given: {u1: {groups: [福利群]}}", [("C403", 6, 25)]),
])  # fmt: skip
def test_a_mistake_has_its_place(play: Play, text: str, found: list[tuple[str, int, int]]) -> None:
    assert sorted(problems(play(PLAYBOOK, text))) == sorted(found)


@pytest.mark.parametrize(("said", "found"), [
    ("{points: many}", ("S106", 6, 16)), ("{到期日: soon}", ("S109", 6, 16)),
    ("{events: [{下单: x, amount: 1.234}]}", ("S107", 6, 25)),
])  # fmt: skip
def test_a_value_that_does_not_fit_is_told_where_it_stands(play: Play, said: str, found: tuple[str, int, int]) -> None:
    assert problems(play(PLAYBOOK, HEAD + CASE + "{}\n  given: {u1: " + said + "}")) == [found]


def test_a_repeated_member_is_an_error(play: Play) -> None:
    text = "now: 2026-03-02\nmembers: {u1: {}}\ngroups: {u1: {}}\n" + CASE + "{}"
    assert problems(play(PLAYBOOK, text)) == [("C110", 3, 10)]
