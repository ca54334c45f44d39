"""What a plan tells besides its numbers: volumes by channel, hour and staff, samples, and who had a step that day already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..program.clock import iso


@dataclass(frozen=True, slots=True)
class HourVolume:
    """How many pushes of a channel may go out in the hour that begins at the instant ``hour``."""

    channel: str
    hour: int
    pushes: int


@dataclass(frozen=True, slots=True)
class StaffVolume:
    """What comes upon one person: pushes to the members they serve, and tasks. ``staff`` is None where nobody serves them.

    ``staff`` is an id, or the name that was imported where no staff member has it; ``name`` is masked.
    """

    staff: str | None
    name: str
    pushes: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """Pushes by channel and hour, of all playbooks and of each (``playbooks``), and the work of staff, who has most first."""

    hours: tuple[HourVolume, ...]
    playbooks: Mapping[str, tuple[HourVolume, ...]]
    staff: tuple[StaffVolume, ...] = ()

    @property
    def channels(self) -> dict[str, int]:
        """The pushes of each channel."""
        found: dict[str, int] = {}
        for volume in sorted(self.hours, key=lambda volume: volume.channel):
            found[volume.channel] = found.get(volume.channel, 0) + volume.pushes
        return found


@dataclass(frozen=True, slots=True)
class Sampled:
    """One of those who get a step, at the instant ``at``: the masked name, and the outside id where ids are asked for."""

    name: str
    at: int
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """How many of those who get a step had it on the same local day already, with some of them, or, with ids, all.

    Their instants are those at which they had it.
    """

    count: int
    members: tuple[Sampled, ...]


Step = tuple[str, str]
"""A playbook and the name of a step of it."""


@dataclass(frozen=True, slots=True)
class Details:
    """All of it. Instants are shown on the clock of ``zone``."""

    zone: str
    volumes: Volumes
    samples: Mapping[Step, tuple[Sampled, ...]]
    again: Mapping[Step, Again]

    def to_json(self) -> dict[str, object]:
        """The details with the keys of the command line."""
        volumes = self.volumes
        return {
            "volumes": {
                "channels": [{"channel": channel, "pushes": pushes} for channel, pushes in volumes.channels.items()],
                "hours": self._hours(volumes.hours),
                "staff": [{"staff": v.staff, "name": v.name, "pushes": v.pushes, "tasks": v.tasks} for v in volumes.staff],
                "playbooks": [{"playbook": name, "hours": self._hours(own)} for name, own in volumes.playbooks.items()],
            },
            "samples": [
                {"playbook": playbook, "step": step, "members": self._members(found)}
                for (playbook, step), found in self.samples.items()
            ],
            "already_today": [
                {"playbook": playbook, "step": step, "count": again.count, "members": self._members(again.members)}
                for (playbook, step), again in self.again.items()
            ],
        }

    def _hours(self, hours: Iterable[HourVolume]) -> list[dict[str, object]]:
        return [{"hour": iso(v.hour, self.zone), "channel": v.channel, "pushes": v.pushes} for v in hours]

    def _members(self, found: Iterable[Sampled]) -> list[dict[str, object]]:
        return [
            {**({} if one.member is None else {"member": one.member}), "name": one.name, "at": iso(one.at, self.zone)}
            for one in found
        ]
