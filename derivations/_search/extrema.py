"""Maxima and absolute values: which of two numbers is the larger, and where a maximum is attained."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import BINDERS, ONE, ZERO, Term, lift, opened, subterms, var

from .equation import NotFound
from .maxima import values
from .means import below_maximum, means
from .polynomial import lean
from .settling import back, chained, rewriting
from .strong import Strong
from .trail import Step

Prover = Callable[[Kernel, Scope, Term], Proof]


def by_extremum(kernel: Kernel, scope: Scope, goal: Term, prove: Prover) -> Proof:
    """A relation with a maximum or an absolute value in it, by cases."""
    for s in subterms(goal):
        if s.loose or s.op not in ("max", "abs", "top"):
            continue
        if s.op == "top":
            return _attained(kernel, scope, goal, s, prove)
        u, v = s.args if s.op == "max" else (s.args[0], ZERO)
        cases = []
        for side, (value, equal) in zip((Term("le", u, v), Term("le", v, u)), values(s), strict=True):
            if kernel.order(scope).holds(side):
                return _instead(kernel, scope, goal, s, value, equal, prove)
            cases.append((scope.assuming(side), value, equal))
        parts = [_instead(kernel, inner, goal, s, value, equal, prove) for inner, value, equal in cases]
        return Proof("order_cases", (u, v, *parts))
    raise NotFound("there is no maximum and no absolute value")


def positive_maximum(kernel: Kernel, scope: Scope, goal: Term) -> Proof:
    """0 < c·max f, for a c > 0 and entries f whose mean is decided to be positive."""
    zero, product = goal.args
    factors = product.args if product.op == "mul" else (product,)
    tops = [t for t in factors if t.op == "top" and not t.loose]
    if goal.op != "lt" or zero != ZERO or len(tops) != 1:
        raise NotFound("not a multiple of a maximum that is asked to be positive")
    mean, below = below_maximum(Strong(kernel), scope, tops[0], means(scope, tops[0].args[0])[0])
    proof = Proof("combine", (ZERO, tops[0], ((ONE, Proof("sign", (mean,))), (ONE, below))))
    others = [t for t in factors if t is not tops[0]]
    if others:
        proof = Proof("combine", (ZERO, product, ((lean(Term("mul", ONE, *others)), proof),)))
    if kernel.derive(proof, scope) != goal:
        raise NotFound("a weaker relation was found")
    return proof


def _instead(kernel: Kernel, scope: Scope, goal: Term, old: Term, new: Term, equal: Proof, prove: Prover) -> Proof:
    """The goal from the goal with ``new`` for ``old``."""
    sides = [everywhere(t, old, equal, new) for t in goal.args[:2]]
    middle = Term(goal.op, *(t for t, _ in sides))
    proofs = [rewriting(t, steps) for t, (_, steps) in zip(goal.args, sides, strict=False)]
    proof = prove(kernel, scope, middle)
    return chained(proofs[0], proof, back(proofs[1])) or proof


def _attained(kernel: Kernel, scope: Scope, goal: Term, top: Term, prove: Prover) -> Proof:
    name = scope.fresh()
    inner = scope.declaring(name, Domain("Index", (top.args[0],)))
    entry = opened(top.args[1], var(name))
    known = Term("all", top.args[0], Term("le", top.args[1], lift(entry, 1)))
    inner = inner.assuming(Term("eq", top, entry), known)
    equal = Proof("hypothesis", (len(scope.hypotheses),))
    inner, given = _known(kernel, inner, len(scope.hypotheses), top, entry, equal)
    proof = _instead(kernel, inner, goal, top, entry, equal, prove)
    for shown in reversed(given):
        proof = Proof("given", (shown, proof))
    return Proof("attained", (top, proof))


def _known(kernel: Kernel, scope: Scope, count: int, top: Term, entry: Term, equal: Proof) -> tuple[Scope, list[Proof]]:
    """What the first hypotheses say of the maximum, said of the entry where it is attained."""
    given = []
    for k, h in enumerate(scope.hypotheses[:count]):
        if h.op not in ("eq", "ne", "le", "lt") or not any(s == top for s in subterms(h)):
            continue
        sides = [everywhere(t, top, equal, entry) for t in h.args[:2]]
        left, right = (rewriting(t, steps) for t, (_, steps) in zip(h.args, sides, strict=False))
        with suppress(Refused):
            shown = chained(back(left), Proof("hypothesis", (k,)), right) or Proof("hypothesis", (k,))
            scope = scope.assuming(kernel.derive(shown, scope))
            given.append(shown)
    return scope, given


def everywhere(t: Term, old: Term, equal: Proof, new: Term) -> tuple[Term, list[Step]]:
    """``t`` with ``new`` for the closed term ``old`` wherever a step may put it."""
    if t == old:
        return new, [((), equal, ONE, new)]
    if t.op in ("at", "of", "delta", "tends", "infinite", "integrates"):
        return t, []
    steps: list[Step] = []
    last = len(t.args) - 1
    for k, child in enumerate(t.args):
        if type(child) is not Term or (t.op in BINDERS and k != last) or (t.op == "deriv" and k):
            continue
        part, inner = everywhere(child, old, equal, new)
        if inner:
            steps += [((k, *path), by, times, to) for path, by, times, to in inner]
            t = Term(t.op, *t.args[:k], part, *t.args[k + 1 :])
    return t, steps


__all__ = ["by_extremum", "everywhere", "positive_maximum"]
