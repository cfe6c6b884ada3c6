"""Defined functions and case distinctions, replaced by what they stand for."""

from __future__ import annotations

from derivations._kernel.check import Proof
from derivations._kernel.terms import ONE, ZERO, Term

from .hypotheses import by_hypotheses
from .trail import Trail, field, rule


def app(trail: Trail) -> None:
    if unfold(trail):
        trail.again()


def unfold(trail: Trail) -> bool:
    """Put the definition in the place of a defined function."""
    if trail.term.op != "app" or not trail.search.may("definition"):
        return False
    body = trail.search.kernel.order(trail.scope).unfolded(trail.term)
    return trail.search.defined(trail.scope, body) and trail.step(Proof("definition", (trail.term,)), body)


def case(trail: Trail) -> None:
    if decide(trail):
        trail.again()


def decide(trail: Trail) -> bool:
    """A case distinction that is decided, or one about a bit: u^y·v^(1−y), or y·u + (1−y)·v."""
    if trail.term.op != "case":
        return False
    a, b, v, w = trail.term.args
    order = trail.search.kernel.order(trail.scope)
    for name, op, new in (("case met", "eq", v), ("case not met", "ne", w)):
        if trail.search.may(name) and order.holds(Term(op, a, b)):
            return trail.step(rule(name, a=a, b=b, v=v, w=w), new)
    domain = order.domain(a.args[0] if a.op == "at" else a) if a.op in ("at", "var") else None
    if (
        domain is None
        or not domain.kind.whole
        or domain.kind.high != 1
        or b not in (ZERO, ONE)
        or not trail.search.may("case met")
    ):
        return False
    u, v = (v, w) if b == ONE else (w, v)
    new = u**a * v ** (ONE - a) if trail.search.positive(trail.scope, u, v) else a * u + (ONE - a) * v
    return trail.step(_of_a_bit(trail, new), new)


def _of_a_bit(trail: Trail, new: Term) -> Proof:
    """case = ``new``, for the bit 0 and for the bit 1."""
    a, b, v, w = trail.term.args
    proofs = []
    for value in (ZERO, ONE):
        scope = trail.scope.assuming(Term("eq", a, value))
        met = value == b
        here = rule("case met" if met else "case not met", a=a, b=b, v=v, w=w)
        end, steps = by_hypotheses(trail.search.kernel, scope, new)
        back = Proof("symmetry", (Proof("rewrite", (new, tuple(steps))),))
        proofs.append(Proof("chain", (here, field(v if met else w, end), back)))
    return Proof("bit_cases", (a, *proofs))


HANDLERS = {"app": app, "case": case}
