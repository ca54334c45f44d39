"""Which events, and when: filters of events, and the windows that speak of other facts than the clock."""

from __future__ import annotations

from collections.abc import Sequence

from ...grammar import syntax
from . import ir
from .activities import find_times
from .comparisons import resolve_comparison
from .ir import Cutoff, CutoffKind, ValueType, Window
from .scope import Context, find, find_field, spelling, unknown, use
from .windows import local, looks_ahead, resolve_window

_NOW = Cutoff(CutoffKind.T, 0, 1)


def joined(items: Sequence[ir.Condition | None], all_of: bool) -> ir.Condition | None:
    """Return all (or any) of ``items``, None if one of them is not sound."""
    sound = tuple(item for item in items if item is not None)
    if len(sound) < len(items):
        return None
    if len(sound) == 1:
        return sound[0]
    return ir.All(sound) if all_of else ir.Any(sound)


# Windows


def find_window(context: Context, window: syntax.Window) -> Window | None:
    """Return the window that the words mean where they stand, None with an error."""
    match window:
        case syntax.DuringActivity(activity, phase):
            found = find_times(context, activity, phase)
            return None if found is None else _during(*found)
        case syntax.DuringSession():
            return _during_session(context, window)
        case syntax.SinceEntry():
            return _since_entry(context, window)
        case syntax.SinceStep(step):
            return _since_step(context, step)
        case syntax.SinceEvent(which, events):
            query = resolve_query(context, events)
            return None if query is None else Window(None, _NOW, ir.SinceEvent(which, query))
        case _:
            return resolve_window(context.entry, window)


def past_window(context: Context, window: syntax.Window) -> Window | None:
    """Return a window over what has happened; one that looks ahead is an error."""
    if looks_ahead(window):
        context.entry.error("E317", window.span)
        return None
    return find_window(context, window)


def counted_since(context: Context) -> Window | None:
    """Return what a happening without a window counts in: in goals, exits and waits not what was before."""
    return None if context.since is None else Window(Cutoff(context.since, 0, 1), _NOW)


def _during(label: str, times: ir.Times) -> Window:
    if times.weekdays:
        return _latest(label, times)
    return Window(local(times.spans[0][0]), local(times.spans[-1][1]), None, label)


def _latest(label: str, times: ir.Times) -> Window:
    start = Cutoff(CutoffKind.LATEST_START, times=times)
    return Window(start, Cutoff(CutoffKind.LATEST_END, times=times), None, label)


def _during_session(context: Context, window: syntax.DuringSession) -> Window | None:
    schedule = context.session
    if schedule is None:
        context.entry.error("E360", window.span)
        return None
    if _lies_before(schedule):
        context.entry.error("E361", window.span, activity=schedule.activity)
        return None
    return _latest(schedule.activity, schedule.times)


def shared_session(schedules: Sequence[ir.ActivityEdge | None]) -> ir.ActivityEdge | None:
    """Return the schedule by which sessions of one activity start every block; None where some block has none.

    Of several the first that lies before the session counts, for then nothing has happened in it.
    """
    found = [schedule for schedule in schedules if schedule is not None]
    if len(found) < len(schedules) or len({schedule.activity for schedule in found}) != 1:
        return None
    return next((schedule for schedule in found if _lies_before(schedule)), found[0])


def _lies_before(schedule: ir.ActivityEdge) -> bool:
    return schedule.edge == "start" and (schedule.offset is None or schedule.offset.before)


def _since_entry(context: Context, window: syntax.SinceEntry) -> Window | None:
    if context.steps is None:
        context.entry.error("E362", window.span)
        return None
    return Window(Cutoff(CutoffKind.ENTRY, 0, 1), _NOW)


def _since_step(context: Context, step: syntax.Name) -> Window | None:
    if context.steps is None:
        context.entry.error("E363", step.span, name=step.text)
        return None
    if step.text not in context.steps:
        unknown(context, "E210", step, context.steps, playbook=context.entry.key.name)
        return None
    return Window(Cutoff(CutoffKind.STEP, 0, 1, step.text), _NOW)


# Events


def resolve_query(context: Context, events: syntax.EventFilter) -> ir.EventQuery | None:
    """Return the events that are meant, None with errors."""
    event = find(context, "event", events.event)
    window = past_window(context, events.window) if events.window else None
    where = resolve_where(context, event, events.where) if event and events.where else None
    subjects = _subjects(context, events)
    same = _same(context, event, events.same) if event and events.same else None
    wanting = (events.window and window is None) or (events.where and where is None) or (events.same and same is None)
    if event is None or subjects is None or wanting:
        return None
    category = events.category.text if events.category else None
    return ir.EventQuery(event, subjects, where, window, category, same)


def _subjects(context: Context, events: syntax.EventFilter) -> tuple[ir.TextPattern, ...] | None:
    if events.category is not None:
        return _of_category(context, events.category)
    subjects = {ir.TextPattern(pattern.text, pattern.prefix) for pattern in events.subjects}
    return tuple(sorted(subjects, key=lambda pattern: (pattern.text, pattern.prefix)))


def _of_category(context: Context, category: syntax.Name) -> tuple[ir.TextPattern, ...] | None:
    """The products declared in a category; one whose line did not parse may be missing among them."""
    context.entry.doubts.update(context.scope.doubtful.get(category.text, ()))
    declared = context.scope.products.values()
    products = sorted(product.name for product in declared if product.category == category.text)
    if not products:
        unknown(context, "E219", category, {product.category for product in declared if product.category})
        return None
    sound = [use(context, "product", product, category) for product in products]
    return tuple(ir.TextPattern(product) for product in products) if all(sound) else None


def _same(context: Context, event: str, name: syntax.Name) -> ir.FieldRef | None:
    """The field that both the event under test and the one that started the journey have."""
    if context.event is None:
        context.entry.error("E364", name.span, name=spelling(context, name))
        return None
    field = find_field(context, event, name)
    if field is None or find_field(context, context.event, name) is None:
        return None
    return field


def resolve_where(context: Context, event: str, condition: syntax.Condition) -> ir.Condition | None:
    """Return a condition over the fields of ``event``; tests of the member are errors here."""
    match condition:
        case syntax.And(items):
            return joined([resolve_where(context, event, item) for item in items], all_of=True)
        case syntax.Or(items):
            return joined([resolve_where(context, event, item) for item in items], all_of=False)
        case syntax.Not(item):
            inner = resolve_where(context, event, item)
            return None if inner is None else ir.Not(inner)
        case syntax.Comparison(name, operator, values, span):
            field = find_field(context, event, name)
            said = spelling(context, name)
            return resolve_comparison(context, said, field, operator, values, span) if field else None
        case syntax.MomentOfAttribute(name, window):
            field = find_field(context, event, name)
            return _field_in_window(context, field, name, window) if field else None
        case _:
            context.entry.error("E322", condition.span, event=event)
            return None


def _field_in_window(
    context: Context, field: ir.FieldRef, name: syntax.Name, window: syntax.Window
) -> ir.Condition | None:
    if field.type not in (ValueType.INSTANT, ValueType.DATE):
        context.entry.error("E318", name.span, name=spelling(context, name))
        return None
    found = find_window(context, window)
    return None if found is None else ir.InWindow(field, found)
