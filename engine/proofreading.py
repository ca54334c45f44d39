"""All that is wrong or doubtful in the texts of a workspace, its configuration included, and the safe fixes written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from ..grammar.diagnostics import Diagnostic
from .answers import CheckAnswer, MendAnswer
from .linting import looked_around
from .settings import FILE, Settings, load_settings, sqlite_path, store_of
from .sources import Loaded, load_program, program_of, read_files


def check_folder(root: Path, at: datetime | None, store: str | None) -> CheckAnswer:
    """What is wrong in the folder ``root``, with the configured store or ``store`` as they are ``at`` an instant."""
    settings, found, text = load_settings(root)
    # Without a sound configuration the playbooks are still read, in a zone that none of them shows.
    used = settings or Settings(timezone="UTC")
    store_path = store_of(root, settings) if store is None else sqlite_path(store)
    with looked_around(root, store_path, used, at) as lint:
        loaded = load_program(root, used, lint)
    diagnostics = (*found, *loaded.diagnostics) if settings is not None else (*found, *loaded.of_texts_alone)
    language = settings.language if settings is not None else None
    return _answer(diagnostics, {FILE: text, **loaded.texts}, loaded, language)


def check_opened(root: Path, store_path: Path, settings: Settings, at: datetime | None) -> CheckAnswer:
    """What is wrong in the texts of a workspace whose configuration is sound."""
    with looked_around(root, store_path, settings, at) as lint:
        loaded = load_program(root, settings, lint)
    return _answer(loaded.diagnostics, loaded.texts, loaded, settings.language)


def mend_folder(root: Path, chosen: Callable[[str], bool], at: datetime | None) -> MendAnswer:
    """Write the safe fixes into the ``chosen`` files of the folder ``root``, and check it again."""
    from .mending import mend, write_files

    settings, _, _ = load_settings(root)
    used = settings or Settings(timezone="UTC")
    before = read_files(root)
    after, changes = mend(before, lambda files: program_of(files, used).diagnostics, chosen)
    write_files(root, before, after)
    return MendAnswer(changes, check_folder(root, at, None))


def _answer(
    diagnostics: tuple[Diagnostic, ...], texts: Mapping[str, str], loaded: Loaded, language: Literal["zh", "en"] | None
) -> CheckAnswer:
    return CheckAnswer(diagnostics, texts, len(loaded.texts), len(loaded.program.playbooks), language)
