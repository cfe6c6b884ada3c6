"""One walk over a term serves every printer: it decides order, signs, fractions, brackets and index letters.

What it writes is the tree as it stands; addends and factors keep their order and nothing is evaluated. The reading
convention: the body of Σ, Π, max, log and ∂/∂x runs to the next + or − at its own level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, count

from .._kernel.domains import Scope
from .._kernel.terms import BINDERS, ONE, STATEMENTS, Term, free_names, num, opened, subterms, var
from .notation import LETTERS, STATEMENT_RELATION, Function, Name, function, parse_name

#: How tightly a piece of a formula holds together.
CONNECTIVE, RELATION, CASE, SUM, PRODUCT, SLASH, PREFIX, POWER, FRACTION, ATOM = range(10)
MINUS_ONE = num(-1)
TURNED = {"<=": ">=", "<": ">"}


@dataclass(frozen=True)
class Piece:
    """A written part of a formula and what has to be known to put it into a larger one."""

    text: str  #: without the minus sign of a negative piece
    level: int = ATOM
    negative: bool = False
    tail: bool = False  #: takes in the factors written after it
    tall: bool = False  #: higher than a line


class Names:
    """The letters of a page: declared names keep theirs, and indices take letters that are not taken.

    ``hints`` maps the name of a size to the letters its indices prefer.
    """

    def __init__(self, terms: Iterable[Term] = (), scope: Scope | None = None, hints: dict[str, str] | None = None) -> None:
        self.scope = scope or Scope()
        self.hints = {**LETTERS, **(hints or {})}
        terms = [*terms, *self.scope.hypotheses]
        names = set().union(*(free_names(t) for t in terms), (name for name, _ in self.scope.domains))
        for _, domain in self.scope.domains:
            names.update(size.args[0] for size in domain.sizes if size.op == "var")
        self.taken = {name for name in names if not name.startswith("#")}
        self.opened: dict[str, str] = {}
        for name in sorted((n for n in names if n.startswith("#")), key=lambda n: (len(n), n)):
            self.opened[name] = self.letter(self._size(name, terms), self.opened.values())

    def letter(self, size: Term | None, used: Iterable[str] = ()) -> str:
        """A letter for an index over 1…size, none of ``used`` and no declared name."""
        avoid = {*self.taken, *self.opened.values(), *used}
        key = size.args[0] if size is not None and size.op == "var" else ""
        letters: list[str] = [*self.hints.get(key, self.hints[""]), *LETTERS[""]]
        numbered = (f"i_{number}" for number in count(1))
        return next(letter for letter in chain(letters, numbered) if letter not in avoid)

    def _size(self, name: str, terms: Iterable[Term]) -> Term | None:
        """The size of the set over which an opened index runs, as far as it can be told from its use."""
        sizes = dict(self.scope.domains)
        if name in sizes and sizes[name].sizes:
            return sizes[name].sizes[0]
        for s in (s for t in terms for s in subterms(t)):
            if s.op == "at" and var(name) in s.args[1:] and s.args[0].op == "var" and s.args[0].args[0] in sizes:
                place = s.args.index(var(name)) - 1
                domain = sizes[s.args[0].args[0]]
                return domain.sizes[place] if place < len(domain.sizes) else None
        return None


@dataclass(frozen=True)
class Where:
    """The place of a subterm: letters of the binders around it, and whether fractions are written with a slash."""

    letters: tuple[str, ...] = ()
    slash: bool = False
    avoid: frozenset[str] = field(default_factory=frozenset)

    def under(self, letter: str) -> Where:
        """The place below one more binder."""
        return replace(self, letters=(*self.letters, letter))


class Printer:
    """The walk; a subclass says how each construct looks, and nothing else."""

    log_level = PREFIX  #: an argument of log of at least this level stands without brackets
    slash = False

    def __init__(self, names: Names | None = None) -> None:
        self.names = names or Names()

    # What a subclass writes.
    def number(self, whole: int) -> Piece:
        raise NotImplementedError

    def constant(self, name: str) -> Piece:
        raise NotImplementedError

    def name(self, name: Name, subscripts: tuple[str, ...] = ()) -> Piece:
        raise NotImplementedError

    def brackets(self, piece: Piece) -> str:
        raise NotImplementedError

    def over(self, top: Piece, bottom: Piece) -> Piece:
        raise NotImplementedError

    def between(self, left: str, right: str) -> str:
        raise NotImplementedError

    def power(self, base: str, exponent: Piece) -> Piece:
        raise NotImplementedError

    def root(self, piece: Piece) -> Piece:
        raise NotImplementedError

    def log(self, argument: str, tall: bool) -> Piece:
        raise NotImplementedError

    def exponential(self, short: Piece, long: Piece, use_long: bool) -> Piece:
        raise NotImplementedError

    def subscript(self, base: str, parts: tuple[str, ...]) -> str:
        raise NotImplementedError

    def big(self, op: str, letter: str, size: str, body: str) -> Piece:
        raise NotImplementedError

    def vector(self, body: str, letter: str, size: str, tall: bool) -> Piece:
        raise NotImplementedError

    def call(self, row: Function, arguments: list[Piece], subscript: str | None) -> Piece:
        raise NotImplementedError

    def absolute(self, piece: Piece) -> Piece:
        raise NotImplementedError

    def maximum(self, pieces: list[Piece]) -> Piece:
        raise NotImplementedError

    def cases(self, rows: list[tuple[str, str, str]], last: str) -> Piece:
        raise NotImplementedError

    def derivative(self, by: list[str], body: str, inside: bool) -> Piece:
        raise NotImplementedError

    def relation(self, left: str, sign: str, right: str) -> str:
        raise NotImplementedError

    def connective(self, op: str, parts: list[str]) -> str:
        raise NotImplementedError

    def infinity(self) -> str:
        raise NotImplementedError

    def limit(self, x: str, c: str, body: str, value: str) -> str:
        raise NotImplementedError

    def integral(self, x: str, low: str, high: str, body: str, value: str) -> str:
        raise NotImplementedError

    def __call__(self, t: Term) -> str:
        """The term as written."""
        avoid = frozenset(free_names(t))
        letters: tuple[str, ...] = ()
        for _ in range(t.loose):  # a body taken out of its binders
            letters = (*letters, self.names.letter(None, (*letters, *avoid)))
        return self.signed(self.piece(t, Where(letters, self.slash, avoid)))

    def signed(self, piece: Piece) -> str:
        """The text with its sign."""
        return f"-{piece.text}" if piece.negative else piece.text

    def wrap(self, piece: Piece, least: int, tail: bool = True) -> str:
        """The text, in brackets unless it holds together at ``least``; ``tail`` says an open end is harmless here."""
        if piece.negative or piece.level < least or (piece.tail and not tail):
            return self.brackets(piece)
        return piece.text

    def piece(self, t: Term, w: Where) -> Piece:
        """The written form of a term at a place."""
        written: Piece = getattr(self, f"_{t.op}")(t, w)
        return written

    def scripted(self, t: Term, w: Where) -> Piece:
        """The written form in a subscript or exponent."""
        return self.piece(t, replace(w, slash=True))

    # Numbers and names
    def _num(self, t: Term, w: Where) -> Piece:
        value = t.args[0]
        top = self.number(abs(value.numerator))
        if value.denominator == 1:
            return replace(top, negative=value < 0)
        return replace(self.fraction(top, self.number(value.denominator), w), negative=value < 0)

    def _const(self, t: Term, w: Where) -> Piece:
        return self.constant(t.args[0])

    def _var(self, t: Term, w: Where) -> Piece:
        return self.name(parse_name(self.names.opened.get(t.args[0], t.args[0])))

    def _bound(self, t: Term, w: Where) -> Piece:
        return self.name(parse_name(w.letters[-1 - t.args[0]]))

    def _meta(self, t: Term, w: Where) -> Piece:
        return self.name(parse_name(t.args[0]), tuple(self.signed(self.scripted(a, w)) for a in t.args[1:]))

    # Arithmetic
    def _add(self, t: Term, w: Where) -> Piece:
        pieces = [self.piece(a, w) for a in t.args]
        first = pieces[0]
        text = self.brackets(first) if first.level < SUM else self.signed(first)
        for piece in pieces[1:]:
            inner = self.brackets(replace(piece, negative=False)) if piece.level <= SUM else piece.text
            text += f" {'-' if piece.negative else '+'} {inner}"
        return Piece(text, SUM, tall=any(p.tall for p in pieces))

    def _mul(self, t: Term, w: Where) -> Piece:
        factors = list(t.args)
        negative = factors[0] == MINUS_ONE
        groups: list[Piece] = []
        pending: list[Piece] = []
        position = 1 if negative else 0
        while position < len(factors):
            divisors = []
            while position < len(factors) and (divisor := self.divisor(factors[position])) is not None:
                divisors.append(divisor)
                position += 1
            if divisors:
                bottom = self.product([self.piece(d, w) for d in divisors])
                top = self.product(pending) if pending else self.number(1)
                pending = []
                groups.append(replace(self.fraction(replace(top, negative=False), bottom, w), negative=top.negative))
                continue
            factor = factors[position]
            if factor.op == "num" and factor.args[0].denominator != 1:  # a rational coefficient stands by itself
                groups += [*pending, self.piece(factor, w)]
                pending = []
            else:
                pending.append(self.piece(factor, w))
            position += 1
        whole = self.product([*groups, *pending])
        if not negative:
            return whole
        if whole.negative or whole.level < PRODUCT:
            return Piece(self.brackets(whole), PRODUCT, True, tall=whole.tall)
        return replace(whole, negative=True)

    @staticmethod
    def divisor(t: Term) -> Term | None:
        """What stands under the bar for a factor with a negative exponent."""
        if t.op == "pow" and t.args[1].op == "num" and t.args[1].args[0] < 0:
            return t.args[0] if t.args[1] == MINUS_ONE else Term("pow", t.args[0], num(-t.args[1].args[0]))
        return None

    def fraction(self, top: Piece, bottom: Piece, w: Where) -> Piece:
        """top over bottom, with a bar or a slash."""
        if not w.slash:
            return self.over(top, bottom)
        return Piece(f"{self.wrap(top, PRODUCT, tail=False)}/{self.wrap(bottom, POWER)}", SLASH, tall=top.tall or bottom.tall)

    def product(self, pieces: list[Piece]) -> Piece:
        """Factors one after the other."""
        if len(pieces) == 1:
            return pieces[0]
        last = len(pieces) - 1
        negative = pieces[0].negative and pieces[0].level >= PRODUCT
        text = written = ""
        for k, p in enumerate(pieces):
            before = written
            bare = replace(p, negative=False) if k == 0 and negative else p
            written = self.wrap(bare, PREFIX if p.level == SLASH else PRODUCT, tail=k == last)
            text = text + self.between(before, written) + written if k else written
        tail = pieces[-1].tail and written == pieces[-1].text
        return Piece(text, PRODUCT, negative, tail, any(p.tall for p in pieces))

    def _pow(self, t: Term, w: Where) -> Piece:
        under = self.divisor(t)
        if under is not None:
            return self.fraction(self.number(1), self.piece(under, w), w)
        if t.args[1] == num("1/2"):
            return self.root(self.piece(t.args[0], w))
        base = self.piece(t.args[0], w)
        return self.power(self.wrap(base, ATOM), self.scripted(t.args[1], w))

    def _log(self, t: Term, w: Where) -> Piece:
        return self.log_of(self.piece(t.args[0], w))

    def log_of(self, argument: Piece) -> Piece:
        """The logarithm of a written argument."""
        return self.log(self.wrap(argument, self.log_level), argument.tall)

    def _xlog(self, t: Term, w: Where) -> Piece:
        weight, a, b = t.args
        top = self.piece(a, w)
        argument = top if b == ONE else self.fraction(replace(top, text=self.signed(top), negative=False), self.piece(b, w), w)
        first = self.piece(weight, w)
        closed = Piece(self.brackets(first), tall=first.tall) if first.negative else first
        return self.product([closed, self.log_of(argument)])

    def _exp(self, t: Term, w: Where) -> Piece:
        short, long = self.scripted(t.args[0], w), self.piece(t.args[0], w)
        high = any(s.op in BINDERS or s.op in ("exp", "case", "log", "xlog", "deriv") for s in subterms(t.args[0]))
        return self.exponential(short, long, high or len(short.text) > 28)

    def _max(self, t: Term, w: Where) -> Piece:
        return self.maximum([self.piece(a, w) for a in t.args])

    def _abs(self, t: Term, w: Where) -> Piece:
        return self.absolute(self.piece(t.args[0], w))

    def _case(self, t: Term, w: Where) -> Piece:
        rows = []
        while t.op == "case":
            u, v, then, t = t.args
            first, left, right = (self.signed(self.piece(s, w)) for s in (then, u, v))
            rows.append((first, left, right))
        return self.cases(rows, self.signed(self.piece(t, w)))

    # Indices and vectors
    def _at(self, t: Term, w: Where) -> Piece:
        vector, indices = t.args[0], tuple(self.signed(self.scripted(i, w)) for i in t.args[1:])
        if vector.op == "var" or (vector.op == "meta" and len(vector.args) == 1):
            return self.name(parse_name(self.names.opened.get(vector.args[0], vector.args[0])), indices)
        if vector.op == "of" and vector.args[0].op == "var":
            parameter = self.signed(self.scripted(vector.args[1], w))
            return self.name(parse_name(vector.args[0].args[0]), (parameter, *indices))
        return Piece(self.subscript(self.brackets(self.piece(vector, w)), indices))

    def _delta(self, t: Term, w: Where) -> Piece:
        return self.name(Name("delta", (), ()), tuple(self.signed(self.scripted(i, w)) for i in t.args))

    def _of(self, t: Term, w: Where) -> Piece:
        parameter = self.signed(self.scripted(t.args[1], w))
        if t.args[0].op == "var":
            return self.name(parse_name(t.args[0].args[0]), (parameter,))
        return Piece(self.subscript(self.wrap(self.piece(t.args[0], w), ATOM), (parameter,)))

    def _app(self, t: Term, w: Where) -> Piece:
        row = function(t.args[0])
        arguments = list(t.args[1:])
        index = None
        if row.subscript is not None and row.subscript < len(arguments):
            index = self.signed(self.scripted(arguments.pop(row.subscript), w))
        return self.call(row, [self.piece(a, w) for a in arguments], index)

    def _deriv(self, t: Term, w: Where) -> Piece:
        by = []
        while t.op == "deriv":
            by.append(self.piece(t.args[1], w).text)
            t = t.args[0]
        body = self.piece(t, w)
        inside = body.level == ATOM and not body.tall and not body.negative
        return self.derivative(by, self.wrap(body, PREFIX), inside)

    # Binders
    def _binder(self, t: Term, w: Where) -> tuple[str, str, Piece]:
        letter = self.names.letter(t.args[0], (*w.letters, *w.avoid))
        size = self.signed(self.scripted(t.args[0], w))
        return letter, size, self.piece(t.args[1], w.under(letter))

    def _big(self, t: Term, w: Where) -> Piece:
        letter, size, body = self._binder(t, w)
        return self.big(t.op, self.name(parse_name(letter)).text, size, self.wrap(body, PRODUCT))

    _sum = _prod = _top = _big

    def _vec(self, t: Term, w: Where) -> Piece:
        letter, size, body = self._binder(t, w)
        return self.vector(self.signed(body), self.name(parse_name(letter)).text, size, body.tall)

    # Statements
    def _side(self, t: Term, w: Where) -> str:
        piece = self.piece(t, w)
        return self.brackets(piece) if piece.level <= RELATION else self.signed(piece)

    def _eq(self, t: Term, w: Where) -> Piece:
        (left, right), sign = t.args[:2], STATEMENT_RELATION[t.op]
        if sign in TURNED and left.op == "num" and right.op != "num":  # x ≥ 0 rather than 0 ≤ x
            left, right, sign = right, left, TURNED[sign]
        text = self.relation(self._side(left, w), sign, self._side(right, w))
        if len(t.args) == 3:
            return Piece(self.connective("equality", [text, self._part(t.args[2], w)]), CONNECTIVE, tall=True)
        return Piece(text, RELATION)

    _le = _lt = _ne = _eq

    def _part(self, t: Term, w: Where) -> str:
        return self.wrap(self.piece(t, w), RELATION) if t.op in STATEMENTS else self.signed(self.piece(t, w))

    def _connective(self, t: Term, w: Where) -> Piece:
        return Piece(self.connective(t.op, [self._part(a, w) for a in t.args]), CONNECTIVE)

    _imp = _iff = _and = _connective

    def _all(self, t: Term, w: Where) -> Piece:
        same = vector_equality(t)
        if same is not None:
            return self.piece(same, w)
        letter, _, body = self._binder(t, w)
        text = self.brackets(body) if body.level < RELATION else body.text
        return Piece(self.connective("for every", [text, self.name(parse_name(letter)).text]), CONNECTIVE)

    def _infinite(self, t: Term, w: Where) -> Piece:
        return Piece(self.relation(self._side(t.args[0], w), "=", self.infinity()), RELATION)

    def _tends(self, t: Term, w: Where) -> Piece:
        a, x, c, value = t.args
        body = self.wrap(self.piece(a, w), PRODUCT)
        point = self.wrap(self.scripted(c, w), ATOM)
        return Piece(self.limit(self.piece(x, w).text, point, body, self._side(value, w)), RELATION)

    def _integrates(self, t: Term, w: Where) -> Piece:
        a, x, low, high, value = t.args
        body = self.wrap(self.piece(a, w), PRODUCT)
        first, last = (self.signed(self.scripted(end, w)) for end in (low, high))
        return Piece(self.integral(self.piece(x, w).text, first, last, body, self._side(value, w)), RELATION)


def vector_equality(t: Term) -> Term | None:
    """``p = q`` for a statement that all entries of p and q agree, else None."""
    depth, body = 0, t
    while body.op == "all":
        depth, body = depth + 1, body.args[1]
    indices = tuple(Term("bound", k) for k in reversed(range(depth)))
    if not depth or body.op != "eq" or not all(a.op == "at" and a.args[1:] == indices for a in body.args):
        return None
    left, right = (a.args[0] for a in body.args)
    if left.loose or right.loose:
        return None
    return Term("eq", left, right)


__all__ = ["ATOM", "CASE", "FRACTION", "POWER", "PREFIX", "PRODUCT", "Names", "Piece", "Printer", "opened", "vector_equality"]
