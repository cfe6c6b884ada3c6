"""Random trees of every construct which the reader knows, well-formed over one set of domains; the same for the same seed."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from derivations._kernel.tree import Node

WHERE = (
    "p, q, o_1: Simplex[n]; z, y_hat: Real[K]; x, a, b, H, x_max, acc, theta_hat_1, v_prime, f, d: Real; s, lambda: Positive; "
    "y: Bit; c: Label[K]; u: Probability; r: Simplex[n, m]; t: OneHot[K]; g: Real[3]; Q: Family[n, e_1]; theta: Real[e_1]; "
    "beta2: Real; KL, sigmoid: Real; w: Real[K, K]"
)
VECTORS = {"p": "n", "q": "n", "o_1": "n", "z": "K", "y_hat": "K", "t": "K", "theta": "e_1"}
#: Names of integrals' and limits' variables, and of indices: letters which may be taken for something else among them.
VARIABLES = ("v", "tau", "w_1", "e", "D", "xi_hat")
INDICES = ("i", "j", "k", "l", "sigma", "i_prime", "mu", "run")
SCALARS = ("x", "a", "b", "H", "x_max", "acc", "theta_hat_1", "v_prime", "f", "s", "lambda", "y", "u", "beta2", "KL", "sigmoid",
           "d", "n", "K")  # fmt: skip
DIFFERENTIABLE = ("x", "a", "x_max", "s", "lambda", "u", "beta2", "theta_hat_1", "acc")


def number(value: object) -> Node:
    return Node("number", (Fraction(str(value)),))


def name(text: str) -> Node:
    return Node("name", (text,))


class Maker:
    """Makes trees; an environment maps bound names to the size they run to, "" for the variable of an integral."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"trees/{seed}")

    def claim(self, depth: int = 3) -> Node:
        """A chain of relations."""
        free = {"kappa": "K", "iota": "n"} if self.rng.random() < 0.3 else {}
        count = self.rng.choice((1, 1, 2))
        signs = tuple(self.rng.choice(("=", "<=", ">=", "<", ">", "!=")) for _ in range(count))
        sides = [self.real(self.rng.randrange(depth + 1), free) for _ in range(count + 1)]
        if free:  # a free index has its size from an entry
            used = [Node("entry", (name(v), Node("index", (k,)))) for k, v in (("kappa", "z"), ("iota", "p"))]
            sides[0] = Node("add", (*used, sides[0]))
        return Node("chain", (signs, *sides))

    def pick(self, options: object) -> object:
        return self.rng.choice(tuple(options))  # type: ignore[call-overload]

    def real(self, depth: int, env: dict[str, str]) -> Node:
        """A number."""
        if depth <= 0 or self.rng.random() < 0.1:
            return self.leaf(env)
        return getattr(self, str(self.pick(WAYS)))(depth - 1, env)  # type: ignore[no-any-return]

    def leaf(self, env: dict[str, str]) -> Node:
        way = self.rng.randrange(6)
        if way == 0:
            return number(self.pick(("0", "1", "2", "10", "0.5", "3.25")))
        if way == 1:
            return Node(str(self.pick(("pi", "euler", "infinity")))) if "e" not in env else Node("pi")
        if way == 2:
            return self.entry(0, env)
        if way == 3 and (bound := [k for k in env if k not in ("kappa", "iota")]):
            text = str(self.pick(bound))
            return Node("index" if env[text] else "name", (text,))
        if way == 4:
            return self.delta(0, env)
        return name(str(self.pick([s for s in SCALARS if s not in env])))

    def symbol(self, size: str, env: dict[str, str]) -> Node:
        """An index into 1, …, size."""
        fitting = [Node("index", (k,)) for k, s in env.items() if s == size]
        fitting += [name("c")] * (size == "K") + [name(size)] * size.isalpha() + [number(1)]
        return self.pick(fitting)  # type: ignore[return-value]

    def entry(self, depth: int, env: dict[str, str]) -> Node:
        way = self.rng.randrange(6)
        if way == 0:
            return Node("entry", (name("r"), self.symbol("n", env), self.symbol("m", env)))
        if way == 1:
            return Node("entry", (name("w"), self.symbol("K", env), self.symbol("K", env)))
        if way == 2 and depth > 0:
            size = str(self.pick(("n", "K")))
            return Node("entry", (self.vector(size, depth - 1, env), self.symbol(size, env)))
        text = str(self.pick(VECTORS))
        return Node("entry", (name(text), self.symbol(VECTORS[text], env)))

    def vector(self, size: str, depth: int, env: dict[str, str]) -> Node:
        """A vector, perhaps by arithmetic."""
        way = self.rng.randrange(9) if depth > 0 else 0
        if way == 1:
            return Node("add", (self.vector(size, depth - 1, env), self.vector(size, depth - 1, env)))
        if way == 2:
            return Node("mul", (self.real(depth - 1, env), self.vector(size, depth - 1, env)))
        if way == 3:
            return Node("div", (self.vector(size, depth - 1, env), self.real(depth - 1, env)))
        if way == 4:
            return Node("neg", (self.vector(size, depth - 1, env),))
        if way == 5:
            return Node("call", ("softmax", self.vector(size, depth - 1, env)))
        if way == 6 and size == "n":
            return Node("family", (name("Q"), self.vector("e_1", depth - 1, env)))
        return name(str(self.pick([v for v, s in VECTORS.items() if s == size])))

    def delta(self, depth: int, env: dict[str, str]) -> Node:
        """Kronecker's δ, or an indicator."""
        indices = [k for k, s in env.items() if s == "K"]
        if indices:
            other = self.symbol("K", env)
            return Node("delta", (Node("index", (self.pick(indices),)), name("c") if other == name("K") else other))
        return Node("delta", (name("c"), number(2)))

    # ---- one method for each construct

    def several(self, kind: str, depth: int, env: dict[str, str]) -> Node:
        return Node(kind, tuple(self.real(depth, env) for _ in range(self.rng.choice((2, 2, 3)))))

    def add(self, depth: int, env: dict[str, str]) -> Node:
        made = self.several("add", depth, env)
        return Node("add", tuple(Node("neg", (p,)) if self.rng.random() < 0.4 else p for p in made.args))

    def mul(self, depth: int, env: dict[str, str]) -> Node:
        return self.several("mul", depth, env)

    def maximum(self, depth: int, env: dict[str, str]) -> Node:
        return self.several(str(self.pick(("max", "min"))), depth, env)

    def one(self, depth: int, env: dict[str, str]) -> Node:
        kind = str(self.pick(("neg", "sqrt", "log", "exp", "abs", "factorial", "neg", "log", "exp")))
        return Node(kind, (self.real(depth, env),))

    def two(self, depth: int, env: dict[str, str]) -> Node:
        kind = str(self.pick(("div", "div", "div", "pow", "pow", "binom")))
        one, two = self.real(depth, env), self.real(depth, env)
        return Node("exp", (two,)) if kind == "pow" and one.kind == "euler" else Node(kind, (one, two))

    def power(self, depth: int, env: dict[str, str]) -> Node:
        base, exponent = self.real(depth, env), self.pick((number(2), number("0.5"), Node("div", (number(1), number(2)))))
        return Node("exp", (exponent,)) if base.kind == "euler" else Node("pow", (base, exponent))

    def logb(self, depth: int, env: dict[str, str]) -> Node:
        return Node("logb", (self.real(depth, env), self.pick((number(2), number(10), name("s")))))

    def call(self, depth: int, env: dict[str, str]) -> Node:
        size = str(self.pick(("n", "K")))
        one, two = self.vector(size, depth, env), self.vector(size, depth, env)
        return self.pick((
            Node("call", ("sigmoid", self.real(depth, env))), Node("call", ("tanh", self.real(depth, env))),
            Node("call", ("softplus", self.real(depth, env))), Node("call", ("logsumexp", one)),
            Node("call", ("CE", one, two)), Node("call", ("D", one, two)), Node("call", ("JS", one, two)),
            Node("call", ("bernoulli", name("y"), self.real(depth, env))),
        ))  # type: ignore[return-value]  # fmt: skip

    def fresh(self, names: tuple[str, ...], env: dict[str, str]) -> str:
        return str(self.pick([n for n in names if n not in env]))

    def big(self, depth: int, env: dict[str, str]) -> Node:
        index, size = self.fresh(INDICES, env), str(self.pick(("n", "K", "m", "3")))
        high = number(size) if size.isdigit() else name(size)
        kind = str(self.pick(("sum", "sum", "prod", "largest", "smallest")))
        return Node(kind, (index, number(1), high, self.real(depth, {**env, index: size})))

    def part_of(self, depth: int, env: dict[str, str]) -> Node:
        """Over a part of a range."""
        index = self.fresh(INDICES, env)
        low, high = self.real(0, env), Node("add", (name("n"), Node("neg", (number(1),))))
        kind = str(self.pick(("sum", "prod", "largest")))
        return Node(kind, (index, low, high, self.real(depth, {**env, index: "?"})))

    def without(self, depth: int, env: dict[str, str]) -> Node:
        index = self.fresh(INDICES, env)
        other = self.symbol("K", {k: s for k, s in env.items() if k not in ("kappa", "iota")})
        if other == name("K"):
            other = name("c")
        return Node("without", (index, number(1), name("K"), other, self.real(depth, {**env, index: "K"})))

    def deriv(self, depth: int, env: dict[str, str]) -> Node:
        variables = [k for k, s in env.items() if not s]
        by = []
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            text = str(self.pick([n for n in (*DIFFERENTIABLE, *variables) if n in variables or n not in env]))
            by.append(self.pick((name(text), Node("entry", (name("z"), self.symbol("K", env))))))
        body = Node("add", (Node("abs", (self.real(depth, env),)), *dict.fromkeys(by)))  # what is differentiated mentions them
        return Node("deriv", (body, *by))

    def integral(self, depth: int, env: dict[str, str]) -> Node:
        variable = self.fresh(VARIABLES, env)
        low, high = self.real(0, env), self.real(0, env)
        return Node("integral", (variable, low, high, self.real(depth, {**env, variable: ""})))

    def limit(self, depth: int, env: dict[str, str]) -> Node:
        variable, point = self.fresh(VARIABLES, env), self.real(self.rng.choice((0, 0, 1)), env)
        side = str(self.pick(("", "+", "-")))
        return Node("limit", (variable, point, side, self.real(depth, {**env, variable: ""})))

    def condition(self, depth: int, env: dict[str, str]) -> Node:
        signs = tuple(str(self.pick(("=", "<=", "!=", "<"))) for _ in range(self.rng.choice((1, 1, 2))))
        return Node("chain", (signs, *(self.real(depth, env) for _ in range(len(signs) + 1))))

    def cases(self, depth: int, env: dict[str, str]) -> Node:
        rows = [x for _ in range(2) for x in (self.real(depth, env), self.condition(depth, env))]
        return self.pick((
            Node("cases", (*rows, self.real(depth, env))), Node("cases", tuple(rows)),
            Node("cases", (number(1), self.condition(depth, env), number(0))),
            Node("cases", (number(1), Node("chain", (("=",), name("c"), number(1))), number(0))),
        ))  # type: ignore[return-value]  # fmt: skip


WAYS = ("add", "add", "mul", "mul", "mul", "one", "one", "two", "two", "power", "logb", "call", "call", "big", "big", "part_of",
        "without", "deriv", "integral", "limit", "cases", "maximum", "entry")  # fmt: skip
