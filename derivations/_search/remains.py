"""Remainders: t ≥ 0 because some form of t has a decided sign, or is a multiple of what a sum exceeds one of its terms by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, num, opened, subterms, var

from . import settling
from .equation import NotFound
from .looks import never_negative, points
from .settling import cancelled
from .strong import Strong
from .trail import rule


def above_zero(size: Term, below: Proof) -> Proof:
    """0 ≤ f for every index gives 0 ≤ Σ f."""
    zero = Term("sum", size, ZERO)
    nothing = Proof("rewrite", (zero, (((), rule("sum of a constant", n=size, c=ZERO), ONE, size * ZERO),)))
    nothing = Proof("chain", (nothing, Proof("field", (size * ZERO, ZERO))))
    return Proof("chain", (Proof("symmetry", (nothing,)), Proof("termwise", (size, below))))


def nonnegative(search: Strong, scope: Scope, t: Term, depth: int = 1) -> list[tuple[Term, Proof]]:
    """Parts of a combination that show t ≥ 0; :class:`NotFound` if no form of ``t`` has a decided sign."""
    residue = None
    order = search.kernel.order(scope)
    for form, proof in settling.forms(search, scope, t, depth > 0):
        residue = residue or form
        equal: list[tuple[Term, Proof]] = [(num(-1), proof)] if proof is not None else []
        if search.kernel.algebra.equal(form, ZERO):
            return equal or [(num(-1), Proof("field", (t, ZERO)))]
        if order.undefined(form) is None and order.sign(form) <= {0, 1}:
            return [*equal, (ONE, Proof("sign", (form,)))]
        for relation in known(search.kernel, scope, form):
            left, right = search.kernel.derive(relation, scope).args[:2]
            factor = cancelled(search.kernel, form / (right - left))
            if order.undefined(factor) is None and order.sign(factor) <= {0, 1}:
                return [*equal, (factor, relation)]
        if form.op == "sum" and depth:
            with suppress(NotFound, Refused, IllFormed):
                return [*equal, (ONE, _termwise(search, scope, form, depth - 1))]
    if settling.has_few(scope):
        form, proof = settling.last_entries(search, scope, t)
        equal = [(num(-1), proof)] if proof is not None else []
        if search.kernel.algebra.equal(form, ZERO):
            return equal if form == ZERO else [*equal, (num(-1), Proof("field", (form, ZERO)))]
        factored = cancelled(search.kernel, form)
        for view in (form, factored):
            if order.undefined(view) is None and order.sign(view) <= {0, 1}:
                return [*equal, (ONE, Proof("sign", (view,)))]
    raise NotFound("what remains is not decided to be nonnegative", residue)


def _termwise(search: Strong, scope: Scope, t: Term, depth: int) -> Proof:
    """0 ≤ Σ f because 0 ≤ f."""
    size, name = t.args[0], scope.fresh()
    inner, body = scope.declaring(name, Domain("Index", (size,))), opened(t.args[1], var(name))
    if next(known(search.kernel, inner, body), None) is None or not never_negative(body, points(inner)):
        raise NotFound("a term is negative somewhere")
    proof = Proof("combine", (ZERO, body, tuple(nonnegative(search, inner, body, depth))))
    got = search.kernel.derive(proof, inner)
    below = above_zero(size, proof if len(got.args) == 2 and got.op == "le" else Proof("weaken", (proof,)))
    search.kernel.derive(below, scope)
    return below


def known(kernel: Kernel, scope: Scope, t: Term) -> Iterator[Proof]:
    """f(k) ≤ Σ f for the sums of nonnegative terms in ``t`` and the free indices."""
    sums = sorted({s for s in subterms(t) if s.op == "sum" and not s.loose}, key=repr)
    for s in sums[:4]:
        for name, domain in scope.domains:
            if domain.name == "Index" and domain.sizes == (s.args[0],):
                proof = rule("a term of a sum", n=s.args[0], f=s.args[1], k=var(name))
                try:
                    kernel.derive(proof, scope)
                    yield proof
                except Refused:
                    continue


def by_forms(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """a ≤ b because some form of b − a has a decided sign."""
    proof = Proof("combine", (a, b, tuple(nonnegative(Strong(kernel), scope, b - a))))
    kernel.derive(proof, scope)
    return proof
