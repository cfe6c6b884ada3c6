"""Looks: terms evaluated in floating point at a few points of a scope. A look proves nothing; it saves useless attempts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Any

from derivations._kernel.definitions import definition
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import IllFormed, Term, free_names

POINTS, TRIES, PATIENCE = 40, 1000, 150  #: how many points, how many draws for them, and for the first of them
SLACK = 1e-9
LARGEST = "~"  #: where the largest addend of a value is kept; no variable has this name
SIZES = (3, 2, 1, 4)
Env = dict[str, Any]


class NoValue(ArithmeticError):
    """No value in floating point."""


def value(t: Term, env: Env, bound: tuple[int, ...] = ()) -> float:
    """The value of a real term; :class:`NoValue` where there is none."""
    try:
        return float(_value(t, env, bound))
    except (ValueError, OverflowError, ZeroDivisionError, KeyError, IndexError, TypeError, IllFormed) as error:
        raise NoValue(str(error)) from error


def _value(t: Term, env: Env, bound: tuple[int, ...]) -> Any:
    op, args = t.op, t.args
    if op == "num":
        return args[0].numerator / args[0].denominator
    if op == "const":
        return {"pi": math.pi}[args[0]]
    if op == "var":
        return env[args[0]]
    if op == "bound":
        return bound[-1 - args[0]]
    if op in ("sum", "prod", "top", "vec"):
        values = [_value(args[1], env, (*bound, i)) for i in range(int(_value(args[0], env, bound)))]
        if op == "sum":
            return _total(values, env)
        return {"prod": math.prod, "top": max, "vec": list}[op](values)  # type: ignore[operator]
    if op == "app":
        return _defined(t, env, bound)
    if op == "at":
        v = _value(args[0], env, bound)
        for i in args[1:]:
            v = v[int(i.args[0]) - 1 if i.op == "num" else _value(i, env, bound)]
        return v
    x = [_value(a, env, bound) for a in args]
    if op == "add":
        return _total(x, env)
    if op == "mul":
        return math.prod(x)
    if op == "pow":
        if x[0] < 0 and x[1] != int(x[1]):
            raise NoValue("a root of a negative number")
        return x[0] ** x[1]
    if op == "xlog":
        return 0.0 if x[0] == 0 else x[0] * math.log(x[1] / x[2])
    if op == "case":
        return x[2] if x[0] == x[1] else x[3]
    if op == "delta":
        return float(x[0] == x[1])
    one: Any = {"log": math.log, "exp": math.exp, "abs": abs, "max": max}.get(op)
    if one is None:
        raise NoValue(op)
    return one(*x)


def _total(values: list[float], env: Env) -> float:
    """The sum; the largest addend so far is kept, for the error is in proportion to it."""
    if LARGEST in env:
        env[LARGEST] = max(env[LARGEST], *map(abs, values))
    return math.fsum(values)


def _defined(t: Term, env: Env, bound: tuple[int, ...]) -> Any:
    d = definition(t.args[0])
    arguments = [_value(a, env, bound) for a in t.args[1:]]
    inner = {parameter[0]: a for parameter, a in zip(d.parameters, arguments, strict=True)}
    if LARGEST in env:
        inner[LARGEST] = env[LARGEST]
    lengths = [len(a) for a in arguments if isinstance(a, list)]
    return _value(d.body, {**inner, "n": lengths[0] if lengths else 0}, ())


def points(scope: Scope, *terms: Term) -> list[Env]:
    """Points of the scope at which its hypotheses hold, with values for the names in ``terms``, or for all; perhaps none."""
    wanted = {name for t in terms for name in free_names(t)} if terms else {name for name, _ in scope.domains}
    about = tuple(h for h in scope.hypotheses if not terms or free_names(h) & wanted)
    wanted |= {name for h in about for name in free_names(h)}
    wanted |= {s.args[0] for name, d in scope.domains if name in wanted for s in d.sizes if s.op == "var"}
    return _points(tuple((name, d) for name, d in scope.domains if name in wanted), about)


@lru_cache(maxsize=2000)
def _points(domains: tuple[tuple[str, Domain], ...], hypotheses: tuple[Term, ...]) -> list[Env]:
    random, found = Random(1), []
    known = [h.args for h in hypotheses if h.op == "eq" and h.args[0].op == "var"]
    for attempt in range(TRIES):
        env: Env = {}
        try:
            for k, (name, d) in enumerate(domains):
                if d.name == "Size":
                    env[name] = SIZES[(attempt + k * (attempt // len(SIZES))) % len(SIZES)]
            for name, d in domains:
                if d.name != "Size":
                    env[name] = _draw(d, env, random)
            env.update({v.args[0]: value(t, env) for v, t in known})
            if all(holds(h, env) for h in hypotheses):
                found.append(env)
        except (NoValue, KeyError):
            pass
        if len(found) == POINTS or (attempt >= PATIENCE and not found):
            break
    return found


def _draw(domain: Domain, env: Env, random: Random) -> Any:
    sizes = [int(s.args[0]) if s.op == "num" else env[s.args[0]] for s in domain.sizes]
    if domain.name == "Index":
        return random.randrange(sizes[0])
    if domain.name == "Family":
        raise NoValue("a family")
    kind, spread = domain.kind, random.choice((0, 0, 1, 2))
    flat = [_scalar(kind, random, spread) for _ in range(math.prod(sizes))]
    if kind.total:
        flat = [random.uniform(0.03, 1.0) ** (1, 3, 8)[spread] for _ in flat]
        if kind.whole:
            hot = random.randrange(len(flat))
            flat = [float(k == hot) for k in range(len(flat))]
        whole = math.fsum(flat)
        flat = [x / whole for x in flat]
    if not sizes:
        return flat[0]
    return flat if len(sizes) == 1 else [flat[k * sizes[1] : (k + 1) * sizes[1]] for k in range(sizes[0])]


def _scalar(kind: Any, random: Random, spread: int) -> float:
    """Plain values first, then more and more extreme ones."""
    if kind.whole:
        return float(random.choice((0, 1)))
    if kind.high is not None:
        x = random.choice((random.random(), 0.5 + random.uniform(-0.02, 0.02)))
        return (x, x**4, 1 - x**4)[spread]
    width = (0.5, 1.5, 4.0)[spread]
    return math.exp(random.gauss(0, width / 1.5)) if kind.low == 0 else random.gauss(0, 2 * width)


def holds(statement: Term, env: Env, bound: tuple[int, ...] = ()) -> bool:
    """Whether a statement holds at a point, as far as can be seen."""
    op, args = statement.op, statement.args
    if op == "and":
        return all(holds(a, env, bound) for a in args)
    if op == "imp":
        return not holds(args[0], env, bound) or holds(args[1], env, bound)
    if op == "all":
        return all(holds(args[1], env, (*bound, k)) for k in range(int(value(args[0], env, bound))))
    if op not in ("eq", "ne", "le", "lt"):
        raise NoValue(op)
    a, b = (value(t, env, bound) for t in args[:2])
    near = abs(a - b) <= SLACK * (1 + abs(a))
    return {"eq": near, "ne": not near, "le": a <= b or near, "lt": a < b and not near}[op]


def signs(t: Term, at: list[Env], slack: float = SLACK) -> set[int]:
    """The signs of ``t`` that were seen; a value that is nearly nothing has none."""
    return set(_seen(t, at, slack))


def _seen(t: Term, at: list[Env], slack: float) -> Iterator[int]:
    for env in at:
        measured = {**env, LARGEST: 1.0}
        try:
            v = value(t, measured)
        except NoValue:
            continue
        if abs(v) > slack * measured[LARGEST]:
            yield 1 if v > 0 else -1


def never_negative(t: Term, at: list[Env]) -> bool:
    """Whether ``t`` is not seen to be negative at any of the points."""
    return -1 not in _seen(t, at, SLACK)  # the first such point is enough


__all__ = ["NoValue", "never_negative", "points", "signs", "value"]
