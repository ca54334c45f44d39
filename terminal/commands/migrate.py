"""``qingting migrate``: move members in flight to another version of their playbook, after looking at it."""

from __future__ import annotations

import click

from ...engine.program.clock import iso
from ...engine.program.words.triggers import trigger_words
from ...engine.run.migrating import LATEST, GoneStep, Migration, Standing, VersionInFlight
from ...grammar.diagnostics import UsageError
from ..blocks import Column, Table, rows_of
from ..instants import show_instant
from ..language import Say
from ..session import Session
from .contract import command

SHORT = 12


def build(say: Say) -> click.Command:
    """Return the command in one language."""
    return command(
        "migrate",
        say,
        "把途中的客户从剧本的一个版本移到另一个版本。先列出每个位置有几人、会到哪里;加 --yes 才真的移。"
        "没有 --from 就列出途中的版本。做过的步骤绝不会再做。",
        "Move members in flight from one version of a playbook to another. Shows how many stand where and where they "
        "would go; --yes does it. Without --from it lists the versions in flight. What is settled is never done again.",
        (
            "qingting migrate 新客七天",
            "qingting migrate 新客七天 --from 3f9a51 --to latest",
            "qingting migrate 新客七天 --from 3f9a51 --to-step 'push \"第七天\"' --yes",
        ),
        [
            click.Argument(["playbook"], metavar=say("剧本", "PLAYBOOK")),
            click.Option(
                ["--from", "source"], metavar="V",
                help=say("途中客户所在的版本,写开头几位就行", "the version they are on; the start of it is enough"),
            ),
            click.Option(
                ["--to", "target"], metavar="V", default=LATEST,
                help=say("移到哪个版本,默认 latest(现在写着的)", "the version to move to, default latest (as written now)"),
            ),
            click.Option(
                ["--drop"], is_flag=True,
                help=say("下一步已经没有的人离开剧本,默认留在旧版本", "whose next step is gone leaves; default stays"),
            ),
            click.Option(
                ["--to-step"], metavar="STEP",
                help=say("下一步已经没有的人从这一步接着走", "whose next step is gone goes on from this step"),
            ),
            click.Option(["--yes"], is_flag=True, help=say("真的移动", "move them")),
        ],
        migrate,
    )


def migrate(
    session: Session, playbook: str, source: str | None, target: str, drop: bool, to_step: str | None, yes: bool
) -> int:
    """List versions, preview a migration, or make it; 3 while a run is at work."""
    migrations = session.workspace().migrations
    if drop and to_step is not None:
        raise UsageError("C245")
    if source is None:
        if yes or drop or to_step is not None:
            raise UsageError("C246")
        return _show_versions(session, playbook, migrations.versions(playbook))
    gone = GoneStep(drop, to_step)
    found = migrations.planned(playbook, source, target, gone)
    if yes:
        found = migrations.carried_out(found, at=session.instant(), wall=session.clock(), gone=gone)
    if session.as_json:
        session.emit(_json(session, found))
    else:
        _show(session, found)
    return 0


def _show_versions(session: Session, playbook: str, versions: tuple[VersionInFlight, ...]) -> int:
    zone = session.workspace().settings.timezone
    if session.as_json:
        shown = [
            {**v.to_json(), "first_seen": None if v.first_seen is None else iso(v.first_seen, zone)} for v in versions
        ]
        session.emit({"playbook": playbook, "versions": shown})
        return 0
    columns = (
        Column(session.word("T.version")), Column(session.word("T.first_seen")), Column(session.word("T.members"), True),
        Column(""),
    )
    rows = [
        (
            v.version[:SHORT], "-" if v.first_seen is None else show_instant(v.first_seen, zone), v.units,
            session.word("T.written_now") if v.latest else "",
        )
        for v in versions
    ]
    session.screen().table(Table(columns, rows_of(rows)))
    return 0


def _show(session: Session, found: Migration) -> None:
    screen = session.screen()
    screen.line(f"{session.word('T.playbook')} {found.playbook}: {found.source[:SHORT]} → {found.target[:SHORT]}", "bold")
    columns = (
        Column(session.word("T.trigger")), Column(session.word("T.next_step")), Column(session.word("T.members"), True),
        Column(session.word("T.afterwards")),
    )
    rows = [
        (trigger_words(s.trigger, session.language), _step(session, s.step), s.units, _afterwards(session, s))
        for s in found.standings
    ]
    if rows:
        screen.table(Table(columns, rows_of(rows)))
    code = "N161" if found.done else "N160"
    numbers = {fate: found.units(fate) for fate in ("moves", "stays", "leaves")}
    session.tell(session.word(code, **numbers))


def _step(session: Session, step: str | None) -> str:
    return session.word("T.the_end") if step is None else session.step(step)


def _afterwards(session: Session, standing: Standing) -> str:
    if standing.fate == "moves":
        return _step(session, standing.to_step)
    return session.word("T.fate_stays" if standing.fate == "stays" else "T.fate_leaves")


def _json(session: Session, found: Migration) -> dict[str, object]:
    positions = [
        {
            "trigger": trigger_words(s.trigger, session.language), "step": s.step, "members": s.units, "fate": s.fate,
            "to_step": s.to_step,
        }
        for s in found.standings
    ]
    return {
        "playbook": found.playbook, "from": found.source, "to": found.target, "positions": positions,
        "moves": found.units("moves"), "stays": found.units("stays"), "leaves": found.units("leaves"), "done": found.done,
    }
