"""From the tree of a formula to the terms it denotes, part by part as the page “The meaning of a claim” says.

No algebra is done here: a left-out index, a case, a quotient, a weight keep their places. What the formula needs in order
to have a value is read off the term afterwards (:mod:`exact`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .definitions import DEFINITIONS
from .domains import Domain, Scope
from .terms import ONE, ZERO, IllFormed, Term, closed, num, var
from .tree import FUNCTIONS, Node

MINUS = num(-1)
MAX_WRITTEN_OUT = 400  #: addends of all sums over literal indices
Env = dict[str, Term]  #: names of indices and bound variables to terms


class Untranslatable(IllFormed):
    """What the formula says cannot be stated in the language of terms; ``span`` is the place in the source."""

    def __init__(self, why: str, span: tuple[int, int] = (0, 0)) -> None:
        super().__init__(why)
        self.why, self.span = why, span


def joined(op: str, terms: Iterable[Term]) -> Term:
    """One term of all, without an operator directly inside the same operator."""
    flat = [x for t in terms for x in (t.args if t.op == op else (t,))]
    return flat[0] if len(flat) == 1 else Term(op, *flat)


def product(terms: Iterable[Term]) -> Term:
    """The product of all that are not 1."""
    return joined("mul", [t for t in terms if t != ONE] or [ONE])


#: Kinds whose factors are factors of a product in which they stand.
PRODUCTS = ("mul", "div", "neg")


def times(factors: Iterable[tuple[Node, Term]]) -> Term:
    """A product of factors as they were written; only a product in a product is taken apart."""
    flat = [x for node, t in factors for x in (t.args if t.op == "mul" and node.kind in PRODUCTS else (t,))]
    return flat[0] if len(flat) == 1 else Term("mul", *flat)


def inverse(t: Term) -> Term:
    """1/t."""
    return Term("pow", t, MINUS)


def flat(node: Node, below: bool = False) -> list[tuple[Node, bool]]:
    """The factors of a product or quotient, each with whether it stands below the line.

    A quotient that stands below a line is one factor: 1/(1/q) has no value where q = 0.
    """
    if node.kind == "mul":
        return [f for a in node.args for f in flat(a, below)]
    if node.kind == "div" and not below and not all(a.kind == "number" for a in node.args):
        return [*flat(node.args[0], below), *flat(node.args[1], not below)]
    if node.kind == "neg" and node.args[0].kind != "number":
        return [(Node("number", (MINUS.args[0],), node.span), False), *flat(node.args[0], below)]
    return [(node, below)]


def size_of(node: Node, scope: Scope) -> Term | None:
    """The number of entries of a vector; None for a number."""
    if node.kind == "name":
        domain = scope.domain(node.args[0]) if scope.declares(node.args[0]) else None
        return domain.sizes[0] if domain is not None and domain.sizes and domain.name != "Index" else None
    if node.kind == "family":
        return scope.domain(node.args[0].args[0]).sizes[0]
    if node.kind == "call":
        return size_of(node.args[1], scope) if FUNCTIONS[node.args[0]][1] == "vector" else None
    if node.kind in ("add", "neg", "mul", "div"):
        return next((s for s in (size_of(a, scope) for a in node.args) if s is not None), None)
    return None


def size_term(high: Node, scope: Scope) -> Term | None:
    """The size up to which a sum runs, if it is one."""
    if high.kind == "name" and scope.declares(high.args[0]) and scope.domain(high.args[0]).name == "Size":
        return var(high.args[0])
    whole = high.kind == "number" and high.args[0].denominator == 1 and high.args[0] >= 1
    return num(high.args[0]) if whole else None


def numbers(node: Node) -> list[Node]:
    """The parts of ``node`` that are numbers: not those which only stand in a subscript."""
    if node.kind in ("entry", "delta"):
        return [p for c in node.args[:1] if node.kind == "entry" for p in numbers(c)]
    return [node, *(p for c in node.children for p in numbers(c))]


class Formula:
    """The terms of one formula.

    ``weights`` says of a product with one logarithm which of the other factors (by their places in :func:`flat`) are its
    weight; they are chosen by whoever reads the formula, and any choice denotes the same wherever it denotes anything.
    ``values`` has the values that limits and integrals inside the formula are said to have.
    """

    def __init__(self, weights: dict[Node, tuple[int, ...]], values: dict[Node, Term]) -> None:
        self.weights, self.values = weights, values
        self.written_out = 0

    def term(self, node: Node, scope: Scope, env: Env) -> Term:
        """A number of the formula."""
        build = _TERMS.get(node.kind)
        if build is None or node.kind in ("limit", "integral"):
            if node in self.values:
                return self.values[node]
            names = {"binom": "a binomial coefficient", "factorial": "a factorial", "infinity": "∞ inside a formula",
                     "limit": "a limit inside a formula", "integral": "an integral inside a formula"}  # fmt: skip
            raise Untranslatable(f"{names.get(node.kind, node.kind[:40])} cannot be stated", node.span)
        return build(self, node, scope, env)

    def all(self, nodes: Iterable[Any], scope: Scope, env: Env) -> list[Term]:
        return [self.term(n, scope, env) for n in nodes]

    # ---- names, numbers, products

    def name(self, node: Node, scope: Scope, env: Env) -> Term:
        name = node.args[0]
        if name in env:
            return env[name]
        if scope.domain(name).name == "Index":
            raise Untranslatable(f"the label {name} is used as a number", node.span)
        return var(name)

    def index_as_number(self, node: Node, scope: Scope, env: Env) -> Term:
        if env[node.args[0]].op == "num":
            return env[node.args[0]]
        raise Untranslatable(f"the index {node.args[0]} is used as a number", node.span)

    def index(self, node: Node, scope: Scope, env: Env) -> Term:
        """An index of an entry, or one that is compared."""
        if node.kind == "index":
            return env[node.args[0]]
        if node.kind == "number":
            return num(node.args[0])
        if node.kind == "name" and scope.domain(node.args[0]).name == "Index":
            return var(node.args[0])
        raise Untranslatable("the last entry of a vector of any size", node.span)

    def neg(self, node: Node, scope: Scope, env: Env) -> Term:
        t = self.term(node.args[0], scope, env)
        return num(-t.args[0]) if t.op == "num" else times([(node, MINUS), (node.args[0], t)])

    def div(self, node: Node, scope: Scope, env: Env) -> Term:
        over, under = self.all(node.args, scope, env)
        if over.op == under.op == "num" and under != ZERO:
            return num(over.args[0] / under.args[0])
        below = (node.args[1], inverse(under))
        return times([below] if over == ONE else [(node.args[0], over), below])

    def mul(self, node: Node, scope: Scope, env: Env) -> Term:
        return self.weighted(node, scope, env) or times(zip(node.args, self.all(node.args, scope, env), strict=True))

    def weighted(self, node: Node, scope: Scope, env: Env) -> Term | None:
        """The product of a logarithm log(a/b) with its weights; None if no weights are said."""
        if node not in self.weights:
            return None
        factors = flat(node)
        places = [k for k, (f, below) in enumerate(factors) if f.kind in ("log", "logb") and not below]
        if len(places) != 1 or not {*self.weights[node]} <= {*range(len(factors))} - {*places}:
            raise Untranslatable("a weight belongs to one logarithm", node.span)
        logarithm = factors[places[0]][0]
        each = {k: self.factor(f, below, scope, env) for k, (f, below) in enumerate(factors) if k != places[0]}
        rest = [t for k, t in each.items() if k not in self.weights[node] and t != ONE]
        if logarithm.kind == "logb":
            rest.append(inverse(Term("log", self.term(logarithm.args[1], scope, env))))
        weights = [each[k] for k in sorted({*self.weights[node]})] or [ONE]
        weight = weights[0] if len(weights) == 1 else Term("mul", *weights)
        whole = [*rest, Term("xlog", weight, *self.quotient(logarithm.args[0], scope, env))]
        return whole[0] if len(whole) == 1 else Term("mul", *whole)

    def factor(self, node: Node, below: bool, scope: Scope, env: Env) -> Term:
        t = self.term(node, scope, env)
        return inverse(t) if below else t

    def quotient(self, node: Node, scope: Scope, env: Env) -> tuple[Term, Term]:
        """What stands above and below in an argument of a logarithm."""
        sides: tuple[list[Term], list[Term]] = [], []
        for factor, below in flat(node):
            sides[below].append(self.term(factor, scope, env))
        return product(sides[0]), joined("mul", sides[1] or [ONE])

    def logb(self, node: Node, scope: Scope, env: Env) -> Term:
        argument, base = self.all(node.args, scope, env)
        return joined("mul", [Term("log", argument), inverse(Term("log", base))])

    def maximum(self, node: Node, scope: Scope, env: Env) -> Term:
        first, *rest = self.all(node.args, scope, env)
        for t in rest:
            first = Term("max", first, t)
        return first

    def minimum(self, node: Node, scope: Scope, env: Env) -> Term:
        negated = Node("max", tuple(Node("neg", (a,), a.span) for a in node.args), node.span)
        return joined("mul", [MINUS, self.maximum(negated, scope, env)])

    # ---- vectors and functions

    def call(self, node: Node, scope: Scope, env: Env) -> Term:
        function, *arguments = node.args
        if function not in DEFINITIONS or FUNCTIONS[function][1] != "real":
            raise Untranslatable(f"{function} has no definition here", node.span)
        given = [self.vector(a, scope, env) if want == "vector" else self.term(a, scope, env)
                 for want, a in zip(FUNCTIONS[function][0], arguments, strict=True)]  # fmt: skip
        return Term("app", function, *given)

    def vector(self, node: Node, scope: Scope, env: Env) -> Term:
        """A vector as an argument."""
        if node.kind == "name":
            return var(node.args[0])
        if node.kind == "family":
            return Term("of", var(node.args[0].args[0]), self.vector(node.args[1], scope, env))
        size = size_of(node, scope)
        if size is None:
            raise Untranslatable("not a vector", node.span)
        inner = scope.fresh()
        inside = scope.declaring(inner, Domain("Index", (size,)))
        return Term("vec", size, closed(self.at(node, var(inner), inside, env), inner))

    def at(self, node: Node, i: Term, scope: Scope, env: Env) -> Term:
        """The entry of a vector at an index."""
        if size_of(node, scope) is None:
            return self.term(node, scope, env)
        if node.kind in ("name", "family"):
            return Term("at", self.vector(node, scope, env), i)
        if node.kind == "call":
            return Term("app", node.args[0], self.vector(node.args[1], scope, env), i)
        found = [self.at(a, i, scope, env) for a in node.args]
        if node.kind == "neg":
            return joined("mul", [MINUS, found[0]])
        if node.kind == "div":
            return joined("mul", [found[0], inverse(found[1])])
        return joined(node.kind, found)

    def entry(self, node: Node, scope: Scope, env: Env) -> Term:
        base, *indices = node.args
        sizes = scope.domain(base.args[0]).sizes if base.kind == "name" else (size_of(base, scope),)
        at = [self.index(i, scope, env) for i in indices]
        for i, size, place in zip(at, sizes, indices, strict=True):
            if i.op == "num" and (size is None or size.op != "num"):
                raise Untranslatable("a single entry of a vector of any size", place.span)
        return Term("at", var(base.args[0]), *at) if base.kind == "name" else self.at(base, at[0], scope, env)

    def delta(self, node: Node, scope: Scope, env: Env) -> Term:
        i, j = (self.index(each, scope, env) for each in node.args)
        return self.alike(i, j, scope)

    def alike(self, i: Term, j: Term, scope: Scope) -> Term:
        """1 where two indices are one, else 0; an index is none of the numbers beyond its size."""
        if i.op == j.op == "num":
            return ONE if i == j else ZERO
        if i.op == "num":
            i, j = j, i
        (size,) = scope.domain(i.args[0]).sizes
        if j.op == "num":
            if size.op != "num":
                raise Untranslatable("a label of any size is compared with a number")
            if j.args[0].denominator != 1 or not 1 <= j.args[0] <= size.args[0]:
                return ZERO
        return Term("delta", i, j)

    def deriv(self, node: Node, scope: Scope, env: Env) -> Term:
        t = self.term(node.args[0], scope, env)
        for x in node.args[1:]:
            t = Term("deriv", t, self.term(x, scope, env))
        return t

    # ---- binders

    def big(self, node: Node, scope: Scope, env: Env) -> Term:
        """A sum, a product or a maximum over all indices from 1 to a size, or over literal ones."""
        name, low, high, body = node.args
        op = {"sum": "sum", "prod": "prod", "largest": "top", "smallest": "top"}[node.kind]
        if node.kind == "smallest":
            body = Node("neg", (body,), body.span)
        found = self.total(op, name, low, high, None, body, scope, env, node)
        return joined("mul", [MINUS, found]) if node.kind == "smallest" else found

    def without(self, node: Node, scope: Scope, env: Env) -> Term:
        """A sum over all indices but one: where the index is the one left out, nothing is added."""
        name, low, high, other, body = node.args
        return self.total("sum", name, low, high, other, body, scope, env, node)

    def total(
        self, op: str, name: str, low: Node, high: Node, other: Node | None, body: Node, scope: Scope, env: Env, node: Node
    ) -> Term:
        """Over 1, …, size as one term; over other literal ranges written out."""
        size = size_term(high, scope)
        counts = any(p.kind == "index" and p.args[0] == name for p in numbers(body))
        if low.kind == "number" and low.args[0] == 1 and size is not None and not (counts and size.op == "num"):
            inner = scope.fresh()
            inside = scope.declaring(inner, Domain("Index", (size,)))
            return Term(op, size, closed(self.one(body, other, name, var(inner), inside, env), inner))
        if low.kind == high.kind == "number" and low.args[0].denominator == high.args[0].denominator == 1:
            values = range(int(low.args[0]), int(high.args[0]) + 1)
            self.written_out += len(values)
            if values and self.written_out <= MAX_WRITTEN_OUT:
                found = [self.one(body, other, name, num(v), scope, env) for v in values]
                if len(found) == 1 and found[0].op in ("log", "xlog"):  # it is no factor of a product around the sum
                    return Term("mul", ONE, *found)
                if op == "top":
                    largest = found[0]
                    for t in found[1:]:
                        largest = Term("max", largest, t)
                    return largest
                return joined("add" if op == "sum" else "mul", found)
        raise Untranslatable("a range other than 1, …, n", node.span)

    def one(self, body: Node, other: Node | None, name: str, i: Term, scope: Scope, env: Env) -> Term:
        """What is added for one index; where it is left out, that is 0."""
        met = ZERO if other is None else self.alike(i, self.index(other, scope, {**env, name: i}), scope)
        if met == ONE:
            return ZERO
        t = self.term(body, scope, {**env, name: i})
        return t if met == ZERO else Term("case", met, ONE, ZERO, t)

    def cases(self, node: Node, scope: Scope, env: Env) -> Term:
        """Case distinctions by equations; the last case is for all others, or the cases cover everything."""
        rows = [(node.args[k], node.args[k + 1]) for k in range(0, len(node.args) - 1, 2)]
        if len(node.args) % 2:
            last = self.term(node.args[-1], scope, env)
        else:
            if not exhaustive([c for _, c in rows], scope):
                raise Untranslatable("the cases are not seen to cover everything", node.span)
            last = self.term(rows.pop()[0], scope, env)
        for value, condition in reversed(rows):
            relations, *sides = condition.args
            if len(relations) != 1 or relations[0] not in ("=", "!="):
                raise Untranslatable("a case that is not an equation, inside a formula", condition.span)
            u, v = self.compared(sides[0], sides[1], scope, env)
            t = self.term(value, scope, env)
            last = Term("case", u, v, *((t, last) if relations[0] == "=" else (last, t)))
        return last

    def compared(self, a: Node, b: Node, scope: Scope, env: Env) -> tuple[Term, Term]:
        """Two numbers that are compared, or two indices by their δ."""
        if all(is_label(x, scope, env) for x in (a, b)):
            return self.delta(Node("delta", (a, b), a.span), scope, env), ONE
        return self.term(a, scope, env), self.term(b, scope, env)


def is_label(node: Node, scope: Scope, env: Env) -> bool:
    """Whether a node is an index or a label."""
    if node.kind == "index":
        return env[node.args[0]].op != "num"
    return node.kind == "name" and node.args[0] not in env and scope.domain(node.args[0]).name == "Index"


def exhaustive(conditions: list[Node], scope: Scope) -> bool:
    """Whether the conditions cover every case: y = 0 and y = 1 of a bit, or a relation and its negation."""
    if len(conditions) != 2 or any(len(c.args[0]) != 1 for c in conditions):
        return False
    (((r,), *first), ((s,), *second)) = (c.args for c in conditions)
    if first == second and {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[r] == s:
        return True
    name = first[0].args[0] if first[0].kind == "entry" else first[0]
    bit = name.kind == "name" and scope.declares(name.args[0]) and scope.domain(name.args[0]).name in ("Bit", "OneHot")
    values = {side.args[0] for side in (first[1], second[1]) if side.kind == "number"}
    return r == s == "=" and first[0] == second[0] and bit and values == {0, 1}


_HALF = num("1/2")
_TERMS: dict[str, Callable[[Formula, Node, Scope, Env], Term]] = {
    "number": lambda f, n, s, e: num(n.args[0]), "pi": lambda f, n, s, e: Term("const", "pi"),
    "euler": lambda f, n, s, e: Term("exp", ONE), "name": Formula.name, "index": Formula.index_as_number,
    "add": lambda f, n, s, e: joined("add", f.all(n.args, s, e)), "neg": Formula.neg, "mul": Formula.mul,
    "div": Formula.div, "pow": lambda f, n, s, e: Term("pow", *f.all(n.args, s, e)),
    "sqrt": lambda f, n, s, e: Term("pow", f.term(n.args[0], s, e), _HALF),
    "log": lambda f, n, s, e: Term("log", *f.all(n.args, s, e)), "logb": Formula.logb,
    "exp": lambda f, n, s, e: Term("exp", *f.all(n.args, s, e)), "abs": lambda f, n, s, e: Term("abs", *f.all(n.args, s, e)),
    "max": Formula.maximum, "min": Formula.minimum, "call": Formula.call, "entry": Formula.entry,
    "delta": Formula.delta, "sum": Formula.big, "prod": Formula.big, "largest": Formula.big,
    "smallest": Formula.big, "without": Formula.without, "deriv": Formula.deriv, "cases": Formula.cases,
}  # fmt: skip

__all__ = ["Env", "Formula", "Untranslatable", "exhaustive", "flat", "inverse", "joined", "size_of"]
