"""What a formula leaves to whoever reads it: which factors weigh a logarithm, and what its limits and integrals are said to be.

The statement itself is made by :mod:`derivations._kernel.meaning`; what is chosen here is recorded with it, and any choice
denotes the same. A product of weights with one logarithm whose argument may be zero becomes a weighted logarithm, so that
0·log 0 = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Claim
from derivations._kernel.domains import Scope
from derivations._kernel.formula import Env, Formula, Untranslatable, flat, inverse, joined
from derivations._kernel.meaning import CALCULUS, Statement, Written, statement
from derivations._kernel.order import Order
from derivations._kernel.terms import ZERO, IllFormed, Term, free_names, var
from derivations._kernel.tree import Node, parts

from .reading import Reading

#: What the limit (two arguments) or the integral of a term in a variable is proposed to be; None if nothing is.
Worth = Callable[..., Term | None]


def translate(reading: Reading, worth: Worth | None = None) -> tuple[Scope, Term]:
    """The scope, free indices included, and the goal; ``worth`` proposes values of limits and integrals inside formulas."""
    return translated(reading, worth)[1]


def translated(reading: Reading, worth: Worth | None = None) -> tuple[Written, tuple[Scope, Term]]:
    """The formula with the choices that were made for it, and the statement that it makes with them."""
    written = Written(reading.scope, reading.free, reading.tree)
    formula = Weighing()
    made = Choosing(formula, worth)
    env = {name: var(name) for name, _ in written.free}
    try:
        made.claim(written.tree, written.whole, env)
        chosen = replace(
            written,
            weights=tuple(formula.weights.items()),
            values=tuple(made.values.items()),
            domains=tuple(made.domains.items()),
        )
        scope, goal = statement(chosen)
        Claim(scope, goal).check()
    except Untranslatable:
        raise
    except IllFormed as error:
        raise Untranslatable(str(error), reading.tree.span) from None
    return chosen, (scope, goal)


class Choosing(Statement):
    """The statement of a formula, with proposals for its limits and integrals."""

    def __init__(self, formula: Weighing, worth: Worth | None) -> None:
        super().__init__(formula, {}, {})
        self.weighing, self.worth = formula, worth
        self.offers = dict[Node, Term]()  #: values that an equation gives, where nothing else finds one

    def related(self, relation: str, a: Node, b: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
        inside = [p for side in (a, b) for p in parts(side) if p.kind in CALCULUS]
        if relation == "=" and len(inside) == 1:
            side, other = (a, b) if inside[0] in parts(a) else (b, a)
            found = solved(side, inside[0], other)
            if found is not None and not any(p.kind == "infinity" for p in parts(found)):
                self.offers[inside[0]] = self.formula.term(found, scope, env)
        return super().related(relation, a, b, scope, env)

    def value(self, node: Node, found: list[Term], ends: list[Term], x: Term, scope: Scope) -> Term:
        worth = None if self.worth is None else self.worth(scope, found[0], x, *ends)
        worth = worth or self.offers.get(node)
        if worth is not None:
            self.values[node] = worth
        return super().value(node, found, ends, x, scope)

    def domain(self, node: Node, low: Term, scope: Scope) -> str:
        if low.op != "const" and self.weighing.order(scope).holds(Term("le", ZERO, low)):
            self.domains[node] = "Positive"
        return super().domain(node, low, scope)


def solved(side: Node, inner: Node, other: Node) -> Node | None:
    """What ``inner`` is if ``side`` = ``other``: it is added to, or multiplied by numbers; None where more is done to it."""
    while side is not inner:
        holder = next(p for p in side.children if any(q is inner for q in parts(p)))
        rest = tuple(p for p in side.children if p is not holder)
        if side.kind == "add":
            other = Node("add", (other, *(Node("neg", (p,)) for p in rest)))
        elif side.kind == "neg":
            other = Node("neg", (other,))
        elif side.kind == "mul" and all(p.kind == "number" and p.args[0] for p in rest):
            for p in rest:
                other = Node("div", (other, p))
        elif side.kind == "div" and side.args[0] is holder:
            other = Node("mul", (other, *rest))
        else:
            return None
        side = holder
    return other


class Weighing(Formula):
    """The terms of a formula, with the weights of its logarithms chosen where a logarithm needs them."""

    def __init__(self) -> None:
        super().__init__({}, {})
        self.algebra, self.made = Algebra(), dict[Scope, Order]()

    def order(self, scope: Scope) -> Order:
        return Order.of(scope, self.algebra, self.made)

    def weighted(self, node: Node, scope: Scope, env: Env) -> Term | None:
        weights = self.weights_of(node, scope, env)
        if weights:
            self.weights[node] = weights
        return super().weighted(node, scope, env)

    def weights_of(self, node: Node, scope: Scope, env: Env) -> tuple[int, ...]:
        """The factors that are nonnegative and may be zero, or else those which vary, if the logarithm may be of zero."""
        factors, order = flat(node), self.order(scope)
        logs = [(k, *self.quotient(f.args[0], scope, env)) for k, (f, below) in enumerate(factors)
                if f.kind in ("log", "logb") and not below]  # fmt: skip
        if len(logs) != 1:
            return ()
        ((place, over, under),) = logs
        if order.undefined(Term("log", over if under.op == "num" else joined("mul", [over, inverse(under)]))) is None:
            return ()
        sides = [Term("le", ZERO, t) for t in (over, under)]
        inside = self.order(scope.assuming(*(s for s in sides if not order.holds(s))))
        others = {k: self.factor(f, below, scope, env) for k, (f, below) in enumerate(factors) if k != place}
        nonnegative = {k: t for k, t in others.items()
                       if (t.op != "num" or t == ZERO) and inside.holds(Term("le", ZERO, t))}  # fmt: skip
        weights = [k for k, t in nonnegative.items() if not inside.holds(Term("lt", ZERO, t))]
        here = (k for k, t in nonnegative.items() if varies(t, scope) and order.holds(Term("le", ZERO, t)))
        return tuple(weights or here)


def varies(t: Term, scope: Scope) -> bool:
    """Whether a term depends on more than sizes."""
    return any(scope.domain(name).name != "Size" for name in free_names(t))


__all__ = ["Untranslatable", "Worth", "translate", "translated"]
