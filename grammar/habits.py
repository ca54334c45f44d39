"""Habits from SQL, Python and other notations: what was written, and how this language says it.

Each habit is understood where the line stumbles over it; where the language's own word is plain, the fix is safe and
``check --fix`` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .diagnostics import Edit, Fix, Span
from .everyday import Rewording, listed_times, reword, reword_across
from .everyday_words import meant_event
from .fixes import replacement
from .layout import RUN, LogicalLine
from .lines import ReadLine, Stumble
from .record import record
from .scanner import Scanner
from .tables import END, Stack

_JOINTS = {"&&": ("且", "and"), "||": ("或", "or"), "&": ("且", "and"), "|": ("或", "or"), "!": ("不满足", "not")}
_CAPITALS = {"and": ("且", "and"), "or": ("或", "or"), "not": ("不满足", "not")}
_NOTHING = frozenset({"null", "none", "nil", "undefined", "空", "空值"})
_NOTHING_WHOLE = {"为空": ("没值", "is unknown"), "不为空": ("有值", "is known"), "非空": ("有值", "is known")}
_IS_NOTHING = re.compile(r"is\s+(?P<not>not\s+)?(?:null|none)\b", re.IGNORECASE)
_TRUTHS = {"true": True, "false": False, "真": True, "假": False}
_IS_BEFORE = re.compile(r"(?P<not>is\s+not|!=|<>|≠|不是|不等于)\s*$|(?:is|==?|是|等于)\s*$", re.IGNORECASE)
_THEN = frozenset({"then", "那么", "则", "就"})
_ELSE_IF = frozenset({"elif", "elseif", "elsif", "不然如果", "要不然如果"})
_OTHERWISE = {
    "没有标签": "无标签", "没标签": "无标签", "不带标签": "无标签", "带标签": "有标签", "没做过": "未做过",
    "没有做过": "未做过", "不在": "不属于",
}
"""Chinese words of everyday speech whose nearest keyword would mean something else, or the opposite."""
_DONE = re.compile(r"(?P<not>没有|没|未|不曾|从没|从未)?(?P<verb>[\u4e00-\u9fff]{1,6}?)过")
_EVERYONE = re.compile(r"(?:所有|全部|全体|任何)的?(?:人|客户|会员|用户|顾客|好友|粉丝)?(?=\s|$)|everyone\b|everybody\b|all members\b")
_FOR = re.compile(r"(?:面向|\bfor) *$")
_IS_ONE = re.compile(r"(?:is not|is|!=|≠|==?|不是|不等于|是|等于) *(?=[\"'“‘「『])")
_HAS_TAG = re.compile(r"(?:tagged|有标签) *(?=[\"'“‘「『])")
_AWAITS = re.compile(r"(?:(?P<timed>转化目标|goal\b|等客户|wait for\b)|退出条件|exit when\b) *")
_EVERY_DAYS = re.compile(
    r"(?:每隔?|every +)(?P<days>[0-9]{1,2}) ?(?:天|days?)(?: +at)? +(?P<hour>[0-9]{1,2})[::](?P<minute>[0-9]{2})(?= *$)"
)
_UP_TO = re.compile(r"最长|up to\b")
_ANY_JOINT = re.compile(r" *(?:或者|或|or|并且|且|and|,|和|、) *")
_IN_A_TIME = re.compile("在(?= *(?:[0-9]|活动|今天|昨天|本周|本月|上周|上月|最近|近))")
_OR_ELSE = re.compile(r" *(?:或者|或|or|,|和|、) *")
_IS_COMPARED = re.compile(r" *(?:is|=|!|<|>|是|不|等|大|小|属|包|开|结|in\b|或|or\b)")
_NEGATED = re.compile("is not|!=|≠|不")
_MOST_UNKNOWN = 50
_TRAILING = ":;"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WILDCARD = re.compile(r"(%?)([^%_*]+)(%?)")


@record
class Habit:
    """What a diagnostic says of a habit: code, place and parameters, and how to mend it where that is known."""

    code: str
    span: Span
    params: dict[str, str | int]
    fix: Fix | None
    hint: str | None = None


@record
class Place:
    """A line that stumbled, with all that tells what was meant; ``unknown`` are where names nobody declared begin."""

    text: str
    scanner: Scanner
    line: LogicalLine
    stumble: Stumble
    expected: frozenset[str]
    unknown: tuple[tuple[int, Stack], ...]

    @property
    def flat(self) -> str:
        return self.scanner.flat

    @property
    def start(self) -> int:
        return self.stumble.span.start

    @property
    def run(self) -> str:
        """The run at the stumble, in small letters; empty where a sign stands."""
        match = RUN.match(self.flat, self.start, self.line.end)
        return match.group().lower() if match else ""

    @property
    def rest(self) -> str:
        """What stands behind the stumble on its line."""
        end = self.start + max(len(self.run), self.stumble.span.end - self.start)
        return self.flat[end : self.line.end].strip()

    def say(self, words: tuple[str, str]) -> str:
        """One of (Chinese, English), as the keywords of the line are written."""
        first = RUN.search(self.flat, self.line.start, self.line.end)
        is_chinese = first is not None and _CHINESE.search(first.group())
        before = RUN.findall(self.flat[self.line.start : self.start].replace('"', " "))
        ascii_words = [word for word in before if word.isascii() and not word[:1].isdigit()]
        return words[0] if is_chinese and len(ascii_words) <= len(before) // 2 else words[1]


def find_habit(text: str, scanner: Scanner, line: LogicalLine, result: ReadLine) -> Habit | None:
    """The habit that a line stumbles over, None where there is none."""
    stumble = result.stumble
    if stumble is None:
        return None
    unknown = tuple((piece.start, stack) for piece, stack in result.unknown[-_MOST_UNKNOWN:])
    place = Place(text, scanner, line, stumble, scanner.tables.expected(stumble.stack), unknown)
    habits = _HABITS if stumble.terminal != END else _HABITS_AT_THE_END
    return next((found for habit in habits if (found := habit(place)) is not None), None)


def _written(place: Place, span: Span, write: str, *, spaced: bool = False) -> Habit:
    text = write
    if spaced:
        before = place.flat[span.start - 1 : span.start]
        after = place.flat[span.end : span.end + 1]
        text = ("" if before.isspace() or not before else " ") + write + ("" if after.isspace() or not after else " ")
    written = " ".join(place.flat[span.start : span.end].split())
    return Habit("E130", span, {"written": written, "write": write}, replacement(span, text))


def _joint(place: Place) -> Habit | None:
    """``&&``, ``||``, ``!`` and ``AND``, ``OR``, ``NOT``."""
    for sign, words in _JOINTS.items():
        if place.flat.startswith(sign, place.start):
            return _written(place, Span(place.start, place.start + len(sign)), place.say(words), spaced=True)
    words = _CAPITALS.get(place.run, ("", ""))
    run = place.flat[place.start : place.start + len(place.run)]
    if words[0] and run.isupper() and (place.run.upper() in place.expected or place.run == "not"):
        return _written(place, Span(place.start, place.start + len(run)), words[1])
    return None


def _at_the_end(place: Place) -> Habit | None:
    """``:`` and ``;`` behind a line or a keyword, ``then`` behind a condition."""
    char = place.flat[place.start]
    if char in _TRAILING and place.stumble.terminal is None:
        span = Span(place.start, place.start + 1)
        return Habit("E106", span, {"mark": char}, _deleted(place, span))
    if place.run in _THEN and END in place.expected:
        span = Span(place.start, place.start + len(place.run))
        mark = place.flat[span.start : span.end]
        return Habit("E106", span, {"mark": mark}, None if place.rest else _deleted(place, span),
                     "newline" if place.rest else None)
    return None


def _deleted(place: Place, span: Span) -> Fix:
    """What is not needed taken out, with the spaces before it at the end of a line, else with a space in its place."""
    after = place.flat[span.end : span.end + 1]
    if after in ("", "\r", "\n"):
        start = span.start
        while start > place.line.start and place.flat[start - 1] in " \t":
            start -= 1
        return replacement(Span(start, span.end), "")
    return replacement(span, "" if after == " " else " ")


def _nothing(place: Place) -> Habit | None:
    """``is null``, ``= None``, ``不为空``: an unknown value."""
    capitals = _IS_NOTHING.match(place.flat, place.start, place.line.end) if "UNKNOWN" in place.expected else None
    if capitals is not None:
        return _written(place, Span(*capitals.span()), f"is {'known' if capitals['not'] else 'unknown'}")
    if "UNKNOWN" in place.expected and place.run in _NOTHING_WHOLE:
        span = Span(place.start, place.start + len(place.run))
        return _written(place, span, place.say(_NOTHING_WHOLE[place.run]), spaced=True)
    operator = _operator(place)
    if place.run not in _NOTHING or operator is None:
        return None
    words = ("有值", "is known") if operator["not"] else ("没值", "is unknown")
    return _written(place, _with_operator(place, operator), place.say(words), spaced=True)


def _truth(place: Place) -> Habit | None:
    """``= true``, ``is not False``: a yes or no."""
    operator = _operator(place)
    if place.run not in _TRUTHS or operator is None:
        return None
    is_yes = _TRUTHS[place.run] != bool(operator["not"])
    words = ("为是", "is yes") if is_yes else ("为否", "is no")
    return _written(place, _with_operator(place, operator), place.say(words), spaced=True)


def _operator(place: Place) -> re.Match[str] | None:
    return _IS_BEFORE.search(place.flat[place.line.start : place.start])


def _with_operator(place: Place, operator: re.Match[str]) -> Span:
    return Span(place.line.start + operator.start(), place.start + len(place.run))


def _like(place: Place) -> Habit | None:
    """``LIKE "%x%"``: contains, starts with, ends with, or a star."""
    if place.run not in ("like", "ilike"):
        return None
    word_end = place.start + len(place.run)
    at = place.scanner.skip(word_end, place.line.end)
    piece = place.scanner.strings.get(at)
    pattern = _WILDCARD.fullmatch(place.text[piece.content_start : piece.content_end]) if piece else None
    span = Span(place.start, piece.end if piece else word_end)
    written = place.text[span.start : span.end]
    if pattern is None or not {"CONTAINS", "STRING"} & place.expected:
        return Habit("E171", span, {"written": written}, None)
    before, text, after = pattern.groups()
    if "CONTAINS" not in place.expected:
        write = f'"{text}*"' if after and not before else f'"{text}"'
        is_plain = not before
    else:
        words = {("%", "%"): ("包含", "contains"), ("", "%"): ("开头是", "starts with"),
                 ("%", ""): ("结尾是", "ends with"), ("", ""): ("是", "is")}[before, after]
        write, is_plain = f'{place.say(words)} "{text}"', True
    return Habit("E171", span, {"written": written, "write": write}, replacement(span, write, safe=is_plain), "write")


def _brackets(place: Place) -> Habit | None:
    """``in ("a", "b")``: the list of in stands without parentheses."""
    if place.stumble.terminal != "LPAR" or not {"STRING", "NUMBER"} & place.expected or "NOT" in place.expected:
        return None
    position, strings = place.start + 1, place.scanner.strings
    while position < place.line.end and place.flat[position] != ")":
        piece = strings.get(position)
        if piece is None and place.flat[position] not in " \t\r\n,0123456789.-¥%":
            return None
        position = piece.end if piece else position + 1
    if position >= place.line.end:
        return None
    opening, closing = Span(place.start, place.start + 1), Span(position, position + 1)
    inside = place.text[opening.end : closing.start].strip()
    space = "" if place.flat[opening.start - 1] in " \t" else " "
    fix = Fix((Edit(opening, space), Edit(closing, "")), safe=True)
    return Habit("E170", Span(opening.start, closing.end), {"inside": inside}, fix)


def _everyday(place: Place) -> Habit | None:
    """``没有标签``, ``没做过``: said as people talk."""
    for start in (*(start for start, _ in place.unknown), place.start):
        run = RUN.match(place.flat, start, place.line.end)
        write = (_OTHERWISE.get(run.group()) or _as_done(run.group(), place)) if run else None
        if run is not None and write is not None:
            return _written(place, Span(*run.span()), write)
    return None


def _as_done(run: str, place: Place) -> str | None:
    """``点击过``, ``没买过``: an event as a verb of everyday speech."""
    verb = _DONE.fullmatch(run)
    if verb is None:
        return None
    meant = meant_event(verb, place.scanner.names)
    if meant is None:
        return None
    # Where the event stands behind the verb as well, it is not written twice.
    follows = place.flat[place.flat.find(run, place.line.start) + len(run) :].lstrip().startswith(meant)
    return ("未做过" if verb["not"] else "做过") + ("" if follows else f" {meant}")


def _bare_event(place: Place) -> Habit | None:
    """``转化目标 下单``, ``等客户 下单``: an event by its name alone, where something done is meant."""
    opening = _AWAITS.match(place.flat, place.line.start)
    run = RUN.match(place.flat, opening.end(), place.line.end) if opening else None
    if opening is None or run is None or run.group() not in place.scanner.names.events:
        return None
    if _IS_COMPARED.match(place.flat, run.end(), place.line.end):
        return None
    write = f"{place.say(('做过', 'did'))} {run.group()}"
    if opening["timed"] and not _UP_TO.search(place.flat, run.end(), place.line.end):
        write += place.say((" 最长7天", " up to 7 days"))
    span = Span(*run.span())
    return Habit("E130", span, {"written": run.group(), "write": write}, replacement(span, write, safe=False))


def _every_days(place: Place) -> Habit | None:
    """``每2天 10:00``: a schedule that counts days, which only cron has."""
    match = _EVERY_DAYS.match(place.flat, place.line.start, place.line.end)
    if match is None or not 1 < int(match["days"]) <= 31:
        return None
    write = f'cron "{int(match["minute"])} {int(match["hour"])} */{int(match["days"])} * *"'
    span = Span(*match.span())
    return Habit("E130", span, {"written": match.group(), "write": write}, replacement(span, write, safe=False))


def _everyone(place: Place) -> Habit | None:
    """``面向 所有人``: an audience that is not written at all."""
    for start, _ in (*place.unknown, (place.start, place.stumble.stack)):
        match = _EVERYONE.match(place.flat, start, place.line.end)
        if match is not None and _FOR.search(place.flat[place.line.start : start]):
            return Habit("E120", Span(*match.span()), {"written": match.group()}, None, "everyone")
    return None


def _either_tag(place: Place) -> Habit | None:
    """``有标签 "新客" 或 "老客"``: one or all of several tags."""
    strings = place.scanner.strings
    for match in _HAS_TAG.finditer(place.flat, place.line.start, place.line.end):
        first = strings.get(match.end())
        joint = _ANY_JOINT.match(place.flat, first.end, place.line.end) if first else None
        second = strings.get(joint.end()) if joint else None
        if first is None or joint is None or second is None or not first.end <= place.start:
            continue
        if _IS_COMPARED.match(place.flat, second.end):
            continue
        word = joint.group().strip()
        words = ("有全部标签", "tagged all of") if word in ("且", "and", "并且") else ("有任一标签", "tagged any of")
        values = ", ".join(place.text[piece.start : piece.end] for piece in (first, second))
        span = Span(match.start(), second.end)
        write = f"{place.say(words)} {values}"
        params: dict[str, str | int] = {"written": place.text[span.start : span.end], "write": write}
        return Habit("E130", span, params, replacement(span, write, safe=word not in (",", "和", "、")))
    return None


def _superfluous(place: Place) -> Habit | None:
    """``在 7天内``: the window says it alone."""
    for start in (*(start for start, _ in place.unknown), place.start):
        if _IN_A_TIME.match(place.flat, start, place.line.end):
            span = Span(start, start + 1)
            return Habit("E106", span, {"mark": "在"}, _deleted(place, span))
    return None


def _either(place: Place) -> Habit | None:
    """``城市 是 "上海" 或 "杭州"``: one of several values."""
    strings = place.scanner.strings
    for match in _IS_ONE.finditer(place.flat, place.line.start, place.line.end):
        first = strings.get(match.end())
        joint = _OR_ELSE.match(place.flat, first.end, place.line.end) if first else None
        second = strings.get(joint.end()) if joint else None
        if first is None or second is None or not first.end <= place.start or _IS_COMPARED.match(place.flat, second.end):
            continue
        span = Span(match.start(), second.end)
        values = ", ".join(place.text[piece.start : piece.end] for piece in (first, second))
        words = ("不属于", "not in") if _NEGATED.match(match.group()) else ("属于", "in")
        write = f"{place.say(words)} {values}"
        params: dict[str, str | int] = {"written": place.text[span.start : span.end], "write": write}
        return Habit("E130", span, params, replacement(span, write, safe=words[0] == "属于"))
    return None


def _sayings(place: Place) -> Habit | None:
    """What is said in everyday words where the line stumbles, or where a name begins that nobody declared."""
    places = [*place.unknown, (place.start, place.stumble.stack)]
    for start, _ in places:
        across = reword_across(place.flat, place.line.span, start, place.scanner.names)
        if across is not None:
            return _told(place.scanner, across)
    return next((found for start, stack in places if (found := reworded(place.scanner, start, place.line.end, stack))), None)


def reworded(scanner: Scanner, start: int, end: int, stack: Stack) -> Habit | None:
    """The everyday words that begin at ``start`` and what to write for them, None where there are none."""
    expected = scanner.tables.expected(stack)
    found = listed_times(scanner.flat, start, end) if "CRON" in expected else None
    found = found or reword(scanner.flat, start, end, expected, scanner.names)
    return _told(scanner, found) if found is not None else None


def _told(scanner: Scanner, found: Rewording) -> Habit:
    written = " ".join(scanner.flat[found.span.start : found.span.end].split())
    fix = replacement(found.span, found.write, safe=found.sure)
    return Habit("E130", found.span, {"written": written, "write": found.write.strip()}, fix)


def _else_if(place: Place) -> Habit | None:
    if place.run in _ELSE_IF and "ELSE_IF" in place.expected:
        write = "else if" if place.run.isascii() else "否则如果"
        return _written(place, Span(place.start, place.start + len(place.run)), write)
    return None


_Find = Callable[[Place], Habit | None]
_HABITS: tuple[_Find, ...] = (
    _bare_event, _every_days, _joint, _at_the_end, _nothing, _truth, _like, _brackets, _else_if, _everyone, _everyday, _either,
    _either_tag, _superfluous, _sayings,
)
_HABITS_AT_THE_END: tuple[_Find, ...] = (
    _bare_event, _every_days, _everyone, _everyday, _either, _either_tag, _superfluous, _sayings,
)
