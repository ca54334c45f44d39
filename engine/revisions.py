"""Another version of a workspace: a folder, or a git revision of the repository in which the workspace lies.

Of a revision only the blobs are read, straight from git's objects: nothing is checked out, no filter or hook runs, and
nothing is written.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..grammar.diagnostics import CannotRun, UsageError
from ..grammar.record import record
from ..grammar.source import read_source
from .settings import FILE, Settings, read_settings
from .sources import SUFFIX, Loaded, program_of, read_files

_SECONDS = 60
# git writes numbers of files as octal digits; these are plain ones.
_PLAIN_FILES = (b"100644", b"100755", b"100664")
_LONGEST_REASON = 200


@record
class OtherVersion:
    """Another version of the workspace, as it was asked for; ``commit`` is the id of the revision, None of a folder."""

    name: str
    commit: str | None
    loaded: Loaded


def other_version(root: Path, text: str, environment: Mapping[str, str]) -> OtherVersion:
    """The version of the workspace in ``root`` that ``text`` names: a folder where there is one, else a git revision.

    Raises UsageError C286 where it is neither, C287 where the workspace lies in no repository, CannotRun C288 where the
    version has no sound configuration, C289 where git is missing or cannot read it, and C123 as for any workspace.
    """
    if _is_folder(text):
        folder = Path(text)
        data = (folder / FILE).read_bytes() if (folder / FILE).is_file() else None
        settings = _settings(text, data)
        return OtherVersion(text, None, program_of(read_files(folder), settings))
    git = _Git(root, environment)
    commit, prefix = git.commit_of(text), git.prefix()
    files = git.files_of(commit, prefix)
    data_of = {name: data for name, data in sorted(files.items()) if name.endswith(SUFFIX)}
    return OtherVersion(text, commit, program_of(data_of, _settings(text, files.get(FILE))))


def _is_folder(text: str) -> bool:
    try:
        return bool(text) and Path(text).is_dir()
    except (OSError, ValueError):
        return False


def _settings(version: str, data: bytes | None) -> Settings:
    text = None if data is None else read_source(data, FILE)[0]
    settings = None if text is None else read_settings(text)[0]
    if settings is None:
        raise CannotRun("C288", version=version)
    return settings


class _Git:
    """Questions to the git program about the repository around a folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        # What points git elsewhere is left out, as is anything that would make it ask or fetch.
        kept = {name: value for name, value in environment.items() if not name.startswith("GIT_")}
        self._environment = {
            "PATH": os.defpath, **kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1", "GIT_LITERAL_PATHSPECS": "1",
        }

    def commit_of(self, text: str) -> str:
        """The id of the commit that a revision names."""
        if not self._is_in_repository():
            raise UsageError("C287", text=text)
        done = self._run(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}"])
        if done.returncode:
            raise UsageError("C286", text=text)
        return done.stdout.decode().strip()

    def _is_in_repository(self) -> bool:
        done = self._run(["rev-parse", "--is-inside-work-tree"])
        if done.returncode and b"not a git repository" not in done.stderr:
            raise self._fault(done)
        return not done.returncode

    def prefix(self) -> str:
        """Where the folder lies in its repository: "" or a path with / at its end."""
        return os.fsdecode(self._output(["rev-parse", "--show-prefix"])).removesuffix("\n")

    def files_of(self, commit: str, prefix: str) -> dict[str, bytes]:
        """The texts of a workspace as they were at a commit, by path inside the workspace; hidden ones are left out."""
        listed = self._output(["ls-tree", "-r", "-z", "--full-tree", commit, "--", prefix or "."])
        entries = dict(_entries(listed, prefix))
        if not entries:
            return {}
        bodies = _bodies(self._output(["cat-file", "--batch"], b"".join(blob + b"\n" for blob in entries.values())))
        return dict(zip(entries, bodies, strict=True))

    def _output(self, arguments: Sequence[str], given: bytes = b"") -> bytes:
        done = self._run(arguments, given)
        if done.returncode:
            raise self._fault(done)
        return done.stdout

    def _run(self, arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", "-C", str(self._folder), *arguments], input=given, capture_output=True, timeout=_SECONDS,
                env=self._environment, check=False,
            )
        except FileNotFoundError:
            raise CannotRun("C289", reason="git") from None
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise CannotRun("C289", reason=type(error).__name__) from None

    def _fault(self, done: subprocess.CompletedProcess[bytes]) -> CannotRun:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return CannotRun("C289", reason=(lines[0] if lines else str(done.returncode))[:_LONGEST_REASON])


def _entries(listed: bytes, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The texts among the lines of ``git ls-tree``: path inside the workspace, and blob. Raises CannotRun C123 for a link."""
    for line in listed.split(b"\0"):
        about, _, name = line.partition(b"\t")
        path = os.fsdecode(name).removeprefix(prefix)
        parts = PurePosixPath(path).parts
        wanted = path == FILE or (path.endswith(SUFFIX) and not any(part.startswith(".") for part in parts))
        if not line or not wanted:
            continue
        mode, kind, blob = about.split(b" ")
        if kind != b"blob" or mode not in _PLAIN_FILES:
            raise CannotRun("C123", path=path, reason=mode.decode())
        yield path, blob


def _bodies(answer: bytes) -> Iterator[bytes]:
    """The contents in what ``git cat-file --batch`` answers: a line with the size, the content, a line end, each time."""
    place = 0
    while place < len(answer):
        end = answer.index(b"\n", place)
        size = int(answer[place:end].rsplit(b" ", 1)[1])
        yield answer[end + 1 : end + 1 + size]
        place = end + size + 2
