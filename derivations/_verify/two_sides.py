"""Two expressions become one equation, if each is an expression by itself."""

from __future__ import annotations

from .reading import Unread, read


class Unjoinable(Exception):
    """One of the two is not an expression."""


def joined(start: str, end: str, where: str) -> str:
    """``start = end`` in LaTeX."""
    for name, latex in (("first", start), ("second", end)):
        try:
            tree = read(f"{latex} = 0", where).reading.tree
        except Unread as error:
            raise Unjoinable(f"the {name} expression cannot be read: {error}") from error
        if tree.args[0] != ("=",) or len(tree.args) != 3:
            raise Unjoinable(f"the {name} expression is a statement; give two expressions without a relation sign")
    return f"{start} = {end}"


__all__ = ["Unjoinable", "joined"]
