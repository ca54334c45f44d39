"""Every command on a small workspace: text, JSON and exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NOON = "2026-11-20T12:00"
EVENING = "2026-11-20T20:00"
LATER = "2026-11-20T20:10"
Type = Callable[..., Any]


def test_init_makes_a_workspace_without_problems(type_in: Type) -> None:
    answer = type_in("check", "--json")
    assert answer.code == 0
    assert answer.json == {"format": 1, "command": "check", "diagnostics": []}


def test_init_refuses_a_second_time(type_in: Type) -> None:
    answer = type_in("init", "--json")
    assert answer.code == 3
    assert answer.json["error"]["code"] == "C126"


def test_init_in_english(type_in: Type, tmp_path: Path) -> None:
    place = tmp_path / "english"
    assert type_in("init", "--lang", "en", "--at", NOON, place=place).code == 0
    assert type_in("check", place=place).out == "all is well: 1 files, 1 playbooks\n"
    assert type_in("who", 'tagged "friend"', "--count", place=place, environment={"TZ": "UTC"}).out == "10\n"


def test_init_keeps_its_secret_to_itself(shop: Path) -> None:
    assert (shop / ".qingting/secret").stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex((shop / ".qingting/secret").read_text())) == 32


def test_check_shows_the_place_under_wide_characters(type_in: Type, shop: Path) -> None:
    (shop / "playbooks/more.sop").write_text('分群 "甲"\n  有标签 "没有"\n', encoding="utf-8")
    answer = type_in("check")
    assert answer.code == 1
    head, place, line, below = answer.out.splitlines()[:4]
    assert head.startswith("错误[E204]")
    assert place == " --> playbooks/more.sop:2:7"
    shown, marks = line.partition("| ")[2], below.partition("| ")[2]
    assert shown == '  有标签 "没有"'
    assert marks.index("^") == 9
    assert answer.out.endswith("个提醒\n")


def test_check_json_counts_code_points_and_is_relative(type_in: Type, shop: Path) -> None:
    (shop / "playbooks/more.sop").write_text('分群 "甲"\n  有标签 "没有"\n', encoding="utf-8")
    found = type_in("check", "--json", "playbooks_missing").json
    assert found["error"]["code"] == "C131"
    (diagnostic,) = type_in("check", "--json").json["diagnostics"]
    assert set(diagnostic) == {
        "code",
        "severity",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "hint",
        "fix",
    }
    assert diagnostic["file"] == "playbooks/more.sop"
    assert (diagnostic["line"], diagnostic["column"], diagnostic["end_column"]) == (2, 7, 11)


def test_check_of_one_file_leaves_out_the_others(type_in: Type, shop: Path) -> None:
    (shop / "playbooks/more.sop").write_text('分群 "甲"\n  有标签 "没有"\n', encoding="utf-8")
    assert type_in("check", str(shop / "playbooks/first.sop")).code == 0
    assert type_in("check", str(shop / "playbooks")).code == 1
    assert type_in("check", "/").code == 2


def test_who_lists_ids_in_order(type_in: Type) -> None:
    answer = type_in("who", '有标签 "企微好友" 且 城市 是 "上海"', "--at", NOON)
    assert answer.code == 0
    assert answer.out == "M001\nM004\nM007\nM010\n"


def test_who_json_and_count(type_in: Type) -> None:
    answer = type_in("--json", "who", '城市 是 "上海"', "--at", NOON)
    assert answer.json == {
        "format": 1,
        "command": "who",
        "members": ["M001", "M004", "M007", "M010"],
        "count": 4,
    }
    counted = type_in("who", '城市 是 "上海"', "--count", "--json", "--at", NOON)
    assert counted.json == {"format": 1, "command": "who", "count": 4}


def test_who_with_an_error_points_into_the_condition(type_in: Type) -> None:
    answer = type_in("who", '有标签 "没有"', "--json")
    assert answer.code == 1
    (diagnostic,) = answer.json["diagnostics"]
    assert (diagnostic["file"], diagnostic["line"], diagnostic["column"]) == ("<condition>", 1, 5)


def test_who_with_a_file_answers_each_line(type_in: Type, shop: Path) -> None:
    conditions = shop / "conditions.txt"
    conditions.write_text('城市 是 "上海"\n\n有标签 "没有"\n', encoding="utf-8")
    answer = type_in("who", "--file", str(conditions), "--at", NOON)
    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert answer.code == 1
    assert first == {"condition": '城市 是 "上海"', "members": ["M001", "M004", "M007", "M010"], "count": 4}
    assert second["diagnostics"][0]["file"] == "<condition>"


def test_who_before_anything_arrived_names_backfill(type_in: Type) -> None:
    answer = type_in("who", '城市 是 "上海"', "--at", "2020-01-01")
    assert answer.code == 0
    assert answer.out == ""
    assert "--backfill" in answer.err


def test_next_of_the_workspace_is_strictly_after(type_in: Type) -> None:
    answer = type_in("next", "--count", "2", "--at", EVENING, "--json")
    assert [o["at"] for o in answer.json["occurrences"]] == ["2026-11-21T20:00:00+08:00", "2026-11-22T20:00:00+08:00"]
    assert answer.json["occurrences"][0]["playbook"] == "猫粮跟进"


def test_next_of_a_schedule_in_another_zone(type_in: Type) -> None:
    answer = type_in("next", "每天 09:00", "--timezone", "America/New_York", "--until", "2026-11-22", "--at", NOON)
    assert answer.out == "2026-11-20 09:00 -05:00\n2026-11-21 09:00 -05:00\n"


def test_next_with_an_unreadable_schedule(type_in: Type) -> None:
    answer = type_in("next", "每天 99:00", "--json")
    assert answer.code == 1
    assert answer.json["diagnostics"]


def test_plan_writes_nothing(type_in: Type, shop: Path) -> None:
    before = (shop / "qingting.db").read_bytes()
    answer = type_in("plan", "--at", EVENING, "--members", "--json")
    assert answer.code == 0
    (playbook,) = answer.json["playbooks"]
    push, tag = playbook["steps"]
    assert push["audience"] == push["dispatched"] + sum(push["deferred"].values()) + sum(push["suppressed"].values())
    assert push["suppressed"] == {"never_push": 1}
    assert push["members"] == ["M002", "M003", "M006", "M008", "M010"]
    assert tag["dispatched"] == 5
    assert "run" not in answer.json
    assert (shop / "qingting.db").read_bytes() == before


def test_plan_of_an_unknown_playbook_lists_those_there_are(type_in: Type) -> None:
    answer = type_in("plan", "--playbook", "没有", "--at", EVENING)
    assert answer.code == 2
    assert "猫粮跟进" in answer.err


def test_run_decides_once(type_in: Type) -> None:
    first = type_in("run", "--at", EVENING, "--json")
    assert first.code == 0
    assert len(first.json["run"]) == 16
    again = type_in("run", "--at", EVENING, "--json")
    assert again.code == 0
    assert again.json["last_run"] == "2026-11-20T20:00:00+08:00"
    assert len(type_in("log", "--json").json["records"]) == first.json["records"]


def test_run_text_says_who_was_left_out_and_why(type_in: Type) -> None:
    answer = type_in("run", "--at", EVENING, "--lang", "en")
    assert "never push 1" in answer.out
    assert "stock 满100减20: 100 → 95" in answer.out


def test_deliver_shows_messages_on_the_console(type_in: Type) -> None:
    type_in("run", "--at", EVENING)
    answer = type_in("deliver", "--once", "--at", LATER)
    assert answer.code == 0
    assert "wecom → M002" in answer.out
    assert "李静,您看过的猫粮有货" in answer.out
    again = type_in("deliver", "--once", "--at", LATER, "--json")
    assert (again.json["sent"], again.json["waiting"]) == (0, 0)


def test_deliver_json_keeps_messages_off_stdout(type_in: Type) -> None:
    type_in("run", "--at", EVENING)
    answer = type_in("deliver", "--once", "--at", LATER, "--json")
    assert answer.json["sent"] == 5
    assert "李静" in answer.err


def test_deliver_needs_once(type_in: Type) -> None:
    assert type_in("deliver").code == 2


def test_deliver_sends_nothing_under_a_policy_with_errors(type_in: Type, shop: Path) -> None:
    type_in("run", "--at", EVENING)
    playbook = shop / "playbooks/first.sop"
    text = playbook.read_text(encoding="utf-8")
    playbook.write_text(text.replace('永不推送 有标签 "退订"', '永不推送 有标签 "退汀"'), encoding="utf-8")
    answer = type_in("deliver", "--once", "--at", LATER)
    assert answer.code == 1
    assert "wecom" not in answer.out


def test_log_shows_records_with_what_channels_answered(type_in: Type) -> None:
    type_in("run", "--at", EVENING)
    type_in("deliver", "--once", "--at", LATER)
    records = type_in("log", "--json", "--reveal", "--member", "M002").json["records"]
    assert [(r["action"], r["status"], r["member_id"]) for r in records] == [
        ("push", "queued", "M002"),
        ("tag", "done", "M002"),
    ]
    assert records[0]["delivery"]["outcome"] == "sent"
    assert records[1]["delivery"] is None


def test_log_without_reveal_has_no_member_ids(type_in: Type) -> None:
    type_in("run", "--at", EVENING)
    assert "M002" not in type_in("log", "--json").out
    assert "M002" not in type_in("log").out
    assert "M002" in type_in("log", "--reveal").out


def test_log_filters(type_in: Type) -> None:
    type_in("run", "--at", EVENING)
    suppressed = type_in("log", "--json", "--status", "suppressed", "--reason", "never_push").json["records"]
    assert len(suppressed) == 1
    assert type_in("log", "--json", "--until", EVENING).json["records"] == []
    assert len(type_in("log", "--json", "--since", EVENING).json["records"]) == 11
    assert type_in("log", "--json", "--playbook", "没有").json["records"] == []


def test_log_as_csv_and_lines(type_in: Type) -> None:
    type_in("run", "--at", EVENING)
    table = list(csv.DictReader(io.StringIO(type_in("log", "--format", "csv").out)))
    lines = [json.loads(line) for line in type_in("log", "--format", "jsonl").out.splitlines()]
    assert [row["id"] for row in table] == [line["id"] for line in lines]
    assert table[0]["step"] == lines[0]["step"]


def test_import_reports_bad_rows_by_line_and_takes_the_rest(type_in: Type, shop: Path) -> None:
    rows = "id,城市,生日\nN1,上海,2000-02-29\nN2,上海,2001-02-30\n,上海,\nN1,杭州,\n"
    (shop / "new.csv").write_text(rows, encoding="utf-8")
    answer = type_in("import", "members", str(shop / "new.csv"), "--at", NOON, "--json")
    assert answer.code == 0
    assert {entry["line"] for entry in answer.json["rejected"]} >= {3, 4}
    assert answer.json["read"] == sum(
        [
            answer.json["added"],
            answer.json["changed"],
            answer.json["ignored"],
            len(answer.json["rejected"]),
            len(answer.json["conflicts"]),
        ]
    )
    assert type_in("who", '城市 已知 且 客户号 开头是 "N"', "--at", LATER).code in (0, 1)


def test_import_strict_takes_nothing(type_in: Type, shop: Path) -> None:
    (shop / "new.csv").write_text("id,生日\nN1,2000-01-01\nN2,2001-02-30\n", encoding="utf-8")
    answer = type_in("import", "members", str(shop / "new.csv"), "--strict", "--at", NOON, "--json")
    assert answer.code == 1
    assert answer.json["stored"] is False
    assert type_in("who", '客户号 开头是 "N"', "--count", "--at", LATER).out == "0\n"


def test_import_again_changes_nothing(type_in: Type, shop: Path) -> None:
    answer = type_in("import", "events", str(shop / "data/events.csv"), "--at", LATER, "--json")
    assert (answer.json["added"], answer.json["ignored"]) == (0, answer.json["read"])


def test_import_into_a_workspace_with_broken_declarations_takes_nothing(type_in: Type, shop: Path) -> None:
    (shop / "playbooks/more.sop").write_text("属性 颜色 没有这种类型\n", encoding="utf-8")
    answer = type_in("import", "events", str(shop / "data/events.csv"), "--json")
    assert answer.code == 1
    assert answer.json["error"]["code"] == "C124"
    assert answer.json["diagnostics"]


def test_import_makes_a_missing_store_and_says_so(type_in: Type, shop: Path) -> None:
    (shop / "qingting.db").unlink()
    (shop / ".qingting/secret").unlink()
    answer = type_in("import", "members", str(shop / "data/members.csv"), "--at", NOON)
    assert answer.code == 0
    assert "qingting.db" in answer.err
    assert "secret" in answer.err


def test_a_store_named_by_the_caller_is_used(type_in: Type, tmp_path: Path, shop: Path) -> None:
    other = tmp_path / "other.db"
    assert type_in("import", "members", str(shop / "data/members.csv"), "--store", f"sqlite:{other}").code == 0
    assert other.exists()
    assert type_in("who", '城市 是 "上海"', "--store", "duckdb:x.db").code == 2


@pytest.mark.parametrize("place", ["before", "after"])
def test_global_options_stand_before_or_after(type_in: Type, place: str) -> None:
    options = ["--json", "--at", NOON, "--lang", "en"]
    command = ["who", '城市 是 "上海"', "--count"]
    line = [*options, *command] if place == "before" else [*command, *options]
    assert type_in(*line).json["count"] == 4


@pytest.mark.parametrize(
    ("environment", "arguments", "expected"),
    [
        ({"QINGTING_LANG": "en"}, (), "error"),
        ({"QINGTING_LANG": "en"}, ("--lang", "zh"), "错误"),
        ({"LANG": "zh_CN.UTF-8"}, (), "错误"),
        ({"LANG": "en_US.UTF-8"}, (), "error"),
    ],
)
def test_the_language_of_messages(
    type_in: Type, tmp_path: Path, environment: dict[str, str], arguments: tuple[str, ...], expected: str
) -> None:
    answer = type_in("check", *arguments, environment=environment, place=tmp_path)
    assert answer.code == 3
    assert answer.err.startswith(expected)


def test_the_workspace_can_choose_the_language(type_in: Type) -> None:
    assert "一切正常" in type_in("check", environment={"LANG": "en_US.UTF-8"}).out


@pytest.mark.parametrize(
    "arguments",
    [("frob",), ("who",), ("who", "a", "--file", "b"), ("next", "--count", "0"), ("import", "birds", "x.csv"),
     ("who", "x", "--at", "tomorrow"), ("who", "x", "--at", "20261120"), ("next", "每天 9:00", "--timezone", "Mars/Base"),
     ("next", "--timezone", "UTC"), ("log", "--format", "xml"), ("run", "--wait", "-1"), ("run", "--wait"), ("who", "x", "--lang", "fr")],
)  # fmt: skip
def test_mistakes_of_usage_end_with_2(type_in: Type, arguments: tuple[str, ...]) -> None:
    answer = type_in(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err


def test_a_bug_leaves_a_report_without_personal_data(
    type_in: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import qingting.engine.coming

    name = "".join(["王", "芳"])

    def broken(*arguments: object) -> None:
        raise ValueError(name)

    monkeypatch.setattr(qingting.engine.coming, "coming_of_program", broken)
    monkeypatch.chdir(tmp_path)
    answer = type_in("next", "--json")
    assert answer.code == 70
    assert answer.json["error"]["code"] == "C701"
    (report,) = tmp_path.glob("qingting-report-*.txt")
    text = report.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert name not in text + answer.err + answer.out
