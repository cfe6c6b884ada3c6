"""Antiderivatives by undetermined coefficients, with SymPy for what is left; all are proposals, never facts.

A normal integrand is a sum of c·x^k (log h)^j e^{q(x)} with h linear and q a polynomial of degree 2 at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb
from typing import Any

from derivations._kernel.check import Kernel
from derivations._kernel.domains import Domain, Scope, mentions
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, constant, num, substitute, subterms

from .equation import NotFound
from .magnitude import split
from .nearby import FAILURES
from .normalise import Normaliser
from .polynomial import TooMany, expand, monomial, product_of, sum_of, tidy
from .roots import rooted

Coefficients = dict[Fraction, Term]  #: the coefficient of each power of x
Row = tuple[Coefficients, tuple[Term, int] | None, Term, Fraction, Term]
MOST_DEGREE, MOST_OPERATIONS = 12, 40


@dataclass
class Family:
    """Σ c_k x^{k+s} · (log h)^j · e^{q(x)}; ``log`` is (h, j) or None; s is no number, or zero."""

    q: Coefficients
    log: tuple[Term, int] | None
    s: Term = ZERO
    powers: Coefficients = field(default_factory=dict)


@dataclass(frozen=True)
class Primitive:
    """∫ body = f, but for the bell curve c·e^{−a(x−m)²}; ``bell`` is (c, a, m), or () if there is none."""

    f: Term
    bell: tuple[Term, ...] = ()


class Antiderivatives:
    """Proposals for the antiderivative of a body in one variable."""

    def __init__(self, kernel: Kernel, scope: Scope, x: Term) -> None:
        self.kernel, self.scope, self.x, self.name = kernel, scope, x, x.args[0]

    def normal(self, t: Term) -> Term:
        """``t`` in normal form."""
        return Normaliser(self.kernel).normal(t, self.scope)[0]

    def rooted(self, t: Term) -> Term:
        """``t`` in the strong normal form."""
        return rooted(self.kernel, self.scope, t)

    def proposals(self, body: Term) -> Iterator[Primitive]:
        """Antiderivatives to be tried: our own first, SymPy's of the whole last."""
        yield from self.own(body)
        for h, a, b in self.lines(body):
            others = tuple((n, Domain("Positive") if n == self.name else d) for n, d in self.scope.domains)
            scope = Scope(others, tuple(s for s in self.scope.hypotheses if not mentions(s, self.name)))
            shifted = substitute(body, {self.name: (self.x - a) / b}) / b
            for primitive in Antiderivatives(self.kernel, scope, self.x).own(shifted):
                if not primitive.bell:
                    yield Primitive(substitute(primitive.f, {self.name: h}))
        yield Primitive(self.asked(body))

    def lines(self, body: Term) -> Iterator[tuple[Term, Term, Term]]:
        """(h, a, b): the positive h = a + b x whose powers stand in a body with exponents that are no whole numbers."""
        for t in dict.fromkeys(s for s in subterms(body) if s.op == "pow" and s.args[0] != self.x):
            h, e = t.args
            whole = (n := constant(e)) is not None and n.denominator == 1
            if whole or mentions(e, self.name) or not mentions(h, self.name) or (line := self.line(h)) is None:
                continue
            if self.kernel.order(self.scope).sign(h) <= {1}:
                yield h, *line

    def own(self, body: Term) -> Iterator[Primitive]:
        """Antiderivatives of powers, logarithms and exponentials."""
        for form in (self.normal, self.rooted):
            try:
                families, rest = self.families(form(body))
                parts = [self.primitive(family) for family in families]
                if rest != ZERO:
                    parts.append(Primitive(self.asked(rest)))
            except FAILURES:
                continue
            bells = [p.bell for p in parts if p.bell]
            if len(bells) < 2:
                yield Primitive(sum_of([p.f for p in parts if p.f != ZERO]), bells[0] if bells else ())

    # ---- the integrand, taken apart

    def families(self, normal: Term) -> tuple[list[Family], Term]:
        """The families of the integrand, and what belongs to none."""
        found: list[Family] = []
        rest: list[Term] = []
        for m, c in expand(normal).items():
            row = self.row(dict(m), c)
            if row is None:
                rest.append(product_of(m, c))
                continue
            q, log, s, power, coefficient = row
            for family in found:
                if family.log == log and family.s == s and self.same(family.q, q):
                    break
            else:
                family = Family(q, log, s)
                found.append(family)
            family.powers[power] = tidy(family.powers[power] + coefficient) if power in family.powers else coefficient
        return found, sum_of(rest)

    def same(self, p: Coefficients, q: Coefficients) -> bool:
        return set(p) == set(q) and all(self.kernel.algebra.equal(p[k], q[k]) for k in p)

    def row(self, factors: dict[Term, int], c: Fraction) -> Row | None:
        """(q, log, the part of the power of x that is no number, its other part, coefficient) of one monomial."""
        q: Coefficients = {}
        log, power, constants, exponent = None, Fraction(0), {}, ZERO
        for f, e in factors.items():
            base, r = (f.args[0], constant(f.args[1])) if f.op == "pow" else (f, Fraction(1))
            if not mentions(f, self.name):
                constants[f] = e
            elif base == self.x and r is not None:
                power += r * e
            elif f.op == "pow" and base == self.x and not mentions(f.args[1], self.name):
                exponent = exponent + num(e) * f.args[1]
            elif base.op == "exp" and r is not None:
                for n, d in expand(base.args[0]).items():
                    inside = dict(n)
                    if inside.pop(Term("log", self.x), 0) == 1 and not any(mentions(g, self.name) for g in inside):
                        exponent = exponent + product_of(monomial(inside), d * r * e)
                        continue
                    inside = dict(n)
                    degree = Fraction(inside.pop(self.x, 0))
                    front = product_of(monomial(inside), d * r * e)
                    if mentions(front, self.name) or not 0 <= degree <= 2:
                        return None
                    q[degree] = tidy(q.get(degree, ZERO) + front)
            elif f.op == "log" and log is None and e > 0 and (e == 1 or f.args[0] == self.x):
                log = (f.args[0], e)
            else:
                return None
        kept = {k: d for k, d in q.items() if not self.kernel.algebra.equal(d, ZERO)}
        more, s = split(exponent)
        return kept, log, s, power + more, product_of(monomial(constants), c)

    # ---- one family at a time

    def primitive(self, family: Family) -> Primitive:
        """The antiderivative of a family."""
        degree = max(family.q, default=Fraction(0))
        if family.s != ZERO:
            if degree or (family.log is not None and family.log[0] != self.x):
                raise NotFound("a power that is no number stands with a power of the variable and of its logarithm only")
            f = self.times_log(family.powers, family.log[1] if family.log else 0, family.s)
            return Primitive(f * self.exponential(family.q))
        if family.log is not None:
            if degree:
                raise NotFound("a logarithm times an exponential has no antiderivative among these")
            h, j = family.log
            f = self.times_log(family.powers, j) if h == self.x else self.times_log_of(family.powers, h)
            return Primitive(f * self.exponential(family.q))
        if degree == 0:
            return Primitive(self.times_log(family.powers, 0) * self.exponential(family.q))
        top = max(family.powers)
        if any(k.denominator != 1 or not 0 <= k <= MOST_DEGREE for k in family.powers):
            raise NotFound("only whole powers of the variable stand with an exponential")
        return self.times_exponential(family, int(top)) if degree == 1 else self.times_bell(family, int(top))

    def exponential(self, q: Coefficients) -> Term:
        """e^{q(x)}."""
        terms = [c if not k else c * (self.x if k == 1 else self.x ** num(k)) for k, c in sorted(q.items())]
        return Term("exp", sum_of(terms)) if terms else ONE

    def power(self, k: Fraction) -> Term:
        return ONE if not k else self.x if k == 1 else self.x ** num(k)

    def polynomial(self, coefficients: Coefficients) -> Term:
        terms = [c if not k else c * self.power(k) for k, c in sorted(coefficients.items()) if c != ZERO]
        return sum_of(terms)

    def times_log(self, powers: Coefficients, j: int, s: Term = ZERO) -> Term:
        """Σ c x^{k+s} (log x)^j, by parts j times."""
        log, terms = Term("log", self.x), []
        for k, c in powers.items():
            if s != ZERO:
                terms.append(self.by_parts(tidy(num(k + 1) + s), c, j))
                continue
            if k == -1:
                terms.append(c * log ** num(j + 1) * num(Fraction(1, j + 1)) if j else c * log)
                continue
            scale = Fraction(1)
            for i in range(j, -1, -1):
                scale = scale / (k + 1) if i == j else -scale * (i + 1) / (k + 1)
                terms.append(tidy(num(scale) * c * self.power(k + 1) * (log ** num(i) if i else ONE)))
        return sum_of(terms)

    def by_parts(self, e: Term, c: Term, j: int) -> Term:
        """c x^{e−1} (log x)^j for an e that is no number, and not zero."""
        if 0 in self.kernel.order(self.scope).sign(e):
            raise NotFound("an exponent may be −1", e)
        log, scale, terms = Term("log", self.x), ONE / e, []
        for i in range(j, -1, -1):
            scale = scale if i == j else -scale * num(i + 1) / e
            terms.append(scale * c * self.x**e * (log ** num(i) if i else ONE))
        return sum_of(terms)

    def times_log_of(self, powers: Coefficients, h: Term) -> Term:
        """Σ c x^k log(a + b x), in powers of h = a + b x."""
        line = self.line(h)
        if line is None or any(k.denominator != 1 or not 0 <= k <= MOST_DEGREE for k in powers):
            raise NotFound("the logarithm of something that is not linear", h)
        a, b = line
        terms = []
        for k, c in powers.items():
            for i in range(int(k) + 1):  # x^k = (h − a)^k / b^k
                d = c * num(comb(int(k), i)) * (-a) ** num(int(k) - i) * b ** num(-int(k) - 1)
                n = i + 1
                terms.append(self.normal(d * num(Fraction(1, n))) * h ** num(n) * (Term("log", h) - num(Fraction(1, n))))
        return sum_of(terms)

    def line(self, h: Term) -> tuple[Term, Term] | None:
        """(a, b) if h is a + b x."""
        powers: dict[int, list[Term]] = {0: [], 1: []}
        for m, c in expand(h).items():
            factors = dict(m)
            k = factors.pop(self.x, 0)
            rest = product_of(monomial(factors), c)
            if k not in powers or mentions(rest, self.name):
                return None
            powers[k].append(rest)
        return (sum_of(powers[0]), sum_of(powers[1])) if powers[1] else None

    def times_exponential(self, family: Family, top: int) -> Primitive:
        """P e^{λx+μ} where P′ + λP is the polynomial."""
        rate, p = family.q[Fraction(1)], {Fraction(top + 1): ZERO}
        for k in range(top, -1, -1):
            c = family.powers.get(Fraction(k), ZERO)
            p[Fraction(k)] = self.normal((c - num(k + 1) * p[Fraction(k + 1)]) / rate)
        return Primitive(self.polynomial(p) * self.exponential(family.q))

    def times_bell(self, family: Family, top: int) -> Primitive:
        """P e^{αx²+βx+γ} where P′ + (2αx + β)P is the polynomial up to a constant, which is left to the bell curve."""
        quadratic, linear = family.q[Fraction(2)], family.q.get(Fraction(1), ZERO)
        p = [ZERO] * (top + 3)
        rest = lambda k: family.powers.get(Fraction(k), ZERO) - num(k + 1) * p[k + 1] - linear * p[k]  # noqa: E731
        for k in range(top, 0, -1):
            p[k - 1] = self.normal(rest(k) / (num(2) * quadratic))
        c, f = self.normal(rest(0)), self.polynomial({Fraction(k): t for k, t in enumerate(p)})
        if f != ZERO:
            f = f * self.exponential(family.q)
        if self.kernel.algebra.equal(c, ZERO):
            return Primitive(f)
        a, m = self.normal(-quadratic), self.normal(-linear / (num(2) * quadratic))
        height = self.normal(Term("exp", family.q.get(Fraction(0), ZERO) - linear ** num(2) / (num(4) * quadratic)))
        return Primitive(f, (c if height == ONE else c * height, a, m))

    # ---- SymPy

    def asked(self, body: Term) -> Term:
        """What SymPy proposes for rational functions; its methods for others know no bound on their time."""
        import sympy as sp

        from derivations._surface.sympy_terms import from_sympy, to_sympy

        if any(s.op not in ("num", "const", "var", "add", "mul", "pow", "log", "exp") for s in subterms(body)):
            raise NotFound("no antiderivative was found")
        with sp.evaluate(True):
            known = {sp.Symbol(n): self.symbol(n) for n, d in self.scope.domains if not d.sizes and not n.startswith("#")}
            e = to_sympy(body).xreplace(known)
            if sp.count_ops(e) > MOST_OPERATIONS:
                raise NotFound("the integrand is too large to ask for an antiderivative")
            f = self.rational(e, known[sp.Symbol(self.name)])
            if f is None:
                raise NotFound("no antiderivative was found")
            try:
                return from_sympy(f, self.scope)
            except (IllFormed, TooMany, TypeError) as error:
                raise NotFound("no antiderivative was found") from error

    def symbol(self, name: str) -> Any:
        import sympy as sp

        kind = self.scope.domain(name).kind
        return sp.Symbol(name, positive=True) if kind.low is not None and kind.above else sp.Symbol(name, real=True)

    def rational(self, e: Any, x: Any) -> Any:
        """The antiderivative of a rational function of x, or of one of e^{rate·x}; None if it is neither."""
        import sympy as sp
        from sympy.integrals.rationaltools import ratint

        powers = {p.exp for p in e.atoms(sp.exp) if p.has(x)}
        rates = {sp.cancel(p / x) for p in powers}
        if e.has(sp.log) or any(r.has(x) for r in rates):
            return None
        rate = min(rates, key=lambda r: (not r.is_positive, sp.count_ops(r)), default=None)
        u = x if rate is None else sp.Dummy("u", positive=True)
        if rate is not None:
            if not all(sp.cancel(r / rate).is_Integer for r in rates):
                return None
            e = e.xreplace({sp.exp(p): u ** sp.cancel(p / x / rate) for p in powers})
        if not e.is_rational_function(u) or e.has(x) is not (rate is None):
            return None
        try:
            f = ratint(sp.cancel(e if rate is None else e / (rate * u)), u)
        except (NotImplementedError, sp.PolynomialError, ValueError):
            return None
        return None if f.has(sp.I, sp.RootSum, sp.atan) else f if rate is None else f.subs(u, sp.exp(rate * x))


__all__ = ["Antiderivatives", "Primitive"]
