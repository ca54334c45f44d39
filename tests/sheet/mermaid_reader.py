"""A reader of the Mermaid text that is written here, strict: what it does not know is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SHAPE = r'(\(\["|\[/"|\["|\("|\{\{")([^"]*)("\]\)|"/\]|"\]|"\)|"\}\})'
_NODE = re.compile(r"(\w+)" + _SHAPE)
_LINK = re.compile(r"(\w+) --> (\w+)")
_SUBGRAPH = re.compile(r'subgraph (\w+)\["([^"]*)"\]')
_PAIRS = {'(["': '"])', '[/"': '"/]', '["': '"]', '("': '")', '{{"': '"}}'}
_CODE = re.compile(r"#(\d+);")


@dataclass
class Graph:
    """Texts by node, links, and titles of subgraphs by their ids."""

    nodes: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    subgraphs: dict[str, str] = field(default_factory=dict)


def read_mermaid(text: str) -> Graph:
    graph, depth = Graph(), 0
    head, *lines = text.splitlines()
    assert head == "flowchart TD"
    for line in map(str.strip, lines):
        if line == "end":
            depth -= 1
            assert depth >= 0
        elif found := _SUBGRAPH.fullmatch(line):
            depth += 1
            assert found[1] not in graph.subgraphs
            graph.subgraphs[found[1]] = plain(found[2])
        elif found := _LINK.fullmatch(line):
            graph.links.append((found[1], found[2]))
        else:
            found = _NODE.fullmatch(line)
            assert found, line
            assert _PAIRS[found[2]] == found[4], line
            assert found[1] not in graph.nodes, line
            graph.nodes[found[1]] = plain(found[3])
    assert depth == 0
    assert {end for link in graph.links for end in link} <= graph.nodes.keys()
    return graph


def plain(text: str) -> str:
    """A text in quotes as it shows; a # that begins no code is an error."""
    assert "#" not in _CODE.sub("", text), text
    return _CODE.sub(lambda code: chr(int(code[1])), text)
