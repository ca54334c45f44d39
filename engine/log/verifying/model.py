"""What a verification finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: the code of its message with parameters, and the first entry that it concerns.

    ``seq`` is None for what concerns no entry.
    """

    code: str
    seq: int | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries there are of each kind."""

    records: int = 0
    deliveries: int = 0
    erasures: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            self.records + other.records, self.deliveries + other.deliveries, self.erasures + other.erasures
        )


@dataclass(frozen=True, slots=True)
class Verification:
    """What was verified, and ``findings``: all that is wrong, the first wrong entry first; empty where nothing is.

    ``signers`` are the keys that were taken as the log's, in the form of signed notes; ``given`` says whether the caller
    named them; ``absent`` are the archives whose files are elsewhere, so that of their entries only the leaves were taken.
    ``origin``, ``leaves`` and ``root`` are those of the newest checkpoint, None where the log was never signed.
    """

    origin: str | None
    leaves: int
    root: bytes | None
    counts: Counts
    checkpoints: int
    runs: int
    outside: int
    signers: tuple[str, ...]
    given: bool
    absent: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
