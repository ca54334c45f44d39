"""Templates: the variables of their texts against the closed list, and what may be missing when they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...grammar import syntax
from . import ir
from .builtin_names import ALWAYS_KNOWN, ATTRIBUTE_ALIASES, attribute_name, channel_name, field_name
from .digest import digest_of
from .entries import Key
from .liquid_text import LiquidFault, VariableUse, place, read_liquid
from .nearest import nearest_name
from .scope import Context

COUPON_CODE = "coupon.code"
_FIXED = {
    **dict.fromkeys(("staff.name", "跟进人.姓名", "staff.姓名", "跟进人.name"), "staff.name"),
    **dict.fromkeys((COUPON_CODE, "券.券码", "coupon.券码", "券.code"), COUPON_CODE),
}
_EVENT_ROOTS = ("event.", "事件.")


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


def _texts(written: syntax.TemplateDecl) -> Iterator[syntax.Text]:
    if written.body is not None:
        yield written.body
    for part in written.parts:
        yield from (text for text in (part.value, part.title, part.page) if text is not None)


@dataclass(slots=True)
class _Reader:
    """Collects the variables of one template's texts: canonical name to whether it must be known."""

    context: Context
    template: str
    event_fields: frozenset[str]
    variables: dict[str, bool] = field(default_factory=dict)

    def read(self, text: syntax.Text) -> None:
        found = read_liquid(text.text)
        if isinstance(found, LiquidFault):
            self._report_fault(text, found)
            return
        for use in found:
            self._note(text, use)

    def _report_fault(self, text: syntax.Text, fault: LiquidFault) -> None:
        line, column = place(text.text, fault.index)
        span = self.context.entry.locate(text.span, fault.part)
        self.context.entry.error(
            fault.code, span, template=self.template, part=fault.part, line=line, column=column
        )

    def _note(self, text: syntax.Text, use: VariableUse) -> None:
        canonical = self._canonical(use.path)
        if canonical is None:
            self._report_unknown(text, use)
            return
        scope = self.context.scope
        needed = use.bare and canonical not in ALWAYS_KNOWN and canonical not in scope.metrics
        told = self.variables.get(canonical, False)
        if needed and not told and canonical in scope.attributes:
            span = self.context.entry.locate(text.span, use.path)
            self.context.entry.warn("W404", span, template=self.template, variable=use.path)
        self.variables[canonical] = told or needed

    def _canonical(self, path: str) -> str | None:
        scope = self.context.scope
        for name in (path, attribute_name(path)):
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
                return f"event.{name}" if name in self.event_fields else None
        return _FIXED.get(path)

    def _report_unknown(self, text: syntax.Text, use: VariableUse) -> None:
        scope = self.context.scope
        words = [use.path, use.path.partition(".")[2]]
        doubts = [scope.doubtful[word] for word in words if word in scope.doubtful]
        if doubts:
            self.context.entry.doubts.update(*doubts)
            return
        fields = [root + name for root in _EVENT_ROOTS for name in self.event_fields]
        known = [*scope.attributes, *ATTRIBUTE_ALIASES, *scope.metrics, *_FIXED, *fields]
        near = nearest_name(use.path, known)
        line, column = place(text.text, use.index)
        self.context.entry.error(
            "E211", self.context.entry.locate(text.span, use.path), hint="near" if near else None,
            template=self.template, name=use.path, near=near or "", line=line, column=column,
        )
