"""0 ≤ A log g + B because 0 ≤ ±(log g + B/A), whose derivative has no logarithm in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from derivations._kernel.check import Proof
from derivations._kernel.domains import Scope, mentions
from derivations._kernel.terms import Term, free_names, num, subterms, var

from . import looks, settling
from .bounds import FAILURES, Bounds
from .polynomial import TooMany, expand, monomial, product_of, sum_of
from .propose import zeros


def by_lone_logarithm(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """The one logarithm in f is freed of its coefficient, where that has a sign, or on both sides of where it has none."""
    if depth <= 1:
        return
    for form, proof in search.forms(scope, f)[:1]:
        with suppress(*FAILURES):
            log, over, rest = parted(form)
            if over.op == "num":
                continue
            over = settling.cancelled(search.kernel, over)
            sign = search.kernel.order(scope).sign(over)
            if sign <= {0, 1} or sign <= {-1, 0}:
                yield freed(search, scope, f, (form, proof), (log, over, rest), depth)
                continue
            for name in sorted(free_names(over)):
                yield from on_both_sides(search, scope, f, over, var(name), depth)


def parted(form: Term) -> tuple[Term, Term, Term]:
    """The logarithm, its coefficient, and the rest; :class:`TooMany` where there is not just one."""
    parts = expand(form)
    logs = {t for m in parts for t, _ in m if t.op in ("log", "xlog")}
    if len(logs) != 1 or any(e != 1 for m in parts for t, e in m if t in logs):
        raise TooMany
    (log,) = logs
    over = sum_of([product_of(monomial({t: e for t, e in m if t != log}), c) for m, c in parts.items() if log in dict(m)])
    rest = sum_of([product_of(m, c) for m, c in parts.items() if log not in dict(m)])
    if log.op == "xlog" or any(s.op in ("log", "xlog", "sum", "app") for t in (over, rest) for s in subterms(t)):
        raise TooMany
    return log, over, rest


def freed(
    search: Bounds, scope: Scope, f: Term, form: tuple[Term, Proof | None], parts: tuple[Term, Term, Term], depth: int
) -> Proof:
    """0 ≤ A (log g + B/A)."""
    log, over, rest = parts
    h = log + settling.cancelled(search.kernel, rest / over)
    if not search.kernel.order(scope).sign(over) <= {0, 1}:
        h, over = -h, -over
    shown = search.nonnegative(scope, h, depth - 1)
    return search.replaced(f, ((over, shown), (num(-1), Proof("field", (form[0], over * h)))), form[1])


def on_both_sides(search: Bounds, scope: Scope, f: Term, over: Term, x: Term, depth: int) -> Iterator[Proof]:
    """0 ≤ f for x ≤ c and for x ≥ c, where the coefficient is zero at c."""
    for c in zeros(search.kernel, over, x)[:2]:
        sides = [Term("le", x, c), Term("le", c, x)]
        if any(mentions(h, x.args[0]) for h in scope.hypotheses) or len(looks.signs(x - c, looks.points(scope, f, c))) < 2:
            continue
        with suppress(*FAILURES):
            cases = []
            for side in sides:
                inner = scope.assuming(side)
                if not any(search.kernel.order(inner).sign(over) <= s for s in ({0, 1}, {-1, 0})):
                    break
                cases.append(Proof("weaken", (search.nonnegative(inner, f, depth),)))
            else:
                yield Proof("order_cases", (x, c, *cases))


__all__ = ["by_lone_logarithm"]
