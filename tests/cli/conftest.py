"""A small workspace to type commands in, and a way to type them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from qingting.cli import run_command

NOON = "2026-11-20T12:00"
EVENING = "2026-11-20T20:00"


@dataclass(frozen=True)
class Typed:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout as the one JSON object it must be."""
        answer: dict[str, Any] = json.loads(self.out)
        return answer


Type = Callable[..., Typed]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that ``init`` makes at noon, in Chinese; tests work on copies of it."""
    root = tmp_path_factory.mktemp("template") / "shop"
    environment = {"LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
    assert run_command(["init", str(root), "--at", NOON, "--lang", "zh"], environment) == 0
    return root


@pytest.fixture
def shop(template: Path, tmp_path: Path) -> Path:
    """A copy of the workspace for one test."""
    root = tmp_path / "shop"
    shutil.copytree(template, root)
    return root


@pytest.fixture
def type_in(shop: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command line in the workspace; ``environment`` adds to an otherwise plain one."""

    def typed(*arguments: str, environment: dict[str, str] | None = None, place: Path | None = None) -> Typed:
        capsys.readouterr()
        given = {"LANG": "C.UTF-8", "PATH": os.environ["PATH"], **(environment or {})}
        code = run_command([*arguments, "-C", str(place or shop)], given)
        captured = capsys.readouterr()
        return Typed(code, captured.out, captured.err)

    return typed
