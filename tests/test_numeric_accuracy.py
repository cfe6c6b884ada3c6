"""Committed source and committed accuracy are what the formulas give now."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import numeric
from derivations._kernel.check import Claim, Proof, check
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import Term, num, var
from numeric import accuracy, emit
from numeric.accuracy import Row, measure, recorded, ulp_error
from numeric.declared import declared
from numeric.emit import Formula
from numeric.regimes import REGIMES
from numeric.truth import NoAnswer, truths

NAMES = sorted(d.name for d, _ in declared())


def test_committed_source_is_what_is_emitted(tmp_path) -> None:
    assert emit.drift(declared()) == []
    assert emit.update(declared(), tmp_path) == sorted(["__init__.py", *(f"{name}.py" for name in NAMES)])
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (emit.EMITTED / path.name).read_bytes()
    (tmp_path / "entropy.py").write_text("tampered")
    (tmp_path / "orphan.py").write_text("")
    assert emit.drift(declared(), tmp_path) == emit.update(declared(), tmp_path) == ["entropy.py", "orphan.py"]
    assert emit.drift(declared(), tmp_path) == []


def test_the_package_offers_what_is_emitted() -> None:
    assert sorted(numeric.__all__) == sorted([*NAMES, "lambdify"])
    assert sorted(p.stem for p in emit.EMITTED.glob("*.py") if p.stem != "__init__") == NAMES
    assert callable(numeric.lambdify) and numeric.lambdify is emit.lambdify
    with pytest.raises(AttributeError):
        _ = numeric.no_such_function


def test_lambdify_gives_the_text_of_the_committed_file() -> None:
    for declaration, subject in declared():
        made = emit.lambdify(
            subject, name=declaration.name, side=declaration.side, parameters=declaration.parameters,
            summary=declaration.summary, theorem=declaration.theorem, rename=declaration.rename,
        )  # fmt: skip
        assert made.__source__ == (emit.EMITTED / f"{declaration.name}.py").read_text(encoding="utf-8")


def test_a_side_of_a_checked_theorem_becomes_a_function() -> None:
    """∀k: s_k + s_k = 2·s_k with s = softmax(z), checked by the kernel: k is an axis, or a label if it is a parameter."""
    n, z = var("n"), var("z")
    scope = Scope((("n", Domain("Size")), ("z", Domain("Real", (n,)))))
    soft = Term("app", "softmax", z, Term("bound", 0))
    k = Term("app", "softmax", z, var("#0"))
    claim = Claim(scope, Term("all", n, Term("eq", soft + soft, 2 * soft)))
    checked = check(claim, Proof("for_all", (n, Proof("field", (k + k, 2 * k)))))
    logits = [0.0, 1.0, 2.0]
    for side in ("left", "right"):
        np.testing.assert_allclose(emit.lambdify(checked, side=side)(logits), 2 * numeric.softmax(logits), rtol=1e-15)
    picked = emit.lambdify(checked, parameters=("z", "k"), name="twice", rename={"k": "label"})
    assert picked(logits, [2, 0]).tolist() == (2 * numeric.softmax(logits))[[2, 0]].tolist()
    assert "label: labels 0, …, n − 1" in picked.__doc__ and picked.__name__ == "twice"
    with pytest.raises(ValueError, match='"left" or "right"'):
        emit.lambdify(checked, side="middle")


def test_only_checked_theorems_and_declared_formulas_are_emitted() -> None:
    for forged in (object(), Term("eq", num(1), num(1)), "x"):
        with pytest.raises(Exception, match="checked"):
            emit.lambdify(forged)


@pytest.mark.parametrize("name", NAMES)
def test_measured_is_at_most_what_is_recorded(name: str) -> None:
    record = recorded()
    same = accuracy.this_platform() == accuracy.platform_of_record()
    rows = measure([name], sample=0.05)
    assert rows and {row.key for row in rows} == {key for key in record if key[0] == name}
    for row in rows:
        told = record[row.key]
        assert row.failures == told.failures == 0
        bound = told.ulp if same else 4.0 * told.ulp + 4.0  # another libm or vector unit rounds elsewhere
        assert row.ulp <= bound, (row, told)


def test_the_record_is_complete_and_nothing_in_it_fails() -> None:
    record = recorded()
    assert {key[0] for key in record} == set(NAMES)
    assert all(row.failures == 0 and row.points > 20 and row.ulp < math.inf for row in record.values())
    assert {key[2] for key in record} == {"float64", "float32"}
    used = {key[1] for key in record}
    assert used == {regime.name for regime in REGIMES}


def test_a_naive_function_fails_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measurement can fail: naive forms put in the place of emitted ones exceed the record, or are not finite."""
    record = recorded()

    def naive_loss(z, y):
        with np.errstate(all="ignore"):
            e = np.exp(np.asarray(z, dtype=np.float64))
            return np.asarray(-(y * np.log(e / e.sum(-1, keepdims=True))).sum(-1)).astype(z.dtype)

    def padded(y, p):
        return -(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))

    for name, wrong in (("softmax_cross_entropy", naive_loss), ("binary_cross_entropy", padded)):
        monkeypatch.setattr(numeric, name, wrong)
        rows = measure([name], sample=0.05)
        assert any(row.failures for row in rows)
        assert sum(row.ulp > record[row.key].ulp for row in rows) >= 3


def test_ulp_error() -> None:
    eps = Fraction(2) ** -52
    assert ulp_error(1.0, 1 + eps, "float64") == 1.0
    assert ulp_error(1.0, Fraction(1), "float64") == 0.0
    assert ulp_error(2.0, 2 - eps, "float64") == 1.0
    assert ulp_error(0.0, Fraction(2) ** -1074, "float64") == 1.0
    assert ulp_error(np.float32(1), 1 + Fraction(2) ** -24, "float32") == 0.5
    assert ulp_error(math.inf, Fraction(10) ** 400, "float64") == 0.0
    assert ulp_error(math.inf, Fraction(10) ** 300, "float64") is None
    assert ulp_error(math.nan, Fraction(1), "float64") is None
    assert ulp_error(math.inf, math.inf, "float64") == 0.0
    assert ulp_error(1e308, math.inf, "float64") is None


def test_truth_is_tight_and_checked_by_a_second_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    term, scope = emit._term_of({d.name: s for d, s in declared()}["softmax_cross_entropy"], "left")
    values = {"z": (Fraction(200), Fraction(0)), "y": (Fraction(1), Fraction(0))}
    (loss,) = truths(term, scope, {"K": 2}, values)
    assert float(loss) == pytest.approx(math.exp(-200), rel=1e-15)
    from numeric import truth

    monkeypatch.setattr(truth.Loops, "number", lambda self, t: truth.mpmath.mpf(1))
    with pytest.raises(NoAnswer, match="mpmath gives"):
        truths(term, scope, {"K": 2}, values)


def test_rows_round_up() -> None:
    assert accuracy._up(1.2301) == 1.24 and accuracy._up(0.0) == 0.0 and accuracy._up(7.0) == 7.0
    assert replace(Row("f", "r", "float64"), ulp=2.0).key == ("f", "r", "float64")
    assert Formula(num(1), declared()[0][1].scope).term == num(1)
