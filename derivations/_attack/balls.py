"""What ball arithmetic says of a statement that a mutant makes: whether it is certainly not one that may be proved.

That is so where it fails, where a part of it is undefined, where a side of a relation between numbers is infinite, and
where the sides of a strict relation seem to be equal.
"""

from __future__ import annotations

from functools import lru_cache

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term
from derivations._witness import Point, Undefined, counterexample, sample
from derivations._witness.truth import Ties, Trial

from .slips import RELATIONS

#: Points for each choice of sizes, and sizes: for a quick look, and for a thorough one.
FEW, MANY = (2, range(1, 5)), (36, range(1, 7))
POINTS, SEEDS = 200, 4  #: an accepted mutant is looked at at so many points, drawn with so many seeds at most


@lru_cache(maxsize=256)
def drawn(scope: Scope, per_size: int, sizes: range, seed: int = 0) -> tuple[Point, ...]:
    """The points of a scope; drawing them takes longer than looking at them."""
    return sample(scope, seed=seed, per_size=per_size, sizes=sizes).points


def conclusion(statement: Term) -> Term:
    """What a statement says "for all" and "if"."""
    while statement.op in ("all", "imp"):
        statement = statement.args[1]
    return statement


def against(statement: Term, point: Point) -> str:
    """What is wrong with a statement at a point; "" if nothing is known to be."""
    said = conclusion(statement)
    trial = Trial(point, Ties.AGREE)
    try:
        truth = trial.truth(statement)
        sides = trial.sides
        if truth is None and said.op in ("lt", "ne") and Trial(point, Ties.EQUAL).truth(statement) is False:
            return f"at {point}: both sides seem to be equal"
    except Undefined:
        return f"at {point}: it is not defined"
    if truth is False:
        return f"at {point}: {' against '.join(sides[:2]) if sides else 'it fails'}"
    if said.op in RELATIONS and sides is not None and sides.established == "one side is infinite":
        return f"at {point}: a side is infinite"
    return ""


@lru_cache(maxsize=4096)
def refuted(scope: Scope, statement: Term) -> bool:
    """Whether a few points speak against a statement."""
    return any(against(statement, point) for point in drawn(scope, *FEW)) or _tie(scope, statement)


def _tie(scope: Scope, statement: Term) -> bool:
    strict = conclusion(statement).op in ("lt", "ne")
    return strict and counterexample(scope, statement, sizes=range(1, 4), per_size=2) is not None


@lru_cache(maxsize=4096)
def refutation(scope: Scope, statement: Term) -> tuple[int, str]:
    """At how many points a statement was tried, sizes 1 to 6, and what speaks against it, or ""."""
    tried: dict[Point, None] = {}
    for seed in range(SEEDS):
        found = drawn(scope, *MANY, seed)
        for point in found:
            if point not in tried:
                tried[point] = None
                if wrong := against(statement, point):
                    return len(tried), wrong
        if len(tried) >= POINTS or not found:
            break
    return len(tried), "a tie at a simple point" if _tie(scope, statement) else ""


__all__ = ["POINTS", "refutation", "refuted"]
