"""From syntax trees to the checked program: every name found, every type and unit settled.

The stages, in order: damage of syntax errors → names → checks → what is broken → the program with its digests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ...grammar import syntax
from ...grammar.diagnostics import Diagnostic
from ...grammar.messages.lint import MESSAGES as LINT_MESSAGES
from . import ir
from .builtin_names import FIELDS
from .checking import Checked, check_declarations
from .conditions import resolve_member_condition
from .digest import program_digest, version_of
from .entries import Entry, Key, Kind
from .identities import names_of_playbook
from .ignores import without_ignored
from .names import Declarations, collect_declarations
from .regions import Damage, find_damage, without_echoes
from .schedules import resolve_timetable
from .scope import CheckSettings, Context, Scope
from .soundness import Faults, codes_for_all, transitive_faults

if TYPE_CHECKING:
    from .lint import Surroundings

__all__ = ["CheckSettings", "resolve_condition", "resolve_program", "resolve_schedule"]

Item = TypeVar("Item")
CONDITION_FILE = "<condition>"


def resolve_program(
    files: Sequence[syntax.SyntaxFile],
    diagnostics: Sequence[Diagnostic],
    settings: CheckSettings,
    lint: Surroundings | None = None,
) -> tuple[ir.Program, tuple[Diagnostic, ...]]:
    """Return the program of a workspace and what the checker has to say, in file and text order.

    With ``lint`` also what can hardly be meant, judged by what is known around; a program read for that has no digests
    and versions, which only running asks for. ``diagnostics`` are the parser's; they are not repeated. Whatever an error
    touches, directly or through what it uses, is left out of the program: playbooks with errors are in ``blocked``, other
    declarations in ``broken``.
    """
    damages = {file.path: find_damage(file, diagnostics) for file in files}
    declarations = collect_declarations(files, damages)
    checked = check_declarations(declarations, settings)
    entries = [item.entry for item in declarations.items]
    faults = transitive_faults(entries)
    for_all = codes_for_all(checked.policy is not None, faults, diagnostics, damages)
    program = _assemble(checked, settings, faults, _blocked(checked, faults, for_all, damages), is_run=lint is None)
    if not _rules_stand(faults, diagnostics, damages):
        program = replace(program, rules_stand=False)
    texts = {file.path: file.text for file in files}
    told = without_echoes([d for entry in entries for d in entry.diagnostics], diagnostics, texts)
    doubtful, not_asked = _linted(program, declarations, checked, [*diagnostics, *told], lint)
    found = sorted([*told, *doubtful], key=lambda d: (d.file, d.span, d.code))
    return program, without_ignored(files, found, diagnostics, not_asked)


def _linted(
    program: ir.Program, declarations: Declarations, checked: Checked, told: Sequence[Diagnostic],
    lint: Surroundings | None,
) -> tuple[Sequence[Diagnostic], frozenset[str]]:
    """What lint says, and the codes of which their silence says nothing."""
    if lint is None:
        return (), frozenset(LINT_MESSAGES)
    # Only check pays for the import.
    from .lint import CHANGING, Material, Pair, find_warnings

    written = {entry.key: item for entry, item in declarations.of(syntax.PlaybookDecl)}
    pairs = tuple(
        Pair(entry, written[entry.key], playbook) for entry, playbook in checked.playbooks
        if playbook.name in program.playbooks
    )
    is_whole = all(each.severity == "warning" for each in told)
    return find_warnings(Material(program, declarations, pairs, checked.scope, lint, is_whole)), CHANGING


def resolve_condition(
    condition: syntax.Condition, program: ir.Program, settings: CheckSettings, text: str = ""
) -> tuple[ir.Condition | None, tuple[Diagnostic, ...]]:
    """Return a condition asked of a program (file ``<condition>``), None with errors; ``text`` is what it was read from.

    A sample without a name takes the empty text. Declarations with errors cannot be used; playbooks with errors can
    be asked about.
    """
    entry = Entry(Key("condition", ""), CONDITION_FILE, condition.span, text)
    found = resolve_member_condition(Context(scope_of(program, settings), entry, ""), condition)
    return (None if entry.faults() else found), tuple(entry.diagnostics)


def resolve_schedule(
    written: syntax.Timetable, program: ir.Program, settings: CheckSettings
) -> tuple[ir.Timetable | None, tuple[Diagnostic, ...]]:
    """Return a schedule by itself (file ``<condition>``) with its limits, None with errors."""
    entry = Entry(Key("condition", ""), CONDITION_FILE, written.span)
    found = resolve_timetable(Context(scope_of(program, settings), entry, ""), written.schedule, written.limits)
    return (None if entry.faults() else found), tuple(entry.diagnostics)


def _rules_stand(faults: Faults, diagnostics: Sequence[Diagnostic], damages: Mapping[str, Damage]) -> bool:
    """Whether all points and standing rules could be read: none is broken, and none may stand where nothing was read."""
    unread = any(each.outside for each in damages.values()) or any(
        each.severity == "error" and each.file not in damages for each in diagnostics
    )
    return not unread and not any(key.kind in ("points", "rule") for key in faults)


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
    checked: Checked, settings: CheckSettings, faults: Faults, blocked: Mapping[str, tuple[str, ...]], *, is_run: bool
) -> ir.Program:
    library = _sound_library(checked, faults)
    sound = sorted((p for _, p in checked.playbooks if p.name not in blocked), key=lambda p: p.name)
    program = ir.Program(
        library=library,
        policy=checked.policy or ir.Policy(zone=ir.Zone(settings.timezone)),
        playbooks={p.name: replace(p, version=version_of(p, library)) if is_run else p for p in sound},
        blocked=blocked,
        digest="",
        broken={str(key): tuple(sorted(codes)) for key, codes in sorted(faults.items(), key=str) if _is_used(key)},
    )
    return replace(program, digest=program_digest(program)) if is_run else program


def _is_used(key: Key) -> bool:
    return key.kind not in ("playbook", "policy", "condition", "points", "rule")


def _sound_library(checked: Checked, faults: Faults) -> ir.Library:
    library, rules = checked.library, [each.rule for each in checked.rules if each.key not in faults]

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
        redpackets=sound("redpacket", library.redpackets),
        products=sound("product", library.products),
        sources=sound("source", library.sources),
        activities=sound("activity", library.activities),
        ladders=sound("ladder", library.ladders),
        holidays=library.holidays,
        points=tuple(rule for rule in rules if isinstance(rule, ir.PointsRule)),
        rules=tuple(rule for rule in rules if isinstance(rule, ir.StandingRule)),
    )


def scope_of(program: ir.Program, settings: CheckSettings) -> Scope:
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
            **{name: names_of_playbook(playbook) for name, playbook in program.playbooks.items()},
        },
        redpackets=frozenset([*library.redpackets, *lost("redpacket")]),
        products={**{name: ir.Product(name) for name in lost("product")}, **library.products},
        sources={**dict.fromkeys(lost("source")), **{name: source.group for name, source in library.sources.items()}},
        activities={**{name: ir.Activity(name, ir.Times()) for name in lost("activity")}, **library.activities},
        ladders={
            **dict.fromkeys(lost("ladder"), ()),
            **{name: tuple(rung.name for rung in ladder.rungs) for name, ladder in library.ladders.items()},
        },
        tasks=None if program.blocked else _tasks_of(program),
        broken={key: frozenset(codes) for key, codes in program.broken.items()},
    )


def _tasks_of(program: ir.Program) -> frozenset[str]:
    code = (i for playbook in program.playbooks.values() for block in playbook.blocks for i in block.code)
    return frozenset(i.title for i in code if isinstance(i, ir.GiveTask))
