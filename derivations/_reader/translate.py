"""The raw tree becomes a statement of the kernel, part by part as it was written, or it is said why it cannot.

Every sum keeps its body, every quotient its denominator; what a formula needs to be defined is read off afterwards. A
product of weights with one logarithm whose argument may be zero becomes a weighted logarithm, so that 0·log 0 = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derivations._kernel.algebra import Algebra
from derivations._kernel.check import Claim
from derivations._kernel.definitions import DEFINITIONS
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.order import Order
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, closed, num, var
from derivations._kernel.tree import FUNCTIONS, Node

from . import statements
from .conditions import MINUS, Untranslatable, exhaustive, flat, inverse, joined, numbers, size_of, size_term, varies
from .reading import Reading

MAX_WRITTEN_OUT = 400  #: addends of all sums over literal indices
Env = dict[str, Term]  #: names of indices and bound variables to terms


def translate(reading: Reading, worth: statements.Worth | None = None) -> tuple[Scope, Term]:
    """The scope, free indices included, and the goal; ``worth`` proposes values of limits and integrals inside formulas."""
    scope = reading.scope
    for name, size in reading.free:
        scope = scope.declaring(name, Domain("Index", (size,)))
    env = {name: var(name) for name, _ in reading.free}
    try:
        scope, goal = statements.claim(Translator(worth), reading.tree, scope, env)
        Claim(scope, goal).check()
        return scope, goal
    except IllFormed as error:
        raise Untranslatable(str(error), reading.tree.span) from None


def quotient(over: Term, under: Term) -> Term:
    """A quotient, or its numerator over one."""
    return over if under == ONE else joined("mul", [over, inverse(under)])


class Translator:
    """Translates one claim."""

    def __init__(self, worth: statements.Worth | None = None) -> None:
        self.worth, self.bound = worth, set[str]()  #: names given to the variables of limits and integrals
        self.algebra, self.made = Algebra(), dict[Scope, Order]()
        self.written_out = 0

    def order(self, scope: Scope) -> Order:
        return Order.of(scope, self.algebra, self.made)

    # ---- statements

    def relation(self, relation: str, a: Term, b: Term) -> Term:
        """Two terms in relation; ≥ and > change sides."""
        if relation in (">=", ">"):
            a, b = b, a
        return Term({"=": "eq", "!=": "ne", "<=": "le", ">=": "le", "<": "lt", ">": "lt"}[relation], a, b)

    # ---- terms

    def term(self, node: Node, scope: Scope, env: Env) -> Term:
        """A number of the formula."""
        return _TERMS.get(node.kind, Translator.nothing)(self, node, scope, env)

    def all(self, nodes: tuple[Any, ...], scope: Scope, env: Env) -> list[Term]:
        return [self.term(n, scope, env) for n in nodes]

    def nothing(self, node: Node, scope: Scope, env: Env) -> Term:
        names = {"binom": "a binomial coefficient", "factorial": "a factorial", "infinity": "∞ inside a formula",
                 "limit": "a limit inside a formula", "integral": "an integral inside a formula"}  # fmt: skip
        raise Untranslatable(f"{names.get(node.kind, node.kind)} cannot be stated", node.span)

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

    def index(self, node: Node, size: Term | None, scope: Scope, env: Env) -> Term:
        """An index of an entry of a vector of a size."""
        if node.kind == "index":
            return env[node.args[0]]
        if node.kind == "number":
            if size is not None and size.op == "num":
                return num(node.args[0])
            raise Untranslatable("a single entry of a vector of any size", node.span)
        if scope.domain(node.args[0]).name == "Index":
            return var(node.args[0])
        raise Untranslatable("the last entry of a vector of any size", node.span)

    def neg(self, node: Node, scope: Scope, env: Env) -> Term:
        t = self.term(node.args[0], scope, env)
        return num(-t.args[0]) if t.op == "num" else joined("mul", [MINUS, t])

    def div(self, node: Node, scope: Scope, env: Env) -> Term:
        over, under = self.all(node.args, scope, env)
        if over.op == under.op == "num" and under != ZERO:
            return num(over.args[0] / under.args[0])
        return joined("mul", [inverse(under)] if over == ONE else [over, inverse(under)])

    def mul(self, node: Node, scope: Scope, env: Env) -> Term:
        weighted = self.weighted(node, scope, env)
        return weighted if weighted is not None else joined("mul", self.all(node.args, scope, env))

    def weighted(self, node: Node, scope: Scope, env: Env) -> Term | None:
        """A product of nonnegative weights and one logarithm which may be of zero, if that is what it is."""
        factors, order = flat(node), self.order(scope)
        logs = [(k, *self.quotient(f.args[0], scope, env)) for k, (f, below) in enumerate(factors)
                if f.kind in ("log", "logb") and not below]  # fmt: skip
        open_logs = [(k, a, b) for k, a, b in logs if order.undefined(Term("log", quotient(a, b))) is not None]
        if len(open_logs) != 1:
            return None
        ((place, over, under),) = open_logs
        logarithm, _ = factors.pop(place)
        others = [inverse(t) if below else t for t, below in ((self.term(f, scope, env), below) for f, below in factors)]
        nonnegative = [t for t in others if (t.op != "num" or t == ZERO) and order.holds(Term("le", ZERO, t))]
        weights = [t for t in nonnegative if not order.holds(Term("lt", ZERO, t))]
        weights = weights or [t for t in nonnegative if varies(t, scope)]
        if not weights:
            return None
        rest = [t for t in others if t not in weights and t != ONE]
        if logarithm.kind == "logb":
            rest.append(inverse(Term("log", self.term(logarithm.args[1], scope, env))))
        return joined("mul", [*rest, Term("xlog", joined("mul", weights), over, under)])

    def quotient(self, node: Node, scope: Scope, env: Env) -> tuple[Term, Term]:
        """What stands above and below in an argument of a logarithm."""
        over: list[Term] = []
        under: list[Term] = []
        for factor, below in flat(node):
            (under if below else over).append(self.term(factor, scope, env))
        plain = [t for t in over if t != ONE]
        return joined("mul", plain) if plain else ONE, joined("mul", under) if under else ONE

    def logb(self, node: Node, scope: Scope, env: Env) -> Term:
        argument, base = self.all(node.args, scope, env)
        return joined("mul", [Term("log", argument), inverse(Term("log", base))])

    def nested(self, op: str) -> Callable[[Node, Scope, Env], Term]:
        def build(node: Node, scope: Scope, env: Env) -> Term:
            first, *rest = self.all(node.args, scope, env)
            for t in rest:
                first = Term(op, first, t)
            return first

        return build

    def maximum(self, node: Node, scope: Scope, env: Env) -> Term:
        return self.nested("max")(node, scope, env)

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
        if base.kind == "name":
            sizes = scope.domain(base.args[0]).sizes
            at = [self.index(i, size, scope, env) for i, size in zip(indices, sizes, strict=True)]
            return Term("at", var(base.args[0]), *at)
        return self.at(base, self.index(indices[0], size_of(base, scope), scope, env), scope, env)

    def delta(self, node: Node, scope: Scope, env: Env) -> Term:
        left, right = node.args
        literal = num(1) if "number" in (left.kind, right.kind) else None
        return Term("delta", self.index(left, literal, scope, env), self.index(right, literal, scope, env))

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
        found = self.total(op, name, low, high, body, scope, env, node)
        return joined("mul", [MINUS, found]) if node.kind == "smallest" else found

    def total(self, op: str, name: str, low: Node, high: Node, body: Node, scope: Scope, env: Env, node: Node) -> Term:
        """Over 1, …, size as one term; over other literal ranges written out."""
        size = size_term(high, scope)
        counts = any(p.kind == "index" and p.args[0] == name for p in numbers(body))
        if low.kind == "number" and low.args[0] == 1 and size is not None and not (counts and size.op == "num"):
            inner = scope.fresh()
            inside = scope.declaring(inner, Domain("Index", (size,)))
            return Term(op, size, closed(self.term(body, inside, {**env, name: var(inner)}), inner))
        if low.kind == high.kind == "number" and low.args[0].denominator == high.args[0].denominator == 1:
            values = range(int(low.args[0]), int(high.args[0]) + 1)
            self.written_out += len(values)
            if values and self.written_out <= MAX_WRITTEN_OUT:
                found = [self.term(body, scope, {**env, name: num(v)}) for v in values]
                if op == "top":
                    largest = found[0]
                    for t in found[1:]:
                        largest = Term("max", largest, t)
                    return largest
                return joined("add" if op == "sum" else "mul", found)
        raise Untranslatable("a range other than 1, …, n", node.span)

    def without(self, node: Node, scope: Scope, env: Env) -> Term:
        """All entries, minus the one that is left out."""
        name, low, high, other, body = node.args
        whole = self.total("sum", name, low, high, body, scope, env, node)
        size = size_term(high, scope)
        left_out = self.term(body, scope, {**env, name: self.index(other, size, scope, env)})
        return joined("add", [whole, joined("mul", [MINUS, left_out])])

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


_TERMS: dict[str, Callable[[Translator, Node, Scope, Env], Term]] = {
    "number": lambda t, n, s, e: num(n.args[0]), "pi": lambda t, n, s, e: Term("const", "pi"),
    "euler": lambda t, n, s, e: Term("exp", ONE), "name": Translator.name, "index": Translator.index_as_number,
    "add": lambda t, n, s, e: joined("add", t.all(n.args, s, e)), "neg": Translator.neg, "mul": Translator.mul,
    "div": Translator.div, "pow": lambda t, n, s, e: Term("pow", *t.all(n.args, s, e)),
    "sqrt": lambda t, n, s, e: Term("pow", t.term(n.args[0], s, e), num(Fraction(1, 2))),
    "log": lambda t, n, s, e: Term("log", *t.all(n.args, s, e)), "logb": Translator.logb,
    "exp": lambda t, n, s, e: Term("exp", *t.all(n.args, s, e)), "abs": lambda t, n, s, e: Term("abs", *t.all(n.args, s, e)),
    "max": Translator.maximum, "min": Translator.minimum, "call": Translator.call, "entry": Translator.entry,
    "delta": Translator.delta, "sum": Translator.big, "prod": Translator.big, "largest": Translator.big,
    "smallest": Translator.big, "without": Translator.without, "deriv": Translator.deriv, "cases": Translator.cases,
}  # fmt: skip

__all__ = ["Untranslatable", "translate"]
