"""Evidence is recomputed, never read from a record; it is the weakest of what is used, and shown with conditions and axioms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from judged import BY_RULES as CATALOGUE

from derivations import build, cli, replay
from derivations._attack.cases import cases
from derivations._judge import load
from derivations._kernel.check import PRINCIPLES, Claim, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.rules import RULES
from derivations._kernel.terms import Term, num, var
from derivations._render.sphinx_extension import TABLES, write_pages
from derivations._witness import witness
from derivations.certificate import text
from derivations.evidence import axioms, ledger, replayed, upheld

FIRST = "gibbs_inequality.pointwise"
CITING = ("binary_cross_entropy_from_maximum_likelihood.minimum_closed", "gibbs_inequality.gibbs", "gibbs_inequality.zero")


def evidence(label: str) -> tuple[str, str]:
    name, _, statement = label.partition(".")
    judged = replayed(CATALOGUE, CATALOGUE.judge(name))
    return next((t.evidence, t.reason) for t in judged.theorems if t.name == statement)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


# ---- recomputed, and the weakest of what is used


def test_evidence_is_the_weakest_of_what_is_cited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {evidence(label)[0] for label in (FIRST, *CITING)} == {"replayed"}
    assert axioms(CATALOGUE, CITING[0]).evidence == "replayed"
    monkeypatch.delitem(replay.RULES, "zero times logarithm")
    kind, why = evidence(FIRST)
    assert kind == "derived" and "the second program refuses" in why and "zero times logarithm" in why
    for label in CITING:  # they are right, but rest on something that is only derived
        kind, why = evidence(label)
        assert kind == "derived" and "cited" in why, label
    assert evidence("gibbs_inequality.tangent")[0] == "replayed"
    assert axioms(CATALOGUE, CITING[0]).evidence == axioms(CATALOGUE, "gibbs_inequality").evidence == "derived"
    judged = [replayed(CATALOGUE, CATALOGUE.judge(name)) for name in CATALOGUE]
    assert ledger(judged).startswith(f"{len(judged)} results: {len(judged) - 2} replayed, 2 derived; ")


def test_what_is_recorded_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    judged = CATALOGUE.judge("gibbs_inequality")
    raised = replace(judged, theorems=tuple(replace(t, evidence="replayed") for t in judged.theorems))
    monkeypatch.delitem(replay.RULES, "zero times logarithm")
    assert {t.name for t in replayed(CATALOGUE, raised).theorems if t.evidence == "replayed"} == {
        t.name for t in replayed(CATALOGUE, judged).theorems if t.evidence == "replayed"
    }


def test_a_cache_entry_with_a_new_seal_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, name = tmp_path / "out", "kl_is_cross_entropy_minus_entropy"

    def changed() -> bool:
        code, table, _ = run(capsys, "build", name, "-o", str(out), "--json")
        assert code == 0
        [row] = json.loads(table)
        assert row["evidence"] == "replayed"
        return bool(row["changed"])

    def sealed(change: Any) -> None:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        row = manifest["results"][name]
        change(row)
        row["seal"] = build._seal(row)
        (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    def other_certificate(row: Any) -> None:
        path = out / "certificates" / f"{name}.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        data["theorems"][-1]["proof"] = data["theorems"][0]["proof"]
        path.write_text(text(data), encoding="utf-8")
        row["files"][f"certificates/{name}.json"] = build._sha(path.read_bytes())

    def no_certificate(row: Any) -> None:
        path = out / "certificates" / f"{name}.json"
        path.write_text(text({"schema": replay.SCHEMAS[0], "result": name, "theorems": []}), encoding="utf-8")
        row["files"][f"certificates/{name}.json"] = build._sha(path.read_bytes())

    assert changed() and not changed()
    sealed(lambda row: None)
    assert not changed()
    for change in (other_certificate, no_certificate, lambda row: row["row"].update(evidence="derived")):
        sealed(change)
        assert changed() and not changed(), change


def test_a_folder_of_certificates_upholds_what_it_proves(tmp_path: Path) -> None:
    for name in CATALOGUE:
        made = build.result_certificate(CATALOGUE, CATALOGUE.judge(name))
        (tmp_path / f"{name}.json").write_text(text(made), encoding="utf-8")
    assert upheld(tmp_path, [FIRST, *CITING]) and not upheld(tmp_path, [FIRST, "gibbs_inequality.nothing"])
    (tmp_path / "more.json").write_text("{}", encoding="utf-8")
    assert not upheld(tmp_path, [FIRST])


# ---- shown


def test_list_shows_evidence_conditions_axioms_and_a_ledger(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_catalogue", lambda *_, **__: (CATALOGUE, list(CATALOGUE)))  # judged once
    code, out, _ = run(capsys, "list")
    assert code == 0 and out.splitlines()[-1].startswith(f"{len(list(CATALOGUE))} results: ")
    assert out.split()[:8] == ["Subject", "Result", "Verdict", "Evidence", "Statements", "Conditional", "Axioms", "Uses"]
    name = FIRST.partition(".")[0]
    row = next(line for line in out.splitlines() if name in line).split()
    result = next(r for r in json.loads(run(capsys, "list", "--json")[1]) if r["name"] == name)
    statements = result["statements"]
    conditional = [t for t in statements if t["conditions"]]
    rules = {rule for t in statements for rule in t["axioms"]}
    assert row[3:5] == ["proved", "replayed"] and row[5:7] == [str(len(statements)), str(len(conditional))]
    assert row[7] == str(len(rules & RULES.keys()))
    code, out, _ = run(capsys, "list", "--statements")
    line = next(line for line in out.splitlines() if line.startswith(FIRST))
    assert line.startswith(f"{FIRST}: replayed; given w > 0") and "zero times logarithm" in line
    code, out, _ = run(capsys, "list", "--json")
    statement = next(t for r in json.loads(out) for t in r["statements"] if f"{r['name']}.{t['name']}" == FIRST)
    assert statement["evidence"] == "replayed" and statement["conditions"] and "zero times logarithm" in statement["axioms"]
    assert set(statement["axioms"]) <= RULES.keys() | PRINCIPLES.keys()


def test_axioms_follow_citations(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "axioms", "gibbs_inequality.zero", "--json")
    found = json.loads(out)
    assert code == 0 and found["evidence"] == "replayed"
    assert found["cites"] == [f"gibbs_inequality.{t}" for t in ("bregman", "gibbs", "pointwise", "tangent")]
    assert "derivative of the logarithm" in found["rules"] and "slope" in found["principles"]  # of the tangent
    assert set(found["rules"]) <= RULES.keys() and set(found["principles"]) <= PRINCIPLES.keys()
    code, out, _ = run(capsys, "axioms", "gibbs_inequality.zero")
    assert code == 0 and all(name in out for name in (*found["rules"], *found["principles"], *found["cites"]))
    whole = axioms(CATALOGUE, "gibbs_inequality")
    assert set(found["rules"]) < set(whole.rules) and whole.cites == ()
    abroad = axioms(CATALOGUE, "binary_cross_entropy_from_maximum_likelihood")
    assert abroad.cites == ("gibbs_inequality.pointwise", "gibbs_inequality.tangent")


@pytest.mark.parametrize(
    ("name", "near"),
    [("gibbs", "gibbs_inequality"), ("gibbs_inequality.zer", "gibbs_inequality.zero"), ("", ""), ("x.y.z", "")],
)
def test_an_unknown_name_is_told_with_what_was_meant(name: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "axioms", name)
    assert code == 2 and not out and near in err and "lossproof list" in err


def test_the_ledger_stands_on_the_site(tmp_path: Path) -> None:
    judged = [replayed(CATALOGUE, CATALOGUE.judge(name)) for name in CATALOGUE]
    write_pages(tmp_path, judged)
    assert ledger(judged) in (tmp_path / "index.md").read_text(encoding="utf-8")
    assert ledger(judged).startswith(f"{len(judged)} results: {len(judged)} replayed, 0 derived; ")


def test_the_page_of_the_trusted_base_is_made_from_the_tables() -> None:
    page = (Path(__file__).parents[1] / "docs" / "trusted-base.md").read_text(encoding="utf-8")
    made = {make.__name__.replace("_", "-") for make in TABLES} - {"domains-table", "authoring-table"}
    assert all(f"```{{{name}}}\n```" in page for name in made)
    typed = [name for name in (*RULES, *(p for p in PRINCIPLES if "_" in p)) if name in page]
    assert not typed, f"the page names {typed} by hand"


# ---- vacuity and load


def test_a_hypothesis_which_no_proof_uses_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the recorded proof alone: the search, which might find another one, finds nothing here."""
    monkeypatch.setattr(load, "provable", lambda *_: False)
    seen = 0
    for case in cases():
        sizes = [name for name, domain in case.claim.scope.domains if domain.name == "Size"]
        for k in range(len(case.claim.scope.hypotheses) + 1) if sizes else ():
            idle = Term("lt", num(0), var(sizes[0]))
            hypotheses = (*case.claim.scope.hypotheses[:k], idle, *case.claim.scope.hypotheses[k:])
            wide = Claim(Scope(case.claim.scope.domains, hypotheses), case.claim.goal)
            if load.still(wide, (proof := moved(case.proof, k)), case.library):
                assert load.idle_hypotheses(wide, case.library, proof) == (idle,), case.label
                seen += 1
    assert seen > 30


def moved(part: Any, k: int) -> Any:
    """A proof for one hypothesis more, put in as number ``k``."""
    if type(part) is Proof and part.kind == "hypothesis":
        return Proof("hypothesis", (part.args[0] + (part.args[0] >= k),))
    if type(part) is Proof:
        return Proof(part.kind, moved(part.args, k))
    return tuple(moved(each, k) for each in part) if type(part) is tuple else part


@pytest.mark.parametrize(
    "given", [(Term("lt", var("x"), num(0)),), (Term("lt", num(1), var("q")), Term("lt", var("q"), var("x")))]
)
def test_a_statement_about_nothing_is_not_accepted(given: tuple[Term, ...]) -> None:
    """The rules prove it, the certificate is in order; no point of any size meets its hypotheses."""
    from sympy import Eq, evaluate, symbols

    from derivations._judge.judge import Library, judge_theorem
    from derivations.authoring import Theorem

    x, q = symbols("x q")
    scope = Scope((("x", Domain("Positive")), ("q", Domain("Probability"))), given)
    assert load.provable(Claim(scope, Term("eq", var("x"), var("x"))), {})
    report = witness(scope, Term("eq", var("x"), var("x")), sizes=range(1, 7))
    assert report.points == 0 and not report.ok
    with evaluate(False):
        conditions = (x < 0,) if len(given) == 1 else (q > 1, q < x)
        written = Theorem("t", "Nothing", "x: Positive; q: Probability", Eq(x, x + 0), given=conditions)
        judged = judge_theorem(written, "mine.t", Library())
    assert judged.verdict == "undecided" and judged.checked is None and judged.evidence == "" and "no point" in judged.reason
