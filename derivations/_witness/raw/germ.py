"""How a formula behaves as t → ∞: finitely many terms c·t^m·log(t)^l·e^P(t), and a bound on what was left out for t ≥ R.

Coefficients are exact forms (:mod:`.exact`), so what cancels is known to cancel. The bound is rigorous on all of
[R, ∞): limits, tails of integrals and singular ends are decided by it, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import Any

from flint import arb, fmpq

from ..jets import TooLarge, Undecided
from .exact import UNIT, Form
from .fields import Field, ground
from .growth import EXACT, FASTER, ONE_KEY, Bounds, Key, Rest, ball, form_sign, growth, times

#: Terms kept of a germ, and steps which the integrals and limits of one claim may take together.
MAX_TERMS, MAX_EFFORT = 80, 40_000


class Germ:
    """Exact terms, and a bound C·|key| on the rest."""

    __slots__ = ("rest", "terms")

    def __init__(self, terms: dict[Key, Form], rest: Rest = None) -> None:
        self.terms, self.rest = terms, rest


class Germs(Bounds, Field):
    """The arithmetic of germs, on [R, ∞)."""

    def __init__(self, start: arb, orders: int, effort: list[int]) -> None:
        super().__init__(start)
        self.orders, self.effort = orders, effort
        self.zero, self.one = Germ({}), Germ({ONE_KEY: EXACT.one})

    def number(self, x: Fraction | int) -> Germ:
        return Germ({ONE_KEY: EXACT.number(x)} if x else {})

    def constant(self, form: Form) -> Germ:
        """A constant."""
        return Germ({ONE_KEY: form} if form else {})

    def variable(self, power: int = 1) -> Germ:
        """t, or a power of it."""
        return Germ({Key(Fraction(power)): EXACT.one})

    def pi(self) -> Germ:
        """π."""
        return self.constant(EXACT.pi())

    def infinity(self) -> Germ:
        """+∞ is no germ."""
        raise Undecided("∞ in a limit or an integral")

    def tail(self, a: Germ) -> arb:
        """An enclosure of ∫ a from R to ∞: powers and logarithms are integrated, the rest is bounded."""
        total, slack = arb(0), arb(0)
        for key, form in a.terms.items():
            if key.p or key.l < 0:
                slack += abs(ball(form)) * self.area(key)
            else:
                total += ball(form) * self.area(key)
        if a.rest is not None:
            slack += a.rest[0] * self.area(a.rest[1])
        return total + arb(0, slack.upper())

    def sizes(self, a: Germ) -> list[tuple[arb, Key]]:
        """Bounds of all parts."""
        found = [(arb(ball(form).abs_upper()), key) for key, form in a.terms.items()]
        return found if a.rest is None else [*found, a.rest]

    # Arithmetic.

    def add_(self, a: Germ, b: Germ) -> Germ:
        terms = dict(a.terms)
        for key, form in b.terms.items():
            total = EXACT.add_(terms.get(key, {}), form)
            terms[key] = total
        kept = {k: f for k, f in terms.items() if f}
        return Germ(kept, self.over([r for r in (a.rest, b.rest) if r is not None]))

    def mul_(self, a: Germ, b: Germ) -> Germ:
        terms: dict[Key, Form] = {}
        self.effort[0] += sum(map(len, a.terms.values())) * sum(map(len, b.terms.values()))
        if self.effort[0] > MAX_EFFORT:
            raise TooLarge("an expansion takes too many steps")
        for k, f in a.terms.items():
            for h, g in b.terms.items():
                key = times(k, h)
                terms[key] = EXACT.add_(terms.get(key, {}), EXACT.mul_(f, g))
        bounds: list[tuple[arb, Key]] = []
        if b.rest is not None:
            bounds += [(c * b.rest[0], times(k, b.rest[1])) for c, k in self.sizes(a)]
        if a.rest is not None:
            bounds += [(c * a.rest[0], times(k, a.rest[1])) for c, k in self.sizes(Germ(b.terms))]
        return self._kept(Germ({k: f for k, f in terms.items() if f}, self.over(bounds)))

    def _kept(self, a: Germ) -> Germ:
        if len(a.terms) > MAX_TERMS:
            raise Undecided("an expansion of too many terms")
        return a

    def scaled(self, a: Germ, form: Form, key: Key) -> Germ:
        """``a`` times one exact term."""
        return self.mul_(a, Germ({key: form}))

    def led(self, a: Germ) -> tuple[Key, Form, Germ]:
        """The leading term of ``a``, and δ with a = term·(1 + δ), where δ → 0 and |δ| ≤ 1/2."""
        if not a.terms:
            raise Undecided("no leading term")
        top = max(a.terms, key=FASTER)
        form = a.terms[top]
        others = Germ({k: f for k, f in a.terms.items() if k != top}, a.rest)
        delta = self.scaled(others, EXACT.inverse_(form), times(ONE_KEY, top, Fraction(-1)))
        return top, form, self.small(delta)

    def small(self, delta: Germ) -> Germ:
        """``delta``, which certainly goes to 0 and stays within 1/2."""
        parts = self.sizes(delta)
        if any(growth(k) >= 0 for _, k in parts) or not sum((c * self.highest(k) for c, k in parts), arb(0)) <= fmpq(1, 2):
            raise Undecided("a part that does not go to 0, or not yet")
        return delta

    def series(self, delta: Germ, coefficients: Sequence[Fraction], beyond: int) -> Germ:
        """Σ c_j δ^j, with a remainder of at most beyond·|δ|^orders."""
        whole = self.over(self.sizes(delta))
        result = self.number(coefficients[0])
        if whole is None:
            return result
        c, key = whole
        limit = ONE_KEY
        for _ in range(self.orders):
            limit = times(limit, key)
        power = self.one
        for x in coefficients[1:]:
            power = self._cut(self.mul_(power, delta), limit)
            result = self.add_(result, self.mul_(self.number(x), power))
        return self.add_(result, Germ({}, (beyond * c**self.orders, limit)))

    def _cut(self, a: Germ, limit: Key) -> Germ:
        """``a`` with what is smaller than ``limit`` put into the bound."""
        kept = {k: f for k, f in a.terms.items() if growth(times(k, limit, Fraction(-1))) > 0}
        gone = [(arb(ball(f).abs_upper()), k) for k, f in a.terms.items() if k not in kept]
        return Germ(kept, self.over(gone if a.rest is None else [*gone, a.rest]))

    def inverse_(self, a: Germ) -> Germ:
        key, form, delta = self.led(a)
        signs = [Fraction((-1) ** j) for j in range(self.orders)]
        return self.scaled(self.series(delta, signs, 2), EXACT.inverse_(form), times(ONE_KEY, key, Fraction(-1)))

    def log_(self, a: Germ) -> Germ:
        key, form, delta = self.led(a)
        if form_sign(form) <= 0:
            raise Undecided("the logarithm of a negative number")
        if key.l:
            raise Undecided("the logarithm of a logarithm")
        terms = {Key(d): dict(c) for d, c in key.p}
        if key.m:
            terms[Key(l=1)] = EXACT.number(key.m)
        constant = EXACT.log_(form)
        if constant:
            terms[ONE_KEY] = constant
        return self.add_(Germ(terms), self._log1p(delta))

    def _log1p(self, delta: Germ) -> Germ:
        return self.series(delta, [Fraction(0), *(Fraction((-1) ** (j + 1), j) for j in range(1, self.orders))], 2)

    def exp_(self, a: Germ) -> Germ:
        m, p, constant, small = Fraction(0), {}, EXACT.zero, {}
        for key, form in a.terms.items():
            if key == ONE_KEY:
                constant = form
            elif growth(key) < 0:
                small[key] = form
            elif key == Key(l=1) and set(form) == {UNIT}:
                m = form[UNIT]
            elif not key.l and not key.p:
                p[key.m] = form
            else:
                raise Undecided("an exponent which grows too fast")
        key = Key(m, 0, frozenset((d, frozenset(f.items())) for d, f in p.items()))
        delta = self.small(Germ(small, a.rest))
        coefficients = [Fraction(1, factorial(j)) for j in range(self.orders)]
        return self.scaled(self.series(delta, coefficients, 1), EXACT.exp_(constant), key)

    def power_(self, a: Germ, r: Germ) -> Germ:
        form = r.terms.get(ONE_KEY, {})
        if r.rest is not None or set(r.terms) - {ONE_KEY} or set(form) - {UNIT}:
            return self.exp_(self.mul_(r, self.log_(a)))
        x = form.get(UNIT, Fraction(0))
        if x.denominator == 1 and 0 <= x <= 12:
            result: Germ = self.one
            for _ in range(int(x)):
                result = self.mul_(result, a)
            return result
        if not a.terms and a.rest is None and x > 0:
            return Germ({})
        key, lead, delta = self.led(a)
        if x.denominator > 1 and form_sign(lead) <= 0:
            raise Undecided("a broken power of a negative number")
        factor = self.exp_(self.mul_(self.number(x), self._log1p(delta)))
        return self.scaled(factor, EXACT.power_(lead, form), times(ONE_KEY, key, x))

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        if type(w) is Germ and not w.terms and w.rest is None:
            return self.zero
        return super().weighted_log(w, a, b)

    def sign(self, a: Any) -> int:
        a = ground(a)
        if not a.terms and a.rest is None:
            return 0
        key, form, _ = self.led(a)
        return form_sign(form) * (1 if self.log_start > 0 or key.l % 2 == 0 else -1)


__all__ = ["MAX_EFFORT", "Germ", "Germs"]
