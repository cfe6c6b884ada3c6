"""What is written is what is read: the tree of a formula has the value of the expression it was spelled from.

The expressions are the adversary's own and so is the evaluator, of both. Integrals, limits and derivatives are compared by a
fingerprint of all their parts.
"""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from derivations._attack.formulas.evaluate import Point
from derivations._attack.formulas.expr import Expr, add, entry, fn, index, mul, name, num, parts, power, rel
from derivations._attack.formulas.expressions import Maker, scope_at_random, shown_free
from derivations._attack.formulas.facts import calculus, deriv, soft
from derivations._attack.formulas.fields import FUNCTIONS as OF_THE_FIELD
from derivations._attack.formulas.fingerprint import Fingerprint
from derivations._attack.formulas.latex import spelled
from derivations._attack.formulas.scopes import Scope, point
from derivations._attack.formulas.values import NoValue, Unknown, Value, compare, precision
from derivations._kernel.tree import FUNCTIONS, Node
from derivations._kernel.tree import parts as nodes
from derivations._reader import ReadError, read

PAIRS, SHARDS, POINTS = 3200, 4, 2
#: Kinds of nodes that have to be met, all but what a random formula has no place for.
KINDS = {
    "number", "name", "index", "add", "neg", "mul", "div", "pow", "sqrt", "log", "logb", "exp", "abs", "max", "min", "binom",
    "factorial", "call", "entry", "delta", "sum", "prod", "largest", "smallest", "without", "deriv", "integral", "limit",
    "cases", "chain", "pi", "euler", "infinity",
}  # fmt: skip


def expression(maker: Maker, rng: Random) -> Expr:
    """A random expression, at times with a derivative, an integral, a limit or a constant in it."""
    scope, free = maker.scope, maker.scope.free[:1]
    e = maker.real(rng.choice((1, 2, 2, 3)), free)
    make = rng.randrange(12)
    if make == 0:
        return rng.choice((add, mul))(e, calculus(rng, [maker.leaf(()), maker.leaf(())]))
    if make == 1:
        variables = [name(d.name) for d in scope.named("Real", "Positive", "Probability", "Nonnegative", "UnitInterval")]
        variables += [entry(d.name, i) for d in scope.named("Real", "Positive", shape=1) for i, _ in free]
        if variables:
            by = [rng.choice(variables) for _ in range(rng.choice((1, 1, 2)))]
            return rng.choice((add, mul))(maker.leaf(()), deriv(e, *by))
    if make == 2:
        extra = (fn("pi"), fn("euler"), fn("binom", num(5), num(2)), fn("factorial", num(rng.choice((3, 4)))))
        return add(mul(rng.choice(extra), e), rng.choice((fn("pi"), power(fn("pi"), 2))))
    if make == 3 and free:
        z = next((d.name for d in scope.named("Real", "Positive", "Bit", shape=1)), None)
        if z is not None:
            return mul(soft(name(z), index("k")), e)
    return e


def worth(e: Expr | Node, at: Point) -> Value | str:
    """The value, or why there is none."""
    try:
        return Fingerprint(at).value(e, {})
    except NoValue:
        return "no value"
    except Unknown:
        return "unknown"


def same(a: Value | str, b: Value | str) -> bool:
    """Whether two values are not seen to differ."""
    if "unknown" in (a, b):
        return True
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return compare(a, b) in (0, None)


def sides(seed: str) -> tuple[Scope, Expr, str]:
    """A scope, a chain over it and its LaTeX."""
    rng = Random(f"pairs/{seed}")
    scope = scope_at_random(rng)
    maker = Maker(scope, rng, partial=0.1)
    relations = tuple(rng.choice(("=", "<=", ">=", "<", ">", "!=")) for _ in range(rng.choice((1, 1, 1, 2))))
    chain = Expr("chain", (relations, *(expression(maker, rng) for _ in range(len(relations) + 1))))
    return shown_free(scope, chain), chain, spelled(chain, rng, scope.shapes)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_tree_says_what_was_written(shard: int) -> None:
    refused: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    compared = known = 0
    for k in range(shard, PAIRS, SHARDS):
        scope, chain, latex = sides(str(k))
        try:
            reading = read(latex, scope.where)
        except ReadError as error:
            refused[str(error)] += 1
            continue
        kinds.update(node.kind for node in nodes(reading.tree))
        assert reading.tree.args[0] == chain.args[0], latex
        rng = Random(k)
        for _ in range(POINTS):
            at = point(scope, rng)
            with precision(96):
                for ours, read_ in zip(chain.args[1:], reading.tree.args[1:], strict=True):
                    a, b = worth(ours, at), worth(read_, at)
                    compared += 1
                    known += "unknown" not in (a, b)
                    assert same(a, b), f"{latex}   where {scope.where}   read as {reading.read_as}, at {at}: {a} is not {b}"
    # a derivative of what does not mention its variable is refused by design
    others = Counter({why: n for why, n in refused.items() if not re.search(r"^whether .* depends on .* is not certain", why)})
    assert sum(others.values()) <= PAIRS // SHARDS // 50, others.most_common(5)
    assert known > 0.95 * compared
    assert kinds.keys() >= KINDS, KINDS - kinds.keys()


def test_a_misreading_is_seen() -> None:
    """Each of these trees is one mistake away from what was written."""
    scope, rng = Scope(), Random(0)
    at = Point({"x": 3, "y": 5, "z": (2, 7, 11), "c": 2, "n": 3})
    x, y, zi = name("x"), name("y"), entry("z", "i")
    total = fn("sum", "i", num(1), name("n"), zi)
    mistakes = [
        (mul(num(2), power(x, 2)), power(mul(num(2), x), 2)), (add(total, x), fn("sum", "i", num(1), name("n"), add(zi, x))),
        (fn("without", "i", num(1), name("n"), name("c"), zi), total), (fn("log", mul(x, y)), mul(fn("log", x), y)),
        (fn("div", x, mul(num(2), y)), mul(fn("div", x, num(2)), y)), (fn("neg", power(x, 2)), power(fn("neg", x), 2)),
        (fn("cases", x, rel(x, "<", num(3)), y), fn("cases", x, rel(x, "<=", num(3)), y)),
        (fn("sum", "i", num(2), name("n"), zi), total), (fn("integral", "t", num(0), num(2), add(name("t"), x)),
                                                         add(fn("integral", "t", num(0), num(2), name("t")), x)),
        (mul(num(2), deriv(x, x)), deriv(mul(num(2), x), x)), (fn("limit", "t", num(0), "+", name("t")),
                                                               fn("limit", "t", num(0), "-", name("t"))),
    ]  # fmt: skip
    with precision():
        for right, wrong in mistakes:
            assert same(worth(right, at), worth(right, at)) and not same(worth(right, at), worth(wrong, at)), spelled(
                rel(right, "=", wrong), rng, scope.shapes, plain=True
            )


def test_the_kinds_of_the_tree_are_known() -> None:
    """The evaluator has a rule for every kind of node that the page of the tree names, but a distribution of a family."""
    assert all(hasattr(Fingerprint, f"of_{kind}") for kind in KINDS - {"chain"})
    assert set(FUNCTIONS) - {"softmax"} <= set(OF_THE_FIELD)


def test_every_part_of_an_expression_is_spelled() -> None:
    """Spelling and reading keep the number of sums, logarithms and entries."""
    for k in range(200):
        scope, chain, latex = sides(f"count/{k}")
        try:
            tree = read(latex, scope.where).tree
        except ReadError:
            continue
        for kind in ("sum", "log", "without", "cases", "call"):
            ours = sum(p.kind == kind for p in parts(chain))
            assert ours == sum(p.kind == kind for p in nodes(tree)) or kind == "cases", (latex, kind)
