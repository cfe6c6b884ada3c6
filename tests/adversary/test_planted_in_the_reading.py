"""A fault planted on the way from a formula to its statement is caught: each of the kinds that were found once.

A fault is a function of the reader, of the translation or of the conditions replaced by one that makes a mistake. With it in
place the adversary's claims are judged; the fault is caught if something comes out that must not (a false claim proved, a
condition that excludes a defined point, rules and witness in contradiction), or if a checker refuses what it let pass before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from derivations._attack.formulas import Claim, Violation, facts, look
from derivations._attack.formulas.claims import finished
from derivations._attack.formulas.exponents import sometimes_whole
from derivations._attack.formulas.expr import TWO, ZERO, Expr, add, entry, fn, mul, name, num, over, power, rel, sub, without
from derivations._attack.formulas.ranges import bracketed
from derivations._attack.formulas.scopes import Declared, Scope
from derivations._attack.formulas.thin import Thin, at_a_point
from derivations._attack.formulas.trap import Trap, real
from derivations._attack.formulas.traps import case_at_a_point, partial_quotient, strict
from derivations._kernel import formula, meaning, understood
from derivations._kernel.terms import Term
from derivations._kernel.terms import num as number
from derivations._kernel.tree import Node, parts
from derivations._reader import operators
from derivations._verify import decide, raw_eyes
from derivations.verify import verify

Plant = Callable[[pytest.MonkeyPatch, Callable[[], None]], None]
Make = Callable[[Random], Trap]


# ---- more traps: a chain, a bound variable


def chained(rng: Random) -> Trap:
    """A chain whose second relation is false at one point."""
    small = at_a_point(real("x"), rng)
    if small is None:
        return chained(rng)
    x = name("x")
    truth = rng.random() < 0.3
    last = power(x, 2) if truth else add(power(x, 2), small.term)
    chain = Expr("chain", (("=", "="), mul(x, x), power(x, 2), last))
    return Trap(small.scope, chain, truth, "the second relation of a chain", {"x": num_at(small.fixed), **small.fixed})


def left_out(rng: Random) -> Trap:
    """A sum over three numbers without a number that is not among them."""
    return _left_out(rng, rng.choice((0, 6, 7)))


def taken_out(rng: Random) -> Trap:
    """A sum over three numbers without one of them."""
    return _left_out(rng, rng.choice((2, 3)))


def _left_out(rng: Random, out: int) -> Trap:
    small = at_a_point(real("x"), rng) or Thin(ZERO, {}, real("x"))
    low, truth = rng.choice((1, 2)), rng.random() < 0.5
    count = 3 - (low <= out <= low + 2)
    right = num(count if truth else 5 - count)
    return Trap(small.scope, rel(without("j", low, low + 2, num(out), small.term), "=", mul(right, small.term)), truth,
                "a number left out", small.fixed)  # fmt: skip


def beside(rng: Random) -> Trap:
    """Something that is added to an integral."""
    small = at_a_point(real("x"), rng) or Thin(ZERO, {}, real("x"))
    integral, value = facts.integral(rng, []), rng.random() < 0.5
    right = add(integral.args[4], small.term) if value else integral.args[4]
    return Trap(small.scope, rel(add(integral, small.term), "=", right), value, "beside an integral", small.fixed)


def num_at(fixed: dict[str, Any]) -> Any:
    """A number for x."""
    return fixed.get("x", 3)


def summed(rng: Random) -> Trap:
    """A sum with a term that stands beside it, or inside."""
    scope = Scope((Declared("z", "Real", ("n",)), Declared("x", "Real")))
    x, n, zi = name("x"), name("n"), entry("z", "i")
    truth = rng.random() < 0.5
    a = over("sum", "i", 1, n, add(zi, x))
    right = add(over("sum", "i", 1, n, zi), mul(n, x) if truth else x)
    return Trap(scope, rel(a, "=", right), truth, "a sum of a sum", {"n": 2, "x": 1})


def extended(rng: Random) -> Trap:
    """Minima, with a sign in the wrong place."""
    x, y = name("x"), name("y")
    truth = rng.random() < 0.5
    a = add(fn("min", x, y), fn("max", x, y))
    right = add(x, y) if truth else ZERO
    return Trap(real("x", "y"), rel(a, "=", right), truth, "the least and the greatest", {"x": 1, "y": 2})


def differently(rng: Random) -> Trap:
    """A logarithm to a base."""
    s = name("s")
    truth = rng.random() < 0.5
    right = fn("div", fn("log", s), fn("log", TWO)) if truth else fn("log", s)
    return Trap(real("s", domain="Positive"), rel(fn("logb", s, TWO), "=", right), truth, "a base", {"s": 2})


def by_a_bit(rng: Random) -> Trap:
    """A case distinction by a bit, whose condition is an inequality."""
    y, p = name("y"), name("p")
    truth = rng.random() < 0.5
    cases = Expr("cases", (p, rel(y, "!=", ZERO), sub(num(1), p)))
    right = mul(power(p, y), power(sub(num(1), p), sub(num(1), y)))
    scope = Scope((Declared("y", "Bit"), Declared("p", "Probability")))
    return Trap(scope, rel(cases, "=", right if truth else sub(num(1), right)), truth, "cases by a bit", {"y": 1, "p": "1/3"})


# ---- the faults


def left_out_unasked(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """Whole sum minus a term, though the term need not be in it."""

    def without(self: Any, node: Node, scope: Any, env: Any) -> Term:
        used()
        name, low, high, other, body = node.args
        whole = self.total("sum", name, low, high, None, body, scope, env, node)
        left_out = self.term(body, scope, {**env, name: self.index(other, scope, env)})
        return formula.joined("add", [whole, formula.joined("mul", [formula.MINUS, left_out])])

    patch.setitem(formula._TERMS, "without", without)


def left_out_forgotten(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """What is left out of a sum is not left out."""

    def without(self: Any, node: Node, scope: Any, env: Any) -> Term:
        used()
        name, low, high, _, body = node.args
        return self.total("sum", name, low, high, None, body, scope, env, node)  # type: ignore[no-any-return]

    patch.setitem(formula._TERMS, "without", without)


def put(whole: Node, old: Node, new: Node) -> Node:
    """``whole`` with the part ``old`` replaced."""
    if whole == old:
        return new
    return Node(whole.kind, tuple(put(a, old, new) if type(a) is Node else a for a in whole.args))


def misplaced(patch: pytest.MonkeyPatch, used: Callable[[], None], under: bool) -> None:
    """What stands beside an integral is pulled under it, or lost."""
    before = meaning.Statement.related

    def related(self: Any, relation: str, a: Node, b: Node, scope: Any, env: Any) -> Any:
        for side, other in ((a, b), (b, a)):
            integrals = [p for p in parts(side) if p.kind == "integral"]
            if len(integrals) == 1 and side.kind != "integral":
                used()
                (inner,) = integrals
                body = put(side, inner, inner.args[3]) if under else inner.args[3]
                return before(self, relation, Node("integral", (*inner.args[:3], body)), other, scope, env)
        return before(self, relation, a, b, scope, env)

    patch.setattr(meaning.Statement, "related", related)


def pulled_under(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """What stands beside an integral in a bracket is pulled under it."""
    misplaced(patch, used, under=True)


def added_lost(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """What is added to an integral is lost."""
    misplaced(patch, used, under=False)


def blinded(patch: pytest.MonkeyPatch) -> None:
    """The witness finds no counterexample, or the claim would not come as far as the fault."""
    patch.setattr(raw_eyes.RawEyes, "refute", lambda self, *, long=False: None)


def conditions_unasked(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """Nobody asks whether the formula has a value outside of a condition."""

    def require_exact(scope: Any, goal: Term, conditions: tuple[Term, ...], algebra: Any) -> Any:
        used()
        return scope.assuming(*conditions)

    blinded(patch)
    patch.setattr(decide, "require_exact", require_exact)
    patch.setattr(understood, "require_exact", require_exact)


def conditions_doubled(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """A condition more than the formula needs."""
    before = decide.conditions

    def conditions(kernel: Any, scope: Any, goal: Term, *rest: Any) -> Any:
        inside, found, lacking = before(kernel, scope, goal, *rest)
        reals = [n for n, d in scope.domains if d.name == "Real" and not d.sizes]
        if reals:
            used()
            found = (*found, Term("ne", Term("var", reals[0]), number(3)))
        return inside, found, lacking

    patch.setattr(decide, "conditions", conditions)


def other_case(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """The values of a case distinction are exchanged where its condition is ≠."""
    before = formula.Formula.cases

    def cases(self: Any, node: Node, scope: Any, env: Any) -> Term:
        found = before(self, node, scope, env)
        if found.op == "case" and node.args[1].args[0] == ("!=",):
            used()
            u, v, a, b = found.args
            return Term("case", u, v, b, a)
        return found

    patch.setitem(formula._TERMS, "cases", cases)


def first_case(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """Only the last value of a case distinction is kept."""

    def cases(self: Any, node: Node, scope: Any, env: Any) -> Term:
        used()
        return self.term(node.args[-1] if len(node.args) % 2 else node.args[0], scope, env)  # type: ignore[no-any-return]

    patch.setitem(formula._TERMS, "cases", cases)


def first_relation(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """Only the first relation of a chain is claimed."""
    before = meaning.Statement.claim

    def claim(self: Any, tree: Node, scope: Any, env: Any) -> Any:
        relations, *sides = tree.args
        if len(relations) > 1:
            used()
        return before(self, Node("chain", (relations[:1], *sides[:2]), tree.span), scope, env)

    patch.setattr(meaning.Statement, "claim", claim)


def strict_made_weak(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """< becomes ≤."""
    blinded(patch)
    before = meaning.Statement.relation

    def relation(self: Any, sign: str, a: Term, b: Term) -> Term:
        if sign in ("<", ">"):
            used()
        return before(self, {"<": "<=", ">": ">="}.get(sign, sign), a, b)

    patch.setattr(meaning.Statement, "relation", relation)


def base_forgotten(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """Every logarithm is natural."""

    def logb(self: Any, node: Node, scope: Any, env: Any) -> Term:
        used()
        return Term("log", self.term(node.args[0], scope, env))

    patch.setitem(formula._TERMS, "logb", logb)


def sign_of_minima(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """A minimum loses its outer sign."""

    def minimum(self: Any, node: Node, scope: Any, env: Any) -> Term:
        used()
        return self.maximum(Node("max", tuple(Node("neg", (a,)) for a in node.args)), scope, env)  # type: ignore[no-any-return]

    patch.setitem(formula._TERMS, "min", minimum)


def body_too_short(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """A term of the body of a sum is added once instead of for every index."""
    before = formula.Formula.total

    def total(self: Any, op: str, name: str, low: Node, high: Node, other: Any, body: Node, *rest: Any) -> Term:
        if op == "sum" and body.kind == "add":
            used()
            first = before(self, op, name, low, high, other, body.args[0], *rest)
            scope, env = rest[0], rest[1]
            return formula.joined("add", [first, *(self.term(part, scope, env) for part in body.args[1:])])
        return before(self, op, name, low, high, other, body, *rest)

    patch.setattr(formula.Formula, "total", total)


def not_left_out_in_reading(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """The reader drops what a sum leaves out; then the tree says so, and everybody judges that tree."""
    before = operators._other

    def other(p: Any, names: Any) -> None:
        if before(p, names) is not None:
            used()

    patch.setattr(operators, "_other", other)


def fraction_upside_down(patch: pytest.MonkeyPatch, used: Callable[[], None]) -> None:
    """The reader exchanges numerator and denominator."""
    before = operators.read_frac

    def frac(p: Any) -> Node:
        node = before(p)
        if node.kind == "div":
            used()
            return Node("div", node.args[::-1], node.span)
        return node

    patch.setitem(operators.READERS, "frac", frac)


@dataclass(frozen=True)
class Fault:
    """A fault, and the traps whose claims meet it."""

    plant: Plant
    makes: tuple[Make, ...]
    count: int = 8


FAULTS = (
    Fault(left_out_unasked, (left_out,)), Fault(left_out_forgotten, (taken_out,)), Fault(pulled_under, (bracketed,), 14),
    Fault(added_lost, (beside,)), Fault(conditions_unasked, (sometimes_whole,)), Fault(conditions_doubled, (partial_quotient,)),
    Fault(other_case, (by_a_bit,)), Fault(first_case, (case_at_a_point,)), Fault(first_relation, (chained,)),
    Fault(strict_made_weak, (strict,)), Fault(base_forgotten, (differently,)), Fault(sign_of_minima, (extended,)),
    Fault(body_too_short, (summed,)), Fault(not_left_out_in_reading, (taken_out,)),
    Fault(fraction_upside_down, (differently, partial_quotient)),
)  # fmt: skip


def claims(fault: Fault) -> list[Claim]:
    """Claims of the traps of a fault, the same ones every time."""
    rng, found = Random(fault.plant.__name__), []
    while len(found) < fault.count:
        make = fault.makes[len(found) % len(fault.makes)]
        trap = make(rng)
        claim = finished(str(len(found)), make.__name__, trap.scope, trap.chain, trap.truth, trap.why, trap.fixed, rng)
        found += [claim] if claim is not None else []
    return found


def judged(claim: Claim) -> Any:
    """The verdict on a claim, in this process."""
    return verify(claim.latex, claim.scope.where)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.plant.__name__)
def test_a_planted_fault_is_caught(fault: Fault) -> None:
    met = 0

    def used() -> None:
        nonlocal met
        met += 1

    violations: list[str] = []
    refused: list[Claim] = []
    with pytest.MonkeyPatch.context() as patch:
        fault.plant(patch, used)
        for claim in claims(fault):
            verdict = judged(claim)
            violations += [str(v) for v in look(claim, verdict, judged) if isinstance(v, Violation)]
            if claim.truth and verdict.verdict != "proved":
                refused.append(claim)
            if violations:
                break
    assert met, "no claim met the fault"
    assert violations or any(judged(claim).verdict == "proved" for claim in refused)
