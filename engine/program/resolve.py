"""From syntax trees to the checked program: every name found, every type and unit settled.

The stages, in order: damage of syntax errors → names → checks → what is broken → the program with its digests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ...grammar import syntax
from ...grammar.diagnostics import Diagnostic
from . import ir
from .builtin_names import FIELDS
from .checking import Checked, check_declarations
from .conditions import resolve_member_condition
from .digest import program_digest, version_of
from .entries import Entry, Key, Kind
from .ignores import without_ignored
from .names import collect_declarations
from .regions import Damage, find_damage
from .schedules import resolve_clock_schedule
from .scope import CheckSettings, Context, Scope
from .soundness import Faults, codes_for_all, transitive_faults

__all__ = ["CheckSettings", "resolve_condition", "resolve_program", "resolve_schedule"]

Item = TypeVar("Item")
CONDITION_FILE = "<condition>"


def resolve_program(
    files: Sequence[syntax.SyntaxFile], diagnostics: Sequence[Diagnostic], settings: CheckSettings
) -> tuple[ir.Program, tuple[Diagnostic, ...]]:
    """Return the program of a workspace and what the checker has to say, in file and text order.

    ``diagnostics`` are the parser's; they are not repeated. Whatever an error touches, directly or through what it
    uses, is left out of the program: playbooks with errors are in ``blocked``, other declarations in ``broken``.
    """
    damages = {file.path: find_damage(file, diagnostics) for file in files}
    declarations = collect_declarations(files, damages)
    checked = check_declarations(declarations, settings)
    entries = [item.entry for item in declarations.items]
    faults = transitive_faults(entries)
    for_all = codes_for_all(checked.policy is not None, faults, diagnostics, damages)
    program = _assemble(checked, settings, faults, _blocked(checked, faults, for_all, damages))
    found = sorted((d for entry in entries for d in entry.diagnostics), key=lambda d: (d.file, d.span, d.code))
    return program, without_ignored(files, found)


def resolve_condition(
    condition: syntax.Condition, program: ir.Program, settings: CheckSettings
) -> tuple[ir.Condition | None, tuple[Diagnostic, ...]]:
    """Return a condition asked of a program (file ``<condition>``), None with errors.

    A sample without a name takes the empty text. Declarations with errors cannot be used; playbooks with errors can
    be asked about.
    """
    entry = Entry(Key("condition", ""), CONDITION_FILE, condition.span)
    found = resolve_member_condition(Context(_scope_of(program, settings), entry, ""), condition)
    return (None if entry.faults() else found), tuple(entry.diagnostics)


def resolve_schedule(schedule: syntax.Schedule) -> tuple[ir.Schedule | None, tuple[Diagnostic, ...]]:
    """Return a schedule by itself (file ``<condition>``), None with errors."""
    entry = Entry(Key("condition", ""), CONDITION_FILE, schedule.span)
    found = resolve_clock_schedule(entry, schedule)
    return (None if entry.faults() else found), tuple(entry.diagnostics)


def _blocked(
    checked: Checked, faults: Faults, for_all: frozenset[str], damages: Mapping[str, Damage]
) -> Mapping[str, tuple[str, ...]]:
    blocked: dict[str, set[str]] = {}
    for entry, playbook in checked.playbooks:
        codes = faults.get(entry.key, frozenset()) | for_all | damages[entry.file].outside
        if codes:
            blocked.setdefault(playbook.name, set()).update(codes)
    return {name: tuple(sorted(blocked[name])) for name in sorted(blocked)}


def _assemble(
    checked: Checked, settings: CheckSettings, faults: Faults, blocked: Mapping[str, tuple[str, ...]]
) -> ir.Program:
    library = _sound_library(checked.library, faults)
    sound = sorted((p for _, p in checked.playbooks if p.name not in blocked), key=lambda p: p.name)
    program = ir.Program(
        library=library,
        policy=checked.policy or ir.Policy(zone=ir.Zone(settings.timezone)),
        playbooks={p.name: replace(p, version=version_of(p, library)) for p in sound},
        blocked=blocked,
        digest="",
        broken={str(key): tuple(sorted(codes)) for key, codes in sorted(faults.items(), key=str) if _is_used(key)},
    )
    return replace(program, digest=program_digest(program))


def _is_used(key: Key) -> bool:
    return key.kind not in ("playbook", "policy", "condition")


def _sound_library(library: ir.Library, faults: Faults) -> ir.Library:
    def sound(kind: Kind, items: Mapping[str, Item]) -> Mapping[str, Item]:
        return {name: item for name, item in items.items() if Key(kind, name) not in faults}

    return ir.Library(
        attributes=sound("attribute", library.attributes),
        events=sound("event", library.events),
        tags=sound("tag", library.tags),
        tag_groups=sound("tag_group", library.tag_groups),
        segments=sound("segment", library.segments),
        metrics=sound("metric", library.metrics),
        templates=sound("template", library.templates),
        coupons=sound("coupon", library.coupons),
    )


def _scope_of(program: ir.Program, settings: CheckSettings) -> Scope:
    """The names of a program, the broken ones among them so that their use is told apart from an unknown name."""
    library = program.library
    broken: dict[str, list[str]] = {}
    for key in program.broken:
        kind, _, name = key.partition(":")
        broken.setdefault(kind, []).append(name)

    def lost(kind: Kind) -> list[str]:
        return broken.get(kind, [])

    any_type = ir.ValueType.TEXT
    return Scope(
        settings=settings,
        attributes={**{name: ir.Attribute(name, any_type) for name in lost("attribute")}, **library.attributes},
        events={
            **dict.fromkeys(lost("event"), FIELDS),
            **{name: {**FIELDS, **{f.name: f.type for f in event.fields}} for name, event in library.events.items()},
        },
        tag_groups=frozenset([*library.tag_groups, *lost("tag_group")]),
        tags={**dict.fromkeys(lost("tag")), **{name: tag.group for name, tag in library.tags.items()}},
        segments=frozenset([*library.segments, *lost("segment")]),
        metrics={**dict.fromkeys(lost("metric")), **{name: total.type for name, total in library.metrics.items()}},
        templates=frozenset([*library.templates, *lost("template")]),
        coupons=frozenset([*library.coupons, *lost("coupon")]),
        playbooks={
            **dict.fromkeys(program.blocked),
            **{name: _steps_of(playbook) for name, playbook in program.playbooks.items()},
        },
        broken={key: frozenset(codes) for key, codes in program.broken.items()},
    )


def _steps_of(playbook: ir.Playbook) -> frozenset[str]:
    names: set[str] = set()
    actions = (ir.Push, ir.GiveTags, ir.TakeTags, ir.IssueCoupon)
    for block in playbook.blocks:
        for step in (i.step for i in block.code if isinstance(i, actions)):
            names.add(step)
            # Every step name around an action is a name to ask by; a quoted main name is none.
            path = step.split("/") if not step.endswith('"') else []
            names.update("/".join(path[:depth]) for depth in range(1, len(path)))
    return frozenset(names)
