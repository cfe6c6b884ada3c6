"""Names which nothing declares: what they may be, and what to write instead."""

from __future__ import annotations

import re
from typing import Any

from .functions import joined
from .vocabulary import FUNCTION_HINTS, REFUSED, SMALL_WORDS

#: What follows the name on the left of a definition: a formula; w = 0 is no definition.
_DEFINES = re.compile(r"[&\s]*=.*\\", re.DOTALL)


def advice(text: str, span: tuple[int, int], source: str, declaration: str) -> tuple[str, str]:
    """What is wrong with the undeclared name ``text``, and what to write; ``declaration`` says how it may be declared."""
    shown = source[span[0] : span[1]].strip() or text
    rest = source[span[1] :].lstrip()
    if text.endswith("_prime"):
        what = f"{shown} is not declared, and a prime may mean a derivative"
        return what, "write another letter, or \\frac{d}{dx}(...) for a derivative"
    if rest[:1] == "(" or rest.startswith("\\left("):
        product = f"; or declare it for a product: {text}: Real" if len(text) == 1 else ""
        what = f"{shown} is not declared, and is no function the reader knows"
        return what, FUNCTION_HINTS.get(text, f"write out what it stands for{product}")
    if not source[: span[0]].strip(" \t\r\n$&\\[(") and _DEFINES.match(rest):
        return f"{shown} is not declared", "a name for the other side claims nothing: leave it out, and compare two expressions"
    if len(text) > 1 and text in REFUSED:
        return f"{shown} is not read", REFUSED[text]
    if text.lower() in SMALL_WORDS:
        return f"{shown} is not read", "leave words out"
    return f"{shown} is not declared", f"say in the domains what it is, for example {declaration or f'{text}: Real'}"


def example(name: str, groups: Any) -> str:
    """How a name with this subscript may be declared."""
    symbols = [s for group in groups for s in group]
    word = joined(groups)
    if all(s.kind == "number" for s in symbols):
        return f"{name}: Real[n], or {name}_{word}: Real"
    if len(symbols) > 2 or any(s.kind == "sym" and len(s.args[0].removesuffix("_prime")) > 1 for s in symbols):
        return f"{name}_{word}: Real"
    return f"{name}: Real[n]" if len(symbols) == 1 else f"{name}: Real[n, m]"


__all__ = ["advice", "example"]
