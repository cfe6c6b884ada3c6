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
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

LEAVES = {"num": Fraction, "const": str, "var": str, "bound": int}
BINDERS = frozenset({"sum", "prod", "top", "vec", "all"})
#: Number of arguments, or (minimum, maximum).
ARITY: dict[str, int | tuple[int, int]] = {
    "add": (2, 10**6), "mul": (2, 10**6), "pow": 2, "log": 1, "exp": 1, "xlog": 3, "max": 2, "abs": 1, "case": 4,
    "at": (2, 3), "delta": 2, "of": 2, "app": (2, 6), "deriv": 2,
    "sum": 2, "prod": 2, "top": 2, "vec": 2, "all": 2, "meta": (1, 3),
    "eq": 2, "le": (2, 3), "lt": 2, "ne": 2, "imp": 2, "iff": 2, "and": (1, 10**6), "infinite": 1, "tends": 4,
}  # fmt: skip
STATEMENTS = frozenset({"eq", "le", "lt", "ne", "all", "imp", "iff", "and", "infinite", "tends"})
MAX_DEPTH = 200


class IllFormed(ValueError):
    """A term that is not of the language: unknown operator, wrong number of arguments, or too deep."""


class Term:
    """An operator and its arguments; equality is equality up to the names of bound indices."""

    __slots__ = ("_hash", "args", "depth", "loose", "op")
    op: str
    args: tuple[Any, ...]
    depth: int
    loose: int  #: bound indices below this number refer outside the term; 0 for a closed term

    def __init__(self, op: str, *args: Any) -> None:
        if op in LEAVES:
            if len(args) != 1 or type(args[0]) is not LEAVES[op] or (op == "bound" and args[0] < 0):
                raise IllFormed(f"{op} takes one {LEAVES[op].__name__}, not {args!r}")
            depth, loose = 1, args[0] + 1 if op == "bound" else 0
        else:
            want = ARITY.get(op)
            if want is None:
                raise IllFormed(f"no operator {op!r}")
            low, high = want if isinstance(want, tuple) else (want, want)
            if not low <= len(args) <= high:
                raise IllFormed(f"{op} takes {want} arguments, not {len(args)}")
            parts = args[1:] if op in ("app", "meta") else args
            if len(parts) != len(args) and type(args[0]) is not str:
                raise IllFormed(f"{op} takes a name first")
            if not all(type(part) is Term for part in parts):
                raise IllFormed(f"the arguments of {op} are terms")
            depth = 1 + max((part.depth for part in parts), default=0)
            loose = max((part.loose for part in parts[:-1]), default=0)
            if parts:
                loose = max(loose, parts[-1].loose - 1 if op in BINDERS else parts[-1].loose)
            if depth > MAX_DEPTH:
                raise IllFormed(f"a formula may be nested {MAX_DEPTH} deep at most")
        for name, value in (("op", op), ("args", args), ("depth", depth), ("loose", loose), ("_hash", hash((op, args)))):
            object.__setattr__(self, name, value)

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


def map_loose(t: Term, change: Callable[[int, int], Term], level: int = 0) -> Term:
    """Replace every bound index k that points outside ``level`` binders by ``change(k, level)``."""
    if t.loose <= level:
        return t
    if t.op == "bound":
        return change(t.args[0], level)
    last = len(t.args) - 1
    deeper = level + 1 if t.op in BINDERS else level
    return Term(t.op, *(
        a if type(a) is not Term else map_loose(a, change, deeper if k == last else level) for k, a in enumerate(t.args)
    ))  # fmt: skip


def lift(t: Term, by: int) -> Term:
    """``t`` placed under ``by`` more binders."""
    return map_loose(t, lambda k, level: Term("bound", k + by)) if by else t


def opened(body: Term, index: Term) -> Term:
    """The body of a binder with its index replaced by the term ``index``."""

    def change(k: int, level: int) -> Term:
        return lift(index, level) if k == level else Term("bound", k - 1)

    return map_loose(body, change)


def closed(body: Term, name: str) -> Term:
    """The inverse of ``opened(·, var(name))``: the variable becomes the bound index of a binder put around it."""
    target = var(name)

    def walk(t: Term, level: int) -> Term:
        if t == target:
            return Term("bound", level)
        if t.op == "bound":
            return Term("bound", t.args[0] + 1) if t.args[0] >= level else t
        if t.op in LEAVES:
            return t
        last = len(t.args) - 1
        deeper = level + 1 if t.op in BINDERS else level
        return Term(t.op, *(
            a if type(a) is not Term else walk(a, deeper if k == last else level) for k, a in enumerate(t.args)
        ))  # fmt: skip

    return walk(body, 0)


def substitute(t: Term, values: dict[str, Term]) -> Term:
    """``t`` with free variables replaced; bound indices are numbers, so nothing is captured.

    An entry of a ``vec`` that arises is opened at once: (a_i)_{i=1…n} at k is a_k. Under a derivative or a limit in x,
    x may only be renamed, and nothing put in may mention the new name: ∂/∂x (x·y) at y := x is not ∂/∂x (x²).
    """

    def walk(s: Term, level: int) -> Term:
        if s.op in ("deriv", "tends"):
            x = s.args[1].args[0].args[0] if s.args[1].op == "at" else s.args[1].args[0]
            new = values.get(x, var(x))
            others = (values.get(name, var(name)) for name in free_names(s) - {x})
            if new.op != "var" or any(new.args[0] in free_names(o) for o in others):
                raise IllFormed(f"{x} may only be renamed, apart from the other variables, under a derivative or a limit")
        if s.op == "var":
            return lift(values[s.args[0]], level) if s.args[0] in values else s
        if s.op in LEAVES:
            return s
        last = len(s.args) - 1
        deeper = level + 1 if s.op in BINDERS else level
        args = [a if type(a) is not Term else walk(a, deeper if k == last else level) for k, a in enumerate(s.args)]
        return entry(args[0], *args[1:]) if s.op == "at" else Term(s.op, *args)

    return walk(t, 0)


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


def to_json(t: Term) -> list[Any]:
    """``t`` as nested lists; numbers are written as text, exactly."""
    return [t.op, *(to_json(a) if type(a) is Term else str(a) if type(a) is Fraction else a for a in t.args)]


def from_json(data: Any, depth: int = 0) -> Term:
    """The term written by :func:`to_json`; anything else raises :class:`IllFormed`."""
    if depth > MAX_DEPTH or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise IllFormed("a term is a list that begins with an operator, and not nested too deep")
    op, *args = data
    if op == "num":
        if len(args) != 1 or not isinstance(args[0], str) or len(args[0]) > 1000:
            raise IllFormed("a number is written as text")
        try:
            return num(args[0])
        except (ValueError, ZeroDivisionError) as error:
            raise IllFormed(f"not a number: {args[0]!r}") from error
    return Term(op, *(from_json(a, depth + 1) if isinstance(a, list) else a for a in args))
