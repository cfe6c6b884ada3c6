"""A program as NumPy source: one function, vectorised, with axis, units, reduction and validation."""

from __future__ import annotations

import json
import keyword
import textwrap
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from derivations._kernel.terms import subterms

from ..program import Input, Node, NotEmittable, Program, Size, nodes, unfolded
from ..stable import justification
from . import Face

WIDTH = 100
RESERVED = frozenset({"np", "rt", "fn", "Any", "ArrayLike", "axis", "base", "reduction", "weight", "validate", "call", "value"})
CALLS = {
    "log": "np.log", "exp": "np.exp", "abs": "np.abs", "max": "np.maximum", "#log1p": "np.log1p", "#expm1": "np.expm1",
    "xlog": "fn.xlog", "gather": "fn.gather", "permute": "fn.permute", "#weighted": "fn.weighted", "#bregman": "fn.bregman",
    "#softplus": "fn.softplus", "#sigmoid": "fn.sigmoid", "#logsumexp": "fn.logsumexp", "#softmax": "fn.softmax",
    "#log_softmax": "fn.log_softmax",
}  # fmt: skip
REDUCTIONS = {"sum": "np.sum", "prod": "np.prod", "top": "np.max"}
CONSTANTS = {"pi": "np.pi", "e": "np.e", "euler_gamma": "np.euler_gamma"}
ADD, MUL, NEG, POW, ATOM = range(5)  #: how tightly an expression binds


def identifier(name: str, what: str) -> str:
    """``name`` as a Python identifier; nothing else of a formula's text ever becomes code."""
    if not name.isidentifier() or keyword.iskeyword(name) or name in RESERVED or name.startswith("__"):
        raise NotEmittable(f"the {what} {name!r} cannot be a Python name here: rename it")
    return name


def number(value: Fraction) -> str:
    """A rational number as source; quotients are left to Python, which rounds them correctly."""
    try:
        exact = float(value)
    except OverflowError:
        raise NotEmittable(f"{value} is beyond double precision") from None
    if Fraction(exact) == value or value.denominator == 1:
        return repr(exact)
    if max(abs(value.numerator), value.denominator) < 2**53:
        return f"({value.numerator} / {value.denominator})"
    return repr(exact)


class _Printer:
    """Statements for the nodes that are used more than once or are long, expressions for the rest."""

    def __init__(self, program: Program, names: dict[str, str]) -> None:
        self.names = names
        self.lines: list[str] = []
        self.text: dict[Node, tuple[str, int]] = {}
        order = nodes(program.result)
        uses = Counter(a for n in order for a in set(n.args))
        taken = {*names.values(), *RESERVED}
        fresh = (name for k in range(1, len(order) + len(taken) + 2) if (name := f"t{k}") not in taken)
        for node in order:
            text, level = self.expression(node)
            plain = not node.args or node.constant or node.op == "expand"
            if node is not program.result and not plain and (uses[node] > 1 or len(text) > WIDTH - 24):
                name = next(fresh)
                self.lines.append(f"{name} = {text}")
                text, level = name, ATOM
            self.text[node] = (text, level)
        self.result = self.text[program.result][0]

    def at(self, node: Node, level: int) -> str:
        """The text of ``node`` where an expression must bind at least as tightly as ``level``."""
        text, own = self.text[node]
        return text if own >= level else f"({text})"

    def expression(self, node: Node) -> tuple[str, int]:
        op, args = node.op, node.args
        if op == "num":
            text = number(node.value)
            return text, NEG if text.startswith("-") else ATOM
        if op == "const":
            if node.value not in CONSTANTS:
                raise NotEmittable(f"no constant {node.value!r}; there are {', '.join(CONSTANTS)}")
            return CONSTANTS[node.value], ATOM
        if op in ("input", "label"):
            return self.names[node.value], ATOM
        if op in ("size", "range"):
            size = self.size(node.value)
            return (size, ATOM) if op == "size" else (f"np.arange({size})", ATOM)
        if op == "add":
            return self.sum(args), ADD
        if op == "mul":
            return self.product(args)
        if op == "pow":
            return self.power(*args)
        if op == "case":
            u, v, a, b = (self.at(x, ADD) for x in args)
            return f"np.where(np.equal({u}, {v}), {a}, {b})", ATOM
        if op == "same":
            return f"np.where({self.at(args[0], POW)} == {self.at(args[1], POW)}, 1.0, 0.0)", ATOM
        if op in REDUCTIONS:
            return f"{REDUCTIONS[op]}({self.at(args[0], ADD)}, axis=-1)", ATOM
        if op == "expand":
            return self.expanded(args[0], node.value), ATOM
        if op == "take":
            return f"{self.at(args[0], ATOM)}[..., {node.value}]", ATOM
        if op == "diagonal":
            return f"np.diagonal({self.at(args[0], ADD)}, axis1={node.value}, axis2=-1)", ATOM
        if op in CALLS:
            if op == "xlog" and args[2].op == "num" and args[2].value == 1:
                args = args[:2]
            extra = [] if node.value is None else [repr(node.value)]
            return f"{CALLS[op]}({', '.join([*(self.at(a, ADD) for a in args), *extra])})", ATOM
        raise NotEmittable(f"the NumPy backend has no {op}")

    def size(self, size: Size) -> str:
        return str(size) if isinstance(size, int) else self.names[size]

    def expanded(self, inner: Node, present: tuple[bool, ...]) -> str:
        text = self.at(inner, ATOM)
        if inner.op in REDUCTIONS and text.endswith(", axis=-1)") and present == (*[True] * (len(present) - 1), False):
            return f"{text[:-1]}, keepdims=True)"
        first = next(k for k, old in enumerate(present) if not old)
        return f"{text}[..., {', '.join(':' if old else 'None' for old in present[first:])}]"

    def sum(self, args: Iterable[Node]) -> str:
        text = ""
        for a in sorted(args, key=self.negative):
            if self.negative(a):
                shown = self.negated(a)
                text += f" - {shown}" if text else f"-{shown}"
            else:
                text += f" + {self.at(a, ADD)}" if text else self.at(a, ADD)
        return text

    def negative(self, node: Node) -> bool:
        minus = node.op == "mul" and node.args[0].op == "num" and node.args[0].value == -1
        return (minus or (node.op == "num" and node.value < 0)) and self.text[node][0].startswith("-")

    def negated(self, node: Node) -> str:
        if node.op == "num":
            return number(-node.value)
        return self.product(node.args[1:])[0]

    def product(self, args: tuple[Node, ...]) -> tuple[str, int]:
        if args[0].op == "num" and args[0].value == -1 and len(args) > 1:
            text, level = self.product(args[1:])
            return f"-{text if level >= MUL else f'({text})'}", NEG if level >= NEG else MUL
        above = [a for a in args if not self.inverse(a)]
        below = [a.args[0] for a in args if self.inverse(a)]
        if len(args) == 1 and above:
            text, level = self.text[above[0]]
            return (text, level) if level >= MUL else (f"({text})", ATOM)
        text = " * ".join(self.at(a, NEG) for a in above) or "1.0"
        for b in below:
            text += f" / {self.at(b, NEG)}"
        return text, MUL

    def inverse(self, node: Node) -> bool:
        if node.op == "expand":  # 1/Σ with the axis put back: handled where the power is printed
            return False
        return node.op == "pow" and node.args[1].op == "num" and node.args[1].value == -1 and " / " in self.text[node][0]

    def power(self, a: Node, r: Node) -> tuple[str, int]:
        if r.op == "num":
            if r.value == -1:
                return f"1.0 / {self.at(a, NEG)}", MUL
            if r.value == Fraction(1, 2):
                return f"np.sqrt({self.at(a, ADD)})", ATOM
            if r.value == 2:
                return f"np.square({self.at(a, ADD)})", ATOM
        return f"np.power({self.at(a, ADD)}, {self.at(r, ADD)})", ATOM


def module(program: Program, face: Face) -> str:
    """The text of the module with the one function ``face.name``."""
    names = _names(program, face)
    printer = _Printer(program, names)
    kernels = "_kernels as fn, " if any("fn." in line for line in (*printer.lines, printer.result)) else ""
    text = [f'r"""{_safe(_headline(program, face))}"""', "", "from __future__ import annotations", ""]
    text += ["from typing import Any", "", "import numpy as np", "from numpy.typing import ArrayLike", ""]
    text.append(f"from numeric import {kernels}_runtime as rt")
    text += ["", "", *_signature(program, face, names)]
    text.append(f'    r"""{_safe(_docstring(program, face, names))}')
    text.append('    """')
    text += [f"    {line}" for line in _body(program, names, printer)]
    return "\n".join(text) + "\n"


def _safe(text: str) -> str:
    """Text that ends neither the raw string around it nor that string's last line."""
    text = text.replace('"""', "'''").replace("\r", " ").replace("\x00", " ")
    return text + " " if text.endswith(('"', "\\")) else text


def _quoted(value: Size) -> str:
    """A size or a text as source, in double quotes."""
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _names(program: Program, face: Face) -> dict[str, str]:
    identifier(face.name, "function")
    names = {i.name: identifier(face.rename.get(i.name, i.name), "parameter") for i in program.inputs}
    for size in program.sizes:
        names.setdefault(size, identifier(face.rename.get(size, size), "size"))
    if len(set(names.values())) != len(names) or face.name in names.values():
        raise NotEmittable(f"the names {', '.join(names.values())} collide: rename")
    return names


def _classes(program: Program) -> bool:
    """Whether there is an ``axis`` to choose: joint arrays have two index axes, which are the last two."""
    return max((len(i.sizes) for i in program.inputs if i.role != "label"), default=0) == 1


def _per_sample(program: Program) -> bool:
    return not program.result.sizes


def _unit(program: Program) -> bool:
    """Whether the value is in units of information: a logarithm occurs in the formula."""
    return _per_sample(program) and any(s.op in ("log", "xlog") for s in subterms(unfolded(program.term, program.scope)))


def _signature(program: Program, face: Face, names: dict[str, str]) -> list[str]:
    arrays = [f"{names[i.name]}: {'int' if i.role == 'size' else 'ArrayLike'}" for i in program.inputs]
    options = ["axis: int = -1"] if _classes(program) else []
    options += ["base: float | None = None"] if _unit(program) else []
    options += ['reduction: str = "none"', "weight: ArrayLike | None = None"] if _per_sample(program) else []
    options.append("validate: bool = False")
    return [f"def {face.name}(", *(f"    {part}," for part in [*arrays, "*", *options]), ") -> Any:"]


def _headline(program: Program, face: Face) -> str:
    label = f"the theorem {face.theorem}" if face.theorem else "a formula that was not checked"
    lines = [f"{face.name}: {face.summary}", "", *textwrap.wrap(f"Formula: {face.formula}", 118), "", f"From: {label}."]
    lines += textwrap.wrap(f"Assumes: {'; '.join(face.assumes)}", 118) if face.assumes else []
    if program.rewrites:
        lines += ["", "Stable form, by these equalities (numeric/stable.py):"]
        for name in program.rewrites:
            told = " ".join(justification(name).split())
            lines += textwrap.wrap(f"{name}: {told}", 114, initial_indent="    ", subsequent_indent="        ")
    generated = "Generated by numeric.emit, not to be edited. Accuracy: its record, in numeric/emitted or beside this file."
    return "\n".join([*lines, "", generated, ""])


def _docstring(program: Program, face: Face, names: dict[str, str]) -> str:
    lines = [face.summary, ""]
    joint = not _classes(program)
    for i in program.inputs:
        core = ", ".join(names.get(str(s), str(s)) for s in i.sizes)
        shape = {"size": "a whole number", "label": "shape (…)", "scalar": "shape (…)"}.get(i.role, f"shape (…, {core})")
        words = i.domain.kind.words.format(*i.domain.sizes)
        if i.role == "label":
            size = i.sizes[0]
            words = f"labels 0, …, {size - 1 if isinstance(size, int) else size + ' − 1'}, label 0 being index 1 of the formula"
        lines.append(f"{names[i.name]}: {words}; {shape}.")
    result = ", ".join(str(s) for s in program.result.sizes)
    lines.append(f"Result: shape ({f'…, {result}' if result else '…'}); inputs broadcast; float32 in, float32 out.")
    if not joint:
        lines.append("axis: where the classes are, counted in the broadcast shape.")
    if _unit(program):
        lines.append("base: None for nats, 2 for bits, or any base > 0 of the logarithm.")
    if _per_sample(program):
        lines.append('reduction: "none", or over all samples "sum" (Σ weight·value) or "mean" (that, over Σ weight).')
        lines.append("weight: one number ≥ 0 per sample.")
    lines.append("validate: check that the inputs are in their domains, else ValueError.")
    return textwrap.indent("\n".join(lines), "    ").lstrip()


def _body(program: Program, names: dict[str, str], printer: _Printer) -> list[str]:
    arrays = [i for i in program.inputs if i.role != "size"]
    given = []
    for i in arrays:
        core = ", ".join(map(_quoted, i.sizes))
        given.append(f"{names[i.name]}=({names[i.name]}, ({core}{',' if len(i.sizes) == 1 else ''}))")
    labels = [names[i.name] for i in arrays if i.role == "label"]
    options = ["axis"] if _classes(program) else []
    options += [f"labels=({', '.join(map(_quoted, labels))},)"] if labels else []
    lengths = [f"{_quoted(i.name)}: {names[i.name]}" for i in program.inputs if i.role == "size"]
    options += [f"given={{{', '.join(lengths)}}}"] if lengths else []
    lines = [f"call = rt.Call({', '.join([*options, *given])})"]
    if arrays:
        lines.append(f"{', '.join(names[i.name] for i in arrays)}{',' if len(arrays) == 1 else ''} = call.arrays")
    used = {n.value for n in nodes(program.result) if n.op in ("size", "range")}
    lines += [f"{names[size]} = {names[array]}.shape[{k}]" for size, (array, k) in program.sizes.items() if size in used]
    checks = [check for i in arrays for check in _checks(i, names[i.name])]
    lines += ["if validate:", *(f"    {check}" for check in checks)] if checks else []
    lines.append('with np.errstate(all="ignore"):  # an infinity is an answer here')
    lines += [f"    {line}" for line in (*printer.lines, f"value = {printer.result}")]
    free = f"({', '.join(map(_quoted, program.result.sizes))},)"
    keep = [f"free={free}"] if program.result.sizes else []
    keep += ["base=base"] if _unit(program) else []
    keep += ["reduction=reduction", "weight=weight"] if _per_sample(program) else []
    return [*lines, f"return call.finish({', '.join(['value', *keep])})"]


def _checks(given: Input, name: str) -> list[str]:
    """The domain's row of the table as plain NumPy."""
    kind = given.domain.kind
    if given.role == "label":
        return []  # checked in every call
    low = [] if kind.low is None else [f"({name} {'>' if kind.above else '>='} {kind.low})"]
    high = [] if kind.high is None else [f"({name} {'<' if kind.below else '<='} {kind.high})"]
    whole = [f"({name} == np.floor({name}))"] if kind.whole else []
    words = kind.words.format(*given.domain.sizes)
    finite = f"np.isfinite({name})"
    lines = [f"rt.require({' & '.join([finite, *low, *high, *whole])}, {_quoted(name)}, {_quoted(words)})"]
    if kind.total:
        total = f"rt.adds_up({name}, {len(given.sizes)}, call.dtype)"
        lines.append(f"rt.require({total}, {_quoted(name)}, {_quoted(words + ': it does not add up to 1')})")
    return lines
