"""A shop with customer groups: they have names, tags, an instant of creation and members."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from workspaces import Shop

DAY = "2026-11-18"
SETTINGS = """
timezone: Asia/Shanghai
channels:
  企微: {type: file, path: out.jsonl}
  群: {type: file, path: groups.jsonl}
"""
TEXTS = """
标签 "VIP"
标签 "周边" 有效期 2天
话术 "早安" 用于 群
  正文 "早"
话术 "晚安" 用于 群
  正文 "晚安"
话术 "欢迎" 用于 群
  正文 "新群好"
"""
POLICY = """
全局规则
  时区 Asia/Shanghai
"""


class Hall(Shop):
    """A shop whose workspace can push to groups."""

    def __init__(self, root: Path, text: str, policy: str = POLICY) -> None:
        super().__init__(root, TEXTS + policy + text, settings=SETTINGS)

    def group(
        self, group: str, name: str | None = None, members: Sequence[str] = (), *, at: str = f"{DAY} 00:00",
        backfill: bool = False, **said: str,
    ) -> None:
        """A group, described and with members, as an import at ``at`` brings it."""
        rows = [{"group": group, "name": name or group, **said}, *({"group": group, "member": m} for m in members)]
        self.bring("groups", rows, at, backfill=backfill)

    def pushed(self, **filters: str) -> list[tuple[str, str, str]]:
        """To whom, when it was due, and which template: of all that goes out, in order."""
        return [
            (r.member_id or "", r.not_before.isoformat()[5:16].replace("T", " "), str(r.content).partition("@")[0])
            for r in self.log(status="queued", **filters)
        ]

    def sent(self, name: str = "groups.jsonl") -> list[tuple[str, str]]:
        """To whom the file channel has written, and what."""
        lines = (self.root / name).read_text(encoding="utf-8").splitlines()
        return [(line["to"], line["text"].strip()) for line in map(json.loads, lines)]
