"""SymPy expressions and kernel terms. Written under ``sympy.evaluate(False)``, what is written is what is judged.

What a head means is told by its very class, never by the name of one: ``sympy.bernoulli`` counts numbers, and ours is a mass.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.function import UndefinedFunction

from derivations._kernel.algebra import Algebra
from derivations._kernel.definitions import DEFINITIONS
from derivations._kernel.domains import Domain, Scope, sort
from derivations._kernel.order import Order
from derivations._kernel.terms import ONE, IllFormed, Term, closed, entry, num, opened, subterms, var

from .where import name as valid_name


class Unreadable(IllFormed):
    """A SymPy expression with no meaning in the language of terms."""


class Said:
    """A statement that SymPy has no notation for; its parts are SymPy expressions, statements or terms."""

    def __init__(self, op: str, *parts: Any) -> None:
        self.op, self.parts = op, parts


class Vec(sp.Expr):
    """The vector of all ``body`` for an index from 1 to a size: ``Vec(body, (i, 1, n))``."""

    def __new__(cls, body: Any, limits: tuple[Any, Any, Any]) -> Vec:
        strict = [sp.sympify(part, strict=True) for part in (body, *limits)]  # text, or what only prints as text, is not parsed
        made: Vec = sp.Expr.__new__(cls, strict[0], sp.Tuple(*strict[1:]))
        return made


class Own(sp.Function):
    """A function of ours; each is a class of its own, and no class of SymPy or of a user is one of them."""


#: Our functions, by name: those that have a definition, and the weighted logarithm.
OWN: dict[str, type[Own]] = {name: type(name, (Own,), {}) for name in (*DEFINITIONS, "xlog")}
_NAMES = {made: name for name, made in OWN.items()}


def from_sympy(e: Any, scope: Scope) -> Term:
    """The term, or the statement, which the SymPy expression ``e`` denotes in ``scope``.

    A weight times a logarithm whose argument may be zero becomes a term of its own (0·log 0 = 0).
    """
    return _Reader(Algebra(), {}).read(e, scope, {})


class _Reader:
    def __init__(self, algebra: Algebra, made: dict[Scope, Order]) -> None:
        self.algebra, self.made = algebra, made
        self.known: dict[tuple[type, str], Any] = {}  #: the symbol and the vector that each name was first met as

    def read(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        if isinstance(e, Term):
            return e
        if isinstance(e, Said):
            return self._said(e, scope, bound)
        if isinstance(e, bool):
            raise Unreadable("SymPy has decided a statement; write results inside derivation(), where nothing is evaluated")
        if isinstance(e, (int, Fraction)):
            return num(e)
        if not isinstance(e, sp.Basic):
            raise Unreadable(f"{type(e).__name__} is not a formula")
        reader = _READERS.get(type(e))
        if reader is not None:
            term: Term = reader(self, e, scope, bound)
            return term
        if isinstance(e, sp.Function):
            return self._function(e, scope, bound)
        raise Unreadable(f"{type(e).__name__} has no meaning here")

    def all(self, parts: Any, scope: Scope, bound: dict[str, str]) -> list[Term]:
        return [self.read(p, scope, bound) for p in parts]

    # ---- leaves

    def named(self, e: Any, written: Any) -> str:
        """The name of a symbol or a vector; two that SymPy tells apart have two names."""
        name = valid_name(str(written))
        if self.known.setdefault((type(e), name), e) != e:
            raise Unreadable(f"two symbols are called {name}, with different assumptions; use one, or rename the other")
        if not e.is_commutative:
            raise Unreadable(f"{name} does not commute, and a number does")
        return name

    def symbol(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        name = self.named(e, e.name)
        return var(bound.get(name, name))

    def base(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        return var(self.named(e, e.label))

    def indexed(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        return entry(self.read(e.base, scope, bound), *self.all(e.indices, scope, bound))

    def number(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        return num(Fraction(int(e.p), int(e.q)))

    def decimal(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        with sp.evaluate(True):
            exact = sp.Float(str(e), precision=e._prec) == e
        if not exact:  # 0.1 is one tenth, but 1/3 and 0.1 + 0.2 were rounded by Python before SymPy saw them
            raise Unreadable(f"{e} is a rounded number; write Rational(a, b) for a quotient, a sum of decimals as one number")
        return num(Fraction(str(e)))

    # ---- arithmetic

    def add(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        return _joined("add", self.all(e.args, scope, bound))

    def mul(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        parts = [a for a in _flat(sp.Mul, e) if a is not sp.S.One] or [sp.S.One]
        factors = self.all(parts, scope, bound)
        return self.weighted([x for f in factors for x in (f.args if f.op == "mul" else (f,))], scope)

    def weighted(self, factors: list[Term], scope: Scope) -> Term:
        """A product; weights are drawn into a logarithm whose argument may be zero."""
        logs = [k for k, f in enumerate(factors) if f.op == "log"]
        if len(logs) == 1 and len(factors) > 1:
            over, under = _quotient(factors[logs[0]].args[0])
            order = Order.of(scope, self.algebra, self.made)
            try:
                certain = order.undefined(factors[logs[0]]) is None
            except IllFormed:
                certain = True
            if not certain:
                rest = [f for k, f in enumerate(factors) if k != logs[0]]
                front = [f for f in rest if f.op == "num"]
                weights = [f for f in rest if f.op != "num"]
                if weights:
                    return _joined("mul", [*front, Term("xlog", _joined("mul", weights), over, under)])
        return _joined("mul", factors)

    def pow(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        if e.base is sp.E:
            return self.exponential(e, scope, bound)
        return Term("pow", *self.all(e.args, scope, bound))

    def exponential(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        return Term("exp", self.read(e.exp, scope, bound))

    def logarithm(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        logs = [Term("log", a) for a in self.all(e.args, scope, bound)]
        if len(logs) > 2:
            raise Unreadable("a logarithm has an argument, and a base perhaps")
        return logs[0] if len(logs) == 1 else logs[0] / logs[1]

    def absolute(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        (argument,) = self.all(e.args, scope, bound)
        return Term("abs", argument)

    def maximum(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        first, *rest = self.all(e.args, scope, bound)
        for t in rest:
            first = Term("max", first, t)
        return first

    def piecewise(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        if len(e.args) != 2 or type(e.args[0][1]) is not sp.Eq or e.args[1][1] is not sp.true:
            raise Unreadable("a case distinction has one condition u = v, and 'otherwise'")
        condition = self.all(e.args[0][1].args, scope, bound)
        return Term("case", *condition, self.read(e.args[0][0], scope, bound), self.read(e.args[1][0], scope, bound))

    def delta(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        return Term("delta", *self.all(e.args, scope, bound))

    # ---- binders and derivatives

    def binder(self, op: str) -> Callable[..., Term]:
        def read(e: Any, scope: Scope, bound: dict[str, str]) -> Term:
            return self.under(op, e.args[0], list(e.args[1:]), scope, bound)

        return read

    def under(self, op: str, body: Any, limits: list[Any], scope: Scope, bound: dict[str, str]) -> Term:
        """SymPy writes the innermost index first."""
        if not limits:
            return self.read(body, scope, bound)
        if len(limits[-1]) != 3 or type(limits[-1][0]) is not sp.Symbol or limits[-1][1] != 1:
            raise Unreadable("an index is a symbol, and runs from 1 to a size")
        i, _, high = limits[-1]
        size = self.read(high, scope, bound)
        scope.check_size(size)
        inner = scope.fresh()
        scope_inside = scope.declaring(inner, Domain("Index", (size,)))
        t = self.under(op, body, limits[:-1], scope_inside, {**bound, self.named(i, i.name): inner})
        return Term(op, size, closed(t, inner))

    def derivative(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        t = self.read(e.args[0], scope, bound)
        for x, count in e.args[1:]:
            if not (count.is_number and count.is_integer and 1 <= int(count) <= 8):
                raise Unreadable("a derivative of an order between 1 and 8 is needed")
            for _ in range(int(count)):
                t = Term("deriv", t, self.read(x, scope, bound))
        return t

    # ---- functions and statements

    def _function(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        own, name = _NAMES.get(type(e)), type(e).__name__
        if own == "xlog":
            return Term("xlog", *self.all(e.args, scope, bound))
        if own is not None:
            return Term("app", own, *self.all(e.args, scope, bound))
        free = type(type(e)) is UndefinedFunction  # sympy.Function("q"), which means nothing but its name
        if free and len(e.args) == 1 and scope.declares(name) and scope.domain(name).name == "Family":
            return Term("of", var(valid_name(name)), self.read(e.args[0], scope, bound))
        if name in OWN:
            raise Unreadable(f"this {name} is another function; ours is imported from derivations.authoring")
        raise Unreadable(f"the function {name!r} is not known")

    def relation(self, e: Any, scope: Scope, bound: dict[str, str]) -> Term:
        a, b = self.all(e.args, scope, bound)
        op = _RELATIONS[type(e)]
        a, b = (b, a) if type(e) in (sp.Gt, sp.Ge) else (a, b)
        kind = sort(a, scope)
        if op == "eq" and kind.name == "vector":
            left, right = (entry(t, Term("bound", 0)) for t in (a, b))
            return Term("all", kind.sizes[0], Term("eq", left, right))
        return Term(op, a, b)

    def _said(self, s: Said, scope: Scope, bound: dict[str, str]) -> Term:
        if s.op == "all":
            return self.under("all", s.parts[0], [s.parts[1]], scope, bound)
        if s.op == "tends":
            return Term("tends", *self.all((s.parts[0], s.parts[1], s.parts[2], s.parts[3]), scope, bound))
        if s.op == "exactly when":
            relation = self.read(s.parts[0], scope, bound)
            if relation.op != "le" or len(relation.args) != 2:
                raise Unreadable("an equality case belongs to a \u2264 or \u2265; write Le(a, b) or Ge(a, b) in exactly_when")
            return Term("le", *relation.args[:2], self.read(s.parts[1], scope, bound))
        return Term(s.op, *self.all(s.parts, scope, bound))


def _flat(kind: type, e: Any) -> list[Any]:
    return [x for a in e.args for x in (_flat(kind, a) if isinstance(a, kind) else [a])]


def _joined(op: str, parts: list[Term]) -> Term:
    flat = [x for p in parts for x in (p.args if p.op == op else (p,))]
    return flat[0] if len(flat) == 1 else Term(op, *flat)


def _quotient(t: Term) -> tuple[Term, Term]:
    """The numerator and denominator which a product shows."""
    factors = list(t.args) if t.op == "mul" else [t]
    under = [f for f in factors if f.op == "pow" and f.args[1].op == "num" and f.args[1].args[0] < 0]
    over = [f for f in factors if f not in under]
    below = [f.args[0] if f.args[1] == num(-1) else Term("pow", f.args[0], num(-f.args[1].args[0])) for f in under]
    return _joined("mul", over) if over else ONE, _joined("mul", below) if below else ONE


_RELATIONS: dict[Any, str] = {sp.Eq: "eq", sp.Ne: "ne", sp.Lt: "lt", sp.Le: "le", sp.Gt: "lt", sp.Ge: "le"}
#: What each class of SymPy means; a class derived from one of these means something else.
_READERS: dict[Any, Any] = {
    sp.Symbol: _Reader.symbol, sp.IndexedBase: _Reader.base, sp.Indexed: _Reader.indexed,
    **dict.fromkeys((sp.Rational, sp.Integer, *map(type, (sp.S.Zero, sp.S.One, sp.S.NegativeOne, sp.S.Half))), _Reader.number),
    sp.Float: _Reader.decimal,
    type(sp.pi): lambda r, e, s, b: Term("const", "pi"), type(sp.E): lambda r, e, s, b: Term("exp", ONE),
    sp.Add: _Reader.add, sp.Mul: _Reader.mul,
    sp.exp: _Reader.exponential, sp.log: _Reader.logarithm, sp.Abs: _Reader.absolute,
    sp.Pow: _Reader.pow, sp.Max: _Reader.maximum, sp.Piecewise: _Reader.piecewise, sp.KroneckerDelta: _Reader.delta,
    sp.Sum: lambda r, e, s, b: r.binder("sum")(e, s, b), sp.Product: lambda r, e, s, b: r.binder("prod")(e, s, b),
    Vec: lambda r, e, s, b: r.binder("vec")(e, s, b), sp.Derivative: _Reader.derivative,
    **dict.fromkeys(_RELATIONS, _Reader.relation),
}  # fmt: skip


def to_sympy(t: Term, names: tuple[str, ...] = ("i", "j", "k", "l", "m")) -> Any:
    """``t`` as a SymPy expression, for users who go on in SymPy; SymPy may evaluate it."""
    taken = {s.args[0] for s in subterms(t) if s.op == "var"}
    free = [n for n in (*names, *(f"i{k}" for k in range(200))) if n not in taken]

    def index(depth: int) -> Any:
        return sp.Symbol(free[depth], integer=True, positive=True)

    def go(s: Term, depth: int) -> Any:
        op, args = s.op, s.args
        if op == "num":
            return sp.Rational(args[0].numerator, args[0].denominator)
        if op == "const":
            return sp.pi
        if op == "var":
            return sp.Symbol(args[0])
        if op in ("sum", "prod"):
            i = index(depth)
            body = go(opened(args[1], var(free[depth])), depth + 1).subs(sp.Symbol(free[depth]), i)
            return (sp.Sum if op == "sum" else sp.Product)(body, (i, 1, go(args[0], depth)))
        if op == "at" and args[0].op == "var":
            return sp.IndexedBase(args[0].args[0])[tuple(go(a, depth) for a in args[1:])]
        if op == "xlog":
            w, a, b = (go(x, depth) for x in args)
            return w * sp.log(a / b)
        if op == "deriv":
            return sp.Derivative(go(args[0], depth), go(args[1], depth), evaluate=False)
        if op == "app":
            arguments = (sp.IndexedBase(a.args[0]) if a.op == "var" else go(a, depth) for a in args[1:])
            return OWN[args[0]](*arguments)
        plain = {"add": sp.Add, "mul": sp.Mul, "pow": sp.Pow, "log": sp.log, "exp": sp.exp, "max": sp.Max, "abs": sp.Abs,
                 "delta": sp.KroneckerDelta, "eq": sp.Eq, "ne": sp.Ne, "lt": sp.Lt}  # fmt: skip
        if op == "le":
            return sp.Le(go(args[0], depth), go(args[1], depth))
        if op not in plain:
            raise Unreadable(f"{op} has no SymPy form")
        return plain[op](*(go(a, depth) for a in args))

    return go(t, 0)


__all__ = ["OWN", "Said", "Unreadable", "Vec", "from_sympy", "to_sympy"]
