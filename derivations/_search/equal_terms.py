"""Sums that are equal term by term, where a maximum or an absolute value in the terms asks for cases."""

from __future__ import annotations

from collections.abc import Callable

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, opened, subterms, var

from . import settling
from .equation import NotFound
from .strong import Strong
from .termwise import gathered
from .trail import rule

Prover = Callable[[Kernel, Scope, Term], Proof]


def by_equal_terms(kernel: Kernel, scope: Scope, goal: Term, prove: Prover) -> Proof:
    """a = b because a − b is one sum, every term of which is zero."""
    a, b = goal.args
    if not any(s.op in ("max", "abs") and s.loose for s in subterms(goal)):
        raise NotFound("no sum has a maximum or an absolute value in its terms")
    search = Strong(kernel)
    outside, bodies = gathered(search.together([a - b], scope)[0][0])
    if outside != ZERO or len(bodies) != 1:
        raise NotFound("the difference is not one sum")
    ((size, body),) = bodies.items()
    name = scope.fresh()
    inner = scope.declaring(name, Domain("Index", (size,)))
    equal = prove(kernel, inner, Term("eq", opened(body, var(name)), ZERO))
    none = Proof("chain", (rule("sum of a constant", c=ZERO, n=size), Proof("field", (size * ZERO, ZERO))))
    same = settling.zero(search, scope, a - b - Term("sum", size, body))
    proof = Proof("combine", (a, b, ((ONE, same), (ONE, Proof("termwise", (size, equal))), (ONE, none))))
    if kernel.derive(proof, scope) != goal:
        raise NotFound("another equation was found")
    return proof


__all__ = ["by_equal_terms"]
