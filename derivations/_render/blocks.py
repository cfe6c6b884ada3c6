"""A page as plain blocks, and the walk that every output form shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .escape import for_url


@dataclass(frozen=True)
class Formula:
    """A formula in both notations; a displayed one may be high."""

    latex: str
    text: str
    display: bool = False


@dataclass(frozen=True)
class Link:
    """A mention of a theorem by its label."""

    label: str


@dataclass(frozen=True)
class Mark:
    """✓ for True, ✗ for False, ? for None."""

    ok: bool | None


Run = str | Formula | Link | Mark
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the page's title."""

    level: int
    runs: Runs
    id: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; the role is "", "summary", "statement" or "note"."""

    runs: Runs
    role: str = ""


@dataclass(frozen=True)
class Facts:
    """Short facts with their names: conditions, verdict, rules."""

    rows: tuple[tuple[str, Runs], ...]


@dataclass(frozen=True)
class Line:
    """A line of a derivation as it is shown; a case heading has no number."""

    id: str
    number: int | None
    relation: str  #: a key of RELATIONS, or ""
    content: Runs
    reason: Runs
    rules: tuple[str, ...]
    accepted: bool
    residue: Formula | None
    depth: int


@dataclass(frozen=True)
class Derivation:
    """The lines of one proof."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A table of runs; ``numeric`` says which columns are set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Listing:
    """Program text."""

    code: str
    language: str = "python"


Block = Heading | Paragraph | Facts | Derivation | Table | Listing


class Form:
    """The common part of the output forms: blocks in order, and runs in order."""

    def __init__(self, result: str = "", links: dict[str, str] | None = None) -> None:
        self.result, self.links = result, links or {}

    def blocks(self, blocks: Iterable[Block]) -> str:
        """All blocks, written by the method of each block's name."""
        return "\n".join(getattr(self, type(b).__name__.lower())(b) for b in blocks)

    def runs(self, runs: Runs) -> str:
        """Text, formulas and links one after the other."""
        return "".join(self.run(r) for r in runs)

    def run(self, run: Run) -> str:
        """One of text, formula, link and mark."""
        if isinstance(run, str):
            return self.prose(run)
        if isinstance(run, Formula):
            return self.formula(run)
        return self.link(run.label) if isinstance(run, Link) else self.mark(run.ok)

    def target(self, label: str) -> str | None:
        """Where a label leads: to the same page, to where ``links`` says, or nowhere."""
        result, _, theorem = label.partition(".")
        found = f"#{theorem}" if result == self.result and theorem else self.links.get(label, self.links.get(result))
        return None if found is None else for_url(found)

    def prose(self, text: str) -> str:
        raise NotImplementedError

    def formula(self, formula: Formula) -> str:
        raise NotImplementedError

    def link(self, label: str) -> str:
        raise NotImplementedError

    def mark(self, ok: bool | None) -> str:
        raise NotImplementedError
