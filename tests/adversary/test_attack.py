"""The adversary finds nothing: no mutant that balls refute is accepted by anybody; and it can find something.

1,000 mutants are counted; with LOSSPROOF_ATTACK=10000 in the environment, so many.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from derivations._attack import KINDS, Report, attack
from derivations._attack.balls import POINTS, refutation, refuted
from derivations._attack.cases import Case, cases
from derivations._attack.fields import decode, decode_claim
from derivations._attack.second import second_program
from derivations._kernel.check import _PRINCIPLES, Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.order import Order
from derivations._kernel.rules import RULES
from derivations._kernel.terms import Term, num, var
from derivations.certificate import encode, encode_claim

SEED = 1
TOTAL = int(os.environ.get("LOSSPROOF_ATTACK", "1000"))
SHARDS = 4 if TOTAL > 2000 else 2  #: the mutants of a result are dealt out to so many tests
THEOREMS = Counter(case.result for case in cases())
TASKS = [(result, shard) for result in THEOREMS for shard in range(SHARDS)]


@pytest.mark.parametrize(("result", "shard"), TASKS, ids=[f"{result}-{shard}" for result, shard in TASKS])
def test_no_false_mutant_is_accepted(result: str, shard: int, request: pytest.FixtureRequest) -> None:
    count = -(-TOTAL * THEOREMS[result] // (THEOREMS.total() * SHARDS))
    report = attack(SEED, count, results=[result], shard=(shard, SHARDS))
    request.node.user_properties.append((f"attack on {result}", report.text()))
    assert not report.false, "UNSOUND:\n" + "\n".join(map(str, report.false))
    assert not report.crashes, "\n".join(report.crashes)
    assert report.counted >= count, f"{report.counted} of {count} mutants were found"
    assert report.ok


def test_the_second_program_replays_the_catalogue() -> None:
    if second_program().missing:
        pytest.skip(second_program().missing)
    assert not second_program().refused


#: Kinds whose every mutant of a result is true as well; a result may be added here with its reason.
HARMLESS: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize("result", THEOREMS)
def test_every_kind_has_an_effective_mutant_of_every_result(result: str) -> None:
    report = attack(SEED + 2, len(KINDS), results=[result])
    idle = [key for key in report.without_effect if key not in HARMLESS]
    assert not idle, f"no mutant has an effect: {idle}"
    none = {kind for kind, name in report.tallies if not report.tallies[kind, name].counted}
    assert none <= FORM, f"no mutants of {result}: {none - FORM}"


#: Kinds for which the form of a result may have no place: it has one index, no hypotheses, no written lines, no citations.
FORM = {"index", "captured", "hypothesis missing", "hypothesis changed", "citation", "line", "wrong evidence", "shown line",
        "variable", "one-hot fact", "off by one", "true for two classes", "true up to three classes"}  # fmt: skip


def test_accepted_mutants_were_looked_at_at_enough_points() -> None:
    report = attack(SEED + 1, 150, kinds=["domain", "hypothesis changed", "one-hot fact", "factor"])
    few = [str(a) for a in report.accepted if 0 < a.points < POINTS]
    assert any(a.points >= POINTS for a in report.accepted) and not few, "\n".join(few)


def test_the_same_seed_gives_the_same_mutants() -> None:
    a, b = (attack(7, 30, kinds=["sign", "rule", "line"]) for _ in "ab")
    assert a.tallies == b.tallies and a.accepted == b.accepted
    assert attack(8, 30, kinds=["sign", "rule", "line"]).tallies != a.tallies


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.label)
def test_a_certificate_is_read_as_it_was_written(case: Case) -> None:
    assert decode_claim(encode_claim(case.claim)) == case.claim
    assert decode(encode(case.proof)) == case.proof


def test_the_report_is_a_table_with_a_sum() -> None:
    report = attack(2, 30, kinds=["sign", "rule"])
    assert list(report.rows())[-1][:2] == ("all", str(report.counted))
    text = report.text()
    assert f"seed 2: {report.counted} mutants" in text and "sign" in text
    assert second_program().missing in text


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
    monkeypatch.setattr(Kernel, "_belongs", lambda *_: True)


PLANTS = {
    wrong_law: (["instantiation"], 60),
    no_side_condition: (["domain"], 60),
    no_definedness: (["hypothesis missing", "domain"], 60),
    any_algebra: (["factor", "off by 1e-12"], 40),
    strict_for_weak: (["relation strengthened"], 150),
    any_value_cited: (["domain", "citation", "instantiation"], 120),
}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_an_unsound_rule_in_the_kernel_is_found(plant, monkeypatch, request) -> None:
    assert cases() and second_program() is not None  # made before the fault is planted
    kinds, count = PLANTS[plant]
    plant(monkeypatch)
    report: Report = attack(SEED, count, kinds=kinds)
    by = Counter(a.by for a in report.false)
    request.node.user_properties.append((plant.__name__, str(dict(by))))
    assert by["kernel"] + by["part"] + by["search"] + by["lines"] and not report.ok, report.text()
    assert not by["replay"], f"the second program shares the mistake: {[a for a in report.false if a.by == 'replay']}"
