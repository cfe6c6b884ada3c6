"""Every result of the catalogue, found by discovery: proved, witnessed, by its lines and by the search; its examples."""

from __future__ import annotations

from fractions import Fraction

import pytest
from judged import WITNESSED as CATALOGUE
from judged import Again

from derivations.build import result_certificate
from derivations.catalogue import Catalogue, entries
from derivations.certificate import digest, encode_claim

NAMES = sorted(CATALOGUE)
pytestmark = pytest.mark.xdist_group("catalogue")

#: What the sources print and what is true, from the definitions (by hand, six digits): id → the values in order.
EXACT = {
    "W01": ("2.302585", "0.693147"),
    "W05": ("0.415037", "2.000000", "0.811278"),
    "W06": ("2.228972",),
    "W07": ("2.420000", "4.580000"),
    "W08": ("0.937500", "2.351028", "2.257918", "2.260859"),
    "W09": ("0.916291", "0.916291", "2.302585", "1.378389"),
    "W10": ("0.356675", "0.356675", "1.203973", "0.639108"),
    "W12": ("0.236173",),
    "W13": ("0.363548", "0.356675"),
    "W14": ("1.203973",),
}


def test_the_four_results_are_there() -> None:
    assert {e.name: e.subject for e in entries()}.items() >= {
        "binary_cross_entropy_from_maximum_likelihood": "likelihood",
        "kl_is_cross_entropy_minus_entropy": "divergence",
        "gibbs_inequality": "divergence",
        "softmax_cross_entropy_gradient": "softmax",
    }.items()


QUICK = ("kl_is_cross_entropy_minus_entropy", "softmax_cross_entropy_gradient")  #: the others are searched in a slow run


@pytest.mark.parametrize(
    ("name", "search"),
    [
        *(pytest.param(name, False, id=f"lines-{name}") for name in NAMES),
        *(pytest.param(name, True, id=f"search-{name}", marks=() if name in QUICK else pytest.mark.slow) for name in NAMES),
    ],
)
def test_a_result_is_proved(name: str, search: bool) -> None:
    result = CATALOGUE.judge(name, search=search)
    bad = {t.name: t.reason for t in result.theorems if t.verdict != "proved"}
    assert not bad and result.verdict == "proved" and result.evidence == "derived"
    for theorem in result.theorems:
        assert theorem.lines and all(line.accepted for line in theorem.lines), theorem.name
        assert (theorem.rules or theorem.uses) and "agree" in theorem.witness and "contradict" not in theorem.witness
        assert theorem.checked is not None and theorem.checked.goal == theorem.goal
        assert theorem.searched or not search
    assert all(r.verdict == "refuted" and r.sides and r.established for r in result.refutations)


@pytest.mark.parametrize("name", NAMES)
def test_every_hypothesis_is_needed(name: str) -> None:
    assert not {t.name: t.idle for t in CATALOGUE.judge(name).theorems if t.idle}


def test_a_hypothesis_that_is_not_needed_is_reported() -> None:
    import sympy
    from sympy import Eq, Gt, symbols

    from derivations._judge.judge import Library, judge_theorem
    from derivations.authoring import Theorem

    x, y = symbols("x y")
    with sympy.evaluate(False):
        theorem = Theorem("t", "Halves", "x: Real; y: Real", Gt(x * x * y, 0), given=(Gt(y, 0), Gt(x, 0), Gt(y, -1)))
        judged = judge_theorem(theorem, "mine.t", Library())
    assert judged.verdict == "proved" and judged.idle == (judged.scope.hypotheses[2],)
    with sympy.evaluate(False):
        empty = Theorem("t", "Nothing", "x: Positive", Eq(x, x + 0), given=(Gt(-x, 1),))
        vacuous = judge_theorem(empty, "mine.u", Library())
    assert vacuous.verdict == "undecided" and "no point" in vacuous.reason


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_symbolic(name: str) -> None:
    """No statement about vectors speaks of a literal number of classes or samples."""
    for theorem in CATALOGUE.judge(name).theorems:
        assert all(size.op == "var" for _, domain in theorem.scope.domains for size in domain.sizes), theorem.name


def test_worked_examples_have_the_true_values() -> None:
    found = {e.id: e for name in NAMES for e in CATALOGUE.judge(name).examples}
    assert set(found) >= {*EXACT, "W15"}
    for key, values in EXACT.items():
        assert tuple(row.value for row in found[key].rows) == values, key
    first, mean = (Fraction(row.value) for row in found["W15"].rows)
    assert abs(first - Fraction("1.4360")) < Fraction("0.0005") and abs(mean - Fraction("1.5230")) < Fraction("0.0005")
    differing = {key for key, e in found.items() if any(row.agrees is False for row in e.rows)}
    assert differing == {"W05", "W09", "W10", "W14"}, "these the sources cut off instead of rounding"


def test_an_example_at_a_point_outside_its_domain_is_refused() -> None:
    from sympy import log, symbols

    from derivations._judge.judge import judge_example
    from derivations.authoring import Number, Worked

    good = Worked("x", "t", (Number("n", log(symbols("u")), "u: Probability", {"u": ".4"}),))
    assert judge_example(good).rows[0].value == "-0.916291"
    with pytest.raises(ValueError, match="outside"):
        judge_example(Worked("x", "t", (Number("n", log(symbols("u")), "u: Probability", {"u": "1.4"}),)))


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_names_what_it_cites_by_content(name: str) -> None:
    result = CATALOGUE.judge(name)
    made = result_certificate(CATALOGUE, result)
    assert made == result_certificate(CATALOGUE, result) and len(made["theorems"]) == len(result.theorems)
    library = CATALOGUE.library(name)
    for theorem in made["theorems"]:
        assert theorem["hash"] == digest(theorem["claim"])
        for label, cited in theorem["cites"].items():
            assert cited == digest(encode_claim(library[label].claim))


def test_a_file_that_does_not_load_is_one_failure(tmp_path) -> None:
    from derivations.catalogue import Entry, Unloadable

    broken = tmp_path / "broken.py"
    broken.write_text("import nothing_of_that_name", encoding="utf-8")
    catalogue = Catalogue(known={**CATALOGUE.known, "broken": Entry("broken", "mine", broken)})
    with pytest.raises(Unloadable, match="nothing_of_that_name"):
        catalogue.judge("broken")
    assert catalogue.judge("kl_is_cross_entropy_minus_entropy").verdict == "proved"


def test_committed_certificates_are_what_is_made(tmp_path, monkeypatch) -> None:
    from derivations.build import certificate_drift

    monkeypatch.setattr("derivations.evidence.Catalogue", Again)  # judged once
    assert certificate_drift() == []
    assert certificate_drift(tmp_path, update=True) == [f"{name}.json" for name in NAMES] and certificate_drift(tmp_path) == []
    (tmp_path / f"{NAMES[0]}.json").write_text("{}", encoding="utf-8")
    (tmp_path / "orphan.json").write_text("{}", encoding="utf-8")
    assert certificate_drift(tmp_path, update=True) == sorted([f"{NAMES[0]}.json", "orphan.json"])
    assert certificate_drift(tmp_path) == []
