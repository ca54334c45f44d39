"""From a test file to its script: everything is found and every mistake is told before anything is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode

from ...grammar.diagnostics import Diagnostic, Span
from ...grammar.messages import render
from ...grammar.record import record
from ...grammar.source import decode_leniently, read_source
from ...grammar.syntax import PlaybookDecl
from ..program.ir import DAY, MINUTE
from ..run.report import REASONS
from ..sources import Loaded
from ..yaml_text import cut_by_a_colon, span_of
from . import keys
from .deeds import read_deed
from .facts import FactReader, When
from .instants import relative_instant
from .model import Answered, Case, Expected, Fact, Script, UnitExpectation, UnitKind
from .yaml_parts import TestReader

SUFFIX = "_test.yaml"
BEFORE = MINUTE // 60
"""How long before ``now`` the members are as the file says."""
_LASTING = 365 * DAY
_LANGUAGES = ("zh", "en")
_ANSWERS: tuple[Answered, ...] = ("sent", "confirmed", "failed", "refused", "unknown")


@record
class Around:
    """What a test file is read in: the workspace's folder, its zone and all that is declared in it."""

    root: Path
    zone: str
    loaded: Loaded


@record
class ReadScript:
    """A test file as read; ``script`` is None where ``problems`` say why. ``text`` is the file's."""

    file: str
    text: str
    script: Script | None
    problems: tuple[Diagnostic, ...] = ()


def read_script(file: str, data: bytes, around: Around) -> ReadScript:
    """Read the bytes of a test file; ``file`` is its path relative to the workspace, with ``/``."""
    text, problems = read_source(data, file)
    if text is None:
        return ReadScript(file, decode_leniently(data), None, problems)
    reader = _ScriptReader(file, text, around)
    root = reader.yaml.compose(text, "C401")
    script = reader.script(root) if root is not None else None
    found = tuple(sorted(reader.yaml.found, key=lambda d: (d.span, d.code)))
    return ReadScript(file, text, None if found else script, found)


class _ScriptReader:
    """One reading of one file; ``yaml.found`` gathers what is wrong."""

    def __init__(self, file: str, text: str, around: Around) -> None:
        self.yaml = TestReader(file, around.zone)
        self._text = text
        self._around = around
        self._units: dict[str, UnitKind] = {}
        self._facts = FactReader(self.yaml, around.loaded.program.library, self._units)

    def script(self, root: MappingNode) -> Script | None:
        parts = self.yaml.keyed(root, keys.FILE, self.yaml.file)
        for key in ("now", "cases"):
            if key not in parts:
                self.yaml.error("C401", Span(0, 1), key=key)
        now = self._now(parts["now"]) if "now" in parts else None
        if now is None or "cases" not in parts:
            return None
        self._find_units(parts)
        playbooks = self._playbooks(parts.get("playbooks"))
        facts = self._beginning(parts, When(now, now - BEFORE, now - _LASTING))
        cases: list[Case] = []
        for item in self.yaml.items(parts["cases"]):
            case = self._case(item, now, cases[-1] if cases else None)
            if case is not None:
                cases.append(case)
        return Script(
            self.yaml.file, self._text, playbooks, now, tuple(facts), tuple(self._units.items()), tuple(cases)
        )

    def _now(self, node: Node) -> int | None:
        text = self.yaml.text(node, "now")
        if relative_instant(text, 0, self._around.zone) is not None:
            self.yaml.error("C402", node, text=text)
            return None
        return self.yaml.instant(node, 0)

    # Who there is

    def _find_units(self, parts: Mapping[str, Node]) -> None:
        """Note every member and group, those that cases bring included."""
        kinds: tuple[tuple[str, UnitKind], ...] = (("members", "member"), ("groups", "group"))
        for key, kind in kinds:
            for name, node, _ in self.yaml.pairs(parts[key], key) if key in parts else []:
                self._add_unit(name, kind, node)
        for case in self.yaml.items(parts["cases"]):
            for written, value in _raw_pairs(case):
                if keys.CASE.get(written.value) != "given":
                    continue
                for unit, said in _raw_pairs(value):
                    fresh = next((v for k, v in _raw_pairs(said) if keys.MEMBER.get(k.value) == "new"), None)
                    if fresh is not None:
                        self._add_new(str(unit.value), unit, fresh)

    def _add_new(self, name: str, node: Node, kind: Node) -> None:
        word = self.yaml.text(kind, "new")
        if word in ("member", "客户"):
            self._add_unit(name, "member", node)
        elif word in ("group", "群"):
            self._add_unit(name, "group", node)
        else:
            self.yaml.error("C112", kind, key="new", text=word, choices="member, group")

    def _add_unit(self, name: str, kind: UnitKind, node: Node) -> None:
        if name in self._units:
            self.yaml.error("C110", node, key=name)
        self._units.setdefault(name, kind)

    def _beginning(self, parts: Mapping[str, Node], when: When) -> list[Fact]:
        facts: list[Fact] = []
        for name, _, node in self.yaml.pairs(parts["staff"], "staff") if "staff" in parts else []:
            facts += self._facts.staff(name, node, when)
        for key in ("members", "groups"):
            for name, _, node in self.yaml.pairs(parts[key], key) if key in parts else []:
                facts += self._of_unit(name, node, when)
        return facts

    def _of_unit(self, name: str, node: Node, when: When) -> list[Fact]:
        read = self._facts.group if self._units.get(name) == "group" else self._facts.member
        return read(name, node, when)

    def _playbooks(self, node: Node | None) -> tuple[str, ...]:
        """The names of the playbooks in the files under test."""
        if node is None:
            own = self.yaml.file.removesuffix(SUFFIX) + ".sop"
            wanted: list[tuple[str, Node | Span]] = [(own, Span(0, 1))]
        else:
            wanted = [(self.yaml.text(item, "playbooks"), item) for item in self.yaml.items(node)]
        names: list[str] = []
        for written, place in wanted:
            found = self._declared_in(written)
            if not found:
                self.yaml.error("C406", place, path=written)
            names += found
        return tuple(dict.fromkeys(names))

    def _declared_in(self, written: str) -> list[str]:
        beside = Path(self.yaml.file).parent
        places = [_normal(beside / written), _normal(Path(written))]
        for file in self._around.loaded.files:
            if file.path in places:
                return [d.name.text for d in file.declarations if isinstance(d, PlaybookDecl)]
        return []

    # Cases

    def _case(self, node: Node, now: int, before: Case | None) -> Case | None:
        parts = self.yaml.keyed(node, keys.CASE, "cases")
        if not isinstance(node, MappingNode):
            return None
        at = self._instant_of(parts.get("at"), node, now, before)
        name = self.yaml.text(parts["name"], "name") if "name" in parts else ""
        for key in ("name", "expect"):
            if key not in parts:
                self.yaml.error("C401", node, key=key)
        others = self.yaml.choice(parts, "others", ("any", "nothing", "随意", "没有")) or "nothing"
        return Case(
            name=name, span=span_of(parts.get("name", node)), at=at,
            facts=tuple(self._given(parts.get("given"), at)),
            expected=tuple(self._expected(parts["expect"])) if "expect" in parts else (),
            answers=tuple(self._answers(parts.get("answers"))),
            refused=tuple(self._refused(parts.get("refused"))),
            offline="offline" in parts and self.yaml.yes(parts["offline"], "offline"),
            exact=others in ("nothing", "没有"),
        )

    def _instant_of(self, node: Node | None, case: Node, now: int, before: Case | None) -> int:
        earliest = now if before is None else before.at + 1
        if node is None:
            if before is not None:
                self.yaml.error("C404", case)
            return earliest
        later = None
        if before is not None and isinstance(node, ScalarNode):
            later = _after_case(str(node.value).strip(), before.at, self._around.zone)
        found = later if later is not None else self.yaml.instant(node, now)
        if found is not None and found < earliest:
            self.yaml.error("C404", node)
        return max(found or earliest, earliest)

    def _given(self, node: Node | None, at: int) -> list[Fact]:
        facts: list[Fact] = []
        for name, key, said in self.yaml.pairs(node, "given") if node is not None else []:
            if name not in self._units:
                self.yaml.unknown("C403", name, self._units, key)
                continue
            facts += self._of_unit(name, said, When(at, at, at, at))
        return facts

    def _answers(self, node: Node | None) -> list[tuple[str, Answered]]:
        found: list[tuple[str, Answered]] = []
        for name, key, said in self.yaml.pairs(node, "answers") if node is not None else []:
            if name not in self._units:
                self.yaml.unknown("C403", name, self._units, key)
            word = self.yaml.text(said, name)
            answer = next((each for each in _ANSWERS if each == word), None)
            if answer is None:
                self.yaml.error("C112", said, key=name, text=word, choices=", ".join(_ANSWERS))
            else:
                found.append((name, answer))
        return found

    def _refused(self, node: Node | None) -> list[str]:
        items = self.yaml.items(node) if node is not None else []
        known = self._around.loaded.program.playbooks
        return [name for item in items if (name := self.yaml.known("E209", item, "refused", known)) is not None]

    def _expected(self, node: Node) -> list[UnitExpectation]:
        found: list[UnitExpectation] = []
        for name, key, said in self.yaml.pairs(node, "expect"):
            if name not in self._units:
                self.yaml.unknown("C403", name, self._units, key)
            entries = [self._entry(item) for item in self.yaml.items(said)]
            found.append(UnitExpectation(name, span_of(key), tuple(entry for entry in entries if entry is not None)))
        return found

    def _entry(self, node: Node) -> Expected | None:
        if isinstance(node, MappingNode):
            if cut_by_a_colon(str(node.value[0][0].value) if node.value else ""):
                self.yaml.found.append(Diagnostic("C102", "error", self.yaml.file, span_of(node), {}, "colon"))
                return None
            return self._suppressed(node)
        return self._deed(node, None)

    def _suppressed(self, node: MappingNode) -> Expected | None:
        parts = self.yaml.keyed(node, keys.SUPPRESSED, "expect")
        if "suppressed" not in parts:
            self.yaml.error("C401", node, key="suppressed")
            return None
        reason = self._reason(parts["suppressed"])
        if "step" in parts:
            return self._deed(parts["step"], reason)
        span = span_of(node)
        return Expected(self._text[span.start : span.end].strip(), span, None, reason)

    def _reason(self, node: Node) -> str:
        """A reason by its name, or as the log shows it in either language."""
        text = self.yaml.text(node, "suppressed")
        found = next((r for r in REASONS if text in (r, *(render(f"reason.{r}", {}, lang)[0] for lang in _LANGUAGES))), "")
        if not found:
            self.yaml.error("C112", node, key="suppressed", text=text, choices=", ".join(REASONS))
        return found

    def _deed(self, node: Node, reason: str | None) -> Expected | None:
        text = self.yaml.text(node, "expect")
        if not isinstance(node, ScalarNode):
            return None
        loaded = self._around.loaded
        playbooks = {**loaded.program.playbooks, **loaded.program.blocked}
        read = read_deed(text, self.yaml.file, loaded.names, loaded.program.library, playbooks, decided=reason is None)
        span = span_of(node)
        if read.action is None and node.style in ("'", '"') and " " not in text:
            # In brackets a comma ends an entry, so that of several names only the first is in its line.
            self.yaml.found.append(Diagnostic("C405", "error", self.yaml.file, span, {"text": text}, "comma"))
            return None
        offset = self._text.find(text, span.start, span.end) if text else -1
        for problem in read.problems:
            # Of a text that YAML writes otherwise than it reads, the whole is shown.
            place = Span(offset + problem.span.start, offset + problem.span.end) if offset >= 0 else span
            self.yaml.found.append(
                Diagnostic(problem.code, "error", self.yaml.file, place, problem.params, problem.hint)
            )
        return None if read.action is None else Expected(text, span, read.action, reason)


def _raw_pairs(node: Node) -> Sequence[tuple[ScalarNode, Node]]:
    """The entries of a mapping whose keys are texts; none of anything else."""
    if not isinstance(node, MappingNode):
        return []
    return [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]


def _after_case(text: str, before: int, zone: str) -> int | None:
    """``1 day later`` counts from the case before."""
    later = text.endswith(("later", "后")) or " later " in text
    return relative_instant(text, before, zone) if later else None


def _normal(path: Path) -> str:
    """A relative path without ``..`` in the middle, with ``/``."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


