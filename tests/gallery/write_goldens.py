"""Writes the golden files of the gallery: ``python tests/gallery/write_goldens.py [CODE…]``.

Without codes all are written. New ones come into ``told/``; move one to ``unloved/`` where its message is not good yet,
and read every changed file aloud before it is kept.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from gallery.entries import golden_path, telling
from gallery.prepared import PREPARED, entry_of
from qingting.grammar.messages.gallery import codes_in_gallery


def main(codes: list[str]) -> None:
    """Write the golden files of ``codes``, of all without any."""
    known = codes_in_gallery() | PREPARED.keys()
    for code in codes or sorted(known):
        if code not in known:
            sys.exit(f"no entry for {code} in grammar/messages/mistakes")
        with tempfile.TemporaryDirectory() as folder:
            mistake, prepare = entry_of(code)
            told = telling(mistake, Path(folder), prepare)
        if not told.found:
            sys.stderr.write(f"{code}: not brought about\n{told.zh}\n")
            continue
        if told.besides:
            sys.stderr.write(f"{code}: also {told.besides}\n")
        golden_path(code).write_text(told.golden(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
