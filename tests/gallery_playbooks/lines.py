"""The shipped gallery with one line of a playbook left out, and whether a test of that playbook notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import qingting
from qingting.engine.settings import Settings, load_settings
from qingting.engine.sources import Loaded, program_of, read_files
from qingting.engine.testing.judging import actions_of
from qingting.engine.testing.playing import Judging, _Play, under_test
from qingting.engine.testing.reading import BEFORE, SUFFIX, Around, ReadScript, read_script
from qingting.engine.testing.shelf import new_shelf

GALLERY = Path(qingting.__file__).resolve().parent / "playbooks" / "gallery"
SHARED = ("library.sop", "policy.sop")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a playbook that says something; ``number`` counts from 1."""

    file: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}: {self.text.strip()}"


@dataclass(frozen=True, slots=True)
class Gallery:
    """The texts of the gallery by path, in memory."""

    settings: Settings
    files: Mapping[str, bytes]

    def text(self, path: str) -> str:
        """The text of one file."""
        return self.files[path].decode("utf-8")

    @property
    def practices(self) -> tuple[str, ...]:
        """The files of playbooks."""
        return tuple(path for path in self.files if "/" not in path and path not in SHARED)

    def lines(self, path: str) -> tuple[Line, ...]:
        """The lines of a file but blank ones and comments."""
        numbered = enumerate(self.text(path).splitlines(), 1)
        return tuple(
            Line(path, number, text) for number, text in numbered if text.strip() and not text.lstrip().startswith("#")
        )

    def notices(self, line: Line) -> bool:
        """Whether the text is wrong or some test fails without ``line``."""
        lines = self.text(line.file).splitlines(keepends=True)
        del lines[line.number - 1]
        loaded = self._loaded(line.file, "".join(lines).encode("utf-8"))
        if errors_of(loaded):
            return True
        return self.failure(line.file, loaded) is not None

    def failure(self, path: str, loaded: Loaded) -> str | None:
        """What first goes wrong in the tests beside a file, played in a program; None where all is as expected."""
        tests = path.removesuffix(".sop") + SUFFIX
        zone = self.settings.timezone
        read = read_script(tests, (GALLERY / tests).read_bytes(), Around(GALLERY, zone, loaded))
        return first_failure(read, loaded, zone)

    def loaded(self, path: str) -> Loaded:
        """The program in which a playbook is tested: its file, its texts and what all share, or else everything."""
        return self._loaded(path, self.files[path])

    def _loaded(self, path: str, data: bytes) -> Loaded:
        return program_of({name: self.files[name] for name in self._needed(path)} | {path: data}, self.settings)

    def _needed(self, path: str) -> tuple[str, ...]:
        return _needed(self.settings.timezone, path)


@cache
def the_gallery() -> Gallery:
    """The gallery as it is shipped."""
    settings, _, _ = load_settings(GALLERY)
    assert settings is not None
    return Gallery(settings, read_files(GALLERY))


@cache
def _needed(zone: str, path: str) -> tuple[str, ...]:
    """The files without which a playbook does not stand; all where its own and the shared ones do not do."""
    gallery = the_gallery()
    own = tuple(name for name in gallery.files if name in (*SHARED, path, f"texts/{path}"))
    alone = program_of({name: gallery.files[name] for name in own}, gallery.settings)
    return tuple(gallery.files) if errors_of(alone) else own


def errors_of(loaded: Loaded) -> list[str]:
    """The codes of the errors of a program."""
    return [each.code for each in loaded.diagnostics if each.severity == "error"]


def first_failure(read: ReadScript, loaded: Loaded, zone: str) -> str | None:
    """What first goes wrong in a test file: the name of a case or the code of a problem; None where all is as expected."""
    if read.script is None:
        return read.problems[0].code
    program = under_test(loaded.program, read.script.playbooks)
    with new_shelf(program, zone, read.script.now - 2 * BEFORE) as shelf:
        play = _Play(read.script, shelf, Judging(zone, "zh"), actions_of(program), None)
        failed = next((case.name for case in play.results() if not case.passed), None)
        return failed or next((problem.code for problem in play.problems), None)
