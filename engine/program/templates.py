"""Templates: the variables of their texts against the closed list, and what may be missing when they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...grammar import syntax
from ...grammar.diagnostics import Span
from ...grammar.fixes import rename_word
from ...grammar.nearest import nearest
from . import ir
from .builtin_names import ALWAYS_KNOWN, ATTRIBUTE_ALIASES, FIELDS, attribute_name, channel_name, field_name
from .digest import digest_of
from .entries import Key
from .liquid_text import LiquidFault, VariableUse, place, read_liquid
from .scope import Context, Scope

COUPON_CODE = "coupon.code"
# Codes about the text of an alert or task, where those about templates do not fit.
_OF_OTHER_TEXTS = {"E350": "E352", "E351": "E353", "W404": "W434"}
_FIXED = {
    **dict.fromkeys(("staff.name", "跟进人.姓名", "staff.姓名", "跟进人.name"), "staff.name"),
    **dict.fromkeys((COUPON_CODE, "券.券码", "coupon.券码", "券.code"), COUPON_CODE),
}
EVENT_PREFIX = "event."
_EVENT_ROOTS = (EVENT_PREFIX, "事件.")


def resolve_template(context: Context, written: syntax.TemplateDecl, event_fields: frozenset[str]) -> ir.Template:
    """Return a template with its variables in canonical English; errors go to the context's entry.

    ``event_fields`` are the canonical fields of all events, legal behind ``event.``.
    """
    reader = _Reader(context, written.name.text, event_fields)
    for text in _texts(written):
        reader.read(text)
    parts = tuple(
        ir.TemplatePart(
            part.kind, part.value.text, part.title.text if part.title else None, part.page.text if part.page else None
        )
        for part in written.parts
    )
    body = written.body.text if written.body else ""
    return ir.Template(
        name=written.name.text,
        channel=channel_name(written.channel.text) if written.channel else None,
        body=body,
        parts=parts,
        variables=tuple(sorted(reader.variables)),
        needed=tuple(sorted(name for name, needed in reader.variables.items() if needed)),
        digest=digest_of((body, parts)),
    )


def read_text(context: Context, text: syntax.Text) -> dict[str, bool] | None:
    """Return the variables of an alert or a task in canonical English, each with whether it must be known.

    None with an error where the text cannot be read or uses an unknown variable.
    """
    reader = _Reader(context, None, event_fields_of(context.scope))
    reader.read(text)
    return reader.variables if reader.sound else None


def event_fields_of(scope: Scope) -> frozenset[str]:
    """Return the canonical fields of all events."""
    return frozenset(name for fields in scope.events.values() for name in fields) | FIELDS.keys()


def _texts(written: syntax.TemplateDecl) -> Iterator[syntax.Text]:
    if written.body is not None:
        yield written.body
    for part in written.parts:
        yield from (text for text in (part.value, part.title, part.page) if text is not None)


@dataclass(slots=True)
class _Reader:
    """Collects the variables of some texts: canonical name to whether it must be known.

    ``template`` is None for the text of an alert or task, which brings no coupon.
    """

    context: Context
    template: str | None
    event_fields: frozenset[str]
    variables: dict[str, bool] = field(default_factory=dict)
    sound: bool = True

    def read(self, text: syntax.Text) -> None:
        found = read_liquid(text.text)
        if isinstance(found, LiquidFault):
            self._report_fault(text, found)
            return
        for use in found:
            self._note(text, use)

    def _report_fault(self, text: syntax.Text, fault: LiquidFault) -> None:
        self.sound = False
        line, column = place(text.text, fault.index)
        span = self.context.entry.locate(text.span, fault.part)
        if self.template is None:
            self.context.entry.error(_OF_OTHER_TEXTS[fault.code], span, part=fault.part)
            return
        self.context.entry.error(
            fault.code, span, template=self.template, part=fault.part, line=line, column=column
        )

    def _note(self, text: syntax.Text, use: VariableUse) -> None:
        canonical = self._canonical(use.path)
        if canonical is None:
            self._report_unknown(text, use)
            return
        scope = self.context.scope
        needed = use.bare and canonical not in ALWAYS_KNOWN
        told = self.variables.get(canonical, False)
        if needed and not told and canonical in scope.attributes:
            span = self.context.entry.locate(text.span, use.path)
            self._warn(span, use.path)
        self.variables[canonical] = told or needed

    def _warn(self, span: Span, variable: str) -> None:
        if self.template is None:
            self.context.entry.warn(_OF_OTHER_TEXTS["W404"], span, variable=variable)
        else:
            self.context.entry.warn("W404", span, template=self.template, variable=variable)

    def _canonical(self, path: str) -> str | None:
        scope = self.context.scope
        for name in (path, attribute_name(path)):
            if name in scope.ladders:
                self.context.entry.uses.add(Key("ladder", name))
                return name
            if name in scope.attributes:
                self.context.entry.uses.add(Key("attribute", name))
                return name
        if path in scope.metrics:
            self.context.entry.uses.add(Key("metric", path))
            return path
        for root in _EVENT_ROOTS:
            if path.startswith(root):
                rest = path.removeprefix(root)
                name = rest if rest in self.event_fields else field_name(rest)
                return EVENT_PREFIX + name if name in self.event_fields else None
        fixed = _FIXED.get(path)
        return None if fixed == COUPON_CODE and self.template is None else fixed

    def _report_unknown(self, text: syntax.Text, use: VariableUse) -> None:
        self.sound = False
        scope = self.context.scope
        words = [use.path, use.path.partition(".")[2]]
        doubts = [scope.doubtful[word] for word in words if word in scope.doubtful]
        if doubts:
            self.context.entry.doubts.update(*doubts)
            return
        fields = [root + name for root in _EVENT_ROOTS for name in self.event_fields]
        known = [*scope.attributes, *ATTRIBUTE_ALIASES, *scope.metrics, *_FIXED, *fields]
        near = nearest(use.path, known)
        entry = self.context.entry
        where, hint = entry.locate(text.span, use.path), "near" if near else None
        fix = rename_word(where, entry.text, near, known) if near else None
        if self.template is None:
            entry.error("E235", where, hint=hint, fix=fix, name=use.path, near=near or "")
            return
        line, column = place(text.text, use.index)
        entry.error(
            "E211", where, hint=hint, fix=fix, template=self.template, name=use.path, near=near or "", line=line,
            column=column,
        )
