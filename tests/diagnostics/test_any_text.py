"""Whatever is written, the answer is diagnostics: no exception, no hang, and time in proportion to the text.

In the ordinary tests this takes some seconds. ``QINGTING_FUZZ_SECONDS=3600 pytest tests/diagnostics/test_any_text.py``
goes on for an hour.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsing.samples import CHINESE, ENGLISH
from qingting.engine.settings import read_settings
from qingting.engine.sources import program_of
from qingting.grammar.fixes import apply_edits, fix_of
from qingting.grammar.keywords import KEYWORDS, spellings_of
from qingting.grammar.messages.gallery import SETTINGS_TEXT, codes_in_gallery, mistake_of
from qingting.grammar.report import report, to_json
from sampling import sampled

SECONDS = float(os.environ.get("QINGTING_FUZZ_SECONDS", "0"))
MOST_SECONDS_FOR_ONE = 5.0
SETTINGS = read_settings(SETTINGS_TEXT)[0]
WORDS = sorted({spelling for name in KEYWORDS for spelling in spellings_of(name)})
ODD = [
    "\0", "\u200b", "\ufeff", "\u202e", "\u3000", "\r", "\n", "\n  ", "\n      ", "\t", "😀", "\ud7ff", "é", "\u0301", "。",
    "(", ")", '"', '"""', "“", "”", "「", "{{", "}}", "{%", "%}", "*", "\\", "#", "//", "--", "&&", "||", ";", ":", "=", "==",
    "99999999999999999999", "0", "-1", "1万", "晚8点", "两天", "半小时", "2026-02-30", "25:61", "500%", "¥", "¥1.234", "1e9",
    "NULL", "LIKE", "AND", "NOT", "True", "IN (", "D0", "第3天", "城市", "下单", "没有的名字",
]
BASES = [CHINESE, ENGLISH, *(m.shown for c in sorted(codes_in_gallery()) if (m := mistake_of(c)) and c[0] in "EW")]


def answer(text: str) -> int:
    """Check a text as the command does, show all that is told of it in every way, and count it."""
    assert SETTINGS is not None
    data = {"a.sop": text.encode("utf-8", errors="surrogatepass")}
    found = program_of(data, SETTINGS).diagnostics
    for diagnostic in found[:20]:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        for lang in ("zh", "en"):
            assert report(diagnostic, text, lang)
            assert to_json(diagnostic, text, lang)["code"] == diagnostic.code
        fix = fix_of(diagnostic, text)
        if fix is not None:
            assert apply_edits(text, fix.edits) != text
    return len(found)


def mutated(text: str, chance: random.Random) -> str:
    """The text with some words or characters deleted, doubled, swapped, or put in."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((1, 1, 2, 5, 20)))
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:end] + text[at:end] + text[end:]
        elif kind == 2:
            other = chance.randrange(len(text) + 1)
            one, two = sorted((at, other))
            text = text[:one] + text[two : two + 3] + text[one + 1 : two] + text[one : one + 1] + text[two + 3 :]
        elif kind == 3:
            text = text[:at] + chance.choice(ODD) + text[at:]
        elif kind == 4:
            text = text[:at] + f" {chance.choice(WORDS)} " + text[at:]
        else:
            lines = text.split("\n")
            line = lines.pop(chance.randrange(len(lines)))
            lines.insert(chance.randrange(len(lines) + 1), " " * chance.randrange(5) + line)
            text = "\n".join(lines)
    return text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(base=st.sampled_from(BASES), seed=st.integers(0, 2**32))
def test_a_mutated_playbook_only_brings_diagnostics(base: str, seed: int) -> None:
    answer(mutated(base, random.Random(seed)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(ODD), st.text(max_size=4)), max_size=40))
def test_any_words_only_bring_diagnostics(words: list[str]) -> None:
    answer(" ".join(words).encode("utf-8", errors="ignore").decode())


def seconds(work: Callable[[], object]) -> float:
    """The shorter of two times."""
    times = []
    for _ in range(2):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


@pytest.mark.parametrize(
    "unit",
    sampled(8, [
        '标签 "a{n}"\n分群 "s{n}"\n  有标签 "a{n}" 且 积分 > 5\n',
        '分群 "s{n}"\n  有标签 "没有{n}" && 积分 >= 1万\n',
        '剧本 "p{n}"\n  每天 晚8点\n    推松 "x"\n    打标签 没有\n',
        "作过下但至少3次做过点机最多2次\n",
        '话术 "t{n}"\n  正文 "没有结束\n',
        "((((((((\n",
        '属性 字段{n}文本\n',
        "// 说明\n",
    ]),
)
def test_time_grows_with_the_text(unit: str) -> None:
    def text(times: int) -> str:
        return "".join(unit.replace("{n}", str(n)) for n in range(times))

    small, large = text(60), text(240)
    answer(small)
    ratio = seconds(lambda: answer(large)) / max(seconds(lambda: answer(small)), 0.002)
    assert ratio < 4 * 2.5, f"four times the text took {ratio:.1f} times as long"


@pytest.mark.skipif(SECONDS <= 0, reason="asked for by QINGTING_FUZZ_SECONDS")
def test_an_hour_of_mutations() -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    end = time.monotonic() + SECONDS
    count = 0
    while time.monotonic() < end:
        text = mutated(chance.choice(BASES), chance)
        before = time.process_time()
        try:
            answer(text)
        except Exception as error:
            raise AssertionError(f"seed {seed}, text {count}: {text!r}") from error
        assert time.process_time() - before < MOST_SECONDS_FOR_ONE, f"seed {seed}, text {count} is slow: {text!r}"
        count += 1
    assert count > 0
