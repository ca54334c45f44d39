"""A process that delivers and kills itself: at a statement to the store, around the call of the channel, or inside it.

Run as a script: store, folder, where (``statement``, ``before``, ``within``, ``after``, ``never``), number.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from delivery.hands import deliverer
from delivery.shop import T
from log.notaries import notary_in
from qingting.engine.delivery.channels import Answer, ChannelConfig, ChannelEnvironment, Message, open_channels
from qingting.engine.delivery.outbox import DeliveryPolicy, deliver_once
from qingting.engine.delivery.owners import present_owner
from qingting.engine.stores.sqlite.database import SqliteStore

BATCH = 3


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """The file channel, in a process that dies around its n-th call."""

    def __init__(self, folder: Path, where: str, number: int) -> None:
        environment = ChannelEnvironment(folder, io.StringIO())
        config = ChannelConfig("wecom", "file", {"path": "out.jsonl"})
        self.inner = open_channels([config], environment)["wecom"]
        self.path = folder / "out.jsonl"
        self.where = where
        self.number = number
        self.calls = 0

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        self.calls += 1
        fatal = self.calls == self.number
        if fatal and self.where == "before":
            die()
        if fatal and self.where == "within":
            self.inner.send(messages[:2])
            os.truncate(self.path, self.path.stat().st_size - 20)
            die()
        answers = self.inner.send(messages)
        if fatal and self.where == "after":
            die()
        return answers

    def ask(self, keys: Sequence[str]) -> Sequence[Answer | None]:
        return self.inner.ask(keys)


def deliver(store: SqliteStore, folder: Path, owner: str, where: str = "never", number: int = 0) -> object:
    channel = Dying(folder, where, number)
    with present_owner(folder / "owners", owner):
        return deliver_once(store, _deliverer(store, channel, folder, owner), T)


def _deliverer(store: SqliteStore, channel: Dying, folder: Path, owner: str):
    return deliverer(
        store,
        {"wecom": channel},
        owner=owner,
        folder=folder / "owners",
        notary=notary_in(folder),
        policy=DeliveryPolicy(batch=BATCH),
    )


def main(path: str, folder: str, where: str, number: str) -> None:
    with SqliteStore.open(Path(path), writable=True) as store:
        if where == "statement":
            left = [int(number)]

            def count(statement: str) -> None:
                left[0] -= 1
                if left[0] < 0:
                    die()

            store.connection.set_trace_callback(count)
        deliver(store, Path(folder), f"process-{os.getpid()}", where, int(number))
    if __name__ == "__main__":
        sys.stdout.write("whole")


if __name__ == "__main__":
    main(*sys.argv[1:])
