"""Weights on which the logarithms of a term are spread: coefficients, parts of them, and shares of a sum in a logarithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, permutations

from derivations._kernel.check import Kernel
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ZERO, Term, closed, free_names, num, opened, substitute, subterms, var

from .factors import in_view
from .groups import Group, Logarithms, Sizes
from .polynomial import Expansion, expand, product_of, rebuild, tidy
from .settling import cancelled

MOST_WEIGHTS = 3


@dataclass
class Weight:
    """A weight with indices of these sizes, and how much of each group's logarithm it carries."""

    sizes: Sizes
    term: Term
    carried: list[tuple[Term, Term]] = field(default_factory=list)  #: (argument in the weight's indices, λ)


class Weights(Logarithms):
    """Finds sets of weights that carry every logarithm."""

    def __init__(self, kernel: Kernel, scope: Scope) -> None:
        super().__init__(kernel, scope)
        self._totals: dict[tuple[Term, Sizes, tuple[int, ...]], Term] = {}

    def candidates(self, groups: list[Group]) -> list[Weight]:
        """Coefficients that are decided to be nonnegative, up to their sign; then the parts of sums in logarithms."""
        found: list[Weight] = []
        for g in groups:
            whole = g.term
            mixed = not any(self._sign(g.sizes, t) for t in (whole, tidy(-whole)))
            single = [product_of(m) for m in g.coefficient] if mixed else [t for s in (whole, tidy(-whole)) for t in _parts(s)]
            for t in (whole, tidy(-whole), *single):
                if t.op == "mul" and t.args[0].op == "num" and t.args[0].args[0] > 0:
                    t = tidy(t * num(1 / t.args[0].args[0]))
                if self._sign(g.sizes, t) and all(w.term != t or w.sizes != g.sizes for w in found):
                    found.append(Weight(g.sizes, t))
        found.sort(key=lambda w: (-len(w.sizes), w.term.size))
        return found[:10]

    def _sign(self, sizes: Sizes, t: Term) -> bool:
        order = self.kernel.order(self.inside(sizes))
        if order.undefined(t) is not None or order.sign(t) == {0}:
            return False
        return order.sign(t) <= {0, 1} or order.sign(cancelled(self.kernel, t)) <= {0, 1}

    def posteriors(self, groups: list[Group]) -> Iterator[Weight]:
        """For −c log Σ t: the weights c·t/Σ t."""
        for g in groups:
            minus = tidy(-g.term)
            if not self._sign(g.sizes, minus):
                continue
            if g.argument.op == "sum" and len(g.sizes) < len(self.names):
                size, body = g.argument.args
                t = opened(body, var(self.names[len(g.sizes)]))
                yield Weight((*g.sizes, size), tidy(minus * t / g.argument))
            elif g.argument.op == "add":
                for t in g.argument.args:
                    yield Weight(g.sizes, tidy(minus * t / g.argument))

    def bases(self, groups: list[Group]) -> Iterator[list[Weight]]:
        """Sets of weights that carry every logarithm."""
        found, inner = self.candidates(groups), list(self.posteriors(groups))
        by_group: dict[Sizes, list[Weight]] = {}
        for w in inner:
            by_group.setdefault(w.sizes, []).append(w)
        chosen = [c for count in range(1, MOST_WEIGHTS + 1) for c in combinations(found, count)]
        later = [(*own, *c) for own in by_group.values() if len(own) <= 3 for c in [(), *combinations(found, 1)]]
        for sets, symbolic in ((chosen, False), (later, False), (chosen, True), (later, True)):
            for weights in sets:
                seen = []
                for apart in (False, True):
                    if (basis := self.carry(groups, weights, symbolic, apart)) is not None and basis not in seen:
                        seen.append(basis)
                        yield basis

    def carry(self, groups: list[Group], chosen: tuple[Weight, ...], symbolic: bool, apart: bool) -> list[Weight] | None:
        """The weights with what each carries; None if some logarithm is left over.

        A logarithm goes to as many weights as possible; with ``apart`` to one, with the fewest indices.
        """
        basis = [Weight(w.sizes, w.term) for w in chosen]
        used: set[int] = set()
        for g in groups:
            for subset, places, factor in self._ways(g, basis, symbolic, apart):
                for k, place in zip(subset, places, strict=True):
                    names = {self.names[p]: var(self.names[q]) for p, q in enumerate(place)}
                    basis[k].carried.append((substitute(g.argument, names), factor))
                    used.add(k)
                break
            else:
                if not self._solved(g, basis, used):
                    return None
        return basis if len(used) == len(basis) else None

    def _solved(self, g: Group, basis: list[Weight], used: set[int]) -> bool:
        """Spread a logarithm over the weights with different rational multiples."""
        places = [next(iter(self._place(g, w)), None) for w in basis]
        known = [(k, p) for k, p in enumerate(places) if p is not None]
        columns = [self._sum_of([self.total(basis[k], p)]) for k, p in known]
        found = solve(columns, {m: c for m, c in g.coefficient.items() if c})
        if found is None:
            return False
        for (k, place), c in zip(known, found, strict=True):
            if c:
                names = {self.names[p]: var(self.names[q]) for p, q in enumerate(place)}
                basis[k].carried.append((substitute(g.argument, names), num(c)))
                used.add(k)
        return True

    def _ways(
        self, g: Group, basis: list[Weight], symbolic: bool, apart: bool
    ) -> Iterator[tuple[tuple[int, ...], list[tuple[int, ...]], Term]]:
        order = sorted(range(len(basis)), key=lambda k: len(basis[k].sizes)) if apart else range(len(basis))
        for count in range(1, len(basis) + 1) if apart else range(len(basis), 0, -1):
            for subset in combinations(order, count):
                places = [self._place(g, basis[k]) for k in subset]
                if any(not p for p in places):
                    continue
                for shift in range(max(map(len, places))):
                    chosen = [p[min(shift, len(p) - 1)] for p in places]
                    whole = rebuild(self._sum_of([self.total(basis[k], p) for k, p in zip(subset, chosen, strict=True)]))
                    factor = self._ratio(g.term, whole, symbolic)
                    if factor is not None:
                        yield subset, chosen, factor

    @staticmethod
    def _sum_of(terms: list[Term]) -> Expansion:
        out: Expansion = {}
        for t in terms:
            for m, c in expand(t).items():
                out[m] = out.get(m, Fraction(0)) + c
        return {m: c for m, c in out.items() if c}

    @staticmethod
    def _place(g: Group, w: Weight) -> list[tuple[int, ...]]:
        """The ways in which the indices of the group may be indices of the weight."""
        ways = permutations(range(len(w.sizes)), len(g.sizes))
        return [p for p in ways if all(w.sizes[q] == s for q, s in zip(p, g.sizes, strict=True))]

    def total(self, w: Weight, place: tuple[int, ...]) -> Term:
        """The weight, summed over all indices but those at ``place``, which get the first names."""
        key = (w.term, w.sizes, place)
        if key not in self._totals:
            kept = {self.names[q]: var(f"_{p}") for p, q in enumerate(place)}
            t = substitute(w.term, kept)
            for q in range(len(w.sizes)):
                if q not in place:
                    t = Term("sum", w.sizes[q], closed(t, self.names[q]))
            t = substitute(t, {f"_{p}": var(self.names[p]) for p in range(len(place))})
            scope = self.inside(tuple(w.sizes[q] for q in place))
            self._totals[key] = self.search.together([t], scope)[0][0]
        return self._totals[key]

    def _ratio(self, over: Term, under: Term, symbolic: bool) -> Term | None:
        if under == ZERO:
            return None
        c = self.kernel.algebra.ratio(over, under)
        if c is not None:
            return num(c)
        if not symbolic:
            return None
        t = cancelled(self.kernel, over / under)
        return None if free_names(t) & set(self.names) or any(s.loose for s in subterms(t)) else t


def _parts(t: Term) -> list[Term]:
    """The addends of a mixture such as (1 − u) p + u q."""
    view = in_view(t)
    mixed = view.op == "add" and any(s.op == "add" for a in view.args for s in subterms(a))
    return [tidy(a) for a in view.args] if mixed else []


def solve(columns: list[Expansion], target: Expansion) -> list[Fraction] | None:
    """Rational c with Σ c_k column_k = target, or None."""
    rows = [[column.get(m, Fraction(0)) for column in columns] + [target.get(m, Fraction(0))]
            for m in {m: None for e in (*columns, target) for m in e}]  # fmt: skip
    pivots: list[int] = []
    for k in range(len(columns)):
        at = next((r for r in range(len(pivots), len(rows)) if rows[r][k]), None)
        if at is None:
            continue
        top = len(pivots)
        rows[top], rows[at] = rows[at], rows[top]
        rows[top] = [x / rows[top][k] for x in rows[top]]
        for r, row in enumerate(rows):
            if r != top and row[k]:
                rows[r] = [x - row[k] * y for x, y in zip(row, rows[top], strict=True)]
        pivots.append(k)
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    found = [Fraction(0)] * len(columns)
    for r, k in enumerate(pivots):
        found[k] = rows[r][-1]
    return found
