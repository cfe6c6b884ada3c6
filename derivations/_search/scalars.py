"""0 ≤ Σ f(p_i, q_i) because 0 ≤ f(x, y) for numbers x and y: a lemma that calculus proves, cited at the entries.

Calculus speaks of variables, not of entries. Where f is homogeneous, f(p, q) = q^d f(p/q, 1), the lemma is about one number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import combinations, islice

from derivations._kernel.check import Checked, Claim, Kernel, Proof, check
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.order import Order
from derivations._kernel.terms import ONE, ZERO, Term, closed, num, opened, replaced, substitute, subterms, var

from . import looks, roots, settling
from .equation import NotFound
from .numbers import by_numbers
from .polynomial import lean
from .remains import above_zero
from .strong import Strong
from .termwise import gathered
from .weighing import FAILURES

MOST_ENTRIES, MOST_TRIES, LARGEST = 2, 2, 200
DEGREES = (1, 0, 2)
Parts = list[tuple[Term, Proof]]


def by_scalars(kernel: Kernel, scope: Scope, t: Term) -> Parts:
    """Parts of a combination that show 0 ≤ t."""
    if not hasattr(kernel.library, "keep"):
        raise NotFound("no lemma can be kept")
    search = Strong(kernel)
    normal = search.together([t], scope)[0][0]
    outside, bodies = gathered(normal)
    if len(bodies) != 1:
        raise NotFound("not one sum")
    ((size, body),) = bodies.items()
    name = scope.fresh()
    inner = scope.declaring(name, Domain("Index", (size,)))
    at = looks.points(inner)
    good = (f for f in spread(search, scope, size, body, outside, name) if looks.never_negative(f, at))
    for f in islice(good, MOST_TRIES):
        with suppress(*FAILURES):
            plain, steps = search.together([f], inner)[0]
            view = settling.cancelled(kernel, plain)
            same = settling.chained(settling.rewriting(f, steps), None if plain == view else Proof("field", (plain, view)))
            parts = ((ONE, by_lemma(search, inner, view)), *([(num(-1), same)] if same is not None else []))
            below = above_zero(size, Proof("weaken", (Proof("combine", (ZERO, f, parts)),)))
            equal = settling.zero(search, scope, t - Term("sum", size, closed(f, name)))
            return [(ONE, below), (num(-1), equal)]
    raise NotFound("no lemma about the terms was found")


def spread(search: Strong, scope: Scope, size: Term, body: Term, outside: Term, name: str) -> Iterator[Term]:
    """The body of the sum with what stands outside, times a distribution or a mean of two, or with no slope where p = q."""
    body = opened(body, var(name))
    entries = [opened(t.args[1], var(name)) for t in settling.totals(scope) if t.args[0] == size]
    if outside == ZERO:
        yield body
    else:
        yield from (lean(body + outside * p) for p in entries)
    for p, q in combinations(entries, 2):
        if outside != ZERO:
            yield lean(body + outside * num(Fraction(1, 2)) * (p + q))
        with suppress(*FAILURES):
            whole = body + outside * p
            yield lean(whole + slope_at_equal(scope, whole, p, q) * (q - p))


def slope_at_equal(scope: Scope, t: Term, p: Term, q: Term) -> Term:
    """The derivative of t in p where p = q = 1; only a proposal."""
    x = var("x")
    line = scope.declaring("x", Domain("Positive"))
    put = replaced(t, lambda s, _: x if s == p else ONE if s == q else None)
    slope, _ = Strong(Kernel()).together([Term("deriv", put, x)], line)[0]
    value, _ = Strong(Kernel()).together([substitute(slope, {"x": ONE})], scope)[0]
    if value.size > 12:
        raise NotFound("no plain slope")
    return value


def by_lemma(search: Strong, scope: Scope, t: Term) -> Proof:
    """0 ≤ t for a term t in a few entries."""
    entries = atoms(search.kernel.order(scope), t)
    if not 0 < len(entries) <= MOST_ENTRIES or t.size > LARGEST:
        raise NotFound("not a function of a few entries")
    positive = all(search.kernel.order(scope).sign(e) == {1} for e in entries)
    if len(entries) == 2 and positive and (degree := homogeneous(scope, t, entries)) is not None:
        return by_ratio(search, scope, t, (entries[0], entries[1]), degree)
    names = {e: var(f"x{k}") for k, e in enumerate(entries)}
    domains = [(names[e].args[0], scalar(search.kernel.order(scope), e)) for e in entries]
    put = replaced(t, lambda s, _: names.get(s))
    return cited(search.kernel, Scope(tuple(domains)), put, {names[e].args[0]: e for e in entries})


def by_ratio(search: Strong, scope: Scope, t: Term, entries: tuple[Term, Term], degree: int) -> Proof:
    """f(p, q) = q^d f(p/q, 1)."""
    p, q = entries
    x = var("x0")
    line = Scope(((x.args[0], Domain("Positive")),))
    put = replaced(t, lambda s, _: x if s == p else ONE if s == q else None)
    view = settling.cancelled(search.kernel, Strong(Kernel()).together([put], line)[0][0])
    lemma = cited(search.kernel, line, view, {x.args[0]: p / q})
    at = search.kernel.derive(lemma, scope).args[1]
    front = q ** num(degree)
    equal = by_order(search, scope, t, front * at, (p, q))
    proof = Proof("combine", (ZERO, t, ((front, lemma), (num(-1), equal))))
    search.kernel.derive(proof, scope)
    return Proof("weaken", (proof,))


def by_order(search: Strong, scope: Scope, a: Term, b: Term, entries: tuple[Term, Term]) -> Proof:
    """a = b; where there are absolute values, for p ≤ q and for q ≤ p."""
    if not any(s.op in ("abs", "max") for s in subterms(a)):
        return roots.equal(search.kernel, scope, a, b)
    (p, q), cases = entries, []
    for low, high in ((p, q), (q, p)):
        inner = scope.assuming(Term("le", low, high))
        case = Proof("hypothesis", (len(scope.hypotheses),))
        known = Proof("combine", (*(t / q if t == p else ONE for t in (low, high)), ((q ** num(-1), case),)))
        ratio = inner.assuming(search.kernel.derive(known, inner))
        cases.append(Proof("given", (known, settling.equation(search, ratio, a, b))))
    return Proof("order_cases", (p, q, *cases))


def cited(kernel: Kernel, line: Scope, t: Term, values: dict[str, Term]) -> Proof:
    """The lemma 0 ≤ t about numbers, proved, kept, and cited for these values."""
    proof = by_numbers(Kernel(kernel.library), line, ZERO, t)
    theorem: Checked = check(Claim(line, Term("le", ZERO, t)), Proof("weaken", (proof,)), kernel.library)
    label: str = kernel.library.keep(theorem)  # type: ignore[attr-defined]
    return Proof("cite", (label, tuple(sorted(values.items())), ()))


def atoms(order: Order, t: Term) -> list[Term]:
    """The entries and numbers which a term is a function of; :class:`NotFound` if it has sums or indices in it."""
    if any(s.op in ("sum", "prod", "top", "delta", "app", "deriv") for s in subterms(t)):
        raise NotFound("not a function of entries")
    return sorted({s for s in subterms(t) if is_number(order, s)}, key=repr)


def is_number(order: Order, s: Term) -> bool:
    """Whether it is a variable that is a number, or an entry."""
    domain = order.domain(s.args[0] if s.op == "at" else s) if s.op in ("at", "var") else None
    return domain is not None and domain.name != "Index" and len(domain.sizes) == (len(s.args) - 1 if s.op == "at" else 0)


def scalar(order: Order, entry: Term) -> Domain:
    """An open interval that holds an entry, if there is one."""
    domain = order.domain(entry.args[0] if entry.op == "at" else entry)
    assert domain is not None
    if domain.kind.whole or domain.name in ("Real", "Positive", "Probability", "Nonnegative"):
        return Domain(domain.name)
    return Domain("Positive" if order.sign(entry) == {1} else "Nonnegative" if order.sign(entry) <= {0, 1} else "Real")


def homogeneous(scope: Scope, t: Term, entries: list[Term]) -> int | None:
    """d with f(2p, 2q) = 2^d f(p, q), as far as was seen, for positive p and q."""
    two = replaced(t, lambda s, _: num(2) * s if s in entries else None)
    at = looks.points(scope)
    for d in DEGREES:
        if at and not looks.signs(two - num(2**d) * t, at):
            return d
    return None


__all__ = ["by_scalars"]
