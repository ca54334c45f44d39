"""Checkpoints: how far a log had come, in a form that can be kept outside the store.

The text form is that of the table ``checkpoints`` and of the fence::

    qingting.log/<store id>
    <number of leaves>
    leaf <hex of the last leaf's hash, or - for an empty log>
    run <id of the last run, or - before the first>
"""

from __future__ import annotations

from dataclasses import dataclass

from .store import LogStore, leaf_at, leaf_count

ORIGIN = "qingting.log/"
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The length of a log, its last leaf and the run that wrote last. ``leaf`` is None where there is none."""

    store_id: str
    leaves: int
    leaf: bytes | None
    run: str | None

    def to_bytes(self) -> bytes:
        """Return the text form, four lines of UTF-8.

        >>> print(Checkpoint("s", 0, None, None).to_bytes().decode(), end="")
        qingting.log/s
        0
        leaf -
        run -
        """
        leaf = self.leaf.hex() if self.leaf is not None else _NONE
        return f"{ORIGIN}{self.store_id}\n{self.leaves}\nleaf {leaf}\nrun {self.run or _NONE}\n".encode()


def read_checkpoint(body: bytes) -> Checkpoint:
    """Return the checkpoint that ``body`` is the text form of; raise ValueError where it is none.

    >>> read_checkpoint(Checkpoint("s", 3, b"abc", "r1").to_bytes())
    Checkpoint(store_id='s', leaves=3, leaf=b'abc', run='r1')
    """
    origin, leaves, leaf, run = body.decode().splitlines()
    read = Checkpoint(
        origin.removeprefix(ORIGIN),
        int(leaves),
        None if leaf == f"leaf {_NONE}" else bytes.fromhex(leaf.removeprefix("leaf ")),
        None if run == f"run {_NONE}" else run.removeprefix("run "),
    )
    if read.to_bytes() != body:
        raise ValueError("not a checkpoint")
    return read


def present_checkpoint(store: LogStore) -> Checkpoint:
    """Return the checkpoint of the log as it stands, deliveries included."""
    leaves = leaf_count(store)
    row = store.connection.execute("SELECT id FROM runs ORDER BY run DESC LIMIT 1").fetchone()
    return Checkpoint(store.store_id, leaves, leaf_at(store, leaves - 1), row[0] if row else None)
