"""A process that forks others, each of which plays differential cases against the package with one fault in it.

Libraries are imported once, here; a child imports the package anew, compiled as it stands but for the module at fault. Run as a
script: orders come as lines of JSON on stdin, and each is answered by one line on stdout.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import traceback
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

OWN = ("qingting", "oracle", "differential", "faults")
PACKAGE = Path(__file__).parents[2]
PATIENCE = 300


@dataclass(frozen=True)
class Order:
    """What is played, ``count`` cases of some rules, and ``source``, which stands in the place of the text of ``file``.

    ``kept`` is the folder where the numbers of scenarios that tell are kept.
    """

    rules: str
    count: int
    kept: str
    file: str = ""
    source: str = ""


@dataclass(frozen=True)
class Report:
    """What came of it: ``agree``, ``differ``, or ``died``, with what there is to say."""

    outcome: str
    said: str = ""


class ChangedSource(SourceFileLoader):
    """Loads one module from another text than its file's, and keeps no bytecode of it."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source.encode()

    def path_stats(self, path: object) -> dict[str, float]:
        """Nothing that could be compared with bytecode."""
        raise OSError(path)

    def get_data(self, path: object) -> bytes:
        """The other text."""
        return self.source


class ChangedModule(MetaPathFinder):
    """Finds the module at fault before anybody else does."""

    def __init__(self, file: str, source: str) -> None:
        self.name = "qingting." + file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.path = PACKAGE / file
        self.source = source

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module with its fault."""
        if fullname != self.name:
            return None
        return spec_from_file_location(fullname, self.path, loader=ChangedSource(fullname, str(self.path), self.source))

    def is_loaded(self) -> bool:
        """Whether the module at fault is what was played against."""
        return isinstance(getattr(sys.modules.get(self.name), "__loader__", None), ChangedSource)


def live(order: Order) -> Report:
    """Plays what is ordered, in a child."""
    signal.alarm(PATIENCE)
    fault = ChangedModule(order.file, order.source) if order.file else None
    if fault is not None:
        sys.meta_path.insert(0, fault)
    kept = None if order.file.startswith("engine/program/") else Path(order.kept)
    with tempfile.TemporaryDirectory(dir=order.kept) as stores:
        try:
            import_module("faults.cases").play_cases(order.rules, order.count, Path(stores), kept)
        except AssertionError as difference:
            if fault is None or fault.is_loaded():
                return Report("differ", f"{type(difference).__name__}: {difference}"[:2000])
            return Report("died", f"{order.file} is not what was played against")
    return Report("agree")


def answer(order: Order) -> Report:
    """What a child makes of an order."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            report = live(order)
        except BaseException:  # noqa: BLE001  whatever it is, the test must hear of it
            report = Report("died", traceback.format_exc()[-2000:])
        with os.fdopen(writing, "w") as out:
            json.dump(asdict(report), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as heard:
        said = heard.read()
    _, status = os.waitpid(child, 0)
    return Report(**json.loads(said)) if said else Report("died", f"status {status}")


def main() -> None:
    """Imports, forgets what is its own, and carries out orders until there are no more."""
    import_module("faults.cases")
    import_module("differential.running")
    import_module("differential.checking")
    for name in [name for name in sys.modules if name.partition(".")[0] in OWN]:
        del sys.modules[name]
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asdict(answer(Order(**json.loads(line))))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
