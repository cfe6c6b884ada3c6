"""Tools that tests need from outside Python: TeX and a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

#: Seconds after which what hangs is ended: nothing that passes takes so long, however busy the machine.
HANGS = 1800


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
