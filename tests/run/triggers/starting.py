"""A shop with one block, and whom each run starts."""

from __future__ import annotations

from pathlib import Path

from workspaces import Shop

BLOCK = """
剧本 "跟进"
{header}  {line}
    打标签 "已触达"
"""


def open_shop(root: Path, line: str, *, declared: str = "", header: str = "", first_run: str = "2026-11-18 09:00") -> Shop:
    """A shop with a block, three members, and one run made."""
    shop = Shop(root / "shop", declared + BLOCK.format(line=line, header=header))
    shop.members("u1", "u2", "u3")
    if first_run:
        shop.run(first_run)
    return shop


def started(shop: Shop, at: str) -> list[str]:
    """Whom a run starts."""
    known = len(shop.log())
    shop.run(at)
    return [record.member_id or "" for record in shop.log()[known:] if record.reason is None]
