"""The documents of the catalogue itself: they compile, fit the screen, and contain what was judged."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from judged import WITNESSED as CATALOGUE
from tools import HANGS, compiled, overflow

from derivations._render import forms
from derivations.build import with_functions

NAMES = sorted(CATALOGUE)
pytestmark = pytest.mark.xdist_group("catalogue")


@pytest.mark.tex
@pytest.mark.parametrize("name", NAMES)
def test_latex_compiles_and_nothing_is_cut_off(name: str, tmp_path: Path) -> None:
    log = compiled(forms()["latex"].render(with_functions(CATALOGUE, name)), tmp_path)
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert "Missing character" not in log and max(wide, default=0) < 20, wide


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_html_fits_the_screen(name: str, width: int, tmp_path: Path) -> None:
    assert overflow(forms()["html"].render(with_functions(CATALOGUE, name)), width, tmp_path) <= 0


@pytest.mark.parametrize("form", sorted(forms()))
def test_every_form_of_a_result_has_all_its_parts(form: str) -> None:
    result = with_functions(CATALOGUE, "kl_is_cross_entropy_minus_entropy")
    page = forms()[form].render(result)
    for part in ("2.351028", "the logarithm of a quotient, weighted", "derived", "sum of sums"):
        assert part in page or part.replace("_", r"\\_") in page, part
    assert page == forms()[form].render(result)


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    shutil.copytree(Path(__file__).parents[1] / "docs", source, ignore=shutil.ignore_patterns("_build", "results"))
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(source), str(tmp_path / "site")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    for name in NAMES:
        page = (tmp_path / "site" / "results" / f"{name}.html").read_text(encoding="utf-8")
        assert "<math" in page and "✓" in page
    trusted = (tmp_path / "site" / "trusted-base.html").read_text(encoding="utf-8")
    assert "logarithm of a product" in trusted and "check.py" in trusted


@pytest.mark.parametrize(("page", "begins"), [("docs/writing.md", "from derivations.catalogue"), ("README.md", "from numeric")])
def test_the_python_on_the_pages_runs(page: str, begins: str) -> None:
    text = (Path(__file__).parents[1] / page).read_text(encoding="utf-8")
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", text, re.S) if b.startswith(begins)]
    command = [sys.executable, "-W", "error", "-c", block]
    run = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
    assert run.returncode == 0, run.stderr
