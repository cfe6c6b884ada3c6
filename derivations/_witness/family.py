"""A sampled differentiable family of distributions: the softmax of polynomials in the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq

from .jets import ZERO, Number, add, exp, inverse, mul


@dataclass(frozen=True)
class PolynomialFamily:
    """θ ↦ softmax(f₁(θ), …, f_n(θ)), where f_k is the sum of c·θ_i·θ_j over its monomials (c, (i, j)), indices from 0."""

    outcomes: tuple[tuple[tuple[Fraction, tuple[int, ...]], ...], ...]
    parameters: int

    def __str__(self) -> str:
        return f"the softmax of ({', '.join(map(_polynomial, self.outcomes))})"

    def at(self, theta: tuple[Number, ...]) -> tuple[Number, ...]:
        """The distribution at the parameter ``theta``: positive, adding up to 1."""
        weights = []
        for monomials in self.outcomes:
            exponent: Number = ZERO
            for coefficient, indices in monomials:
                product: Number = fmpq(coefficient.numerator, coefficient.denominator)
                for i in indices:
                    product = mul(product, theta[i])
                exponent = add(exponent, product)
            weights.append(exp(exponent))
        total: Number = ZERO
        for w in weights:
            total = add(total, w)
        scale = inverse(total)
        return tuple(mul(w, scale) for w in weights)


def _polynomial(monomials: tuple[tuple[Fraction, tuple[int, ...]], ...]) -> str:
    """A polynomial in the parameters θ_1, θ_2, … in one line."""
    words = ["·".join((str(c), *(f"θ_{i + 1}" for i in indices))) for c, indices in monomials if c]
    return " + ".join(words).replace("+ -", "- ") or "0"
