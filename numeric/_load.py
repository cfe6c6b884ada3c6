"""The one place where emitted source is executed."""

from __future__ import annotations

from typing import Any


def load(source: str, name: str) -> Any:
    """The function ``name`` of a module text which a backend of this package has printed; nothing else may be passed."""
    namespace: dict[str, Any] = {"__name__": f"numeric.emitted.{name}"}
    exec(compile(source, f"<emitted {name}>", "exec"), namespace)
    function = namespace[name]
    function.__source__ = source
    return function
