"""The logarithms in a term: each with its coefficient, and under which sums it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from derivations._kernel.check import Kernel
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, Term, num, opened, subterms, var

from .equation import NotFound
from .looks import points
from .polynomial import Expansion, expand, monomial, product_of, rebuild
from .strong import Strong

LOGS = ("log", "xlog")
Sizes = tuple[Term, ...]


@dataclass
class Group:
    """All that stands with one logarithm: Σ over indices of these sizes of coefficient · log argument."""

    sizes: Sizes
    argument: Term
    coefficient: Expansion = field(default_factory=dict)

    @property
    def term(self) -> Term:
        """The coefficient as a term."""
        return rebuild({m: c for m, c in self.coefficient.items() if c})


Found = dict[tuple[Sizes, Term], Group]


class Logarithms:
    """Reads the logarithms off a normal form."""

    def __init__(self, kernel: Kernel, scope: Scope) -> None:
        self.kernel, self.scope, self.search = kernel, scope, Strong(kernel)
        names, inner = [], scope
        for _ in range(4):
            names.append(inner.fresh())
            inner = inner.declaring(names[-1], Domain("Index", (num(1),)))
        self.names, self.points = names, points(scope)
        self.linear_in: tuple[str, ...] = ("Real", "Positive", "Nonnegative")  #: whose variables count as logarithms

    def inside(self, sizes: Sizes) -> Scope:
        """The scope under binders of these sizes."""
        scope = self.scope
        for name, size in zip(self.names, sizes, strict=False):
            scope = scope.declaring(name, Domain("Index", (size,)))
        return scope

    def groups(self, t: Term, linear: bool) -> list[Group]:
        """The logarithms in the normal form ``t``; with ``linear``, real variables count as logarithms of exponentials."""
        found: dict[tuple[Sizes, Term], Group] = {}
        real = any(self._is_real(s, ("Real",)) for s in subterms(t))
        self.linear_in = ("Real",) if real else ("Real", "Positive", "Nonnegative")
        for m, c in expand(t).items():
            self._flatten(dict(m), c, (), found, linear)
        return [g for g in found.values() if any(g.coefficient.values())]

    def _flatten(self, factors: dict[Term, int], c: Fraction, sizes: Sizes, found: Found, linear: bool) -> None:
        logs = [f for f, e in factors.items() if f.op in LOGS and (e == 1 or f.args[0].op != "num")]
        if len(logs) > 1:
            logs = [f for f in logs if f.args[0].op != "num"]
        if not logs:
            sums = [f for f, e in factors.items() if f.op == "sum" and e == 1 and self._telling(f, linear)]
            if sums and len(sizes) < len(self.names):
                rest = {f: e for f, e in factors.items() if f is not sums[0]}
                size, body = sums[0].args
                for m, d in expand(opened(body, var(self.names[len(sizes)]))).items():
                    both = dict(rest)
                    for f, e in m:
                        both[f] = both.get(f, 0) + e
                    self._flatten(both, c * d, (*sizes, size), found, linear)
                return
            real = [f for f, e in factors.items() if e == 1 and self._is_real(f)] if linear else []
            if len(real) != 1:
                return
            argument, weight = Term("exp", real[0]), ONE
            rest = {f: e for f, e in factors.items() if f is not real[0]}
        elif len(logs) == 1 and factors[logs[0]] == 1:
            (log,) = logs
            argument, weight = (log.args[0], ONE) if log.op == "log" else (log.args[1], log.args[0])
            rest = {f: e for f, e in factors.items() if f is not log}
            real = [f for f, e in rest.items() if e == 1 and self._is_real(f)] if linear and argument.op == "num" else []
            if len(real) == 1:
                argument = Term("exp", real[0] * log)
                del rest[real[0]]
        else:
            raise NotFound("logarithms are multiplied")
        group = found.setdefault((sizes, argument), Group(sizes, argument))
        for m, d in expand(product_of(monomial(rest), c) * weight).items():
            group.coefficient[m] = group.coefficient.get(m, Fraction(0)) + d

    def _is_real(self, f: Term, domains: tuple[str, ...] = ()) -> bool:
        name = f.args[0] if f.op == "at" else f
        return f.op in ("at", "var") and name.op == "var" and self._domain(name.args[0]) in (domains or self.linear_in)

    def _domain(self, name: str) -> str:
        return self.scope.domain(name).name if self.scope.declares(name) else ""

    def _telling(self, f: Term, linear: bool) -> bool:
        return any(s.op in LOGS or (linear and s.op in ("at", "var") and self._is_real(s)) for s in subterms(f))
