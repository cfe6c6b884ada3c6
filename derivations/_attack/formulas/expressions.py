"""Random expressions over a scope, of every construct: most have a value everywhere, and the partial ones say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from .expr import (
    ONE,
    ZERO,
    Expr,
    add,
    call,
    div,
    entry,
    fn,
    index,
    indicator,
    mentions,
    mul,
    name,
    neg,
    num,
    over,
    power,
    rel,
    sub,
    without,
)  # fmt: skip
from .scopes import Declared, Scope, Size

NUMBERS = ("Real", "Positive", "Nonnegative", "Probability", "UnitInterval", "Bit")
POSITIVE = ("Positive", "Probability", "OpenSimplex")
VECTORS = ("Real", "Positive", "Nonnegative", "UnitInterval", "Bit", "Simplex", "OpenSimplex", "OneHot")
INDICES = ("i", "j", "l", "k")
Bound = tuple[tuple[str, Size], ...]  #: indices around a place, each with its size


def high(s: Size) -> Expr:
    """A size as the upper end of a range."""
    return num(s) if isinstance(s, int) else name(s)


def scope_at_random(rng: Random, total: bool = True) -> Scope:
    """A few numbers, at times vectors over one size, a label, an array, a free index."""
    # t is kept for integrals and limits
    letters = rng.sample(["x", "a", "b", "s", "u", "lambda", "theta", "y_hat", "w_max"], 3)
    pool = ("Real", "Real", "Positive", "Probability", "Nonnegative", "UnitInterval", "Bit")
    found = [Declared(x, rng.choice(pool)) for x in letters[: rng.randrange(1, 4)]]
    s: Size = rng.choice(("n", "K", "n", 2, 3))
    if rng.random() < 0.6:
        found += [Declared(v, rng.choice(VECTORS), (s,)) for v in rng.sample(("p", "q", "z", "v"), rng.randrange(1, 3))]
        if rng.random() < 0.35:
            found.append(Declared("c", "Label", (s,)))
        if rng.random() < 0.15:
            found.append(Declared("r", rng.choice(("Real", "Simplex", "Positive")), (s, rng.choice(("m", 2)))))
    scope = Scope(tuple(found))
    vectors = scope.named(*VECTORS, shape=1)
    if vectors and rng.random() < 0.15:
        scope = scope.indexed(("k", s))
    return scope


def shown_free(scope: Scope, e: Expr) -> Scope:
    """The scope with those free indices only which stand in an expression, as places of entries tell their sizes."""
    return replace(scope, free=tuple((n, s) for n, s in scope.free if mentions(e, n)))


class Maker:
    """Makes expressions of one scope."""

    def __init__(self, scope: Scope, rng: Random, *, partial: float = 0.0) -> None:
        self.scope, self.rng, self.partial = scope, rng, partial

    # ---- leaves

    def number(self) -> Expr:
        """A small number."""
        return num(self.rng.choice((0, 1, 2, 3, 5, "1/2", "1/3", "2/5", "0.1", -1, -2)))

    def places(self, s: Size, bound: Bound) -> list[Expr]:
        """What may stand as an index over a size."""
        found = [index(i) for i, z in (*bound, *self.scope.free) if z == s]
        found += [name(d.name) for d in self.scope.named("Label", shape=1) if d.sizes[0] == s]
        found += [num(k) for k in range(1, s + 1)] if isinstance(s, int) else []
        return found

    def entry(self, bound: Bound, domains: tuple[str, ...] = VECTORS) -> Expr | None:
        """An entry of a vector or an array."""
        vectors = self.scope.named(*domains, shape=1) + self.scope.named(*domains, shape=2)
        self.rng.shuffle(vectors)
        for v in vectors:
            at = [self.places(s, bound) for s in v.sizes]
            if all(at):
                return entry(v.name, *(self.rng.choice(a) for a in at))
        return None

    def leaf(self, bound: Bound, domains: tuple[str, ...] = NUMBERS) -> Expr:
        """A number, a name or an entry."""
        names = [name(d.name) for d in self.scope.named(*domains)]
        vectors = VECTORS if domains == NUMBERS else tuple(d for d in (*domains, "OpenSimplex") if d in VECTORS)
        found = self.entry(bound, vectors)
        offers = names + ([found] * 3 if found is not None else [])
        if domains == NUMBERS and (not offers or self.rng.random() < 0.15):
            return self.number()
        return self.rng.choice(offers) if offers else num(self.rng.choice((1, 2, "1/2")))

    # ---- terms

    def positive(self, depth: int, bound: Bound = ()) -> Expr:
        """An expression that is positive everywhere."""
        make = self.rng.randrange(6) if depth > 0 else 0
        if make <= 1:
            return self.leaf(bound, POSITIVE)
        if make == 2:
            return fn("exp", self.real(depth - 1, bound))
        if make == 3:
            return add(ONE, power(self.real(depth - 1, bound), 2))
        if make == 4:
            return mul(self.positive(depth - 1, bound), self.positive(depth - 1, bound))
        return add(self.positive(depth - 1, bound), self.positive(depth - 1, bound))

    def real(self, depth: int, bound: Bound = ()) -> Expr:
        """Any expression; with a value everywhere, unless partial ones are wanted."""
        if depth <= 0:
            return self.leaf(bound)
        if self.rng.random() < self.partial:
            return self.undefined_somewhere(depth, bound)
        make = self.rng.choice(self.makers())
        found = make(depth, bound)
        return found if found is not None else self.arithmetic(depth, bound)

    def makers(self) -> list[Callable[[int, Bound], Expr | None]]:
        """The constructs that the scope has a place for."""
        found: list[Callable[[int, Bound], Expr | None]] = [
            self.arithmetic, self.arithmetic, self.arithmetic, self.raised, self.raised, self.transcendental, self.extreme,
            self.distinction, self.ranged, self.squashed,
        ]  # fmt: skip
        if self.scope.named(*VECTORS, shape=1):
            found += [self.summed, self.summed, self.left_out, self.field, self.chosen]
        return found

    def arithmetic(self, depth: int, bound: Bound) -> Expr:
        """Sums, differences, products, quotients by what is not zero."""
        a, b = self.real(depth - 1, bound), self.real(depth - 1, bound)
        make = self.rng.randrange(6)
        if make == 0:
            return div(a, self.rng.choice((num(2), num(3), self.positive(depth - 1, bound))))
        if make == 1:
            return neg(a)
        return (add(a, b), sub(a, b), mul(a, b), mul(num(self.rng.choice((2, 3, "1/2"))), a))[make - 2]

    def raised(self, depth: int, bound: Bound) -> Expr:
        """Powers and roots."""
        make = self.rng.randrange(5)
        if make == 0:
            return fn("sqrt", self.positive(depth - 1, bound))
        if make == 1:
            return power(self.positive(depth - 1, bound), self.rng.choice((num("1/2"), num("1/3"), num(-1), self.leaf(bound))))
        if make == 2:
            return power(num(self.rng.choice((2, 3))), self.leaf(bound))
        return power(self.real(depth - 1, bound), self.rng.choice((2, 2, 3)))

    def transcendental(self, depth: int, bound: Bound) -> Expr:
        """Logarithms and exponentials."""
        make = self.rng.randrange(5)
        if make == 0:
            return fn("exp", self.real(depth - 1, bound))
        if make == 1:
            return fn("logb", self.positive(depth - 1, bound), num(self.rng.choice((2, 3, 10))))
        return fn("log", self.positive(depth - 1, bound))

    def extreme(self, depth: int, bound: Bound) -> Expr:
        """Absolute values, the greater and the smaller of two."""
        a, b = self.real(depth - 1, bound), self.real(depth - 1, bound)
        return (fn("abs", a), fn("abs", a), fn("max", a, b), fn("min", a, b))[self.rng.randrange(4)]

    def condition(self, bound: Bound) -> Expr:
        """An equation or an inequality of a name and a number."""
        relation = self.rng.choice(("=", "=", "<", ">", "<=", ">=", "!="))
        leaf = self.leaf(bound)
        compared = leaf if leaf.kind in ("name", "entry") else self.positive(1, bound)
        return rel(compared, relation, num(self.rng.choice((0, 1, "1/7"))))

    def distinction(self, depth: int, bound: Bound) -> Expr:
        """Cases and indicators."""
        if self.rng.random() < 0.5:
            return indicator(self.condition(bound))
        return Expr("cases", (self.real(depth - 1, bound), self.condition(bound), self.real(depth - 1, bound)))

    def squashed(self, depth: int, bound: Bound) -> Expr:
        """A function of one number."""
        return call(self.rng.choice(("sigmoid", "tanh", "softplus", "sigmoid")), self.real(depth - 1, bound))

    def ranged(self, depth: int, bound: Bound) -> Expr | None:
        """A sum, product or maximum over numbers that are written out."""
        i = self.free_letter(bound)
        if i is None:
            return None
        low = self.rng.choice((1, 1, 2, 3))
        last = low + self.rng.choice((0, 1, 2))
        inside = (*bound, (i, -1))
        kind = self.rng.choice(("sum", "sum", "prod", "largest"))
        step = self.rng.choice((index(i), power(index(i), 2), div(ONE, index(i))))
        body = self.rng.choice((add, mul))(self.leaf(bound), step) if self.rng.random() < 0.8 else self.real(depth - 1, inside)
        if self.rng.random() < 0.25:
            return without(i, low, last, num(self.rng.randrange(0, last + 3)), body)
        return over(kind, i, low, last, body)

    def free_letter(self, bound: Bound) -> str | None:
        """A letter for an index."""
        taken = {i for i, _ in bound} | self.scope.names
        free = [i for i in INDICES if i not in taken]
        return self.rng.choice(free) if free else None

    def under(self, depth: int, bound: Bound, body: Callable[[int, Bound], Expr]) -> tuple[str, Size, Expr] | None:
        """A body under a new index over the size of a vector."""
        i, v = self.free_letter(bound), self.rng.choice(self.scope.named(*VECTORS, shape=1))
        if i is None or len(bound) > 1:
            return None
        s = v.sizes[0]
        inside = (*bound, (i, s))
        return i, s, mul(entry(v.name, i), body(depth - 1, inside)) if self.rng.random() < 0.6 else body(depth - 1, inside)

    def summed(self, depth: int, bound: Bound) -> Expr | None:
        """A sum, product or maximum over the entries of a vector."""
        made = self.under(depth, bound, self.real)
        if made is None:
            return None
        i, s, body = made
        return over(self.rng.choice(("sum", "sum", "sum", "prod", "largest", "smallest")), i, 1, high(s), body)

    def left_out(self, depth: int, bound: Bound) -> Expr | None:
        """A sum over all but one."""
        made = self.under(depth, bound, self.real)
        if made is None:
            return None
        i, s, body = made
        places = [e for e in self.places(s, bound) if e.kind != "index" or self.scope.free or bound]
        places = [e for e in places if not (e.kind == "index" and any(n == e.args[0] for n, _ in self.scope.free))]
        if not places:
            return None
        return without(i, 1, high(s), self.rng.choice(places), body)

    def chosen(self, depth: int, bound: Bound) -> Expr | None:
        """A Kronecker delta."""
        s = self.rng.choice(self.scope.named(*VECTORS, shape=1)).sizes[0]
        places = [e for e in self.places(s, bound) if e.kind != "number"]
        if not places:
            return None
        a = self.rng.choice(places)
        others = [e for e in self.places(s, bound) if e != a]
        return fn("delta", a, self.rng.choice(others)) if others else None

    def field(self, depth: int, bound: Bound) -> Expr | None:
        """Entropies, divergences, softmax."""
        v = self.rng.choice(self.scope.named(*VECTORS, shape=1))
        if v.domain in ("Simplex", "OpenSimplex", "OneHot"):
            same = [w.name for w in self.scope.named("OpenSimplex", shape=1) if w.sizes == v.sizes]
            if same and self.rng.random() < 0.5:
                return call(self.rng.choice(("CE", "D", "JS")), name(v.name), name(self.rng.choice(same)))
            return call("H", name(v.name))
        z = name(v.name)
        if self.rng.random() < 0.3:
            scale = self.leaf((), POSITIVE)
            z = div(z, scale) if scale.kind == "name" else z
        places = self.places(v.sizes[0], bound)
        if places and self.rng.random() < 0.7:
            return entry(call("softmax", z), self.rng.choice(places))
        return call("logsumexp", z)

    def undefined_somewhere(self, depth: int, bound: Bound) -> Expr:
        """An expression that has no value at some points."""
        x = self.leaf(bound)
        make = self.rng.randrange(6)
        if make == 0:
            return div(self.real(depth - 1, bound), sub(mul(num(7), x), ONE))
        if make == 1:
            return fn("log", x)
        if make == 2:
            return fn("sqrt", x)
        if make == 3:
            return power(x, self.rng.choice((num("1/2"), num(-1), num("3/2"))))
        if make == 4:
            return mul(self.leaf(bound), fn("log", x))
        return div(self.real(depth - 1, bound), x)


__all__ = ["VECTORS", "ZERO", "Bound", "Maker", "high", "scope_at_random"]
