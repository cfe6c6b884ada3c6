"""Claims in the docstrings of a Python file, which is parsed and never imported or run."""

from __future__ import annotations

import ast
import warnings

from .found import FENCE_MARK, RST_MARK, Found, Marks, Unreadable, counted, lines_of


def marks(text: str) -> Marks:
    """The claims of the docstrings of modules, classes and functions."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in somebody's file is not ours to report
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise Unreadable(f"not a Python file that can be parsed:{line} {getattr(error, 'msg', error)}") from error
    found = Marks()
    lines = lines_of(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                _docstring(first.value, lines, found)
    numbers = counted(text, FENCE_MARK, RST_MARK)
    found.shown |= set(numbers) - _strings(tree)
    return found.agree(numbers)


def _strings(tree: ast.Module) -> set[int]:
    """The lines of docstrings: a mark in a comment or in another string is nobody's claim."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                inside |= set(range(first.value.lineno, (first.value.end_lineno or first.value.lineno) + 1))
    return inside


def _docstring(node: ast.Constant, lines: list[str], found: Marks) -> None:
    """Look for both notations; the text is the source's own, so that line numbers are right and backslashes are kept."""
    from . import in_markdown, in_rst

    start, end = node.lineno, node.end_lineno or node.lineno
    source = lines[start - 1 : end]
    opening = source[0][len(source[0].encode()[: node.col_offset].decode()) :]
    prefix = opening[: len(opening) - len(opening.lstrip("rRuUbBfF"))]
    quotes = opening[len(prefix) :][:3]
    quotes = quotes if quotes in ('"""', "'''") else quotes[:1]
    source[0] = opening[len(prefix) + len(quotes) :]
    source[-1] = source[-1].rstrip()[: -len(quotes)] if start < end else source[-1].rstrip().removesuffix(quotes)
    raw = "r" in prefix.lower()
    body = _dedented(source)
    markdown = in_markdown.marks(body)
    fenced = {n for n in counted(body, RST_MARK) if n in markdown.shown}
    rst = in_rst.marks(body, fenced)
    literal = rst.shown - {c.line for c in rst.claims}
    for claim in [c for c in markdown.claims if c.line not in literal] + rst.claims:
        latex, problem = claim.latex, claim.problem
        if not raw and "\\" in latex:
            latex = latex.replace("\\\\", "\0")  # a doubled backslash is one
            if "\\" in latex and not problem:
                problem = 'the docstring is not raw, so Python eats backslashes; begin it with r"""'
            latex = latex.replace("\0", "\\")
        found.claims.append(Found(claim.line + start - 1, latex, claim.where, claim.id, problem))
    live = {c.line for c in found.claims}
    found.shown |= {n + start - 1 for n in (markdown.shown | rst.shown)} - live


def _dedented(source: list[str]) -> str:
    """The lines without their common indentation; the first, which follows the quotes, has none."""
    rest = [len(row) - len(row.lstrip()) for row in source[1:] if row.strip()]
    common = min(rest, default=0)
    return "\n".join([source[0].lstrip(), *(row[common:] for row in source[1:])])


__all__ = ["marks"]
