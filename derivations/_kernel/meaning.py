"""The statement that a claim makes: its formula as it was read, the domains, and what is said beside it.

A claim with limits or integrals inside its formulas says that these have certain values, and that the relation holds with
the values in their places. A limit in x is one in a positive variable that decreases to zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count, pairwise

from .domains import Domain, Scope
from .formula import Env, Formula, Untranslatable, exhaustive, inverse
from .proof import conjunction
from .terms import INFINITY, MINUS_INFINITY, ZERO, Term, var
from .tree import Node, parts

BINDING = ("sum", "prod", "largest", "smallest", "without", "deriv")  #: no limit or integral stands in these
CALCULUS = ("limit", "integral")
NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
TURNED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
OPERATORS = {"=": "eq", "!=": "ne", "<=": "le", ">=": "le", "<": "lt", ">": "lt"}
MAX_CALCULUS = 200  #: limits and integrals of a claim


@dataclass(frozen=True)
class Written:
    """A claim as it was read.

    ``scope`` has the declared variables, ``free`` the indices over which the claim is made, ``tree`` is a chain.
    ``weights`` and ``values`` are choices of whoever read it (:class:`.formula.Formula`); ``domains`` says over which domain
    the variable of an integral runs, Real or Positive.
    """

    scope: Scope
    free: tuple[tuple[str, Term], ...]
    tree: Node
    weights: tuple[tuple[Node, tuple[int, ...]], ...] = ()
    values: tuple[tuple[Node, Term], ...] = ()
    domains: tuple[tuple[Node, str], ...] = ()

    @property
    def whole(self) -> Scope:
        """The declared variables and the free indices."""
        scope = self.scope
        for name, size in self.free:
            scope = scope.declaring(name, Domain("Index", (size,)))
        return scope


def statement(written: Written) -> tuple[Scope, Term]:
    """The scope of a claim, with the variables of its limits and integrals, and what it says."""
    reader = Statement(Formula(dict(written.weights), {}), dict(written.values), dict(written.domains))
    env = {name: var(name) for name, _ in written.free}
    return reader.claim(written.tree, written.whole, env)


class Statement:
    """Puts the statement of one claim together."""

    def __init__(self, formula: Formula, values: dict[Node, Term], domains: dict[Node, str]) -> None:
        self.formula, self.values, self.domains = formula, values, domains
        self.bound = set[str]()  #: names given to the variables of limits and integrals
        self.free = frozenset[str]()  #: names that the claim speaks of

    # ---- what a subclass may choose instead of looking it up

    def value(self, node: Node, found: list[Term], ends: list[Term], x: Term, scope: Scope) -> Term:
        """The value which a limit or an integral of these terms is said to have."""
        if node in self.values:
            return self.values[node]
        raise Untranslatable(f"no value was found of the {node.kind} inside the formula", node.span)

    def domain(self, node: Node, low: Term, scope: Scope) -> str:
        """The domain of the variable of an integral."""
        domain = self.domains.get(node, "Real")
        if domain not in ("Real", "Positive"):
            raise Untranslatable("the variable of an integral is a real number", node.span)
        return domain

    # ---- chains

    def claim(self, tree: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
        """Every link of the chain."""
        if tree.kind != "chain" or len(tree.args) != len(tree.args[0]) + 2:
            raise Untranslatable("not a chain of relations", tree.span)
        relations, *sides = tree.args
        self.free = frozenset(unbound(tree))
        found: list[Term] = []
        for relation, (a, b) in zip(relations, pairwise(sides), strict=True):
            scope, link = self.related(relation, a, b, scope, env)
            found.append(link)
        return scope, together(found)

    def related(self, relation: str, a: Node, b: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
        """One relation."""
        if relation == "=":
            for side, other in ((a, b), (b, a)):
                if side.kind in CALCULUS and not any(p.kind in (*CALCULUS, "infinity") for p in parts(other)):
                    scope, found, make = self.opened(side, scope, env)
                    value = self.formula.term(other, scope, env)
                    return scope, conjunction([*make.besides, *(make(t, value) for t in found)])
            if any(p.kind == "infinity" for side in (a, b) for p in parts(side)) and not _calculus(a, b):
                for side, other in ((a, b), (b, a)):
                    if side.kind == "infinity":
                        return scope, Term("infinite", self.formula.term(other, scope, env))
                    if side.kind == "neg" and side.args[0].kind == "infinity":
                        return scope, Term("infinite", self.formula.neg(Node("neg", (other,), other.span), scope, env))
        links: list[Term] = []
        for inner in dict.fromkeys(p for side in (a, b) for p in outermost(side)):
            if inner in self.formula.values:  # its value is said already, by an earlier link of the chain
                continue
            if len(self.formula.values) == MAX_CALCULUS:
                raise Untranslatable(f"there are more than {MAX_CALCULUS} limits and integrals", inner.span)
            scope, found, make = self.opened(inner, scope, env)
            value = make.value()
            self.formula.values[inner] = value
            links += [*make.besides, *(make(t, value) for t in found)]
        for side, other, sign in ((a, b, relation), (b, a, TURNED.get(relation, relation))):
            if side.kind == "cases" and not by_equations(side):
                links.append(self.distinguished(side, other, sign, scope, env))
                return scope, together(links)
        links.append(self.relation(relation, *self.formula.all((a, b), scope, env)))
        return scope, conjunction(links)

    def relation(self, relation: str, a: Term, b: Term) -> Term:
        """Two terms in relation; ≥ and > change sides."""
        if relation in (">=", ">"):
            a, b = b, a
        return Term(OPERATORS[relation], a, b)

    # ---- limits and integrals

    def opened(self, node: Node, scope: Scope, env: Env) -> tuple[Scope, list[Term], Opened]:
        """The scope with the variable of a limit or an integral, the terms it is taken of, and how its value is said."""
        return (self.limit if node.kind == "limit" else self.integral)(node, scope, env)

    def variable(self, name: str, domain: str, scope: Scope) -> tuple[Scope, Term]:
        """The variable of a limit or an integral, declared under a name close to the one that was written.

        A declaration of the name is for this variable if the claim does not speak of another one of the name.
        """
        if name not in self.bound and name not in self.free:
            scope = replace(scope, domains=tuple(d for d in scope.domains if d[0] != name))
        new = next(c for c in chain([name], (f"{name}_{k}" for k in count(1))) if not scope.declares(c))
        self.bound.add(new)
        return scope.declaring(new, Domain(domain)), var(new)

    def limit(self, node: Node, scope: Scope, env: Env) -> tuple[Scope, list[Term], Opened]:
        """A limit in x is one in a positive variable s which decreases to zero: x = c + s, c − s, 1/s or −1/s."""
        name, point, sign, body = node.args
        endless = point.kind == "infinity" or (point.kind == "neg" and point.args[0].kind == "infinity")
        c = ZERO if endless else self.formula.term(point, scope, env)
        scope, s = self.variable(name, "Positive", scope)
        if endless:
            ways = [inverse(s) if point.kind == "infinity" else -inverse(s)]
        else:
            above, below = (s, -s) if c == ZERO else (c + s, c - s)
            ways = {"+": [above], "-": [below], "": [above, below]}[sign]
        found = []
        moved = {name, *unbound(point)}
        for x in ways:
            if x != s and any(p.kind == "deriv" and moved & {n for y in p.args[1:] for n in unbound(y)} for p in parts(body)):
                raise Untranslatable("a derivative inside a limit at another point than zero", node.span)
            found.append(self.formula.term(body, scope, {**env, name: x}))
        besides = [] if c.op in ("num", "var", "const") else [Term("eq", c, c)]  # the point has a value
        return (
            scope,
            found,
            Opened(lambda t, v: Term("tends", t, s, ZERO, v), lambda: self.value(node, found, [], s, scope), besides),
        )

    def integral(self, node: Node, scope: Scope, env: Env) -> tuple[Scope, list[Term], Opened]:
        """The integral over the variable between its ends."""
        name, low, high, body = node.args
        ends = [self.end(e, scope, env) for e in (low, high)]
        scope, x = self.variable(name, self.domain(node, ends[0], scope), scope)
        t = self.formula.term(body, scope, {**env, name: x})
        make = Opened(lambda t, v: Term("integrates", t, x, *ends, v), lambda: self.value(node, [t], ends, x, scope))
        return scope, [t], make

    def end(self, node: Node, scope: Scope, env: Env) -> Term:
        """An end of an integral."""
        if node.kind == "infinity":
            return Term("const", INFINITY)
        if node.kind == "neg" and node.args[0].kind == "infinity":
            return Term("const", MINUS_INFINITY)
        return self.formula.term(node, scope, env)

    # ---- case distinctions by inequalities

    def distinguished(self, node: Node, other: Node, relation: str, scope: Scope, env: Env) -> Term:
        """A relation with a case distinction on one side: it holds in each case."""
        rows = [(node.args[k], node.args[k + 1]) for k in range(0, len(node.args) - 1, 2)]
        found: list[Term] = []
        before: list[Term] = []
        for value, condition in rows:
            premise = self.condition(condition, scope, env)
            earlier = [] if before == [premise] else before  # x < 0 after x ≥ 0
            found.append(Term("imp", conjunction([*earlier, premise]), self.case(value, other, relation, scope, env)))
            if len(condition.args[0]) != 1:
                raise Untranslatable("a case with more than one relation", condition.span)
            (sign,) = condition.args[0]
            before.append(self.condition(Node("chain", ((NEGATED[sign],), *condition.args[1:])), scope, env))
        if len(node.args) % 2:
            found.append(Term("imp", conjunction(before), self.case(node.args[-1], other, relation, scope, env)))
        elif not exhaustive([c for _, c in rows], scope):
            raise Untranslatable("the cases are not seen to cover everything", node.span)
        return conjunction(found)

    def case(self, value: Node, other: Node, relation: str, scope: Scope, env: Env) -> Term:
        return self.relation(relation, *self.formula.all((value, other), scope, env))

    def condition(self, condition: Node, scope: Scope, env: Env) -> Term:
        """A condition as a statement."""
        relations, *sides = condition.args
        pairs = zip(relations, pairwise(sides), strict=True)
        return conjunction([self.relation(r, *self.formula.compared(a, b, scope, env)) for r, (a, b) in pairs])


@dataclass(frozen=True)
class Opened:
    """A limit or an integral whose variable is declared: what is said of its value, and the value it is said to have."""

    say: Callable[[Term, Term], Term]
    value: Callable[[], Term]
    besides: list[Term] = field(default_factory=list)  #: what has to hold besides

    def __call__(self, t: Term, value: Term) -> Term:
        return self.say(t, value)


def together(links: list[Term]) -> Term:
    """Statements as one, without "and" in "and"."""
    return conjunction([p for link in links for p in (link.args if link.op == "and" else (link,))])


def unbound(node: Node, bound: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of variables in a formula which no limit or integral in it binds."""
    if node.kind == "name" and node.args[0] not in bound:
        yield node.args[0]
    inside = bound | {node.args[0]} if node.kind in CALCULUS else bound
    for k, child in enumerate(node.children):
        yield from unbound(child, inside if k == len(node.children) - 1 else bound)


def outermost(node: Node) -> list[Node]:
    """The limits and integrals in a formula; none may depend on the index of a sum, or be differentiated."""
    if node.kind in CALCULUS:
        return [node]
    if node.kind in BINDING:
        inner = next((p for p in parts(node) if p.kind in CALCULUS), None)
        if inner is not None:
            raise Untranslatable(f"the {inner.kind} stands inside a {node.kind}", inner.span)
        return []
    return [p for c in node.children for p in outermost(c)]


def by_equations(node: Node) -> bool:
    """Whether every condition is one equation, or its negation."""
    return all(c.args[0] in (("=",), ("!=",)) for c in node.args[1::2])


def _calculus(*sides: Node) -> bool:
    return any(p.kind in CALCULUS for side in sides for p in parts(side))


__all__ = ["CALCULUS", "Statement", "Written", "outermost", "statement"]
