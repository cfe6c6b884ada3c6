"""Braces that are no command's argument do not show: a formula is read only if it says the same without them."""

from __future__ import annotations

from derivations._kernel.domains import Scope
from derivations._kernel.tree import Node

from .cases import laid_out
from .parser import Parser
from .reading import ReadError
from .tokens import Token, tokens

MOST_TRIED = 40  #: groups that are tried one by one to name the one that decides
FIX = "write round brackets around what belongs together"


def parsed(source: str, scope: Scope) -> tuple[Node, dict[str, tuple[int, int]]]:
    """The tree of the formula as TeX shows it, and the conventions that decided."""
    laid = laid_out(tokens(source), source)
    with_braces = Parser(source, scope, list(laid))
    tree = with_braces.chain()
    groups = sorted(with_braces.groups)
    if not groups:
        return tree, with_braces.notes
    same = normal(tree)
    try:
        parser = Parser(source, scope, without(laid, groups))
        shown = parser.chain()
    except ReadError:
        shown = None
    if shown is None or normal(shown) != same:
        raise ReadError("braces do not show, and decide here", source, decisive(source, scope, laid, groups, same), FIX)
    return shown, parser.notes


def without(laid: list[Token], groups: list[tuple[int, int]]) -> list[Token]:
    """The tokens without these braces, each pair given by its two places in the source."""
    dropped = {place for pair in groups for place in pair}
    return [t for t in laid if t.kind not in ("lbrace", "rbrace") or t.start not in dropped]


def decisive(source: str, scope: Scope, laid: list[Token], groups: list[tuple[int, int]], same: Node) -> tuple[int, int]:
    """The place of a group without which the formula says something else; of the first if no single one does."""
    for first, last in groups[:MOST_TRIED]:
        try:
            if normal(Parser(source, scope, without(laid, [(first, last)])).chain()) == same:
                continue
        except ReadError:
            pass
        return first, last + 1
    return groups[0][0], groups[0][1] + 1


def normal(node: Node) -> Node:
    """``node`` with the factors of a factor among its own: a{bc} is abc."""
    args = tuple(normal(a) if type(a) is Node else a for a in node.args)
    if node.kind == "mul":
        args = tuple(x for a in args for x in (a.args if type(a) is Node and a.kind == "mul" else (a,)))
    return Node(node.kind, args, node.span)


__all__ = ["normal", "parsed"]
