"""How a letter is set: one name set in two ways shows two symbols, and they may be meant as two."""

from __future__ import annotations

import re

from derivations._surface.letters import ACCENTS

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_FACES: dict[str, str] = {
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "textbf": "bold", "mathcal": "script", "mathscr": "script",
    "mathfrak": "fraktur", "mathbb": "blackboard", "mathds": "blackboard", "mathsf": "sans", "textsf": "sans",
    "mathtt": "typewriter", "mathrm": "upright", "text": "upright", "textrm": "upright", "textnormal": "upright",
    "mbox": "upright", "operatorname": "upright", "rm": "upright",
}  # fmt: skip


def face(written: str, vector: bool) -> str:
    """The face in which a name is set; a vector may be bold and its entries plain."""
    faces = [_FACES[c] for c in _COMMAND.findall(written) if c in _FACES]
    faces += [ACCENTS.get(c, c) for c in _COMMAND.findall(written) if c in ACCENTS or c.startswith("var")]
    faces += ["prime"] if "'" in written else []
    return " ".join(f for f in faces if not (vector and f == "bold"))


__all__ = ["face"]
