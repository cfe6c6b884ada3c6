"""The finest weights: every part of every coefficient at once, so that each coefficient is a sum of some of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice, product

from derivations._kernel.domains import mentions
from derivations._kernel.terms import Term, num, substitute, var

from .factors import in_view
from .groups import Group, Sizes
from .polynomial import Expansion, TooMany, expand, product_of, tidy
from .weights import Weight, Weights, solve

MOST_PARTS, MOST_SHARES, MOST_BASES = 8, 3, 24
Share = tuple[tuple[int, tuple[int, ...], Fraction], ...]  #: for one logarithm: which weights carry it, where, how often


class Finest(Weights):
    """Finds the finest weights, and the ways to spread the logarithms over them."""

    def finest(self, groups: list[Group]) -> Iterator[list[Weight]]:
        """The finest weights with what each carries."""
        groups = self.summed_out(groups)
        weights = self.finest_weights(groups)
        if not 0 < len(weights) <= MOST_PARTS:
            return
        shares = [list(islice(self.shares(g, weights), MOST_SHARES)) for g in groups]
        for chosen in islice(product(*shares), MOST_BASES):
            basis = [Weight(w.sizes, w.term) for w in weights]
            for g, share in zip(groups, chosen, strict=True):
                for k, place, c in share:
                    names = {self.names[p]: var(self.names[q]) for p, q in enumerate(place)}
                    basis[k].carried.append((substitute(g.argument, names), num(c)))
            if all(w.carried for w in basis):
                yield basis

    def summed_out(self, groups: list[Group]) -> list[Group]:
        """The same with coefficients summed over the indices that the logarithm does not depend on."""
        found: dict[tuple[Sizes, Term], Group] = {}
        for g in groups:
            kept = [k for k in range(len(g.sizes)) if mentions(g.argument, self.names[k])]
            sizes = tuple(g.sizes[k] for k in kept)
            names = {self.names[k]: var(self.names[place]) for place, k in enumerate(kept)}
            argument, total = substitute(g.argument, names), self.total(Weight(g.sizes, g.term), tuple(kept))
            whole = found.setdefault((sizes, argument), Group(sizes, argument))
            whole.coefficient = self._sum_of([whole.term, total])
        return [g for g in found.values() if g.coefficient]

    def finest_weights(self, groups: list[Group]) -> list[Weight]:
        """Parts of coefficients, and what a part leaves of a coefficient; none is a sum of others."""
        whole: list[Weight] = []
        for g in groups:
            for t in (g.term, tidy(-g.term)):
                if t.op != "num" and self._sign(g.sizes, t):  # a number is the total of weights
                    whole.append(Weight(g.sizes, t))
                    break
        found: list[Weight] = []
        for w in whole:
            self._add(found, w.sizes, *self.parts(w))
        for w in [w for w in whole if len(self.parts(w)) == 1]:
            for t in [p.term for p in found if p.sizes == w.sizes and p.term != w.term]:
                rest = in_view(w.term - t)
                if rest.op != "num" and self._sign(w.sizes, rest):
                    self._add(found, w.sizes, *self.parts(Weight(w.sizes, rest)))
        found.sort(key=lambda w: -w.term.size)  # what is long is more likely a sum of others
        for w in list(found):
            if self.is_sum(w, [other for other in found if other is not w and other.sizes == w.sizes][:MOST_PARTS]):
                found.remove(w)
        return sorted(found, key=lambda w: (-len(w.sizes), w.term.size, repr(w.term)))

    def _add(self, found: list[Weight], sizes: Sizes, *terms: Term) -> None:
        """Keep what is new, up to a number."""
        for t in terms:
            if not any(w.sizes == sizes and self.kernel.algebra.ratio(w.term, t) is not None for w in found):
                found.append(Weight(sizes, t))

    def parts(self, w: Weight) -> list[Term]:
        """The addends of a coefficient which are not negative; itself if there are none."""
        try:
            addends = expand(w.term)
        except TooMany:
            return [w.term]
        terms = [product_of(m) for m in addends]
        if len(terms) == 1 or (min(addends.values()) > 0 and () not in addends):
            return terms
        parts = self.mixed(w.sizes, in_view(w.term))
        return parts if len(parts) > 1 and all(self._sign(w.sizes, t) for t in parts) else [w.term]

    def mixed(self, sizes: Sizes, t: Term) -> list[Term]:
        """The addends of a mixture, and those of the mixtures in it."""
        if t.op == "add":
            return [part for addend in t.args for part in self.mixed(sizes, addend)]
        for k, f in enumerate(t.args if t.op == "mul" else ()):
            if f.op == "add" and all(self._sign(sizes, addend) for addend in f.args):
                each = [Term("mul", *t.args[:k], addend, *t.args[k + 1 :]) for addend in f.args]
                return [part for product in each for part in self.mixed(sizes, product)]
        return [t]

    @staticmethod
    def is_sum(w: Weight, others: list[Weight]) -> bool:
        """Whether a weight is a sum of multiples of two to four others, which are then finer."""
        try:
            target, columns = expand(w.term), [expand(o.term) for o in others]
        except TooMany:
            return False
        some = (chosen for count in (2, 3, 4) for chosen in combinations(columns, count))
        return any((found := solve(list(chosen), target)) is not None and min(found) >= 0 for chosen in some)

    def shares(self, g: Group, weights: list[Weight]) -> Iterator[Share]:
        """The ways in which as few weights as possible carry a logarithm."""
        known = [(k, p) for k, w in enumerate(weights) for p in self._place(g, w)[:1]]
        target = {m: c for m, c in g.coefficient.items() if c}
        columns = {k: self._sum_of([self.total(weights[k], p)]) for k, p in known}
        ones = [] if g.sizes else self.nothings()
        fewest: list[set[int]] = []
        for count in range(1, len(known) + 1):
            for chosen in combinations(known, count):
                if any(some <= {k for k, _ in chosen} for some in fewest):
                    continue
                found = solve([*(columns[k] for k, _ in chosen), *ones], target)
                if found is not None and all(found[:count]):
                    fewest.append({k for k, _ in chosen})
                    yield tuple((k, p, c) for (k, p), c in zip(chosen, found, strict=False))
        if not fewest and g.argument.op == "num":  # what is too much, or all of it, is left over: it is a number
            yield tuple((k, p, Fraction(1)) for k, p in known)
            yield ()

    def nothings(self) -> list[Expansion]:
        """p_1 + … + p_4 − 1 for the distributions over a written-out number of outcomes."""
        vectors = [(n, d.sizes[0]) for n, d in self.scope.domains if d.kind.total and len(d.sizes) == 1 and d.name != "Family"]
        few = [(n, int(size.args[0])) for n, size in vectors if size.op == "num"]
        return [self._sum_of([num(-1), *(Term("at", var(n), num(k + 1)) for k in range(count))]) for n, count in few]


__all__ = ["Finest"]
