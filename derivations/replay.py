"""A second program that re-checks certificates: it believes nothing they record except what it derives again itself.

    python -m derivations.replay FILE…          or, as a plain file,          python derivations/replay.py FILE…

A certificate holds claims and proofs as data (docs/certificate.md). For each proof this program computes the statement
which it proves, and compares that statement with the claim. It is written from the mathematics and shares no code with
the checker that made the certificates; it uses the standard library alone. It reads in this order: terms, domains and
sorts, equality by the laws of a field, bounds, what is defined, the rules, the principles, lines, files.

One fact keeps the principles sound: **whatever ``derive`` returns is well-typed, defined and true at every point of its
scope.** So each principle may take this of its parts, and must give it for the whole.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

SCHEMA = "lossproof-certificate/draft-1"
MAX_DEPTH, MAX_SIZE, MAX_BITS, MAX_EXPONENT, MAX_BYTES, MAX_WORK = 200, 100_000, 20_000, 1_000, 50_000_000, 6_000_000


class Refused(Exception):
    """A step which does not follow; ``left`` and ``right`` ought to have been the same."""

    def __init__(self, why: str, left: Term | None = None, right: Term | None = None) -> None:
        super().__init__(why)
        self.why, self.left, self.right = why, left, right


class Unreadable(Exception):
    """A file which is no certificate."""


def refuse(why: str, left: Term | None = None, right: Term | None = None) -> NoReturn:
    """Every refusal is made here."""
    raise Refused(why, left, right)


class Work:
    """The steps left for the theorem at hand: hostile input ends in a refusal, not in a long wait."""

    left = MAX_WORK


def tick(steps: int = 1) -> None:
    """Count work done."""
    Work.left -= steps
    if Work.left < 0:
        refuse("this takes too many steps")


# ---- Terms. Equal terms are one object, so equality is identity, and shared parts are stored and treated once.

BINDERS = {"sum", "prod", "top", "vec", "all"}
ARITY = {
    "add": (2, MAX_SIZE), "mul": (2, MAX_SIZE), "pow": (2, 2), "log": (1, 1), "exp": (1, 1), "xlog": (3, 3), "max": (2, 2),
    "abs": (1, 1), "case": (4, 4), "at": (2, 3), "delta": (2, 2), "of": (2, 2), "app": (1, 5), "deriv": (2, 2),
    "sum": (2, 2), "prod": (2, 2), "top": (2, 2), "vec": (2, 2), "all": (2, 2), "eq": (2, 2), "le": (2, 3), "lt": (2, 2),
    "ne": (2, 2), "imp": (2, 2), "iff": (2, 2), "and": (1, MAX_SIZE), "infinite": (1, 1), "tends": (4, 4),
}  # fmt: skip
STATEMENTS = {"eq", "le", "lt", "ne", "all", "imp", "iff", "and", "infinite", "tends"}
NUMBER = re.compile(r"-?[0-9]{1,1000}(/[1-9][0-9]{0,999})?", re.ASCII)


class Term:
    """An operator over terms; ``value`` is the content of a leaf, or the name of an applied definition."""

    __slots__ = ("args", "depth", "free", "loose", "op", "size", "value")
    op: str
    value: Any
    args: tuple[Term, ...]
    depth: int
    size: int
    loose: int  #: bound indices from this number on cannot occur free; 0 for a closed term
    free: frozenset[str]  #: names of the variables that occur

    def __str__(self) -> str:
        inside = ", ".join([*([] if self.op != "app" else [self.value]), *map(str, self.args)])
        return str(self.value) if self.op in ("num", "const", "var") else f"{self.op}({self.value if self.op == 'bound' else inside})"


_TERMS: dict[tuple[Any, ...], Term] = {}


def make(op: str, *args: Term, value: Any = None) -> Term:
    """The one term with these parts."""
    key = (op, value, args)
    found = _TERMS.get(key)
    if found is not None:
        return found
    tick()
    t = Term()
    t.op, t.value, t.args = op, value, args
    t.depth = 1 + max((a.depth for a in args), default=0)
    t.size = 1 + sum(a.size for a in args)
    t.free = frozenset((value,)) if op == "var" else frozenset().union(*(a.free for a in args))
    t.loose = value + 1 if op == "bound" else max(
        (a.loose - (op in BINDERS and k == len(args)) for k, a in enumerate(args, 1)), default=0)  # fmt: skip
    t.loose = max(t.loose, 0)
    if t.depth > MAX_DEPTH or t.size > MAX_SIZE:
        refuse("a formula is too large")
    _TERMS[key] = t
    return t


def num(value: int | Fraction) -> Term:
    """A rational number."""
    return make("num", value=Fraction(value))


def var(name: str) -> Term:
    """A variable."""
    return make("var", value=name)


def bound(k: int) -> Term:
    """The index of the k-th binder around, counted from the innermost, 0."""
    return make("bound", value=k)


ZERO, ONE, MINUS = num(0), num(1), num(-1)


def minus(a: Term, b: Term) -> Term:
    """a − b."""
    return make("add", a, make("mul", MINUS, b))


def entry(vector: Term, *indices: Term) -> Term:
    """An entry; that of a vector (a_i)_i is a_i."""
    if vector.op == "vec" and len(indices) == 1:
        return opened(vector.args[1], indices[0])
    return make("at", vector, *indices)


def rebuilt(t: Term, args: tuple[Term, ...]) -> Term:
    """The same operator over other arguments."""
    return entry(*args) if t.op == "at" else make(t.op, *args, value=t.value)


def mapped(t: Term, leaf: Callable[[Term, int], Term | None]) -> Term:
    """``t`` with each part s, under so many binders, replaced by leaf(s, level) where that is not None."""
    memo: dict[tuple[Term, int], Term] = {}

    def go(s: Term, level: int) -> Term:
        if (s, level) not in memo:
            tick()
            new = leaf(s, level)
            if new is None and s.args:
                last = len(s.args) - 1
                new = rebuilt(s, tuple([go(a, level + (s.op in BINDERS and k == last)) for k, a in enumerate(s.args)]))
            memo[s, level] = s if new is None else new
        return memo[s, level]

    return go(t, 0)


def lifted(t: Term, by: int) -> Term:
    """``t`` put under ``by`` more binders."""
    if not t.loose or not by:
        return t
    return mapped(t, lambda s, n: s if s.loose <= n else bound(s.value + by) if s.op == "bound" else None)


def opened(body: Term, index: Term) -> Term:
    """The body of a binder, at the index ``index``."""

    def leaf(s: Term, n: int) -> Term | None:
        if s.loose <= n:
            return s
        if s.op != "bound":
            return None
        return lifted(index, n) if s.value == n else bound(s.value - 1)

    return mapped(body, leaf)


def closed(body: Term, name: str) -> Term:
    """The body of a binder whose index was called ``name``."""

    def leaf(s: Term, n: int) -> Term | None:
        if s.op == "bound":
            return bound(s.value + 1) if s.value >= n else s
        return bound(n) if s.op == "var" and s.value == name else None if name in s.free or s.loose > n else s

    return mapped(body, leaf)


def root(x: Term) -> str:
    """The variable of a derivative or a limit: x itself, or the vector of which x is an entry."""
    x = x.args[0] if x.op == "at" else x
    if x.op != "var":
        refuse("a derivative or a limit is taken in a variable", x)
    return str(x.value)


def substituted(t: Term, values: dict[str, Term]) -> Term:
    """``t`` with terms put for variables. A derivative or limit in x binds x: x may only be renamed apart from the rest."""

    def leaf(s: Term, n: int) -> Term | None:
        if not s.free & values.keys():
            return s
        if s.op in ("deriv", "tends"):
            x = root(s.args[1])
            new = values.get(x, var(x))
            rest = frozenset().union(*(values.get(name, var(name)).free for name in s.free - {x}))
            if new.op != "var" or new.value in rest:
                refuse(f"{x} is bound by a derivative or a limit and may not be replaced", s, new)
        return lifted(values[s.value], n) if s.op == "var" else None

    return mapped(t, leaf)


def alike(p: Term, q: Term) -> bool:
    """Two terms or statements, both defined, mean the same by the laws of a field."""
    if p is q:
        return True
    if p.op not in STATEMENTS or q.op not in STATEMENTS:
        return p.op not in STATEMENTS and q.op not in STATEMENTS and identity(p) == identity(q)
    return p.op == q.op != "tends" and len(p.args) == len(q.args) and all(map(alike, p.args, q.args))


# ---- Domains and sorts.


class Kind(NamedTuple):
    """What a variable, or each entry of it, may be: bounds, ends left out, whole numbers only, entries adding up to one."""

    low: int | None = None
    high: int | None = None
    no_low: bool = False
    no_high: bool = False
    whole: bool = False
    total: bool = False
    shapes: tuple[int, ...] = (0, 1, 2)
    near: str | None = None  #: an open domain around every point, where derivatives are taken


KINDS = {
    "Size": Kind(1, whole=True, shapes=(0,)),
    "Index": Kind(1, whole=True, shapes=(1,)),
    "Real": Kind(near="Real"),
    "Positive": Kind(0, no_low=True, near="Positive"),
    "Nonnegative": Kind(0, near="Real"),
    "Probability": Kind(0, 1, True, True, near="Probability"),
    "UnitInterval": Kind(0, 1, near="Real"),
    "Bit": Kind(0, 1, whole=True),
    "Simplex": Kind(0, 1, total=True, shapes=(1, 2), near="Real"),
    "OpenSimplex": Kind(0, 1, True, total=True, shapes=(1, 2), near="Positive"),
    "OneHot": Kind(0, 1, whole=True, total=True, shapes=(1,)),
    "Family": Kind(0, 1, True, total=True, shapes=(2,)),
}


class Domain(NamedTuple):
    """A name of the table with its sizes; Family[n, d] takes d real parameters to a distribution over n outcomes."""

    name: str
    sizes: tuple[Term, ...] = ()

    @property
    def kind(self) -> Kind:
        """The row of the table."""
        return KINDS[self.name]

    @property
    def shape(self) -> tuple[Term, ...]:
        """The sizes of the vector or array."""
        return self.sizes[:1] if self.name == "Family" else self.sizes


class Scope:
    """Declared variables and hypotheses. A scope remembers what was found out in it."""

    def __init__(self, domains: dict[str, Domain], hypotheses: tuple[Term, ...] = ()) -> None:
        self.domains, self.hypotheses = domains, hypotheses
        self.inner: dict[Any, Scope] = {}
        self.sorts: dict[Term, tuple[Any, ...]] = {}
        self.lacks: dict[Term, Term | None] = {}
        self.ranges: dict[Term, Range] = {}
        self.known: list[Fact] | None = None
        self.true: set[Term] = set()

    def domain(self, name: str) -> Domain:
        """The domain of a variable."""
        return self.domains[name] if name in self.domains else refuse(f"{name} is not declared")

    def of_vector(self, t: Term) -> Domain | None:
        """The domain of a variable, or of the distribution which a family takes at a parameter."""
        t = t.args[0] if t.op == "of" else t
        return self.domains.get(t.value) if t.op == "var" else None

    def assuming(self, statement: Term) -> Scope:
        """This scope with one more hypothesis."""
        if statement not in self.inner:
            self.inner[statement] = Scope(self.domains, (*self.hypotheses, statement))
        return self.inner[statement]

    def fresh(self) -> str:
        """The name of the next index: #0, #1, …; claims cannot declare such names."""
        return f"#{sum(name[0] == '#' for name in self.domains)}"

    def open(self, size: Term) -> tuple[Term, Scope]:
        """A new index over 1…size, and the scope which declares it."""
        need_size(size, self)
        name = self.fresh()
        if ("open", size) not in self.inner:
            self.inner["open", size] = Scope({**self.domains, name: Domain("Index", (size,))}, self.hypotheses)
        return var(name), self.inner["open", size]

    def near(self, name: str) -> Scope:
        """A neighbourhood of the point, in one variable: nothing that may fail beside the point is known there."""
        domain = self.domain(name)
        if domain.kind.near is None:
            refuse(f"no derivative is taken in {name}, which is in {domain.name}")
        if ("near", name) not in self.inner:
            wide = {**self.domains, name: Domain(domain.kind.near, domain.sizes)}
            self.inner["near", name] = Scope(wide, tuple(h for h in self.hypotheses if name not in h.free))
        return self.inner["near", name]


def need_size(size: Term, scope: Scope) -> None:
    """Sizes are declared sizes and whole numbers ≥ 1."""
    if size.op == "num" and size.value.denominator == 1 and size.value >= 1:
        return
    if size.op != "var" or scope.domain(size.value).name != "Size":
        refuse("this is not a size", size)


REAL, STATEMENT = ("real",), ("statement",)


def sort(t: Term, scope: Scope) -> tuple[Any, ...]:
    """What ``t`` denotes: real, an index of some size, a vector, an array, a family, or a statement."""
    if t not in scope.sorts:
        tick()
        scope.sorts[t] = _sort(t, scope)
    return scope.sorts[t]


def need(t: Term, scope: Scope, want: tuple[Any, ...]) -> None:
    """``t`` is of the sort ``want``; a literal label fits a literal size."""
    if want[0] == "index" and t.op == "num":
        if want[1].op == "num" and t.value.denominator == 1 and 1 <= t.value <= want[1].value:
            return
        refuse("an index is out of range", t, want[1])
    if (got := sort(t, scope)) != want:
        refuse(f"{got[0]} stands where {' over '.join(map(str, want))} is expected", t)


def _sort(t: Term, scope: Scope) -> tuple[Any, ...]:
    if t.op == "num" or (t.op == "const" and t.value == "pi"):
        return REAL
    if t.op == "var":
        domain = scope.domain(t.value)
        special = {"Index": "index", "Family": "family"}.get(domain.name)
        return (special or ("real", "vector", "array")[len(domain.sizes)], *domain.sizes)
    if t.op == "at":
        shape = sort(t.args[0], scope)
        if shape[0] not in ("vector", "array") or len(t.args) != len(shape):
            refuse("an entry has one index for each size", t)
        for index, size in zip(t.args[1:], shape[1:], strict=True):
            need(index, scope, ("index", size))
        return REAL
    if t.op == "delta":
        known = [s for s in (sort(a, scope) for a in t.args) if s[0] == "index"]
        if not known:
            refuse("δ compares indices", t)
        for a in t.args:
            need(a, scope, known[0])
        return REAL
    if t.op == "of":
        family = sort(t.args[0], scope)
        if family[0] != "family":
            refuse("this is not a family of distributions", t.args[0])
        need(t.args[1], scope, ("vector", family[2]))
        return "vector", family[1]
    if t.op == "app":
        unfolded(t, scope)
        return REAL
    if t.op == "deriv":
        x = t.args[1]
        need(x, scope, REAL)
        need(t.args[0], scope.near(root(x)), REAL)
        return REAL
    if t.op in BINDERS:
        index, inner = scope.open(t.args[0])
        need(opened(t.args[1], index), inner, STATEMENT if t.op == "all" else REAL)
        return ("vector", t.args[0]) if t.op == "vec" else STATEMENT if t.op == "all" else REAL
    if t.op == "tends":
        if t.args[1].op != "var" or root(t.args[1]) in t.args[2].free | t.args[3].free:
            refuse("a limit is taken in a variable, and does not depend on it", t)
    if t.op in ("bound", "const"):
        refuse("this denotes nothing here", t)
    logical = t.op in ("imp", "iff", "and")
    for k, a in enumerate(t.args):
        need(a, scope, STATEMENT if logical or (t.op == "le" and k == 2) else REAL)
    return STATEMENT if t.op in STATEMENTS else REAL


# ---- A small notation for the tables of definitions and laws: Python's expressions, read as terms.


class Schema(NamedTuple):
    """A formula with letters left open; ``f[i]`` is a letter in which the index i may occur."""

    source: ast.expr

    def letters(self) -> dict[str, int]:
        """The letters, each with its number of indices."""
        found: dict[str, int] = {}
        indices: set[str] = set()
        for node in ast.walk(self.source):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
                found[node.value.id] = len(node.slice.elts) if isinstance(node.slice, ast.Tuple) else 1
            if isinstance(node, ast.Call) and node.func.id in BINDERS:  # type: ignore[attr-defined]
                indices.add(node.args[0].id)  # type: ignore[attr-defined]
        functions = {node.func.id for node in ast.walk(self.source) if isinstance(node, ast.Call)}  # type: ignore[attr-defined]
        names = {node.id for node in ast.walk(self.source) if isinstance(node, ast.Name)}
        return {**dict.fromkeys(names - indices - functions, 0), **found}

    def at(self, values: dict[str, Term]) -> Term:
        """The formula for these values of the letters; the last index of a letter is the innermost, bound(0)."""
        return self._read(self.source, values)

    def _read(self, e: ast.expr, v: dict[str, Term]) -> Term:
        r = lambda part: self._read(part, v)  # noqa: E731
        if isinstance(e, ast.Constant):
            return num(e.value)
        if isinstance(e, ast.Name):
            return v[e.id] if e.id in v else refuse(f"the instance does not say what {e.id} is")
        if isinstance(e, ast.UnaryOp):
            return make("mul", MINUS, r(e.operand))
        if isinstance(e, ast.Compare):
            op = {ast.Eq: "eq", ast.Lt: "lt", ast.LtE: "le", ast.NotEq: "ne"}[type(e.ops[0])]  # type: ignore[index]
            return make(op, r(e.left), r(e.comparators[0]))
        if isinstance(e, ast.BinOp):
            a, b = r(e.left), r(e.right)
            if isinstance(e.op, ast.Sub):
                return minus(a, b)
            if isinstance(e.op, ast.Div):
                return make("mul", a, make("pow", b, MINUS))
            return make({ast.Add: "add", ast.Mult: "mul", ast.Pow: "pow"}[type(e.op)], a, b)  # type: ignore[index]
        if isinstance(e, ast.Subscript):
            body = r(e.value)
            indices = e.slice.elts if isinstance(e.slice, ast.Tuple) else [e.slice]
            for index in reversed(indices):  # bound(0) first; what is put in is closed, so nothing moves
                body = opened(body, r(index))
            return body
        if not isinstance(e, ast.Call) or not isinstance(e.func, ast.Name):
            raise TypeError("a schema is not written like this")
        if e.func.id in BINDERS:
            name = f"@{len(v)}"
            inner = {**v, e.args[0].id: var(name)}  # type: ignore[attr-defined]
            return make(e.func.id, r(e.args[1]), closed(self._read(e.args[2], inner), name))
        args = [r(a) for a in e.args]
        return entry(*args) if e.func.id == "at" else make(e.func.id, *args)


def schema(text: str) -> Schema:
    """The schema written as ``text``."""
    return Schema(ast.parse(text, mode="eval").body)


#: name: (parameters with their sorts, n standing for any size; what the name stands for)
DEFINITIONS = {
    "H": (("p: vector",), schema("-sum(i, n, xlog(at(p, i), at(p, i), 1))")),
    "CE": (("p: vector", "q: vector"), schema("-sum(i, n, xlog(at(p, i), at(q, i), 1))")),
    "D": (("p: vector", "q: vector"), schema("sum(i, n, xlog(at(p, i), at(p, i), at(q, i)))")),
    "softmax": (("z: vector", "k: index"), schema("exp(at(z, k)) / sum(i, n, exp(at(z, i)))")),
    "sigmoid": (("x: real",), schema("1 / (1 + exp(-x))")),
    "bernoulli": (("y: real", "p: real"), schema("case(y, 1, p, 1 - p)")),
}


def unfolded(t: Term, scope: Scope) -> Term:
    """What a defined function of the arguments stands for."""
    if t.value not in DEFINITIONS:
        refuse("this is not defined", t)
    parameters, body = DEFINITIONS[t.value]
    if len(parameters) != len(t.args):
        refuse("a defined function has another number of arguments", t)
    values: dict[str, Term] = {}
    for parameter, a in zip(parameters, t.args, strict=True):
        name, want = parameter.split(": ")
        if want == "vector":
            values.setdefault("n", sort(a, scope)[-1])
        need(a, scope, REAL if want == "real" else (want, values["n"]))
        values[name] = a
    return body.at(values)


# ---- Equality by the laws of a field. The value of a term is a quotient of polynomials in atoms. Two quotients are
# compared by cross-multiplication; an atom (log a, Σ f, …) is known by its operator and the values of its arguments.

Monomial = tuple[tuple[int, int], ...]  # (atom, exponent ≠ 0), …; an atom in a denominator has a negative exponent
Polynomial = dict[Monomial, Fraction]
UNIT: Polynomial = {(): Fraction(1)}
PRIME = 2**61 - 1


class Value(NamedTuple):
    """``top / bottom``, and for each atom a part of this very term which it stands for."""

    top: Polynomial
    bottom: Polynomial
    parts: dict[int, Term]


class Values:
    """The atoms and values met so far. Equal values have equal fingerprints, so only these are compared."""

    atoms: dict[tuple[Any, ...], int] = {}
    found: dict[Term, Value] = {}
    numbers: dict[Term, int] = {}
    prints: dict[int, list[tuple[int, Value]]] = {}
    count = 0


def plus(a: Polynomial, b: Polynomial, factor: Fraction = Fraction(1)) -> Polynomial:
    """a + factor·b."""
    tick(len(b) + 1)
    total = dict(a)
    for m, c in b.items():
        total[m] = total.get(m, Fraction(0)) + factor * c
        if not total[m]:
            del total[m]
    return total


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """a·b."""
    if b == UNIT:
        return a
    tick(len(a) * len(b) + 1)
    product: Polynomial = {}
    for m, c in a.items():
        for n, d in b.items():
            powers = dict(m)
            for atom, e in n:
                powers[atom] = powers.get(atom, 0) + e
            key = tuple(sorted((atom, e) for atom, e in powers.items() if e))
            product[key] = product.get(key, Fraction(0)) + small(c * d)
    return {m: c for m, c in product.items() if c}


def small(c: Fraction) -> Fraction:
    """``c``, if it may be reckoned with."""
    if c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS:
        refuse("a number has too many digits")
    return c


def power(a: Polynomial, e: int) -> Polynomial:
    """a^e for a whole e ≥ 0."""
    if e > MAX_EXPONENT:
        refuse("an exponent is too large")
    result = UNIT
    for _ in range(e):
        result = times(result, a)
    return result


def inverse(top: Polynomial, bottom: Polynomial) -> tuple[Polynomial, Polynomial]:
    """bottom / top; one monomial divides by negative exponents."""
    if not top:
        refuse("division by zero")
    if len(top) > 1:
        return bottom, top
    [(m, c)] = top.items()
    return times(bottom, {tuple((atom, -e) for atom, e in m): 1 / c}), UNIT


def value(t: Term) -> Value:
    """The value of a term. It holds wherever the term is defined, so what it is used for has to be defined."""
    if t not in Values.found:
        tick()
        Values.found[t] = _value(t)
    return Values.found[t]


def _value(t: Term) -> Value:
    if t.op == "num":
        return Value({(): small(t.value)} if t.value else {}, UNIT, {})
    if t.op in ("add", "mul"):
        top, bottom, parts = value(t.args[0])
        parts = dict(parts)
        for a in t.args[1:]:
            v = value(a)
            parts.update(v.parts)
            if t.op == "mul":
                top, bottom = times(top, v.top), times(bottom, v.bottom)
            elif bottom == v.bottom:
                top = plus(top, v.top)
            else:
                top, bottom = plus(times(top, v.bottom), times(v.top, bottom)), times(bottom, v.bottom)
        return Value(top, bottom if top else UNIT, parts)
    if t.op == "pow" and (e := constant(t.args[1])) is not None and e.denominator == 1:
        top, bottom, parts = value(t.args[0])
        if e < 0:
            top, bottom = inverse(top, bottom)
        return Value(power(top, abs(e.numerator)), power(bottom, abs(e.numerator)), parts)
    if t.op == "at" and t.args[0].op == "vec" and len(t.args) == 2:
        return value(entry(*t.args))
    if t.op in ("var", "const", "bound"):
        key: tuple[Any, ...] = (t.op, t.value)
    elif t.op == "deriv":
        key = (t.op, identity(t.args[0]), t.args[1])
    else:
        arguments = [identity(a) for a in t.args]
        key = (t.op, t.value, *(sorted(arguments) if t.op == "delta" else arguments))
    atom = Values.atoms.setdefault(key, len(Values.atoms))
    return Value({((atom, 1),): Fraction(1)}, UNIT, {atom: t})


def constant(t: Term) -> Fraction | None:
    """The number which ``t`` is by the laws of a field."""
    top, bottom, _ = value(t)
    return None if bottom != UNIT or top.keys() - UNIT else top.get((), Fraction(0))


def fingerprint(p: Polynomial) -> int:
    """The polynomial modulo a prime, where the atoms are arbitrary numbers."""
    total = 0
    for m, c in p.items():
        tick()
        product = c.numerator * pow(c.denominator, -1, PRIME) if c.denominator % PRIME else refuse("an unlucky number")
        for atom, e in m:
            place = int.from_bytes(hashlib.sha256(str(atom).encode()).digest()[:7], "big") + 1
            product = product * pow(place, e, PRIME) % PRIME
        total += product
    return total % PRIME


def identity(t: Term) -> int:
    """A number which two terms share exactly when their values are equal."""
    if t in Values.numbers:
        return Values.numbers[t]
    v = value(t)
    below = fingerprint(v.bottom)
    if not below:
        refuse("an unlucky denominator")
    same = Values.prints.setdefault(fingerprint(v.top) * pow(below, -1, PRIME) % PRIME, [])
    for number, other in same:
        if times(v.top, other.bottom) == times(other.top, v.bottom):
            break
    else:
        Values.count += 1
        number = Values.count
        same.append((number, v))
    Values.numbers[t] = number
    return number


# ---- Bounds. The range of a term is an interval that holds its value at every point of the scope where it is defined.

INF = float("inf")
End = Any  # a Fraction, or ±INF


class Range(NamedTuple):
    """low … high; an end that is not ``closed`` is not attained."""

    low: End = -INF
    high: End = INF
    low_closed: bool = False
    high_closed: bool = False

    @property
    def positive(self) -> bool:
        """Every number in the range is > 0."""
        return bool(self.low > 0 or (self.low == 0 and not self.low_closed))

    @property
    def negative(self) -> bool:
        """Every number in the range is < 0."""
        return bool(self.high < 0 or (self.high == 0 and not self.high_closed))


ANY, POSITIVE, NONNEGATIVE, UNIT_RANGE = Range(), Range(0), Range(0, INF, True), Range(0, 1, True, True)


def point(c: Fraction | int) -> Range:
    """One number."""
    return Range(c, c, True, True)


def meet(a: Range, b: Range) -> Range:
    """What lies in both."""
    low, lc = max((a.low, not a.low_closed), (b.low, not b.low_closed))
    high, hc = min((a.high, a.high_closed), (b.high, b.high_closed))
    return Range(low, high, not lc, hc)


def hull(*corners: tuple[End, bool]) -> Range:
    """From the least to the greatest of the corners, each attained or not."""
    low, lc = min((c, not closed_) for c, closed_ in corners)
    high, hc = max(corners)
    return Range(low, high, not lc, hc)


def range_sum(a: Range, b: Range) -> Range:
    """The range of x + y."""
    return Range(a.low + b.low, a.high + b.high, a.low_closed and b.low_closed, a.high_closed and b.high_closed)


def range_product(a: Range, b: Range) -> Range:
    """The range of x·y: its ends are products of ends, where 0·∞ counts 0."""
    corners = []
    for x, xc in ((a.low, a.low_closed), (a.high, a.high_closed)):
        for y, yc in ((b.low, b.low_closed), (b.high, b.high_closed)):
            if x == 0 or y == 0:
                corners.append((Fraction(0), (xc and x == 0) or (yc and y == 0)))
            else:
                corners.append((cut(x) * cut(y), xc and yc))
    return hull(*corners)


def cut(x: End) -> End:
    """An end, if it may be reckoned with."""
    return small(Fraction(x)) if x not in (INF, -INF) else x


def range_power(a: Range, e: int) -> Range:
    """The range of x^e for a whole number e."""
    if e < 0:
        if not (a.positive or a.negative):
            return ANY
        flip = lambda x: 0 if x in (INF, -INF) else (INF if a.positive else -INF) if x == 0 else 1 / Fraction(x)  # noqa: E731
        return range_power(Range(flip(a.high), flip(a.low), a.high_closed, a.low_closed), -e)
    if e % 2 == 0 and not (a.low >= 0 or a.high <= 0):
        return Range(0, range_power(hull((abs(a.low), a.low_closed), (a.high, a.high_closed)), e).high, True, False) if e else point(1)
    result = point(1)
    for _ in range(min(e, MAX_EXPONENT)):
        result = range_product(result, a)
    return result if e <= MAX_EXPONENT else ANY


class Fact(NamedTuple):
    """Something known in a scope: ``value`` is > 0, ≥ 0, = 0 or ≠ 0."""

    value: Value
    relation: str


def facts(scope: Scope) -> list[Fact]:
    """What the hypotheses say of terms: parts of "and", entries of "for all", conclusions whose premises hold."""
    if scope.known is not None:
        return scope.known
    scope.known = []
    waiting, indices = list(scope.hypotheses), [n for n, d in scope.domains.items() if d.name == "Index"]
    moved = True
    while moved:
        moved = False
        for h in list(waiting):
            tick()
            if h.op == "imp" and not holds(h.args[0], scope):
                continue
            waiting.remove(h)
            scope.true.add(h)
            moved = True
            if h.op == "imp":
                waiting.append(h.args[1])
            elif h.op == "and":
                waiting.extend(h.args)
            elif h.op == "iff":
                waiting.extend((make("imp", *h.args), make("imp", *reversed(h.args))))
            elif h.op == "all":
                waiting.extend(opened(h.args[1], var(i)) for i in indices if scope.domains[i].sizes == h.args[:1])
            elif h.op in ("eq", "le", "lt", "ne"):
                scope.known.append(Fact(value(minus(h.args[1], h.args[0])), h.op))
                if len(h.args) == 3:
                    waiting.append(make("iff", make("eq", *h.args[:2]), h.args[2]))
            scope.ranges.clear()
            scope.lacks.clear()
            scope.inner.clear()
    return scope.known


def bounds(t: Term, scope: Scope) -> Range:
    """The range of a term which is defined in the scope."""
    if t not in scope.ranges:
        facts(scope)
        tick()
        scope.ranges[t] = ANY  # the answer to a question that comes back to itself
        found = _bounds(t, scope)
        top, bottom, parts = value(t)
        if t.op in ("add", "mul", "pow"):
            low = polynomial_bounds(bottom, parts, scope)
            found = meet(found, range_product(polynomial_bounds(top, parts, scope), range_power(low, -1)))
        if bottom == UNIT:
            found = meet(found, refined(top, parts, scope, 2))
        scope.ranges[t] = found
    return scope.ranges[t]


def polynomial_bounds(p: Polynomial, parts: dict[int, Term], scope: Scope) -> Range:
    """The range of a polynomial from those of its atoms."""
    total = point(p.get((), 0))
    for m, c in p.items():
        if m:
            product = point(c)
            for atom, e in m:
                product = range_product(product, range_power(bounds(parts[atom], scope), e))
            total = range_sum(total, product)
    return total


def refined(p: Polynomial, parts: dict[int, Term], scope: Scope, deep: int) -> Range:
    """The range of p from p = λ·r + rest, where a hypothesis says r ≥ 0 or the like."""
    found = ANY
    for fact in facts(scope):
        r = fact.value.top
        if fact.relation == "ne" or fact.value.bottom != UNIT:
            continue
        for m in r:
            if m and m in p:
                factor = p[m] / r[m]
                rest, known = plus(p, r, -factor), {**fact.value.parts, **parts}
                if len(rest) > len(p):
                    continue
                inner = polynomial_bounds(rest, known, scope)
                if deep > 1 and rest.keys() - UNIT:
                    inner = meet(inner, refined(rest, known, scope, deep - 1))
                own = point(0) if fact.relation == "eq" else POSITIVE if fact.relation == "lt" else NONNEGATIVE
                found = meet(found, range_sum(inner, range_product(point(factor), own)))
    return found


def _bounds(t: Term, scope: Scope) -> Range:
    b = lambda a: bounds(a, scope)  # noqa: E731
    if t.op == "num":
        return point(small(t.value))
    if t.op == "const":
        return Range(Fraction(314, 100), Fraction(315, 100))
    if t.op in ("var", "at"):
        domain = scope.of_vector(t.args[0] if t.op == "at" else t)
        if domain is None or domain.name == "Index":
            return ANY
        kind = domain.kind
        return Range(-INF if kind.low is None else kind.low, INF if kind.high is None else kind.high,
                     kind.low is not None and not kind.no_low, kind.high is not None and not kind.no_high)  # fmt: skip
    if t.op in ("add", "mul"):
        found = b(t.args[0])
        for a in t.args[1:]:
            found = (range_sum if t.op == "add" else range_product)(found, b(a))
        return found
    if t.op == "pow":
        base, e = b(t.args[0]), constant(t.args[1])
        if e is not None and e.denominator == 1:
            return range_power(base, e.numerator)
        found = POSITIVE if base.positive else NONNEGATIVE
        r = b(t.args[1])
        return meet(found, around_one(base, r.positive, r.negative)) if base.positive or r.positive else found
    if t.op == "log":  # log a is above 0 where a is above 1
        return sign_range(compare(b(t.args[0]), 1))
    if t.op == "exp":
        return around_one(Range(b(t.args[0]).low + 1, b(t.args[0]).high + 1, *b(t.args[0])[2:]), True, False, POSITIVE)
    if t.op == "xlog":
        w, a, c = t.args
        weight, order = b(w), bounds(minus(a, c), scope)
        return sign_range(compare(range_product(weight, sign_range(compare(order, 0))), 0))
    if t.op == "abs":
        inside = b(t.args[0])
        return inside if inside.low >= 0 else NONNEGATIVE if not inside.negative else range_product(point(-1), inside)
    if t.op == "delta":
        return UNIT_RANGE
    if t.op in ("max", "case"):
        c, d = (b(a) for a in t.args[-2:])
        if t.op == "max":
            c = Range(max(c.low, d.low), c.high, c.low_closed and d.low_closed, c.high_closed)
            d = Range(c.low, d.high, c.low_closed, d.high_closed)
        return hull((c.low, c.low_closed), (c.high, c.high_closed), (d.low, d.low_closed), (d.high, d.high_closed))
    if t.op == "app":
        return bounds(unfolded(t, scope), scope)
    if t.op in ("sum", "prod", "top"):
        if is_total(t, scope):
            return point(1)
        index, inner = scope.open(t.args[0])
        body = bounds(opened(t.args[1], index), inner)
        if t.op == "top":
            return body
        if t.op == "prod":
            return POSITIVE if body.positive else NONNEGATIVE if body.low >= 0 else ANY
        return range_product(b(t.args[0]), body)
    return ANY


def compare(a: Range, c: int) -> tuple[bool, bool, bool]:
    """Whether a number in the range can be below, at, and above c."""
    return bool(a.low < c), bool(a.low < c < a.high or (a.low == c and a.low_closed) or (a.high == c and a.high_closed)), bool(a.high > c)


def sign_range(can: tuple[bool, bool, bool]) -> Range:
    """The numbers which can be below, at, or above 0."""
    return Range(-INF if can[0] else 0, INF if can[2] else 0, can[1] and not can[0], can[1] and not can[2])


def around_one(a: Range, up: bool, down: bool, within: Range = NONNEGATIVE) -> Range:
    """The range of what increases (or decreases) in a ≥ 0 and is 1 at 1."""
    below, at, above = compare(a, 1)
    if not (up or down):
        return within
    if down:
        below, above = above, below
    return meet(within, Range(-INF if below else 1, INF if above else 1, at and not below, at and not above))


def is_total(t: Term, scope: Scope) -> bool:
    """Σ of all entries of one distribution, which depends on no index of the sum."""
    body, sizes = t, []
    while body.op == "sum":
        sizes.append(body.args[0])
        body = body.args[1]
    if body.op != "at" or body.args[0].loose or (domain := scope.of_vector(body.args[0])) is None:
        return False
    if body.args[0].op == "var" and domain.name == "Family":
        return False
    own = tuple(bound(k) for k in reversed(range(len(sizes))))
    return domain.kind.total and tuple(sizes) == domain.shape and body.args[1:] == own


def nonzero(t: Term, scope: Scope) -> bool:
    """Whether a defined term is nowhere zero in the scope."""
    r = bounds(t, scope)
    if r.positive or r.negative or (t.op == "mul" and all(nonzero(a, scope) for a in t.args)):
        return True
    p = value(t)
    for fact in facts(scope):
        q = fact.value
        if fact.relation == "ne" and p.bottom == q.bottom and p.top.keys() == q.top.keys():
            ratios = {p.top[m] / q.top[m] for m in p.top}
            if len(ratios) == 1:
                return True
    return False


def holds(s: Term, scope: Scope) -> bool:
    """Whether domains and hypotheses decide a defined statement; no answer is False."""
    facts(scope)
    if s in scope.true:
        return True
    if s.op in ("eq", "le", "lt", "ne"):
        difference = minus(s.args[1], s.args[0])
        r = bounds(difference, scope)
        if s.op == "ne":
            return nonzero(difference, scope)
        if s.op == "lt":
            return r.positive
        zero = not value(difference).top or (r.low == r.high == 0)
        if s.op == "eq" or len(s.args) == 2:
            return zero or (s.op == "le" and bool(r.low >= 0))
        return bool(zero or r.low >= 0) and holds(make("iff", make("eq", *s.args[:2]), s.args[2]), scope)
    if s.op == "and":
        return all(holds(a, scope) for a in s.args)
    if s.op == "imp":
        return holds(s.args[1], scope) or holds(s.args[1], scope.assuming(s.args[0]))
    if s.op == "iff":
        return all(holds(b, scope.assuming(a)) for a, b in (s.args, s.args[::-1]))
    if s.op == "all":
        index, inner = scope.open(s.args[0])
        return holds(opened(s.args[1], index), inner)
    return False


# ---- What is defined. A term is defined in a scope if it denotes a real number at every point of it.


def undefined(t: Term, scope: Scope) -> Term | None:
    """A part of a well-typed term or statement that may be undefined, or None. Premises guard what follows them."""
    if t not in scope.lacks:
        facts(scope)
        tick()
        scope.lacks[t] = _undefined(t, scope)
    return scope.lacks[t]


def _undefined(t: Term, scope: Scope) -> Term | None:
    if t.op in BINDERS:
        index, inner = scope.open(t.args[0])
        return undefined(opened(t.args[1], index), inner)
    if t.op == "app":
        return first(t.args, scope) or (t if undefined(unfolded(t, scope), scope) else None)
    if t.op in ("imp", "and", "case"):
        if t.op == "case":
            met = make("eq", *t.args[:2])
            return first(t.args[:2], scope) or undefined(t.args[2], scope.assuming(met)) \
                or undefined(t.args[3], scope.assuming(make("ne", *t.args[:2])))  # fmt: skip
        for a in t.args:
            if lack := undefined(a, scope):
                return lack
            scope = scope.assuming(a)
        return None
    if t.op == "deriv":
        near = scope.near(root(t.args[1]))
        return undefined(t.args[0], near) or (None if smooth(t.args[0], root(t.args[1]), near) else t)
    if t.op == "infinite":
        return None if rises(t.args[0], 1, scope) else undefined(t.args[0], scope)
    if t.op == "tends":
        inner = approach(t.args[1], t.args[2], scope)
        return undefined(t.args[0], inner) or undefined(t.args[3], scope)
    if t.op == "xlog":
        return first(t.args, scope) or (None if weighted(*t.args, scope) else t)
    if lack := first(t.args, scope):
        return lack
    if t.op == "log":
        return None if bounds(t.args[0], scope).positive else t
    if t.op == "pow":
        base, e = t.args[0], constant(t.args[1])
        if e is not None and e.denominator == 1:
            return None if e >= 0 or nonzero(base, scope) else t
        a = bounds(base, scope)
        return None if a.positive or (a.low >= 0 and bounds(t.args[1], scope).positive) else t
    return None


def first(ts: tuple[Term, ...], scope: Scope) -> Term | None:
    """The first lack of several terms."""
    return next((lack for t in ts if (lack := undefined(t, scope)) is not None), None)


def weighted(w: Term, a: Term, b: Term, scope: Scope) -> bool:
    """w·log(a/b) is a real number: a, b ≥ 0, and both are positive where w is not zero."""
    def logarithms(inner: Scope) -> bool:
        return bounds(a, inner).positive and bounds(b, inner).positive

    if not all(bounds(c, scope).low >= 0 for c in (a, b)):
        return False
    below, _, above = compare(bounds(w, scope), 0)
    return logarithms(scope) or (
        (not above or logarithms(scope.assuming(make("lt", ZERO, w))))
        and (not below or logarithms(scope.assuming(make("lt", w, ZERO))))
    )


def smooth(t: Term, x: str, scope: Scope) -> bool:
    """Whether a term, defined near every point of the open domain of x, can be differentiated there, again and again."""
    if x not in t.free:
        return True
    if t.op in ("var", "at"):
        return t.op == "var" or smooth(t.args[0], x, scope)
    if t.op in ("sum", "prod", "vec"):
        index, inner = scope.open(t.args[0])
        return smooth(opened(t.args[1], index), x, inner)
    if t.op == "app":
        return smooth(unfolded(t, scope), x, scope)
    if t.op == "deriv":
        return smooth(t.args[0], x, scope.near(root(t.args[1])))
    if t.op == "xlog" and x in t.args[0].free:  # with a weight that is constant, the term is 0 or a, b > 0
        return all(smooth(a, x, scope) for a in t.args) and all(bounds(a, scope).positive for a in t.args[1:])
    if t.op == "pow":
        e = constant(t.args[1])
        if (e is None or e.denominator != 1) and not bounds(t.args[0], scope).positive:
            return False
    return t.op in ("add", "mul", "pow", "log", "exp", "xlog", "of") and all(smooth(a, x, scope) for a in t.args)


def approach(x: Term, c: Term, scope: Scope) -> Scope:
    """The scope in which x decreases to c = 0: x > 0, and nothing else is known of x but its domain."""
    domain = scope.domain(root(x))
    if c is not ZERO or domain.sizes or domain.kind.whole:
        refuse("a limit is taken where a real variable decreases to 0", x, c)
    if any(x.value in h.free for h in scope.hypotheses):
        refuse("a hypothesis keeps the variable from its limit", x)
    return scope.assuming(make("lt", ZERO, x))


def rises(t: Term, s: int, scope: Scope) -> str:
    """s·t is "infinite" if it is +∞ at every point, "high" if it is a real number or +∞ at every point; else ""."""
    kinds: list[str] = []
    if t.op == "add":
        kinds = [rises(a, s, scope) for a in t.args]
    elif t.op == "mul":
        odd = [a for a in t.args if undefined(a, scope)]
        signs = [bounds(a, scope) for a in t.args if a not in odd]
        if len(odd) == 1 and all(r.positive or r.negative for r in signs):
            return rises(odd[0], s * (-1) ** sum(r.negative for r in signs), scope)
    elif t.op == "sum":
        index, inner = scope.open(t.args[0])
        kinds = [rises(opened(t.args[1], index), s, inner)]
        ours = [name for name, domain in scope.domains.items() if domain == Domain("Index", t.args[:1])]
        kinds += ["infinite" for name in ours if kinds[0] and rises(opened(t.args[1], var(name)), s, scope) == "infinite"]
    elif t.op == "app":
        return rises(unfolded(t, scope), s, scope)
    elif t.op == "xlog" and not first(t.args, scope):
        w, *pair = t.args
        high, low = pair[:: s]  # log(high/low), to be +∞ where low = 0 < high
        if all(bounds(c, scope).low >= 0 for c in t.args):
            inner = scope.assuming(make("lt", ZERO, w))
            if bounds(high, inner).positive:
                kinds = ["infinite" if bounds(w, scope).positive and holds(make("eq", low, ZERO), scope) else "high"]
    if kinds and all(kinds):
        return "infinite" if "infinite" in kinds else "high"
    return "" if undefined(t, scope) else "high"


# ---- The rules.


class Rule(NamedTuple):
    """A law, conditions under which it holds, and a condition on the form of the instance."""

    law: Schema
    conditions: tuple[Schema, ...]
    form: Callable[[dict[str, Term], Scope], bool] | None = None


def rule(law: str, *conditions: str, form: Callable[[dict[str, Term], Scope], bool] | None = None) -> Rule:
    """A row of the table."""
    return Rule(schema(law), tuple(map(schema, conditions)), form)


def without(letter: str) -> Callable[[dict[str, Term], Scope], bool]:
    """The variable of x does not occur in the value of ``letter``."""
    return lambda v, scope: root(v["x"]) not in v[letter].free


def a_bit(v: dict[str, Term], scope: Scope) -> bool:
    """a is a bit, or an entry of a vector of bits."""
    domain = scope.of_vector(v["a"].args[0] if v["a"].op == "at" else v["a"])
    return domain is not None and domain.name in ("Bit", "OneHot")


def one_hot(v: dict[str, Term], scope: Scope) -> bool:
    """p is a one-hot vector."""
    return v["p"].op == "var" and scope.domain(v["p"].value).name == "OneHot"


RULES = {
    "logarithm of a product": rule("log(a * b) == log(a) + log(b)", "0 < a", "0 < b"),
    "logarithm of one": rule("log(1) == 0"),
    "logarithm of a power": rule("log(a ** r) == r * log(a)", "0 < a"),
    "logarithm of an exponential": rule("log(exp(a)) == a"),
    "exponential of a logarithm": rule("exp(log(a)) == a", "0 < a"),
    "exponential of a sum": rule("exp(a + b) == exp(a) * exp(b)"),
    "exponential of zero": rule("exp(0) == 1"),
    "exponential of a multiple": rule("exp(r * a) == exp(a) ** r"),
    "power as exponential": rule("a ** r == exp(r * log(a))", "0 < a"),
    "powers of one base": rule("a ** r * a ** c == a ** (r + c)", "0 < a"),
    "weight times logarithm": rule("xlog(w, a, b) == w * (log(a) - log(b))", "0 < a", "0 < b"),
    "zero times logarithm": rule("xlog(0, a, b) == 0", "0 <= a", "0 <= b"),
    "weighted logarithm of a quotient": rule("xlog(w, a, b) == xlog(w, a, 1) - xlog(w, b, 1)"),
    "weighted logarithm of a product": rule("xlog(w, a * b, 1) == xlog(w, a, 1) + xlog(w, b, 1)"),
    "weighted logarithm of a power": rule("xlog(w, a ** r, 1) == r * xlog(w, a, 1)", "0 < r"),
    "weights add": rule("xlog(v + w, a, b) == xlog(v, a, b) + xlog(w, a, b)"),
    "weights multiply": rule("xlog(c * w, a, b) == c * xlog(w, a, b)"),
    "sum of sums": rule("sum(i, n, f[i] + g[i]) == sum(i, n, f[i]) + sum(i, n, g[i])"),
    "constant factor": rule("sum(i, n, c * f[i]) == c * sum(i, n, f[i])"),
    "sum of a constant": rule("sum(i, n, c) == n * c"),
    "order of summation": rule("sum(i, n, sum(j, m, f[i, j])) == sum(j, m, sum(i, n, f[i, j]))"),
    "delta selects": rule("sum(i, n, delta(i, k) * f[i]) == f[k]"),
    "delta of equal indices": rule("delta(k, k) == 1"),
    "logarithm of a product of many": rule("log(prod(i, n, f[i])) == sum(i, n, log(f[i]))", "all(i, n, 0 < f[i])"),
    "total probability": rule("t == 1", form=lambda v, scope: is_total(v["t"], scope)),
    "zero or one": rule("a * a == a", form=a_bit),
    "one entry is one": rule("at(p, k) * at(p, m) == delta(k, m) * at(p, k)", form=one_hot),
    "case met": rule("case(a, b, v, w) == v", "a == b"),
    "case not met": rule("case(a, b, v, w) == w", "a != b"),
    "derivative of a constant": rule("deriv(a, x) == 0", form=without("a")),
    "derivative of the variable": rule("deriv(x, x) == 1", form=lambda v, scope: v["x"].op == "var"),
    "derivative of an entry": rule("deriv(at(v, k), at(v, m)) == delta(k, m)", form=lambda v, scope: v["v"].op == "var"),
    "derivative of a sum": rule("deriv(a + b, x) == deriv(a, x) + deriv(b, x)"),
    "derivative of a product": rule("deriv(a * b, x) == deriv(a, x) * b + a * deriv(b, x)"),
    "derivative of a power": rule("deriv(a ** r, x) == r * a ** (r - 1) * deriv(a, x)", form=without("r")),
    "derivative of the logarithm": rule("deriv(log(a), x) == deriv(a, x) / a"),
    "derivative of the exponential": rule("deriv(exp(a), x) == exp(a) * deriv(a, x)"),
    "derivative of a sum over indices": rule("deriv(sum(i, n, f[i]), x) == sum(i, n, deriv(f[i], x))"),
    "limit of a power": rule("tends(x ** r, x, 0, 0)", "0 < r", form=lambda v, scope: v["r"].op == "num" and v["x"].op == "var"),
}
