"""Valid rewritings: an expression becomes another that has the same value wherever both have one, and the law is named."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .expr import (
    BINDERS,
    ONE,
    TWO,
    Expr,
    Path,
    add,
    at,
    children,
    div,
    entry,
    fn,
    index,
    mentions,
    mul,
    name,
    neg,
    num,
    over,
    parts,
    power,
    put,
    sub,
)  # fmt: skip
from .scopes import Scope
from .slopes import slopes

#: A law at a place: what stands there, and a letter which stands nowhere in the claim, if one is left.
Law = Callable[[Expr, Random, str | None], Expr | None]
#: Letters of indices.
LETTERS = ("i", "j", "l", "h", "g", "o")


def commuted(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """a + b = b + a, ab = ba, and so for the greater of two."""
    if e.kind not in ("add", "mul", "max", "min"):
        return None
    args = list(e.args)
    rng.shuffle(args)
    return Expr(e.kind, tuple(args))


def distributed(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """a(b + c) = ab + ac."""
    if e.kind != "mul" or len(e.args) != 2:
        return None
    a, b = e.args
    if b.kind == "add":
        return add(*(neg(mul(a, t.args[0])) if t.kind == "neg" else mul(a, t) for t in b.args))
    if a.kind == "add":
        return add(*(neg(mul(t.args[0], b)) if t.kind == "neg" else mul(t, b) for t in a.args))
    return None


def negated(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """−(a + b) = −a − b, and −a = (−1)·a."""
    if e.kind != "neg":
        return None
    if e.args[0].kind == "add":
        return add(*(t.args[0] if t.kind == "neg" else neg(t) for t in e.args[0].args))
    return mul(num(-1), e.args[0])


def split_sum(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """Σ(a + b) = Σa + Σb."""
    if e.kind not in ("sum", "without") or e.args[-1].kind != "add":
        return None
    return add(*(Expr(e.kind, (*e.args[:-1], t)) for t in e.args[-1].args))


def pulled_out(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """Σ c·a = c·Σ a."""
    if e.kind not in ("sum", "without") or e.args[-1].kind != "mul":
        return None
    factors = e.args[-1].args
    out = [f for f in factors if not mentions(f, e.args[0])]
    kept = [f for f in factors if f not in out]
    return mul(*out, Expr(e.kind, (*e.args[:-1], mul(*kept)))) if out and kept else None


def squared(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """a² = a·a, (ab)² = a²b², (a + b)² = a² + 2ab + b²."""
    if e.kind != "pow" or e.args[1] != TWO:
        return None
    a = e.args[0]
    if a.kind == "add" and len(a.args) == 2 and rng.random() < 0.6:
        u, v = a.args
        return add(power(u, 2), mul(TWO, u, v), power(v, 2))
    return mul(a, a)


def of_exponents(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """exp(a + b) = exp a · exp b."""
    if e.kind != "exp" or e.args[0].kind != "add":
        return None
    return mul(*(fn("exp", t) for t in e.args[0].args))


def of_logarithms(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """log(ab) = log a + log b, where both have values; log(a/b), log_b a, log exp a."""
    if e.kind == "logb":
        return div(fn("log", e.args[0]), fn("log", e.args[1]))
    if e.kind != "log":
        return None
    a = e.args[0]
    if a.kind == "mul":
        return add(*(fn("log", t) for t in a.args))
    if a.kind == "div":
        return sub(fn("log", a.args[0]), fn("log", a.args[1]))
    return a.args[0] if a.kind == "exp" else None


def of_extremes(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """max(a, b) = (a + b + |a − b|)/2; min by max; |ab| = |a||b|; |a|² = a²."""
    if e.kind == "max" and len(e.args) == 2:
        a, b = e.args
        return div(add(a, b, fn("abs", sub(a, b))), TWO)
    if e.kind == "min":
        return neg(fn("max", *map(neg, e.args)))
    if e.kind == "abs" and e.args[0].kind == "mul":
        return mul(*(fn("abs", t) for t in e.args[0].args))
    if e.kind == "abs":
        return fn("max", e.args[0], neg(e.args[0]))
    return None


def left_out(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """Σ over all but c is Σ (1 − δ) f, or the whole sum minus f(c) where c is in the range."""
    if e.kind != "without":
        return None
    i, low, last, out, body = e.args
    if low == ONE and out.kind != "number" and rng.random() < 0.5:
        return sub(over("sum", i, low, last, body), at(body, i, out))
    if out.kind == "number":
        return None
    return over("sum", i, low, last, mul(sub(ONE, fn("delta", index(i), out)), body)) if low == ONE else None


def written_out(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """A sum over numbers is what its terms add up to; a part of it may be split off."""
    if e.kind not in ("sum", "prod", "without", "largest") or e.args[1].kind != "number" or e.args[2].kind != "number":
        return None
    if any(p.kind in BINDERS for p in parts(e.args[-1])):
        return None
    low, last = (int(a.args[0]) for a in e.args[1:3])
    out = int(e.args[3].args[0]) if e.kind == "without" and e.args[3].kind == "number" else None
    if (e.kind == "without" and out is None) or not 0 <= last - low <= 4:
        return None
    terms = [at(e.args[-1], e.args[0], num(k)) for k in range(low, last + 1) if k != out]
    if e.kind == "largest":
        return fn("max", *terms) if len(terms) > 1 else terms[0]
    if not terms:
        return num(0)
    return mul(*terms) if e.kind == "prod" else add(*terms)


def first_term(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """Σ over 1, …, n is the term at a label and the sum over all others."""
    if e.kind != "sum" or e.args[1] != ONE or e.args[2].kind != "name":
        return None
    labels = {p.args[k] for p in parts(e) if p.kind == "entry" for k in range(1, len(p.args)) if p.args[k].kind == "name"}
    if not labels:
        return None
    c = sorted(labels, key=str)[0]
    return add(at(e.args[3], e.args[0], c), Expr("without", (*e.args[:3], c, e.args[3])))


def renamed(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """The index of a sum may have another name."""
    if e.kind not in ("sum", "prod", "largest", "smallest", "without"):
        return None
    if new is None:
        return None
    return Expr(e.kind, (new, *e.args[1:-1], at(e.args[-1], e.args[0], index(new))))


def defined(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """A function of the field is what it stands for."""
    if e.kind == "entry" and e.args[0].kind == "call" and e.args[0].args[1].kind == "name":
        z, i = e.args[0].args[1], new
        if i is None:
            return None
        total = fn("every", i, z, fn("exp", entry(z, i)))
        return div(fn("exp", fn("entry", z, e.args[1])), total)
    if e.kind != "call":
        return None
    f, *args = e.args
    if f == "sigmoid":
        return div(ONE, add(ONE, fn("exp", neg(args[0]))))
    if f == "softplus":
        return fn("log", add(ONE, fn("exp", args[0])))
    if f == "tanh":
        up, down = fn("exp", args[0]), fn("exp", neg(args[0]))
        return div(sub(up, down), add(up, down))
    i = new
    if i is None or any(a.kind != "name" for a in args):
        return None
    p = entry(args[0], i)
    if f == "logsumexp":
        return fn("log", fn("every", i, args[0], fn("exp", p)))
    if f == "H":
        return neg(fn("every", i, args[0], mul(p, fn("log", p))))
    if f == "CE":
        return neg(fn("every", i, args[0], mul(p, fn("log", entry(args[1], i)))))
    if f == "D":
        return fn("every", i, args[0], mul(p, fn("log", div(p, entry(args[1], i)))))
    return None


def quotients(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """a/b = a·b⁻¹ = (1/b)·a; √a is a power."""
    if e.kind == "sqrt":
        return power(e.args[0], num("1/2"))
    if e.kind != "div" or e.args[1].kind == "number":
        return None
    a, b = e.args
    return mul(a, power(b, -1)) if rng.random() < 0.5 else mul(div(ONE, b), a)


def by_cases(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """A case distinction is an indicator times what it makes different."""
    if e.kind != "cases" or len(e.args) != 3:
        return None
    a, condition, b = e.args
    relations, u, v = condition.args
    if relations[0] in ("=", "!="):
        other = "!=" if relations[0] == "=" else "="
        return Expr("cases", (b, Expr("chain", ((other,), u, v)), a))
    return None


def slope_taken(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """A derivative is what the rules make of it."""
    if e.kind != "deriv":
        return None
    return slopes(e)


def known(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """An integral or a limit is what it is known to be."""
    return e.args[4] if e.kind in ("integral", "limit") and len(e.args) == 5 else None


def neutral(e: Expr, rng: Random, new: str | None) -> Expr | None:
    """a = a·1 = a + b − b."""
    if e.kind in ("number", "name", "index", "entry"):
        return None
    return mul(TWO, div(e, TWO)) if rng.random() < 0.5 else sub(add(e, ONE), ONE)


LAWS: tuple[Law, ...] = (
    commuted, distributed, negated, split_sum, pulled_out, squared, of_exponents, of_logarithms, of_extremes, left_out,
    written_out, first_term, renamed, defined, quotients, by_cases, slope_taken, known, neutral,
)  # fmt: skip
#: Arguments which are no numbers: ranges, indices, ends of integrals, what a derivative is taken in, vectors.
SHUT: dict[str, tuple[int, ...]] = {
    "sum": (1, 2), "prod": (1, 2), "largest": (1, 2), "smallest": (1, 2), "without": (1, 2, 3), "integral": (1, 2, 3),
    "limit": (1, 2, 3), "entry": (0, 1, 2), "delta": (0, 1), "deriv": tuple(range(9)), "logb": (1,),
    "binom": (0, 1), "factorial": (0,),
}  # fmt: skip
CLOSED = ("softmax", "logsumexp", "H", "CE", "D", "JS", "bernoulli")  #: functions whose arguments are left as they are


def places(e: Expr, path: Path = ()) -> list[tuple[Path, Expr]]:
    """The places of an expression at which a number stands that may be written in another way."""
    found = [(path, e)]
    if e.kind == "call" and e.args[0] in CLOSED:
        return found
    for k, child in children(e):
        if k in SHUT.get(e.kind, ()) or (e.kind == "cases" and child.kind == "chain"):
            continue
        if e.kind == "pow" and k == 1 and child.kind == "number":
            continue
        found += places(child, (*path, k))
    return found


def rewritten(e: Expr, rng: Random, times: int, scope: Scope) -> tuple[Expr, list[str]]:
    """An expression after some rewritings at random places, and the names of the laws."""
    used: list[str] = []
    for _ in range(times):
        taken = scope.names | {str(p.args[0]) for p in parts(e) if p.args}
        letter = next((x for x in LETTERS if x not in taken), None)
        offers = [(path, law, new) for path, part in places(e) for law in LAWS
                  if (new := law(part, rng, letter)) is not None and new != part]  # fmt: skip
        if not offers:
            break
        rare = {neutral} if rng.random() < 0.9 else set()
        law = rng.choice(sorted({o[1] for o in offers} - rare, key=LAWS.index) or [neutral])
        path, _, new = rng.choice([o for o in offers if o[1] is law] or offers)
        e = put(e, path, ranged(new, scope))
        used.append(law.__name__)
    return e, used


def ranged(e: Expr, scope: Scope) -> Expr:
    """``e`` with sums over every entry of a vector as sums over a range."""
    args = tuple(ranged(a, scope) if isinstance(a, Expr) else a for a in e.args)
    if e.kind == "every":
        return Expr("sum", (args[0], ONE, length(args[1], scope), args[2]))
    return length(args[0], scope) if e.kind == "length" else Expr(e.kind, args)


def length(v: Expr, scope: Scope) -> Expr:
    """The size of a vector."""
    vector = next(p for p in parts(v) if p.kind == "name" and len(scope.shapes.get(p.args[0], ())) == 1)
    s = scope.shapes[vector.args[0]][0]
    return num(s) if isinstance(s, int) else name(s)


__all__ = ["LAWS", "places", "ranged", "rewritten"]
