"""A workspace: a folder with its configuration, its playbooks and its member store, and all that can be done with it.

This is the public API of qingting; the command line only translates it. It puts the parts together and decides nothing.
Instants are aware date-times; the clock, randomness and the environment are given when it is opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..grammar.diagnostics import UsageError
from .answers import CheckAnswer, MendAnswer, NextAnswer, Note, ProblemsFound, RunAnswer, WhoAnswer
from .importing import ImportSwitches as ImportSwitches
from .importing import noted_import, options_of
from .program.clock import from_datetime, to_datetime
from .program.zones import is_zone
from .reading import coming_of_text, read_condition
from .settings import FILE, Settings, load_settings, sqlite_path
from .sources import Loaded, load_program

if TYPE_CHECKING:
    from .archive_desk import ArchiveDesk
    from .audit_desk import AuditDesk
    from .deciding import Deciding
    from .delivery.outbox import DeliveryReport
    from .insight.answers import Explanation
    from .insight.losing import Loss, Lost
    from .insight.sheet.model import Sheet
    from .log.notary import LogNotary
    from .log.records import LogFilter, LogRecord
    from .member_desk import MemberDesk
    from .migrations import Migrations
    from .simulating.model import Simulation
    from .simulating.session import Stage
    from .staff_desk import StaffDesk
    from .stores.imports import ImportReport
    from .stores.sqlite.database import SqliteStore

STATE = ".qingting"
FENCE = "fence"


class Workspace:
    """A folder with ``qingting.yaml``, ``.sop`` files and a store.

    >>> ws = Workspace.open("shop/")                                            # doctest: +SKIP
    >>> ws.plan(at=datetime(2026, 11, 20, 20, tzinfo=UTC)).exit_code             # doctest: +SKIP
    0
    """

    def __init__(
        self, root: Path, settings: Settings, store_path: Path, environment: Mapping[str, str],
        clock: Callable[[], datetime], random_bytes: Callable[[int], bytes],
    ) -> None:
        self.root = root
        self.settings = settings
        self.store_path = store_path
        self._environment = environment
        self._clock = clock
        self._random_bytes = random_bytes
        self._loaded: Loaded | None = None

    @classmethod
    def open(
        cls, path: str | os.PathLike[str] = ".", store: str | None = None, *,
        environment: Mapping[str, str] | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> Workspace:
        """Open the workspace in the folder ``path``; ``store`` is used in place of the configured one.

        Raises CannotRun without ``qingting.yaml`` or for a store of another kind, ProblemsFound where the
        configuration is not right.
        """
        root = Path(path)
        settings, diagnostics, text = load_settings(root)
        if settings is None:
            raise ProblemsFound("C121", diagnostics, {FILE: text})
        url = settings.store if store is None else store
        # A store named in the configuration is relative to the workspace, one named by the caller to where they stand.
        base = root if store is None else Path()
        return cls(root, settings, base / sqlite_path(url), environment or os.environ, clock, random_bytes)

    # Texts

    @classmethod
    def check_folder(
        cls, path: str | os.PathLike[str] = ".", *, at: datetime | None = None, store: str | None = None
    ) -> CheckAnswer:
        """Everything that is wrong or doubtful in the texts of the workspace in ``path``, its configuration included.

        Schedules and the store, the configured one or ``store``, are looked at as they are ``at`` an instant; without one
        they are not.
        """
        from .proofreading import check_folder

        return check_folder(Path(path), at, store)

    @classmethod
    def mend_folder(
        cls, path: str | os.PathLike[str] = ".", *, chosen: Callable[[str], bool] = lambda _: True,
        at: datetime | None = None,
    ) -> MendAnswer:
        """Write the safe fixes into the ``chosen`` .sop files of the workspace in ``path``, and check it again.

        A fix stays only if what it mends is gone and no new error comes. ``at`` as for :meth:`check_folder`. Raises
        CannotRun C130 for a file that changed meanwhile, C301 for one that cannot be written.
        """
        from .proofreading import mend_folder

        return mend_folder(Path(path), chosen, at)

    def check(self, *, at: datetime | None = None) -> CheckAnswer:
        """Everything that is wrong or doubtful in the workspace's texts; ``at`` as for :meth:`check_folder`."""
        from .proofreading import check_opened

        return check_opened(self.root, self.store_path, self.settings, at)

    def load(self) -> Loaded:
        """The checked program with its diagnostics, read once."""
        if self._loaded is None:
            self._loaded = load_program(self.root, self.settings)
        return self._loaded

    def playbook_names(self) -> tuple[str, ...]:
        """The names of all playbooks, those with errors included."""
        program = self.load().program
        return tuple(sorted({*program.playbooks, *program.blocked}))

    # Questions

    def who(self, text: str, *, at: datetime) -> WhoAnswer:
        """The members of whom the condition ``text`` is true at ``at``, by what had arrived then."""
        loaded = self.load()
        condition, diagnostics, texts = read_condition(text, loaded, self.settings)
        if condition is None:
            return WhoAnswer((), diagnostics, texts)
        from .asking import members_where, nothing_yet

        instant, zone = from_datetime(at), loaded.program.policy.zone.name
        with self._store() as store:
            members = members_where(store, loaded.program.library, condition, instant, zone)
            notes = () if members else nothing_yet(store, instant, self.settings.timezone)
        return WhoAnswer(members, (), texts, notes)

    def next(
        self, text: str | None = None, *, at: datetime, count: int | None = None, until: datetime | None = None,
        timezone: str | None = None,
    ) -> NextAnswer:
        """Coming occurrences strictly after ``at``, up to and including ``until``, at most ``count``.

        Of the schedule ``text`` in ``timezone`` (default the workspace's), else of all live playbooks and members in flight.
        """
        after, end = from_datetime(at), from_datetime(until) if until is not None else None
        loaded, zone = self.load(), timezone or self.settings.timezone
        if not is_zone(zone):
            raise UsageError("C212", text=zone)
        if text is not None:
            return coming_of_text(text, loaded, self.settings, zone, after, end, count)
        from .coming import coming_of_program

        if not self.store_path.exists():
            return NextAnswer(coming_of_program(loaded.program, after, end, count))
        with self._store() as store:
            return NextAnswer(coming_of_program(loaded.program, after, end, count, store.connection))

    def next_occurrence(self, after: datetime) -> datetime | None:
        """When to run again: the first instant later than ``after`` at which a run has something to do, as known now.

        That is an occurrence of a schedule, of members' own dates, or of a member in flight who goes on. None where nothing
        comes within nine years.
        """
        from .coming import HORIZON, next_instant

        instant = from_datetime(after)
        with self._store() as store:
            found = next_instant(self.load().program, store.connection, instant, instant + HORIZON)
        return None if found is None else to_datetime(found, self.settings.timezone)

    def explain(
        self, member: str, *, at: datetime, playbook: str | None = None, dispatch: str | None = None, lang: str = "zh"
    ) -> Explanation:
        """Why ``member`` gets something or nothing: at an instant, or as it was at a ``dispatch`` of the log.

        Raises UsageError where there is no such member, playbook or record.
        """
        from .insight.explain import explain_dispatch, explain_member

        program = self.load().program
        with self._store() as store:
            if dispatch is not None:
                return explain_dispatch(store, program, dispatch, lang)
            return explain_member(store, program, member, from_datetime(at), playbook, lang)

    def who_lost(self, asked: Loss, *, reveal: bool = False) -> tuple[Lost, ...]:
        """Who got nothing of a playbook, by step and reason, and to what they lost it; ``reveal`` adds outside ids.

        Raises UsageError C127 where neither the workspace nor the log knows the playbook.
        """
        from .insight.losing import who_lost

        program = self.load().program
        with self._store() as store:
            return who_lost(store, program, asked, reveal=reveal)

    def simulate(
        self, *, start: datetime, until: datetime, at: datetime, playbook: str | None = None, as_run: bool = False,
        progress: Callable[[Stage, float], None] = lambda stage, part: None,
    ) -> Simulation:
        """What runs in [``start``, ``until``] would do, seen from ``at``: on a copy, nothing changes and nothing is sent.

        What lies before ``at`` is played again from what was recorded, with ``as_run`` at the instants of the real runs.
        Raises UsageError C260 or C261 for such a time, C127 for an unknown ``playbook``.
        """
        from .simulating.session import Wanted, simulate

        return simulate(self, Wanted(start, until, at, playbook, as_run), progress)

    def sheet(self, playbook: str, *, lang: str = "zh", at: datetime | None = None) -> Sheet:
        """A playbook told back in plain language, in ``lang`` (``zh`` or ``en``); reads no store.

        With ``at`` also the next instants of its schedules. A playbook with errors gives a sheet with their codes and no
        sections. Raises UsageError C127 where there is no such playbook.
        """
        from .telling import sheet_for

        known = self.playbook_names()
        if playbook not in known:
            raise UsageError("C127", name=playbook, known=", ".join(known))
        return sheet_for(self.load(), playbook, lang, from_datetime(at) if at is not None else None)

    @contextmanager
    def log(self, filters: LogFilter, *, reveal: bool = False) -> Iterator[Iterator[LogRecord]]:
        """The records that pass ``filters``, in the order of decision; ``reveal`` adds outside ids."""
        from .log.records import read_log
        from .program.clock import zone_of

        with self._store() as store, store.snapshot():
            yield read_log(store, filters, zone_of(self.settings.timezone), reveal=reveal)

    @property
    def staff(self) -> StaffDesk:
        """The work of staff: tasks, confirmations and alerts."""
        from .staff_desk import StaffDesk

        return StaffDesk(lambda: self.load().program, self._store)

    @property
    def migrations(self) -> Migrations:
        """Members in flight by the version of their playbook, and moving them to another."""
        from .migrations import Migrations

        return Migrations(lambda: self._whole().program, self._store, self._holder(), self._notary)

    @property
    def members(self) -> MemberDesk:
        """Members as persons: erasing them, merging ids that are one person's."""
        from .member_desk import MemberDesk

        return MemberDesk(
            lambda: self._whole().program.library, self._store, self._holder(), self._notary,
            lambda at: options_of(ImportSwitches(), at, self.settings.timezone, self._random_bytes, None),
        )

    @property
    def audit(self) -> AuditDesk:
        """The log as evidence: verifying, proving, signing."""
        from .audit_desk import AuditDesk

        return AuditDesk(self._store, self.settings.timezone, self._holder(), self._notary)

    @property
    def archives(self) -> ArchiveDesk:
        """Retention: what of the log was moved to files, or is to be."""
        from .archive_desk import ArchiveDesk

        return ArchiveDesk(self.root, self.settings.timezone, self._store, self._holder(), self._notary)

    # What changes the store

    def create(self, *, at: datetime) -> tuple[Note, ...]:
        """Make the store, which starts at ``at``, and the secret, where they are missing; notes say what was made."""
        with self._store_made(from_datetime(at)) as (_, notes):
            return notes

    def import_file(
        self, kind: str, path: str | os.PathLike[str], *, at: datetime, switches: ImportSwitches = ImportSwitches(),
        progress: Callable[[int, int | None], None] | None = None,
    ) -> tuple[ImportReport, tuple[Note, ...]]:
        """Bring in a file of members, tags, events, coupons, friends, groups or staff.

        Facts arrive at ``at`` unless the file says otherwise.
        Raises ProblemsFound, and stores nothing, where the workspace's declarations are not right.
        """
        from .stores.imports import import_file

        library = self._whole().program.library
        instant = from_datetime(at)
        options = options_of(switches, instant, self.settings.timezone, self._random_bytes, progress)
        with self._store_made(instant) as (store, notes):
            return noted_import(kind, lambda: import_file(store, kind, Path(path), library, options)), notes

    def plan(
        self, *, at: datetime, playbook: str | None = None, members: bool = False, lang: str = "zh", funnel: bool = True,
        out: str | os.PathLike[str] | None = None, against: str | None = None,
    ) -> RunAnswer:
        """What a run at ``at`` would do. Writes nothing but the file ``out``, from which :meth:`run_plan` carries it out.

        ``against`` names a folder or git revision with another version of the workspace to compare with; ``out`` goes with
        neither that nor ``playbook``. For what they raise see ``engine/deciding.py`` and ``engine/revisions.py``.
        """
        from .run.report import PlanOptions

        options = PlanOptions(members=members, funnel=funnel, playbook=playbook, lang=lang, details=True)
        into = None if out is None else Path(out)
        return self._deciding.plan(from_datetime(at), options, into=into, against=against)

    def run(
        self, *, at: datetime, wait_seconds: float = 0.0, accept_restored: datetime | None = None,
        reached: Callable[[str], None] = lambda boundary: None,
    ) -> RunAnswer:
        """Decide everything that is due at ``at`` and commit it. Safe to call again at any time.

        Waits at most ``wait_seconds`` for another run to end. ``accept_restored`` takes a store that is older than
        its fence, with all up to that instant settled. ``reached`` hears of each stage boundary.
        """
        settled = None if accept_restored is None else from_datetime(accept_restored)
        return self._deciding.run(from_datetime(at), wait_seconds=wait_seconds, accept_restored=settled, reached=reached)

    def run_plan(
        self, path: str | os.PathLike[str], *, now: datetime | None = None, wait_seconds: float = 0.0,
        members: bool = False, reached: Callable[[str], None] = lambda boundary: None,
    ) -> RunAnswer:
        """Carry out a plan that :meth:`plan` wrote: exactly that, once. ``now`` stands in the place of the wall clock.

        Raises Refused where the plan may not be used any more, and PlanMoved, with nothing written, where anything would
        now be decided otherwise; ``members`` lists all whom that concerns by their outside ids.
        """
        instant = None if now is None else from_datetime(now)
        return self._deciding.run_plan(Path(path), instant, wait_seconds=wait_seconds, members=members, reached=reached)

    def deliver(self, *, at: datetime, stream: TextIO) -> DeliveryReport:
        """Hand over what is due at ``at`` to the workspace's channels; ``console`` channels write to ``stream``."""
        from .handing_over import Surroundings, deliver_due

        # A policy with errors may protect nobody, so that nothing is sent under it.
        program = self._whole().program
        around = Surroundings(self.root, self._state, self._environment, stream, self._random_bytes)
        with self._store(writable=True) as store:
            return deliver_due(store, program, self.settings, around, self._notary, from_datetime(at))

    # The parts

    @property
    def _state(self) -> Path:
        return self.root / STATE

    def _holder(self) -> str:
        return f"pid {os.getpid()}, {self._clock().isoformat(timespec='seconds')}"

    @property
    def _deciding(self) -> Deciding:
        from .deciding import Deciding

        return Deciding(
            self.root, self.load(), self._store, self._store_made, self._state, self._notary, self._holder(),
            self._environment, self._clock, self._random_bytes,
        )

    def _whole(self) -> Loaded:
        """The program, provided that nothing is missing from its declarations and policy. Raises ProblemsFound."""
        loaded = self.load()
        if not loaded.is_whole:
            errors = tuple(d for d in loaded.diagnostics if d.severity == "error")
            raise ProblemsFound("C124", errors, loaded.texts)
        return loaded

    @property
    def _notary(self) -> LogNotary:
        from .log.notary import LogNotary

        return LogNotary(self._state, FENCE, self.settings.log_origin, self._random_bytes)

    def _store(self, writable: bool = False) -> SqliteStore:
        """The store, to be used as a context."""
        from .stores.sqlite.database import SqliteStore

        return SqliteStore.open(self.store_path, writable=writable)

    def _store_made(self, at: int) -> AbstractContextManager[tuple[SqliteStore, tuple[Note, ...]]]:
        """The store for writing, made with its secrets where they are missing."""
        from .store_making import store_made

        return store_made(self.store_path, self._state, at, self._notary, self._random_bytes)
