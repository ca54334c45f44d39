"""Coupons, red packets and texts as staff see them: what they are worth, with which limits, and what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ...program import ir
from ...program.builtin_names import attribute_name, field_name
from ...program.clock import naive_datetime
from ...program.words.schedules import clock_words
from ...program.words.values import money, plain, share
from .model import Line
from .voice import Voice

_OUTPUT = re.compile(r"\{\{-?\s*(?P<path>[^\s|}]+)\s*(?P<filters>[^}]*?)-?\}\}")
_TAG = re.compile(r"\{%-?\s*(.*?)\s*-?%\}", re.DOTALL)
_DEFAULT = re.compile(r"""default\s*:\s*(?:'([^']*)'|"([^"]*)"|(\d+(?:\.\d+)?))""")
# The variables that are no attributes and no fields, by every spelling, to the code of their name.
_FIXED = {
    **dict.fromkeys(("staff.name", "跟进人.姓名", "staff.姓名", "跟进人.name"), "variable.staff"),
    **dict.fromkeys(("coupon.code", "券.券码", "coupon.券码", "券.code"), "variable.coupon"),
}
_EVENT_ROOTS = ("event.", "事件.")
_WHOLE = 10_000


def coupon_sentence(coupon: ir.Coupon, voice: Voice) -> str:
    """Return what a coupon gives, its stock and its limits, in one line."""
    return voice.say("goods.joined").join([_worth(coupon, voice), *_coupon_limits(coupon, voice)])


def _worth(coupon: ir.Coupon, voice: Voice) -> str:
    over = money(coupon.threshold_cents)
    ending = "_over" if coupon.threshold_cents else ""
    if coupon.gift is not None:
        return voice.say(f"coupon.gift{ending}", gift=voice.name(coupon.gift), over=over)
    if coupon.percent_off is not None:
        fold = plain_tenths(_WHOLE - coupon.percent_off)
        return voice.say(f"coupon.percent{ending}", fold=fold, percent=share(coupon.percent_off), over=over)
    return voice.say("coupon.over" if ending else "coupon.off", over=over, off=money(coupon.face_cents))


def plain_tenths(parts: int) -> str:
    """Return a share in hundredths of a percent as tenths of the price, as Chinese shops say it.

    >>> plain_tenths(8800)
    '8.8'
    """
    return plain(Decimal(parts) / 1000)


def _coupon_limits(coupon: ir.Coupon, voice: Voice) -> Iterator[str]:
    if coupon.stock is not None:
        yield voice.say("coupon.stock", number=coupon.stock)
    if coupon.limit is not None:
        yield voice.say(_per("coupon.limit", coupon.limit_per), number=coupon.limit)
    if coupon.validity is not None:
        yield _validity(coupon.validity, voice)
    if coupon.hours is not None:
        start, end = map(clock_words, coupon.hours)
        yield voice.say("coupon.hours", start=start, end=end)


def _per(code: str, per: str | None) -> str:
    return code if per is None else f"{code}.{per}"


def _validity(validity: ir.Validity, voice: Voice) -> str:
    if validity.duration is not None:
        return voice.say("coupon.valid", time=voice.time(validity.duration))
    if validity.until is None:
        return voice.say("coupon.valid.day")
    whole = validity.until % ir.DAY == 0
    last = naive_datetime(validity.until - (ir.DAY if whole else 0))
    return voice.say("coupon.valid.until", date=last.date().isoformat() if whole else last.isoformat(" ", "minutes"))


def redpacket_sentence(redpacket: ir.Redpacket, voice: Voice) -> str:
    """Return what a red packet gives and how many one member may have."""
    code = "redpacket.one" if redpacket.low == redpacket.high else "redpacket.range"
    words = [voice.say(code, low=money(redpacket.low), high=money(redpacket.high))]
    if redpacket.limit is not None:
        words.append(voice.say(_per("redpacket.limit", redpacket.limit_per), number=redpacket.limit))
    return voice.say("goods.joined").join(words)


def template_lines(template: ir.Template, voice: Voice) -> tuple[Line, ...]:
    """Return the text that members get and what is attached to it."""
    body = shown_text(template.body, voice)
    quote = (Line(body, "quote"),) if body else ()
    return quote + tuple(Line(_attachment(part, voice)) for part in template.parts)


def _attachment(part: ir.TemplatePart, voice: Voice) -> str:
    what = " ".join(shown_text(text, voice) for text in (part.title, part.value, part.page) if text)
    return voice.say("step.attachment", kind=voice.say(f"attachment.{part.kind}"), what=what)


def shown_text(text: str, voice: Voice) -> str:
    """Return a Liquid text with its variables in brackets.

    >>> shown_text("{{ name | default: '朋友' }},您的券码 {{ 券.券码 }}", Voice("zh"))
    '〔姓名,没有就写“朋友”〕,您的券码 〔券码〕'
    """
    return _TAG.sub(lambda found: f"〔{found[1]}〕", _OUTPUT.sub(lambda found: _variable(found, voice), text)).strip()


def _variable(found: re.Match[str], voice: Voice) -> str:
    name = variable_name(found["path"], voice)
    default = _DEFAULT.search(found["filters"])
    if default is None:
        return f"〔{name}〕"
    return voice.say("step.default", name=name, text=next((group for group in default.groups() if group), ""))


def variable_name(path: str, voice: Voice) -> str:
    """Return the name of a variable in the language."""
    if path in _FIXED:
        return voice.say(_FIXED[path])
    for root in _EVENT_ROOTS:
        if path.startswith(root):
            return _plain_name(voice.tongue.field(field_name(path.removeprefix(root))))
    return _plain_name(voice.tongue.attribute(attribute_name(path)))


def _plain_name(name: str) -> str:
    return name.strip('"')
