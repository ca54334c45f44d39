"""What a delivery works with, put together from the workspace: channels, texts, consent, a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TextIO

from ..grammar.diagnostics import CannotRun, QingtingError
from .asking import PolicyConsent, StoreValues
from .delivery.alerts import STAFF_CHANNEL, queue_alerts, text_for_staff
from .delivery.channels import ChannelConfig, ChannelEnvironment, channel_config, open_channels
from .delivery.due import lease_owners
from .delivery.outbox import Deliverer, DeliveryReport, deliver_once
from .delivery.owners import forget_dead_owners, owner_is_dead, present_owner
from .delivery.render import Renderer
from .log.notary import Notary
from .program.ir import Program
from .program_log import note
from .settings import ChannelSettings, Settings, resolve_secrets
from .stores.sqlite.database import SqliteStore

OWNERS = "delivering"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a delivery happens: the workspace's folder and its state's, the environment, the stream of ``console``."""

    folder: Path
    state: Path
    environment: Mapping[str, str]
    stream: TextIO
    random_bytes: Callable[[int], bytes]

    def jitter(self) -> float:
        """A number in [0, 1)."""
        return int.from_bytes(self.random_bytes(6)) / 2**48


def deliver_due(
    store: SqliteStore, program: Program, settings: Settings, around: Surroundings, notary: Notary, at: int
) -> DeliveryReport:
    """Hand over what is due by ``at``. Raises CannotRun for a store that is older than its fence."""
    began = monotonic()
    # Before anything goes out: a copy that does not know of it must not pass.
    notary.check(store)
    notary.confirm(store)
    configs = channel_configs(settings, around.environment)
    channels = open_channels(configs.values(), ChannelEnvironment(around.folder, around.stream))
    if STAFF_CHANNEL in channels:
        queue_alerts(store, at)
    owners = around.state / OWNERS
    owner = around.random_bytes(8).hex()
    with present_owner(owners, owner):
        deliverer = Deliverer(
            owner=owner,
            configs=configs,
            channels=channels,
            renderer=Renderer(program.library.templates, lambda text: text_for_staff(text, program.library)),
            values=StoreValues(store, program.library, program.policy.zone.name),
            refused=PolicyConsent(store, program, at),
            jitter=around.jitter,
            is_dead=lambda name: owner_is_dead(owners, name),
            random_bytes=around.random_bytes,
            notary=notary,
            recorded=_note_batch,
        )
        report = deliver_once(store, deliverer, at)
    forget_dead_owners(owners, frozenset(lease_owners(store)))
    _note_delivery(report, monotonic() - began)
    return report


def _note_batch(channel: str, ends: DeliveryReport) -> None:
    note(
        "deliver.batch", channel=channel, sent=ends.sent, failed=ends.failed, refused=ends.refused, unknown=ends.unknown,
        retried=ends.retried,
    )


def _note_delivery(report: DeliveryReport, seconds: float) -> None:
    for fault in report.faults:
        code = fault.error.code if isinstance(fault.error, QingtingError) else None
        note("channel.fault", channel=fault.channel, error=fault.error, place=fault.error, code=code)
    for channel in report.unconfigured:
        note("channel.missing", channel=channel)
    note(
        "deliver.done", sent=report.sent, failed=report.failed, refused=report.refused, unknown=report.unknown,
        retried=report.retried, withdrawn=report.withdrawn, waiting=report.waiting, seconds=seconds,
    )


def channel_configs(settings: Settings, environment: Mapping[str, str]) -> dict[str, ChannelConfig]:
    """The channels of the workspace by name, secrets filled in. Raises CannotRun C129 for one that is not set."""
    return {name: _config(channel, environment) for name, channel in settings.channels.items()}


def _config(channel: ChannelSettings, environment: Mapping[str, str]) -> ChannelConfig:
    options = {}
    for option, text in channel.options.items():
        options[option], missing = resolve_secrets(text, environment)
        if missing:
            raise CannotRun("C129", name=missing[0], channel=channel.name)
    return channel_config(channel.name, channel.type, options)
