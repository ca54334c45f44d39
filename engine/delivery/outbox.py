"""Handing due dispatches to their channels, so that a crash at any instant leaves a known state.

For each batch one transaction tests consent, writes the texts and notes that the batch is handed over; it has
reached the disk before the channel is called, and a second one records the answers. A dispatch that a dead process
left between the two is asked after where the channel can be asked; otherwise nobody knows what became of it, and
only a channel declared ``at_least_once`` gets it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..log.keys import record_id
from ..log.notary import Notary
from ..program.ir import HOUR, MINUTE
from .alerts import responsible_staff
from .channels import Answer, Askable, Channel, ChannelConfig, Message
from .due import DueDispatch, Lease, due_dispatches, lease_owners, take_over_lapsed, waiting_channels, waiting_count
from .outcomes import Outcome, Settled, record_outcomes, salted
from .render import RenderedText, Renderer, Unfit, ValueSource
from .store import DeliveryStore, synced_transaction

_MEMBER = 0


class ConsentTest(Protocol):
    """Who may not be written to, by everything known now (T = the instant of delivery)."""

    def __call__(self, units: Sequence[int], category: str) -> Set[int]:
        """Return those of the members ``units`` whom a playbook of ``category`` may not push to.

        Called inside a write transaction: it reads and neither begins nor ends one.
        """


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How much at once, how long and how often; times in microseconds.

    A dispatch is tried at most ``attempts`` times. The n-th retry waits ``first_delay`` doubled n - 1 times, at
    most ``longest_delay``, of which jitter takes up to half away.
    """

    batch: int = 200
    lease: int = 10 * MINUTE
    attempts: int = 8
    first_delay: int = MINUTE
    longest_delay: int = 6 * HOUR


@dataclass(frozen=True, slots=True)
class Deliverer:
    """What a delivery works with, put together by the workspace.

    ``owner`` tells this delivery from all others: it must differ in every process. ``is_dead`` says of the owner of
    a lease that it certainly works no more, so that nobody waits for the lease to end (``owners.py``). ``jitter``
    gives numbers in [0, 1). ``random_bytes`` gives the salts under which answers and texts stand in the log, unpredictable.
    ``notary`` vouches for each transaction that adds to the log. ``recorded`` hears, for each batch,
    through which channel it went and how many came to which end.
    """

    owner: str
    configs: Mapping[str, ChannelConfig]
    channels: Mapping[str, Channel]
    renderer: Renderer
    values: ValueSource
    refused: ConsentTest
    jitter: Callable[[], float]
    is_dead: Callable[[str], bool]
    random_bytes: Callable[[int], bytes]
    notary: Notary
    policy: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    recorded: Callable[[str, DeliveryReport], None] = lambda channel, ends: None


@dataclass(frozen=True, slots=True)
class ChannelFault:
    """What a channel raised; its delivery ended there, the other channels went on."""

    channel: str
    error: Exception


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many dispatches came to which end; ``confirmed`` counts as sent.

    ``retried`` were tried and wait for another attempt. ``waiting`` is what is in the outbox afterwards, for
    whatever cause. ``unconfigured`` names channels that something waits for and the workspace does not have.
    """

    sent: int = 0
    failed: int = 0
    refused: int = 0
    unknown: int = 0
    withdrawn: int = 0
    retried: int = 0
    waiting: int = 0
    unconfigured: tuple[str, ...] = ()
    faults: tuple[ChannelFault, ...] = ()

    def with_outcomes(self, outcomes: Sequence[Outcome]) -> DeliveryReport:
        """This report with ``outcomes`` counted."""
        return replace(
            self,
            sent=self.sent + outcomes.count("sent") + outcomes.count("confirmed"),
            failed=self.failed + outcomes.count("failed"),
            refused=self.refused + outcomes.count("refused"),
            unknown=self.unknown + outcomes.count("unknown"),
            withdrawn=self.withdrawn + outcomes.count("withdrawn"),
        )


@dataclass(frozen=True, slots=True)
class _HandedOver:
    """A dispatch in the hands of its channel, by this process or, without ``message``, by a lost one.

    ``attempt`` is the number of this attempt.
    """

    dispatch: DueDispatch
    attempt: int
    digest: bytes | None
    message: Message | None = None


def deliver_once(store: DeliveryStore, deliverer: Deliverer, at: int) -> DeliveryReport:
    """Hand over everything that is due by ``at`` and record what became of it.

    What waits for a retry or is in the hands of another delivery stays. A channel that raises ends its own delivery;
    faults of the store are raised.
    """
    report = DeliveryReport()
    for name in sorted(deliverer.channels):
        delivery = _ChannelDelivery(store, deliverer, name, at)
        try:
            delivery.settle_lapsed()
            delivery.hand_over_due()
        except _ChannelError as broke:
            report = replace(report, faults=(*report.faults, ChannelFault(name, broke.error)))
        report = replace(report.with_outcomes(delivery.outcomes), retried=report.retried + delivery.retried)
    missing = tuple(name for name in waiting_channels(store) if name not in deliverer.channels)
    return replace(report, waiting=waiting_count(store), unconfigured=missing)


class _ChannelError(Exception):
    """A channel raised ``error``; what is known has been recorded."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


class _ChannelDelivery:
    """The delivery through one channel at one instant; ``outcomes`` and ``retried`` say what it came to."""

    def __init__(self, store: DeliveryStore, deliverer: Deliverer, name: str, at: int) -> None:
        self.outcomes: list[Outcome] = []
        self.retried = 0
        self._store = store
        self._deliverer = deliverer
        self._policy = deliverer.policy
        self._name = name
        self._channel = deliverer.channels[name]
        self._repeats = deliverer.configs[name].delivery == "at_least_once"
        self._at = at
        self._lease = Lease(deliverer.owner, at + deliverer.policy.lease)

    def settle_lapsed(self) -> None:
        """Find out what became of dispatches that a lost process had handed over."""
        dead = [owner for owner in lease_owners(self._store) if self._deliverer.is_dead(owner)]
        while True:
            with self._store.transaction():
                lapsed = take_over_lapsed(
                    self._store, self._name, self._at, self._lease, dead, self._policy.batch
                )
            if not lapsed:
                return
            handed = [_HandedOver(each, each.attempt, each.text_digest) for each in lapsed]
            self._record(handed, [Answer("unknown", error="interrupted") for _ in handed])

    def hand_over_due(self) -> None:
        """Hand over batch after batch until nothing is due."""
        while True:
            handed, ended = self._prepare()
            if ended:
                self.outcomes += ended
                self._deliverer.notary.confirm(self._store)
            if handed:
                self._call(handed)
            elif not ended:
                return

    def _prepare(self) -> tuple[list[_HandedOver], list[Outcome]]:
        with synced_transaction(self._store):
            due = due_dispatches(self._store, self._name, self._at, self._policy.batch)
            timely, late = self._turn_away_untimely(self._with_staff(due))
            allowed, withdrawn = self._ask_consent(timely)
            withdrawn += late
            texts = self._deliverer.renderer.render_batch(allowed, self._deliverer.values)
            handed: list[_HandedOver] = []
            for dispatch in allowed:
                text = texts[dispatch.seq]
                if isinstance(text, Unfit):
                    unfit = salted(self._deliverer.random_bytes, error=text.error)
                    withdrawn.append(Settled(dispatch, dispatch.attempt, "failed", text.reason, unfit))
                else:
                    handed.append(self._message(dispatch, text))
            record_outcomes(self._store, self._at, withdrawn, owner=None)
            self._mark_handed_over(handed)
            self._deliverer.notary.attest(self._store)
        return handed, [item.outcome for item in withdrawn]

    def _with_staff(self, due: Sequence[DueDispatch]) -> list[DueDispatch]:
        """The same with those in the place of recipients whom alerts are for, as of now; one for nobody goes without."""
        alerts = [each.seq for each in due if each.alert is not None]
        staff = responsible_staff(self._store, alerts, self._at) if alerts else {}
        return [each if each.alert is None else replace(each, recipient=staff.get(each.seq, "")) for each in due]

    def _turn_away_untimely(self, due: Sequence[DueDispatch]) -> tuple[list[DueDispatch], list[Settled]]:
        """Those that may still go out, and the ends of those whose time, or whose recipient's id, is over."""
        over = {each.seq: "late" for each in due if each.latest is not None and self._at > each.latest}
        over |= {each.seq: "merged" for each in due if each.merged and each.alert is None}
        ended = [Settled(each, each.attempt, "withdrawn", over[each.seq]) for each in due if each.seq in over]
        return [each for each in due if each.seq not in over], ended

    def _ask_consent(self, due: Sequence[DueDispatch]) -> tuple[list[DueDispatch], list[Settled]]:
        refused: set[int] = set()
        for category in sorted({each.category for each in due}):
            units = [each.unit for each in due if each.category == category and _is_for_member(each)]
            members = self._deliverer.refused(units, category) if units else frozenset()
            refused.update(
                each.seq
                for each in due
                if each.category == category and _is_for_member(each) and each.unit in members
            )
        # Nobody can speak for a member who was erased.
        refused.update(each.seq for each in due if each.recipient is None)
        ended = [Settled(each, each.attempt, "withdrawn", "never_push") for each in due if each.seq in refused]
        return [each for each in due if each.seq not in refused], ended

    def _message(self, dispatch: DueDispatch, text: RenderedText) -> _HandedOver:
        attempt = dispatch.attempt + 1
        message = Message(
            key=dispatch.key.hex(),
            id=record_id(dispatch.key),
            channel=self._name,
            recipient=dispatch.recipient or "",
            text=text.text,
            parts=text.parts,
            category=dispatch.category,
            attempt=attempt,
        )
        return _HandedOver(dispatch, attempt, text.digest, message)

    def _mark_handed_over(self, handed: Sequence[_HandedOver]) -> None:
        self._store.connection.executemany(
            "UPDATE outbox SET attempt = ?, lease_owner = ?, lease_until = ?, text_digest = ? WHERE dispatch = ?",
            [
                (each.attempt, self._lease.owner, self._lease.until, each.digest, each.dispatch.seq)
                for each in handed
            ],
        )

    def _call(self, handed: Sequence[_HandedOver]) -> None:
        messages = [each.message for each in handed if each.message is not None]
        try:
            answers = list(self._channel.send(messages))
            if len(answers) != len(messages):
                raise ValueError("a channel answers for each message")
        except Exception as error:
            # Whatever a channel raises, what it did before is unknown: neither lost nor to be repeated blindly.
            self._record(handed, [Answer("unknown", error=type(error).__name__) for _ in messages])
            raise _ChannelError(error) from error
        self._record(handed, answers)

    def _record(self, handed: Sequence[_HandedOver], answers: Sequence[Answer]) -> None:
        settled: list[Settled] = []
        later: list[tuple[_HandedOver, Answer]] = []
        known, fault = self._with_answers_asked_for(handed, answers)
        for each, answer in known:
            outcome = self._outcome(each, answer)
            if outcome is None:
                later.append((each, answer))
                continue
            told = salted(self._deliverer.random_bytes, answer.channel_id, answer.error, each.digest)
            settled.append(Settled(each.dispatch, each.attempt, outcome, private=told))
        with self._store.transaction():
            record_outcomes(self._store, self._at, settled, self._lease.owner)
            self._put_back(later)
            self._deliverer.notary.attest(self._store)
        self._deliverer.notary.confirm(self._store)
        self.outcomes += [item.outcome for item in settled]
        self.retried += len(later)
        ends = DeliveryReport(retried=len(later)).with_outcomes([item.outcome for item in settled])
        self._deliverer.recorded(self._name, ends)
        if fault is not None:
            raise _ChannelError(fault)

    def _with_answers_asked_for(
        self, handed: Sequence[_HandedOver], answers: Sequence[Answer]
    ) -> tuple[list[tuple[_HandedOver, Answer]], Exception | None]:
        """Each with its answer, unknown ones asked for. Those that cannot be asked for now are left out, and leased."""
        pairs = list(zip(handed, answers, strict=True))
        unknown = [each for each, answer in pairs if answer.outcome == "unknown"]
        if not unknown or not isinstance(self._channel, Askable):
            return pairs, None
        try:
            replies = self._channel.ask([each.dispatch.key.hex() for each in unknown])
        except Exception as error:  # noqa: BLE001 - a channel may raise anything; it is reported as its fault
            return [(each, answer) for each, answer in pairs if answer.outcome != "unknown"], error
        not_received = Answer("later", error="not received")
        told = {each.dispatch.seq: reply or not_received for each, reply in zip(unknown, replies, strict=True)}
        return [(each, told.get(each.dispatch.seq, answer)) for each, answer in pairs], None

    def _outcome(self, handed: _HandedOver, answer: Answer) -> Outcome | None:
        """The final outcome, or None where the dispatch is tried again."""
        exhausted = handed.attempt >= self._policy.attempts
        if answer.outcome == "later":
            return "failed" if exhausted and handed.message is not None else None
        if answer.outcome == "unknown":
            return "unknown" if exhausted or not self._repeats else None
        return answer.outcome

    def _put_back(self, later: Sequence[tuple[_HandedOver, Answer]]) -> None:
        self._store.connection.executemany(
            "UPDATE outbox SET due = max(due, ?), attempt = ?, lease_owner = NULL, lease_until = NULL "
            "WHERE dispatch = ? AND lease_owner = ?",
            [(*self._next_try(each, answer), each.dispatch.seq, self._lease.owner) for each, answer in later],
        )

    def _next_try(self, handed: _HandedOver, answer: Answer) -> tuple[int, int]:
        """When a dispatch is tried again, and how many attempts it has had: exponential backoff with equal jitter.

        What a lost process left goes at once, and its attempt does not count if the channel never got it.
        """
        if handed.message is None:
            return 0, handed.attempt - (answer.outcome == "later")
        doubled = min(self._policy.first_delay << (handed.attempt - 1), self._policy.longest_delay)
        waited = doubled - int(doubled * self._deliverer.jitter() / 2)
        return self._at + max(waited, answer.retry_after or 0), handed.attempt


def _is_for_member(dispatch: DueDispatch) -> bool:
    return dispatch.kind == _MEMBER and dispatch.alert is None
