"""The tree of a formula as it stands: what was written, with nothing simplified, cancelled or unfolded.

It is what a certificate begins with, what a page shows and what the second witness evaluates, so it says exactly what the
reader understood, and no more.

Numbers and names
    number(Fraction)  pi()  euler()  infinity()
    name(str)                a declared variable, size, vector, array or label; or the variable of an integral or a limit
    index(str)               a bound or free index; as a number it stands for 1, 2, …
Arithmetic
    add(a, …)  neg(a)  mul(a, …)  div(a, b)  pow(a, b)  sqrt(a)  log(a)  logb(a, base)  exp(a)  abs(a)  max(a, …)  min(a, …)
    binom(n, k)  factorial(n)
    Arithmetic of a vector is entry by entry: div(z, T) for a vector z is the vector of all z_k/T.
Functions and entries
    call(function, a, …)     a function of FUNCTIONS
    entry(v, i)  entry(v, i, j)   v is a name, or a vector written out by arithmetic, or a call whose value is a vector
    delta(i, j)              1 where i = j, else 0
    family(q, a)             the distribution (a vector) which the family named q takes at the vector a
Binders
    sum(i, low, high, body)  prod(…)  largest(…)  smallest(…)    i is a str; i runs over low, low + 1, …, high
    without(i, low, high, j, body)                    the sum over all i from low to high other than j
    deriv(body, x, y, …)     ∂/∂x ∂/∂y … of body; x is a name or an entry of one
    integral(x, low, high, body)                      x is a str
    limit(x, point, side, body)                       side is "+", "-" or ""
    cases(value, condition, value, condition, …[, otherwise])
Statements
    chain(relations, a, b, …)                         relations is a tuple of "=", "<=", ">=", "<", ">", "!="
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: The functions of the field: name, and what each argument and the value are ("real" or "vector").
FUNCTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "sigmoid": (("real",), "real"),
    "tanh": (("real",), "real"),
    "softplus": (("real",), "real"),
    "softmax": (("vector",), "vector"),
    "logsumexp": (("vector",), "real"),
    "H": (("vector",), "real"),
    "CE": (("vector", "vector"), "real"),
    "D": (("vector", "vector"), "real"),
    "JS": (("vector", "vector"), "real"),
    "bernoulli": (("real", "real"), "real"),
}
RELATIONS = ("=", "<=", ">=", "<", ">", "!=")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a formula as it was written; ``span`` says where in the source it stands."""

    kind: str
    args: tuple[Any, ...] = ()
    span: tuple[int, int] = field(default=(0, 0), compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        """The arguments that are nodes."""
        return tuple(a for a in self.args if type(a) is Node)


def parts(node: Node) -> Iterator[Node]:
    """``node`` and everything in it, outermost first."""
    yield node
    for child in node.children:
        yield from parts(child)


__all__ = ["FUNCTIONS", "RELATIONS", "Node", "parts"]
