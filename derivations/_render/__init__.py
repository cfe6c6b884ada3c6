"""Documents from judged results: one file per output form, each found by being there; no mathematics."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType


def forms() -> dict[str, ModuleType]:
    """The output forms by name: the modules here which say what files they write (``SUFFIX``)."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem != "__init__" and "\nSUFFIX" in path.read_text(encoding="utf-8"):
            found[path.stem] = import_module(f"{__name__}.{path.stem}")
    return found


__all__ = ["forms"]
