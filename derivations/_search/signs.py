"""0 ≤ f because a form of f has a decided sign, as it stands, as a square, or but for one factor."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, ZERO, Term, num

from .bounds import FAILURES, Bounds
from .normalise import field
from .polynomial import sum_of, tidy


def by_form(search: Bounds, scope: Scope, f: Term, _: int) -> Iterator[Proof]:
    """A form of f has a decided sign."""
    for form, proof in search.forms(scope, f):
        sign = search.kernel.order(scope).sign(form)
        if sign <= {0, 1}:  # a zero is said as form = 0, the other way round
            yield search.replaced(f, ((num(-1) if sign <= {0} else ONE, Proof("sign", (form,))),), proof)
        square = completed(search.kernel, form) if form.op == "add" else None
        if square is not None and search.kernel.order(scope).sign(square) <= {0, 1} and square != ZERO:
            yield search.replaced(f, ((ONE, Proof("sign", (square,))), (num(-1), field(form, square))), proof)


def by_factor(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """All factors but one have a decided sign, and that one is shown to have one."""
    if depth <= 0:
        return
    order = search.kernel.order(scope)
    for form, proof in search.forms(scope, f):
        known: list[Term] = []
        unknown: list[Term] = []
        for factor in form.args if form.op == "mul" else (form,):
            sign = order.sign(factor)
            (known if sign <= {0, 1} or sign <= {0, -1} else unknown).append(factor)
        if len(unknown) != 1 or not known:
            continue
        (h,) = unknown
        rest = Term("mul", *known) if len(known) > 1 else known[0]
        if h.op == "pow" and h.args[1] == num(-1):  # 1/h has the sign of h
            h, rest = h.args[0], Term("mul", rest, h.args[0] ** num(-2))
        down = order.sign(rest) <= {0, -1} and not order.sign(rest) <= {0, 1}
        h, rest = (-h, -rest) if down else (h, rest)
        try:
            part = search.nonnegative(scope, h, depth)  # it is smaller: no depth is spent
        except FAILURES:
            continue
        yield search.replaced(
            f, ((rest, part), (num(-1), field(form, rest * h))) if form != rest * h else ((rest, part),), proof
        )


def by_hypotheses(search: Bounds, scope: Scope, f: Term, _: int) -> Iterator[Proof]:
    """f is a sum of what one or two hypotheses say is ≥ 0, and of something of a decided sign."""
    known = [(k, h.args[1] - h.args[0]) for k, h in enumerate(scope.hypotheses) if h.op in ("le", "lt")]
    single = [((num(c), k, t),) for k, t in known for c in (1, 2)]
    pairs = [(a, b) for a, b in combinations(single, 2) if a[0][1] != b[0][1]]
    for used in (*single, *((*a, *b) for a, b in pairs[:24])):
        rest = f
        for c, _, t in used:
            rest = rest - c * t
        rest = tidy(rest)
        parts = [(c, Proof("hypothesis", (k,))) for c, k, _ in used]
        if rest == ZERO:
            yield search.replaced(f, tuple(parts), None)
        elif search.kernel.order(scope).sign(rest) <= {0, 1}:
            yield search.replaced(f, (*parts, (ONE, Proof("sign", (rest,)))), None)


def completed(kernel: Kernel, form: Term) -> Term | None:
    """c·(x + r)² + rest for a polynomial that is quadratic in some part x with a number c > 0 before x²."""
    numerator, denominator = kernel.algebra.quotient(form)
    if denominator != {(): Fraction(1)}:
        return None
    for k in {atom for m in numerator for atom, _ in m}:
        degree = max(dict(m).get(k, 0) for m in numerator)
        leading = {m: c for m, c in numerator.items() if dict(m).get(k) == 2}
        if degree != 2 or list(leading) != [((k, 2),)]:
            continue
        c = leading[((k, 2),)]
        if c <= 0:
            continue
        linear = {tuple(e for e in m if e[0] != k): x / (2 * c) for m, x in numerator.items() if dict(m).get(k) == 1}
        half = _polynomial(kernel, linear)
        constant = _polynomial(kernel, {m: x for m, x in numerator.items() if k not in dict(m)})
        rest = constant - num(c) * half ** num(2)
        rest = tidy(rest)
        square = num(c) * (kernel.algebra.atoms[k] + half) ** num(2)
        return square if rest == ZERO else square + (completed(kernel, rest) or rest)
    return None


def _polynomial(kernel: Kernel, p: dict[tuple[tuple[int, int], ...], Fraction]) -> Term:
    return sum_of([Term("mul", num(c), ONE, *(kernel.algebra.atoms[k] ** num(n) for k, n in m)) for m, c in p.items()])


__all__ = ["by_factor", "by_form", "by_hypotheses"]
