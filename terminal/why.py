"""Why a member of a failed test case got what they got, in a few lines: what is not so, what forbids it, where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .blocks import Style
from .run_report import reason_word, status_word

if TYPE_CHECKING:
    from ..engine.insight.answers import BlockExplanation, Explanation, Node, RecordExplanation, StepVerdict
    from .session import Session

MOST_LINES = 12
"""How many lines are told of one member at most."""
Line = tuple[str, Style]


def why_lines(session: Session, answer: Explanation) -> list[Line]:
    """The lines about one member, none where nothing is known; what goes beyond :data:`MOST_LINES` is counted in the last."""
    lines: list[Line] = [(f"    {note.text}", "warning") for note in answer.notes]
    if answer.record is not None:
        lines += _of_record(session, answer.record)
    for playbook in answer.playbooks:
        for block in playbook.blocks:
            if answer.record is None:
                lines.append((f"    {playbook.playbook} · {block.trigger}", ""))
                lines += _of_block(session, block)
            elif answer.record.reason is None:
                lines += [_test(node) for node in _leaves(block.tree)]
    if len(lines) >= MOST_LINES:
        more = session.word("test.more", count=len(lines) - MOST_LINES + 2)
        lines[MOST_LINES - 2 :] = [(f"    {more}", "dim")]
    return [(f"  {session.word('T.member')} {answer.member or '-'}  {answer.at}", "bold"), *lines] if lines else []


def _of_record(session: Session, record: RecordExplanation) -> Iterator[Line]:
    reason = f": {reason_word(session, record.reason)}" if record.reason else ""
    status = status_word(session, record.status)
    yield f"    {record.playbook} / {session.step(record.step)} → {status}{reason}", ""
    yield f"      {record.why}", "bad" if record.reason else "good"
    for node in record.cause:
        yield _test(node)


def _of_block(session: Session, block: BlockExplanation) -> Iterator[Line]:
    """Where the member stands inside a block; else why a block does not take them, or what its steps would do."""
    if block.enrolment:
        yield f"      {block.enrolment}", "warning"
    elif not block.tree.true:
        for node in _failing(block.tree):
            yield _test(node)
        return
    else:
        yield from ((f"      ! {node.test}{_seen(node)}", "bad") for node in block.rules if node.true)
    for step in block.steps:
        yield _step(session, step), ""


def _step(session: Session, step: StepVerdict) -> str:
    reason = f": {reason_word(session, step.reason)}" if step.reason else ""
    why = step.why or step.until or ""
    return f"      {session.step(step.step)} → {session.word('verdict.' + step.verdict)}{reason}  {why}".rstrip()


def _failing(node: Node) -> Iterator[Node]:
    """The tests that keep a tree from being true."""
    inner = [child for part in node.children if not part.true for child in _failing(part)]
    if not node.true:
        yield from inner or [node]


def _leaves(node: Node) -> Iterator[Node]:
    """The tests at the ends of a tree."""
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def _test(node: Node) -> Line:
    sign, style = node.sign
    missing = "" if node.true else "".join(f"  → {part.text}" for part in node.missing)
    return f"      {sign} {node.test}{_seen(node)}{missing}", style


def _seen(node: Node) -> str:
    return "" if node.value is None else f"  [{node.value}]"
