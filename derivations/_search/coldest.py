"""The logarithm of a sum of e^{c/x}: x log Σ e^{c/x} → max c, since it lies between max c and max c + x log n."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.check import Proof
from derivations._kernel.domains import mentions
from derivations._kernel.terms import ONE, ZERO, Term, closed, constant, num, opened, var

from .continuity import Known
from .equation import NotFound
from .magnitude import Growth
from .normalise import rule
from .polynomial import expand, monomial, product_of, sum_of
from .roots import equal
from .vanishing import Vanishing


class Coldest(Vanishing):
    """Logarithms of sums of exponentials that grow or vanish at rates not to be compared."""

    def coldest(self, atom: Term) -> list[tuple[Growth, Term]]:
        """log Σ e^{c/x} as (max c)/x and what is left, which is bounded."""
        h = atom.args[0]
        if h.op == "sum":
            name = self.scope.fresh()
            c = closed(self.rate(opened(h.args[1], var(name))), name)
            largest = Term("top", h.args[0], c)
            known = self.between(self.all_terms(h.args[0], c, largest))
        elif h.op == "add" and len(h.args) == 2:
            a, b = (self.rate(t) for t in h.args)
            largest = Term("max", a, b)
            known = self.between(self.both_terms(a, b, largest))
        else:
            raise NotFound("not a sum of exponentials", atom)
        pole = Growth(Fraction(-1))
        return [(pole, largest), (pole, known.term)]

    def rate(self, t: Term) -> Term:
        """c where ``t`` is e^{c/x}."""
        if t == ONE:
            return ZERO
        base, q = (t.args[0], constant(t.args[1])) if t.op == "pow" else (t, Fraction(1))
        if base.op != "exp" or q is None:
            raise NotFound("not an exponential", t)
        terms = []
        for m, c in expand(base.args[0]).items():
            factors = dict(m)
            if factors.pop(self.x, 0) != -1 or any(mentions(f, self.name) for f in factors):
                raise NotFound("not an exponential of a multiple of 1/x", t)
            terms.append(product_of(monomial(factors), c * q))
        return sum_of(terms)

    def between(self, found: tuple[Term, Term, Proof, Proof]) -> Known:
        """x (log S − m/x) → 0, from proofs that it lies between −x log n and x log n."""
        t, size, lower, upper = found
        bound = Term("log", size) * self.x**ONE
        limit = Proof("multiple_of_limit", (Term("log", size), self.power(Fraction(1))))
        return self.known(t, ZERO, Proof("squeeze", (t, self.x, ZERO, bound, self.near, lower, upper, limit)))

    def sides(self, t: Term, size: Term, below: tuple[Proof, ...], above: tuple[Proof, ...]) -> tuple[Proof, Proof]:
        """−x log n ≤ t from e ≤ log S and m = c, t ≤ x log n from log S ≤ log n + e and perhaps m = c."""
        bound = Term("log", size) * self.x**ONE
        first = ((self.x, below[0]), (ONE, below[1]), (ONE, Proof("sign", (bound,))))
        second = ((self.x, above[0]), *((num(-1), p) for p in above[1:]))
        return tuple(  # type: ignore[return-value]
            Proof("weaken", (Proof("combine", sides),)) for sides in ((-bound, t - ZERO, first), (t - ZERO, bound, second))
        )

    def exponents_of(self, e: Term) -> Proof:
        """e = log(e^e)."""
        return Proof("symmetry", (rule("logarithm of an exponential", a=e),))

    def all_terms(self, size: Term, c: Term, m: Term) -> tuple[Term, Term, Proof, Proof]:
        """For S = Σ e^{c_i/x} over an index."""
        x1, k = self.x ** num(-1), self.scope.fresh()
        f = Term("exp", c * x1)
        whole = Term("sum", size, f)
        t = self.x * (Term("log", whole) - m * x1)
        here = opened(c, var(k))
        entry = Proof("combine", (here * x1, m * x1, ((x1, rule("an entry is at most the maximum", n=size, f=c, k=var(k))),)))
        termwise = Proof("termwise", (size, Proof("monotone", ("exp", entry))))
        constant_sum = Term("log", Term("sum", size, Term("exp", m * x1)))
        end = Term("log", size) + m * x1
        above = Proof("chain", (Proof("monotone", ("log", termwise)), equal(self.kernel, self.inner, constant_sum, end)))
        one = Proof("monotone", ("log", rule("a term of a sum", n=size, f=f, k=var(k))))
        below = Proof("chain", (self.exponents_of(here * x1), one))
        hypothesis = Proof("hypothesis", (len(self.inner.hypotheses),))
        lower, upper = self.sides(t, size, (below, hypothesis), (above,))
        return t, size, Proof("attained", (m, lower)), upper

    def both_terms(self, a: Term, b: Term, m: Term) -> tuple[Term, Term, Proof, Proof]:
        """For S = e^{a/x} + e^{b/x}, in the cases a ≤ b and b ≤ a."""
        x1, two = self.x ** num(-1), num(2)
        whole = Term("exp", a * x1) + Term("exp", b * x1)
        t = self.x * (Term("log", whole) - m * x1)
        cases = []
        for small, large in ((a, b), (b, a)):
            case = Proof("hypothesis", (len(self.inner.hypotheses),))
            chosen = rule("the larger of two", a=large, b=small)
            if large == b:
                chosen = Proof("chain", (Proof("field", (m, Term("max", b, a))), chosen))
            more = Proof("combine", (Term("exp", large * x1), whole, ((ONE, Proof("sign", (Term("exp", small * x1),))),)))
            below = Proof("chain", (self.exponents_of(large * x1), Proof("monotone", ("log", more))))
            grows = Proof("monotone", ("exp", Proof("combine", (small * x1, large * x1, ((x1, case),)))))
            double = two * Term("exp", large * x1)
            most = Proof("monotone", ("log", Proof("combine", (whole, double, ((ONE, grows),)))))
            end = equal(self.kernel, self.inner, Term("log", double), Term("log", two) + large * x1)
            cases.append(self.sides(t, two, (below, chosen), (Proof("chain", (most, end)), chosen)))
        lower, upper = (Proof("order_cases", (a, b, *pair)) for pair in zip(*cases, strict=True))
        return t, two, lower, upper


__all__ = ["Coldest"]
