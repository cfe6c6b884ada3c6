"""A claim as it was read: the source, the domains, the raw tree, and what decided the reading."""

from __future__ import annotations

from dataclasses import dataclass

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term
from derivations._kernel.tree import Node

WIDTH = 100  #: of a line that is shown with a message


@dataclass(frozen=True)
class Reading:
    """What the reader understood of one claim."""

    source: str  #: the LaTeX as given
    where: str  #: the domains as given
    scope: Scope  #: the declared variables, sizes included
    free: tuple[tuple[str, Term], ...]  #: free indices, each with the size it ranges over
    tree: Node  #: a ``chain``
    read_as: str  #: the claim printed back, with its bindings and domains
    conventions: tuple[str, ...]  #: the reading conventions that decided something here; ``--strict`` refuses if there are any


class ReadError(ValueError):
    """A formula or a domain that cannot be read with certainty: what, where, and what to write instead."""

    def __init__(self, what: str, source: str = "", span: tuple[int, int] = (0, 0), fix: str = "") -> None:
        super().__init__(what)
        self.what, self.source, self.span, self.fix = what, source, span, fix

    def show(self) -> str:
        """The message, the line of the source with the place underlined, and the fix."""
        start = min(max(self.span[0], 0), len(self.source))
        begin = self.source.rfind("\n", 0, start) + 1
        stop = self.source.find("\n", start)
        line = self.source[begin : stop if stop >= 0 else len(self.source)]
        first = max(0, start - begin - WIDTH // 2) if len(line) > WIDTH else 0
        shown = "".join(c if c.isprintable() else " " for c in line[first : first + WIDTH])
        length = max(1, min(self.span[1] - start, WIDTH, max(1, len(shown) - (start - begin - first))))
        lines = [self.what, f"  {shown}", "  " + " " * (start - begin - first) + "^" * length]
        return "\n".join([*lines, *([f"  {self.fix}"] if self.fix else [])])


__all__ = ["ReadError", "Reading"]
