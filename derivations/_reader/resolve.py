"""Binders and shapes get their meaning: what was written becomes the raw tree, and the free indices are found."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derivations._kernel.domains import KINDS
from derivations._kernel.tree import FUNCTIONS, Node, parts

from .names import Env, Index, Names, Shape, Variable, shown, size_node, size_of

MAX_EXPONENT = 1000
DISTRIBUTIONS = frozenset({"Simplex", "OpenSimplex", "OneHot"})
#: What to write instead of an argument of the wrong shape.
ARGUMENTS = {
    "softmax": "the argument is the whole vector, \\operatorname{softmax}(z)_k",
    "logsumexp": "the argument is the whole vector, \\operatorname{logsumexp}(z)",
    "sigmoid": "write \\sigma(z_k) for each entry, \\operatorname{softmax}(z)_k for the softmax",
    "tanh": "write the function of each entry", "softplus": "write the function of each entry",
}  # fmt: skip
#: Kinds of nodes with a method of their own.
_OWN = frozenset({"sym", "sub", "indicator", "call", "family", "cases", "chain", "big", "deriv", "integral", "limit"})


class Resolver(Names):
    """Turns what was written into the raw tree."""

    def walk(self, node: Node, env: Env) -> tuple[Node, Shape]:
        """The meaning of ``node`` and its shape."""
        if node.kind in _OWN:
            return getattr(self, node.kind)(node, env)  # type: ignore[no-any-return]
        if node.kind in ("number", "infinity"):
            return node, ()
        if node.kind in ("add", "neg", "mul", "div"):
            return self.arithmetic(node, env)
        children = tuple(self.real(child, env) for child in node.args)
        if node.kind == "pow":
            exponent = node.args[1].args[0] if node.args[1].kind == "neg" else node.args[1]
            if exponent.kind == "number" and exponent.args[0] > MAX_EXPONENT:
                self.fail(f"an exponent is at most {MAX_EXPONENT}", exponent)
            if children[0].kind == "euler":
                return Node("exp", (children[1],), node.span), ()
        return Node(node.kind, children, node.span), ()

    def real(self, node: Node, env: Env) -> Node:
        """The meaning of ``node``, which has to be a number."""
        found, shape = self.walk(node, env)
        if shape:
            letters = "ij"[: len(shape)]
            what = "a vector" if len(shape) == 1 else "an array"
            self.fail(f"{self.text(found)} is {what}, where a number is expected", node,
                      f"write an entry: {self.text(found)}_{{{letters}}}")  # fmt: skip
        return found

    def arithmetic(self, node: Node, env: Env) -> tuple[Node, Shape]:
        parts = [self.walk(child, env) for child in node.args]
        shapes = [shape for _, shape in parts if shape]
        if shapes:
            if any(len(shape) == 2 for shape in shapes):
                self.fail("arithmetic of a whole array is not read", node, "write its entries: r_{ij}")
            if any(shape != shapes[0] for shape in shapes):
                self.fail(f"vectors of {' and '.join(shown(s[0]) for s in shapes)} entries do not go together", node)
            if node.kind == "mul" and len(shapes) > 1:
                self.fail("a product of vectors is not certain", node, "write the sum: \\sum_{i} p_i q_i")
            if node.kind == "div" and parts[1][1]:
                self.fail("a quotient by a vector is not certain", node, "write the entries: p_i/q_i")
        return Node(node.kind, tuple(n for n, _ in parts), node.span), shapes[0] if shapes else ()

    def indicator(self, node: Node, env: Env) -> tuple[Node, Shape]:
        relations, *sides = node.args[0].args
        names = [s.args[0] for s in sides if s.kind == "sym"]
        labels = [n for n in names if isinstance(env.get(n), Index) or n in self.free or self._is_label(n)]
        if relations == ("=",) and len(names) + sum(s.kind == "number" for s in sides) == 2 and labels:
            return self.kronecker(sides[0], sides[1], node, env), ()
        condition, _ = self.walk(node.args[0], env)
        one, zero = (Node("number", (Fraction(x),), node.span) for x in (1, 0))
        return Node("cases", (one, condition, zero), node.span), ()

    def call(self, node: Node, env: Env) -> tuple[Node, Shape]:
        function, *arguments = node.args
        wants, value = FUNCTIONS[function]
        found: list[Node] = []
        shape: Shape = ()
        for want, argument in zip(wants, arguments, strict=True):
            if want == "vector" and argument.kind == "sym" and argument.args[0] not in env:
                name = argument.args[0]
                if self.declared_as(name) is None:
                    vector = "Real[K]" if function in ("softmax", "logsumexp") else "Simplex[n]"
                    self.undeclared(name, argument, f"{name}: {vector}")
            part, got = self.walk(argument, env)
            if len(got) != (want == "vector"):
                what = ("a number", "a vector", "an array")[len(got)]
                extra = ARGUMENTS.get(function, "declare a distribution, p: Simplex[n], or write the sum out")
                self.fail(f"{self.written(node)} takes {'a vector' if want == 'vector' else 'a number'}, and this is {what}",
                          argument, extra)  # fmt: skip
            if want == "vector" and shape and got != shape:
                self.fail(f"vectors of {shown(shape[0])} and {shown(got[0])} entries do not go together", argument)
            shape = got or shape
            if function in ("H", "CE", "D", "JS") and part.kind == "name":
                domain = self.scope.domain(part.args[0])
                if domain.name not in DISTRIBUTIONS:
                    self.notes[f"{self.written(node)} is the usual sum, though {part.args[0]} is declared as {domain}"] = (
                        argument.span
                    )
            found.append(part)
        variables = [a for a in arguments if a.kind == "sym" and len(a.args[0]) == 1 and a.args[0].isupper()]
        if function == "CE" and self.source[node.span[0] : node.span[1]].lstrip()[:1] != "C" and variables:
            self.notes[f"{self.written(node)} is the cross-entropy of two distributions, not a joint entropy"] = node.span
        if function == "bernoulli" and not self.is_bit(found[0]):
            self.fail("a Bernoulli variable is 0 or 1", arguments[0], "declare it: y: Bit")
        return Node("call", (function, *found), node.span), shape if value == "vector" else ()

    def is_bit(self, node: Node) -> bool:
        """Whether a number is declared to be 0 or 1."""
        base = node.args[0] if node.kind == "entry" else node
        declared = base.kind == "name" and self.scope.declares(base.args[0])
        return declared and self.scope.domain(base.args[0]).name in ("Bit", "OneHot")

    def written(self, node: Node) -> str:
        return " ".join(self.source[node.span[0] : node.span[1]].split())[:60]

    def family(self, node: Node, env: Env) -> tuple[Node, Shape]:
        name = self.declared_as(node.args[0].args[0])
        return self.member(name or "", node.args[1], node, env)

    def cases(self, node: Node, env: Env) -> tuple[Node, Shape]:
        return Node("cases", tuple(self.real(child, env) for child in node.args), node.span), ()

    def chain(self, node: Node, env: Env) -> tuple[Node, Shape]:
        """A condition; the claim itself is read by ``claim``."""
        return Node("chain", (node.args[0], *(self.real(side, env) for side in node.args[1:])), node.span), ()

    # ---- binders

    def big(self, node: Node, env: Env) -> tuple[Node, Shape]:
        kind, name, low, high, other, body = node.args
        declared = self.declared_as(name)
        if declared is not None:
            self.fail(f"the index {name} is declared as {self.scope.domain(declared)}", node, "rename the index")
        if isinstance(env.get(name), Variable):
            self.fail(f"{name} is the variable of an integral or a limit", node, "rename the index")
        if name in ("e", "pi"):
            self.fail(f"{name} is a number, and cannot be an index as well", node, "rename the index")
        self.bound.setdefault(name, node.span)
        low = self.real(low, env) if low is not None else None
        high = self.real(high, env) if high is not None else None
        index = Index(name, node.span, low, high)
        if high is not None and (low is None or low == Node("number", (Fraction(1),))):
            index.size = size_of(high, self.scope)
        elif low is not None and high is None:
            self.fail(f"where the index {name} ends is missing", node, f"write \\sum_{{{name}=1}}^{{n}}")
        if isinstance(env.get(name), Index):
            self.notes[f"the inner index {name} hides the outer one of the same name"] = node.span
        inside = self.real(body, {**env, name: index})
        if other is not None:
            self.kronecker(Node("sym", (name,), other.span), other, Node("delta", (), other.span), {**env, name: index})
            other, _ = self.label(other, env)
            if other.kind == "index" and not isinstance(env.get(other.args[0]), Index):
                self.left_out.append((other.args[0], node.span))
        if index.high is None and index.size is None:
            self.fail(f"over what {name} runs cannot be told", node, f"write \\sum_{{{name}=1}}^{{n}}")
        one = Node("number", (Fraction(1),), node.span)
        ends = (low or one, high if high is not None else size_node(index.size, node.span))
        if other is None:
            return Node(kind, (name, *ends, inside), node.span), ()
        if kind != "sum":
            self.fail("a value may be left out of a sum only", node)
        return Node("without", (name, *ends, other, inside), node.span), ()

    def deriv(self, node: Node, env: Env) -> tuple[Node, Shape]:
        how, raw, *variables = node.args
        body = self.real(raw, env)
        by = [self.real(x, env) for x in variables]
        inside = {p.args[0]: p.span for p in parts(body) if p.kind == "name" and self.varies(p.args[0], env)}
        for x in by:
            base = x.args[0] if x.kind == "entry" else x
            if not isinstance(base, Node) or base.kind != "name":
                self.fail("a derivative is taken in a variable or an entry of one", x)
            if inside and base.args[0] not in inside:
                name = next(iter(inside))
                self.fail(f"whether {name} depends on {self.text(x)} is not certain", inside[name],
                          f"write {name} out as a formula in {self.text(x)}")  # fmt: skip
            if base.args[0] in env:
                continue
            domain = self.scope.domain(base.args[0])
            if KINDS[domain.name].near is None:
                self.fail(f"{base.args[0]} is declared as {domain}, and there is no derivative in it", x)
        own = {(x.args[0] if x.kind == "entry" else x).args[0] for x in by}
        fixed = [n for n in inside if n not in own and (n in env or KINDS[self.scope.domain(n).name].near is not None)]
        if how == "d" and fixed:
            self.notes[f"a derivative is partial: {self.written(node)} holds {', '.join(fixed)} fixed"] = node.span
        return Node("deriv", (body, *by), node.span), ()

    def varies(self, name: str, env: Env) -> bool:
        """Whether a name is neither a size nor a label, so that it may depend on another."""
        return name in env or (self.scope.declares(name) and self.scope.domain(name).name not in ("Size", "Index"))

    def variable(self, name: str, node: Node, env: Env) -> Env:
        """The names inside an integral or a limit."""
        declared = self.declared_as(name)
        if declared is not None:
            if self.scope.domain(declared).kind.near is None or self.scope.domain(declared).sizes:
                self.fail(f"{name} is declared as {self.scope.domain(declared)}", node,
                          "rename the variable, or leave it out of the domains")  # fmt: skip
            self.hidden.setdefault(declared, node.span)
        if name in env:
            self.fail(f"{name} is bound already", node, "rename the variable")
        return {**env, name: Variable(name)}

    def integral(self, node: Node, env: Env) -> tuple[Node, Shape]:
        name, low, high, body = node.args
        ends = self.real(low, env), self.real(high, env)
        return Node("integral", (name, *ends, self.real(body, self.variable(name, node, env))), node.span), ()

    def limit(self, node: Node, env: Env) -> tuple[Node, Shape]:
        name, point, side, body = node.args
        at = self.real(point, env)
        declared = self.declared_as(name)
        if not side and declared is not None and at.kind == "number":
            kind = self.scope.domain(declared).kind
            side = {kind.low: "+", kind.high: "-"}.get(at.args[0], "")
            if side:
                self.notes[f"{name} is declared as {self.scope.domain(declared)}, and tends to {at.args[0]} from inside"] = (
                    node.span
                )
        return Node("limit", (name, at, side, self.real(body, self.variable(name, node, env))), node.span), ()

    # ---- the claim

    def claim(self, node: Node) -> Node:
        """The whole claim; the free indices are known afterwards."""
        for name, where in self.subscripts(node):
            if self.declared_as(name) is None:
                self.free.setdefault(name, Index(name, where))
        relations, *sides = node.args
        found = [self.walk(side, {}) for side in sides]
        self.bases([part for part, _ in found], node)
        shapes = {shape for _, shape in found}
        parts = [part for part, _ in found]
        if shapes != {()}:
            parts = self.entrywise(relations, parts, shapes, node)
        for x, y, span in [*self.deltas, *self.deltas]:
            self.settle(x, y, Node("delta", (), span))
        for x, y, span in self.deltas:
            sizes = [i[0] if isinstance(i, tuple) else i.size for i in (x, y)]
            if None not in sizes and sizes[0] != sizes[1]:
                self.fail(f"the indices run over {shown(sizes[0])} and {shown(sizes[1])} values", span)
        self.free = dict(sorted(self.free.items(), key=lambda item: item[1].span))
        for index in self.free.values():
            if index.size is None:
                self.fail(f"over what {index.name} runs cannot be told", index.span, "use it in a subscript of a vector")
            if index.name in self.bound:
                self.notes[
                    f"{index.name} is bound where it is summed over, and elsewhere it is free: for every {index.name}"
                ] = index.span
        for name, span in self.left_out:
            others = [s for n, s in self.left_out if n == name]
            uses = [place for _, place in self.free[name].uses]
            if all(any(low <= place[0] < high for low, high in others) for place in uses):
                self.fail(
                    f"whether {name} is summed over as well is not certain",
                    span,
                    f"write two sums, or declare {name}: Label[n]",
                )
        for name, span in self.hidden.items():
            if name in self.used:
                self.fail(f"{name} is bound here, and used outside as well", span, "rename the bound variable")
        return Node("chain", (relations, *parts), node.span)

    def bases(self, sides: list[Node], node: Node) -> None:
        """Note that the entropies are natural where another logarithm stands beside them."""
        within = [p for side in sides for p in parts(side)]
        named = [p for p in within if p.kind == "call" and p.args[0] in ("H", "CE", "D", "JS")]
        if named and any(p.kind == "logb" for p in within):
            self.notes[f"{self.written(named[0])} has natural logarithms"] = node.span

    def subscripts(self, node: Node) -> list[tuple[str, tuple[int, int]]]:
        """The names in subscripts which nothing around them binds."""
        found: list[tuple[str, tuple[int, int]]] = []
        todo: list[tuple[Any, frozenset[str]]] = [(node, frozenset())]
        while todo:
            each, bound = todo.pop()
            if each.kind == "sub":
                base, *groups = each.args
                if base.kind == "sym" and base.args[0] not in bound and not self.is_delta(base):
                    name, groups = self.named(each)
                    if name is not None and self.scope.domain(name).name == "Family":
                        groups = [groups[0][1:], *groups[1:]]
                symbols = [s for group in groups for s in group if s.kind == "sym"]
                found += [(s.args[0], s.span) for s in symbols if s.args[0] not in bound]
                todo.append((base, bound))
            elif each.kind == "big":
                _, name, low, high, other, body = each.args
                if other is not None and other.kind == "sym" and other.args[0] not in bound:
                    found.append((other.args[0], other.span))
                todo += [(e, bound) for e in (low, high) if e is not None]
                todo.append((body, bound | {name}))
            else:
                todo += [(child, bound) for child in each.children]
        return found

    def entrywise(self, relations: Any, parts: list[Node], shapes: set[Shape], node: Node) -> list[Node]:
        """An equation of vectors: for every index, the entries are equal."""
        if len(shapes) != 1:
            self.fail("a vector is compared with something else", node, "write the entries: p_i")
        (shape,) = shapes
        if len(shape) != 1 or set(relations) != {"="}:
            self.fail("vectors are compared by = only", node, "write the entries: p_i")
        taken = {*self.free, *self.bound, *(name for name, _ in self.scope.domains)}
        letter = next(x for x in ("k", "i", "j", "l", "r", "s", "t", *(f"k{n}" for n in range(200))) if x not in taken)
        self.free[letter] = Index(letter, node.span, size=shape[0])
        return [Node("entry", (part, Node("index", (letter,), part.span)), part.span) for part in parts]


__all__ = ["Resolver"]
