"""A workspace of texts, and its tests played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from qingting.engine.testing.results import ScriptResult, TestAnswer
from qingting.engine.testing.session import run_tests
from qingting.engine.workspace import Workspace

SETTINGS = """
timezone: Asia/Shanghai
channels: {企微: {type: console}, 群: {type: console}, 短信: {type: console}}
"""
LIBRARY = """
属性 城市 文本
属性 到期日 日期
属性 下次上课 时间
事件 点击
事件 下单 含 订单号 文本
标签 "好友"
标签 "新客"
标签 "退订"
标签 "意向" 有效期 3天
话术 "问候"
  正文 "您好"
话术 "早安1" 用于 企微
  正文 "早"
话术 "早安2" 用于 企微
  正文 "早早"
话术 "群早安" 用于 群
  正文 "大家早"
券 "立减5" 减¥5
  库存 1
  有效期 7天
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
"""
Play = Callable[..., ScriptResult]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Plays one test file beside a file of playbooks; ``run`` as on the command line."""

    def played(playbooks: str, tests: str, run: str | None = None) -> ScriptResult:
        (tmp_path / "qingting.yaml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "library.sop").write_text(LIBRARY, encoding="utf-8")
        (tmp_path / "shop.sop").write_text(playbooks, encoding="utf-8")
        (tmp_path / "shop_test.yaml").write_text(tests, encoding="utf-8")
        answer: TestAnswer = run_tests(Workspace.open(tmp_path), run=run)
        (script,) = answer.scripts
        return script

    return played
