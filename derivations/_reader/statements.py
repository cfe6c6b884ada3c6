"""Chains of relations, limits, integrals and infinite values as statements of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.proof import conjunction
from derivations._kernel.terms import INFINITY, MINUS_INFINITY, ZERO, Term, var
from derivations._kernel.tree import Node, parts

from .conditions import Untranslatable, exhaustive, inverse

if TYPE_CHECKING:
    from .translate import Env, Translator

#: What the limit (two arguments) or the integral of a term in a variable is proposed to be; None if nothing is.
Worth = Callable[..., Term | None]
BINDING = ("sum", "prod", "largest", "smallest", "without", "limit", "integral")
NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def claim(t: Translator, tree: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
    """The scope, with the variables of limits and integrals, and the statement."""
    relations, *sides = tree.args
    found: list[Term] = []
    for relation, (a, b) in zip(relations, pairwise(sides), strict=True):
        scope, statement = related(t, relation, a, b, scope, env)
        found.append(statement)
    return scope, conjunction(found)


def related(t: Translator, relation: str, a: Node, b: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
    """One relation."""
    special = [(p.kind, side) for side in (a, b) for p in parts(side) if p.kind in ("limit", "integral", "infinity")]
    kinds = [kind for kind, _ in special]
    calculus = kinds.count("limit") + kinds.count("integral")
    if calculus and t.worth is not None and not (calculus == 1 and relation == "=" and any(map(alone, (a, b)))):
        return evaluated(t, relation, a, b, scope, env)
    if calculus == 1 and relation == "=":
        side = next(s for kind, s in special if kind != "infinity" or len(special) == 1)
        side = a if any(p.kind in ("limit", "integral") for p in parts(a)) else b
        other = b if side is a else a
        if not any(p.kind == "infinity" for p in parts(other)):
            (inner,) = (p for p in parts(side) if p.kind in ("limit", "integral"))
            build = limit if inner.kind == "limit" else integral
            return build(t, side, inner, other, scope, env)
    if kinds == ["infinity"] and relation == "=":
        for side, other in ((a, b), (b, a)):
            if side.kind == "infinity":
                return scope, Term("infinite", t.term(other, scope, env))
            if side.kind == "neg" and side.args[0].kind == "infinity":
                return scope, Term("infinite", t.neg(Node("neg", (other,), other.span), scope, env))
    for side, other, sign in ((a, b, relation), (b, a, turned(relation))):
        if side.kind == "cases" and not by_equations(side):
            return scope, distinguished(t, side, other, sign, scope, env)
    return scope, t.relation(relation, t.term(a, scope, env), t.term(b, scope, env))


def turned(relation: str) -> str:
    """The relation with its sides exchanged."""
    return {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}.get(relation, relation)


# ---- limits and integrals


def alone(side: Node) -> bool:
    """Whether a side is a limit or an integral, but for what is added to it and numbers it is multiplied by."""
    inner = next((p for p in parts(side) if p.kind in ("limit", "integral")), None)
    if inner is None:
        return False
    try:
        linear(side, inner)
    except Untranslatable:
        return False
    return True


def evaluated(t: Translator, relation: str, a: Node, b: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
    """Every limit and integral has the value proposed for it, and the relation holds with these values."""
    found: list[Term] = []
    for inner in dict.fromkeys(p for side in (a, b) for p in outermost(side)):
        value = next(f"_{k}" for k in range(len(env) + 1) if f"_{k}" not in env)
        build = valued_limit if inner.kind == "limit" else valued_integral
        scope, statement, worth = build(t, inner, scope, env)
        found.append(statement)
        env = {**env, value: worth}
        a, b = (put_all(side, inner, Node("name", (value,), inner.span)) for side in (a, b))
    statement = t.relation(relation, t.term(a, scope, env), t.term(b, scope, env))
    return scope, conjunction([*(s for f in found for s in (f.args if f.op == "and" else (f,))), statement])


def outermost(node: Node) -> list[Node]:
    """The limits and integrals in a formula that depend on no index of a sum."""
    if node.kind in ("limit", "integral"):
        return [node]
    if node.kind in BINDING:
        inner = next((p for p in parts(node) if p.kind in ("limit", "integral")), None)
        if inner is not None:
            raise Untranslatable(f"the {inner.kind} stands inside a {node.kind}", inner.span)
        return []
    return [p for c in node.children for p in outermost(c)]


def put_all(whole: Node, old: Node, new: Node) -> Node:
    """``whole`` with every part equal to ``old`` replaced."""
    if whole == old:
        return new
    return Node(whole.kind, tuple(put_all(a, old, new) if type(a) is Node else a for a in whole.args), whole.span)


def valued_limit(t: Translator, inner: Node, scope: Scope, env: Env) -> tuple[Scope, Term, Term]:
    """The scope with the variable of a limit, the statement of its value, and the value."""
    scope, s, found = ways(t, inner, inner.args[3], scope, env)
    worth = None if t.worth is None else t.worth(scope, found[0], s)
    if worth is None:
        raise Untranslatable("no value was found of the limit inside the formula", inner.span)
    return scope, conjunction([Term("tends", f, s, ZERO, worth) for f in found]), worth


def valued_integral(t: Translator, inner: Node, scope: Scope, env: Env) -> tuple[Scope, Term, Term]:
    """The scope with the variable of an integral, the statement of its value, and the value."""
    scope, x, ends, integrand = integrated(t, inner, inner.args[3], scope, env)
    worth = None if t.worth is None else t.worth(scope, integrand, x, *ends)
    if worth is None:
        raise Untranslatable("no value was found of the integral inside the formula", inner.span)
    return scope, Term("integrates", integrand, x, *ends, worth), worth


def bound(t: Translator, name: str, domain: str, scope: Scope) -> tuple[Scope, Term]:
    """The variable of a limit or an integral, declared under a name close to the one that was written."""
    if name not in t.bound:
        scope = replace(scope, domains=tuple(d for d in scope.domains if d[0] != name))
    candidates = (name, *(f"{name}_{k}" for k in range(1, 200)))
    new = next(c for c in candidates if not scope.declares(c))
    t.bound.add(new)
    return scope.declaring(new, Domain(domain)), var(new)


def limit(t: Translator, side: Node, inner: Node, value: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
    """What stands around a limit is taken along."""
    linear(side, inner)
    v = t.term(value, scope, env)
    scope, s, found = ways(t, inner, put(side, inner, inner.args[3]), scope, env)
    return scope, conjunction([Term("tends", f, s, ZERO, v) for f in found])


def ways(t: Translator, inner: Node, whole: Node, scope: Scope, env: Env) -> tuple[Scope, Term, list[Term]]:
    """A limit in x is one in a positive variable s which decreases to zero: x = c + s, c − s, 1/s or −1/s."""
    name, point, sign, _ = inner.args
    scope, s = bound(t, name, "Positive", scope)
    if point.kind == "infinity":
        ways = [inverse(s)]
    elif point.kind == "neg" and point.args[0].kind == "infinity":
        ways = [-inverse(s)]
    else:
        c = t.term(point, scope, env)
        above, below = (s, -s) if c == ZERO else (c + s, c - s)
        ways = {"+": [above], "-": [below], "": [above, below]}[sign]
    found = []
    for x in ways:
        if x != s and any(p.kind == "deriv" and Node("name", (name,)) in p.args[1:] for p in parts(whole)):
            raise Untranslatable("a derivative inside a limit at another point than zero", inner.span)
        found.append(t.term(whole, scope, {**env, name: x}))
    return scope, s, found


def integral(t: Translator, side: Node, inner: Node, value: Node, scope: Scope, env: Env) -> tuple[Scope, Term]:
    """What is added to an integral goes to the other side; a number it is multiplied by goes into it."""
    body = inner.args[3]
    linear(side, inner)
    rest: list[Node] = []
    while side is not inner:
        if side.kind == "add":
            holder = next(p for p in side.args if any(q is inner for q in parts(p)))
            rest += [Node("neg", (p,), p.span) for p in side.args if p is not holder]
            if body is not inner.args[3]:
                break
            side = holder
        elif side.kind in ("neg", "mul", "div"):
            body, side = put(side, inner, body), inner
    v = t.term(Node("add", (value, *rest), value.span) if rest else value, scope, env)
    scope, x, ends, integrand = integrated(t, inner, body, scope, env)
    return scope, Term("integrates", integrand, x, *ends, v)


def integrated(t: Translator, inner: Node, body: Node, scope: Scope, env: Env) -> tuple[Scope, Term, list[Term], Term]:
    """The scope with the variable of an integral, the variable, the ends and the integrand."""
    name, low, high, _ = inner.args
    ends = [end(t, e, scope, env) for e in (low, high)]
    positive = low.kind != "infinity" and ends[0].op != "const" and t.order(scope).holds(Term("le", ZERO, ends[0]))
    scope, x = bound(t, name, "Positive" if positive else "Real", scope)
    inside = scope.assuming(*(Term("lt", *pair) for pair in ((ends[0], x), (x, ends[1])) if _finite(pair)))
    return scope, x, ends, t.term(body, inside, {**env, name: x})


def _finite(pair: tuple[Term, Term]) -> bool:
    return not any(p.op == "const" and p.args[0] in (INFINITY, MINUS_INFINITY) for p in pair)


def end(t: Translator, node: Node, scope: Scope, env: Env) -> Term:
    """An end of an integral."""
    if node.kind == "infinity":
        return Term("const", INFINITY)
    if node.kind == "neg" and node.args[0].kind == "infinity":
        return Term("const", MINUS_INFINITY)
    return t.term(node, scope, env)


def linear(side: Node, inner: Node) -> None:
    """Raise unless ``side`` is made from ``inner`` by adding, and by multiplying with numbers other than 0."""
    while side is not inner:
        holder = next(p for p in side.children if any(q is inner for q in parts(p)))
        others = [p for p in side.children if p is not holder]
        numbers = all(_number(p) for p in others)
        if (
            side.kind == "add"
            or side.kind == "neg"
            or (side.kind == "mul" and numbers)
            or (side.kind == "div" and numbers and side.args[0] is holder)
        ):
            side = holder
        else:
            raise Untranslatable(f"the {inner.kind} stands inside a formula", inner.span)


def _number(node: Node) -> bool:
    if node.kind in ("neg", "mul", "div"):
        return all(_number(c) for c in node.children)
    return node.kind == "number" and node.args[0] != 0


def put(whole: Node, old: Node, new: Node) -> Node:
    """``whole`` with the part ``old`` replaced."""
    if whole is old:
        return new
    return Node(whole.kind, tuple(put(a, old, new) if type(a) is Node else a for a in whole.args), whole.span)


# ---- case distinctions


def by_equations(node: Node) -> bool:
    """Whether every condition is one equation, or its negation."""
    return all(c.args[0] in (("=",), ("!=",)) for c in node.args[1::2])


def distinguished(t: Translator, node: Node, other: Node, relation: str, scope: Scope, env: Env) -> Term:
    """A relation with a case distinction on one side: it holds in each case."""
    rows = [(node.args[k], node.args[k + 1]) for k in range(0, len(node.args) - 1, 2)]
    found: list[Term] = []
    before: list[Term] = []
    for value, condition in rows:
        premise = holds(t, condition, scope, env)
        statement = t.relation(relation, t.term(value, scope, env), t.term(other, scope, env))
        earlier = [] if before == [premise] else before  # x < 0 after x ≥ 0
        found.append(Term("imp", conjunction([*earlier, premise]), statement))
        if len(condition.args[0]) != 1:
            raise Untranslatable("a case with more than one relation", condition.span)
        (sign,) = condition.args[0]
        before.append(holds(t, Node("chain", ((NEGATED[sign],), *condition.args[1:])), scope, env))
    if len(node.args) % 2:
        statement = t.relation(relation, t.term(node.args[-1], scope, env), t.term(other, scope, env))
        found.append(Term("imp", conjunction(before), statement))
    elif not exhaustive([c for _, c in rows], scope):
        raise Untranslatable("the cases are not seen to cover everything", node.span)
    return conjunction(found)


def holds(t: Translator, condition: Node, scope: Scope, env: Env) -> Term:
    """A condition as a statement."""
    relations, *sides = condition.args
    found = [t.relation(r, *t.compared(a, b, scope, env)) for r, (a, b) in zip(relations, pairwise(sides), strict=True)]
    return conjunction(found)


__all__ = ["claim"]
