"""What every node of a raw tree means, in the words of the walker that evaluates it."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, factorial
from typing import TYPE_CHECKING, Any

from ..._kernel.tree import FUNCTIONS, Node
from ..jets import Infinite, Jet, TooLarge, Undefined
from .functions import FUNCTION_VALUES, family, softmax

if TYPE_CHECKING:
    from .walk import Walker

MAX_FACTORIAL = 2_000


def _name(self: Walker, node: Node) -> Any:
    name = node.args[0]
    value = self.names.get(name)
    if value is None or type(value) is int:
        whole = self.sizes.get(name, value)
        if whole is None:
            raise Undefined(f"{name!r} stands for nothing here")
        return self.field.number(whole)
    for i in (self.lane or ()) if type(value) is tuple else ():
        value = _picked(value, i)
    if type(value) is tuple:
        raise Undefined(f"{name!r} is a vector, where a number is expected")
    return value


def _picked(value: Any, i: int) -> Any:
    if type(value) is not tuple or not 1 <= i <= len(value):
        raise Undefined("an index is out of range")
    return value[i - 1]


def _entry(self: Walker, node: Node) -> Any:
    lane = tuple(self.whole(i) for i in node.args[1:])
    vector = node.args[0]
    if vector.kind == "name":
        value = self.names.get(vector.args[0])
        for i in (*lane, *(self.lane or ())):
            value = _picked(value, i) if type(value) is tuple else value
        if value is None or type(value) is tuple or not lane:
            raise Undefined("an index is missing")
        return value
    shape = self.shape(vector)
    lane = (*lane, *(self.lane or ())) if len(lane) < len(shape) else lane
    if len(lane) != len(shape) or any(not 1 <= i <= n for i, n in zip(lane, shape, strict=True)):
        raise Undefined("an index is out of range")
    return self.at(vector, lane)


def _mul(self: Walker, node: Node) -> Any:
    factors = self.plan.factors(node)
    if factors is None:
        return self.product(self.value(a) for a in node.args)
    field = self.field
    result = self.product(self.value(a) for a in factors.weights)
    for divisor in factors.divisors:
        result = field.mul(result, field.inverse(self.value(divisor)))
    for log in factors.logs:
        if log.kind == "logb":
            result = field.mul(result, field.inverse(field.log(self.value(log.args[1]))))
        result = field.weighted_log(result, *self.quotient(log.args[0]))
        if type(result) is Infinite and factors.literal:
            raise Undefined("the logarithm of zero")
    return field.neg(result) if factors.negative else result


def _neg(self: Walker, node: Node) -> Any:
    if self.plan.factors(node) is not None:
        return _mul(self, node)
    return self.field.neg(self.value(node.args[0]))


def _div(self: Walker, node: Node) -> Any:
    if self.plan.factors(node) is not None:
        return _mul(self, node)
    return self.field.mul(self.value(node.args[0]), self.field.inverse(self.value(node.args[1])))


def _power(self: Walker, node: Node) -> Any:
    base, exponent = node.args
    if base.kind == "euler":
        return self.field.exp(self.value(exponent))
    return self.field.power(self.value(base), self.field.exponent(self, exponent, self.value(exponent)))


def _largest(self: Walker, numbers: list[Any], sign: int = 1) -> Any:
    if not numbers:
        raise Undefined("the largest of nothing")
    field = self.field
    return field.largest(numbers) if sign > 0 else field.neg(field.largest([field.neg(a) for a in numbers]))


def _max(self: Walker, node: Node) -> Any:
    sign = 1 if node.kind == "max" else -1
    if len(node.args) == 1 and self.shape(node.args[0]):
        return _largest(self, self.vector(node.args[0]), sign)
    return _largest(self, [self.value(a) for a in node.args], sign)


def _combinations(self: Walker, node: Node) -> Any:
    n, k = self.whole(node.args[0]), self.whole(node.args[1])
    if n < 0 or k < 0:
        raise Undefined("a binomial coefficient of numbers out of range")
    if n > MAX_FACTORIAL:
        raise TooLarge("a binomial coefficient of large numbers")
    return self.field.number(comb(n, k))


def _factorial(self: Walker, node: Node) -> Any:
    n = self.whole(node.args[0])
    if n < 0:
        raise Undefined("the factorial of a negative number")
    if n > MAX_FACTORIAL:
        raise TooLarge("the factorial of a large number")
    return self.field.number(factorial(n))


def _without(self: Walker, node: Node) -> Any:
    i, low, high, j, body = node.args
    return self.total(self.over(i, low, high, body, self.whole(j)))


def _call(self: Walker, node: Node) -> Any:
    name, *arguments = node.args
    if "vector" not in FUNCTIONS[name][0]:
        return FUNCTION_VALUES[name](self.field, *(self.value(a) for a in arguments))
    if name == "softmax":
        key = (id(node), "all", *(self.indices.get(i) for i in self.plan.free(node)))
        if key not in self.memo:
            self.memo[key] = softmax(self, self.vector(arguments[0]))
        if not self.lane or not 1 <= self.lane[0] <= len(self.memo[key]):
            raise Undefined("a vector, where a number is expected")
        return self.memo[key][self.lane[0] - 1]
    vectors = [self.vector(a) for a in arguments]
    if len({len(v) for v in vectors}) > 1:
        raise Undefined("vectors of different lengths")
    return FUNCTION_VALUES[name](self, *vectors)


def _deriv(self: Walker, node: Node) -> Any:
    body, *variables = node.args
    names = dict(self.names)
    for k, x in enumerate(variables, 1):
        name, lane = (x.args[0].args[0], [self.whole(i) for i in x.args[1:]]) if x.kind == "entry" else (x.args[0], [])
        names[name] = _perturbed(names.get(name), lane, self.level + k, self.field.one)
    result = self.inner(names, len(variables)).value(body)
    for k in range(len(variables), 0, -1):
        if type(result) is Infinite:
            raise Undefined("the derivative of ∞")
        level = self.level + k
        result = result.slope if type(result) is Jet and result.level == level else self.field.zero
    return result


def _perturbed(value: Any, lane: list[int], level: int, one: Any) -> Any:
    if lane:
        _picked(value, lane[0])
        k = lane[0] - 1
        return (*value[:k], _perturbed(value[k], lane[1:], level, one), *value[k + 1 :])
    if value is None or type(value) in (tuple, int):
        raise Undefined("a derivative is taken in a variable or an entry of one")
    return Jet(level, value, one)


def compare(self: Walker, relation: str, a: Node, b: Node) -> Any:
    """Whether a relation of a condition holds."""
    field = self.field
    try:
        i, j = self.whole(a), self.whole(b)
        side: Any = (i > j) - (i < j)
    except Undefined:
        difference = field.add(self.value(a), field.neg(self.value(b)))
        side = field.sign(difference)
        if type(difference) is Jet and type(side) is int and side == 0:
            raise Undefined("no derivative where the condition of a case changes") from None
    return {"=": side == 0, "!=": side != 0, "<": side < 0, ">": side > 0, "<=": side <= 0, ">=": side >= 0}[relation]


def holds(self: Walker, chain: Node) -> Any:
    """Whether every link of a condition holds."""
    relations, *sides = chain.args
    result: Any = True
    for relation, a, b in zip(relations, sides, sides[1:], strict=False):
        result = result & compare(self, relation, a, b)
    return result


def _cases(self: Walker, node: Node) -> Any:
    args = list(node.args)
    branches: list[tuple[Callable[[], Any], Callable[[], Any]]] = []
    while args:
        value = args.pop(0)
        condition = args.pop(0) if args else None
        branches.append(
            ((lambda c=condition: c is None or holds(self, c)), (lambda v=value: self.value(v)))  # type: ignore[misc]
        )
    return self.field.chosen(branches)


RULES: dict[str, Callable[[Walker, Node], Any]] = {
    "number": lambda self, node: self.field.number(node.args[0]),
    "pi": lambda self, node: self.field.pi(),
    "euler": lambda self, node: self.field.exp(self.field.one),
    "infinity": lambda self, node: self.field.infinity(),
    "name": _name,
    "index": lambda self, node: self.field.number(self.whole(node)),
    "add": lambda self, node: self.total(self.value(a) for a in node.args),
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "pow": _power,
    "sqrt": lambda self, node: self.field.power(self.value(node.args[0]), self.field.inverse(self.field.number(2))),
    "log": lambda self, node: self.field.log(self.value(node.args[0])),
    "logb": lambda self, node: self.field.mul(
        self.field.log(self.value(node.args[0])), self.field.inverse(self.field.log(self.value(node.args[1])))
    ),
    "exp": lambda self, node: self.field.exp(self.value(node.args[0])),
    "abs": lambda self, node: self.field.absolute(self.value(node.args[0])),
    "max": _max,
    "min": _max,
    "binom": _combinations,
    "factorial": _factorial,
    "call": _call,
    "entry": _entry,
    "family": family,
    "delta": lambda self, node: self.field.one if self.whole(node.args[0]) == self.whole(node.args[1]) else self.field.zero,
    "sum": lambda self, node: self.total(self.over(*node.args)),
    "prod": lambda self, node: self.product(self.over(*node.args)),
    "largest": lambda self, node: _largest(self, self.over(*node.args)),
    "smallest": lambda self, node: _largest(self, self.over(*node.args), -1),
    "without": _without,
    "deriv": _deriv,
    "integral": lambda self, node: self.field.integral(self, node),
    "limit": lambda self, node: self.field.limit(self, node),
    "cases": _cases,
}  # fmt: skip

__all__ = ["RULES"]
