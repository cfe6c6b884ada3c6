"""A weighted mean of the entries of which there is a maximum is at most the maximum."""

from __future__ import annotations

from derivations._kernel.check import Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, Term, closed, num, opened, var

from . import settling
from .remains import above_zero
from .strong import Strong
from .trail import rule


def means(scope: Scope, size: Term) -> list[Term]:
    """Sums of weights over indices of a size that add up to one."""
    return [Term("sum", size, size ** num(-1)), *(t for t in settling.totals(scope) if t.args[0] == size)]


def above_mean(search: Strong, scope: Scope, top: Term, weights: Term) -> Proof:
    """0 ≤ Σ w (max f − f)."""
    size, name = top.args[0], scope.fresh()
    w, entry = opened(weights.args[1], var(name)), opened(top.args[1], var(name))
    inner = scope.declaring(name, Domain("Index", (size,)))
    larger = rule("an entry is at most the maximum", n=size, f=top.args[1], k=var(name))
    below = Proof("weaken", (Proof("combine", (ZERO, w * (top - entry), ((w, larger),))),))
    search.kernel.derive(below, inner)
    return above_zero(size, below)


def below_maximum(search: Strong, scope: Scope, top: Term, weights: Term) -> tuple[Term, Proof]:
    """Σ w f in normal form, and a proof of Σ w f ≤ max f."""
    below = above_mean(search, scope, top, weights)
    gap, name = search.kernel.derive(below, scope).args[1], scope.fresh()
    product = opened(weights.args[1], var(name)) * opened(top.args[1], var(name))
    mean = search.together([Term("sum", top.args[0], closed(product, name))], scope)[0][0]
    equal = settling.equation(search, scope, gap, top - mean)
    return mean, Proof("combine", (mean, top, ((ONE, below), (ONE, equal))))


def log_above_mean(search: Strong, scope: Scope, top: Term, weights: Term) -> Proof:
    """log Σ w f ≤ log max f."""
    return Proof("monotone", ("log", below_maximum(search, scope, top, weights)[1]))


__all__ = ["above_mean", "below_maximum", "log_above_mean", "means"]
