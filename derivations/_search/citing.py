"""Using a checked equation: its left side, found in a term for some values of its variables, is replaced by its right side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from derivations._kernel.check import Checked, Kernel, Proof, Refused
from derivations._kernel.domains import Domain, Scope, total
from derivations._kernel.terms import BINDERS, ONE, IllFormed, Term, closed, num, opened, substitute, subterms, var

from .equation import NotFound, equation
from .normalise import Step


def match(pattern: Term, t: Term, names: frozenset[str], found: dict[str, Term]) -> bool:
    """Whether ``t`` is ``pattern`` with values for ``names``; they are put into ``found``."""
    if pattern.op == "var" and pattern.args[0] in names:
        if t.loose:
            return False
        return found.setdefault(pattern.args[0], t) == t
    if pattern.op == t.op == "mul" and len(pattern.args) < len(t.args) and pattern.args[-1].op == "var":
        k = len(pattern.args) - 1  # the last letter of a product stands for all factors that are left
        t = Term("mul", *t.args[:k], Term("mul", *t.args[k:]))
    if pattern.op != t.op or len(pattern.args) != len(t.args):
        return False
    return all(
        match(a, b, names, found) if type(a) is Term and type(b) is Term else a == b
        for a, b in zip(pattern.args, t.args, strict=True)
    )


def sizes_of(kernel: Kernel, scope: Scope, theorem: Checked, found: dict[str, Term]) -> None:
    """Values for the sizes of the theorem, read off the sizes of the vectors found."""
    for name, domain in theorem.scope.domains:
        if name in found and found[name].op == "vec":
            match(domain.sizes[0], found[name].args[0], frozenset(n for n, _ in theorem.scope.domains), found)
        if name in found and found[name].op in ("var", "of") and (own := kernel.order(scope).domain(found[name])) is not None:
            for letter, size in zip(domain.sizes, own.sizes, strict=False):
                match(letter, size, frozenset(n for n, _ in theorem.scope.domains), found)


def citation(kernel: Kernel, scope: Scope, label: str, found: dict[str, Term]) -> Proof:
    """The citation for these values; that a vector written out is a distribution is proved along with it."""
    theorem, shown = kernel.library[label], []
    for name, domain in theorem.scope.domains:
        value = found.get(name)
        if value is not None and domain.kind.total and value.op == "vec":
            sizes = tuple(substitute(size, found) for size in domain.sizes)
            whole = total(Domain(domain.name, sizes), value)
            shown.append((name, equation(kernel, scope, whole, ONE)))
    return Proof("cite", (label, tuple(sorted(found.items())), tuple(shown)))


def rearranged(kernel: Kernel, scope: Scope, label: str, goal: Term) -> Proof | None:
    """The equation ``goal`` from a cited equation that says the same in other words: a − b = ±(left − right)."""
    theorem = kernel.library[label]
    if theorem.goal.op != "eq":
        return None
    names = frozenset(n for n, _ in theorem.scope.domains)
    for found in _bindings(theorem.goal, goal, names):
        sizes_of(kernel, scope, theorem, found)
        for c in (num(1), num(-1)):
            try:
                proof = Proof("combine", (*goal.args, ((c, citation(kernel, scope, label, found)),)))
                if kernel.derive(proof, scope) == goal:
                    return proof
            except (Refused, IllFormed, NotFound):
                continue
    return None


def instance(kernel: Kernel, scope: Scope, label: str, goal: Term) -> Proof | None:
    """A proof of the relation ``goal`` by a citation, up to the laws of a field and to what stands on both sides; or None."""
    theorem = kernel.library[label]
    if theorem.goal.op != goal.op:
        return None
    names = frozenset(n for n, _ in theorem.scope.domains)
    for found in _bindings(theorem.goal, goal, names):
        sizes_of(kernel, scope, theorem, found)
        try:
            proof = Proof("combine", (*goal.args[:2], ((ONE, citation(kernel, scope, label, found)),)))
            if kernel.derive(proof, scope).op == goal.op:
                return proof
        except (Refused, IllFormed, NotFound):
            continue
    return None


def _bindings(pattern: Term, goal: Term, names: frozenset[str]) -> Iterator[dict[str, Term]]:
    """Values for the variables: from the whole sides, else from logarithms and entries that match one by one."""
    found: dict[str, Term] = {}
    if all(match(p, t, names, found) for p, t in zip(pattern.args[:2], goal.args[:2], strict=True)):
        yield found
        return
    parts = list(dict.fromkeys(s for a in pattern.args[:2] for s in subterms(a) if s.op in ("log", "xlog", "app")))
    candidates = list(dict.fromkeys(s for a in goal.args[:2] for s in subterms(a) if s.op in ("log", "xlog", "app")))
    yield from islice(_assigned(parts, candidates, names, {}), 200)


def _assigned(
    parts: list[Term], candidates: list[Term], names: frozenset[str], found: dict[str, Term]
) -> Iterator[dict[str, Term]]:
    if not parts:
        yield found
        return
    for t in candidates:
        trial = dict(found)
        if match(parts[0], t, names, trial):
            yield from _assigned(parts[1:], candidates, names, trial)


def by_citation(kernel: Kernel, scope: Scope, t: Term, label: str) -> tuple[Term, list[Step]]:
    """``t`` with every instance of the left side of the cited equation replaced by the right side."""
    theorem = kernel.library[label]
    if theorem.goal.op != "eq":
        return t, []
    names = frozenset(n for n, _ in theorem.scope.domains)
    found: dict[str, Term] = {}
    if match(theorem.goal.args[0], t, names, found):
        sizes_of(kernel, scope, theorem, found)
        try:
            proof = citation(kernel, scope, label, found)
            kernel.derive(proof, scope)
            new = substitute(theorem.goal.args[1], found)
            return new, [((), proof, ONE, new)]
        except (Refused, IllFormed, NotFound):
            pass
    steps: list[Step] = []
    if t.op in ("at", "of", "delta"):
        return t, steps
    last = len(t.args) - 1
    for k, child in enumerate(t.args):
        if type(child) is not Term or (t.op in BINDERS and k != last) or (t.op == "deriv" and k):
            continue
        if t.op in BINDERS:
            name = scope.fresh()
            new, inner = by_citation(
                kernel, scope.declaring(name, Domain("Index", (t.args[0],))), opened(child, var(name)), label
            )
            new = closed(new, name)
        elif t.op == "deriv":
            x = t.args[1] if t.args[1].op == "var" else t.args[1].args[0]
            new, inner = by_citation(kernel, scope.near(x.args[0]), child, label)
        else:
            new, inner = by_citation(kernel, scope, child, label)
        steps += [((k, *path), by, times, to) for path, by, times, to in inner]
        t = Term(t.op, *t.args[:k], new, *t.args[k + 1 :])
    return t, steps


__all__ = ["by_citation", "citation", "instance", "match", "rearranged"]
