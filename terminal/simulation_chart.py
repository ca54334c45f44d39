"""The messages of each day as bars of plain characters, one letter for each channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..engine.program.words.steps import channel_words
from ..engine.simulating.model import Simulation
from .session import Session

WIDTH = 50
_MARKS = "#=+o*x%@"


def chart_lines(session: Session, found: Simulation) -> Iterator[str]:
    """A line for each day between the first and the last with messages, under what the marks mean; nothing without any."""
    busy = [number for number, day in enumerate(found.days) if day.queued]
    if not busy:
        return
    channels = found.channels
    marks = {channel: _MARKS[number % len(_MARKS)] for number, channel in enumerate(channels)}
    named = "  ".join(f"{marks[channel]} {channel_words(channel, session.language)}" for channel in channels)
    yield ""
    yield f"{session.word('sim.chart')}  {named}"
    most = max(day.messages for day in found.days)
    for day in found.days[busy[0] : busy[-1] + 1]:
        bar = "".join(marks[channel] * cells for channel, cells in bar_cells(day.queued, channels, most, WIDTH))
        yield f"{day.day:%m-%d} {bar.ljust(WIDTH)} {day.messages}".rstrip()


def bar_cells(queued: Mapping[str, int], channels: Sequence[str], most: int, width: int) -> list[tuple[str, int]]:
    """How many cells of a bar belong to each channel, if ``most`` fills ``width``; what is there at all has at least one.

    >>> bar_cells({"sms": 1, "wecom": 100}, ("sms", "wecom"), 200, 50)
    [('sms', 1), ('wecom', 25)]
    """
    shown = []
    for channel in channels:
        number = queued.get(channel, 0)
        shown.append((channel, max(1, round(number * width / most)) if number else 0))
    return shown
