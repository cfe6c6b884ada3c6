"""A formula of the term language is an array program: sums are reductions over an axis, indices are axes.

Every array of a program has batch axes first and *index axes* last. An index that is bound in a sum, or free in
the formula, is one index axis; entries at that index are the array itself, aligned on that axis; nested index
sets give further axes, joined by broadcasting. Nodes carry the sizes of their index axes and no names, so exp(z_j)
under a sum and exp(z_k) outside it are one node. There is no loop over classes or samples to be emitted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derivations._kernel.definitions import definition
from derivations._kernel.domains import Domain, Scope, sort
from derivations._kernel.terms import BINDERS, LEAVES, Term, closed, entry, free_names, opened, subterms, var

Size = str | int
#: The functions that stable.py puts into a term; a program keeps them, backends have a kernel for each.
ELEMENTWISE = frozenset({"#log1p", "#expm1", "#softplus", "#sigmoid", "#weighted", "#bregman"})
REDUCING = frozenset({"#logsumexp"})
ALONG = frozenset({"#softmax", "#log_softmax"})
STABLE = ELEMENTWISE | REDUCING | ALONG


class NotEmittable(ValueError):
    """A formula which is no array program, with the reason and what to do instead."""


@dataclass(frozen=True)
class Node:
    """One array: an operation on other arrays, and the sizes of its index axes, outermost first."""

    op: str
    args: tuple[Node, ...] = ()
    value: Any = None
    sizes: tuple[Size, ...] = ()

    @property
    def constant(self) -> bool:
        """Whether no array enters: such a value is a plain number and fits every shape."""
        return self.op in ("num", "const", "size") or bool(self.args and not self.sizes and all(a.constant for a in self.args))


@dataclass(frozen=True)
class Input:
    """A parameter of the function: the variable, its role and its domain."""

    name: str
    role: str  #: "scalar" (one number per sample), "vector", "array" (two index axes), "label" or "size"
    domain: Domain

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The sizes in the brackets of the domain."""
        return tuple(size_of(s) for s in self.domain.sizes)


@dataclass(frozen=True)
class Program:
    """Inputs and one result; ``free`` names the free indices, whose axes the result keeps."""

    inputs: tuple[Input, ...]
    result: Node
    free: tuple[str, ...]
    term: Term  #: the formula as stated
    scope: Scope
    rewrites: tuple[str, ...] = ()  #: rows of stable.REWRITES which were used

    @property
    def sizes(self) -> dict[str, tuple[str, int]]:
        """For each named size the input, and the axis counted from the end, from which it is read."""
        found: dict[str, tuple[str, int]] = {}
        for given in self.inputs:
            if given.role in ("vector", "array"):
                for k, size in enumerate(given.sizes):
                    if isinstance(size, str):
                        found.setdefault(size, (given.name, k - len(given.sizes)))
        return found


def size_of(size: Term) -> Size:
    """A size as a name or a whole number."""
    return int(size.args[0]) if size.op == "num" else str(size.args[0])


def zero_based(index: Fraction) -> int:
    """The position of a label: mathematics counts 1, …, K, arrays 0, …, K−1. This is the one place of the shift.

    Labels that a caller passes, and the index axes themselves, are positions already.
    """
    return int(index) - 1


def unfolded(t: Term, scope: Scope) -> Term:
    """``t`` with every defined function replaced by its definition."""
    if t.op in LEAVES:
        return t
    if t.op in BINDERS:
        name = scope.fresh()
        inner = scope.declaring(name, Domain("Index", (t.args[0],)))
        return Term(t.op, t.args[0], closed(unfolded(opened(t.args[1], var(name)), inner), name))
    t = t.rebuild(tuple(unfolded(a, scope) for a in t.children))
    if t.op == "at":
        return entry(*t.args)
    if t.op == "app" and t.args[0] not in STABLE:
        defined = definition(t.args[0])
        return unfolded(defined.unfold(t.args[1:], defined.sizes(t.args[1:], tuple(sort(a, scope) for a in t.args[1:]))), scope)
    return t


def inputs_of(t: Term, scope: Scope, parameters: Sequence[str] | None) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    """The inputs, and the free indices, of a formula with these parameters (default: its variables, as declared)."""
    names = free_names(t)
    if parameters is None:
        parameters = [n for n, d in scope.domains if n in names and d.name not in ("Size", "Index")]
    inputs, free = [], []
    for name in parameters:
        domain = scope.domain(name)
        if domain.name == "Family":
            raise NotEmittable(f"{name} is a family of distributions, not an array: state the formula for its value")
        role = {"Index": "label", "Size": "size"}.get(domain.name, ("scalar", "vector", "array")[len(domain.sizes)])
        inputs.append(Input(name, role, domain))
    for name, domain in scope.domains:
        if name in names and name not in parameters:
            if domain.name == "Index":
                free.append(name)
            elif domain.name != "Size":
                raise NotEmittable(f"{name} occurs in the formula and is not among the parameters {tuple(parameters)}")
    return tuple(inputs), tuple(free)


def lower(
    term: Term,
    scope: Scope,
    parameters: Sequence[str] | None = None,
    stabilise: Callable[[Term, Scope], tuple[Term, tuple[str, ...]]] | None = None,
) -> Program:
    """The array program of a formula. An index variable among the parameters is a label array, else an axis of the result.

    ``stabilise`` is stable.stable or nothing, which gives the formula as it stands.
    """
    for s in subterms(term):
        if s.op == "deriv":
            raise NotEmittable("a derivative is not an array program: emit the derived right-hand side")
        if s.op == "of":
            raise NotEmittable("a family of distributions is not an array: emit the formula for its value")
    if sort(term, scope).name != "real":
        raise NotEmittable("a formula to emit is a number: emit one side of the statement")
    inputs, free = inputs_of(term, scope, parameters)
    plain = unfolded(term, scope)
    plain, rewrites = stabilise(plain, scope) if stabilise else (plain, ())
    lowering = _Lowering(scope, inputs)
    for name in free:
        lowering.indices[name] = lowering.slot(size_of(scope.domain(name).sizes[0]))
    kept = tuple(lowering.indices.values())
    program = Program(inputs, lowering.aligned(lowering.number(plain), kept), free, term, scope, rewrites)
    needed = {n.value for n in nodes(program.result) if n.op in ("size", "range")} | set(program.result.sizes)
    lengths = {i.name for i in inputs if i.role == "size"}
    for size in sorted(lengths & set(program.sizes)):
        raise NotEmittable(f"the length {size} is read from {program.sizes[size][0]}: leave it out of the parameters")
    given = {*program.sizes, *lengths}
    for size in sorted(s for s in needed if isinstance(s, str) and s not in given):
        raise NotEmittable(f"no input has the length {size}: make {size} a parameter")
    return program


def nodes(result: Node) -> list[Node]:
    """Every node once, arguments before what uses them."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in found:
            for a in node.args:
                visit(a)
            found[node] = None

    visit(result)
    return list(found)


@dataclass(frozen=True)
class _Axes:
    """A node and which index each of its index axes belongs to; the numbers ascend, the innermost binder is last."""

    node: Node
    slots: tuple[int, ...]


class _Lowering:
    def __init__(self, scope: Scope, inputs: tuple[Input, ...]) -> None:
        self.scope = scope
        self.inputs = {i.name: i for i in inputs}
        self.size: list[Size] = []  # of each slot
        self.indices: dict[str, int] = {}  # free index → slot
        self.bound: list[int] = []  # slots of the binders around, innermost last

    def slot(self, size: Size) -> int:
        self.size.append(size)
        return len(self.size) - 1

    def aligned(self, a: _Axes, slots: tuple[int, ...]) -> Node:
        """The node of ``a`` with an axis of length one for every slot it does not depend on."""
        if a.slots == slots or a.node.constant:
            return a.node
        present = tuple(s in a.slots for s in slots)
        return Node("expand", (a.node,), present, tuple(self.size[s] for s in slots))

    def joined(self, op: str, parts: Sequence[_Axes], value: Any = None) -> _Axes:
        slots = tuple(sorted({s for p in parts for s in p.slots}))
        node = Node(op, tuple(self.aligned(p, slots) for p in parts), value, tuple(self.size[s] for s in slots))
        return _Axes(node, slots)

    def index(self, t: Term) -> int | Node | Fraction:
        """An index: the slot of an axis, a label array, or a literal label."""
        if t.op == "num":
            return Fraction(t.args[0])
        if t.op == "bound":
            return self.bound[-1 - int(t.args[0])]
        name = str(t.args[0])
        return self.indices[name] if name in self.indices else Node("label", (), name)

    def select(self, a: _Axes, slot: int, index: int | Node | Fraction) -> _Axes:
        """The entries of ``a`` at ``index`` along the axis ``slot``, which is the last one."""
        node, rest, sizes = a.node, a.slots[:-1], a.node.sizes[:-1]
        if isinstance(index, Fraction):
            return _Axes(Node("take", (node,), zero_based(index), sizes), rest)
        if isinstance(index, Node):
            return _Axes(Node("gather", (node, index), len(rest), sizes), rest)
        if index in rest:
            where = rest.index(index)
            kept = rest[:where] + rest[where + 1 :]
            sizes = sizes[:where] + sizes[where + 1 :]
            node, slots = Node("diagonal", (node,), where - len(a.slots), (*sizes, self.size[index])), (*kept, index)
        else:
            slots = (*rest, index)
        return self.sorted(node, slots)

    def sorted(self, node: Node, slots: tuple[int, ...]) -> _Axes:
        return self.permuted(_Axes(node, slots), tuple(sorted(range(len(slots)), key=slots.__getitem__)))

    def permuted(self, a: _Axes, order: tuple[int, ...]) -> _Axes:
        """``a`` with its axes in another order; two changes of order are one, or none."""
        node, slots = a.node, tuple(a.slots[k] for k in order)
        if node.op == "permute":
            node, order = node.args[0], tuple(node.value[k] for k in order)
        if order != tuple(range(len(order))):
            node = Node("permute", (node,), order, tuple(node.sizes[k] for k in order))
        return _Axes(node, slots)

    def under(self, size: Term, body: Term) -> tuple[_Axes, int]:
        slot = self.slot(size_of(size))
        self.bound.append(slot)
        inner = self.number(body)
        self.bound.pop()
        return inner, slot

    def reduction(self, op: str, size: Term, body: Term) -> _Axes:
        inner, slot = self.under(size, body)
        if slot in inner.slots:
            return _Axes(Node(op, (inner.node,), None, inner.node.sizes[:-1]), inner.slots[:-1])
        if op == "top":  # a term without the index is added, or multiplied, as often as the index set is long
            return inner
        count = _Axes(self.size_node(size_of(size)), ())
        return self.joined("mul", (count, inner)) if op == "sum" else self.joined("pow", (inner, count))

    def size_node(self, size: Size) -> Node:
        return Node("num", (), Fraction(size)) if isinstance(size, int) else Node("size", (), size)

    def number(self, t: Term) -> _Axes:
        op, args = t.op, t.args
        if op in ("num", "const"):
            return _Axes(Node(op, (), args[0]), ())
        if op == "var":
            name = args[0]
            if self.scope.domain(name).name == "Size":
                return _Axes(Node("size", (), name), ())
            return _Axes(Node("input", (), name), ())
        if op == "at":
            return self.entries(t)
        if op in ("sum", "prod", "top"):
            return self.reduction(op, args[0], args[1])
        if op == "delta":
            return self.delta(self.index(args[0]), self.index(args[1]))
        if op == "app":
            return self.stable(args[0], args[1:])
        if op in ("add", "mul", "pow", "log", "exp", "xlog", "max", "abs", "case"):
            return self.joined(op, [self.number(a) for a in args])
        raise NotEmittable(f"{op} is not part of an array program")

    def entries(self, t: Term) -> _Axes:
        vector, indices = t.args[0], t.args[1:]
        if vector.op == "vec":
            return self.number(entry(vector, *indices))
        if vector.op != "var":
            raise NotEmittable(f"entries are taken of variables, not of {vector.op}")
        sizes = self.inputs[vector.args[0]].sizes
        slots = tuple(self.slot(s) for s in sizes)
        axes = _Axes(Node("input", (), vector.args[0], sizes), slots)
        for k in reversed(range(len(indices))):  # the last index first: its axis is the last one
            where = axes.slots.index(slots[k])
            axes = self.permuted(axes, (*(j for j in range(len(axes.slots)) if j != where), where))
            axes = self.select(axes, slots[k], self.index(indices[k]))
        return axes

    def delta(self, i: int | Node | Fraction, j: int | Node | Fraction) -> _Axes:
        if i == j:
            return _Axes(Node("num", (), Fraction(1)), ())
        if isinstance(i, Fraction) and isinstance(j, Fraction):
            return _Axes(Node("num", (), Fraction(0)), ())

        def positions(index: int | Node | Fraction) -> _Axes:
            if isinstance(index, Fraction):
                return _Axes(Node("num", (), Fraction(zero_based(index))), ())
            if isinstance(index, Node):
                return _Axes(index, ())
            return _Axes(Node("range", (), self.size[index], (self.size[index],)), (index,))

        return self.joined("same", (positions(i), positions(j)))

    def stable(self, name: str, args: tuple[Term, ...]) -> _Axes:
        if name in ELEMENTWISE:
            return self.joined(name, [self.number(a) for a in args])
        inner, slot = self.under(*args[0].args)
        if slot not in inner.slots:  # n equal entries: log Σ = a + log n, softmax = 1/n
            count = _Axes(self.size_node(size_of(args[0].args[0])), ())
            log = self.joined("log", (count,))
            if name == "#logsumexp":
                return self.joined("add", (inner, log))
            minus = _Axes(Node("num", (), Fraction(-1)), ())
            return self.joined("pow", (count, minus)) if name == "#softmax" else self.joined("mul", (minus, log))
        if name in REDUCING:
            return _Axes(Node(name, (inner.node,), None, inner.node.sizes[:-1]), inner.slots[:-1])
        return self.select(_Axes(Node(name, (inner.node,), None, inner.node.sizes), inner.slots), slot, self.index(args[1]))


__all__ = ["Input", "Node", "NotEmittable", "Program", "Size", "lower", "nodes", "size_of", "unfolded", "zero_based"]
