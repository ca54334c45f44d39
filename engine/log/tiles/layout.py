"""What the files of a published log are called, and how entries and parts are laid out in them.

``tile`` and its names are those of C2SP tlog-tiles. ``parts`` is an addition: for each bundle of entries the headers and answers
that their digests stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from ..decoding import DeliveryEntry, Entry, RecordEntry, read_entry
from ..encoding import DELIVERY_FORMAT
from ..merkle import HASH_LENGTH, leaf_hash
from ..tree import WIDTH

CHECKPOINT = "checkpoint"
ENTRY_PREFIX = 2
PART_PREFIX = 4
_GROUP = 1000


def number_path(number: int, width: int = WIDTH) -> str:
    """Return the end of a file's name: the number in groups of three digits, and the width of one that is not full.

    >>> number_path(1234067), number_path(0, 5)
    ('x001/x234/067', '000.p/5')
    """
    groups = [f"{number % _GROUP:03}"]
    while number := number // _GROUP:
        groups.append(f"x{number % _GROUP:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return "/".join(reversed(groups)) + partial


def tile_name(level: int, number: int, width: int = WIDTH) -> str:
    """Return the name of the file of ``width`` hashes of a level."""
    return f"tile/{level}/{number_path(number, width)}"


def entries_name(number: int, width: int = WIDTH) -> str:
    """Return the name of the file of the entries whose hashes are the tile of level 0 of this number."""
    return f"tile/entries/{number_path(number, width)}"


def parts_name(number: int, width: int = WIDTH) -> str:
    """Return the name of the file of what the digests in those entries stand for."""
    return f"parts/{number_path(number, width)}"


def levels(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield each level of a tree that has tiles, with the number of full ones and the width of the one behind them.

    >>> list(levels(70_000))
    [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    """
    level = 0
    while size:
        yield level, size // WIDTH, size % WIDTH
        level, size = level + 1, size // WIDTH


def tiles(full: int, rest: int) -> Iterator[tuple[int, int]]:
    """Yield number and width of the tiles of a level."""
    yield from ((number, WIDTH) for number in range(full))
    if rest:
        yield full, rest


def hashes_in(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile. Raises ValueError for a file of another length."""
    if len(data) != width * HASH_LENGTH:
        raise ValueError("a tile of another width")
    return [data[place : place + HASH_LENGTH] for place in range(0, len(data), HASH_LENGTH)]


def packed(things: Iterable[bytes], prefix: int) -> bytes:
    """Return things one behind the other, each behind its length as a big-endian number of ``prefix`` bytes.

    >>> packed([b"a", b""], 2).hex()
    '0001610000'
    """
    return b"".join(len(thing).to_bytes(prefix, "big") + thing for thing in things)


def unpacked(data: bytes, prefix: int) -> list[bytes]:
    """Return the things that :func:`packed` laid out. Raises ValueError for bytes that it never gives."""
    things, place = [], 0
    while place < len(data):
        begin = place + prefix
        end = begin + int.from_bytes(data[place:begin], "big")
        if end > len(data) or begin > len(data):
            raise ValueError("cut off")
        things.append(data[begin:end])
        place = end
    return things


def digests_of(entries: Iterable[Entry]) -> list[bytes]:
    """Return the digests whose parts are published with some entries, each once, in the order of their first use.

    Those of records and of delivery records of format 2; what the first format hashes is private in part.
    """
    found: dict[bytes, None] = {}
    for entry in entries:
        if isinstance(entry, RecordEntry):
            found[entry.header] = None
        elif isinstance(entry, DeliveryEntry) and entry.format == DELIVERY_FORMAT:
            found[entry.answer] = None
    return list(found)


def check_parts(digests: Sequence[bytes], parts: Iterable[bytes]) -> None:
    """Check that ``parts`` are what ``digests`` stand for, in the same order. Raises ValueError otherwise."""
    if [sha256(part).digest() for part in parts] != list(digests):
        raise ValueError("other parts")


def read_bundle(data: bytes, hashes: Sequence[bytes], first: int) -> list[Entry]:
    """Return the entries of a bundle whose leaf hashes are ``hashes``, beginning with entry ``first`` of the log.

    Raises ValueError for others.
    """
    things = unpacked(data, ENTRY_PREFIX)
    if [leaf_hash(thing) for thing in things] != list(hashes):
        raise ValueError("other entries")
    entries = [read_entry(thing) for thing in things]
    if [entry.seq for entry in entries] != list(range(first, first + len(entries))):
        raise ValueError("entries of another place")
    return entries
