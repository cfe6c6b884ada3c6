"""The adversary finds nothing: no mutant that balls refute is accepted by anybody; and it can find something.

Of every kind and result a mutant is counted; with LOSSPROOF_ATTACK=2000 in the environment so many, of the seed of the commit.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from tools import seed_of_the_commit

from derivations._attack import KINDS, Report, attack
from derivations._attack.balls import POINTS, refutation, refuted
from derivations._attack.cases import Case, cases
from derivations._attack.lines import chains
from derivations._attack.proofs import watched
from derivations._attack.second import second_program
from derivations._kernel.check import _PRINCIPLES, Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.order import Order
from derivations._kernel.rules import RULES
from derivations._kernel.terms import Term, num, subterms, var
from derivations.certificate import decode, decode_claim, encode, encode_claim
from derivations.cli import main

SEED = 1
TOTAL = int(os.environ.get("LOSSPROOF_ATTACK", "0"))
SHARDS = 4 if TOTAL else 1  #: the mutants of a result are dealt out to so many tests
THEOREMS = Counter(case.result for case in cases())
TASKS = [(result, shard) for result in THEOREMS for shard in range(SHARDS)]


@cache
def few(result: str) -> Report:
    """An attack on a result by every kind of mistake, until one of each has an effect."""
    return attack(SEED, len(KINDS), results=[result])


def on(result: str, *more: object) -> Any:
    """A parameter whose tests run in one process."""
    name = "-".join(map(str, (result, *more)))
    return pytest.param(result, *more, id=name, marks=pytest.mark.xdist_group(f"attack-{result}" if not TOTAL else name))


@pytest.mark.parametrize(("result", "shard"), [on(*task) for task in TASKS])
def test_no_false_mutant_is_accepted(result: str, shard: int, request: pytest.FixtureRequest) -> None:
    count = -(-TOTAL * THEOREMS[result] // (THEOREMS.total() * SHARDS)) or len(KINDS)
    turn = crc32(seed_of_the_commit().encode())
    report = attack(turn, count, results=[result], shard=(shard, SHARDS)) if TOTAL else few(result)
    request.node.user_properties.append((f"attack on {result}", report.text()))
    assert not report.false, "UNSOUND:\n" + "\n".join(map(str, report.false))
    assert not report.crashes, "\n".join(report.crashes)
    assert report.counted >= count, f"{report.counted} of {count} mutants were found"
    assert report.ok


def test_the_second_program_replays_the_catalogue() -> None:
    assert not second_program().refused and second_program().known.claims.keys() == {case.label for case in cases()}


def no_place(kind: str, result: str) -> bool:
    """Whether the theorems of a result have nothing of which this mistake could be made."""
    found = [case for case in cases() if case.result == result]
    if kind in ("hypothesis missing", "hypothesis changed"):
        return not any(case.claim.scope.hypotheses for case in found)
    if kind == "citation":
        return not any(case.judged.uses for case in found)
    if kind in ("line", "wrong evidence"):
        return not any(chains(case.written.proof) for case in found)
    if kind == "base or unit":
        return not any(t.op in ("log", "xlog") or "app" in t.op for case in found for t in subterms(case.claim.goal))
    return False


#: The kinds for which a result has no place, as the report has to say.
WITHOUT_PLACE = {(kind, "softmax_cross_entropy_gradient") for kind in ("hypothesis missing", "hypothesis changed")}
FIRST = ("gibbs_inequality", "kl_is_cross_entropy_minus_entropy", "binary_cross_entropy_from_maximum_likelihood",
         "softmax_cross_entropy_gradient")  # fmt: skip


@pytest.mark.parametrize("result", [on(result) for result in THEOREMS])
def test_every_kind_has_an_effective_mutant_of_every_result(result: str) -> None:
    report = few(result)
    assert not report.without_effect, f"no mutant has an effect: {report.without_effect}"
    absent = {key for key, tally in report.tallies.items() if not tally.counted}
    assert absent == set(report.without_place) == {(kind, result) for kind in KINDS if no_place(kind, result)}
    assert all(f"{kind}: {result} has no place for it" in report.text() for kind, _ in absent)
    if result in FIRST:
        assert absent == {key for key in WITHOUT_PLACE if key[1] == result}


def test_every_kind_of_mistake_of_the_field_is_among_the_mutants() -> None:
    """Signs, factors, order, terms, indices, ranges, units, strictness, labels, few classes, constants, dominance, names."""
    assert KINDS.keys() >= {
        "sign", "factor", "argument order", "dropped term", "index", "captured", "off by one", "base or unit",
        "relation strengthened", "one-hot fact", "true for two classes", "true up to three classes", "off by 1e-12",
        "hypothesis missing", "wrong evidence", "citation", "certificate field", "line", "shown line",
    }  # fmt: skip


def looked_at(report: Report) -> bool:
    """Whether accepted mutants were looked at, each at enough points."""
    less = [str(a) for a in report.accepted if 0 < a.points < POINTS]
    assert not less, "\n".join(less)
    return any(a.points >= POINTS for a in report.accepted)


@pytest.mark.parametrize("result", [on(result) for result in FIRST[:2]])
def test_accepted_mutants_were_looked_at_at_enough_points(result: str) -> None:
    assert looked_at(few(result))


@pytest.mark.slow
def test_accepted_mutants_of_statements_were_looked_at_at_enough_points() -> None:
    assert looked_at(attack(SEED + 1, 150, kinds=["domain", "hypothesis changed", "one-hot fact", "factor"]))


def test_the_same_seed_gives_the_same_mutants() -> None:
    a, b = (attack(7, 12, kinds=["sign", "rule", "line"]) for _ in "ab")
    assert a.tallies == b.tallies and a.accepted == b.accepted
    assert attack(8, 12, kinds=["sign", "rule", "line"]).tallies != a.tallies


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.label)
def test_a_certificate_is_read_as_it_was_written(case: Case) -> None:
    assert decode_claim(encode_claim(case.claim)) == case.claim
    assert decode(encode(case.proof)) == case.proof


def test_the_report_is_a_table_with_a_sum() -> None:
    report = attack(2, 30, kinds=["sign", "rule"])
    assert list(report.rows())[-1][:2] == ("all", str(report.counted))
    text = report.text()
    assert f"seed 2: {report.counted} mutants" in text and "sign" in text
    assert report.replayed and f"{report.replayed} certificates by the second program" in text


def test_balls_see_what_may_not_be_proved() -> None:
    x, half = var("x"), num("1/2")
    positive, weights = Scope((("x", Domain("Positive")),)), Scope((("x", Domain("UnitInterval")),))
    for scope, statement in (
        (positive, Term("lt", x, x)),
        (positive, Term("eq", x, x + num("1/1000000000000"))),
        (positive, Term("lt", Term("log", x) + Term("log", num(2)), Term("log", num(2) * x))),
        (weights, Term("eq", Term("log", x), Term("log", x))),
        (weights, Term("eq", Term("xlog", half, half, x), Term("xlog", half, half, x))),
    ):
        assert refuted(scope, statement) and refutation(scope, statement)[1], statement
    assert not refuted(positive, Term("le", x, x)) and refutation(positive, Term("le", x, x))[0] >= POINTS


# ---- the adversary can find something


def prepare() -> None:
    """Make what is kept for a session before a fault is planted, whichever test runs first."""
    assert all(watched(case) for case in cases()) and second_program() is not None


def wrong_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """log(ab) = log a − log b."""
    row = RULES["logarithm of a product"]
    left, right = row.law.args
    monkeypatch.setitem(RULES, row.name, row._replace(law=Term("eq", left, right.args[0] - right.args[1])))


def no_side_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Σ p = 1 for anything, distribution or not."""
    monkeypatch.setitem(RULES, "total probability", RULES["total probability"]._replace(side=""))


def no_definedness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks whether a term is defined, so dominance is not missed."""
    monkeypatch.setattr(Order, "undefined", lambda *_: None)


def any_algebra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a step says follows from its rule."""
    monkeypatch.setattr(Kernel, "same", lambda *_: None)


def strict_for_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    """a ≤ b = c gives a < c."""

    def wrong(self: Kernel, scope: Scope, *proofs: Proof) -> Term:
        s = Kernel.chain(self, scope, *proofs)
        return Term("lt", *s.args[:2]) if s.op == "le" else s

    monkeypatch.setitem(_PRINCIPLES, "chain", wrong)


def any_value_cited(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is cited is true of values outside its domains as well."""
    monkeypatch.setattr(Kernel, "belongs", lambda *_: True)


PLANTS = {
    wrong_law: (["instantiation"], 60),
    no_side_condition: (["domain"], 60),
    no_definedness: (["hypothesis missing", "domain"], 60),
    any_algebra: (["factor", "off by 1e-12"], 40),
    strict_for_weak: (["relation strengthened"], 150),
    any_value_cited: (["domain", "citation", "instantiation"], 120),
}

PARTS = 4


def test_a_false_mutant_ends_the_command_with_a_report(monkeypatch, capsys) -> None:
    prepare()
    any_algebra(monkeypatch)
    monkeypatch.setattr("derivations._attack.adversary.KINDS", {kind: KINDS[kind] for kind in ("factor", "sign")})
    assert main(["attack", "--seed", "1", "--count", "12"]) == 4
    out, err = capsys.readouterr()
    assert "FALSE, at" in out and "CONTRADICTS ITSELF" in err and "Versions: lossproof" in err and "FALSE, at" in err


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_an_unsound_rule_in_the_kernel_is_found(plant, monkeypatch, request) -> None:
    prepare()
    kinds, count = PLANTS[plant]
    plant(monkeypatch)
    by = Counter[str]()
    for part in range(PARTS):  # until something is found
        report: Report = attack(SEED, -(-count // PARTS), kinds=kinds, shard=(part, PARTS))
        by.update(a.by for a in report.false)
        if not report.ok:
            break
    request.node.user_properties.append((plant.__name__, str(dict(by))))
    assert by["kernel"] + by["part"] + by["search"] + by["lines"] and not report.ok, report.text()
    assert not by["replay"], f"the second program shares the mistake: {[a for a in report.false if a.by == 'replay']}"
