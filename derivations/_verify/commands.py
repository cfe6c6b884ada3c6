"""The commands ``verify`` and ``derive``: options are declared here, and what does the work is imported when it is done."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._render.escape import for_json, for_terminal, on_one_line

if TYPE_CHECKING:
    from .asked import Looked, Placed
    from .pool import Asked
    from .verdict import Verdict

TIMEOUT = 10.0
WHAT = """A claim is LaTeX: lossproof verify 'H(p) \\le \\log n' --where 'p: Simplex[n]'. Without --where, an argument that
ends in .md, .rst, .txt, .tex or .py is a file, and a folder is every such file below it; their claims are judged.
Of several verdicts the worst decides the exit code: 4 before 1, before 2, before 3."""

Command = Callable[[str, str, str], argparse.ArgumentParser]


class Usage(Exception):
    """A wrong use of a command: what was wrong, and what to do."""


def tell(text: str, *, error: bool = False, end: str = "\n") -> None:
    """Print text; nothing in it steers the terminal."""
    print(for_terminal(text), end=end, file=sys.stderr if error else sys.stdout, flush=error)


def tell_json(data: Any, indent: int | None = None) -> None:
    """Print JSON as standard output can carry it: what it cannot write, and what steers a terminal, is escaped."""
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    print(for_json(json.dumps(data, indent=indent, ensure_ascii=ascii_only)), flush=True)


def declare(command: Command) -> None:
    """Declare the two commands."""
    verify = command("verify", "say whether a formula holds: proved, refuted at an exact point, or undecided", WHAT)
    verify.add_argument("claims", nargs="*", metavar="LATEX|FILE", help="one formula, or files with claims in them")
    _common(verify)
    verify.add_argument("--jsonl", metavar="FILE|-", help='one claim a line, {"id", "where", "latex"}; one verdict a line')
    derive = command(
        "derive", "show the way from one expression to another, line by line",
        r"lossproof derive '-\log\sigma(x)' '\log(1 + e^{-x})' --where 'x: Real'",
    )  # fmt: skip
    derive.add_argument("start", metavar="A", help="a LaTeX expression")
    derive.add_argument("end", metavar="B", help="the expression it should equal")
    _common(derive)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--where", metavar="DOMAINS", help="the domains, such as 'p, q: Simplex[n]; x: Real'")
    parser.add_argument("--show", action="store_true", help="print the derivation that was found")
    parser.add_argument("-o", "--output", type=Path, metavar="DIR", help="write its document and its certificate")
    parser.add_argument(
        "--timeout", type=float, default=TIMEOUT, metavar="S",
        help="seconds for one claim, as a backstop: the search ends by itself after a number of steps (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="refuse what only a reading convention decides")
    parser.add_argument("--json", action="store_true", help="print JSON")


def shielded(arguments: Sequence[str]) -> list[str]:
    """The arguments, with a space before a formula that begins with a minus, so that it is not taken for an option."""
    if not arguments or arguments[0] not in COMMANDS:
        return list(arguments)
    option = re.compile(r"-(-[a-z][a-z-]*(=.*)?|h|o[^\\^_{ ]*|-)?", re.DOTALL)
    return [f" {a}" if a.startswith("-") and not option.fullmatch(a) else a for a in arguments]


# ---- verify


def verify(options: argparse.Namespace) -> int:
    """``lossproof verify``."""
    _timeout(options)
    if options.jsonl is not None:
        if options.claims or options.where or options.show or options.output:
            raise Usage("--jsonl takes its claims from the file alone")
        return _lines(options)
    if not options.claims:
        raise Usage("give a formula with its --where, or files, or --jsonl FILE")
    if options.where is not None:
        if len(options.claims) != 1:
            raise Usage("one formula goes with --where; quote it, so that the shell takes it as one argument")
        return _formula(options, options.claims[0], options.where)
    from .found import KINDS

    named = [c for c in options.claims if Path(c).suffix.lower() in KINDS or _folder(c)]
    if not named and len(options.claims) == 1:
        if _exists(options.claims[0]):
            raise Usage(f"{options.claims[0]}: claims are looked for in files that end in {', '.join(KINDS)}")
        return _formula(options, options.claims[0], "")
    strangers = [c for c in options.claims if c not in named]
    if strangers:
        raise Usage(f"{strangers[0][:60]!r} is not a file with claims; a formula stands alone, in quotes, with its --where")
    missing = [c for c in named if not _exists(c)]
    if missing:
        raise Usage(f"there is no file {missing[0]}; for a formula, give --where")
    if options.show or options.output:
        raise Usage("--show and -o go with one formula")
    return _files(options, [Path(c) for c in named])


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # a formula may be no path at all
        return False


def _folder(text: str) -> bool:
    return _exists(text) and Path(text).is_dir()


def _timeout(options: argparse.Namespace) -> None:
    if not 0.1 <= options.timeout <= 86_400:
        raise Usage("--timeout is a number of seconds from 0.1 to 86400")


def _formula(options: argparse.Namespace, latex: str, where: str) -> int:
    from .pool import Pool

    detail = bool(options.show or options.output)
    if options.output is not None:
        _own(options.output)
    asked: Asked = {"latex": latex, "where": where, "strict": options.strict, "detail": detail}
    with Pool(1) as pool:
        verdict = pool.ask(asked, options.timeout)
    return _told(options, verdict)


def _told(options: argparse.Namespace, verdict: Verdict) -> int:
    """Print one verdict and write its files."""
    if options.json:
        tell_json({k: v for k, v in verdict.as_json().items() if k != "id"}, 1)
    elif verdict.verdict == "error":
        tell(f"lossproof {options.command}: {verdict.reason}", error=True)
    else:
        _print(verdict)
        if options.show:
            _derivation(verdict)
    if options.output is not None and verdict.verdict != "error":
        for path in write(verdict, options.output):
            tell(f"wrote {on_one_line(str(path))}", error=True)
    if verdict.contradiction:
        _report(verdict)
    return verdict.code


def _print(verdict: Verdict) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    colour = {"proved": "green", "refuted": "bold red"}.get(verdict.verdict, "yellow")
    for line in verdict.text_lines():
        console.print(Text(line, style=colour if line.startswith("verdict") else ""))


def _derivation(verdict: Verdict) -> None:
    from .._render.terminal import print_blocks
    from .page import derivation

    lines = derivation(verdict)
    if lines:
        print_blocks(lines)
    elif verdict.verdict != "refuted":
        tell("there are no lines to show")


#: What a verdict is written to; the first is always there, and tells a folder of ours from another.
PAGES, CERTIFICATE = ("claim.html", "claim.tex", "claim.md"), "certificate.json"


def _own(folder: Path) -> None:
    """Refuse a folder with files of these names that this command did not write."""
    taken = [name for name in (*PAGES, CERTIFICATE) if (folder / name).exists()]
    page = folder / PAGES[0]
    if taken and not (page.is_file() and b'class="lossproof' in page.read_bytes()[:100_000]):
        raise Usage(f"{folder / taken[0]} is there already, and was not written by lossproof verify; name another folder")


def write(verdict: Verdict, folder: Path) -> Iterator[Path]:
    """Write the document of a verdict in every form, and its certificate."""
    from ..certificate import text
    from .page import FORMS, render

    contents = {f"claim{suffix}": render(verdict, form) for form, suffix in FORMS.items()}
    if verdict.certificate is not None:
        contents[CERTIFICATE] = text(verdict.certificate) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    if CERTIFICATE not in contents:  # one of an earlier claim would be taken for this one's
        (folder / CERTIFICATE).unlink(missing_ok=True)
    for name, content in contents.items():
        part = folder / f"{name}.part"
        part.write_text(content, encoding="utf-8")
        os.replace(part, folder / name)
        yield folder / name


REPORT = """
THE CHECKER CONTRADICTS ITSELF. This is a fault of lossproof, not of your formula.

  claim: {source}
  where: {where}
  read as: {read_as}
  {contradiction}

Nothing about this claim is to be believed. Please report this text."""


def _report(verdict: Verdict) -> None:
    words = {name: on_one_line(getattr(verdict, name)) for name in ("source", "where", "read_as", "contradiction")}
    tell(REPORT.format(**words), error=True)


# ---- lines of JSON


def _lines(options: argparse.Namespace) -> int:
    from .asked import from_lines
    from .pool import Pool
    from .verdict import worst

    codes = []
    # Standard input is read through a file of its own: who is interrupted while it waits for a line cannot close it.
    stream = open(os.dup(sys.stdin.fileno()) if options.jsonl == "-" else options.jsonl, "rb")  # noqa: SIM115
    with Pool() as pool:
        for verdict in pool.verdicts(from_lines(stream, options.strict), options.timeout):
            tell_json(verdict.as_json())
            codes.append(verdict.code)
            if verdict.contradiction:
                _report(verdict)
    stream.close()
    return worst(codes)


# ---- files


def _files(options: argparse.Namespace, paths: list[Path]) -> int:
    from .asked import as_row, look
    from .found import files
    from .pool import Pool
    from .verdict import CONTRADICTION, worst

    looked = [look(path) for path in files(paths)]
    claims = [claim for file in looked for claim in file.claims]
    rows: list[dict[str, Any]] = []
    codes = [2 for file in looked if file.problem or file.lost]
    with Pool() as pool:
        questions = [claim.question(strict=options.strict) for claim in claims]
        for claim, verdict in zip(claims, pool.verdicts(questions, options.timeout), strict=True):
            codes.append(verdict.code)
            rows.append(as_row(claim, verdict))
            if not options.json:
                _say(claim, verdict)
            if verdict.contradiction:
                _report(verdict)
    problems = _problems(looked)
    if options.json:
        tell_json({"claims": rows, "problems": problems}, 1)
    else:
        for problem in problems:
            tell(on_one_line(problem), error=True)
        tell(summary([row["verdict"] for row in rows], len(looked)))
    if len(rows) != len(claims):
        return CONTRADICTION
    return worst(codes)


def _problems(looked: list[Looked]) -> list[str]:
    """What is wrong with files as such: unreadable ones, and marks which nobody accounts for."""
    found = [file.problem for file in looked if file.problem]
    for file in looked:
        found += [f"{file.path}:{line}: a claim mark stands here, but no claim could be read from it" for line in file.lost]
    return found


def _say(claim: Placed, verdict: Verdict) -> None:
    tell(on_one_line(f"{claim.place}: {claim.name}"))
    for line in verdict.text_lines():
        tell(f"    {line}")


def summary(verdicts: list[str], count: int) -> str:
    """The last line of a report."""
    kinds = [f"{verdicts.count(v)} {v}" for v in ("proved", "refuted", "undecided", "error") if v in verdicts]
    found = f"{len(verdicts)} claim{'s' * (len(verdicts) != 1)} in {count} file{'s' * (count != 1)}"
    return f"{found}: {', '.join(kinds)}" if kinds else f"{found}: nothing to judge"


# ---- derive


def derive(options: argparse.Namespace) -> int:
    """``lossproof derive``."""
    _timeout(options)
    options.show = True
    from .two_sides import Unjoinable, joined

    try:
        latex = joined(options.start, options.end, options.where or "")
    except Unjoinable as error:
        tell(f"lossproof derive: {error}", error=True)
        return 2
    return _formula(options, latex, options.where or "")


COMMANDS = {"verify": verify, "derive": derive}

__all__ = ["COMMANDS", "Usage", "declare", "shielded", "summary", "tell", "tell_json", "write"]
