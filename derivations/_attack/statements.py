"""False statements from true ones: the mistakes of this field, beyond the slips of :mod:`.slips`.

Each is true somewhere and so survives a look at an example: at one class, at two, up to three, for one-hot labels, in
another unit, to twelve digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from derivations._kernel.domains import Scope
from derivations._kernel.terms import BINDERS, ONE, ZERO, Term, lift, num, opened, subterms, var

from .slips import KINDS, Local, Sizes, captured, in_reach, index, places, put

LOG_TWO = Term("log", num(2))
TINY = num("1/1000000000000")
SOFT = ("Simplex", "OpenSimplex", "UnitInterval", "Probability", "Nonnegative", "Positive")


def sizes_of(scope: Scope) -> list[Term]:
    """The sizes declared."""
    return [var(name) for name, d in scope.domains if d.name == "Size"]


def parts(t: Term) -> Iterator[tuple[int, Term]]:
    """The arguments that may be numbers and are not 0, each with its place."""
    if t.op not in ("at", "of", "delta", "app", "mul", "all", "imp", "iff", "and"):
        for k, child in enumerate(t.args):
            if type(child) is Term and child != ZERO and not (t.op in BINDERS and k == 0) and not (t.op == "deriv" and k == 1):
                yield k, child


def off_by_one(scope: Scope) -> Local:
    """A size one too large or too small, a sum over another size, an entry left out or counted twice, the next label."""
    sizes = sizes_of(scope)

    def local(t: Term, above: Sizes) -> Iterator[Term]:
        for k, child in enumerate(t.args):
            if child in sizes and not (t.op in BINDERS and k == 0):
                yield put(t, k, child - ONE)
                yield put(t, k, child + ONE)
            if t.op == "at" and k and child.op == "num":
                yield put(t, k, num(child.args[0] + 1))
                yield put(t, k, num(child.args[0] - 1))
        if t.op in BINDERS:
            yield from (put(t, 0, size) for size in sizes if size != t.args[0])
        yield from entry_slips(t, above, scope)

    return local


def entry_slips(t: Term, above: Sizes, scope: Scope) -> Iterator[Term]:
    """A sum or product without one of its entries, or with one of them twice."""
    if t.op not in ("sum", "prod"):
        return
    for i, size in in_reach(scope, above):
        if size == t.args[0]:
            missing, at = Term("delta", Term("bound", 0), lift(i, 1)), opened(t.args[1], i)
            yield put(t, 1, (ONE - missing) * t.args[1]) if t.op == "sum" else put(t, 1, t.args[1] ** (ONE - missing))
            yield t + at if t.op == "sum" else t * at


def with_another_index(t: Term, local: Local) -> Iterator[Term]:
    """Slips of indices; with "for all k" put before the statement, they can be made where no other index is in reach."""
    yield from places(t, local)
    for size in dict.fromkeys(s.args[0] for s in subterms(t) if s.op in BINDERS and not s.args[0].loose):
        for new in places(lift(t, 1), local, (size,)):
            if new != lift(t, 1):
                yield Term("all", size, new)


def unit(t: Term, _: Sizes) -> Iterator[Term]:
    """One logarithm, entropy or divergence in bits among others in nats."""
    for k, child in enumerate(t.args):
        if type(child) is Term and (child.op in ("log", "xlog") or (child.op == "app" and child.args[0] in ("H", "CE", "D"))):
            yield put(t, k, child / LOG_TWO)
            yield put(t, k, LOG_TWO * child)


def two_classes(scope: Scope) -> Local:
    """A factor that is 1 for two classes: K − 1, K/2."""

    def local(t: Term, _: Sizes) -> Iterator[Term]:
        for k, child in parts(t):
            for size in sizes_of(scope):
                yield put(t, k, (size - ONE) * child)
                yield put(t, k, num("1/2") * size * child)

    return local


def distinct(size: Term) -> Term:
    """The number of ways to choose four different indices over 1…size: a sum of products that vanish up to three."""
    factors = [ONE - Term("delta", Term("bound", i), Term("bound", j)) for i, j in combinations(range(4), 2)]
    body = Term("mul", *factors)
    for _ in range(4):
        body = Term("sum", size, body)
    return body


def three_classes(scope: Scope, *, sums: bool) -> Local:
    """A term that is 0 up to three classes: (K−1)(K−2)(K−3), and the sum over four different indices."""

    def local(t: Term, _: Sizes) -> Iterator[Term]:
        for k, child in parts(t):
            for size in sizes_of(scope):
                for extra in (Term("mul", *(size - num(c) for c in (1, 2, 3))), *([distinct(size)] if sums else [])):
                    yield put(t, k, child + extra)
                    yield put(t, k, child - extra)

    return local


def constant(t: Term, _: Sizes) -> Iterator[Term]:
    """A number off by 10⁻¹², added or as a factor."""
    for k, child in parts(t):
        yield put(t, k, child + TINY)
        yield put(t, k, child - TINY)
        yield put(t, k, (ONE + TINY) * child)
    for k, child in enumerate(t.args):
        if type(child) is Term and child.op == "num" and t.op in ("add", "mul", "pow", "eq", "le", "lt", "ne"):
            yield put(t, k, num(child.args[0] + TINY.args[0]))


def one_hot_fact(scope: Scope) -> Local:
    """y² = y, used of a label that is soft: at one of its places, a probability is replaced by its square."""

    def local(t: Term, _: Sizes) -> Iterator[Term]:
        for k, child in enumerate(t.args):
            if type(child) is Term and not (t.op == "deriv" and k == 1) and t.op != "tends":
                vector = child.args[0] if child.op == "at" else child
                if vector.op == "var":
                    domain = scope.domain(vector.args[0])
                    soft = domain.name in SOFT and (child.op == "at" or not domain.sizes)
                else:
                    soft = vector.op == "of" and child.op == "at"
                if soft:
                    yield put(t, k, child * child)

    return local


def other_variable(scope: Scope) -> Local:
    """One occurrence of a variable replaced by another one of its sort."""

    def local(t: Term, _: Sizes) -> Iterator[Term]:
        for k, child in enumerate(t.args):
            if type(child) is Term and child.op == "var" and scope.domain(child.args[0]).name not in ("Size", "Index"):
                mine = scope.domain(child.args[0]).sizes
                for name, d in scope.domains:
                    if d.sizes == mine and d.name not in ("Size", "Index", "Family") and name != child.args[0]:
                        yield put(t, k, var(name))

    return local


#: Kinds of false statements: those of :mod:`.slips`, and the ones above.
STATEMENT_KINDS: dict[str, Callable[[Term, Scope], Iterator[Term]]] = {
    **KINDS,
    "variable": lambda t, scope: places(t, other_variable(scope)),
    "index": lambda t, scope: with_another_index(t, index(scope)),
    "captured": lambda t, scope: with_another_index(t, captured(scope)),
    "off by one": lambda t, scope: with_another_index(t, off_by_one(scope)),
    "base or unit": lambda t, scope: places(t, unit),
    "true for two classes": lambda t, scope: places(t, two_classes(scope)),
    "true up to three classes": lambda t, scope: places(t, three_classes(scope, sums=t.op == "eq")),
    "off by 1e-12": lambda t, scope: places(t, constant),
    "one-hot fact": lambda t, scope: places(t, one_hot_fact(scope)),
}

__all__ = ["STATEMENT_KINDS"]
