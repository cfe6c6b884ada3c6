"""The value of an expression at an exact point, by plain loops, as the page "The meaning of a claim" says it.

Nothing of the reader, of the kernel or of the witness is used: this is who tells the adversary what is true. Where that page
leaves something open the answer is :class:`Unknown`, and an unknown value is evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb
from math import factorial as product_to
from typing import Any

from . import values as v
from .fields import FUNCTIONS, weighted_log
from .slopes import slopes
from .values import NoValue, Unknown, Value

Env = Mapping[str, Any]
#: Turns of all loops of one evaluation.
TURNS = 20_000
#: Domains whose numbers are never negative.
NONNEGATIVE = frozenset({
    "Size", "Index", "Label", "Positive", "Nonnegative", "Probability", "UnitInterval", "Bit", "Simplex", "OpenSimplex",
    "OneHot",
})  # fmt: skip
RELATIONS = {"=": (0,), "!=": (-1, 1), "<=": (-1, 0), ">=": (0, 1), "<": (-1,), ">": (1,)}
ZERO = Fraction(0)


@dataclass(frozen=True)
class Point:
    """Exact values of everything declared: sizes, numbers, vectors as tuples, labels; and of the free indices."""

    values: Mapping[str, Any]
    domains: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        def said(x: Any) -> str:
            return f"({', '.join(map(said, x))})" if isinstance(x, tuple) else str(x)

        return ", ".join(f"{n} = {said(x)}" for n, x in self.values.items())


class Evaluator:
    """Evaluates at one point. ``near`` asks for values in a whole neighbourhood, as a derivative does."""

    def __init__(self, point: Point, near: bool = False) -> None:
        self.point, self.near, self.turns = point, near, 0

    # ---- statements

    def holds(self, chain: Any, env: Env | None = None) -> bool:
        """Whether a chain holds; NoValue where a side has no value, Unknown where it cannot be told."""
        relations, *sides = chain.args
        found = [self.value(s, env or {}) for s in sides]
        told = [self.related(r, a, b) for r, a, b in zip(relations, found, found[1:], strict=False)]
        if False in told:
            return False
        if None in told:
            raise Unknown("two values that may be equal")
        return True

    def related(self, relation: str, a: Value, b: Value) -> bool | None:
        """Whether two values are in relation."""
        s = v.compare(a, b)
        return None if s is None else s in RELATIONS[relation]

    # ---- numbers

    def value(self, e: Any, env: Env) -> Value:
        """The value of an expression."""
        rule = getattr(self, f"of_{e.kind}", None)
        if rule is None:
            raise Unknown(f"what {e.kind} is")
        return rule(e, env)  # type: ignore[no-any-return]

    def of_number(self, e: Any, env: Env) -> Value:
        return Fraction(e.args[0])

    def of_pi(self, e: Any, env: Env) -> Value:
        return v.pi()

    def of_euler(self, e: Any, env: Env) -> Value:
        return v.exp(Fraction(1))

    def of_infinity(self, e: Any, env: Env) -> Value:
        raise NoValue("infinity is no number")

    def of_name(self, e: Any, env: Env) -> Value:
        found = env.get(e.args[0], self.point.values.get(e.args[0]))
        if isinstance(found, (int, Fraction)):
            return Fraction(found)
        raise Unknown(f"{e.args[0]} is no number here")

    of_index = of_name

    def of_add(self, e: Any, env: Env) -> Value:
        total: Value = ZERO
        for a in e.args:
            total = v.add(total, self.value(a, env))
        return total

    def of_neg(self, e: Any, env: Env) -> Value:
        return v.neg(self.value(e.args[0], env))

    def of_div(self, e: Any, env: Env) -> Value:
        if any(f.kind in ("log", "logb") for f, below in flat(e) if not below):
            return self.of_mul(e, env)
        a, b = (self.value(x, env) for x in e.args)
        return v.div(a, b)

    def of_mul(self, e: Any, env: Env) -> Value:
        """A product; a weight that is zero makes its logarithm count as zero."""
        total: Value = Fraction(1)
        open_logs: list[tuple[Any, Value, Value]] = []
        weights: list[tuple[Any, Value]] = []
        for factor, below in flat(e):
            if factor.kind in ("log", "logb") and not below:
                a, b = self.quotient(factor.args[0], env)
                if v.sign(a) == 0 or v.sign(b) == 0:
                    open_logs.append((factor, a, b))
                    continue
            value = self.value(factor, env)
            if not below:
                weights.append((factor, value))
            total = v.div(total, value) if below else v.mul(total, value)
        return total if not open_logs else self.weighted(open_logs, weights, total, env)

    def weighted(self, open_logs: list[Any], weights: list[tuple[Any, Value]], total: Value, env: Env) -> Value:
        """A product with a logarithm of zero, or of a quotient by zero."""
        if self.near:
            raise NoValue("beside this point it has no value")
        if len(open_logs) != 1:
            raise Unknown("two logarithms of zero in one product")
        ((factor, a, b),) = open_logs
        if factor.kind == "logb":
            v.div(Fraction(1), v.log(self.value(factor.args[1], env)))
        signs = v.sign(a), v.sign(b)
        if -1 in signs:
            raise NoValue("a logarithm of a quotient of negative numbers")
        zeros = [w for w, value in weights if v.sign(value) == 0]
        if any(self.nonnegative(w) for w in zeros):
            return ZERO
        if zeros or None in signs or v.sign(total) is None:
            raise Unknown("a weight that may be negative elsewhere")
        raise NoValue("an infinite value" if 1 in signs else "a logarithm of 0/0")

    def quotient(self, e: Any, env: Env) -> tuple[Value, Value]:
        """What stands above and below in the argument of a logarithm."""
        over: Value = Fraction(1)
        under: Value = Fraction(1)
        for factor, below in flat(e):
            value = self.value(factor, env)
            over, under = (over, v.mul(under, value)) if below else (v.mul(over, value), under)
        return over, under

    def nonnegative(self, e: Any) -> bool:
        """Whether an expression is seen to be nonnegative at every point."""
        kind, args = e.kind, e.args
        if kind in ("name", "index"):
            return self.point.domains.get(args[0], "Index" if kind == "index" else "") in NONNEGATIVE
        if kind == "entry":
            if args[0].kind == "call":
                return True
            return args[0].kind == "name" and self.nonnegative(args[0])
        if kind in ("number", "abs", "exp", "delta", "sqrt"):
            return True
        if kind == "pow":
            return (args[1].kind == "number" and args[1].args[0] % 2 == 0) or self.nonnegative(args[0])
        if kind in ("mul", "div", "max"):
            return all(map(self.nonnegative, args))
        if kind == "add":
            return all(map(self.nonnegative, args)) or self.complement(e)
        if kind in ("sum", "without"):
            return self.nonnegative(args[-1])
        return kind == "cases" and all(map(self.nonnegative, [*args[::2], *args[-1:]][: len(args) // 2 + 1]))

    def complement(self, e: Any) -> bool:
        """Whether an expression is 1 − u with u at most 1."""
        if len(e.args) != 2 or e.args[0].kind != "number" or e.args[0].args[0] != 1 or e.args[1].kind != "neg":
            return False
        u = e.args[1].args[0]
        u = u.args[0] if u.kind == "entry" else u
        small = ("Probability", "UnitInterval", "Bit", "Simplex", "OpenSimplex", "OneHot")
        return u.kind == "name" and self.point.domains.get(u.args[0]) in small

    def of_pow(self, e: Any, env: Env) -> Value:
        base, exponent = (self.value(a, env) for a in e.args)
        whole = isinstance(exponent, Fraction) and exponent.denominator == 1
        if self.near and not whole and v.sign(base) != 1:
            raise NoValue("beside this point it has no value") if v.sign(base) is not None else Unknown("a sign")
        return v.power(base, exponent)

    def of_sqrt(self, e: Any, env: Env) -> Value:
        value = self.value(e.args[0], env)
        if self.near and v.sign(value) == 0:
            raise NoValue("beside this point it has no value")
        return v.root(value)

    def of_log(self, e: Any, env: Env) -> Value:
        inner = e.args[0]
        if inner.kind == "euler":
            return Fraction(1)
        value = self.value(inner, env)
        return self.value(inner.args[0], env) if inner.kind == "exp" else v.log(value)

    def of_logb(self, e: Any, env: Env) -> Value:
        a, b = (v.log(self.value(x, env)) for x in e.args)
        return v.div(a, b)

    def of_exp(self, e: Any, env: Env) -> Value:
        return v.exp(self.value(e.args[0], env))

    def of_abs(self, e: Any, env: Env) -> Value:
        value = self.value(e.args[0], env)
        if self.near and v.sign(value) in (0, None):
            raise Unknown("a corner")
        return v.absolute(value)

    def of_max(self, e: Any, env: Env) -> Value:
        return self.greatest([self.value(a, env) for a in e.args])

    def of_min(self, e: Any, env: Env) -> Value:
        return v.neg(self.greatest([v.neg(self.value(a, env)) for a in e.args]))

    def greatest(self, found: list[Value]) -> Value:
        """The greatest of several."""
        if not found:
            raise NoValue("the greatest of nothing")
        best = found[0]
        for other in found[1:]:
            if self.near and v.compare(best, other) in (0, None):
                raise Unknown("a corner")
            best = v.greater(best, other)
        return best

    def of_binom(self, e: Any, env: Env) -> Value:
        n, k = (self.value(a, env) for a in e.args)
        if isinstance(n, Fraction) and isinstance(k, Fraction) and n.denominator == k.denominator == 1 and 0 <= n < 500:
            return Fraction(comb(int(n), int(k))) if k >= 0 else ZERO
        raise Unknown("a binomial coefficient")

    def of_factorial(self, e: Any, env: Env) -> Value:
        n = self.value(e.args[0], env)
        if isinstance(n, Fraction) and n.denominator == 1 and 0 <= n < 500:
            return Fraction(product_to(int(n)))
        raise Unknown("a factorial")

    # ---- entries and functions

    def place(self, e: Any, env: Env) -> int:
        """The number of an entry."""
        found = self.value(e, env)
        if isinstance(found, Fraction) and found.denominator == 1:
            return int(found)
        raise Unknown("not a place")

    def of_entry(self, e: Any, env: Env) -> Value:
        found: Any = self.vector(e.args[0], env)
        for at in e.args[1:]:
            k = self.place(at, env)
            if not 1 <= k <= len(found):
                raise NoValue("there is no such entry")
            found = found[k - 1]
        if isinstance(found, tuple):
            raise Unknown("a row")
        return Fraction(found) if isinstance(found, int) else found

    def vector(self, e: Any, env: Env) -> Any:
        """A vector: declared, written out by arithmetic, or a softmax."""
        if e.kind == "name":
            found = self.point.values.get(e.args[0])
            if isinstance(found, tuple):
                return found
            raise Unknown(f"{e.args[0]} is no vector")
        if e.kind == "call" and e.args[0] == "softmax":
            powers = [v.exp(x) for x in self.vector(e.args[1], env)]
            total: Value = ZERO
            for x in powers:
                total = v.add(total, x)
            return tuple(v.div(x, total) for x in powers)
        sides = [self.vector(a, env) if self.shaped(a) else self.value(a, env) for a in e.args]
        length = next(len(s) for s in sides if isinstance(s, tuple))
        rows = [s if isinstance(s, tuple) else (s,) * length for s in sides]
        apply = {"add": v.add, "mul": v.mul, "div": v.div}.get(e.kind)
        if e.kind == "neg":
            return tuple(map(v.neg, rows[0]))
        if apply is None:
            raise Unknown(f"a vector {e.kind}")
        found = rows[0]
        for row in rows[1:]:
            found = tuple(map(apply, found, row))
        return found

    def shaped(self, e: Any) -> bool:
        """Whether an expression is a vector."""
        if e.kind == "name":
            return isinstance(self.point.values.get(e.args[0]), tuple)
        if e.kind == "call":
            return bool(e.args[0] == "softmax")
        return e.kind in ("add", "neg", "mul", "div") and any(map(self.shaped, e.args))

    def of_length(self, e: Any, env: Env) -> Value:
        return Fraction(len(self.vector(e.args[0], env)))

    def of_delta(self, e: Any, env: Env) -> Value:
        i, j = (self.place(a, env) for a in e.args)
        return Fraction(i == j)

    def of_call(self, e: Any, env: Env) -> Value:
        function, *args = e.args
        given = [self.vector(a, env) if self.shaped(a) else self.value(a, env) for a in args]
        rule = FUNCTIONS.get(function)
        if rule is None:
            raise Unknown(f"what {function} is")
        if self.near and function in ("H", "CE", "D", "JS"):
            raise Unknown("a function beside a point")
        return rule(*given)  # type: ignore[no-any-return]

    def of_xlog(self, e: Any, env: Env) -> Value:
        w, a, b = (self.value(x, env) for x in e.args)
        if self.near and 0 in (v.sign(a), v.sign(b)):
            raise NoValue("beside this point it has no value")
        return weighted_log(w, a, b)

    # ---- binders

    def run(self, e: Any, env: Env) -> list[Value]:
        """The values of a body for every value of its index."""
        name, low, high, *_, body = e.args
        first, last = (self.place(x, env) for x in (low, high))
        out = self.place(e.args[3], env) if e.kind == "without" else None
        self.turns += max(0, last - first + 1)
        if self.turns > TURNS:
            raise Unknown("too many turns")
        return [self.value(body, {**env, name: k}) for k in range(first, last + 1) if k != out]

    def of_sum(self, e: Any, env: Env) -> Value:
        total: Value = ZERO
        for x in self.run(e, env):
            total = v.add(total, x)
        return total

    of_without = of_sum

    def of_prod(self, e: Any, env: Env) -> Value:
        total: Value = Fraction(1)
        for x in self.run(e, env):
            total = v.mul(total, x)
        return total

    def of_largest(self, e: Any, env: Env) -> Value:
        return self.greatest(self.run(e, env))

    def of_smallest(self, e: Any, env: Env) -> Value:
        return v.neg(self.greatest([v.neg(x) for x in self.run(e, env)]))

    def of_cases(self, e: Any, env: Env) -> Value:
        """The value of the first case whose condition holds, and of no other."""
        for k in range(0, len(e.args) - 1, 2):
            try:
                if self.holds(e.args[k + 1], env):
                    return self.value(e.args[k], env)
            except NoValue:
                raise Unknown("a condition without a value") from None
        if len(e.args) % 2 == 0:
            raise NoValue("no case holds")
        return self.value(e.args[-1], env)

    # ---- calculus

    def of_deriv(self, e: Any, env: Env) -> Value:
        beside = Evaluator(self.point, near=True)
        beside.value(e.args[0], env)
        return beside.value(slopes(e), env)

    def of_integral(self, e: Any, env: Env) -> Value:
        if len(e.args) < 5:
            raise Unknown("the value of this integral")
        return self.value(e.args[4], env)

    def of_limit(self, e: Any, env: Env) -> Value:
        if len(e.args) < 5:
            raise Unknown("the value of this limit")
        return self.value(e.args[4], env)


def flat(e: Any, below: bool = False) -> list[tuple[Any, bool]]:
    """The factors of a product or quotient, and which of them stand below."""
    if e.kind == "mul":
        return [f for a in e.args for f in flat(a, below)]
    if e.kind == "div":
        return flat(e.args[0], below) + flat(e.args[1], not below)
    if e.kind == "neg":
        return [(_MINUS, False), *flat(e.args[0], below)]
    return [(e, below)]


@dataclass(frozen=True)
class _Number:
    kind: str
    args: tuple[Any, ...]


_MINUS = _Number("number", (Fraction(-1),))


__all__ = ["Env", "Evaluator", "Point", "flat"]
