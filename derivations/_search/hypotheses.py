"""Using hypotheses that are equations."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, Term, closed, opened, var

from .trail import Step


def by_hypotheses(kernel: Kernel, scope: Scope, t: Term, backwards: bool = False) -> tuple[Term, list[Step]]:
    """``t`` with the left side of every hypothesis l = r (or l_i = r_i for all i) replaced by the right side, or backwards."""
    for k, h in enumerate(scope.hypotheses):
        equation = h.args[1] if h.op == "all" else h
        if equation.op != "eq":
            continue
        old, new = reversed(equation.args) if backwards else equation.args
        by = Proof("hypothesis", (k,))
        if h.op == "all":
            if old.op != "at" or t.op != "at" or old.args[0] != t.args[0] or old.args[1:] != (Term("bound", 0),):
                continue
            new, by = opened(new, t.args[1]), Proof("at_index", (by, t.args[1]))
        elif t != old:
            continue
        return new, [((), Proof("symmetry", (by,)) if backwards else by, ONE, new)]
    steps: list[Step] = []
    if t.op in ("at", "deriv", "of"):
        return t, steps
    for k, child in enumerate(t.args):
        if type(child) is not Term:
            continue
        if t.op in ("sum", "prod", "top"):
            if k == 0:
                continue
            name = scope.fresh()
            new, inner = by_hypotheses(
                kernel, scope.declaring(name, Domain("Index", (t.args[0],))), opened(child, var(name)), backwards
            )
            new = closed(new, name)
        else:
            new, inner = by_hypotheses(kernel, scope, child, backwards)
        steps += [((k, *p), by, times, to) for p, by, times, to in inner]
        t = Term(t.op, *t.args[:k], new, *t.args[k + 1 :])
    return t, steps
