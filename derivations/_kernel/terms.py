"""Terms: a small, immutable, non-evaluating language for formulas and statements.

A term is an operator with arguments, ``Term(op, args)``. Nothing is simplified when a term is built,
so what an author writes, what the checker reads and what a page shows are one object.

Numbers and names
    num(Fraction)  const("pi")  var(name)  bound(k)          bound: de Bruijn index, 0 = innermost binder
Arithmetic
    add(a, b, …)  mul(a, b, …)  pow(a, r)  log(a)  exp(a)
    xlog(w, a, b)           w·log(a/b) with 0·log(a/b) = 0 for a, b ≥ 0; for w > 0: w·log(a/0) = +∞, w·log(0/b) = −∞
    max(a, b)  abs(a)  case(u, v, a, b)                      case: a where u = v, else b
Indices and vectors
    at(v, i, …)             an entry of the vector (or joint array) v
    delta(i, j)             1 where i = j, else 0
    of(q, theta)            the vector which the family q takes at the parameter theta
    app(name, x, …)         a defined function, see definitions.py
    deriv(a, x)             ∂a/∂x for a variable x or an entry x of a variable
Binders (the last argument lies under the binder)
    sum(n, a)  prod(n, a)  top(n, a)  vec(n, a)              over the index set 1…n; top: the maximum; vec: the vector of all a
Statements
    eq  le  lt  ne  (a, b)          le may carry a third argument E: a ≤ b, and a = b exactly when E
    all(n, P)  imp(P, Q)  iff(P, Q)  and(P, …)
    infinite(a)                     a = +∞
    tends(a, x, c, v)               a → v as the variable x decreases to c
    integrates(a, x, l, h, v)       the integral of a over l < x < h exists and is v; l and h may be const("∓infinity")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, cast

LEAVES: dict[str, type] = {"num": Fraction, "const": str, "var": str, "bound": int}
BINDERS = frozenset({"sum", "prod", "top", "vec", "all"})
#: Number of arguments, or (minimum, maximum).
ARITY: dict[str, int | tuple[int, int]] = {
    "add": (2, 10**6), "mul": (2, 10**6), "pow": 2, "log": 1, "exp": 1, "xlog": 3, "max": 2, "abs": 1, "case": 4,
    "at": (2, 3), "delta": 2, "of": 2, "app": (2, 6), "deriv": 2,
    "sum": 2, "prod": 2, "top": 2, "vec": 2, "all": 2, "meta": (1, 3),
    "eq": 2, "le": (2, 3), "lt": 2, "ne": 2, "imp": 2, "iff": 2, "and": (1, 10**6), "infinite": 1, "tends": 4,
    "integrates": 5,
}  # fmt: skip
STATEMENTS = frozenset({"eq", "le", "lt", "ne", "all", "imp", "iff", "and", "infinite", "tends", "integrates"})
#: Operators whose second argument is a variable which they bind, or an entry of one.
BY_NAME = frozenset({"deriv", "tends", "integrates"})
INFINITY, MINUS_INFINITY = "infinity", "minus_infinity"
MAX_DEPTH, MAX_SIZE = 200, 100_000


class IllFormed(ValueError):
    """A term that is not of the language: unknown operator, wrong number of arguments, or too deep."""


class Term:
    """An operator and its arguments; equality is equality up to the names of bound indices."""

    __slots__ = ("_hash", "args", "depth", "loose", "op", "size")
    op: str
    args: tuple[Any, ...]
    depth: int
    size: int
    loose: int  #: bound indices below this number refer outside the term; 0 for a closed term

    def __new__(cls, op: str, *args: Any) -> Term:
        if cls is not Term or type(op) is not str:
            raise IllFormed("a term has an operator, and no other class")
        depth, size, loose = 1, 1, 0
        if op in LEAVES:
            if len(args) != 1 or LEAVES[op] is not type(args[0]):
                raise IllFormed(f"{op} takes one {LEAVES[op].__name__}")
            loose = 1 + cast(int, args[0]) if op == "bound" else 0
            if op == "bound" and loose < 1:
                raise IllFormed("a bound index is counted from 0")
        else:
            want = ARITY.get(op)
            if want is None:
                raise IllFormed(f"no operator {op[:40]!r}")
            low, high = want if isinstance(want, tuple) else (want, want)
            if not low <= len(args) <= high:
                raise IllFormed(f"{op} takes {low} to {high} arguments, not {len(args)}")
            parts = args[1:] if op in ("app", "meta") else args
            if len(parts) != len(args) and type(args[0]) is not str:
                raise IllFormed(f"{op} takes a name first")
            for k, part in enumerate(parts, 1):
                if type(part) is not Term:
                    raise IllFormed(f"the arguments of {op} are terms")
                depth, size = max(depth, part.depth + 1), size + part.size
                loose = max(loose, part.loose - (op in BINDERS and k == len(parts)))
            if depth > MAX_DEPTH or size > MAX_SIZE:
                raise IllFormed(f"a formula may be nested {MAX_DEPTH} deep and have {MAX_SIZE} parts at most")
        self = object.__new__(cls)
        values = {"op": op, "args": args, "depth": depth, "size": size, "loose": loose, "_hash": hash((op, args))}
        for name, each in values.items():
            object.__setattr__(self, name, each)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("terms are immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("terms are immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return Term, (self.op, *self.args)

    def __hash__(self) -> int:
        return self._hash  # type: ignore[no-any-return, attr-defined]

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(other) is Term and hash(self) == hash(other) and self.op == other.op and self.args == other.args

    def __repr__(self) -> str:
        return f"{self.op}({', '.join(str(a) if self.op in LEAVES else repr(a) for a in self.args)})"

    @property
    def children(self) -> tuple[Term, ...]:
        """The arguments that are terms."""
        return tuple(a for a in self.args if type(a) is Term)

    def rebuild(self, children: tuple[Term, ...]) -> Term:
        """The same operator over other children."""
        fresh = iter(children)
        return Term(self.op, *(next(fresh) if type(a) is Term else a for a in self.args))

    # Operators build terms; they never evaluate.
    def __add__(self, other: Any) -> Term:
        return Term("add", self, term(other))

    def __radd__(self, other: Any) -> Term:
        return Term("add", term(other), self)

    def __sub__(self, other: Any) -> Term:
        return Term("add", self, -term(other))

    def __rsub__(self, other: Any) -> Term:
        return Term("add", term(other), -self)

    def __neg__(self) -> Term:
        return num(-self.args[0]) if self.op == "num" else Term("mul", num(-1), self)

    def __mul__(self, other: Any) -> Term:
        return Term("mul", self, term(other))

    def __rmul__(self, other: Any) -> Term:
        return Term("mul", term(other), self)

    def __truediv__(self, other: Any) -> Term:
        return Term("mul", self, Term("pow", term(other), num(-1)))

    def __rtruediv__(self, other: Any) -> Term:
        return Term("mul", term(other), Term("pow", self, num(-1)))

    def __pow__(self, other: Any) -> Term:
        return Term("pow", self, term(other))


def num(value: int | Fraction | str) -> Term:
    """The rational number ``value``."""
    return Term("num", Fraction(value))


def var(name: str) -> Term:
    """The variable ``name``."""
    return Term("var", name)


def term(value: Any) -> Term:
    """``value`` as a term; whole numbers and fractions become numbers."""
    if type(value) is Term:
        return value
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return num(value)
    raise IllFormed(f"{value!r} is not a term")


ZERO, ONE = num(0), num(1)


def replaced(t: Term, leaf: Callable[[Term, int], Term | None], level: int = 0) -> Term:
    """``t`` with every part s, under so many binders, replaced by ``leaf(s, level)``; None leaves s to its parts.

    An entry of a ``vec`` that arises is opened at once: (a_i)_{i=1…n} at k is a_k.
    """
    new = leaf(t, level)
    if new is not None:
        return new
    if t.op in LEAVES:
        return t
    last = len(t.args) - 1
    inner = level + (t.op in BINDERS)
    args = [a if type(a) is not Term else replaced(a, leaf, inner if k == last else level) for k, a in enumerate(t.args)]
    return entry(args[0], *args[1:]) if t.op == "at" else Term(t.op, *args)


def shifted(t: Term, change: Callable[[int, int], Term]) -> Term:
    """``t`` with every bound index k that points outside replaced by ``change(k, level)``."""
    return replaced(t, lambda s, level: s if s.loose <= level else change(s.args[0], level) if s.op == "bound" else None)


def lift(t: Term, by: int) -> Term:
    """``t`` placed under ``by`` more binders."""
    return shifted(t, lambda k, level: Term("bound", k + by)) if by and t.loose else t


def opened(body: Term, index: Term) -> Term:
    """The body of a binder with its index replaced by the term ``index``."""
    return shifted(body, lambda k, level: lift(index, level) if k == level else Term("bound", k - 1))


def closed(body: Term, name: str) -> Term:
    """The inverse of ``opened(·, var(name))``: the variable becomes the bound index of a binder put around it."""

    def leaf(s: Term, level: int) -> Term | None:
        if s.op == "bound":
            return Term("bound", s.args[0] + 1) if s.args[0] >= level else s
        return Term("bound", level) if s.op == "var" and s.args[0] == name else None

    return replaced(body, leaf)


def substitute(t: Term, values: dict[str, Term]) -> Term:
    """``t`` with free variables replaced; bound indices are numbers, so nothing is captured.

    Under a derivative or a limit in x, x may only be renamed, and nothing put in may mention the new name:
    ∂/∂x (x·y) at y := x is not ∂/∂x (x²).
    """

    def leaf(s: Term, level: int) -> Term | None:
        if s.op in BY_NAME:
            x = s.args[1].args[0].args[0] if s.args[1].op == "at" else s.args[1].args[0]
            new = values.get(x, var(x))
            others = (values.get(name, var(name)) for name in free_names(s) - {x})
            if new.op != "var" or any(new.args[0] in free_names(o) for o in others):
                raise IllFormed(
                    f"{x} may only be renamed, apart from the other variables, under a derivative, a limit or an integral"
                )
        return lift(values[s.args[0]], level) if s.op == "var" and s.args[0] in values else None

    return replaced(t, leaf)


def entry(vector: Term, *indices: Term) -> Term:
    """The entry of ``vector`` at ``indices``; an entry of a ``vec`` is its body, opened."""
    while indices and vector.op == "vec":
        vector, indices = opened(vector.args[1], indices[0]), indices[1:]
    return Term("at", vector, *indices) if indices else vector


def constant(t: Term) -> Fraction | None:
    """The value of a term made of numbers by sums and products alone."""
    if t.op == "num":
        return t.args[0]  # type: ignore[no-any-return]
    if t.op not in ("add", "mul"):
        return None
    total = Fraction(t.op == "mul")
    for a in t.args:
        value = constant(a)
        if value is None:
            return None
        total = total * value if t.op == "mul" else total + value
    return total


def subterms(t: Term) -> Iterator[Term]:
    """``t`` and everything in it, outermost first."""
    yield t
    for child in t.children:
        yield from subterms(child)


def free_names(t: Term) -> frozenset[str]:
    """The names of the free variables of ``t``."""
    return frozenset(s.args[0] for s in subterms(t) if s.op == "var")
