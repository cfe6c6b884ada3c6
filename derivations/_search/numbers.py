"""Inequalities between numbers, by all the ways there are: each shows 0 ≤ f for a function f of a few numbers."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, Term, num, subterms

from .alone import by_lone_logarithm
from .bounds import Bounds, Way
from .distinctions import by_cases
from .double_roots import by_double_root
from .growth import by_exponent, by_logarithm, by_power
from .knowns import by_known
from .normalise import field
from .polynomial import TooMany, tidy
from .signs import by_factor, by_form, by_hypotheses
from .slopes import by_chord, by_halves, by_quotient, by_slope
from .tangents import by_least_entropy, by_root_of_logarithm
from .termwise import by_average, by_mean, by_one_term, by_tangent, by_terms

DEPTH = 5
PARTS = ("log", "xlog", "exp")
WAYS: tuple[Way, ...] = (
    by_form,
    by_hypotheses,
    by_factor,
    by_double_root,
    by_terms,
    by_one_term,
    by_known,
    by_mean,
    by_average,
    by_least_entropy,
    by_exponent,
    by_logarithm,
    by_power,
    by_lone_logarithm,
    by_slope,
    by_chord,
    by_quotient,
    by_halves,
    by_tangent,
    by_root_of_logarithm,
    by_cases,
)


def by_numbers(kernel: Kernel, scope: Scope, a: Term, b: Term, strict: bool = False) -> Proof:
    """a ≤ b or a < b."""
    f = fewer_parts(b - a)
    proof = Bounds(kernel, WAYS, strict).nonnegative(scope, f, DEPTH)
    equal = ((num(-1), field(b - a, f)),) if f != b - a else ()
    whole = Proof("combine", (a, b, ((ONE, proof), *equal)))
    kernel.derive(whole, scope)
    return whole


def fewer_parts(f: Term) -> Term:
    """``f`` expanded where that rids it of a logarithm or an exponential which stands with a zero; else as it is."""
    parts = {s for s in subterms(f) if s.op in PARTS}
    try:
        plain = tidy(f)
    except TooMany:
        return f
    return plain if {s for s in subterms(plain) if s.op in PARTS} < parts else f


__all__ = ["by_numbers"]
