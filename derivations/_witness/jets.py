"""A number here is an exact rational, a ball, ±∞, or a jet (value + slope·ε) whose parts are numbers again.

Rationals stay exact as long as they can, so that zero tests and ties are decided and not guessed. A jet of level L
holds jets of lower levels only; nested and mixed derivatives are jets in jets.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from flint import arb, fmpq, fmpz


class Undefined(ArithmeticError):
    """The formula has no value at this point."""


class Undecided(ArithmeticError):
    """The balls are too wide to tell, at this precision."""


class TooLarge(Undecided):
    """The evaluation takes too many turns, at any precision."""


class Infinite:
    """The value ±∞ of a weight times log(a/0) or log(0/b); there are two, which compare by identity."""

    __slots__ = ("side",)

    def __init__(self, side: int) -> None:
        self.side = side

    def __repr__(self) -> str:
        return "+infinity" if self.side > 0 else "-infinity"


class Jet:
    """A value and its slope in the direction of the derivative number ``level``."""

    __slots__ = ("level", "slope", "value")

    def __init__(self, level: int, value: Number, slope: Number) -> None:
        self.level, self.value, self.slope = level, value, slope


Number: TypeAlias = Any  #: fmpq | arb | Jet | Infinite, told apart by their type
PLUS_INFINITY, MINUS_INFINITY = Infinite(1), Infinite(-1)
ZERO, ONE, MINUS_ONE = fmpq(0), fmpq(1), fmpq(-1)
#: Exact powers, and exact sums and products, with more bits than this are computed as balls.
MAX_BITS, MAX_EXACT = 20_000, 100_000


def _kept(a: Number) -> Number:
    """The number; an exact one of too many bits as a ball."""
    return arb(a) if type(a) is fmpq and a.height_bits() > MAX_EXACT else a


def _parts(a: Number, level: int) -> tuple[Number, Number]:
    return (a.value, a.slope) if type(a) is Jet and a.level == level else (a, ZERO)


def _level(a: Number, b: Number) -> int:
    return max(a.level if type(a) is Jet else 0, b.level if type(b) is Jet else 0)


def ground(a: Number) -> Any:
    """The value without slopes."""
    while type(a) is Jet:
        a = a.value
    return a


def sign(a: Number) -> int:
    """−1, 0 or 1; :class:`Undecided` if the ball does not tell."""
    a = ground(a)
    if type(a) is Infinite:
        return a.side
    if a > 0:
        return 1
    if a < 0:
        return -1
    if type(a) is fmpq or a.is_zero():
        return 0
    raise Undecided("a ball around zero")


def add(a: Number, b: Number) -> Number:
    """The sum; ±∞ absorbs finite numbers, and has no slope; ∞ − ∞ has no value."""
    if type(a) is Jet or type(b) is Jet:
        if type(a) is Infinite or type(b) is Infinite:
            raise Undefined("the derivative of ∞")
        level = _level(a, b)
        (u, du), (v, dv) = _parts(a, level), _parts(b, level)
        return Jet(level, add(u, v), add(du, dv))
    if type(a) is Infinite or type(b) is Infinite:
        infinite, other = (a, b) if type(a) is Infinite else (b, a)
        if type(other) is Infinite and other is not infinite:
            raise Undefined("∞ − ∞")
        return infinite
    return _kept(a + b)


def mul(a: Number, b: Number) -> Number:
    """The product; an exact zero times anything finite is an exact zero."""
    if type(a) is Infinite or type(b) is Infinite:
        infinite, other = (a, b) if type(a) is Infinite else (b, a)
        if type(other) in (Infinite, Jet) or sign(other) == 0:
            raise Undefined("∞ times 0, ∞ or a slope")
        return PLUS_INFINITY if infinite.side * sign(other) > 0 else MINUS_INFINITY
    if (type(a) is fmpq and a == 0) or (type(b) is fmpq and b == 0):
        return ZERO
    if type(a) is Jet or type(b) is Jet:
        level = _level(a, b)
        (u, du), (v, dv) = _parts(a, level), _parts(b, level)
        return Jet(level, mul(u, v), add(mul(u, dv), mul(du, v)))
    return _kept(a * b)


def neg(a: Number) -> Number:
    """The number with the other sign."""
    return mul(MINUS_ONE, a)


def _finite(a: Number) -> None:
    if type(a) is Infinite:
        raise Undefined("a function of ∞")


def inverse(a: Number) -> Number:
    """1/a for a ≠ 0."""
    _finite(a)
    if type(a) is Jet:
        r = inverse(a.value)
        return Jet(a.level, r, neg(mul(a.slope, mul(r, r))))
    if sign(a) == 0:
        raise Undefined("division by zero")
    return 1 / a


def log(a: Number) -> Number:
    """The natural logarithm of a positive number."""
    _finite(a)
    if type(a) is Jet:
        return Jet(a.level, log(a.value), mul(a.slope, inverse(a.value)))
    if sign(a) <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    if type(a) is fmpq:
        return ZERO if a == 1 else arb(a).log()
    return a.log()


def exp(a: Number) -> Number:
    """The exponential function."""
    _finite(a)
    if type(a) is Jet:
        e = exp(a.value)
        return Jet(a.level, e, mul(a.slope, e))
    if type(a) is fmpq:
        return ONE if a == 0 else arb(a).exp()
    return a.exp()


def absolute(a: Number) -> Number:
    """The absolute value, with a slope away from 0 only."""
    _finite(a)
    if type(a) is Jet:
        side = sign(a)
        if side == 0:
            raise Undefined("|·| has no derivative at 0")
        return a if side > 0 else neg(a)
    return abs(a)


def largest(numbers: list[Number]) -> Number:
    """The maximum; where slopes matter, only away from ties."""
    for a in numbers:
        _finite(a)
    if not any(type(a) is Jet for a in numbers):
        best = numbers[0]
        for a in numbers[1:]:
            if best < a:
                best = a
            elif not best >= a:
                best = arb(best).max(arb(a))
        return best
    values = [ground(a) for a in numbers]
    leaders = [a for a, v in zip(numbers, values, strict=True) if not any(v < w for w in values)]
    if len(leaders) == 1:
        return leaders[0]
    if all(type(a) is not Jet for a in leaders):
        return largest(leaders)
    if all(type(ground(a)) is fmpq for a in leaders):
        raise Undefined("the maximum has no derivative at a tie")
    raise Undecided("which number is the largest")


def power(a: Number, r: Number) -> Number:
    """a to the r: any base for a whole r (0⁰ = 1; a ball leaves it open), a > 0 for other r, and 0 for a = 0 and r > 0."""
    _finite(a)
    _finite(r)
    if type(r) is fmpq and r.q == 1:
        return _whole_power(a, r.p)
    if type(r) is fmpq and type(a) is fmpq and a > 0:
        root = _exact_root(a, r.q)
        if root is not None:
            return _whole_power(root, r.p)
    if type(a) is not Jet and sign(a) == 0:
        if sign(r) > 0:
            return ZERO
        raise Undefined("zero to a power that is not positive")
    if sign(a) <= 0:
        if type(r) is arb and r.contains_integer():
            raise Undecided("whether an exponent is a whole number")
        raise Undefined("a broken power of a number that is not positive")
    return exp(mul(r, log(a)))


def _whole_power(a: Number, n: fmpz) -> Number:
    if n == 0:
        return ONE
    if type(a) is Jet:
        lower = _whole_power(a.value, n - 1)
        return Jet(a.level, mul(lower, a.value), mul(mul(fmpq(n), lower), a.slope))
    if n < 0:
        return _whole_power(inverse(a), -n)
    if type(a) is fmpq and a.height_bits() * n <= MAX_BITS:
        return a ** int(n)
    ball = arb(a)
    if n > 1 and ball.contains(0):  # flint has no answer there
        return arb(0, ball.abs_upper() ** n)
    return a if n == 1 else ball**n


def _exact_root(a: fmpq, degree: fmpz) -> fmpq | None:
    if degree > 64:
        return None
    root = fmpq(a.p.root(int(degree)), a.q.root(int(degree)))
    return root if root ** int(degree) == a else None


def weighted_log(w: Number, a: Number, b: Number) -> Number:
    """w·log(a/b) for a, b ≥ 0, which is 0 for w = 0; for w > 0 it is +∞ for b = 0 < a, and −∞ for a = 0 < b."""
    _finite(w)
    _finite(a)
    _finite(b)
    sa, sb = sign(a), sign(b)
    if sa < 0 or sb < 0:
        raise Undefined("the logarithm of a negative number")
    if sa and sb:
        return mul(w, log(mul(a, inverse(b))))
    if type(w) is Jet or (sa == 0 and type(a) is Jet) or (sb == 0 and type(b) is Jet):
        raise Undefined("a weight times a logarithm has no derivative at the edge of its domain")
    if (sw := sign(w)) == 0:
        return ZERO
    if sw < 0 or sa == sb or type(a) is Jet or type(b) is Jet:
        raise Undefined("a weight times log 0, where it is not infinite")
    return PLUS_INFINITY if sa else MINUS_INFINITY
