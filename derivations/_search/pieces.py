"""Integrals in pieces: where an absolute value or a maximum in the integrand turns, the interval is cut."""

from __future__ import annotations

from collections.abc import Callable

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import REAL_LINE, Scope, mentions
from derivations._kernel.terms import ZERO, Term, subterms

from .equation import NotFound
from .extrema import everywhere
from .maxima import values
from .propose import zeros
from .settling import chained, rewriting
from .trail import Step

Found = tuple[Term, Proof]
Finder = Callable[[Kernel, Scope, Term, Term, Term, Term], "Found | None"]


def in_pieces(kernel: Kernel, scope: Scope, body: Term, x: Term, low: Term, high: Term, find: Finder) -> Found:
    """The value of an integral, from those over the parts of its interval where the integrand has one form."""
    for c in cuts(kernel, body, x):
        left, right = (straight(kernel, scope, body, x, *ends, find) for ends in ((low, c), (c, high)))
        if left is not None and right is not None:
            return left[0] + right[0], Proof("adjacent", (left[1], right[1]))
    raise NotFound("the integral does not fall into pieces")


def cuts(kernel: Kernel, body: Term, x: Term) -> list[Term]:
    """Where an absolute value or a maximum turns."""
    found: list[Term] = []
    for s in subterms(body):
        if s.op in ("abs", "max") and not s.loose and mentions(s, x.args[0]):
            turning = s.args[0] if s.op == "abs" else s.args[0] - s.args[1]
            found += [c for c in zeros(kernel, turning, x) if not mentions(c, x.args[0])]
    return list(dict.fromkeys(found))


def straight(kernel: Kernel, scope: Scope, body: Term, x: Term, low: Term, high: Term, find: Finder) -> Found | None:
    """The integral over a part where every absolute value has a sign."""
    inner = scope
    for end, away in ((low, Term("lt", low, x)), (high, Term("lt", x, high))):
        inner = inner if end in REAL_LINE else inner.assuming(away)
    plain, steps = body, list[Step]()
    while s := next((s for s in subterms(plain) if s.op in ("abs", "max") and not s.loose and mentions(s, x.args[0])), None):
        u, v = s.args if s.op == "max" else (s.args[0], ZERO)
        for side, (value, equal) in zip((Term("le", u, v), Term("le", v, u)), values(s), strict=True):
            if kernel.order(inner).holds(side):
                plain, more = everywhere(plain, s, equal, value)
                steps += more
                break
        else:
            return None
    found = find(kernel, scope, plain, x, low, high)
    if found is None or found[1].kind != "integral":
        return None
    goal, f, bell, equation, ends = found[1].args
    whole = chained(rewriting(body, steps), equation)
    return found[0], Proof("integral", (Term("integrates", body, *goal.args[1:]), f, bell, whole, ends))


__all__ = ["in_pieces"]
