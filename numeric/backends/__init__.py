"""A backend is a file in this folder with a function ``module``: it prints a program as the text of a Python module."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Face:
    """What the emitted function is called, and what its docstring says besides the formula."""

    name: str
    summary: str  #: one sentence
    formula: str  #: as LaTeX, or however a formatter prints it
    theorem: str  #: label of the theorem, or "" for a formula that was not checked
    assumes: tuple[str, ...] = ()  #: the hypotheses, printed like the formula
    rename: dict[str, str] = field(default_factory=dict)  #: variable of the formula → parameter


def backends() -> tuple[str, ...]:
    """The names of the backends that are there."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def backend(name: str) -> Any:
    """The backend module called ``name``."""
    if name not in backends():
        raise ValueError(f"no backend {name!r}; there are {', '.join(backends())}")
    return importlib.import_module(f"{__name__}.{name}")
