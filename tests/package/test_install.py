"""The package as others get it: a wheel and an editable install, each in a fresh virtual environment."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LEFT_OUT = {"tests", "benchmarks", "docs", "editors", "build", "dist"}


def modules() -> list[Path]:
    """The modules of the repository that belong to the package."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts[:-1]
        if not parts or (parts[0] not in LEFT_OUT and not any(p.startswith((".", "__")) for p in parts)):
            found.append(path)
    return found


def folders_with_modules() -> set[str]:
    """The names of the packages that the modules lie in."""
    return {".".join(("qingting", *path.relative_to(ROOT).parts[:-1])) for path in modules()}


def imported(path: Path) -> set[str]:
    """The packages that a module imports by their full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


def run(*command: str | Path, cwd: Path) -> str:
    """Runs a command away from the repository and returns what it wrote."""
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
    seen = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=cwd, timeout=600, check=False, env=environment
    )  # fmt: skip
    assert seen.returncode == 0, seen.stdout + seen.stderr
    return seen.stdout


def test_every_package_is_listed() -> None:
    listed = PROJECT["tool"]["setuptools"]["packages"]
    assert set(listed) == folders_with_modules()
    assert listed == sorted(listed)


def test_every_folder_of_the_package_says_what_it_is() -> None:
    silent = [
        name for name in folders_with_modules()
        if not (ROOT.joinpath(*name.split(".")[1:]) / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    ]  # fmt: skip
    assert silent == []


def test_dependencies_are_those_that_are_imported() -> None:
    names = {
        "yaml": "pyyaml", "liquid": "python-liquid", "sqlite_utils": "sqlite-utils", "chinese_calendar": "chinesecalendar",
    }
    project = PROJECT["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["parquet"]]
    wanted = {requirement.partition(">")[0] for requirement in required} - {"tzdata"}
    used = {names.get(top, top) for path in modules() for top in imported(path) if top not in sys.stdlib_module_names}
    assert used == wanted


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, so that building leaves nothing behind."""
    copy = tmp_path_factory.mktemp("source") / "qingting-source"
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, copy, ignore=ignored)
    return copy


def fresh_environment(folder: Path) -> Path:
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    return folder / "venv" / "bin"


def works(scripts: Path, folder: Path) -> None:
    """The command, the module and the library do their work from anywhere."""
    run(scripts / "qingting", "init", "shop", "--lang", "en", "--at", "2026-11-20T12:00", cwd=folder)
    assert run(scripts / "qingting", "check", "-C", "shop", cwd=folder).startswith("all is well")
    plan = run(scripts / "python", "-m", "qingting", "plan", "-C", "shop", "--at", "2026-11-20T20:00", cwd=folder)
    assert "cat food follow-up" in plan
    library = "from qingting import Workspace; print(Workspace.open('shop').check().has_errors())"
    assert run(scripts / "python", "-c", library, cwd=folder) == "False\n"


@pytest.mark.slow
def test_wheel(source: Path, tmp_path: Path) -> None:
    scripts = fresh_environment(tmp_path)
    run(scripts / "pip", "wheel", "--no-deps", "-w", tmp_path / "wheels", source, cwd=tmp_path)
    (wheel,) = (tmp_path / "wheels").glob("qingting-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    shipped = {"qingting/py.typed", "qingting/grammar/playbook.lark", "qingting/engine/stores/sqlite/schema.sql"}
    playbooks = [*(ROOT / "playbooks").rglob("*.sop"), *(ROOT / "playbooks").rglob("*.yaml")]
    shipped |= {f"qingting/{path.relative_to(ROOT).as_posix()}" for path in playbooks}
    assert shipped <= inside
    assert not [name for name in inside if name.split("/")[1] in LEFT_OUT]
    run(scripts / "pip", "install", wheel, cwd=tmp_path)
    works(scripts, tmp_path)


@pytest.mark.slow
def test_editable_install(source: Path, tmp_path: Path) -> None:
    scripts = fresh_environment(tmp_path)
    run(scripts / "pip", "install", "-e", source, cwd=tmp_path)
    works(scripts, tmp_path)
