"""Random well-typed scopes, terms and instances of laws: what the rules are tried on.

Terms have sums, products and maxima over index sets, entries, deltas, weighted logarithms and families, and binders of
their own; many of them touch the boundary of a domain, or a place where something is not differentiable or not defined.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.rules import Instance, Rule
from derivations._kernel.terms import BINDERS, ONE, ZERO, Term, num, var

SCALARS = ("Real", "Positive", "Nonnegative", "Probability", "UnitInterval", "Bit")
VECTORS = ("Real", "Positive", "Nonnegative", "UnitInterval", "Bit", "Simplex", "OpenSimplex", "OneHot")
POSITIVE = ("Positive", "Probability", "OpenSimplex")
NONNEGATIVE = (*POSITIVE, "Nonnegative", "UnitInterval", "Bit", "Simplex", "OneHot")
SMOOTH = ("Real", "Positive", "Nonnegative", "Probability", "UnitInterval", "Simplex", "OpenSimplex")


def scope_at_random(rng: Random) -> Scope:
    """A size or two, some numbers, vectors and indices, at times a family or an array, at times a hypothesis."""
    n, m = var("n"), var("m")
    domains = {"n": Domain("Size"), "k": Domain("Index", (n,)), "l": Domain("Index", (n,))}
    if rng.random() < 0.3:
        domains |= {"m": Domain("Size"), "h": Domain("Real", (m,)), "o": Domain("Index", (m,))}
        if rng.random() < 0.5:
            domains["A"] = Domain(rng.choice(("Real", "Simplex")), (n, m))
    domains |= {f"x{i}": Domain(name) for i, name in enumerate(rng.sample(SCALARS, 3))}
    domains |= {f"v{i}": Domain(name, (n,)) for i, name in enumerate(rng.sample(VECTORS, 3))}
    if rng.random() < 0.3:
        domains |= {"d": Domain("Size"), "q": Domain("Family", (n, var("d"))), "theta": Domain("Real", (var("d"),)),
                    "e": Domain("Index", (var("d"),))}  # fmt: skip
    scope = Scope(tuple(domains.items()))
    return scope.assuming(*_hypotheses(scope, rng)) if rng.random() < 0.4 else scope


def _hypotheses(scope: Scope, rng: Random) -> list[Term]:
    x, y = (var(name) for name in rng.sample([name for name, d in scope.domains if name[0] == "x"], 2))
    v, w = (Term("at", var(name), Term("bound", 0)) for name in rng.sample(("v0", "v1", "v2"), 2))
    dominated = Term("all", var("n"), Term("imp", Term("lt", ZERO, v), Term("lt", ZERO, w)))
    offers = (dominated, Term("lt", ZERO, x), Term("ne", x, y), Term("imp", Term("lt", ZERO, x), Term("lt", ZERO, y)),
              Term("le", ZERO, Term("at", var("v0"), var("k"))), Term("eq", x, ONE))  # fmt: skip
    return [rng.choice(offers)]


class Maker:
    """Makes terms of a scope; ``sizes`` are those of the binders around the place, the innermost last."""

    def __init__(self, scope: Scope, rng: Random) -> None:
        self.scope, self.rng = scope, rng
        self.sizes = [var(name) for name, d in scope.domains if d.name == "Size" and name != "d"]

    def named(self, *names: str, shape: tuple[Term, ...] = ()) -> list[Term]:
        """The variables of these domains and this shape."""
        return [var(name) for name, d in self.scope.domains if d.sizes == shape and d.name in names]

    def size(self) -> Term:
        """A size."""
        return self.rng.choice(self.sizes)

    def index(self, size: Term, sizes: tuple[Term, ...] = ()) -> Term:
        """An index over 1…size: a bound one where there is one, as a rule."""
        near = [Term("bound", k) for k, s in enumerate(reversed(sizes)) if s == size]
        return self.rng.choice(near * 3 + self.named("Index", shape=(size,)))

    def vector(self, size: Term, names: tuple[str, ...] = VECTORS) -> Term | None:
        """A variable vector over 1…size, or what a family takes."""
        found = self.named(*names, shape=(size,))
        if "OpenSimplex" in names and size == var("n") and self.scope.declares("q"):
            found.append(Term("of", var("q"), var("theta")))
        return self.rng.choice(found) if found else None

    def entry(self, sizes: tuple[Term, ...], names: tuple[str, ...] = VECTORS) -> Term | None:
        """An entry of such a vector, or of an array."""
        size = self.rng.choice((*sizes, self.size()))
        if "Real" in names and self.scope.declares("A") and self.rng.random() < 0.3:
            return Term("at", var("A"), self.index(var("n"), sizes), self.index(var("m"), sizes))
        vector = self.vector(size, names)
        return None if vector is None else Term("at", vector, self.index(size, sizes))

    def leaf(self, sizes: tuple[Term, ...], names: tuple[str, ...] | None = None) -> Term:
        """A number, a variable, an entry, a delta."""
        scalars = self.named(*(names or SCALARS))
        offers = [self.entry(sizes, names or VECTORS), self.entry(sizes, names or VECTORS), rng_or(self.rng, scalars)]
        if names is None:
            size = self.size()
            delta = Term("delta", self.index(size, sizes), self.index(size, sizes))
            offers += [num(self.rng.choice((-2, -1, 0, 1, 2, 3, "1/2"))), delta]
        return self.rng.choice([t for t in offers if t is not None] or [num(self.rng.choice((1, 2, "1/2")))])

    def positive(self, depth: int, sizes: tuple[Term, ...] = ()) -> Term:
        """A term that is positive, and is seen to be."""
        make, deeper = self.rng.choice(range(7)), lambda: self.positive(depth - 1, sizes)
        if depth <= 0 or make == 0:
            return self.leaf(sizes, POSITIVE)
        if make == 1:
            return Term("exp", self.real(depth - 1, sizes))
        if make == 2:
            return self.under("sum", sizes, lambda inner: self.positive(depth - 1, inner))
        if make == 3:
            return deeper() ** num(self.rng.choice((-1, 2, "1/2")))
        return Term("mul" if make == 4 else "add", deeper(), deeper())

    def nonnegative(self, depth: int, sizes: tuple[Term, ...] = ()) -> Term:
        """A term that is seen to be nonnegative, and may be zero."""
        make = self.rng.choice(range(6))
        if depth <= 0 or make < 3:
            return self.leaf(sizes, NONNEGATIVE)
        if make == 3:
            return Term("abs", self.real(depth - 1, sizes))
        return Term("mul", self.nonnegative(depth - 1, sizes), self.nonnegative(depth - 1, sizes))

    def under(self, op: str, sizes: tuple[Term, ...], body: Callable[[tuple[Term, ...]], Term]) -> Term:
        """A binder."""
        size = self.size()
        return Term(op, size, body((*sizes, size)))

    def real(self, depth: int, sizes: tuple[Term, ...] = ()) -> Term:
        """Any term that denotes a number, where it denotes one."""
        rng, deeper = self.rng, lambda: self.real(depth - 1, sizes)
        if depth <= 0:
            return self.leaf(sizes)
        make = rng.choice(("leaf", "leaf", "add", "add", "mul", "mul", "sum", "sum", "log", "exp", "xlog", "pow", "max", "abs",
                           "case", "prod", "top", "app", "root"))  # fmt: skip
        if make in ("add", "mul", "max"):
            return Term(make, deeper(), deeper())
        if make in ("sum", "prod", "top"):
            return self.under(make, sizes, lambda inner: self.real(depth - 1, inner))
        if make == "log":
            return Term("log", self.positive(depth - 1, sizes))
        if make in ("exp", "abs"):
            return Term(make, deeper())
        if make == "xlog":
            a = self.positive if rng.random() < 0.6 else self.nonnegative
            return Term("xlog", self.nonnegative(depth - 1, sizes), a(depth - 1, sizes), self.positive(depth - 1, sizes))
        if make == "pow":
            return Term("pow", self.positive(depth - 1, sizes), deeper()) if rng.random() < 0.4 else deeper() ** num(2)
        if make == "root":
            return self.nonnegative(depth - 1, sizes) ** num("1/2")
        if make == "case":
            return Term("case", self.leaf(sizes), rng.choice((ZERO, ONE)), deeper(), deeper())
        vector = self.vector(var("n"), ("Real",)) if make == "app" else None
        return self.leaf(sizes) if vector is None else Term("app", "softmax", vector, self.index(var("n"), sizes))


def rng_or(rng: Random, items: list[Term]) -> Term | None:
    """One of the items, or None if there is none."""
    return rng.choice(items) if items else None


# ---- instances of laws


def roles(rule: Rule) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What each meta of a law stands for, read off where it stands, and the size metas of its indices."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    rank = ("real", "base", "weight", "part", "index", "vector", "size", "variable")

    def see(t: Term, role: str, binders: tuple[str, ...]) -> None:
        if t.op == "meta":
            bound = all(i.op == "bound" for i in t.args[1:])
            over = tuple(binders[-1 - i.args[0]] for i in t.args[1:]) if bound else ()
            before, known = found.get(t.args[0], ("real", ()))
            found[t.args[0]] = (max(before, role, key=rank.index), over or known)
            for i in t.args[1:]:
                see(i, "index", binders)
            return
        for k, child in enumerate(t.args):
            if type(child) is not Term:
                continue
            under = t.op in BINDERS and k == len(t.args) - 1
            see(child, _ROLE.get((t.op, k), "real"), (*binders, t.args[0].args[0]) if under else binders)

    for t in (rule.law, *rule.conditions):
        see(t, "real", ())
    return found


_ROLE = {
    **{(op, 0): "size" for op in BINDERS},
    ("at", 0): "vector", ("at", 1): "index", ("at", 2): "index", ("delta", 0): "index", ("delta", 1): "index",
    ("deriv", 1): "variable", ("tends", 1): "variable", ("log", 0): "base", ("pow", 0): "base", ("prod", 1): "base",
    ("xlog", 0): "weight", ("xlog", 1): "part", ("xlog", 2): "part",
}  # fmt: skip


def instance_at_random(rule: Rule, scope: Scope, rng: Random, *, wild: bool = False) -> Instance:
    """Values for the metas of a law; ``wild`` ones pay less heed to what its conditions ask for."""
    maker, parts = Maker(scope, rng), roles(rule)
    size = {name: maker.size() for name, (role, _) in parts.items() if role == "size"}
    own = next(iter(size.values()), var("n"))
    values: Instance = dict(size)
    asked = {c.args[1].args[0] for c in map(_body, rule.conditions) if c.op in ("lt", "le") and c.args[1].op == "meta"}
    for name, (role, over) in parts.items():
        sizes = tuple(size[s] for s in over)
        depth = rng.choice((0, 1, 1, 2, 2) if not sizes else (0, 1, 2))
        tame = rng.random() < (0.3 if wild else 0.8)
        if role == "size":
            continue
        if role == "index":
            values[name] = maker.index(own)
        elif role == "vector":
            values[name] = _vector(rule, maker, own, tame)
        elif role == "variable":
            values[name] = _variable(rule, maker, tame)
        elif (name in asked or role in ("base", "part")) and tame:
            values[name] = maker.positive(depth, sizes) if rng.random() < 0.8 else maker.nonnegative(depth, sizes)
        elif role == "weight" and tame:
            values[name] = maker.nonnegative(depth, sizes)
        else:
            values[name] = maker.real(depth, sizes)
    for name, special in _SPECIAL.items():
        if rule.name == name and rng.random() < (0.4 if wild else 0.8):
            special(values, maker)
    if "x" in values and "a" in values and rule.name != "derivative of a constant":
        values["a"] = _about(values["x"], values["a"], rng)
    return values


def _body(condition: Term) -> Term:
    return condition.args[1] if condition.op == "all" else condition


def _vector(rule: Rule, maker: Maker, size: Term, tame: bool) -> Term:
    asked = {"one-hot": ("OneHot",), "distribution": ("Simplex", "OpenSimplex", "OneHot")}
    only = next((names for word, names in asked.items() if word in rule.side), SMOOTH if "derivative" in rule.name else VECTORS)
    offers = maker.named(*(only if tame else VECTORS), shape=(size,)) or maker.named(*VECTORS, "Real", shape=(size,))
    vec = Term("vec", size, maker.real(1, (size,)))
    return vec if not offers or (not tame and maker.rng.random() < 0.3) else maker.rng.choice(offers)


def _variable(rule: Rule, maker: Maker, tame: bool) -> Term:
    if not tame and maker.rng.random() < 0.3:
        return maker.real(1)
    if rule.law.op == "tends":
        return rng_or(maker.rng, maker.named("Positive")) or var("x0")
    size = maker.size()
    entries = [Term("at", v, maker.index(size)) for v in maker.named(*SMOOTH, shape=(size,))]
    scalars = maker.named(*SMOOTH) or [var("x0")]
    return maker.rng.choice(scalars if rule.name == "derivative of the variable" else entries + scalars)


def _about(x: Term, a: Term, rng: Random) -> Term:
    """``a`` with ``x`` in it, as a rule."""
    return rng.choice((a, a + x, a * x, x, Term("exp", x) * a))


def _total(values: Instance, maker: Maker) -> None:
    v = maker.vector(var("n"), ("Simplex", "OpenSimplex", "OneHot"))
    if v is not None:
        values["t"] = Term("sum", var("n"), Term("at", v, Term("bound", 0)))


def _bit(values: Instance, maker: Maker) -> None:
    values["a"] = maker.leaf((), ("Bit", "OneHot"))


def _equal(values: Instance, maker: Maker) -> None:
    values["b"] = maker.rng.choice((values["a"], values["a"] + ZERO, values["a"] * ONE))


def _unequal(values: Instance, maker: Maker) -> None:
    values["b"] = values["a"] + maker.positive(1)


def _constant(values: Instance, maker: Maker) -> None:
    apart = {t.args[0] for t in (values["x"], *values["x"].children) if t.op == "var"}
    kept = tuple(d for d in maker.scope.domains if d[0] not in apart or d[1].name in ("Size", "Index"))
    values["a"] = Maker(Scope(kept), maker.rng).real(1)


def _exponent(values: Instance, maker: Maker) -> None:
    values["r"] = num(maker.rng.choice((-2, -1, 0, 1, 2, 3, "1/2", "-3/2")))


def _slow(values: Instance, maker: Maker) -> None:
    _exponent(values, maker)
    if maker.rng.random() < 0.3:
        values["r"] = values["x"]


def _decay(values: Instance, maker: Maker) -> None:
    _exponent(values, maker)
    x, rng = values["x"], maker.rng
    values["w"] = num(rng.choice((-2, -1, "-1/2", 1)))
    numbers = [t for t in maker.named(*POSITIVE) if t != x] + [num(2)]
    values["c"] = rng.choice([*numbers, *(t * num(3) for t in numbers), *maker.named(*SCALARS), ZERO - ONE, x * x])


def _array(values: Instance, maker: Maker) -> None:
    """An array over n and m where there is one, else the plain entries, which are refused."""
    array = maker.named("Real", "Simplex", shape=(var("n"), var("m")))
    if array:
        values["v"] = array[0]
        values |= {name: maker.index(var("n" if name in "km" else "m")) for name in "kmij"}


_SPECIAL: dict[str, Callable[[Instance, Maker], None]] = {
    "total probability": _total, "zero or one": _bit, "case met": _equal, "case not met": _unequal,
    "derivative of a constant": _constant, "derivative of a power": _exponent, "limit of a power": _exponent,
    "weighted logarithm of a power": _exponent, "limit of a power times a logarithm": _slow,
    "limit of a power times an exponential": _decay, "derivative of an entry of an array": _array,
}  # fmt: skip

__all__ = ["Maker", "instance_at_random", "roles", "scope_at_random"]
