"""One claim, a line of JSON, a command: what is said, how it exits, and that nothing else happens."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sympy as sp
from tools import HANGS, compiled, overflow

from derivations import cli, replay
from derivations._verify import commands, decide
from derivations._verify.eyes import Survey
from derivations._verify.page import render
from derivations._verify.pool import Pool, Worker
from derivations._verify.raw_eyes import RawEyes
from derivations.authoring import D, H, scalars, vectors
from derivations.verify import Verdict, verify

ROOT = Path(__file__).parents[1]
KEYS = ["id", "verdict", "read_as", "evidence", "conditions", "counterexample", "reason", "seconds"]
BOUND = (r"-\sum_{i=1}^{n} p_i \log p_i \le \log n", "p: Simplex[n]")
OPEN = (r"x^6 + y^6 - x y + 1 > 0", "x, y: Real")  #: true, and soon given up
known = cache(verify)  #: the verdict on a claim that several tests ask for


class Lasting(Pool):
    """A pool for one command after the other, whose process stays."""

    worker = Worker()

    def __init__(self, workers: int = 1) -> None:
        self.workers = [self.worker]

    def close(self) -> None:
        """Nothing ends here."""


@pytest.fixture(scope="module", autouse=True)
def one_process() -> Iterator[None]:
    """Commands of this process share the process that judges, which takes longer to start than a claim to judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("derivations._verify.pool.Pool", Lasting)
        yield
    Lasting.worker.close()


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command; a busy machine is given its time."""
    code = cli.main(arguments if "--timeout" in arguments else (*arguments, "--timeout", str(HANGS)))
    return (code, *capsys.readouterr())


# ---- verdicts


def test_a_true_claim_is_proved_and_replayed() -> None:
    verdict = known(*BOUND)
    assert (verdict.verdict, verdict.evidence, verdict.conditions, verdict.counterexample) == ("proved", "replayed", (), None)
    assert "Simplex[n]" in verdict.read_as and "log" in verdict.read_as.replace("ln", "log")


def test_a_false_claim_is_refuted_at_an_exact_point_of_the_smallest_size() -> None:
    verdict = verify(r"-\sum_{i=1}^{n} p_i \log p_i \le \log 2", "p: Simplex[n]")
    at = verdict.counterexample
    assert verdict.verdict == "refuted" and at is not None and at.sizes == {"n": 3}
    p = [sp.Rational(x) for x in at.values["p"]]
    assert sum(p) == 1 and sum(-x * sp.log(x) for x in p).evalf() > sp.log(2).evalf()
    assert abs(float(at.lhs) - float(sum(-x * sp.log(x) for x in p))) < 1e-12 and at.established


def test_a_tie_refutes_a_strict_claim() -> None:
    verdict = verify(r"D(p \| q) > 0", "p, q: OpenSimplex[n]")
    assert verdict.verdict == "refuted" and verdict.counterexample is not None
    assert verdict.counterexample.values["p"] == verdict.counterexample.values["q"]


@pytest.mark.parametrize(
    ("latex", "where", "condition"),
    [
        (r"\frac{a}{b} \cdot b = a", "a, b: Real", "b ≠ 0"),
        (r"\log x = -\log \frac{1}{x}", "x: Real", "x > 0"),
        (r"\frac{x^2}{x} = x", "x: Real", "x ≠ 0"),
        (r"\log (x^2) = 2 \log x", "x: Real", "x > 0"),
    ],
)
def test_what_a_formula_leaves_implicit_is_displayed(latex: str, where: str, condition: str) -> None:
    verdict = verify(latex, where)
    assert verdict.verdict == "proved" and verdict.conditions == (condition,)


def test_a_condition_that_always_holds_is_proved_and_not_displayed() -> None:
    verdict = verify(r"\log(y u + (1 - y)(1 - u)) = y \log u + (1 - y) \log(1 - u)", "y: Bit; u: Probability")
    assert (verdict.verdict, verdict.conditions) == ("proved", ())
    assert verdict.certificate is not None and verdict.certificate["theorems"][-1]["claim"]["hypotheses"] == []


def test_a_condition_is_no_way_to_make_a_false_claim_true() -> None:
    for latex, where in ((r"\sqrt{x^2} = x", "x: Real"), (r"\frac{x}{x} = 1 + x", "x: Real")):
        assert verify(latex, where).verdict != "proved", latex


def test_a_formula_without_a_value_is_not_proved() -> None:
    for latex in (r"\frac{1}{0} = \frac{1}{0}", r"\log 0 = \log 0", r"\log(-1) = \log(-1)"):
        verdict = verify(latex, "")
        assert verdict.verdict in ("undecided", "error") and verdict.reason, latex


def test_what_is_not_decided_says_why_and_shows_how_far_it_came() -> None:
    verdict = known(*OPEN)
    assert verdict.verdict == "undecided" and verdict.reason and verdict.trace is not None
    assert any(not line["accepted"] for line in verdict.trace["lines"])


@pytest.mark.parametrize(
    ("latex", "where", "place"),
    [(r"\log x = \foo", "x: Real", r"\foo"), ("x = y", "x: Real", "y"), ("x = x", "x: Reel", "Reel"), ("x + 1", "x: Real", "")],
)
def test_what_cannot_be_read_is_an_error_with_its_place(latex: str, where: str, place: str) -> None:
    verdict = verify(latex, where)
    assert verdict.verdict == "error" and place in verdict.reason and "^" in verdict.reason and not verdict.read_as
    assert verdict.counterexample is None


def test_strict_refuses_what_only_a_convention_decides() -> None:
    latex, where = r"\log s^2 = 2 \log s", "s: Positive"
    loose, tight = verify(latex, where), verify(latex, where, strict=True)
    assert loose.verdict == "proved" and loose.conventions
    assert tight.verdict == "error" and "convention" in tight.reason


def test_a_sympy_relation_is_judged_too() -> None:
    p, q = vectors("p q")
    x = scalars("x")[0]
    with sp.evaluate(False):
        assert verify(sp.Ge(D(p, q), 0), "p: Simplex[n]; q: OpenSimplex[n]").verdict == "proved"
        assert verify(sp.Eq(H(p), 0), "p: Simplex[n]").verdict == "refuted"
        assert verify(sp.Eq(sp.log(x), -sp.log(1 / x)), "x: Real").conditions == ("x > 0",)
        assert verify(sp.Eq(sp.gamma(x), x), "x: Real").verdict == "error"
    assert verify(True, "x: Real").verdict == "error"
    given = verify(sp.Eq(x, 1), "x: Real", given=(sp.Eq(x, 1),))
    assert given.verdict in ("proved", "undecided") and "given" in given.read_as


def test_a_verdict_shows_itself_and_is_not_a_truth_value() -> None:
    bundle = known(*BOUND)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "text/latex", "text/markdown"}
    assert "<math" in bundle["text/html"] and "proved" in bundle["text/plain"] and "Read as" in bundle["text/markdown"]
    assert set(verify("x = 2", "x: Real")._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    with pytest.raises(TypeError):
        bool(verify("x = x", "x: Real"))


def test_a_lemma_proved_on_the_way_is_shown_and_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    latex, where = r"D(p \| q) \ge \frac12\left(\sum_{i=1}^n |p_i - q_i|\right)^2", "p, q: OpenSimplex[n]"
    code, out, _ = run("verify", latex, "--where", where, "--show", "-o", str(tmp_path), capsys=capsys)
    assert code == 0 and "proved, replayed" in out and "lemma_1, for x0: Positive" in out
    certificate = json.loads((tmp_path / "certificate.json").read_text(encoding="utf-8"))
    assert [t["label"] for t in certificate["theorems"]] == ["claim.lemma_1", "claim.claim"]
    assert all(t["lines"] for t in certificate["theorems"]) and list(certificate["theorems"][1]["cites"]) == ["claim.lemma_1"]
    assert replay.main([str(tmp_path / "certificate.json")]) == 0
    del certificate["theorems"][0]
    (tmp_path / "certificate.json").write_text(json.dumps(certificate), encoding="utf-8")
    assert replay.main([str(tmp_path / "certificate.json")]) == 1


def test_the_second_program_does_not_go_round_in_circles() -> None:
    """What is known of the largest entry is known of every entry: the sign of one leads to that of the other, and back."""
    assert verify(r"\max_k x_k \ge \frac1K\sum_k x_k", "x: Real[K]").evidence == "replayed"


def test_a_verdict_travels_as_plain_data() -> None:
    verdict = verify(*BOUND)
    there = Verdict.from_data(json.loads(json.dumps(verdict.as_data())))
    assert json.dumps(there.as_data()) == json.dumps(verdict.as_data()) and there.checked is None
    with pytest.raises(TypeError):
        pickle.dumps(verdict.checked)
    copied = pickle.loads(pickle.dumps(verdict))
    assert copied == verdict and copied.checked is None and verdict.checked is not None


def test_what_sympy_has_decided_is_told() -> None:
    x = sp.Symbol("x", real=True)
    for decided in (True, sp.Eq(x, x), sp.Eq(x, x + 1)):
        verdict = verify(decided, "x: Real")
        assert verdict.verdict == "error" and "evaluate(False)" in verdict.reason
    with pytest.raises(TypeError, match="seconds"):
        verify("x = x", "x: Real", timeout=-1)


@pytest.mark.parametrize(
    "latex",
    [r"\begin{align} x^2 - 1 &= (x - 1)(x + 1) \\ &\le x^2 \end{align}", r"$$ x^2 < x^2 + 1 \label{a} $$",
     r"\[ x^2 \ge 0 \tag{3} \]"],
)  # fmt: skip
def test_what_lines_up_a_formula_or_stands_around_it_is_set_on_a_page(latex: str) -> None:
    from derivations.sphinx_ext import claim_html, claim_latex

    verdict = verify(latex, "x: Real")
    assert verdict.verdict == "proved"
    for page in (claim_html(verdict, "a"), render(verdict, "html"), render(verdict, "html", fragment=True)):
        assert "<math" in page and r"\begin" not in page and r"\label" not in page and "$" not in page
    for page in (claim_latex(verdict), render(verdict, "latex").split("document}")[1], render(verdict, "latex", fragment=True)):
        assert "align}" not in page and "label{" not in page and "$$" not in page and "tag{" not in page


def test_a_claim_on_a_page_never_stands_without_its_conditions() -> None:
    from derivations.sphinx_ext import claim_html, claim_latex

    verdict = verify(r"\frac{x^2}{x} = x", "x: Real")
    assert verdict.conditions == ("x ≠ 0",)
    badge = claim_html(verdict, "a").split("<details>")[0]
    assert "provided x ≠ 0" in badge and "provided x" in claim_latex(verdict)
    for form in ("html", "latex", "markdown"):
        assert "rovided" in render(verdict, form) and "rovided" in render(verdict, form, fragment=True)


def test_what_was_meant_is_shown_with_its_conditions_and_says_something() -> None:
    for latex, where in ((r"D(p \| q) = D(q \| p)", "p, q: OpenSimplex[n]"), ("x = 1", "x: Real")):
        example = verify(latex, where).counterexample
        assert example is not None and "D(p ‖ q) = D(p ‖ q)" not in example.did_you_mean and "x·1" not in example.did_you_mean
    example = verify(r"D(p \| q) \le 0", "p, q: Simplex[n]").counterexample
    assert example is not None and "provided" in example.did_you_mean


def test_each_part_of_a_chain_is_derived_line_by_line() -> None:
    trace = verify(r"1 - 1/x \le \ln x \le x - 1", "x: Positive").trace
    assert trace is not None and len(trace["lines"]) > 10
    lines = verify(r"H(p) \le \log n", "p: Simplex[n]").trace
    terms = [json.dumps(line["term"][:3]) for line in (lines or {})["lines"] if line["relation"] == "statement"]
    assert len(terms) == len(set(terms))


def test_variables_that_stand_nowhere_do_not_tire_the_witness() -> None:
    assert verify(r"\int_0^1 -\log t \, dt = 1", "x, y: Real; p: Simplex[n]").verdict == "proved"


def test_hypotheses_are_for_sympy_and_domains_are_text() -> None:
    with pytest.raises(TypeError):
        verify("x = x", "x: Real", given=(1,))
    with pytest.raises(TypeError):
        verify("x = x", {"x": "Real"})  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a destructor may swallow the first alarm
def test_time_is_a_backstop_and_says_so() -> None:
    verdict = verify(r"\int_0^\infty e^{-x^4} \log(1 + x^2) \, dx = \frac{x}{7}".replace("{x}{7}", "{1}{7}"), "", timeout=0.05)
    assert verdict.verdict in ("undecided", "refuted")
    if verdict.verdict == "undecided":
        assert "--timeout" in verdict.reason


def test_a_contradiction_between_rules_and_witness_stops_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(RawEyes, "survey", lambda *_: Survey(False, "planted", "at n = 1: 1 against 2"))
    verdict = verify(*BOUND)
    assert verdict.verdict == "undecided" and verdict.code == 4 and "against" in verdict.contradiction
    options = cli.parser().parse_args(["verify", BOUND[0], "--where", BOUND[1]])
    assert commands._told(options, verdict) == 4
    err = capsys.readouterr().err
    assert "CONTRADICTS ITSELF" in err and BOUND[0] in err and "1 against 2" in err


def test_a_proof_which_the_witness_cannot_confirm_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RawEyes, "survey", lambda *_: Survey(False, "planted"))
    assert verify(*BOUND).verdict == "undecided"


def test_a_proof_which_the_second_program_refuses_is_derived_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay.Replay, "derive", lambda *_: replay.refuse("planted"))
    verdict = verify(*BOUND)
    assert (verdict.verdict, verdict.evidence) == ("proved", "derived") and "refuses" in verdict.reason


def test_a_fault_of_ours_is_told_and_loses_one_claim_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise UnboundLocalError("planted")

    monkeypatch.setattr(decide, "prove", broken)
    verdict = verify(*BOUND)
    assert verdict.verdict == "undecided" and "a fault of lossproof" in verdict.reason and "planted" in verdict.reason


def test_the_smallest_change_that_makes_it_true_is_offered() -> None:
    verdict = verify(r"H(p, q) = H(p) - D(p \| q)", "p, q: OpenSimplex[n]")
    assert verdict.counterexample is not None and "H(p) + D(p ‖ q)" in verdict.counterexample.did_you_mean


# ---- the command


def test_the_command_shows_the_derivation_and_writes_what_replay_accepts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run("verify", BOUND[0], "--where", BOUND[1], "--show", "-o", str(tmp_path / "out"), capsys=capsys)
    assert code == 0 and out.startswith("read as") and "(1)" in out
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"claim.html", "claim.tex", "claim.md", "certificate.json"}
    assert replay.main([str(tmp_path / "out" / "certificate.json")]) == 0
    assert run("verify", "x = 1", "--where", "x: Real", "-o", str(tmp_path / "out"), capsys=capsys)[0] == 1
    assert not (tmp_path / "out" / "certificate.json").exists()  # it was the other claim's
    run("verify", BOUND[0], "--where", BOUND[1], "-o", str(tmp_path / "out"), capsys=capsys)
    html = (tmp_path / "out" / "claim.html").read_text(encoding="utf-8")
    assert "<math" in html and "Proved" in html and 'class="lines"' in html


def test_files_of_others_are_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "claim.md").write_text("mine")
    code, out, err = run("verify", "x = x", "--where", "x: Real", "-o", str(tmp_path), capsys=capsys)
    assert code == 2 and not out and "claim.md" in err and (tmp_path / "claim.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("latex", "where", "code"),
    [("x = x", "x: Real", 0), ("x = x + 1", "x: Real", 1), ("x =", "x: Real", 2), ("-x = 0 - x", "x: Real", 0),
     (*OPEN, 3)],
)  # fmt: skip
def test_exit_codes(latex: str, where: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    got, out, err = run("verify", latex, "--where", where, "--json", capsys=capsys)
    assert got == code and json.loads(out)["verdict"] in ("proved", "refuted", "error", "undecided") and not err


@pytest.mark.parametrize(
    "arguments",
    [(), ("no-such.md",), ("a", "b"), ("x = x", "y = y", "--where", "x: Real"), ("--jsonl", "none.jsonl"),
     ("pyproject.toml",),
     ("x = x", "--timeout", "0"), ("x = x", "--jsonl", "-")],
)  # fmt: skip
def test_wrong_use_says_what_to_do(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run("verify", *arguments, capsys=capsys)
    assert code == 2 and not out and err.startswith("lossproof verify: ")


def test_derive_shows_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("derive", r"-\log \sigma(x)", r"\log(1 + e^{-x})", "--where", "x: Real", capsys=capsys)
    assert code == 0 and "(1)" in out and "definition" in out
    assert run("derive", "x", "x + 1", "--where", "x: Real", capsys=capsys)[0] == 1
    code, _, err = run("derive", "x = 1", "x", "--where", "x: Real", capsys=capsys)
    assert code == 2 and "first" in err


def test_files_are_reported_with_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# T\n\n```{claim}\n:id: good\n:where: x: Real\n\nx = x\n```\n\n````\n```{claim}\nno\n```\n````\n\n"
        "```{claim}\n:where: x: Real\n\nx = 2\n```\n\n```{claim}\nunclosed\n",
        encoding="utf-8",
    )
    code, out, _ = run("verify", str(page), capsys=capsys)
    assert code == 1
    assert f"{page}:3: good" in out and f"{page}:16: line-16" in out and f"{page}:22: line-22" in out and "not closed" in out
    assert out.rstrip().endswith("3 claims in 1 file: 1 proved, 1 refuted, 1 error")
    code, out, _ = run("verify", str(tmp_path), "--json", capsys=capsys)
    data = json.loads(out)
    assert [(c["line"], c["verdict"]) for c in data["claims"]] == [(3, "proved"), (16, "refuted"), (22, "error")]


def test_an_id_that_is_used_twice_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claim = "```{claim}\n:id: a\n\n1 = 1\n```\n\n"
    (tmp_path / "page.md").write_text(claim * 2, encoding="utf-8")
    code, out, _ = run("verify", str(tmp_path / "page.md"), capsys=capsys)
    assert code == 2 and "used twice" in out


def test_a_python_file_is_never_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_text(
        'r"""D.\n\n.. claim::\n   :where: x: Real\n\n   x = x\n"""\nopen("ran", "w")\n', encoding="utf-8"
    )
    assert run("verify", str(tmp_path / "a.py"), capsys=capsys)[0] == 0
    assert not (tmp_path / "ran").exists() and not Path("ran").exists()


# ---- lines of JSON


def jsonl(text: bytes, *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    command = [sys.executable, "-m", "derivations", "verify", "--jsonl", "-", "--timeout", str(HANGS), *arguments]
    run = subprocess.run(command, input=text, capture_output=True, timeout=HANGS, check=False, cwd=ROOT)
    return run.returncode, [json.loads(line) for line in run.stdout.decode().splitlines()], run.stderr.decode()


def test_lines_are_answered_in_order_and_one_bad_line_stops_nothing() -> None:
    asked = [
        {"id": f"k{k}", "where": "p: Simplex[n]", "latex": r"\sum_{i=1}^{n} p_i = " + ("1" if k % 2 else "2")}
        for k in range(12)
    ]
    rows = [json.dumps(a).encode() for a in asked]
    rows[3:3] = [
        b"{",
        b'{"id": "no-latex"}',
        b"",
        b'{"id": 7, "latex": "1 = 1"}',
        b"[1]",
        b'{"latex": "' + b"x" * 200_000 + b'"}',
    ]
    rows += [b'{"id": NaN, "latex": "1 = 1"}', b'{"latex": "1 = 2", "latex": "1 = 1"}']
    code, answers, err = jsonl(b"\n".join(rows))
    assert code == 1 and not err
    assert "NaN" in answers[-2]["reason"] and "twice" in answers[-1]["reason"]
    assert {a["verdict"] for a in answers[-2:]} == {"error"}
    answers = answers[:-2]
    assert [a["id"] for a in answers] == ["k0", "k1", "k2", "4", "no-latex", "7", "8", "9", *(f"k{k}" for k in range(3, 12))]
    assert [a["verdict"] for a in answers][3:8] == ["error", "error", "proved", "error", "error"]
    assert all(list(a) == KEYS for a in answers)
    assert {str(a["id"]): a["verdict"] for a in answers}["k4"] == "refuted"
    assert {str(a["id"]): a["verdict"] for a in answers}["k5"] == "proved"


def test_each_answer_comes_as_soon_as_it_is_there() -> None:
    command = [sys.executable, "-m", "derivations", "verify", "--jsonl", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None and process.stdout is not None
        for k in range(2):  # the second question is asked only after the first was answered
            process.stdin.write(json.dumps({"id": f"{k}", "latex": "1 = 1"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == f"{k}"
        process.stdin.close()
        assert process.wait(HANGS) == 0


def test_a_claim_without_an_end_is_stopped_and_the_next_goes_on() -> None:
    hard = {"id": "hard", "where": "p: Simplex[300000]", "latex": r"\sum_{i=1}^{300000} p_i^3 \le 1"}
    _, answers, _ = jsonl(
        b"\n".join(json.dumps(a).encode() for a in (hard, {"id": "easy", "latex": "1 = 1"})), "--timeout", "0.5"
    )
    assert [a["id"] for a in answers] == ["hard", "easy"] and answers[0]["verdict"] in ("undecided", "proved")
    assert answers[1]["verdict"] == "proved" or "--timeout" in str(answers[1]["reason"])  # on a busy machine


def test_a_worker_that_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(1) as pool:
        asked = {"id": "a", "latex": "1 = 1", "where": ""}
        assert pool.ask(asked, HANGS).verdict == "proved"
        process = pool.workers[0]._process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        hung = pool.ask(asked, 0.2)
        assert hung.verdict == "undecided" and "--timeout" in hung.reason
        assert process.wait(HANGS) != 0
        assert pool.ask(asked, HANGS).verdict == "proved"
    assert all(worker._process is None for worker in pool.workers)


def test_a_worker_of_a_large_process_stays() -> None:
    """What the process that starts a worker has in memory is not the worker's."""
    code = (
        "from derivations._verify.pool import Pool\n"
        "large = bytes(range(256)) * (400 << 12)\n"
        "with Pool(1) as pool:\n"
        "    for _ in range(2):\n"
        "        pool.ask({'id': 'a', 'latex': '1 = 1', 'where': ''}, 1800)\n"
        "        print(pool.workers[0]._process.pid)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=HANGS, check=True, cwd=ROOT)
    first, second = run.stdout.split()
    assert first == second


def test_interrupting_leaves_nothing_behind() -> None:
    command = [sys.executable, "-m", "derivations", "verify", "--jsonl", "-"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests run in the background may ignore it
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdin.write(b'{"latex": "1 = 1"}\n')
    process.stdin.flush()
    process.stdout.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [int(p) for p in children.read_text().split()] if children.exists() else []
    process.send_signal(signal.SIGINT)
    process.wait(HANGS)
    assert b"Traceback" not in process.stderr.read() and process.returncode == 2
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    until = time.monotonic() + HANGS
    while time.monotonic() < until and any(Path(f"/proc/{w}").exists() for w in workers):
        time.sleep(0.05)
    assert not [w for w in workers if Path(f"/proc/{w}").exists()]


def test_memory_is_bounded(tmp_path: Path) -> None:
    code = "from derivations._verify.limits import limit_memory; limit_memory(); x = bytearray(600 * 2**20)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 1 and "MemoryError" in run.stderr


# ---- what is imported when


def test_the_command_starts_without_what_judges() -> None:
    loads = "print([m for m in ('sympy', 'flint', 'numpy', 'rich', 'markdown_it') if m in sys.modules])"
    code = f"import sys, derivations.cli as c; c.parser(); {loads}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"
    code = f"import sys, derivations.pytest_plugin; {loads}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


def test_the_python_on_the_page_runs() -> None:
    text = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, re.S):
        run = subprocess.run(
            [sys.executable, "-W", "error", "-c", block], capture_output=True, text=True, timeout=HANGS, check=False
        )
        assert run.returncode == 0, run.stderr


def test_what_the_readme_shows_is_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ lossproof verify '(.*)' --where '(.*)'\n((?:[^$`].*\n)+)", text, re.M)
    assert len(shown) == 2
    for formula, where, expected in shown:
        out = run("verify", formula, "--where", where, capsys=capsys)[1]
        assert [line for line in expected.splitlines() if line != "…" and line not in out.splitlines()] == []


PAGES = (
    BOUND, (r"D(p \| q) = 2 D(q \| p)", "p, q: OpenSimplex[n]"), (r"\frac{a}{b} \cdot b = a", "a, b: Real"),
    OPEN, (r"x = \foo", "x: Real"),
    (r"\frac{\partial}{\partial z_k}\left(\log \sum_{j=1}^{K} e^{z_j}\right) = \operatorname{softmax}(z)_k", "z: Real[K]"),
)  # fmt: skip


@pytest.mark.tex
@pytest.mark.xdist_group("pages")
@pytest.mark.parametrize(("latex", "where"), PAGES)
def test_the_page_of_a_verdict_compiles(latex: str, where: str, tmp_path: Path) -> None:
    log = compiled(render(known(latex, where), "latex"), tmp_path)
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert "Missing character" not in log and max(wide, default=0) < 20, wide


@pytest.mark.browser
@pytest.mark.xdist_group("pages")
@pytest.mark.parametrize(("latex", "where"), PAGES)
def test_the_page_of_a_verdict_fits_a_telephone(latex: str, where: str, tmp_path: Path) -> None:
    assert overflow(render(known(latex, where), "html"), 390, tmp_path) <= 0


def test_the_commands_on_the_page_say_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    (formula, where) = re.findall(r"^lossproof verify '(.*)' --where '(.*)'$", text, re.M)[0]
    assert run("verify", formula, "--where", where, capsys=capsys)[0] == 0


def test_a_process_that_has_grown_ends_after_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.path.append(sys.argv[1]); from derivations._verify import worker; worker.ENOUGH = 0; worker.serve()"

    def begun(self: Worker) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(Worker, "_begun", begun)
    with Pool(1) as pool:
        for _ in range(2):
            assert pool.ask({"id": "a", "latex": "1 = 1", "where": ""}, HANGS).verdict == "proved"
            assert pool.workers[0]._process is None


def test_sizes_that_no_witness_can_try_end_at_once() -> None:
    verdict = verify(r"\sum_{i=1}^{1000000} p_i = 1", "p: Simplex[1000000]")
    assert verdict.verdict in ("undecided", "error") and verdict.reason
