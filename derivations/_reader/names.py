"""Names and subscripts: what is declared, which entry is meant, over what an index runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term, num, var
from derivations._kernel.tree import Node
from derivations._surface.letters import ACCENTS

from .functions import joined
from .glyphs import face
from .reading import ReadError
from .unknown import advice, example

Shape = tuple[Term, ...]  #: no size: a number; one: a vector; two: an array


@dataclass
class Index:
    """An index: the size of the set it runs over, or what is known of its range."""

    name: str
    span: tuple[int, int]
    low: Node | None = None
    high: Node | None = None
    size: Term | None = None  #: where it runs from 1 to a size
    uses: list[tuple[Term, tuple[int, int]]] = field(default_factory=list)


@dataclass
class Variable:
    """The variable of an integral or a limit."""

    name: str


Env = dict[str, Any]  #: names to Index or Variable


class Names:
    """What the names and the subscripts of one claim mean."""

    def __init__(self, scope: Scope, source: str, notes: dict[str, tuple[int, int]]) -> None:
        self.scope, self.source, self.notes = scope, source, notes
        self.free: dict[str, Index] = {}
        self.deltas: list[tuple[Index | Shape, Index | Shape, tuple[int, int]]] = []
        self.used: dict[str, tuple[int, int]] = {}  #: declared names, where they stand for themselves
        self.faces: dict[str, str] = {}  #: declared names, and how they are set where they are first met
        self.hidden: dict[str, tuple[int, int]] = {}  #: declared names which an integral or a limit binds
        self.bound: dict[str, tuple[int, int]] = {}  #: indices that are bound somewhere
        self.left_out: list[tuple[str, tuple[int, int]]] = []  #: free indices in Σ_{j≠k}, and the sums they stand at

    def fail(self, what: str, at: Node | tuple[int, int], fix: str = "") -> NoReturn:
        raise ReadError(what, self.source, at.span if isinstance(at, Node) else at, fix)

    # ---- names

    def declared_as(self, text: str) -> str | None:
        """The declared name a written name stands for: ŷ may be declared as y_hat or as yhat."""
        found = [text] if self.scope.declares(text) else []
        base, _, accent = text.rpartition("_")
        if accent in ACCENTS.values() or accent.isdigit():
            found += [base + accent] if self.scope.declares(base + accent) else []
        return found[0] if len(found) == 1 else None if not found else self.fail_twice(found)

    def fail_twice(self, found: list[str]) -> NoReturn:
        raise ReadError(
            f"{' and '.join(found)} are both declared, and are written alike", self.source, (0, 1), "rename one of them"
        )

    def use(self, name: str, node: Node) -> None:
        """A declared name stands here; everywhere it is set in one way."""
        self.used.setdefault(name, node.span)
        domain = self.scope.domain(name)
        own = face(self.source[slice(*node.span)], bool(domain.sizes) and domain.name != "Index")
        if self.faces.setdefault(name, own) != own:
            self.fail(f"{name} is set in two ways, and may be meant as two symbols", node, "set one name in one way")

    def sym(self, node: Node, env: Env) -> tuple[Node, Shape]:
        text = node.args[0]
        if text in env:
            bound = env[text]
            kind = "index" if isinstance(bound, Index) else "name"
            return Node(kind, (text,), node.span), ()
        name = self.declared_as(text)
        if text in ("e", "pi") and name is not None:
            self.fail(f"{text} is declared, and is also a number", node, "give the variable another name")
        if name is not None:
            if self.scope.domain(name).name == "Family":
                self.fail(f"{name} is a family of distributions", node, f"write {text}_{{\\theta}} or {text}(\\theta)")
            self.use(name, node)
            domain = self.scope.domain(name)
            return Node("name", (name,), node.span), () if domain.name == "Index" else domain.sizes
        if text in ("e", "pi") and (font := face(self.source[slice(*node.span)], False)) not in ("", "upright"):
            self.fail(f"{text} in this font ({font}) is not certain to be the number", node, "write e or \\pi for the number")
        if text == "e":
            return Node("euler", (), node.span), ()
        if text == "pi":
            return Node("pi", (), node.span), ()
        if text in self.free:
            return Node("index", (text,), node.span), ()
        return self.undeclared(text, node)

    def undeclared(self, text: str, node: Node, declaration: str = "") -> NoReturn:
        """Refuse a name that is not declared."""
        what, fix = advice(text, node.span, self.source, declaration)
        self.fail(what, node, fix)

    # ---- subscripts

    def index(self, node: Node, size: Term, env: Env) -> Node:
        """A symbol of a subscript, which runs over 1…size."""
        if node.kind == "number":
            value = node.args[0]
            if value < 1 or (size.op == "num" and value > size.args[0]) or (size.op == "var" and value > 1):
                self.fail(f"there is no entry {value} for every size", node, f"the entries are 1, ..., {size.args[0]}")
            return node
        text = node.args[0]
        found = env.get(text)
        if isinstance(found, Variable):
            self.fail(f"{text} is the variable of an integral or a limit, not an index", node)
        if isinstance(found, Index):
            self.fits(found, size, node)
            return Node("index", (text,), node.span)
        name = self.declared_as(text)
        if name is None:
            free = self.free.setdefault(text, Index(text, node.span))
            self.fits(free, size, node)
            return Node("index", (text,), node.span)
        domain = self.scope.domain(name)
        self.use(name, node)
        if domain.name == "Index" and domain.sizes == (size,):
            return Node("name", (name,), node.span)
        if domain.name == "Index":
            self.fail(f"{name} is one of 1, ..., {domain.sizes[0].args[0]}, and the vector has {size.args[0]} entries", node)
        if domain.name == "Size" and size == var(name):
            return Node("name", (name,), node.span)
        return self.fail(f"{name} is declared as {domain}, and is no index", node, "rename the index")

    def fits(self, index: Index, size: Term, at: Node) -> None:
        """The index runs over entries that there are."""
        index.uses.append((size, at.span))
        if index.size is not None:
            inside = index.size == size or (index.size.op == size.op == "num" and index.size.args[0] <= size.args[0])
        elif index.high is None:
            index.size, inside = size, True
        else:
            inside = within(index, size)
        if not inside:
            runs = (
                f"runs over {self.range_of(index)}"
                if index.high is not None
                else f"is used with {shown(index.uses[0][0])} entries"
            )
            self.fail(f"the index {index.name} {runs}, and here there are {shown(size)} entries", at)

    def range_of(self, index: Index) -> str:
        if index.size is not None:
            return f"1, ..., {shown(index.size)}"
        ends = (index.low, index.high)
        return ", ..., ".join(self.source[e.span[0] : e.span[1]] if e is not None else "?" for e in ends)

    def sub(self, node: Node, env: Env) -> tuple[Node, Shape]:
        base, *groups = node.args
        if base.kind == "sym" and base.args[0] not in env:
            if self.is_delta(base):
                return self.delta(node, groups, env), ()
            name, rest = self.named(node)
            if name is None:
                self.undeclared(base.args[0], node, example(base.args[0], groups))
            domain = self.scope.domain(name)
            if domain.name == "Index":
                self.fail(f"{name} is declared as {domain}, and has no entries", node)
            if domain.name == "Family":
                (parameter, *more), *others = rest
                found, shape = self.member(name, parameter, node, env)
                return self.entry((found, shape), [more, *others], node, env)
            self.use(name, base)
            return self.entry((Node("name", (name,), base.span), domain.sizes), rest, node, env)
        return self.entry(self.walk(base, env), groups, node, env)

    def member(self, name: str, parameter: Node, node: Node, env: Env) -> tuple[Node, Shape]:
        """The distribution which a family takes at a parameter, written q_θ or q(θ)."""
        domain = self.scope.domain(name)
        self.use(name, node)
        found, shape = self.walk(parameter, env)
        if shape != domain.sizes[1:]:
            self.fail(f"{name} takes a vector of {shown(domain.sizes[1])} parameters", node)
        return Node("family", (Node("name", (name,), node.span), found), node.span), domain.sizes[:1]

    def is_delta(self, base: Node) -> bool:
        """Whether the symbol is Kronecker's."""
        return bool(base.args[0] == "delta" and not self.scope.declares("delta"))

    def named(self, node: Node) -> tuple[str | None, Any]:
        """The declared name which a symbol with a subscript begins with, and the indices that are left.

        ``x_{max}`` and ``p_{1,i}`` may begin with the names x_max and p_1.
        """
        base, *groups = node.args
        plain = self.declared_as(base.args[0])
        for k in range(len(groups), 0, -1):
            name = self.declared_as(f"{base.args[0]}_{joined(groups[:k])}")
            if name is not None:
                if plain is not None:
                    self.fail(f"{plain} and {name} are both declared", node, "rename one of them")
                return name, groups[k:]
        return plain, groups

    def entry(self, vector: tuple[Node, Shape], groups: Any, node: Node, env: Env) -> tuple[Node, Shape]:
        base, shape = vector
        symbols = [s for group in groups for s in group]
        if not symbols:
            return vector
        if not shape:
            fix = f"declare {example(base.args[0], [symbols])}" if base.kind == "name" else ""
            self.fail(f"{self.text(base)} is a number, and has no entries", node, fix)
        if len(symbols) == 1 and len(shape) == 2 and symbols[0].kind == "number" and 11 <= symbols[0].args[0] <= 99:
            tens, ones = divmod(int(symbols[0].args[0]), 10)
            symbols = [Node("number", (Fraction(d),), symbols[0].span) for d in (tens, ones)]
        if len(symbols) != len(shape):
            want = "one index" if len(shape) == 1 else "two indices"
            self.fail(f"{self.text(base)} takes {want}", node)
        indices = [self.index(s, size, env) for s, size in zip(symbols, shape, strict=True)]
        return Node("entry", (base, *indices), node.span), ()

    def text(self, node: Node) -> str:
        return " ".join(self.source[node.span[0] : node.span[1]].split())[:40]

    def delta(self, node: Node, groups: Any, env: Env) -> Node:
        symbols = [s for group in groups for s in group]
        if len(symbols) != 2:
            self.fail("\\delta takes two indices", node, "write \\delta_{kl}")
        return self.kronecker(symbols[0], symbols[1], node, env)

    def kronecker(self, a: Node, b: Node, node: Node, env: Env) -> Node:
        (left, x), (right, y) = self.label(a, env), self.label(b, env)
        for index in (x, y):
            if isinstance(index, Index) and index.size is not None:
                index.uses.append((index.size, node.span))
        if x is not None and y is not None:
            self.deltas.append((x, y, node.span))
            self.settle(x, y, node)
        elif x is None and y is None:
            self.fail("\\delta compares indices", node)
        return Node("delta", (left, right), node.span)

    def label(self, s: Node, env: Env) -> tuple[Node, Index | Shape | None]:
        """An index, or a label, with what is known of its range."""
        if s.kind == "number":
            return s, None
        text = s.args[0]
        found = env.get(text)
        if isinstance(found, Index):
            return Node("index", (text,), s.span), found
        name = self.declared_as(text)
        if name is not None:
            self.use(name, s)
            domain = self.scope.domain(name)
            if domain.name == "Index":
                return Node("name", (name,), s.span), domain.sizes
            return self.fail(f"{name} is declared as {domain}, and is no index", s)
        if found is not None:
            self.fail(f"{text} is no index", s)
        return Node("index", (text,), s.span), self.free.setdefault(text, Index(text, s.span))

    def settle(self, x: Index | Shape, y: Index | Shape, node: Node) -> None:
        """Two indices that are compared run over the same set, where that is known already."""
        for a, b in ((x, y), (y, x)):
            size = b[0] if isinstance(b, tuple) else b.size
            if isinstance(a, Index) and a.size is None and a.high is None and size is not None:
                a.size = size
                a.uses.append((size, node.span))

    def _is_label(self, text: str) -> bool:
        name = self.declared_as(text)
        return name is not None and self.scope.domain(name).name == "Index"

    def walk(self, node: Node, env: Env) -> tuple[Node, Shape]:
        """The meaning of any part of the formula."""
        raise NotImplementedError


def shown(size: Term | None) -> str:
    """A size in a message."""
    return str(size.args[0]) if size is not None else "?"


def size_of(high: Node, scope: Scope) -> Term | None:
    """The size up to which an index runs, if it is one."""
    if high.kind == "name" and scope.domain(high.args[0]).name == "Size":
        return var(high.args[0])
    if high.kind == "number" and high.args[0].denominator == 1 and high.args[0] >= 1:
        return num(high.args[0])
    return None


def size_node(size: Term | None, span: tuple[int, int]) -> Node:
    """A size as a node."""
    if size is None:
        raise ValueError("no size")
    return Node("name" if size.op == "var" else "number", (size.args[0],), span)


def within(index: Index, size: Term) -> bool:
    """Whether low, …, high lies in 1, …, size whatever the sizes are."""
    low, high = index.low, index.high
    if high is None or low is None or low.kind != "number" or low.args[0].denominator != 1 or low.args[0] < 1:
        return False
    if high.kind == "add" and len(high.args) == 2 and high.args[1].kind == "neg" and high.args[1].args[0].kind == "number":
        high = high.args[0]  # n - 1
    if high.kind == "number":
        return size.op == "num" and bool(high.args[0] <= size.args[0])
    return size.op == "var" and high.kind == "name" and bool(high.args[0] == size.args[0])


__all__ = ["Env", "Index", "Names", "Shape", "Variable", "shown", "size_node", "size_of"]
