"""What a channel is: something that takes messages and answers for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TextIO, runtime_checkable

AnswerOutcome = Literal["sent", "confirmed", "refused", "failed", "unknown", "later"]
DeliveryMode = Literal["at_most_once", "at_least_once"]


@dataclass(frozen=True, slots=True)
class MessagePart:
    """What goes with a text: a link, picture, mini program, as the template declares it."""

    kind: str
    value: str
    title: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One dispatch as a channel gets it.

    ``key`` is 64 hex digits and the idempotency key: the same in every attempt. ``id`` are its first 20, as the
    log shows it. ``recipient`` is the outside id of the member or the name of the group. ``attempt`` counts from 1.
    """

    key: str
    id: str
    channel: str
    recipient: str
    text: str
    parts: tuple[MessagePart, ...]
    category: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel says of one message.

    ``later`` says that it was not sent and may be tried again, not before ``retry_after`` microseconds have gone;
    ``failed`` and ``refused`` that it never will be; ``unknown`` that nobody can tell. ``error`` is a short
    technical text without personal data: it goes into the log.
    """

    outcome: AnswerOutcome
    channel_id: str | None = None
    error: str | None = None
    retry_after: int | None = None


class Channel(Protocol):
    """A way to members. One object is used by one thread at a time."""

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Send ``messages`` and return as many answers, in their order.

        A message whose key was sent before is not sent again where the channel can tell. An exception says that
        it is unknown of every message whether it was sent.
        """


@runtime_checkable
class Askable(Protocol):
    """A channel that can say afterwards whether it got a message."""

    def ask(self, keys: Sequence[str]) -> Sequence[Answer | None]:
        """Return for each key what became of the message, None where it never arrived and can be sent again."""


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """A channel of the workspace by its canonical name. ``options`` are those of its type, texts as written.

    ``delivery`` says what to do where nobody can tell whether a message was sent: leave it, or send it again.
    """

    name: str
    type: str
    options: Mapping[str, str] = field(default_factory=dict)
    delivery: DeliveryMode = "at_most_once"


@dataclass(frozen=True, slots=True)
class ChannelEnvironment:
    """What channels share: the folder that relative paths start from, and the stream that ``console`` writes to."""

    folder: Path
    stream: TextIO


class ChannelFactory(Protocol):
    """What a type of channel is registered as."""

    def __call__(self, config: ChannelConfig, environment: ChannelEnvironment) -> Channel:
        """Open the channel. Raises a QingtingError where it is configured wrongly."""
