"""The adversary of formulas finds nothing: no false claim is proved, no true one refuted, no condition excludes a point where
the formula has a value. It knows what is true by an evaluator of its own, which is compared here with values by hand.

60 claims are judged; with LOSSPROOF_ATTACK_FORMULAS=2000 in the environment so many, of a seed that changes with the commit.
"""

from __future__ import annotations

import ast
import json
import os
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tools import seed_of_the_commit

import derivations._attack.formulas as formulas
from derivations._attack.formulas import Claim, Outcome, Violation, attack_formulas, by_pool, look, made
from derivations._attack.formulas import facts as known
from derivations._attack.formulas.claims import told, valued
from derivations._attack.formulas.conditions import admits, borders
from derivations._attack.formulas.evaluate import Evaluator, Point
from derivations._attack.formulas.expr import (
    ONE,
    TWO,
    ZERO,
    Expr,
    add,
    call,
    div,
    entry,
    fn,
    index,
    indicator,
    mul,
    name,
    neg,
    num,
    over,
    power,
    rel,
    sub,
    without,
)  # fmt: skip
from derivations._attack.formulas.rewriting import LAWS, Law, ranged
from derivations._attack.formulas.scopes import Declared, Scope, inside, point
from derivations._attack.formulas.traps import TRAPS
from derivations._attack.formulas.values import NoValue, Unknown, compare, precision
from derivations._verify.verdict import Counterexample, Verdict
from derivations.cli import main
from derivations.verify import verify

FEW = 60
TOTAL = int(os.environ.get("LOSSPROOF_ATTACK_FORMULAS", FEW))
SHARDS = 2 if TOTAL <= FEW else 8
WORKERS = 1 if os.environ.get("PYTEST_XDIST_WORKER") else 2
SEED = "1" if TOTAL <= FEW else seed_of_the_commit()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_false_is_proved_and_nothing_true_refuted(shard: int, request: pytest.FixtureRequest) -> None:
    count = -(-TOTAL // SHARDS)
    outcome = by_pool(SEED, count, first=shard * count, workers=WORKERS)
    request.node.user_properties.append((f"formulas, seed {SEED}, from {shard * count}", outcome.text()))
    assert outcome.ok, outcome.text()
    assert outcome.counted == count and outcome.counts["true", "proved"] > count // 10, outcome.text()


ISSUE = [json.loads(line) for line in (Path(__file__).parent / "formulas_from_the_issue.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ISSUE, ids=[row["latex"][:50] for row in ISSUE])
def test_what_was_found_stays_mended(row: dict[str, str]) -> None:
    verdict = verify(row["latex"], row["where"])
    if row["never"] == "with a condition":
        assert not verdict.conditions, row["why"]
    else:
        assert verdict.verdict != row["never"], row["why"]
    assert "fault of lossproof" not in verdict.reason and not verdict.contradiction


# ---- what the adversary makes

x, s, n = name("x"), name("s"), name("n")
p, q, z, c = name("p"), name("q"), name("z"), name("c")
SAMPLE_SCOPE = known._scope("x: Real; s: Positive; p: Simplex[n]; q: OpenSimplex[n]; z: Real[n]; c: Label[n]")
I_Z = mul(x, entry("z", "i"))
SAMPLES = [
    add(x, s), mul(x, add(x, s)), neg(add(x, neg(s))), over("sum", "i", 1, n, add(entry("z", "i"), x)),
    over("sum", "i", 1, n, I_Z), power(add(x, s), 2), power(x, 2), fn("exp", add(x, s)), fn("log", mul(s, s)),
    fn("log", div(s, TWO)), fn("logb", s, TWO), fn("log", fn("exp", x)), fn("max", x, s), fn("min", x, s), fn("abs", mul(x, s)),
    fn("abs", x), without("i", 1, n, c, I_Z), without("i", 1, n, c, power(entry("z", "i"), 2)), without("i", 2, 4, num(3), I_Z),
    over("prod", "i", 1, 3, add(x, index("i"))), over("largest", "i", 1, 3, mul(x, index("i"))), call("tanh", x),
    over("sum", "i", 1, n, mul(fn("delta", index("i"), c), entry("z", c))), call("sigmoid", x), call("softplus", x),
    call("logsumexp", z), call("H", p), call("CE", p, q), call("D", p, q), entry(call("softmax", z), c), div(x, s),
    fn("sqrt", s), Expr("cases", (x, rel(x, "=", ONE), s)), indicator(rel(x, "!=", ZERO)), fn("deriv", power(x, 3), x),
    Expr("integral", ("t", ZERO, TWO, mul(x, name("t")), mul(x, TWO))), Expr("limit", ("t", ZERO, "+", name("t"), ZERO)),
]  # fmt: skip


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return [made(f"test/{k}") for k in range(400)]


def test_claims_are_of_every_kind(claims: list[Claim]) -> None:
    kinds = Counter(claim.kind for claim in claims)
    assert {make.__name__ for make in TRAPS} | {"true", "spoiled"} == set(kinds)
    truths = Counter(claim.truth for claim in claims)
    assert min(truths[True], truths[False]) > 100 and truths[None] > 3


def test_a_seed_makes_the_same_claim() -> None:
    assert [made(f"again/{k}") for k in range(5)] == [made(f"again/{k}") for k in range(5)]
    assert made("again/1").latex != made("again/2").latex


def test_a_false_claim_fails_at_its_point(claims: list[Claim]) -> None:
    for claim in claims:
        if claim.truth is False:
            at = claim.witness
            assert at is not None and inside(claim.scope, at), claim
            assert told(claim.chain, at) is False and valued(claim.chain, at), claim


def test_a_change_is_confined_to_a_thin_set(claims: list[Claim]) -> None:
    """At most points a spoiled claim still holds: sampling alone does not find what is wrong."""
    rng, holds, fails = Random(5), 0, 0
    for claim in claims:
        if claim.kind == "spoiled":
            answers = [told(claim.chain, point(claim.scope, rng)) for _ in range(4)]
            holds += answers.count(True)
            fails += answers.count(False)
    assert holds > 5 * fails, (holds, fails)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_keeps_the_value(law: Law) -> None:
    """An expression of each kind, and what a law makes of it, have one value at every point where both have one."""
    rng, made_something, agreed = Random(7), 0, 0
    for e in SAMPLES:
        new = law(e, rng, "h")
        if new is None:
            continue
        made_something += 1
        new = ranged(new, SAMPLE_SCOPE)
        answers = [told(rel(e, "=", new), point(SAMPLE_SCOPE, rng)) for _ in range(12)]
        assert False not in answers, (law.__name__, e, new)
        agreed += True in answers
    assert made_something and (agreed or law.__name__ in ("of_exponents", "slope_taken", "of_logarithms"))


def test_theorems_hold_at_points() -> None:
    rng = Random(3)
    for where, chain in known.FACTS:
        domains, _, free = where.partition("|")
        scope = known._scope(domains)
        scope = scope.indexed((free, "n")) if free else scope
        answers = [told(chain, point(scope, rng)) for _ in range(12)]
        assert False not in answers and (True in answers or chain.args[0] == ("=",)), where


# ---- the evaluator, against values by hand

HALVES = (Fraction(1, 2), Fraction(1, 2))
SHARP = (Fraction(0), Fraction(1))
DOMAINS = {"p": "Simplex", "q": "Simplex", "s": "Nonnegative"}
VALUES: list[tuple[Expr, dict[str, Any], Any]] = [
    (power(x, fn("logb", num(8), TWO)), {"x": -2}, -8), (power(x, fn("exp", fn("log", num(3)))), {"x": -2}, -8),
    (power(x, fn("log", Expr("euler"))), {"x": -5}, -5), (power(x, num("1/3")), {"x": -8}, NoValue),
    (power(x, num("1/3")), {"x": 8}, 2), (power(ZERO, ZERO), {}, 1), (power(ZERO, num(-1)), {}, NoValue),
    (power(ZERO, num("1/2")), {}, 0), (power(x, fn("log", TWO)), {"x": -1}, NoValue), (fn("log", ZERO), {}, NoValue),
    (mul(entry("p", 1), fn("log", entry("q", 1))), {"p": SHARP, "q": SHARP}, 0),
    (mul(entry("p", 2), fn("log", entry("q", 1))), {"p": SHARP, "q": SHARP}, NoValue),
    (mul(entry("p", 1), fn("log", div(entry("p", 1), entry("q", 1)))), {"p": SHARP, "q": HALVES}, 0),
    (mul(x, fn("log", s)), {"x": 0, "s": 0}, Unknown), (mul(ZERO, div(ONE, x)), {"x": 0}, NoValue),
    (call("H", p), {"p": SHARP}, 0), (call("D", p, q), {"p": HALVES, "q": SHARP}, NoValue),
    (sub(call("H", p), fn("log", TWO)), {"p": HALVES}, 0), (call("JS", p, q), {"p": SHARP, "q": SHARP}, 0),
    (call("sigmoid", x), {"x": 0}, Fraction(1, 2)), (call("softplus", fn("log", num(3))), {}, None),
    (entry(call("softmax", z), 1), {"z": (0, 0, 0)}, Fraction(1, 3)), (call("tanh", ZERO), {}, 0),
    (over("sum", "i", 1, n, power(index("i"), 2)), {"n": 4}, 30), (over("prod", "i", 2, 4, index("i")), {}, 24),
    (over("largest", "i", 1, 3, neg(index("i"))), {}, -1), (over("smallest", "i", 1, 3, neg(index("i"))), {}, -3),
    (without("j", 2, 3, num(1), index("j")), {}, 5), (without("j", 2, 3, num(2), index("j")), {}, 3),
    (without("j", 1, n, c, index("j")), {"n": 3, "c": 2}, 4), (entry("z", 4), {"z": (1, 2, 3)}, NoValue),
    (indicator(rel(x, "=", num("1/7"))), {"x": Fraction(1, 7)}, 1), (indicator(rel(x, "<", ZERO)), {"x": 0}, 0),
    (Expr("cases", (num(5), rel(x, "=", ZERO), div(ONE, x))), {"x": 0}, 5),
    (Expr("cases", (num(5), rel(x, "=", ONE), div(ONE, x))), {"x": 0}, NoValue),
    (Expr("cases", (num(5), rel(x, ">", ZERO), num(6), rel(x, "<", ZERO))), {"x": 0}, NoValue),
    (fn("delta", c, num(2)), {"c": 2}, 1), (fn("max", x, ONE), {"x": 3}, 3), (fn("min", x, ONE), {"x": 3}, 1),
    (fn("abs", x), {"x": -3}, 3), (fn("binom", num(5), TWO), {}, 10), (fn("factorial", num(4)), {}, 24),
    (fn("deriv", power(x, 3), x), {"x": -2}, 12), (fn("deriv", mul(s, fn("log", s)), s), {"s": 0}, NoValue),
    (fn("deriv", fn("abs", x), x), {"x": 0}, Unknown), (fn("deriv", fn("exp", mul(TWO, x)), x), {"x": 0}, 2),
    (fn("deriv", power(entry("z", 2), 2), entry("z", "k")), {"z": (5, 7), "k": 2}, 14),
    (fn("deriv", power(entry("z", 2), 2), entry("z", "k")), {"z": (5, 7), "k": 1}, 0),
    (div(fn("log", num(8)), fn("log", num(4))), {}, Fraction(3, 2)),
    (fn("exp", mul(num(-2), fn("log", num(3)))), {}, Fraction(1, 9)),
    (fn("infinity"), {}, NoValue), (add(fn("log", num(6)), neg(fn("log", TWO)), neg(fn("log", num(3)))), {}, 0),
    (Expr("integral", ("t", ZERO, TWO, name("t"))), {}, Unknown), (Expr("integral", ("t", ZERO, TWO, name("t"), TWO)), {}, 2),
]  # fmt: skip


@pytest.mark.parametrize(("e", "values", "worth"), VALUES, ids=[str(k) for k in range(len(VALUES))])
def test_a_value_is_what_the_page_says(e: Expr, values: dict[str, Any], worth: Any) -> None:
    exact = {k: tuple(map(Fraction, v)) if isinstance(v, tuple) else Fraction(v) for k, v in values.items()}
    evaluator = Evaluator(Point(exact, DOMAINS))
    with precision():
        if isinstance(worth, type):
            with pytest.raises(worth):
                evaluator.value(e, {})
        elif worth is None:  # log 4
            assert compare(evaluator.value(e, {}), evaluator.value(mul(TWO, fn("log", TWO)), {})) in (0, None)
        else:
            assert compare(evaluator.value(e, {}), Fraction(worth)) == 0


def test_the_evaluator_shares_no_code_with_what_it_judges() -> None:
    folder = Path(formulas.__file__).parent
    for module in ("expr", "values", "slopes", "fields", "evaluate", "fingerprint", "conditions", "scopes"):
        tree = ast.parse((folder / f"{module}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or node.module in STANDARD, f"{module}: {node.module}"
            assert not isinstance(node, ast.Import) or all(a.name in STANDARD for a in node.names)


STANDARD = {"__future__", "collections.abc", "contextlib", "dataclasses", "fractions", "math", "random", "typing", "flint"}


# ---- conditions, and what the adversary says of a verdict

SCOPE = {"domains": [["n", "Size", []], ["x", "Real", []], ["p", "OpenSimplex", [["var", "n"]]]]}
NONE, X, P_K = ["num", "0"], ["var", "x"], ["at", ["var", "p"], ["bound", 0]]
ALL_POSITIVE = ["all", ["var", "n"], ["imp", ["lt", NONE, P_K], ["lt", NONE, X]]]
APART = ["ne", ["add", X, ["num", "-1/7"]], NONE]


@pytest.mark.parametrize(
    ("hypotheses", "values", "answer"),
    [
        ([], {"n": 2, "x": Fraction(-1), "p": HALVES}, True),
        ([], {"n": 2, "x": Fraction(-1), "p": SHARP}, False),
        ([["lt", NONE, X]], {"n": 2, "x": Fraction(0), "p": HALVES}, False),
        ([APART], {"n": 2, "x": Fraction(1, 7), "p": HALVES}, False),
        ([APART], {"n": 2, "x": Fraction(1), "p": HALVES}, True),
        ([ALL_POSITIVE], {"n": 2, "x": Fraction(0), "p": HALVES}, False),
        ([ALL_POSITIVE], {"n": 2, "x": Fraction(1), "p": HALVES}, True),
        ([["lt", NONE, ["sum", ["var", "n"], P_K]]], {"n": 2, "x": Fraction(1), "p": HALVES}, True),
        ([["lt", NONE, ["log", X]]], {"n": 2, "x": Fraction(-1), "p": HALVES}, False),
        ([["nonsense", X]], {"n": 2, "x": Fraction(1), "p": HALVES}, None),
    ],
)  # fmt: skip
def test_a_certificate_says_of_which_points(hypotheses: list[Any], values: dict[str, Any], answer: bool | None) -> None:
    assert admits({**SCOPE, "hypotheses": hypotheses}, Point(values)) is answer


def test_the_border_of_a_condition_is_looked_at() -> None:
    """Points where a condition fails that no menu has: at x = 3, and at x = 1/7."""
    at = Point({"x": Fraction(2), "n": Fraction(2), "p": HALVES}, {"x": "Real", "p": "OpenSimplex", "n": "Size"})
    three = {**SCOPE, "hypotheses": [["ne", X, ["num", "3"]], ["imp", APART, ["lt", NONE, ["log", X]]]]}
    assert [p.values["x"] for p in borders(three, at)] == [3, Fraction(1, 7)]


def claim(truth: bool | None, chain: Expr, *fixed: tuple[str, Fraction], domain: str = "Real") -> Claim:
    """A claim about x."""
    scope = Scope((Declared("x", domain),))
    witness = Point(dict(fixed), scope.domains) if truth is False else None
    return Claim("t/0", "test", scope, chain, truth, "", "", dict(fixed), witness)


def violations(claim: Claim, verdict: Verdict, certified: Verdict | None = None) -> list[str]:
    """What is found wrong with a verdict."""
    found = look(claim, verdict, lambda _: certified or verdict)
    return [f.what for f in found if not isinstance(f, str)]


SQUARE, ROOT_OF_X = rel(power(x, 2), ">=", ZERO), rel(fn("sqrt", x), "=", power(x, num("1/2")))
POSITIVE = {"theorems": [{"claim": {"domains": [["x", "Positive", []]], "hypotheses": []}}]}
CLOSED = {"theorems": [{"claim": {"domains": [["x", "Real", []]], "hypotheses": [["le", ["num", "0"], ["var", "x"]]]}}]}
AT_ONE = Counterexample({}, {"x": "1"}, {}, "1", "0", "=", "")


@pytest.mark.parametrize(
    ("of", "verdict", "found"),
    [
        (claim(True, SQUARE), Verdict("proved"), []), (claim(True, SQUARE), Verdict("undecided"), []),
        (claim(False, rel(x, "=", x), ("x", Fraction(1))), Verdict("proved"), ["a false claim is proved"]),
        (claim(True, SQUARE), Verdict("refuted", counterexample=AT_ONE), ["a true claim is refuted"]),
        (claim(None, rel(fn("log", num(-1)), ">=", ZERO)), Verdict("proved"),
         ["what has no value is proved", "proved where it has no value"]),
        (claim(False, rel(x, "!=", ZERO), ("x", Fraction(0))), Verdict("refuted", counterexample=AT_ONE),
         ["a claim is refuted where it does not fail"]),
        (claim(False, rel(x, "<", ONE), ("x", Fraction(1))), Verdict("refuted", counterexample=AT_ONE), []),
        (claim(True, ROOT_OF_X), Verdict("proved"), ["proved where it has no value"]),
        (claim(True, ROOT_OF_X), Verdict("proved", conditions=("x ≥ 0",), certificate=CLOSED), []),
        (claim(True, ROOT_OF_X), Verdict("proved", conditions=("x > 0",), certificate=POSITIVE),
         ["a condition excludes a defined point"]),
        (claim(True, SQUARE), Verdict("proved", conditions=("x > 0",), certificate=POSITIVE),
         ["a condition excludes a defined point"]),
        (claim(True, SQUARE), Verdict("undecided", reason="a fault of lossproof"), ["a fault"]),
        (claim(True, SQUARE), Verdict("undecided", contradiction="rules and witness"), ["a contradiction"]),
    ],
)  # fmt: skip
def test_what_must_not_be_is_seen(of: Claim, verdict: Verdict, found: list[str]) -> None:
    assert violations(of, verdict) == found


def test_a_liar_is_caught() -> None:
    """A judge that proves everything is seen to prove what is false."""
    outcome = attack_formulas("liar", 40, lambda asked: (Verdict("proved") for _ in asked), lambda _: Verdict("proved"))
    assert outcome.counted == 40 and sum(v.what == "a false claim is proved" for v in outcome.violations) > 10
    assert not outcome.ok and "VIOLATION" in outcome.text()


@pytest.mark.parametrize(("found", "code"), [([], 0), ([Violation("a false claim is proved", made("cli/0"), "…")], 4)])
def test_the_command(
    found: list[Violation], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes on in batches, each with the command that begins there, and ends with 4 where something came out."""
    asked: list[tuple[str, int, int]] = []

    def judge(seed: str, count: int, progress: Any, first: int) -> Outcome:
        asked.append((seed, count, first))
        return Outcome(seed, violations=found if first > 10 else [])

    monkeypatch.setattr(formulas, "by_pool", judge)
    assert main(["attack", "--formulas", "250", "--seed", "7", "--first", "10"]) == code
    assert asked == [("7", 200, 10), ("7", 50, 210)]
    assert "--formulas 250 --seed 7 --first 10" in capsys.readouterr().out
