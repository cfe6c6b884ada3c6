"""A claim printed back in words and signs: what each sum binds, what each logarithm takes, over what it is claimed."""

from __future__ import annotations

from fractions import Fraction

from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term
from derivations._kernel.tree import Node
from derivations._surface.where import shown

SIGNS = {"=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">", "!=": "≠"}
HEADS = {"sigmoid": "σ", "CE": "H", "bernoulli": "Bernoulli"}
BIG = {"sum": "Σ", "prod": "Π", "largest": "max", "smallest": "min"}
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
    return f"for {'; '.join(head)}:  {chain(tree)}" if head else chain(tree)


def chain(tree: Node) -> str:
    """The relations of a claim."""
    relations, first, *rest = tree.args
    return piece(first)[0] + "".join(f" {SIGNS[r]} {piece(s)[0]}" for r, s in zip(relations, rest, strict=True))


def bracketed(node: Node, least: int) -> str:
    """``node`` in brackets if it does not hold together well enough."""
    text, level = piece(node)
    return text if level >= least else f"({text})"


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


def piece(node: Node) -> Piece:
    """The text of a part, and how tightly it holds together."""
    kind, args = node.kind, node.args
    if kind == "number":
        return number(args[0])
    if kind in ("name", "index"):
        return args[0], ATOM
    if kind in ("pi", "euler", "infinity"):
        return {"pi": "π", "euler": "e", "infinity": "∞"}[kind], ATOM
    if kind == "add":
        text = bracketed(args[0], SUM)
        for part in args[1:]:
            text += f" − {bracketed(part.args[0], PRODUCT)}" if part.kind == "neg" else f" + {bracketed(part, PRODUCT)}"
        return text, SUM
    if kind == "neg":
        return f"−{bracketed(args[0], PRODUCT)}", SUM
    if kind == "mul":
        return "·".join(bracketed(a, POWER) for a in args), PRODUCT
    if kind == "div":
        return f"{bracketed(args[0], POWER)}/{bracketed(args[1], POWER)}", PRODUCT
    if kind == "pow":
        exponent = piece(args[1])[0]
        return f"{bracketed(args[0], ATOM)}^{exponent if exponent.isalnum() else f'({exponent})'}", POWER
    if kind == "factorial":
        return f"{bracketed(args[0], ATOM)}!", POWER
    if kind == "abs":
        return f"|{piece(args[0])[0]}|", ATOM
    if kind == "logb":
        return f"log_{bracketed(args[1], ATOM)}({piece(args[0])[0]})", ATOM
    if kind in ("sqrt", "log", "exp", "max", "min", "binom"):
        head = "ln" if kind == "log" else kind
        return f"{head}({', '.join(piece(a)[0] for a in args)})", ATOM
    if kind == "call":
        separator = " ‖ " if args[0] == "D" else ", "
        return f"{HEADS.get(args[0], args[0])}({separator.join(piece(a)[0] for a in args[1:])})", ATOM
    if kind == "family":
        return f"{piece(args[0])[0]}({piece(args[1])[0]})", ATOM
    if kind == "entry":
        indices = [piece(i)[0] for i in args[1:]]
        side_by_side = all(len(i) == 1 and i.isalpha() for i in indices)
        return f"{bracketed(args[0], ATOM)}_{_script(indices, side_by_side)}", ATOM
    if kind == "delta":
        return f"δ_{_script([piece(i)[0] for i in args], False)}", ATOM
    return binder(node)


def _script(parts: list[str], side_by_side: bool) -> str:
    text = ("" if side_by_side else ",").join(parts)
    return text if len(text) == 1 else f"{{{text}}}"


def binder(node: Node) -> Piece:
    """Sums and the like: the body always stands in brackets."""
    kind, args = node.kind, node.args
    if kind in BIG:
        name, low, high, body = args
        return f"{BIG[kind]}_{{{name}={piece(low)[0]}..{piece(high)[0]}}} ({piece(body)[0]})", POWER
    if kind == "without":
        name, low, high, other, body = args
        return f"Σ_{{{name}={piece(low)[0]}..{piece(high)[0]}, {name}≠{piece(other)[0]}}} ({piece(body)[0]})", POWER
    if kind == "deriv":
        return "".join(f"∂/∂{piece(x)[0]} " for x in args[1:]) + f"({piece(args[0])[0]})", POWER
    if kind == "integral":
        name, low, high, body = args
        return f"∫_{{{name}={piece(low)[0]}..{piece(high)[0]}}} ({piece(body)[0]}) d{name}", POWER
    if kind == "limit":
        name, point, side, body = args
        return f"lim_{{{name}→{piece(point)[0]}{side}}} ({piece(body)[0]})", POWER
    if kind == "cases":
        rows = [f"{piece(args[k])[0]} if {chain(args[k + 1])}" for k in range(0, len(args) - 1, 2)]
        if len(args) % 2:
            rows.append(f"{piece(args[-1])[0]} otherwise")
        return f"{{{'; '.join(rows)}}}", ATOM
    raise ValueError(f"no way to write {kind}")


__all__ = ["written"]
