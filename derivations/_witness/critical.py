"""Points at which a statement points itself: where a condition is an equality, a base or a factor vanishes, two sides meet.

Along a line the part is a polynomial in one number, if it is one through enough points; its rational roots are tried, and what
lies between them. Nothing found here is believed: every point is tried with balls.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from flint import fmpq, fmpq_poly

from .._kernel.domains import Scope
from .._kernel.terms import BINDERS, IllFormed, Term
from .ball import Evaluator
from .jets import Undecided, Undefined
from .lines import Line, lines
from .point import Point
from .roots import between, interpolated, rational_roots, real_roots
from .sample import inside

#: Equations of a statement, values of the indices around each, and evaluations in all.
MAX_EQUATIONS, MAX_INDICES, MAX_EVALUATIONS = 24, 3, 400
#: Where a part is evaluated to find its polynomial, which has a degree of six at most.
PLACES = tuple(Fraction(k, 9) for k in (1, 2, 3, 4, 5, 6, 7, 8))
RELATIONS = ("eq", "ne", "lt", "le")
Equation = tuple[Term, Term | None, tuple[Term, ...]]


def equations(statement: Term) -> list[Equation]:
    """Pairs of terms (a term and zero, for None) that are to be equal, with the sizes of the binders around them."""
    return list(dict.fromkeys(_equations(statement, ())))[:MAX_EQUATIONS]


def _equations(t: Term, sizes: tuple[Term, ...]) -> Iterator[Equation]:
    op, args = t.op, t.args
    if op in RELATIONS or op == "case":
        yield args[0], args[1], sizes
    elif op in ("pow", "abs") and args[0].op not in ("num", "var", "at"):
        yield args[0], None, sizes
    elif op == "mul":
        yield from ((a, None, sizes) for a in args if a.op in ("add", "case", "mul"))
    elif op == "max":
        yield from ((a, b, sizes) for a, b in combinations(args[:4], 2))
    elif op == "log" and args[0].op not in ("num", "var", "at"):
        yield args[0], None, sizes
    inner = (*sizes, args[0]) if op in BINDERS else sizes
    for k, a in enumerate(args):
        if type(a) is Term:
            yield from _equations(a, inner if k == len(args) - 1 else sizes)


def critical(scope: Scope, statement: Term, base: Point) -> list[Point]:
    """Points on the lines through ``base`` where an equation of the statement holds, or between such places."""
    left, known = [MAX_EVALUATIONS], equations(statement)
    found: dict[Point, None] = {}
    sizes = dict(base.sizes)
    for name, domain in scope.domains:
        if domain.name in ("Size", "Index"):
            continue
        for line in lines(name, domain, base.values[name]):
            breaks: set[Fraction] = set()
            for equation in known:
                for indices in _indices(equation, sizes):
                    poly = _polynomial(equation, line, base, indices, left)
                    if poly is None:
                        continue
                    for t in rational_roots(poly):
                        found[Point(sizes, {**base.values, name: line.at(t)})] = None
                    breaks.update(real_roots(poly))
            for t in between(breaks):
                found.setdefault(Point(sizes, {**base.values, name: line.at(t)}))
    domains = dict(scope.domains)
    return [p for p in found if all(inside(domains[n], v, sizes) for n, v in p.values.items())]


def _indices(equation: Equation, sizes: dict[str, int]) -> list[tuple[int, ...]]:
    """The first and the last index of every binder, all together."""
    ends = [int(s.args[0]) if s.op == "num" else sizes[s.args[0]] for s in equation[2]]
    return list(dict.fromkeys((tuple(1 for _ in ends), tuple(ends), tuple(min(2, n) for n in ends))))[:MAX_INDICES]


def _polynomial(equation: Equation, line: Line, base: Point, indices: tuple[int, ...], left: list[int]) -> fmpq_poly | None:
    a, b, _ = equation
    values: list[Fraction] = []
    for t in PLACES:
        left[0] -= 1
        if left[0] <= 0:
            return None
        evaluator = Evaluator.at(Point(base.sizes, {**base.values, line.name: line.at(t)}))
        evaluator.bound = list(indices)
        try:
            value = evaluator.number(a)
            value = value if b is None else value - evaluator.number(b)
        except (Undefined, Undecided, IllFormed, TypeError):
            return None
        if type(value) is not fmpq:
            return None
        values.append(Fraction(int(value.p), int(value.q)))
        if len(values) == 3 and values[0] == values[1] == values[2]:
            return None
    return interpolated(PLACES, values)


__all__ = ["critical", "equations"]
