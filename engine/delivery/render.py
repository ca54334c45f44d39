"""The texts of messages: Liquid templates filled with what was known when the decision was made.

The body stays as written, so a value is reachable by the English and the Chinese spelling of its variable. An unknown
value has no entry; writing it out without a ``default`` makes the text unfit, so that no text with a hole is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from ..log.encoding import message_digest
from ..program.builtin_names import ATTRIBUTE_ALIASES, FIELD_ALIASES
from ..program.ir import Template, TemplatePart
from .channels import MessagePart
from .due import DueDispatch

if TYPE_CHECKING:
    from liquid import BoundTemplate, Environment

LiquidValue = str | int | float | bool
Values = Mapping[str, LiquidValue]
"""Known values by canonical variable name (``name``, ``staff.name``, a metric's name); what is unknown is missing."""

COUPON_CODE = "coupon.code"

_ROOTS: Mapping[str, tuple[str, ...]] = {
    "staff": ("staff", "跟进人"),
    "coupon": ("coupon", "券"),
    "event": ("event", "事件"),
}
_MOST_LOOPS = 10_000
_MOST_BYTES = 100_000


def _spellings(aliases: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for alias, name in aliases.items():
        found[name] = (*found.get(name, (name,)), alias)
    return found


_ATTRIBUTES = _spellings(ATTRIBUTE_ALIASES)
_MEMBERS = _spellings({**FIELD_ALIASES, "姓名": "name", "券码": "code"})


class Decided(Protocol):
    """A decision of the log about one unit, with the coordinates by which it was made."""

    @property
    def seq(self) -> int: ...

    @property
    def kind(self) -> int: ...

    @property
    def unit(self) -> int: ...

    @property
    def recipient(self) -> str | None: ...

    @property
    def t(self) -> int: ...

    @property
    def decided_at(self) -> int: ...

    @property
    def mark(self) -> int: ...


class ValueSource(Protocol):
    """Where the values of variables come from, as of each record's own coordinates."""

    def values_for(self, dispatches: Sequence[Decided], variables: Sequence[str]) -> Sequence[Values]:
        """Return, for each dispatch, the known ones of ``variables`` at its (t, decided_at, mark).

        Numbers may be texts. Called once for each template of a batch, inside a write transaction: it reads and
        neither begins nor ends one.
        """


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A message ready to send, with the digest that its delivery record keeps."""

    text: str
    parts: tuple[MessagePart, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why there is no text: ``incomplete`` (a value is missing) or ``no_content`` (no template, or a broken one)."""

    reason: str
    error: str


class Renderer:
    """Fills templates in their newest form. Each text is parsed once."""

    def __init__(self, templates: Mapping[str, Template], alerts: Callable[[str], Template] | None = None) -> None:
        """``alerts`` makes a template of the text of an alert."""
        self._templates = templates
        self._alerts = alerts
        self._environment: Environment | None = None
        self._parsed: dict[str, BoundTemplate] = {}

    def render_batch(
        self, dispatches: Sequence[DueDispatch], source: ValueSource
    ) -> dict[int, RenderedText | Unfit]:
        """Return the text of each dispatch, by seq; values are asked for once a template."""
        groups: dict[tuple[str, str | None], list[DueDispatch]] = {}
        for dispatch in dispatches:
            groups.setdefault((dispatch.template or "", dispatch.alert), []).append(dispatch)
        texts: dict[int, RenderedText | Unfit] = {}
        for (name, alert), members in groups.items():
            template = self._templates.get(name) if alert is None or self._alerts is None else self._alerts(alert)
            if template is None:
                texts.update((each.seq, Unfit("no_content", "TemplateNotFound")) for each in members)
                continue
            variables = [variable for variable in template.variables if variable != COUPON_CODE]
            found = source.values_for(members, variables) if variables else [{} for _ in members]
            for dispatch, values in zip(members, found, strict=True):
                texts[dispatch.seq] = self.render(template, values, dispatch.coupon, _packet(dispatch))
        return texts

    def render(
        self, template: Template, values: Values, coupon: str | None = None, packet: MessagePart | None = None
    ) -> RenderedText | Unfit:
        """Return the text of one message. ``coupon`` is the code of ``coupon.code``, ``packet`` goes with the parts."""
        from liquid.exceptions import LiquidError, UndefinedError

        known = {**values, COUPON_CODE: coupon} if coupon is not None else values
        names = _namespace(known)
        try:
            text = self._filled(template.body, names)
            parts = tuple(self._part(part, names) for part in template.parts) + ((packet,) if packet else ())
        except UndefinedError as error:
            return Unfit("incomplete", str(error.args[0]))
        except (LiquidError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            # Only the kind of error: its text may quote a member's values.
            return Unfit("no_content", type(error).__name__)
        listed = [item for part in parts for item in (part.kind, part.value, part.title, part.page)]
        return RenderedText(text, parts, message_digest([text, *listed]))

    def _part(self, part: TemplatePart, names: Mapping[str, object]) -> MessagePart:
        title = None if part.title is None else self._filled(part.title, names)
        page = None if part.page is None else self._filled(part.page, names)
        return MessagePart(part.kind, self._filled(part.value, names), title, page)

    def _filled(self, text: str, names: Mapping[str, object]) -> str:
        if "{" not in text:
            return text
        parsed = self._parsed.get(text)
        if parsed is None:
            if self._environment is None:
                self._environment = _environment()
            parsed = self._parsed[text] = self._environment.from_string(text)
        return parsed.render(names)


class _Node(dict[str, object]):
    """A variable with members (``staff.name``) that may have a value of its own (``staff``)."""

    own: LiquidValue | None = None

    def __liquid__(self) -> object:
        return self.own if self.own is not None else ""

    def __str__(self) -> str:
        return str(self.__liquid__())


def _packet(dispatch: DueDispatch) -> MessagePart | None:
    """The red packet that goes with a dispatch: its amount in units of the currency, and its name."""
    if dispatch.packet_cents is None:
        return None
    return MessagePart("redpacket", f"{dispatch.packet_cents // 100}.{dispatch.packet_cents % 100:02}", dispatch.packet_name)


def _namespace(values: Mapping[str, LiquidValue]) -> dict[str, object]:
    names: dict[str, object] = {}
    nodes: dict[str, _Node] = {}
    for name, value in values.items():
        root, dot, member = name.partition(".")
        if dot and root in _ROOTS:
            node = nodes.setdefault(root, _Node())
            node.update((spelling, value) for spelling in _MEMBERS.get(member, (member,)))
        else:
            names.update((spelling, value) for spelling in _ATTRIBUTES.get(name, (name,)))
    for root, node in nodes.items():
        node.own = values.get(root)
        names.update((spelling, node) for spelling in _ROOTS[root])
    return names


def _environment() -> Environment:
    from liquid import Environment
    from liquid.exceptions import FilterArgumentError
    from liquid.undefined import FalsyStrictUndefined

    class Unknown(FalsyStrictUndefined):
        """An unknown value: false in a test, replaced by ``default``, an error where it is written out."""

        force_liquid_default = True

    class Bounded(Environment):
        """An environment in which no template can run away."""

        loop_iteration_limit = _MOST_LOOPS
        output_stream_limit = _MOST_BYTES

    environment = Bounded(undefined=Unknown, autoescape=False)
    date: Callable[..., Any] = environment.filters["date"]

    @wraps(date)
    def date_of_value(value: object, *args: object, **named: object) -> Any:
        # `now` would read the wall clock, and a repeated rendering would say something else.
        if isinstance(value, str) and value.strip().lower() in ("now", "today"):
            raise FilterArgumentError("the date of the wall clock", token=None)
        return date(value, *args, **named)

    environment.add_filter("date", date_of_value)
    return environment
