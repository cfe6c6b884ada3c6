"""Sums in sums: the order of summation is chosen so that as much as possible stands outside the inner sum."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.check import Proof, Refused
from derivations._kernel.domains import Domain, mentions
from derivations._kernel.terms import ONE, Term, closed, num, opened, var

from . import sums
from .polynomial import TooMany, expand, monomial, product_of
from .sums import swapped
from .trail import Trail, field, rule

MOST_WRITTEN_OUT = 8


def total(trail: Trail) -> None:
    """A sum in normal form: written out if its size is a number, else in the better order of summation."""
    if trail.term.args[0].op == "num" and trail.term.args[0].args[0] <= MOST_WRITTEN_OUT:
        written_out(trail)
        return
    sums.total(trail)
    if trail.term.op == "sum" and trail.search.may("order of summation"):
        exchange(trail)


def written_out(trail: Trail) -> None:
    """Σ over 1, …, 3 is f(1) + f(2) + f(3)."""
    size, body = trail.term.args
    terms = [opened(body, num(k)) for k in range(1, int(size.args[0]) + 1)]
    trail.step(Proof("written_out", (trail.term,)), Term("add", *terms) if len(terms) > 1 else terms[0])
    trail.again(ring=True)


def exchange(trail: Trail) -> None:
    """Σ_i A_i Σ_j B_j C_ij = Σ_j B_j Σ_i A_i C_ij, if A is missing, or both are there and the latter comes first."""
    size = trail.term.args[0]
    outer = trail.scope.fresh()
    body = opened(trail.term.args[1], var(outer))
    name = trail.scope.declaring(outer, Domain("Index", (size,))).fresh()
    try:
        ((m, c),) = expand(body).items()
        for f, e in m:
            if f.op == "sum" and e == 1 and mentions(f, outer) and not f.args[0].loose:
                ((m2, c2),) = expand(opened(f.args[1], var(name))).items()
                rest = {g: n for g, n in m if g is not f}
                if _exchanged(trail, size, body, (rest, c), f.args[0], (dict(m2), c2), (outer, name)):
                    return
    except (TooMany, ValueError):
        return


def _exchanged(
    trail: Trail,
    size: Term,
    body: Term,
    front: tuple[dict[Term, int], Fraction],
    second: Term,
    inside: tuple[dict[Term, int], Fraction],
    names: tuple[str, str],
) -> bool:
    outer, name = names
    (rest, c), (m2, c2) = front, inside
    alone = any(not mentions(f, outer) and mentions(f, name) for f in m2)
    flat = product_of(monomial({f: rest.get(f, 0) + m2.get(f, 0) for f in {*rest, *m2}}), c * c2)
    within = closed(Term("sum", second, closed(flat, name)), outer)
    here, there = Term("sum", size, within), swapped(size, within)
    if not (_is_total(trail, there) or (alone and not rest) or (alone == bool(rest) and repr(there) < repr(here))):
        return False
    if here != trail.term:
        factor, summand = product_of(monomial(rest), c), closed(product_of(monomial(m2), c2), name)
        apart = factor * Term("sum", second, summand)
        moved = Term("sum", second, factor * summand)
        target = opened(within, var(outer))
        pulled = Proof("symmetry", (rule("constant factor", n=second, c=factor, f=summand),))
        by = Proof("chain", (field(body, apart), pulled, field(moved, target)))
        trail.search.spend()
        trail.steps.append(((1,), by, ONE, target))
        trail.term = here
    trail.step(rule("order of summation", n=size, m=second, f=within.args[1]), there)
    trail.again(ring=True)
    return True


def _is_total(trail: Trail, t: Term) -> bool:
    try:
        trail.search.kernel.derive(rule("total probability", t=t), trail.scope)
    except Refused:
        return False
    return True


HANDLERS = {"sum": total}
