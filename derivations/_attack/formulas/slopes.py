"""Derivatives by the rules of the textbook, from an expression to an expression: nothing is simplified but zeros and ones."""

from __future__ import annotations

from collections.abc import Callable

from .expr import ONE, TWO, ZERO, Expr, add, call, div, fn, index, mul, neg, over, parts, power, sub
from .values import Unknown


def slope(e: Expr, x: Expr) -> Expr:
    """∂e/∂x, where x is a name or an entry of one."""
    if not depends(e, x):
        return ZERO
    rule = _RULES.get(e.kind)
    if rule is None:
        raise Unknown(f"the derivative of {e.kind}")
    return rule(e, x)


def depends(e: Expr, x: Expr) -> bool:
    """Whether the variable of x stands in e."""
    base = x.args[0] if x.kind == "entry" else x
    return any(p.kind == base.kind and p.args == base.args for p in parts(e))


def _plus(*terms: Expr) -> Expr:
    kept = tuple(t for t in terms if t != ZERO)
    return add(*kept) if kept else ZERO


def _times(*factors: Expr) -> Expr:
    if ZERO in factors:
        return ZERO
    kept = tuple(f for f in factors if f != ONE)
    return mul(*kept) if kept else ONE


def _entry(e: Expr, x: Expr) -> Expr:
    base, *at = e.args
    if base.kind == "call":  # an entry of a softmax
        z, k = base.args[1], at[0]
        i = fresh(e, x)
        inner = over("sum", i, ONE, _size(z), _times(fn("entry", call("softmax", z), index(i)), slope(_at(z, index(i)), x)))
        return _times(e, sub(slope(_at(z, k), x), inner))
    if base.kind != "name":
        return slope(_at(base, at[0]), x)
    if x.kind != "entry":
        return ZERO
    return _times(*(fn("delta", i, j) for i, j in zip(at, x.args[1:], strict=True)))


def _at(v: Expr, k: Expr) -> Expr:
    """The entry of a vector that may be written by arithmetic."""
    if v.kind == "name":
        return fn("entry", v, k)
    if v.kind in ("add", "neg", "mul", "div"):
        return Expr(v.kind, tuple(_at(a, k) if _is_vector(a) else a for a in v.args))
    return fn("entry", v, k)


def _is_vector(e: Expr) -> bool:
    return e.kind == "vector" or (e.kind in ("add", "neg", "mul", "div") and any(map(_is_vector, e.args)))


def _size(v: Expr) -> Expr:
    return fn("length", v)


def fresh(*es: Expr) -> str:
    """An index that stands in none of the expressions."""
    taken = {str(p.args[0]) for e in es for p in parts(e) if p.args and isinstance(p.args[0], str)}
    return next(x for x in ("l", "h", "g", "o", "i", "j", *(f"h_{k}" for k in range(1000))) if x not in taken)


def _mul(e: Expr, x: Expr) -> Expr:
    return _plus(*(_times(*e.args[:k], slope(f, x), *e.args[k + 1 :]) for k, f in enumerate(e.args)))


def _div(e: Expr, x: Expr) -> Expr:
    a, b = e.args
    return div(sub(_times(slope(a, x), b), _times(a, slope(b, x))), power(b, 2))


def _pow(e: Expr, x: Expr) -> Expr:
    a, b = e.args
    if not depends(b, x):
        return _times(b, power(a, sub(b, ONE)), slope(a, x))
    return _times(e, add(_times(slope(b, x), fn("log", a)), div(_times(b, slope(a, x)), a)))


def _call(e: Expr, x: Expr) -> Expr:
    f, *args = e.args
    if f == "logsumexp":
        z, i = args[0], fresh(e, x)
        return over("sum", i, ONE, _size(z), _times(fn("entry", call("softmax", z), index(i)), slope(_at(z, index(i)), x)))
    inner = slope(args[0], x)
    known: dict[str, Callable[[Expr], Expr]] = {
        "sigmoid": lambda a: mul(call("sigmoid", a), sub(ONE, call("sigmoid", a))),
        "tanh": lambda a: sub(ONE, power(call("tanh", a), 2)),
        "softplus": lambda a: call("sigmoid", a),
    }
    outer = known.get(f)
    if outer is None:
        raise Unknown(f"the derivative of {f}")
    return _times(outer(args[0]), inner)


def _cases(e: Expr, x: Expr) -> Expr:
    if any(depends(c, x) for c in e.args[1::2]):
        raise Unknown("the derivative of cases in their variable")
    return Expr("cases", tuple(slope(a, x) if k % 2 == 0 or k == len(e.args) else a for k, a in enumerate(e.args)))


_RULES: dict[str, Callable[[Expr, Expr], Expr]] = {
    "name": lambda e, x: ONE if e == x else ZERO, "entry": _entry,
    "add": lambda e, x: _plus(*(slope(a, x) for a in e.args)), "neg": lambda e, x: neg(slope(e.args[0], x)),
    "mul": _mul, "div": _div, "pow": _pow, "cases": _cases, "call": _call,
    "sqrt": lambda e, x: div(slope(e.args[0], x), mul(TWO, e)), "log": lambda e, x: div(slope(e.args[0], x), e.args[0]),
    "logb": lambda e, x: div(slope(fn("log", e.args[0]), x), fn("log", e.args[1])),
    "exp": lambda e, x: _times(e, slope(e.args[0], x)),
    "sum": lambda e, x: Expr("sum", (*e.args[:3], slope(e.args[3], x))),
    "without": lambda e, x: Expr("without", (*e.args[:4], slope(e.args[4], x))),
    "deriv": lambda e, x: slope(slopes(e), x),
}  # fmt: skip


def slopes(e: Expr) -> Expr:
    """What a derivative stands for."""
    found: Expr = e.args[0]
    for x in e.args[1:]:
        found = slope(found, x)
    return found


__all__ = ["depends", "slope", "slopes"]
