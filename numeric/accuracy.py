"""The accuracy record: the worst error of each emitted function, per regime and dtype, in ulp of the true value.

Inputs are floats, taken as exact reals. A row of the record is one function in one regime with one dtype; the points
of a row depend on the seed, the names and nothing else, so a sample of a row is measured again by any later run.
"""

from __future__ import annotations

import itertools
import json
import math
import platform
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_UP, Context
from fractions import Fraction
from typing import Any

import numpy as np

import numeric

from .emit import EMITTED, Declared, _term_of, declared_source, lambdify
from .program import lower
from .regimes import REGIMES, Regime

RECORD = EMITTED / "accuracy.json"
SEED = 20240607
#: How a kind of regimes.py spells a vector, or a number, of a domain.
LETTERS = {"Simplex": "P", "OpenSimplex": "P", "Real": "R", "Nonnegative": "T", "OneHot": "T"}
NUMBERS = {"UnitInterval": "u", "Probability": "u", "Bit": "u"}
DTYPES = ("float64", "float32")
ENTRIES = 12  #: of a result that keeps its class axis, at most so many entries of a long row are compared


@dataclass
class Row:
    """The worst error found, where, and what was not a matter of ulp."""

    function: str
    regime: str
    dtype: str
    ulp: float = 0.0
    points: int = 0
    failures: int = 0  #: finite where the truth is not, or the other way round, or nan
    wrong_sign: int = 0
    where: dict[str, Any] | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the row."""
        return self.function, self.regime, self.dtype


def ulp_error(computed: Any, truth: Fraction | float, dtype: str) -> float | None:
    """|computed − truth| in units of the spacing of floats at the truth; None where one is finite and the other is not.

    A truth that rounds to infinity counts as infinite. Below the normal range the spacing is that of the subnormals.
    """
    info = np.finfo(dtype)
    digits, least = info.nmant, int(info.minexp)
    computed = float(computed)
    if isinstance(truth, float):
        return 0.0 if computed == truth else None
    if abs(truth) >= Fraction(2) ** info.maxexp * (1 - Fraction(1, 2 ** (digits + 2))):
        return 0.0 if computed == (math.inf if truth > 0 else -math.inf) else None
    if not math.isfinite(computed):
        return None
    size = abs(truth)
    exponent = size.numerator.bit_length() - size.denominator.bit_length() if size else least
    exponent -= size < Fraction(2) ** exponent
    error = abs(Fraction(computed) - truth) / Fraction(2) ** (max(exponent, least) - digits)
    return float(min(error, Fraction(10) ** 300))


def _exact(values: Any) -> Any:
    return tuple(map(_exact, values)) if np.ndim(values) else Fraction(float(values))


def _indices(program: Any, count: int, inputs: dict[str, Any], rng: np.random.Generator) -> list[dict[str, int]]:
    """The free indices to compare: all of them, or the ones with the largest and smallest inputs and a few more."""
    chosen = list(range(1, count + 1))
    if program.free and count > ENTRIES:
        some = {int(f(v)) + 1 for v in inputs.values() if np.ndim(v) for f in (np.argmax, np.argmin)}
        some |= {int(i) + 1 for i in rng.integers(0, count, ENTRIES - len(some))}
        chosen = sorted(some)
    return [dict(zip(program.free, ks, strict=True)) for ks in itertools.product(chosen, repeat=len(program.free))]


def _points(regime: Regime, name: str, sample: float | None) -> Iterator[tuple[int, int, np.random.Generator]]:
    for size, count in regime.points:
        kept = count if sample is None else max(1, math.ceil(count * sample)) if size <= 10 else 0
        for k in range(kept):
            yield size, k, np.random.default_rng([SEED, zlib.crc32(f"{name}|{regime.name}".encode()), size, k])


def _measure(row: Row, regime: Regime, declaration: Any, subject: Any, sample: float | None) -> Row:
    from .truth import truths

    term, scope = _term_of(subject, declaration.side)
    program = lower(term, scope, declaration.parameters or None)
    function = _function(declaration, subject)
    for size, k, rng in _points(regime, declaration.name, sample):
        made = regime.make(rng, size)
        inputs = {i.name: np.asarray(made[declaration.rename.get(i.name, i.name)], dtype=row.dtype) for i in program.inputs}
        computed = function(*inputs.values())
        sizes = {name: inputs[given].shape[axis] for name, (given, axis) in program.sizes.items()}
        indices = _indices(program, next(iter(sizes.values()), 1), inputs, rng)
        true = truths(term, scope, sizes, {n: _exact(v) for n, v in inputs.items()}, indices)
        for given, truth in zip(indices, true, strict=True):
            got = computed[tuple(i - 1 for i in given.values())] if given else computed
            error = ulp_error(got, truth, row.dtype)
            row.points += 1
            row.failures += error is None
            row.wrong_sign += float(got) * (truth > 0) < 0 or float(got) * (truth < 0) > 0
            worse = row.failures == 1 if error is None else not row.failures and error > row.ulp
            if worse:
                row.ulp = row.ulp if error is None else error
                row.where = {"K": size, "point": k, **given, "computed": repr(float(got)), "true": repr(float(truth))}
    row.ulp = _up(row.ulp)
    return row


def _function(declaration: Any, subject: Any) -> Callable[..., Any]:
    """The committed function, or for a declaration of a user's own the one that would be emitted."""
    if committed(declaration, subject):
        return getattr(numeric, declaration.name)  # type: ignore[no-any-return]
    return lambdify(
        subject,
        side=declaration.side,
        parameters=declaration.parameters or None,
        name=declaration.name,
        rename=declaration.rename,
    )


def rows_of(declaration: Any, subject: Any) -> list[Row]:
    """The record of one function: as committed, or, for a declaration of a user's own, measured at a sample of the points."""
    if committed(declaration, subject):
        return [row for row in recorded().values() if row.function == declaration.name]
    kind = kind_of(declaration, subject)
    return [
        _measure(Row(declaration.name, regime.name, dtype), regime, declaration, subject, 0.1)
        for regime in REGIMES
        if kind in regime.kinds
        for dtype in DTYPES
    ]


def record(rows: list[Row]) -> list[dict[str, Any]]:
    """Rows as a page shows them: one per regime, both dtypes, and where the error in float64 is largest."""
    regimes = dict.fromkeys(row.regime for row in rows)
    by_key = {(row.regime, row.dtype): row for row in rows}
    shown = []
    for regime in regimes:
        double, single = (by_key[regime, dtype] for dtype in DTYPES)
        where = {k: v for k, v in (double.where or {}).items() if k not in ("point", "computed", "true")}
        shown.append(
            {
                "regime": regime,
                "float64": double.ulp,
                "float32": single.ulp,
                "largest at": ", ".join(f"{k} = {v}" for k, v in where.items()) or "exact",
                "points": double.points,
                "failures": double.failures + single.failures,
            }
        )
    return shown


def note(declaration: Any, subject: Any) -> str:
    """What the record says, and what it depends on."""
    if not committed(declaration, subject) and not any(kind_of(declaration, subject) in r.kinds for r in REGIMES):
        return "Not measured: there are no regimes for inputs of these kinds."
    where = platform_of_record() if committed(declaration, subject) else this_platform()
    machine = f"{where['system']} {where['machine']}, NumPy {where['numpy']}"
    return (
        "The largest error found, in ulp of the true value; a failure is a finite number where the truth is infinite, or the "
        f"other way round. Other inputs may have somewhat larger errors. Seed {SEED}; {machine}."
    )


def committed(declaration: Any, subject: Any) -> bool:
    """Whether the function is one of the package's own, source and all; a record belongs to the source it was measured on."""
    path = EMITTED / f"{declaration.name}.py"
    return path.is_file() and path.read_text(encoding="utf-8") == declared_source(declaration, subject)


def _up(x: float) -> float:
    """``x`` with three digits, rounded up: what is recorded is never less than what was measured."""
    return float(Context(prec=3, rounding=ROUND_UP).create_decimal_from_float(x))


def kind_of(declaration: Any, subject: Any) -> str:
    """The kind of inputs a function takes, by the domains of its parameters, as regimes name it."""
    term, scope = _term_of(subject, declaration.side)
    inputs = lower(term, scope, declaration.parameters or None).inputs
    return ",".join((LETTERS if i.sizes else NUMBERS).get(i.domain.name, "?") for i in inputs)


def measure(names: Iterable[str] | None = None, sample: float | None = None, declarations: Declared | None = None) -> list[Row]:
    """The rows of the record, measured: all points, or of small sizes the fraction ``sample`` of each row."""
    if declarations is None:
        from .declared import declared

        declarations = list(declared())
    wanted = None if names is None else set(names)
    rows: list[Row] = []
    for declaration, subject in declarations:
        if wanted is not None and declaration.name not in wanted:
            continue
        kind = kind_of(declaration, subject)
        for regime in REGIMES:
            if kind in regime.kinds:
                for dtype in DTYPES:
                    rows.append(_measure(Row(declaration.name, regime.name, dtype), regime, declaration, subject, sample))
    return rows


def this_platform() -> dict[str, str]:
    """What the errors depend on besides the source."""
    return {"machine": platform.machine(), "system": platform.system(), "numpy": np.__version__}


def platform_of_record() -> dict[str, str]:
    """Where the committed record was measured."""
    return dict(json.loads(RECORD.read_text(encoding="utf-8"))["platform"])


def write(rows: list[Row]) -> None:
    """Write the record; it is a function of the seed and the platform."""
    lines = ",\n".join(json.dumps(vars(row), ensure_ascii=False) for row in rows)
    head = json.dumps({"seed": SEED, "platform": this_platform()}, ensure_ascii=False)[:-1]
    RECORD.write_text(f'{head}, "rows": [\n{lines}\n]}}\n', encoding="utf-8")


def recorded() -> dict[tuple[str, str, str], Row]:
    """The committed record."""
    data = json.loads(RECORD.read_text(encoding="utf-8"))
    return {row.key: row for row in (Row(**fields) for fields in data["rows"])}


def main() -> None:
    """Measure everything and write the record."""
    rows = measure()
    write(rows)
    for row in rows:
        failed = f", {row.failures} failed" if row.failures else ""
        sys.stdout.write(f"{row.function:28} {row.regime:40} {row.dtype} {row.ulp:10.3g} ulp, {row.points} points{failed}\n")


__all__ = ["Row", "kind_of", "measure", "note", "record", "recorded", "rows_of", "this_platform", "ulp_error", "write"]

if __name__ == "__main__":
    main()
