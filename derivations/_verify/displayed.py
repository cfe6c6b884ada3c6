"""The LaTeX of a claim as a page sets it: without signs of mathematics around it, labels, and environments of its own."""

from __future__ import annotations

import re

from .._reader.tokens import LAYOUT, inside

_MARGIN = re.compile(r"\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])")
_LAYOUT = re.compile(rf"\\(begin|end)\s*\{{(?:{'|'.join(map(re.escape, sorted(LAYOUT)))})\}}")


def displayed(source: str) -> str:
    """The formula on one line; what lines it up is ``aligned``, which stands inside any formula."""
    start, end = inside(source)
    text = _MARGIN.sub("", source[start:end])
    return " ".join(_LAYOUT.sub(lambda m: f"\\{m[1]}{{aligned}}", text).split())


def on_one_line(latex: str) -> str:
    """What :func:`displayed` made without its alignment, for what cannot set that; case distinctions keep theirs."""
    if "{aligned}" not in latex or "{cases}" in latex:
        return latex
    plain = re.sub(r"\\(begin|end)\{aligned\}", "", latex).replace("\\&", "").replace("&", "")
    return " ".join(plain.replace("\\\\", " ").split())


__all__ = ["displayed", "on_one_line"]
