"""What made a verdict so: the rules that apply for its reason, and what had used them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...grammar.messages import render
from ...grammar.step_names import shown_step
from .answers import Node, StepVerdict
from .asked import Rule


def with_causes(steps: Sequence[StepVerdict], rules: Sequence[Rule], lang: str) -> tuple[StepVerdict, ...]:
    """The verdicts, each suppressed or deferred one with what causes it, named at the end of its sentence."""
    found: list[StepVerdict] = []
    for step in steps:
        cause = _cause(step, found, rules, lang) if step.reason is not None else ()
        found.append(replace(step, cause=cause, why=_because(step.why, cause, lang)) if cause else step)
    return tuple(found)


def _cause(step: StepVerdict, before: Sequence[StepVerdict], rules: Sequence[Rule], lang: str) -> tuple[Node, ...]:
    """The rules that apply; a cap that is still free beforehand was filled by the steps before."""
    applying = tuple(rule.node for rule in rules if rule.reason == step.reason and rule.node.true)
    if applying or step.reason != "cap":
        return applying
    pushes = [earlier for earlier in before if earlier.action == "push" and earlier.verdict == "dispatched"]
    return tuple(Node(render("explain.own_push", {"step": shown_step(push.step, lang)}, lang)[0], True) for push in pushes)


def _because(why: str | None, cause: tuple[Node, ...], lang: str) -> str | None:
    """The sentence with the last of what used a rule up, else with the rule."""
    if why is None:
        return None
    named = [child for node in cause for child in node.children[-1:]] or list(cause)
    what = named[-1].test + (f" [{named[-1].value}]" if named[-1].value is not None else "")
    return render("explain.because", {"why": why, "what": what}, lang)[0]
