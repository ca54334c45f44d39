"""Results for build servers: the XML that JUnit made common.

Source: the schema that Jenkins' xunit plugin publishes (``testsuites``, ``testsuite``, ``testcase``, ``failure``, ``error``).
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as Tree

from ...grammar.source import LineIndex
from .results import CaseResult, ScriptResult, TestAnswer


def junit_xml(answer: TestAnswer, words: Callable[[CaseResult], str]) -> bytes:
    """The answer as an XML document in UTF-8; ``words`` tells why a case failed."""
    root = Tree.Element("testsuites", {"tests": str(len(answer.cases)), "failures": str(answer.failed)})
    for script in answer.scripts:
        root.append(_suite(script, words))
    Tree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode").encode() + b"\n"


def _suite(script: ScriptResult, words: Callable[[CaseResult], str]) -> Tree.Element:
    judged = [case for case in script.cases if case.judged]
    failed = sum(not case.passed for case in judged)
    suite = Tree.Element("testsuite", {
        "name": script.file, "tests": str(len(judged)), "failures": str(failed), "errors": str(int(bool(script.problems))),
    })
    index = LineIndex(script.text)
    for problem in script.problems:
        line, column = index.position(problem.span.start)
        broken = Tree.SubElement(suite, "testcase", {"name": problem.code, "classname": script.file, "line": str(line)})
        Tree.SubElement(broken, "error", {"message": f"{problem.code} {script.file}:{line}:{column}"})
    for case in judged:
        line, _ = index.position(case.span.start)
        place = {"name": _printable(case.name), "classname": script.file, "line": str(line)}
        element = Tree.SubElement(suite, "testcase", place)
        if not case.passed:
            told = _printable(words(case))
            Tree.SubElement(element, "failure", {"message": told.partition("\n")[0]}).text = told
    return suite


def _printable(text: str) -> str:
    """A text without the control characters that XML cannot hold."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
