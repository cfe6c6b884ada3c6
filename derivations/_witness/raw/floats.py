"""Machine numbers, one for every point of a batch: fast, never believed.

They answer nan or ±inf where balls raise; whatever they say is tried again with balls. A number that is the same at every
point of the batch is a float, any other a list of floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import add, mul
from typing import Any

from .. import jets
from ..jets import Jet
from .fields import Field, ground, parts

Column = Any  # a float, or a list of floats
INF, NAN = math.inf, math.nan


def each(f: Callable[..., Any], *columns: Column) -> Column:
    """``f`` at every point."""
    count = next((len(c) for c in columns if type(c) is list), None)
    if count is None:
        return f(*columns)
    return list(map(f, *(c if type(c) is list else [c] * count for c in columns)))


def _inverse(x: float) -> float:
    return 1 / x if x else NAN


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -INF if x == 0 else NAN


def _exp(x: float) -> float:
    return math.exp(x) if x < 709 else INF if x == x else NAN


#: A machine number this close to a whole number is taken for it, as an exponent of a negative number.
WHOLE = 1e-12


def _power(a: float, r: float) -> float:
    if a < 0 and abs(r - round(r) if abs(r) < 1e15 else 0) < WHOLE:
        r = round(r) if abs(r) < 1e15 else r
    try:
        return math.pow(a, r)
    except OverflowError:
        return INF
    except ValueError:
        return NAN


def _weighted(w: float, a: float, b: float) -> float:
    if w == 0 and a >= 0 and b >= 0:
        return 0.0
    if a > 0 and b > 0:
        quotient = a / b
        return w * (math.log(quotient) if 0 < quotient < INF else math.log(a) - math.log(b))
    return w * _log(a * _inverse(b)) if b else INF if w > 0 and a > 0 else NAN


class Floats(Field):
    """The arithmetic of columns."""

    zero, one = 0.0, 1.0

    def number(self, x: Fraction | int) -> float:
        try:
            return float(x)
        except OverflowError:
            return INF if x > 0 else -INF

    def pi(self) -> float:
        """π."""
        return math.pi

    def infinity(self) -> float:
        """+∞."""
        return INF

    def add_(self, a: Column, b: Column) -> Column:
        if type(a) is list:
            return list(map(add, a, b)) if type(b) is list else [x + b for x in a] if b else a
        return [a + y for y in b] if type(b) is list and a else b if type(b) is list else a + b

    def mul_(self, a: Column, b: Column) -> Column:
        if type(a) is list:
            return list(map(mul, a, b)) if type(b) is list else [x * b for x in a]
        return [a * y for y in b] if type(b) is list else a * b

    def inverse_(self, a: Column) -> Column:
        return each(_inverse, a)

    def log_(self, a: Column) -> Column:
        return each(_log, a)

    def exp_(self, a: Column) -> Column:
        return each(_exp, a)

    def power_(self, a: Column, r: Column) -> Column:
        if r == 2:
            return self.mul_(a, a)
        return each(math.sqrt, each(_positive, a)) if r == 0.5 else each(_power, a, r)

    def weighted_log(self, w: Any, a: Any, b: Any) -> Any:
        if Jet in (type(w), type(a), type(b)):
            return super().weighted_log(w, a, b)
        return each(_weighted, w, a, b)

    def largest(self, numbers: Sequence[Any]) -> Any:
        best = numbers[0]
        for a in numbers[1:]:
            best = self.select(each(_at_least, ground(best), ground(a)), best, a)
        return best

    def select(self, where: Any, a: Any, b: Any) -> Any:
        """``a`` where the condition holds, else ``b``."""
        if type(a) is Jet or type(b) is Jet:
            level = jets._level(a, b)
            (u, du), (v, dv) = parts(a, level), parts(b, level)
            slope = self.select(where, 0.0 if du is None else du, 0.0 if dv is None else dv)
            return Jet(level, self.select(where, u, v), slope)
        if type(where) is not list:
            return a if where else b
        return each(_either, where, a, b)

    def sign(self, a: Any) -> Any:
        """Every sign at once; nan where there is none."""
        return Signs(ground(a))

    def chosen(self, branches: Sequence[tuple[Callable[[], Any], Callable[[], Any]]]) -> Any:
        result: Any = NAN
        for condition, value in reversed(branches):
            where = condition()
            result = self.select(where.column if type(where) is Truths else where, value(), result)
        return result


def _positive(x: float) -> float:
    return x if x >= 0 else NAN


def _at_least(x: float, y: float) -> bool:
    return x >= y


def _either(c: bool, x: float, y: float) -> float:
    return x if c else y


class Truths:
    """A truth at every point."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __and__(self, other: Any) -> Truths:
        return Truths(each(lambda a, b: a and b, self.column, other.column if type(other) is Truths else other))

    __rand__ = __and__


class Signs:
    """Columns compared with zero, as whole numbers are."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, column: Column) -> None:
        self.column = column

    def __eq__(self, other: object) -> Any:
        return Truths(each(lambda x: x == 0, self.column))

    def __ne__(self, other: object) -> Any:
        return Truths(each(lambda x: x != 0, self.column))

    def __lt__(self, other: int) -> Truths:
        return Truths(each(lambda x: x < 0, self.column))

    def __gt__(self, other: int) -> Truths:
        return Truths(each(lambda x: x > 0, self.column))

    def __le__(self, other: int) -> Truths:
        return Truths(each(lambda x: x <= 0, self.column))

    def __ge__(self, other: int) -> Truths:
        return Truths(each(lambda x: x >= 0, self.column))


__all__ = ["Column", "Floats", "each"]
