"""qingting.yaml: what a workspace is configured with, read without converting anything.

Scalars keep their text (``12:30`` is not 750, ``no`` is not false). Unknown and repeated keys are errors with their
place. Secrets stand only as ``${ENV_NAME}`` and are filled in where a channel is opened, never here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Literal

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..grammar.diagnostics import CannotRun, Diagnostic, Span, UsageError
from ..grammar.record import record
from ..grammar.source import decode_leniently, read_source
from .program.builtin_names import channel_name
from .program.holidays import CALENDARS, NO_CALENDAR, HolidayCalendar
from .program.zones import is_zone
from .yaml_text import YamlReader

FILE = "qingting.yaml"
DEFAULT_STORE = "sqlite:qingting.db"
DEFAULT_CURRENCY = "CNY"
DEFAULT_ORIGIN = "qingting.log"
KEYS = ("store", "timezone", "currency", "language", "holidays", "channels", "sources", "costs", "log_origin")
_SECRET_WORDS = ("secret", "password", "token", "aeskey")
_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@record
class ChannelSettings:
    """A channel by its canonical name; ``type`` says what carries it, ``options`` are texts as written."""

    name: str
    type: str
    options: Mapping[str, str] = field(default_factory=dict)


@record
class Settings:
    """The configuration of a workspace. ``store`` is a URL or a path relative to the workspace."""

    timezone: str
    store: str = DEFAULT_STORE
    currency: str = DEFAULT_CURRENCY
    language: Literal["zh", "en"] | None = None
    holidays: HolidayCalendar = NO_CALENDAR
    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    costs: Mapping[str, str] = field(default_factory=dict)
    log_origin: str = DEFAULT_ORIGIN


def read_settings(text: str) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """Return the settings that ``text`` says, or None and what is wrong with it.

    >>> read_settings("timezone: Asia/Shanghai")[0].timezone
    'Asia/Shanghai'
    >>> [d.code for d in read_settings("timezone: Mars/Base")[1]]
    ['C106']
    """
    reader = _Reader(FILE)
    root = reader.compose(text, "C105")
    settings = reader.settings(root) if root is not None else None
    found = tuple(sorted(reader.found, key=lambda d: d.span))
    return (None if found else settings), found


def load_settings(root: Path) -> tuple[Settings | None, tuple[Diagnostic, ...], str]:
    """Return the settings of the workspace in ``root``, what is wrong with them, and the text.

    Raises CannotRun C120 without the file, C123 where it cannot be read.
    """
    path = root / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CannotRun("C120", path=str(root)) from None
    except OSError as error:
        raise CannotRun("C123", path=str(path), reason=error.strerror or "") from None
    text, diagnostics = read_source(data, FILE)
    if text is None:
        return None, diagnostics, decode_leniently(data)
    settings, diagnostics = read_settings(text)
    return settings, diagnostics, text


def is_origin(text: str) -> bool:
    """Whether logs can be called so: a name of signed notes, made like a URL without its scheme.

    >>> is_origin("example.com/crm"), is_origin("https://example.com"), is_origin("a b")
    (True, False, False)
    """
    return bool(text) and "://" not in text and "+" not in text and not text.endswith("/") and text.isprintable() and not (
        any(letter.isspace() for letter in text)
    )


def store_of(root: Path, settings: Settings | None) -> Path | None:
    """Return the file of the configured store, None where the configuration does not say."""
    if settings is None:
        return None
    try:
        return root / sqlite_path(settings.store)
    except UsageError:
        return None


def sqlite_path(url: str) -> Path:
    """Return the file of a store URL: ``sqlite:PATH`` or a bare path. Raises UsageError C122 for others."""
    scheme, colon, rest = url.partition(":")
    if not colon or scheme in ("", ".") or "/" in scheme:
        rest, scheme = url, "sqlite"
    if scheme != "sqlite" or not rest:
        raise UsageError("C122", url=url)
    return Path(rest)


def resolve_secrets(text: str, environment: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` with every ``${NAME}`` filled in, and the names that ``environment`` lacks.

    >>> resolve_secrets("Bearer ${SHOP_TOKEN}", {"SHOP_TOKEN": "x"})
    ('Bearer x', ())
    """
    names = [found[2:-1] for found in _REFERENCE.findall(text)]
    missing = tuple(name for name in names if name not in environment)
    return _REFERENCE.sub(lambda m: environment.get(m[0][2:-1], m[0]), text), missing


class _Reader(YamlReader):
    """One reading of the configuration."""

    def settings(self, root: MappingNode) -> Settings | None:
        nodes = self.entries(root, KEYS)
        if "timezone" not in nodes:
            self.error("C105", Span(root.start_mark.index, root.start_mark.index + 1))
        language = self.choice(nodes, "language", ("zh", "en"))
        return Settings(
            timezone=self.checked(nodes, "timezone", "", "C106", is_zone),
            store=self.checked(nodes, "store", DEFAULT_STORE, "C107", bool),
            currency=self.checked(
                nodes, "currency", DEFAULT_CURRENCY, "C108", lambda text: bool(_CURRENCY.fullmatch(text))
            ),
            language="zh" if language == "zh" else "en" if language == "en" else None,
            holidays=self.holidays(nodes["holidays"]) if "holidays" in nodes else NO_CALENDAR,
            channels=self.channels(nodes["channels"]) if "channels" in nodes else {},
            sources=dict(self.tables(nodes["sources"])) if "sources" in nodes else {},
            costs=self.texts(nodes["costs"], "costs") if "costs" in nodes else {},
            log_origin=self.checked(nodes, "log_origin", DEFAULT_ORIGIN, "C119", is_origin),
        )

    def checked(
        self, nodes: Mapping[str, Node], key: str, default: str, code: str, is_right: Callable[[str], bool]
    ) -> str:
        if key not in nodes:
            return default
        before = len(self.found)
        text = self.text(nodes[key], key)
        if len(self.found) == before and not is_right(text):
            self.error(code, nodes[key], text=text)
        return text

    def holidays(self, node: Node) -> HolidayCalendar:
        if isinstance(node, ScalarNode):
            return HolidayCalendar(self.calendar(node))
        parts = self.entries(node, ("calendar", "days"), "holidays")
        calendar = self.calendar(parts["calendar"]) if "calendar" in parts else ""
        days: dict[date, Literal["off", "work"]] = {}
        for name, value in self.entries(parts["days"], None, "days").items() if "days" in parts else ():
            word = self.text(value, name)
            try:
                day = date.fromisoformat(name)
            except ValueError:
                self.error("C113", value, text=name)
                continue
            if word not in ("off", "work"):
                self.error("C112", value, key=name, text=word, choices="off, work")
            days[day] = "off" if word == "off" else "work"
        return HolidayCalendar(calendar, days)

    def calendar(self, node: Node) -> str:
        name = self.text(node, "holidays")
        if name and name not in CALENDARS:
            self.error("C116", node, text=name, known=", ".join(CALENDARS))
        return name

    def channels(self, node: Node) -> dict[str, ChannelSettings]:
        channels: dict[str, ChannelSettings] = {}
        for written, value in self.entries(node, None, "channels").items():
            name = channel_name(written)
            if name in channels:
                self.error("C110", value, key=written)
                continue
            options = self.texts(value, written)
            kind = options.pop("type", "")
            if not kind:
                self.error("C114", value, key=written)
            channels[name] = ChannelSettings(name, kind, options)
        return channels

    def tables(self, node: Node) -> Iterator[tuple[str, Mapping[str, str]]]:
        for name, value in self.entries(node, None, "sources").items():
            yield name, self.texts(value, name)

    def texts(self, node: Node, key: str) -> dict[str, str]:
        """A mapping of texts; what is named as a secret must be a reference to the environment."""
        texts: dict[str, str] = {}
        for name, value in self.entries(node, None, key).items():
            if isinstance(value, SequenceNode):
                texts[name] = ",".join(self.text(item, name) for item in value.value)
                continue
            texts[name] = self.text(value, name)
            is_secret = any(word in name.lower() for word in _SECRET_WORDS)
            if is_secret and not _REFERENCE.fullmatch(texts[name]):
                self.error("C115", value, key=name)
        return texts
