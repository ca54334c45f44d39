"""What is told back is read as what it was: triggers, limits, headers, re-entry and steps of all examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import pytest
from qingting.engine.program import ir
from qingting.engine.program.resolve import resolve_program
from qingting.engine.program.words.headers import (
    active_words,
    budget_words,
    catch_up_words,
    during_line,
    exit_words,
    goal_words,
    group_audience_words,
    guard_words,
    only_one_words,
    take_words,
    zone_words,
)
from qingting.engine.program.words.library import rule_words
from qingting.engine.program.words.rules import holdout_words, quiet_words, reentry_words, trigger_words
from qingting.engine.program.words.steps import action_words, waiting_words
from qingting.grammar.parser import collect_names, parse_text

from .test_language import EXAMPLES, SETTINGS, workspace

HEADS = {"zh": "剧本", "en": "playbook"}
AUDIENCE = {"zh": '面向 有标签 "企微好友"', "en": 'for tagged "企微好友"'}
DAILY = {"zh": "每天 10:00", "en": "every day at 10:00"}
STOP = {"zh": "结束", "en": "stop"}
LANGUAGES = ("zh", "en")


@lru_cache(maxsize=2)
def program_of(language: str) -> ir.Program:
    return workspace(language).program


def surroundings(language: str) -> tuple[str, ...]:
    folder = EXAMPLES / language
    return tuple((folder / name).read_text("utf-8") for name in ("library.sop", "steps.sop"))


def read(language: str, playbooks: Sequence[Sequence[str]]) -> list[ir.Playbook]:
    """Playbooks given by their lines, beside the library and the steps of the examples."""
    names = [f"甲{number:03}" for number in range(len(playbooks))]
    lines = zip(names, playbooks, strict=True)
    heads = ((f'{HEADS[language]} "{name}"', *(f"  {line}" for line in each)) for name, each in lines)
    program = check(language, "".join(f"{line}\n" for each in heads for line in each))
    return [program.playbooks[name] for name in names]


def check(language: str, body: str) -> ir.Program:
    texts = [*surroundings(language), body]
    names = collect_names(texts)
    parsed = [parse_text(text, f"{number}.sop", names) for number, text in enumerate(texts)]
    problems = [d for _, diagnostics in parsed for d in diagnostics]
    assert problems == []
    program, found = resolve_program([file for file, _ in parsed], problems, SETTINGS)
    assert [d for d in found if d.severity == "error"] == []
    return program


def blocks() -> Iterator[tuple[ir.Playbook, ir.Block]]:
    for each in program_of("zh").playbooks.values():
        yield from ((each, block) for block in each.blocks)


def audience_words(playbook: ir.Playbook, language: str) -> str:
    return group_audience_words(playbook.groups, language) if playbook.groups else AUDIENCE[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_triggers_limits_and_reentry(language: str) -> None:
    texts = []
    for whole, block in blocks():
        lines = [audience_words(whole, language), trigger_words(block.trigger, language, block.limits)]
        if block.reentry is not None:
            lines.append(f"  {reentry_words(block.reentry, language)}")
        texts.append([*lines, f"  {STOP[language]}"])
    for (_, block), again in zip(blocks(), read(language, texts), strict=True):
        found = again.blocks[0]
        assert (found.trigger, found.limits, found.reentry) == (block.trigger, block.limits, block.reentry)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers(language: str) -> None:
    wholes = [each for each in program_of("zh").playbooks.values() if each.groups is None]
    texts = [
        [
            zone_words(each.zone, language), active_words(each.active, language),
            *(during_line(during, language) for during in each.during),
            *(budget_words(budget, language) for budget in each.budgets),
            holdout_words(each.holdout, language) if each.holdout else "",
            quiet_words(each.quiet, language) if each.quiet else "",
            guard_words(each.guard, language) if each.guard else "",
            goal_words(each.goal, language) if each.goal else "",
            exit_words(each.exit, language) if each.exit else "",
            take_words(each.take, language) if each.take else "",
            only_one_words(each.only_one_of, language) if each.only_one_of else "",
            catch_up_words(each.catch_up, language) if each.catch_up else "",
            AUDIENCE[language], DAILY[language], f"  {STOP[language]}",
        ]
        for each in wholes
    ]
    for each, again in zip(wholes, read(language, [[line for line in text if line] for text in texts]), strict=True):
        bare = replace(
            each, name=again.name, about="", owner="", state="live", category="marketing", priority=50, version="",
            audience=again.audience, blocks=again.blocks,
        )
        assert replace(again, version="") == bare


@pytest.mark.parametrize("language", LANGUAGES)
def test_actions_and_waits(language: str) -> None:
    told, texts = [], []
    for whole, block in blocks():
        for instruction in block.code:
            if isinstance(instruction, ir.Action):
                line = action_words(instruction, language) + "  # 客户自己要的"
            elif isinstance(instruction, ir.Wait | ir.WaitUntil | ir.WaitFor):
                line = waiting_words(instruction, language)
            else:
                continue
            told.append(instruction)
            trigger = trigger_words(block.trigger, language, block.limits)
            texts.append([audience_words(whole, language), trigger, f"  {line}"])
    for instruction, again in zip(told, read(language, texts), strict=True):
        assert plain(again.blocks[0].code[0]) == plain(instruction)


def plain(instruction: ir.Instruction) -> ir.Instruction:
    """An instruction without its place: where it jumps to and under which identity it stands."""
    if isinstance(instruction, ir.Action):
        return replace(instruction, step="")
    return replace(instruction, otherwise=0) if isinstance(instruction, ir.WaitFor) else instruction


@pytest.mark.parametrize("language", LANGUAGES)
def test_days(language: str) -> None:
    days = [ir.WaitDay(0, None, 2), ir.WaitDay(3, 1200, 2)]
    stop = f"    {STOP[language]}"
    texts = [[AUDIENCE[language], DAILY[language], f"  {waiting_words(day, language)}", stop] for day in days]
    assert [each.blocks[0].code[0] for each in read(language, texts)] == days


@pytest.mark.parametrize("language", LANGUAGES)
def test_standing_rules(language: str) -> None:
    rules = program_of("zh").library.rules
    (text, steps), written = surroundings(language), [rule_words(rule, language) for rule in rules]
    kept = [line for line in text.splitlines() if not line.startswith(("凡是", "whenever"))]
    assert len(rules) == len(text.splitlines()) - len(kept)
    names = collect_names(["\n".join(kept), steps, *written])
    parsed = [parse_text("\n".join([*kept, *written]) + "\n", "a.sop", names), parse_text(steps, "b.sop", names)]
    program, _ = resolve_program([file for file, _ in parsed], [d for _, found in parsed for d in found], SETTINGS)
    assert program.library.rules == rules
