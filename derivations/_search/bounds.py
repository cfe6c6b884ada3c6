"""The search for 0 ≤ f: its budget, the forms of a function, and what failed already; the ways have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ZERO, IllFormed, Term, num

from . import looks, settling
from .equation import NotFound
from .normalise import OutOfSteps
from .polynomial import TooMany
from .strong import Strong

BUDGET = 120  #: functions looked at in one search
LARGEST = 250  #: parts of a function that is looked at
FAILURES = (NotFound, Refused, IllFormed, OutOfSteps, TooMany)
Parts = tuple[tuple[Term, Proof], ...]


class Bounds:
    """One search; functions that failed are not tried again."""

    def __init__(self, kernel: Kernel, ways: tuple[Way, ...], strict: bool = False) -> None:
        self.kernel, self.strong, self.ways, self.budget = kernel, Strong(kernel), ways, BUDGET
        self.strict = strict  #: 0 < f is wanted where it can be had
        self.failed: dict[tuple[Scope, Term], int] = {}

    def nonnegative(self, scope: Scope, f: Term, depth: int) -> Proof:
        """A proof of 0 ≤ f or 0 < f; :class:`NotFound` otherwise."""
        key = scope, self.normal(scope, f)
        if self.failed.get(key, -1) >= depth:
            raise NotFound("tried before")
        if key[1].size > LARGEST:
            raise NotFound("too large a function", f)
        self.budget -= 1
        if self.budget < 0:
            raise NotFound("the budget of functions is spent")
        at = looks.points(scope, f)
        if -1 in looks.signs(f, at):
            raise NotFound("it is negative somewhere", f)
        self.failed[key] = depth
        weak: Proof | None = None
        for way in self.ways:
            for proof in way(self, scope, f, depth):
                try:
                    got = self.kernel.derive(proof, scope)
                except FAILURES:
                    continue
                if got.args[:2] == (ZERO, f) and (got.op == "lt" or not self.strict):
                    del self.failed[key]
                    return proof
                if got.args[:2] == (ZERO, f) and weak is None:
                    weak = proof
        if weak is None:
            raise NotFound("no sign, no slope", f)
        del self.failed[key]
        return weak

    def normal(self, scope: Scope, f: Term) -> Term:
        """The normal form of f; f itself if it has none."""
        with suppress(*FAILURES):
            return self.strong.together([f], scope)[0][0]
        return f

    def forms(self, scope: Scope, f: Term) -> list[tuple[Term, Proof | None]]:
        """Terms equal to f, each with a proof of f = it."""
        found: list[tuple[Term, Proof | None]] = [(f, None)]
        with suppress(*FAILURES):
            for form, proof in settling.forms(self.strong, scope, f):
                if all(form != known for known, _ in found):
                    found.append((form, proof))
        return found[:3]

    @staticmethod
    def replaced(f: Term, parts: Parts, proof: Proof | None) -> Proof:
        """0 ≤ f from parts that add up to a form of it."""
        return Proof("combine", (ZERO, f, (*parts, *(((num(-1), proof),) if proof is not None else ()))))


#: A way tries proofs of 0 ≤ f.
Way = Callable[[Bounds, Scope, Term, int], Iterator[Proof]]

__all__ = ["FAILURES", "Bounds", "Parts", "Way"]
