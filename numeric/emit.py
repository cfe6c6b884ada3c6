"""From a checked theorem to source, to a callable, and to the committed files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import Term, free_names, opened, substitute, var

from . import _load
from .backends import Face, backend
from .program import NotEmittable, lower
from .stable import stable

EMITTED = Path(__file__).parent / "emitted"
Formatter = Callable[[Term], str]
LETTERS = ("k", "j", "i", "l", "m", "n")


class Declaration(Protocol):
    """What a result declares to be emitted."""

    @property
    def name(self) -> str:
        """Name of the function and of its file."""

    @property
    def theorem(self) -> str:
        """Label of the theorem."""

    @property
    def side(self) -> str:
        """The side of its statement: "left" or "right"."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Variables of the formula in the order of the arguments; () for all, as declared."""

    @property
    def summary(self) -> str:
        """One sentence."""

    @property
    def rename(self) -> dict[str, str]:
        """Variable of the formula → parameter of the function."""


@dataclass(frozen=True)
class Formula:
    """A formula with its scope which no checker has seen; what is emitted from it says so."""

    term: Term
    scope: Scope


def _term_of(subject: Any, side: str) -> tuple[Term, Scope]:
    """One side of the statement of a checked theorem, with its scope; "for all k" leaves k free."""
    if isinstance(subject, Formula):
        return subject.term, subject.scope
    from derivations._kernel.check import require_checked

    require_checked(subject)
    if side not in ("left", "right"):
        raise ValueError(f'a side is "left" or "right", not {side!r}')
    goal, scope = subject.goal, subject.scope
    while goal.op == "all":
        name = next(n for n in LETTERS if not scope.declares(n) and n not in free_names(goal))
        scope = scope.declaring(name, Domain("Index", (goal.args[0],)))
        goal = opened(goal.args[1], var(name))
    if goal.op not in ("eq", "le", "lt", "ne"):
        raise NotEmittable(f"{goal.op} has no sides: emit from a theorem that states an equation")
    return goal.args[0 if side == "left" else 1], scope


def emit_source(
    subject: Any,
    *,
    name: str,
    side: str = "right",
    parameters: Sequence[str] | None = None,
    rename: dict[str, str] | None = None,
    summary: str = "",
    theorem: str = "",
    backend_name: str = "numpy",
    formatter: Formatter | None = None,
    stabilise: bool = True,
) -> str:
    """The text of a module with one function that computes a side of a checked theorem."""
    term, scope = _term_of(subject, side)
    program = lower(term, scope, parameters, stable if stabilise else None)
    formatter = formatter or _latex
    named = {old: var(new) for old, new in (rename or {}).items()}
    assumes = tuple(formatter(substitute(h, named)) for h in scope.hypotheses)
    theorem = theorem or ("" if isinstance(subject, Formula) else "which was checked and has no label")
    summary = summary or f"The {side} side of a checked statement." if theorem else summary or "A formula."
    face = Face(name, summary, formatter(substitute(term, named)), theorem, assumes, dict(rename or {}))
    return str(backend(backend_name).module(program, face))


def _latex(t: Term) -> str:
    from derivations._render.formula import latex

    return latex(t)


def lambdify(
    subject: Any,
    backend: str = "numpy",
    side: str = "right",
    parameters: Sequence[str] | None = None,
    name: str | None = None,
    **options: Any,
) -> Callable[..., Any]:
    """A function that computes a side of a checked theorem; ``__source__`` is the text a committed file would have."""
    name = name or "formula"
    source = emit_source(subject, name=name, side=side, parameters=parameters, backend_name=backend, **options)
    return _load.load(source, name)  # type: ignore[no-any-return]


def declared_source(declaration: Declaration, subject: Any, formatter: Formatter | None = None) -> str:
    """The text of the committed file of a declaration."""
    return emit_source(
        subject,
        name=declaration.name,
        side=declaration.side,
        parameters=declaration.parameters or None,
        rename=declaration.rename,
        summary=declaration.summary,
        theorem=declaration.theorem,
        formatter=formatter,
    )


Declared = Iterable[tuple[Declaration, Any]]


def _texts(declarations: Declared, formatter: Formatter | None) -> dict[str, str]:
    texts = {f"{d.name}.py": declared_source(d, subject, formatter) for d, subject in declarations}
    names = sorted(name.removesuffix(".py") for name in texts)
    lines = ['"""The emitted functions, one file each. Generated by numeric.emit, not to be edited."""', ""]
    lines += [f"from .{name} import {name}" for name in names]
    lines += ["", "__all__ = [", *(f'    "{name}",' for name in names), "]"]
    return {**texts, "__init__.py": "\n".join(lines) + "\n"}


def drift(declarations: Declared, folder: Path = EMITTED, formatter: Formatter | None = None) -> list[str]:
    """The committed files that differ from what the declarations give, are missing, or are declared by nobody."""
    texts = _texts(declarations, formatter)
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    return sorted(name for name in {*texts, *there} if texts.get(name) != there.get(name))


def update(declarations: Declared, folder: Path = EMITTED, formatter: Formatter | None = None) -> list[str]:
    """Write the committed files anew; the names of those that changed."""
    declarations = list(declarations)
    changed = drift(declarations, folder, formatter)
    texts = _texts(declarations, formatter)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in texts:
            (folder / name).write_text(texts[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed
