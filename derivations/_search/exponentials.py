"""Exponentials as whole powers of generators: e^{x/2}, e^{2x} and e^{−x} are powers of one e^{x/2}, a^r is e^{r log a}."""

from __future__ import annotations

from fractions import Fraction
from math import floor, lcm

from derivations._kernel.check import Proof
from derivations._kernel.terms import ONE, ZERO, Term, constant, num

from .factors import at_argument, in_view, product_view
from .polynomial import TooMany, expand, product_of, sum_of
from .trail import Rewriter, Trail, field, rule

MAX_ROOT = 60


class Finer(Exception):
    """A generator has to be a finer root: the normal form is begun again."""


def exp(trail: Trail) -> None:
    """e^{Σ c m} as a product of powers, one generator for each monomial m."""
    trail.into(0)
    a = trail.term.args[0]
    if a == ZERO:
        trail.step(rule("exponential of zero"), ONE)
        return
    try:
        parts = list(expand(a).items())
    except TooMany:
        return
    if len(parts) > 1:
        terms = [product_of(m, c) for m, c in parts]
        head, rest = terms[0], sum_of(terms[1:])
        trail.step(rule("exponential of a sum", a=head, b=rest), Term("exp", head) * Term("exp", rest))
        trail.again()
        return
    if not parts:
        trail.step(field(trail.term, Term("exp", ZERO)), Term("exp", ZERO))
        trail.step(rule("exponential of zero"), ONE)
        return
    ((m, c),) = parts
    plain = product_of(m)
    if plain.op == "log" and trail.search.positive(trail.scope, plain.args[0]):
        _power_of(trail, plain.args[0], c)
        return
    root = root_of(trail.search, plain, c)
    n, small = c * root, product_of(m, Fraction(1, root))
    if n != 1:
        trail.step(rule("exponential of a multiple", r=num(n), a=small), Term("exp", small) ** num(n))


def root_of(search: Rewriter, plain: Term, c: Fraction) -> int:
    """The root of e^m that generates the powers of e^m met so far."""
    roots = search.roots
    root = roots.get(plain, 1)
    if (c * root).denominator != 1:
        finer = lcm(root, c.denominator)
        if finer > MAX_ROOT:
            return c.denominator
        roots[plain] = finer
        raise Finer
    return root


def _power_of(trail: Trail, b: Term, c: Fraction) -> None:
    """e^{c log b} is b^c, a whole power times one with an exponent between 0 and 1."""
    whole = floor(c)
    part = c - whole
    back = Proof("symmetry", (rule("power as exponential", a=b, r=num(c)),))
    if c == 1:
        trail.step(rule("exponential of a logarithm", a=b), b)
        return
    trail.step(back, b ** num(c))
    if part and whole:
        new = b ** num(whole) * b ** num(part)
        split = rule("powers of one base", a=b, r=num(whole), c=num(part))
        trail.step(Proof("symmetry", (split,)), new)
    trail.again()


def power(trail: Trail) -> None:
    """a^r is taken apart where r is not whole and a is positive."""
    trail.into(1)
    n = constant(trail.term.args[1])
    if n is not None and n.denominator == 1:
        trail.into(0, ring=True)
        return
    base, exponent = trail.term.args
    if not trail.search.positive(trail.scope, base):
        _root_of_product(trail)
        return
    if n is not None and 0 < n < 1 and trail.search.normal(Term("log", base), trail.scope)[0].op == "log":
        trail.into(0)
        at_argument(trail, 0, in_view(trail.term.args[0]))
        return
    new = Term("exp", exponent * Term("log", base))
    trail.step(rule("power as exponential", a=base, r=exponent), new)
    trail.again()


def _root_of_product(trail: Trail) -> None:
    """(ab)^r = a^r b^r for a, b ≥ 0 and r > 0."""
    before = trail.term
    trail.into(0)
    base, r = trail.term.args
    if trail.term != before and trail.search.positive(trail.scope, base):
        power(trail)
        return
    view = product_view(trail.search.kernel, base, trail.search.kernel.order(trail.scope))
    if view.op != "mul" or not trail.search.positive(trail.scope, r):
        return
    head, rest = view.args[0], view.args[1] if len(view.args) == 2 else Term("mul", *view.args[1:])
    if trail.search.kernel.order(trail.scope).sign(head) <= {0, 1} and trail.search.defined(trail.scope, head**r * rest**r):
        at_argument(trail, 0, head * rest)
        trail.step(rule("power of a product", a=head, b=rest, r=r), head**r * rest**r)
        trail.again()


def product(trail: Trail) -> None:
    """Π f is e^{Σ log f} where every f is positive."""
    size, body = trail.term.args
    log = Term("log", trail.term)
    logs = Term("sum", size, Term("log", body))
    if not (trail.search.positive(trail.scope, trail.term) and trail.search.defined(trail.scope, logs)):
        trail.into(1)
        return
    trail.step(Proof("symmetry", (rule("exponential of a logarithm", a=trail.term),)), Term("exp", log))
    inner = Proof("rewrite", (Term("exp", log), (((0,), rule("logarithm of a product of many", n=size, f=body), ONE, logs),)))
    trail.step(inner, Term("exp", logs))
    trail.again()


HANDLERS = {"exp": exp, "pow": power, "prod": product}
