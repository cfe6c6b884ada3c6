"""Growths that vanish: x^r, x^r log x and x^r e^{−c x^w} by the rules, others by products of these and by a bound."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.check import Proof
from derivations._kernel.terms import ONE, ZERO, Term, num

from .continuity import LINE, Continuity, Known, Parts
from .equation import NotFound
from .magnitude import Growth
from .normalise import rule
from .polynomial import tidy


class Vanishing(Continuity):
    """Growths that vanish as the variable decreases to zero."""

    def vanishing(self, growth: Growth) -> Known:
        """The limit 0 of a growth that vanishes, by the rules."""
        x, r, k = self.x, growth.exponent, growth.k
        if growth.direction(self.kernel, self.scope) >= 0 or k < 0:
            raise NotFound("no rule for the limit of this growth", growth.term(x))
        parts: Parts = {}
        if growth.exponents:
            f = self.slot(parts, self.exponentially(tidy(r - num(k)), growth.exponents), LINE)
            r = num(k)
        elif k:
            f = ONE
        else:
            return self.by_rule("limit of a power", {"r": r, "x": x})
        if k:
            log = self.by_rule("limit of a power times a logarithm", {"r": tidy(r * num(Fraction(1, k))), "x": x})
            f = f * self.slot(parts, log, LINE) ** num(k)
        return self.through(f, parts) if k else next(iter(parts.values()))[1]

    def exponentially(self, r: Term, exponents: tuple[tuple[Fraction, Term], ...]) -> Known:
        """x^r e^{−c x^w} → 0; also x^r e^{−c x^w + b x^{w/2}}, which is at most x^r e^{−c x^w/2} e^{b²/2c}."""
        (w, c), *rest = exponents
        c = self.normal(-c)
        if not rest:
            return self.by_rule("limit of a power times an exponential", {"r": r, "x": self.x, "c": c, "w": num(w)})
        if len(rest) > 1 or rest[0][0] * 2 != w or rest[0][0].denominator != 1:
            raise NotFound("no rule for the limit of this growth", Growth(exponents=exponents, s=r).term(self.x))
        b, root, two = rest[0][1], self.x ** num(rest[0][0]), num(2)
        half = c / two
        simple = self.by_rule("limit of a power times an exponential", {"r": r, "x": self.x, "c": half, "w": num(w)})
        power, small = simple.term.args
        high = Term("exp", b**two / (two * c))
        bound = high * simple.term
        g, g1 = -(c * root**two) + b * root, b**two / (two * c) + small.args[0]
        t = power * Term("exp", g)
        square = Proof("sign", (half * (root - b / c) ** two,))
        grows = Proof("monotone", ("exp", Proof("combine", (g, g1, ((ONE, square),)))))
        apart = rule("exponential of a sum", a=g1.args[0], b=g1.args[1])
        upper = Proof("combine", (t - ZERO, bound, ((power, Proof("chain", (grows, apart))),)))
        lower = Proof("combine", (-bound, t - ZERO, ((ONE, Proof("sign", (t,))), (ONE, Proof("sign", (bound,))))))
        vanishes = Proof("multiple_of_limit", (high, simple.proof))
        return self.known(t, ZERO, Proof("squeeze", (t, self.x, ZERO, bound, ONE, lower, upper, vanishes)))

    def by_rule(self, name: str, values: dict[str, Term]) -> Known:
        proof = rule(name, **values)
        statement = self.kernel.derive(proof, self.scope)
        return self.known(statement.args[0], ZERO, proof)


__all__ = ["Vanishing"]
