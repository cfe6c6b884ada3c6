"""An author's derivation becomes a proof, line by line; a line that is not accepted keeps its residue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from derivations._kernel.check import Kernel, Proof, Refused
from derivations._kernel.domains import Scope
from derivations._kernel.rules import RULES
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, num
from derivations._search.citing import by_citation, instance, rearranged
from derivations._search.equation import NotFound, equation
from derivations._search.equivalence import equivalence
from derivations._search.hypotheses import by_hypotheses
from derivations._search.inequality import inequality, stated
from derivations._search.polynomial import tidy
from derivations._search.prove import prove
from derivations._surface.author import Cases, Chain, Line, Minimum
from derivations.judged import JudgedLine, Prose

from .narrate import narrated, reasons

Read = Callable[[Any, Scope], Term]
ProseOf = Callable[[Any, Scope], Prose]


class BadLine(Exception):
    """A derivation that does not hold; the lines say where."""


@dataclass
class Elaborator:
    """One theorem's derivation on its way to a proof."""

    kernel: Kernel
    scope: Scope  #: formulas are read where the statement is made, whatever a case assumes later
    reader: Read
    writer: ProseOf
    lines: list[JudgedLine] = field(default_factory=list)

    def read(self, formula: Any) -> Term:
        """A formula of the author's."""
        return self.reader(formula, self.scope)

    def prose(self, text: Any) -> Prose:
        """Prose of the author's."""
        return self.writer(text, self.scope)

    def proof(self, spec: Chain | Cases | Minimum | None, scope: Scope, goal: Term, depth: int = 0) -> Proof:
        """The proof of ``goal`` by the author's derivation, or by search where there is none."""
        if spec is None:
            found = prove(self.kernel, scope, goal)
            self.lines += narrated(self.kernel, found, scope, depth)
            return found
        if isinstance(spec, Chain):
            return self.chain(spec, scope, goal, depth)
        if isinstance(spec, Cases):
            return self.cases(spec, scope, goal, depth)
        return self.minimum(spec, scope, goal, depth)

    # ---- lines

    def chain(self, spec: Chain, scope: Scope, goal: Term | None, depth: int) -> Proof:
        """Lines one after another; the last must be joined to the first as the goal says."""
        before = self.read(spec.first)
        self.lines.append(JudgedLine("", before, Prose(""), depth=depth))
        proofs: list[Proof] = []
        down = any(line.relation in (">=", ">") for line in spec.lines)
        failed: Exception | None = None
        for line in spec.lines:
            term = self.read(line.term)
            try:
                proof, rules = self.line(line, scope, before, term)
                proofs.append(proof)
                self.lines.append(JudgedLine(line.relation, term, self.prose(line.reason), rules, depth=depth))
            except (NotFound, Refused, IllFormed) as error:
                failed = failed or error
                residue = getattr(error, "residue", None) or tidy(before - term)
                reason = self.prose(line.reason)
                self.lines.append(JudgedLine(line.relation, term, reason, accepted=False, residue=residue, depth=depth))
            before = term
        if failed is not None:
            raise BadLine(f"a line was not accepted: {failed}") from failed
        if down:
            proofs = [p if self.kernel.derive(p, scope).op != "eq" else Proof("symmetry", (p,)) for p in reversed(proofs)]
        whole = proofs[0] if len(proofs) == 1 else Proof("chain", tuple(proofs))
        if goal is None:
            return whole
        return self.concluded(whole, scope, goal, depth)

    def concluded(self, proof: Proof, scope: Scope, goal: Term, depth: int) -> Proof:
        """The goal from what the lines show: the same relation, its equality case in other words, or turned round."""
        got = self.kernel.derive(proof, scope)
        if got == goal:
            return proof
        if got.op == "eq" and goal == Term("eq", *reversed(got.args)):
            return Proof("symmetry", (proof,))
        if goal.op == "iff" and got.op == "eq" and goal.args[0].op == "eq" and goal.args[0].args[0] == got.args[0]:
            moved = Term("eq", got.args[1], goal.args[0].args[1])
            same = equivalence(self.kernel, scope, moved, goal.args[1])
            put = Proof("rewrite", (goal.args[0], (((0,), proof, ONE, got.args[1]),)))
            self.lines.append(JudgedLine("statement", goal, Prose("equivalent equations"), ("equivalent",), depth=depth))
            return Proof("chain", (put, same))
        if goal.op == "iff" and goal.args[0].op == "eq":
            (a, b), case = goal.args[0].args, goal.args[1]
            turned = got.args[:2] == (b, a) and got.args[:2] != (a, b)
            found = Proof(
                "equality_case", (stated(self.kernel, scope, Term("le", *((b, a) if turned else (a, b)), case), proof),)
            )
            if turned:
                swap = Proof("equivalent", (goal.args[0], Term("eq", b, a), num(-1), Proof("field", (ZERO, ZERO))))
                found = Proof("chain", (swap, found))
            self.lines.append(JudgedLine("statement", goal, Prose("the equality case"), ("equality case",), depth=depth))
            return found
        try:
            final = stated(self.kernel, scope, goal, proof)
        except NotFound as error:
            raise BadLine(f"the lines show another statement than the claim: {error}") from error
        if goal.op == "le" and len(goal.args) == 3:
            self.lines.append(
                JudgedLine("statement", goal, Prose("The equality case, from the lines above."), ("when",), depth=depth)
            )
        return final

    def line(self, line: Line, scope: Scope, before: Term, term: Term) -> tuple[Proof, tuple[str, ...]]:
        """A proof of one line, and the rules it uses; a rule which the author names must be among them."""
        unknown = [
            r for r in line.rules if r not in RULES and r not in ("definition", "field", "sign", "hypothesis") and "." not in r
        ]
        if unknown:
            raise NotFound(f"there is no rule {unknown[0]!r}")
        for label in (r for r in line.rules if "." in r):
            if label not in self.kernel.library:
                raise NotFound(f"there is no statement {label!r} to cite; a label is RESULT.STATEMENT, proved before this one")
        if line.relation == "=":
            proof = self.equation(scope, before, term, line.rules)
        else:
            a, b = (term, before) if line.relation in (">=", ">") else (before, term)
            goal = Term("lt" if line.relation in ("<", ">") else "le", a, b)
            proof = self.cited(scope, goal, line.rules) or inequality(self.kernel, scope, goal, keep=goal.op == "le")
        used = reasons(self.kernel, proof, scope)
        unused = [r for r in line.rules if r not in used and r not in ("field", "sign", "hypothesis")]
        if unused:
            raise NotFound(f"the line names {unused[0]!r}, which it does not use")
        return proof, used

    def cited(self, scope: Scope, goal: Term, rules: tuple[str, ...]) -> Proof | None:
        """The goal as an instance of a cited inequality, if it is one."""
        for label in (r for r in rules if "." in r and r in self.kernel.library):
            proof = instance(self.kernel, scope, label, goal)
            if proof is not None:
                return proof
        return None

    def equation(self, scope: Scope, a: Term, b: Term, rules: tuple[str, ...]) -> Proof:
        """a = b: by the hypotheses of the case, by cited equations, and by the rules allowed."""
        links: list[Proof] = []
        cited = [r for r in rules if "." in r]
        allowed = frozenset(r for r in rules if "." not in r) if rules else None
        start = a
        for label in cited:
            if (whole := rearranged(self.kernel, scope, label, Term("eq", a, b))) is not None:
                return whole
            start, steps = by_citation(self.kernel, scope, start, label)
            if steps:
                links.append(Proof("rewrite", (a, tuple(steps))))
                a = start
        try:
            links.append(equation(self.kernel, scope, a, b, allowed, staged=not cited))
        except NotFound:
            (a_end, a_steps), (b_end, b_steps) = (by_hypotheses(self.kernel, scope, t) for t in (a, b))
            if not a_steps and not b_steps:
                raise
            links += [Proof("rewrite", (a, tuple(a_steps)))] if a_steps else []
            links.append(equation(self.kernel, scope, a_end, b_end, allowed))
            links += [Proof("symmetry", (Proof("rewrite", (b, tuple(b_steps))),))] if b_steps else []
        return links[0] if len(links) == 1 else Proof("chain", tuple(links))

    # ---- cases, minima

    def cases(self, spec: Cases, scope: Scope, goal: Term, depth: int) -> Proof:
        """The goal in both cases."""
        w = self.read(spec.on)
        second = Term("lt", ZERO, w) if spec.kind == "zero_or_positive" else Term("eq", w, ONE)
        proofs = []
        for condition, inner in ((Term("eq", w, ZERO), spec.first), (second, spec.second)):
            self.lines.append(JudgedLine("case", condition, Prose("Case"), depth=depth))
            proofs.append(self.proof(inner, scope.assuming(condition), goal, depth + 1))
        return Proof(spec.kind, (w, *proofs))

    def minimum(self, spec: Minimum, scope: Scope, goal: Term, depth: int) -> Proof:
        """The derivative by lines, its sign on both sides, the value at the minimum."""
        f, x, c = (self.read(t) for t in (spec.f, spec.x, spec.at))
        derivative = self.chain(spec.derivative, scope, None, depth)
        slope = self.kernel.derive(derivative, scope).args[1]
        sides = []
        for condition in (Term("lt", x, c), Term("lt", c, x)):
            sign = Proof("sign", (slope,))
            statement = self.kernel.derive(sign, scope.assuming(condition))
            self.lines.append(JudgedLine("case", condition, Prose("Case"), depth=depth))
            self.lines.append(
                JudgedLine("statement", statement, Prose("the sign of the derivative"), ("sign",), depth=depth + 1)
            )
            sides.append(sign)
        proof = Proof("slope", (x, f, c, derivative, *sides))
        got = self.kernel.derive(proof, scope)
        self.lines.append(
            JudgedLine(
                "statement", got, Prose("so the function has its minimum there, and nowhere else"), ("slope",), depth=depth
            )
        )
        low = got.args[0]
        if goal.op == "le" and goal.args[0] != low:
            value = equation(self.kernel, scope, low, goal.args[0])
            self.lines.append(JudgedLine("", low, Prose(""), depth=depth))
            self.lines.append(
                JudgedLine("=", goal.args[0], Prose("the value there"), reasons(self.kernel, value, scope), depth=depth)
            )
            proof = Proof("chain", (Proof("symmetry", (value,)), proof))
        return self.concluded(proof, scope, goal, depth)


def relation(sign: str, a: Term, b: Term) -> Term:
    """The statement that a line with this sign makes about the line before and its own term."""
    if sign == "=":
        return Term("eq", a, b)
    op = "lt" if sign in ("<", ">") else "le"
    return Term(op, b, a) if sign in (">=", ">") else Term(op, a, b)


__all__ = ["BadLine", "Elaborator", "relation"]
