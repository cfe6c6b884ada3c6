"""Points which no menu offers and the claim itself points at: where its equations hold, and between such places.

One number at a time moves along a line, the rest stays. What is a quotient of polynomials in it is solved exactly; where the
rest changes its sign is found by machine numbers. Nothing found here is believed: every point is tried with balls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from math import isfinite
from typing import Any

from flint import fmpq_poly

from ..._kernel.domains import Domain
from ..._kernel.tree import Node, parts
from ..entries import mapped
from ..jets import Undecided, Undefined
from ..lines import Line, lines
from ..roots import between, rational_roots, real_roots
from ..sample import allowed, inside, shape
from .claim import Claim
from .equations import CONDITION, FACTOR, SIDES, Equation, equations
from .fields import ground
from .floats import Floats
from .plan import Plan
from .points import SIMPLE, labels
from .ratios import Ratio, Ratios, constant, moving, unknown
from .reach import ladder
from .scout import APART, batch
from .walk import Walker

#: Equations solved along lines, at the first sizes, at each of the others, and beyond.
SOLVED_FIRST, SOLVED, SOLVED_BEYOND = 120, 20, 8
#: Choices of labels, and bases of a second look.
BASES, FURTHER = 24, 4
#: The largest of the usual sizes.
USUAL = 6
#: Equations solved along lines where there is time, and those solved for sizes.
SOLVED_FINE, SOLVED_SIZES = 1_200, 120
#: Values of an index which are looked at, where an equation stands in a sum.
MAX_INDICES = 6
#: The rank of a point between two places.
BETWEEN = 9
Values = dict[str, Any]


class Critical:
    """The equations of a claim, and the points that they point at."""

    def __init__(self, claim: Claim) -> None:
        self.claim, self.equations = claim, equations(claim.tree)
        self.plan, self.left = Plan(*(e.part for e in self.equations)), 0
        self.hopeless: set[tuple[int, str]] = set()  # equations that are no quotients of polynomials in a variable
        self.domains = dict(claim.domains)
        self.powers = any(p.kind == "pow" and any(q.kind == "name" for q in parts(p.args[1])) for p in parts(claim.tree))
        self.sizes = [name for name, d in claim.reading.scope.domains if d.name == "Size"]
        self.loops = {p.args[0] for part in parts(claim.tree) for p in _ends(part) if p.kind == "name"}
        self.lengths = {s.args[0] for d in self.domains.values() if d.name != "Index" for s in d.sizes if s.op == "var"}
        self.loops |= self.lengths | {s.args[0] for d in self.domains.values() for s in d.sizes if s.op == "var"}
        self.loops |= {s.args[0] for _, s in claim.reading.free if s.op == "var"}

    def points(
        self, sizes: dict[str, int], indices: Sequence[dict[str, int]], bases: Sequence[Values], limit: int, fine: bool = False
    ) -> list[tuple[Values, dict[str, int]]]:
        """At most ``limit`` points with values of the free indices, those first where a condition is an equality."""
        if not self.equations or not self.domains:
            return []
        few = SOLVED if max(sizes.values(), default=0) <= USUAL else SOLVED_BEYOND
        self.left = SOLVED_FINE if fine else SOLVED_FIRST if sum(sizes.values()) <= 3 * len(sizes) else few
        found: dict[Any, tuple[int, Values, dict[str, int]]] = {}
        for k, base in enumerate(self.labelled(bases, sizes)):
            for free in indices[:MAX_INDICES] if k == 0 else indices[:1]:
                near = list(self._along(base, sizes, free, fine))
                tight = [(values, name) for rank, values, name in near if rank <= FACTOR and len(self.domains) > 1]
                for values, name in tight[:FURTHER]:
                    near += [p for p in self._along(values, sizes, free, False, name) if p[0] <= FACTOR]
                for rank, values, _ in near:
                    key = (*values.values(), *free.values())
                    if key not in found or found[key][0] > rank:
                        found[key] = (rank, values, free)
        ordered = sorted(found.values(), key=lambda p: p[0])
        return [(values, free) for _, values, free in ordered[:limit]]

    def labelled(self, bases: Sequence[Values], sizes: dict[str, int]) -> list[Values]:
        """The bases; the first with every choice of labels and bits."""
        choices = {}
        for name, domain in self.domains.items():
            if domain.name == "Index":
                choices[name] = labels(*shape(domain, sizes))
            elif domain.name == "Bit" and not domain.sizes:
                choices[name] = [Fraction(0), Fraction(1)]  # type: ignore[list-item]
        found = [
            {**base, **dict(zip(choices, chosen, strict=True))}
            for base in bases[:1] for chosen in islice(product(*choices.values()), BASES)
        ]  # fmt: skip
        return [*found, *bases[1:], *([self._negative(bases[0])] if self.powers and bases else [])]

    def _negative(self, base: Values) -> Values:
        """A base with every number −2 that may be: there it matters whether an exponent is whole."""
        return {name: Fraction(-2) if self.domains[name].name == "Real" and not self.domains[name].sizes else value
                for name, value in base.items()}  # fmt: skip

    def _along(
        self, base: Values, sizes: dict[str, int], free: dict[str, int], fine: bool, but: str = ""
    ) -> Iterator[tuple[int, Values, str]]:
        """Ranked points on the lines through a base, and the variable that moved."""
        fixed = {name: mapped(value, constant) for name, value in base.items()}
        for name, domain in self.domains.items():
            known = [e for e in self.equations if name in e.names]
            if name == but or not known:
                continue
            for line in lines(name, domain, base[name]):
                walker = Walker(Ratios(), self.plan, {**fixed, name: moving(line)}, sizes)
                breaks: set[Fraction] = set()
                ranked: dict[Fraction, int] = {}
                for equation in known:
                    if (id(equation.part), name) in self.hopeless and not fine:
                        continue
                    for choice in self._indices(equation, walker, free):
                        poly = self._solved(equation, walker, choice, name)
                        if poly is None:
                            if fine and equation.rank <= FACTOR and not domain.sizes and self.left > 0:
                                breaks.update(self._crossings(equation, line, base, sizes, choice))
                            continue
                        for t in rational_roots(poly):
                            ranked[t] = min(equation.rank, ranked.get(t, BETWEEN))
                        if equation.rank in (CONDITION, SIDES) and poly.degree() > 0:
                            breaks.update(real_roots(poly))
                for t in between(breaks):
                    ranked.setdefault(t, BETWEEN)
                for t, rank in ranked.items():
                    value = line.at(t)
                    if inside(domain, value, sizes):
                        yield rank, {**base, name: value}, name

    def _indices(self, equation: Equation, walker: Walker, free: dict[str, int]) -> list[dict[str, int]]:
        """Values of the indices around an equation: the first two and the last of each range."""
        needed = self.plan.free(equation.part)
        menus: dict[str, list[int]] = {i: [k] for i, k in free.items() if i in needed}
        walker.indices = dict(free)
        for i, low, high in equation.binders:
            if i not in needed:
                continue
            try:
                first, last = walker.whole(low), walker.whole(high)
            except (Undefined, Undecided):
                first, last = 1, 2
            menus[i] = sorted({k for k in (first, first + 1, last) if first <= k <= last})
        return [dict(zip(menus, chosen, strict=True)) for chosen in islice(product(*menus.values()), MAX_INDICES)]

    def _solved(self, equation: Equation, walker: Walker, indices: dict[str, int], name: str) -> fmpq_poly | None:
        """The polynomial in the unknown whose zeros are those of the equation."""
        if self.left <= 0 or (id(equation.part), name) in self.hopeless:
            return None
        walker.indices = dict(indices)
        walker.turns[0] = 0
        try:
            value = ground(walker.value(equation.part))
        except Undecided:
            self.hopeless.add((id(equation.part), name))
            return None
        except (Undefined, RecursionError):
            return None
        finally:
            self.left -= 1 + walker.turns[0] // 2
        return value.num if type(value) is Ratio else None

    def _crossings(
        self, equation: Equation, line: Line, base: Values, sizes: dict[str, int], indices: dict[str, int]
    ) -> Iterator[Fraction]:
        """Fractions close to the places where machine numbers see the equation change its sign."""
        apart = {n: base[n] for n, d in self.domains.items() if d.name in APART}

        def signs(ts: list[Fraction]) -> list[tuple[Fraction, float]]:
            kept = [(t, value) for t in ts if inside(line.domain, value := line.at(t), sizes)]
            if not kept:
                return []
            names = batch([{**base, line.name: value} for _, value in kept], self.claim.domains)
            try:
                column = ground(Walker(Floats(), self.plan, {**names, **apart}, sizes, indices).value(equation.part))
            except (Undefined, Undecided, ArithmeticError, RecursionError):
                return []
            column = column if type(column) is list else [column] * len(kept)
            return [(t, x) for (t, _), x in zip(kept, column, strict=True) if isfinite(x)]

        self.left -= 20
        seen = signs(ladder(line.domain))
        for (a, u), (b, v) in pairwise(seen):
            if not u * v < 0 or self.left <= 0:
                continue
            self.left -= 20
            for _ in range(REFINED):
                step = (b - a) / PARTS
                here = signs([a + k * step for k in range(PARTS + 1)])
                for (c, x), (d, y) in pairwise(here):
                    if x * y <= 0 and x != y:
                        a, b = c, d
                        break
            yield Fraction(float(a))

    def roots_of_size(self, name: str, other: int) -> set[int]:
        """Sizes at which equations in a size hold, and those next to these, the other sizes being ``other``."""
        sizes = {s: other for s in self.sizes if s != name}
        names: Values = {n: constant(_simple(d, k)) for k, (n, d) in enumerate(self.domains.items()) if not d.sizes}
        names[name] = unknown()
        walker = Walker(Ratios(), self.plan, names, sizes)
        found: set[int] = set()
        for equation in self.equations:
            if name not in equation.names:
                continue
            for choice in self._indices(equation, walker, {i: 1 for i, _ in self.claim.reading.free}):
                poly = self._solved(equation, walker, choice, name)
                for root in real_roots(poly) if poly is not None else ():
                    whole = root.numerator // root.denominator
                    found |= {whole, whole + 1} if root.denominator == 1 else {whole, whole + 1, whole + 2}
        return found


#: How machine numbers close in on a change of sign: rounds, and parts in each.
REFINED, PARTS = 9, 32


def _simple(domain: Domain, k: int) -> Any:
    """A simple number of a domain, another one for another k."""
    if domain.name == "Index":
        return 1
    offers = [x for x in SIMPLE if allowed(domain.kind, x)]
    return offers[(k + 1) % len(offers)]


def _ends(node: Node) -> tuple[Node, ...]:
    """The ends of the range of a binder, with what they are made of."""
    if node.kind in ("sum", "prod", "largest", "smallest", "without"):
        return tuple(p for end in node.args[1:3] for p in parts(end))
    return ()


__all__ = ["Critical"]
