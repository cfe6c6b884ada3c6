"""Bits and deltas: f(b) = f(0) + b (f(1) − f(0)) for a bit b, and δ_ik f(i) = δ_ik f(k)."""

from __future__ import annotations

from collections.abc import Callable

from derivations._kernel.check import Proof
from derivations._kernel.domains import Scope
from derivations._kernel.order import Order
from derivations._kernel.terms import ONE, ZERO, Term, closed, opened, replaced, subterms, var

from .hypotheses import by_hypotheses
from .maxima import absolute
from .monomials import bits, powers
from .polynomial import monomial, product_of, single
from .trail import Handler, Trail, field, rule

FUNCTIONS = ("exp", "log", "pow", "abs", "max")


def is_bit(order: Order, t: Term) -> bool:
    """Whether ``t`` is a bit, an entry of a vector of bits, or an entry of a one-hot vector."""
    domain = order.domain(t.args[0] if t.op == "at" else t) if t.op in ("at", "var") else None
    return domain is not None and domain.kind.whole and domain.kind.high == 1 and len(domain.sizes) == len(t.args) - 1


def first_bit(scope_order: Order, t: Term) -> Term | None:
    """A bit in ``t`` on whose value it depends."""
    found = {s for s in subterms(t) if s.op in ("at", "var") and not s.loose and is_bit(scope_order, s)}
    return min(found, key=repr) if found else None


def put(t: Term, old: Term, new: Term) -> Term:
    """``t`` with a closed part replaced."""
    return replaced(t, lambda s, level: new if s == old else None)


def by_bits(handler: Handler) -> Handler:
    """The handler, after a function of a bit has been made linear in it."""

    def handle(trail: Trail) -> None:
        if not linear(trail):
            handler(trail)

    return handle


def linear(trail: Trail) -> bool:
    """f(b) = f(0) + b (f(1) − f(0))."""
    if not trail.search.may("zero or one"):
        return False
    t = trail.term
    if t.op == "pow" and t.args[1].op == "num" and t.args[1].args[0].denominator == 1 and t.args[1].args[0] > 0:
        return False
    bit = first_bit(trail.search.kernel.order(trail.scope), t)
    if bit is None:
        return False
    low, high = put(t, bit, ZERO), put(t, bit, ONE)
    new = low + bit * (high - low)
    if any(s == bit for s in subterms(low)) or not trail.search.defined(trail.scope, low, high):
        return False
    cases = []
    for value, end in ((ZERO, low), (ONE, high)):
        scope = trail.scope.assuming(Term("eq", bit, value))
        got, steps = by_hypotheses(trail.search.kernel, scope, t)
        if got != end:
            return False
        back, back_steps = by_hypotheses(trail.search.kernel, scope, new)
        turned = Proof("symmetry", (Proof("rewrite", (new, tuple(back_steps))),))
        cases.append(Proof("chain", (Proof("rewrite", (t, tuple(steps))), field(end, back), turned)))
    trail.step(Proof("bit_cases", (bit, *cases)), new)
    trail.again()
    return True


def deltas(trail: Trail) -> None:
    """δ_ik f(i) = Σ_j δ_ij (δ_jk f(j)) = Σ_j δ_kj (δ_ji f(j)) = δ_ik f(k)."""
    t = trail.term
    if t.op not in ("mul", "pow") or not trail.search.may("delta selects"):
        return
    if not any(s.op == "delta" for f in (t, *t.children) for s in (f, *f.children)):
        return
    if (product := single(trail.term)) is None:
        return
    m, c = product
    for d, e in m:
        if d.op != "delta" or d.args[0] == d.args[1] or d.loose or any(x.op != "var" for x in d.args):
            continue
        i, k = sorted(d.args, key=repr)  # the later index gives way, bound ones first
        if i.args[0].startswith("#") != k.args[0].startswith("#"):
            i, k = (k, i) if i.args[0].startswith("#") else (i, k)
        rest = product_of(monomial({**dict(m), d: e - 1}), c)
        size = _size(trail.scope, i)
        if size is None:
            continue
        target = put(rest, k, i)
        if target == rest:
            continue
        name = trail.scope.fresh()
        j = var(name)
        f, with_i, with_k = put(rest, k, j), Term("delta", i, j), Term("delta", k, j)
        at_k = rule("delta selects", n=size, k=k, f=closed(with_i * f, name))
        at_i = rule("delta selects", n=size, k=i, f=closed(with_k * f, name))
        start, new = Term("delta", i, k) * rest, Term("delta", k, i) * target
        both = Term("delta", j, k) * (with_i * f), Term("delta", j, i) * (with_k * f)
        sums = (Term("sum", size, closed(x, name)) for x in both)
        links = [] if start == trail.term else [field(trail.term, start)]
        trail.step(Proof("chain", (*links, Proof("symmetry", (at_k,)), field(*sums), at_i)), new)
        trail.again()
        return


def _size(scope: Scope, i: Term) -> Term | None:
    domain = scope.domain(i.args[0])
    return domain.sizes[0] if domain.name == "Index" else None


def hot_entry(trail: Trail) -> None:
    """y_k = δ_km where the hypothesis y_i = δ_im is at hand, for a one-hot y."""
    if len(trail.term.args) != 2 or not trail.search.may("one entry is one"):
        return
    y, k = trail.term.args
    for number, h in enumerate(trail.scope.hypotheses):
        if h.op == "all" and h.args[1].op == "eq" and h.args[1].args[0] == Term("at", y, Term("bound", 0)) and y.op == "var":
            new = opened(h.args[1].args[1], k)
            if new.op == "delta":
                trail.step(Proof("at_index", (Proof("hypothesis", (number,)), k)), new)
                trail.again(ring=True)
                return


HANDLERS = {"at": hot_entry}
MONOMIALS: tuple[Callable[[Trail], None], ...] = (deltas, bits, powers, absolute)
__all__ = ["HANDLERS", "MONOMIALS", "by_bits"]
