"""The terminal: every line with its rule, its reason and its mark; colours only where a terminal shows them."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text as Styled

from ..judged import JudgedResult
from .blocks import Block, Derivation, Facts, Formula, Heading, Line, Link, Listing, Paragraph, Runs, Table
from .escape import for_terminal
from .notation import RELATIONS
from .page import document
from .words import MARKS, VERDICTS, say

SUFFIX = ".txt"
COLOURS = {True: "green", False: "bold red", None: "yellow"}


def styled(runs: Runs, style: str = "") -> Styled:
    """Runs as text."""
    text = Styled(style=style)
    for run in runs:
        if isinstance(run, str):
            text.append(for_terminal(run))
        elif isinstance(run, Formula):
            text.append(for_terminal(run.text))
        elif isinstance(run, Link):
            text.append(for_terminal(run.label), "underline")
        else:
            text.append_text(mark(run.ok))
    return text


def mark(ok: bool | None) -> Styled:
    """✓, ✗ or ? in its colour."""
    return Styled(MARKS[ok], COLOURS[ok])


def _line(line: Line) -> RenderableType:
    reason = styled(line.reason)
    if line.number is None:
        text = styled(line.reason, "bold")
        if line.content:
            text.append(": ").append_text(styled(line.content))
        if not line.accepted:
            text.append(" ").append_text(mark(False))
        return Padding(text, (1, 0, 0, 2 * line.depth))
    if line.rules:
        reason.append(for_terminal(f" [{', '.join(line.rules)}]"), "italic")
    reason.stylize("dim")
    content = styled(line.content)
    parts: list[RenderableType] = [content, reason] if reason.plain else [content]
    if line.residue is not None:
        parts.append(Styled(for_terminal(say("Left minus right leaves ") + line.residue.text), "red"))
    grid = Grid.grid(padding=(0, 1), expand=False)
    grid.add_column(width=5, style="dim")
    grid.add_column(width=1)
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    relation = RELATIONS[line.relation][1] if line.relation else ""
    grid.add_row(f"({line.number})", mark(line.accepted), relation, Group(*parts))
    return Padding(grid, (0, 0, 0, 2 * line.depth))


def _block(block: Block) -> RenderableType:
    if isinstance(block, Heading):
        text = styled(block.runs, "bold")
        return Group("", text, Rule(style="dim", characters="─")) if block.level < 3 else Group("", text)
    if isinstance(block, Paragraph):
        return Padding(styled(block.runs), (0, 0, 0, 4 if block.role == "statement" else 0))
    if isinstance(block, Facts):
        grid = Grid.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, runs in block.rows:
            grid.add_row(Styled(for_terminal(name)), styled(runs))
        return grid
    if isinstance(block, Derivation):
        return Group("", *map(_line, block.lines))
    if isinstance(block, Table):
        grid = Grid(box=None, pad_edge=False, header_style="dim")
        for k, head in enumerate(block.head):
            grid.add_column(Styled(for_terminal(head)), justify="right" if k in block.numeric else "left", overflow="fold")
        for row in block.rows:
            grid.add_row(*map(styled, row))
        return grid
    return Padding(Styled(for_terminal(block.code.expandtabs(4)).rstrip()) if isinstance(block, Listing) else "", (1, 0, 1, 4))


def show(result: JudgedResult, console: Console | None = None) -> None:
    """Print a result; a console that is no terminal, or NO_COLOR, gives plain text."""
    print_blocks(document(result), console)


def print_blocks(blocks: Iterable[Block], console: Console | None = None) -> None:
    """Print blocks; as :func:`show` does."""
    console = console or Console(highlight=False)
    for block in blocks:
        console.print(_block(block), highlight=False)


def results_table(results: Iterable[JudgedResult], seconds: dict[str, float] | None = None) -> Grid:
    """The table with which a build ends: each result, its verdict and its evidence."""
    grid = Grid(box=None, pad_edge=False, header_style="dim")
    for head in (say("Result"), say("Subject"), "", say("Verdict"), say("Evidence"), *((say("Seconds"),) if seconds else ())):
        grid.add_column(head, overflow="fold", justify="right" if head == say("Seconds") else "left")
    for result in results:
        ok, words = VERDICTS.get(result.verdict, (None, result.verdict))
        told = (result.name, result.subject, say(words), result.evidence or "–")
        cells = [Styled(for_terminal(cell)) for cell in told]
        cells.insert(2, mark(ok))
        if seconds:
            cells.append(Styled(f"{seconds.get(result.name, 0.0):.2f}"))
        grid.add_row(*cells)
    return grid


def _plain(*parts: RenderableType, width: int = 100) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, color_system=None, force_terminal=False, highlight=False, legacy_windows=False)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def render(result: JudgedResult, *, links: dict[str, str] | None = None) -> str:
    """The result as plain text, 100 columns wide."""
    return _plain(*map(_block, document(result)))


def index(results: Iterable[JudgedResult]) -> str:
    """The results as a plain table."""
    return _plain(results_table(results))


__all__ = ["SUFFIX", "index", "print_blocks", "render", "results_table", "show"]
