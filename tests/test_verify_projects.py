"""Three tiny projects of somebody else's, which use the package as it is installed from the wheel: pytest, Sphinx, command."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools import HANGS

ROOT = Path(__file__).parents[1]
PROJECTS = ROOT / "tests" / "projects"
FALSE = "```{claim}\n:id: wrong\n:where: p: Simplex[n]\n\n-\\sum_{i=1}^{n} p_i \\log p_i \\le \\log 2\n```\n"
OPEN = "```{claim}\n:id: open\n:where: x, y: Real\n\nx^6 + y^6 - x y + 1 > 0\n```\n"
POINT = "n = 3, p = (1/3, 1/3, 1/3)"
#: A busy machine is given its time.
PYTEST = ("-P", "-m", "pytest")
FORMULAS = ("--formulas", f"--formulas-timeout={HANGS}")


@pytest.fixture(scope="session")
def bin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the built wheel in it; made once, whoever of several processes comes first.

    What the wheel depends on is found where the tests find it: CI installs the wheel with all that into an empty environment.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installed"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            call(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT, cwd=folder)
            call(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
            (wheel,) = folder.glob("*.whl")
            python = folder / "venv" / "bin" / "python"
            call(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel, cwd=folder)
            (site,) = folder.glob("venv/lib/python*/site-packages")
            # A path that is added this way comes last, and the .pth files in it, an editable install, are not looked at.
            paths = [path for path in sys.path if path.endswith("site-packages")]
            (site / "dependencies.pth").write_text("\n".join(paths), encoding="utf-8")
            (folder / "done").touch()
    return folder / "venv" / "bin"


def call(*command: object, cwd: Path) -> None:
    run = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=HANGS, check=False)
    if run.returncode != 0:
        pytest.fail(f"{command[0]}: {run.stderr[-2000:]}")


def run(cwd: Path, *command: object) -> tuple[int, str]:
    """Exit code and everything that was printed, in an environment without what the tests run in."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON", "COV"))}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=HANGS, check=False, env=clean
    )
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of a project."""
    made = Path(shutil.copytree(PROJECTS / request.param, tmp_path / request.param))
    if (conf := made / "conf.py").exists():
        conf.write_text(f"{conf.read_text(encoding='utf-8')}lossproof_timeout = {HANGS}\n", encoding="utf-8")
    return made


def test_it_is_the_wheel_that_is_tested(bin: Path, tmp_path: Path) -> None:
    code, out = run(tmp_path, bin / "python", "-c", "import derivations; print(derivations.__file__)")
    assert code == 0 and str(bin.parent) in out and str(ROOT) not in out


# ---- pytest


@pytest.mark.parametrize("project", ["package"], indirect=True)
def test_claims_are_tests(bin: Path, project: Path) -> None:
    code, out = run(project, bin / "python", *PYTEST, *FORMULAS, "-v", "-p", "no:cacheprovider")
    assert code == 0 and "3 passed" in out, out
    for name in ("README.md::softplus PASSED", "src/losses.py::nonnegative PASSED", "src/losses.py::line-16 PASSED"):
        assert name in out
    code, out = run(project, bin / "python", *PYTEST, *FORMULAS, "-q", "README.md::softplus", "-p", "no:cacheprovider")
    assert code == 0 and "1 passed" in out


@pytest.mark.parametrize("project", ["package"], indirect=True)
def test_without_the_option_nothing_is_collected_or_imported(bin: Path, project: Path) -> None:
    (project / "test_plain.py").write_text(
        "import sys\n\ndef test_plain():\n"
        "    heavy = ('sympy', 'flint', 'numpy', 'markdown_it', 'derivations._verify', 'derivations._kernel')\n"
        "    assert 'derivations.pytest_plugin' in sys.modules and not [m for m in heavy if m in sys.modules]\n",
        encoding="utf-8",
    )
    code, out = run(project, bin / "python", *PYTEST, "-q", "-p", "no:cacheprovider")
    assert code == 0 and "1 passed" in out, out


@pytest.mark.parametrize("project", ["package"], indirect=True)
def test_a_false_claim_fails_with_its_place_and_its_counterexample(bin: Path, project: Path) -> None:
    page = project / "README.md"
    line = page.read_text(encoding="utf-8").count("\n") + 2
    page.write_text(page.read_text(encoding="utf-8") + "\n" + FALSE + "\n" + OPEN, encoding="utf-8")
    code, out = run(project, bin / "python", *PYTEST, *FORMULAS, "-q", "-p", "no:cacheprovider")
    assert code == 1 and "2 failed, 3 passed" in out, out
    assert f"README.md:{line}: the claim wrong is false" in out and POINT in out and "the claim open is undecided" in out
    for wanted, count in (("skip", "1 failed, 3 passed, 1 skipped"), ("xfail", "1 failed, 3 passed, 1 xfailed")):
        options = (*FORMULAS, f"--formulas-undecided={wanted}", "-p", "no:cacheprovider")
        assert count in run(project, bin / "python", *PYTEST, *options)[1]


@pytest.mark.parametrize("project", ["package"], indirect=True)
def test_a_claim_that_cannot_be_read_fails(bin: Path, project: Path) -> None:
    (project / "bad.md").write_text("```{claim}\n:where: x: Real\n\nx = \\foo\n```\n\n```{claim}\nx = x\n", encoding="utf-8")
    code, out = run(project, bin / "python", *PYTEST, *FORMULAS, "-q", "bad.md", "-p", "no:cacheprovider")
    assert code == 1 and "2 failed" in out and "\\foo" in out and "not closed" in out, out


# ---- Sphinx


def sphinx(bin: Path, project: Path, *options: str) -> tuple[int, str]:
    return run(project, bin / "python", "-P", "-m", "sphinx", "-q", *options, "-b", "html", ".", "_build/html")


@pytest.mark.parametrize("project", ["site"], indirect=True)
def test_claims_are_shown_with_verdict_and_derivation(bin: Path, project: Path) -> None:
    code, out = sphinx(bin, project, "-W")
    assert code == 0 and not out, out
    index = (project / "_build" / "html" / "index.html").read_text(encoding="utf-8")
    losses = (project / "_build" / "html" / "losses.html").read_text(encoding="utf-8")
    for page, name in ((index, "maximum"), (losses, "logistic")):
        claim = page[page.index(f'id="claim-{name}"') :]
        assert "<math" in claim and "Proved: replayed" in claim and "<details>" in claim and 'class="lines"' in claim
    assert index.count('<ol class="lines">') >= 2 and "gibbs_inequality" in index  # the claim's, and the catalogue's
    assert losses.count("lossproof derivation claim") == 1 and "x = x + 1" in losses  # what is only shown is not judged
    assert (project / "_build" / "html" / "_static" / "lossproof.css").exists()


@pytest.mark.parametrize("options", [pytest.param((), marks=pytest.mark.slow), ("-j", "2")])
@pytest.mark.parametrize("project", ["site"], indirect=True)
def test_a_refuted_claim_fails_the_build_also_where_its_page_is_not_read_again(
    bin: Path, project: Path, options: tuple[str, ...]
) -> None:
    page = project / "losses.md"
    good = page.read_text(encoding="utf-8")
    for name in ("more", "and-more"):  # enough pages for two processes
        (project / f"{name}.md").write_text(f"---\norphan: true\n---\n# {name}\n", encoding="utf-8")
    page.write_text(good + "\n" + FALSE, encoding="utf-8")
    line = good.count("\n") + 2
    code, out = sphinx(bin, project, *options)
    assert code != 0 and f"losses.md:{line}" in out and "refuted" in out and POINT in out, out
    code, out = sphinx(bin, project, *options)  # nothing changed: no page is read again
    assert code != 0 and "refuted" in out, out
    (project / "index.md").write_text((project / "index.md").read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert sphinx(bin, project, *options)[0] != 0
    page.write_text(good, encoding="utf-8")
    assert sphinx(bin, project, *options) == (0, "")


@pytest.mark.parametrize("project", ["site"], indirect=True)
def test_an_undecided_claim_warns(bin: Path, project: Path) -> None:
    page = project / "losses.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n" + OPEN, encoding="utf-8")
    code, out = sphinx(bin, project)
    assert code == 0 and "WARNING" in out and "undecided" in out, out
    assert sphinx(bin, project, "-W")[0] != 0


@pytest.mark.parametrize("project", ["site"], indirect=True)
def test_a_mark_that_became_no_claim_fails_the_build(bin: Path, project: Path) -> None:
    conf = project / "conf.py"
    conf.write_text(conf.read_text(encoding="utf-8").replace('"colon_fence"', ""), encoding="utf-8")
    code, out = sphinx(bin, project)
    assert code != 0 and "colon_fence" in out, out


@pytest.mark.parametrize("project", ["site"], indirect=True)
def test_a_result_that_does_not_exist_is_named(bin: Path, project: Path) -> None:
    (project / "losses.md").write_text("# L\n\n```{derivation} no_such_result\n```\n", encoding="utf-8")
    _, out = sphinx(bin, project)
    assert "no_such_result" in out and "lossproof list" in out


@pytest.mark.parametrize("builder", ["text", "latex", pytest.param("man", marks=pytest.mark.slow)])
@pytest.mark.parametrize("project", ["site"], indirect=True)
def test_other_builders_show_claims_too(bin: Path, project: Path, builder: str) -> None:
    code, out = run(project, bin / "python", "-P", "-m", "sphinx", "-q", "-b", builder, ".", "_build/other")
    assert code == 0, out
    if builder == "text":
        assert "proved, replayed" in (project / "_build" / "other" / "index.txt").read_text(encoding="utf-8")
    if builder == "latex":
        (tex,) = (project / "_build" / "other").glob("*.tex")
        assert "Proved, replayed" in tex.read_text(encoding="utf-8")


# ---- the command


@pytest.mark.parametrize("project", ["paper"], indirect=True)
def test_a_paper_is_checked_by_the_command(bin: Path, project: Path) -> None:
    code, out = run(project, bin / "lossproof", "verify", "--timeout", HANGS, "paper.tex", "notes.rst")
    assert code == 0 and "3 claims in 2 files: 3 proved" in out, out
    assert "paper.tex:6: bound" in out and "paper.tex:10: line-10" in out and "notes.rst:4: reciprocal" in out
    paper = project / "paper.tex"
    paper.write_text(paper.read_text(encoding="utf-8").replace(r"\log n", r"\log 2"), encoding="utf-8")
    code, out = run(project, bin / "lossproof", "verify", "--timeout", HANGS, ".", "--json")
    data = json.loads(out)
    assert code == 1 and {c["id"]: c["verdict"] for c in data["claims"]} == {
        "bound": "refuted", "line-10": "proved", "reciprocal": "proved",
    }  # fmt: skip
