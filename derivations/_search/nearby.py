"""Around zero, in one variable: where a term is defined, an interval where it is smooth, and a form that shows both."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope, mentions
from derivations._kernel.terms import BINDERS, LEAVES, ONE, ZERO, IllFormed, Term, constant, num, substitute

from .equation import NotFound
from .normalise import Normaliser, OutOfSteps, rule
from .polynomial import TooMany, tidy
from .trail import Step

FAILURES = (NotFound, Refused, IllFormed, OutOfSteps, TooMany, ZeroDivisionError)
MOST_BOUNDS = 8


class Nearby:
    """One variable that decreases to zero, in one scope."""

    def __init__(self, kernel: Kernel, scope: Scope, x: Term, t: Term) -> None:
        if x.op != "var" or scope.domain(x.args[0]) != Domain("Positive"):
            raise NotFound("a limit is taken in a positive variable")
        self.kernel, self.scope, self.x, self.name = kernel, scope, x, x.args[0]
        self.near = self.neighbourhood(t)
        self.inner = scope.assuming(Term("lt", x, self.near))

    def sign(self, t: Term) -> frozenset[int]:
        """What the sign of a term without the variable may be."""
        return self.kernel.order(self.scope).sign(t)

    def normal(self, t: Term) -> Term:
        """A term without the variable in normal form."""
        return Normaliser(self.kernel).normal(t, self.scope)[0]

    def neighbourhood(self, t: Term) -> Term:
        """A bound below which ``t`` is defined, as far as that is seen."""
        near = ONE
        for _ in range(MOST_BOUNDS):
            missing = self.kernel.order(self.scope.assuming(Term("lt", self.x, near))).undefined(t)
            ends = None if missing is None else self.ends(missing)
            if ends is None:
                break
            bound = -ends[0] / ends[1]
            value = self.kernel.algebra.ratio(bound, ONE)
            near = num(value) if value is not None else self.normal(bound)
            if not self.sign(near) <= {1}:
                return ONE
        return near

    def ends(self, condition: Term) -> tuple[Term, Term] | None:
        """(a, b) where the condition is a + b x > 0 or ≠ 0, b ≠ 0 and neither has the variable in it."""
        if condition.op not in ("lt", "ne", "le"):
            return None
        h = condition.args[1] - condition.args[0] if condition.op != "ne" else condition.args[0] - condition.args[1]
        if (line := self.straight(h)) is None:
            return None
        a, b = line
        if condition.op == "ne" and self.sign(a) == {-1}:
            a, b = self.normal(-a), self.normal(-b)
        return (a, b) if self.sign(b) in ({1}, {-1}) else None

    def straight(self, h: Term) -> tuple[Term, Term] | None:
        """(a, b) where h is a + b x, and neither has the variable in it."""
        try:
            a = self.normal(substitute(h, {self.name: ZERO}))
            b = self.normal(substitute(h, {self.name: ONE}) - a)
            return (a, b) if self.kernel.algebra.equal(h, a + b * self.x) else None
        except FAILURES:
            return None

    def room(self, f: Term) -> tuple[object, ...]:
        """An open interval around zero where ``f`` is smooth in the variable."""
        bounds: list[Term] = []
        others = tuple((n, d) for n, d in self.scope.domains if n != self.name)
        for _ in range(MOST_BOUNDS):
            wide = Scope(others, self.scope.hypotheses).declaring(self.name, Domain("Real")).assuming(*bounds)
            order = self.kernel.order(wide)
            missing = order.undefined(f) or order.rough(f, self.name)
            if missing is None:
                return ("Real", *bounds)
            new = self.bound(missing)
            if new is None or new in bounds:
                break
            bounds.append(new)
        raise NotFound("no interval around zero was found where the function is smooth", f)

    def bound(self, missing: Term) -> Term | None:
        """A bound of the variable which gives what is missing, and holds at zero."""
        ends = self.ends(missing)
        if ends is not None and all(constant(e) is not None for e in ends):
            a, b = ends
            bound, rising = self.normal(-a / b), self.sign(b) == {1}
            holds = self.sign(bound) == {-1 if rising else 1}
            return (Term("lt", bound, self.x) if rising else Term("lt", self.x, bound)) if holds else None
        if missing.op not in ("lt", "ne", "le"):
            return None
        h = missing.args[1] - missing.args[0]
        if (line := self.straight(h)) is None:
            return None
        sign = self.sign(line[0])
        if sign not in ({1}, {-1}) or (sign == {-1} and missing.op != "ne"):
            return None
        if missing.op == "lt" and missing.args[0] == ZERO:
            return missing
        return Term("lt", ZERO, h) if sign == {1} else Term("lt", h, ZERO)

    def defined(self, t: Term) -> None:
        """Refuse what is not seen to be defined near zero."""
        if (missing := self.kernel.order(self.inner).undefined(t)) is not None:
            raise NotFound("not seen to be defined near the point", missing)

    # ---- a form that shows more

    def plain(self, t: Term) -> Term:
        """``t`` expanded at every depth, by the laws of a field; a + bx as b·(a/b + x) where a sign is asked for."""
        if t.op in LEAVES or not t.children or t.op in ("at", "delta", "of", "deriv", "app"):
            return t
        new = tidy(t.rebuild(tuple(self.plain(c) for c in t.children)))
        if new.op == "pow" and new.args[1] == ZERO:
            return ONE
        fractional = new.op == "pow" and ((n := constant(new.args[1])) is None or n.denominator != 1 or n < 0)
        if (new.op == "log" or fractional) and not new.loose and mentions(new.args[0], self.name):
            return Term(new.op, self.scaled(new.args[0]), *new.args[1:])
        return new

    def scaled(self, h: Term) -> Term:
        ends = self.ends(Term("lt", ZERO, h))
        if ends is None or constant(ends[1]) is not None:
            return h
        a, b = ends
        if self.sign(b) == {1}:
            return b * (self.normal(a / b) + self.x)
        b = self.normal(-b)
        return b * (self.normal(a / b) - self.x)

    def without_cases(self, t: Term) -> tuple[Term, list[Step]]:
        """``t`` with absolute values and maxima replaced where a sign decides them."""
        steps: list[Step] = []
        if t.op in LEAVES or t.op in BINDERS or t.op in ("at", "delta", "of", "deriv", "app") or not mentions(t, self.name):
            return t, steps
        for k, child in enumerate(t.args):
            new, inner = self.without_cases(child)
            steps += [((k, *path), by, times, to) for path, by, times, to in inner]
            t = Term(t.op, *t.args[:k], new, *t.args[k + 1 :])
        decided = self.decided(t)
        if decided is not None:
            steps.append(((), decided[0], ONE, decided[1]))
            t = decided[1]
        return t, steps

    def decided(self, t: Term) -> tuple[Proof, Term] | None:
        order = self.kernel.order(self.inner)
        if t.op == "abs":
            (a,) = t.args
            if order.sign(a) <= {0, 1}:
                return rule("absolute value", a=a), a
            if order.sign(a) <= {0, -1}:
                turned = Proof("symmetry", (rule("absolute value of the opposite", a=a),))
                return Proof("chain", (turned, rule("absolute value", a=-a))), -a
        if t.op == "max":
            a, b = t.args
            if order.holds(Term("le", b, a)):
                return rule("the larger of two", a=a, b=b), a
            if order.holds(Term("le", a, b)):
                turned = Proof("field", (t, Term("max", b, a)))
                return Proof("chain", (turned, rule("the larger of two", a=b, b=a))), b
        return None


__all__ = ["FAILURES", "Nearby"]
