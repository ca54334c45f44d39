"""Library declarations as they are written."""

from __future__ import annotations

from functools import partial

from ..syntax import (
    AttributeDecl,
    EventDecl,
    FieldDecl,
    MetricDecl,
    ProductDecl,
    SegmentDecl,
    SourceDecl,
    TagDecl,
    TagGroupDecl,
    TemplateDecl,
    TemplatePart,
    Text,
    TypeName,
)
from .behaviour import total
from .conditions import inner_words
from .phrases import Phrase, spaced
from .sheet import Say, Sheet
from .strings import body, string
from .tongue import Tongue
from .values import duration, money

_TYPES = {
    "text": "TYPE_TEXT", "number": "TYPE_NUMBER", "money": "TYPE_MONEY", "date": "TYPE_DATE",
    "lunar_date": "TYPE_LUNAR", "instant": "TYPE_INSTANT", "yes_no": "TYPE_YES_NO",
}
_PARTS = {
    "link": "LINK", "image": "IMAGE", "miniprogram": "MINIPROGRAM", "video": "VIDEO", "file": "FILE",
    "group_code": "GROUP_CODE", "comment": "COMMENT",
}


def write_attribute(sheet: Sheet, node: AttributeDecl) -> None:
    """``attribute city text``"""
    sheet.statement(0, node.span, lambda tongue: spaced(
        tongue.word("ATTRIBUTE"), tongue.plain(node.name), _type(node.type, tongue)
    ))


def _type(found: TypeName, tongue: Tongue) -> str:
    word = tongue.word(_TYPES[found.word])
    if not found.choices:
        return word
    return f"{word} {tongue.word('CHOICES')} {', '.join(string(choice.text) for choice in found.choices)}"


def write_event(sheet: Sheet, node: EventDecl) -> None:
    """``event order with order_no text, store text``"""
    def say(tongue: Tongue) -> Phrase:
        fields = ", ".join(_field(field, tongue) for field in node.fields)
        having = f"{tongue.word('WITH_FIELDS')} {fields}" if fields else ""
        return spaced(tongue.word("EVENT"), tongue.plain(node.name), having)

    sheet.statement(0, node.span, say)


def _field(found: FieldDecl, tongue: Tongue) -> str:
    return f"{tongue.field(found.name)} {_type(found.type, tongue)}"


def write_tag_group(sheet: Sheet, node: TagGroupDecl) -> None:
    """``tag group "生命周期" exclusive``"""
    sheet.statement(0, node.span, lambda tongue: spaced(
        tongue.word("TAG_GROUP"), string(node.name.text), tongue.word("EXCLUSIVE") if node.exclusive else ""
    ))


def write_tag(sheet: Sheet, node: TagDecl) -> None:
    """``tag "新客" in group "生命周期" expires after 30 days``"""
    def say(tongue: Tongue) -> Phrase:
        group = f"{tongue.word('INTO_GROUP')} {string(node.group.text)}" if node.group else ""
        expires = f"{tongue.word('EXPIRES_AFTER')} {duration(node.expires, tongue)}" if node.expires else ""
        return spaced(tongue.word("TAG"), string(node.name.text), group, expires)

    sheet.statement(0, node.span, say)


def write_segment(sheet: Sheet, node: SegmentDecl) -> None:
    """``segment "X"`` with its condition below."""
    sheet.statement(0, node.span, lambda tongue: spaced(tongue.word("SEGMENT"), string(node.name.text)))
    sheet.conditions(1, (node.condition,))


def write_metric(sheet: Sheet, node: MetricDecl) -> None:
    """``metric recent = sum of order.amount within 90 days``"""
    sheet.statement(0, node.span, lambda tongue: spaced(
        tongue.word("METRIC"), tongue.plain(node.name), tongue.equals, total(node.total, tongue, inner_words)
    ))


def write_template(sheet: Sheet, node: TemplateDecl) -> None:
    """A template with its body and parts, in the order they stand."""
    def say(tongue: Tongue) -> Phrase:
        channel = f"{tongue.word('ON_CHANNEL')} {tongue.channel(node.channel)}" if node.channel else ""
        return spaced(tongue.word("TEMPLATE"), string(node.name.text), channel)

    sheet.statement(0, node.span, say)
    lines: list[tuple[int, Say]] = [(part.span.start, partial(_part, part)) for part in node.parts]
    if node.body is not None:
        lines.insert(0, (node.body.span.start, partial(_body, node.body)))
    sheet.lines(1, lines)


def _body(found: Text, tongue: Tongue) -> str:
    return f"{tongue.word('BODY')} {body(found)}"


def _part(found: TemplatePart, tongue: Tongue) -> Phrase:
    page = f"{tongue.word('PAGE')} {string(found.page.text)}" if found.page else ""
    title = f"{tongue.word('TITLE')} {string(found.title.text)}" if found.title else ""
    return spaced(tongue.word(_PARTS[found.kind]), string(found.value.text), page, title)


def write_product(sheet: Sheet, node: ProductDecl) -> None:
    """``product "猫粮2kg" in "猫粮" lasts 30 days``"""
    def say(tongue: Tongue) -> Phrase:
        category = f"{tongue.word('OF_CATEGORY')} {string(node.category.text)}" if node.category else ""
        lasts = f"{tongue.word('LASTS')} {duration(node.lasts, tongue)}" if node.lasts else ""
        return spaced(tongue.word("PRODUCT"), string(node.name.text), category, lasts)

    sheet.statement(0, node.span, say)


def write_source(sheet: Sheet, node: SourceDecl) -> None:
    """``source "静安店收银台" in group "线下门店" cost ¥1200``"""
    def say(tongue: Tongue) -> Phrase:
        group = f"{tongue.word('INTO_GROUP')} {string(node.group.text)}" if node.group else ""
        cost = f"{tongue.word('COST')} {money(node.cost.cents)}" if node.cost else ""
        return spaced(tongue.word("SOURCE"), string(node.name.text), group, cost)

    sheet.statement(0, node.span, say)
