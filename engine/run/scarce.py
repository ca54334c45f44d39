"""What there is only so much of: stock and budgets, and who still gets some.

What is scarce goes by draw within an occurrence. One after the other in that order, a member finds a budget or the stock
used up, is kept from taking by a later reason, or takes. The first for whom something does not suffice ends it for
all after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from ..program.clock import day_start, local_day
from ..program.ir import Budget, Push, Redpacket
from .context import BlockRun, RunContext, StepAction, WaveNote
from .failures import StockContended
from .limits import coupon_of, redpacket_of
from .redpackets import AMOUNT, packet_values
from .spent import budget_spent, coupons_taken, packet_budget_spent
from .statement import fill
from .units import by_kind

_FOREVER = (-(2**63) + 1, 2**63 - 1)


@dataclass(frozen=True, slots=True)
class Scarce:
    """Something scarce for the rows with t in [``low``, ``high``).

    ``key`` tells it from others, ``left`` asks how much there is, a row takes ``cost`` and, with ``drawn``, the amount
    of its red packet.
    """

    key: tuple[str, ...]
    reason: str
    left: Callable[[], int]
    cost: int
    low: int = _FOREVER[0]
    high: int = _FOREVER[1]
    drawn: Redpacket | None = None

    @property
    def least(self) -> int:
        """The least that a row takes."""
        return self.cost + (self.drawn.low if self.drawn else 0)

    @property
    def most(self) -> int:
        """The most that a row takes."""
        return self.cost + (self.drawn.high if self.drawn else 0)


def is_limited(ctx: RunContext) -> bool:
    """Whether anything at all is scarce."""
    library = ctx.program.library
    return (
        any(coupon.stock is not None for coupon in library.coupons.values())
        or any(packet.budget is not None for packet in library.redpackets.values())
        or any(loaded.playbook.budgets for loaded in ctx.versions.values())
    )


def apply_scarce(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> None:
    """``budget`` and ``stock`` for rows that find none left when their turn comes.

    Comes after limits and incomplete texts, since those who take none leave it to others, and yet has the first
    word: whoever comes when all is gone is told so. Raises StockContended where the result would depend
    on the order of instants that are decided together.
    """
    short: list[tuple[Scarce, int]] = []
    for scarce in _asked_for(ctx, run, pc, action):
        left = scarce.left()
        _note(ctx, scarce, left)
        wanted, refused = ctx.rows(_DEMAND, {"pc": pc, "since": scarce.low, "until": scarce.high})[0]
        if (wanted + (1 if refused else 0)) * scarce.most > left:
            short.append((scarce, left))
        elif refused and ctx.mixed_wave:
            ctx.counters.refused.add(scarce.key)
    if all(left < scarce.least for scarce, left in short):
        for scarce, _ in short:
            # Whether an earlier item was to have what is gone, the wave asks at its end.
            ctx.counters.refused.add(scarce.key)
            ctx.execute(_NONE_LEFT, {"pc": pc, "since": scarce.low, "until": scarce.high, "reason": scarce.reason})
    else:
        _ration(ctx, run, pc, short)


def _note(ctx: RunContext, scarce: Scarce, left: int) -> None:
    """Notes what a wave finds of something scarce, and the most that anybody asks of it."""
    known = ctx.wave_notes.get(scarce.key)
    before, most = (left, scarce.most) if known is None else (known.before, max(known.most, scarce.most))
    ctx.wave_notes[scarce.key] = WaveNote(scarce.left, most, before)


def was_contended(ctx: RunContext) -> bool:
    """Whether the wave at work took of something so much that somebody it refused may have come too late.

    Then the order of its items matters.
    """
    for key in sorted(ctx.counters.refused & ctx.wave_notes.keys()):
        note = ctx.wave_notes[key]
        if note.before > (left := note.left()) and left < note.most:
            return True
    return False


def _ration(ctx: RunContext, run: BlockRun, pc: int, short: list[tuple[Scarce, int]]) -> None:
    """Gives the reason of whatever ends first to all rows from there on; what suffices after all ends nowhere.

    Of several that end with the same row the first of the reasons counts.
    """
    ends: list[tuple[int, str]] = []
    # A step gives one packet at most, so that the same amounts are drawn for all that is short.
    packet = next((scarce.drawn for scarce, _ in short if scarce.drawn is not None), None)
    ctx.execute("DELETE FROM queue")
    ctx.execute(fill(_QUEUE[run.kind], amount=AMOUNT), {"pc": pc, **packet_values(run.name, packet)})
    for scarce, left in short:
        place = ctx.rows(_END, {
            "since": scarce.low, "until": scarce.high, "cost": scarce.cost, "drawn": scarce.drawn is not None, "left": left,
        })[0][0]
        if place is None:
            continue
        if ctx.mixed_wave:
            raise StockContended
        ctx.counters.refused.add(scarce.key)
        ends.append((place, scarce.reason))
    if ends:
        place, reason = min(ends, key=lambda end: end[0])
        ctx.execute(_REFUSE, {"place": place, "reason": reason})


def _asked_for(ctx: RunContext, run: BlockRun, pc: int, action: StepAction) -> Iterator[Scarce]:
    """What a step needs that is scarce, in the order of the reasons."""
    coupon, redpacket = coupon_of(action), redpacket_of(action)
    library = ctx.program.library
    packet = None if redpacket is None else library.redpackets[redpacket]
    for place, budget in enumerate(run.playbook.budgets):
        face = 0 if coupon is None else library.coupons[coupon].face_cents
        cost = {"pushes": int(isinstance(action, Push)), "coupons": int(coupon is not None), "money": face}[budget.kind]
        drawn = packet if budget.kind == "money" else None
        if cost or drawn is not None:
            for low, high in _periods(ctx, pc, budget, run.playbook.zone.name):
                key = ("budget", run.name, str(place), str(low))
                yield Scarce(key, "budget", _left_of(ctx, run.name, budget, low, high), cost, low, high, drawn)
    if packet is not None and packet.budget is not None:
        for low, high in _periods(ctx, pc, packet.budget, ctx.program.policy.zone.name):
            yield _own_budget(ctx, packet, packet.budget, low, high)
    if coupon is not None and library.coupons[coupon].stock is not None:
        yield Scarce(("stock", coupon), "stock", lambda: stock_left(ctx, coupon), 1)


def _left_of(ctx: RunContext, playbook: str, budget: Budget, low: int, high: int) -> Callable[[], int]:
    return lambda: budget.amount - sum(budget_spent(ctx, playbook, budget, low, high))


def _own_budget(ctx: RunContext, packet: Redpacket, budget: Budget, low: int, high: int) -> Scarce:
    in_money = budget.kind == "money"

    def left() -> int:
        return budget.amount - sum(packet_budget_spent(ctx, packet.name, budget, low, high))

    key = ("redpacket", packet.name, str(low))
    return Scarce(key, "budget", left, int(not in_money), low, high, packet if in_money else None)


def _periods(ctx: RunContext, pc: int, budget: Budget, zone: str) -> list[tuple[int, int]]:
    """The days of ``zone`` that the rows at ``pc`` lie on, for a budget per day; for ever otherwise.

    A budget is the shop's, whose days are the same for all members, wherever these live: those of the playbook's own zone,
    and of the policy's where several playbooks share the budget.
    """
    return sorted({period_of(budget, t, zone) for (t,) in ctx.rows(_INSTANTS, {"pc": pc})})


def period_of(budget: Budget, t: int, zone: str) -> tuple[int, int]:
    """The instants [low, high) by which a budget counts at t."""
    if not budget.per_day:
        return _FOREVER
    day = local_day(t, zone)
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def stock_left(ctx: RunContext, coupon: str) -> int:
    """How many of a coupon are left, what the run has taken already gone."""
    return (ctx.program.library.coupons[coupon].stock or 0) - coupons_taken(ctx, coupon)


_DEMAND = """
SELECT coalesce(sum(outcome IS NULL), 0),
  coalesce(sum(outcome IN ('per_member_limit', 'no_content', 'incomplete')), 0)
FROM flow WHERE pc = :pc AND t >= :since AND t < :until
"""
_NONE_LEFT = """
UPDATE flow SET outcome = :reason WHERE pc = :pc AND t >= :since AND t < :until
  AND (outcome IS NULL OR outcome IN ('per_member_limit', 'no_content', 'incomplete'))
"""
_INSTANTS = "SELECT DISTINCT t FROM flow WHERE pc = :pc"
_QUEUE = by_kind("""
INSERT INTO queue (unit, t, takes, drawn)
SELECT s.unit, s.t, s.outcome IS NULL, amount
FROM flow s JOIN $units m ON m.unit = s.unit JOIN run_occurrences o ON o.occurrence = s.occurrence
WHERE s.pc = :pc AND (s.outcome IS NULL OR s.outcome IN ('per_member_limit', 'no_content', 'incomplete'))
ORDER BY s.t, qingting_draw(:playbook || o.name, m.id), m.id
""")
_END = """
SELECT min(place) FROM (
  SELECT place, cost + coalesce(sum(takes * cost) OVER (
    ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS needed
  FROM (SELECT place, takes, :cost + :drawn * drawn AS cost FROM queue WHERE t >= :since AND t < :until))
WHERE needed > :left
"""
_REFUSE = "UPDATE flow SET outcome = :reason WHERE unit IN (SELECT unit FROM queue WHERE place >= :place)"
