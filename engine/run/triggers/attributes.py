"""Attributes that change: one value after another, staff handed over, and every entry of the ledger of points."""

from __future__ import annotations

from ...program.ir import AttributeChanges, HandedOver
from ..context import BlockRun, RunContext, Values
from ..news import ATTRIBUTE_FACTS, POINTS, find_news, placed
from ..progress import Progress
from ..statement import Part, fill


def find_changes(ctx: RunContext, run: BlockRun, trigger: AttributeChanges | HandedOver, since: Progress) -> None:
    """Finds the facts by which an attribute is another than before; what first made it known is no change."""
    name = attribute_of(trigger)
    values: Values = placed(ctx, run)
    if name == "points":
        if find_news(ctx, POINTS, 0, since):
            ctx.execute(_BOOKED, values)
    elif name in ctx.attributes and find_news(ctx, ATTRIBUTE_FACTS, ctx.attributes[name], since):
        differs = _HANDED if isinstance(trigger, HandedOver) else _DIFFERS
        ctx.execute(fill(_CHANGED, differs=differs), {**values, "attribute": ctx.attributes[name]})


def attribute_of(trigger: AttributeChanges | HandedOver) -> str:
    """The name of the attribute whose changes start a block."""
    return "staff" if isinstance(trigger, HandedOver) else trigger.operand.name


_BOOKED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, n.unit, n.seq, max(n.at, n.arrived), n.at, n.arrived
FROM news n CROSS JOIN points p WHERE p.seq = n.seq AND p.delta <> 0
"""
_CHANGED = """
INSERT OR IGNORE INTO run_triggers (playbook, block, unit, fact, due, at, arrived)
SELECT :playbook, :block, c.unit, c.seq, max(c.at, c.arrived), c.at, c.arrived
FROM (
  SELECT n.unit, n.seq, n.at, n.arrived, f.value AS now, (
    SELECT p.value FROM attribute_facts p
    WHERE p.attribute = :attribute AND p.unit = n.unit AND (p.at < n.at OR (p.at = n.at AND p.seq < n.seq))
      AND p.arrived <= :at ORDER BY p.at DESC, p.seq DESC LIMIT 1) AS was
  FROM news n CROSS JOIN attribute_facts f WHERE f.seq = n.seq) c
WHERE differs
"""
_HANDED = Part("c.was <> c.now")
_DIFFERS = Part("""
NOT c.was IS c.now AND EXISTS (
  SELECT 1 FROM attribute_facts k
  WHERE k.attribute = :attribute AND k.unit = c.unit AND (k.at < c.at OR (k.at = c.at AND k.seq < c.seq))
    AND k.arrived <= :at AND NOT k.value IS NULL)
""")
