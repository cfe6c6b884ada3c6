"""A claim as the raw witness sees it: the sides of its chain, what the variables may be, and its values at a point."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from flint import arb, ctx, fmpq

from ..._kernel.domains import Domain, Scope
from ..._kernel.terms import Term
from ..._kernel.tree import Node, parts
from ..compare import compare, show
from ..jets import Infinite, Jet, TooLarge, Undecided, Undefined
from ..point import Point, exact
from .calculus import Witness
from .germ import MAX_EFFORT
from .walk import Plan, Walker

#: Precisions in bits: the usual ones, and the ones at which a close call is looked at.
USUAL, CLOSE = (192, 1152), (192, 1152, 4096)
#: Digits of the sides in a report.
DIGITS = 20


class Reading(Protocol):
    """What is needed of a claim that was read; of the reader, nothing but the tree is known here."""

    @property
    def source(self) -> str:
        """The formula as given."""

    @property
    def scope(self) -> Scope:
        """The declared variables, sizes included."""

    @property
    def free(self) -> tuple[tuple[str, Term], ...]:
        """Free indices, each with the size it ranges over."""

    @property
    def tree(self) -> Node:
        """The chain."""


class Link(NamedTuple):
    """How one relation of a chain fares at a point."""

    place: int  #: the number of the relation in the chain, from 0
    relation: str
    left: Any
    right: Any
    holds: bool | None  #: None for a tie which balls cannot decide
    tie: bool  #: the sides agree as far as balls know them, and that is far
    precision: int


class Claim:
    """A reading with what is worked out once."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.tree = reading, reading.tree
        self.plan = Plan(self.tree)
        self.effort = [0]  # steps of integrals and limits, at all points together
        self.turns = 0  # turns of loops, at all points together
        self.relations: tuple[str, ...] = self.tree.args[0]
        self.sides: tuple[Node, ...] = self.tree.args[1:]
        self.domains: list[tuple[str, Domain]] = [(n, d) for n, d in reading.scope.domains if d.name != "Size"]
        kinds = {p.kind for p in parts(self.tree)}
        self.slow = bool(kinds & {"integral", "limit"})
        self.rough = "integral" in kinds  # no precision makes quadrature finer
        self.climbs = any(r in ("<=", ">=", "<", ">", "!=") for r in self.relations)

    def walker(self, point: Point) -> Walker:
        """The evaluator at a point, whose values hold the free indices too."""
        names = {name: exact(value) for name, value in point.values.items()}
        free = {name for name, _ in self.reading.free}
        indices = {name: value for name, value in names.items() if name in free}
        return Walker(
            Witness(self.effort), self.plan, {n: v for n, v in names.items() if n not in free}, dict(point.sizes), indices
        )

    def values(self, point: Point, precision: int) -> list[Any]:
        """The values of all sides; raises :class:`Undefined` or :class:`Undecided`."""
        with ctx.workprec(precision):
            walker = self.walker(point)
            try:
                return [number(walker, side) for side in self.sides]
            finally:
                self.turns += walker.turns[0]

    def links(self, point: Point, precisions: tuple[int, ...]) -> list[Link] | None:
        """How every link fares; None where the sides cannot be told well enough."""
        links: list[Link] | None = None
        for precision in precisions:
            try:
                values = self.values(point, precision)
            except TooLarge:
                return links
            except Undecided:
                continue
            with ctx.workprec(precision):
                links = []
                for k, (relation, (a, b)) in enumerate(zip(self.relations, pairwise(values), strict=True)):
                    if type(a) is Infinite and a is b and relation in ("=", "!="):
                        raise Undefined("∞ against ∞")
                    sign = compare(a, b, precision)
                    links.append(Link(k, relation, a, b, holds(relation, sign), sign == "tie", precision))
            if self.rough or any(link.holds is False for link in links) or all(link.holds is not None for link in links):
                return links
        return links


def number(walker: Walker, node: Node) -> Any:
    """The value of a side: exact, a ball, or ±∞."""
    try:
        value = walker.value(node)
    except RecursionError:
        raise TooLarge("the formula is nested too deep") from None
    except OverflowError:
        raise TooLarge("the numbers are too large") from None
    if type(value) is Jet:
        raise Undefined("a derivative is open")
    if type(value) is arb and not value.is_finite():
        raise Undecided("the ball is infinite")
    return value


def holds(relation: str, sign: int | str) -> bool | None:
    """Whether a relation holds of numbers that compare so; None if that is open."""
    if type(sign) is str:
        return None
    return {"=": sign == 0, "!=": sign != 0, "<": sign < 0, ">": sign > 0, "<=": sign <= 0, ">=": sign >= 0}[relation]  # type: ignore[operator]


def decimals(a: Any, b: Any) -> tuple[str, str]:
    """Two values as decimals, with as many digits as it takes to see them differ, if they do."""
    for digits in (DIGITS, 2 * DIGITS, 6 * DIGITS):
        shown = _decimal(a, digits), _decimal(b, digits)
        if shown[0] != shown[1]:
            return shown
    return _decimal(a, DIGITS), _decimal(b, DIGITS)


def _decimal(value: Any, digits: int) -> str:
    text = show(value, digits)
    return "0." + "0" * digits if text.startswith("0e") else text  # a ball around zero


def evaluate(node: Node, at: Point, precision: int = 256, *, steps: int = MAX_EFFORT) -> fmpq | arb | Infinite:
    """The value of a tree at a point: exact, a ball that holds it, or ±∞; indices stand among the values as whole numbers.

    Raises :class:`Undefined` where the formula has no value, :class:`Undecided` where the precision does not tell, or
    where integrals and limits take more than so many steps.
    """
    with ctx.workprec(precision):
        names = {name: exact(value) for name, value in at.values.items()}
        indices = {name: value for name, value in names.items() if type(value) is int}
        return number(Walker(Witness([MAX_EFFORT - steps]), Plan(node), names, dict(at.sizes), indices), node)  # type: ignore[no-any-return]


def defined_at(reading: Reading, at: Point, *, infinite: bool = False) -> bool | None:
    """Whether every side has a (finite) value at the point; None where balls cannot tell."""
    claim = Claim(reading)
    for precision in USUAL:
        try:
            return infinite or not any(type(v) is Infinite for v in claim.values(at, precision))
        except Undefined:
            return False
        except Undecided:
            continue
    return None


__all__ = ["CLOSE", "USUAL", "Claim", "Link", "Reading", "decimals", "defined_at", "evaluate", "holds", "number"]
