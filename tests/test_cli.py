"""The command line: exit codes, what goes to stdout and stderr, builds that change only what changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from judged import Again

from derivations import cli
from derivations.catalogue import entries

NAMES = sorted(e.name for e in entries())
pytestmark = pytest.mark.xdist_group("catalogue")


@pytest.fixture(autouse=True)
def judged_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The results of the catalogue are judged once for all commands; CI runs the commands themselves."""
    monkeypatch.setattr("derivations.catalogue.Catalogue", Again)


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    try:
        code = cli.main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


RESULT = """
from sympy import Eq, Ge, log
from derivations.authoring import *

def derivation():
    n, i, t, x = scalars("n i t x")
    p, u = vectors("p u")
    kl = total(p[i] * log(p[i] / u[i]), (i, n))
    return Result("A result", "What it says.", "nowhere", theorems=(
        Theorem("main", "The statement", "p: Simplex[n]; u: OpenSimplex[n]", {claim}, proof={proof}),
    ))
"""
TRUE = RESULT.format(claim="Eq(D(p, u), kl)", proof='chain(D(p, u), eq(kl, "by definition"))')
REFUSED = RESULT.format(claim="Eq(D(p, u), kl)", proof='chain(D(p, u), eq(2 * kl, "by mistake"), eq(kl, "by luck"))')
FALSE = RESULT.format(claim="Eq(D(p, u), 2 * kl)", proof="None")
UNDECIDED = RESULT.format(claim="Ge(CE(p, u) + D(p, u), H(p) + D(p, u)**3 / (1 + D(p, u)**2))", proof="None")


def write(folder: Path, text: str, name: str = "my_result") -> str:
    """A result file in a folder."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "code", "verdict"),
    [(TRUE, 0, "proved"), (REFUSED, 1, "refused"), (FALSE, 1, "refuted"), (UNDECIDED, 3, "undecided")],
)
def test_a_file_of_ones_own_is_judged(
    text: str, code: int, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got, out, _ = run("check", write(tmp_path, text), "--json", capsys=capsys)
    (result,) = json.loads(out)
    assert got == code and result["verdict"] == verdict == result["statements"][0]["verdict"]


def test_a_refused_line_is_shown_with_what_is_left_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, REFUSED)
    code, out, _ = run("check", path, capsys=capsys)
    assert code == 1 and "✗ = 2" in out and "left over" in out
    code, out, _ = run("show", path, capsys=capsys)
    assert code == 1 and "✗" in out and "by mistake" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("def derivation(:", "SyntaxError"),
        ("x = 1", "derivation()"),
        ("def derivation():\n    return 3", "not a Result"),
        ("def derivation():\n    raise KeyError('oops')", "oops"),
        (RESULT.format(claim="Eq(log(p), 1)", proof="None"), "main"),
        (TRUE.replace("p: Simplex[n]; u", "p: Complex[n]; u"), "Complex"),
        (TRUE.replace("p: Simplex[n]; u: OpenSimplex[n]", "p: Simplex[n]"), "'u' is not declared"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_and_no_traceback(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["check"], ["build", "-o", str(tmp_path / "out")], ["show"]):
        code, _, err = run(command[0], write(tmp_path, text), *command[1:], capsys=capsys)
        assert code == 2 and said in err and "Traceback" not in err


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run("check", "gibs_inequality", capsys=capsys)
    assert code == 2 and "did you mean 'gibbs_inequality'" in err
    assert run("check", str(tmp_path / "missing.py"), capsys=capsys)[0] == 2
    assert run("check", str(tmp_path), capsys=capsys)[0] == 2
    assert run("show", "gibbs_inequality.nothing", capsys=capsys)[0] == 2
    assert run("emit", "nothing", capsys=capsys)[0] == 2
    assert run("new", "Not A Name", "-o", str(tmp_path), capsys=capsys)[0] == 2
    assert run("new", "import os", "-o", str(tmp_path), capsys=capsys)[0] == 2
    assert run("frobnicate", capsys=capsys)[0] == 2
    path = write(tmp_path, TRUE, "gibbs_inequality")
    code, _, err = run("check", path, capsys=capsys)
    assert code == 2 and "rename" in err


def test_a_contradiction_stops_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A planted unsound rule proves a false statement; the second witness contradicts it, and nothing is written."""
    from derivations._kernel import rules
    from derivations._kernel.terms import Term

    a, b = (Term("meta", name) for name in "ab")
    wrong = rules.RULES["logarithm of a product"]._replace(law=Term("eq", Term("log", a * b), Term("log", a) - Term("log", b)))
    monkeypatch.setitem(rules.RULES, wrong.name, wrong)
    text = RESULT.format(claim="Eq(log(x * t), log(x) - log(t))", proof="None").replace(
        "p: Simplex[n]; u: OpenSimplex[n]", "x, t: Positive"
    )
    path = write(tmp_path, text)
    monkeypatch.setattr("derivations._judge.elaborate.prove", _by_the_planted_rule)
    code, _, err = run("check", path, capsys=capsys)
    assert code == 4 and "CONTRADICTS ITSELF" in err and "report" in err
    assert "my_result.main" in err and "at " in err and "Versions: lossproof" in err and "Python 3" in err
    code, _, err = run("build", path, "-o", str(tmp_path / "out"), capsys=capsys)
    assert code == 4 and not (tmp_path / "out" / "my_result.html").exists()


def _by_the_planted_rule(kernel, scope, goal):
    from derivations._kernel.check import Proof
    from derivations._kernel.terms import var

    return Proof("rule", ("logarithm of a product", (("a", var("x")), ("b", var("t")))))


# ---- the catalogue


def test_list_and_check_say_what_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("list", "--json", capsys=capsys)
    listed = json.loads(out)
    assert code == 0 and sorted(r["name"] for r in listed) == NAMES
    assert all(r["evidence"] == "replayed" and all(s["verdict"] == "proved" for s in r["statements"]) for r in listed)
    code, out, err = run("check", capsys=capsys)
    assert code == 0 and all(name in out for name in NAMES) and "checking" in err and "checking" not in out


def test_show_one_statement(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("show", "gibbs_inequality.gibbs", capsys=capsys)
    assert code == 0 and "every term is nonnegative" in out and "✓" in out and "It is convex" not in out


def test_emit_prints_the_committed_source(capsys: pytest.CaptureFixture[str]) -> None:
    from numeric.emit import EMITTED

    code, out, _ = run("emit", "kl_divergence", capsys=capsys)
    assert code == 0 and out == (EMITTED / "kl_divergence.py").read_text(encoding="utf-8")
    assert run("emit", "--check", capsys=capsys)[0] == 0


def test_emit_update_is_refused_outside_a_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("numeric.emit.EMITTED", tmp_path / "site-packages" / "numeric" / "emitted")
    code, _, err = run("emit", "--update", capsys=capsys)
    assert code == 2 and "checkout" in err and not (tmp_path / "site-packages").exists()


def test_new_writes_a_skeleton_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "my_result", "-o", str(tmp_path), capsys=capsys)[0] == 0
    path = tmp_path / "my_result.py"
    assert run("check", str(path), capsys=capsys)[0] == 0
    assert run("new", "my_result", "-o", str(tmp_path), capsys=capsys)[0] == 2
    wrong = path.read_text(encoding="utf-8").replace("(i, n)) - total(p[i] * log(u[i])", "(i, n)) + total(p[i] * log(u[i])")
    path.write_text(wrong, encoding="utf-8")
    assert run("check", str(path), capsys=capsys)[0] == 1


# ---- builds


def test_a_build_writes_every_form_and_a_repeated_one_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    code, table, progress = run("build", "-o", str(out), capsys=capsys)
    assert code == 0 and all(name in table and name in progress for name in NAMES)
    for name in NAMES:
        for path in (f"{name}.html", f"latex/{name}.tex", f"markdown/{name}.md", f"certificates/{name}.json"):
            assert (out / path).stat().st_size > 500, path
    assert "kl_divergence" in (out / "functions" / "kl_divergence.py").read_text(encoding="utf-8")
    record = json.loads((out / "functions" / "kl_divergence.accuracy.json").read_text(encoding="utf-8"))
    assert record["theorem"] == "gibbs_inequality.bregman" and all(row["float64"] < 4 for row in record["record"])
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file() and p.name != "manifest.json"}
    code, table, _ = run("build", "-o", str(out), "--json", capsys=capsys)
    assert code == 0 and not any(row["changed"] for row in json.loads(table))
    assert before == {p: p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file() and p.name != "manifest.json"}


def test_only_what_changed_is_made_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "mine", tmp_path / "out"
    folder.mkdir()
    write(folder, TRUE, "first")
    write(folder, TRUE.replace("A result", "Another"), "second")

    def changed() -> list[str]:
        code, table, _ = run("build", str(folder), "-o", str(out), "--json", capsys=capsys)
        assert code == 0
        return [row["name"] for row in json.loads(table) if row["changed"]]

    assert changed() == ["first", "second"]
    assert changed() == []
    write(folder, TRUE.replace("What it says.", "What it says now."), "first")
    assert changed() == ["first"]
    (out / "second.html").write_text("tampered", encoding="utf-8")
    assert changed() == ["second"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["results"]["first"]["row"]["verdict"] = "refuted"
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert changed() == ["first"], "a row that was tampered with is not believed"
    (folder / "second.py").unlink()
    assert changed() == [] and not (out / "second.html").exists() and (out / "first.html").exists()


def test_an_interrupted_build_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = write(tmp_path, TRUE), tmp_path / "out"
    assert run("build", path, "-o", str(out), capsys=capsys)[0] == 0
    good = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    write(tmp_path, TRUE.replace("What it says.", "Something else."))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("derivations.build.text", interrupt)
    code, _, err = run("build", path, "-o", str(out), capsys=capsys)
    assert code == 2 and "interrupted" in err
    assert good == {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_a_false_result_is_built_with_its_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run("build", write(tmp_path, REFUSED), "-o", str(tmp_path / "out"), capsys=capsys)
    page = (tmp_path / "out" / "my_result.html").read_text(encoding="utf-8")
    assert code == 1 and "✗" in page and "by mistake" in page
    assert json.loads((tmp_path / "out" / "certificates" / "my_result.json").read_text(encoding="utf-8"))["theorems"] == []


def test_help_and_version_need_no_mathematics() -> None:
    program = """
import sys
from derivations.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
heavy = {"sympy", "numpy", "flint", "rich", "derivations._kernel"} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "exit codes" in done.stdout and "COMMAND" in done.stdout
    for command in cli.COMMANDS:
        assert (
            subprocess.run(
                [sys.executable, "-m", "derivations", command, "--help"], capture_output=True, check=False
            ).returncode
            == 0
        )
    check_help = subprocess.run(
        [sys.executable, "-m", "derivations", "check", "--help"], capture_output=True, text=True, check=True
    )
    assert "is run" in check_help.stdout


# ---- what a newcomer meets


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("theorems=(", "theorems=list(("), "SyntaxError"),
        (("    ))\n", "    )[0])\n"), "comma"),
        (('"main"', '"Main Theorem"'), "small letters"),
        (("proof=None", "proof=3"), "a proof is a chain"),
        (("proof=None", "proof=chain(kl)"), "after its first term"),
        (("proof=None", "given=(Gt(x, 0)), proof=None"), "comma"),
        (('"What it says."', 'text("What {it} says.")'), "{it}"),
        (("proof=None", 'proof=chain(D(p, u), eq(kl, "x", "gibbs_inequality.gibs"))'), "to cite"),
        (("proof=None),", 'proof=None), Theorem("main", "Again", "x: Real", Eq(x, x)),'), "two statements"),
        (("    ))\n", '    ), emits=(Emit("f", "nothing", "right", ("p",), ""),))\n'), "no statement here"),
        (("    ))\n", '    ), emits=(Emit("f", "main", "rigt", ("p",), ""),))\n'), "a side is"),
        (("def derivation():", "raise SystemExit(0)\ndef derivation():"), "SystemExit"),
        (("    return", "    raise SystemExit(0)\n    return"), "SystemExit"),
    ],
)
def test_ordinary_mistakes_are_told(
    change: tuple[str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = RESULT.format(claim="Eq(D(p, u), kl)", proof="None").replace("Ge,", "Ge, Gt,")
    assert change[0] in text
    code, out, err = run("check", write(tmp_path, text.replace(*change)), capsys=capsys)
    assert "Traceback" not in out + err
    assert code in (1, 2) and said in out + err


def test_a_condition_that_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = RESULT.format(claim="Ge(D(p, u), 0)", proof="None").replace("u: OpenSimplex[n]", "u: Simplex[n]")
    code, out, _ = run("check", write(tmp_path, text), capsys=capsys)
    assert code == 3 and "it needs" in out and "uᵢ > 0" in out


def test_a_corollary_cites_a_vector_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """H(p) ≤ log n from Gibbs' inequality for the uniform distribution."""
    path = tmp_path / "bound.py"
    path.write_text(
        """
from sympy import Eq, Ge, Le, log
from derivations.authoring import *

def derivation():
    n, i = scalars("n i")
    p, = vectors("p")
    u = vector(1 / n, i, n)
    return Result("Entropy", "The bound.", "nowhere", theorems=(
        Theorem("kl", "From the uniform distribution", "p: Simplex[n]", Eq(D(p, u), log(n) - H(p))),
        Theorem("gibbs", "Gibbs", "p: Simplex[n]", Ge(D(p, u), 0),
                proof=chain(D(p, u), ge(0, "Gibbs", "gibbs_inequality.gibbs"))),
        Theorem("bound", "The bound", "p: Simplex[n]", Le(H(p), log(n)), proof=chain(
            log(n), eq(H(p) + D(p, u), "rearranged", "bound.kl"), ge(H(p), "Gibbs", "bound.gibbs"))),
    ))
""",
        encoding="utf-8",
    )
    assert run("check", str(path), capsys=capsys)[0] == 0
    wrong = path.read_text(encoding="utf-8").replace("vector(1 / n, i, n)", "vector(2 / n, i, n)")
    path.write_text(wrong, encoding="utf-8")
    assert run("check", str(path), capsys=capsys)[0] == 1


def test_a_build_keeps_its_hands_off_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "web"
    out.mkdir()
    (out / "about.html").write_text("mine", encoding="utf-8")
    code, _, err = run("build", write(tmp_path, TRUE), "-o", str(out), capsys=capsys)
    assert code == 2 and "did not write" in err and (out / "about.html").read_text(encoding="utf-8") == "mine"
    (out / "about.html").unlink()
    assert run("build", write(tmp_path, TRUE), "-o", str(out), capsys=capsys)[0] == 0
    (out / "about.html").write_text("mine", encoding="utf-8")
    assert run("build", write(tmp_path, TRUE, "other"), "-o", str(out), capsys=capsys)[0] == 0
    assert (out / "about.html").exists() and (out / "other.html").exists() and not (out / "my_result.html").exists()


def test_the_catalogue_stays_when_a_result_is_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run("build", "gibbs_inequality", "-o", str(out), capsys=capsys)[0] == 0
    assert run("build", write(tmp_path, TRUE), "-o", str(out), capsys=capsys)[0] == 0
    assert (out / "gibbs_inequality.html").exists() and (out / "my_result.html").exists()


def test_a_function_has_the_record_of_its_own_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = RESULT.format(claim="Eq(x + 1, 1 + x)", proof="None").replace("p: Simplex[n]; u: OpenSimplex[n]", "x: Real")
    text = text.replace("    ))\n", '    ), emits=(Emit("entropy", "main", "right", ("x",), "One more."),))\n')
    assert run("build", write(tmp_path, text), "-o", str(tmp_path / "out"), capsys=capsys)[0] == 0
    record = json.loads((tmp_path / "out" / "functions" / "entropy.accuracy.json").read_text(encoding="utf-8"))
    assert record["record"] == [] and "Not measured" in record["note"]


def test_an_unexpected_fault_is_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError("oops")

    monkeypatch.setitem(cli.COMMANDS, "list", fail)
    code, _, err = run("list", capsys=capsys)
    assert code == 4 and "fault of lossproof" in err and "ZeroDivisionError" in err
