"""How fast a term grows or vanishes near zero: x^{r+s} (log x)^k e^{Σ c x^w}, with w < 0, as data that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivations._kernel.check import Kernel
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, ZERO, Term, num

from .equation import NotFound
from .polynomial import expand, rebuild, sum_of, tidy


@dataclass(frozen=True)
class Growth:
    """x^{r+s} (log x)^k e^{Σ c x^w}; ``exponents`` are the pairs (w, c), the most negative w first; s is no number."""

    r: Fraction = Fraction(0)
    k: int = 0
    exponents: tuple[tuple[Fraction, Term], ...] = ()
    s: Term = ZERO

    def times(self, other: Growth, kernel: Kernel) -> Growth:
        """The product of two growths."""
        found: dict[Fraction, Term] = dict(self.exponents)
        for w, c in other.exponents:
            found[w] = tidy(found[w] + c) if w in found else c
        kept = tuple((w, c) for w, c in sorted(found.items()) if not kernel.algebra.equal(c, ZERO))
        r, s = split(self.s + other.s)
        return Growth(self.r + other.r + r, self.k + other.k, kept, s)

    def power(self, q: Fraction) -> Growth:
        """The growth to a power; a power of a logarithm must stay whole."""
        if (self.k * q).denominator != 1:
            raise NotFound("a root of a logarithm of the variable is not looked at")
        exponents = tuple((w, tidy(num(q) * c)) for w, c in self.exponents)
        return Growth(self.r * q, int(self.k * q), exponents, tidy(num(q) * self.s))

    def raised(self, e: Term) -> Growth:
        """A power of x to a power that is no number."""
        if self.k or self.exponents:
            raise NotFound("only a power of the variable is raised to a power that is no number", e)
        r, s = split((num(self.r) + self.s) * e)
        return Growth(r, s=s)

    def over(self, other: Growth, kernel: Kernel) -> Growth:
        """The quotient of two growths."""
        return self.times(other.power(Fraction(-1)), kernel)

    @property
    def trivial(self) -> bool:
        """Whether it is 1."""
        return self == Growth()

    def direction(self, kernel: Kernel, scope: Scope) -> int:
        """−1 if it vanishes as x decreases to 0, 0 if it is 1, and 1 if it grows beyond all bounds."""
        for _, c in self.exponents:
            sign = kernel.order(scope).sign(c)
            if len(sign) != 1 or 0 in sign:
                raise NotFound("the sign of an exponent is not decided", c)
            return next(iter(sign))
        if self.s != ZERO:
            sign = kernel.order(scope).sign(self.exponent)
            if sign not in ({1}, {-1}):
                raise NotFound("the sign of an exponent is not decided", self.exponent)
            return -next(iter(sign))
        return (self.k > 0) - (self.k < 0) if not self.r else -1 if self.r > 0 else 1

    @property
    def exponent(self) -> Term:
        """The exponent of x."""
        return num(self.r) if self.s == ZERO else self.s if not self.r else num(self.r) + self.s

    def same(self, other: Growth, kernel: Kernel) -> bool:
        """Whether two growths are one, up to whole powers of x."""
        ratio = self.over(other, kernel)
        return ratio.r.denominator == 1 and not ratio.k and not ratio.exponents and ratio.s == ZERO

    def term(self, x: Term) -> Term:
        """The growth as a term."""
        parts = [x if self.exponent == ONE else x**self.exponent] if self.exponent != ZERO else []
        if self.k:
            parts.append(Term("log", x) ** num(self.k) if self.k != 1 else Term("log", x))
        if self.exponents:
            parts.append(Term("exp", sum_of([c * x ** num(w) for w, c in self.exponents])))
        return parts[0] if len(parts) == 1 else Term("mul", *parts) if parts else ONE


def split(e: Term) -> tuple[Fraction, Term]:
    """An exponent as a number and what is none."""
    parts = expand(e)
    r = parts.pop((), Fraction(0))
    return r, rebuild(parts)


__all__ = ["Growth", "split"]
