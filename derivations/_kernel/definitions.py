"""Definitions: a name, its parameters and the term it stands for. Unfolding one is a step like any other.

Definitions are not axioms: a defined function is an abbreviation, and every proof about it unfolds it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from .terms import ONE, IllFormed, Term, num, substitute, var


class Definition(NamedTuple):
    """``name(parameters) = body``; ``n`` in a parameter's shape stands for any size."""

    name: str
    parameters: tuple[tuple[str, str, str | None], ...]  #: (name, "real" | "vector" | "index", the size's letter)
    body: Term

    def sizes(self, arguments: tuple[Term, ...], sorts: tuple[tuple[str, tuple[Term, ...]], ...]) -> dict[str, Term]:
        """The sizes that arguments of these sorts give to the size letters of the definition."""
        if len(sorts) != len(self.parameters):
            raise IllFormed(f"{self.name} takes {len(self.parameters)} arguments, not {len(sorts)}")
        found: dict[str, Term] = {}
        for (parameter, want, letter), a, (got, sizes) in zip(self.parameters, arguments, sorts, strict=True):
            if want == "index" and a.op == "num" and letter in found and found[letter].op == "num":
                if a.args[0].denominator == 1 and 1 <= a.args[0] <= found[letter].args[0]:
                    continue  # a literal label of a literal size
                raise IllFormed(f"{self.name}: {parameter} is out of range")
            if got != want:
                raise IllFormed(f"{self.name}: {parameter} is a {want}, not a {got}")
            if letter is not None and found.setdefault(letter, sizes[0]) != sizes[0]:
                raise IllFormed(f"{self.name}: the arguments have different lengths")
        return found

    def unfold(self, arguments: tuple[Term, ...], sizes: dict[str, Term]) -> Term:
        """The body with the arguments put in."""
        values = {parameter[0]: a for parameter, a in zip(self.parameters, arguments, strict=True)}
        return substitute(self.body, {**sizes, **values})


def _at(name: str, k: int = 0) -> Term:
    return Term("at", var(name), Term("bound", k))


def _sum(body: Term) -> Term:
    return Term("sum", var("n"), body)


def _xlog(w: Term, a: Term, b: Term = ONE) -> Term:
    return Term("xlog", w, a, b)


_z_k = Term("at", var("z"), var("k"))
_half = num(Fraction(1, 2))
_mean = _half * (_at("p") + _at("q"))
_vector: Callable[[str], tuple[str, str, str]] = lambda name: (name, "vector", "n")  # noqa: E731

DEFINITIONS: dict[str, Definition] = {
    d.name: d
    for d in (
        Definition("H", (_vector("p"),), -_sum(_xlog(_at("p"), _at("p")))),
        Definition("CE", (_vector("p"), _vector("q")), -_sum(_xlog(_at("p"), _at("q")))),
        Definition("D", (_vector("p"), _vector("q")), _sum(_xlog(_at("p"), _at("p"), _at("q")))),
        Definition("softmax", (_vector("z"), ("k", "index", "n")), Term("exp", _z_k) / _sum(Term("exp", _at("z")))),
        Definition("logsumexp", (_vector("z"),), Term("log", _sum(Term("exp", _at("z"))))),
        Definition("JS", (_vector("p"), _vector("q")),
                   _half * _sum(_xlog(_at("p"), _at("p"), _mean)) + _half * _sum(_xlog(_at("q"), _at("q"), _mean))),
        Definition("sigmoid", (("x", "real", None),), ONE / (ONE + Term("exp", -var("x")))),
        Definition("softplus", (("x", "real", None),), Term("log", ONE + Term("exp", var("x")))),
        Definition("tanh", (("x", "real", None),),
                   (Term("exp", var("x")) - Term("exp", -var("x"))) / (Term("exp", var("x")) + Term("exp", -var("x")))),
        Definition("bernoulli", (("y", "real", None), ("p", "real", None)),
                   Term("case", var("y"), ONE, var("p"), ONE - var("p"))),
    )
}  # fmt: skip


def definition(name: str) -> Definition:
    """The definition called ``name``."""
    try:
        return DEFINITIONS[name]
    except KeyError:
        raise IllFormed(f"{name!r} is not defined; there are {', '.join(DEFINITIONS)}") from None
