"""A plugin for pytest: ``pytest --formulas`` makes every claim in Markdown, reStructuredText, LaTeX and docstrings a test.

Nothing of it is imported before the option is given, and nothing that judges before the first claim is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ._verify.asked import Looked, Placed
    from ._verify.pool import Pool
    from ._verify.verdict import Verdict

TIMEOUT = 10.0
WORDS = {"refuted": "is false", "undecided": "is undecided", "error": "cannot be read"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("formulas", "lossproof: claims in documents and docstrings")
    group.addoption("--formulas", action="store_true", help="judge every claim in .md, .rst, .txt, .tex files and docstrings")
    group.addoption(
        "--formulas-undecided", choices=("fail", "xfail", "skip"), default="fail",
        help="what becomes of a claim that is neither proved nor refuted (default: fail)",
    )  # fmt: skip
    group.addoption("--formulas-timeout", type=float, default=TIMEOUT, metavar="S", help="seconds for one claim, as a backstop")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file with claims in it; without the option, nothing."""
    if not parent.config.getoption("--formulas"):
        return None
    from ._verify.found import KINDS

    return FormulaFile.from_parent(parent, path=file_path) if file_path.suffix.lower() in KINDS else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the process that judges."""
    pool = config.stash.get(POOL, None)
    if pool is not None:
        pool.close()


POOL: pytest.StashKey[Pool] = pytest.StashKey()


class FormulaFile(pytest.File):
    """A file with claims."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for every claim, and one which fails if the file cannot be looked through or a mark was missed."""
        from ._verify.asked import look

        looked = look(self.path)
        for claim in looked.claims:
            yield Formula.from_parent(self, name=claim.name, claim=claim)
        if (looked.problem and self._marked()) or looked.lost:
            yield Marks.from_parent(self, name="claim-marks", looked=looked)

    def _marked(self) -> bool:
        """Whether a file that cannot be parsed seems to hold claims; others are none of our business."""
        try:
            return b"claim" in self.path.read_bytes()
        except OSError:
            return False


class Unproved(Exception):
    """A claim that is not proved, with the verdict to report."""

    def __init__(self, claim: Placed, verdict: Verdict) -> None:
        super().__init__(verdict.verdict)
        self.claim, self.verdict = claim, verdict


class Formula(pytest.Item):
    """One claim."""

    def __init__(self, *, claim: Placed, **rest: Any) -> None:
        super().__init__(**rest)
        self.claim = claim

    def runtest(self) -> None:
        """Judge it; whatever is not proved fails, and an undecided one as the option says."""
        from ._render.escape import on_one_line
        from ._verify.pool import Pool
        from ._verify.verdict import Verdict as Made

        pool = self.config.stash.setdefault(POOL, Pool(1))
        asked = self.claim.question()
        verdict = asked if isinstance(asked, Made) else pool.ask(asked, self.config.getoption("--formulas-timeout"))
        self.user_properties += [("verdict", verdict.verdict), *(("provided", said) for said in verdict.conditions)]
        self.add_report_section("call", "verdict", verdict.text())  # pytest -rP shows it
        wanted = self.config.getoption("--formulas-undecided")
        if verdict.verdict == "undecided" and not verdict.contradiction and wanted != "fail":
            said = f"undecided: {on_one_line(verdict.reason)}"
            pytest.skip(said) if wanted == "skip" else pytest.xfail(said)
        if verdict.verdict != "proved" or verdict.contradiction:
            raise Unproved(self.claim, verdict)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The place, and the verdict with its counterexample."""
        if not isinstance(excinfo.value, Unproved):
            return super().repr_failure(excinfo, style)
        claim, verdict = excinfo.value.claim, excinfo.value.verdict
        from ._render.escape import for_terminal, on_one_line

        head = on_one_line(f"{claim.place}: the claim {claim.name} {WORDS.get(verdict.verdict, verdict.verdict)}")
        rows = [head, "", *(f"    {row.strip()}" for row in verdict.source.splitlines()), ""]
        fault = ["", f"A FAULT OF LOSSPROOF, please report it: {verdict.contradiction}"] if verdict.contradiction else []
        return for_terminal("\n".join([*rows, *verdict.text_lines(), *fault]))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the claim stands."""
        return self.path, self.claim.found.line - 1, f"claim {self.claim.name}"


class Marks(pytest.Item):
    """The marks of a file which nobody accounts for."""

    def __init__(self, *, looked: Looked, **rest: Any) -> None:
        super().__init__(**rest)
        self.looked = looked

    def runtest(self) -> None:
        """Fail with what is wrong."""
        lines = ", ".join(map(str, self.looked.lost))
        from ._render.escape import on_one_line

        why = self.looked.problem or f"{self.path}: no claim could be read from the marks on lines {lines}"
        pytest.fail(on_one_line(why), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the first stands."""
        return self.path, (self.looked.lost or (1,))[0] - 1, "claim marks"
