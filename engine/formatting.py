"""The texts of a workspace in their one form: which would change, and writing those that do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from ..grammar.diagnostics import CannotRun, Diagnostic, Span
from ..grammar.formatter import Formatted, format_text
from ..grammar.names import DeclaredNames, collect_names
from ..grammar.record import record
from ..grammar.source import MAX_CHARACTERS, decode_leniently, read_source
from .mending import write_files
from .settings import FILE, Settings, load_settings
from .sources import find_sources, is_chosen, program_of, read_bytes

STDIN = "<stdin>"


@record
class FormatAnswer:
    """What became of the chosen files, in order. ``language`` is the workspace's for messages, if it says one."""

    files: tuple[Formatted, ...]
    language: Literal["zh", "en"] | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Why files were left as they are."""
        return tuple(found for file in self.files for found in file.diagnostics)

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts by path as they were read, for showing lines."""
        return {file.path: file.old for file in self.files}

    @property
    def changed(self) -> tuple[Formatted, ...]:
        """The files whose text would be another."""
        return tuple(file for file in self.files if file.changed)


def format_folder(
    root: Path, chosen: Sequence[str] = (), lang: Literal["zh", "en"] | None = None, *, write: bool = False
) -> FormatAnswer:
    """Format the .sop files of the workspace ``root``, all or those at or below the relative paths ``chosen``.

    With ``write`` those that change are written, each whole or not at all. Files with syntax errors are left as they
    are; nothing is written if the workspace would say something else afterwards (F102).

    Raises CannotRun C120 where nothing is chosen and there is no workspace, C123 for a file that cannot be read,
    C130 for one that changed meanwhile, C301 for one that cannot be written.
    """
    settings = _settings(root)
    if settings is None and not chosen and not (root / FILE).exists():
        raise CannotRun("C120", path=str(root))
    before = _read(root, chosen)
    names = _names(before.values())
    files = tuple(_formatted(path, data, lang, names) for path, data in before.items() if is_chosen(path, chosen))
    after = {**before, **{file.path: file.text.encode() for file in files if file.changed}}
    # Equal trees make an equal program; only a name that got or lost its quotes is read anew in the other files too.
    doubtful = any(file.changed and file.requoted for file in files)
    if doubtful and settings is not None and _says_something_else(before, after, settings):
        files = _left_alone(files)
    elif write:
        write_files(root, before, after)
    return FormatAnswer(files, settings.language if settings is not None else None)


def format_stdin(root: Path, text: bytes, lang: Literal["zh", "en"] | None = None) -> FormatAnswer:
    """Format one text, with the names of the workspace ``root`` where there is one."""
    settings = _settings(root)
    others = _read(root, ()) if settings is not None else {}
    names = _names([*others.values(), text])
    return FormatAnswer((_formatted(STDIN, text, lang, names),), settings.language if settings is not None else None)


def _settings(root: Path) -> Settings | None:
    """The workspace's settings, None where there are none that can be read: names and form do not depend on them."""
    try:
        return load_settings(root)[0]
    except CannotRun:
        return None


def _read(root: Path, chosen: Sequence[str]) -> dict[str, bytes]:
    """The files that may declare names: all of a workspace, else the chosen ones."""
    paths = dict.fromkeys(find_sources(root) if (root / FILE).exists() else _below(root, chosen))
    paths.update(dict.fromkeys(path for path in chosen if path and (root / path).is_file()))
    return {path: read_bytes(root, path) for path in sorted(paths)}


def _below(root: Path, chosen: Sequence[str]) -> list[str]:
    folders = [path for path in chosen if (root / path).is_dir()]
    return [(Path(folder) / path).as_posix() for folder in folders for path in find_sources(root / folder)]


def _names(data: Iterable[bytes]) -> DeclaredNames:
    texts = (decode_leniently(each) for each in data)
    return collect_names(text for text in texts if len(text) <= MAX_CHARACTERS)


def _formatted(path: str, data: bytes, lang: Literal["zh", "en"] | None, names: DeclaredNames) -> Formatted:
    text, diagnostics = read_source(data, path)
    if text is None:
        shown = decode_leniently(data)
        return Formatted(path, shown, shown, diagnostics)
    return format_text(text, lang, names=names, path=path)


def _says_something_else(before: Mapping[str, bytes], after: Mapping[str, bytes], settings: Settings) -> bool:
    """Whether the checked program differs; of a workspace with errors the equal trees of each file must do."""
    old = program_of(before, settings)
    if any(found.severity == "error" for found in old.diagnostics):
        return False
    new = program_of(after, settings)
    return new.program.digest != old.program.digest or any(found.severity == "error" for found in new.diagnostics)


def _left_alone(files: Sequence[Formatted]) -> tuple[Formatted, ...]:
    told = False
    made: list[Formatted] = []
    for file in files:
        if file.changed:
            problem = Diagnostic("F102", "error", file.path, Span(0, 1))
            file = replace(file, text=file.old, diagnostics=() if told else (problem,))
            told = True
        made.append(file)
    return tuple(made)
