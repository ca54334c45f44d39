"""Verifying a whole log against itself and against what is known of it outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from ...stores.sqlite.database import SqliteStore
from .. import merkle
from ..archives.known import archived_stop
from ..keys import record_id
from ..notes import CheckpointBody, NoteError, VerifierKey
from ..signers import all_signers
from ..store import LogStore, leaf_count
from ..tree import WIDTH, LogTree
from .archives import check_archives
from .chain import check_runs
from .checkpoints import Kept, check_cosignatures, check_kept, kept_checkpoints, signed_body
from .examining import Examined, examine, is_hash, reading_anything, stretches
from .growth import Growth
from .model import Counts, Finding, Verification

_EXACT = frozenset(("D401", "D402", "D403", "D404", "D405", "D406", "D407", "D408", "D457"))
MOST = 20
"""How many findings are told."""
# No log is longer than a seq can say.
_LEVELS = 7

_BEHIND = """
SELECT min(seq) FROM (
  SELECT min(seq) AS seq FROM dispatches WHERE seq >= :leaves UNION ALL SELECT min(seq) FROM deliveries WHERE seq >= :leaves
  UNION ALL SELECT min(seq) FROM erasures WHERE seq >= :leaves)
"""
_NODES = "SELECT level, position, hash FROM tree"
_VERSIONS = "SELECT playbook, digest, source FROM playbook_versions"
_NAMED = """
SELECT d.key, s.playbook FROM dispatches AS d LEFT JOIN steps AS s ON s.step = d.step WHERE d.seq = :seq
"""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of a log outside of its store.

    ``keys`` are the keys that may have signed it, none for those that the store names itself; ``witnesses`` are those of
    others who may have signed as well. ``checkpoints`` are signed notes by the name of where they come from; ``fence`` is the one
    kept beside the workspace, and ``public`` the key with which it signs, None where they are not known.
    """

    keys: tuple[VerifierKey, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    checkpoints: tuple[tuple[str, bytes], ...] = ()
    fence: tuple[str, bytes] | None = None
    public: bytes | None = None


def verify_log(
    store: SqliteStore, outside: Outside, workers: int = 1, progress: Callable[[int, int], None] = lambda done, of: None
) -> Verification:
    """Verify the log of a store, inside a snapshot of it. Writes nothing.

    ``workers`` processes share the entries; ``progress`` hears how many of all entries have been examined.
    """
    with reading_anything(store):
        return _verified(store, outside, workers, progress)


def _verified(store: SqliteStore, outside: Outside, workers: int, progress: Callable[[int, int], None]) -> Verification:
    leaves = leaf_count(store)
    keys = outside.keys or _own_keys(store)
    findings: list[Finding] = []
    tiles: list[bytes] = []
    counts = Counts()
    for (_, end), examined in zip(stretches(leaves), _examine_all(store, leaves, workers), strict=True):
        tiles += examined.tiles
        counts += examined.counts
        findings += examined.findings
        progress(end, leaves)
    archives = tuple(check_archives(store, store.path.parent))
    for archive in archives:
        counts += archive.counts
        findings += archive.findings
    kept = kept_checkpoints(store, keys)
    notes = (*outside.checkpoints, *(() if outside.fence is None else (outside.fence,)))
    known = [(name, signed_body(note, keys)) for name, note in notes]
    sizes = {0, *(each.leaves for each in kept), *(body.size for _, body in known if body is not None)}
    roots = _roots(store, tiles, sorted(size for size in sizes if 0 <= size <= leaves))
    (behind,) = store.connection.execute(_BEHIND, {"leaves": leaves}).fetchone()
    if behind is not None:
        findings.append(Finding("D408", behind))
    findings += _check_tree(store, tiles, bool(kept))
    findings += check_kept(kept, leaves, roots)
    findings += check_cosignatures(store, outside.witnesses)
    findings += _check_chain(store, kept)
    findings += _check_versions(store)
    findings += _check_outside(store, outside, known, leaves, roots)
    # What is wrong with one entry comes before what follows for a stretch of them.
    findings.sort(key=lambda finding: (finding.seq is None, finding.code not in _EXACT, finding.seq or 0))
    absent = tuple(str(archive.path) for archive in archives if not archive.is_there)
    return _verification(store, outside, keys, kept, leaves, counts, absent, findings)


def _own_keys(store: LogStore) -> tuple[VerifierKey, ...]:
    keys = []
    for signer, _ in all_signers(store):
        with suppress(NoteError, TypeError, AttributeError):
            keys.append(signer.verifier)
    return tuple(keys)


def _check_chain(store: LogStore, kept: Sequence[Kept]) -> Iterator[Finding]:
    signers = all_signers(store)
    return check_runs(store, archived_stop(store), {each.leaves for each in kept}, signers[0][1] if signers else None)


def _verification(
    store: LogStore, outside: Outside, keys: Sequence[VerifierKey], kept: Sequence[Kept], leaves: int, counts: Counts,
    absent: tuple[str, ...], findings: Sequence[Finding],
) -> Verification:
    newest = kept[-1].body if kept else None
    (runs,) = store.connection.execute("SELECT count(*) FROM runs").fetchone()
    origin, size, root = (None, leaves, None) if newest is None else (newest.origin, newest.size, newest.root)
    return Verification(
        origin, size, root, counts, len(kept), runs, len(outside.checkpoints), tuple(key.to_text() for key in keys),
        bool(outside.keys), absent, tuple(_named(store, finding) for finding in findings[:MOST]),
    )


def _examine_all(store: SqliteStore, leaves: int, workers: int) -> Iterator[Examined]:
    spans = list(stretches(leaves))
    if workers < 2 or len(spans) < 2:
        for first, end in spans:
            yield examine(store, first, end)
        return
    # Begun anew rather than forked: the caller may have threads.
    with ProcessPoolExecutor(min(workers, len(spans)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_examine_file, *zip(*((store.path, *span) for span in spans), strict=True))


def _examine_file(path: Path, first: int, end: int) -> Examined:
    with SqliteStore.open(path) as store, store.snapshot(), reading_anything(store):
        return examine(store, first, end)


def _roots(store: LogStore, tiles: Sequence[bytes], sizes: Sequence[int]) -> dict[int, bytes]:
    growth = Growth(tiles, lambda first, end: _leaves(store, first, end))
    return {size: growth.root(size) for size in sizes}


def _leaves(store: LogStore, first: int, end: int) -> list[bytes]:
    """The stored leaves, zeros for one that is missing or none."""
    found = dict(LogTree(store).stored(first, end))
    empty = bytes(merkle.HASH_LENGTH)
    leaves = (found.get(seq, empty) for seq in range(first, end))
    return [leaf if is_hash(leaf) else empty for leaf in leaves]


def _check_tree(store: LogStore, tiles: Sequence[bytes], is_whole: bool) -> Iterator[Finding]:
    """That the subtrees kept are those over the leaves, all of them where the log has been signed."""
    expected: dict[tuple[int, int], bytes] = {}
    level, row = 1, list(tiles)
    while row:
        expected.update({(level, position): node for position, node in enumerate(row)})
        row = [merkle.root(row[at : at + WIDTH]) for at in range(0, len(row) // WIDTH * WIDTH, WIDTH)]
        level += 1
    for level, position, node in store.connection.execute(_NODES):
        if expected.pop((level, position), None) != node:
            yield Finding("D409", _first_under(level, position), {"level": level, "position": position})
    if is_whole:
        for level, position in islice(sorted(expected), MOST):
            yield Finding("D409", _first_under(level, position), {"level": level, "position": position})


def _first_under(level: object, position: object) -> int | None:
    if type(level) is not int or type(position) is not int or not 0 < level <= _LEVELS:
        return None
    width: int = WIDTH**level
    return position * width


def _check_versions(store: LogStore) -> Iterator[Finding]:
    for playbook, digest, source in store.connection.execute(_VERSIONS):
        if not isinstance(source, str) or sha256(source.encode()).hexdigest() != digest:
            yield Finding("D461", None, {"playbook": str(playbook), "version": str(digest)[:8]})


def _check_outside(
    store: LogStore, outside: Outside, known: Sequence[tuple[str, CheckpointBody | None]], leaves: int,
    roots: Mapping[int, bytes],
) -> Iterator[Finding]:
    """That the log is the one that is known outside, and signed by whom the workspace signs with."""
    signers = all_signers(store)
    if outside.public is not None and signers and signers[-1][0].public != outside.public:
        yield Finding("D414")
    origins = {signer.origin for signer, _ in signers}
    for name, body in known:
        if body is None or body.origin not in origins:
            yield Finding("D417", None, {"name": name})
        elif body.size > leaves:
            yield Finding("D418", None, {"name": name, "leaves": leaves, "signed": body.size})
        elif body.root != roots[body.size]:
            yield Finding("D419", None, {"name": name, "signed": body.size})


def _named(store: LogStore, finding: Finding) -> Finding:
    """A finding with the id and the playbook of its record, where there is one."""
    if finding.seq is None or finding.code not in _EXACT:
        return finding if finding.seq is None else replace(finding, params={"seq": finding.seq, **finding.params})
    row = store.connection.execute(_NAMED, {"seq": finding.seq}).fetchone()
    named = {} if row is None or not isinstance(row[0], bytes) else {"id": record_id(row[0]), "playbook": row[1] or "?"}
    return replace(finding, params={"seq": finding.seq, **named, **finding.params})
