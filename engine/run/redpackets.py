"""Red packets: how much is in each, and giving them.

The amount is drawn evenly between the least and the most, both included, by the member's draw under the red packet and the
occurrence: it is the same in every attempt, and independent of the order in which what is scarce is handed out.
"""

from __future__ import annotations

from ..program.ir import Redpacket
from .context import RunContext, Value
from .statement import Part, fill

AMOUNT = Part("""
  :least + (((qingting_draw(:packet || o.name, m.id) >> 32) + 2147483648) * :span >> 32)""")
"""The cents of a row's packet, over its member ``m`` and occurrence ``o``, with the values of :func:`packet_values`."""


def packet_values(playbook: str, packet: Redpacket | None) -> dict[str, Value]:
    """The parameters of ``AMOUNT`` and of a draw of ``playbook``; nothing is drawn without a packet."""
    shared: dict[str, Value] = {"playbook": playbook + "\0"}
    if packet is None:
        return {**shared, "least": 0, "span": 0, "packet": ""}
    span = packet.high - packet.low + 1
    return {**shared, "least": packet.low, "span": span, "packet": f"redpacket:{packet.name}\0{playbook}\0"}


def give_redpackets(ctx: RunContext, playbook: str, name: str, kind: str, leaf: int) -> None:
    """Gives the units of the records behind ``leaf`` a red packet: ``reserved`` until its push is sent, or ``issued``."""
    packet = ctx.program.library.redpackets[name]
    values: dict[str, Value] = {
        **packet_values(playbook, packet), "seq": ctx.counters.seq, "redpacket": ctx.redpackets[name], "kind": kind,
        "leaf": leaf,
    }
    ctx.counters.seq += ctx.execute(fill(_PACKETS, amount=AMOUNT), values).rowcount
    ctx.counters.redpackets = True


_PACKETS = """
INSERT INTO run_redpackets (cause, seq, redpacket, unit, kind, amount, at)
SELECT d.seq, :seq + row_number() OVER (ORDER BY d.seq), :redpacket, d.unit, :kind, amount, d.t
FROM run_dispatches d JOIN members m ON m.unit = d.unit JOIN run_occurrences o ON o.occurrence = d.occurrence
WHERE d.seq > :leaf
"""
