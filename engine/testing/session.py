"""Testing the playbooks of a workspace: finding the test files, playing them, gathering what became of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from ...grammar.diagnostics import CannotRun, UsageError
from ..answers import ProblemsFound
from ..program.clock import from_datetime
from ..program.ir import Program
from ..sources import Loaded, is_chosen
from ..stores.sqlite.database import SqliteStore
from ..workspace import Workspace
from .coverage import Counts, Coverage, coverage_of
from .instants import as_text
from .playing import Judging, play_script
from .reading import SUFFIX, Around, ReadScript, read_script
from .recording import MEMBER, as_yaml, recorded
from .results import Difference, ScriptResult, TestAnswer

RECORDED = f"recorded{SUFFIX}"


def run_tests(
    workspace: Workspace, chosen: Sequence[str] = (), *, run: str | None = None, coverage: bool = False, lang: str = "zh"
) -> TestAnswer:
    """Play the test files of a workspace, those among ``chosen`` files and folders, and judge their cases.

    ``run`` is a regular expression: only cases whose names it finds are judged. With ``coverage`` the answer tells which
    pieces of the playbooks the cases tried. Nothing of the workspace changes. Raises
    UsageError C409 for an expression that is none, CannotRun for a file that cannot be read, ProblemsFound where the
    workspace's declarations are not right.
    """
    loaded = _whole(workspace)
    zone = workspace.settings.timezone
    judging = Judging(zone, lang, _pattern(run))
    around = Around(workspace.root, zone, loaded)
    files = [file for file in find_tests(workspace.root) if is_chosen(file, chosen)]
    scripts = [read_script(file, _read(workspace.root, file), around) for file in files]
    counts = Counts() if coverage else None
    played = tuple(_play(script, around, judging, counts) for script in scripts)
    return TestAnswer(played, None if counts is None else _coverage(scripts, loaded.program, counts, lang))


def _whole(workspace: Workspace) -> Loaded:
    loaded = workspace.load()
    if not loaded.is_whole:
        errors = tuple(d for d in loaded.diagnostics if d.severity == "error")
        raise ProblemsFound("C124", errors, loaded.texts)
    return loaded


def _play(read: ReadScript, around: Around, judging: Judging, counts: Counts | None) -> ScriptResult:
    if read.script is None:
        return ScriptResult(read.file, read.text, (), read.problems)
    return play_script(read.script, around.loaded.program, judging, counts)


def _coverage(scripts: Sequence[ReadScript], program: Program, counts: Counts, lang: str) -> Coverage:
    """The coverage of the playbooks that any file names, by name."""
    names = {name for read in scripts if read.script is not None for name in read.script.playbooks}
    return coverage_of([program.playbooks[name] for name in sorted(names & program.playbooks.keys())], counts, lang)


def record_test(workspace: Workspace, member: str, at: datetime, *, lang: str = "zh") -> str:
    """The text of a test file with one case: what the playbooks do ``at`` an instant with a member as they stand then.

    What the playbooks did before, and journeys under way, are not part of it. Personal data is replaced. Nothing changes.
    Raises UsageError for an unknown member, ProblemsFound as :func:`run_tests`.
    """
    loaded = _whole(workspace)
    zone, instant = workspace.settings.timezone, from_datetime(at)
    with SqliteStore.open(workspace.store_path) as store, store.snapshot():
        told = recorded(store, loaded, member, instant, zone)
    case: dict[str, object] = {"name": as_text(instant, zone), "expect": {MEMBER: []}}
    around = Around(workspace.root, zone, loaded)
    read = read_script(RECORDED, as_yaml({**told, "cases": [case]}).encode(), around)
    played = _play(read, around, Judging(zone, lang), None)
    if played.problems:
        raise ProblemsFound("C414", played.problems, {RECORDED: played.text})
    case["expect"] = {MEMBER: [_entry(each, lang) for each in played.cases[0].differences]}
    return as_yaml({**told, "cases": [case]})


def _entry(each: Difference, lang: str) -> object:
    """A decision as an entry of an expectation."""
    return each.text if each.reason is None else {"suppressed": each.reason}


def find_tests(root: Path) -> tuple[str, ...]:
    """The test files under ``root``, relative with ``/``, in code-point order; hidden folders are left out."""
    return tuple(sorted(_walk(root)))


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = Path(folder).relative_to(root)
        yield from ((relative / name).as_posix() for name in files if name.endswith(SUFFIX))


def _read(root: Path, file: str) -> bytes:
    try:
        return (root / file).read_bytes()
    except OSError as error:
        raise CannotRun("C123", path=file, reason=error.strerror or "") from None


def _pattern(text: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text is not None else None
    except re.error as error:
        raise UsageError("C409", text=text or "", error=str(error)) from None
