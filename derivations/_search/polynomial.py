"""Expanding a term into a sum of monomials, and putting it together again in a fixed order."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from derivations._kernel.terms import ONE, ZERO, Term, constant, num

#: factors with exponents, in the order of their text
Monomial = tuple[tuple[Term, int], ...]
Expansion = dict[Monomial, Fraction]
LIMIT = 400


class TooMany(ValueError):
    """An expansion with more monomials than the search will handle."""


@lru_cache(maxsize=100_000)
def key(t: Term) -> tuple[int, str]:
    """An order among factors: plain letters first, then entries, then functions."""
    rank = {"var": 0, "at": 1, "delta": 2, "log": 8, "xlog": 8, "sum": 6, "exp": 5, "pow": 4, "add": 7}.get(t.op, 3)
    return rank, repr(t)


def monomial(factors: dict[Term, int]) -> Monomial:
    """The factors with nonzero exponents, sorted."""
    return tuple(sorted(((f, e) for f, e in factors.items() if e), key=lambda p: key(p[0])))


def _multiply(a: Expansion, b: Expansion) -> Expansion:
    if len(a) * len(b) > LIMIT:
        raise TooMany
    out: Expansion = {}
    for m, x in a.items():
        for n, y in b.items():
            factors = dict(m)
            for f, e in n:
                factors[f] = factors.get(f, 0) + e
            k = monomial(factors)
            out[k] = out.get(k, Fraction(0)) + x * y
    return {m: c for m, c in out.items() if c}


def single(t: Term) -> tuple[Monomial, Fraction] | None:
    """The monomial and the coefficient of a product; None if it is a sum, zero, or too long."""
    try:
        ((m, c),) = expand(t).items()
    except (TooMany, ValueError):
        return None
    return m, c


def expand(t: Term) -> Expansion:
    """``t`` as a sum of monomials; a divisor with several terms stays one factor."""
    value = constant(t)
    if value is not None:
        return {(): value} if value else {}
    if t.op == "add":
        out: Expansion = {}
        for a in t.args:
            for m, c in expand(a).items():
                out[m] = out.get(m, Fraction(0)) + c
        return {m: c for m, c in out.items() if c}
    if t.op == "mul":
        out = {(): Fraction(1)}
        for a in t.args:
            out = _multiply(out, expand(a))
        return out
    if t.op == "pow":
        n = constant(t.args[1])
        if n is not None and n.denominator == 1:
            return _power(t.args[0], int(n))
    return {((t, 1),): Fraction(1)}


def _power(base: Term, n: int) -> Expansion:
    if base.op == "mul" and n < 0:  # a divisor keeps its factors
        out: Expansion = {(): Fraction(1)}
        for a in base.args:
            out = _multiply(out, _power(a, n))
        return out
    if base.op == "pow" and n < 0 and (r := constant(base.args[1])) is not None and r.denominator == 1:
        return _power(base.args[0], int(r) * n)
    inner = expand(base)
    if len(inner) == 1:
        ((m, c),) = inner.items()
        return {tuple((f, e * n) for f, e in m): c**n}
    if 0 <= n <= 6:
        out = {(): Fraction(1)}
        for _ in range(n):
            out = _multiply(out, inner)
        return out
    return {((presented(inner), n),): Fraction(1)}


def presented(e: Expansion, depth: int = 4) -> Term:
    """The sum with f·B + A written as (1 − f)·A + f·(A + B), where that leaves no minus: it is ≥ 0 for f between 0 and 1."""
    for fewest in range(depth + 1):
        found = _without_minus(e, fewest)
        if found is not None:
            return found
    return rebuild(e)


def _without_minus(e: Expansion, depth: int) -> Term | None:
    negative = [m for m, c in e.items() if c < 0]
    if not negative or len(e) < 2:
        return None if negative else rebuild(e)
    if not depth or len(e) > 40:
        return None
    for f in sorted({f for m in negative for f, n in m if f.op in ("var", "at")}, key=key):
        if any(dict(m).get(f, 0) not in (0, 1) for m in e):
            continue
        low = {m: c for m, c in e.items() if f not in dict(m)}
        high = dict(low)
        for m, c in e.items():
            if f in dict(m):
                k = monomial({**dict(m), f: 0})
                high[k] = high.get(k, Fraction(0)) + c
        high = {m: c for m, c in high.items() if c}
        parts = [(part, side) for part, side in ((low, ONE - f), (high, f)) if part]
        forms = [(_without_minus(part, depth - 1), side) for part, side in parts]
        if all(form is not None for form, _ in forms):
            return sum_of([side if form == ONE else Term("mul", side, form) for form, side in forms])
    return None


def product_of(m: Monomial, c: Fraction = Fraction(1)) -> Term:
    """The monomial c·m as a term."""
    parts = [f if e == 1 else f ** num(e) for f, e in m]
    if not parts:
        return num(c)
    if c != 1:
        parts.insert(0, num(c))
    return parts[0] if len(parts) == 1 else Term("mul", *parts)


def sum_of(parts: list[Term]) -> Term:
    """The sum of the parts; of none, 0."""
    return parts[0] if len(parts) == 1 else Term("add", *parts) if parts else ZERO


def rebuild(e: Expansion) -> Term:
    """The sum of monomials as a term, in a fixed order."""
    ordered = sorted(e.items(), key=lambda mc: [(*key(f), n) for f, n in mc[0]])
    return sum_of([product_of(m, c) for m, c in ordered])


def lean(t: Term) -> Term:
    """``t`` without factors 1 and addends 0, the numbers of a product as one, and nothing multiplied out."""
    if t.op == "add":
        return sum_of([a for a in map(lean, t.args) if a != ZERO])
    if t.op != "mul":
        return t
    c, rest = Fraction(1), list[Term]()
    for a in map(lean, t.args):
        for f in a.args if a.op == "mul" else (a,):
            value = constant(f)
            c, rest = (c * value, rest) if value is not None else (c, [*rest, f])
    parts = rest if c == 1 and rest else [num(c), *rest] if c else [ZERO]
    return parts[0] if len(parts) == 1 else Term("mul", *parts)


def tidy(t: Term) -> Term:
    """``t`` expanded, like monomials collected, in a fixed order."""
    try:
        return rebuild(expand(t))
    except TooMany:
        return t


__all__ = [
    "ONE", "Expansion", "Monomial", "TooMany", "expand", "key", "lean", "monomial", "presented", "product_of", "rebuild",
    "single", "sum_of", "tidy",
]  # fmt: skip
