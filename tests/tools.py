"""What tests share: TeX and a browser, how much of a kind is looked at, and of which seed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import pytest

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
#: Seconds after which what hangs is ended: nothing that passes takes so long, however busy the machine.
HANGS = 1800


@cache
def seed_of_the_commit() -> str:
    """A seed that changes with the commit; LOSSPROOF_SEED has precedence."""
    if said := os.environ.get("LOSSPROOF_SEED"):
        return said
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip()[:12] if asked.returncode == 0 and asked.stdout.strip() else "0"


def amounts(few: int, many: int) -> pytest.MarkDecorator:
    """A test of ``count`` random things: a few, always the same; in a slow run many, of the seed of the commit."""
    slow = pytest.param(many, seed_of_the_commit(), id="many", marks=pytest.mark.slow)
    return pytest.mark.parametrize(("count", "seed"), [pytest.param(few, "1", id="few"), slow])


def dealt(items: Iterable[T], share: int, name: Callable[[T], str], all_of: int = 1) -> list[Any]:
    """Parameters: one item in ``share``, always the same ones; in a slow run the others as well.

    With ``all_of``, a slow run looks at one in so many of the others, of the seed of the commit.
    """

    def param(item: T) -> Any:
        often = crc32(name(item).encode()) % share == 0
        values = item if isinstance(item, tuple) else (item,)
        return pytest.param(*values, id=name(item), marks=() if often else pytest.mark.slow)

    made = [param(item) for item in items]
    turn = f"{seed_of_the_commit()}/"
    return [p for p in made if not p.marks or crc32((turn + str(p.id)).encode()) % all_of == 0]


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        if os.environ.get("LOSSPROOF_REQUIRE_TOOLS") == "1":
            pytest.fail(f"{name} is required and not installed")
        pytest.skip(f"{name} is not installed")
    return path


def compiled(source: str, folder: Path) -> str:
    """The log of pdflatex on a document; a failure to compile is a failure of the test."""
    pdflatex = tool("pdflatex")
    (folder / "page.tex").write_text(source, encoding="utf-8")
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=HANGS, check=False)
    log = run.stdout.decode("utf-8", "replace")
    if run.returncode != 0:
        pytest.fail(log[-2000:])
    return log


PROBE = (
    "<script>addEventListener('load', () => { const root = document.documentElement;"
    "root.dataset.over = root.scrollWidth - innerWidth; })</script>"
)


def overflow(source: str, width: int, folder: Path) -> int:
    """By how many pixels a page is wider than a window of this width, in headless Chromium."""
    chromium = shutil.which("chromium-browser") or shutil.which("google-chrome") or tool("chromium")
    page = folder / "page.html"
    page.write_text(source.replace("</head>", PROBE + "</head>"), encoding="utf-8")
    common = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
              f"--window-size={width},2400", "--hide-scrollbars"]  # fmt: skip
    dom = subprocess.run([*common, "--dump-dom", page.as_uri()], capture_output=True, timeout=HANGS, check=True).stdout.decode()
    over = re.search(r'data-over="(-?\d+)"', dom)
    if over is None:
        pytest.fail("the page did not say how wide it is")
    return int(over[1])
