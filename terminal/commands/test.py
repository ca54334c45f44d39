"""``qingting test``: play the tests of playbooks and tell what comes out otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...grammar.diagnostics import CannotRun
from ...grammar.source import LineIndex
from ..diagnostics import diagnostics_json, show_diagnostics
from ..language import Say
from ..paths import chosen_paths
from ..session import Session
from ..why import why_lines
from .contract import command

if TYPE_CHECKING:
    from ...engine.answers import Note
    from ...engine.testing.coverage import Coverage, Piece
    from ...engine.testing.results import CaseResult, Difference, ScriptResult, TestAnswer


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "test",
        say,
        "把测试文件(名字以 _test.yaml 结尾)里的用例在临时数据库上真跑一遍,和期望不一样的逐条指出来,并解释原因。"
        "不发消息,不碰工作区的数据库。",
        "Play the cases of test files (their names end in _test.yaml) on a temporary store, and show entry by entry what "
        "comes out otherwise, and why. Sends nothing and leaves the workspace's store alone.",
        (
            "qingting test",
            "qingting test playbooks/cat_test.yaml --run 第二天",
            "qingting test --junit report.xml",
            "qingting test --record u1 --at 2026-11-20T20:00 > u1_test.yaml",
        ),
        [
            click.Argument(["paths"], nargs=-1, metavar="[PATH]..."),
            click.Option(
                ["--run", "chosen"], metavar="REGEX",
                help=say("只判断名字匹配的用例", "judge only the cases whose names match"),
            ),
            click.Option(
                ["--coverage"], is_flag=True,
                help=say(
                    "还有哪些步骤没走到,哪些条件没试过成立和不成立",
                    "also which steps were not reached, which tests were not both true and false",
                ),
            ),
            click.Option(
                ["--junit"], metavar="FILE", type=click.Path(dir_okay=False),
                help=say("把结果写成 JUnit 的 XML", "write the result as JUnit's XML"),
            ),
            click.Option(
                ["--record"], metavar="MEMBER",
                help=say(
                    "不测试,而是把这位客户此刻的情况写成一个测试文件,个人信息换掉",
                    "instead of testing, write a test file of how this member stands, personal data replaced",
                ),
            ),
        ],
        test,
    )


def test(
    session: Session, paths: Sequence[str], chosen: str | None, coverage: bool, junit: str | None, record: str | None
) -> int:
    """Play the tests; 1 where a case failed or a file is not right."""
    from ...engine.testing.session import record_test, run_tests

    workspace = session.workspace()
    if record is not None:
        text = record_test(workspace, record, session.instant(), lang=session.language)
        if session.as_json:
            session.emit({"test": text})
        else:
            session.out.write(text)
        return 0
    files = chosen_paths(workspace.root, paths)
    answer = run_tests(workspace, files, run=chosen, coverage=coverage, lang=session.language)
    if junit is not None:
        _write_junit(session, answer, Path(junit))
    if session.as_json:
        session.emit(_json(session, answer))
    else:
        _show(session, answer)
    return 1 if answer.failed else 0


def _show(session: Session, answer: TestAnswer) -> None:
    screen = session.screen()
    for script in answer.scripts:
        show_diagnostics(script.problems, {script.file: script.text}, session.language, screen)
        for case in script.cases:
            if case.judged and not case.passed:
                _show_case(session, script, case)
    if not answer.scripts:
        screen.line(session.word("test.none"), "warning")
    if answer.coverage is not None:
        _show_coverage(session, answer.coverage)
    words = session.word("test.passed", passed=answer.passed, failed=answer.failed)
    screen.line(words, "bad" if answer.failed else "good")


def _show_case(session: Session, script: ScriptResult, case: CaseResult) -> None:
    screen, index = session.screen(), LineIndex(script.text)
    line, _ = index.position(case.span.start)
    screen.line(f"{session.word('test.case')} {script.file}:{line} {case.name}", "bad")
    for note in case.problems:
        screen.line(f"  {note.code}: {session.word(note.code, **note.params)}", "bad")
        advice = session.advice(note.code, **note.params)
        if advice:
            screen.line(f"  {session.word('T.hint')}: {advice}")
    for kind in ("missing", "unexpected"):
        differing = [each for each in case.differences if each.kind == kind]
        if differing:
            screen.line(f"  {session.word('test.' + kind)}:")
        for each in differing:
            line, _ = index.position(each.span.start)
            sign = "-" if kind == "missing" else "+"
            whose = f"  ({each.playbook})" if each.playbook else ""
            screen.line(f"    {sign} {script.file}:{line}  {each.unit}: {each.text}{whose}")
    for explanation in case.explanations:
        for text, style in why_lines(session, explanation):
            screen.line(text, style)
    screen.line()


def _show_coverage(session: Session, coverage: Coverage) -> None:
    screen = session.screen()
    parts = []
    for name, pieces in _kinds(coverage).items():
        covered = sum(piece.never is None for piece in pieces)
        kind = session.word(f"test.{name}")
        parts.append(session.word("test.covered", kind=kind, covered=covered, total=len(pieces)))
    screen.line(f"{session.word('test.coverage')}: {' · '.join(parts)}", "bold")
    for piece in coverage.pieces:
        if piece.never is not None:
            text = session.step(piece.text) if piece.kind == "step" else piece.text
            screen.line(f"  {session.word('test.never_' + piece.never)}  {piece.playbook}: {text}", "warning")


def _kinds(coverage: Coverage) -> dict[str, Sequence[Piece]]:
    return {
        "steps": coverage.of("step"), "tests": coverage.of("test"), "branches": coverage.of("branch", "arm"),
    }


def _coverage_json(coverage: Coverage | None) -> Mapping[str, object] | None:
    if coverage is None:
        return None
    body: dict[str, object] = {
        name: {"covered": sum(piece.never is None for piece in pieces), "total": len(pieces)}
        for name, pieces in _kinds(coverage).items()
    }
    body["missing"] = [
        {"playbook": piece.playbook, "kind": piece.kind, "text": piece.text, "never": piece.never}
        for piece in coverage.pieces if piece.never is not None
    ]
    return body


def _json(session: Session, answer: TestAnswer) -> dict[str, object]:
    return {
        "passed": answer.passed,
        "failed": answer.failed,
        "cases": [
            _case_json(session, script, case) for script in answer.scripts for case in script.cases if case.judged
        ],
        "diagnostics": [
            each for script in answer.scripts
            for each in diagnostics_json(script.problems, {script.file: script.text}, session.language)
        ],
        "coverage": _coverage_json(answer.coverage),
    }


def _case_json(session: Session, script: ScriptResult, case: CaseResult) -> dict[str, object]:
    index = LineIndex(script.text)
    return {
        "file": script.file, "line": index.position(case.span.start)[0], "name": case.name, "passed": case.passed,
        "differences": [_difference_json(index, each) for each in case.differences],
        "problems": [_problem_json(session, note) for note in case.problems],
        "explanations": [each.to_json() for each in case.explanations],
    }


def _difference_json(index: LineIndex, each: Difference) -> Mapping[str, object]:
    line, column = index.position(each.span.start)
    return {
        "kind": each.kind, "member": each.unit, "text": each.text, "line": line, "column": column,
        "playbook": each.playbook, "step": each.step,
    }


def _problem_json(session: Session, note: Note) -> Mapping[str, object]:
    return {"code": note.code, "message": session.word(note.code, **note.params), **note.params}


def _write_junit(session: Session, answer: TestAnswer, path: Path) -> None:
    from ...engine.testing.junit import junit_xml

    def words(case: CaseResult) -> str:
        told = [session.word(note.code, **note.params) for note in case.problems]
        told += [f"{session.word('test.' + each.kind)}: {each.unit}: {each.text}" for each in case.differences]
        return "\n".join(told)

    try:
        path.write_bytes(junit_xml(answer, words))
    except OSError as error:
        raise CannotRun("C301", path=str(path), reason=error.strerror or "") from None
