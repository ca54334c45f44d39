"""The channel that appends messages to a file as JSON Lines, each key once."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ....grammar.diagnostics import CannotRun, UsageError
from .protocol import Answer, ChannelConfig, ChannelEnvironment, Message

_OPTIONS = ("path",)


class FileChannel:
    """Appends messages to ``path`` and knows which keys the file holds.

    A message counts as sent when its whole line has reached the disk. The end of a line that a crash cut off is
    removed by the next writer, so every line is whole. Several processes may append to one file.
    """

    def __init__(self, name: str, path: Path) -> None:
        self._name = name
        self._path = path
        self._known: set[bytes] = set()
        self._read = 0

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Append those of ``messages`` whose keys the file does not hold. Raises :class:`CannotRun` ``D105``."""
        with self._opened() as file:
            self._catch_up(file, repair=True)
            fresh = [m for m in messages if bytes.fromhex(m.key) not in self._known]
            lines = b"".join(_line(message) for message in fresh)
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
            self._catch_up(file, repair=False)
        return [Answer("sent", channel_id=m.id) for m in messages]

    def ask(self, keys: Sequence[str]) -> Sequence[Answer | None]:
        """Return ``sent`` for the keys that the file holds and None for others. Raises ``D105``."""
        with self._opened() as file:
            self._catch_up(file, repair=True)
            # What a dead process wrote may not have reached the disk yet, and is about to be called sent.
            os.fsync(file.fileno())
        return [Answer("sent", channel_id=key[:20]) if bytes.fromhex(key) in self._known else None for key in keys]

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
        except OSError as error:
            raise CannotRun(
                "D105", name=self._name, path=str(self._path), error=error.strerror or type(error).__name__
            ) from error

    def _catch_up(self, file: BinaryIO, *, repair: bool) -> None:
        """Learn the keys of the lines appended since the last look; with ``repair`` cut an unfinished line off."""
        size = file.seek(0, os.SEEK_END)
        if size < self._read:
            self._known.clear()
            self._read = 0
        file.seek(self._read)
        fresh = file.read(size - self._read)
        whole = fresh.rfind(b"\n") + 1
        self._known.update(key for line in fresh[:whole].splitlines() if (key := _key(line)) is not None)
        self._read += whole
        if repair and whole < len(fresh):
            file.truncate(self._read)


def open_file(config: ChannelConfig, environment: ChannelEnvironment) -> FileChannel:
    """Open a file channel; option ``path``, relative to the workspace."""
    for option in config.options:
        if option not in _OPTIONS:
            raise UsageError("D104", name=config.name, option=option)
    if not config.options.get("path"):
        raise UsageError("D103", name=config.name, option="path")
    return FileChannel(config.name, environment.folder / config.options["path"])


def _line(message: Message) -> bytes:
    parts = [
        {"kind": part.kind, "value": part.value, "title": part.title, "page": part.page} for part in message.parts
    ]
    fields = {
        "key": message.key,
        "id": message.id,
        "channel": message.channel,
        "to": message.recipient,
        "text": message.text,
        "parts": parts,
        "category": message.category,
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _key(line: bytes) -> bytes | None:
    try:
        return bytes.fromhex(json.loads(line)["key"])
    except (ValueError, KeyError, TypeError):
        return None
