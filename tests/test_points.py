"""The list of places where points are used is whole: it is compared with what the program imports."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import derivations

PACKAGE = Path(derivations.__file__).parent
LISTED = re.compile(r"^\| `([a-z_/.]+)` \|", re.M)


def asks_points(path: Path) -> bool:
    """Whether a module imports the witness, or the looks of the search."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(alias.name for alias in node.names)]
            if any("_witness" in (node.module or "").split(".") or name in ("looks", "_witness") for name in names):
                return True
        if isinstance(node, ast.Import) and any("_witness" in alias.name for alias in node.names):
            return True
    return False


def found(package: Path) -> set[str]:
    paths = (path for path in package.rglob("*.py") if "_witness" not in path.relative_to(package).parts)
    return {path.relative_to(package).as_posix() for path in paths if asks_points(path)}


def test_every_use_of_points_is_listed_with_its_reason():
    page = (PACKAGE.parent / "docs" / "points.md").read_text(encoding="utf-8")
    assert set(LISTED.findall(page)) == found(PACKAGE)
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    assert len(rows) == len(set(rows)) == len(found(PACKAGE))
    assert all(len(row.split(" | ")) == 3 for row in rows)


def test_the_kernel_and_the_second_program_use_no_points():
    assert not [name for name in found(PACKAGE) if name.startswith("_kernel/") or name == "replay.py"]


def test_a_new_use_of_points_is_seen(tmp_path):
    (tmp_path / "one.py").write_text("from ._witness import witness\n", encoding="utf-8")
    (tmp_path / "two.py").write_text("from . import looks\n", encoding="utf-8")
    (tmp_path / "three.py").write_text("import derivations._witness.raw\n", encoding="utf-8")
    (tmp_path / "four.py").write_text("from .looks_like import x\nwitness = 1\n", encoding="utf-8")
    assert found(tmp_path) == {"one.py", "two.py", "three.py"}
