"""Writing the log into a folder of plain files, which grows with it.

A file that is there is compared and never written again. The checkpoint comes last, when all that it speaks of is on the disk, and
only if it goes on from the one that was there.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ....grammar.diagnostics import CannotRun
from .. import merkle
from ..checkpoint import read_checkpoint
from ..entries import LogEntry
from ..notes import merge_notes, read_note
from ..signed import SignedEnd
from ..signers import all_signers
from ..store import LogStore
from ..tree import WIDTH, LogTree
from .layout import (
    CHECKPOINT,
    ENTRY_PREFIX,
    PART_PREFIX,
    check_parts,
    digests_of,
    entries_name,
    levels,
    packed,
    parts_name,
    read_bundle,
    tile_name,
    tiles,
    unpacked,
)

Entries = Callable[[int, int], Iterator[LogEntry]]
"""Gives the entries [first, end)."""

_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Published:
    """A folder that holds the log up to ``size``; before it held it up to ``before``. ``files`` were written."""

    before: int
    size: int
    files: int


@contextmanager
def publishing_to(folder: Path) -> Iterator[None]:
    """Make the folder where it is missing, and let nobody else publish to it meanwhile.

    Faults of the disk become CannotRun C301 and C302.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
    except OSError as error:
        path = str(error.filename or folder)
        if error.errno in _FULL:
            raise CannotRun("C302", path=path) from None
        raise CannotRun("C301", path=path, reason=error.strerror or type(error).__name__) from None


def publish(store: LogStore, end: SignedEnd, entries: Entries, folder: Path) -> Published:
    """Bring ``folder`` up to the signed end of the log; inside :func:`publishing_to`, and in a snapshot begun there.

    Raises CannotRun D426 where the checkpoint in the folder is that of another log, or of another history of this one, D427
    for a file there that is not what this log has at its place.
    """
    before = _published(store, end, folder)
    return _Publisher(LogTree(store), end, entries, folder, before).publish()


def _published(store: LogStore, end: SignedEnd, folder: Path) -> int:
    """The size of the checkpoint in the folder, 0 where there is none."""
    path = folder / CHECKPOINT
    try:
        checkpoint = read_checkpoint(path.read_bytes())
    except FileNotFoundError:
        return 0
    except ValueError:
        raise CannotRun("D427", path=str(path)) from None
    ours = {signer.origin for signer, _ in all_signers(store)}
    if checkpoint.origin not in ours or checkpoint.leaves > end.size:
        raise CannotRun("D426", path=str(path), origin=checkpoint.origin, size=checkpoint.leaves)
    # The tree itself is at hand, so that no proof is needed: its root at that size is the same or it is not.
    if LogTree(store).root(checkpoint.leaves) != checkpoint.root:
        raise CannotRun("D426", path=str(path), origin=checkpoint.origin, size=checkpoint.leaves)
    return checkpoint.leaves


class _Publisher:
    """Writes the files of one log into one folder."""

    def __init__(self, tree: LogTree, end: SignedEnd, entries: Entries, folder: Path, before: int) -> None:
        self._tree = tree
        self._end = end
        self._entries = entries
        self._folder = folder
        self._before = before
        self._files = 0

    def publish(self) -> Published:
        """Write what is missing, the checkpoint last."""
        for level, full, rest in levels(self._end.size):
            for number, width in tiles(full, rest):
                self._tile(level, number, width)
        if self._files:
            # One call for thousands of files; the checkpoint must never be on the disk before them.
            os.sync()
        self._put_checkpoint()
        for level, full, _ in levels(self._before):
            self._drop_partial(level, full)
        return Published(self._before, self._end.size, self._files)

    def _tile(self, level: int, number: int, width: int) -> None:
        first = number * WIDTH
        hashes = list(self._tree.nodes(level, first, first + width))
        if width == WIDTH and merkle.root(hashes) != next(self._tree.nodes(level + 1, number, number + 1)):
            raise CannotRun("D422", leaves=self._end.size)
        self._put(tile_name(level, number, width), b"".join(hashes))
        if level == 0:
            self._bundle(number, hashes)

    def _bundle(self, number: int, hashes: list[bytes]) -> None:
        """The entries of a tile of level 0, and their parts."""
        width, first = len(hashes), number * WIDTH
        bundle_name, beside = entries_name(number, width), parts_name(number, width)
        bundle, parts = self._present(bundle_name), self._present(beside)
        if bundle is None or parts is None:
            found = list(self._entries(first, first + width))
            self._put(bundle_name, packed((entry.data for entry in found), ENTRY_PREFIX))
            self._put(beside, packed(dict.fromkeys(entry.part for entry in found if entry.part is not None), PART_PREFIX))
            return
        looked_at = bundle_name
        try:
            digests = digests_of(read_bundle(bundle, hashes, first))
            looked_at = beside
            check_parts(digests, unpacked(parts, PART_PREFIX))
        except ValueError:
            raise CannotRun("D427", path=str(self._folder / looked_at)) from None

    def _put(self, name: str, content: bytes) -> None:
        """Write a file that is not there, and compare one that is."""
        present = self._present(name)
        if present is None:
            self._write(name, content)
            self._files += 1
        elif present != content:
            raise CannotRun("D427", path=str(self._folder / name))

    def _present(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else writes here, so that what a crash left under this name is written over.
        draft = path.with_name(f"{path.name}.new")
        draft.write_bytes(content)
        draft.replace(path)

    def _put_checkpoint(self) -> None:
        """Write the checkpoint; what others signed below the same one that is there stays."""
        note = read_note(self._end.note)
        present = self._present(CHECKPOINT)
        if present is not None:
            former = read_note(present)
            note = merge_notes(note, former) if former.text == note.text else note
        content = note.to_bytes()
        if content == present:
            return
        draft = self._folder / f"{CHECKPOINT}.new"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / CHECKPOINT)
        self._files += 1

    def _drop_partial(self, level: int, number: int) -> None:
        """Drop the files of a tile that was partial and is full now."""
        if (number + 1) * WIDTH ** (level + 1) > self._end.size:
            return
        names = [tile_name(level, number), *((entries_name(number), parts_name(number)) if level == 0 else ())]
        for name in names:
            path = self._folder / name
            shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)
