"""The end of a run: when all that fell due is done, it looks around for what has become true meanwhile.

Who should have left leaves; who waits for something that is true now goes on, which may make other things true; so on until
nothing moves. Journeys only go forward, so that it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .context import BlockRun, LoadedVersion, RunContext
from .failures import deciding
from .leaving import leave_removed, look_at_goal_and_exit
from .progress import Progress
from .waking import WaitPlace, look_at_waits, wait_places, wake_by_events
from .waves import Blocks


@dataclass(frozen=True, slots=True)
class Watch:
    """What journeys are looked at for: versions with goal or exit, waits for conditions, and what is new to each playbook."""

    leaving: tuple[LoadedVersion, ...]
    places: tuple[WaitPlace, ...]
    news: Mapping[str, Progress]


def watch_over(ctx: RunContext, blocks: Blocks, news: Callable[[str], Progress]) -> Watch:
    """What of the versions at work is to be looked at."""
    runs = [run for (_, _, version), run in sorted(blocks.items(), key=_numbered) if version is not None]
    versions = sorted(ctx.versions.values(), key=lambda loaded: loaded.number)
    leaving = tuple(v for v in versions if v.playbook.goal is not None or v.playbook.exit is not None)
    names = {loaded.playbook.name for loaded in versions}
    return Watch(leaving, tuple(wait_places(runs)), {name: news(name) for name in names})


def _numbered(item: tuple[tuple[str, int, int | None], BlockRun]) -> tuple[str, int, int]:
    (playbook, block, version), _ = item
    return playbook, block, version or 0


def wake(ctx: RunContext, watch: Watch) -> None:
    """Makes journeys due that wait for events which have come."""
    for place in watch.places:
        with deciding(place.run.name):
            wake_by_events(ctx, place, watch.news[place.run.name])


def look_around(ctx: RunContext, watch: Watch, decide: Callable[[], None], further: Iterable[Callable[[], bool]]) -> None:
    """Looks, and decides with ``decide`` what falls due by it at T, until nothing moves.

    Each of ``further`` does something more in a turn and says whether anything falls due by it.
    """
    while True:
        leave_removed(ctx)
        for loaded in watch.leaving:
            with deciding(loaded.playbook.name):
                look_at_goal_and_exit(ctx, loaded, watch.news[loaded.playbook.name])
        moved = [_look_at(ctx, watch, place) for place in watch.places]
        moved += [look() for look in further]
        if not any(moved):
            return
        decide()


def _look_at(ctx: RunContext, watch: Watch, place: WaitPlace) -> bool:
    with deciding(place.run.name):
        return look_at_waits(ctx, place, watch.news[place.run.name])
