"""Verifying a published log: files and a public key, no store and no workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ....engine.log.notes import VerifierKey
from ....engine.log.tiles.checking import TilesDoNotVerify, verify_tiles
from ....grammar.diagnostics import UsageError
from ...session import Session


def verify_published(
    session: Session, folder: str, keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey],
    progress: Callable[[int, int], None],
) -> int:
    """Say whether the log in ``folder`` is sound; 1 where it is not."""
    if not keys:
        raise UsageError("D433")
    try:
        found = verify_tiles(Path(folder), keys, witnesses, progress)
    except TilesDoNotVerify as error:
        return session.fault(error, sound=False)
    body, seen = found.checkpoint.body, found.checkpoint.witnesses
    if session.as_json:
        session.emit({
            "sound": True, "origin": body.origin, "leaves": body.size, "root": body.root.hex(), "records": found.records,
            "deliveries": found.deliveries, "erasures": found.erasures,
            "witnesses": [{"name": each.key.name, "time": each.time} for each in seen],
        })
        return 0
    session.screen().line(
        session.word(
            "N245", path=folder, size=body.size, records=found.records, deliveries=found.deliveries,
            erasures=found.erasures, witnesses=len(seen),
        ),
        "bold",
    )
    return 0
