"""Rows of members that say of an id that it is the same person as another: checked in their order, then merged as a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....grammar.diagnostics import UsageError
from ...program.ir import Library
from ..sqlite.database import SqliteStore
from ..sqlite.facts import FactWriter
from ..sqlite.maintenance import exclusive_groups
from ..sqlite.merging import merge_units
from .report import ImportOptions, RowError, Tally
from .session import Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """A merge that a row asks for: of the id ``old`` into the id ``into``; ``arrived`` is when an unknown old id arrives."""

    line: int
    old: str
    into: str
    arrived: int


def settle_merges(session: Session, wanted: Sequence[Wanted]) -> None:
    """Merge what the rows ask for. Rows that cannot be taken are rejected by their lines; what is so already is ignored.

    An id that a later row merges may be named by an earlier one. Old ids that nobody has yet are kept as names of the person.
    """
    if not wanted:
        return
    store = session.store
    units = session.own_units_of(member for one in wanted for member in (one.old, one.into))
    before = _merged_before(session)
    known = dict(before)
    _note_all(session, wanted, units, known)
    pairs = []
    for one in wanted:
        if one.old not in known or one.old in before:
            continue
        before[one.old] = known[one.old]
        if one.old in units:
            session.tally.changed += 1
        else:
            units[one.old] = session.writer.add_member(one.old, arrived=one.arrived)
            session.tally.added += 1
        pairs.append((one.old, person_of(known, one.old)))
    session.writer.flush()
    numbers = session.own_units_of(member for pair in pairs for member in pair)
    exclusive = exclusive_groups(session.library, store.tags())
    numbered = [(numbers[old], numbers[into]) for old, into in pairs]
    merge_units(store.connection, numbered, session.options.at, session.writer.take, exclusive)
    session.tally.merged += len(pairs)


def _merged_before(session: Session) -> dict[str, str]:
    """The ids that were merged, each with the one that stays."""
    return dict(session.store.connection.execute(_MERGED))


_MERGED = "SELECT o.id, t.id FROM merges g JOIN members o ON o.unit = g.unit JOIN members t ON t.unit = g.target"


def _note_all(session: Session, wanted: Sequence[Wanted], units: Mapping[str, int], known: dict[str, str]) -> None:
    """Puts into ``known`` what can be merged, in the order of the rows, and again as long as that makes more ids known."""
    waiting = list(wanted)
    while waiting:
        later = []
        for one in waiting:
            if one.into not in units and one.into not in known:
                later.append(one)
                continue
            try:
                _note(one, known)
            except RowError as fault:
                session.tally.reject(one.line, fault)
        if len(later) == len(waiting):
            break
        waiting = later
    for one in waiting:
        session.tally.reject(one.line, RowError("C294", column="merged_into"))


def _note(one: Wanted, known: dict[str, str]) -> None:
    target = person_of(known, one.into)
    if one.old in known:
        if person_of(known, one.old) != target:
            raise RowError("C296")
    elif target == one.old:
        raise RowError("C295")
    else:
        known[one.old] = target


def merge_ids(store: SqliteStore, library: Library, old: str, into: str, options: ImportOptions) -> bool:
    """Merge the member with the outside id ``old`` into the one with ``into``, at the options' instant; whether that is news.

    All in one transaction. Raises UsageError C128 for an id that nobody has, C295 for an id merged into itself, C296 for one
    that was merged into another.
    """
    with store.transaction():
        store.declare(library)
        writer = FactWriter(store, library, zone=options.zone, random_bytes=options.random_bytes)
        session = Session(store, writer, library, options, "", Tally())
        units = session.own_units_of((old, into))
        for member in (old, into):
            if member not in units:
                raise UsageError("C128", member=member)
        settle_merges(session, (Wanted(0, old, into, options.at),))
        for fault in session.tally.rejected:
            raise UsageError(fault.code, **fault.params)
        writer.finish(backfilled=True)
    return session.tally.merged > 0


def person_of(known: Mapping[str, str], member: str) -> str:
    """The id at the end of the chain of merges that begins with ``member``.

    >>> person_of({"a": "b", "b": "c"}, "a")
    'c'
    """
    while member in known:
        member = known[member]
    return member
