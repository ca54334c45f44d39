"""What an error breaks, directly and through what uses it: nothing that is in doubt may run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ...grammar.diagnostics import Diagnostic
from .entries import Entry, Key
from .regions import Damage

Faults = Mapping[Key, frozenset[str]]
POLICY = Key("policy", "")


def transitive_faults(entries: Iterable[Entry]) -> Faults:
    """Return the codes that break each broken declaration, its own and those of what it uses.

    Points and standing rules also break what they write: without them, those who lack a tag would be too many. A
    playbook asked about in ``received`` is no part of what asks: its history stands however it reads now.
    """
    users: dict[Key, set[Key]] = defaultdict(set)
    faults: dict[Key, frozenset[str]] = {}
    for entry in entries:
        for used in entry.uses:
            if used.kind != "playbook":
                users[used].add(entry.key)
            # What gives points or tags by itself decides who has them, so that they are in doubt when it is.
            if entry.key.kind in ("points", "rule") and used.kind in ("attribute", "tag"):
                users[entry.key].add(used)
        if codes := entry.faults():
            faults[entry.key] = faults.get(entry.key, frozenset()) | codes
    waiting = list(faults)
    while waiting:
        key = waiting.pop()
        for user in users[key]:
            wider = faults.get(user, frozenset()) | faults[key]
            if wider != faults.get(user):
                faults[user] = wider
                waiting.append(user)
    return faults


def codes_for_all(
    has_policy: bool, faults: Faults, diagnostics: Sequence[Diagnostic], damages: Mapping[str, Damage]
) -> frozenset[str]:
    """Return the codes that block every playbook: those of the policy, or of an error where it may have stood."""
    if has_policy:
        return faults.get(POLICY, frozenset())
    outside = {code for damage in damages.values() for code in damage.outside}
    unread = {d.code for d in diagnostics if d.severity == "error" and d.file not in damages}
    return frozenset(outside | unread)
