"""The .sop files of a workspace, from the folder to the checked program.

Every file counts: one that cannot be read stops everything, since what it would have declared is not known.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..grammar.diagnostics import CannotRun, Diagnostic
from ..grammar.names import DeclaredNames, collect_names
from ..grammar.parser import parse_text
from ..grammar.record import record
from ..grammar.source import MAX_CHARACTERS, decode_leniently, read_source
from ..grammar.syntax import PolicyDecl, SyntaxFile
from .program.ir import Program
from .program.regions import find_damage
from .program.resolve import CheckSettings, resolve_program
from .settings import Settings

if TYPE_CHECKING:
    from .program.lint import Surroundings

SUFFIX = ".sop"
# Unknown channels.
_SETTINGS_CODES = ("E214",)


@record
class Loaded:
    """A workspace's program with what was found on the way.

    ``texts`` are the files by path, for showing lines. ``is_whole`` says that no declaration outside a playbook is
    missing or has errors: the names are all there, and the policy protects whom it was written to protect.
    """

    program: Program
    names: DeclaredNames
    files: tuple[SyntaxFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    is_whole: bool

    @property
    def of_texts_alone(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that do not depend on the configuration, for where that cannot be read."""
        return tuple(d for d in self.diagnostics if d.code not in _SETTINGS_CODES)


def load_program(root: Path, settings: Settings, lint: Surroundings | None = None) -> Loaded:
    """Return the program that the .sop files under ``root`` make; with ``lint`` also what can hardly be meant.

    Raises CannotRun C123 for a file that cannot be read.
    """
    return program_of(read_files(root), settings, lint)


def read_files(root: Path) -> dict[str, bytes]:
    """The bytes of the .sop files under ``root`` by path. Raises CannotRun C123 for one that cannot be read."""
    return {path: read_bytes(root, path) for path in find_sources(root)}


def program_of(data_of: Mapping[str, bytes], settings: Settings, lint: Surroundings | None = None) -> Loaded:
    """Return the program that files make, given as bytes by path in code-point order.

    With ``lint`` the diagnostics also tell what can hardly be meant, judged by what is known around.
    """
    texts: dict[str, str] = {}
    found: list[Diagnostic] = []
    readable: dict[str, str] = {}
    for path, data in data_of.items():
        text, diagnostics = read_source(data, path)
        found.extend(diagnostics)
        texts[path] = decode_leniently(data) if text is None else text
        if text is not None:
            readable[path] = text
    # What is too long is not parsed either, so that nothing of it is declared.
    names = collect_names(text for text in readable.values() if len(text) <= MAX_CHARACTERS)
    files: list[SyntaxFile] = []
    for path, text in readable.items():
        file, diagnostics = parse_text(text, path, names)
        files.append(file)
        found.extend(diagnostics)
    # A file without a readable text still has its place, so that what it might have declared is treated as damaged.
    files.extend(SyntaxFile(path, text, ()) for path, text in texts.items() if path not in readable)
    program, more = resolve_program(files, found, check_settings(settings), lint)
    ordered = tuple(sorted([*found, *more], key=lambda d: (d.file, d.span, d.code)))
    is_whole = not program.broken and all(_is_whole(file, found, ordered) for file in files)
    return Loaded(program, names, tuple(files), ordered, texts, is_whole)


def _is_whole(file: SyntaxFile, syntax_errors: Sequence[Diagnostic], diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether every declaration of a file outside playbooks was read, and its policy has no errors."""
    damage = find_damage(file, syntax_errors)
    policies = [declaration.span for declaration in file.declarations if isinstance(declaration, PolicyDecl)]
    errors = [d.span.start for d in diagnostics if d.file == file.path and d.severity == "error"]
    harmed = any(span.start <= place < span.end for span in policies for place in errors)
    return not damage.outside and not harmed and not any(span.start in damage.inside for span in policies)


def check_settings(settings: Settings) -> CheckSettings:
    """What the checker wants to know of the configuration."""
    return CheckSettings(frozenset(settings.channels), settings.timezone, settings.currency, settings.holidays)


def find_sources(root: Path) -> tuple[str, ...]:
    """The .sop files under ``root``, relative with ``/``, in code-point order; hidden folders are left out."""
    return tuple(sorted(_walk(root)))


def is_chosen(path: str, chosen: Sequence[str]) -> bool:
    """Whether a file is one of the ``chosen`` or lies in one of them; nothing chosen, and "", is everything."""
    return not chosen or any(not each or path == each or path.startswith(each + "/") for each in chosen)


def _walk(root: Path) -> Iterator[str]:
    def stop(error: OSError) -> None:
        raise CannotRun("C123", path=str(error.filename), reason=error.strerror or "")

    for folder, folders, files in os.walk(root, onerror=stop):
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = Path(folder).relative_to(root)
        yield from (
            (relative / name).as_posix() for name in files if name.endswith(SUFFIX) and not name.startswith(".")
        )


def read_bytes(root: Path, path: str) -> bytes:
    """The bytes of one file. Raises CannotRun C123 where it cannot be read."""
    try:
        return (root / path).read_bytes()
    except OSError as error:
        raise CannotRun("C123", path=path, reason=error.strerror or type(error).__name__) from None
