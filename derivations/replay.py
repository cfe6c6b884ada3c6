"""A second program that re-checks certificates: it believes nothing they record except what it derives again itself.

    python -m derivations.replay FILE…          or, as a plain file,          python derivations/replay.py FILE…

A certificate holds claims and proofs as data (docs/certificate.md). For each proof this program computes the statement
which it proves, and compares that statement with the claim. It is written from the mathematics, shares no code with the
checker that made the certificates, and uses the standard library alone. It reads in this order: terms; laws and
definitions; equality by the laws of a field; scopes, with sorts, signs, and what is defined; principles; files.

One invariant keeps the principles sound: whatever ``derive`` returns is well-typed, defined and true at every point of
its scope. Each principle may take this of its parts, and has to give it for the whole.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, partial, reduce
from itertools import count, pairwise
from math import ceil, floor, log
from typing import Any, NamedTuple, NoReturn, cast

SCHEMA = "lossproof-certificate/1"
MAX_DEPTH, MAX_SIZE, MAX_BITS, MAX_EXPONENT, MAX_LABELS, MAX_BYTES, MAX_WORK = 200, 10**5, 20_000, 1_000, 64, 5 * 10**7, 10**6

class Unreadable(Exception):
    """A file which is no certificate."""

class Refused(Exception):
    """A step which does not follow; ``left`` and ``right`` ought to have been the same."""

    def __init__(self, why: str, left: Term | None = None, right: Term | None = None) -> None:
        super().__init__(why)
        self.why, self.left, self.right, self.step = why, left, right, ""

def refuse(why: str, left: Term | None = None, right: Term | None = None) -> NoReturn:  # every refusal is made here
    raise Refused(why, left, right)

def ensure(condition: Any, why: str, left: Term | None = None, right: Term | None = None) -> None:  # refuse, if it is not so
    if not condition:
        refuse(why, left, right)

work = [MAX_WORK]  #: the steps left for the theorem at hand: hostile input ends in a refusal, not in a long wait

def tick(steps: int = 1) -> None:  # count work done
    work[0] -= steps
    ensure(work[0] >= 0, "this takes too many steps")

# ---- Terms. Equal terms are one object, so equality is identity, and shared parts are treated once.

BINDERS = {"sum", "prod", "top", "vec", "all"}
STATEMENTS = {"eq", "le", "lt", "ne", "all", "imp", "iff", "and", "infinite", "tends"}

class Term:
    """An operator over terms, ``args``; ``value`` is the content of a leaf, or the name of an applied definition.

    ``free`` has the names of the variables that occur; bound indices from ``loose`` on cannot refer outside, so that a
    closed term has ``loose`` = 0; ``depth`` and ``size`` are measured as if nothing were shared.
    """

    __slots__ = ("args", "depth", "free", "loose", "op", "size", "value")

    def __str__(self) -> str:
        inside = ", ".join(str(a) for a in (self.value, *self.args) if a is not None)
        return inside if self.op in ("num", "const", "var") else f"{self.op}({inside})"
    def __add__(self, other: Term) -> Term:
        return make("add", self, other)
    def __mul__(self, other: Term) -> Term:
        return make("mul", self, other)
    def __sub__(self, other: Term) -> Term:
        return self + MINUS * other

_terms: dict[Any, Term] = {}

def make(op: str, *args: Term, value: Any = None) -> Term:  # the one term with these parts
    key = (op, value, args)
    if (t := _terms.get(key)) is None:
        tick()
        t = Term()
        t.op, t.value, t.args, t.loose = op, value, args, value + 1 if op == "bound" else 0
        t.depth, t.size = 1 + max((a.depth for a in args), default=0), 1 + sum(a.size for a in args)
        t.free = frozenset([value] if op == "var" else ()).union(*(a.free for a in args))
        t.loose = max([t.loose, *(a.loose - (op in BINDERS and k == len(args)) for k, a in enumerate(args, 1))])
        ensure(t.depth <= MAX_DEPTH and t.size <= MAX_SIZE, "a formula is too large")
        _terms[key] = t
    return t

def num(value: int | Fraction) -> Term:  # a number
    return make("num", value=Fraction(value))

def var(name: str) -> Term:  # a variable
    return make("var", value=name)

ZERO, ONE, MINUS = num(0), num(1), num(-1)
INDEX = make("bound", value=0)  #: the index of the innermost binder around; bound(1) is that of the next one, and so on
eq, le, lt, ne, imp, iff, tends, total = (partial(make, op) for op in ("eq", "le", "lt", "ne", "imp", "iff", "tends", "sum"))

def rebuilt(op: str, *args: Term, value: Any = None) -> Term:  # the term with these parts; an entry of a vector (a_i)_i is a_i
    entry = op == "at" and args[0].op == "vec" and len(args) == 2
    return opened(args[0].args[1], args[1]) if entry else make(op, *args, value=value)

def replaced(t: Term, values: dict[str, Term], index: Term | None = None, under: int = 0) -> Term:
    """``t`` with terms put for variables; with ``index`` for the index of a binder around it; under so many more binders.

    A derivative or limit in x holds x: it may only be renamed, apart from the rest.
    """

    @cache
    def go(s: Term, level: int) -> Term:
        tick()
        if s.loose <= level and not s.free & values.keys():
            return s
        if s.op == "bound" and (index is None or s.value != level):
            return make("bound", value=s.value + under - (index is not None))
        if s.op in ("bound", "var"):
            return replaced(index if s.op == "bound" else values[s.value], {}, None, level)
        if s.op in ("deriv", "tends"):
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
RULES = {
    law[1]: law[2] for law in re.finditer(r"\s*([^:;]+): ([^;]*);", """\
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
order of summation: sum(sum(f(i, j) for j in m) for i in n) == sum(sum(f(i, j) for i in n) for j in m);
delta selects: sum(delta(i, k)*f(i) for i in n) == f(k); delta of equal indices: delta(k, k) == 1;
logarithm of a product of many: log(prod(f(i) for i in n)) == sum(log(f(i)) for i in n) if all(0 < f(i) for i in n);
total probability: t == 1 if total_of_a_distribution(t); zero or one: a*a == a if bit(a);
one entry is one: p[k]*p[m] == delta(k, m)*p[k] if one_hot(p);
a term of a sum: f(k) <= sum(f(i) for i in n) if all(0 <= f(i) for i in n);
a mean is positive: 0 < sum(p[i]*f(i) for i in n) \
if all(imp(0 < p[i], 0 < f(i)) for i in n), total_of_a_distribution(sum(p[i] for i in n));
the larger of two: max(a, b) == a if b <= a; an entry is at most the maximum: f(k) <= top(f(i) for i in n);
absolute value: abs(a) == a if 0 <= a; absolute value of the opposite: abs(-a) == abs(a);
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
limit of a power: tends(x**r, x, 0, 0) if 0 < r, without(r, x), variable(x);
limit of a power times a logarithm: tends(x**r*log(x), x, 0, 0) if 0 < r, without(r, x), variable(x);
limit of a power times an exponential: tends(x**r*exp(-c*x**w), x, 0, 0) \
if 0 < c, w < 0, without(r, x), without(w, x), without(c, x), variable(x);""")
}  # fmt: skip
#: Conditions on the form of an instance.
FORMS: dict[str, Callable[..., bool]] = {
    "variable": lambda scope, x: x.op == "var", "without": lambda scope, a, x: root(x) not in a.free,
    "bit": lambda scope, a: (domain := scope.domain_of(a)) is not None and domain.name in ("Bit", "OneHot"),
    "one_hot": lambda scope, p: p.op == "var" and scope.domain(p.value).name == "OneHot",
    "total_of_a_distribution": lambda scope, t: scope.is_total(t),
    "whole": lambda scope, r: (e := constant(r)) is not None and e.denominator == 1,
    "smooth": lambda scope, a, x: scope.near(root(x)).smooth(a, root(x)), "same": lambda scope, a, b: alike(a, b),
    "certain": lambda scope, t: scope.rises(t, 1) == "infinite",
}  # fmt: skip
#: What the parameters are: vectors of n numbers, indices up to n, or reals; and what the name stands for.
DEFINITIONS = {
    parts[1]: (parts[2], parts[3])
    for parts in re.finditer(r"(\w+) \((.*?)\): ([^;]*)", """\
H (vector p): -sum(xlog(p[i], p[i], 1) for i in n); CE (vector p, vector q): -sum(xlog(p[i], q[i], 1) for i in n);
D (vector p, vector q): sum(xlog(p[i], p[i], q[i]) for i in n);
softmax (vector z, index k): exp(z[k]) / sum(exp(z[i]) for i in n); logsumexp (vector z): log(sum(exp(z[i]) for i in n));
JS (vector p, vector q): \
sum(xlog(p[i], p[i], (p[i] + q[i])/2) for i in n)/2 + sum(xlog(q[i], q[i], (p[i] + q[i])/2) for i in n)/2;
sigmoid (real x): 1 / (1 + exp(-x)); softplus (real x): log(1 + exp(x));
tanh (real x): (exp(x) - exp(-x)) / (exp(x) + exp(-x)); bernoulli (real y, real p): case(y, 1, p, 1 - p)""")
}  # fmt: skip
NOTATION = {ast.Add: "add", ast.Mult: "mul", ast.Pow: "pow", ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le"}
_fresh = count()

@cache
def formulas(text: str) -> tuple[list[ast.expr], dict[str, int]]:
    """The formulas of a text, separated by commas, and the letters they leave open, each with its number of indices."""
    parts = ast.parse(f"[{text}]", mode="eval").body.elts
    nodes = [node for part in parts for node in ast.walk(part)]
    indices = {node.func.id: len(node.args) for node in nodes if isinstance(node, ast.Call)}
    bound = {node.target.id for node in nodes if isinstance(node, ast.comprehension)}
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
            return go(a) * make("pow", go(b), MINUS)
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
            return make(NOTATION[type(op)], go(a), go(b))
        case ast.Subscript(value=a, slice=index):
            return rebuilt("at", go(a), *map(go, index.elts if isinstance(index, ast.Tuple) else [index]))
        case ast.Call(func=ast.Name(id=op), args=[ast.GeneratorExp(elt=body, generators=[each])]):
            index = var(f"@{next(_fresh)}")  # no file can declare such a name
            return make(op, go(each.iter), closed(built(body, {**letters, each.target.id: index}), index))
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
    powers = dict(m)
    powers |= {atom: powers.get(atom, 0) + e for atom, e in n}
    return tuple(sorted((atom, e) for atom, e in powers.items() if e))

def times(a: Polynomial, b: Polynomial) -> Polynomial:  # a·b
    return a if b == UNIT else collected((joined(m, n), c * e) for m, c in a.items() for n, e in b.items())

class Value(NamedTuple):  # ``top / bottom``, and for each atom the part of this very term which it stands for
    top: Polynomial
    bottom: Polynomial
    parts: dict[int, Term]

    def plus(self, v: Value) -> Value:
        same = self.bottom == v.bottom
        top = plus(self.top, v.top) if same else plus(times(self.top, v.bottom), times(v.top, self.bottom))
        return Value(top, self.bottom if same else times(self.bottom, v.bottom), self.parts | v.parts)

    def times(self, v: Value) -> Value:
        return Value(times(self.top, v.top), times(self.bottom, v.bottom), self.parts | v.parts)

    def power(self, e: int) -> Value:
        top, bottom, parts = self
        top, bottom = (bottom, top or refuse("division by zero")) if e < 0 else (top, bottom)
        if len(bottom) == 1:  # one monomial divides by negative exponents
            [(m, c)] = bottom.items()
            top, bottom = times(top, {tuple((atom, -k) for atom, k in m): 1 / c}), UNIT
        each = [Value(top, bottom, parts)] * abs(e) if abs(e) <= MAX_EXPONENT else refuse("an exponent is too large")
        return reduce(Value.times, each, Value(UNIT, UNIT, parts))

_atoms, _alike = dict[Any, int](), dict[int, list[tuple[int, Value]]]()

@cache
def value(t: Term) -> Value:  # the value of a term. It holds wherever the term is defined; that it is has to be shown elsewhere
    tick()
    if t.op == "num":
        return Value(collected([((), t.value)]), UNIT, {})
    if t.op in ("add", "mul"):
        return reduce(Value.plus if t.op == "add" else Value.times, map(value, t.args))
    if t.op == "pow" and (e := constant(t.args[1])) is not None and e.denominator == 1:
        return value(t.args[0]).power(e.numerator)
    if t.op == "at" and t.args[0].op == "vec":
        return value(rebuilt("at", *t.args))
    arguments: list[Any] = [t.args[1] if t.op == "deriv" and k else identity(a) for k, a in enumerate(t.args)]
    key = (t.op, t.value, *(sorted(arguments) if t.op in ("delta", "max") else arguments))
    atom = _atoms.setdefault(key, len(_atoms))
    return Value({((atom, 1),): Fraction(1)}, UNIT, {atom: t})

def constant(t: Term) -> Fraction | None:  # the number which ``t`` is by the laws of a field
    v = value(t)
    return v.top.get((), Fraction(0)) if v.bottom == UNIT and not v.top.keys() - UNIT else None

def fingerprint(p: Polynomial) -> int:  # the polynomial modulo a prime, at an arbitrary place
    result = 0
    for m, c in p.items():
        term = c.numerator * pow(c.denominator if c.denominator % PRIME else refuse("an unlucky number"), -1, PRIME)
        tick(len(m))
        result += reduce(lambda r, part: r * pow(pow(part[0] + 2, SPREAD, PRIME), part[1], PRIME) % PRIME, m, term)
    return result % PRIME

@cache
def identity(t: Term) -> int:
    """A number which two terms share exactly when their values are equal. Only values with one fingerprint are compared."""
    v = value(t)
    below = fingerprint(v.bottom) or refuse("an unlucky denominator")
    same = _alike.setdefault(fingerprint(v.top) * pow(below, -1, PRIME) % PRIME, [])
    found = next((number for number, other in same if times(v.top, other.bottom) == times(other.top, v.bottom)), None)
    if found is None:
        same.append((found := next(_fresh), v))
    return found

def alike(p: Term, q: Term) -> bool:  # two terms or statements, both defined, mean the same by the laws of a field
    if p is q or (p.op not in STATEMENTS and q.op not in STATEMENTS):
        return p is q or identity(p) == identity(q)
    return p.op == q.op and len(p.args) == len(q.args) and all(map(alike, p.args, q.args))

# ---- Enclosures: rationals between which a term without variables lies. Each step rounds outward.

Interval = tuple[Fraction, Fraction]
PI = Fraction("3.14159265358979323846264338327950288"), Fraction("3.14159265358979323846264338327950289")
STEP, LARGE, SMALL = Fraction(1, 2**320), 2**1000, Fraction(1, 2**100)

def outward(*values: Fraction) -> Interval:  # multiples of ``STEP`` between which the values lie
    tick(2 + max(values).numerator.bit_length() // 64)
    return floor(min(values) / STEP) * STEP, ceil(max(values) / STEP) * STEP

def product(a: Interval, b: Interval) -> Interval:  # where x·y lies
    return outward(*(x * y for x in a for y in b))

def exponential(x: Fraction) -> Interval:  # e^x is a power of e^y for y = x/2^128, and 1 + y ≤ e^y ≤ 1/(1 − y) for y < 1
    return reduce(lambda e, _: product(e, e), range(128), outward(1 + x / 2**128, 1 / (1 - x / 2**128)))

def logarithm(a: Fraction) -> Interval:  # log a = y + log u for any y and u = a/e^y, and 1 − 1/u ≤ log u ≤ u − 1
    low, high = exponential(y := Fraction(log(a)))  # y is log a, but for rounding, so that u is almost 1
    return outward(y + 1 - high / a, y + a / low - 1)

def power(base: Interval, e: int) -> Interval | None:  # a^e, by multiplying
    low, high = reduce(product, [base] * abs(e), (Fraction(1), Fraction(1)))
    return (low, high) if e >= 0 else outward(1 / low, 1 / high) if low * high > 0 else None

#: Where a value lies, from where the arguments lie; None if this is not known.
ENCLOSED: dict[str, Callable[..., Interval | None]] = {
    "add": lambda *parts: (sum(low for low, _ in parts), sum(high for _, high in parts)),
    "mul": lambda *parts: reduce(product, parts), "max": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "abs": lambda a: (max(a[0], -a[1], Fraction(0)), max(-a[0], a[1])),
    "exp": lambda a: (exponential(a[0])[0], exponential(a[1])[1]) if max(-a[0], a[1]) <= 1000 else None,
    "log": lambda a: (logarithm(a[0])[0], logarithm(a[1])[1]) if a[0] > SMALL else None, "const": lambda: PI,
}  # fmt: skip

@cache
def enclosure(t: Term) -> Interval | None:  # where a defined term lies; None if it has variables, or is too complicated
    if t.free or t.loose or None in (parts := [enclosure(a) for a in t.args]):
        return None
    if t.op == "pow" and (e := constant(t.args[1])) is not None and e.denominator == 1 and abs(e) <= MAX_LABELS:
        found = power(parts[0], e.numerator)
    elif t.op == "pow":
        found = enclosure(make("exp", t.args[1] * make("log", t.args[0])))
    else:
        found = outward(t.value) if t.op == "num" else ENCLOSED.get(t.op, lambda *_: None)(*parts)
    return found if found and max(-found[0], found[1]) < LARGE else None

# ---- Scopes: what is declared and assumed, what a term denotes there, its sign, and whether it is defined.

class Kind(NamedTuple):  # what a variable, or each entry of it, may be: bounds; whole numbers only; entries that add up to 1
    bounds: str = ""
    whole: bool = False
    total: bool = False
    shapes: tuple[int, ...] = (0, 1, 2)  #: how many sizes there may be
    near: str = ""  #: an open domain around every point, where derivatives are taken

KINDS = {
    "Size": Kind("1 <= x", whole=True, shapes=(0,)), "Index": Kind(whole=True, shapes=(1,)),
    "Real": Kind(near="Real"), "Positive": Kind("0 < x", near="Positive"), "Nonnegative": Kind("0 <= x", near="Real"),
    "Probability": Kind("0 < x, x < 1", near="Probability"), "UnitInterval": Kind("0 <= x, x <= 1", near="Real"),
    "Bit": Kind("0 <= x, x <= 1", whole=True), "OneHot": Kind("0 <= x, x <= 1", whole=True, total=True, shapes=(1,)),
    "Simplex": Kind("0 <= x, x <= 1", total=True, shapes=(1, 2), near="Real"),
    "OpenSimplex": Kind("0 < x, x <= 1", total=True, shapes=(1, 2), near="Positive"),
    "Family": Kind(shapes=(2,)),  # takes d parameters to a distribution over n: Family[n, d]
}  # fmt: skip

def affine(h: Term, x: Term) -> bool:  # whether the sides of h differ by a + b·x, for a and b without x
    t, low, high = (replaced(h.args[1] - h.args[0], {x.value: c}) for c in (x, ZERO, ONE))
    return alike(t - low, x * (high - low))

class Domain(NamedTuple):  # a name of the table, with sizes
    name: str
    sizes: tuple[Term, ...] = ()

    def bounds(self, x: Term) -> list[Term]:  # the bounds of the domain, for x
        return [built(bound, {"x": x}) for bound in formulas(KINDS[self.name].bounds)[0]]

Sort = tuple[Any, ...]
REAL, STATEMENT = ("real",), ("statement",)

Signs = frozenset[int]  # which of −1, 0, 1 the sign of a term can be, at a point where the term is defined
ANY, POSITIVE, NEGATIVE, NONNEGATIVE, NONPOSITIVE, NAUGHT = map(frozenset, ((-1, 0, 1), (1,), (-1,), (0, 1), (-1, 0), (0,)))
FACT = {"lt": POSITIVE, "le": NONNEGATIVE, "eq": NAUGHT, "ne": POSITIVE | NEGATIVE}  # the sign of right − left

def sign_product(a: Signs, b: Signs) -> Signs:  # the signs of x·y
    return frozenset(x * y for x in a for y in b)

def sign_sum(a: Signs, b: Signs) -> Signs:  # the signs of x + y
    return frozenset(s for x in a for y in b for s in ((x or y,) if x * y >= 0 else ANY))

def sign_of_power(scope: Scope, a: Term, r: Term) -> Signs:  # the signs of a^r
    base, e = scope.sign(a), constant(r)
    even = e is not None and e.denominator == 1 and e.numerator % 2 == 0
    return POSITIVE if base <= POSITIVE else NONNEGATIVE if even or base <= NONNEGATIVE else ANY

#: The sorts of the arguments: r a real, s a statement; ? + {…} as in regular expressions; of a dot, ``Scope.sort`` says more.
OPERATORS = {
    "add": "rr+", "mul": "rr+", "pow": "rr", "log": "r", "exp": "r", "abs": "r", "max": "rr", "xlog": "rrr", "case": "rrrr",
    "at": "...?", "delta": "..", "of": "..", "app": ".{1,5}", "deriv": "..",
    "sum": "..", "prod": "..", "top": "..", "vec": "..", "all": "..",
    "eq": "rr", "le": "rrs?", "lt": "rr", "ne": "rr", "imp": "ss", "iff": "ss", "and": "s+", "infinite": "r", "tends": "rrrr",
}  # fmt: skip
#: The signs of a value from those of the arguments.
SIGNS: dict[str, Callable[..., Signs]] = {
    "add": lambda scope, *args: reduce(sign_sum, map(scope.sign, args)),
    "mul": lambda scope, *args: reduce(sign_product, map(scope.sign, args)), "pow": sign_of_power,
    "log": lambda scope, a: scope.sign(a - ONE), "xlog": lambda scope, w, a, b: sign_product(scope.sign(w), scope.sign(a - b)),
    "case": lambda scope, a, b, v, w: scope.assuming(eq(a, b)).sign(v) | scope.assuming(ne(a, b)).sign(w),
    "max": lambda scope, a, b: frozenset(max(x, y) for x in scope.sign(a) for y in scope.sign(b)),
    "abs": lambda scope, a: frozenset(map(abs, scope.sign(a))), "exp": lambda scope, a: POSITIVE,
}  # fmt: skip
#: When a value is a number, if the arguments are: one of the alternatives holds.
NEEDS = {
    "log": "0 < a", "pow": "whole(b), 0 <= b or whole(b), a != 0 or 0 < a or 0 <= a, 0 < b",
    "xlog": "0 <= b, 0 <= c, a == 0 or 0 <= b, 0 <= c, imp(a != 0, 0 < b), imp(a != 0, 0 < c)", "deriv": "smooth(a, b)",
}  # fmt: skip

def remembered(method: Callable[[Scope, Term], Any]) -> Callable[[Scope, Term], Any]:
    """A question to a scope whose answer is kept. Of a sign, a question that comes back to itself is answered: any."""

    def ask(self: Scope, t: Term) -> Any:
        self.facts()
        if (key := (method.__name__, t)) not in self.memory:
            tick()
            self.memory[key] = ANY
            self.memory[key] = method(self, t)
        return self.memory[key]

    return ask

def near(h: Term, name: str) -> bool:  # whether h holds beside a point too: it has no x, or is x < d or d < x, without x in d
    return name not in h.free or (h.op == "lt" and var(name) in h.args and sum(name in a.free for a in h.args) == 1)

class Scope:
    """Declared variables and hypotheses. A scope remembers what was found out in it."""

    def __init__(self, domains: dict[str, Domain], hypotheses: tuple[Term, ...] = ()) -> None:
        self.domains, self.hypotheses, self.known = domains, hypotheses, cast(list[Term] | None, None)
        self.inner, self.memory = dict[Any, Scope](), dict[Any, Any]()

    def domain(self, name: str) -> Domain:  # the domain of a variable
        return self.domains[name] if name in self.domains else refuse(f"{name} is not declared")

    def domain_of(self, t: Term) -> Domain | None:
        """The domain of a variable or of an entry of it; a family takes distributions."""
        t = t.args[0] if t.op == "at" else t
        family = self.domain(t.args[0].value) if t.op == "of" and t.args[0].op == "var" else None
        return Domain("OpenSimplex", family.sizes[:1]) if family else self.domains.get(t.value) if t.op == "var" else None

    def within(self, domains: dict[str, Domain], hypotheses: tuple[Term, ...]) -> Scope:  # another scope, made once
        return self.inner.setdefault((*domains.items(), hypotheses), Scope(domains, hypotheses))

    def assuming(self, *statements: Term) -> Scope:  # this scope with more hypotheses
        return self.within(self.domains, (*self.hypotheses, *statements)) if statements else self

    def open(self, size: Term) -> tuple[Term, Scope]:
        """A new index over 1…size, called #0, #1, …, and the scope which declares it."""
        number = size.op == "num" and size.value.denominator == 1 and size.value >= 1
        ensure(number or (size.op == "var" and self.domain(size.value).name == "Size"), "this is not a size", size)
        name = f"#{sum(name[0] == '#' for name in self.domains)}"
        return var(name), self.within({**self.domains, name: Domain("Index", (size,))}, self.hypotheses)

    def near(self, name: str) -> Scope:
        """A neighbourhood of the point in one variable: what may fail beside the point is not known there."""
        kind, sizes = self.domain(name)
        wide = KINDS[kind].near or refuse(f"no derivative is taken in {name}, which is in {kind}")
        return self.within({**self.domains, name: Domain(wide, sizes)}, tuple(h for h in self.hypotheses if near(h, name)))

    def inside(self, t: Term, k: int) -> tuple[Term, Scope]:
        """The argument ``k`` of a well-typed term, and the scope in which it is read."""
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

    @remembered
    def sort(self, t: Term) -> Sort:
        """What ``t`` denotes: a real, an index of some size, a vector, an array, a family, or a statement."""
        if t.op == "var":
            name, sizes = self.domain(t.value)
            return ({"Index": "index", "Family": "family"}.get(name) or ("real", "vector", "array")[len(sizes)], *sizes)
        if t.op in BINDERS:
            body, inner = self.inside(t, 1)
            inner.need(body, *(STATEMENT if t.op == "all" else REAL))
            return ("vector", t.args[0]) if t.op == "vec" else STATEMENT if t.op == "all" else REAL
        if t.op in ("of", "at"):
            shape = self.sort(t.args[0])
            fits = shape[0] == "family" if t.op == "of" else shape[0] in ("vector", "array") and len(t.args) == len(shape)
            ensure(fits, "a family takes its parameters; an entry has one index for each size", t)
            wanted = [("vector", shape[2])] if t.op == "of" else [("index", size) for size in shape[1:]]
            for a, want in zip(t.args[1:], wanted, strict=True):
                self.need(a, *want)
            return ("vector", shape[1]) if t.op == "of" else REAL
        if t.op == "delta":
            index = next((s for a in t.args if (s := self.sort(a))[0] == "index"), None) or refuse("no index", t)
            for a in t.args:
                self.need(a, *index)
        elif t.op == "app":
            self.unfolded(t)
        elif t.op == "deriv":
            self.need(t.args[1], *REAL)
            self.near(root(t.args[1])).need(t.args[0], *REAL)
        elif t.op != "num" and (t.op, t.value) != ("const", "pi"):
            fits = re.fullmatch(OPERATORS.get(t.op, " "), "".join(self.sort(a)[0][0] for a in t.args))
            ensure(fits, "this denotes nothing here, or its arguments are of another sort", t)
        if t.op == "tends" and (t.args[1].op != "var" or t.args[1].value in t.args[2].free | t.args[3].free):
            refuse("a limit is taken in a variable, and does not depend on it", t)
        return STATEMENT if t.op in STATEMENTS else REAL

    def unfolded(self, t: Term) -> Term:  # what a defined function of these arguments stands for
        parameters, body = DEFINITIONS.get(t.value) or refuse("this is not defined", t)
        size, sorts = self.sort(t.args[0])[-1], [parameter.split() for parameter in parameters.split(", ")]
        for (want, _), a in zip(sorts, t.args, strict=True) if len(sorts) == len(t.args) else refuse("other arguments", t):
            self.need(a, *((want,) if want == "real" else (want, size)))
        return built(formulas(body)[0][0], {"n": size, **{letter: a for (_, letter), a in zip(sorts, t.args, strict=True)}})

    def indices(self, size: Term) -> list[Term]:
        """The indices over 1…size: the declared ones, and the labels of a small literal size."""
        labels = range(1, int(size.value) + 1) if size.op == "num" and size.value <= MAX_LABELS else ()
        return [var(i) for i, domain in self.domains.items() if domain == Domain("Index", (size,))] + list(map(num, labels))

    def plain(self, t: Term) -> Term:  # ``t`` with what its defined functions stand for
        t = self.unfolded(t) if t.op == "app" and not t.loose else t
        return rebuilt(t.op, *map(self.plain, t.args), value=t.value)

    def facts(self) -> list[Term]:
        """What the hypotheses say: parts of "and", entries of "for all", conclusions whose premises hold."""
        if self.known is None:
            self.known, waiting, ready = [], list(self.hypotheses), [ZERO]
            while ready:
                ready = [h for h in waiting if h.op != "imp" or self.holds(h.args[0])]
                waiting = [h for h in waiting if h not in ready]
                for h in ready:
                    self.known.append(h)
                    waiting += [opened(h.args[1], i) for i in self.indices(h.args[0])] if h.op == "all" else []
                    waiting += h.args[h.op == "imp" :] if h.op in ("and", "imp") else []
                    waiting += [imp(*h.args), imp(*h.args[::-1])] if h.op == "iff" else []
                    waiting += [iff(eq(*h.args[:2]), h.args[2])] if h.op == "le" and len(h.args) == 3 else []
                self.memory.clear()  # what was not known may be known now
                self.inner.clear()
        return self.known

    def facts_about(self, t: Term) -> list[Term]:  # what the domain of an atom says of it
        domain = self.domain_of(t) if t.op in ("var", "at") else Domain("UnitInterval") if t.op == "delta" else None
        return domain.bounds(t) if domain else [eq(t, ONE)] if self.is_total(t) else []

    def polynomial(self, p: Polynomial, parts: dict[int, Term], deep: int) -> Signs:
        """The sign of a polynomial, from its monomials and from p = c·r + rest where the sign of r is known."""
        found: Signs = NAUGHT
        for m, c in p.items():
            powers = [frozenset(s if e % 2 else abs(s) for s in self.sign(parts[a]) if s or e > 0) for a, e in m]
            found = sign_sum(found, reduce(sign_product, powers, self.sign(num(c))))
        if deep and p.keys() - UNIT.keys() and len(found) > 1:
            for fact in self.facts() + [f for atom in parts for f in self.facts_about(parts[atom])]:
                r, bottom, others = value(fact.args[1] - fact.args[0]) if fact.op in FACT else (UNIT, UNIT, {})
                for m in r.keys() & p.keys() - UNIT.keys() if bottom == UNIT else ():
                    c = p[m] / r[m]
                    rest = plus(p, r, -c)
                    if len(rest) <= len(p) and (fact.op != "ne" or not rest):
                        remains = self.polynomial(rest, others | parts, deep - 1)
                        found &= sign_sum(remains, sign_product(FACT[fact.op], self.sign(num(c))))
        return found

    @remembered
    def sign(self, t: Term) -> Signs:  # the signs which a term that is defined here can have
        top, bottom, parts = value(t)
        found = self.structural(t) & sign_product(self.polynomial(top, parts, 2), self.polynomial(bottom, parts, 1))
        for atom, e in sorted({(atom, e) for m in top for atom, e in m if e < 0}) if bottom == UNIT else ():
            if any((atom, e) in m for m in top) and self.sign(parts[atom]) <= POSITIVE:
                top = times(top, {((atom, -e),): Fraction(1)})  # a positive denominator does not change a sign
                found &= self.polynomial(top, parts, 2)
        if len(found) > 1 and (plain := self.plain(t)) is not t:
            found &= self.sign(plain)
        if len(found) > 1 and (ends := enclosure(t)):
            found &= frozenset(s for s in ANY if (ends[0] < 0, ends[0] <= 0 <= ends[1], ends[1] > 0)[s + 1])
        return found

    def structural(self, t: Term) -> Signs:  # the signs which a term can have by its form
        if t.op in ("num", "app"):
            return frozenset([(t.value > 0) - (t.value < 0)]) if t.op == "num" else self.sign(self.unfolded(t))
        if t.op in ("sum", "prod", "top"):  # over at least one index
            body, inner = self.inside(t, 1)
            found = inner.sign(body)
            if t.op == "sum" and found in (NONNEGATIVE, NONPOSITIVE):  # one term that is not zero is enough
                strict = found - NAUGHT
                found = strict if any(self.sign(opened(t.args[1], i)) <= strict for i in self.indices(t.args[0])) else found
            return found if t.op == "top" or found <= NONNEGATIVE or (t.op == "sum" and found <= NONPOSITIVE) else ANY
        return SIGNS.get(t.op, lambda *_: ANY)(self, *t.args)

    def is_total(self, t: Term) -> bool:  # Σ of all entries of one distribution, which depends on no index of the sum
        sizes: list[Term] = []
        while t.op == "sum":
            sizes, t = [*sizes, t.args[0]], t.args[1]
        domain = self.domain_of(t) if t.op == "at" and not t.args[0].loose else None
        indices = tuple(make("bound", value=k) for k in reversed(range(len(sizes))))
        return domain is not None and KINDS[domain.name].total and (domain.sizes, t.args[1:]) == (tuple(sizes), indices)

    def nonzero(self, t: Term) -> bool:  # whether a defined term is nowhere zero
        return 0 not in self.sign(t) or (t.op == "mul" and all(map(self.nonzero, t.args)))

    def holds(self, s: Term) -> bool:  # whether domains and hypotheses decide a defined statement. False says nothing
        if s in self.facts():
            return True
        if s.op in FACT:
            a, b = s.args[:2]
            fine = self.nonzero(b - a) if s.op == "ne" else self.sign(b - a) <= FACT[s.op]
            return fine and (len(s.args) == 2 or self.holds(iff(eq(a, b), s.args[2])))
        if s.op in ("imp", "iff"):
            return all(self.assuming(p).holds(q) for p, q in (s.args, s.args[::-1])[: 1 + (s.op == "iff")])
        parts = [self.inside(s, 1)[::-1]] if s.op == "all" else [(self, a) for a in s.args if s.op == "and"]
        return bool(parts) and all(inner.holds(part) for inner, part in parts)

    def met(self, condition: Term) -> bool:  # whether a condition of a table is met: one of ``FORMS``, or a statement
        return FORMS[condition.op](self, *condition.args) if condition.op in FORMS else self.holds(condition)

    @remembered
    def undefined(self, t: Term) -> Term | None:
        """A part of a well-typed term or statement that need not be defined everywhere here, or None."""
        if t.op == "infinite" and self.rises(t.args[0], 1) == "infinite":
            return None
        if t.op == "tends":  # x is real and decreases to 0, and of it only its domain is known
            kind, sizes = self.domain(root(t.args[1]))
            known = any(t.args[1].value in h.free for h in self.hypotheses)
            ensure(t.args[2] is ZERO and not sizes and not KINDS[kind].whole and not known, "there is no limit here", t)
        for part, scope in [self.inside(t, k) for k in range(len(t.args))]:
            if lack := scope.undefined(part):
                return lack
        if t.op == "app":
            return self.undefined(self.unfolded(t))
        letters = dict(zip("abc", t.args, strict=False))
        choices = [[built(need, letters) for need in formulas(needs)[0]] for needs in NEEDS.get(t.op, "").split(" or ")]
        return None if any(all(map(self.met, needs)) for needs in choices) else t

    def smooth(self, t: Term, x: str) -> bool:
        """Whether a term, defined everywhere here, can be differentiated in x again and again; the domain of x is open."""
        if x not in t.free or t.op in ("var", "app"):
            return t.op != "app" or x not in t.free or self.smooth(self.unfolded(t), x)
        if t.op == "deriv" and any(self.domain(name).name == "Family" for name in t.free):
            return False  # a family is differentiable once
        whole = t.op == "pow" and (e := constant(t.args[1])) is not None and e.denominator == 1
        # an xlog whose weight is constant is zero throughout, or both a and b are positive
        positive = t.args[:1] if t.op == "pow" and not whole else t.args[1:] if t.op == "xlog" and x in t.args[0].free else ()
        known = {"add", "mul", "pow", "log", "exp", "xlog", "of", "at", "sum", "prod", "vec", "deriv"}
        parts = [self.inside(t, k) for k in range(len(t.args)) if t.op != "deriv" or not k]
        fine = t.op in known and all(self.sign(a) <= POSITIVE for a in positive)
        return fine and all(scope.smooth(part, x) for part, scope in parts)

    def rises(self, t: Term, s: int) -> str:
        """Of s·t: "infinite" if it is +∞ at every point, "high" if a real number or +∞ at every point, else nothing."""
        if t.op == "app" or not self.undefined(t):
            return self.rises(self.unfolded(t), s) if t.op == "app" else "high"
        kinds = [self.rises(a, s) for a in t.args] if t.op == "add" else [""]
        if t.op == "mul":
            odd = [a for a in t.args if self.undefined(a)]
            signs = [self.sign(a) for a in t.args if a not in odd]
            if len(odd) == 1 and all(sign in (POSITIVE, NEGATIVE) for sign in signs):
                kinds = [self.rises(odd[0], s * (-1) ** signs.count(NEGATIVE))]
        elif t.op == "sum":
            body, inner = self.inside(t, 1)
            kinds = [inner.rises(body, s), *(self.rises(opened(t.args[1], i), s) for i in self.indices(t.args[0]))]
        elif t.op == "xlog" and not any(map(self.undefined, t.args)) and all(self.sign(a) <= NONNEGATIVE for a in t.args):
            w, (high, low) = t.args[0], t.args[1:][::s]  # +∞ where low = 0 < high and w > 0
            if self.assuming(lt(ZERO, w)).sign(high) <= POSITIVE:
                kinds = ["infinite" if self.sign(w) <= POSITIVE and self.holds(eq(low, ZERO)) else "high"]
        return max(kinds) if all(kinds) else ""

    def defined(self, t: Term, want: Sort = REAL) -> Term:  # ``t``, if it is of this sort, and defined
        self.need(t, *want)
        lack = self.undefined(t)
        return t if lack is None else refuse("this is not known to be defined", lack, t if lack is not t else None)

    def bounds(self, x: Term) -> list[Term]:
        """The hypotheses about x; they have to cut an interval from its domain, an open interval."""
        kind, sizes = self.domain(x.value) if x.op == "var" else refuse("a variable is needed here", x)
        found = [h for h in self.hypotheses if x.value in h.free]
        cuts = all(h.op in ("lt", "le") and len(h.args) == 2 and affine(h, x) for h in found)
        return found if cuts and not sizes and KINDS[kind].near == kind else refuse("this does not run through an interval", x)

    def reached(self, x: Term, *points: Term) -> list[Term]:
        """What has to hold for the points to lie in the interval of x, or at its ends; they do not mention x."""
        facts = self.bounds(x) + self.domain(x.value).bounds(x)
        ensure(not any(x.value in c.free for c in points), "this may not depend on the variable", x)
        return [le(*(replaced(a, {x.value: c}) for a in h.args)) for c in map(self.defined, points) for h in facts]

    def room(self, x: Term, room: tuple[Any, ...], f: Term, *points: Term) -> list[Term]:
        """What has to hold for the points to lie in an open interval, (domain, bounds of x …), where f is smooth in x."""
        if [type(h) for h in room] != [str] + [Term] * (len(room) - 1) or KINDS.get(room[0], Kind()).near != room[0]:
            refuse("an open domain and bounds are needed here")
        free = tuple(h for h in self.hypotheses if x.value not in h.free)
        wide = self.within({**self.domains, x.value: Domain(room[0])}, free)
        for h in room[1:]:
            wide = wide.assuming(wide.defined(h if h.op == "lt" else refuse("a bound is strict", h), STATEMENT))
        ensure(wide.bounds(x) == [*room[1:]] and wide.smooth(wide.defined(f), x.value), "this is not known to be smooth", f)
        facts = [*room[1:], *Domain(room[0]).bounds(x)]
        return [replaced(h, {x.value: c}) for c in (x, *map(self.defined, points)) for h in facts]

    def contains(self, domain: Domain, t: Term, shown: Iterable[Term] = ()) -> bool:
        """Whether a term lies in a domain at every point of the scope; that it adds up to one may be among what is shown."""
        (name, sizes), kind, own, inner, indices = domain, KINDS[domain.name], self.domain_of(t), self, list[Term]()
        if name in ("Index", "Family", "Size"):
            return bool(self.open(t)) if name == "Size" else self.need(t, name.lower(), *sizes) is None
        self.need(t, ("real", "vector", "array")[len(sizes)], *sizes)
        for size in sizes:
            index, inner = inner.open(size)
            indices.append(index)
        x = inner.defined(rebuilt("at", t, *indices) if indices else t)
        adds = not kind.total or (own is not None and KINDS[own.name].total)
        if not adds and len(sizes) == 1:
            whole = eq(total(sizes[0], rebuilt("at", replaced(t, {}, under=1), INDEX)), ONE)
            adds = whole in shown or self.holds(whole)
        bits = not kind.whole or FORMS["bit"](inner, x) or x in (ZERO, ONE)
        return adds and bits and all(map(inner.holds, domain.bounds(x)))

# ---- Principles. Many are inferences in the same notation as the laws; the others are methods of ``Replay``.

class Proof(NamedTuple):  # a principle and what it is applied to
    by: str
    args: tuple[Any, ...]

class Claim(NamedTuple):  # a statement in a scope
    scope: Scope
    goal: Term

#: Terms in brackets, proofs of premises; the conclusion, and its conditions. ``under(h, s)`` is a premise s that is proved
#: with the hypothesis h. A premise a <= b is also proved by a < b and by a == b; le(a, b, e) has the equality case e.
INFERENCES = {
    parts[1]: [formulas(part or "")[0] for part in parts.groups()[1:]]
    for parts in re.finditer(r"(\w+) \(([^;]*?)\): ([^;]*?) ?therefore ([^;]*?)(?: if ([^;]*))?;", """\
field (a, b): therefore a == b if same(a, b); decided (p): therefore p if p;
infinity (t): therefore infinite(t) if certain(t); weaken (): a <= b therefore a <= b; apart (): a < b therefore a != b;
equality_case (): le(a, b, e) therefore iff(a == b, e); when (): le(a, b, e), iff(e, s) therefore le(a, b, s);
equivalent (a == b, c == e, t): l == r therefore iff(a == b, c == e) if t != 0, same((a - b) - t*(c - e), l - r);
assume (p): under(p, q) therefore imp(p, q); given (): p, under(p, q) therefore q;
zero_or_positive (w): under(w == 0, p), under(0 < w, p) therefore p if 0 <= w;
bit_cases (y): under(y == 0, p), under(y == 1, p) therefore p if bit(y);
order_cases (a, b): under(a <= b, p), under(b <= a, p) therefore p;
squeeze (t, x, v, e, h): under(x < h, -e <= t - v), under(x < h, t - v <= e), tends(e, x, 0, 0) \
therefore tends(t, x, 0, v) if 0 < h, without(h, x);
multiple_of_limit (c): tends(a, x, 0, v) therefore tends(c*a, x, 0, c*v) if without(c, x);
limit_of_equal (h): under(x < h, b == a), tends(a, x, 0, v) therefore tends(b, x, 0, v) if 0 < h, without(h, x);
limit_value (): tends(a, x, 0, v), v == w therefore tends(a, x, 0, w);""")
}  # fmt: skip
#: What the other principles take: t a term, p a proof, n a name, k a number from 0, s a sequence; read as regular expressions.
METHODS = {
    "rule": "ns", "definition": "t", "rewrite": "ts", "symmetry": "p", "chain": "p+", "sign": "t", "combine": "tts",
    "termwise": "tp", "hypothesis": "k", "at_index": "pt", "for_all": "tp", "both": "p+", "part": "pk", "cite": "nss",
    "written_out": "t", "monotone": "npt?", "slope": "tttp[ps][ps]s?", "bent": "ttsssps", "hot": "tp", "attained": "tp",
}  # fmt: skip
#: Principles of the other checker that this program does not know: a proof that uses one is refused.
UNKNOWN = ("limit_through", "quotient_of_slopes", "integral", "adjacent")
LETTER = {Term: "t", Proof: "p", str: "n", int: "k", tuple: "s"}

PRINCIPLES = METHODS | {name: "t" * len(terms) + "p" * len(premises) for name, (terms, premises, *_) in INFERENCES.items()}

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

def pairs(values: tuple[Any, ...], kind: type) -> dict[str, Any]:
    """A sequence of pairs of a name, each another one, and a term or a proof."""
    fine = all(type(v) is tuple and [type(x) for x in v] == [str, kind] for v in values) and len(dict(values)) == len(values)
    return dict(values) if fine else refuse(f"pairs of a name and a {kind.__name__.lower()} are needed")

class Replay:
    """Derives statements from proofs; ``library`` holds the claims that may be cited."""

    def __init__(self, library: dict[str, Claim]) -> None:
        # what may be cited; the names of rules, principles and labels that are used; what was derived where
        self.library, self.used, self.trace = library, list[str](), list[tuple[Scope, Term]]()

    def derive(self, proof: Proof, scope: Scope, *forms: str) -> Term:
        """The statement which the proof proves in the scope; it has to be of one of these forms."""
        tick()
        by, args = proof
        try:
            ensure(by not in UNKNOWN, "this program does not know this principle")
            fits = re.fullmatch(PRINCIPLES.get(by, " "), "".join(LETTER[type(a)] for a in args))
            ensure(fits, "there is no principle of this name and these arguments")
            s: Term = getattr(self, by)(scope, *args) if by in METHODS else self.infer(scope, *INFERENCES[by], args)
        except Refused as problem:
            problem.step = problem.step or " ".join([by, *(a for a in args if type(a) is str)])[:200]
            raise
        self.used += [by] if by != "rule" else [args[0]]
        self.trace.append((scope, s))
        return s if not forms or s.op in forms else refuse(f"this is not {' or '.join(forms)}", s)

    def infer(self, scope: Scope, terms: Any, premises: Any, conclusion: Any, conditions: Any, given: tuple[Any, ...]) -> Term:
        """The conclusion of an inference."""
        letters: dict[str, Term] = {}
        under = [isinstance(pattern, ast.Call) and pattern.func.id == "under" for pattern in terms + premises]
        for assumes, pattern, t in sorted(zip(under, terms + premises, given, strict=True), key=lambda row: row[0]):
            if type(t) is Proof:
                inner = scope
                if assumes:
                    hypothesis, pattern = built(pattern.args[0], letters), pattern.args[1]
                    inner = scope.assuming(scope.defined(hypothesis, STATEMENT))
                t = self.derive(t, inner)
            ensure(matched(pattern, t, letters), "something else is needed here: " + ast.unparse(pattern), t)
        s = self.conclude(scope, *(built(formula, letters) for formula in (*conclusion, *conditions)))
        # a letter that is concluded is a premise or a condition, and so defined
        return s if isinstance(conclusion[0], ast.Name) else scope.defined(s, STATEMENT)

    def require(self, scope: Scope, *conditions: Term) -> None:  # the conditions are defined and decided
        for condition in conditions:
            met = scope.met(condition if condition.op in FORMS else scope.defined(condition, STATEMENT))
            ensure(met, "this condition is not known to be met", condition)

    def conclude(self, scope: Scope, s: Term, *conditions: Term) -> Term:  # the statement, if the conditions are decided
        scope.need(s, *STATEMENT)
        self.require(scope, *conditions)
        return s

    # equations

    def rule(self, scope: Scope, name: str, values: tuple[Any, ...]) -> Term:
        return scope.defined(self.conclude(scope, *instance(name, pairs(values, Term))), STATEMENT)

    def definition(self, scope: Scope, t: Term) -> Term:
        scope.defined(t if t.op == "app" else refuse("this is not a defined function", t))
        return eq(t, scope.unfolded(t))

    def written_out(self, scope: Scope, t: Term) -> Term:
        few = t.op in ("sum", "prod") and scope.defined(t).args[0].op == "num" and t.args[0].value <= MAX_LABELS
        terms = [opened(t.args[1], num(k)) for k in range(1, int(t.args[0].value) + 1)] if few else refuse("too many terms", t)
        return eq(t, make("add" if t.op == "sum" else "mul", *terms) if len(terms) > 1 else terms[0])

    def rewrite(self, scope: Scope, t: Term, steps: tuple[Any, ...]) -> Term:
        same, now = iff if t.op in STATEMENTS else eq, scope.defined(t, STATEMENT if t.op in STATEMENTS else REAL)
        for step in steps:
            if type(step) is not tuple or [type(a) for a in step] != [tuple, Proof, Term, Term]:
                refuse("a step is a path, a proof, a factor and a new term")
            now = self.step(scope, before := now, *step)
            self.trace.append((scope, same(before, now)))
        return same(t, now)

    def step(self, scope: Scope, t: Term, path: tuple[Any, ...], by: Proof, factor: Term, new: Term) -> Term:
        """``t`` with ``new`` at the path, where old − new = factor·(left − right) and left = right is proved there."""
        if not path and t.op in STATEMENTS:
            p, q = self.derive(by, scope, "iff").args
            need_alike("another statement stands here", t, p)
            need_alike("another statement is put here", scope.defined(new, STATEMENT), q)
            return new
        if not path:
            a, b = self.derive(by, scope, "eq").args
            change = scope.defined(t) - scope.defined(new)
            need_alike("the step does not follow from the equation", change, scope.defined(factor) * (a - b))
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
        for part in parts:
            factor, proof = part if type(part) is tuple and [type(x) for x in part] == [Term, Proof] else refuse("not a part")
            s = self.derive(proof, scope, "eq", "le", "lt")
            whole += scope.defined(factor) * (s.args[1] - s.args[0])
            fits = s.op == "eq" or scope.sign(factor) <= NONNEGATIVE
            ensure(fits, "an inequality is multiplied by what may be negative", factor, s)
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
            self.require(scope, lt(ZERO, scope.defined(r)), le(ZERO, s.args[0]), le(ZERO, s.args[1]))
        more = {"log": (), "exp": (), "pow": (r,)}[op] if op in ("log", "exp", "pow") else refuse("this may not grow", s)
        return scope.defined(make(s.op, *(make(op, a, *more) for a in s.args[:2]), *s.args[2:]), STATEMENT)

    def derivative(self, scope: Scope, proof: Proof, f: Term, x: Term) -> Term:  # what the proof shows ∂f/∂x to be
        d, g = self.derive(proof, scope, "eq").args
        need_alike("this is the derivative of something else", d, make("deriv", f, x))
        return g

    def need_order(self, scope: Scope, proof: Proof, low: Term, high: Term) -> str:
        """The relation which the proof gives, which has to be low ≤ high, low < high, or low = high."""
        s = self.derive(proof, scope, "eq", "le", "lt")
        need_alike("another inequality is needed", le(*s.args[:2]), le(low, high))
        return s.op

    def slope(self, scope: Scope, x: Term, f: Term, c: Term, slope: Proof, below: Any, above: Any, room: Any = ()) -> Term:
        """On the interval of x, f falls up to c and rises from there; it is continuous at c, which may be an end."""
        self.require(scope, *scope.reached(x, c))
        self.require(scope, *scope.room(x, room or (scope.domain(x.value).name, *scope.bounds(x)), f, c))
        g, strict = self.derivative(scope, slope, f, x), True
        for side, proof, falls in ((lt(x, c), below, True), (lt(c, x), above, False)):
            if proof:
                strict &= self.need_order(scope.assuming(side), proof, *((g, ZERO) if falls else (ZERO, g))) == "lt"
            else:  # there is no point on this side
                self.require(scope, le(*side.args[::-1]))
        low, apart = replaced(f, {x.value: c}), strict and scope.holds(ne(x, c))
        return scope.defined(lt(low, f) if apart else le(low, f, *([eq(x, c)] if strict else [])), STATEMENT)

    def bent(self, scope: Scope, x: Term, f: Term, ends: Any, room: Any, slopes: Any, sign: Proof, values: Any) -> Term:
        """Where f″ ≤ 0, f lies above its chord: between two points where f ≥ 0, it is ≥ 0."""
        if [type(a) for a in (*ends, *slopes, *values)] != [Term] * 2 + [Proof] * 4 or len(ends) != 2 or len(slopes) != 2:
            refuse("two ends, two derivatives and two values are needed")
        self.require(scope, *scope.reached(x, *ends), lt(ends[0], x), lt(x, ends[1]))
        self.require(scope, *scope.room(x, room, f, *ends))
        self.need_order(scope, sign, reduce(lambda g, proof: self.derivative(scope, proof, g, x), slopes, f), ZERO)
        for c, proof in zip(ends, values, strict=True):
            self.need_order(scope, proof, ZERO, replaced(f, {x.value: c}))
        return le(ZERO, f)

    # statements

    def some(self, scope: Scope, size: Term, known: Callable[[Term], list[Term]], proof: Proof) -> Term:
        """What follows for any index of which something is known, if there is one, and is not about the index."""
        m, inner = scope.open(size)
        s = self.derive(proof, inner.assuming(*known(m)))
        return s if m.value not in s.free else refuse("the conclusion depends on the index", s)

    def hot(self, scope: Scope, y: Term, proof: Proof) -> Term:
        kind, sizes = scope.domain_of(y) or refuse("this is no variable", y)
        [n] = sizes if kind == "OneHot" and y.op == "var" else refuse("this is not one-hot", y)
        return self.some(scope, n, lambda m: [make("all", n, eq(make("at", y, INDEX), make("delta", INDEX, m)))], proof)

    def attained(self, scope: Scope, t: Term, proof: Proof) -> Term:
        n, f = scope.defined(t).args if t.op == "top" else refuse("this is no maximum", t)
        return self.some(scope, n, lambda m: [eq(t, opened(f, m)), make("all", n, le(f, opened(f, m)))], proof)

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
        claim, given = self.library.get(label) or refuse("this is not among the citations"), pairs(values, Term)
        ensure(given.keys() == claim.scope.domains.keys(), "a citation gives a value to each variable")
        shown = [self.derive(p, scope) for p in pairs(proofs, Proof).values()]
        for name, (kind, sizes) in claim.scope.domains.items():
            domain = Domain(kind, tuple(replaced(s, given) for s in sizes))
            ensure(scope.contains(domain, given[name], shown), f"{name} may lie outside {kind}", given[name])
        self.used.append(label)
        self.require(scope, *(h for h in map(partial(replaced, values=given), claim.scope.hypotheses) if h not in shown))
        return scope.defined(replaced(claim.goal, given), STATEMENT)

# ---- Files.

NUMBER = re.compile(r"-?[0-9]{1,1000}(/[1-9][0-9]{0,999})?")
SIGN = {"=": "eq", "<=": "le", "<": "lt", ">=": "le", ">": "lt"}

def keyed(data: Any, names: str, *kinds: type) -> list[Any]:
    """The values of an object which has these keys and no others, each of its type."""
    fits = type(data) is dict and data.keys() == {*names.split()}
    values = [data[key] for key in names.split()] if fits else refuse(f"an object with the keys {names} is needed")
    ensure(all(kind in (type(v), object) for v, kind in zip(values, kinds, strict=True)), f"one of {names} is of another type")
    return values

def term(data: Any, depth: int = 0) -> Term:
    """A term as it is written: a list of its operator, its content if it has any, and its arguments."""
    tick()
    fits = depth <= MAX_DEPTH and type(data) is list and data and type(data[0]) is str
    op, *rest = data if fits else refuse("this is not a term, or nested too deep")
    if op in ("num", "var", "const", "bound"):
        content = rest[0] if len(rest) == 1 else None
        fits = type(content) is str if op != "bound" else type(content) is int and 0 <= content <= MAX_DEPTH
        ensure(fits, f"{op} is followed by something else")
        once = op != "num" or (NUMBER.fullmatch(content) and str(Fraction(content)) == content)
        ensure(once, "this is not the one way to write a number")
        return num(Fraction(content)) if op == "num" else make(op, value=content)
    name = rest.pop(0) if op == "app" and rest else None
    shape = re.sub("[a-z]", ".", OPERATORS[op]) if op in OPERATORS else " "
    if type(name) is not (str if op == "app" else type(None)) or not re.fullmatch(shape, "." * len(rest)):
        refuse(f"this program does not know the operator {op[:40]!r} with {len(rest)} arguments")
    return make(op, *[term(a, depth + 1) for a in rest], value=name)

def decoded(data: Any, depth: int = 0) -> Any:  # a part of a proof: a term, a proof, a sequence, a name or a number from 0
    tick()
    if type(data) in (list, str) or (type(data) is int and data >= 0):
        return term(data) if type(data) is list else data
    ensure(depth <= 2 * MAX_DEPTH, "a proof is nested too deep")
    sequence = type(data) is dict and "seq" in data
    by, args = [None, *keyed(data, "seq", list)] if sequence else keyed(data, "by args", str, list)
    parts = tuple([decoded(a, depth + 1) for a in args])
    return parts if by is None else Proof(by, parts)

def claimed(data: Any) -> Claim:
    """The claim written as ``data``, which has to make sense: each hypothesis is defined where the ones before it hold."""
    rows, hypotheses, goal = keyed(data, "domains hypotheses goal", list, list, list)
    domains: dict[str, Domain] = {}
    for row in rows:
        fits = type(row) is list and [type(x) for x in row] == [str, str, list]
        name, kind, sizes = row if fits else refuse("a domain is written as a name, a domain, and sizes")
        fits = name not in domains and name[:1] not in ("", "#", "@") and kind in KINDS and len(sizes) in KINDS[kind].shapes
        ensure(fits, f"{name[:40]!r} is declared twice, is no name, or has no domain {kind[:40]!r} of {len(sizes)} sizes")
        domains[name] = Domain(kind, tuple(map(term, sizes)))
    scope = Scope(domains)
    for size in [size for domain in domains.values() for size in domain.sizes]:
        scope.open(size)
    for h in map(term, hypotheses):
        scope = scope.assuming(scope.defined(h, STATEMENT))
    scope.need(goal := term(goal), *STATEMENT)
    return Claim(scope, goal)

def digest(claim: Any) -> str:  # the content hash of a claim
    return hashlib.sha256(json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

def leads(statements: list[Term], op: str, a: Term, b: Term) -> bool:
    """Whether derived relations, one after another, give a = b, a ≤ b or a < b (by ``op``)."""
    found, size = {(identity(a), op != "lt")}, 0
    while size < len(found):
        size = len(found)
        for s in [s for s in statements if s.op == "eq" or (s.op in ("le", "lt") and op != "eq")]:
            ends = identity(s.args[0]), identity(s.args[1])
            for x, y in (ends, ends[::-1])[: 1 + (s.op == "eq")]:
                found |= {(y, strict or s.op == "lt") for z, strict in found if z == x}
    return (identity(b), True) in found

def need_lines(lines: list[Any], claim: Claim, replay: Replay) -> None:
    """What each displayed line says is derived, or follows; what is named beside it is used (docs/certificate.md)."""
    own, last, shown = claim.scope, dict[int, Term](), list[tuple[str, Term]]()
    names = {name.replace("_", " ") for name in [*replay.used, "field"]}
    under: list[Term] = []  # the conditions of the cases which a line stands in, one for each depth
    for line in lines:
        sign, data, depth, _, rules = keyed(line, "relation term depth reason rules", str, object, int, str, list)
        used = names.issuperset(str(rule).replace("_", " ") for rule in rules)
        ensure(used, f"beside a displayed line stands what is not used: {rules}"[:500])
        if data is None:
            continue
        t, before = term(data), last.get(depth)
        known = [s for scope, s in replay.trace if ({*under[:depth]} <= {*scope.hypotheses} if depth > 0 else scope is own)]
        if not depth and t.free <= own.domains.keys() and own.sort(t) and (lack := own.undefined(t)):
            refuse("a displayed line is not known to be defined", t, lack)
        if sign in SIGN and before is not None:
            follows = leads(known, SIGN[sign], *((t, before) if ">" in sign else (before, t)))
        elif sign == "case":
            follows, under[depth:] = any(t in scope.hypotheses for scope, _ in replay.trace), [t]
        elif sign == "statement":
            follows = any(alike(s, t) for s in known) or (t.op == "infinite" and own.rises(t.args[0], 1) == "infinite")
        else:
            follows = sign == "" and any(t in s.args for s in known)
        ensure(follows, "a displayed line does not follow from the proof", before, t)
        last[depth], shown = t, [*shown, (sign, t)]
    if shown and all(sign in ("", *SIGN) for sign, _ in shown) and {shown[0][1], shown[-1][1]} != set(claim.goal.args[:2]):
        refuse("the displayed lines are about something else", shown[0][1], shown[-1][1])

class Library:
    """Theorems by their labels, replayed when they are asked for; one that is asked for in its own proof is refused."""

    def __init__(self, theorems: list[dict[str, Any]]) -> None:
        self.theorems = {theorem["label"]: theorem for theorem in theorems}
        self.claims, self.problems = dict[str, Claim](), dict[str, Refused | None]()
        if len(self.theorems) < len(theorems):
            raise Unreadable("two theorems have one label")

    def problem(self, label: str) -> Refused | None:
        """What is refused in a theorem, after replaying what it cites; None if nothing is."""
        if label not in self.problems:
            self.problems[label] = Refused("this is cited in its own proof")
            try:
                self.claims[label], self.problems[label] = self.replay(self.theorems[label]), None
            except Refused as problem:
                self.problems[label] = problem
            except (RecursionError, UnicodeError, MemoryError, OverflowError):
                self.problems[label] = Refused("this is too large, or not text")
        return self.problems[label]

    def replay(self, theorem: dict[str, Any]) -> Claim:
        """The claim of the theorem, if its proof proves it, and what is recorded besides agrees."""
        kinds = (str, dict, dict, dict, str, list, list)
        _, data, written, cites, recorded, lines, uses = keyed(theorem, "label claim proof cites hash lines uses", *kinds)
        for label, hashed in cites.items():
            if label not in self.theorems or self.problem(label) or hashed != digest(self.theorems[label]["claim"]):
                refuse(f"{label[:200]} is cited: it is not replayed, or is another statement than the one cited")
        work[0] = MAX_WORK
        claim, proof = claimed(data), decoded(written)
        fits = digest(data) == recorded and type(proof) is Proof
        ensure(fits, "the recorded hash is not that of the claim, or there is no proof")
        replay = Replay({label: self.claims[label] for label in cites})
        scope, step = claim.scope, proof
        while step.by == "given" and [type(a) for a in step.args] == [Proof, Proof]:
            scope, step = scope.assuming(replay.derive(step.args[0], scope)), step.args[1]
        scope.defined(claim.goal, STATEMENT)  # that it is defined may follow from what is shown first
        need_alike("the proof proves another statement", replay.derive(proof, claim.scope), claim.goal)
        same = sorted({*replay.used} - {*cites}) == sorted(map(str, uses))
        ensure(same, "the recorded rules and principles are not those used")
        need_lines(lines, claim, replay)
        return claim

def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:  # A JSON object; one that gives a key twice can be read in two ways
    return dict(items) if len(dict(items)) == len(items) else refuse("a key is given twice")

def read(path: str) -> list[dict[str, Any]]:  # the theorems of a certificate file
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        content = json.loads(data.decode(), object_pairs_hook=unique) if len(data) <= MAX_BYTES else refuse("too large")
        schema, _, theorems = keyed(content, "schema result theorems", str, str, list)
    except (OSError, ValueError, RecursionError, MemoryError, Refused) as problem:
        raise Unreadable(f"{path}: {problem}") from None
    if schema != SCHEMA or not all(type(t) is dict and type(t.get("label")) is str for t in theorems):
        raise Unreadable(f"{path}: not a certificate of the schema {SCHEMA}")
    return theorems

def main(arguments: list[str]) -> int:
    """0 if every theorem of the files is replayed, 1 if one is refused, 2 if a file cannot be read."""
    files, limit, rows = [a for a in arguments if a != "--json"], sys.getrecursionlimit(), list[dict[str, str]]()
    try:
        sys.setrecursionlimit(max(limit, 20_000))
        if not files or any(f.startswith("-") for f in files):
            raise Unreadable("usage: replay.py [--json] FILE…")
        library = Library([theorem for file in files for theorem in read(file)])
        for label in library.theorems:
            rows.append({"label": label, "verdict": "refused" if (problem := library.problem(label)) else "replayed"})
            if problem:
                sides = {name: str(t)[:2000] for name, t in (("left", problem.left), ("right", problem.right)) if t is not None}
                rows[-1] |= {"step": problem.step or "claim", "why": problem.why, **sides}
    except Unreadable as problem:
        rows = [{"label": "", "verdict": "unreadable", "step": "file", "why": str(problem)}]
    finally:
        sys.setrecursionlimit(limit)
    if "--json" in arguments:
        print(json.dumps(rows, indent=1))
    for row in rows if "--json" not in arguments else ():
        text = [f"{row['verdict']:9} {row['label']}" + (f": {row['step']}: {row['why']}" if "why" in row else "")]
        text += [f"    {side:6}{row[side]}" for side in ("left", "right") if side in row]
        print("\n".join(text).encode("utf-8", "replace").decode())
    return max(({"replayed": 0, "refused": 1, "unreadable": 2}[row["verdict"]] for row in rows), default=0)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
