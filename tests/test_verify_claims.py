"""The labelled claims: no wrong verdict, every false one refuted, nearly every true one proved; and the page that says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import HANGS

from derivations._verify.benchmarks import Row, judge, page

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.xdist_group("claims")
#: The share of the true claims that have to be proved.
PROVED = 0.95


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return judge(ROOT / "tests" / "claims", timeout=HANGS)


def test_no_verdict_is_wrong(rows: list[Row]) -> None:
    assert len(rows) >= 85
    assert [r.claim["id"] for r in rows if r.wrong or r.verdict.contradiction] == []


def test_every_claim_is_read(rows: list[Row]) -> None:
    assert [(r.claim["id"], r.verdict.reason) for r in rows if r.verdict.verdict == "error" or not r.verdict.read_as] == []


def test_every_false_claim_is_refuted_with_numbers(rows: list[Row]) -> None:
    false = [r for r in rows if not r.claim["truth"]]
    assert false and [r.claim["id"] for r in false if r.verdict.verdict != "refuted"] == []
    for row in false:
        at = row.verdict.counterexample
        assert at is not None and at.lhs and at.rhs and at.established, row.claim["id"]


def test_the_true_claims_are_proved(rows: list[Row]) -> None:
    true = [r for r in rows if r.claim["truth"]]
    proved = [r for r in true if r.verdict.verdict == "proved"]
    assert len(proved) >= PROVED * len(true), [(r.claim["id"], r.verdict.reason[:100]) for r in true if r not in proved]
    assert [r.claim["id"] for r in proved if r.verdict.evidence not in ("derived", "replayed")] == []


def test_the_page_is_what_comes_out(rows: list[Row]) -> None:
    assert (ROOT / "docs" / "claims.md").read_text(encoding="utf-8") == page(rows), (
        "run: python -m derivations._verify.benchmarks tests/claims -o docs/claims.md"
    )
