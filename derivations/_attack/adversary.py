"""The adversary: mutants of every kind of every result in turn, each judged by all who may accept it.

A mutant that balls refute must be accepted by nobody. Every accepted one is listed and looked at again at 200 points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from random import Random
from zlib import crc32

from derivations._kernel.check import Claim, Proof
from derivations._kernel.domains import Scope
from derivations._kernel.terms import Term

from . import judges
from .balls import refutation, refuted
from .cases import Case, cases
from .claims import CLAIM_MUTANTS
from .fields import FIELD_MUTANTS
from .judges import ACCEPTED, MALFORMED, Answer
from .lines import LINE_MUTANTS
from .mutant import Make, Mutant
from .proofs import PROOF_MUTANTS
from .recorded import RECORDED_MUTANTS
from .report import Accepted, Report, Tally
from .second import second_program

KINDS: dict[str, Make] = {**CLAIM_MUTANTS, **PROOF_MUTANTS, **FIELD_MUTANTS, **LINE_MUTANTS, **RECORDED_MUTANTS}
#: One claim in so many is also given to the search and to the author's lines, if it is not too large.
SEARCHED, LARGE = 6, 45
#: Mutants of a kind and a result that are drawn beyond the count, until one has an effect.
MORE = 60
Progress = Callable[[int, int], None]
Names = Collection[str] | None


def stream(kind: str, found: list[Case], rng: Random) -> Iterator[Mutant]:
    """All mutants of a kind of the theorems of a result, in turn."""
    sources = [KINDS[kind](case, rng) for case in rng.sample(found, len(found))]
    while sources:
        for source in list(sources):
            mutant = next(source, None)
            if mutant is None:
                sources.remove(source)
            else:
                yield mutant


class Attack:
    """One attack: what was drawn and what came of it."""

    def __init__(self, seed: int, shard: int, shards: int) -> None:
        self.shard, self.shards = shard, shards
        self.rng = Random(f"attack/{seed}")
        self.report = Report(seed, second_program().refused)
        self.seen: set[object] = set()

    # ---- one mutant

    def ask(self, mutant: Mutant, by: str, judge: Callable[[], Answer | None]) -> Answer | None:
        """A judge's answer; a crash is recorded."""
        try:
            return judge()
        except Exception as error:
            where = f"{mutant.case.label}: {mutant.kind}: {mutant.what}"
            self.report.crashes.append(f"{by}: {type(error).__name__}: {error}: {where}")
            return None

    def certificate(self, mutant: Mutant, claim: Claim, proof: Proof) -> Iterator[tuple[str, Answer]]:
        """What the kernel and the second program say of a certificate."""
        answer = None
        if mutant.recorded is None:
            answer = self.ask(mutant, "kernel", lambda: judges.kernel(claim, proof, mutant.case.library))
        if answer is not None:
            yield "kernel", answer
        again = self.ask(mutant, "replay", lambda: judges.replay(claim, proof, mutant.case, mutant.recorded or ()))
        if again is not None:
            self.report.replayed += 1
            yield "replay", again

    def answers(self, mutant: Mutant) -> Iterator[tuple[str, Answer]]:
        """What everybody says of a mutant."""
        for claim, proof in mutant.attempts:
            yield from self.certificate(mutant, claim, proof)
        if (written := mutant.written) is not None:
            answer = self.ask(mutant, "lines", lambda: judges.lines(written, mutant.case))
            yield from [("lines", answer)] if answer else []
        if mutant.attempts and mutant.asserted and mutant.recorded is None and self.rng.randrange(SEARCHED) == 0:
            claim = mutant.attempts[0][0]
            if claim.goal.size <= LARGE:
                self.report.searched += 1
                answer = self.ask(mutant, "search", lambda: judges.search(claim, mutant.case.library))
                yield from [("search", answer)] if answer else []
            if claim.scope == mutant.case.claim.scope and mutant.case.written.proof is not None:
                other = judges.with_claim(mutant.case.written, claim.goal)
                answer = self.ask(mutant, "lines", lambda: judges.lines(other, mutant.case))
                yield from [("lines", answer)] if answer else []

    def other_statements(self, mutant: Mutant) -> Iterator[tuple[str, Scope, Term]]:
        """What a mutated proof proves instead of the claim, and what its mutated part proves where it stands."""
        claim, proof = mutant.attempts[0]
        whole = judges.proved_by(proof, claim.scope, mutant.case.library)
        if (said := whole.statement) is not None and said != claim.goal:
            yield "kernel", claim.scope, said
            again = self.ask(mutant, "replay", lambda: judges.replay(Claim(claim.scope, said), proof, mutant.case))
            self.report.replayed += again is not None
            if again is not None and again.verdict == ACCEPTED:
                yield "replay", claim.scope, said
        if mutant.part is not None:
            scope, part = mutant.part
            alone = judges.proved_by(part, scope, mutant.case.library)
            if alone.statement is not None:
                yield "part", scope, alone.statement

    def judge(self, mutant: Mutant, tally: Tally) -> bool:
        """Judge a mutant and write down what came of it; whether it counts."""
        said = list(self.answers(mutant))
        kernels = [answer.verdict for by, answer in said if by == "kernel"]
        if mutant.asserted is None and mutant.attempts and not mutant.recorded and set(kernels) <= {MALFORMED}:
            return False
        tally.counted += 1
        accepted = dict.fromkeys(by for by, answer in said if answer.verdict == ACCEPTED)
        tally.accepted += bool(accepted)
        claim = mutant.asserted or (mutant.case.claim.scope, mutant.case.claim.goal)
        for by in accepted:
            self.note(mutant, by, *claim, tally, true=mutant.asserted is None)
        if mutant.asserted is not None:
            tally.effective += refuted(*mutant.asserted)
            return True
        tally.effective += not accepted
        if mutant.attempts:
            for by, scope, statement in self.other_statements(mutant):
                if refuted(scope, statement):
                    self.note(mutant, by, scope, statement, tally)
        return True

    def note(self, mutant: Mutant, by: str, scope: Scope, statement: Term, tally: Tally, *, true: bool = False) -> None:
        """List an accepted mutant, with what balls say of its statement; ``true`` ones are those of the catalogue."""
        points, against = (0, "") if true else refutation(scope, statement)
        tally.false += bool(against)
        self.report.accepted.append(
            Accepted(mutant.case.label, mutant.kind, mutant.what, by, repr(statement)[:2000], points, against, true)
        )

    # ---- many

    def draw(self, source: Iterator[Mutant], tally: Tally) -> bool:
        """Judge the next mutant of a stream that counts; False at its end."""
        for mutant in source:
            if crc32(f"{mutant.kind} {mutant.case.label} {mutant.what}".encode()) % self.shards != self.shard:
                continue
            if mutant.key in self.seen:
                continue
            self.seen.add(mutant.key)
            if self.judge(mutant, tally):
                return True
        tally.exhausted = 1
        return False

    def run(self, count: int, results: Names, kinds: Names, progress: Progress | None) -> Report:
        """Draw mutants of every kind and every result in turn until enough are counted."""
        by_result: dict[str, list[Case]] = {}
        for case in cases():
            if results is None or case.result in results:
                by_result.setdefault(case.result, []).append(case)
        streams = {(kind, name): stream(kind, found, self.rng) for kind in kinds or KINDS for name, found in by_result.items()}
        tallies = self.report.tallies = {key: Tally() for key in streams}
        counted, alive = 0, list(streams)
        while alive and counted < count:
            self.rng.shuffle(alive)
            for key in list(alive):
                if counted == count:
                    break
                if self.draw(streams[key], tallies[key]):
                    counted += 1
                else:
                    alive.remove(key)
                if progress is not None:
                    progress(counted, count)
        for key in alive:
            for _ in range(MORE):
                if tallies[key].effective or not self.draw(streams[key], tallies[key]):
                    break
        return self.report


def attack(
    seed: int,
    count: int,
    *,
    progress: Progress | None = None,
    results: Names = None,
    kinds: Names = None,
    shard: tuple[int, int] = (0, 1),
) -> Report:
    """The report of an attack on the catalogue, or on some results by some kinds; the same seed gives the same mutants.

    ``progress(counted, count)`` is called as it goes on. A few more than ``count`` are counted if a kind has had no effect.
    ``shard`` (k, n) is the k-th of n attacks, counted from 0, which have no mutant in common.
    """
    return Attack(seed, *shard).run(count, results, kinds, progress)


__all__ = ["KINDS", "attack"]
