"""0 ≤ N − D because log D ≤ log N, e^D ≤ e^N or D^k ≤ N^k."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from derivations._kernel.check import Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, ZERO, Term, constant, free_names, num, subterms

from . import settling
from .bounds import FAILURES, Bounds
from .normalise import field
from .polynomial import Monomial, TooMany, expand, rebuild


def by_exponent(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = N − D for two positive products with an exponential in them, and log D ≤ log N."""
    if depth <= 0 or not any(s.op == "exp" for s in subterms(f)):
        return
    for form, proof in search.forms(scope, f):
        try:
            parts = expand(form)
        except TooMany:
            return
        if len(parts) != 2 or {c > 0 for c in parts.values()} != {True, False}:
            continue
        ((over, under),) = [[rebuild({m: abs(c)}) for m, c in sorted(parts.items(), key=lambda p: p[1] < 0)]]
        if not all(search.kernel.order(scope).sign(t) <= {1} for t in (over, under)):
            continue
        try:
            larger = search.nonnegative(scope, Term("log", over) - Term("log", under), depth - 1)
            logs = Proof("combine", (Term("log", under), Term("log", over), ((ONE, larger),)))
            below = Proof("monotone", ("exp", logs))
            equal = [Proof("rule", ("exponential of a logarithm", (("a", t),))) for t in (over, under)]
            whole = field(form, over - under)
        except FAILURES:
            continue
        yield search.replaced(f, ((ONE, below), (ONE, equal[0]), (num(-1), equal[1]), (num(-1), whole)), proof)


def by_logarithm(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = c (log N − log D) with D ≤ N."""
    if depth <= 0:
        return
    for form, proof in search.forms(scope, f):
        try:
            split = logarithms(form)
        except TooMany:
            continue
        if split is None:
            continue
        over, under, scale = split
        try:
            larger = search.nonnegative(scope, over - under, depth - 1)
            logs = Term("mul", num(Fraction(1, scale)), Term("log", over) - Term("log", under))
            below = Proof("monotone", ("log", Proof("combine", (under, over, ((ONE, larger),)))))
            equal = settling.equation(search.strong, scope, f, logs)
        except FAILURES:
            continue
        yield Proof("combine", (ZERO, f, ((num(Fraction(1, scale)), below), (num(-1), equal))))
        if proof is None:
            return


def by_power(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = N − D with roots in it, and D^k ≤ N^k."""
    if depth <= 0:
        return
    order = search.kernel.order(scope)
    for form, proof in search.forms(scope, f):
        split = two_sides(form) if form.op == "add" else None
        if split is None or not all(order.sign(side) <= {0, 1} for side in split[:2]):
            continue
        over, under, k = split
        root = num(Fraction(1, k))
        try:
            (high, up), (low, down) = (power(search, scope, side, k) for side in (over, under))
            larger = search.nonnegative(scope, high - low, depth - 1)
            below = Proof("monotone", ("pow", Proof("combine", (low, high, ((ONE, larger),))), root))
            sides = [unrooted(p, t, k, equal) for p, t, equal in ((high, over, up), (low, under, down))]
            whole = field(form, over - under)
        except FAILURES:
            continue
        parts = ((ONE, below), (ONE, sides[0]), (num(-1), sides[1]), (num(-1), whole))
        yield search.replaced(f, parts, proof)


def power(search: Bounds, scope: Scope, side: Term, k: int) -> tuple[Term, Proof | None]:
    """side^k in normal form, with a proof of the equation."""
    whole = side ** num(k)
    normal, steps = search.strong.together([whole], scope)[0]
    return normal, settling.rewriting(whole, steps)


def unrooted(p: Term, side: Term, k: int, equal: Proof | None) -> Proof:
    """p^{1/k} = side for p = side^k, side ≥ 0."""
    root = num(Fraction(1, k))
    whole, law = side ** num(k), []
    if equal is not None:
        law.append(Proof("rewrite", (p**root, (((0,), Proof("symmetry", (equal,)), ONE, whole),))))
    powers = Proof("rule", ("power of a power", (("a", side), ("c", root), ("r", num(k)))))
    law.append(Proof("chain", (powers, field(side ** (num(k) * root), side))))
    return settling.chained(*law) or law[0]


def two_sides(form: Term) -> tuple[Term, Term, int] | None:
    """(N, D, k) with N − D = form, both without minus signs; k makes the exponents of single products whole, else it is 2."""
    try:
        parts = expand(form)
    except TooMany:
        return None
    roots = [k for m in parts for t, _ in m if (k := degree(t)) > 1]
    over, under = ({m: abs(c) for m, c in parts.items() if (c > 0) == up} for up in (True, False))
    if not roots or not over or not under or max(roots) > 6:
        return None
    return rebuild(over), rebuild(under), lcm(*roots) if len(over) == len(under) == 1 else 2


def under_a_line(t: Term, n: int) -> bool:
    """Whether the factor t^n is one over a power of a sum."""
    exponent = constant(t.args[1]) if t.op == "pow" else Fraction(1)
    return exponent is not None and exponent * n < 0 and (t.args[0] if t.op == "pow" else t).op == "add"


def logarithms(form: Term) -> tuple[Term, Term, int] | None:
    """(N, D, d) with ``form`` = (log N − log D)/d; None if it is not made so."""
    over: list[Term] = []
    under: list[Term] = []
    plain: dict[Monomial, Fraction] = {}
    logs: dict[Term, Fraction] = {}
    for m, c in expand(form).items():
        if len(m) == 1 and m[0][1] == 1 and m[0][0].op == "log":
            logs[m[0][0].args[0]] = c
        else:
            plain[m] = c
    if any(s.op in ("log", "xlog", "sum", "app") for m in plain for t, _ in m for s in subterms(t)):
        return None
    if any(degree(s) > 1 for m in plain for t, _ in m for s in subterms(t)):
        return None  # slopes of an exponential of a root lead nowhere
    if any(under_a_line(t, n) for m in plain for t, n in m):  # the slope is free of the logarithm as it is
        return None
    if not logs or any(abs(c.numerator) > 8 or c.denominator > 8 for c in logs.values()):
        return None
    scale = lcm(*(c.denominator for c in logs.values()))
    for argument, c in logs.items():
        n = int(abs(c) * scale)
        (over if c > 0 else under).append(argument if n == 1 else argument ** num(n))
    rest = rebuild({m: c * scale for m, c in plain.items()})
    if rest != ZERO:
        over.append(Term("exp", rest))
    over, under = over or [ONE], under or [ONE]
    product = lambda ts: ts[0] if len(ts) == 1 else Term("mul", *ts)  # noqa: E731
    return product(over), product(under), scale


def degree(t: Term) -> int:
    """k for a k-th root of what depends on a variable, or a power of one; 1 for any other term."""
    e = constant(t.args[1]) if t.op == "pow" else None
    return e.denominator if e is not None and free_names(t.args[0]) else 1


__all__ = ["by_exponent", "by_logarithm", "by_power"]
