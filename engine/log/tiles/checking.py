"""Verifying a published log from its files and the public key alone.

The checkpoint's root is computed from the tiles at the end of the tree; every full tile must fold to its hash in the tile above,
every entry must hash to its place in the lowest tiles, and what its digests stand for must be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ....grammar.diagnostics import QingtingError
from .. import merkle
from ..decoding import DeliveryEntry, ErasureEntry, RecordEntry, read_answer, read_header
from ..notes import NoteError, VerifiedCheckpoint, VerifierKey, read_note, verify_checkpoint
from ..tree import WIDTH
from .layout import (
    CHECKPOINT,
    PART_PREFIX,
    check_parts,
    digests_of,
    entries_name,
    hashes_in,
    levels,
    parts_name,
    read_bundle,
    tile_name,
    tiles,
    unpacked,
)

T = TypeVar("T")


class TilesDoNotVerify(QingtingError):
    """A published log that is not what its checkpoint says; ``path`` is the first file that does not fit.

    Code D430: a file is missing. D431: it is not what the checkpoint signs. D432: no checkpoint by the given key.
    """

    exit_code = 1


@dataclass(frozen=True, slots=True)
class VerifiedTiles:
    """A published log that verified: its checkpoint with known witnesses, and how many entries of each kind it has."""

    checkpoint: VerifiedCheckpoint
    records: int
    deliveries: int
    erasures: int


def verify_tiles(
    folder: Path, keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> VerifiedTiles:
    """Verify every file of the log in ``folder`` that its checkpoint speaks of; one of ``keys`` must be the public key of the log.

    ``progress`` hears of the entries done and of all. Raises :class:`TilesDoNotVerify`; what it returns is sound.
    """
    checkpoint = _checkpoint(folder, keys, witnesses)
    reader = _Tiles(folder, checkpoint.body.size)
    if reader.root() != checkpoint.body.root:
        raise TilesDoNotVerify("D431", path=str(folder / CHECKPOINT))
    counts = Counter[type]()
    size = checkpoint.body.size
    for level, full, rest in levels(size):
        for number, width in tiles(full, rest):
            hashes = reader.hashes(level, number, width)
            if level == 0:
                counts.update(_entries(folder, number, hashes))
                progress(number * WIDTH + width, size)
    return VerifiedTiles(checkpoint, counts[RecordEntry], counts[DeliveryEntry], counts[ErasureEntry])


class _Tiles:
    """The tiles of a tree of a given size; full ones are compared with the tile above them as they are read."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._partial = {
            level: _read(folder, tile_name(level, full, rest), lambda data: hashes_in(data, rest))  # noqa: B023
            for level, full, rest in levels(size) if rest
        }
        self._size = size
        self._kept: dict[int, tuple[int, list[bytes]]] = {}

    def root(self) -> bytes:
        """The root that the partial tiles give: each level's last hashes stand before what is left over below them."""
        left_over: list[bytes] = []
        for level, _, _ in levels(self._size):
            hashes = [*self._partial.get(level, ()), *left_over]
            left_over = [merkle.root(hashes)] if hashes else []
        return left_over[0] if left_over else merkle.empty_root()

    def hashes(self, level: int, number: int, width: int) -> list[bytes]:
        """The hashes of a tile."""
        if width < WIDTH:
            return self._partial[level]
        kept = self._kept.get(level)
        if kept is not None and kept[0] == number:
            return kept[1]
        name = tile_name(level, number)
        hashes = _read(self._folder, name, lambda data: hashes_in(data, WIDTH))
        above, place = divmod(number, WIDTH)
        full = self._size // WIDTH ** (level + 2)
        parents = self.hashes(level + 1, above, WIDTH if above < full else len(self._partial[level + 1]))
        if merkle.root(hashes) != parents[place]:
            raise TilesDoNotVerify("D431", path=str(self._folder / name))
        self._kept[level] = number, hashes
        return hashes


def _checkpoint(folder: Path, keys: Sequence[VerifierKey], witnesses: Sequence[VerifierKey]) -> VerifiedCheckpoint:
    path = folder / CHECKPOINT
    try:
        data = path.read_bytes()
    except OSError:
        raise TilesDoNotVerify("D430", path=str(path)) from None
    for key in keys:
        try:
            return verify_checkpoint(read_note(data), key, witnesses)
        except NoteError:
            continue
    raise TilesDoNotVerify("D432", path=str(path))


def _entries(folder: Path, number: int, hashes: list[bytes]) -> Counter[type]:
    """The kinds of the entries of a bundle, all of which are as their tile says, with their parts."""
    width = len(hashes)
    entries = _read(folder, entries_name(number, width), lambda data: read_bundle(data, hashes, number * WIDTH))
    digests = digests_of(entries)

    def check(data: bytes) -> None:
        parts = unpacked(data, PART_PREFIX)
        check_parts(digests, parts)
        headers = {entry.header for entry in entries if isinstance(entry, RecordEntry)}
        for digest, part in zip(digests, parts, strict=True):
            read_header(part) if digest in headers else read_answer(part)

    _read(folder, parts_name(number, width), check)
    return Counter(map(type, entries))


def _read(folder: Path, name: str, read: Callable[[bytes], T]) -> T:
    path = folder / name
    try:
        return read(path.read_bytes())
    except OSError:
        raise TilesDoNotVerify("D430", path=str(path)) from None
    except ValueError:
        raise TilesDoNotVerify("D431", path=str(path)) from None
