"""Logarithms, exponentials, powers and weighted logarithms, taken apart."""

from __future__ import annotations

from derivations._kernel.algebra import Polynomial
from derivations._kernel.check import Kernel
from derivations._kernel.terms import LEAVES, ONE, ZERO, IllFormed, Term, constant, num

from .cases import decide, unfold
from .polynomial import monomial, rebuild, sum_of
from .trail import Trail, field, rule


def unfolded(trail: Trail) -> bool:
    """Write out the definitions and cases at the head of the argument; whether the logarithm came apart at once."""
    head = Trail(trail.search, trail.term.args[0], trail.scope)
    while unfold(head) or decide(head):
        pass
    trail.steps += [((0,), by, times, to) for _, by, times, to in head.steps]
    trail.term = Term("log", head.term)
    if apart(trail):
        return True
    trail.into(0)
    return False


def log(trail: Trail) -> None:
    if not unfolded(trail) and not apart(trail):
        a = trail.term.args[0]
        quotient = over_one_denominator(a, trail.search.kernel)
        if quotient != a and trail.search.may("logarithm of a product"):
            new = Term("log", quotient)
            if trail.search.defined(trail.scope, new):
                trail.step(field(trail.term, new), new)
                apart(trail)


def apart(trail: Trail) -> bool:
    """Take the logarithm of a product, power, exponential, … apart; False if it is none of these."""
    a = trail.term.args[0]
    may, positive = trail.search.may, trail.search.positive
    if a == ONE and may("logarithm of one"):
        return trail.step(rule("logarithm of one"), ZERO)
    if a.op == "exp" and may("logarithm of an exponential"):
        trail.step(rule("logarithm of an exponential", a=a.args[0]), a.args[0])
    elif a.op == "prod" and may("logarithm of a product of many"):
        size, body = a.args
        new = Term("sum", size, Term("log", body))
        if not trail.search.defined(trail.scope, new):
            return False
        trail.step(rule("logarithm of a product of many", n=size, f=body), new)
    elif a.op == "pow" and may("logarithm of a power") and positive(trail.scope, a.args[0]):
        trail.step(rule("logarithm of a power", a=a.args[0], r=a.args[1]), a.args[1] * Term("log", a.args[0]))
    elif a.op == "mul" and may("logarithm of a product"):
        head, rest = a.args[0], a.args[1] if len(a.args) == 2 else Term("mul", *a.args[1:])
        if not positive(trail.scope, head, rest):
            return False
        trail.step(rule("logarithm of a product", a=head, b=rest), Term("log", head) + Term("log", rest))
    else:
        return False
    trail.again(ring=True)
    return True


def exp(trail: Trail) -> None:
    trail.into(0)
    a = trail.term.args[0]
    may, positive = trail.search.may, trail.search.positive
    if a == ZERO and may("exponential of zero"):
        trail.step(rule("exponential of zero"), ONE)
    elif a.op == "log" and may("exponential of a logarithm") and positive(trail.scope, a.args[0]):
        trail.step(rule("exponential of a logarithm", a=a.args[0]), a.args[0])
    elif a.op == "add" and may("exponential of a sum"):
        head, rest = a.args[0], sum_of(list(a.args[1:]))
        trail.step(rule("exponential of a sum", a=head, b=rest), Term("exp", head) * Term("exp", rest))
        trail.again()
    elif a.op == "mul" and may("exponential of a multiple"):
        c = constant(a.args[0])
        if c is not None:
            inner = a.args[1] if len(a.args) == 2 else Term("mul", *a.args[1:])
            trail.step(rule("exponential of a multiple", r=num(c), a=inner), Term("exp", inner) ** num(c))
            if inner.op == "log":
                trail.again()


def power(trail: Trail) -> None:
    trail.into(0, ring=True)
    trail.into(1)
    n = constant(trail.term.args[1])
    if n is not None and n.denominator == 1:
        return
    base, exponent = trail.term.args
    if n is None and trail.search.may("power as exponential") and trail.search.positive(trail.scope, base):
        trail.step(rule("power as exponential", a=base, r=exponent), Term("exp", exponent * Term("log", base)))
        trail.again()


def xlog(trail: Trail, inside: bool = True) -> None:
    may, positive, defined = trail.search.may, trail.search.positive, trail.search.defined
    for k in range(3 if inside else 0):
        trail.into(k)
    w, a, b = trail.term.args
    if w == ZERO and may("zero times logarithm"):
        trail.step(rule("zero times logarithm", a=a, b=b), ZERO)
    elif positive(trail.scope, a, b) and may("weight times logarithm"):
        trail.step(rule("weight times logarithm", w=w, a=a, b=b), w * (Term("log", a) - Term("log", b)))
        trail.again()
    elif b != ONE and may("weighted logarithm of a quotient"):
        new = Term("xlog", w, a, ONE) - Term("xlog", w, b, ONE)
        if defined(trail.scope, new):
            trail.step(rule("weighted logarithm of a quotient", w=w, a=a, b=b), new)
            trail.again()
    elif a.op == "mul" and b == ONE and may("weighted logarithm of a product"):
        head, rest = a.args[0], a.args[1] if len(a.args) == 2 else Term("mul", *a.args[1:])
        new = Term("xlog", w, head, ONE) + Term("xlog", w, rest, ONE)
        if defined(trail.scope, new):
            trail.step(rule("weighted logarithm of a product", w=w, a=head, b=rest), new)
            trail.again()
    elif a.op == "pow" and b == ONE and may("weighted logarithm of a power"):
        new = a.args[1] * Term("xlog", w, a.args[0], ONE)
        if positive(trail.scope, a.args[1]) and defined(trail.scope, new):
            trail.step(rule("weighted logarithm of a power", w=w, a=a.args[0], r=a.args[1]), new)
            trail.again()
    elif w.op == "add" and may("weights add"):
        head, rest = w.args[0], sum_of(list(w.args[1:]))
        new = Term("xlog", head, a, b) + Term("xlog", rest, a, b)
        if defined(trail.scope, new):
            trail.step(rule("weights add", v=head, w=rest, a=a, b=b), new)
            trail.again()
    elif w.op == "mul" and may("weights multiply"):
        weight_factor(trail, w, a, b)


def weight_factor(trail: Trail, w: Term, a: Term, b: Term) -> None:
    """Take out of a weight what is not needed for the term to be defined: w = c·v with v as in v log v, if possible."""
    for k, v in enumerate(w.args):
        rest = [f for m, f in enumerate(w.args) if m != k]
        c = rest[0] if len(rest) == 1 else Term("mul", *rest)
        new = c * Term("xlog", v, a, b)
        if v.op not in LEAVES - {"var": str}.keys() and trail.search.defined(trail.scope, new):
            trail.step(rule("weights multiply", c=c, w=v, a=a, b=b), new)
            return


def over_one_denominator(a: Term, kernel: Kernel) -> Term:
    """A sum of quotients as one quotient, common factors in front; other terms as they are."""
    if a.op != "add":
        return a

    def apart(polynomial: Polynomial) -> tuple[Term, dict[Term, int]]:
        atoms = kernel.algebra.atoms
        e = {tuple((atoms[k], n) for k, n in m): c for m, c in polynomial.items()}
        lowest = {f: low for f in {f for m in e for f, _ in m} if (low := min(dict(m).get(f, 0) for m in e))}
        rest = {monomial({f: n - lowest.get(f, 0) for f, n in m}): c for m, c in e.items()}
        return rebuild(rest), lowest

    try:
        (top, over), (bottom, under) = map(apart, kernel.algebra.quotient(a))
    except IllFormed:
        return a
    factors = {f: over.get(f, 0) - under.get(f, 0) for f in {*over, *under}}
    parts = [f if n == 1 else f ** num(n) for f, n in monomial(factors)]
    parts = ([] if top == ONE else [top]) + parts + ([] if bottom == ONE else [bottom ** num(-1)])
    return (
        a
        if len(parts) == 1 and bottom == ONE and not factors
        else Term("mul", *parts)
        if len(parts) > 1
        else parts[0]
        if parts
        else ONE
    )


HANDLERS = {"log": log, "exp": exp, "pow": power, "xlog": xlog}
