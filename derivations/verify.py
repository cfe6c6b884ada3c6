"""Verify a formula: ``verify(r"H(p) \\le \\log n", "p: Simplex[n]")`` says proved, refuted or undecided, and why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ._verify.verdict import Counterexample, Verdict, clean

if TYPE_CHECKING:
    from ._verify.lemmas import Lemmas


def verify(claim: Any, where: str = "", *, given: Any = (), strict: bool = False, timeout: float | None = 60.0) -> Verdict:
    """The verdict on a claim: LaTeX text, or a SymPy relation written with the names of ``derivations.authoring``.

    ``given`` are hypotheses, for a SymPy relation only. ``strict`` refuses what only a reading convention decides.
    ``timeout`` is a backstop in seconds and needs the main thread; the search ends by itself after a fixed number of steps.
    A ``SymPy`` relation is judged as SymPy holds it: build it under ``sympy.evaluate(False)`` to judge what you wrote.
    """
    from ._verify.decide import Decision, Question

    if not isinstance(where, str):
        raise TypeError("the domains are text, such as 'p, q: Simplex[n]; x: Real'")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0):
        raise TypeError("the timeout is a number of seconds above 0, or None")
    if isinstance(claim, str):
        if given:
            raise TypeError("hypotheses go with a SymPy relation; a LaTeX claim has its domains alone")
        question = Question(claim, where, strict=strict, detail=True, timeout=timeout)
    else:
        try:
            question = Question(where=where, detail=True, timeout=timeout, term=_term(claim, where, given))
        except (ValueError, TypeError) as error:
            return Verdict("error", reason=clean(str(error)), where=clean(where))
    return Decision(question, _lemmas()).decide()


def _term(claim: Any, where: str, given: Any) -> Any:
    """A SymPy relation in the language of the rules."""
    from ._kernel.check import Claim
    from ._surface.sympy_terms import from_sympy
    from ._surface.where import where as read_where

    if isinstance(claim, bool) or type(claim).__name__ in ("BooleanTrue", "BooleanFalse"):
        raise TypeError(f"SymPy has decided this statement ({claim}) before it came here; build it under sympy.evaluate(False)")
    scope = read_where(where)
    scope = scope.assuming(*(from_sympy(h, scope) for h in given))
    goal = from_sympy(claim, scope)
    Claim(scope, goal).check()
    return scope, goal


@cache
def _lemmas() -> Lemmas:
    from ._verify.lemmas import Lemmas

    return Lemmas()


__all__ = ["Counterexample", "Verdict", "verify"]
