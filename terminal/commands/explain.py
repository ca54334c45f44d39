"""``qingting explain``: why a member gets something or nothing."""

from __future__ import annotations

import click

from ...engine.insight.answers import (
    BlockExplanation,
    Explanation,
    Node,
    PlaybookExplanation,
    RecordExplanation,
    StepVerdict,
)
from ...grammar.diagnostics import UsageError
from ..blocks import Branch, Column, Screen, Style, Table, rows_of
from ..language import Say
from ..run_report import reason_word, status_word
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "explain",
        say,
        "把每个剧本的每个条件对这位客户逐条判断,给出看到的值,和每一步会怎样、为什么。"
        "--dispatch 按当时知道的情况解释记录里的一个决定。",
        "Test every condition of every playbook for this member, with the value seen, and say what each step does and "
        "why. --dispatch explains a decision of the log by what was known then.",
        (
            "qingting explain K00017",
            "qingting explain K00017 --playbook 猫粮跟进 --at 2026-11-20T20:00",
            "qingting explain K00017 --dispatch 9f2c41d07a",
        ),
        [
            click.Argument(["member"], metavar=say("客户号", "MEMBER")),
            click.Option(["--playbook"], metavar="NAME", help=say("只解释这个剧本", "this playbook only")),
            click.Option(
                ["--dispatch"],
                metavar="ID",
                help=say("解释记录里的这个决定(编号开头即可)", "explain this decision of the log (its id or a prefix)"),
            ),
        ],
        explain,
    )


def explain(session: Session, member: str, playbook: str | None, dispatch: str | None) -> int:
    """Show the explanation as trees."""
    if dispatch is not None and (playbook is not None or session.at is not None):
        raise UsageError("C223")
    workspace = session.workspace()
    known = workspace.playbook_names()
    if playbook is not None and playbook not in known:
        raise UsageError("C127", name=playbook, known=", ".join(known))
    answer = workspace.explain(
        member, at=session.instant(), playbook=playbook, dispatch=dispatch, lang=session.language
    )
    if dispatch is not None and answer.member != member:
        raise UsageError("C224", member=member, id=dispatch)
    if session.as_json:
        session.emit(answer.to_json())
    else:
        show_explanation(session, answer)
    return 0


def show_explanation(session: Session, answer: Explanation) -> None:
    """Show an explanation as trees and tables."""
    screen = session.screen()
    screen.line(f"{session.word('T.member')} {answer.member or '-'}  {answer.at}", "bold")
    for note in answer.notes:
        screen.line(note.text, "warning")
    if answer.record is not None:
        _show_record(session, screen, answer.record)
    for playbook in answer.playbooks:
        _show_playbook(session, screen, playbook)


def _show_record(session: Session, screen: Screen, record: RecordExplanation) -> None:
    why = f": {reason_word(session, record.reason)}" if record.reason else ""
    screen.line(f"{record.playbook} / {session.step(record.step)} → {status_word(session, record.status)}{why}")
    screen.tree(Branch(record.why, "bad" if record.reason else "good", tuple(_branch(n) for n in record.cause)))


def _show_playbook(session: Session, screen: Screen, playbook: PlaybookExplanation) -> None:
    screen.line()
    state = "" if playbook.state == "live" else f" ({session.word('state.' + playbook.state)})"
    screen.line(f"{session.word('T.playbook')} {playbook.playbook}{state}", "bold")
    if playbook.codes:
        screen.line("  " + ", ".join(playbook.codes), "bad")
    for block in playbook.blocks:
        _show_block(session, screen, block)


def _show_block(session: Session, screen: Screen, block: BlockExplanation) -> None:
    if block.enrolment:
        screen.line(block.enrolment, "warning")
    rules = tuple(_rule(node) for node in block.rules)
    parts = (_branch(block.tree), *((Branch(session.word("T.rules"), "dim", rules),) if rules else ()))
    screen.tree(Branch(block.trigger, "", parts))
    columns = tuple(
        Column(("  " if not n else "") + session.word(c)) for n, c in enumerate(("T.step", "T.verdict", "T.why"))
    )
    screen.table(Table(columns, rows_of([_verdict_row(session, step) for step in block.steps])))


def _verdict_row(session: Session, step: StepVerdict) -> tuple[object, ...]:
    reason = f": {reason_word(session, step.reason)}" if step.reason else ""
    return "  " + session.step(step.step), session.word("verdict." + step.verdict) + reason, step.why or step.until


def _branch(node: Node) -> Branch:
    """A test with a mark for its truth and the value seen."""
    value = "" if node.value is None else f"  [{node.value}]"
    sign, style = node.sign
    return Branch(f"{sign} {node.test}{value}", style, tuple(_branch(c) for c in node.children))


def _rule(node: Node) -> Branch:
    """A rule beside the audience: one that is true stands in the way."""
    value = "" if node.value is None else f"  [{node.value}]"
    style: Style = "bad" if node.true else "dim"
    return Branch(f"{'!' if node.true else '·'} {node.test}{value}", style, tuple(_branch(c) for c in node.children))
