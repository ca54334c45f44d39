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
from ..losers import Losers, explain_losers
from ..run_report import reason_word, status_word
from ..session import Session
from .contract import command


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "explain",
        say,
        "把每个剧本的每个条件对这位客户逐条判断,给出看到的值、还差什么,和每一步会怎样、为什么。"
        "--dispatch 按当时知道的情况解释记录里的一个决定。不写客户号,只写 --playbook:列出这个剧本没发的人按步骤和原因分组,输给了谁。",
        "Test every condition of every playbook for this member, with the value seen and what is missing, and say what each "
        "step does and why. --dispatch explains a decision of the log by what was known then. Without MEMBER, --playbook "
        "groups who got nothing of it by step and reason, and says what they lost it to.",
        (
            "qingting explain K00017",
            "qingting explain K00017 --playbook 猫粮跟进 --at 2026-11-20T20:00",
            "qingting explain K00017 --dispatch 9f2c41d07a",
            "qingting explain --playbook 猫粮跟进 --reason cap",
        ),
        [
            click.Argument(["member"], required=False, metavar=say("[客户号]", "[MEMBER]")),
            click.Option(["--playbook"], metavar="NAME", help=say("只解释这个剧本", "this playbook only")),
            click.Option(
                ["--dispatch"],
                metavar="ID",
                help=say("解释记录里的这个决定(编号开头即可)", "explain this decision of the log (its id or a prefix)"),
            ),
            click.Option(
                ["--reason"], metavar="REASON",
                help=say("只看这个原因没发的,例如 cap", "only what was suppressed for this reason, such as cap"),
            ),
            click.Option(["--run", "run_id"], metavar="RUN", help=say("只看这次运行的", "of this run only")),
            click.Option(["--since"], metavar="T", help=say("从这个时刻起(包含)", "from this instant, included")),
            click.Option(["--until"], metavar="T", help=say("到这个时刻为止(不含)", "up to this instant, excluded")),
            click.Option(["--reveal"], is_flag=True, help=say("列出真实的客户号", "list outside member ids")),
        ],
        explain,
    )


def explain(
    session: Session, member: str | None, playbook: str | None, dispatch: str | None, reason: str | None,
    run_id: str | None, since: str | None, until: str | None, reveal: bool,
) -> int:
    """Show why a member gets something or nothing, or who got nothing of a playbook."""
    if member is None:
        if playbook is None or dispatch is not None:
            raise UsageError("C250")
        return explain_losers(session, Losers(playbook, reason, run_id, since, until, reveal))
    if reveal or any(option is not None for option in (reason, run_id, since, until)):
        raise UsageError("C251", member=member)
    return explain_one(session, member, playbook, dispatch)


def explain_one(session: Session, member: str, playbook: str | None, dispatch: str | None) -> int:
    """Show the explanation of one member as trees."""
    if dispatch is not None and (playbook is not None or session.at is not None):
        raise UsageError("C223")
    workspace = session.workspace()
    known = workspace.playbook_names()
    if playbook is not None and playbook not in known:
        raise UsageError("C127", name=playbook, known=", ".join(known))
    answer = workspace.explain(
        member, at=session.instant(), playbook=playbook, dispatch=dispatch, lang=session.language
    )
    # Of somebody who was erased nobody can give the id any more.
    if dispatch is not None and answer.member not in (member, None):
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
    screen.tree(Branch(record.why, "bad" if record.reason else "good", tuple(_branch(session, n) for n in record.cause)))


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
    rules = tuple(_rule(session, node) for node in block.rules)
    beside = (Branch(session.word("T.rules"), "dim", rules),) if rules else ()
    parts = (_branch(session, block.tree), *_in_all(session, block.tree), *beside)
    screen.tree(Branch(block.trigger, "", parts))
    columns = tuple(
        Column(("  " if not n else "") + session.word(c)) for n, c in enumerate(("T.step", "T.verdict", "T.why"))
    )
    screen.table(Table(columns, rows_of([_verdict_row(session, step) for step in block.steps])))


def _verdict_row(session: Session, step: StepVerdict) -> tuple[object, ...]:
    reason = f": {reason_word(session, step.reason)}" if step.reason else ""
    return "  " + session.step(step.step), session.word("verdict." + step.verdict) + reason, step.why or step.until


def _branch(session: Session, node: Node) -> Branch:
    """A test with a mark for its truth, the value seen and, where no test under it says so already, what is missing."""
    value = "" if node.value is None else f"  [{node.value}]"
    sign, style = node.sign
    children = tuple(_branch(session, child) for child in node.children)
    told_below = any(not child.true and child.missing for child in node.children)
    own = () if told_below else _missing(session, "T.missing", node)
    return Branch(f"{sign} {node.test}{value}", style, (*children, *own))


def _missing(session: Session, label: str, node: Node) -> tuple[Branch, ...]:
    return tuple(Branch("→ " + session.word(label, what=part.text), "warning") for part in node.missing)


def _in_all(session: Session, tree: Node) -> tuple[Branch, ...]:
    """What a whole audience lacks, where several of its tests are false."""
    if tree.true or sum(not child.true for child in tree.children) < 2:
        return ()
    return _missing(session, "T.all_missing", tree)


def _rule(session: Session, node: Node) -> Branch:
    """A rule beside the audience: one that is true stands in the way."""
    value = "" if node.value is None else f"  [{node.value}]"
    style: Style = "bad" if node.true else "dim"
    children = tuple(_branch(session, child) for child in node.children)
    ends = _missing(session, "T.rule_ends", node) if node.true else ()
    return Branch(f"{'!' if node.true else '·'} {node.test}{value}", style, (*children, *ends))
