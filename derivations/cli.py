"""The command ``lossproof``. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._render.escape import for_terminal, on_one_line
from ._verify import commands as claims
from ._verify.commands import Usage, tell, tell_json

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .judged import JudgedResult, JudgedTheorem

PROVED, FALSE, USAGE, UNDECIDED, CONTRADICTION = range(5)
EXIT_CODES = """exit codes:
  0  everything proved (or done)
  1  something is false, or a derivation has a line that does not hold
  2  the command was used wrongly, or a file cannot be read
  3  something is undecided
  4  a contradiction within this software: please report it"""
RUNS_FILES = "A path names a result of your own: a Python file with derivation(), or a folder. Such a file is run."


class Parser(argparse.ArgumentParser):
    """A parser whose messages repeat nothing that steers a terminal."""

    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(for_terminal(message), file)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = Parser(
        prog="lossproof",
        description="Derive, check and document formulas of information theory and of classification losses; emit functions.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, text: str, more: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}. {more}".strip(),
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        return made

    claims.declare(command)

    build = command("build", "derive and check results and write their pages, certificates and functions", RUNS_FILES)
    build.add_argument(
        "results",
        nargs="*",
        metavar="NAME|PATH",
        help="results of the catalogue, or files or folders of your own (default: the catalogue)",
    )
    build.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("lossproof-build"),
        metavar="DIR",
        help="where to write (default: %(default)s)",
    )
    build.add_argument("--json", action="store_true", help="print the table as JSON")

    listing = command("list", "list the results of the catalogue with their evidence")
    listing.add_argument("--statements", action="store_true", help="also list every statement with its conditions and rules")
    listing.add_argument("--json", action="store_true", help="print JSON")

    axioms = command(
        "axioms", "list what a result rests on",
        "The primitive rules and principles it uses, and the statements it cites, citations followed.",
    )  # fmt: skip
    axioms.add_argument("result", metavar="NAME", help="a result, or RESULT.STATEMENT for one of its statements")
    axioms.add_argument("--json", action="store_true", help="print JSON")

    show = command("show", "show a derivation: every line with its rule and reason, and ✓ or what is left over", RUNS_FILES)
    show.add_argument("result", metavar="NAME|PATH", help="a result, or RESULT.STATEMENT for one of its statements")
    show.add_argument("--search", action="store_true", help="without the author's lines: show what the search finds")

    check = command("check", "check results, or all of them", RUNS_FILES)
    check.add_argument(
        "results", nargs="*", metavar="NAME|PATH", help="results of the catalogue, or files or folders of your own"
    )
    check.add_argument(
        "--search", action="store_true", help="ignore the author's lines and let the search derive every statement"
    )
    check.add_argument("--json", action="store_true", help="print JSON")

    new = command("new", "write the skeleton of a result of your own")
    new.add_argument("name", metavar="NAME", help="a name such as my_result; the file is NAME.py")
    new.add_argument(
        "-o", "--output", type=Path, default=Path(), metavar="DIR", help="the folder to write into (default: here)"
    )

    emit = command("emit", "print the source of an emitted function, or compare or update what is committed")
    emit.add_argument("name", nargs="?", metavar="FUNCTION", help="a function that a result of the catalogue declares")
    emit.add_argument(
        "--check",
        action="store_true",
        help="say which committed functions and certificates differ from what is made (exit code 1 if any)",
    )
    emit.add_argument("--update", action="store_true", help="in a checkout: accept what is made as what is committed")

    attack = command("attack", "attack the checkers with mutated certificates, lines and claims; report what they accept")
    attack.add_argument("--seed", type=int, default=0, help="the same seed makes the same attack (default: %(default)s)")
    attack.add_argument(
        "--count", type=int, default=200, help="how many mutants (default: %(default)s; 1000 take about a minute)"
    )
    attack.add_argument(
        "--formulas",
        type=int,
        metavar="N",
        help="attack the whole way from a formula to its verdict instead, with N LaTeX claims whose truth is known",
    )
    attack.add_argument(
        "--first", type=int, default=0, metavar="K", help="with --formulas: begin at the K-th claim of the seed (default: 0)"
    )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = parser().parse_args(claims.shielded(sys.argv[1:] if arguments is None else arguments))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without ✓ gets a ? in its place
            stream.reconfigure(errors="replace")
    if options.version:
        from importlib.metadata import version

        print(f"lossproof {version('lossproof')}")
        return PROVED
    if options.command is None:
        parser().print_help()
        return USAGE
    try:
        return COMMANDS[options.command](options)
    except Usage as error:
        tell(f"lossproof {options.command}: {on_one_line(str(error))}", error=True)
        return USAGE
    except KeyboardInterrupt:
        tell("interrupted; what was written before is still in place", error=True)
        return USAGE
    except BrokenPipeError:
        sys.stderr.close()
        return PROVED
    except OSError as error:
        tell(f"lossproof {options.command}: {on_one_line(f'{error.filename or str()}: {error.strerror or error}')}", error=True)
        return USAGE
    except Exception as error:
        if os.environ.get("LOSSPROOF_DEBUG"):
            raise
        tell(FAULT.format(kind=type(error).__name__, error=on_one_line(str(error))), error=True)
        return CONTRADICTION


FAULT = """lossproof failed, and that is a fault of lossproof: {kind}: {error}
Nothing is known about your formula. Please report this with the file that led to it (LOSSPROOF_DEBUG=1 shows where)."""


# ---- which results


def _catalogue(names: Sequence[str], *, witnessed: bool = True) -> tuple[Catalogue, list[str]]:
    """The catalogue, with the user's own files put in, and the results asked for."""
    from .catalogue import Catalogue, Entry, entries

    catalogue = Catalogue(witnessed=witnessed)
    wanted: list[str] = []
    for each in names:
        if not each.strip():
            raise Usage("a name or a path is empty")
        path = Path(each)
        if each in catalogue.known:
            wanted.append(each)
        elif path.suffix == ".py" or path.is_dir():
            if not path.exists():
                raise Usage(f"there is no file {each}")
            shut = (
                [p for p in (path, *path.iterdir()) if p.is_dir() and not os.access(p, os.R_OK | os.X_OK)]
                if path.is_dir()
                else []
            )
            if shut:
                raise Usage(f"{shut[0]} cannot be read")
            found = entries(path) + [
                Entry(p.stem, path.resolve().name, p) for p in sorted(path.glob("*.py")) if not p.name.startswith("_")
            ]
            for entry in found if path.is_dir() else [Entry(path.stem, path.resolve().parent.name, path)]:
                if entry.name in catalogue.known and catalogue.known[entry.name].path.resolve() != entry.path.resolve():
                    raise Usage(f"{entry.path}: a result called {entry.name} exists already; rename the file")
                catalogue.known[entry.name] = entry
                wanted.append(entry.name)
            if path.is_dir() and not found:
                raise Usage(f"{each} holds no result files")
        else:
            near = _near(each, list(catalogue.known))
            raise Usage(f"there is no result {each!r}{near}; 'lossproof list' names them, a path of your own ends in .py")
    return catalogue, list(dict.fromkeys(wanted)) or list(catalogue)


def _near(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, 1, 0.4)
    return f"; did you mean {close[0]!r}?" if close else ""


def _judge(catalogue: Catalogue, name: str, search: bool = False) -> JudgedResult:
    from ._judge.judge import Contradiction
    from .catalogue import Unloadable
    from .evidence import replayed

    try:
        judged = catalogue.judge(name, search=search)
        return judged if search else replayed(catalogue, judged)
    except Unloadable as error:
        raise Usage(str(error)) from error
    except Contradiction as error:
        tell(REPORT.format(error=on_one_line(str(error)), versions=_versions()), error=True)
        raise SystemExit(CONTRADICTION) from error


REPORT = """
THE CHECKER CONTRADICTS ITSELF. This is a fault of lossproof, not of your formula.
The rules accept a statement which the second witness, ball arithmetic, shows to be false:

  {error}

{versions}
Nothing was written. Please report this text with the file that led to it."""


def _versions() -> str:
    """What a report has to say of the machine."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("lossproof", "sympy", "python-flint", "numpy"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} missing")
    return f"Versions: {', '.join(found)}; Python {platform.python_version()} on {platform.platform()}."


def _code(verdicts: list[str]) -> int:
    if any(v in ("refuted", "refused") for v in verdicts):
        return FALSE
    return UNDECIDED if "undecided" in verdicts else PROVED


# ---- commands


def _build(options: argparse.Namespace) -> int:
    from ._judge.judge import Contradiction
    from .build import NotOurs, build
    from .catalogue import Unloadable

    catalogue, names = _catalogue(options.results)
    try:
        rows = build(catalogue, names, options.output, lambda text: tell(on_one_line(text), error=True))
    except (Unloadable, NotOurs) as error:
        raise Usage(str(error)) from error
    except Contradiction as error:
        tell(REPORT.format(error=on_one_line(str(error)), versions=_versions()), error=True)
        return CONTRADICTION
    if options.json:
        tell_json([row.__dict__ for row in rows], 1)
    else:
        _table(
            ("Result", "Subject", "Verdict", "Evidence", "Statements", "Seconds"),
            [
                (
                    r.name,
                    r.subject,
                    _mark(r.verdict),
                    r.evidence,
                    f"{r.proved} of {r.statements}",
                    f"{r.seconds:.2f}" if r.changed else "unchanged",
                )
                for r in rows
            ],
        )
        proved, statements = sum(r.proved for r in rows), sum(r.statements for r in rows)
        where = on_one_line(str(options.output / "index.html"))
        tell(f"{len(rows)} results, {proved} of {statements} statements proved; open {where}")
    return _code([row.verdict for row in rows])


def _list(options: argparse.Namespace) -> int:
    from ._kernel.rules import RULES
    from .evidence import ledger

    catalogue, names = _catalogue((), witnessed=False)
    results = [_judge(catalogue, name) for name in names]
    if options.json:
        tell_json([_result_json(r) for r in results], 1)
    else:
        _table(
            ("Subject", "Result", "Verdict", "Evidence", "Statements", "Conditional", "Axioms", "Uses"),
            [
                (
                    r.subject,
                    r.name,
                    _mark(r.verdict),
                    r.evidence,
                    str(len(r.theorems)),
                    str(sum(bool(t.scope.hypotheses) for t in r.theorems)),
                    str(len({rule for t in r.theorems for rule in t.rules if rule in RULES})),
                    ", ".join(r.uses) or "–",
                )
                for r in results
            ],
        )
        if options.statements:
            tell("\n".join(map(on_one_line, _stated(results))))
        else:
            tell("Conditional: statements with conditions. Axioms: primitive rules used. --statements names them.")
        tell(ledger(results))
    return _code([r.verdict for r in results])


def _stated(results: list[JudgedResult]) -> Iterator[str]:
    """Every statement with its evidence, the conditions under which it holds, and the rules it rests on directly."""
    from ._render.text import text

    for result in results:
        for t in result.theorems:
            given = "; ".join(text(h) for h in t.scope.hypotheses)
            rules = ", ".join(dict.fromkeys((*t.rules, *t.uses)))
            yield f"{result.name}.{t.name}: {t.evidence or t.verdict}" + (f"; given {given}" if given else "") + f"; by {rules}"


def _axioms(options: argparse.Namespace) -> int:
    from .evidence import axioms

    catalogue, _ = _catalogue((), witnessed=False)
    try:
        found = axioms(catalogue, options.result)
    except LookupError:
        name, _, statement = options.result.partition(".")
        known, what = list(catalogue.known), f"there is no result {name!r}"
        if name in known:
            known, what = [f"{name}.{t.name}" for t in catalogue.judge(name).theorems], f"{name} has no statement {statement!r}"
        raise Usage(f"{what}{_near(options.result, known)}; 'lossproof list' names them") from None
    if options.json:
        tell_json({"name": options.result, **found._asdict()}, 1)
        return PROVED
    tell(on_one_line(f"{options.result}: {found.evidence or 'not proved'}"))
    for head, names in (("primitive rules", found.rules), ("principles", found.principles), ("cites", found.cites)):
        tell(f"{head} ({len(names)}):" + "".join(f"\n  {on_one_line(name)}" for name in names))
    return PROVED


def _show(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from ._render import terminal

    name, _, statement = options.result.partition(".") if not options.result.endswith(".py") else (options.result, "", "")
    catalogue, names = _catalogue([name])
    result = _judge(catalogue, names[0], options.search)
    if statement:
        chosen = tuple(t for t in result.theorems if t.name == statement)
        if not chosen:
            raise Usage(f"{name} has no statement {statement!r}; it has {', '.join(t.name for t in result.theorems)}")
        result = replace(result, theorems=chosen, examples=(), refutations=())
    terminal.show(result)
    return _code([result.verdict])


def _check(options: argparse.Namespace) -> int:
    catalogue, names = _catalogue(options.results)
    results = []
    for name in names:
        tell(on_one_line(f"checking {name}"), error=True)
        results.append(_judge(catalogue, name, options.search))
    if options.json:
        tell_json([_result_json(r) for r in results], 1)
    else:
        for result in results:
            _say(result)
        _table(
            ("Result", "Verdict", "Evidence", "Statements"),
            [
                (r.name, _mark(r.verdict), r.evidence, f"{sum(t.verdict == 'proved' for t in r.theorems)} of {len(r.theorems)}")
                for r in results
            ],
        )
    return _code([r.verdict for r in results])


def _say(result: JudgedResult) -> None:
    """What is wrong with a result, line by line; nothing if nothing is."""
    from ._render.text import text

    for theorem in result.theorems:
        if theorem.verdict == "proved":
            continue
        tell(on_one_line(f"{result.name}.{theorem.name}: {theorem.verdict}: {theorem.reason}"))
        if theorem.missing is not None:
            tell(on_one_line(f"  it needs, in given=(…): {text(theorem.missing)}"))
        for line in theorem.lines:
            if not line.accepted and line.term is not None:
                tell(on_one_line(f"  ✗ {line.relation} {text(line.term)}"))
                if line.residue is not None:
                    tell(on_one_line(f"    left over: {text(line.residue)}"))
    for refutation in result.refutations:
        if refutation.verdict != "refuted":
            tell(on_one_line(f"{result.name}: a claim that should be false was not refuted: {refutation.title.template}"))


def _result_json(result: JudgedResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "subject": result.subject,
        "title": result.title.template,
        "verdict": result.verdict,
        "evidence": result.evidence,
        "uses": list(result.uses),
        "statements": [_theorem_json(t) for t in result.theorems],
        "refutations": [r.verdict for r in result.refutations],
    }


def _theorem_json(theorem: JudgedTheorem) -> dict[str, Any]:
    from ._render.formula import latex

    return {
        "name": theorem.name,
        "statement": latex(theorem.goal),
        "conditions": [latex(h) for h in theorem.scope.hypotheses],
        "verdict": theorem.verdict,
        "evidence": theorem.evidence,
        "rules": list(theorem.rules),
        "uses": list(theorem.uses),
        "axioms": sorted(theorem.checked.used) if theorem.checked is not None else [],
        "missing": None if theorem.missing is None else latex(theorem.missing),
        "witness": theorem.witness,
        "reason": theorem.reason,
        "searched": theorem.searched,
        "seconds": round(theorem.seconds, 3),
        "lines": [
            {
                "relation": line.relation,
                "term": None if line.term is None else latex(line.term),
                "rules": list(line.rules),
                "accepted": line.accepted,
            }
            for line in theorem.lines
        ],
    }


SKELETON = '''"""One sentence: the statement, as a formula."""

from sympy import Eq, log

from derivations.authoring import D, Result, Theorem, chain, eq, scalars, total, vectors


def derivation():
    """Written in SymPy; nothing is evaluated, so what you write is what is judged and shown."""
    n, i = scalars("n i")
    p, u = vectors("p u")
    by_definition = total(p[i] * log(p[i] / u[i]), (i, n))
    taken_apart = total(p[i] * log(p[i]), (i, n)) - total(p[i] * log(u[i]), (i, n))
    return Result(
        title="{title}",
        summary="What it says, and what it is good for.",
        source="Where it can be found in print.",
        theorems=(
            Theorem(
                "main",
                "The statement",
                "p: Simplex[n]; u: OpenSimplex[n]",
                Eq(D(p, u), taken_apart),
                proof=chain(
                    D(p, u),
                    eq(by_definition, "the definition of the divergence", "definition"),
                    eq(taken_apart, "the logarithm of a quotient; the sum is taken apart"),
                ),
            ),
        ),
    )
'''


def _new(options: argparse.Namespace) -> int:
    from ._surface.where import NAME

    name = options.name.removesuffix(".py")
    if not NAME.match(name) or name != name.lower():
        raise Usage(f"{options.name!r} cannot be a name; use small letters, digits and _, such as my_result")
    path = options.output / f"{name}.py"
    if path.exists():
        raise Usage(f"{path} exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SKELETON.replace("{title}", name.replace("_", " ").capitalize()), encoding="utf-8")
    shown = on_one_line(str(path))
    tell(f"wrote {shown}; now: lossproof check {shown}")
    return PROVED


def _emit(options: argparse.Namespace) -> int:
    from numeric.declared import declared
    from numeric.emit import EMITTED, declared_source, drift, update

    from .build import certificate_drift

    if options.update:
        if not (EMITTED.parents[1] / "pyproject.toml").exists():
            raise Usage("--update writes what is committed, so it works in a checkout only; 'lossproof build' writes anywhere")
        changed = update(declared()) + certificate_drift(update=True)
        print("\n".join(f"updated {name}" for name in changed) or "nothing changed")
        return PROVED
    if options.check:
        different = drift(declared()) + certificate_drift()
        print("\n".join(f"{name} differs from what is made" for name in different) or "what is committed is what is made")
        return FALSE if different else PROVED
    by_name = {d.name: (d, checked) for d, checked in declared()}
    if options.name is None:
        raise Usage(f"name a function: {', '.join(by_name)}")
    if options.name not in by_name:
        raise Usage(
            f"no result declares a function {options.name!r}{_near(options.name, list(by_name))}; try {', '.join(by_name)}"
        )
    print(declared_source(*by_name[options.name]), end="")
    return PROVED


def _attack(options: argparse.Namespace) -> int:
    from ._attack import attack

    if options.formulas is not None:
        return _attack_formulas(options)
    if not 1 <= options.count <= 1_000_000:
        raise Usage("--count is a number from 1 to a million")
    report = attack(options.seed, options.count, progress=lambda k, n: print(f"\r{k}/{n}", end="", file=sys.stderr, flush=True))
    print(file=sys.stderr)
    print(report.text())
    if report.false:
        tell(REPORT.format(error="\n  ".join(map(str, report.false[:20])), versions=_versions()), error=True)
    return PROVED if report.ok else CONTRADICTION


def _attack_formulas(options: argparse.Namespace) -> int:
    from ._attack.formulas import BATCH, by_pool

    if not 1 <= options.formulas <= 1_000_000 or not 0 <= options.first <= 1_000_000:
        raise Usage("--formulas is a number from 1 to a million, and --first one from 0")
    last, good = options.first + options.formulas, True
    for first in range(options.first, last, BATCH):
        print(f"lossproof attack --formulas {last - first} --seed {options.seed} --first {first}  # to go on from here")
        count = min(BATCH, last - first)
        progress = lambda k, n: print(f"\r{k}/{n}", end="", file=sys.stderr, flush=True)  # noqa: E731
        outcome = by_pool(str(options.seed), count, progress, first)
        print(file=sys.stderr)
        print(outcome.text(), flush=True)
        good &= outcome.ok
    return PROVED if good else CONTRADICTION


def _mark(verdict: str) -> str:
    return {"proved": "✓ proved", "undecided": "? undecided"}.get(verdict, f"✗ {verdict}")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table on standard output: drawn on a terminal, plain columns in a pipe."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    head, rows = tuple(map(on_one_line, head)), [tuple(map(on_one_line, row)) for row in rows]
    if not console.is_terminal:
        widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
        for row in [head, *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return
    table = Table(*head)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


COMMANDS = {
    **claims.COMMANDS,
    "build": _build, "list": _list, "axioms": _axioms, "show": _show, "check": _check, "new": _new, "emit": _emit,
    "attack": _attack,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
