"""0 ≤ f by w log w − w log v − w + v ≥ 0, at the v that fits best; for strict bounds of log v, at the root of v."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

from derivations._kernel.check import Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, Term, num, subterms

from . import settling
from .bounds import FAILURES, Bounds
from .inequality import POINTWISE
from .polynomial import Expansion, expand, monomial, rebuild

HALF = num(Fraction(1, 2))


def by_least_entropy(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = c·w log w + a·w + r with c > 0: w log w is above its tangent where c·w log w + a·w is least, at e^{−1−a/c}."""
    if depth <= 0 or POINTWISE not in search.kernel.library:
        return
    for form, proof in search.forms(scope, f)[:2]:
        with suppress(*FAILURES):
            for w, c, a in weighted(expand(form)):
                if search.kernel.order(scope).sign(c) <= {1}:
                    v = Term("exp", search.normal(scope, num(-1) - a / c))
                    yield from lowered(search, scope, f, (form, proof), (c, w, v), depth)


def by_root_of_logarithm(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """0 < f = r − c log v with c > 0, because log v = 2 log √v ≤ 2√v − 2, which is less than v − 1 but for v = 1."""
    if depth <= 1 or not search.strict or POINTWISE not in search.kernel.library:
        return
    for form, proof in search.forms(scope, f)[:2]:
        with suppress(*FAILURES):
            parts = expand(form)
            line = rebuild({m: c for m, c in parts.items() if len(m) == 1 and m[0][1] == 1 and is_real(scope, m[0][0])})
            for m, c in parts.items():
                if c < 0 and len(m) == 1 and m[0][1] == 1 and m[0][0].op == "log":
                    v = m[0][0].args[0]
                    shifted = [search.normal(scope, v * Term("exp", num(1 / c) * line))] if line != num(0) else []
                    for argument in (v, *shifted):  # c log v − x is c log(v e^{−x/c})
                        yield from lowered(search, scope, f, (form, proof), (num(-2 * c), ONE, argument**HALF), depth)


def is_real(scope: Scope, t: Term) -> bool:
    """Whether a factor is a variable, or an entry of one, that is any real number."""
    name = t.args[0] if t.op == "at" else t
    return t.op in ("var", "at") and name.op == "var" and scope.domain(name.args[0]).name == "Real"


def weighted(parts: Expansion) -> list[tuple[Term, Term, Term]]:
    """(w, c, a): a sum is c·w log w + a·w + something else, and c and a have no w in them."""
    found: list[tuple[Term, Term, Term]] = []
    for log in dict.fromkeys(t for m in parts for t, n in m if n == 1 and t.op in ("log", "xlog")):
        w = log.args[0]
        if w.op not in ("var", "at") or (log.op == "xlog" and log.args[1:] != (w, ONE)):
            continue
        least = 1 if log.op == "log" else 0
        of_log = {monomial({**dict(m), log: 0, w: dict(m).get(w, 0) - least}): c for m, c in parts.items() if dict(m).get(log)}
        of_w = {monomial({**dict(m), w: 0}): c for m, c in parts.items() if dict(m).get(w) == 1 and not dict(m).get(log)}
        of_w = {m: c for m, c in of_w.items() if not any(s == w for t, _ in m for s in subterms(t))}
        if not any(s == w for m in of_log for t, _ in m for s in subterms(t)):
            found.append((w, rebuild(of_log), rebuild(of_w)))
    return found


def lowered(
    search: Bounds, scope: Scope, f: Term, form: tuple[Term, Proof | None], at: tuple[Term, Term, Term], depth: int
) -> Iterator[Proof]:
    """0 ≤ f from c·(w log w − w log v − w + v) ≥ 0 and what f exceeds it by."""
    c, w, v = at
    below = Proof("cite", (POINTWISE, (("v", v), ("w", w)), ()))
    with suppress(*FAILURES):
        bound = search.kernel.derive(below, scope).args[1]
        rest = search.normal(scope, form[0] - c * bound)
        parts = [(c, below), (num(-1), settling.equation(search.strong, scope, form[0] - c * bound, rest))]
        if rest != num(0):
            parts.insert(1, (ONE, search.nonnegative(scope, rest, depth - 1)))
        yield search.replaced(f, tuple(parts), form[1])


__all__ = ["by_least_entropy", "by_root_of_logarithm"]
