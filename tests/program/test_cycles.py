"""Rings of declarations."""

from __future__ import annotations

from qingting.engine.program.cycles import find_cycles
from qingting.engine.program.entries import Key

from .texts import LIBRARY, check


def key(name: str) -> Key:
    return Key("segment", name)


def test_rings_and_what_only_leads_to_them() -> None:
    uses = {key("a"): [key("b")], key("b"): [key("c")], key("c"): [key("b"), key("x")], key("d"): [key("d")]}
    assert find_cycles(uses) == ((key("b"), key("c")), (key("d"),))


def test_a_long_chain_is_no_ring() -> None:
    uses = {key(f"s{n:05}"): [key(f"s{n + 1:05}")] for n in range(5_000)}
    assert find_cycles(uses) == ()
    uses[key("s04999")] = [key("s00000")]
    (ring,) = find_cycles(uses)
    assert len(ring) == 5_000


def test_the_way_round_is_shown_once() -> None:
    text = "".join(f'segment "{a}"\n  in segment "{b}"\n' for a, b in ("AB", "BC", "CA"))
    result = check(LIBRARY + text)
    assert [(d.code, d.params["path"]) for d in result.found] == [("E230", "A → B → C → A")]
    assert {"segment:A", "segment:B", "segment:C"} == set(result.program.broken)
