"""Random formulas, as trees and as terms, with extreme numbers in them: most have no value at most points."""

from __future__ import annotations

from fractions import Fraction as F
from random import Random

from derivations._kernel.domains import KINDS, Domain, Scope
from derivations._kernel.terms import Term, num, var
from derivations._kernel.tree import FUNCTIONS, RELATIONS, Node
from derivations._reader.reading import Reading

EXTREMES = (
    F(0), F(1), F(-1), F(2), F(-3), F(1, 2), F(1, 7), F(10**400), F(1, 10**400), F(-(10**30)), F(10**6), F(709), F(-745),
    F(10**9, 7), F(2**64),
)  # fmt: skip
KINDS_OF_NODES = (
    "add", "neg", "mul", "div", "pow", "pow", "sqrt", "log", "logb", "exp", "exp", "abs", "max", "min", "binom", "factorial",
    "call", "call", "delta", "binder", "binder", "without", "deriv", "cases", "entry", "integral", "limit",
)  # fmt: skip


def number(x: F | int) -> Node:
    """A number."""
    return Node("number", (F(x),))


class Trees:
    """Claims over random domains."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.domains = [("n", Domain("Size"))]
        for k in range(rng.randint(0, 3)):
            name = rng.choice([d for d in KINDS if d != "Size"])
            sizes = tuple(
                var("n") if rng.random() < 0.7 else num(rng.choice([1, 2, 3, 5])) for _ in range(rng.choice(KINDS[name].shapes))
            )
            self.domains.append((f"v{k}", Domain(name, sizes)))
        self.free = [("a", var("n"))] if rng.random() < 0.2 else []
        self.bound: list[str] = []

    def index(self) -> Node:
        """An index, in range or not."""
        found = [number(self.rng.choice([0, 1, 2, 3, 10**9]))]
        found += [Node("index", (i,)) for i in (*self.bound, *(f for f, _ in self.free))] * 2
        found += [Node("name", (v,)) for v, d in self.domains if d.name in ("Index", "Size")]
        return self.rng.choice(found)

    def vector(self, depth: int) -> Node:
        """A vector, or what is none."""
        found: list[Node] = []
        for v, d in self.domains:
            if d.name == "Family":
                found.append(Node("family", (Node("name", (v,)), self.vector(depth - 1) if depth > 0 else Node("name", (v,)))))
            elif len(d.sizes) == 1 and d.name != "Index":
                found.append(Node("name", (v,)))
            elif len(d.sizes) == 2:
                found.append(Node("entry", (Node("name", (v,)), self.index())))
        if depth > 0:
            found.append(Node("call", ("softmax", self.vector(depth - 1))))
            found.append(Node(self.rng.choice(["mul", "add", "div"]), (self.rng.choice(found), self.expression(depth - 1))))
            found.append(Node(self.rng.choice(["exp", "log", "abs", "sqrt"]), (self.rng.choice(found),)))
        return self.rng.choice(found) if found else Node("name", ("nothing",))

    def atom(self) -> Node:
        """A number, a constant, a variable or an entry."""
        found = [number(self.rng.choice(EXTREMES)), Node("pi"), Node("euler"), self.index()]
        for v, d in self.domains:
            if not d.sizes or d.name == "Index":
                found += [Node("name", (v,))] * 3
            elif d.name != "Family":
                found += [Node("entry", (Node("name", (v,)), *(self.index() for _ in d.sizes)))] * 3
        return Node("infinity") if self.rng.random() < 0.02 else self.rng.choice(found)

    def chain(self, depth: int) -> Node:
        """A relation."""
        return Node("chain", ((self.rng.choice(RELATIONS),), self.expression(depth), self.expression(depth)))

    def expression(self, depth: int) -> Node:
        """A formula which is nested no deeper than that."""
        rng = self.rng
        if depth <= 0:
            return self.atom()
        kind = rng.choice(KINDS_OF_NODES)
        if kind in ("integral", "limit") and rng.random() < 0.8:
            kind = "exp"
        if kind in ("max", "min") and rng.random() < 0.3:
            return Node(kind, (self.vector(depth - 1),))
        if kind in ("add", "mul", "max", "min"):
            return Node(kind, tuple(self.expression(depth - 1) for _ in range(rng.randint(2, 3))))
        if kind in ("neg", "sqrt", "log", "exp", "abs"):
            return Node(kind, (self.expression(depth - 1),))
        if kind in ("div", "pow", "logb"):
            return Node(kind, (self.expression(depth - 1), self.expression(depth - 1)))
        if kind in ("binom", "delta"):
            return Node(kind, (self.index(), self.index()))
        if kind == "factorial":
            return Node(kind, (self.index(),))
        if kind == "entry":
            return Node(kind, (self.vector(depth - 1), self.index()))
        if kind == "call":
            f = rng.choice([f for f in FUNCTIONS if f != "softmax"])
            arguments = (self.vector(depth - 1) if a == "vector" else self.expression(depth - 1) for a in FUNCTIONS[f][0])
            return Node(kind, (f, *arguments))
        if kind in ("binder", "without"):
            return self._binder(kind, depth)
        if kind == "deriv":
            found = [(v, d) for v, d in self.domains if d.kind.near and d.name != "Family"]
            if not found:
                return self.atom()
            v, d = rng.choice(found)
            x = Node("entry", (Node("name", (v,)), *(self.index() for _ in d.sizes))) if d.sizes else Node("name", (v,))
            return Node("deriv", (self.expression(depth - 1), *[x] * rng.randint(1, 2)))
        if kind == "cases":
            branches = [part for _ in range(rng.randint(1, 2)) for part in (self.expression(depth - 1), self.chain(depth - 2))]
            return Node("cases", (*branches, *([self.expression(depth - 1)] if rng.random() < 0.8 else [])))
        self.domains.append(("x", Domain("Real")))
        body = self.expression(depth - 1)
        self.domains.pop()
        if kind == "integral":
            return Node("integral", ("x", self.atom(), self.atom() if rng.random() < 0.7 else Node("infinity"), body))
        return Node("limit", ("x", self.atom() if rng.random() < 0.5 else Node("infinity"), rng.choice(["+", "-", ""]), body))

    def _binder(self, kind: str, depth: int) -> Node:
        i = f"i{len(self.bound)}"
        low, high = number(self.rng.choice([0, 1, 1, 1, 2])), Node("name", ("n",))
        high = high if self.rng.random() < 0.7 else number(self.rng.choice([0, 1, 2, 3, 50]))
        left_out = self.index()
        self.bound.append(i)
        body = self.expression(depth - 1)
        self.bound.pop()
        if kind == "without":
            return Node("without", (i, low, high, left_out, body))
        return Node(self.rng.choice(["sum", "prod", "largest", "smallest"]), (i, low, high, body))

    def tower(self) -> Node:
        """Exponentials and powers, many on top of each other."""
        made = self.atom()
        for _ in range(self.rng.choice([10, 40, 90])):
            raised = Node("pow", (number(self.rng.choice(EXTREMES)), made))
            made = self.rng.choice([Node("exp", (made,)), Node("neg", (made,)), Node("sqrt", (made,)), raised, raised])
        return made

    def reading(self) -> Reading:
        """A claim."""
        depth = self.rng.randint(1, 4)
        left = self.tower() if self.rng.random() < 0.08 else self.expression(depth)
        tree = Node("chain", ((self.rng.choice(RELATIONS),), left, self.expression(depth)))
        return Reading("", "", Scope(tuple(self.domains)), tuple(self.free), tree, "", ())


class Terms:
    """Statements over random domains."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.domains, self.bound = rng, Trees(rng).domains, 0

    def index(self) -> Term:
        """An index."""
        found = [Term("bound", k) for k in range(self.bound)]
        found += [var(v) for v, d in self.domains if d.name == "Index" and d.sizes == (var("n"),)]
        return self.rng.choice(found) if found else num(1)

    def term(self, depth: int) -> Term:
        """A real term."""
        rng = self.rng
        if depth <= 0:
            found = [num(rng.choice(EXTREMES)), Term("const", "pi")]
            for v, d in self.domains:
                if not d.sizes:
                    found += [var(v)] * 3
                elif d.name not in ("Index", "Family") and set(d.sizes) == {var("n")}:
                    found += [Term("at", var(v), *(self.index() for _ in d.sizes))] * 3
            return rng.choice(found)
        op = rng.choice(
            ("add", "mul", "pow", "pow", "log", "exp", "exp", "xlog", "max", "abs", "case", "sum", "prod", "top", "delta")
        )
        if op in ("log", "exp", "abs"):
            return Term(op, self.term(depth - 1))
        if op in ("add", "mul", "pow", "max"):
            return Term(op, self.term(depth - 1), self.term(depth - 1))
        if op == "delta":
            return Term(op, self.index(), self.index())
        if op in ("sum", "prod", "top"):
            self.bound += 1
            body = self.term(depth - 1)
            self.bound -= 1
            return Term(op, var("n"), body)
        return Term(op, *(self.term(depth - 1) for _ in range({"xlog": 3, "case": 4}[op])))

    def statement(self) -> tuple[Scope, Term]:
        """A statement and its scope."""
        depth = self.rng.randint(1, 4)
        left = self.term(depth)
        if self.rng.random() < 0.1:
            for _ in range(self.rng.choice([10, 40])):
                left = self.rng.choice([Term("exp", left), Term("pow", num(self.rng.choice(EXTREMES)), left)])
        return Scope(tuple(self.domains)), Term(self.rng.choice(["eq", "le", "lt", "ne"]), left, self.term(depth))
