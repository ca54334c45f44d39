"""What an attempt decided, in a form that fits a file: by playbook and step, members by their pseudonyms.

Nothing in it tells who a member is. Values that a run sets in the store are left out, since they may be personal: they
follow from the playbook or from the event that started the journey, which the occurrence names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from ..log.encoding import canonical_params
from ..program.ir import Push
from ..run.context import RunContext
from .occurrences import name_occurrences

PSEUDONYM = 16
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class When:
    """The members of one occurrence whose decision takes effect at the instant ``at``: ``count`` pseudonyms in hex, sorted."""

    occurrence: str
    at: int | None
    members: str

    @property
    def count(self) -> int:
        """How many members there are."""
        return len(self.members) // (2 * PSEUDONYM)


@dataclass(frozen=True, slots=True)
class Group:
    """Decisions alike: of one playbook and step, with one ``status`` (queued, done, suppressed, deferred) and reason.

    ``content`` is a digest over action, channel, content and parameters; ``kind`` is 0 for members and 1 for groups.
    """

    playbook: str
    step: str
    kind: int
    status: str
    reason: str | None
    content: str
    arm: str | None
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """Journeys alike: those of a playbook's version in front of ``position`` until they go on, or ended by ``why``.

    ``why`` ends in ``+goal`` where a goal was reached.
    """

    playbook: str
    block: int
    kind: int
    version: str
    position: int | None
    why: str | None
    arm: str | None
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that an attempt decided. ``rules`` are number and digest of what standing rules and points rules do, by kind."""

    groups: tuple[Group, ...]
    stays: tuple[Stay, ...]
    rules: Mapping[str, tuple[int, str]]

    def to_json(self) -> dict[str, object]:
        """The decisions as JSON values, the same for the same decisions."""
        return {
            "decisions": [
                {
                    "playbook": g.playbook, "step": g.step, "kind": g.kind, "status": g.status, "reason": g.reason,
                    "content": g.content, "arm": g.arm, "count": sum(w.count for w in g.when), "when": _when(g.when),
                }
                for g in self.groups
            ],
            "journeys": [
                {
                    "playbook": s.playbook, "block": s.block, "kind": s.kind, "version": s.version, "position": s.position,
                    "why": s.why, "arm": s.arm, "count": sum(w.count for w in s.when), "when": _when(s.when),
                }
                for s in self.stays
            ],
            "rules": {kind: list(found) for kind, found in sorted(self.rules.items())},
        }

    @classmethod
    def of_json(cls, body: Mapping[str, Any]) -> Decisions:
        """The decisions that :meth:`to_json` wrote; KeyError, TypeError or ValueError for anything else."""
        return cls(
            tuple(
                Group(g["playbook"], g["step"], g["kind"], g["status"], g["reason"], g["content"], g["arm"], _read(g["when"]))
                for g in body["decisions"]
            ),
            tuple(
                Stay(
                    s["playbook"], s["block"], s["kind"], s["version"], s["position"], s["why"], s["arm"], _read(s["when"])
                )
                for s in body["journeys"]
            ),
            {str(kind): (int(number), str(digest)) for kind, (number, digest) in body["rules"].items()},
        )


def _when(found: Iterable[When]) -> list[list[object]]:
    return [[when.occurrence, when.at, when.members] for when in found]


def _read(rows: Iterable[Any]) -> tuple[When, ...]:
    found = tuple(When(str(occurrence), None if at is None else int(at), str(members)) for occurrence, at, members in rows)
    if any(len(bytes.fromhex(when.members)) % PSEUDONYM for when in found):
        raise ValueError("a pseudonym is cut")
    return found


def read_decisions(ctx: RunContext) -> Decisions:
    """What the delta tables of a decided attempt hold."""
    name_occurrences(ctx)
    return Decisions(tuple(_groups(ctx)), tuple(_stays(ctx)), {kind: _digest(ctx, sql) for kind, sql in _RULES.items()})


def content_digest(action: str, channel: str | None, content: str | None, params: str) -> str:
    """What tells the contents of two decisions apart: 16 hex digits."""
    written = canonical_params({"action": action, "channel": channel or "", "content": content or "", "params": params})
    return sha256(written.encode()).hexdigest()[:_DIGITS]


def _groups(ctx: RunContext) -> Iterator[Group]:
    found: dict[Group, list[When]] = {}
    for playbook, step, kind, status, reason, action, channel, content, params, arm, *when in ctx.rows(_RECORDS):
        group = Group(playbook, step, kind, status, reason, content_digest(action, channel, content, params), arm)
        found.setdefault(group, []).append(When(*when))
    steps = parked_steps(ctx)
    for playbook, version, block, position, kind, arm, *when in ctx.rows(_PARKED):
        step = steps.get((playbook, version, block, position))
        if step is not None:
            found.setdefault(Group(playbook, step, kind, "deferred", None, "", arm), []).append(When(*when))
    for group in sorted(found, key=repr):
        yield replace(group, when=_merged(found[group]))


def _stays(ctx: RunContext) -> Iterator[Stay]:
    found: dict[Stay, list[When]] = {}
    for *alike, occurrence, at, members in ctx.rows(_STAYS):
        found.setdefault(Stay(*alike), []).append(When(occurrence, at, members))
    for stay in sorted(found, key=repr):
        yield replace(stay, when=_merged(found[stay]))


def parked_steps(ctx: RunContext) -> dict[tuple[str, int, int, int], str]:
    """The pushes at which members may be parked, by playbook, version, block and position."""
    return {
        (name, loaded.number, number, position): instruction.step
        for (name, _), loaded in ctx.versions.items()
        for number, block in zip(loaded.blocks, loaded.playbook.blocks, strict=True)
        for position, instruction in enumerate(block.code)
        if isinstance(instruction, Push)
    }


def _merged(found: Iterable[When]) -> tuple[When, ...]:
    """In order, and those of one name and instant in one."""
    together: dict[tuple[str, int | None], list[str]] = {}
    for when in found:
        together.setdefault((when.occurrence, when.at), []).append(when.members)
    return tuple(
        _when_of(occurrence, at, "".join(members))
        for (occurrence, at), members in sorted(together.items(), key=lambda item: (item[0][0], item[0][1] or 0))
    )


def _when_of(occurrence: str, at: int | None, members: str) -> When:
    # How SQL puts the members of a group together is its own affair.
    width = 2 * PSEUDONYM
    return When(occurrence, at, "".join(sorted(members[i : i + width] for i in range(0, len(members), width))))


_RECORDS = """
SELECT o.playbook, s.name, d.kind, h.status, h.reason, h.action, h.channel, h.content, h.params, h.arm, o.name,
       d.not_before, d.members
FROM (
  SELECT header, kind, not_before, group_concat(hex(pseudonym), '') AS members FROM run_dispatches
  GROUP BY header, kind, not_before) d
JOIN run_headers h ON h.header = d.header JOIN called o ON o.occurrence = h.occurrence
JOIN run_steps s ON s.step = h.step
"""


_NAMED = """
WITH named AS (
  SELECT e.playbook, e.block, e.kind, e.version, e.position, e.due, e.deferrals, e.arm, e.ended, o.name,
         CASE WHEN e.goal IS NULL THEN e.why ELSE coalesce(e.why, '') || '+goal' END AS why,
         coalesce(m.pseudonym, g.pseudonym) AS pseudonym
  FROM run_enrolments e JOIN called o ON o.occurrence = e.occurrence
  LEFT JOIN members m ON e.kind = 0 AND m.unit = e.unit LEFT JOIN groups g ON e.kind = 1 AND g.unit = e.unit)
"""
_PARKED = _NAMED + """
SELECT playbook, version, block, position, kind, arm, name, due, group_concat(hex(pseudonym), '') FROM named
WHERE ended IS NULL AND deferrals > 0 GROUP BY playbook, version, block, position, kind, arm, name, due
"""
_STAYS = _NAMED + """
SELECT n.playbook, block, kind, v.digest, position, why, arm, n.name, coalesce(ended, due), group_concat(hex(pseudonym), '')
FROM named n JOIN run_versions v ON v.version = n.version
GROUP BY n.playbook, block, kind, v.digest, position, why, arm, n.name, coalesce(ended, due)
"""


def _digest(ctx: RunContext, sql: str) -> tuple[int, str]:
    rows = ctx.rows(sql)
    digest = sha256(usedforsecurity=False)
    for row in rows:
        digest.update(json.dumps(row).encode())
    return len(rows), digest.hexdigest()[:_DIGITS]


# What has no record behind it; the values of attributes stay out.
_RULES = {
    "points": """
      SELECT hex(m.pseudonym), f.delta, f.at FROM run_points f JOIN members m ON m.unit = f.unit
      WHERE f.cause IS NULL ORDER BY 1, 3, 2""",
    "tags": """
      SELECT hex(m.pseudonym), n.name, f.given, f.at FROM run_tag_facts f JOIN members m ON m.unit = f.unit
      JOIN tags n ON n.tag = f.tag WHERE f.cause IS NULL ORDER BY 1, 4, 2, 3""",
    "attributes": """
      SELECT hex(m.pseudonym), n.name, f.at FROM run_attribute_facts f JOIN members m ON m.unit = f.unit
      JOIN attributes n ON n.attribute = f.attribute WHERE f.cause IS NULL ORDER BY 1, 3, 2""",
}
