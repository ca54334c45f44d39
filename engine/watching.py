"""Running whenever there is something to do: at every instant that is known beforehand, and after every arrival.

Between runs a watch sleeps. It looks up once in a poll, which costs two cheap questions: whether another connection has
written the store, and now and then whether the playbooks have been edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..grammar.diagnostics import CannotRun, QingtingError
from .answers import RunAnswer
from .coming import next_instant
from .program.clock import from_datetime
from .program.ir import DAY, MINUTE
from .program_log import note
from .run.upcoming import needs_looking
from .settings import FILE
from .sources import find_sources
from .stores.sqlite.database import SqliteStore
from .workspace import Workspace

POLL_SECONDS = 1.0
TEXTS_SECONDS = 10.0
"""How often the files are looked at."""
LOOK = 5 * MINUTE
"""How often a run is made where something may come about by the mere passing of time."""
_SECOND = 1_000_000
# Another run, or another writer, is at work.
_BUSY = frozenset({"R301", "C305"})


@dataclass(frozen=True, slots=True)
class Watched:
    """One run of a watch; ``wake`` is the instant of the next at the latest."""

    answer: RunAnswer
    wake: int


@dataclass(slots=True)
class Watch:
    """A watch over a workspace.

    ``reopen`` opens the workspace anew, since its files may be edited. ``clock`` tells the time, ``rest`` sleeps for some
    seconds and says whether it is time to leave, ``troubled`` hears of what stands in the way for the moment.
    """

    reopen: Callable[[], Workspace]
    clock: Callable[[], datetime]
    rest: Callable[[float], bool]
    troubled: Callable[[QingtingError], None]
    _texts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _texts_seen: int = 0

    def runs(self) -> Iterator[Watched]:
        """Each run as it has been made, the first at once, until it is time to leave; a run at work is always finished.

        Raises CannotRun where a run cannot be made for another reason than that somebody else is at work.
        """
        workspace = self.reopen()
        self._note_texts(workspace.root)
        busy = False
        while True:
            at = self.clock()
            try:
                answer = workspace.run(at=at)
            except CannotRun as error:
                if error.code not in _BUSY:
                    raise
                if not busy:
                    self._tell_trouble(error)
                busy = True
                if self.rest(POLL_SECONDS):
                    return
                continue
            busy = False
            with _Look(workspace) as look:
                yield Watched(answer, look.wake(from_datetime(self.clock())))
                needed = self._rest_until_needed(workspace, look)
            if needed is None:
                return
            workspace = needed

    def _rest_until_needed(self, workspace: Workspace, look: _Look) -> Workspace | None:
        """Sleeps until there is something to do, and gives the workspace to do it in; None when it is time to leave.

        Sleeps for a poll at least, so that what falls due at many instants is done in few runs.
        """
        wake = look.wake(from_datetime(self.clock()))
        seconds = POLL_SECONDS
        while not self.rest(seconds):
            now = from_datetime(self.clock())
            if self._texts_changed(workspace.root, now):
                note("watch.woke", reason="texts")
                return self._reopened(workspace.root)
            if look.changed():
                wake = look.wake(now)
            if now >= wake:
                note("watch.woke", reason="due")
                return workspace
            seconds = min(POLL_SECONDS, (wake - now) / _SECOND)
        return None

    def _reopened(self, root: Path) -> Workspace | None:
        """The workspace with its files as they are now; while they cannot be read at all, nothing is run."""
        while True:
            try:
                workspace = self.reopen()
                workspace.load()
            except QingtingError as error:
                self._tell_trouble(error)
            else:
                return workspace
            while not self._texts_changed(root, from_datetime(self.clock())):
                if self.rest(POLL_SECONDS):
                    return None

    def _tell_trouble(self, error: QingtingError) -> None:
        note("watch.troubled", code=error.code)
        self.troubled(error)

    def _texts_changed(self, root: Path, now: int) -> bool:
        if 0 <= now - self._texts_seen < TEXTS_SECONDS * _SECOND:
            return False
        self._texts_seen = now
        before = self._texts
        self._note_texts(root)
        return self._texts != before

    def _note_texts(self, root: Path) -> None:
        self._texts = {}
        for name in (FILE, *find_sources(root)):
            try:
                known = (root / name).stat()
            except OSError:
                continue
            self._texts[name] = (known.st_mtime_ns, known.st_size)


class _Look:
    """Looking into the store between runs, without holding anything in it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._stack = ExitStack()

    def __enter__(self) -> _Look:
        self.store = self._stack.enter_context(SqliteStore.open(self.workspace.store_path))
        self._file = self._identity()
        self._version = self._data_version()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def changed(self) -> bool:
        """Whether the store has been written since the last look, or another file is in its place."""
        if self._identity() != self._file:
            return True
        before, self._version = self._version, self._data_version()
        return self._version != before

    def wake(self, now: int) -> int:
        """The instant by which the next run is to be made: at once where facts have come that the last run did not see.

        A run before the last one, by a clock that was put back, would do nothing.
        """
        program, connection = self.workspace.load().program, self.store.connection
        last = self.store.last_run
        after = now if last is None else max(now, last)
        if self._identity() != self._file or self.store.last_seq > self._seen():
            return now if last is None else max(now, last + 1)
        looks = LOOK if needs_looking(connection, program, now) else DAY
        found = next_instant(program, connection, after, after + looks)
        return after + looks if found is None else found

    def _seen(self) -> int:
        """The last arrival number that the last run saw or gave."""
        (mark,) = self.store.connection.execute("SELECT coalesce(max(end_mark), -1) FROM runs").fetchone()
        return int(mark)

    def _identity(self) -> tuple[int, int] | None:
        try:
            known = self.workspace.store_path.stat()
        except OSError:
            return None
        return known.st_dev, known.st_ino

    def _data_version(self) -> int:
        (version,) = self.store.connection.execute("PRAGMA data_version").fetchone()
        return int(version)
