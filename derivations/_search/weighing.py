"""Logarithms weighed: b − a as a sum of s·(w log w − w log v), with weights w read off the coefficients of the logarithms.

A logarithm whose coefficient is a total of weights (1 = Σ p, Σ_j r_ij, u + (1 − u)) is spread over them. To every weight
belongs v = w·Π arg^{−λ/s}, and w log w − w log v − w + v ≥ 0; what remains must be zero or of a decided sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import combinations
from math import lcm

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Scope, sort
from derivations._kernel.order import Order
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, closed, num, opened, subterms, var

from . import settling
from .equation import NotFound
from .factors import factored, in_view, primes, signed
from .finest import Finest
from .groups import Group, Sizes
from .hypotheses import by_hypotheses
from .inequality import POINTWISE
from .looks import never_negative
from .polynomial import TooMany, expand, sum_of, tidy
from .remains import above_zero, nonnegative
from .settling import cancelled
from .trail import OutOfSteps
from .weights import Weight

FAILURES = (NotFound, Refused, IllFormed, OutOfSteps, TooMany, ZeroDivisionError)
MOST_TRIES, MOST_GOOD, MOST_GROUPS = 80, 4, 14
Pair = tuple[Sizes, Term, Term]  #: w and v in indices of these sizes
Sum = tuple[Term, list[tuple[Sizes, Term]], Term]  #: coefficient, addends with their indices, the whole sum


class Weighing(Finest):
    """One attempt at an inequality."""

    def __init__(self, kernel: Kernel, scope: Scope) -> None:
        super().__init__(kernel, scope)
        self._factors: dict[tuple[Sizes, Term], list[tuple[Term, int]]] = {}

    def proof(self, a: Term, b: Term) -> Proof:
        """A proof of a ≤ b."""
        if POINTWISE not in self.kernel.library:
            raise NotFound("the pointwise inequality is not at hand")
        if not never_negative(b - a, self.points):
            raise NotFound("it does not hold at every point")
        normal = self.search.together([b - a], self.scope)[0][0]
        try:
            return self.hoelder(a, b, self.groups(normal, False))
        except FAILURES:
            pass
        with suppress(NotFound):
            return self.tried(a, b, self.finest(self.groups(normal, False)))
        real = any(s.op in ("at", "var") and self._is_real(s, ("Real",)) for s in subterms(normal))
        for linear in (True, False) if real else (False, True):
            groups = self.groups(normal, linear)
            if groups and len(groups) <= MOST_GROUPS and (not linear or self._linear_matters(normal)):
                with suppress(NotFound):
                    return self.tried(a, b, self.bases(groups))
        raise NotFound("no weights were found", normal)

    def tried(self, a: Term, b: Term, bases: Iterable[list[Weight]]) -> Proof:
        """The first weights and scale that prove it; those which fail at a point are passed over."""
        tries = good = 0
        for basis in bases:
            for scale in self.scales(basis):
                tries += 1
                pairs = [(w.sizes, self.product(w), self.value(w, scale)) for w in basis]
                if not never_negative(self.left(a, b, pairs, scale), self.points):
                    continue
                good += 1
                if tries > MOST_TRIES or good > MOST_GOOD:
                    raise NotFound("the budget of weights is spent")
                with suppress(*FAILURES):
                    return self.attempt(a, b, basis, pairs, scale)
        raise NotFound("no weights were found")

    def _linear_matters(self, normal: Term) -> bool:
        return any(s.op in ("at", "var") and self._is_real(s) for s in subterms(normal) if not s.loose or s.op == "at")

    def hoelder(self, a: Term, b: Term, groups: list[Group]) -> Proof:
        """Σ c_i log Σ_k t_ik − c_0 log Σ_k t_0k with w = c_i t_0k/Σ t_0 and v = c_i t_ik/Σ t_i: Hölder's inequality.

        Sums equal to one, whose logarithms nobody writes, take what the coefficients lack.
        """
        if any(g.sizes for g in groups):
            raise NotFound("no logarithms of sums alone")
        found = [(g.term, self.addends(g.argument), g.argument) for g in groups]
        plus = [(c, t, s) for c, t, s in found if self._sign((), c)]
        minus = [(tidy(-c), t, s) for c, t, s in found if self._sign((), tidy(-c))]
        if len(plus) + len(minus) != len(groups) or len(minus) > 1:
            raise NotFound("not Hölder's inequality")
        for above, below in self.hidden(plus, minus):
            pairs: list[Pair] = []
            for c, upper, whole in above:
                if [s for s, _ in upper] != [s for s, _ in below[1]]:
                    break
                c = in_view(c)
                for (sizes, t), (_, t0) in zip(upper, below[1], strict=True):
                    pairs.append((sizes, c * t0 / below[2], c * t / whole))
            else:
                if never_negative(self.left(a, b, pairs, ONE), self.points):
                    return self.bounded(a, b, pairs, ONE)
        raise NotFound("these sums do not prove it")

    def addends(self, s: Term) -> list[tuple[Sizes, Term]]:
        """What a sum adds up, each with its index; a size is a sum of ones."""
        if s.op == "sum":
            return [((s.args[0],), opened(s.args[1], var(self.names[0])))]
        if s.op == "var" and self._domain(s.args[0]) == "Size":
            return [((s,), ONE)]
        return [((), t) for t in s.args] if s.op == "add" else []

    def hidden(self, plus: list[Sum], minus: list[Sum]) -> Iterator[tuple[list[Sum], Sum]]:
        """The sums above and the one below, completed by totals of distributions."""
        c_plus = tidy(sum_of([c for c, _, _ in plus]))
        met = {size for _, upper, _ in (*plus, *minus) for s, _ in upper for size in s}
        ones = [(s, opened(s.args[1], var(self.names[0]))) for s in settling.totals(self.scope) if s.args[0] in met]
        if not minus:
            for s, t in ones:
                yield plus, (c_plus, [((s.args[0],), t)], ONE)
            return
        (below,) = minus
        rest = tidy(below[0] - c_plus)
        if rest == ZERO:
            yield plus, below
            return
        if self._sign((), rest):
            for s, t in ones:
                yield [*plus, (rest, [((s.args[0],), t)], ONE)], below
            for (s, t), (_, t2) in combinations(ones, 2):
                half, sizes = tidy(rest * num(Fraction(1, 2))), (s.args[0],)
                yield [*plus, (half, [(sizes, t)], ONE), (half, [(sizes, t2)], ONE)], below

    def scales(self, basis: list[Weight]) -> list[Term]:
        """How often the pointwise inequality may be used: once, or as often as a logarithm is carried."""
        found = [ONE]
        for w in basis:
            for _, factor in w.carried:
                for s in (factor, tidy(-factor)):
                    if s not in found and self.kernel.order(self.scope).sign(s) == {1}:
                        found.append(s)
        return found + [s for s in (num(2), num(Fraction(1, 2))) if s not in found]

    def value(self, w: Weight, scale: Term) -> Term:
        """w·Π arg^{−λ/s}, simplified."""
        powers: dict[Term, Term] = {}

        def times(t: Term, exponent: Term) -> None:
            for f, e in self.positive_factors(w.sizes, t):
                powers[f] = powers.get(f, ZERO) + exponent * num(e)

        times(w.term, ONE)
        for argument, factor in w.carried:
            exponent = -(factor / scale)
            if argument.op == "exp":
                powers[argument] = powers.get(argument, ZERO) + exponent
            else:
                times(argument, exponent)
        parts = []
        for f, e in powers.items():
            e = tidy(e)
            e = e if e.op == "num" else tidy(cancelled(self.kernel, e))
            if e == ZERO:
                continue
            if f.op == "exp":
                parts.append(Term("exp", tidy(e * f.args[0])))
            else:
                parts.append(f if e == ONE else f**e)
        return parts[0] if len(parts) == 1 else Term("mul", *parts) if parts else ONE

    def positive_factors(self, sizes: Sizes, t: Term) -> list[tuple[Term, int]]:
        """The factors of a term, up to their signs, with exponents."""
        if (sizes, t) not in self._factors:
            order = self.kernel.order(self.inside(sizes))
            c, factors = factored(self.kernel, t)
            self._factors[sizes, t] = [(signed(f, order)[0], e) for f, e in primes(abs(c)) + factors]
        return self._factors[sizes, t]

    def product(self, w: Weight) -> Term:
        """The weight as a product of factors which are not negative."""
        return self.value(Weight(w.sizes, w.term), ONE)

    def attempt(self, a: Term, b: Term, basis: list[Weight], pairs: list[Pair], scale: Term) -> Proof:
        """The proof with these weights and this scale."""
        try:
            return self.bounded(a, b, pairs, scale)
        except (NotFound, Refused):
            zero = [self.vanishing(w) for w in basis]
            if not any(zero):
                raise
            return self.by_cases(a, b, [(w, z, t, v) for w, z, (_, t, v) in zip(basis, zero, pairs, strict=True)], scale)

    def vanishing(self, w: Weight) -> Term | None:
        """An entry in the weight that may be zero."""
        order = self.kernel.order(self.inside(w.sizes))
        entries = {s for s in subterms(w.term) if s.op in ("at", "var") and s.op != "bound" and not s.loose}
        return next((s for s in sorted(entries, key=repr) if self._may_vanish(order, s)), None)

    def _may_vanish(self, order: Order, s: Term) -> bool:
        try:
            return sort(s, order.scope).name == "real" and order.sign(s) == {0, 1}
        except IllFormed:
            return False

    def by_cases(self, a: Term, b: Term, cases: list[tuple[Weight, Term | None, Term, Term]], scale: Term) -> Proof:
        """Every weight with its logarithms is nonnegative by itself: where it is zero, and where it is positive."""
        parts: list[tuple[Term, Proof]] = []
        rest = b - a
        for weight, zero, w, v in cases:
            scope = self.inside(weight.sizes)
            front, entry = (ONE, w) if zero is None else (cancelled(self.kernel, w / zero), zero)
            whole = sum_of([factor * front * Term("xlog", entry, argument, ONE) for argument, factor in weight.carried])
            if zero is None:
                below = self.positive_part(scope, whole, w, v, scale)
            else:
                none, some = scope.assuming(Term("eq", zero, ZERO)), scope.assuming(Term("lt", ZERO, zero))
                put, steps = by_hypotheses(self.kernel, none, whole)
                nothing = settling.chained(settling.rewriting(whole, steps), settling.joined(self.search, none, put, ZERO))
                empty = Proof("weaken", (Proof("symmetry", (nothing or Proof("field", (ZERO, ZERO)),)),))
                below = Proof("zero_or_positive", (zero, empty, self.positive_part(some, whole, w, v, scale)))
            for k in reversed(range(len(weight.sizes))):
                below = above_zero(weight.sizes[k], below)
            rest = rest - self.kernel.derive(below, self.scope).args[1]
            parts.append((ONE, below))
        parts += nonnegative(self.search, self.scope, rest)
        proof = Proof("combine", (a, b, tuple(parts)))
        self.kernel.derive(proof, self.scope)
        return proof

    def positive_part(self, scope: Scope, whole: Term, w: Term, v: Term, scale: Term) -> Proof:
        """0 ≤ w·Σ λ log arg where w is positive."""
        below = Proof("cite", (POINTWISE, (("v", v), ("w", w)), ()))
        rest = whole - scale * self.kernel.derive(below, scope).args[1]
        proof = Proof("combine", (ZERO, whole, ((scale, below), *nonnegative(self.search, scope, rest))))
        got = self.kernel.derive(proof, scope)
        return proof if len(got.args) == 2 and got.op == "le" else Proof("weaken", (proof,))

    def left(self, a: Term, b: Term, pairs: list[Pair], scale: Term) -> Term:
        """What remains of b − a."""
        return b - a - scale * sum_of([self.sum_over(s, Term("xlog", w, w, v) - w + v) for s, w, v in pairs])

    def bounded(self, a: Term, b: Term, pairs: list[Pair], scale: Term) -> Proof:
        """The proof from scale·(w log w − w log v − w + v) ≥ 0 for the given w and v, and what remains."""
        parts: list[tuple[Term, Proof]] = []
        rest, logs = b - a, b - a
        for sizes, w, v in pairs:
            below = Proof("cite", (POINTWISE, (("v", v), ("w", w)), ()))
            for k in reversed(range(len(sizes))):
                below = above_zero(sizes[k], below)
            relation = self.kernel.derive(below, self.scope)
            parts.append((scale, below))
            rest = rest - scale * relation.args[1]
            logs = logs - scale * self.sum_over(sizes, Term("xlog", w, w, v))
        try:
            parts += nonnegative(self.search, self.scope, rest)
        except NotFound:
            parts += self.remainder(rest, logs, [(sizes, scale * (w - v)) for sizes, w, v in pairs])
        proof = Proof("combine", (a, b, tuple(parts)))
        self.kernel.derive(proof, self.scope)
        return proof

    def sum_over(self, sizes: Sizes, t: Term) -> Term:
        """Σ over indices of these sizes."""
        for k in reversed(range(len(sizes))):
            t = Term("sum", sizes[k], closed(t, self.names[k]))
        return t

    def remainder(self, rest: Term, logs: Term, differences: list[tuple[Sizes, Term]]) -> list[tuple[Term, Proof]]:
        """What remains as (b − a − Σ s·w log(w/v)) + Σ s (w − v), term by term."""
        without = self.search.together([logs], self.scope)[0][0]
        bodies: dict[Sizes, list[Term]] = {}
        for sizes, t in differences:
            bodies.setdefault(sizes, []).append(t)
        raw = [without, *(self.sum_over(sizes, sum_of(ts)) for sizes, ts in bodies.items())]
        together = sum_of(raw)
        equal = settling.joined(self.search, self.scope, rest, together)
        parts: list[tuple[Term, Proof]] = [(num(-1), equal)] if equal is not None else []
        if without != ZERO:
            parts += nonnegative(self.search, self.scope, without)
        for sizes, ts in bodies.items():
            below = self.below(self.inside(sizes), sum_of(ts))
            for k in reversed(range(len(sizes))):
                below = above_zero(sizes[k], below)
            self.kernel.derive(below, self.scope)
            parts.append((ONE, below))
        return parts

    def below(self, scope: Scope, t: Term) -> Proof:
        """0 ≤ t in a scope."""
        proof = Proof("combine", (ZERO, t, tuple(nonnegative(self.search, scope, t))))
        got = self.kernel.derive(proof, scope)
        return proof if len(got.args) == 2 and got.op == "le" else Proof("weaken", (proof,))


def by_quotient(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """Σ c log A ≥ 0 because the product of the A with c > 0 is at least that of the others."""
    work = Weighing(kernel, scope)
    if not never_negative(b - a, work.points):
        raise NotFound("it does not hold at every point")
    normal = work.search.together([b - a], scope)[0][0]
    above, below = ONE, ONE
    found = []
    for m, c in expand(normal).items():
        if len(m) != 1 or m[0][1] != 1 or m[0][0].op != "log":
            raise NotFound("not logarithms alone")
        found.append((m[0][0].args[0], c))
    if not 1 < len(found) <= 6:
        raise NotFound("not several logarithms")
    whole = lcm(*(c.denominator for _, c in found))
    for argument, c in found:
        power = argument if abs(c * whole) == 1 else argument ** num(abs(c * whole))
        above, below = (above * power, below) if c > 0 else (above, below * power)
    less = Proof("combine", (below, above, tuple(nonnegative(work.search, scope, above - below))))
    logs = Proof("monotone", ("log", less))
    low, high = kernel.derive(logs, scope).args[:2]
    factor = num(Fraction(1, whole))
    equal = settling.joined(work.search, scope, b - a - factor * (high - low), ZERO)
    proof = Proof("combine", (a, b, ((factor, logs), *([(num(-1), equal)] if equal else []))))
    kernel.derive(proof, scope)
    return proof


def by_weighing(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """a ≤ b by weights."""
    return Weighing(kernel, scope).proof(a, b)


__all__ = ["Weighing", "above_zero", "by_quotient", "by_weighing"]
