"""A second program that re-checks certificates: it believes nothing they record except what it derives again itself.

    python -m derivations.replay FILE…          or, as a plain file,          python derivations/replay.py FILE…

A certificate holds claims and proofs as data (docs/certificate.md). For each proof this program computes the statement
which it proves, and compares that statement with the claim. It is written from the mathematics, shares no code with the
checker that made the certificates, and uses the standard library alone. It reads in this order: terms; definitions and
laws; equality by the laws of a field; scopes, with sorts, signs, and what is defined; principles; files.

One invariant keeps the principles sound: whatever ``derive`` returns is well-typed, defined and true at every point of
its scope. Each principle may take this of its parts, and has to give it for the whole.
"""
# fmt: off

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial
from itertools import count, pairwise
from typing import Any, NamedTuple, NoReturn

SCHEMA = "lossproof-certificate/draft-1"
MAX_DEPTH, MAX_SIZE, MAX_BITS, MAX_EXPONENT, MAX_BYTES, MAX_WORK = 200, 100_000, 20_000, 1_000, 50_000_000, 1_000_000

class Unreadable(Exception):
    """A file which is no certificate."""

class Refused(Exception):
    """A step which does not follow; ``left`` and ``right`` ought to have been the same."""
    def __init__(self, why: str, left: Term | None = None, right: Term | None = None) -> None:
        super().__init__(why)
        self.why, self.left, self.right, self.step = why, left, right, ""

def refuse(why: str, left: Term | None = None, right: Term | None = None) -> NoReturn:
    """Every refusal is made here."""
    raise Refused(why, left, right)

work = [MAX_WORK]  #: the steps left for the theorem at hand: hostile input ends in a refusal, not in a long wait

def tick(steps: int = 1) -> None:
    """Count work done."""
    work[0] -= steps
    if work[0] < 0:
        refuse("this takes too many steps")

# ---- Terms. Equal terms are one object, so equality is identity, and shared parts are treated once.

BINDERS = {"sum", "prod", "top", "vec", "all"}
STATEMENTS = {"eq", "le", "lt", "ne", "all", "imp", "iff", "and", "infinite", "tends"}
ARITY = {**dict.fromkeys(("log", "exp", "abs", "infinite"), (1, 1)), **dict.fromkeys(BINDERS, (2, 2)),
         **dict.fromkeys(("pow", "max", "delta", "of", "deriv", "eq", "lt", "ne", "imp", "iff"), (2, 2)),
         "add": (2, MAX_SIZE), "mul": (2, MAX_SIZE), "and": (1, MAX_SIZE), "app": (1, 5), "at": (2, 3), "le": (2, 3),
         "xlog": (3, 3), "case": (4, 4), "tends": (4, 4)}
NUMBER = re.compile(r"-?[0-9]{1,1000}(/[1-9][0-9]{0,999})?")

class Term:
    """An operator over terms, ``args``; ``value`` is the content of a leaf, or the name of an applied definition.

    ``free`` has the names of the variables that occur; bound indices from ``loose`` on cannot refer outside, so that a
    closed term has ``loose`` = 0; ``depth`` and ``size`` are measured as if nothing were shared.
    """
    __slots__ = ("args", "depth", "free", "loose", "op", "size", "value")

    def __str__(self) -> str:
        inside = ", ".join(([] if self.value is None else [str(self.value)]) + [str(a) for a in self.args])
        return str(self.value) if self.op in ("num", "const", "var") else f"{self.op}({inside})"

    def __add__(self, other: Term) -> Term: return make("add", self, other)
    def __sub__(self, other: Term) -> Term: return make("add", self, make("mul", MINUS, other))
    def __mul__(self, other: Term) -> Term: return make("mul", self, other)
    def __pow__(self, other: Term) -> Term: return make("pow", self, other)
    def __truediv__(self, other: Term) -> Term: return make("mul", self, make("pow", other, MINUS))

_terms: dict[Any, Term] = {}

def make(op: str, *args: Term, value: Any = None) -> Term:
    """The one term with these parts."""
    key = (op, value, args)
    if (t := _terms.get(key)) is None:
        tick()
        t = Term()
        t.op, t.value, t.args, t.loose = op, value, args, value + 1 if op == "bound" else 0
        t.depth, t.size = 1 + max((a.depth for a in args), default=0), 1 + sum(a.size for a in args)
        t.free = frozenset((value,)) if op == "var" else frozenset().union(*(a.free for a in args))
        for k, a in enumerate(args, 1):
            t.loose = max(t.loose, a.loose - (op in BINDERS and k == len(args)))
        if t.depth > MAX_DEPTH or t.size > MAX_SIZE:
            refuse("a formula is too large")
        _terms[key] = t
    return t

def num(value: int | Fraction) -> Term: return make("num", value=Fraction(value))
def var(name: str) -> Term: return make("var", value=name)
def bound(k: int) -> Term: return make("bound", value=k)  # the index of the k-th binder around; the innermost is 0

ZERO, ONE, MINUS = num(0), num(1), num(-1)

def rebuilt(t: Term, args: tuple[Term, ...]) -> Term:
    """The same operator over other arguments; an entry of a vector (a_i)_i is a_i."""
    if t.op == "at" and args[0].op == "vec" and len(args) == 2:
        return opened(args[0].args[1], args[1])
    return make(t.op, *args, value=t.value)

def mapped(t: Term, leaf: Callable[[Term, int], Term | None]) -> Term:
    """``t`` with each part s, under so many binders, replaced by leaf(s, level) where that is not None."""
    @cache
    def go(s: Term, level: int) -> Term:
        tick()
        new = leaf(s, level)
        if new is None and s.args:
            last = len(s.args) - 1
            new = rebuilt(s, tuple([go(a, level + (s.op in BINDERS and k == last)) for k, a in enumerate(s.args)]))
        return s if new is None else new
    return go(t, 0)

def lifted(t: Term, by: int) -> Term:
    """``t`` put under ``by`` more binders."""
    return mapped(t, lambda s, n: s if s.loose <= n else bound(s.value + by) if s.op == "bound" else None) if t.loose else t

def opened(body: Term, index: Term) -> Term:
    """The body of a binder, at the index ``index``."""
    def put(s: Term, n: int) -> Term | None:
        if s.loose <= n or s.op != "bound":
            return s if s.loose <= n else None
        return lifted(index, n) if s.value == n else bound(s.value - 1)
    return mapped(body, put)

def closed(body: Term, name: str) -> Term:
    """The body of a binder whose index was called ``name``."""
    def take(s: Term, n: int) -> Term | None:
        if s.op == "bound":
            return bound(s.value + 1) if s.value >= n else s
        return bound(n) if s.op == "var" and s.value == name else None if name in s.free or s.loose > n else s
    return mapped(body, take)

def root(x: Term) -> str:
    """The variable of a derivative or a limit: x itself, or the vector of which x is an entry."""
    x = x.args[0] if x.op == "at" else x
    return str(x.value) if x.op == "var" else refuse("a derivative or a limit is taken in a variable", x)

def substituted(t: Term, values: dict[str, Term]) -> Term:
    """``t`` with terms put for variables. A derivative or limit in x holds x: it may only be renamed, apart from the rest."""
    def put(s: Term, n: int) -> Term | None:
        if not s.free & values.keys():
            return s
        if s.op in ("deriv", "tends"):
            new = values.get(x := root(s.args[1]), var(x))
            if new.op != "var" or any(new.value in values.get(name, var(name)).free for name in s.free - {x}):
                refuse(f"{x} may not be replaced under a derivative or a limit", s, new)
        return lifted(values[s.value], n) if s.op == "var" else None
    return mapped(t, put)

# ---- Definitions and laws. A letter stands for a term; a letter with indices is a function of them.

_fresh = count()

def binder(op: str, size: Term, body: Callable[[Term], Term]) -> Term:
    """A binder: ``total(n, lambda i: …)`` is Σ over i = 1…n."""
    name = f"@{next(_fresh)}"  # no file can declare such a name
    return make(op, size, closed(body(var(name)), name))

def at(vector: Term, *indices: Term) -> Term:
    """An entry of a vector or an array."""
    return rebuilt(make("at", vector, *indices), (vector, *indices))

total, product, for_each = partial(binder, "sum"), partial(binder, "prod"), partial(binder, "all")
log, exp, xlog, delta, case, d = (partial(make, op) for op in ("log", "exp", "xlog", "delta", "case", "deriv"))
eq, le, lt, ne, tends, iff = (partial(make, op) for op in ("eq", "le", "lt", "ne", "tends", "iff"))

#: name: (what each parameter is: a vector of n numbers, an index up to n, or a number; what the name stands for)
DEFINITIONS: dict[str, tuple[tuple[str, ...], Callable[..., Term]]] = {
    "H": (("vector",), lambda n, p: MINUS * total(n, lambda i: xlog(at(p, i), at(p, i), ONE))),
    "CE": (("vector", "vector"), lambda n, p, q: MINUS * total(n, lambda i: xlog(at(p, i), at(q, i), ONE))),
    "D": (("vector", "vector"), lambda n, p, q: total(n, lambda i: xlog(at(p, i), at(p, i), at(q, i)))),
    "softmax": (("vector", "index"), lambda n, z, k: exp(at(z, k)) / total(n, lambda i: exp(at(z, i)))),
    "sigmoid": (("real",), lambda _, x: ONE / (ONE + exp(MINUS * x))),
    "bernoulli": (("real", "real"), lambda _, y, p: case(y, ONE, p, ONE - p)),
}

#: Each law with the conditions under which it holds, in its letters. Both sides have to be defined as well.
RULES: dict[str, Callable[..., tuple[Term, ...]]] = {
    "logarithm of a product": lambda a, b: (eq(log(a * b), log(a) + log(b)), lt(ZERO, a), lt(ZERO, b)),
    "logarithm of one": lambda: (eq(log(ONE), ZERO),),
    "logarithm of a power": lambda a, r: (eq(log(a**r), r * log(a)), lt(ZERO, a)),
    "logarithm of an exponential": lambda a: (eq(log(exp(a)), a),),
    "exponential of a logarithm": lambda a: (eq(exp(log(a)), a), lt(ZERO, a)),
    "exponential of a sum": lambda a, b: (eq(exp(a + b), exp(a) * exp(b)),),
    "exponential of zero": lambda: (eq(exp(ZERO), ONE),),
    "exponential of a multiple": lambda a, r: (eq(exp(r * a), exp(a) ** r),),
    "power as exponential": lambda a, r: (eq(a**r, exp(r * log(a))), lt(ZERO, a)),
    "powers of one base": lambda a, r, c: (eq(a**r * a**c, a ** (r + c)), lt(ZERO, a)),
    "weight times logarithm": lambda w, a, b: (eq(xlog(w, a, b), w * (log(a) - log(b))), lt(ZERO, a), lt(ZERO, b)),
    "zero times logarithm": lambda a, b: (eq(xlog(ZERO, a, b), ZERO), le(ZERO, a), le(ZERO, b)),
    "weighted logarithm of a quotient": lambda w, a, b: (eq(xlog(w, a, b), xlog(w, a, ONE) - xlog(w, b, ONE)),),
    "weighted logarithm of a product": lambda w, a, b: (eq(xlog(w, a * b, ONE), xlog(w, a, ONE) + xlog(w, b, ONE)),),
    "weighted logarithm of a power": lambda w, a, r: (eq(xlog(w, a**r, ONE), r * xlog(w, a, ONE)), lt(ZERO, r)),
    "weights add": lambda v, w, a, b: (eq(xlog(v + w, a, b), xlog(v, a, b) + xlog(w, a, b)),),
    "weights multiply": lambda c, w, a, b: (eq(xlog(c * w, a, b), c * xlog(w, a, b)),),
    "sum of sums": lambda n, f, g: (eq(total(n, lambda i: f(i) + g(i)), total(n, f) + total(n, g)),),
    "constant factor": lambda n, c, f: (eq(total(n, lambda i: c * f(i)), c * total(n, f)),),
    "sum of a constant": lambda n, c: (eq(total(n, lambda i: c), n * c),),
    "order of summation": lambda n, m, f2: (
        eq(total(n, lambda i: total(m, lambda j: f2(i, j))), total(m, lambda j: total(n, lambda i: f2(i, j)))),),
    "delta selects": lambda n, k, f: (eq(total(n, lambda i: delta(i, k) * f(i)), f(k)),),
    "delta of equal indices": lambda k: (eq(delta(k, k), ONE),),
    "logarithm of a product of many": lambda n, f: (
        eq(log(product(n, f)), total(n, lambda i: log(f(i)))), for_each(n, lambda i: lt(ZERO, f(i)))),
    "total probability": lambda t: (eq(t, ONE),),
    "zero or one": lambda a: (eq(a * a, a),),
    "one entry is one": lambda p, k, m: (eq(at(p, k) * at(p, m), delta(k, m) * at(p, k)),),
    "case met": lambda a, b, v, w: (eq(case(a, b, v, w), v), eq(a, b)),
    "case not met": lambda a, b, v, w: (eq(case(a, b, v, w), w), ne(a, b)),
    "derivative of a constant": lambda a, x: (eq(d(a, x), ZERO),),
    "derivative of the variable": lambda x: (eq(d(x, x), ONE),),
    "derivative of an entry": lambda v, k, m: (eq(d(at(v, k), at(v, m)), delta(k, m)),),
    "derivative of a sum": lambda a, b, x: (eq(d(a + b, x), d(a, x) + d(b, x)),),
    "derivative of a product": lambda a, b, x: (eq(d(a * b, x), d(a, x) * b + a * d(b, x)),),
    "derivative of a power": lambda a, r, x: (eq(d(a**r, x), r * a ** (r - ONE) * d(a, x)),),
    "derivative of the logarithm": lambda a, x: (eq(d(log(a), x), d(a, x) / a),),
    "derivative of the exponential": lambda a, x: (eq(d(exp(a), x), exp(a) * d(a, x)),),
    "derivative of a sum over indices": lambda n, f, x: (eq(d(total(n, f), x), total(n, lambda i: d(f(i), x))),),
    "limit of a power": lambda x, r: (tends(x**r, x, ZERO, ZERO), lt(ZERO, r)),
}

#: Conditions on the form of an instance, with which some laws hold and without which they do not.
FORMS: dict[str, Callable[[dict[str, Term], Scope], bool]] = {
    "total probability": lambda v, scope: scope.is_total(v["t"]),
    "zero or one": lambda v, scope: scope.is_bit(v["a"]),
    "one entry is one": lambda v, scope: v["p"].op == "var" and scope.domain(v["p"].value).name == "OneHot",
    "derivative of a constant": lambda v, scope: root(v["x"]) not in v["a"].free,
    "derivative of the variable": lambda v, scope: v["x"].op == "var",
    "derivative of an entry": lambda v, scope: v["v"].op == "var",
    "derivative of a power": lambda v, scope: root(v["x"]) not in v["r"].free,
    "limit of a power": lambda v, scope: v["r"].op == "num" and v["x"].op == "var",
}

def instance(name: str, values: dict[str, Term]) -> tuple[Term, ...]:
    """The law called ``name`` for these terms, and its conditions. Indices of a letter are bound(…), the last one innermost."""
    law = RULES[name] if name in RULES else refuse(f"there is no rule {name[:60]!r}")
    given: dict[str, Any] = {}
    for letter in law.__code__.co_varnames[:law.__code__.co_argcount]:
        t, indices = values.get(letter[0]), {"f": 1, "g": 1, "f2": 2}.get(letter, 0)
        if t is None or t.loose > indices:
            refuse(f"{name}: {letter[0]} is missing, or an index escapes from it", t)
        given[letter] = (t, lambda i, t=t: opened(t, i), lambda i, j, t=t: opened(opened(t, j), i))[indices]
    return law(**given) if len(values) == len(given) else refuse(f"{name} has other letters")

# ---- Equality by the laws of a field. The value of a term is a quotient of polynomials in atoms. Two quotients are
# compared by cross-multiplication; an atom (log a, Σ f, …) is known by its operator and the identities of its arguments.

Monomial = tuple[tuple[int, int], ...]  # (atom, exponent ≠ 0), …; an atom in a denominator has a negative exponent
Polynomial = dict[Monomial, Fraction]
UNIT: Polynomial = {(): Fraction(1)}
PRIME = 2**61 - 1

class Value(NamedTuple):
    """``top / bottom``, and for each atom the part of this very term which it stands for."""
    top: Polynomial
    bottom: Polynomial
    parts: dict[int, Term]

_atoms: dict[Any, int] = {}
_alike: dict[int, list[tuple[int, Value]]] = {}

def small(c: Fraction) -> Fraction:
    """``c``, if it may be reckoned with; long numbers are more work."""
    bits = c.numerator.bit_length() + c.denominator.bit_length()
    tick(1 + bits // 64)
    return c if bits <= MAX_BITS else refuse("a number has too many digits")

def plus(a: Polynomial, b: Polynomial, factor: Fraction = Fraction(1)) -> Polynomial:
    """a + factor·b."""
    tick(len(a) + len(b))
    result = dict(a)
    for m, c in b.items():
        result[m] = small(result.get(m, 0) + factor * c)
    return {m: c for m, c in result.items() if c}

def times(a: Polynomial, b: Polynomial) -> Polynomial:
    """a·b."""
    result: Polynomial = {}
    for m, c in a.items() if b != UNIT else ():
        for n, e in b.items():
            tick(len(m) + 1)
            powers = dict(m)
            for atom, k in n:
                powers[atom] = powers.get(atom, 0) + k
            key = tuple(sorted((atom, k) for atom, k in powers.items() if k))
            result[key] = small(result.get(key, 0) + c * e)
    return a if b == UNIT else {m: c for m, c in result.items() if c}

def power(a: Polynomial, e: int) -> Polynomial:
    """a^e for a whole e ≥ 0."""
    result = UNIT
    for _ in range(e) if e <= MAX_EXPONENT else refuse("an exponent is too large"):
        result = times(result, a)
    return result

@cache
def value(t: Term) -> Value:
    """The value of a term. It holds wherever the term is defined; that it is has to be shown elsewhere."""
    tick()
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
        return Value(top, bottom, parts)
    if t.op == "pow" and (e := constant(t.args[1])) is not None and e.denominator == 1:
        top, bottom, parts = value(t.args[0])
        top, bottom = (top, bottom) if e >= 0 else (bottom, top or refuse("division by zero", t))
        if len(bottom) == 1:  # one monomial divides by negative exponents
            [(m, c)] = bottom.items()
            top, bottom = times(top, {tuple((atom, -k) for atom, k in m): 1 / c}), UNIT
        return Value(power(top, abs(e.numerator)), power(bottom, abs(e.numerator)), parts)
    if t.op == "at" and t.args[0].op == "vec":
        return value(rebuilt(t, t.args))
    arguments: list[Any] = [t.args[1] if t.op == "deriv" and k else identity(a) for k, a in enumerate(t.args)]
    key = (t.op, t.value, *(sorted(arguments) if t.op == "delta" else arguments))
    atom = _atoms.setdefault(key, len(_atoms))
    return Value({((atom, 1),): Fraction(1)}, UNIT, {atom: t})

def constant(t: Term) -> Fraction | None:
    """The number which ``t`` is by the laws of a field."""
    v = value(t)
    return v.top.get((), Fraction(0)) if v.bottom == UNIT and not v.top.keys() - UNIT else None

def fingerprint(p: Polynomial) -> int:
    """The polynomial modulo a prime, at an arbitrary place."""
    result = 0
    for m, c in p.items():
        term = c.numerator * pow(c.denominator if c.denominator % PRIME else refuse("an unlucky number"), -1, PRIME)
        for atom, e in m:
            tick()
            term = term * pow(int.from_bytes(hashlib.sha256(b"%d" % atom).digest()[:7], "big") + 1, e, PRIME) % PRIME
        result += term
    return result % PRIME

@cache
def identity(t: Term) -> int:
    """A number which two terms share exactly when their values are equal. Only values with one fingerprint are compared."""
    v = value(t)
    below = fingerprint(v.bottom) or refuse("an unlucky denominator")
    same = _alike.setdefault(fingerprint(v.top) * pow(below, -1, PRIME) % PRIME, [])
    for number, other in same:
        if times(v.top, other.bottom) == times(other.top, v.bottom):
            return number
    same.append((next(_fresh), v))
    return same[-1][0]

def alike(p: Term, q: Term) -> bool:
    """Two terms or statements, both defined, mean the same by the laws of a field."""
    if p is q or p.op not in STATEMENTS or q.op not in STATEMENTS:
        return p is q or (p.op not in STATEMENTS and q.op not in STATEMENTS and identity(p) == identity(q))
    return p.op == q.op != "tends" and len(p.args) == len(q.args) and all(map(alike, p.args, q.args))

# ---- Scopes: what is declared and assumed, what a term denotes there, its sign, and whether it is defined.

class Kind(NamedTuple):
    """What a variable, or each entry of it, may be: bounds, ends left out, whole numbers only, entries adding up to one."""
    low: int | None = None
    high: int | None = None
    no_low: bool = False
    no_high: bool = False
    whole: bool = False
    total: bool = False
    shapes: tuple[int, ...] = (0, 1, 2)  #: how many sizes there may be
    near: str = ""  #: an open domain around every point, where derivatives are taken

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
    "Family": Kind(0, 1, True, total=True, shapes=(2,)),  # takes d parameters to a distribution over n: Family[n, d]
}

class Domain(NamedTuple):
    """A name of the table, with sizes."""
    name: str
    sizes: tuple[Term, ...] = ()

Sort = tuple[Any, ...]
REAL: Sort = ("real",)
STATEMENT: Sort = ("statement",)

Signs = frozenset[int]  # which of −1, 0, 1 the sign of a term can be, at a point where the term is defined
ANY, POSITIVE, NEGATIVE, NONNEGATIVE, NONPOSITIVE, NAUGHT = map(frozenset, ((-1, 0, 1), (1,), (-1,), (0, 1), (-1, 0), (0,)))
FACT = {"lt": POSITIVE, "le": NONNEGATIVE, "eq": NAUGHT, "ne": POSITIVE | NEGATIVE}  # the sign of right − left

def sign_of(c: Fraction) -> Signs: return frozenset(((c > 0) - (c < 0),))
def sign_product(a: Signs, b: Signs) -> Signs: return frozenset(x * y for x in a for y in b)
def sign_sum(a: Signs, b: Signs) -> Signs: return frozenset(s for x in a for y in b for s in ((x or y,) if x * y >= 0 else ANY))

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

class Scope:
    """Declared variables and hypotheses. A scope remembers what was found out in it."""
    def __init__(self, domains: dict[str, Domain], hypotheses: tuple[Term, ...] = ()) -> None:
        self.domains, self.hypotheses = domains, hypotheses
        self.inner: dict[Any, Scope] = {}
        self.memory: dict[Any, Any] = {}
        self.true: set[Term] = set()
        self.known: list[tuple[Value, Signs]] | None = None

    def domain(self, name: str) -> Domain:
        """The domain of a variable."""
        return self.domains[name] if name in self.domains else refuse(f"{name} is not declared")

    def vector_domain(self, t: Term) -> Domain | None:
        """The domain of a variable, or the one of the distributions which a family takes."""
        if t.op == "of" and t.args[0].op == "var":
            return Domain("OpenSimplex", self.domain(t.args[0].value).sizes[:1])
        return self.domains.get(t.value) if t.op == "var" else None

    def number_domain(self, t: Term) -> Domain | None:
        """The domain of a variable or of an entry."""
        return self.vector_domain(t.args[0] if t.op == "at" else t)

    def assuming(self, *statements: Term) -> Scope:
        """This scope with more hypotheses."""
        if statements and statements not in self.inner:
            self.inner[statements] = Scope(self.domains, (*self.hypotheses, *statements))
        return self.inner[statements] if statements else self

    def open(self, size: Term) -> tuple[Term, Scope]:
        """A new index over 1…size, called #0, #1, …, and the scope which declares it."""
        self.need_size(size)
        name = f"#{sum(name[0] == '#' for name in self.domains)}"
        if ("open", size) not in self.inner:
            self.inner["open", size] = Scope({**self.domains, name: Domain("Index", (size,))}, self.hypotheses)
        return var(name), self.inner["open", size]

    def body(self, t: Term) -> tuple[Term, Scope]:
        """The body of a binder with a new index, and the scope of the body."""
        index, inner = self.open(t.args[0])
        return opened(t.args[1], index), inner

    def near(self, name: str) -> Scope:
        """A neighbourhood of the point in one variable: what may fail beside the point is not known there."""
        domain = self.domain(name)
        wide = KINDS[domain.name].near or refuse(f"no derivative is taken in {name}, which is in {domain.name}")
        if ("near", name) not in self.inner:
            domains = {**self.domains, name: Domain(wide, domain.sizes)}
            self.inner["near", name] = Scope(domains, tuple(h for h in self.hypotheses if name not in h.free))
        return self.inner["near", name]

    # sorts

    def need_size(self, size: Term) -> None:
        """Sizes are declared sizes and whole numbers ≥ 1."""
        number = size.op == "num" and size.value.denominator == 1 and size.value >= 1
        if not number and (size.op != "var" or self.domain(size.value).name != "Size"):
            refuse("this is not a size", size)

    def need(self, t: Term, want: Sort) -> None:
        """``t`` is of the sort ``want``; a literal label fits a literal size."""
        if want[0] == "index" and t.op == "num":
            if want[1].op != "num" or t.value.denominator != 1 or not 1 <= t.value <= want[1].value:
                refuse("an index is out of range", t, want[1])
        elif (got := self.sort(t)) != want:
            refuse(f"{' over '.join(map(str, got))} stands where {' over '.join(map(str, want))} is expected", t)

    @remembered
    def sort(self, t: Term) -> Sort:
        """What ``t`` denotes: a real, an index of some size, a vector, an array, a family, or a statement."""
        if t.op == "num" or (t.op == "const" and t.value == "pi"):
            return REAL
        if t.op == "var":
            name, sizes = self.domain(t.value)
            return ({"Index": "index", "Family": "family"}.get(name) or ("real", "vector", "array")[len(sizes)], *sizes)
        if t.op == "at":
            shape = self.sort(t.args[0])
            if shape[0] not in ("vector", "array") or len(t.args) != len(shape):
                refuse("an entry has one index for each size", t)
            for index, size in zip(t.args[1:], shape[1:], strict=True):
                self.need(index, ("index", size))
        elif t.op == "delta":
            for a in t.args:
                self.need(a, next((s for b in t.args if (s := self.sort(b))[0] == "index"), None) or refuse("no index", t))
        elif t.op == "of":
            family = self.sort(t.args[0])
            self.need(t.args[1], ("vector", family[2] if family[0] == "family" else refuse("this is not a family", t)))
            return "vector", family[1]
        elif t.op == "app":
            self.unfolded(t)
        elif t.op == "deriv":
            self.need(t.args[1], REAL)
            self.near(root(t.args[1])).need(t.args[0], REAL)
        elif t.op in BINDERS:
            body, inner = self.body(t)
            inner.need(body, STATEMENT if t.op == "all" else REAL)
            return ("vector", t.args[0]) if t.op == "vec" else STATEMENT if t.op == "all" else REAL
        elif t.op in ("bound", "const"):
            refuse("this denotes nothing here", t)
        else:
            if t.op == "tends" and (t.args[1].op != "var" or t.args[1].value in t.args[2].free | t.args[3].free):
                refuse("a limit is taken in a variable, and does not depend on it", t)
            for k, a in enumerate(t.args):
                self.need(a, STATEMENT if t.op in ("imp", "iff", "and") or (t.op == "le" and k == 2) else REAL)
        return STATEMENT if t.op in STATEMENTS else REAL

    def unfolded(self, t: Term) -> Term:
        """What a defined function of these arguments stands for."""
        parameters, body = DEFINITIONS.get(t.value) or refuse("this is not defined", t)
        if len(parameters) != len(t.args):
            refuse("a defined function has another number of arguments", t)
        size = self.sort(t.args[0])[-1]
        for want, a in zip(parameters, t.args, strict=True):
            self.need(a, REAL if want == "real" else (want, size))
        return body(size, *t.args)

    # what is decided

    def facts(self) -> list[tuple[Value, Signs]]:
        """What hypotheses say of signs: parts of "and", entries of "for all", conclusions whose premises hold."""
        if self.known is not None:
            return self.known
        self.known, waiting, ready = [], list(self.hypotheses), [ZERO]
        while ready:
            ready = [h for h in waiting if h.op != "imp" or self.holds(h.args[0])]
            waiting = [h for h in waiting if h not in ready]
            for h in ready:
                self.true.add(h)
                if h.op in FACT:
                    self.known.append((value(h.args[1] - h.args[0]), FACT[h.op]))
                    waiting += [iff(eq(*h.args[:2]), h.args[2])] if len(h.args) == 3 else []
                elif h.op == "all":
                    ours = Domain("Index", h.args[:1])
                    waiting += [opened(h.args[1], var(i)) for i, domain in self.domains.items() if domain == ours]
                elif h.op in ("and", "imp"):
                    waiting += h.args[h.op == "imp":]
                elif h.op == "iff":
                    waiting += [make("imp", *h.args), make("imp", *h.args[::-1])]
            self.memory.clear()  # what was not known may be known now
            self.inner.clear()
        return self.known

    def facts_about(self, t: Term) -> list[tuple[Value, Signs]]:
        """What the domain of an atom says of it."""
        domain = self.number_domain(t) if t.op in ("var", "at") else None
        if t.op == "sum" and self.is_total(t):
            return [(value(t - ONE), NAUGHT)]
        kind = KINDS[domain.name] if domain and domain.name != "Index" else Kind(0, 1) if t.op == "delta" else Kind()
        low = [] if kind.low is None else [(value(t - num(kind.low)), POSITIVE if kind.no_low else NONNEGATIVE)]
        return low if kind.high is None else [*low, (value(num(kind.high) - t), POSITIVE if kind.no_high else NONNEGATIVE)]

    def polynomial(self, p: Polynomial, parts: dict[int, Term], deep: int) -> Signs:
        """The sign of a polynomial, from its monomials and from p = c·r + rest where the sign of r is known."""
        found: Signs = NAUGHT
        for m, c in p.items():
            signs = sign_of(c)
            for atom, e in m:
                signs = sign_product(signs, frozenset(s if e % 2 else abs(s) for s in self.sign(parts[atom]) if s or e > 0))
            found = sign_sum(found, signs)
        if deep and p.keys() - UNIT.keys() and len(found) > 1:
            for (r, bottom, others), sign in self.facts() + [f for atom in parts for f in self.facts_about(parts[atom])]:
                for m in r.keys() & p.keys() - UNIT.keys() if bottom == UNIT else ():
                    c = p[m] / r[m]
                    rest = plus(p, r, -c)
                    if len(rest) <= len(p) and (sign != FACT["ne"] or not rest):
                        found &= sign_sum(self.polynomial(rest, {**others, **parts}, deep - 1), sign_product(sign, sign_of(c)))
        return found

    @remembered
    def sign(self, t: Term) -> Signs:
        """The signs which a term that is defined here can have."""
        top, bottom, parts = value(t)
        found = self.structural(t) & sign_product(self.polynomial(top, parts, 2), self.polynomial(bottom, parts, 1))
        for atom, e in sorted({(atom, e) for m in top for atom, e in m if e < 0}) if bottom == UNIT else ():
            if any((atom, e) in m for m in top) and self.sign(parts[atom]) <= POSITIVE:
                top = times(top, {((atom, -e),): Fraction(1)})  # a positive denominator does not change a sign
                found &= self.polynomial(top, parts, 2)
        return found

    def structural(self, t: Term) -> Signs:
        """The signs which a term can have by its form."""
        signs, found = lambda k: self.sign(t.args[k]), ANY
        if t.op == "num":
            return sign_of(t.value)
        if t.op in ("add", "mul"):
            found = signs(0)
            for k in range(1, len(t.args)):
                found = (sign_sum if t.op == "add" else sign_product)(found, signs(k))
        elif t.op == "pow":
            e = constant(t.args[1])
            even = e is not None and e.denominator == 1 and e.numerator % 2 == 0
            found = POSITIVE if signs(0) <= POSITIVE else NONNEGATIVE if even or signs(0) <= NONNEGATIVE else ANY
        elif t.op in ("exp", "const"):
            found = POSITIVE
        elif t.op == "log":
            found = self.sign(t.args[0] - ONE)
        elif t.op == "xlog":
            found = sign_product(signs(0), self.sign(t.args[1] - t.args[2]))
        elif t.op == "abs":
            found = frozenset(abs(s) for s in signs(0))
        elif t.op == "max":
            found = frozenset(max(x, y) for x in signs(0) for y in signs(1))
        elif t.op == "case":
            found = self.assuming(eq(*t.args[:2])).sign(t.args[2]) | self.assuming(ne(*t.args[:2])).sign(t.args[3])
        elif t.op == "app":
            found = self.sign(self.unfolded(t))
        elif t.op in ("sum", "prod", "top"):  # over at least one index
            body, inner = self.body(t)
            found = inner.sign(body)
            found = found if t.op == "top" or found <= NONNEGATIVE or (t.op == "sum" and found <= NONPOSITIVE) else ANY
        return found

    def is_total(self, t: Term) -> bool:
        """Σ of all entries of one distribution, which depends on no index of the sum."""
        sizes: list[Term] = []
        while t.op == "sum":
            sizes.append(t.args[0])
            t = t.args[1]
        domain = self.vector_domain(t.args[0]) if t.op == "at" and not t.args[0].loose else None
        return domain is not None and KINDS[domain.name].total and domain.name != "Family" and \
            domain.sizes == tuple(sizes) and t.args[1:] == tuple(map(bound, reversed(range(len(sizes)))))

    def is_bit(self, t: Term) -> bool:
        """A variable or an entry that is 0 or 1."""
        domain = self.number_domain(t)
        return domain is not None and domain.name in ("Bit", "OneHot")

    def nonzero(self, t: Term) -> bool:
        """Whether a defined term is nowhere zero."""
        return 0 not in self.sign(t) or (t.op == "mul" and all(map(self.nonzero, t.args)))

    def holds(self, s: Term) -> bool:
        """Whether domains and hypotheses decide a defined statement. False says nothing."""
        self.facts()
        if s in self.true:
            return True
        if s.op in FACT:
            a, b = s.args[:2]
            fine = self.nonzero(b - a) if s.op == "ne" else self.sign(b - a) <= FACT[s.op]
            return fine and (len(s.args) == 2 or self.holds(iff(eq(a, b), s.args[2])))
        if s.op == "all":
            body, inner = self.body(s)
            return inner.holds(body)
        if s.op in ("imp", "iff"):
            return all(self.assuming(p).holds(q) for p, q in (s.args, s.args[::-1])[:1 + (s.op == "iff")])
        return s.op == "and" and all(map(self.holds, s.args))

    # what is defined

    def first(self, ts: tuple[Term, ...]) -> Term | None:
        """The first part of these terms that need not be defined."""
        return next((lack for t in ts if (lack := self.undefined(t))), None)

    @remembered
    def undefined(self, t: Term) -> Term | None:
        """A part of a well-typed term or statement that need not be defined everywhere here, or None."""
        if t.op in BINDERS:
            body, inner = self.body(t)
            return inner.undefined(body)
        if t.op == "case":  # each value is read where its condition holds
            return self.first(t.args[:2]) or self.assuming(eq(*t.args[:2])).undefined(t.args[2]) \
                or self.assuming(ne(*t.args[:2])).undefined(t.args[3])
        if t.op in ("imp", "and"):  # what comes later is read where what comes before holds
            return next((lack for k, a in enumerate(t.args) if (lack := self.assuming(*t.args[:k]).undefined(a))), None)
        if t.op == "deriv":
            near = self.near(root(t.args[1]))
            return near.undefined(t.args[0]) or (None if near.smooth(t.args[0], root(t.args[1])) else t)
        if t.op == "infinite":
            return None if self.rises(t.args[0], 1) == "infinite" else self.undefined(t.args[0])
        if t.op == "tends":
            self.need_approach(t.args[1], t.args[2])
            return self.assuming(lt(ZERO, t.args[1])).undefined(t.args[0]) or self.undefined(t.args[3])
        if lack := self.first(t.args):
            return lack
        signs, fine = [self.sign(a) for a in t.args] if t.op in ("log", "pow", "xlog") else [], True
        if t.op == "log":
            fine = signs[0] <= POSITIVE
        elif t.op == "pow":
            e = constant(t.args[1])
            fine = signs[0] <= POSITIVE or (signs[0] <= NONNEGATIVE and signs[1] <= POSITIVE)
            if e is not None and e.denominator == 1:
                fine = e >= 0 or self.nonzero(t.args[0])
        elif t.op == "xlog":  # a, b ≥ 0, and both are positive where the weight is not zero
            w, *pair = t.args
            where = [self.assuming(lt(ZERO, w) if s > 0 else lt(w, ZERO)) for s in signs[0] if s]
            fine = all(s <= NONNEGATIVE for s in signs[1:]) and all(scope.sign(a) <= POSITIVE for scope in where for a in pair)
        elif t.op == "app":
            fine = not self.undefined(self.unfolded(t))
        return None if fine else t

    def smooth(self, t: Term, x: str) -> bool:
        """Whether a term, defined everywhere here, can be differentiated in x again and again; the domain of x is open."""
        if x not in t.free or t.op == "var":
            return True
        if t.op in ("sum", "prod", "vec"):
            body, inner = self.body(t)
            return inner.smooth(body, x)
        if t.op == "app":
            return self.smooth(self.unfolded(t), x)
        if t.op == "deriv":  # a family is differentiable once
            return not any(self.domain(v)[0] == "Family" for v in t.free) and self.near(root(t.args[1])).smooth(t.args[0], x)
        if t.op == "pow" and ((e := constant(t.args[1])) is None or e.denominator > 1) and not self.sign(t.args[0]) <= POSITIVE:
            return False
        if t.op == "xlog" and x in t.args[0].free and not all(self.sign(a) <= POSITIVE for a in t.args[1:]):
            return False  # where the weight is constant, the term is zero throughout or both a and b are positive
        return t.op in ("add", "mul", "pow", "log", "exp", "xlog", "of", "at") and all(self.smooth(a, x) for a in t.args)

    def need_approach(self, x: Term, c: Term) -> None:
        """A limit is taken where a real variable, of which only its domain is known, decreases to 0."""
        name, sizes = self.domain(root(x))
        if c is not ZERO or sizes or KINDS[name].whole or any(x.value in h.free for h in self.hypotheses):
            refuse("there is no limit here", x, c)

    def rises(self, t: Term, s: int) -> str:
        """Of s·t: "infinite" if it is +∞ at every point, "high" if a real number or +∞ at every point, else nothing."""
        kinds: list[str] = [""]
        if t.op == "app":
            return self.rises(self.unfolded(t), s)
        if not self.undefined(t):
            return "high"
        if t.op == "add":
            kinds = [self.rises(a, s) for a in t.args]
        elif t.op == "mul":
            odd = [a for a in t.args if self.undefined(a)]
            signs = [self.sign(a) for a in t.args if a not in odd]
            if len(odd) == 1 and all(sign in (POSITIVE, NEGATIVE) for sign in signs):
                return self.rises(odd[0], s * (-1) ** signs.count(NEGATIVE))
        elif t.op == "sum":
            body, inner = self.body(t)
            ours = [var(i) for i, domain in self.domains.items() if domain == Domain("Index", t.args[:1])]
            kinds = [inner.rises(body, s), *(self.rises(opened(t.args[1], i), s) for i in ours)]
        elif t.op == "xlog" and not self.first(t.args) and all(self.sign(a) <= NONNEGATIVE for a in t.args):
            w, (high, low) = t.args[0], t.args[1:][::s]  # +∞ where low = 0 < high and w > 0
            if self.assuming(lt(ZERO, w)).sign(high) <= POSITIVE:
                kinds = ["infinite" if self.sign(w) <= POSITIVE and self.holds(eq(low, ZERO)) else "high"]
        return max(kinds) if all(kinds) else ""

# ---- Principles. What each takes: t a term, p a proof, n a name, k a number from 0, s a sequence; * for any number of these.

class Proof(NamedTuple):
    """A principle and what it is applied to."""
    by: str
    args: tuple[Any, ...]

class Claim(NamedTuple):
    """A statement in a scope."""
    scope: Scope
    goal: Term

PRINCIPLES = {
    "field": "tt", "rule": "ns", "definition": "t", "rewrite": "ts", "symmetry": "p", "chain": "p*", "sign": "t",
    "combine": "tts", "termwise": "tp", "slope": "tttppp", "hypothesis": "k", "at_index": "pt", "for_all": "tp", "assume": "tp",
    "both": "p*", "part": "pk", "decided": "t", "equivalent": "tttp", "when": "pp", "equality_case": "p", "weaken": "p",
    "cite": "nss", "zero_or_positive": "tpp", "bit_cases": "tpp", "infinity": "t", "squeeze": "tttttppp",
    "multiple_of_limit": "tp"}
LETTER = {Term: "t", Proof: "p", str: "n", int: "k", tuple: "s"}

def together(statements: list[Term]) -> Term:
    """The statements joined by "and"; one alone stands for itself."""
    return make("and", *statements) if len(statements) > 1 else statements[0]

def need_alike(why: str, a: Term, b: Term) -> None:
    """Two defined terms or statements that have to mean the same."""
    if not alike(a, b):
        refuse(why, a, b)

def pairs(values: tuple[Any, ...], kind: type) -> dict[str, Any]:
    """A sequence of pairs of a name, each another one, and a term or a proof."""
    if any(type(v) is not tuple or [type(x) for x in v] != [str, kind] for v in values) or len(dict(values)) < len(values):
        refuse(f"pairs of a name and a {kind.__name__.lower()} are needed")
    return dict(values)

class Replay:
    """Derives statements from proofs; ``library`` holds the claims that may be cited."""
    def __init__(self, library: dict[str, Claim]) -> None:
        self.library, self.trace = library, list[tuple[Scope, Term]]()

    def derive(self, proof: Proof, scope: Scope, *forms: str) -> Term:
        """The statement which the proof proves in the scope; it has to be of one of these forms."""
        tick()
        kinds, want = "".join(LETTER[type(a)] for a in proof.args), PRINCIPLES.get(proof.by, "?")
        try:
            if kinds != want and not (want == "p*" and kinds and not kinds.strip("p")):
                refuse("there is no principle of this name and these arguments")
            s: Term = getattr(self, proof.by)(scope, *proof.args)
        except Refused as problem:
            problem.step = problem.step or " ".join([proof.by, *(a for a in proof.args if type(a) is str)])[:200]
            raise
        self.trace.append((scope, s))
        return s if not forms or s.op in forms else refuse(f"this is not {' or '.join(forms)}", s)

    def defined(self, scope: Scope, want: Sort, *terms: Term) -> None:
        """The terms are of this sort, and defined."""
        for t in terms:
            scope.need(t, want)
            if lack := scope.undefined(t):
                refuse("this is not known to be defined", lack, t if lack is not t else None)

    # equations

    def field(self, scope: Scope, a: Term, b: Term) -> Term:
        self.defined(scope, REAL, a, b)
        need_alike("these are not equal by the laws of a field", a, b)
        return eq(a, b)

    def rule(self, scope: Scope, name: str, values: tuple[Any, ...]) -> Term:
        law, *conditions = instance(name, given := pairs(values, Term))
        if name in FORMS and not FORMS[name](given, scope):
            refuse("the law does not hold for this", law)
        for condition in conditions:
            self.decided(scope, condition)
        self.defined(scope, STATEMENT, law)
        return law

    def definition(self, scope: Scope, t: Term) -> Term:
        self.defined(scope, REAL, t if t.op == "app" else refuse("this is not a defined function", t))
        return eq(t, scope.unfolded(t))

    def rewrite(self, scope: Scope, t: Term, steps: tuple[Any, ...]) -> Term:
        self.defined(scope, STATEMENT if t.op in STATEMENTS else REAL, t)
        relation, now = iff if t.op in STATEMENTS else eq, t
        for step in steps:
            if type(step) is not tuple or [type(a) for a in step] != [tuple, Proof, Term, Term]:
                refuse("a step is a path, a proof, a factor and a new term")
            now = self.step(scope, now, *step)
            self.trace.append((scope, relation(t, now)))
        return relation(t, now)

    def step(self, scope: Scope, t: Term, path: tuple[Any, ...], by: Proof, factor: Term, new: Term) -> Term:
        """``t`` with ``new`` at the path, where old − new = factor·(left − right) and left = right is proved there."""
        if not path and t.op in STATEMENTS:
            p, q = self.derive(by, scope, "iff").args
            self.defined(scope, STATEMENT, new)
            need_alike("another statement stands here", t, p)
            need_alike("another statement is put here", new, q)
        elif not path:
            a, b = self.derive(by, scope, "eq").args
            self.defined(scope, REAL, t, factor, new)
            need_alike("the step does not follow from the equation", t - new, factor * (a - b))
        if not path:
            return new
        k = path[0]
        if type(k) is not int or not 0 <= k < len(t.args) or t.op == "tends" or (t.op == "deriv" and k):
            refuse("there is no place like this", t)
        if t.op in BINDERS and k:
            index, inner = scope.open(t.args[0])
            part = closed(self.step(inner, opened(t.args[1], index), path[1:], by, factor, new), index.value)
        else:  # near the point; where a condition holds; where the parts before hold
            inner = scope.near(root(t.args[1])) if t.op == "deriv" else scope
            inner = inner.assuming((eq, ne)[k - 2](*t.args[:2])) if t.op == "case" and k > 1 else inner
            inner = inner.assuming(*t.args[:k]) if t.op in ("and", "imp") else inner
            part = self.step(inner, t.args[k], path[1:], by, factor, new)
        return rebuilt(t, (*t.args[:k], part, *t.args[k + 1:]))

    # relations

    def symmetry(self, scope: Scope, proof: Proof) -> Term:
        s = self.derive(proof, scope, "eq", "iff")
        return make(s.op, *s.args[::-1])

    def chain(self, scope: Scope, *proofs: Proof) -> Term:
        links = [self.derive(p, scope, "eq", "le", "lt", "iff") for p in proofs]
        for s, then in pairwise(links):
            need_alike("the chain is broken", s.args[1], then.args[0])
        ops, cases = {s.op for s in links}, [s.args[2:] for s in links if s.op == "le"]
        op = next(op for op in ("iff", "lt", "le", "eq") if op in ops and (op != "iff" or len(ops) == 1))
        exactly = (together([e[0] for e in cases]),) if op == "le" and all(cases) else ()
        return make(op, links[0].args[0], links[-1].args[1], *exactly)

    def sign(self, scope: Scope, t: Term) -> Term:
        self.defined(scope, REAL, t)
        for known, (op, a, b) in ((POSITIVE, ("lt", ZERO, t)), (NEGATIVE, ("lt", t, ZERO)), (NAUGHT, ("eq", t, ZERO)),
                                  (NONNEGATIVE, ("le", ZERO, t)), (NONPOSITIVE, ("le", t, ZERO))):
            if scope.sign(t) <= known:
                return make(op, a, b, *([eq(t, ZERO)] if op == "le" else []))
        refuse("the sign of this is not known", t)

    def combine(self, scope: Scope, a: Term, b: Term, parts: tuple[Any, ...]) -> Term:
        self.defined(scope, REAL, a, b)
        all_, ops, cases = ZERO, {"eq"}, list[tuple[Term, ...]]()
        for part in parts:
            factor, proof = part if type(part) is tuple and [type(x) for x in part] == [Term, Proof] else refuse("not a part")
            s = self.derive(proof, scope, "eq", "le", "lt")
            self.defined(scope, REAL, factor)
            all_ += factor * (s.args[1] - s.args[0])
            if s.op != "eq":
                if not (sign := scope.sign(factor)) <= NONNEGATIVE:
                    refuse("an inequality is multiplied by what may be negative", factor, s)
                ops.add(s.op if sign <= POSITIVE else "le")
                cases.append(s.args[2:] if sign <= POSITIVE else ())
        need_alike("the parts do not add up", b - a, all_)
        op = next(op for op in ("lt", "le", "eq") if op in ops)
        return make(op, a, b, *((together([e[0] for e in cases]),) if op == "le" and all(cases) else ()))

    def termwise(self, scope: Scope, size: Term, proof: Proof) -> Term:
        index, inner = scope.open(size)
        s = self.derive(proof, inner, "eq", "le", "lt")
        return make(s.op, *(make("sum" if k < 2 else "all", size, closed(a, index.value)) for k, a in enumerate(s.args)))

    def slope(self, scope: Scope, x: Term, f: Term, c: Term, derivative: Proof, below: Proof, above: Proof) -> Term:
        name, sizes = domain = scope.domain(root(x))
        if x.op != "var" or sizes or KINDS[name].whole or any(x.value in h.free for h in scope.hypotheses):
            refuse("the variable does not run through an interval", x)
        if x.value in c.free or not self.belongs(scope, c, domain, []):
            refuse("this is not a point of the interval", c)
        s = self.derive(derivative, scope, "eq")
        need_alike("another derivative is needed", s.args[0], d(f, x))
        for proof, side, want in ((below, lt(x, c), lt(s.args[1], ZERO)), (above, lt(c, x), lt(ZERO, s.args[1]))):
            need_alike("another sign is needed", self.derive(proof, scope.assuming(side)), want)
        least = substituted(f, {x.value: c})
        self.defined(scope, REAL, d(f, x), least, f)
        return le(least, f, eq(x, c))

    def equivalent(self, scope: Scope, p: Term, q: Term, factor: Term, by: Proof) -> Term:
        self.defined(scope, STATEMENT, p, q)
        self.defined(scope, REAL, factor)
        if p.op != "eq" or q.op != "eq" or not scope.nonzero(factor):
            refuse("these are not equations, or the factor may be zero", p, q)
        (a, b), (c, e), s = p.args, q.args, self.derive(by, scope, "eq")
        need_alike("another equation is needed", (a - b) - factor * (c - e), s.args[0] - s.args[1])
        return iff(p, q)

    def when(self, scope: Scope, inequality: Proof, equivalence: Proof) -> Term:
        s, e = self.equality_case(scope, inequality), self.derive(equivalence, scope, "iff")
        need_alike("another equality case is needed", s.args[1], e.args[0])
        return le(*s.args[0].args, e.args[1])

    def equality_case(self, scope: Scope, proof: Proof) -> Term:
        s = self.derive(proof, scope, "le")
        return iff(eq(*s.args[:2]), s.args[2]) if len(s.args) == 3 else refuse("no equality case is known", s)

    def weaken(self, scope: Scope, proof: Proof) -> Term:
        return le(*self.derive(proof, scope, "eq", "le", "lt").args[:2])

    # statements

    def hypothesis(self, scope: Scope, k: int) -> Term:
        return scope.hypotheses[k] if k < len(scope.hypotheses) else refuse("there is no such hypothesis")

    def at_index(self, scope: Scope, proof: Proof, i: Term) -> Term:
        s = self.derive(proof, scope, "all")
        scope.need(i, ("index", s.args[0]))
        return opened(s.args[1], i)

    def for_all(self, scope: Scope, size: Term, proof: Proof) -> Term:
        index, inner = scope.open(size)
        s = self.derive(proof, inner)
        each = [make("all", size, closed(p, index.value)) for p in (s.args if s.op == "iff" else (s,))]
        return iff(*each) if s.op == "iff" else each[0]

    def assume(self, scope: Scope, hypothesis: Term, proof: Proof) -> Term:
        self.defined(scope, STATEMENT, hypothesis)
        return make("imp", hypothesis, self.derive(proof, scope.assuming(hypothesis)))

    def both(self, scope: Scope, *proofs: Proof) -> Term:
        s = [self.derive(p, scope) for p in proofs]
        mutual = len(s) == 2 and s[0].op == s[1].op == "imp" and s[0].args == s[1].args[::-1]
        return iff(*s[0].args) if mutual else make("and", *s)

    def part(self, scope: Scope, proof: Proof, k: int) -> Term:
        s = self.derive(proof, scope, "and")
        return s.args[k] if k < len(s.args) else refuse("there is no such part", s)

    def decided(self, scope: Scope, statement: Term) -> Term:
        self.defined(scope, STATEMENT, statement)
        return statement if scope.holds(statement) else refuse("this condition is not decided", statement)

    def zero_or_positive(self, scope: Scope, w: Term, zero: Proof, positive: Proof) -> Term:
        self.decided(scope, le(ZERO, w))
        return self.cases((zero, scope.assuming(eq(w, ZERO))), (positive, scope.assuming(lt(ZERO, w))))

    def bit_cases(self, scope: Scope, y: Term, zero: Proof, one: Proof) -> Term:
        self.defined(scope, REAL, y if scope.is_bit(y) else refuse("this is not a bit", y))
        return self.cases((zero, scope.assuming(eq(y, ZERO))), (one, scope.assuming(eq(y, ONE))))

    def cases(self, *cases: tuple[Proof, Scope]) -> Term:
        """What holds in each of several cases, one of which is met."""
        first, *rest = [self.derive(proof, scope) for proof, scope in cases]
        return first if all(s is first for s in rest) else refuse("the cases prove different statements", first, rest[0])

    # limits and infinity

    def infinity(self, scope: Scope, t: Term) -> Term:
        scope.need(t, REAL)
        return make("infinite", t) if scope.rises(t, 1) == "infinite" else refuse("this is not known to be +∞", t)

    def squeeze(self, scope: Scope, t: Term, x: Term, v: Term, end: Term, near: Term, *proofs: Proof) -> Term:
        low, high, to = proofs
        scope.need_approach(x, ZERO)
        self.defined(scope, REAL, v, near)
        if x.op != "var" or x.value in v.free | near.free or not scope.sign(near) <= POSITIVE:
            refuse("the limit and its neighbourhood may not depend on the variable", v, near)
        if (s := self.derive(to, scope)) is not tends(end, x, ZERO, ZERO):
            refuse("the bound is not known to tend to zero", s, end)
        for proof, want in ((low, le(MINUS * end, t - v)), (high, le(t - v, end))):
            s = self.weaken(scope.assuming(lt(x, near)), proof)
            need_alike("another inequality is needed", s, want)
        return tends(t, x, ZERO, v)

    def multiple_of_limit(self, scope: Scope, c: Term, proof: Proof) -> Term:
        a, x, to, v = self.derive(proof, scope, "tends").args
        self.defined(scope, REAL, c)
        return tends(c * a, x, to, ZERO if v is ZERO else c * v) if root(x) not in c.free else refuse("not a constant", c)

    # citations

    def cite(self, scope: Scope, label: str, values: tuple[Any, ...], proofs: tuple[Any, ...]) -> Term:
        claim, given = self.library.get(label) or refuse("this is not among the citations"), pairs(values, Term)
        if given.keys() != claim.scope.domains.keys():
            refuse("a citation gives a value to each variable")
        shown = [self.derive(p, scope) for p in pairs(proofs, Proof).values()]
        for name, (kind, sizes) in claim.scope.domains.items():
            if not self.belongs(scope, given[name], Domain(kind, tuple(substituted(s, given) for s in sizes)), shown):
                refuse(f"{name} may lie outside {kind}", given[name])
        for h in claim.scope.hypotheses:
            if (here := substituted(h, given)) not in shown:
                self.decided(scope, here)
        goal = substituted(claim.goal, given)
        self.defined(scope, STATEMENT, goal)
        return goal

    def belongs(self, scope: Scope, t: Term, domain: Domain, shown: list[Term]) -> bool:
        """Whether a term lies in a domain at every point of the scope."""
        (name, sizes), own, inner, indices = domain, scope.vector_domain(t), scope, list[Term]()
        kind = KINDS[name]
        if name in ("Size", "Index", "Family"):
            scope.need_size(t) if name == "Size" else scope.need(t, (name.lower(), *sizes))
            return True
        scope.need(t, (("real", "vector", "array")[len(sizes)], *sizes))
        for size in sizes:
            index, inner = inner.open(size)
            indices.append(index)
        x = at(t, *indices) if indices else t
        self.defined(inner, REAL, x)
        fits = all(c is None or inner.sign(num(s) * (x - num(c))) <= (POSITIVE if left_out else NONNEGATIVE)
                   for c, left_out, s in ((kind.low, kind.no_low, 1), (kind.high, kind.no_high, -1)))
        adds = not kind.total or (own is not None and KINDS[own.name].total) or (
            len(sizes) == 1 and ((whole := eq(total(sizes[0], lambda i: at(t, i)), ONE)) in shown or scope.holds(whole)))
        return fits and adds and (not kind.whole or inner.is_bit(x) or x in (ZERO, ONE))

# ---- Files.

def term(data: Any, depth: int = 0) -> Term:
    """A term as it is written: a list of its operator, its content if it has any, and its arguments."""
    tick()
    if depth > MAX_DEPTH or not isinstance(data, list) or not data or not isinstance(data[0], str):
        refuse("this is not a term, or nested too deep")
    op, *rest = data
    if op in ("num", "var", "const", "bound"):
        content = rest[0] if len(rest) == 1 else None
        if type(content) is not (int if op == "bound" else str) or (op == "num" and not NUMBER.fullmatch(content)):
            refuse(f"{op} is followed by something else")
        if op == "bound" and not 0 <= content <= MAX_DEPTH:
            refuse("there is no such binder")
        return num(Fraction(content)) if op == "num" else make(op, value=content)
    name = rest.pop(0) if op == "app" and rest else None
    low, high = ARITY.get(op, (1, 0))
    if not low <= len(rest) <= high or not isinstance(name, str if op == "app" else type(None)):
        refuse(f"there is no operator {op[:40]!r} of {len(rest)} arguments")
    return make(op, *[term(a, depth + 1) for a in rest], value=name)

def decoded(data: Any, depth: int = 0) -> Any:
    """A part of a proof: a term, a proof, a sequence, a name or a number from 0."""
    tick()
    if isinstance(data, list):
        return term(data)
    if isinstance(data, str) or (type(data) is int and data >= 0):
        return data
    keys = set(data) if isinstance(data, dict) and depth <= 2 * MAX_DEPTH else set()
    if keys == {"seq"} and isinstance(data["seq"], list):
        return tuple([decoded(a, depth + 1) for a in data["seq"]])
    if keys == {"by", "args"} and isinstance(data["by"], str) and isinstance(data["args"], list):
        return Proof(data["by"], tuple([decoded(a, depth + 1) for a in data["args"]]))
    refuse("this is not part of a proof, or nested too deep")

def claimed(data: Any) -> Claim:
    """The claim written as ``data``, which has to make sense: each hypothesis is defined where the ones before it hold."""
    names = ["domains", "goal", "hypotheses"]
    parts = [data[name] for name in names] if isinstance(data, dict) and sorted(data) == names else [None]
    if not all(isinstance(part, list) for part in parts):
        refuse("a claim has domains, hypotheses and a goal")
    domains: dict[str, Domain] = {}
    for row in parts[0]:
        if not isinstance(row, list) or [type(x) for x in row] != [str, str, list]:
            refuse("a domain is written as a name, a domain, and sizes")
        name, kind, sizes = row
        if name in domains or name[:1] in ("", "#", "@") or kind not in KINDS or len(sizes) not in KINDS[kind].shapes:
            refuse(f"{name[:40]!r} is declared twice, is no name, or has no domain {kind[:40]!r} of {len(sizes)} sizes")
        domains[name] = Domain(kind, tuple(map(term, sizes)))
    scope, check = Scope(domains), Replay({})
    for size in [size for domain in domains.values() for size in domain.sizes]:
        scope.need_size(size)
    for h in map(term, parts[2]):
        check.defined(scope, STATEMENT, h)
        scope = scope.assuming(h)
    check.defined(scope, STATEMENT, goal := term(parts[1]))
    return Claim(scope, goal)

def encoded(t: Term) -> list[Any]:
    """A term as it is written."""
    return [t.op, *([] if t.value is None else [t.value if t.op == "bound" else str(t.value)]), *map(encoded, t.args)]

def digest(claim: Claim) -> str:
    """The content hash of a claim."""
    data = {"domains": [[name, kind, [*map(encoded, sizes)]] for name, (kind, sizes) in claim.scope.domains.items()],
            "hypotheses": [*map(encoded, claim.scope.hypotheses)], "goal": encoded(claim.goal)}
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

RELATIONS = {"=": "eq", "<=": "le", "<": "lt", ">=": "le", ">": "lt"}

def leads(statements: list[Term], op: str, a: Term, b: Term) -> bool:
    """Whether derived relations, one after another, give a = b, a ≤ b or a < b (by ``op``)."""
    found, size = {(identity(a), op != "lt")}, 0
    while size < len(found):
        size = len(found)
        for s in [s for s in statements if s.op == "eq" or (s.op in ("le", "lt") and op != "eq")]:
            ends = identity(s.args[0]), identity(s.args[1])
            for x, y in (ends, ends[::-1])[:1 + (s.op == "eq")]:
                found |= {(y, strict or s.op == "lt") for z, strict in found if z == x}
    return (identity(b), True) in found

def need_lines(lines: Any, claim: Claim, trace: list[tuple[Scope, Term]]) -> None:
    """What each displayed line says is among what the proof derives, or follows from it (docs/certificate.md)."""
    here = [s for scope, s in trace if scope.hypotheses == claim.scope.hypotheses and scope.domains == claim.scope.domains]
    cases, last, shown = {h for scope, _ in trace for h in scope.hypotheses}, dict[int, Term](), list[tuple[str, Term]]()
    under: list[Term] = []  # the conditions of the cases which a line stands in, one for each depth
    for line in lines if isinstance(lines, list) else refuse("lines are a list"):
        if not isinstance(line, dict) or type(line.get("relation")) is not str or type(line.get("depth")) is not int:
            refuse("a line has a relation, a term and a depth")
        if line.get("term") is None:
            continue
        t, relation, depth = term(line["term"]), line["relation"], line["depth"]
        known = [s for scope, s in trace if set(under[:depth]) <= set(scope.hypotheses)] if depth else here
        under[depth:] = [t] if relation == "case" else under[depth:]
        if t.free <= claim.scope.domains.keys() and claim.scope.sort(t) and not depth and (lack := claim.scope.undefined(t)):
            refuse("a displayed line is not known to be defined", t, lack)
        if relation in RELATIONS and depth in last:
            a, b = (t, last[depth]) if ">" in relation else (last[depth], t)
            follows = leads(known, RELATIONS[relation], a, b)
        else:
            follows = t in {"statement": known, "case": cases, "": [a for s in known for a in s.args]}.get(relation, ())
            follows |= relation == "statement" and t.op == "infinite" and claim.scope.rises(t.args[0], 1) == "infinite"
        if not follows:
            refuse("a displayed line does not follow from the proof", last.get(depth), t)
        last[depth], shown = t, [*shown, (relation, t)]
    chain = shown and all(relation in ("", *RELATIONS) for relation, _ in shown)
    if chain and {shown[0][1], shown[-1][1]} != set(claim.goal.args[:2]):
        refuse("the displayed lines are about something else", shown[0][1], shown[-1][1])

class Library:
    """Theorems by their labels, replayed when they are asked for; one that is asked for in its own proof is refused."""
    def __init__(self, theorems: list[dict[str, Any]]) -> None:
        self.theorems = {theorem["label"]: theorem for theorem in theorems}
        self.claims: dict[str, Claim] = {}
        self.problems: dict[str, Refused | None] = {}
        if len(self.theorems) < len(theorems):
            raise Unreadable("two theorems have one label")

    def problem(self, label: str) -> Refused | None:
        """What is refused in a theorem, after replaying what it cites; None if nothing is."""
        if label not in self.problems:
            self.problems[label] = Refused("this is cited in its own proof")
            try:
                self.claims[label] = self.replay(self.theorems[label])
                self.problems[label] = None
            except Refused as problem:
                self.problems[label] = problem
            except (RecursionError, UnicodeError, MemoryError, OverflowError):
                self.problems[label] = Refused("this is too large, or not text")
        return self.problems[label]

    def replay(self, theorem: dict[str, Any]) -> Claim:
        """The claim of the theorem, if its proof proves it, and what is recorded besides agrees."""
        cites = theorem.get("cites")
        for cited, recorded in cites.items() if isinstance(cites, dict) else refuse("citations are labels with hashes"):
            if cited not in self.theorems or self.problem(cited) or recorded != digest(self.claims[cited]):
                refuse(f"{cited[:200]} is cited: it is not replayed, or is another statement than the one cited")
        work[0] = MAX_WORK
        claim, proof = claimed(theorem.get("claim")), decoded(theorem.get("proof"))
        if digest(claim) != theorem.get("hash") or type(proof) is not Proof:
            refuse("the recorded hash is not that of the claim, or there is no proof")
        replay = Replay({cited: self.claims[cited] for cited in cites})
        need_alike("the proof proves another statement", replay.derive(proof, claim.scope), claim.goal)
        need_lines(theorem.get("lines", []), claim, replay.trace)
        return claim

def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one that gives a key twice can be read in two ways."""
    return dict(items) if len(dict(items)) == len(items) else refuse("a key is given twice")

def read(path: str) -> list[dict[str, Any]]:
    """The theorems of a certificate file."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        content = json.loads(data.decode(), object_pairs_hook=unique) if len(data) <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError, MemoryError, Refused) as problem:
        raise Unreadable(f"{path}: {problem}") from None
    theorems = content.get("theorems") if isinstance(content, dict) and content.get("schema") == SCHEMA else None
    if not isinstance(theorems, list) or not all(isinstance(t, dict) and isinstance(t.get("label"), str) for t in theorems):
        raise Unreadable(f"{path}: not a certificate of the schema {SCHEMA}")
    return theorems

def main(arguments: list[str]) -> int:
    """0 if every theorem of the files is replayed, 1 if one is refused, 2 if a file cannot be read."""
    files, as_json, limit, rows = [a for a in arguments if a != "--json"], "--json" in arguments, sys.getrecursionlimit(), []
    try:
        sys.setrecursionlimit(max(limit, 20_000))
        if not files or any(f.startswith("-") for f in files):
            raise Unreadable("usage: replay.py [--json] FILE…")
        library = Library([theorem for file in files for theorem in read(file)])
        for label in library.theorems:
            problem = library.problem(label)
            row = {"label": label, "verdict": "refused" if problem else "replayed"}
            if problem:
                sides = {name: str(t)[:2000] for name, t in (("left", problem.left), ("right", problem.right)) if t is not None}
                row |= {"step": problem.step or "claim", "why": problem.why, **sides}
            rows.append(row)
    except Unreadable as problem:
        rows = [{"label": "", "verdict": "unreadable", "why": str(problem)}]
    finally:
        sys.setrecursionlimit(limit)
    for row in rows if not as_json else ():
        text = [f"{row['verdict']:9} {row['label']}" + (f": {row.get('step', 'file')}: {row['why']}" if "why" in row else "")]
        text += [f"    {side:6}{row[side]}" for side in ("left", "right") if side in row]
        print("\n".join(text).encode("utf-8", "replace").decode())
    if as_json:
        print(json.dumps(rows, indent=1))
    return max({"replayed": 0, "refused": 1, "unreadable": 2}[row["verdict"]] for row in rows) if rows else 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
