"""0 ≤ f because f falls to f(c) ≥ 0 and rises again, as its derivative tells, whose sign is shown in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import islice

from derivations._kernel.check import Proof
from derivations._kernel.domains import Scope, mentions
from derivations._kernel.terms import ONE, ZERO, Term, free_names, num, substitute, subterms, var

from . import looks, settling
from .bounds import FAILURES, Bounds
from .equation import NotFound
from .normalise import field
from .propose import zeros

OPEN = ("Real", "Positive", "Probability")
HALF = num(Fraction(1, 2))


def by_slope(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f has its least value where its derivative changes sign, or at an end."""
    if depth <= 0:
        return
    for name in sorted(free_names(f)):
        if not ranges(scope, name):
            continue
        x = var(name)
        try:
            search.kernel.interval(scope, x)
            slope, steps = search.strong.together([Term("deriv", f, x)], scope)[0]
        except FAILURES:
            continue
        derivative = settling.rewriting(Term("deriv", f, x), steps)
        slopes = [(slope, derivative)]
        factored = settling.cancelled(search.kernel, slope)
        if factored != slope:
            slopes.insert(0, (factored, settling.chained(derivative, field(slope, factored))))
        at = looks.points(scope, f, slope)
        for c in candidates(search, scope, x, slope, f):
            if not turns(slope, x, c, at) or -1 in looks.signs(substitute(f, {name: c}), at):
                continue
            for form, equal in slopes:
                if equal is None:
                    continue
                try:
                    yield turned(search, scope, x, f, c, form, equal, depth)
                except FAILURES:
                    continue


def ranges(scope: Scope, name: str) -> bool:
    """Whether a variable ranges over an open interval."""
    domain = scope.domain(name)
    above_zero = domain.name == "Nonnegative" and Term("lt", ZERO, var(name)) in scope.hypotheses
    return not domain.sizes and (domain.name in OPEN or above_zero)


def by_quotient(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f = d·h for the distance d > 0 to an end, 0 or 1, where f vanishes, and its logarithm grows; and h ≥ 0."""
    if depth <= 2 or not any(s.op in ("log", "xlog") for s in subterms(f)):
        return
    for name in sorted(free_names(f)):
        x = var(name)
        domain = scope.domain(name).name
        if domain not in ("Positive", "Probability") or not (known := cuts(search, scope, x)):
            continue
        for d, end in ((x, 1e-9), (ONE - x, 1 - 1e-9))[: 1 + (domain == "Probability")]:
            if not any(above == (end > 0.5) for above, _ in known) or any(above == (end < 0.5) for above, _ in known):
                continue
            if looks.signs(f, [{**env, name: end} for env in looks.points(scope, f)], 1e-6):
                continue
            with suppress(*FAILURES):
                form, proof = search.forms(scope, f)[0]
                h = settling.cancelled(search.kernel, search.normal(scope, form / d))
                part = search.nonnegative(scope, h, depth - 1)
                yield search.replaced(f, ((d, part), (num(-1), settling.equation(search.strong, scope, form, d * h))), proof)


def by_halves(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f(x) = f(1 − x), as far as was seen: x ≤ 1/2 and x ≥ 1/2 are told apart."""
    if depth <= 1:
        return
    for name in sorted(free_names(f)):
        x = var(name)
        if scope.domain(name).name != "Probability" or any(mentions(h, name) for h in scope.hypotheses):
            continue
        if looks.signs(f - substitute(f, {name: ONE - x}), looks.points(scope, f)):
            continue
        with suppress(*FAILURES):
            cases = []
            for side in (Term("le", x, HALF), Term("le", HALF, x)):
                proof = search.nonnegative(scope.assuming(side), f, depth)
                got = search.kernel.derive(proof, scope.assuming(side))
                cases.append(proof if got.op == "lt" and search.strict else Proof("weaken", (proof,)))
            yield Proof("order_cases", (x, HALF, *cases))


def candidates(search: Bounds, scope: Scope, x: Term, slope: Term, f: Term) -> list[Term]:
    """Places where the least value may be: zeros of the slope, ends of the interval, round numbers, other variables."""
    name = x.args[0]
    ends = [t for _, t in cuts(search, scope, x)]
    others = [var(n) for n in sorted(free_names(f)) if n != name and ranges(scope, n)]
    found: list[Term] = []
    with suppress(*FAILURES):
        found = zeros(search.kernel, slope, x)
    low, high = scope.domain(name).kind.low, scope.domain(name).kind.high
    allowed = [ZERO, HALF, ONE, num(-1)]
    allowed = [t for t in allowed if (low is None or t.args[0] >= low) and (high is None or t.args[0] <= high)]
    return list(dict.fromkeys([*found, *ends, *allowed, *others]))[:10]


def turns(slope: Term, x: Term, c: Term, at: list[looks.Env]) -> bool:
    """Whether the slope has, where it was looked at, the sign of x − c."""
    for env in at:
        try:
            s, d = looks.value(slope, env), looks.value(x - c, env)
        except looks.NoValue:
            continue
        if abs(s) > 1e-9 and abs(d) > 1e-9 and (s > 0) != (d > 0):
            return False
    return True


def turned(search: Bounds, scope: Scope, x: Term, f: Term, c: Term, slope: Term, derivative: Proof, depth: int) -> Proof:
    """0 ≤ f from its slope on both sides of c and its value there."""
    wide = room(search, scope, x, f, c)
    low = substitute(f, {x.args[0]: c})
    parts: list[tuple[Term, Proof]] = []
    try:
        parts.append((num(-1), settling.zero(search.strong, scope, low)))
    except FAILURES:
        parts.append((ONE, search.nonnegative(scope, low, depth - 1)))
    with demanding(search, parts[0][0] != ONE or search.kernel.derive(parts[0][1], scope).op != "lt"):
        sides = falls_and_rises(search, scope, x, c, slope, depth)
    turning = Proof("slope", (x, f, c, derivative, *sides, wide))
    return Proof("combine", (ZERO, f, ((ONE, turning), *parts)))


@contextmanager
def demanding(search: Bounds, still: bool) -> Iterator[None]:
    """Strict bounds are asked for in here only if they were before, and ``still`` are."""
    before, search.strict = search.strict, search.strict and still
    try:
        yield
    finally:
        search.strict = before


def falls_and_rises(search: Bounds, scope: Scope, x: Term, c: Term, slope: Term, depth: int) -> list[Proof | tuple[()]]:
    """The sign of a slope on both sides of c; nothing for a side where x is not."""
    order = search.kernel.order(scope)
    sides: list[Proof | tuple[()]] = []
    for side, h in ((Term("lt", x, c), -slope), (Term("lt", c, x), slope)):
        if order.holds(Term("le", *reversed(side.args))):
            sides.append(())
            continue
        proof = search.nonnegative(scope.assuming(side), h, depth - 1)
        sides.append(proof if h is slope else Proof("combine", (slope, ZERO, ((ONE, proof),))))
    return sides


def room(search: Bounds, scope: Scope, x: Term, f: Term, *points: Term) -> tuple[object, ...]:
    """An open interval that holds x and the points, where f is smooth."""
    rooms: list[tuple[object, ...]] = [(), ("Real",), ("Positive",), ("Probability",), ("Real", Term("lt", x, ONE))]
    rooms += [("Real", Term("lt", num(-1), x)), ("Real", Term("lt", num(-1), x), Term("lt", x, ONE))]
    for room in rooms:
        try:
            own = (scope.domain(x.args[0]).name, *search.kernel.interval(scope, x)[1])
            wide = search.kernel.room(scope, {x: (x, *points)}, {x: room or own})
            search.kernel.smooth(wide, f, x)
            return room
        except FAILURES:
            continue
    raise NotFound("not smooth where the least value is", f)


def by_chord(search: Bounds, scope: Scope, f: Term, depth: int) -> Iterator[Proof]:
    """f bends down between two numbers, and is ≥ 0 at both."""
    if depth <= 0:
        return
    for name in sorted(free_names(f)):
        x = var(name)
        if not ranges(scope, name):
            continue
        with suppress(*FAILURES):
            low, high = ends(search, scope, x)
            if search.strict:
                yield from above_chord(search, scope, x, f, (low, high), depth)
            first, steps = search.strong.together([Term("deriv", f, x)], scope)[0]
            second, more = search.strong.together([Term("deriv", first, x)], scope)[0]
            slopes = [settling.rewriting(Term("deriv", f, x), steps), settling.rewriting(Term("deriv", first, x), more)]
            if None in slopes or 1 in looks.signs(second, looks.points(scope, second)):
                continue
            falling = Proof("combine", (second, ZERO, ((ONE, search.nonnegative(scope, -second, depth - 1)),)))
            wide = room(search, scope, x, f, low, high)
            values = tuple(at_least_zero(search, scope, substitute(f, {name: end}), depth) for end in (low, high))
            yield Proof("bent", (x, f, (low, high), wide, tuple(slopes), falling, values))


def above_chord(search: Bounds, scope: Scope, x: Term, f: Term, ends: tuple[Term, Term], depth: int) -> Iterator[Proof]:
    """0 < f where f bends down, for its chord is positive already."""
    low, high = ends
    left, right = (search.normal(scope, substitute(f, {x.args[0]: end})) for end in ends)
    chord = ((high - x) * left + (x - low) * right) / (high - low)
    if not search.kernel.order(scope).sign(chord) <= {1}:
        return
    with demanding(search, False):
        bend = list(islice((p for p in by_chord(search, scope, f - chord, depth) if p.args[0] == x), 1))
    if bend:
        yield Proof("combine", (ZERO, f, ((ONE, bend[0]), (ONE, Proof("sign", (chord,))))))


def ends(search: Bounds, scope: Scope, x: Term) -> tuple[Term, Term]:
    """The ends of the interval in which a variable lies."""
    kind = scope.domain(x.args[0]).kind
    found = cuts(search, scope, x)
    low = [c for above, c in found if above] or [num(kind.low) for _ in (0,) if kind.low is not None]
    high = [c for above, c in found if not above] or [num(kind.high) for _ in (0,) if kind.high is not None]
    low, high = tightest(low, max), tightest(high, min)
    if len(low) != 1 or len(high) != 1:
        raise NotFound("no interval with two ends")
    return low[0], high[0]


def tightest(ends: list[Term], best: Callable[..., Term]) -> list[Term]:
    """One of several ends that are numbers; else the different ones."""
    if ends and all(c.op == "num" for c in ends):
        return [best(ends, key=lambda c: c.args[0])]
    return list(dict.fromkeys(ends))


def cuts(search: Bounds, scope: Scope, x: Term) -> list[tuple[bool, Term]]:
    """The places c where hypotheses cut the line: (True, c) for c ≤ x, (False, c) for x ≤ c."""
    found = []
    for h in scope.hypotheses:
        if h.op in ("lt", "le") and mentions(h, x.args[0]):
            rising = search.normal(scope, Term("deriv", h.args[1] - h.args[0], x))
            found += [
                (search.kernel.order(scope).sign(rising) <= {1}, c) for c in zeros(search.kernel, h.args[1] - h.args[0], x)
            ]
    return found


def at_least_zero(search: Bounds, scope: Scope, value: Term, depth: int) -> Proof:
    """0 ≤ value or value = 0, as a relation from 0 to value."""
    try:
        zero = settling.zero(search.strong, scope, value)
    except FAILURES:
        return search.nonnegative(scope, value, depth - 1)
    return Proof("symmetry", (zero,))


__all__ = ["by_chord", "by_halves", "by_quotient", "by_slope"]
