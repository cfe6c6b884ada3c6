"""A point that fails a hypothesis is often one move away from a point that meets it.

An equation is solved for a number that enters it linearly; a relation is tried with simple values; a vector is scaled;
``p_i = q_i`` for all i is an assignment. Entries of a distribution move with the others rescaled, so the total stays 1.
Nothing here is believed: the sampler checks every point afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

from flint import ctx, fmpq

from .._kernel.domains import Domain, Scope
from .._kernel.terms import BINDERS, IllFormed, Term, free_names
from .entries import flat, mapped, plain, refilled, replaced, scaled
from .jets import Undecided, Undefined
from .point import Point
from .truth import Ties, Trial

PASSES = 4
GAPS = tuple(fmpq(*g) for g in ((1, 2), (1, 5), (1, 20), (1, 100), (1, 1)))
MENU = tuple(fmpq(*v) for v in ((0, 1), (1, 1), (1, 2), (1, 3), (2, 1), (1, 10), (3, 1), (10, 1), (1, 100), (-1, 1)))
SCALES = tuple(fmpq(*s) for s in ((1, 2), (1, 4), (1, 8), (1, 20), (2, 1), (4, 1), (8, 1), (16, 1)))
Place = tuple[int, ...]


def repaired(scope: Scope, point: Point, rng: random.Random, inside: Callable[[Domain, Any, dict[str, int]], bool]) -> Point:
    """A point near ``point`` in spirit, moved towards the hypotheses of the scope; perhaps in vain."""
    work = _Repair(scope, point, rng, inside)
    with ctx.workprec(256):
        for _ in range(PASSES):
            if not [h for h in scope.hypotheses if not work.make(h, True)]:  # every one is made, also after a failure
                break
    return Point(point.sizes, {name: plain(work.names[name]) for name in point.values})


class _Repair:
    def __init__(self, scope: Scope, point: Point, rng: random.Random, inside: Callable[..., bool]) -> None:
        self.domains, self.sizes, self.rng, self.inside = dict(scope.domains), dict(point.sizes), rng, inside
        self.trial = Trial(point, Ties.UNKNOWN, (256,))
        self.names = self.trial.evaluator.names

    # What holds now, and changing a value if it stays in its domain.
    def holds(self, s: Term) -> bool | None:
        self.trial.evaluator.clear()
        try:
            return self.trial.truth(s)
        except Undefined:
            return None

    def put(self, name: str, value: Any) -> bool:
        if not self.inside(self.domains[name], plain(value), self.sizes):
            return False
        self.names[name] = value
        return True

    def make(self, s: Term, want: bool) -> bool:
        """Move towards ``s`` being ``want``; whether it was so before."""
        if self.holds(s) is want:
            return True
        bound = self.trial.evaluator.bound
        if s.op == "all" and not (want and self.assign(s)):
            indices = list(range(1, self.trial.evaluator.size(s.args[0]) + 1))
            bound.append(0)
            for i in indices if want else [self.rng.choice(indices)]:
                bound[-1] = i
                self.make(s.args[1], want)
            bound.pop()
        elif s.op == "and":
            for part in s.args if want else [self.rng.choice(s.args)]:
                self.make(part, want)
        elif s.op == "imp" and want:
            goals = [(s.args[0], False), (s.args[1], True)]
            self.rng.shuffle(goals)
            for part, value in goals:
                if self.holds(s) is not True:
                    self.make(part, value)
        elif s.op == "imp":
            self.make(s.args[0], True)
            self.make(s.args[1], False)
        elif s.op == "iff":
            self.make(s.args[1], bool(self.holds(s.args[0])) is want)
        elif s.op in ("eq", "ne", "lt", "le"):
            self.relate(s, want)
        return False

    def assign(self, s: Term) -> bool:
        """For all indices, an entry of a variable equals something: the variable becomes that."""
        dimensions, body = [], s
        while body.op == "all":
            dimensions.append(self.trial.evaluator.size(body.args[0]))
            body = body.args[1]
        if body.op != "eq" or self.trial.evaluator.bound:
            return False
        indices = tuple(Term("bound", k) for k in reversed(range(len(dimensions))))
        sides = [body.args, body.args[::-1]]
        self.rng.shuffle(sides)
        for target, source in sides:
            if target.op != "at" or target.args[0].op != "var" or target.args[1:] != indices:
                continue
            flat = [self.read(source, place) for place in product(*(range(1, n + 1) for n in dimensions))]
            if any(type(v) is not fmpq for v in flat):
                continue
            if self.put(target.args[0].args[0], refilled(self.names[target.args[0].args[0]], iter(flat))):
                return True
        return False

    def read(self, t: Term, place: Place = ()) -> Any:
        """The value of ``t``, its outermost bound indices being those of ``place``; None if it has none."""
        evaluator = self.trial.evaluator
        evaluator.clear()
        evaluator.bound.extend(place)
        try:
            return evaluator.number(t)
        except (Undefined, Undecided):
            return None
        finally:
            del evaluator.bound[len(evaluator.bound) - len(place) :]

    # A relation between two numbers.
    def relate(self, s: Term, want: bool) -> None:
        below = (s.op in ("lt", "le")) == want
        level = (s.op in ("eq", "le")) if want else (s.op in ("ne", "lt"))
        goals = [fmpq(0)] if level else []
        if s.op in ("lt", "le") or not level:
            goals += [-g if below else g for g in GAPS]
        if s.op == "le" and self.rng.random() < 0.5:
            goals = goals[1:] + goals[:1]
        moves = [*self.moves(s)]
        for name, move in moves:
            for goal in goals:
                before = self.names[name]
                t = self.root(s, name, move, goal)
                if t is not None and (value := move(t)) is not None and self.put(name, value) and self.holds(s) is want:
                    return
                self.names[name] = before
        for name, value in self.menu(s, moves):
            before = self.names[name]
            if self.put(name, value) and self.holds(s) is want:
                return
            self.names[name] = before

    def root(self, s: Term, name: str, move: Callable[[fmpq], Any], goal: fmpq) -> fmpq | None:
        """The t at which left − right = goal, if that difference is linear in t."""
        before, seen = self.names[name], []
        for t in (fmpq(1, 4), fmpq(1, 2), fmpq(3, 4)):
            moved = move(t)
            if moved is None:
                return None
            self.names[name] = moved
            left, right = self.read(s.args[0]), self.read(s.args[1])
            self.names[name] = before
            if type(left) is not fmpq or type(right) is not fmpq:
                return None
            seen.append(left - right)
        step = seen[1] - seen[0]
        if step == 0 or seen[2] - seen[1] != step:
            return None
        return fmpq(1, 4) + (goal - seen[0]) / (4 * step)

    def moves(self, s: Term) -> Iterator[tuple[str, Callable[[fmpq], Any]]]:
        """Ways to move one number t: entries that are mentioned, scaling a variable, any entry."""
        mentioned = list(dict.fromkeys(self.references(s, 0)))
        self.rng.shuffle(mentioned)
        for name, place in mentioned:
            yield name, self.setter(name, place)
        for name in sorted(free_names(s)):
            value, kind = self.names.get(name), self.domains[name].kind
            if type(value) is tuple and not kind.whole:
                if not kind.total:
                    yield name, partial(scaled, value)
                depth: list[int] = []
                inner = value
                while type(inner) is tuple:
                    depth.append(self.rng.randint(1, len(inner)))
                    inner = inner[0]
                yield name, self.setter(name, tuple(depth))

    def references(self, t: Term, level: int) -> Iterator[tuple[str, Place]]:
        if t.op == "at" and t.args[0].op == "var":
            bound, place = self.trial.evaluator.bound, []
            for i in t.args[1:]:
                if i.op == "bound":
                    if i.args[0] < level:
                        return
                    place.append(bound[-1 - (i.args[0] - level)])
                else:
                    place.append(self.trial.evaluator.index(i))
            yield t.args[0].args[0], tuple(place)
        elif t.op == "var" and type(self.names.get(t.args[0])) is fmpq:
            yield t.args[0], ()
        last = len(t.args) - 1
        for k, a in enumerate(t.args):
            if type(a) is Term:
                yield from self.references(a, level + (t.op in BINDERS and k == last))

    def setter(self, name: str, place: Place) -> Callable[[fmpq], Any]:
        value, kind = self.names[name], self.domains[name].kind

        def move(t: fmpq) -> Any:
            if not place or not kind.total:
                return replaced(value, place, t)
            old = value
            for i in place:
                old = old[i - 1]
            rest, count = 1 - old, len(flat(value)) - 1
            if rest == 0:
                return replaced(mapped(value, lambda _: (1 - t) / count), place, t) if count else None
            return replaced(mapped(value, lambda e: e * (1 - t) / rest), place, t)

        return move

    def menu(self, s: Term, moves: list[tuple[str, Callable[[fmpq], Any]]]) -> Iterator[tuple[str, Any]]:
        """Simple values to try one after another."""
        for name in sorted(free_names(s) - set(self.sizes)):
            value, domain = self.names[name], self.domains[name]
            if type(value) is int:
                size = self.trial.evaluator.size(domain.sizes[0])
                yield from ((name, i) for i in self.rng.sample(range(1, size + 1), min(size, 12)))
            elif type(value) is tuple and domain.kind.whole and domain.kind.total:
                zero = mapped(value, lambda _: fmpq(0))
                yield from ((name, replaced(zero, (i,), fmpq(1))) for i in range(1, len(value) + 1))
            elif type(value) is tuple and not domain.kind.total:
                yield from ((name, scaled(value, c)) for c in SCALES)
        for name, move in moves:
            for t in MENU:
                try:
                    if (value := move(t)) is not None:
                        yield name, value
                except IllFormed:
                    break
