"""What the log costs: sealing within a run, appending to a long log, verifying, proving.

    python benchmarks/log.py /tmp/shop.db

The store comes from generate.py and is copied, not changed; it needs some 50,000 members. Playbooks push to nearly everybody,
under one consent and one cap as any shop has them, so that a run leaves about as many records as are asked for.

Sealing (keys, leaves, headers, tree, signature) is what a run takes longer than the same run that writes zeros in the place of
keys and leaves and signs nothing, in seconds of the processor, since both write as many bytes to the disk; it may take at most a
quarter of the run. Appending a thousand entries to a long log may take
at most three times as long as to a short one. Verifying a log may take at most three times as long as hashing alone what it
hashes: for each record the bytes of its key and of its entry, and the nodes of the tree, all ready in memory.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from time import perf_counter, process_time
from unittest.mock import patch

from generate import LIBRARY, ZONE, notary, now, tag_name
from qingting.engine.log import merkle
from qingting.engine.log.merkle import inclusion_proof, verify_inclusion
from qingting.engine.log.notary import NoNotary
from qingting.engine.log.store import leaf_count
from qingting.engine.log.tree import LogTree
from qingting.engine.log.verifying import Outside, verify_log
from qingting.engine.program.ir import Program
from qingting.engine.program.resolve import CheckSettings, resolve_program
from qingting.engine.run.commit import RunIdentity
from qingting.engine.run.context import RunContext
from qingting.engine.run.engine import RunSettings, execute_run
from qingting.engine.stores.sqlite.database import SqliteStore
from qingting.grammar.parser import collect_names, parse_text

SEALING, GROWTH, VERIFYING = 0.25, 3.0, 3.0
KEY_BYTES, ENTRY_BYTES = 190, 116
# Tags from here on are held by few.
RARE = 100

UNSEALED = """
INSERT INTO dispatches
SELECT seq + :base, header, occurrence, step, kind, unit, t, mark, not_before, zeroblob(32), zeroblob(32)
FROM run_dispatches ORDER BY seq
"""


def checked(playbooks: int) -> Program:
    """So many playbooks that push to nearly everybody."""
    tags = "\n".join(f'标签 "{name}"' for name in LIBRARY.tags)
    blocks = "\n".join(
        f'话术 "话术{n:03}" 用于 企微\n  正文 "你好"\n'
        f'剧本 "剧本{n:03}"\n  面向 无标签 "{tag_name(n + RARE)}"\n  每天 20:00\n    推送 企微 "话术{n:03}"'
        for n in range(playbooks)
    )
    policy = f'全局规则\n  永不推送 有标签 "{tag_name(RARE - 1)}"\n  每人7天最多{playbooks}条'
    text = f"{policy}\n{tags}\n{blocks}\n"
    file, diagnostics = parse_text(text, "benchmark.sop", collect_names([text]))
    program, more = resolve_program([file], diagnostics, CheckSettings(frozenset({"wecom"}), ZONE, "CNY"))
    assert not program.blocked, (diagnostics, more)
    return program


def unsealed(ctx: RunContext, identity: RunIdentity, _: object) -> tuple[()]:
    """Copies the records as they are."""
    ctx.execute(UNSEALED, {"base": identity.first_leaf - 1})
    return ()


def run(path: Path, program: Program, *, sealed: bool) -> float:
    """Seconds of the processor for a run over a store."""
    without = nullcontext() if sealed else patch("qingting.engine.run.commit._seal_records", unsealed)
    with without, SqliteStore.open(path, writable=True) as store:
        began = process_time()
        execute_run(store, program, now(), RunSettings(b"secret", notary(path) if sealed else NoNotary(), ""))
        return process_time() - began


def sealing(source: Path, folder: Path, program: Program, repeats: int) -> tuple[Path, int]:
    """Compares runs with and without sealing; gives a sealed store and its number of records."""
    sealed, plain = [], []
    for number in range(repeats):
        for is_sealed, seconds in ((True, sealed), (False, plain)):
            path = Path(shutil.copy(source, folder / f"{'sealed' if is_sealed else 'plain'}.db"))
            path.with_suffix(".fence").unlink(missing_ok=True)
            seconds.append(run(path, program, sealed=is_sealed))
        print(f"run {number + 1}: sealed {sealed[-1]:.2f} s, plain {plain[-1]:.2f} s")
    (folder / "plain.db").unlink()
    with SqliteStore.open(folder / "sealed.db") as store:
        records = leaf_count(store)
    share = 1 - min(plain) / min(sealed)
    print(f"sealing {records} records: {min(sealed) - min(plain):.2f} s of {min(sealed):.2f} s, {share:.0%}, allowed {SEALING:.0%}")
    assert share <= SEALING, f"sealing takes {share:.0%} of a run"
    return folder / "sealed.db", records


def appending(path: Path, records: int, repeats: int) -> None:
    """Extending the tree by a thousand leaves behind many, and behind few."""
    entries = [merkle.leaf_hash(str(number).encode()) for number in range(1000)]
    with SqliteStore.open(path, writable=True) as store:
        store.connection.execute("DROP TRIGGER tree_stay")
        seconds = {size: best(repeats, lambda size=size: extend(store, size, entries)) for size in (2560, records - 1500)}
    few, many = seconds.values()
    ratio = many / few
    print(f"tree and root over 1000 leaves more: {few * 1000:.1f} ms behind few, {many * 1000:.1f} ms behind {records}, ratio {ratio:.2f}")
    assert ratio <= GROWTH, f"appending to a long log takes {ratio:.1f} times as long"


def extend(store: SqliteStore, size: int, entries: list[bytes]) -> None:
    """The tree of the first ``size`` leaves grows by a thousand; undone afterwards."""
    with store.transaction() as connection:
        connection.execute("SAVEPOINT before")
        connection.execute("DELETE FROM tree WHERE level = 1 AND position >= ? / 256", (size,))
        connection.execute("DELETE FROM tree WHERE level = 2 AND position >= ? / 65536", (size,))
        store.set_meta("leaves", size + len(entries))
        tree = LogTree(store)
        tree.extend()
        tree.root(size + len(entries))
        connection.execute("ROLLBACK TO before")


def verifying(path: Path, records: int, repeats: int) -> None:
    """Verifying against hashing alone, and what one and several processes take."""
    hashing = best(repeats, lambda: hash_alone(records))
    leaves_alone = best(repeats, lambda: hash_many(bytes(ENTRY_BYTES), records))
    with SqliteStore.open(path) as store, store.snapshot():
        for workers in sorted({1, min(os.cpu_count() or 1, 4)}):
            seconds = best(repeats, lambda workers=workers: sound(store, workers))
            print(
                f"verify {records} records, {workers} process(es): {seconds:.2f} s, {seconds / hashing:.2f} times hashing alone"
                f" ({hashing:.2f} s; the entries without keys and tree {leaves_alone:.2f} s, {seconds / leaves_alone:.1f} times)"
            )
        assert seconds <= VERIFYING * hashing, f"verifying takes {seconds / hashing:.1f} times hashing"


def sound(store: SqliteStore, workers: int) -> None:
    """Verifies a log in which nothing is wrong."""
    assert verify_log(store, Outside(), workers).is_sound


def hash_alone(records: int) -> None:
    """Hashes what verifying so many records hashes: keys, entries, nodes."""
    hash_many(bytes(KEY_BYTES), records)
    hash_many(bytes(ENTRY_BYTES), records)
    hash_many(bytes(2 * merkle.HASH_LENGTH + 1), records - 1)


def hash_many(data: bytes, times: int) -> None:
    """One hash after the other."""
    for _ in range(times):
        sha256(data).digest()


def proving(path: Path, records: int) -> None:
    """What a proof takes, from an open store."""
    with SqliteStore.open(path) as store, store.snapshot():
        tree = LogTree(store)
        root = tree.root(records)
        began = perf_counter()
        for index in range(0, records, records // 100):
            (leaf,) = tree.leaves(index, index + 1)
            verify_inclusion(index, records, leaf, inclusion_proof(index, records, tree.subtree), root)
        print(f"a proof made and checked: {(perf_counter() - began) * 10:.1f} ms")


def best(repeats: int, measured: Callable[[], object]) -> float:
    """The least seconds of some repetitions."""
    found = []
    for _ in range(repeats):
        began = perf_counter()
        measured()
        found.append(perf_counter() - began)
    return min(found)


def main() -> None:
    """Measures all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--playbooks", type=int, default=12, help="each leaves a record for every member")
    parser.add_argument("--verified", type=int, default=20, help="as many for the log that is verified")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, records = sealing(arguments.store, folder, checked(arguments.playbooks), arguments.repeats)
        appending(path, records, arguments.repeats)
        path.unlink()
        path = Path(shutil.copy(arguments.store, folder / "long.db"))
        run(path, checked(arguments.verified), sealed=True)
        with SqliteStore.open(path) as store:
            records = leaf_count(store)
        verifying(path, records, arguments.repeats)
        proving(path, records)


if __name__ == "__main__":
    main()
