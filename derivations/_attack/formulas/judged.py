"""Claims of the adversary are given to ``lossproof verify``, and what must never come out is looked for.

A false claim is proved; a true one is refuted; a claim without a value anywhere is decided; a condition excludes a point where
every side has a value; a claim is proved at a point where a side has none; a point that is said to refute a claim does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from .claims import Claim, Wrong, made, points, told, valued
from .conditions import admits, borders
from .evaluate import Point
from .expr import parts
from .scopes import inside

#: Points at which the conditions of a proved claim are looked at; seconds for a claim, as a backstop; claims of a batch.
LOOKS, TIMEOUT, BATCH = 48, 6.0, 200
ENTRIES = ("fault of lossproof", "lossproof failed", "Traceback")
Ask = Callable[[Iterable[dict[str, Any]]], Iterator[Any]]


@dataclass(frozen=True)
class Violation:
    """What must not be, with the claim that shows it."""

    what: str
    claim: Claim
    said: str

    def __str__(self) -> str:
        return f"{self.what}: {self.said}\n    {self.claim}"


@dataclass
class Outcome:
    """What came of an attack."""

    seed: str
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  #: of truth and verdict
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)  #: of kind and verdict
    seconds: defaultdict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))  #: spent on them
    violations: list[Violation] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)  #: why formulas were not read
    faults: list[str] = field(default_factory=list)  #: claims of the adversary that are not what they say
    looked: int = 0  #: conditions looked at
    unclear: int = 0  #: conditions of which it is not known what they say at some point

    @property
    def ok(self) -> bool:
        """Whether nothing came out that must not."""
        return not self.violations and not self.faults

    @property
    def counted(self) -> int:
        """Claims judged."""
        return sum(self.counts.values())

    def text(self) -> str:
        """The report."""
        verdicts = ("proved", "refuted", "undecided", "error")
        lines = [f"{self.counted} claims, seed {self.seed}", f"{'':12}" + "".join(f"{v:>12}" for v in verdicts)]
        for truth in ("true", "false", "no value"):
            lines.append(f"{truth:12}" + "".join(f"{self.counts[truth, v]:>12}" for v in verdicts))
        lines.append(f"conditions looked at: {self.looked}, of which {self.unclear} not clear at some point")
        lines += [f"not read: {n} × {why}" for why, n in self.unread.most_common(8)]
        lines += [f"A FAULT OF THE ADVERSARY: {fault}" for fault in self.faults]
        lines += [f"VIOLATION: {v}" for v in self.violations]
        return "\n".join(lines)


TRUTH = {True: "true", False: "false", None: "no value"}


def look(claim: Claim, verdict: Any, again: Callable[[Claim], Any]) -> Iterator[Violation | str]:
    """What is wrong with a verdict; "looked" and "unclear" of conditions."""
    said = verdict.read_as
    if verdict.contradiction:
        yield Violation("a contradiction", claim, verdict.contradiction)
    if any(word in verdict.reason for word in ENTRIES):
        yield Violation("a fault", claim, verdict.reason)
    if verdict.verdict == "proved":
        if claim.truth is not True:
            what = "a false claim is proved" if claim.truth is False else "what has no value is proved"
            yield Violation(what, claim, "; ".join("provided " + c for c in verdict.conditions) or said)
        yield from conditions(claim, verdict, again)
    if verdict.verdict == "refuted":
        if claim.truth is not False:
            yield Violation("a true claim is refuted", claim, verdict.counterexample.said())
        else:
            at = refuting(claim, verdict.counterexample)
            if at is not None and (valued(claim.chain, at) is False or told(claim.chain, at) is True):
                yield Violation("a claim is refuted where it does not fail", claim, str(at))


def conditions(claim: Claim, verdict: Any, again: Callable[[Claim], Any]) -> Iterator[Violation | str]:
    """What is wrong with the conditions of a proved claim."""
    rng = Random(f"conditions/{claim.seed}")
    found = [*([claim.witness] if claim.witness else []), *points(claim.scope, rng, LOOKS, claim.fixed)]
    certified = None
    if verdict.conditions:
        yield "looked"
        detailed = again(claim)
        if detailed.verdict == "proved" and detailed.certificate:
            certified = detailed.certificate["theorems"][-1]["claim"]
            beside = [p for at in found[:8] for p in borders(certified, at) if inside(claim.scope, p)]
            found = [*found, *beside[:LOOKS]]
    unclear = bool(verdict.conditions) and certified is None
    for at in found:
        value = valued(claim.chain, at)
        admitted = True if not verdict.conditions else None if certified is None else admits(certified, at)
        unclear |= admitted is None
        if value and admitted is False:
            yield Violation("a condition excludes a defined point", claim, f"{'; '.join(verdict.conditions)} excludes {at}")
            break
        if value is False and admitted:
            yield Violation("proved where it has no value", claim, f"at {at}; conditions: {'; '.join(verdict.conditions)}")
            break
    if unclear:
        yield "unclear"


def refuting(claim: Claim, example: Any) -> Point | None:
    """The point of a counterexample; None if it does not say all that is declared."""
    def read(x: Any) -> Any:
        return tuple(map(read, x)) if isinstance(x, (list, tuple)) else Fraction(str(x))

    values = {n: Fraction(v) for n, v in {**example.sizes, **example.indices}.items()}
    try:
        values |= {n: read(x) for n, x in example.values.items()}
    except ValueError:
        return None
    missing = [d for d in claim.scope.declared if d.name not in values]
    sizes = {n: Fraction(values.get(n, 1)) for n in claim.scope.sizes}
    if any(d.domain != "Size" and _used(claim, d.name) for d in missing):
        return None
    at = Point({**sizes, **values}, claim.scope.domains)
    try:
        whole = not missing and inside(claim.scope, at)
    except (KeyError, TypeError):
        whole = False
    return at if whole or missing else None


def _used(claim: Claim, name: str) -> bool:
    return any(p.kind == "name" and p.args[0] == name for p in parts(claim.chain))


def attack_formulas(
    seed: str, count: int, ask: Ask, again: Callable[[Claim], Any], progress: Callable[[int, int], None] | None = None,
    first: int = 0,
) -> Outcome:  # fmt: skip
    """Judge so many claims of a seed, from the ``first`` on; the same seed makes the same claims."""
    outcome = Outcome(seed)
    claims: list[Claim] = []

    def questions() -> Iterator[dict[str, Any]]:
        for k in range(first, first + count):
            try:
                claim = made(f"{seed}/{k}")
            except Wrong as error:
                outcome.faults.append(str(error))
                continue
            claims.append(claim)
            yield {"id": claim.seed, "latex": claim.latex, "where": claim.scope.where}

    for place, verdict in enumerate(ask(questions())):
        claim = claims[place]
        outcome.counts[TRUTH[claim.truth], verdict.verdict] += 1
        outcome.kinds[claim.kind, verdict.verdict] += 1
        outcome.seconds[claim.kind, verdict.verdict] += verdict.seconds
        if verdict.verdict == "error":
            outcome.unread[verdict.reason.split("\n")[0][:60]] += 1
        for found in look(claim, verdict, again):
            if isinstance(found, Violation):
                outcome.violations.append(found)
            elif found == "looked":
                outcome.looked += 1
            else:
                outcome.unclear += 1
        if progress is not None:
            progress(place + 1, count)
    return outcome


def by_pool(
    seed: str, count: int, progress: Callable[[int, int], None] | None = None, first: int = 0, workers: int = 2
) -> Outcome:
    """The attack with ``lossproof verify``'s own worker processes."""
    from derivations._verify.pool import Pool, Worker

    asker = Worker()

    def again(claim: Claim) -> Any:
        return asker.ask({"id": claim.seed, "latex": claim.latex, "where": claim.scope.where, "detail": True}, 4 * TIMEOUT)

    try:
        with Pool(workers) as pool:
            return attack_formulas(seed, count, lambda asked: pool.verdicts(asked, TIMEOUT), again, progress, first)
    finally:
        asker.close()


__all__ = ["BATCH", "TIMEOUT", "Outcome", "Violation", "attack_formulas", "by_pool", "look"]
