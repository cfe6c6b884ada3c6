"""Mutants: statements and terms that differ from an original in one place, by the kind of the slip.

Every mutant is well-typed, differs from its original beyond the laws of a field, and comes once; their order is fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivations._kernel.algebra import Algebra
from derivations._kernel.domains import REAL, Scope, sort
from derivations._kernel.terms import BINDERS, ONE, STATEMENTS, ZERO, IllFormed, Term, num

Sizes = tuple[Term, ...]  #: of the binders above a place, the innermost last
Local = Callable[[Term, Sizes], Iterator[Term]]
TWO, HALF = num(2), num("1/2")
RELATIONS = ("eq", "le", "lt", "ne")


def places(t: Term, local: Local, sizes: Sizes = ()) -> Iterator[Term]:
    """``t`` with one of its subterms replaced by what ``local`` offers for it."""
    yield from local(t, sizes)
    last = len(t.args) - 1
    for k, child in enumerate(t.args):
        if type(child) is Term:
            deeper = (*sizes, t.args[0]) if t.op in BINDERS and k == last else sizes
            for new in places(child, local, deeper):
                yield put(t, k, new)


def put(t: Term, k: int, new: Term) -> Term:
    """``t`` with its argument number ``k`` replaced."""
    return Term(t.op, *t.args[:k], new, *t.args[k + 1 :])


def negated(t: Term) -> Term:
    """−t, without a double minus."""
    if t.op == "mul" and t.args[0] == num(-1):
        return t.args[1] if len(t.args) == 2 else Term("mul", *t.args[1:])
    return -t


def without(t: Term, k: int) -> Term:
    """A sum or product, or "and", without one of its parts."""
    rest = t.args[:k] + t.args[k + 1 :]
    return rest[0] if len(rest) == 1 else Term(t.op, *rest)


def sign(t: Term, _: Sizes) -> Iterator[Term]:
    """A sign the other way round."""
    for k, child in enumerate(t.args):
        if type(child) is Term and child != ZERO and t.op != "mul":
            yield put(t, k, negated(child))


def factor(t: Term, _: Sizes) -> Iterator[Term]:
    """A factor 2 or 1/2 too much, or a number or a size dropped from a product."""
    for k, child in enumerate(t.args):
        if type(child) is Term and child != ZERO and t.op != "mul":
            yield put(t, k, TWO * child)
            yield put(t, k, HALF * child)
        if t.op == "mul" and (child.op == "num" or (child.op == "pow" and child.args[0].op == "var")) and child != num(-1):
            yield without(t, k)


def order(t: Term, _: Sizes) -> Iterator[Term]:
    """Two arguments exchanged: of a function, of a quotient, of an inequality, of an implication."""
    if t.op == "app" and len(t.args) == 3:
        yield Term("app", t.args[0], *t.args[:0:-1])
    if t.op == "xlog":
        yield Term("xlog", t.args[0], t.args[2], t.args[1])
    if t.op in ("le", "lt"):
        yield Term(t.op, t.args[1], t.args[0], *t.args[2:])
    if t.op == "imp" or (t.op == "pow" and t.args[1].op != "num"):
        yield Term(t.op, *t.args[::-1])
    if t.op == "case":
        yield Term("case", *t.args[:2], *t.args[:1:-1])
    if t.op == "at" and len(t.args) == 3:
        yield Term("at", t.args[0], *t.args[:0:-1])
    if t.op == "mul" and any(a.op == "pow" and a.args[1] == num(-1) for a in t.args):
        yield t ** num(-1)


def dropped(t: Term, _: Sizes) -> Iterator[Term]:
    """An addend, a factor or a part of a conjunction left out."""
    if t.op in ("add", "mul", "and"):
        yield from (without(t, k) for k in range(len(t.args)))


def conclusion(t: Term, change: Callable[[Term], Iterator[Term]]) -> Iterator[Term]:
    """A statement with what it says "for all" and "if" about replaced."""
    if t.op in ("all", "imp"):
        yield from (put(t, 1, new) for new in conclusion(t.args[1], change))
    yield from change(t)


def strengthened(t: Term) -> Iterator[Term]:
    """A relation that says more: ≤ becomes < or =, = becomes < (says another thing), an equality case a wrong one."""

    def stronger(s: Term) -> Iterator[Term]:
        if s.op == "eq":
            yield Term("lt", *s.args)
            yield Term("lt", *s.args[::-1])
        if s.op == "le":
            yield Term("lt", *s.args[:2])
            yield Term("eq", *s.args[:2])
            yield from (put(s, 2, wrong) for case in s.args[2:] for wrong in places(case, factor))
        if s.op == "iff":
            yield Term("and", *s.args)
        if s.op == "imp":
            yield s.args[1]

    yield from conclusion(t, stronger)


def in_reach(scope: Scope, sizes: Sizes) -> list[tuple[Term, Term]]:
    """The indices that may be written at a place, each with its size."""
    free = [(Term("var", name), d.sizes[0]) for name, d in scope.domains if d.name == "Index"]
    return [(Term("bound", k), size) for k, size in enumerate(reversed(sizes))] + free


def index(scope: Scope) -> Local:
    """One occurrence of an index replaced by another one of the same size."""

    def local(t: Term, sizes: Sizes) -> Iterator[Term]:
        reach = in_reach(scope, sizes)
        of = dict(reach)
        for k, child in enumerate(t.args):
            if type(child) is Term and child in of:
                yield from (put(t, k, i) for i, size in reach if i != child and size == of[child])

    return local


def captured(scope: Scope) -> Local:
    """All of a bound index in a body taken for an index from outside, or one from outside for the bound one."""

    def local(t: Term, sizes: Sizes) -> Iterator[Term]:
        if t.op not in BINDERS:
            return
        size, body = t.args
        for i, other in in_reach(scope, (*sizes, size))[1:]:
            if other == size:
                yield Term(t.op, size, everywhere(body, Term("bound", 0), i))
                yield Term(t.op, size, everywhere(body, i, Term("bound", 0)))

    return local


def everywhere(t: Term, old: Term, new: Term) -> Term:
    """``t`` with one index put for another, in this binder and in those within."""
    if t == old:
        return new
    last = len(t.args) - 1
    up = [Term("bound", i.args[0] + 1) if i.op == "bound" else i for i in (old, new)]
    return t if not t.children else Term(t.op, *(
        a if type(a) is not Term else everywhere(a, *(up if t.op in BINDERS and k == last else (old, new)))
        for k, a in enumerate(t.args)
    ))  # fmt: skip


KINDS: dict[str, Callable[[Term, Scope], Iterator[Term]]] = {
    "sign": lambda t, scope: places(t, sign),
    "factor": lambda t, scope: places(t, factor),
    "index": lambda t, scope: places(t, index(scope)),
    "argument order": lambda t, scope: places(t, order),
    "dropped term": lambda t, scope: places(t, dropped),
    "relation strengthened": lambda t, scope: strengthened(t),
    "captured": lambda t, scope: places(t, captured(scope)),
}


def vanishing(t: Term) -> Term:
    """``t`` with 0·log(a/b) written as 0."""
    if t.op == "xlog" and t.args[0] == ZERO:
        return ZERO
    return t.rebuild(tuple(map(vanishing, t.children))) if t.children else t


def same(algebra: Algebra, a: Term, b: Term) -> bool:
    """Whether two terms or statements say the same by the laws of a field, word for word otherwise."""
    if a.op not in STATEMENTS and b.op not in STATEMENTS:
        return a == b or algebra.equal(vanishing(a), vanishing(b))
    if a.op != b.op or len(a.args) != len(b.args):
        return False
    if a.op in RELATIONS and algebra.equal(*(vanishing(s.args[0] - s.args[1]) for s in (a, b))):
        ratio = ONE.args[0]
    elif a.op in RELATIONS:
        ratio = algebra.ratio(*(vanishing(s.args[0] - s.args[1]) for s in (a, b)))
    else:
        return all(same(algebra, x, y) for x, y in zip(a.args, b.args, strict=True))
    fits = ratio is not None and (ratio > 0 or a.op in ("eq", "ne"))
    return fits and all(same(algebra, x, y) for x, y in zip(a.args[2:], b.args[2:], strict=True))


def mutants(t: Term, scope: Scope, kind: str) -> list[Term]:
    """The mutants of a kind of the statement or term ``t``."""
    algebra, want = Algebra(), sort(t, scope)
    if want == REAL:  # a statement around it lets the whole of it be mutated
        return [m.args[0] for m in mutants(Term("infinite", t), scope, kind)]
    found: list[Term] = []
    for new in dict.fromkeys(KINDS[kind](t, scope)):
        try:
            if sort(new, scope) == want and not any(same(algebra, new, old) for old in (t, *found)):
                found.append(new)
        except IllFormed:
            continue
    return found


def spread(items: list[Term], count: int) -> list[Term]:
    """At most ``count`` of the items, from all parts of the list."""
    return [items[k * len(items) // count] for k in range(count)] if len(items) > count else items


__all__ = ["KINDS", "everywhere", "in_reach", "mutants", "places", "put", "same", "spread", "without"]
