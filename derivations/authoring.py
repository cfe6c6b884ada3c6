"""Everything a result file needs: ``from derivations.authoring import *``-free, name by name."""

from ._surface.author import (
    CE, D, H, Emit, Number, Refutation, Result, Theorem, Worked, bernoulli, chain, eq, exactly_when, for_all, ge, iff,
    implies, infinite, le, partial, product, scalars, sigmoid, softmax, tends, text, total, vector, vectors, xlog,
    zero_or_one, zero_or_positive,
)  # fmt: skip
from ._surface.author import Minimum as minimum

__all__ = [
    "CE", "D", "Emit", "H", "Number", "Refutation", "Result", "Theorem", "Worked", "bernoulli", "chain", "eq", "exactly_when",
    "for_all", "ge", "iff", "implies", "infinite", "le", "minimum", "partial", "product", "scalars", "sigmoid", "softmax", "tends",
    "text", "total", "vector", "vectors", "xlog", "zero_or_one", "zero_or_positive",
]  # fmt: skip
