"""The channel that shows messages: for trying playbooks out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from ....grammar.diagnostics import UsageError
from .protocol import Answer, ChannelConfig, ChannelEnvironment, Message


class ConsoleChannel:
    """Writes each message to a stream: channel and recipient, then text and parts, indented."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Write ``messages``; each is sent once the stream has taken it."""
        for message in messages:
            self._stream.write(_shown(message))
        self._stream.flush()
        return [Answer("sent") for _ in messages]


def open_console(config: ChannelConfig, environment: ChannelEnvironment) -> ConsoleChannel:
    """Open a console channel; it has no options."""
    for option in config.options:
        raise UsageError("D104", name=config.name, option=option)
    return ConsoleChannel(environment.stream)


def _shown(message: Message) -> str:
    lines = [f"{message.channel} → {message.recipient}  [{message.id}]"]
    lines += [f"  {line}" for line in message.text.splitlines()]
    for part in message.parts:
        extra = " · ".join(text for text in (part.title, part.page) if text)
        lines.append(f"  {part.kind}: {part.value}" + (f" ({extra})" if extra else ""))
    # Texts hold members' names; control characters in them must not steer the terminal.
    return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines) + "\n"
