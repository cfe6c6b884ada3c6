"""Sums of squares, and inequalities between logarithms carried over to the numbers themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import permutations

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, closed, num, opened, subterms, var

from . import settling
from .equation import NotFound
from .looks import NoValue, never_negative, points, value
from .polynomial import expand, monomial, product_of
from .remains import above_zero, nonnegative
from .settling import cancelled
from .strong import Strong

Square = tuple[Term, Term, Term, Term, Term]  #: size, weight, value, mean, scale


def by_squares(kernel: Kernel, scope: Scope, a: Term, b: Term) -> Proof:
    """b − a is s·Σ w (x − M)² and something that is not negative: a variance is ≥ 0."""
    search, at = Strong(kernel), points(scope)
    if not never_negative(b - a, at):
        raise NotFound("it does not hold at every point")
    normal = search.together([b - a], scope)[0][0]
    name = scope.fresh()
    for size, weight, x, mean, scale in _candidates(search, scope, normal, name):
        body = weight * (x - mean) ** num(2)
        whole = Term("sum", size, closed(body, name))
        rest = b - a - scale * whole
        if not never_negative(rest, at):
            continue
        try:
            square = Proof("weaken", (Proof("sign", (body,)),))
            proof = Proof("combine", (a, b, ((scale, above_zero(size, square)), *nonnegative(search, scope, rest))))
            kernel.derive(proof, scope)
            return proof
        except (NotFound, Refused, IllFormed):
            continue
    raise NotFound("no sum of squares was found")


def _candidates(search: Strong, scope: Scope, normal: Term, name: str) -> Iterator[Square]:
    kernel, i = search.kernel, var(name)
    for m, c in expand(normal).items():
        squares = [f for f, e in m if f.op == "sum" and e == 2]
        if c >= 0 or not squares or any(e % 2 for f, e in m if f is not squares[0]):
            continue
        size, body = squares[0].args
        front = product_of(monomial({f: e // 2 for f, e in m if f is not squares[0]}))
        mean, part = front * squares[0], front * opened(body, i)
        for weight in _weights(scope, size, part, name):
            x = cancelled(kernel, part / weight)
            yield size, weight, x, mean, num(-c)
    for s, t in permutations(settling.totals(scope), 2):
        if s.args[0] == t.args[0]:
            weight, x = opened(s.args[1], i), opened(t.args[1], i)
            yield s.args[0], weight, x / weight, ONE, ONE
    for s in settling.totals(scope):
        size = s.args[0]
        yield size, size ** num(-1), opened(s.args[1], i), size ** num(-1), size


def _weights(scope: Scope, size: Term, part: Term, name: str) -> Iterator[Term]:
    for s in settling.totals(scope):
        if s.args[0] == size:
            yield opened(s.args[1], var(name))
    yield size ** num(-1)
    exps = [f for m in expand(part) for f, e in m if f.op == "exp" and e == 1 and name in repr(f)]
    for f in exps:
        yield f / Term("sum", size, closed(f, name))


Prover = Callable[[Kernel, Scope, Term], Proof]


def by_logarithms(kernel: Kernel, scope: Scope, goal: Term, prove: Prover, positive: Prover) -> Proof:
    """a ≤ b for positive a and b, because log a ≤ log b, as they stand or in normal form."""
    with suppress(NotFound, Refused, IllFormed):
        return _by_logarithms(kernel, scope, goal, prove, positive)
    search = Strong(Kernel(kernel.library))
    ends = [end for end, _ in search.together(list(goal.args[:2]), scope)]
    if tuple(ends) == goal.args[:2] or not any(s.op == "exp" for t in ends for s in subterms(t)):
        raise NotFound("the logarithms are not compared")
    between = _by_logarithms(kernel, scope, Term(goal.op, *ends), prove, positive)
    first, last = (settling.joined(search, scope, *pair) for pair in zip(goal.args[:2], ends, strict=True))
    proof = settling.chained(first, between, settling.back(last))
    assert proof is not None
    kernel.derive(proof, scope)
    return proof


def _by_logarithms(kernel: Kernel, scope: Scope, goal: Term, prove: Prover, positive: Prover) -> Proof:
    """The same for the sides as they stand; ``positive`` shows what is not decided to be positive."""
    a, b = goal.args[:2]
    if not any(t.op in ("exp", "pow", "prod", "sum", "mul") for t in (a, b)):
        raise NotFound("nothing to take a logarithm of")
    for t in (a, b):
        above = Term("lt", ZERO, t)
        if kernel.order(scope).undefined(Term("log", t)) is not None:
            if above in scope.hypotheses or not all(p > 0 for p in _values(t, scope)):
                raise NotFound("one of the sides may not be positive")
            shown = positive(kernel, scope, above)
            return Proof("given", (shown, _by_logarithms(kernel, scope.assuming(above), goal, prove, positive)))
    links = []
    for t in (a, b):
        links.append(Proof("rule", ("exponential of a logarithm", (("a", t),))))
    between = prove(kernel, scope, Term(goal.op, Term("log", a), Term("log", b)))
    proof = Proof("chain", (Proof("symmetry", (links[0],)), Proof("monotone", ("exp", between)), links[1]))
    kernel.derive(proof, scope)
    return proof


def by_squaring(kernel: Kernel, scope: Scope, goal: Term, prove: Prover) -> Proof:
    """a ≤ b for a, b ≥ 0, one of them a multiple of a root, because a² ≤ b²."""
    sides, order, half = goal.args[:2], kernel.order(scope), num(Fraction(1, 2))
    if not any(s.op == "sum" for t in sides for s in subterms(t)):
        raise NotFound("a matter of numbers")
    (plain, down), (other, up) = (_squared(t) for t in sides)
    if not down and not up:
        raise NotFound("no root is a factor of a side")
    if not all(order.sign(t) <= {0, 1} for t in sides):
        raise NotFound("one of the sides may be negative")
    between, (low, high) = prove(kernel, scope, Term(goal.op, plain, other)), (t ** num(2) for t in sides)
    parts = ((ONE, between), *down, *((-c, equal) for c, equal in up))
    squares = Proof("combine", (low, high, parts))
    links = []
    for t in sides:
        powers = Proof("rule", ("power of a power", (("a", t), ("c", half), ("r", num(2)))))
        links.append(Proof("chain", (powers, Proof("field", (t ** (num(2) * half), t)))))
    proof = Proof("chain", (Proof("symmetry", (links[0],)), Proof("monotone", ("pow", squares, half)), links[1]))
    kernel.derive(proof, scope)
    return proof


def _squared(t: Term) -> tuple[Term, list[tuple[Term, Proof]]]:
    """The square of a product without the roots in it, and parts that add up to it minus the square as it stands."""
    factors, half = list(t.args if t.op == "mul" else (t,)), num(Fraction(1, 2))
    squares, parts = [f ** num(2) for f in factors], []
    for k, f in enumerate(factors):
        if f.op == "pow" and f.args[1] == half:
            others = Term("mul", ONE, ONE, *squares[:k], *squares[k + 1 :])
            law = Proof("rule", ("powers of a base that may be zero", (("a", f.args[0]), ("c", half), ("r", half))))
            parts.append((others, law))
            squares[k] = f.args[0]
    return Term("mul", ONE, *squares), parts


def _values(t: Term, scope: Scope) -> Iterator[float]:
    """The values of a term at a few points."""
    for point in points(scope):
        with suppress(NoValue):
            yield value(t, point)


__all__ = ["by_logarithms", "by_squares", "by_squaring"]
