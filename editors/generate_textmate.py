"""Writes the TextMate grammar for .sop files from the table of keywords: ``python editors/generate_textmate.py``.

The regular expressions keep to what Oniguruma, JavaScript and Python's ``re`` read alike: alternations, classes, look-ahead and
look-behind of one character. A regular expression knows no declared names, so a run of Chinese is cut like this: words of
two characters and more are found from left to right, words of one character only beside digits, quotes, spaces or
another word, and what is left between them is a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from qingting.grammar import keywords
from qingting.grammar.condition_keywords import CONDITION_KEYWORDS
from qingting.grammar.keywords import KEYWORDS, spellings_of

PATH = Path(__file__).parent / "vscode/syntaxes/qingting.tmLanguage.json"
Pattern = dict[str, object]

# What a declaration begins with, and the scope of the name it introduces.
_NAMED = {
    "ATTRIBUTE": "entity.name.variable.attribute", "EVENT": "entity.name.function.event",
    "METRIC": "entity.name.variable.metric", "TAG_GROUP": "entity.name.type.tag-group", "TAG": "entity.name.type.tag",
    "SEGMENT": "entity.name.type.segment", "TEMPLATE": "entity.name.type.template", "COUPON": "entity.name.type.coupon",
    "REDPACKET": "entity.name.type.redpacket", "PRODUCT": "entity.name.type.product", "SOURCE": "entity.name.type.source",
    "ACTIVITY": "entity.name.type.activity", "PHASE": "entity.name.type.phase", "SESSION": "entity.name.type.session",
    "TIERS": "entity.name.type.tiers", "PLAYBOOK": "entity.name.section.playbook",
}
_INDENTED = ("PHASE", "SESSION")
_UNNAMED = ("POLICY", "POINTS_RULES", "TIERS", "WHENEVER")
_TYPES = tuple(name for name in KEYWORDS if name.startswith("TYPE_"))
_LOGICAL = ("AND", "OR", "NOT", "ALL_OF", "ANY_OF", "NONE_OF")
_LINES = {
    "keyword.control.step": (
        "PUSH", "WELCOME", "GIVE_TAG", "TAKE_TAG", "ISSUE_COUPON", "ISSUE_REDPACKET", "POINTS", "ADD_POINTS", "TAKE_POINTS", "SET",
        "GIVE_TASK", "ALERT_STAFF", "ALERT_MANAGER", "ENTER_PLAYBOOK", "STOP", "STEP", "WAIT", "WAIT_UNTIL", "DAY_OF", "WAIT_FOR",
        "THEN", "OTHERWISE", "REPEAT", "IF", "ELSE_IF", "ELSE", "SPLIT",
    ),
    "keyword.other.header": (
        "ABOUT", "OWNER", "CATEGORY", "PRIORITY", "TIMEZONE", "ACTIVE", "DRAFT", "PAUSED", "ONCE", "AGAIN_AFTER", "WHOLE_PLAYBOOK",
        "NOT_DURING", "QUIET_HOURS", "HOLDOUT", "GOAL", "EXIT_WHEN", "BUDGET", "GUARD", "TAKE_TOP", "TAKE", "TAKE_RANDOM",
        "ONLY_ONE_OF", "CATCH_UP", "FOR", "FOR_GROUPS", "EACH_MEMBER", "EACH_GROUP", "NEVER_PUSH", "NEVER_MARKET", "BODY", "LINK",
        "IMAGE", "MINIPROGRAM", "VIDEO", "FILE", "GROUP_CODE", "COMMENT", "STOCK", "VALID", "VALID_TODAY", "VALID_UNTIL", "USABLE",
    ),
    "keyword.control.trigger": (
        "EVERY_DAY", "EVERY", "EVERY_MONTH", "EVERY_INTERVAL", "EVERY_YEAR", "CRON", "ONCE_AT",
    ),
}
"""Words that a line below a declaration begins with, by scope."""
_QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"))

_DATE = r"[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}[日号])"
_MONTH_DAY = r"[0-9]{1,2}(?:月[0-9]{1,2}[日号]|-[0-9]{1,2}(?![0-9-]))"
_CLOCK = r"[0-9]{1,2}(?:[:：][0-9]{2}(?![0-9])|点(?:[0-9]{1,2}分)?)"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"


def grammar() -> Pattern:
    """The grammar as the object that is written as JSON."""
    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "qingting",
        "scopeName": "source.sop",
        "fileTypes": ["sop"],
        "patterns": [_include(name) for name in ("comments", "declarations", "lines", "strings", "runs", "values", "words", "signs")],
        "repository": {
            "comments": {"patterns": _comments()},
            "declarations": {"patterns": _declarations()},
            "lines": {"patterns": _lines()},
            "strings": {"patterns": _strings()},
            "liquid": {"patterns": [_liquid(r"'[^']*'")]},
            "long-liquid": {"patterns": [_liquid(r"'[^']*'|\"[^\"]*\"")]},
            "values": {"patterns": _values()},
            "runs": {"patterns": [_run()]},
            "words": {"patterns": _words()},
            "signs": {"patterns": _signs()},
        },
    }


def _include(name: str) -> Pattern:
    return {"include": f"#{name}"}


def _match(regex: str, scope: str | None = None, **captures: str) -> Pattern:
    made: Pattern = {"match": regex}
    if scope:
        made["name"] = f"{scope}.sop"
    if captures:
        made["captures"] = {number.removeprefix("c"): {"name": f"{name}.sop"} for number, name in captures.items()}
    return made


# Words


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))


def _written(word: str) -> str:
    """A spelling as a regular expression; any white space may part its words, and a word of letters ends there."""
    regex = r"\s+".join(re.escape(part) for part in word.split(" "))
    return regex + r"(?!\w)" if word[-1].isascii() and word[-1].isalpha() else regex


def _any(words: Iterable[str]) -> str:
    return "|".join(_written(word) for word in _longest_first(words))


def _of(terminals: Iterable[str]) -> list[str]:
    return [word for terminal in terminals for word in spellings_of(terminal)]


def _is_chinese(word: str) -> bool:
    return not word.isascii() and (word[0].isalpha())


def _scopes() -> Mapping[str, list[str]]:
    """The spellings that may stand anywhere, by scope; each once."""
    heads = {*_NAMED, *_UNNAMED, *_TYPES} - {"ACTIVITY", "PHASE"}  # those stand inside conditions as well
    units = ("MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "YUAN", "TIMES", "MEMBERS")
    comparisons = list(CONDITION_KEYWORDS)[list(CONDITION_KEYWORDS).index("IS") : list(CONDITION_KEYWORDS).index("WITHIN")]
    windows = list(CONDITION_KEYWORDS)[list(CONDITION_KEYWORDS).index("WITHIN") :]
    chosen = (
        ("keyword.operator.logical", _LOGICAL),
        ("keyword.operator.comparison", comparisons),
        ("keyword.other.window", windows),
        ("keyword.other.test", [name for name in CONDITION_KEYWORDS if name not in (*_LOGICAL, *comparisons, *windows, *units)]),
        ("keyword.other.unit", units),
        ("keyword.other", [name for name in KEYWORDS if name not in heads]),
    )
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for scope, terminals in chosen:
        words = [word for word in _of(terminals) if word not in taken and word[0].isalpha()]
        taken.update(words)
        found[scope] = words
    return found


def _by_length(chosen: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Scopes with their words, longer words before shorter ones: of two that begin alike the longer is meant."""
    lengths = sorted({len(word) for words in chosen.values() for word in words}, reverse=True)
    parts = [(scope, [word for word in words if len(word) == n]) for n in lengths for scope, words in chosen.items()]
    return [(scope, words) for scope, words in parts if words]


def _type(words: Iterable[str]) -> Pattern:
    """Types stand at the end of what they are the type of."""
    return _match(rf"(?<=\s)(?:{_any(words)})(?=\s*(?:$|[,，、#＃]|可选|in\s))", "support.type")


def _run() -> Pattern:
    """A run that begins with a digit or a Chinese character, cut from left to right."""
    words = {scope: [word for word in found if _is_chinese(word)] for scope, found in _scopes().items()}
    long = {scope: [word for word in found if len(word) > 1] for scope, found in words.items()}
    any_long = _any(word for found in long.values() for word in found)
    short = {scope: "".join(word for word in found if len(word) == 1) for scope, found in words.items()}
    beside = rf"(?=[0-9¥￥\"“‘「『']|{any_long})"
    any_short = f"[{''.join(short.values())}]"
    built_in = _any((*keywords.BUILT_IN_ATTRIBUTES, *keywords.BUILT_IN_FIELDS, *keywords.BUILT_IN_CHANNELS))
    patterns = [
        _include("values"),
        _type(word for word in _of(_TYPES) if _is_chinese(word)),
        *(_match(_any(found), scope) for scope, found in _by_length(long)),
        *(_match(_short(one, beside), scope) for scope, one in short.items() if one),
        _match(rf"(?:{built_in})(?=\W|$|{any_long}|{any_short}{beside})", "support.variable"),
        _match(rf"(?:(?!{any_long}|{any_short}{beside}|[0-9])\w)+|\w", "variable.other"),
    ]
    return {"begin": r"(?=[0-9\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff])(?=\w)", "end": r"(?!\w)", "patterns": patterns}


def _short(one: str, beside: str) -> str:
    """Where a word of one character is one: by itself, behind digits, quotes and units, or before what ``beside`` sees."""
    return (
        rf"(?<!\w)[{one}](?!\w)|(?<=[0-9\"”’」』'）)])[{one}]|[{one}]{beside}|(?<=[天周月时钟年号日])[{one}](?!\w)"
    )


def _words() -> list[Pattern]:
    """English words; names of the shop are whatever is left."""
    english = {scope: [word for word in found if word.isascii()] for scope, found in _scopes().items()}
    built_in = (*keywords.BUILT_IN_ATTRIBUTES.values(), *keywords.BUILT_IN_FIELDS.values(), *keywords.BUILT_IN_CHANNELS.values())
    return [
        _type(word for word in _of(_TYPES) if word.isascii()),
        *(_match(rf"(?<!\w)(?:{_any(words)})", scope) for scope, words in _by_length(english)),
        _match(rf"(?<!\w)(?:{_any(built_in)})", "support.variable"),
        _match(r"[A-Za-z_]\w*(?:/[A-Za-z_]\w*)*", "variable.other"),
    ]


# Lines


def _comments() -> list[Pattern]:
    return [
        _match(
            r"([#＃])\s*([Ii][Gg][Nn][Oo][Rr][Ee]|忽略)\s*([A-Z][0-9]{3})(?:\s*[:：]\s*(.*))?$", "comment.line.number-sign",
            c1="punctuation.definition.comment", c2="keyword.other.ignore", c3="constant.other.code", c4="string.unquoted.reason",
        ),
        _match(r"([#＃]).*$", "comment.line.number-sign", c1="punctuation.definition.comment"),
    ]


def _declarations() -> list[Pattern]:
    name = r"[^\W0-9]\w*|\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』"
    made = []
    for terminal in sorted(_NAMED, key=lambda each: -max(len(word) for word in spellings_of(each))):
        place = r"^\s+" if terminal in _INDENTED else "^"
        title = name if terminal in ("ATTRIBUTE", "EVENT", "METRIC") else name.partition("|")[2]
        word = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in _longest_first(spellings_of(terminal)))
        space = r"\s+" if title is name else r"\s*"
        made.append(_match(rf"{place}({word}){space}({title})", c1="storage.type.declaration", c2=_NAMED[terminal]))
    made.append(_match(rf"^(?:{_any(_of(_UNNAMED))})", "storage.type.declaration"))
    return made


def _lines() -> list[Pattern]:
    """Words that begin a line below a declaration, and days of a journey."""
    made = [_match(rf"^\s+({_any(_of(terminals))})", c1=scope) for scope, terminals in _LINES.items()]
    made.append(_match(rf"^\s+({_any(('and', 'or', '并且', '或者'))}|且|或(?!许))", c1="keyword.operator.logical"))
    made.append(_match(rf"^\s+((?:{_any(_of(['WHEN']))}))(?=\s|[^\W0-9])(?![前天日])", c1="keyword.control.trigger"))
    made.append(_match(r"^\s+([Dd][0-9]{1,4})(?!\w)", c1="keyword.control.step"))
    return made


# Strings and values


def _string(begin: str, end: str, scope: str, patterns: list[Pattern]) -> Pattern:
    return {
        "name": f"string.quoted.{scope}.sop",
        "begin": begin,
        "end": end,
        "beginCaptures": {"0": {"name": "punctuation.definition.string.begin.sop"}},
        "endCaptures": {"0": {"name": "punctuation.definition.string.end.sop"}},
        "patterns": patterns,
    }


def _strings() -> list[Pattern]:
    escape = _match(r"\\[\"\\*]", "constant.character.escape")
    star = _match(r"\*(?=[\"'”’」』＂＇])", "keyword.operator.wildcard")
    liquid = _include("liquid")
    made = [_string('"""', '"""', "triple", [escape, _include("long-liquid")])]
    made.append(_string('["＂]', '["＂]|$', "double", [escape, star, liquid]))
    made.append(_string("['＇]", "['＇]|$", "single", [escape, star, _include("long-liquid")]))
    made.extend(_string(opening, f"{closing}|$", "other", [star, liquid]) for opening, closing in _QUOTES)
    return made


def _liquid(quoted: str) -> Pattern:
    return {
        "name": "meta.embedded.liquid.sop",
        "begin": r"\{\{-?|\{%-?",
        "end": r"-?\}\}|-?%\}|$",
        "beginCaptures": {"0": {"name": "punctuation.section.embedded.begin.sop"}},
        "endCaptures": {"0": {"name": "punctuation.section.embedded.end.sop"}},
        "patterns": [
            _match(quoted, "string.quoted.liquid"),
            _match(r"\|\s*(\w+)", c1="support.function.filter"),
            _match(r"[^\W0-9][\w.]*", "variable.other.liquid"),
        ],
    }


def _values() -> list[Pattern]:
    units = [word for word in _of(("MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "YUAN", "TIMES", "MEMBERS")) if _is_chinese(word)]
    counted = _any([*units, *_of(("MESSAGES", "PIECES", "ITEMS", "MONTH_DAY", "FOLD"))])
    english = _any(word for word in _of(("MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS", "YUAN", "TIMES", "MEMBERS")) if word.isascii())
    return [
        _match(rf"-?[¥￥] ?-?{_NUMBER}", "constant.numeric.money"),
        _match(_DATE, "constant.numeric.date"),
        _match(_CLOCK, "constant.numeric.clock"),
        _match(_MONTH_DAY, "constant.numeric.date"),
        _match(rf"{_NUMBER}[%％]", "constant.numeric.share"),
        _match(rf"([+-]?{_NUMBER})\s*({counted})", c1="constant.numeric", c2="keyword.other.unit"),
        _match(rf"([+-]?{_NUMBER})\s+({english})", c1="constant.numeric", c2="keyword.other.unit"),
        _match(rf"[+-]?{_NUMBER}", "constant.numeric"),
        _match(r"[０-９]+", "constant.numeric"),
    ]


def _signs() -> list[Pattern]:
    return [
        _match(r"<=|>=|<>|!=|==|[<>=≤≥≠＜＞＝！]", "keyword.operator.comparison"),
        _match(r"[,，、.]", "punctuation.separator"),
        _match(r"[()（）]", "punctuation.section.parens"),
    ]


def written() -> str:
    """The text of the grammar file."""
    return json.dumps(grammar(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
