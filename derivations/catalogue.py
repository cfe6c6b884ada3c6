"""The catalogue: every result that lies in a subject's folder, found by being there."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from ._judge.judge import Library, Malformed, judge_result
from ._kernel.check import Checked
from ._surface.author import Result
from .judged import JudgedResult

HERE = Path(__file__).parent
MAX_FILE = 1_000_000


class Unloadable(Exception):
    """A result file that cannot be run or does not give a result."""


@dataclass(frozen=True)
class Entry:
    """A result file: its name, its subject, its path."""

    name: str
    subject: str
    path: Path

    def load(self) -> Result:
        """The result which the file's ``derivation()`` returns; SymPy evaluates nothing meanwhile."""
        import sympy

        module = self._module()
        if not callable(getattr(module, "derivation", None)):
            raise Unloadable(f"{self.path}: a result file defines a function derivation() that returns a Result")
        try:
            with sympy.evaluate(False):
                result = module.derivation()
        except (Exception, SystemExit) as error:
            raise Unloadable(f"{self.path}: derivation() failed: {type(error).__name__}: {error}") from error
        if not isinstance(result, Result):
            raise Unloadable(f"{self.path}: derivation() returned {type(result).__name__}, not a Result")
        return result

    def _module(self) -> ModuleType:
        if not self.path.is_file() or self.path.stat().st_size > MAX_FILE:
            raise Unloadable(f"{self.path}: a result is a file of at most {MAX_FILE} bytes")
        if self.name == "index":
            raise Unloadable(f"{self.path}: a result cannot be called index, which is the name of the page that lists all")
        spec = importlib.util.spec_from_file_location(f"_lossproof_result_{self.name}", self.path)
        if spec is None or spec.loader is None:
            raise Unloadable(f"{self.path}: not a Python file")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            raise Unloadable(f"{self.path}: {type(error).__name__}: {error}") from error
        return module


def entries(folder: Path = HERE) -> list[Entry]:
    """The result files below a folder: ``subject/name.py``; names with an underscore in front are machinery."""
    found = [
        Entry(path.stem, path.parent.name, path)
        for path in sorted(folder.glob("*/*.py"))
        if not path.name.startswith("_") and not path.parent.name.startswith(("_", "."))
    ]
    return found


@dataclass
class Catalogue:
    """Results, each judged once, when it is asked for or cited."""

    known: dict[str, Entry] = field(default_factory=lambda: {e.name: e for e in entries()})
    witnessed: bool = True
    _judged: dict[str, JudgedResult] = field(default_factory=dict)
    _libraries: dict[str, Library] = field(default_factory=dict)

    def library(self, name: str) -> Library:
        """Where the statements of the result ``name`` are put; those of other results are found through it."""
        return self._libraries.setdefault(name, Library(self._find))

    def _find(self, label: str) -> Checked | None:
        name = label.partition(".")[0]
        if name in self.known and name not in self._libraries:
            self.judge(name)
        return self._libraries[name].own.get(label) if name in self._libraries else None

    def judge(self, name: str, *, search: bool = False) -> JudgedResult:
        """The result ``name``, judged; with ``search``, as if its author had written no lines."""
        if name in self._judged and not search:
            return self._judged[name]
        entry = self.known[name]
        library = Library(self._find) if search else self.library(name)
        try:
            made = judge_result(entry.load(), name, entry.subject, library, witnessed=self.witnessed, search=search)
        except Malformed as error:
            raise Unloadable(f"{entry.path}: {error}") from error
        if not search:
            self._judged[name] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)


__all__ = ["Catalogue", "Entry", "Unloadable", "entries"]
