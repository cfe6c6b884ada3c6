"""A claim of the adversary: its LaTeX, whether it is true, why, and for a false one an exact point at which it fails.

True claims come by valid rewriting, by theorems and by traps; a false one is a true one with a thin term put somewhere, and
counts only if the evaluator finds two different values at its point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from .evaluate import Evaluator, Point
from .expr import ONE, TWO, ZERO, Expr, add, fn, indicator, mul, num, parts, power, put, rel, size, sub
from .expressions import Maker, scope_at_random, shown_free
from .facts import calculus, fact
from .latex import spelled
from .rewriting import places, rewritten
from .scopes import Scope, inside, point
from .thin import Thin, thin
from .traps import TRAPS
from .values import NoValue, Unknown, precision

#: Points at which a true claim is looked at before it is believed, and tries for the point of a false one.
CHECKS, TRIES = 8, 12
LARGEST = 70  #: parts of a claim
SPECIAL = tuple(map(Fraction, ("0", "1", "-1", "1/7", "-1/7", "1/2", "2", "-3/2", "-2/7", "22/7")))


@dataclass(frozen=True)
class Claim:
    """A claim; ``truth`` is None where it has no value anywhere."""

    seed: str
    kind: str
    scope: Scope
    chain: Expr
    truth: bool | None
    why: str
    latex: str
    fixed: Mapping[str, Any]  #: what makes a point interesting
    witness: Point | None = None  #: where a false claim fails

    def __str__(self) -> str:
        said = {True: "true", False: "false", None: "without a value"}[self.truth]
        at = f", at {self.witness}" if self.witness else ""
        return f"[{self.seed}] {self.kind}, {said}{at}: {self.latex}   where {self.scope.where}   ({self.why})"


class Wrong(Exception):
    """The adversary made a claim that is not what it says: a fault of the adversary."""


def told(chain: Expr, at: Point) -> bool | None:
    """What the evaluator says of a claim at a point; None where it cannot say, or there is no value."""
    with precision():
        try:
            return Evaluator(at).holds(chain)
        except (NoValue, Unknown):
            return None


def valued(chain: Expr, at: Point) -> bool | None:
    """Whether every side of a claim has a value at a point; None where that is not known."""
    answer: bool | None = True
    with precision():
        for side in chain.args[1:]:
            try:
                Evaluator(at).value(side, {})
            except NoValue:
                return False
            except Unknown:
                answer = None
    return answer


def points(scope: Scope, rng: Random, count: int, fixed: Mapping[str, Any] | None = None) -> Iterator[Point]:
    """Points of a scope: random ones, some with what is fixed, some with special numbers."""
    for k in range(count):
        chosen: dict[str, Any] = dict(fixed or {}) if k % 3 == 0 else {}
        if k % 3 != 1:
            for d in scope.declared:
                if not d.sizes and d.domain != "Size" and d.name not in chosen and rng.random() < 0.6:
                    chosen[d.name] = rng.choice(SPECIAL)
        try:
            found = point(scope, rng, chosen)
            good = inside(scope, found)
        except (IndexError, ValueError):
            continue
        yield found if good else point(scope, rng)


def failing(scope: Scope, chain: Expr, fixed: Mapping[str, Any], rng: Random) -> Point | None:
    """A point with the fixed values at which the evaluator sees a claim fail."""
    for _ in range(TRIES):
        try:
            found = point(scope, rng, fixed, (2, 3, 3))
        except (IndexError, ValueError):
            continue
        if inside(scope, found) and told(chain, found) is False:
            return found
    return None


# ---- making


def based(rng: Random) -> tuple[Scope, Expr, str]:
    """A true claim that comes by rewriting, or by a theorem."""
    make = rng.random()
    if make < 0.3:
        scope, chain = fact(rng)
        return *dressed(scope, chain, rng), "a theorem"
    scope = scope_at_random(rng)
    maker = Maker(scope, rng, partial=rng.choice((0.0, 0.0, 0.3)))
    e = maker.real(rng.choice((1, 2, 2)), scope.free[:1])
    if make < 0.42:
        inner = calculus(rng, [maker.leaf(()) for _ in range(2)])
        e = rng.choice((inner, add(inner, e), mul(num(rng.choice((2, 3, -1))), add(inner, e)), sub(e, inner)))
    scope = shown_free(scope, e)
    other, laws = rewritten(e, rng, rng.choice((1, 2, 3)), scope)
    why = ", ".join(laws)
    more = maker.real(1, scope.free[:1])
    relation = rng.randrange(8)
    if relation == 0:
        return scope, rel(e, "<=", add(other, power(more, 2))), why
    if relation == 1:
        return scope, rel(add(other, fn("abs", more)), ">=", e), why
    if relation == 2:
        return scope, rel(e, "<", add(other, fn("exp", more))), why
    if relation == 3:
        return scope, Expr("chain", (("=", "<="), e, other, add(other, power(more, 2)))), why
    return scope, rel(e, "=", other), why


def dressed(scope: Scope, chain: Expr, rng: Random) -> tuple[Scope, Expr]:
    """Both sides of a claim with something added or multiplied, or turned round, and one of them rewritten."""
    relations, *sides = chain.args
    maker = Maker(scope, rng)
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        more = maker.real(1, scope.free[:1])
        if rng.random() < 0.6:
            sides = [add(s, more) if s != ZERO else more for s in sides]
        else:
            sides = [mul(TWO, s) for s in sides]
    if len(sides) == 2 and rng.random() < 0.25:
        turned = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
        relations, sides = (turned.get(relations[0], relations[0]),), sides[::-1]
    k = rng.randrange(len(sides))
    sides[k], _ = rewritten(sides[k], rng, rng.choice((0, 1, 2)), scope)
    return scope, Expr("chain", (relations, *sides))


def spoiled(scope: Scope, chain: Expr, rng: Random) -> tuple[Scope, Expr, Thin]:
    """A claim with one thin change at one place of one side."""
    small = thin(scope, rng)
    k = rng.randrange(1, len(chain.args))
    path, part = rng.choice(places(chain.args[k]))
    make = rng.randrange(6)
    if make == 0:
        new = mul(part, add(ONE, small.term)) if part.kind != "neg" else sub(part, small.term)
    elif make == 1:
        new = sub(part, small.term)
    elif make == 2 and small.term.kind == "cases" and small.term == indicator(small.term.args[1]):
        new = Expr("cases", (add(part, ONE), small.term.args[1], part))
    elif make == 3:
        new = add(small.term, part)
    else:
        new = add(part, small.term)
    return small.scope, put(chain, (k, *path), new), small


def made(seed: str) -> Claim:
    """The claim of a seed."""
    for attempt in range(200):
        rng = Random(f"formulas/{seed}/{attempt}")
        found = trapped(seed, rng) if rng.random() < 0.45 else general(seed, rng)
        if found is not None:
            return found
    raise Wrong(f"nothing comes of the seed {seed}")


def trapped(seed: str, rng: Random) -> Claim | None:
    """A claim from a trap."""
    make = rng.choice(TRAPS)
    trap = make(rng)
    scope, chain = trap.scope, trap.chain
    if trap.truth is not None and rng.random() < 0.3 and make.__name__ not in ("towers",):
        scope, chain = dressed(scope, chain, rng)
    return finished(seed, make.__name__, scope, chain, trap.truth, trap.why, trap.fixed, rng)


def general(seed: str, rng: Random) -> Claim | None:
    """A claim by rewriting or by a theorem, left as it is or spoiled; or spoiled alike on both sides, and true again."""
    scope, chain, why = based(rng)
    if rng.random() < 0.35:
        return finished(seed, "true", scope, chain, True, why, {}, rng)
    scope, chain, small = spoiled(scope, chain, rng)
    return finished(seed, "spoiled", scope, chain, False, f"{why}; spoiled", small.fixed, rng)


def finished(
    seed: str, kind: str, scope: Scope, chain: Expr, truth: bool | None, why: str, fixed: Mapping[str, Any], rng: Random
) -> Claim | None:
    """The claim, if it is small enough and what it is said to be; a true one that fails somewhere is a fault."""
    if size(chain) > LARGEST and kind != "towers":
        return None
    used = {p.args[0] for p in parts(chain) if p.kind in ("name", "index", "entry")}
    scope = replace(scope, free=tuple((n, s) for n, s in scope.free if n in used))
    if any(not _tells(chain, n) for n, _ in scope.free):
        return None
    witness = None
    if truth is False:
        witness = failing(scope, chain, fixed, rng)
        if witness is None:
            return None
    elif truth:
        for at in points(scope, rng, CHECKS, fixed):
            if told(chain, at) is False:
                text = spelled(chain, rng, scope.shapes, plain=True)
                raise Wrong(f"{seed}: {kind}: {why}: {text} where {scope.where} at {at}")
    elif any(valued(chain, at) is not False for at in points(scope, rng, CHECKS, fixed)):
        return None
    return Claim(seed, kind, scope, chain, truth, why, spelled(chain, rng, scope.shapes), dict(fixed), witness)


def _tells(chain: Expr, free: str) -> bool:
    """Whether a free index stands at a vector, which tells its size."""
    return any(p.kind == "entry" and Expr("index", (free,)) in p.args[1:] for p in parts(chain))


__all__ = ["Claim", "Wrong", "made", "points", "told", "valued"]
