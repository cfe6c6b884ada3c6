"""A second program that re-checks certificates: it believes nothing they record except what it derives again itself.

    python -m derivations.replay FILE…          or, as a plain file,          python derivations/replay.py FILE…

A certificate holds claims and proofs as data (docs/certificate.md). For each proof this program computes the statement which
it proves, and compares it with the claim. It shares no code with the checker that made the certificates. Its order is: terms;
laws and definitions; equality by the laws of a field; scopes, with sorts, signs, and what is defined; principles; files.

One invariant keeps the principles sound: whatever ``derive`` returns is well-typed, defined and true at every point of
its scope. Each principle may take this of its parts, and has to give it for the whole.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache, partial, reduce
from itertools import chain, count, pairwise
from threading import Lock
from typing import Any, NamedTuple, NoReturn, TypeVar, cast

SCHEMAS = ("lossproof-certificate/1", "lossproof-certificate/2")  #: what is read
DEEP = 10_000  #: the limit of recursion when this runs by itself
MAX_DEPTH, MAX_SIZE, MAX_BITS, MAX_EXPONENT, MAX_LABELS, MAX_NAME, MAX_NEST = 200, 10**5, 20_000, 1_000, 64, 1_000, 100
MAX_BYTES, MAX_THEOREMS, MAX_WORK = 10**7, 5_000, 3 * 10**6  #: in a file; a step takes microseconds and some hundred bytes


class Unreadable(Exception):
    """A file which is no certificate."""


class Refused(Exception):
    """A step which does not follow; ``left`` and ``right`` ought to have been the same."""

    def __init__(self, why: str, left: Term | None = None, right: Term | None = None, step: str = "") -> None:
        super().__init__(why)
        self.why, self.left, self.right, self.step = why, left, right, step


def refuse(why: str, left: Term | None = None, right: Term | None = None, step: str = "") -> NoReturn:  # each one is made here
    raise Refused(why, left, right, step)


def ensure(condition: Any, why: str, left: Term | None = None, right: Term | None = None) -> None:  # refuse, if it is not so
    if not condition:
        refuse(why, left, right)


def shaped(parts: Any, *kinds: type) -> Any:  # a sequence, if its parts are of these types, one for each
    fits = type(parts) in (tuple, list) and [type(part) for part in parts] == [*kinds]
    return parts if fits else refuse(f"a sequence of these is needed here: {', '.join(kind.__name__ for kind in kinds)}"[:500])


class Memory:
    """What is known while one theorem is replayed, and the steps that are left: hostile input ends in a refusal, not in a long
    wait. A theorem begins with nothing, so no answer depends on what was asked before."""

    def begin(self, steps: int) -> None:
        self.left = steps
        self.terms: dict[Any, Term] = dict(CONSTANTS)
        self.values: dict[Term, Value] = {}
        self.identities: dict[Term, int] = {}
        self.atoms: dict[Any, int] = {}
        self.alike: dict[int, list[tuple[int, Value]]] = {}
        self.asked: set[Any] = set()  # the questions that are waiting for an answer


CONSTANTS: dict[Any, Term] = {}
memory, ALONE = Memory(), Lock()


def tick(steps: int = 1) -> None:  # count work done
    memory.left -= steps
    if memory.left < 0:
        refuse("this takes too many steps")


# ---- Terms. Equal terms are one object, so equality is identity, and shared parts are treated once.
BINDERS = {"sum", "prod", "top", "vec", "all"}
STATEMENTS = {"eq", "le", "lt", "ne", "all", "imp", "iff", "and", "infinite", "tends", "integrates"}


class Term:  # an operator over terms
    __slots__ = ("args", "depth", "free", "loose", "op", "size", "value")
    free: frozenset[str]

    # ``value`` is the content of a leaf, or the name of an applied definition; ``free``, the names of the variables that occur.
    # Bound indices from ``loose`` on cannot refer outside, so that a closed term has ``loose`` = 0; ``depth`` and ``size`` are
    # measured as if nothing were shared.
    def __init__(self, op: str, value: Any, args: tuple[Term, ...]) -> None:
        self.op, self.value, self.args = op, value, args
        self.depth: int = 1 + max((a.depth for a in args), default=0)
        self.size: int = 1 + sum(a.size for a in args)
        loose = (a.loose - (op in BINDERS and k == len(args)) for k, a in enumerate(args, 1))
        self.loose: int = max([value + 1 if op == "bound" else 0, *loose])
        most: frozenset[str] = max((a.free for a in args), key=len, default=frozenset([value] if op == "var" else ()))
        more = any(not a.free <= most for a in args)  # names are stored again only where there are more of them
        self.free = most.union(*(a.free for a in args)) if more else most

    def __str__(self) -> str:  # what fits into 2,000 characters
        inside = ", ".join([str(each) for each in (self.value, *self.args) if each is not None])
        return (inside if self.op in ("num", "const", "var") else f"{self.op}({inside})")[:2000]

    def __add__(self, other: Term) -> Term:
        return make("add", self, other)

    def __mul__(self, other: Term) -> Term:
        return make("mul", self, other)

    def __sub__(self, other: Term) -> Term:
        return self + MINUS * other

    def __truediv__(self, other: Term) -> Term:
        return self * make("pow", other, MINUS)


def make(op: str, *args: Term, value: Any = None) -> Term:  # the one term with these parts
    key = (op, value if op != "num" else f"{value.numerator:x}/{value.denominator:x}", args)  # hashes of numbers can be guessed
    tick(1 + len(args) // 8)
    if (t := memory.terms.get(key)) is None:
        tick(2 + sum(len(a.free) for a in args) // 4)
        t = Term(op, value, args)
        ensure(t.depth <= MAX_DEPTH and t.size <= MAX_SIZE, "a formula is too large")
        memory.terms[key] = t
    return t


def num(value: int | Fraction) -> Term:  # a number
    return make("num", value=Fraction(value))


def var(name: str) -> Term:  # a variable
    return make("var", value=name)


memory.begin(MAX_WORK)
ZERO, ONE, MINUS = num(0), num(1), num(-1)
INDEX = make("bound", value=0)  #: the index of the innermost binder around; bound(1) is that of the next one, and so on
MINUS_INFINITY, INFINITY = make("const", value="minus_infinity"), make("const", value="infinity")
CONSTANTS |= memory.terms
eq, le, lt, ne, imp, iff, tends, total = (partial(make, op) for op in ("eq", "le", "lt", "ne", "imp", "iff", "tends", "sum"))


def rebuilt(op: str, *args: Term, value: Any = None) -> Term:  # the term with these parts; an entry of a vector (a_i)_i is a_i
    entry = op == "at" and args[0].op == "vec" and len(args) == 2
    return opened(args[0].args[1], args[1]) if entry else make(op, *args, value=value)


def replaced(t: Term, values: dict[str, Term], index: Term | None = None, under: int = 0) -> Term:
    """``t`` with terms put for variables; with ``index`` for the index of a binder around it; under so many more binders. A
    derivative or limit in x holds x: it may only be renamed, apart from the rest."""

    @cache
    def go(s: Term, level: int) -> Term:
        tick(1 + len(values) // 16)
        if s.loose <= level and s.free.isdisjoint(values):
            return s
        if s.op == "bound" and (index is None or s.value != level):
            return make("bound", value=s.value + under - (index is not None))
        if s.op in ("bound", "var"):
            return replaced(index if index and s.op == "bound" else values[s.value], {}, None, level)
        if s.op in ("deriv", "tends", "integrates"):
            new = values.get(x := root(s.args[1]), var(x))
            if new.op != "var" or any(new.value in values.get(name, var(name)).free for name in s.free - {x}):
                refuse(f"{x} may not be replaced under a derivative or a limit", s, new)
        last = len(s.args) - 1
        return rebuilt(s.op, *[go(a, level + (s.op in BINDERS and k == last)) for k, a in enumerate(s.args)], value=s.value)

    return go(t, 0)


def opened(body: Term, index: Term) -> Term:  # the body of a binder, at the index ``index``
    return replaced(body, {}, index)


def closed(body: Term, index: Term) -> Term:  # the body of a binder whose index was called ``index``
    return replaced(body, {index.value: INDEX}, under=1)


def root(x: Term) -> str:  # the variable of a derivative or a limit: x itself, or the vector of which x is an entry
    x = x.args[0] if x.op == "at" else x
    return str(x.value) if x.op == "var" else refuse("a derivative or a limit is taken in a variable", x)


# ---- Laws and definitions, as formulas.
#: Each law with the conditions under which it holds. A letter stands for a term, f(i) for a term in which i may occur.
#: Both sides have to be defined as well. The conditions in words are those of ``FORMS``.
RULES = dict(re.findall(r"\s*([^:;]+): ([^;]*);", """\
logarithm of a product: log(a*b) == log(a) + log(b) if 0 < a, 0 < b; logarithm of one: log(1) == 0;
logarithm of a power: log(a**r) == r*log(a) if 0 < a; logarithm of an exponential: log(exp(a)) == a;
exponential of a logarithm: exp(log(a)) == a if 0 < a; exponential of a sum: exp(a + b) == exp(a)*exp(b);
exponential of zero: exp(0) == 1; exponential of a multiple: exp(r*a) == exp(a)**r;
power as exponential: a**r == exp(r*log(a)) if 0 < a; powers of one base: a**r * a**c == a**(r + c) if 0 < a;
power of a product: (a*b)**r == a**r * b**r if 0 <= a, 0 <= b, 0 < r;
powers of a base that may be zero: a**r * a**c == a**(r + c) if 0 <= a, 0 < r, 0 < c;
power of a power: (a**r)**c == a**(r*c) if 0 <= a, 0 < r, 0 < c; root of a square: (a**2)**(1/2) == abs(a);
weight times logarithm: xlog(w, a, b) == w*(log(a) - log(b)) if 0 < a, 0 < b;
zero times logarithm: xlog(0, a, b) == 0 if 0 <= a, 0 <= b;
weighted logarithm of a quotient: xlog(w, a, b) == xlog(w, a, 1) - xlog(w, b, 1);
weighted logarithm of a product: xlog(w, a*b, 1) == xlog(w, a, 1) + xlog(w, b, 1);
weighted logarithm of a power: xlog(w, a**r, 1) == r*xlog(w, a, 1) if 0 < r;
weights add: xlog(v + w, a, b) == xlog(v, a, b) + xlog(w, a, b); weights multiply: xlog(c*w, a, b) == c*xlog(w, a, b);
weights of a sum: xlog(sum(f(i) for i in n), a, b) == sum(xlog(f(i), a, b) for i in n);
sum of sums: sum(f(i) + g(i) for i in n) == sum(f(i) for i in n) + sum(g(i) for i in n);
constant factor: sum(c*f(i) for i in n) == c*sum(f(i) for i in n); sum of a constant: sum(c for i in n) == n*c;
sum of all but one: sum(case(delta(i, k), 1, 0, f(i)) for i in n) == sum(f(i) for i in n) - f(k);
order of summation: sum(sum(f(i, j) for j in m) for i in n) == sum(sum(f(i, j) for i in n) for j in m);
delta selects: sum(delta(i, k)*f(i) for i in n) == f(k); delta of equal indices: delta(k, k) == 1;
logarithm of a product of many: log(prod(f(i) for i in n)) == sum(log(f(i)) for i in n) if all(0 < f(i) for i in n);
total probability: t == 1 if total_of_a_distribution(t); one entry is one: p[k]*p[m] == delta(k, m)*p[k] if one_hot(p);
a term of a sum: f(k) <= sum(f(i) for i in n) if all(0 <= f(i) for i in n);
a mean is positive: 0 < sum(p[i]*f(i) for i in n) \
if all(imp(0 < p[i], 0 < f(i)) for i in n), total_of_a_distribution(sum(p[i] for i in n));
the larger of two: max(a, b) == a if b <= a; an entry is at most the maximum: f(k) <= top(f(i) for i in n);
zero or one: a*a == a if bit(a); absolute value: abs(a) == a if 0 <= a; absolute value of the opposite: abs(-a) == abs(a);
case met: case(a, b, v, w) == v if a == b; case not met: case(a, b, v, w) == w if a != b;
derivative of a constant: deriv(a, x) == 0 if without(a, x); derivative of the variable: deriv(x, x) == 1 if variable(x);
derivative of an entry: deriv(v[k], v[m]) == delta(k, m) if variable(v);
derivative of an entry of an array: deriv(v[k, i], v[m, j]) == delta(k, m)*delta(i, j) if variable(v);
derivative of a sum: deriv(a + b, x) == deriv(a, x) + deriv(b, x);
derivative of a product: deriv(a*b, x) == deriv(a, x)*b + a*deriv(b, x);
derivative of a power: deriv(a**r, x) == r*a**(r - 1)*deriv(a, x) if without(r, x);
derivative of the logarithm: deriv(log(a), x) == deriv(a, x)/a;
derivative of the exponential: deriv(exp(a), x) == exp(a)*deriv(a, x);
derivative of a sum over indices: deriv(sum(f(i) for i in n), x) == sum(deriv(f(i), x) for i in n);
limit of a power: tends(x**r, x, 0, 0) if 0 < r, without(r, x), variable(x);"""))  # fmt: skip
#: Conditions on the form of an instance.
FORMS: dict[str, Callable[..., bool]] = {
    "variable": lambda scope, x: x.op == "var", "without": lambda scope, a, x: root(x) not in a.free,
    "bit": lambda scope, a: a in (ZERO, ONE) or getattr(scope.domain_of(a), "name", "") in ("Bit", "OneHot"),
    "one_hot": lambda scope, p: p.op == "var" and scope.domain(p.value).name == "OneHot",
    "total_of_a_distribution": lambda scope, t: scope.is_total(t), "certain": lambda scope, t: scope.rises(t, 1) == "infinite",
    "whole": lambda scope, r: whole(r) is not None or scope.is_whole(r), "same": lambda scope, a, b: alike(a, b),
    "smooth": lambda scope, a, x: scope.near(root(x)).smooth(a, var(root(x))),
    "of_no_family": lambda scope, t: not any(scope.domain(name).name == "Family" for name in t.free)}  # fmt: skip
#: What the parameters are: vectors of n numbers, indices up to n, or reals; and what the name stands for.
DEFINITIONS = {name: (parameters, body) for name, parameters, body in re.findall(r"(\w+) \((.*?)\): ([^;]*)", """\
H (vector p): -sum(xlog(p[i], p[i], 1) for i in n); CE (vector p, vector q): -sum(xlog(p[i], q[i], 1) for i in n);
D (vector p, vector q): sum(xlog(p[i], p[i], q[i]) for i in n);
softmax (vector z, index k): exp(z[k]) / sum(exp(z[i]) for i in n); logsumexp (vector z): log(sum(exp(z[i]) for i in n));
JS (vector p, vector q): \
sum(xlog(p[i], p[i], (p[i] + q[i])/2) for i in n)/2 + sum(xlog(q[i], q[i], (p[i] + q[i])/2) for i in n)/2;
sigmoid (real x): 1 / (1 + exp(-x)); softplus (real x): log(1 + exp(x));
tanh (real x): (exp(x) - exp(-x)) / (exp(x) + exp(-x)); bernoulli (real y, real p): case(y, 1, p, 1 - p)""")}  # fmt: skip
NOTATION = {ast.Add: "add", ast.Mult: "mul", ast.Pow: "pow", ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le"}


@cache
def formulas(text: str) -> tuple[list[ast.expr], dict[str, int]]:
    """The formulas of a text, separated by commas, and the letters they leave open, each with its number of indices."""
    parts = cast(ast.List, ast.parse(f"[{text}]", mode="eval").body).elts
    nodes = [node for part in parts for node in ast.walk(part)]
    indices = {ast.unparse(node.func): len(node.args) for node in nodes if isinstance(node, ast.Call)}
    bound = {ast.unparse(node.target) for node in nodes if isinstance(node, ast.comprehension)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - bound
    return parts, {name: indices.get(name, 0) for name in names if len(name) == 1}


def built(formula: ast.expr, letters: dict[str, Term]) -> Term:
    """The term which a formula is, for these letters. In a letter with indices they are bound(…), the last one innermost."""
    go = partial(built, letters=letters)
    match formula:
        case ast.Constant(value=int(number)):
            return num(number)
        case ast.Name(id=name):
            return letters[name]
        case ast.UnaryOp(operand=a):
            return MINUS * go(a)
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            return go(a) - go(b)
        case ast.BinOp(left=a, op=ast.Div(), right=b):
            return go(a) / go(b)
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
            return make(NOTATION[type(op)], go(a), go(b))
        case ast.Subscript(value=a, slice=place):
            return rebuilt("at", go(a), *map(go, place.elts if isinstance(place, ast.Tuple) else [place]))
        case ast.Call(func=ast.Name(id=op), args=[ast.GeneratorExp(elt=body, generators=[each])]):
            index = var(f"@{len(letters)}")  # no file can mention such a name
            return make(op, go(each.iter), closed(built(body, {**letters, ast.unparse(each.target): index}), index))
        case ast.Call(func=ast.Name(id=name), args=args):
            given = [go(a) for a in args]
            return reduce(opened, reversed(given), letters[name]) if name in letters else make(name, *given)
    raise ValueError("the tables above are written wrongly")


def instance(name: str, values: dict[str, Term]) -> list[Term]:  # the law called ``name`` for these terms, and its conditions
    parts, letters = formulas(RULES[name].replace(" if ", ", ")) if name in RULES else refuse(f"there is no rule {name[:60]!r}")
    if values.keys() != letters.keys() or any(t.loose > letters[letter] for letter, t in values.items()):
        refuse(f"{name} has other letters, or an index escapes from one")
    return [built(part, values) for part in parts]


# ---- Equality by the laws of a field. The value of a term is a quotient of polynomials in atoms. Two quotients are
# compared by cross-multiplication; an atom (log a, Σ f, …) is known by its operator and the identities of its arguments.
Monomial = tuple[tuple[int, int], ...]  # (atom, exponent ≠ 0), …; an atom in a denominator has a negative exponent
Polynomial = dict[Monomial, Fraction]
UNIT: Polynomial = {(): Fraction(1)}
PRIME, SPREAD = 2**61 - 1, 0x1F123BB5159A55E5  # arbitrary


def collected(terms: Iterable[tuple[Monomial, Fraction]]) -> Polynomial:  # the sum of these terms; long numbers are more work
    result: Polynomial = {}
    for m, c in terms:
        c += result.get(m, 0)
        bits = c.numerator.bit_length() + c.denominator.bit_length()
        tick(2 + len(m) + bits // 64)
        result[m] = c if bits <= MAX_BITS else refuse("a number has too many digits")
    return {m: c for m, c in result.items() if c}


def plus(a: Polynomial, b: Polynomial, factor: Fraction = Fraction(1)) -> Polynomial:  # a + factor·b
    return collected([*a.items(), *((m, factor * c) for m, c in b.items())])


def joined(m: Monomial, n: Monomial) -> Monomial:  # m·n
    tick(1 + (len(m) + len(n)) // 4)
    powers = dict(m)
    powers |= {atom: powers.get(atom, 0) + e for atom, e in n}
    return tuple(sorted((atom, e) for atom, e in powers.items() if e))


def times(a: Polynomial, b: Polynomial) -> Polynomial:  # a·b
    return a if b == UNIT else collected((joined(m, n), c * e) for m, c in a.items() for n, e in b.items())


def equal(a: Polynomial, b: Polynomial) -> bool:  # whether they are the same
    tick(1 + len(a) * (a is not b and len(a) == len(b)))
    return a is b or a == b


def inverse(n: int) -> int:  # 1/n modulo the prime
    return pow(n, -1, PRIME) if n % PRIME else refuse("an unlucky number")


class Value(NamedTuple):
    """``top / bottom``; for each atom the part of this very term which it stands for; and the value ``there``: modulo a prime,
    where each atom is an arbitrary number. Equal values are equal there too; few others are."""

    top: Polynomial
    bottom: Polynomial
    parts: dict[int, Term]
    there: int

    def plus(self, v: Value) -> Value:
        tick((len(self.parts) + len(v.parts)) // 8)
        same = equal(self.bottom, v.bottom)
        top = plus(self.top, v.top) if same else plus(times(self.top, v.bottom), times(v.top, self.bottom))
        bottom = self.bottom if same else times(self.bottom, v.bottom)
        return Value(top, bottom, self.parts | v.parts, (self.there + v.there) % PRIME)

    def times(self, v: Value) -> Value:
        tick((len(self.parts) + len(v.parts)) // 8)
        return Value(times(self.top, v.top), times(self.bottom, v.bottom), self.parts | v.parts, self.there * v.there % PRIME)

    def power(self, e: int) -> Value:
        top, bottom, parts, there = self
        if e < 0:
            top, bottom, there = bottom, top or refuse("division by zero"), inverse(there)
        if len(bottom) == 1:  # one monomial divides by negative exponents
            [(m, c)] = bottom.items()
            top, bottom = times(top, {tuple((atom, -k) for atom, k in m): 1 / c}), UNIT
        each = [Value(top, bottom, parts, there)] * abs(e) if abs(e) <= MAX_EXPONENT else refuse("an exponent is too large")
        return reduce(Value.times, each, Value(UNIT, UNIT, parts, 1))


def value(t: Term) -> Value:  # the value of a term. It holds wherever the term is defined; that it is has to be shown elsewhere
    tick()
    if (known := memory.values.get(t)) is None:
        known = memory.values[t] = valued(t)
    return known


def valued(t: Term) -> Value:  # the value of a term, from those of its parts
    if t.op == "num":
        return Value(collected([((), t.value)]), UNIT, {}, t.value.numerator * inverse(t.value.denominator) % PRIME)
    if t.op in ("add", "mul"):
        return reduce(Value.plus if t.op == "add" else Value.times, map(value, t.args))
    if t.op == "pow" and (e := whole(t.args[1])) is not None:
        return value(t.args[0]).power(e)
    arguments: list[Any] = [t.args[1] if t.op == "deriv" and k else identity(a) for k, a in enumerate(t.args)]
    key = (t.op, t.value, *(sorted(arguments) if t.op in ("delta", "max") else arguments))
    atom = memory.atoms.setdefault(key, len(memory.atoms))
    return Value({((atom, 1),): Fraction(1)}, UNIT, {atom: t}, pow(atom + 2, SPREAD, PRIME))


def number(t: Term) -> Fraction | None:  # the number which ``t`` is by the laws of a field, if it is one
    top, bottom, *_ = value(t)
    return top.get((), Fraction(0)) if bottom == UNIT and top.keys() <= UNIT.keys() else None


def whole(t: Term) -> int | None:  # the same, if it is whole
    return known.numerator if (known := number(t)) is not None and known.denominator == 1 else None


def identity(t: Term) -> int:  # a number which two terms share exactly when their values are equal
    if t not in memory.identities:
        v = value(t)
        same = memory.alike.setdefault(v.there, [])
        found = (k for k, other in same if equal(times(v.top, other.bottom), times(other.top, v.bottom)))
        if (known := next(found, None)) is None:
            same.append((known := len(memory.identities), v))
        memory.identities[t] = known
    return memory.identities[t]


def alike(p: Term, q: Term) -> bool:  # two terms or statements, both defined, mean the same by the laws of a field
    tick()
    if p is q or (p.op not in STATEMENTS and q.op not in STATEMENTS):
        return p is q or identity(p) == identity(q)
    return p.op == q.op and len(p.args) == len(q.args) and all(map(alike, p.args, q.args))


# ---- Scopes: what is declared and assumed, what a term denotes there, its sign, and whether it is defined.
class Kind(NamedTuple):  # what a variable, or each entry of it, may be
    bounds: str = ""
    whole: bool = False  #: whole numbers only
    total: bool = False  #: the entries add up to 1
    shapes: tuple[int, ...] = (0, 1, 2)  #: how many sizes there may be
    near: str = ""  #: an open domain around every point, where derivatives are taken


KINDS = {
    "Size": Kind("1 <= x", whole=True, shapes=(0,)), "Index": Kind(whole=True, shapes=(1,)),
    "Real": Kind(near="Real"), "Positive": Kind("0 < x", near="Positive"), "Nonnegative": Kind("0 <= x", near="Real"),
    "Probability": Kind("0 < x, x < 1", near="Probability"), "UnitInterval": Kind("0 <= x, x <= 1", near="Real"),
    "Bit": Kind("0 <= x, x <= 1", whole=True), "OneHot": Kind("0 <= x", whole=True, total=True, shapes=(1,)),
    "Simplex": Kind("0 <= x", total=True, shapes=(1, 2), near="Real"),
    "OpenSimplex": Kind("0 < x", total=True, shapes=(1, 2), near="Positive"),
    "Family": Kind(shapes=(2,))}  # takes d parameters to a distribution over n: Family[n, d]  # fmt: skip
Sort = tuple[Any, ...]
Answer = TypeVar("Answer")
REAL, STATEMENT = ("real",), ("statement",)


class Domain(NamedTuple):  # a name of the table, with sizes
    name: str
    sizes: tuple[Term, ...] = ()

    def bounds(self, x: Term) -> list[Term]:  # the bounds of the domain, for x
        return [built(bound, {"x": x}) for bound in formulas(KINDS[self.name].bounds)[0]]

    def sort(self) -> Sort:  # what a variable of the domain denotes
        shape = {"Index": "index", "Family": "family"}.get(self.name) or ("real", "vector", "array")[len(self.sizes)]
        return (shape, *self.sizes)


Signs = frozenset[int]  # which of −1, 0, 1 the sign of a term can be, at a point where the term is defined
ANY, POSITIVE, NEGATIVE, NONNEGATIVE, NONPOSITIVE, NAUGHT = map(frozenset, ((-1, 0, 1), (1,), (-1,), (0, 1), (-1, 0), (0,)))
FACT = {"lt": POSITIVE, "le": NONNEGATIVE, "eq": NAUGHT, "ne": POSITIVE | NEGATIVE}  # the sign of right − left


def sign_product(a: Signs, b: Signs) -> Signs:  # the signs of x·y
    return frozenset(x * y for x in a for y in b)


def sign_sum(a: Signs, b: Signs) -> Signs:  # the signs of x + y
    return frozenset(s for x in a for y in b for s in ((x or y,) if x * y >= 0 else ANY))


def sign_of_power(base: Signs, e: Fraction | int | None) -> Signs:  # the signs of x^e; it may be known which number e is
    if e is not None and e.denominator != 1:  # x is not negative
        return base & NONNEGATIVE if e > 0 else POSITIVE
    if e:
        return frozenset(s if e % 2 else abs(s) for s in base if s or e > 0)
    return POSITIVE if e == 0 or base <= POSITIVE else NONNEGATIVE if base <= NONNEGATIVE else ANY


#: The sorts of the arguments: r a real, s a statement; ? + {…} as in regular expressions; of a dot, ``Scope.sort`` says more.
OPERATORS = {
    "num": "", "const": "", "add": "rr+", "mul": "rr+", "pow": "rr", "log": "r", "exp": "r", "abs": "r", "max": "rr",
    "xlog": "rrr", "case": "rrrr", "at": "...?", "delta": "..", "of": "..", "app": ".{1,5}", "deriv": "..",
    "sum": "..", "prod": "..", "top": "..", "vec": "..", "all": "..", "infinite": "r", "tends": "rrrr", "integrates": "rrrrr",
    "eq": "rr", "le": "rrs?", "lt": "rr", "ne": "rr", "imp": "ss", "iff": "ss", "and": "s+"}  # fmt: skip
#: The signs of a value from those of the arguments.
SIGNS: dict[str, Callable[..., Signs]] = {
    "add": lambda scope, *args: reduce(sign_sum, map(scope.sign, args)),
    "mul": lambda scope, *args: reduce(sign_product, map(scope.sign, args)),
    "pow": lambda scope, a, r: sign_of_power(scope.sign(a), number(r)), "exp": lambda scope, a: POSITIVE,
    "log": lambda scope, a: scope.sign(a - ONE), "xlog": lambda scope, w, a, b: sign_product(scope.sign(w), scope.sign(a - b)),
    "case": lambda scope, a, b, v, w: scope.where(eq(a, b)).sign(v) | scope.where(ne(a, b)).sign(w),
    "max": lambda scope, a, b: frozenset(max(x, y) for x in scope.sign(a) for y in scope.sign(b)),
    "abs": lambda scope, a: frozenset(map(abs, scope.sign(a))), "const": lambda scope: POSITIVE}  # fmt: skip
#: When a value is a number, if the arguments are: one of the alternatives holds.
NEEDS = {
    "log": "0 < a", "pow": "whole(b), 0 <= b or whole(b), a != 0 or 0 < a or 0 <= a, 0 < b", "deriv": "smooth(a, b)",
    "xlog": "0 <= b, 0 <= c, a == 0 or 0 <= b, 0 <= c, imp(a != 0, 0 < b), imp(a != 0, 0 < c)"}  # fmt: skip
#: When a value can be differentiated in x again and again, if the arguments can: operators which are not here have corners. An
#: xlog whose weight is constant is zero throughout, or both a and b are positive; a family is differentiable once.
SMOOTH = {
    "pow": "whole(b) or 0 < a", "xlog": "without(a, x) or 0 < b, 0 < c", "deriv": "of_no_family(a)",
    **dict.fromkeys(("var", "add", "mul", "log", "exp", "of", "at", "sum", "prod", "vec"), "")}  # fmt: skip


def remembered(method: Callable[[Scope, Term], Answer], again: Answer | None = None) -> Callable[[Scope, Term], Answer]:
    """A question to a scope whose answer is kept. One that comes back to itself, perhaps from a scope that was opened for an
    index meanwhile, or goes too deep, is answered ``again``, if that is always true; otherwise it is refused."""

    def ask(self: Scope, t: Term) -> Answer:
        tick()
        if (key := (method, t)) not in self.memory:
            question = (method, t, self.circle)
            if question in memory.asked or len(memory.asked) >= MAX_NEST * (1 if again else 5):
                return refuse("this question comes back to itself, or goes too deep", t) if again is None else again
            memory.asked.add(question)
            self.memory[key] = method(self, t)
            memory.asked.discard(question)
        return cast(Answer, self.memory[key])

    return ask


def not_zero(h: Term) -> list[Term]:  # what is not zero, as a product or power of it is not, by a hypothesis
    t = (h.args[0] if h.args[1] is ZERO else h.args[1]) if h.op in ("lt", "ne") and ZERO in h.args else ZERO
    return [*t.args] if t.op == "mul" else [t.args[0]] if t.op == "pow" and (number(t.args[1]) or 0) > 0 else []


def bounds(h: Term, x: Term, *ops: str) -> bool:  # whether h says x < d or d < x (or ≤, by ``ops``), for a d without x
    return h.op in ops and len(h.args) == 2 and x in h.args and sum(x.value in a.free for a in h.args) == 1


class Scope:
    """Declared variables and hypotheses. A scope remembers what was found out in it."""

    def __init__(self, domains: dict[str, Domain], hypotheses: tuple[Term, ...] = (), pending: frozenset[Term] = frozenset()):
        self.domains, self.hypotheses, self.pending = domains, hypotheses, pending
        self.known, self.waiting = cast(dict[Term, None] | None, None), frozenset[Term]()
        self.inner, self.memory, self.circle = dict[Any, Scope](), dict[Any, Any](), object()

    def domain(self, name: str) -> Domain:  # the domain of a variable
        return self.domains[name] if name in self.domains else refuse(f"{name} is not declared")

    def domain_of(self, t: Term) -> Domain | None:  # the domain of a variable or of an entry; a family takes distributions
        t = t.args[0] if t.op == "at" else t
        if t.op == "of" and t.args[0].op == "var":
            return Domain("OpenSimplex", self.domain(t.args[0].value).sizes[:1])
        return self.domains.get(t.value) if t.op == "var" else None

    def within(self, domains: dict[str, Domain], hypotheses: tuple[Term, ...]) -> Scope:  # another scope, made once
        tick(2 + (len(domains) + len(hypotheses)) // 4)
        if (key := (*domains.items(), hypotheses)) not in self.inner:
            self.inner[key] = Scope(domains, hypotheses, self.pending | self.waiting)
        return self.inner[key]

    def assuming(self, *statements: Term) -> Scope:  # this scope with more hypotheses
        return self.within(self.domains, (*self.hypotheses, *statements)) if statements else self

    def where(self, s: Term) -> Scope:  # this scope where ``s`` holds; a hypothesis that is made already is not numbered again
        tick(1 + len(self.hypotheses) // 8)
        return self if s in self.hypotheses else self.assuming(s)

    def open(self, size: Term) -> tuple[Term, Scope]:  # a new index over 1…size, #0, #1, …, and the scope which declares it
        number = size.op == "num" and size.value.denominator == 1 and size.value >= 1
        ensure(number or (size.op == "var" and self.domain(size.value).name == "Size"), "this is not a size", size)
        name = f"#{sum(name[0] == '#' for name in self.domains)}"
        inner = self.within({**self.domains, name: Domain("Index", (size,))}, self.hypotheses)
        inner.circle = self.circle
        return var(name), inner

    def near(self, name: str) -> Scope:  # a neighbourhood of the point in one variable: what may fail beside it is not known
        kind, sizes = self.domain(name)
        wide = KINDS[kind].near or refuse(f"no derivative is taken in {name}, which is in {kind}")
        beside = tuple(h for h in self.hypotheses if name not in h.free or bounds(h, var(name), "lt"))
        return self.within({**self.domains, name: Domain(wide, sizes)}, beside)

    def inside(self, t: Term, k: int) -> tuple[Term, Scope]:  # the argument ``k`` of a well-typed term, and where it is read
        if t.op in BINDERS and k:
            index, inner = self.open(t.args[0])
            return opened(t.args[1], index), inner
        if t.op == "deriv" and not k:
            return t.args[0], self.near(root(t.args[1]))
        if t.op in ("and", "imp"):  # what comes later is read where what comes before holds
            return t.args[k], self.assuming(*t.args[:k])
        if t.op == "case" and k > 1:  # each value is read where its condition holds
            return t.args[k], self.assuming((eq, ne)[k - 2](*t.args[:2]))
        return t.args[k], self.assuming(lt(ZERO, t.args[1])) if t.op == "tends" and not k else self

    def need(self, t: Term, *want: Any) -> None:  # ``t`` is of the sort ``want``; a literal label fits a literal size
        if want[0] == "index" and t.op == "num":
            fits = want[1].op == "num" and t.value.denominator == 1 and 1 <= t.value <= want[1].value
            ensure(fits, "an index is out of range", t, want[1])
        elif (got := self.sort(t)) != want:
            refuse(f"{' over '.join(map(str, got))} stands where {' over '.join(map(str, want))} is expected", t)

    def sort_of(self, t: Term) -> Sort:  # what ``t`` denotes: a real, an index over a size, a vector, …, or a statement
        if t.op == "var":
            return self.domain(t.value).sort()
        if t.op in BINDERS:
            body, inner = self.inside(t, 1)
            inner.need(body, *(STATEMENT if t.op == "all" else REAL))
            return {"vec": ("vector", t.args[0]), "all": STATEMENT}.get(t.op, REAL)
        if t.op in ("of", "at"):
            shape, *sizes = self.sort(t.args[0])
            wanted = [("vector", sizes[1])] if shape == "family" else [("index", size) for size in sizes]
            fits = shape in (("family",) if t.op == "of" else ("vector", "array")) and len(wanted) == len(t.args) - 1
            ensure(fits, "a family takes its parameters; an entry has one index for each size", t)
            for a, want in zip(t.args[1:], wanted, strict=True):
                self.need(a, *want)
            return ("vector", sizes[0]) if t.op == "of" else REAL
        if t.op == "delta":
            index = next((s for a in t.args if (s := self.sort(a))[0] == "index"), None) or refuse("no index", t)
            for a in t.args:
                self.need(a, *index)
        elif t.op == "app":
            self.unfolded(t)
        elif t.op == "deriv":
            self.need(t.args[1], *REAL)
            self.near(root(t.args[1])).need(t.args[0], *REAL)
        else:
            known = re.fullmatch(OPERATORS.get(t.op, " "), "".join(self.sort(a)[0][0] for a in t.args))
            ensure(known, "this denotes nothing here, or its arguments are of another sort", t)
        return STATEMENT if t.op in STATEMENTS else REAL

    sort = remembered(sort_of)

    def unfolded(self, t: Term) -> Term:  # what a defined function of these arguments stands for
        parameters, body = DEFINITIONS.get(t.value) or refuse("this is not defined", t)
        size, sorts = self.sort(t.args[0])[-1], [parameter.split() for parameter in parameters.split(", ")]
        for (want, _), a in zip(sorts, t.args, strict=True) if len(sorts) == len(t.args) else refuse("other arguments", t):
            self.need(a, *((want,) if want == "real" else (want, size)))
        return built(formulas(body)[0][0], {"n": size, **{letter: a for (_, letter), a in zip(sorts, t.args, strict=True)}})

    def without_definitions(self, t: Term) -> Term:  # ``t`` with what its defined functions stand for
        t = self.unfolded(t) if t.op == "app" and not t.loose else t
        return rebuilt(t.op, *map(self.plain, t.args), value=t.value)

    plain = remembered(without_definitions)

    def indices(self, size: Term) -> list[Term]:  # those over 1…size: declared ones, and the labels of a small literal size
        labels = range(1, int(size.value) + 1) if size.op == "num" and size.value <= MAX_LABELS else ()
        tick(1 + len(self.domains) // 8)
        return [var(i) for i, domain in self.domains.items() if domain == Domain("Index", (size,))] + list(map(num, labels))

    def facts(self) -> dict[Term, None]:
        """What the hypotheses say: parts, entries, and conclusions whose premises hold. While premises are decided, a scope
        made of this one does not decide those which wait here; what was answered meanwhile is forgotten."""
        if self.known is None:
            self.known, todo, undecided = {}, list(self.hypotheses), dict[Term, None]()
            circle, self.circle = self.circle, object()
            while todo:
                for h in todo:  # it grows
                    tick()
                    if h not in self.known:
                        self.known[h] = None
                        todo += [opened(h.args[1], i) for i in self.indices(h.args[0])] if h.op == "all" else []
                        todo += h.args if h.op == "and" else ()
                        undecided |= {h: None} if h.op == "imp" else {}
                        todo += [ne(a, ZERO) for a in not_zero(h)]
                self.forget(frozenset(undecided))
                ready = {h: None for h in undecided if h not in self.pending and self.holds(h.args[0])}
                undecided = {h: None for h in undecided if h not in ready}
                todo = [h.args[1] for h in ready]
            self.forget(frozenset())
            self.circle = circle
        return self.known

    def forget(self, waiting: frozenset[Term]) -> None:  # what was not known may be known now; these premises are decided next
        if self.waiting or waiting:
            self.memory.clear()
            self.inner.clear()
        self.waiting = waiting

    def facts_about(self, t: Term) -> list[Term]:  # what the domain of an atom says of it
        domain = self.domain_of(t) if t.op in ("var", "at") else Domain("UnitInterval") if t.op == "delta" else None
        if domain is None:
            return [eq(t, ONE)] if self.is_total(t) else []
        return domain.bounds(t) + ([le(t, ONE)] if KINDS[domain.name].total else [])

    def polynomial(self, p: Polynomial, parts: dict[int, Term], deep: int) -> Signs:
        """The sign of a polynomial, from its monomials and from p = c·r + rest where the sign of r is known."""
        found: Signs = NAUGHT
        tick(len(p))
        for m, c in p.items():
            tick(len(m))
            powers = [sign_of_power(self.sign(parts[a]), e) for a, e in m]
            found = sign_sum(found, reduce(sign_product, powers, self.sign(num(c))))
        if deep and (variable := p.keys() - UNIT.keys()) and len(found) > 1:
            for fact in [*self.facts(), *(f for atom in parts for f in self.facts_about(parts[atom]))]:
                r, bottom, others, _ = value(fact.args[1] - fact.args[0] if fact.op in FACT else ZERO)
                tick(1 + len(r) // 8)
                for m in r.keys() & variable if bottom == UNIT else ():
                    c = p[m] / r[m]
                    rest = plus(p, r, -c)
                    if len(rest) <= len(p) and (fact.op != "ne" or not rest):
                        remains = self.polynomial(rest, others | parts, deep - 1)
                        found &= sign_sum(remains, sign_product(FACT[fact.op], self.sign(num(c))))
        return found

    def sign_of(self, t: Term) -> Signs:  # the signs which a term that is defined here can have
        self.facts()
        top, bottom, parts, _ = value(t)
        found = self.structural(t) & sign_product(self.polynomial(top, parts, 2), self.polynomial(bottom, parts, 1))
        if len(found) > 1 and (plain := self.plain(t)) is not t:
            found &= self.sign(plain)
        return found

    sign = remembered(sign_of, again=ANY)

    def structural(self, t: Term) -> Signs:  # the signs which a term can have by its form
        if t.op == "num":
            return frozenset([(t.value > 0) - (t.value < 0)])
        if t.op in ("sum", "prod", "top"):  # over at least one index
            body, inner = self.inside(t, 1)
            found = inner.sign(body)
            if t.op == "sum" and found in (NONNEGATIVE, NONPOSITIVE):  # one term that is not zero is enough
                strict = found - NAUGHT
                found = strict if any(self.sign(opened(t.args[1], i)) <= strict for i in self.indices(t.args[0])) else found
            return found if t.op == "top" or found <= NONNEGATIVE or (t.op == "sum" and found <= NONPOSITIVE) else ANY
        return SIGNS[t.op](self, *t.args) if t.op in SIGNS else ANY

    def is_total(self, t: Term) -> bool:  # Σ of all entries of one distribution, which depends on no index of the sum
        sizes: list[Term] = []
        while t.op == "sum":
            sizes, t = [*sizes, t.args[0]], t.args[1]
        domain = self.domain_of(t) if t.op == "at" and not t.args[0].loose else None
        indices = tuple(make("bound", value=k) for k in reversed(range(len(sizes))))
        return domain is not None and KINDS[domain.name].total and (domain.sizes, t.args[1:]) == (tuple(sizes), indices)

    def holds(self, s: Term) -> bool:  # whether a defined statement is decided, or a condition in words met; False says nothing
        tick()
        if s.op in FORMS:
            return FORMS[s.op](self, *s.args)
        if s in self.facts():
            return True
        if s.op in FACT:
            a, b, *cases = s.args
            return self.sign(b - a) <= FACT[s.op] and all(self.holds(iff(eq(a, b), case)) for case in cases)
        if s.op == "iff":
            return self.holds(imp(*s.args)) and self.holds(imp(*s.args[::-1]))
        parts = {"all": [1], "imp": [1], "and": range(len(s.args))}.get(s.op, [])
        return bool(parts) and all(inner.holds(part) for part, inner in [self.inside(s, k) for k in parts])

    def is_whole(self, r: Term) -> bool:  # a fact says that ``r`` is a whole number
        sides = [side for fact in self.facts() if fact.op == "eq" for side in (fact.args, fact.args[::-1])]
        return any(whole(b) is not None and alike(a, r) for a, b in sides)

    def undefined_part(self, t: Term) -> Term | None:  # a part of a well-typed term that need not be defined here, or None
        self.facts()
        if t.op == "infinite" and self.rises(t.args[0], 1) == "infinite":
            return None
        if t.op == "integrates":
            refuse("this program does not know integrals", step="integral")
        if t.op == "tends":  # x is a real variable that decreases to 0, and of it only its domain is known
            _, x, point, v = t.args
            kind, sizes = self.domain(x.value) if x.op == "var" else refuse("a limit is taken in a variable", t)
            known = any(x.value in s.free for s in (*self.hypotheses, v))
            ensure(point is ZERO and not sizes and not KINDS[kind].whole and not known, "there is no limit here", t)
        for part, scope in [self.inside(t, k) for k in range(len(t.args))]:
            if lack := scope.undefined(part):
                return lack
        if t.op == "app":
            return self.undefined(self.unfolded(t))
        return None if self.meets(NEEDS.get(t.op, ""), t) else t

    undefined = remembered(undefined_part)

    def meets(self, table: str, t: Term, x: Term = ZERO) -> bool:  # one of these alternatives holds for the arguments of t
        letters = {**dict(zip("abc", t.args, strict=False)), "x": x}
        return any(all(self.holds(built(need, letters)) for need in formulas(needs)[0]) for needs in table.split(" or "))

    def defined(self, t: Term, want: Sort = REAL) -> Term:  # ``t``, if it is of this sort, and defined
        self.need(t, *want)
        lack = self.undefined(t)
        return t if lack is None else refuse("this is not known to be defined", lack, t if lack is not t else None)

    def smooth(self, t: Term, x: Term) -> bool:  # whether a defined term can be differentiated in x again and again
        tick()
        if x.value not in t.free:
            return True
        if t.op == "app":
            return self.smooth(self.unfolded(t), x)
        parts = [self.inside(t, k) for k in range(len(t.args)) if t.op != "deriv" or not k]
        return t.op in SMOOTH and self.meets(SMOOTH[t.op], t, x) and all(scope.smooth(part, x) for part, scope in parts)

    def rises(self, t: Term, s: int) -> str:
        """Of s·t: "infinite" if it is +∞ at every point, "high" if a real number or +∞ at every point, else nothing."""
        tick()
        if t.op == "app" or not self.undefined(t):
            return self.rises(self.unfolded(t), s) if t.op == "app" else "high"
        kinds = [self.rises(a, s) for a in t.args] if t.op == "add" else [""]
        if t.op == "mul" and not any(map(self.undefined, t.args[:-1])):
            sign = reduce(sign_product, map(self.sign, t.args[:-1]))
            kinds = [self.rises(t.args[-1], s * max(sign)) if sign in (POSITIVE, NEGATIVE) else ""]
        elif t.op == "sum":
            body, inner = self.inside(t, 1)
            kinds = [inner.rises(body, s), *(self.rises(opened(t.args[1], i), s) for i in self.indices(t.args[0]))]
        elif t.op == "xlog" and not any(map(self.undefined, t.args)) and all(self.sign(a) <= NONNEGATIVE for a in t.args):
            w, (high, low) = t.args[0], t.args[1:][::s]  # +∞ where low = 0 < high and w > 0
            if self.where(lt(ZERO, w)).sign(high) <= POSITIVE:
                kinds = ["infinite" if self.sign(w) <= POSITIVE and self.holds(eq(low, ZERO)) else "high"]
        return max(kinds) if all(kinds) else ""

    def require(self, *conditions: Term) -> None:  # the conditions are defined and decided
        for condition in conditions:
            decided = self.holds(condition if condition.op in FORMS else self.defined(condition, STATEMENT))
            ensure(decided, "this condition is not known to be met", condition)

    def need_room(self, x: Term, room: tuple[Any, ...], f: Term, c: Term) -> None:
        """The interval of x, its domain cut by the hypotheses that mention x, reaches c; in the room f is smooth. A room is an
        open interval with x and c in it, that may be wider, written as a domain and bounds of x."""
        kind, sizes = self.domain(x.value) if x.op == "var" else refuse("a variable is needed here", x)
        interval = [h for h in self.hypotheses if x.value in h.free]
        fits = KINDS[kind].near == kind and not sizes and all(bounds(h, x, "lt", "le") for h in interval)
        ensure(fits, "this does not run through an interval", x)
        ensure(x.value not in self.defined(c).free, "this may not depend on the variable", x)
        interval += Domain(kind).bounds(x)
        self.require(*(le(*(replaced(a, {x.value: c}) for a in h.args)) for h in interval))
        kind, *cuts = shaped(room, str, *([Term] * len(room))[1:]) if room else cast(Any, (kind, *interval))
        ensure(kind in KINDS and KINDS[kind].near == kind, "an open domain is needed here")
        wide = self.within({**self.domains, x.value: Domain(kind)}, tuple(h for h in self.hypotheses if x.value not in h.free))
        for h in cuts:
            ensure(bounds(h, x, "lt"), "a strict bound of the variable is needed here", h)
            wide = wide.assuming(wide.defined(h, STATEMENT))
        ensure(wide.smooth(wide.defined(f), x), "this is not known to be smooth", f)
        self.require(*(replaced(h, {x.value: at}) for at in (x, c) for h in [*cuts, *Domain(kind).bounds(x)]))

    def contains(self, domain: Domain, t: Term, shown: Iterable[Term] = ()) -> bool:
        """Whether a term lies in a domain at every point of the scope, where some statements are shown already."""
        (name, sizes), kind, known = domain, KINDS[domain.name], {*shown}
        self.defined(t, domain.sort())
        if name in ("Index", "Family", "Size"):
            return name != "Size" or bool(self.open(t))
        indices = [make("bound", value=k) for k in reversed(range(len(sizes)))]
        whole = x = rebuilt("at", replaced(t, {}, under=len(sizes)), *indices) if sizes else t
        each = [*domain.bounds(x), *([make("bit", x)] if kind.whole else [])]
        for size in reversed(sizes):
            each, whole = [make("all", size, s) for s in each], total(size, whole)
        return all(s in known or self.holds(s) for s in [*each, *([eq(whole, ONE)] if kind.total else [])])


# ---- Principles. Many are inferences in the same notation as the laws; the others are methods of ``Replay``.
class Proof(NamedTuple):  # a principle and what it is applied to
    by: str
    args: tuple[Any, ...]


class Claim(NamedTuple):  # a statement in a scope
    scope: Scope
    goal: Term


#: Terms in brackets, proofs of premises; the conclusion, and its conditions. ``under(h, s)`` is a premise s that is proved
#: with the hypothesis h. A premise a <= b is also proved by a < b and by a == b; le(a, b, e) has the equality case e.
INFERENCES = {name: [formulas(part)[0] for part in parts] for name, *parts in re.findall(
    r"(\w+) \(([^;]*?)\): ([^;]*?) ?therefore ([^;]*?)(?: if ([^;]*))?;", """\
field (a, b): therefore a == b if same(a, b); decided (p): therefore p if p;
infinity (t): therefore infinite(t) if certain(t); weaken (): a <= b therefore a <= b; apart (): a < b therefore a != b;
equality_case (): le(a, b, e) therefore iff(a == b, e); when (): le(a, b, e), iff(e, s) therefore le(a, b, s);
equivalent (a == b, c == e, t): l == r therefore iff(a == b, c == e) if t != 0, same((a - b) - t*(c - e), l - r);
assume (p): under(p, q) therefore imp(p, q); given (): p, under(p, q) therefore q;
zero_or_positive (w): under(w == 0, p), under(0 < w, p) therefore p if 0 <= w;
bit_cases (y): under(y == 0, p), under(y == 1, p) therefore p if bit(y);
order_cases (a, b): under(a <= b, p), under(b <= a, p) therefore p;
squeeze (t, x, v, e, h): under(x < h, -e <= t - v), under(x < h, t - v <= e), tends(e, x, 0, 0)
therefore tends(t, x, 0, v) if 0 < h, without(h, x);
multiple_of_limit (c): tends(a, x, 0, v) therefore tends(c*a, x, 0, c*v) if without(c, x);""")}  # fmt: skip
#: What the other principles take: t a term, p a proof, n a name, k a number from 0, s a sequence; read as regular expressions.
METHODS = {
    "rule": "ns", "definition": "t", "rewrite": "ts", "symmetry": "p", "chain": "p+", "sign": "t", "combine": "tts",
    "termwise": "tp", "hypothesis": "k", "at_index": "pt", "for_all": "tp", "both": "p+", "part": "pk", "cite": "nss",
    "written_out": "t", "monotone": "npt?", "slope": "tttp[ps][ps]s?", "hot": "tp"}  # fmt: skip
PRINCIPLES = METHODS | {name: "t" * len(terms) + "p" * len(premises) for name, (terms, premises, *_) in INFERENCES.items()}
LETTER = {Term: "t", Proof: "p", str: "n", int: "k", tuple: "s"}
#: Principles and rules of the other checker that this program does not know: a proof that uses one is refused.
UNKNOWN = (
    "attained", "bent", "limit_of_equal", "limit_value", "limit_through", "quotient_of_slopes", "integral", "adjacent",
    "limit of a power times a logarithm", "limit of a power times an exponential")  # fmt: skip


def matched(pattern: ast.expr, t: Term, letters: dict[str, Term]) -> bool:
    """Whether ``t`` has the form of the pattern, where some letters are known; the others become known."""
    match pattern:
        case ast.Name(id=name) if name not in letters:
            letters[name] = t
            return True
        case ast.Call(func=ast.Name(id=op), args=parts) if op in STATEMENTS:
            fits = t.op == op and len(parts) == len(t.args)
        case ast.Compare(left=left, ops=[relation], comparators=[right]):
            op, parts = NOTATION[type(relation)], [left, right]
            fits = t.op == op or (op == "le" and t.op in ("eq", "lt"))
        case _:
            return alike(built(pattern, letters), t)
    return fits and all(matched(part, a, letters) for part, a in zip(parts, t.args, strict=False))


def relation(a: Term, b: Term, links: list[tuple[str, tuple[Term, ...]]]) -> Term:
    """What relations with their equality cases give when they are added up: strict if one is, else weak if one is."""
    cases = [case for op, case in links if op == "le"]
    if any(op == "lt" for op, _ in links) or not cases:
        return make("eq" if all(op == "eq" for op, _ in links) else "lt", a, b)
    exactly = [e for case in cases for e in case] if all(cases) else []
    return le(a, b, *(exactly if len(exactly) < 2 else [make("and", *exactly)]))


def need_alike(why: str, a: Term, b: Term) -> None:  # two defined terms or statements that have to mean the same
    ensure(alike(a, b), why, a, b)


def pairs(values: tuple[Any, ...], kind: type) -> dict[str, Any]:  # pairs of a name, each another one, and a term or a proof
    named = dict(shaped(pair, str, kind) for pair in values)
    return named if len(named) == len(values) else refuse("a name is given twice")


class Replay:
    """Derives statements from proofs; ``library`` holds the claims that may be cited, as they are written."""

    def __init__(self, library: dict[str, Any]) -> None:
        # what may be cited; the names of rules, principles and labels that are used; what was derived where
        self.library, self.claims = library, dict[str, Claim]()
        self.used, self.trace = list[str](), list[tuple[Scope, Term]]()

    def derive(self, proof: Proof, scope: Scope, *forms: str) -> Term:
        """The statement which the proof proves in the scope; it has to be of one of these forms."""
        tick()
        by, args = proof
        name = args[0] if by == "rule" and args else by
        try:
            ensure(name not in UNKNOWN, f"this program does not know this {'rule' if by == 'rule' else 'principle'}")
            fits = re.fullmatch(PRINCIPLES.get(by, " "), "".join(LETTER[type(a)] for a in args))
            ensure(fits, "there is no principle of this name and these arguments")
            s: Term = getattr(self, by)(scope, *args) if by in METHODS else self.infer(scope, INFERENCES[by], args)
        except Refused as problem:
            problem.step = problem.step or " ".join([by, *(a for a in args if type(a) is str)])[:200]
            raise
        self.used.append(name)
        self.trace.append((scope, s))
        return s if not forms or s.op in forms else refuse(f"this is not {' or '.join(forms)}", s)

    def infer(self, scope: Scope, inference: list[list[ast.expr]], given: tuple[Any, ...]) -> Term:
        """The conclusion of an inference."""
        terms, premises, [conclusion], conditions = inference
        letters: dict[str, Term] = {}
        under = [isinstance(pattern, ast.Call) and ast.unparse(pattern.func) == "under" for pattern in terms + premises]
        for assumes, pattern, t in sorted(zip(under, terms + premises, given, strict=True), key=lambda row: row[0]):
            if type(t) is Proof:
                inner = scope
                if assumes:
                    hypothesis, pattern = cast(ast.Call, pattern).args
                    inner = scope.assuming(scope.defined(built(hypothesis, letters), STATEMENT))
                t = self.derive(t, inner)
            fits = matched(pattern, t, letters) and (not assumes or inner.defined(built(pattern, letters), STATEMENT))
            ensure(fits, "something else is needed here: " + ast.unparse(pattern), t)
        s = built(conclusion, letters)
        scope.need(s, *STATEMENT)
        scope.require(*(built(condition, letters) for condition in conditions))
        # a letter that is concluded is a premise or a condition, and so defined
        return s if isinstance(conclusion, ast.Name) else scope.defined(s, STATEMENT)

    # equations
    def rule(self, scope: Scope, name: str, values: tuple[Any, ...]) -> Term:
        s, *conditions = instance(name, pairs(values, Term))
        scope.need(s, *STATEMENT)
        scope.require(*conditions)
        return scope.defined(s, STATEMENT)

    def definition(self, scope: Scope, t: Term) -> Term:
        scope.defined(t if t.op == "app" else refuse("this is not a defined function", t))
        return eq(t, scope.unfolded(t))

    def written_out(self, scope: Scope, t: Term) -> Term:
        few = t.op in ("sum", "prod") and scope.defined(t).args[0].op == "num" and t.args[0].value <= MAX_LABELS
        terms = [opened(t.args[1], num(k)) for k in range(1, int(t.args[0].value) + 1)] if few else refuse("too many terms", t)
        return eq(t, make("add" if t.op == "sum" else "mul", *terms) if len(terms) > 1 else terms[0])

    def rewrite(self, scope: Scope, t: Term, steps: tuple[Any, ...]) -> Term:
        same, now = iff if t.op in STATEMENTS else eq, scope.defined(t, STATEMENT if t.op in STATEMENTS else REAL)
        for step in steps:  # a path, a proof, a factor and a new term
            now = self.step(scope, before := now, *shaped(step, tuple, Proof, Term, Term))
            self.trace.append((scope, same(before, now)))
        return same(t, now)

    def step(self, scope: Scope, t: Term, path: tuple[Any, ...], by: Proof, factor: Term, new: Term) -> Term:
        """``t`` with ``new`` at the path, where old − new = factor·(left − right) and left = right, or ⇔, is proved."""
        if not path:
            left, right = self.derive(by, scope, "iff" if t.op in STATEMENTS else "eq").args
            if t.op in STATEMENTS:
                need_alike("another statement stands here", t, left)
                need_alike("another statement is put here", scope.defined(new, STATEMENT), right)
                return new
            change = scope.defined(t) - scope.defined(new)
            need_alike("the step does not follow from the equation", change, scope.defined(factor) * (left - right))
            return new
        k = path[0]
        place = type(k) is int and 0 <= k < len(t.args) and t.op != "tends" and (t.op != "deriv" or not k)
        ensure(place, "there is no place like this", t)
        part, inner = scope.inside(t, k)
        part = self.step(inner, part, path[1:], by, factor, new)
        part = closed(part, scope.open(t.args[0])[0]) if t.op in BINDERS else part
        return rebuilt(t.op, *t.args[:k], part, *t.args[k + 1 :], value=t.value)

    # relations
    def symmetry(self, scope: Scope, proof: Proof) -> Term:
        return make((s := self.derive(proof, scope, "eq", "ne", "iff")).op, *s.args[::-1])

    def chain(self, scope: Scope, *proofs: Proof) -> Term:
        links = [self.derive(p, scope, "eq", "le", "lt", "iff") for p in proofs]
        for s, then in pairwise(links):
            need_alike("the chain is broken", s.args[1], then.args[0])
        ends = links[0].args[0], links[-1].args[1]
        return iff(*ends) if links[0].op == "iff" else relation(*ends, [(s.op, s.args[2:]) for s in links])

    def sign(self, scope: Scope, t: Term) -> Term:
        signs = scope.sign(scope.defined(t))
        zero, known = eq(t, ZERO), {POSITIVE: lt(ZERO, t), NEGATIVE: lt(t, ZERO), NAUGHT: eq(t, ZERO)}
        known |= {NONNEGATIVE: le(ZERO, t, zero), NONPOSITIVE: le(t, ZERO, zero)}
        return next((s for could, s in known.items() if signs <= could), None) or refuse("the sign of this is not known", t)

    def combine(self, scope: Scope, a: Term, b: Term, parts: tuple[Any, ...]) -> Term:
        whole, links = ZERO, list[tuple[str, tuple[Term, ...]]]()
        for factor, proof in (shaped(part, Term, Proof) for part in parts):
            s = self.derive(proof, scope, "eq", "le", "lt")
            whole += scope.defined(factor) * (s.args[1] - s.args[0])
            ensure(s.op == "eq" or scope.sign(factor) <= NONNEGATIVE, "the factor of an inequality may be negative", factor, s)
            links.append((s.op, s.args[2:]) if s.op == "eq" or scope.sign(factor) <= POSITIVE else ("le", ()))
        need_alike("the parts do not add up", scope.defined(b) - scope.defined(a), whole)
        return relation(a, b, links)

    def termwise(self, scope: Scope, size: Term, proof: Proof) -> Term:
        index, inner = scope.open(size)
        s = self.derive(proof, inner, "eq", "le", "lt")
        return make(s.op, *(make("sum" if k < 2 else "all", size, closed(a, index)) for k, a in enumerate(s.args)))

    def monotone(self, scope: Scope, op: str, proof: Proof, r: Term = ONE) -> Term:
        s = self.derive(proof, scope, "eq", "le", "lt")
        if op == "pow":
            scope.require(lt(ZERO, scope.defined(r)), le(ZERO, s.args[0]), le(ZERO, s.args[1]))
        more = {"log": (), "exp": (), "pow": (r,)}[op] if op in ("log", "exp", "pow") else refuse("this may not grow", s)
        return scope.defined(make(s.op, *(make(op, a, *more) for a in s.args[:2]), *s.args[2:]), STATEMENT)

    def slope(self, scope: Scope, x: Term, f: Term, c: Term, slope: Proof, below: Any, above: Any, room: Any = ()) -> Term:
        """On the interval of x, f falls up to c and rises from there; it is continuous at c, which may be an end."""
        scope.need_room(x, room, f, c)
        (d, g), strict = self.derive(slope, scope, "eq").args, True
        need_alike("this is the derivative of something else", d, make("deriv", f, x))
        for side, proof, sign in ((lt(x, c), below, le(g, ZERO)), (lt(c, x), above, le(ZERO, g))):
            if type(proof) is Proof:
                s = self.derive(proof, scope.assuming(side), "eq", "le", "lt")
                need_alike("another inequality is needed", le(*s.args[:2]), sign)
                strict &= s.op == "lt"
            else:  # there is no point on this side
                scope.require(le(*side.args[::-1]), *shaped(proof))
        low, apart = replaced(f, {x.value: c}), strict and scope.holds(ne(x, c))
        return scope.defined(lt(low, f) if apart else le(low, f, *([eq(x, c)] if strict else [])), STATEMENT)

    # statements
    def hot(self, scope: Scope, y: Term, proof: Proof) -> Term:  # what follows for an index where y is 1, and is not about it
        [n] = scope.domain(y.value).sizes if scope.holds(make("one_hot", y)) else refuse("this is not one-hot", y)
        m, inner = scope.open(n)
        s = self.derive(proof, inner.assuming(make("all", n, eq(make("at", y, INDEX), make("delta", INDEX, m)))))
        return s if m.value not in s.free else refuse("the conclusion depends on the index", s)

    def hypothesis(self, scope: Scope, k: int) -> Term:
        return scope.hypotheses[k] if k < len(scope.hypotheses) else refuse("there is no such hypothesis")

    def at_index(self, scope: Scope, proof: Proof, i: Term) -> Term:
        s = self.derive(proof, scope, "all")
        scope.need(i, "index", s.args[0])
        return opened(s.args[1], i)

    def for_all(self, scope: Scope, size: Term, proof: Proof) -> Term:
        index, inner = scope.open(size)
        s = self.derive(proof, inner)
        each = [make("all", size, closed(p, index)) for p in (s.args if s.op == "iff" else (s,))]
        return iff(*each) if s.op == "iff" else each[0]

    def both(self, scope: Scope, *proofs: Proof) -> Term:
        s = [self.derive(p, scope) for p in proofs]
        mutual = len(s) == 2 and s[0].op == s[1].op == "imp" and s[0].args == s[1].args[::-1]
        return iff(*s[0].args) if mutual else make("and", *s)

    def part(self, scope: Scope, proof: Proof, k: int) -> Term:
        s = self.derive(proof, scope, "and")
        return s.args[k] if k < len(s.args) else refuse("there is no such part", s)

    def cite(self, scope: Scope, label: str, values: tuple[Any, ...], proofs: tuple[Any, ...]) -> Term:
        if label not in self.claims:  # a claim is read when it is needed
            self.claims[label] = claimed(self.library[label]) if label in self.library else refuse("there is no such citation")
        claim, given = self.claims[label], pairs(values, Term)
        ensure(given.keys() == claim.scope.domains.keys(), "a citation gives a value to each variable")
        shown = [self.derive(p, scope) for p in pairs(proofs, Proof).values()]
        for name, (kind, sizes) in claim.scope.domains.items():
            domain = Domain(kind, tuple(replaced(s, given) for s in sizes))
            ensure(scope.contains(domain, given[name], shown), f"{name} may lie outside {kind}", given[name])
        self.used.append(label)
        scope.require(*(h for h in map(partial(replaced, values=given), claim.scope.hypotheses) if h not in {*shown}))
        return scope.defined(replaced(claim.goal, given), STATEMENT)

    # displayed lines
    def need_lines(self, lines: list[Any], claim: Claim) -> None:
        """What each displayed line says is derived, or follows; what is named beside it is used (docs/certificate.md)."""
        own, last, shown = claim.scope, dict[int, Term](), list[tuple[str, Term]]()
        names = {name.replace("_", " ") for name in [*self.used, "field"]}
        under: list[Term] = []  # the conditions of the cases which a line stands in, one for each depth
        for line in lines:
            sign, data, depth, _, rules = keyed(line, "relation term depth reason rules", str, object, int, str, list)
            ensure(names.issuperset(str(rule).replace("_", " ") for rule in rules), f"this is not used: {rules}"[:500])
            if data is None:
                continue
            t, before = term(data), last.get(depth)
            ensure(0 <= depth <= len(under), "this line stands in no case", t)
            under[depth:] = []
            here = own.assuming(*under)
            tick(sum(1 + len(scope.hypotheses) // 8 for scope, _ in self.trace))
            conditions = {*here.hypotheses}
            known = [s for scope, s in self.trace if (conditions.issuperset(scope.hypotheses) if depth else scope is own)]
            if t.free <= own.domains.keys() and here.sort(t) and (lack := here.undefined(t)):
                refuse("a displayed line is not known to be defined", t, lack)
            if sign in SIGN and before is not None:
                follows = leads(known, SIGN[sign], *((t, before) if ">" in sign else (before, t)))
            elif sign == "case":
                follows, under[depth:] = any(t in scope.hypotheses for scope, _ in self.trace), [t]
            elif sign == "statement":
                follows = any(alike(s, t) for s in known) or (t.op == "infinite" and own.rises(t.args[0], 1) == "infinite")
            else:
                follows = sign == "" and any(t in s.args for s in known)
            ensure(follows, "a displayed line does not follow from the proof", before, t)
            last[depth] = t
            shown.append((sign, t))
        if shown and all(sign in ("", *SIGN) for sign, _ in shown) and {shown[0][1], shown[-1][1]} != set(claim.goal.args[:2]):
            refuse("the displayed lines are about something else", shown[0][1], shown[-1][1])


def leads(statements: list[Term], op: str, a: Term, b: Term) -> bool:  # one after another, they give a = b, a ≤ b or a < b
    known = [s for s in statements if s.op == "eq" or (s.op in ("le", "lt") and op != "eq")]
    links = [(s.op, identity(s.args[0]), identity(s.args[1])) for s in known]
    links += [("eq", y, x) for relation, x, y in links if relation == "eq"]
    found = new = {(identity(a), op != "lt")}
    while new:
        tick(1 + len(links) * len(new) // 8)
        new = {(y, strict or relation == "lt") for relation, x, y in links for z, strict in new if x == z} - found
        found = found | new
    return (identity(b), True) in found


# ---- Files.
NUMBER = re.compile(r"-?[0-9]{1,1000}(/[1-9][0-9]{0,999})?")
SIGN = {"=": "eq", "<=": "le", "<": "lt", ">=": "le", ">": "lt"}
ENDS = {2: ("minus_infinity",), 3: ("infinity",)}  #: what may stand at the ends of an integral besides numbers
CONTENT = {"num": str, "var": str, "const": str, "bound": int, "app": str}  #: what follows these operators


def keyed(data: Any, names: str, *kinds: type) -> list[Any]:  # an object's values; it has these keys alone, each of its type
    tick(4)
    fits = type(data) is dict and data.keys() == {*names.split()}
    values = [data[key] for key in names.split()] if fits else refuse(f"an object with the keys {names} is needed")
    ensure(all(kind in (type(v), object) for v, kind in zip(values, kinds, strict=True)), f"one of {names} is of another type")
    return values


def term(data: Any, depth: int = 0, ends: tuple[str, ...] = ()) -> Term:
    """A term as it is written: its operator, its content if it has any, its arguments."""
    fits = depth <= MAX_DEPTH and type(data) is list and data and type(data[0]) is str
    op, *rest = data if fits else refuse("this is not a term, or nested too deep")
    content: Any = rest.pop(0) if op in CONTENT and rest else None
    fits = type(content) is CONTENT.get(op, type(None))
    fits = fits and (op != "bound" or 0 <= content <= MAX_DEPTH)
    fits = fits and (op != "const" or content in ("pi", *ends))
    fits = fits and (op != "var" or (len(content) <= MAX_NAME and content[:1] != "@"))
    ensure(fits, f"{op[:40]!r} is followed by something else")
    tick(1 + len(rest) // 8)
    if op == "num":
        content = exact_number(content)
    shape = re.sub("[a-z]", ".", OPERATORS.get(op, "" if op in CONTENT else " "))
    known = re.fullmatch(shape, "." * len(rest))
    ensure(known, f"this program does not know the operator {op[:40]!r} with {len(rest)} arguments")
    parts = [term(a, depth + 1, ENDS.get(k, ()) if op == "integrates" else ()) for k, a in enumerate(rest)]
    return make(op, *parts, value=content)


def exact_number(text: str) -> Fraction:  # a number as it is written
    tick(len(text) // 64)
    once = NUMBER.fullmatch(text) and str(Fraction(text)) == text
    return Fraction(text) if once else refuse("this is not the one way to write a number")


def decoded(data: Any, depth: int = 0) -> Any:  # a part of a proof: a term, a proof, a sequence, a name or a number from 0
    tick()
    if type(data) is list:
        return term(data)
    if type(data) is str or (type(data) is int and data >= 0):
        return data
    ensure(depth <= 2 * MAX_DEPTH, "a proof is nested too deep")
    *by, args = keyed(data, "seq", list) if type(data) is dict and "seq" in data else keyed(data, "by args", str, list)
    parts = tuple([decoded(a, depth + 1) for a in args])
    return Proof(by[0], parts) if by else parts


def claimed(data: Any) -> Claim:  # the claim as it is written; each hypothesis is defined where the ones before it hold
    rows, hypotheses, goal = keyed(data, "domains hypotheses goal", list, list, list)
    scope = declared(rows)
    for h in map(term, hypotheses):
        scope = scope.assuming(scope.defined(h, STATEMENT))
    scope.need(goal := term(goal), *STATEMENT)
    return Claim(scope, goal)


def declared(rows: list[Any]) -> Scope:  # variables with their domains
    domains: dict[str, Domain] = {}
    ensure(len(rows) <= MAX_NAME, "there are too many variables")
    for name, kind, sizes in (shaped(row, str, str, list) for row in rows):
        fits = name not in domains and name[:1] not in ("", "#", "@") and kind in KINDS and len(sizes) in KINDS[kind].shapes
        ensure(fits, f"{name[:40]!r} is declared twice, is no name, or has no domain {kind[:40]!r} of {len(sizes)} sizes")
        domains[name] = Domain(kind, tuple(map(term, sizes)))
    scope = Scope(domains)
    for size in [size for domain in domains.values() for size in domain.sizes]:
        scope.open(size)
    return scope


# ---- From a formula to the statement that it makes. A formula is the tree of what was written, in sequences: a kind, then its
# arguments (docs/certificate.md); what each kind means is on the page "The meaning of a claim".
Formula = tuple[Any, ...]
#: How many arguments a kind has; n a name, t a formula; read as regular expressions. The rest is said where it is read.
KINDS_OF_FORMULAS = {
    "number": "n", "pi": "", "euler": "", "infinity": "", "name": "n", "index": "n", "add": "tt+", "neg": "t", "mul": "tt+",
    "div": "tt", "pow": "tt", "sqrt": "t", "log": "t", "logb": "tt", "exp": "t", "abs": "t", "max": "tt+", "min": "tt+",
    "call": "nt+", "entry": "ttt?", "delta": "tt", "family": "tt", "sum": "nttt", "prod": "nttt", "largest": "nttt",
    "smallest": "nttt", "without": "ntttt", "deriv": "tt+", "integral": "nttt", "limit": "ntnt", "cases": "(tt)+t?",
    "chain": "rtt+"}  # fmt: skip
#: The formulas which are numbers if their arguments are.
OF_NUMBERS: dict[str, Callable[..., Term]] = {
    "pi": lambda: make("const", value="pi"), "euler": lambda: make("exp", ONE), "add": lambda *a: reduce(Term.__add__, a),
    "neg": lambda a: MINUS * a, "mul": lambda *a: product(a), "div": lambda a, b: a / b,
    "sqrt": lambda a: make("pow", a, num(Fraction(1, 2))), **{op: partial(make, op) for op in ("pow", "log", "exp", "abs")},
    "logb": lambda a, b: make("log", a) / make("log", b), "max": lambda *a: reduce(partial(make, "max"), a),
    "min": lambda *a: MINUS * reduce(partial(make, "max"), [MINUS * x for x in a])}  # fmt: skip
#: What runs over an index: the operator over all indices of a size, and the one that joins two terms.
RANGES = {"sum": ("sum", "add"), "without": ("sum", "add"), "prod": ("prod", "mul"), "largest": ("top", "max")}
ENDLESS: dict[Formula, tuple[Term, Term]] = {("infinity",): (ONE, INFINITY), ("neg", ("infinity",)): (MINUS, MINUS_INFINITY)}
RELATIONS = {"=": "eq", "!=": "ne", "<=": "le", "<": "lt", ">=": "le", ">": "lt"}
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
TURNED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "=": "=", "!=": "!="}
EQUATIONS = (("=",), ("!=",))
LIMITS, MAX_ADDENDS, MAX_PARTS = ("limit", "integral"), 400, 20_000
OTHERWISE = "formula"  #: the step that is named where a formula says something else than what was proved


def formula(data: Any, depth: int = 0) -> Formula:  # a formula as it is written
    tick()
    fits = depth <= MAX_DEPTH and type(data) is list and data and type(data[0]) is str
    kind, *rest = data if fits else refuse("this is not a formula, or nested too deep")
    letters = "".join("n" if type(a) is str else "t" if type(a) is list else "?" for a in rest)
    if kind == "chain":
        letters = "r" + letters[1:] if rest and type(rest[0]) is list and {str} >= {type(r) for r in rest[0]} else "?"
    ensure(re.fullmatch(KINDS_OF_FORMULAS.get(kind, " "), letters), f"there is no kind {kind[:40]!r} of these arguments")
    if kind == "number":
        return kind, exact_number(rest[0])
    if kind == "chain":
        ensure(len(rest[0]) == len(rest) - 2 and {*rest[0]} <= OPPOSITE.keys(), "there is a relation between two sides each")
        return kind, tuple(rest[0]), *(formula(a, depth + 1) for a in rest[1:])
    return kind, *(a if type(a) is str else formula(a, depth + 1) for a in rest)


def within(f: Formula, subscripts: bool = True) -> Iterator[Formula]:  # a formula and all that is in it, subscripts or not
    tick()
    yield f
    for a in inner(f)[: None if subscripts else {"entry": 1, "delta": 0}.get(f[0])]:
        yield from within(a, subscripts)


def inner(f: Formula) -> list[Formula]:  # the formulas in a formula; a chain holds its relations too
    return [a for a in f[1:] if type(a) is tuple and a[0] in KINDS_OF_FORMULAS]


def unbound(f: Formula, bound: frozenset[str] = frozenset()) -> Iterator[str]:  # the names that no limit or integral binds
    tick()
    if f[0] == "name" and f[1] not in bound:
        yield f[1]
    parts = inner(f)
    for k, a in enumerate(parts):
        yield from unbound(a, bound | {f[1]} if f[0] in LIMITS and k == len(parts) - 1 else bound)


def outermost(
    f: Formula,
) -> list[Formula]:  # the limits and integrals of a formula that are in no other, in no sum or derivative
    if f[0] in RANGES or f[0] in ("smallest", "deriv"):
        ensure(not any(part[0] in LIMITS for part in within(f)), "a limit or an integral stands in a sum or a derivative")
        return []
    return [f] if f[0] in LIMITS else [part for a in inner(f) for part in outermost(a)]


def factors(f: Formula, below: bool = False) -> list[tuple[Formula, bool]]:
    """The factors of products in products, each with whether it stands below a line. A quotient of two numbers is one factor,
    and so are a negative number and a quotient that stands below a line; any other minus is a factor −1."""
    tick()
    if f[0] == "mul":
        return [each for a in f[1:] for each in factors(a, below)]
    if f[0] == "div" and not below and not f[1][0] == f[2][0] == "number":
        return factors(f[1]) + factors(f[2], True)
    if f[0] == "neg" and f[1][0] != "number":
        return [(("number", Fraction(-1)), False), *factors(f[1], below)]
    return [(f, below)]


def product(terms: Iterable[Term]) -> Term:  # the product of these terms
    return reduce(Term.__mul__, terms, ONE)


def together(statements: list[Term]) -> Term:  # statements that are made together
    parts = [p for s in statements for p in (s.args if s.op == "and" else (s,))]
    return parts[0] if len(parts) == 1 else make("and", *parts)


def related(sign: str, a: Term, b: Term) -> Term:  # two terms in relation
    return make(RELATIONS[sign], *((b, a) if ">" in sign else (a, b)))


class Reader(NamedTuple):
    """What one formula says, where it stands. Which factors of a product weigh its logarithm, and which values limits and
    integrals are said to have, is chosen by whoever wrote the certificate: any choice says the same, or is not defined."""

    scope: Scope
    names: dict[str, Term]  #: indices, and variables of limits, with what they stand for
    weights: dict[Formula, Any]
    values: dict[Formula, Term]
    ranges: dict[Formula, str]
    said: dict[Formula, Term]  #: the values of limits and integrals that were stated; this and what follows grows
    bound: set[str]  #: the variables of limits and integrals
    free: frozenset[str]  #: the names that the claim speaks of
    addends: list[int]  #: the indices that were written out

    def put(self, name: str, t: Term, scope: Scope) -> Reader:  # the same in another scope, where a name stands for a term
        return self._replace(scope=scope, names={**self.names, name: t})

    def meant(self, name: str) -> Term:  # what a name stands for
        return self.names.get(name) or var(name)

    # numbers
    def real(self, f: Formula) -> Term:  # the number which a part of the formula is
        tick()
        match f:
            case ("number", exact):
                return num(exact)
            case ("name" | "index", name):
                t = self.meant(name)
                return t if self.scope.sort(t) == REAL else refuse("this is not a number", t)
            case ("mul", *_) if f in self.weights:
                return self.weighted(f)
            case ("entry", v, *places):
                indices = [self.label(place) for place in places]
                return self.entry(v, *indices) if self.length(v) else refuse("this is not a vector")
            case ("delta", i, j):
                return self.same(self.label(i), self.label(j))
            case ("deriv", a, *xs):
                return reduce(partial(make, "deriv"), [self.real(x) for x in xs], self.real(a))
            case ("call", name, *args):
                parameters = DEFINITIONS[name][0] if name in DEFINITIONS else refuse(f"there is no function {name[:40]!r}")
                wants = [parameter.split()[0] for parameter in parameters.split(", ")]
                ensure("index" not in wants and len(wants) == len(args), "this function has other arguments, or is a vector")
                given = [(self.real if want == "real" else self.vector)(a) for want, a in zip(wants, args, strict=True)]
                return make("app", *given, value=name)
            case ("cases", *_):
                rows, other = self.rows(f)
                t = self.real(other)
                for part, (_, signs, *sides) in reversed(rows):
                    ensure(signs in EQUATIONS, "a case inside a formula is an equation")
                    here, (u, v) = self.real(part), self.compared(*sides)
                    t = make("case", u, v, *((here, t) if signs == ("=",) else (t, here)))
                return t
            case ("smallest", name, low, high, body):
                return MINUS * self.over(("largest", name, low, high, ("neg", body)))
            case ("limit" | "integral", *_):
                return self.said.get(f) or refuse("a limit or an integral stands where it has no value")
        if f[0] in RANGES:
            return self.over(f)
        return OF_NUMBERS[f[0]](*map(self.real, f[1:])) if f[0] in OF_NUMBERS else refuse(f"{f[0]} is not a number")

    def weighted(self, f: Formula) -> Term:  # A product with one logarithm, some of whose other factors are its weight
        parts, chosen = factors(f), self.weights[f]
        logs = [k for k, (a, below) in enumerate(parts) if a[0] in ("log", "logb") and not below]
        ensure(len(logs) == 1 and {*chosen} <= {*range(len(parts))} - {*logs}, "a weight belongs to one logarithm")
        _, argument, *base = parts[logs[0]][0]
        weight = rest = ONE
        for k, (a, below) in enumerate(parts):
            if k not in logs:
                t = ONE / self.real(a) if below else self.real(a)
                weight, rest = (weight * t, rest) if k in chosen else (weight, rest * t)
        above, under = (product(self.real(a) for a, below in factors(argument) if below is side) for side in (False, True))
        rest = rest / make("log", self.real(base[0])) if base else rest
        return rest * make("xlog", weight, above, under)

    def over(self, f: Formula) -> Term:
        """Σ, Π or the greatest over an index, which may leave out one value: nothing is added there."""
        kind, name, low, high, *out, body = f

        def addend(i: Term, scope: Scope) -> Term:
            here = self.put(name, i, scope)
            left_out = here.same(i, here.label(out[0])) if out else ZERO
            t = ZERO if left_out is ONE else here.real(body)
            return t if left_out in (ZERO, ONE) else make("case", left_out, ONE, ZERO, t)

        ends = [int(end[1]) for end in (low, high) if end[0] == "number" and end[1].denominator == 1]
        sized = high[0] == "name" and high[1] in self.scope.domains and self.scope.domain(high[1]).name == "Size"
        unread = len(ends) == 2 and ends[1] >= 1 and ("index", name) not in within(body, subscripts=False)
        if low == ("number", 1) and (sized or unread):
            size = var(high[1]) if sized else num(ends[1])
            i, scope = self.scope.open(size)
            return make(RANGES[kind][0], size, closed(addend(i, scope), i))
        span = range(ends[0], ends[1] + 1) if len(ends) == 2 else refuse("this range is not read")
        ensure(0 < len(span) <= MAX_ADDENDS - len(self.addends), "this range is empty, or too long")
        self.addends.extend(span)
        t = reduce(partial(make, RANGES[kind][1]), [addend(num(k), self.scope) for k in span])
        return make("pow", t, ONE) if t.op in ("mul", "log", "xlog") else t  # its factors are not those of a product around it

    # indices
    def label(self, f: Formula) -> Term:  # an index, or a literal label
        if f[0] == "number":
            return num(f[1])
        t = self.meant(f[1]) if f[0] in ("index", "name") else ZERO
        return t if (t.op == "num" and t is not ZERO) or self.scope.sort(t)[0] == "index" else refuse("this is not an index", t)

    def same(self, i: Term, j: Term) -> Term:  # 1 where two indices are one, and else 0
        if i.op == j.op == "num":
            return ONE if i is j else ZERO
        i, j = (j, i) if i.op == "num" else (i, j)
        if j.op == "num":
            size = self.scope.sort(i)[1]
            ensure(size.op == "num", "a label of any size is compared with a number", i, j)
            if not (j.value.denominator == 1 and 1 <= j.value <= size.value):
                return ZERO
        return make("delta", i, j)

    def compared(self, a: Formula, b: Formula) -> tuple[Term, Term]:  # two numbers, or two indices by their δ
        indices = [self.meant(f[1]) for f in (a, b) if f[0] in ("index", "name")]
        if len(indices) == 2 and all(self.scope.sort(i)[0] == "index" for i in indices):
            return self.same(*indices), ONE
        return self.real(a), self.real(b)

    # vectors
    def vector(self, f: Formula) -> Term:  # the vector, or the array, which a part of the formula is
        if f[0] == "name":
            return var(f[1])
        if f[0] == "family":
            return make("of", self.vector(f[1]), self.vector(f[2]))
        size = self.length(f) or refuse("this is not a vector")
        i, inside = self.scope.open(size)
        return make("vec", size, closed(self._replace(scope=inside).entry(f, i), i))

    def length(self, f: Formula) -> Term | None:  # how many entries a vector has; None of a number
        if f[0] in ("name", "family"):
            shape, *sizes = self.scope.domain(f[1] if f[0] == "name" else f[1][1]).sort()
            return sizes[0] if shape in ("vector", "array", "family") else None
        if f[0] == "call":
            return self.length(f[2]) if "index" in DEFINITIONS.get(f[1], " ")[0] else None
        return next(filter(None, map(self.length, inner(f) if f[0] in ("add", "neg", "mul", "div") else ())), None)

    def entry(self, f: Formula, *indices: Term) -> Term:  # arithmetic with a vector is that of its entries
        if self.length(f) is None:
            return self.real(f)
        if f[0] in ("name", "family"):
            return make("at", self.vector(f), *indices)
        ensure(len(indices) == 1, "a vector has one index")
        if f[0] == "call":
            return make("app", self.vector(f[2]), *indices, value=f[1])
        return OF_NUMBERS[f[0]](*(self.entry(a, *indices) for a in f[1:]))

    # statements
    def statement(self, f: Formula) -> tuple[Scope, Term]:
        """What a chain says, and the scope with the variables of its limits and integrals."""
        ensure(f[0] == "chain", "a claim is a chain of relations")
        here, found = self, list[Term]()
        for sign, (a, b) in zip(f[1], pairwise(f[2:]), strict=True):
            here, links = here.link(sign, a, b)
            found += links
        return here.scope, together(found)

    def link(self, sign: str, a: Formula, b: Formula) -> tuple[Reader, list[Term]]:
        """What one relation says, and the reader of the next one."""
        for side, other in ((a, b), (b, a)) if sign == "=" else ():
            if {part[0] for part in within(other)}.isdisjoint((*LIMITS, "infinity")):
                if side[0] in LIMITS:
                    here, says = self.opened(side)
                    return here, [say(here.real(other)) for say in says]
                if side in ENDLESS:
                    t = self.real(other)
                    return self, [make("infinite", t if side[0] == "infinity" else MINUS * t)]
        here, found = self, list[Term]()
        for part in dict.fromkeys([*outermost(a), *outermost(b)]):
            if part not in self.said:
                here, says = here.opened(part)
                t = self.said[part] = self.values.get(part) or refuse("a limit or an integral has no value given")
                found += [say(t) for say in says]
        for side, other, turned in ((a, b, sign), (b, a, TURNED[sign])):
            if side[0] == "cases" and any(condition[1] not in EQUATIONS for condition in side[2::2]):
                return here, found + here.by_cases(side, other, turned)
        return here, [*found, related(sign, here.real(a), here.real(b))]

    def opened(self, f: Formula) -> tuple[Reader, list[Callable[[Term], Term]]]:
        """The reader with the variable of a limit or of an integral, and what is said if it has a value."""
        kind, name, low, high, body = f
        if kind == "integral":
            ends = [ENDLESS[end][1] if end in ENDLESS else self.real(end) for end in (low, high)]
            ensure((domain := self.ranges.get(f, "Real")) in ("Real", "Positive"), "an integral runs over real numbers")
            here, x = self.variable(name, domain)
            return here, [partial(make, "integrates", here.put(name, x, here.scope).real(body), x, *ends)]
        c = ZERO if low in ENDLESS else self.real(low)
        here, s = self.variable(name, "Positive")
        if low in ENDLESS:
            ways = [ENDLESS[low][0] / s]
        else:
            sides = {"+": [s], "-": [MINUS * s], "": [s, MINUS * s]}
            ways = sides[high] if high in sides else refuse("a limit is taken from a side")
            ways = ways if c is ZERO else [c + way for way in ways]
        moved = {name, *unbound(low)} if ways != [s] else set()
        by = {n for part in within(body) if part[0] == "deriv" for x in part[2:] for n in unbound(x)}
        ensure(moved.isdisjoint(by), "a derivative stands in a limit at another point than 0")
        besides = [] if c.op in ("num", "var", "const") else [lambda _: eq(c, c)]  # the point has a value
        return here, besides + [partial(tends, here.put(name, x, here.scope).real(body), s, ZERO) for x in ways]

    def variable(self, name: str, domain: str) -> tuple[Reader, Term]:
        """The variable of a limit or an integral is declared anew; if the name is taken by another one, under a new name."""
        taken = name in self.bound or name in self.free
        domains = {n: d for n, d in self.scope.domains.items() if n != name or taken}
        new = next(n for n in chain([name], (f"{name}_{k}" for k in count(1))) if n not in domains)
        self.bound.add(new)
        return self._replace(scope=self.scope.within({**domains, new: Domain(domain)}, self.scope.hypotheses)), var(new)

    def rows(self, f: Formula) -> tuple[list[tuple[Formula, Formula]], Formula]:
        """The values of a case distinction with their conditions, and the one for all other cases."""
        rows = list(zip(f[1:-1:2], f[2::2], strict=True))
        ensure(all(condition[0] == "chain" for _, condition in rows), "a condition is a relation")
        if len(f) % 2 == 0:
            return rows, f[-1]
        one, other = (c for _, c in rows) if len(rows) == 2 else refuse("the cases are not seen to cover everything")
        opposite = len(one[1]) == len(other[1]) == 1 and one[2:] == other[2:] and OPPOSITE[one[1][0]] == other[1][0]
        base = one[2][1] if one[2][0] == "entry" else one[2]
        kind = self.scope.domains[base[1]].name if base[0] == "name" and base[1] in self.scope.domains else ""
        values = {c[3][1] for c in (one, other) if c[1] == ("=",) and c[2] == one[2] and c[3][0] == "number"}
        ensure(opposite or (kind in ("Bit", "OneHot") and values == {0, 1}), "the cases are not seen to cover everything")
        return rows[:1], rows[1][0]

    def by_cases(self, f: Formula, other: Formula, sign: str) -> list[Term]:
        """A relation with a case distinction: it holds in each case, where those before it are not met."""
        found, before, (rows, last) = list[Term](), list[Term](), self.rows(f)
        for value, condition in rows:
            here = self.condition(*condition[1:])
            premise = [*(before if before != [here] else []), here]  # x < 0 after x ≥ 0 is said once
            found.append(imp(together(premise), related(sign, self.real(value), self.real(other))))
            [relation] = condition[1] if len(condition[1]) == 1 else refuse("a case has one relation")
            before.append(self.condition((OPPOSITE[relation],), *condition[2:]))
        return [*found, imp(together(before), related(sign, self.real(last), self.real(other)))]

    def condition(self, signs: tuple[str, ...], *sides: Formula) -> Term:
        return together([related(sign, *self.compared(*two)) for sign, two in zip(signs, pairwise(sides), strict=True)])


# Where a formula has no value. A condition may say where it has one, and has to say no more.
#: Which arguments have a value wherever the whole has one; those of other operators all have.
VALUED = {
    "tends": slice(3, 4), "integrates": slice(2, None), **dict.fromkeys(("eq", "le", "lt", "ne", "case"), slice(2)),
    **dict.fromkeys(("imp", "iff", "infinite", "at", "of", "delta", "vec", "app", *BINDERS), slice(0))}  # fmt: skip


def no_value(t: Term, scope: Scope) -> bool:
    """Whether a term or a statement is known to have no value at any point of the scope; ``False`` says nothing."""
    tick()
    parts = spread(t)
    logs = [a for a in parts if a.op in ("log", "xlog")]
    if len(logs) == 1:  # all other factors are the weight of the logarithm, whichever were chosen
        return no_logarithm(scope, logs[0], product(a for a in parts if a is not logs[0]))
    if any(no_value(a, scope) for a in (parts if t.op == "mul" else t.args[VALUED.get(t.op, slice(None))])):
        return True
    match t.op, t.args:
        case "app", _:
            return no_value(scope.unfolded(t), scope)
        case "sum" | "prod" | "top" | "all", (size, body):
            return no_value(*scope.inside(t, 1)) or any(no_value(opened(body, i), scope) for i in scope.indices(size))
        case "and", args:
            cases = [a for a in args if a.op == "imp"]
            opposite = len(cases) == 2 and negated(cases[0].args[0]) is cases[1].args[0]
            return opposite and all(no_value(*scope.inside(a, 1)) for a in cases)
        case "case", (a, b, *_):
            met = ((2, NAUGHT), (3, POSITIVE | NEGATIVE))
            return all(not surely(a - b, scope) & could or no_value(*scope.inside(t, k)) for k, could in met)
        case "pow", (a, r):
            base, e, near = surely(a, scope), number(r), ((r - num(k), num(k + 1) - r) for k in range(-4, 4))
            if e is not None and e.denominator == 1:
                return e < 0 and base <= NAUGHT
            broken = e is not None or any(all(surely(d, scope) <= POSITIVE for d in both) for both in near)
            return broken and (base <= NEGATIVE or (base <= NONPOSITIVE and surely(r, scope) <= NEGATIVE))
    return False


def spread(t: Term) -> list[Term]:  # the factors of products in products
    return [p for a in t.args for p in spread(a)] if t.op == "mul" else [t]


def no_logarithm(scope: Scope, logarithm: Term, w: Term) -> bool:
    """A logarithm times ``w`` has no value; 0·log(a/b) is 0 for a, b ≥ 0."""
    if logarithm.op == "xlog":
        w, a, b = w * logarithm.args[0], *logarithm.args[1:]
    else:
        parts = [(p, p.op == "pow" and p.args[1] is MINUS) for p in spread(logarithm.args[0])]
        a, b = product(p for p, below in parts if not below), product(p.args[0] for p, below in parts if below)
    if any(no_value(t, scope) for t in (w, a, b)):
        return True
    signs = surely(a, scope), surely(b, scope)
    if any(s <= NEGATIVE and t <= NONNEGATIVE for s, t in (signs, signs[::-1])):
        return True
    return 0 not in surely(w, scope) and surely(a * b, scope) <= NONPOSITIVE


def surely(t: Term, scope: Scope) -> Signs:
    """The signs which a term can have where what was written has a value: there log(a/b) may be one of two negative numbers,
    though ``xlog`` is not defined, and then its sign is not that of a − b."""

    def plain(t: Term, scope: Scope) -> bool:
        if t.op == "app":
            return plain(scope.unfolded(t), scope)
        if t.op == "xlog" and not any(scope.sign(a) <= NONNEGATIVE for a in t.args[1:]):
            return False
        return all(plain(*scope.inside(t, k)) for k in range(t.op in BINDERS, len(t.args)))

    return scope.sign(t) if plain(t, scope) else ANY


def negated(s: Term) -> Term | None:  # the relation which holds where this one does not
    a, b = s.args[:2] if s.op in FACT else (ZERO, ZERO)
    return {"eq": ne(a, b), "ne": eq(a, b), "lt": le(b, a), "le": lt(b, a)}.get(s.op)


def failing(scope: Scope, s: Term) -> Iterator[Scope]:  # scopes which together have each point where a defined statement fails
    if s.op in FACT and len(s.args) == 2:
        yield scope.assuming(negated(s) or s)
    elif s.op in ("imp", "all", "and"):
        for part, inside in (scope.inside(s, k) for k in (range(len(s.args)) if s.op == "and" else (1,))):
            yield from failing(inside, part)
    else:
        refuse("a condition of this form is not read", s)


def need_said(data: Any, claim: Claim) -> tuple[Scope, Term, list[Term]]:
    """What a formula says has to be the claim: the scope that it declares, the statement it makes, and its conditions."""
    keys = "domains free tree conditions weights values ranges"
    domains, indices, tree, conditions, *chosen = keyed(data, keys, *[list] * 7)
    rows = [[name, "Index", [size]] for name, size in (shaped(row, str, list) for row in indices)]
    scope = declared([*domains, *rows])
    weights, values, ranges = (
        {formula(of): how for of, how in (shaped(row, list, kind) for row in choices)}
        for choices, kind in zip(chosen, (list, list, str), strict=True)
    )
    values = {of: scope.defined(term(v)) for of, v in values.items()}  # one that has no value would excuse any condition
    written = formula(tree)
    ensure(sum(1 for _ in within(written)) <= MAX_PARTS, "a formula is too large")
    names, free = {row[0]: var(row[0]) for row in rows}, frozenset(unbound(written))
    reader = Reader(scope, names, weights, values, ranges, {}, set(), free, [])
    scope, goal = reader.statement(written)
    scope.need(goal, *STATEMENT)
    try:
        need_alike("the formula says something else", goal, claim.goal)
    except Refused as problem:  # also where they cannot be compared
        problem.step = OTHERWISE
        raise
    return scope, goal, [term(condition) for condition in conditions]


def need_covered(scope: Scope, goal: Term, conditions: list[Term], claim: Claim) -> None:
    """The claim speaks of each point at which the formula has a value: those where the conditions hold are in its scope, and
    where one of them fails the formula has none."""
    for condition in conditions:
        scope.defined(condition, STATEMENT)
        for outside in failing(scope, condition):
            ensure(no_value(goal, outside), "the formula may have a value where a condition fails", condition)
        scope = scope.assuming(condition)
    ensure(claim.scope.domains.keys() == scope.domains.keys(), "the claim is about other variables")
    for name, domain in claim.scope.domains.items():
        ensure(scope.domains[name] == domain or scope.contains(domain, var(name)), f"{name} may lie outside {domain.name}")
    scope.require(*claim.scope.hypotheses)


def digest(claim: Any) -> str:  # the content hash of a claim
    return hashlib.sha256(json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Library:
    """Theorems by their labels, replayed when they are asked for; one that is asked for in its own proof is refused. They share
    the steps that may be taken, which are the same for each file, whatever stands in it."""

    def __init__(self, theorems: list[dict[str, Any]], files: int = 1) -> None:
        self.theorems, self.left = {theorem["label"]: theorem for theorem in theorems}, files * MAX_WORK
        self.claims, self.problems = dict[str, Any](), dict[str, Refused | None]()
        if len(self.theorems) < len(theorems):
            raise Unreadable("two theorems have one label")

    def problem(self, label: str) -> Refused | None:  # what is refused in a theorem, after replaying what it cites
        asked, begun = [label], set[str]()
        while asked:
            if (label := asked[-1]) not in self.problems:
                self.problems[label] = Refused("this is cited in its own proof")
                begun.add(label)
                cites = self.theorems[label].get("cites")
                asked += [c for c in cites if c in self.theorems and c not in self.problems] if type(cites) is dict else []
            elif asked.pop() in begun:
                begun.discard(label)
                self.problems[label] = self.judged(self.theorems[label])
        return self.problems[label]

    def otherwise(self, label: str) -> bool:  # a formula says something else than what was to be proved of it
        problem = self.problem(label)
        return problem is not None and problem.step == OTHERWISE

    def judged(self, theorem: dict[str, Any]) -> Refused | None:  # what is refused in a theorem
        with ALONE:
            memory.begin(self.left)
            try:
                self.claims[theorem["label"]] = self.replay(theorem)
            except Refused as problem:
                return problem.with_traceback(None)
            except (RecursionError, MemoryError, OverflowError, ValueError):
                return Refused("this is too large, or not text")
            except Exception as fault:  # a refusal is always right
                return Refused(f"this program does not know what to say of this: {type(fault).__name__}")
            finally:
                self.left = max(0, memory.left)
                memory.begin(MAX_WORK)
        return None

    def replay(self, theorem: dict[str, Any]) -> Any:  # the claim as written, if its proof proves it and the records agree
        kinds = (str, dict, dict, dict, str, list, list)
        record = {k: v for k, v in theorem.items() if k != "formula"}
        _, data, written, cites, recorded, lines, uses = keyed(record, "label claim proof cites hash lines uses", *kinds)
        for name, hashed in cites.items():  # the hash which a theorem records is its own, if it is replayed
            if name not in self.theorems or self.problems[name] or hashed != self.theorems[name]["hash"]:
                refuse(f"{name[:200]} is cited: it is not replayed, or is another statement than the one cited")
        claim, proof = claimed(data), decoded(written)
        ensure(digest(data) == recorded and type(proof) is Proof, "another hash is recorded, or there is no proof")
        replay = Replay({name: self.claims[name] for name in cites})
        said = need_said(theorem["formula"], claim) if "formula" in theorem else None
        scope, step = claim.scope, proof
        while step.by == "given" and [type(a) for a in step.args] == [Proof, Proof]:
            scope, step = scope.assuming(replay.derive(step.args[0], scope)), step.args[1]
        scope.defined(claim.goal, STATEMENT)  # that it is defined may follow from what is shown first
        need_alike("the proof proves another statement", replay.derive(proof, claim.scope), claim.goal)
        ensure(sorted({*replay.used} - {*cites}) == sorted(map(str, uses)), "the recorded rules and principles are others")
        replay.need_lines(lines, claim)
        if said is not None:
            scope.defined(said[1], STATEMENT)
            need_covered(*said, claim)
        return data


def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:  # A JSON object; one that gives a key twice can be read in two ways
    return dict(items) if len(dict(items)) == len(items) else refuse("a key is given twice")


def small(digits: str) -> int:  # a number of a certificate; the numbers of its terms are text
    return int(digits) if len(digits) < 10 else refuse("a number has too many digits")


def read(path: str) -> list[dict[str, Any]]:  # the theorems of a certificate file
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        ensure(len(data) <= MAX_BYTES, "this is too large")
        content = json.loads(data.decode(), object_pairs_hook=unique, parse_int=small, parse_float=small)
        schema, _, theorems = keyed(content, "schema result theorems", str, str, list)
        ensure(len(theorems) <= MAX_THEOREMS, "there are too many theorems")
        fits = schema in SCHEMAS and all(type(t) is dict and type(t.get("label")) is str for t in theorems)
        ensure(fits, f"this is not a certificate of the schema {SCHEMAS[-1]}")
        return cast(list[dict[str, Any]], theorems)
    except (OSError, ValueError, RecursionError, MemoryError, Refused) as problem:
        raise Unreadable(f"{path}: {problem}") from None


def main(arguments: list[str]) -> int:  # 0 if every theorem is replayed, 1 if one is refused, 2 if a file cannot be read
    files, code, rows = [a for a in arguments if a != "--json"], 0, list[dict[str, str]]()
    try:
        if not files or any(f.startswith("-") for f in files):
            raise Unreadable("usage: replay.py [--json] FILE…")
        library = Library([theorem for file in files for theorem in read(file)], len(files))
        for label in library.theorems:
            rows.append({"verdict": "replayed", "label": label})
            if problem := library.problem(label):
                code, sides = 1, {"left": problem.left, "right": problem.right}
                rows[-1] |= {"verdict": "refused", "step": problem.step or "claim", "why": problem.why}
                rows[-1] |= {side: str(t) for side, t in sides.items() if t is not None}
    except Unreadable as problem:
        code, rows = 2, [{"verdict": "unreadable", "label": "", "step": "file", "why": str(problem)}]
    rows = [{k: v if v.isprintable() else ascii(v) for k, v in row.items()} for row in rows]  # a name writes no lines
    lines = [f"{row['verdict']:9} {row['label']}" + "".join(f"\n    {k:6}{row[k]}" for k in [*row][2:]) for row in rows]
    said = json.dumps(rows, indent=1) if "--json" in arguments else "\n".join(lines)
    coding = getattr(sys.stdout, "encoding", None) or "ascii"
    print(said.encode(coding, "replace").decode(coding))
    return code


if __name__ == "__main__":
    sys.setrecursionlimit(DEEP)
    sys.exit(main(sys.argv[1:]))
