"""A bad line never lets something run that says less than its author wrote."""

from __future__ import annotations

import pytest
from qingting.grammar.parser import MAX_DIAGNOSTICS

from .texts import LIBRARY, check

PLAYBOOK = """
playbook "P"
  for tagged "新客"
  every day at 10:00
    push wecom "猫粮种草"
"""
OTHER = PLAYBOOK.replace('"P"', '"Q"')


def test_a_bad_line_blocks_its_playbook_only() -> None:
    result = check(LIBRARY + PLAYBOOK.replace("  every", "  nonsense here\n  every") + OTHER)
    assert list(result.program.blocked) == ["P"]
    assert list(result.program.playbooks) == ["Q"]
    assert result.program.blocked["P"] == tuple(sorted({d.code for d in result.syntax}))


def test_a_bad_last_line_blocks_its_playbook() -> None:
    result = check(LIBRARY + OTHER + PLAYBOOK + "    nonsense here\n")
    assert list(result.program.blocked) == ["P"]


def test_a_bad_line_in_a_segment_blocks_its_users_without_echo() -> None:
    segment = 'segment "A"\n  all of\n    tagged "新客"\n    nonsense here\nsegment "B"\n  in segment "A"\n'
    result = check(LIBRARY + segment + PLAYBOOK.replace('tagged "新客"', 'in segment "B"') + OTHER)
    assert result.found == ()
    assert list(result.program.blocked) == ["P"]
    assert set(result.program.broken) == {"segment:A", "segment:B"}
    assert set(result.program.library.segments) == {"上海人"}


@pytest.mark.parametrize(
    ("declaration", "use"),
    [
        ('tag "X" in grup "生命周期"', 'tagged "X"'),
        ("attribute size txt", 'size is "大"'),
        ("event visit with place txt", "did visit"),
        ("metric many = nmber of order", "many >= 2"),
        ('segment "X" city is', 'in segment "X"'),
        ('redpacket "X" ¥0.3 bis ¥5', 'received redpacket "X"'),
        ('activity "X" from 2026-13-01 to 2026-12-01', 'did order during activity "X"'),
        ('product "A" in "狗粮"\nproduct "B" in "狗粮" lastss 3 days', 'did order in category "狗粮"'),
        ('source "A" in group "门店"\nsource "B" in group "门店" costs ¥5', 'source in group "门店"'),
    ],
)
def test_a_declaration_that_did_not_parse_blocks_its_users_elsewhere(declaration: str, use: str) -> None:
    result = check(LIBRARY + declaration + "\n", PLAYBOOK.replace('tagged "新客"', use) + OTHER)
    assert {d.file for d in result.syntax if d.severity == "error"} >= {"a.sop"}
    assert result.found == ()
    assert "P" in result.program.blocked
    assert "P" not in result.program.playbooks


@pytest.mark.parametrize(
    "use",
    ['tier is "A"', 'tier is known', '购买力 is "高"', 'did order in category "狗粮"', 'did order during activity "X"'],
)
def test_what_a_condition_asks_for_in_the_library_blocks_its_users(use: str) -> None:
    library = """
tiers
  "A" above 2000
  "B" above 3000
tiers "购买力" by spending
  "高" above 5
metric spending = sum of order.nothing
product "A" in "狗粮" lasts 2000 months
activity "X" from 2026-02-01 to 2026-01-01
"""
    result = check(LIBRARY + library, PLAYBOOK.replace('tagged "新客"', f'points > 1 or not {use}') + OTHER)
    assert result.syntax == ()
    assert list(result.program.blocked) == ["P"]


@pytest.mark.parametrize("part", ['tag "新客" in group "没有"', 'template "猫粮种草" on fax\n  text "x {{ nobody }}"'])
def test_a_checker_error_in_the_library_blocks_users(part: str) -> None:
    first = part.split("\n", maxsplit=1)[0]
    library = LIBRARY.replace('tag "新客" in group "生命周期"', first) if first.startswith("tag") else LIBRARY.replace(
        'template "猫粮种草" on wecom\n  text "今晚猫粮专场"', part
    )
    result = check(library + PLAYBOOK)
    assert "P" in result.program.blocked
    assert result.program.playbooks == {}


@pytest.mark.parametrize(
    "policy",
    [
        'policy\n  never push members who nonsense here\n  holdout 1%\n',
        'policy\n  holdout 1%\n  nonsense here\n',
        'policy\n  holdout 1%\nnever push members who tagged "退订"\n',
        'policy\n  never push members who tagged "没有"\n',
        'policy\n  never push members who in segment "坏"\nsegment "坏"\n  any of\n    nonsense\n    tagged "新客"\n',
        'policy\n  holdout 1%\npolicy\n  holdout 2%\n',
        'polcy\n  holdout 1%\n',
    ],
)
def test_a_broken_policy_blocks_all(policy: str) -> None:
    result = check(LIBRARY + policy, PLAYBOOK, OTHER)
    assert list(result.program.blocked) == ["P", "Q"]
    assert result.program.playbooks == {}


def test_an_error_outside_blocks_the_file_and_spares_others_under_a_policy() -> None:
    result = check(LIBRARY + "policy\n  holdout 1%\n", "nonsense here\n" + PLAYBOOK, OTHER)
    assert list(result.program.blocked) == ["P"]
    assert list(result.program.playbooks) == ["Q"]


def test_a_group_whose_tag_did_not_parse_is_in_doubt() -> None:
    library = LIBRARY + 'policy\n  holdout 1%\ntag "流失" in group "生命周期" expires\n'
    result = check(library, PLAYBOOK.replace('tagged "新客"', 'tagged in group "生命周期"'), OTHER)
    assert list(result.program.blocked) == ["P"]


def test_two_playbooks_of_one_name_are_both_blocked() -> None:
    result = check(LIBRARY + PLAYBOOK, PLAYBOOK)
    assert result.codes == ["E220"]
    assert result.found[0].params["where"] == f"a.sop:{(LIBRARY + PLAYBOOK).split('playbook')[0].count(chr(10)) + 1}"
    assert result.program.playbooks == {}


def test_a_broken_playbook_can_be_asked_about() -> None:
    broken = PLAYBOOK.replace("  every", "  nonsense here\n  every")
    result = check(LIBRARY + broken + OTHER.replace('tagged "新客"', 'received "P" step "x"'))
    assert list(result.program.blocked) == ["P"]
    assert result.found == ()


def test_more_errors_than_are_told_damage_what_follows() -> None:
    lines = "".join(f"  priority {1000 + n}\n" for n in range(MAX_DIAGNOSTICS + 50))
    result = check(LIBRARY + 'playbook "Z"\n' + lines + PLAYBOOK)
    assert result.program.playbooks == {}


def test_nothing_at_all() -> None:
    program = check("").program
    assert program.policy.zone.name == "Asia/Shanghai"
    assert (program.playbooks, program.blocked) == ({}, {})


def test_ignored_with_a_reason() -> None:
    line = '    coupon "满100减20"'
    body = PLAYBOOK.rstrip() + "\n" + line
    assert check(LIBRARY + body + "\n").codes == ["W401"]
    assert check(LIBRARY + body + "  # ignore W401: 有意分开\n").codes == []
    assert check(LIBRARY + body.replace(line, "    # 忽略 W401:有意分开\n" + line) + "\n").codes == []
    assert check(LIBRARY + body + "  # ignore W401\n").codes == ["W401", "W498"]
    assert check(LIBRARY + body + "  # ignore W402: 别的\n").codes == ["W401", "W499"]
