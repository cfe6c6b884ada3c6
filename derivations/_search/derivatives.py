"""Derivatives, carried out from the outside in."""

from __future__ import annotations

from derivations._kernel.domains import mentions
from derivations._kernel.terms import ONE, ZERO, Term

from .polynomial import sum_of, tidy
from .trail import Trail, differentiated, rule

NAMES = ("derivative of a constant", "derivative of a sum", "derivative of the logarithm")


def derivative(trail: Trail) -> None:
    if not any(name.startswith("derivative") and trail.search.may(name) for name in NAMES):
        return
    trail.into(0)
    body, x = trail.term.args
    name = differentiated(trail.term)
    derive = lambda t: Term("deriv", t, x)  # noqa: E731
    if not mentions(body, name):
        trail.step(rule("derivative of a constant", a=body, x=x), ZERO)
    elif body == x and x.op == "var":
        trail.step(rule("derivative of the variable", x=x), ONE)
    elif body.op == "at" and x.op == "at" and body.args[0] == x.args[0] and len(x.args) == 2:
        new = Term("delta", body.args[1], x.args[1])
        trail.step(rule("derivative of an entry", v=x.args[0], k=body.args[1], m=x.args[1]), new)
        trail.again(ring=True)
    elif body.op == "at" and x.op == "at" and body.args[0] == x.args[0] and len(x.args) == len(body.args) == 3:
        (v, k, i), (_, m, j) = body.args, x.args
        new = Term("delta", k, m) * Term("delta", i, j)
        trail.step(rule("derivative of an entry of an array", v=v, k=k, i=i, m=m, j=j), new)
        trail.again(ring=True)
    elif body.op == "add":
        head, rest = body.args[0], sum_of(list(body.args[1:]))
        trail.step(rule("derivative of a sum", a=head, b=rest, x=x), derive(head) + derive(rest))
        trail.again(ring=True)
    elif body.op == "mul":
        head, rest = body.args[0], body.args[1] if len(body.args) == 2 else Term("mul", *body.args[1:])
        trail.step(rule("derivative of a product", a=head, b=rest, x=x), derive(head) * rest + head * derive(rest))
        trail.again(ring=True)
    elif body.op == "pow":
        a, r = body.args
        if not mentions(r, name):
            new = r * a ** tidy(r - ONE) * derive(a)
            trail.step(rule("derivative of a power", a=a, r=r, x=x), new)
            trail.again(ring=True)
    elif body.op == "log":
        trail.step(rule("derivative of the logarithm", a=body.args[0], x=x), derive(body.args[0]) / body.args[0])
        trail.again(ring=True)
    elif body.op == "exp":
        trail.step(rule("derivative of the exponential", a=body.args[0], x=x), body * derive(body.args[0]))
        trail.again(ring=True)
    elif body.op == "sum":
        size, f = body.args
        trail.step(rule("derivative of a sum over indices", n=size, f=f, x=x), Term("sum", size, Term("deriv", f, x)))
        trail.again(ring=True)


HANDLERS = {"deriv": derivative}
