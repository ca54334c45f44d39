"""What a delivery works with, put together from the workspace: channels, texts, consent, a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..grammar.diagnostics import CannotRun
from .asking import PolicyConsent, StoreValues
from .delivery.alerts import STAFF_CHANNEL, queue_alerts, text_for_staff
from .delivery.channels import ChannelConfig, ChannelEnvironment, channel_config, open_channels
from .delivery.due import lease_owners
from .delivery.outbox import Deliverer, DeliveryReport, deliver_once
from .delivery.owners import forget_dead_owners, owner_is_dead, present_owner
from .delivery.render import Renderer
from .log.checkpoint import present_checkpoint
from .log.fence import renew_fence, write_fence
from .program.ir import Program
from .settings import ChannelSettings, Settings, resolve_secrets
from .stores.sqlite.database import SqliteStore

FENCE = "fence"
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
    store: SqliteStore, program: Program, settings: Settings, around: Surroundings, at: int
) -> DeliveryReport:
    """Hand over what is due by ``at``. Raises CannotRun for a store that is older than its fence."""
    fence = around.state / FENCE
    # Before anything goes out: a copy that does not know of it must not pass.
    renew_fence(store, fence)
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
            committed=lambda: write_fence(fence, present_checkpoint(store)),
        )
        report = deliver_once(store, deliverer, at)
    forget_dead_owners(owners, frozenset(lease_owners(store)))
    return report


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
