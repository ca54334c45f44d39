"""The shipped gallery with one line of a playbook left out, and whether a test of that playbook notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import qingting
from qingting.engine.settings import load_settings
from qingting.engine.sources import program_of, read_files
from qingting.engine.testing.playing import Judging, play_script
from qingting.engine.testing.reading import SUFFIX, Around, read_script
from qingting.engine.testing.results import ScriptResult

GALLERY = Path(qingting.__file__).resolve().parent / "playbooks" / "gallery"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a playbook that says something; ``number`` counts from 1."""

    file: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}: {self.text.strip()}"


class Gallery:
    """The files of the gallery, in memory."""

    def __init__(self, root: Path = GALLERY) -> None:
        self._root = root
        settings, _, _ = load_settings(root)
        assert settings is not None
        self._settings = settings
        self._files = read_files(root)

    @cached_property
    def practices(self) -> tuple[str, ...]:
        """The files of playbooks."""
        return tuple(path for path, data in self._files.items() if "\n剧本 " in data.decode("utf-8"))

    @property
    def untested(self) -> list[str]:
        """The files of playbooks without tests beside them."""
        return [path for path in self.practices if not (self._root / _tests_of(path)).exists()]

    def text(self, path: str) -> str:
        """The text of one file."""
        return self._files[path].decode("utf-8")

    def lines(self, path: str) -> Iterator[Line]:
        """The lines of a file but blank ones and comments."""
        for number, text in enumerate(self.text(path).splitlines(), 1):
            if text.strip() and not text.lstrip().startswith("#"):
                yield Line(path, number, text)

    def played(self, path: str) -> ScriptResult:
        """The tests of a playbook as it stands."""
        return self._played(path, self._files[path])

    def notices(self, line: Line) -> bool:
        """Whether some test fails, or the text is wrong, without ``line``."""
        lines = self.text(line.file).splitlines(keepends=True)
        del lines[line.number - 1]
        played = self._played(line.file, "".join(lines).encode("utf-8"))
        return bool(played.problems) or not all(case.passed for case in played.cases)

    def _played(self, path: str, data: bytes) -> ScriptResult:
        loaded = program_of({**self._files, path: data}, self._settings)
        wrong = tuple(each for each in loaded.diagnostics if each.severity == "error")
        tests = _tests_of(path)
        if wrong:
            return ScriptResult(tests, "", (), wrong)
        zone = self._settings.timezone
        read = read_script(tests, (self._root / tests).read_bytes(), Around(self._root, zone, loaded))
        if read.script is None:
            return ScriptResult(tests, read.text, (), read.problems)
        return play_script(read.script, loaded.program, Judging(zone, "zh"))


def _tests_of(path: str) -> str:
    return path.removesuffix(".sop") + SUFFIX
