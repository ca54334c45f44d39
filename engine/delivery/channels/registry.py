"""Finding the channels that a workspace names: built-in types, and the entry point group ``qingting.channels``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points

from ....grammar.diagnostics import CannotRun, UsageError
from .console import open_console
from .file import open_file
from .protocol import Channel, ChannelConfig, ChannelEnvironment, ChannelFactory

GROUP = "qingting.channels"
BUILT_IN: Mapping[str, ChannelFactory] = {"console": open_console, "file": open_file}


def channel_config(name: str, kind: str, options: Mapping[str, str]) -> ChannelConfig:
    """Return the configuration of a channel; the option ``delivery`` is taken out of those of its type.

    Raises :class:`UsageError` ``D106`` where it is neither ``at_most_once`` nor ``at_least_once``.

    >>> channel_config("sms", "file", {"path": "out.jsonl", "delivery": "at_least_once"}).delivery
    'at_least_once'
    """
    rest = {key: value for key, value in options.items() if key != "delivery"}
    mode = options.get("delivery", "at_most_once")
    if mode == "at_most_once":
        return ChannelConfig(name, kind, rest, "at_most_once")
    if mode == "at_least_once":
        return ChannelConfig(name, kind, rest, "at_least_once")
    raise UsageError("D106", name=name, mode=mode)


def open_channels(configs: Iterable[ChannelConfig], environment: ChannelEnvironment) -> dict[str, Channel]:
    """Open every channel, by name.

    Raises :class:`UsageError` (``D101`` unknown type, ``D103``, ``D104`` options) or :class:`CannotRun` (``D102``
    a registered type that does not load).
    """
    return {config.name: _factory(config)(config, environment) for config in configs}


def _factory(config: ChannelConfig) -> ChannelFactory:
    if config.type in BUILT_IN:
        return BUILT_IN[config.type]
    registered = entry_points(group=GROUP)
    if config.type not in registered.names:
        known = ", ".join(sorted({*BUILT_IN, *registered.names}))
        raise UsageError("D101", name=config.name, type=config.type, known=known)
    try:
        factory: ChannelFactory = registered[config.type].load()
    except (ImportError, AttributeError) as error:
        raise CannotRun("D102", name=config.name, type=config.type, error=type(error).__name__) from error
    return factory
