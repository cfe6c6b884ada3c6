"""What came of an attack: counts for every kind of mutation and every result, and every mutant that was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts for one kind of mutation of one result."""

    counted: int = 0
    effective: int = 0  #: refuted by balls, or certainly not proved
    accepted: int = 0
    false: int = 0  #: accepted, and refuted by balls
    exhausted: int = 0  #: 1 if there are no more


@dataclass(frozen=True)
class Accepted:
    """A mutant that was accepted: by whom, for which statement, and what balls say of it."""

    label: str
    kind: str
    what: str
    by: str  #: "kernel", "search", "lines" or "replay"; "part" for the kernel's judgement of a part of a proof
    statement: str
    points: int
    refuted: str  #: what the balls hold against it; "" if nothing
    true: bool = False  #: the claim is the original one, only the proof was mutated

    def __str__(self) -> str:
        said = f"FALSE, {self.refuted}" if self.refuted else f"not refuted at {self.points} points"
        if not self.refuted and not self.points:
            said = "another proof of what is true" if self.true else "no point meets its hypotheses"
        return f"{self.label}: {self.kind}: accepted by {self.by}: {said}: {self.what}"


@dataclass
class Report:
    """The outcome of an attack."""

    seed: int
    unreplayed: tuple[str, ...] = ()  #: theorems of the catalogue that the second program does not replay as they are
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)  #: by (kind, result)
    accepted: list[Accepted] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)  #: a judge that neither accepts nor refuses
    replayed: int = 0  #: certificates which the second program judged
    searched: int = 0  #: claims which the search tried

    @property
    def counted(self) -> int:
        """The mutants counted."""
        return sum(t.counted for t in self.tallies.values())

    @property
    def false(self) -> list[Accepted]:
        """The accepted mutants that balls refute: each is a fault of this software."""
        return [a for a in self.accepted if a.refuted]

    @property
    def without_effect(self) -> list[tuple[str, str]]:
        """The kinds that have mutants of a result, and none that is certainly false or certainly not proved."""
        return [key for key, t in self.tallies.items() if t.counted and not t.effective]

    @property
    def without_place(self) -> list[tuple[str, str]]:
        """The kinds of which there is no mutant of a result at all: it has no place where such a mistake could be made."""
        return [key for key, t in self.tallies.items() if t.exhausted and not t.counted]

    @property
    def ok(self) -> bool:
        """Whether no judge accepted what balls refute, and none crashed."""
        return self.counted > 0 and not self.false and not self.crashes

    def sums(self, place: int) -> dict[str, Tally]:
        """The tallies by kind (place 0) or by result (place 1)."""
        rows: dict[str, Tally] = {}
        for key, t in self.tallies.items():
            row = rows.setdefault(key[place], Tally())
            for name, value in vars(t).items():
                setattr(row, name, getattr(row, name) + value)
        return rows

    def rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """The rows of the table: kind, counted, effective, accepted, false; the last row is the sum."""
        for kind, t in sorted(self.sums(0).items()):
            yield kind, str(t.counted), str(t.effective), str(t.accepted), str(t.false)
        kinds = self.tallies.values()
        whole = [str(sum(getattr(t, name) for t in kinds)) for name in ("counted", "effective", "accepted", "false")]
        yield "all", whole[0], whole[1], whole[2], whole[3]

    def text(self) -> str:
        """The report as text: a line for every kind and every result, and whatever was accepted."""
        out = [f"{'Kind of mutation':26}{'mutants':>9}{'effective':>11}{'accepted':>10}{'false':>7}"]
        out += [f"{kind:26}{a:>9}{b:>11}{c:>10}{d:>7}" for kind, a, b, c, d in self.rows()]
        out += [f"{name}: {t.counted} mutants, {t.effective} effective" for name, t in sorted(self.sums(1).items())]
        out += [f"{kind}: no mutant of {result} has an effect" for kind, result in self.without_effect]
        out += [f"{kind}: {result} has no place for it" for kind, result in self.without_place]
        out += list(map(str, sorted(self.accepted, key=lambda a: (not a.refuted, a.label, a.kind))))
        out += [f"crash: {crash}" for crash in self.crashes]
        out += [f"the second program does not replay {label} as it is" for label in self.unreplayed]
        judged = f"{self.replayed} certificates by the second program"
        bad = len(self.false)
        out.append(f"seed {self.seed}: {self.counted} mutants, {self.searched} searched, {judged}; {bad} false ones accepted")
        return "\n".join(out)


__all__ = ["Accepted", "Report", "Tally"]
