"""Names under which progress and occurrences are kept: they must survive edits of a playbook."""

from __future__ import annotations

from datetime import datetime

from qingting.engine.program.clock import local_to_instant, naive_micros
from qingting.engine.program.ir import (
    Always,
    Block,
    Cutoff,
    CutoffKind,
    Daily,
    Playbook,
    TagGained,
    TextPattern,
    Trigger,
    Window,
    Zone,
)
from qingting.engine.run.agenda import occurrence_name
from qingting.engine.run.blocks import block_name
from qingting.engine.run.schedules import dues, in_window

NINE, TEN, GAINED = Daily(None, (540,)), Daily(None, (600,)), TagGained(TextPattern("新客"))
SHANGHAI = Zone("Asia/Shanghai")


def playbook(*triggers: Trigger, zone: Zone = SHANGHAI, priority: int = 0) -> Playbook:
    blocks = tuple(Block(index, trigger, None, None, ()) for index, trigger in enumerate(triggers))
    open_end = Window(None, None)
    return Playbook(
        "剧本", "", "", "live", "marketing", priority, zone, open_end, None, 0, None, Always(True), blocks
    )


def names(*triggers: Trigger) -> list[str]:
    return [block_name(playbook(*triggers), index) for index in range(len(triggers))]


def test_blocks_of_the_same_trigger_are_told_apart_by_an_ordinal() -> None:
    first, other, second = names(NINE, TEN, NINE)
    assert (first[-2:], other[-2:], second[-2:]) == ("#0", "#0", "#1")
    assert first[:-2] == second[:-2] != other[:-2]


def test_a_block_put_before_others_leaves_their_names_as_they_are() -> None:
    assert names(GAINED, NINE, TEN)[1:] == names(NINE, TEN)


def only_name(zone: Zone, clock_zone: str) -> str:
    after = local_to_instant(naive_micros(datetime(2026, 11, 20)), clock_zone)
    due = next(dues(NINE, clock_zone, after, after + 10**12))
    return occurrence_name(playbook(NINE, zone=zone), due)


def test_an_occurrence_is_named_by_its_instant() -> None:
    assert only_name(SHANGHAI, "Asia/Shanghai") == "2026-11-20T01:00:00Z"


def test_under_zones_of_members_it_is_named_by_the_local_time_alike_in_all_zones() -> None:
    found = {only_name(Zone("Asia/Shanghai", per_member=True), zone) for zone in ("Asia/Shanghai", "America/New_York")}
    assert found == {"2026-11-20T09:00:00"}


def test_the_first_day_of_a_playbook_is_in_and_the_end_is_out() -> None:
    first, end = naive_micros(datetime(2026, 11, 20)), naive_micros(datetime(2026, 11, 22))
    active = Window(Cutoff(CutoffKind.LOCAL, first), Cutoff(CutoffKind.LOCAL, end))
    at = [local_to_instant(local, "Asia/Shanghai") for local in (first - 1, first, end - 1, end)]
    assert [in_window(active, instant, "Asia/Shanghai") for instant in at] == [False, True, True, False]
