"""ARCHITECTURE.md itself: its numbered sentences have tests, and its layers hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from workspaces import PACKAGE, modules

TEXT = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text(encoding="utf-8")
LAYERS = ("grammar", "program", "query", "stores", "log", "run", "delivery", "insight", "workspace", "cli")


def sentences() -> list[int]:
    """The numbers of the sentences, in the order of the page."""
    return [int(number) for number in re.findall(r"^(\d+)\. ", TEXT, re.MULTILINE)]


def numbers_of_tests() -> set[int]:
    """The numbers of the tests beside this file."""
    sources = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    return {int(number) for source in sources for number in re.findall(r"^def test_(\d\d)_\w+\(", source, re.MULTILINE)}


def test_sentences_are_numbered_in_order() -> None:
    assert sentences() == list(range(1, len(sentences()) + 1))
    assert len(sentences()) >= 40


def test_every_sentence_has_a_test_and_every_test_a_sentence() -> None:
    assert numbers_of_tests() == set(sentences())


def test_the_layers_are_those_of_the_page() -> None:
    named = re.search(r"import only from those before it:\n(.*)\.\n", TEXT)
    assert named is not None
    assert tuple(named[1].split(" · ")) == LAYERS
    for name, _ in modules():
        assert any(name == place or (place.endswith("/") and name.startswith(place)) for place in places()), name


@cache
def places() -> dict[str, str]:
    """The layer of each place in the table of the page: the layer its folder or file is named after, or says it is."""
    found = {}
    for row in re.findall(r"^\| (`.*?) \| (.*) \|$", TEXT, re.MULTILINE):
        layer = re.search(r"\(layer ([a-z]+)\)", row[1])
        for place in re.findall(r"`([^`]+)`", row[0]):
            found[place] = layer[1] if layer else place.rstrip("/").rpartition("/")[2].removesuffix(".py")
    return found


@cache
def layer_of(name: str) -> str | None:
    """The layer of a module, by the longest place that holds it."""
    holding = [place for place in places() if name == place or (place.endswith("/") and name.startswith(place))]
    return places()[max(holding, key=len)] if holding else None


def imported(name: str, path: Path) -> Iterator[str]:
    """The modules of the package that a module imports, anywhere in its text, by their paths."""
    here = name.removesuffix(".py").split("/")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").partition(".")[0] == "qingting"):
            base = here[: -node.level] if node.level else []
            parts = (node.module or "").split(".") if node.module else []
            target = base + (parts if node.level else parts[1:])
            for alias in node.names:
                yield module_file((*target, alias.name)) or module_file(tuple(target)) or "/".join(target) + "/"
        elif isinstance(node, ast.Import):
            assert not any(alias.name.partition(".")[0] == "qingting" for alias in node.names), name


@cache
def module_file(parts: tuple[str, ...]) -> str | None:
    """The path of a module, None where there is none."""
    for place in ("/".join(parts) + ".py", "/".join((*parts, "__init__.py"))):
        if (PACKAGE / place).is_file():
            return place
    return None


def test_imports_run_one_way() -> None:
    against = []
    for name, path in modules():
        layer = layer_of(name)
        assert layer in LAYERS, name
        for target in imported(name, path):
            other = layer_of(target)
            assert other in LAYERS, (name, target)
            if LAYERS.index(other) > LAYERS.index(layer):
                against.append(f"{name} ({layer}) imports {target} ({other})")
    assert against == []
