"""A proof that was found, told line by line."""

from __future__ import annotations

from derivations._kernel.check import Kernel, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import ONE, ZERO, Term, opened
from derivations._search.normalise import Step
from derivations.judged import JudgedLine, Prose

PLAIN = Prose("")
#: Principles that only hold lines together are not reasons.
SILENT = frozenset({"rewrite", "chain", "symmetry", "when", "weaken", "equality_case"})
#: Principles whose inner proofs are not told line by line: what they use is named beside them.
WHOLE = frozenset({"termwise", "attained", "order_cases", "monotone", "bent", "hot", "apart"})
HEADINGS = {
    "zero_or_positive": ("The weight is zero", "The weight is positive"),
    "bit_cases": ("The label is 0", "The label is 1"),
}


def reasons(kernel: Kernel, proof: Proof, scope: Scope) -> tuple[str, ...]:
    """The rules and citations that a proof uses, in order."""
    fresh = Kernel(kernel.library)
    fresh.derive(proof, scope)
    named = [name for name in fresh.used if name not in SILENT and name not in ("field", "cite")] + list(fresh.cited)
    return tuple(map(spoken, named)) or ("field",)


def narrated(kernel: Kernel, proof: Proof, scope: Scope, depth: int = 0) -> list[JudgedLine]:
    """The lines of a proof: equations step by step, other principles by what they conclude from."""
    kind, args = proof.kind, proof.args
    statement = kernel.derive(proof, scope)
    if kind == "rewrite" and statement.op == "eq":
        return _rewriting(kernel, scope, args[0], args[1], depth)
    if kind == "chain" and statement.op == "iff":
        told = [line for inner in args if inner.kind != "equivalent" for line in narrated(kernel, inner, scope, depth)]
        return [*told, JudgedLine("statement", statement, PLAIN, ("equivalent",), depth=depth)]
    if kind == "chain" and args[-1].kind == "termwise" and len(args) == 2 and statement.args[0] == ZERO:  # not 0 = Σ 0 ≤ Σ f
        return [JudgedLine("statement", statement, PLAIN, _own(kernel, args[1], scope), depth=depth)]
    if kind == "chain":
        return _chained(kernel, args, scope, depth)
    if statement.op == "eq" and kind == "symmetry" and _linked(proof):
        return _backwards(narrated(kernel, args[0], scope, depth))
    lines: list[JudgedLine] = []
    if kind in ("when", "weaken", "equality_case"):
        lines += narrated(kernel, args[0], scope, depth)
        if kind == "when":
            return [
                *lines[:-1],
                JudgedLine("statement", statement, PLAIN, _with(lines[-1].rules, args[1], kernel, scope), depth=depth),
            ]
        if _says(lines[-1], statement):
            return lines
        return [*lines, JudgedLine("statement", statement, PLAIN, (spoken(kind),), depth=depth)]
    if kind in HEADINGS:
        conditions = (
            Term("eq", args[0], ZERO),
            Term("lt", ZERO, args[0]) if kind == "zero_or_positive" else Term("eq", args[0], ONE),
        )
        for heading, condition, inner in zip(HEADINGS[kind], conditions, args[1:], strict=True):
            lines.append(JudgedLine("case", condition, Prose(heading), depth=depth))
            lines += narrated(kernel, inner, scope.assuming(condition), depth + 1)
    elif kind == "slope":
        lines += narrated(kernel, args[3], scope, depth)
        for condition, inner in ((Term("lt", args[0], args[2]), args[4]), (Term("lt", args[2], args[0]), args[5])):
            if inner == ():
                continue
            lines.append(JudgedLine("case", condition, Prose("The sign of the derivative on this side"), depth=depth))
            lines += narrated(kernel, inner, scope.assuming(condition), depth + 1)
    elif kind == "equivalent":
        lines += narrated(kernel, args[3], scope, depth) if args[3].kind in ("rewrite", "chain") else []
    elif kind == "squeeze":
        near = Term("lt", args[1], args[4])
        lines.append(JudgedLine("case", near, Prose("Near zero"), depth=depth))
        lines += [_stated(kernel, inner, scope.assuming(near), depth + 1) for inner in args[5:7]]
        lines.append(_stated(kernel, args[7], scope, depth))
    elif kind == "both":
        for inner in args:
            lines += narrated(kernel, inner, scope, depth)
    elif kind in ("for_all", "assume"):
        return [JudgedLine("statement", statement, PLAIN, reasons(kernel, proof, scope), depth=depth)]
    elif kind == "infinity":
        lines += [
            JudgedLine("statement", Term("infinite", t), PLAIN, ("infinity",), depth=depth)
            for t in _infinite_parts(kernel, scope, args[0])
        ]
    elif kind == "combine":
        for _, part in args[2]:
            got = kernel.derive(part, scope)
            if got.op != "eq":
                lines += (
                    narrated(kernel, part, scope, depth)
                    if part.kind not in ("sign", "cite")
                    else [_stated(kernel, part, scope, depth)]
                )
    lines.append(JudgedLine("statement", statement, PLAIN, _own(kernel, proof, scope), depth=depth))
    return lines


def _infinite_parts(kernel: Kernel, scope: Scope, t: Term) -> list[Term]:
    """The terms of a sum that are infinite: w log(a/0), or −w log(0/b)."""
    order = kernel.order(scope)
    t = order.unfolded(t) if t.op == "app" else t
    if t.op == "sum":
        name = [Term("var", n) for n, d in scope.domains if d.name == "Index" and d.sizes == (t.args[0],)]
        return [part for i in name if order.infinite(1, part := opened(t.args[1], i))]
    return [a for a in t.args if order.infinite(1, a)] if t.op == "add" else []


def spoken(name: str) -> str:
    """A principle in words; rules have their names already, and citations keep theirs."""
    return name if "." in name else name.replace("_", " ")


def _own(kernel: Kernel, proof: Proof, scope: Scope) -> tuple[str, ...]:
    if proof.kind == "rule":
        return (proof.args[0],)
    if proof.kind == "cite":
        return (proof.args[0],)
    if proof.kind == "combine":
        equal = (part for _, part in proof.args[2] if kernel.derive(part, scope).op == "eq")
        names = dict.fromkeys(name for part in equal for name in reasons(kernel, part, scope))
        return ("combine", *(name for name in names if name != "field" or len(names) == 1))
    if proof.kind in WHOLE:
        return tuple(dict.fromkeys((spoken(proof.kind), *(n for n in reasons(kernel, proof, scope) if n != "field"))))
    return (spoken(proof.kind),)


def _with(rules: tuple[str, ...], more: Proof, kernel: Kernel, scope: Scope) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rules, *reasons(kernel, more, scope))))


def _stated(kernel: Kernel, proof: Proof, scope: Scope, depth: int) -> JudgedLine:
    return JudgedLine("statement", kernel.derive(proof, scope), PLAIN, _own(kernel, proof, scope), depth=depth)


#: Steps of one family, one after another, are told as one line.
FAMILIES = {
    "derivative": ("derivative of",),
    "logarithm": ("logarithm", "exponential", "power", "weight"),
    "sum": ("sum of", "constant factor", "order of summation", "delta", "total"),
}


def _family(name: str) -> str:
    return next((family for family, starts in FAMILIES.items() if any(start in name for start in starts)), name)


def _rewriting(kernel: Kernel, scope: Scope, t: Term, steps: tuple[Step, ...], depth: int) -> list[JudgedLine]:
    """One line for each run of steps of one family; rearrangements join the line before."""
    lines = [JudgedLine("", t, PLAIN, depth=depth)]
    for step in steps:
        t = kernel.step(scope, t, *step)
        names, last = _name(step[1]), lines[-1].rules
        alike = bool(last) and (names == ("field",) or last == ("field",) or _family(names[-1]) == _family(last[-1]))
        if len(lines) > 1 and alike:
            rules = tuple(dict.fromkeys(name for name in (*last, *names) if name != "field")) or ("field",)
            lines[-1] = JudgedLine("=", t, PLAIN, rules, depth=depth)
        else:
            lines.append(JudgedLine("=", t, PLAIN, names, depth=depth))
    return lines


def _name(proof: Proof) -> tuple[str, ...]:
    if proof.kind in ("rule", "cite"):
        return (proof.args[0],)
    if proof.kind in ("symmetry", "at_index"):
        return _name(proof.args[0])
    return (spoken(proof.kind),)


def _backwards(lines: list[JudgedLine]) -> list[JudgedLine]:
    """The lines of a = … = b, read from b."""
    out: list[JudgedLine] = []
    for k, line in enumerate(reversed(lines)):
        after = lines[len(lines) - k] if k else None
        out.append(JudgedLine("=" if k else "", line.term, PLAIN, after.rules if after else (), depth=line.depth))
    return out


def _says(line: JudgedLine, statement: Term) -> bool:
    """Whether a line says a statement already, perhaps with its case of equality."""
    said = line.term
    if line.relation != "statement" or said is None or said.op != statement.op:
        return False
    return said == statement or (said.op == "le" and len(statement.args) == 2 and said.args[:2] == statement.args)


def _linked(proof: Proof) -> bool:
    """Whether a proved equation is told line by line."""
    return proof.kind in ("rewrite", "chain") or (proof.kind == "symmetry" and _linked(proof.args[0]))


def _chained(kernel: Kernel, proofs: tuple[Proof, ...], scope: Scope, depth: int) -> list[JudgedLine]:
    """Links told one after another; a link that is no equation follows from lines of its own, told before."""
    before: list[JudgedLine] = []
    lines: list[JudgedLine] = []
    for proof in proofs:
        statement = kernel.derive(proof, scope)
        if statement.op == "eq":
            told = narrated(kernel, proof, scope, depth) if _linked(proof) else [
                JudgedLine("", statement.args[0], PLAIN, depth=depth),
                JudgedLine("=", statement.args[1], PLAIN, _name(proof), depth=depth),
            ]  # fmt: skip
            lines += told if not lines else told[1:]
            continue
        inner = narrated(kernel, proof, scope, depth)
        before += inner[:-1]
        if not lines:
            lines.append(JudgedLine("", statement.args[0], PLAIN, depth=depth))
        lines.append(JudgedLine("<=" if statement.op == "le" else "<", statement.args[1], PLAIN, inner[-1].rules, depth=depth))
    return before + lines


__all__ = ["narrated", "reasons"]
