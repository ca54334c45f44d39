"""What could stand at a place, in the operator's words."""

from __future__ import annotations

from .keywords import KEYWORDS, spellings_of
from .tables import END

MAX_SHOWN = 6
_VALUES: dict[str, tuple[str, str]] = {
    "NAME": ("名称", "a name"),
    "NEW_NAME": ("新名称", "the new name"),
    "STRING": ('引号里的名称或文字,如 "新客"', 'a name or text in quotes, as "新客"'),
    "NUMBER": ("数字", "a number"),
    "MONEY": ("金额,如 ¥20", "an amount, as ¥20"),
    "SHARE": ("比例,如 5%", "a share, as 5%"),
    "DATE": ("日期,如 2026-11-11", "a date, as 2026-11-11"),
    "CLOCK": ("钟点,如 20:00", "a clock time, as 20:00"),
    "ZONE": ("时区,如 Asia/Shanghai", "a time zone, as Asia/Shanghai"),
    "COMMA": ("逗号", "a comma"),
    "LPAR": ("左括号", "an opening parenthesis"),
    "RPAR": ("右括号", "a closing parenthesis"),
    "DOT": ("点", "a dot"),
    END: ("行尾", "the end of the line"),
    "DAY_MARK": ("D 和天数,如 D3", "a day, as D3"),
    "MONTHDAY": ("11月11日", "11-11"),
}
_GROUPS: tuple[tuple[frozenset[str], frozenset[str], tuple[str, str]], ...] = (
    (
        frozenset({"TAGGED", "DID"}),
        frozenset(
            {
                "AT_LEAST",
                "AT_MOST",
                "EXACTLY",
                "CONSECUTIVE",
                "TAGGED",
                "NOT_TAGGED",
                "GAINED",
                "TAGGED_ANY",
                "TAGGED_ALL",
                "TAGGED_GROUP",
                "DID",
                "DID_NOT",
                "SUM_OF",
                "NUMBER_OF",
                "FIRST",
                "LAST",
                "IN_SEGMENT",
                "RECEIVED",
                "RECEIVED_TEMPLATE",
                "IN_SAMPLE",
                "ANNIVERSARY_OF",
                "EVER_DID",
                "NEVER_DID",
                "AVERAGE_OF",
                "LARGEST_OF",
                "SMALLEST_OF",
                "DISTINCT_OF",
                "RECEIVED_REDPACKET",
                "HOLDS_COUPON",
                "HAS_USED_COUPON",
                "IN_PLAYBOOK",
                "FINISHED_PLAYBOOK",
                "INVITED",
                "DUE_TO_REORDER",
                "IN_CUSTOMER_GROUP",
                "IS_FRIEND",
                "IS_NO_FRIEND",
                "TASK",
                "NOT",
                "LPAR",
                "ALL_OF",
                "ANY_OF",
                "NONE_OF",
                "NAME",
                "STRING",
            }
        ),
        ('条件,如 有标签 "新客"', 'a condition, as tagged "新客"'),
    ),
    (
        frozenset({"TODAY", "WITHIN"}),
        frozenset(
            {
                "WITHIN",
                "WITHIN_NEXT",
                "MORE_THAN",
                "SINCE_NOW_MORE",
                "SINCE_NOW",
                "EXACTLY",
                "IN",
                "TODAY",
                "YESTERDAY",
                "THIS_WEEK",
                "THIS_MONTH",
                "LAST_WEEK",
                "LAST_MONTH",
                "ON",
                "BEFORE",
                "SINCE",
                "BETWEEN",
                "NUMBER",
                "DATE",
                "FIRST",
                "LAST",
                "STEP",
                "ACTIVITY",
                "DURING",
                "DURING_SESSION",
                "SINCE_ENTRY",
            }
        ),
        ("时间,如 7天内", "a time, as within 7 days"),
    ),
    (
        frozenset({"IS", "LT", "CONTAINS"}),
        frozenset(
            {
                "IS",
                "IS_NOT",
                "LT",
                "LE",
                "GT",
                "GE",
                "CONTAINS",
                "STARTS_WITH",
                "ENDS_WITH",
                "KNOWN",
                "UNKNOWN",
                "IS_YES",
                "IS_NO",
                "IN",
                "NOT_IN",
                "BETWEEN",
            }
        ),
        ("比较,如 是、>=、属于", "a comparison, as is, >=, in"),
    ),
    (
        frozenset({"MONDAY", "FRIDAY"}),
        frozenset({"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}),
        ("星期,如 周一", "a day of the week, as monday"),
    ),
    (
        frozenset({"MINUTES", "DAYS"}),
        frozenset({"MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS"}),
        ("时间单位,如 天", "a unit, as days"),
    ),
    (
        frozenset({"TYPE_TEXT", "TYPE_NUMBER"}),
        frozenset(
            {
                "TYPE_TEXT",
                "TYPE_NUMBER",
                "TYPE_MONEY",
                "TYPE_DATE",
                "TYPE_LUNAR",
                "TYPE_INSTANT",
                "TYPE_YES_NO",
            }
        ),
        (
            "类型:文本、数字、金额、日期、农历日期、时间、是否",
            "a type: text, number, money, date, lunar date, instant, yes/no",
        ),
    ),
)


PLACES: dict[str, tuple[str, str]] = {
    "block_line": ("触发(如 每天 10:00)的下一层", "in the block under a trigger, as every day at 10:00"),
    "playbook_line": ("剧本的下一层", "in the block of a playbook"),
    "policy_line": ("全局规则的下一层", "in the block of the policy"),
    "coupon_line": ("券的下一层", "in the block of a coupon"),
    "redpacket_line": ("红包的下一层", "in the block of a red packet"),
    "activity_line": ("活动的下一层", "in the block of an activity"),
    "wait_line": ("等客户的下一层", "in the block under wait for"),
    "template_line": ("话术的下一层", "in the block of a template"),
    "declaration": ("行首,不缩进", "in the first column, as a declaration"),
}
"""Where lines of a kind belong, likely places first."""


def describe(expected: frozenset[str]) -> tuple[str, str]:
    """What could stand here, in Chinese and in English, the likely first; at most a handful.

    >>> describe(frozenset({"DEFER", "SKIP"}))
    ('顺延、放弃', 'defer, skip')
    >>> describe(frozenset({"DONE_INSIDE"}))
    ('内完成', '内完成')
    """
    shown: list[tuple[str, str]] = []
    left = set(expected)
    for mark, members, words in _GROUPS:
        if mark <= left:
            shown.append(words)
            left -= members
    order = [*(name for name in _VALUES if name in left), *(name for name in KEYWORDS if name in left)]
    if END in order:
        order.remove(END)
        order.append(END)
    shown += [_VALUES.get(name) or _spellings(name) for name in order]
    chinese = _listed([words[0] for words in shown], "、", "……")
    english = _listed([words[1] for words in shown], ", ", " …")
    # What only one language has a word for stands in that word.
    return chinese or english, english or chinese


def _spellings(name: str) -> tuple[str, str]:
    """A keyword in Chinese and in English, empty where a language builds its meaning another way."""
    english, chinese = KEYWORDS[name]
    return (chinese or ("",))[0], (english or ("",))[0]


def _listed(words: list[str], comma: str, more: str) -> str:
    unique = [word for word in dict.fromkeys(words) if word]
    return comma.join(unique[:MAX_SHOWN]) + (more if len(unique) > MAX_SHOWN else "")


def expected_words(expected: frozenset[str]) -> list[str]:
    """Every spelling of the keywords that could stand here."""
    return [spelling for name in expected if name in KEYWORDS for spelling in spellings_of(name)]
