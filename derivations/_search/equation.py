"""Equations by normal forms: both sides are brought to normal form, and must meet."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import IllFormed, Term

from .normalise import Normaliser, OutOfSteps, Step, field
from .polynomial import tidy

#: Rules tried in turn when an author names none: the fewest that suffice make the shortest reason.
STAGES: tuple[frozenset[str] | None, ...] = (frozenset(), frozenset({"definition"}), None)


class NotFound(Exception):
    """The search found no proof; ``residue`` is what was left of left − right."""

    def __init__(self, why: str, residue: Term | None = None) -> None:
        super().__init__(why)
        self.residue = residue


def rewritten(t: Term, steps: list[Step]) -> Proof | None:
    """The steps as one proof of t = its normal form; None if there are no steps."""
    return Proof("rewrite", (t, tuple(steps))) if steps else None


def joined(a: Term, b: Term, a_steps: list[Step], b_steps: list[Step], a_end: Term, b_end: Term) -> Proof:
    """a = a_end = b_end = b as one chain."""
    links = []
    if a_steps:
        links.append(Proof("rewrite", (a, tuple(a_steps))))
    if a_end != b_end or not (a_steps or b_steps):
        links.append(field(a_end, b_end))
    if b_steps:
        links.append(Proof("symmetry", (Proof("rewrite", (b, tuple(b_steps))),)))
    return links[0] if len(links) == 1 else Proof("chain", tuple(links))


def equation(
    kernel: Kernel, scope: Scope, a: Term, b: Term, allowed: frozenset[str] | None = None, staged: bool = True
) -> Proof:
    """A proof of a = b; :class:`NotFound` if the normal forms differ."""
    residue: Term | None = None
    stages = STAGES if allowed is None and staged else (allowed,)
    for stage in stages:
        if stage is not None and not stage:
            if kernel.algebra.equal(a, b):
                return field(a, b)
            continue
        search = Normaliser(kernel, stage)
        try:
            a_end, a_steps = search.normal(a, scope)
            if a_steps and kernel.algebra.equal(a_end, b):
                return joined(a, b, a_steps, [], a_end, b)
            b_end, b_steps = search.normal(b, scope)
        except (IllFormed, OutOfSteps) as error:
            raise NotFound(str(error)) from error
        if kernel.algebra.equal(a_end, b_end):
            return joined(a, b, a_steps, b_steps, a_end, b_end)
        residue = tidy(a_end - b_end)
    raise NotFound("the two sides have different normal forms", residue)


__all__ = ["NotFound", "equation", "joined", "rewritten"]
