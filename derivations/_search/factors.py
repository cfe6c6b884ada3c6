"""Logarithms of products: an argument is factored into what is positive, numbers into primes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import lcm

from derivations._kernel.algebra import Polynomial
from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.order import Order
from derivations._kernel.terms import LEAVES, ONE, ZERO, IllFormed, Term, lift, num

from .hypotheses import by_hypotheses
from .logarithms import apart, unfolded, weight_factor, xlog
from .polynomial import TooMany, expand, monomial, presented, sum_of
from .trail import Rewriter, Trail, field, rule

Factors = list[tuple[Term, int]]
MOST_TERMS = 40
PRIMES = tuple(p for p in range(2, 200) if all(p % q for q in range(2, p)))


def primes(c: Fraction) -> Factors:
    """A positive rational as a product of powers of primes; what is left of a large number stays one factor."""
    found: Factors = []
    for value, sign in ((c.numerator, 1), (c.denominator, -1)):
        for p in PRIMES:
            e = 0
            while value % p == 0:
                value, e = value // p, e + 1
            if e:
                found.append((num(p), sign * e))
        if value != 1:
            found.append((num(value), sign))
    return found


def factored(kernel: Kernel, t: Term) -> tuple[Fraction, Factors]:
    """A number and irreducible factors with exponents whose product is ``t``, by the laws of a field."""
    over, under = kernel.algebra.quotient(t)
    own = kernel.algebra.own(t)
    (c, up), (d, down) = _factors(kernel, over, own), _factors(kernel, under, own)
    exponents: dict[Term, int] = {}
    for factors, sign in ((up, 1), (down, -1)):
        for f, e in factors:
            exponents[f] = exponents.get(f, 0) + sign * e
    return c / d, [(f, e) for f, e in exponents.items() if e]


def _factors(kernel: Kernel, p: Polynomial, own: dict[int, Term]) -> tuple[Fraction, Factors]:
    if not p:
        raise IllFormed("zero has no factors")
    atoms = {k: own.get(k) or kernel.algebra.atoms[k] for m in p for k, _ in m}
    lowest = {k: n for k, n in next(iter(p)) if n}
    for m in p:
        powers = dict(m)
        lowest = {k: min(n, powers.get(k, 0)) for k, n in lowest.items() if powers.get(k, 0)}
    content: Factors = [(atoms[k], n) for k, n in sorted(lowest.items())]
    rest = {tuple((k, n - lowest.get(k, 0)) for k, n in m if n != lowest.get(k, 0)): c for m, c in p.items()}
    if len(rest) == 1:
        (c,) = rest.values()
        return c, content
    if len(rest) > MOST_TERMS or sum(n for m in rest for _, n in m) > 6 * MOST_TERMS:
        return Fraction(1), [*content, (_term(atoms, rest), 1)]
    c, found = _irreducible(tuple(sorted(rest.items())))
    return c, content + sorted(((_term(atoms, dict(f)), n) for f, n in found), key=repr)


Terms = tuple[tuple[tuple[tuple[int, int], ...], Fraction], ...]  #: a polynomial that may be a key


@lru_cache(maxsize=20_000)
def _irreducible(p: Terms) -> tuple[Fraction, list[tuple[Terms, int]]]:
    """A number and irreducible polynomials with exponents whose product is ``p``: proposals, by FLINT."""
    from flint import Ordering, fmpz_mpoly_ctx

    used = sorted({k for m, _ in p for k, _ in m})
    ring = fmpz_mpoly_ctx.get([f"a{k}" for k in used], Ordering.lex)
    scale = lcm(*(c.denominator for _, c in p))
    whole = ring.from_dict({tuple(dict(m).get(k, 0) for k in used): int(c * scale) for m, c in p})
    try:
        content, factors = whole.factor()
    except OverflowError:  # FLINT's wrapper cannot sort factors with large coefficients
        return Fraction(1), [(p, 1)]
    found = []
    for f, n in factors:
        terms = ((tuple((k, int(e)) for k, e in zip(used, es, strict=True) if e), Fraction(int(c))) for es, c in f.terms())
        found.append((tuple(sorted(terms)), int(n)))
    return Fraction(int(content), scale), found


def irreducible(p: Polynomial) -> list[Polynomial]:
    """The different irreducible factors of a polynomial, the short ones first."""
    lowest = {k: min(dict(m).get(k, 0) for m in p) for k in sorted({k for m in p for k, _ in m})}
    found: list[Polynomial] = [{((k, 1),): Fraction(1)} for k, n in lowest.items() if n]
    rest = {tuple((k, n - lowest[k]) for k, n in m if n != lowest[k]): c for m, c in p.items()}
    if len(rest) > 1:
        found += [dict(f) for f, _ in _irreducible(tuple(sorted(rest.items())))[1]]
    return sorted(found, key=lambda f: (len(f), sorted(f.items())))


def in_view(t: Term) -> Term:
    """``t`` written so that its sign can be seen."""
    try:
        return presented(expand(t))
    except TooMany:
        return t


def signed(f: Term, order: Order | None = None) -> tuple[Term, int]:
    """``f`` or −f, whichever is seen to be nonnegative, with the sign that was taken out."""
    other = in_view(-f)
    if order is None:
        return (other, -1) if _minus(f) and not _minus(other) else (f, 1)
    if order.sign(f) <= {0, 1}:
        return f, 1
    return (other, -1) if order.sign(f) <= {-1, 0} or order.sign(other) <= {0, 1} else (f, 1)


def _minus(t: Term) -> bool:
    """Whether a sum has an addend with a minus, but for 1 − f."""
    if t.op != "add" or (len(t.args) == 2 and t.args[0] == ONE):
        return False
    return any(a.op == "num" and a.args[0] < 0 for p in t.args for a in (p.args if p.op == "mul" else (p,)))


def product_view(kernel: Kernel, t: Term, order: Order | None = None) -> Term:
    """``t`` as a product of factors that are seen not to be negative, if possible."""
    if t.op in LEAVES or t.op == "at":
        return t
    try:
        c, factors = factored(kernel, t)
    except (IllFormed, ZeroDivisionError):
        return t
    parts = []
    for f, e in factors:
        f, sign = signed(f, order)
        c *= sign ** abs(e)
        parts.append(f if e == 1 else f ** num(e))
    if c != 1 or not parts:
        parts.insert(0, num(c))
    return parts[0] if len(parts) == 1 else Term("mul", *parts)


def _term(atoms: dict[int, Term], p: Polynomial) -> Term:
    return presented({monomial({atoms[k]: n for k, n in m}): c for m, c in p.items()})


def positive_factors(search: Rewriter, trail: Trail, t: Term) -> Factors | None:
    """Factors of a positive ``t`` which are decided to be positive, what is not decided in one; None if nothing changes."""
    try:
        c, factors = factored(search.kernel, t)
    except (IllFormed, ZeroDivisionError):
        return None
    order = search.kernel.order(trail.scope)
    good: Factors = []
    unsure: Factors = []
    for f, e in factors:
        f, sign = signed(f, order)
        c *= sign ** abs(e)
        (good if order.sign(f) == frozenset({1}) else unsure).append((f, e))
    if unsure:
        whole = Term("mul", ONE, *(f if e == 1 else f ** num(e) for f, e in unsure))
        whole = in_view(whole if c > 0 else -whole)
        c = abs(c)
        if order.sign(whole) != frozenset({1}):
            return None
        good.append((whole, 1))
    return primes(c) + good if c > 0 else None


def as_product(factors: Factors) -> Term:
    """The factors as one term."""
    parts = [f if e == 1 else f ** num(e) for f, e in factors]
    return parts[0] if len(parts) == 1 else Term("mul", *parts) if parts else ONE


def log(trail: Trail) -> None:
    """log of a positive product as a sum."""
    if unfolded(trail) or (trail.term.args[0].op in ("exp", "pow", "prod") and apart(trail)):
        return
    a = trail.term.args[0]
    factors = positive_factors(trail.search, trail, a)
    if factors is None:
        return
    new = as_product(factors)
    if new != a:
        at_argument(trail, 0, new)
    if len(factors) > 1 or not factors or factors[0][1] != 1 or new.op == "exp" or (new.op == "pow" and new != a):
        apart(trail)


def at_argument(trail: Trail, k: int, new: Term) -> None:
    """Write the k-th argument otherwise; only it needs to be seen to be defined."""
    old = trail.term.args[k]
    if new != old:
        trail.search.spend()
        trail.steps.append(((k,), field(old, new), ONE, new))
        trail.term = Term(trail.term.op, *(new if j == k else t for j, t in enumerate(trail.term.args)))


def weighted(trail: Trail) -> None:
    """w log(a/b): the weight is taken apart first, then its argument, where that leaves every part defined."""
    kernel, order = trail.search.kernel, trail.search.kernel.order(trail.scope)
    for k in range(3):
        trail.into(k)
        at_argument(trail, k, in_view(trail.term.args[k]))
        if trail.term.args[k].op in ("add", "mul") and (k or trail.term.args[k].op == "add"):
            view = product_view(kernel, trail.term.args[k], order)
            if k or view.op == "mul":
                at_argument(trail, k, view)
    w, a, b = trail.term.args
    defined = trail.search.defined
    if w == ZERO or trail.search.positive(trail.scope, a, b) or b != ONE:
        xlog(trail, inside=False)
        return
    if w.op == "add":
        head, rest = w.args[0], sum_of(list(w.args[1:]))
        new = Term("xlog", head, a, b) + Term("xlog", rest, a, b)
        if defined(trail.scope, new):
            trail.step(rule("weights add", v=head, w=rest, a=a, b=b), new)
            trail.again()
            return
    if w.op == "sum":
        size, body = w.args
        new = Term("sum", size, Term("xlog", body, lift(a, 1), lift(b, 1)))
        if defined(trail.scope, new):
            trail.step(rule("weights of a sum", n=size, f=body, a=a, b=b), new)
            trail.again()
            return
    if w.op == "mul":
        before = trail.term
        weight_factor(trail, w, a, b)
        if trail.term != before:
            trail.again()
            return
        if a.op == "mul" and shared_factor(trail, w, a):
            return
    if a.op == "mul":
        for k, head in enumerate(a.args):
            others = [f for j, f in enumerate(a.args) if j != k]
            rest = others[0] if len(others) == 1 else Term("mul", *others)
            split = Term("xlog", w, head, ONE) + Term("xlog", w, rest, ONE)
            if defined(trail.scope, split):
                at_argument(trail, 1, head * rest)
                trail.step(rule("weighted logarithm of a product", w=w, a=head, b=rest), split)
                trail.again()
                return
    if a.op == "num" and a.args[0] > 0:
        return
    xlog(trail, inside=False)


def shared_factor(trail: Trail, w: Term, a: Term) -> bool:
    """fg log(f·h) = g·f log f + f·g log h, for f = 0 and for f > 0."""
    for f in w.args:
        if f not in a.args or trail.search.kernel.order(trail.scope).sign(f) != {0, 1}:
            continue
        g, h = (_without(t, f) for t in (w, a))
        new = g * Term("xlog", f, f, ONE) + f * Term("xlog", g, h, ONE)
        if not trail.search.defined(trail.scope, new):
            continue
        zero, positive = (trail.scope.assuming(Term(op, *sides)) for op, sides in (("eq", (f, ZERO)), ("lt", (ZERO, f))))
        cases = []
        for scope in (zero, positive):
            links = []
            for t in (trail.term, new):
                put, steps = by_hypotheses(trail.search.kernel, scope, t)
                end, more = type(trail.search)(trail.search.kernel).normal(put, scope)
                links.append((end, Proof("rewrite", (t, (*steps, *more)))))
            (left, there), (right, back) = links
            cases.append(Proof("chain", (there, field(left, right), Proof("symmetry", (back,)))))
        law = Proof("zero_or_positive", (f, *cases))
        try:
            trail.search.kernel.derive(law, trail.scope)
        except Refused:
            continue
        trail.step(law, new)
        trail.again()
        return True
    return False


def _without(t: Term, f: Term) -> Term:
    rest = list(t.args)
    rest.remove(f)
    return rest[0] if len(rest) == 1 else Term("mul", *rest)


HANDLERS = {"log": log, "xlog": weighted}
