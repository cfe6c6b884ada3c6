"""A claim printed back in words and signs: what each sum binds, what each logarithm takes, over what it is claimed.

No two claims are printed alike: ``read_back`` reads what is printed here by a grammar of its own, and finds the same tree.
"""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term
from derivations._kernel.tree import FUNCTIONS, Node, parts
from derivations._surface.where import shown

SIGNS = {"=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">", "!=": "≠"}
HEADS = {"sigmoid": "σ", "CE": "H", "bernoulli": "Bernoulli"}
BIG = {"sum": "Σ", "prod": "Π", "largest": "max", "smallest": "min"}
BINDERS = (*BIG, "without", "integral", "limit")
#: Words before a bracket; a family of such a name stands in brackets itself.
WORDS = frozenset({"sqrt", "ln", "exp", "max", "min", "binom", *(HEADS.get(name, name) for name in FUNCTIONS)})
#: How tightly a piece holds together.
SUM, PRODUCT, POWER, ATOM = range(4)
Piece = tuple[str, int]


def written(tree: Node, scope: Scope, free: tuple[tuple[str, Term], ...]) -> str:
    """The whole claim, with its domains."""
    groups: list[tuple[list[str], str]] = []
    inside = {s.args[0] for _, domain in scope.domains for s in domain.sizes}
    for name, domain in scope.domains:
        if domain.name == "Size" and name in inside:
            continue
        if groups and groups[-1][1] == shown(domain):
            groups[-1][0].append(name)
        else:
            groups.append(([name], shown(domain)))
    head = [f"{', '.join(names)}: {domain}" for names, domain in groups]
    head += [f"every {name} = 1, …, {size.args[0]}" for name, size in free]
    bound = {p.args[0] for p in parts(tree) if p.kind in BINDERS}
    text = Printer(frozenset({*bound, *(name for name, _ in (*scope.domains, *free))})).chain(tree)
    return f"for {'; '.join(head)}:  {text}" if head else text


def number(value: Fraction) -> Piece:
    """A number."""
    if value.denominator == 1:
        return str(value), ATOM
    digits = 0
    while 10**digits % value.denominator and digits < 60:
        digits += 1
    if digits == 60:
        return f"{value.numerator}/{value.denominator}", PRODUCT
    text = str(int(value * 10**digits)).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}", ATOM


class Printer:
    """Prints trees in which certain names are known."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def chain(self, tree: Node) -> str:
        """The relations of a claim."""
        relations, first, *rest = tree.args
        return self.text(first) + "".join(f" {SIGNS[r]} {self.text(s)}" for r, s in zip(relations, rest, strict=True))

    def text(self, node: Node) -> str:
        """A part where anything may stand."""
        return self.piece(node)[0]

    def bracketed(self, node: Node, least: int) -> str:
        """``node`` in brackets if it does not hold together well enough."""
        text, level = self.piece(node)
        return text if level >= least else f"({text})"

    def listed(self, nodes: tuple[Node, ...], separator: str = ", ") -> str:
        """Arguments in brackets."""
        return f"({separator.join(map(self.text, nodes))})"

    def piece(self, node: Node) -> Piece:
        """The text of a part, and how tightly it holds together."""
        kind, args = node.kind, node.args
        if kind == "number":
            return number(args[0])
        if kind in ("name", "index"):
            return args[0], ATOM
        if kind in ("pi", "euler", "infinity"):
            return {"pi": "π", "euler": "e", "infinity": "∞"}[kind], ATOM
        if kind == "add":
            text = self.bracketed(args[0], SUM if args[0].kind == "neg" else PRODUCT)
            for part in args[1:]:
                minus = part.kind == "neg"
                text += f" {'−' if minus else '+'} {self.bracketed(part.args[0] if minus else part, PRODUCT)}"
            return text, SUM
        if kind == "neg":
            return f"−{self.bracketed(args[0], PRODUCT)}", SUM
        if kind == "mul":
            return "·".join([self.bracketed(a, POWER) for a in args]), PRODUCT
        if kind == "div":
            return f"{self.bracketed(args[0], POWER)}/{self.bracketed(args[1], POWER)}", PRODUCT
        if kind == "pow":
            exponent = self.text(args[1])
            return f"{self.bracketed(args[0], ATOM)}^{exponent if exponent.isalnum() else f'({exponent})'}", POWER
        if kind == "factorial":
            return f"{self.bracketed(args[0], ATOM)}!", POWER
        if kind == "abs":
            return f"|{self.text(args[0])}|", ATOM
        if kind == "logb":
            base = self.text(args[1])
            plain = base.isdigit() or args[1].kind in ("name", "index")
            return f"log_{base if plain else f'{{{base}}}'}{self.listed(args[:1])}", ATOM
        if kind in ("sqrt", "log", "exp", "max", "min", "binom"):
            return ("ln" if kind == "log" else kind) + self.listed(args), ATOM
        if kind == "call":
            return HEADS.get(args[0], args[0]) + self.listed(args[1:], " ‖ " if args[0] == "D" else ", "), ATOM
        if kind == "family":
            name = self.text(args[0])
            return (f"({name})" if name in WORDS or name.startswith("log_") else name) + self.listed(args[1:]), ATOM
        if kind == "entry":
            return self.entry(args[0], [self.text(i) for i in args[1:]]), ATOM
        if kind == "delta":
            return f"δ_{{{','.join(map(self.text, args))}}}", ATOM
        return self.binder(node)

    def entry(self, base: Node, indices: list[str]) -> str:
        """An entry; its index stands in braces where it could belong to the name."""
        text = self.bracketed(base, ATOM)
        script = ("" if all(len(i) == 1 and i.isalpha() for i in indices) else ",").join(indices)
        bare = len(script) == 1 and f"{text}_{script}" not in self.known
        return f"{text}_{script}" if bare else f"{text}_{{{script}}}"

    def binder(self, node: Node) -> Piece:
        """Sums and the like: the body always stands in brackets."""
        kind, args = node.kind, node.args
        if kind in BIG:
            name, low, high, body = args
            return f"{BIG[kind]}_{{{name}={self.text(low)}..{self.text(high)}}} ({self.text(body)})", POWER
        if kind == "without":
            name, low, high, other, body = args
            over = f"{name}={self.text(low)}..{self.text(high)}, {name}≠{self.text(other)}"
            return f"Σ_{{{over}}} ({self.text(body)})", POWER
        if kind == "deriv":
            return "".join([f"∂/∂{self.text(x)} " for x in args[1:]]) + self.listed(args[:1]), POWER
        if kind == "integral":
            name, low, high, body = args
            return f"∫_{{{name}={self.text(low)}..{self.text(high)}}} ({self.text(body)}) d{name}", POWER
        if kind == "limit":
            name, point, side, body = args
            return f"lim_{{{name}→{self.text(point)}{side}}} ({self.text(body)})", POWER
        if kind == "cases":
            rows = [f"{self.text(args[k])} if {self.chain(args[k + 1])}" for k in range(0, len(args) - 1, 2)]
            if len(args) % 2:
                rows.append(f"{self.text(args[-1])} otherwise")
            return f"{{{'; '.join(rows)}}}", ATOM
        raise ValueError(f"no way to write {kind}")


__all__ = ["written"]
