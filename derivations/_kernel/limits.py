"""Infinite values, limits and integrals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .domains import REAL, REAL_LINE, STATEMENT, Domain, Scope, mentions, sort
from .order import NONNEGATIVE, POSITIVE
from .proof import Proof, refuse
from .slopes import OPEN, Slopes
from .terms import ONE, ZERO, Term, num, substitute, var


class Limits(Slopes):
    """Principles of passing to a limit."""

    def infinity(self, scope: Scope, t: Term) -> Term:
        """A sum of terms, none −∞, is +∞ when one of them is: w log(a/0) and −w log(0/b) are, for w, a, b > 0."""
        if sort(t, scope) != REAL or not self.order(scope).infinite(1, t):
            refuse("not decided to be +∞", t)
        return Term("infinite", t)

    def squeeze(
        self, scope: Scope, t: Term, x: Term, v: Term, bound: Term, near: Term, lower: Proof, upper: Proof, limit: Proof
    ) -> Term:
        """t → v when −bound ≤ t − v ≤ bound for 0 < x < near, and bound → 0."""
        if self.derive(limit, scope) != Term("tends", bound, x, ZERO, ZERO):
            refuse("the bound does not tend to zero", bound)
        if mentions(v, x.args[0]) or mentions(near, x.args[0]) or any(mentions(h, x.args[0]) for h in scope.hypotheses):
            refuse("the limit may not depend on the variable", v)
        self.defined(scope, near)
        if not self.order(scope).sign(near) <= POSITIVE:
            refuse("the neighbourhood is empty", near)
        inner = scope.assuming(Term("lt", x, near))
        for proof, ends in ((lower, (-bound, t - v)), (upper, (t - v, bound))):
            s = self.relation(proof, inner)
            if s.args[:2] != ends:
                refuse("another inequality is needed", s)
        return Term("tends", t, x, ZERO, v)

    def multiple_of_limit(self, scope: Scope, c: Term, proof: Proof) -> Term:
        """a → v gives c·a → c·v for a constant c."""
        s = self.relation(proof, scope, "tends")
        self.defined(scope, c)
        if mentions(c, s.args[1].args[0]):
            refuse("the factor depends on the variable", c)
        return Term("tends", c * s.args[0], s.args[1], s.args[2], ZERO if s.args[3] == ZERO else c * s.args[3])

    def limit_through(self, scope: Scope, f: Term, parts: tuple[tuple[Term, Proof, Any], ...]) -> Term:
        """u → v and f smooth around v give f(u) → f(v); so too for several u at once.

        A part (y, proof, room) says which variable of f stands for u, that u → v, and the open interval where y lies.
        """
        inner = scope
        for y, _, (domain, *_) in parts:
            inner = inner.declaring(y.args[0], Domain(domain))
        limits = [self.relation(proof, scope, "tends") for _, proof, _ in parts]
        x = limits[0].args[1]
        if any(s.args[1] != x for s in limits) or mentions(f, x.args[0]) or self._about(scope, x):
            refuse("the limits are taken in another variable", f)
        ends = {y.args[0]: s.args[3] for (y, *_), s in zip(parts, limits, strict=True)}
        rooms, points = {y: r for y, _, r in parts}, {y: (ends[y.args[0]],) for y, *_ in parts}
        self.smooth(self.room(inner, points, rooms), f, *rooms)
        whole = {y.args[0]: s.args[0] for (y, *_), s in zip(parts, limits, strict=True)}
        return Term("tends", substitute(f, whole), x, ZERO, substitute(f, ends))

    def limit_of_equal(self, scope: Scope, near: Term, equal: Proof, limit: Proof) -> Term:
        """What equals a for 0 < x < near has the limit of a; equal limits may be put for equals."""
        s = self.relation(limit, scope, "tends")
        x = s.args[1]
        self.defined(scope, near)
        if mentions(near, x.args[0]) or self._about(scope, x) or not self.order(scope).sign(near) <= POSITIVE:
            refuse("not a neighbourhood of zero", near)
        e = self.relation(equal, scope.assuming(Term("lt", x, near)), "eq")
        return Term("tends", e.args[0], *s.args[1:]) if e.args[1] == s.args[0] else refuse("another function", e, s)

    def limit_value(self, scope: Scope, limit: Proof, equal: Proof) -> Term:
        """a → v, or ∫ a = v, and v = w: so a → w, or ∫ a = w."""
        s, e = self.relation(limit, scope, "tends", "integrates"), self.relation(equal, scope, "eq")
        if e.args[0] != s.args[-1] or mentions(e.args[1], s.args[1].args[0]):
            refuse("another value", s, e)
        return Term(s.op, *s.args[:-1], e.args[1])

    def adjacent(self, scope: Scope, left: Proof, right: Proof) -> Term:
        """The integrals from l to m and from m to h add up to the one from l to h."""
        s, t = (self.relation(p, scope, "integrates") for p in (left, right))
        if s.args[:2] != t.args[:2] or s.args[3] != t.args[2] or s.args[3] in REAL_LINE:
            refuse("the integrals do not join", s, t)
        return Term("integrates", *s.args[:3], t.args[3], s.args[4] + t.args[4])

    def quotient_of_slopes(
        self, scope: Scope, f: Term, g: Term, x: Term, near: Term, room: Any, zeros: tuple[Proof, Proof],
        slopes: tuple[Proof, Proof], sign: Proof, limit: Proof,
    ) -> Term:  # fmt: skip
        """f/g → v when f(0) = g(0) = 0, g′ has one sign for 0 < x < near, and f′/g′ → v; f and g smooth around 0."""
        if sort(x, scope) != REAL or scope.domain(x.args[0]) != Domain("Positive") or self._about(scope, x):
            refuse("a limit is taken in a positive variable", x)
        self.defined(scope, near)
        if mentions(near, x.args[0]) or not self.order(scope).sign(near) <= POSITIVE:
            refuse("not a neighbourhood of zero", near)
        inner, name = scope.assuming(Term("lt", x, near)), x.args[0]
        wide = self.room(inner, {x: (x, ZERO)}, {x: room})
        for t, zero in zip((f, g), zeros, strict=True):
            self.smooth(wide, t, x)
            if self.relation(zero, scope, "eq") != Term("eq", substitute(t, {name: ZERO}), ZERO):
                refuse("it should be zero at zero", t)
        (df, f1), (dg, g1) = (self.relation(p, inner, "eq").args for p in slopes)
        if (df, dg) != (Term("deriv", f, x), Term("deriv", g, x)):
            refuse("the derivative of another function", df, dg)
        if self.relation(sign, inner, "lt").args not in ((ZERO, g1), (g1, ZERO)):
            refuse("the derivative below has no sign", g1)
        s = self.relation(limit, scope, "tends")
        if s != Term("tends", f1 / g1, x, ZERO, s.args[3]):
            refuse("the limit of another quotient", s, f1 / g1)
        return Term("tends", f / g, x, ZERO, s.args[3])

    def _about(self, scope: Scope, x: Term) -> bool:
        return any(mentions(h, x.args[0]) for h in scope.hypotheses)

    def integral(
        self, scope: Scope, t: Term, f: Term, bell: tuple[Term, ...], equation: Proof, ends: tuple[Proof, ...]
    ) -> Term:
        """∫ (f′ + c·e^{−a(x−m)²}) = f(h) − f(l) + c·√(π/a), f(l) and f(h) as limits; c ≠ 0 on the whole line only.

        ``bell`` is (c, a, m), or () for c = 0. The ends are proofs of limits as s ↓ 0, of f(l + s) and of f(h − s); for
        an infinite end, of f(∓1/s). The variable s has the fresh name of the scope.
        """
        if t.op != "integrates" or sort(t, scope) != STATEMENT:
            refuse("not the value of an integral", t)
        body, x, low, high, value = t.args
        if self._about(scope, x) or scope.domain(x.args[0]).name not in OPEN:
            refuse("the variable of an integral ranges over an open interval", x)
        order, inner = self.order(scope), scope
        for end, away in ((low, Term("lt", low, x)), (high, Term("lt", x, high))):
            if end in REAL_LINE:
                continue
            self.defined(scope, end)
            inner = inner.assuming(away)
        (minus, plus), domain = REAL_LINE, scope.domain(x.args[0])
        if low == plus or high == minus or (low != minus and high != plus and not order.holds(Term("lt", low, high))):
            refuse("the lower end is not seen to be the smaller one", low, high)
        if (domain.kind.low is not None and (low == minus or not order.sign(low) <= NONNEGATIVE)) or (
            domain.kind.high is not None and (high == plus or not order.sign(ONE - high) <= NONNEGATIVE)
        ):
            refuse("the variable ranges over less than the interval", x)
        whole, area = Term("deriv", f, x), ZERO
        if bell:
            c, a, m = bell
            self.defined(scope, *bell)
            if any(mentions(s, x.args[0]) for s in bell) or (low, high) != (minus, plus) or not order.sign(a) <= POSITIVE:
                refuse("not a bell curve over the whole line", *bell[:2])
            whole = whole + c * Term("exp", -(a * (x - m) ** num(2)))
            area = c * (Term("const", "pi") / a) ** num(Fraction(1, 2))
        if self.relation(equation, inner, "eq") != Term("eq", body, whole):
            refuse("the derivative is not the integrand", body, whole)
        s = var(scope.fresh())
        outer, found = scope.declaring(s.args[0], Domain("Positive")), []
        for end, proof in zip((low, high), ends, strict=True):
            point = (-ONE if end == minus else ONE) / s if end in REAL_LINE else end + s if end == low else end - s
            got = self.relation(proof, outer, "tends")
            if got.args[:3] != (substitute(f, {x.args[0]: point}), s, ZERO):
                refuse("the limit of something else at an end", got.args[0], point)
            found.append(got.args[3])
        self.defined(scope, value, *found, area)
        self.same("the integral has another value", value, found[1] - found[0] + area)
        return t


__all__ = ["Limits"]
