"""Hostile certificates: whatever the second program is given, it says a verdict or "unreadable", in a bounded number of steps.

The certificates of the catalogue are changed at random, structurally and byte by byte. Nothing is judged by the clock.
"""

from __future__ import annotations

import inspect
import json
import os
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from derivations import replay
from derivations._kernel.terms import Term, num, var
from derivations.certificate import SCHEMA
from derivations.evidence import CERTIFICATES
from tests.test_replay import (
    JUNK,
    ONE,
    WIDE,
    ZERO,
    P,
    T,
    at,
    encode,
    eq,
    field,
    le,
    lt,
    parts,
    problem,
    put,
    scope,
    shown,
    theorem,
    total,
    used,
)  # fmt: skip

FILES = sorted(CERTIFICATES.glob("*.json"))
THEOREMS = {t["label"]: t for path in FILES for t in json.loads(path.read_text(encoding="utf-8"))["theorems"]}
SMALL = [label for label, t in THEOREMS.items() if len(json.dumps(t)) < 5000]
FAULT = "this program does not know what to say"
TOO_MANY = "this takes too many steps"
MUTANTS = min(4000, int(os.environ.get("LOSSPROOF_ATTACK", "0")) or 400)
u, c, x, n = var("u"), var("c"), var("x"), var("n")


def verdict(library: replay.Library, label: str) -> str:
    """What is said of a theorem; "" if it is replayed."""
    found = library.problem(label)
    assert found is None or type(found) is replay.Refused
    why = "" if found is None else f"{found.step}: {found.why}: {found.left} / {found.right}"
    assert FAULT not in why, why
    return why


# ---- certificates that are changed


def is_term(data: Any) -> bool:
    return type(data) is list and bool(data) and type(data[0]) is str and data[0] in replay.OPERATORS


def nested(draw: random.Random, t: Any) -> Any:
    """A term put into itself, deep or often: as a tree it is large, and written it need not be."""
    op = draw.choice(["log", "exp", "abs", "softplus", "tanh", "add", "mul", "pow", "max", "case", "xlog", "iff", "imp", "and"])
    for _ in range(draw.choice([1, 2, 3, 60, 250]) if op in ("log", "exp", "abs", "softplus", "tanh", "pow") else 5):
        match op:
            case "log" | "exp" | "abs":
                t = [op, t]
            case "softplus" | "tanh":
                t = ["app", op, t]
            case "pow":
                t = [op, t, ["num", draw.choice(["2", "-1", "1/2", "999", "1000", "9" * 900])]]
            case "case":
                t = [op, t, ["num", "0"], t, ["num", "1"]]
            case "xlog":
                t = [op, t, t, ["num", "1"]]
            case _:
                t = [op, t, t]
    return t


def circular(draw: random.Random, terms: list[Any]) -> Any:
    """A hypothesis whose premise speaks of what it concludes, and of what others do."""
    a, b = draw.choice(terms), draw.choice(terms)
    about = draw.choice([a, ["app", "softplus", a], ["case", a, b, b, a], ["add", a, b], ["mul", a, b], ["abs", a]])
    says = [draw.choice(["lt", "le", "eq", "ne"]), *draw.sample([["num", "0"], about, b], 2)]
    ways = [says, ["imp", says, ["lt", a, b]], ["imp", ["imp", says, says], says], ["and", says, ["lt", b, about]]]
    return draw.choice(ways)


def hostile(old: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A theorem changed in one to four ways, with hashes, citations and names that fit what it is now."""
    made = {key: old[key] for key in ("claim", "proof", "lines")}
    for _ in range(draw.choice([1, 1, 2, 4])):
        places = list(parts(made))
        terms = [v for _, v in places if is_term(v) and v[0] not in replay.STATEMENTS] or [["num", "1"]]
        path, v = draw.choice([p for p in places if p[0]])
        match draw.randrange(9):
            case 0:
                new = draw.choice([w for _, w in places if type(w) is type(v)])
            case 1:
                new = nested(draw, v) if is_term(v) else v
            case 2:
                hypotheses = made["claim"].get("hypotheses") if type(made["claim"]) is dict else None
                more = [circular(draw, terms) for _ in range(draw.choice([1, 2, 6]))]
                path, new = ("claim", "hypotheses"), [*more, *hypotheses] if type(hypotheses) is list else more
            case 3:
                sizes = [p for p, w in places if w == ["var", "n"]]
                path, new = draw.choice(sizes or [path]), ["num", draw.choice(["1", "2", "64", "65", "9" * 1000])]
            case 4:
                new = draw.choice(JUNK)
            case 5:
                new = v * draw.choice([0, 2, 30]) if type(v) in (list, str) else v
            case 6:
                new = ["all", ["num", "64"], ["all", ["num", "64"], v]] if is_term(v) else v
            case 7:
                new = ["var", draw.choice(["@0", "@3", "#0", "#1", "", "n", "x" * 2000])] if is_term(v) else v
            case _:
                step = v if type(v) is dict and "by" in v else {"by": "sign", "args": [draw.choice(terms)]}
                new = {"by": draw.choice(["given", "both", "chain"]), "args": [step, v, v]} if step is v else v
        if path and path[0] in made:
            made = put(made, path, new)
    cited = {v for _, v in parts(made["proof"]) if type(v) is str and v in THEOREMS and v != old["label"]}
    cites = {label: THEOREMS[label]["hash"] for label in cited}
    try:
        hashed, uses = replay.digest(made["claim"]), used(made["proof"])
    except (ValueError, TypeError, LookupError, AttributeError):
        hashed, uses = "", []
    return {**old, **made, "hash": hashed, "cites": cites, "uses": sorted({*uses} - {*cites})}


def attack(seed: int, steps: int) -> tuple[str, str]:
    """What is said of a hostile theorem alone, and after others."""
    draw = random.Random(seed)
    label = draw.choice(SMALL)
    new = hostile(THEOREMS[label], draw)
    before = {name: THEOREMS[name] for name in new["cites"]}
    alone = replay.Library([*before.values(), new])
    for name in before:  # they are replayed elsewhere
        alone.claims[name], alone.problems[name] = THEOREMS[name]["claim"], None
    alone.left = steps
    first = verdict(alone, label)
    assert 0 <= alone.left <= steps
    if seed % 4:
        return first, first
    other = hostile(THEOREMS[draw.choice(SMALL)], draw)
    late = replay.Library([{**other, "label": "other", "cites": {}}, *before.values(), new])
    late.claims, late.problems = dict(alone.claims), dict.fromkeys(before)
    late.left = steps // 4
    verdict(late, "other")
    late.left = steps
    return first, verdict(late, label)


def test_hostile_theorems_get_a_verdict_that_depends_on_nothing_before() -> None:
    told = [attack(seed, 2000) for seed in range(MUTANTS)]
    assert all(first == second for first, second in told)
    kinds = {why.split(": ")[1] for why, _ in told if why}
    assert sum(not why for why, _ in told) > MUTANTS // 50 and sum(TOO_MANY in why for why, _ in told) > MUTANTS // 50
    assert len(kinds) > 20, kinds  # they get far enough to be refused for many reasons


def test_hostile_bytes_are_read_or_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.dumps({"schema": SCHEMA, "result": "", "theorems": [THEOREMS["gibbs_inequality.zero_weight"]]}).encode()
    path, draw, codes = tmp_path / "file.json", random.Random(5), set()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(draw.choice([1, 2, 5])):
            k = draw.randrange(len(data))
            data[k : k + draw.choice([0, 1, 30])] = draw.choice(
                [b"", b'"', b"]", b"}", b"{", b"[[[", b"\xff", b"9" * 5000, b"null", b"1e9"]
            )
        path.write_bytes(bytes(data))
        codes.add(replay.main([str(path)]))
    assert {1, 2} <= codes <= {0, 1, 2}
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize("room", [40, 80, 150, 300, 700])
def test_no_limit_of_recursion_ends_in_an_exception(room: int) -> None:
    depth, frame = 0, sys._getframe()
    while frame is not None:  # type: ignore[redundant-expr]
        depth, frame = depth + 1, frame.f_back  # type: ignore[assignment]
    limit = sys.getrecursionlimit()
    for seed in range(30):
        draw = random.Random(seed)
        new = hostile(THEOREMS[SMALL[seed % len(SMALL)]] if seed % 2 else GOOD, draw)
        library = replay.Library([{**new, "cites": {}}])
        library.left = 3000
        sys.setrecursionlimit(depth + room)
        try:
            found = library.problem(new["label"])
        finally:
            sys.setrecursionlimit(limit)
        assert found is None or type(found) is replay.Refused
        assert found is None or FAULT not in found.why


GOOD = theorem(scope("x: Positive"), lt(ZERO, x), P("sign", x), "good")
FLAGS = [
    ["-O"],
    ["-OO"],
    ["-bb"],
    ["-W", "error"],
    ["-X", "dev"],
    ["-X", "int_max_str_digits=640"],
    ["-X", "int_max_str_digits=0"],
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of hostile theorems."""
    draw = random.Random(9)
    made = [{**hostile(THEOREMS[draw.choice(SMALL)], draw), "label": f"t{k}", "cites": {}} for k in range(60)]
    made += [theorem(scope("u: Real"), eq(num("9" * 1000) * u, u), field(num("9" * 1000) * u, u), "digits"), GOOD]
    path: Path = tmp_path_factory.mktemp("hostile") / "file.json"
    path.write_text(json.dumps({"schema": SCHEMA, "result": "", "theorems": made}), encoding="utf-8")
    return path


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_no_flag_of_python_makes_a_traceback(flags: list[str], collection: Path) -> None:
    command = [sys.executable, *flags, str(Path(replay.__file__)), str(collection)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and not done.stderr and "replayed  good" in done.stdout, done.stderr
    assert FAULT not in done.stdout


@pytest.mark.parametrize(
    "data", ["[" * 10**6, '{"a":' * 10**6, "9" * 10**6, "1." + "1" * 10**6], ids=["lists", "objects", "digits", "float"]
)
def test_what_is_nested_or_long_is_unreadable_for_the_program(data: str, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(data)
    command = [sys.executable, str(Path(replay.__file__)), str(tmp_path / "file.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout[:10]) == (2, "", "unreadable")


# ---- questions that come back to themselves

Z = total(at("z", 0))
ABOUT_Z = [T("app", "softplus", Z), Z, T("abs", Z), T("exp", Z) - ONE, T("max", Z, ONE), log_of_z := T("app", "tanh", Z)]


@pytest.mark.parametrize("about", ABOUT_Z, ids=range(len(ABOUT_Z)))
@pytest.mark.parametrize(
    "says", [lambda a: lt(ZERO, a), lambda a: T("ne", a, ZERO), lambda a: T("imp", lt(ZERO, a), lt(a, ONE))]
)
def test_a_premise_may_speak_of_the_goal(about: Term, says: Any) -> None:
    where = scope("n: Size, z: Real[n]", T("imp", says(about), le(ZERO, Z)))
    assert problem(theorem(where, eq(Z, Z + ZERO), field(Z, Z + ZERO))) is None
    assert problem(theorem(where, lt(Z, Z), P("decided", lt(Z, Z)))) is not None


def test_the_conclusion_of_a_premise_about_a_sum_is_used() -> None:
    where = scope("n: Size, z: Real[n]", T("imp", lt(ZERO, T("app", "softplus", Z)), le(ZERO, Z)))
    assert problem(theorem(where, le(ZERO, Z), P("decided", le(ZERO, Z)))) is None
    chained = scope("n: Size, z: Real[n]", *(T("imp", lt(num(k + 1), Z), lt(num(k), Z)) for k in range(4)), lt(num(4), Z))
    assert problem(theorem(chained, lt(ZERO, Z), P("decided", lt(ZERO, Z)))) is None
    circle = scope("n: Size, z: Real[n]", T("imp", lt(ZERO, Z), lt(Z, ONE)), T("imp", lt(Z, ONE), lt(ZERO, Z)))
    assert problem(theorem(circle, lt(ZERO, Z), P("decided", lt(ZERO, Z)))) is not None


def test_nothing_is_defined_because_the_question_comes_back() -> None:
    """Each premise makes the other logarithm defined; neither is known to hold."""
    real = scope("u: Real, c: Real", T("imp", T("ne", u, ZERO), lt(ZERO, c)), T("imp", T("ne", c, ZERO), lt(ZERO, u)))
    both = T("log", u) + T("log", c)
    assert problem(theorem(real, eq(both, both), field(both, both))) is not None
    for case in (T("case", u, c, u, T("log", c)), T("case", T("log", u), ZERO, u, c)):
        where = scope("u: Real, c: Real", lt(u, T("case", u, c, u, ZERO)), lt(T("case", u, c, c, u), u))
        assert problem(theorem(where, eq(case, case), field(case, case))) is not None


def test_a_hypothesis_that_is_made_twice_is_counted_twice() -> None:
    first, second = lt(ZERO, u), lt(u, c)
    goal = T("imp", first, T("imp", first, T("imp", second, second)))
    by = lambda k: P("assume", first, P("assume", first, P("assume", second, P("hypothesis", k))))  # noqa: E731
    assert problem(theorem(scope("u: Real, c: Real"), goal, by(2))) is None
    assert problem(theorem(scope("u: Real, c: Real"), goal, by(1))) is not None


def test_only_of_a_sign_is_any_an_answer() -> None:
    where = replay.claimed(theorem(scope("u: Real"), eq(u, u), field(u, u))["claim"]).scope
    t = replay.var("u")
    asks = (replay.Scope.sort, replay.Scope.undefined, replay.Scope.sign)
    replay.memory.asked |= {(inspect.getclosurevars(ask).nonlocals["method"], t, where.circle) for ask in asks}
    where.memory.clear()
    assert where.sign(t) == replay.ANY and not where.memory  # it is not remembered
    for ask in (where.sort, where.undefined):
        with pytest.raises(replay.Refused, match="comes back to itself"):
            ask(t)
    replay.memory.begin(replay.MAX_WORK)


# ---- the budget


def test_the_theorems_of_a_file_share_their_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MAX_WORK", 20_000)
    costly = T("mul", *(T("add", u, c, x, num(k)) for k in range(40)))
    where = scope("x: Positive, u: Real, c: Real")
    many = [theorem(where, eq(costly, costly + ONE), field(costly, costly + ONE), f"t{k}") for k in range(5)]
    library = replay.Library([*many, GOOD])
    assert [verdict(library, t["label"]).split(": ")[1] for t in many] == [TOO_MANY] * 5 and library.left == 0
    assert TOO_MANY in verdict(library, "good")  # what comes after has none left
    assert replay.Library([GOOD], files=3).left == 3 * replay.MAX_WORK
    assert replay.Library([GOOD] * 1).left == replay.Library([GOOD, *many]).left  # whatever stands in it


def test_the_catalogue_takes_a_fraction_of_the_steps_of_a_file() -> None:
    library = replay.Library([*THEOREMS.values()])
    assert not any(verdict(library, label) for label in THEOREMS)
    assert replay.MAX_WORK - library.left < replay.MAX_WORK / 12


def steps(where: Any, goal: Term, proof: Any) -> int:
    library = replay.Library([theorem(where, goal, proof)])
    library.problem("t")
    return replay.MAX_WORK - library.left


def test_what_costs_more_is_more_steps() -> None:
    """Each pair does the same, but for one part that is made longer: the steps grow with it."""
    many = ", ".join(f"y{k}: Real" for k in range(400))
    names = T("add", *(var(f"y{k}") for k in range(400)))
    few = T("add", *[var("y0")] * 400)
    logs = lambda t: P("both", *(field(T("exp", t * num(k)), ZERO) for k in range(2, 12)))  # noqa: E731
    assert steps(scope(many), eq(names, names), logs(names)) > 1.2 * steps(scope(many), eq(few, few), logs(few))
    where = scope("u: Real, c: Positive, x: Positive")
    terms = [T("add", *[(u * u + c + x) ** num(-k)] * 200) for k in (1, 12)]  # one denominator each, of 3 and of 91 monomials
    assert (
        steps(where, eq(terms[1], ZERO), field(terms[1], ZERO)) > steps(where, eq(terms[0], ZERO), field(terms[0], ZERO)) + 2000
    )
    cancel = lambda k: T("add", *(a for i in range(k) for a in (T("exp", u * num(i)), -T("exp", u * num(i)))))  # noqa: E731
    assert steps(where, eq(u, u), field(cancel(200), ZERO)) > 2.2 * steps(where, eq(u, u), field(cancel(100), ZERO))
    tower = lambda k: u if not k else T("app", "tanh", tower(k - 1))  # noqa: E731
    assert steps(where, lt(tower(8), num(2)), P("decided", lt(tower(8), num(2)))) < replay.MAX_WORK // 50
    lines = lambda k: [shown("", u), *[shown("=", u)] * k]  # noqa: E731
    cost = [replay.Library([theorem(where, eq(u, u), field(u, u), lines=lines(k))]) for k in (10, 1000)]
    assert all(library.problem("t") is None for library in cost) and cost[0].left - cost[1].left > 5000


def test_a_file_has_a_number_of_theorems_and_of_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps({"schema": SCHEMA, "result": "", "theorems": [{"label": f"{k}"} for k in range(5001)]}))
    assert replay.main([str(path)]) == 2 and "too many theorems" in capsys.readouterr().out
    many = scope(", ".join(f"y{k}: Real" for k in range(1001)))
    assert "too many variables" in str(problem(theorem(many, eq(ONE, ONE), field(ONE, ONE))))
    for name, why in (("@0", "followed"), ("@12", "followed"), ("x" * 1001, "followed"), ("x" * 1000, "declared")):
        assert why in str(problem(theorem(scope("u: Real"), eq(u, u), field(var(name), var(name))))), name


def test_a_long_chain_of_citations_is_followed_in_any_order() -> None:
    where, goal = scope("x: Positive"), lt(ZERO, x)
    chain = [theorem(where, goal, P("sign", x), "t0")]
    for k in range(1, 400):
        last = chain[-1]
        chain.append(theorem(where, goal, P("cite", last["label"], (("x", x),), ()), f"t{k}", {last["label"]: last["hash"]}))
        chain[-1]["uses"] = ["cite"]
    for order in (chain, chain[::-1]):
        library = replay.Library(order)
        assert library.problem("t399") is None and library.problem("t0") is None


def test_what_is_shown_of_a_term_is_short() -> None:
    t = replay.term(encode(T("add", *[num(Fraction(10**900, 7)) * u] * 3000)))
    assert len(str(t)) == 2000 and str(replay.term(encode(u + ONE))) == "add(u, 1)"
    assert str(replay.term(encode(T("sum", n, T("app", "sigmoid", at("v", 0)))))) == "sum(n, app(sigmoid, at(v, bound(0))))"
    assert WIDE is not None
