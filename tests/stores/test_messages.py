"""Every code of the store has its sentences, and every sentence its code."""

from __future__ import annotations

import re
from pathlib import Path

from qingting.engine import stores
from qingting.grammar.messages.store import MESSAGES


def test_codes_and_messages_agree() -> None:
    folder = Path(stores.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))]
    used = {code for text in texts for code in re.findall(r'"(S\d{3})"', text)}
    assert used == set(MESSAGES)


def test_both_languages_name_the_same_places() -> None:
    for message in MESSAGES.values():
        for chinese, english in ((message.zh, message.en), (message.hint_zh, message.hint_en)):
            assert set(re.findall(r"\{(\w+)\}", chinese)) == set(re.findall(r"\{(\w+)\}", english))
            assert bool(chinese) == bool(english)
