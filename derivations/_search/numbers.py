"""Inequalities between numbers, by all the ways there are: each shows 0 ≤ f for a function f of a few numbers."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, Term

from .alone import by_lone_logarithm
from .bounds import Bounds, Way
from .distinctions import by_cases
from .growth import by_exponent, by_logarithm, by_power
from .knowns import by_known
from .signs import by_factor, by_form, by_hypotheses
from .slopes import by_chord, by_halves, by_quotient, by_slope
from .termwise import by_mean, by_one_term, by_tangent, by_terms

DEPTH = 5
WAYS: tuple[Way, ...] = (
    by_form,
    by_hypotheses,
    by_factor,
    by_terms,
    by_one_term,
    by_known,
    by_mean,
    by_exponent,
    by_logarithm,
    by_power,
    by_lone_logarithm,
    by_slope,
    by_chord,
    by_quotient,
    by_halves,
    by_tangent,
    by_cases,
)


def by_numbers(kernel: Kernel, scope: Scope, a: Term, b: Term, strict: bool = False) -> Proof:
    """a ≤ b or a < b."""
    proof = Bounds(kernel, WAYS, strict).nonnegative(scope, b - a, DEPTH)
    whole = Proof("combine", (a, b, ((ONE, proof),)))
    kernel.derive(whole, scope)
    return whole


__all__ = ["by_numbers"]
