"""The second program: what it replays, what it refuses, and that neither checker shares a mistake of the other."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from judged import BY_RULES as CATALOGUE
from tools import amounts, dealt

from derivations import replay
from derivations._kernel import check as kernel
from derivations._kernel import rules
from derivations._kernel.check import Claim, Kernel, Proof
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.order import Order
from derivations._kernel.terms import IllFormed, Term, num, var
from derivations._search.prove import prove
from derivations._witness import MINUS_INFINITY, PLUS_INFINITY, Point, Undecided, Undefined, evaluate, sample, witness
from derivations.build import result_certificate
from derivations.certificate import SCHEMA, certificate, digest, encode, encode_claim, from_json, text

FILES = {name: result_certificate(CATALOGUE, CATALOGUE.judge(name)) for name in CATALOGUE}
THEOREMS = {t["label"]: t for name in FILES for t in FILES[name]["theorems"]}
PROGRAM = Path(replay.__file__)


def problem(*theorems: dict[str, Any], label: str | None = None) -> replay.Refused | None:
    """What replay refuses in the last of these theorems."""
    return replay.Library(list(theorems)).problem(label or theorems[-1]["label"])


def written(folder: Path, *theorems: dict[str, Any], name: str = "certificate.json", **more: Any) -> str:
    path = folder / name
    path.write_text(text({"schema": SCHEMA, "result": "test", "theorems": list(theorems), **more}), encoding="utf-8")
    return str(path)


# ---- the catalogue


@pytest.mark.parametrize("label", THEOREMS)
def test_every_theorem_of_the_catalogue_is_replayed(label: str) -> None:
    found = problem(*THEOREMS.values(), label=label)
    assert found is None, (label, found.step, found.why, str(found.left), str(found.right))


def test_phi_and_its_limit_are_there() -> None:
    assert {"gibbs_inequality.slope", "gibbs_inequality.tangent", "gibbs_inequality.limit"} <= THEOREMS.keys()
    assert len(THEOREMS) >= 39


ALONE = """
import sys
status = None
try:
    {run}
except SystemExit as end:
    status = end.code
strangers = [m for m in sys.modules if m.partition(".")[0] in ("sympy", "numpy", "flint", "mpmath", "numeric")
             or (m.startswith("derivations.") and m != "derivations.replay")]
sys.exit(f"imported {{strangers}}" if strangers else status)
"""


@pytest.mark.parametrize("flags", [("-S", "-E"), ("-I", "-S"), ("-O", "-S", "-E"), ("-OO", "-S", "-E")])
def test_a_plain_file_needs_nothing(flags: tuple[str, ...], tmp_path: Path) -> None:
    files = [written(tmp_path, *FILES[name]["theorems"], name=f"{name}.json") for name in FILES]
    run = f"sys.argv = {['replay', *files]!r}; import runpy; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, *flags, "-c", ALONE.format(run=run)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("replayed  ")) == (0, len(THEOREMS)), done.stdout + done.stderr
    done = subprocess.run(
        [sys.executable, *flags, str(PROGRAM), *files], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    bad = copy.deepcopy(THEOREMS["gibbs_inequality.zero_weight"])
    bad["claim"]["goal"][2] = ["num", "1"]
    bad["hash"] = digest(bad["claim"])
    command = [sys.executable, *flags, str(PROGRAM), written(tmp_path, bad)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "refused   gibbs_inequality.zero_weight" in done.stdout and "right" in done.stdout


def test_the_module_needs_nothing(tmp_path: Path) -> None:
    files = [written(tmp_path, *FILES[name]["theorems"], name=f"{name}.json") for name in FILES]
    run = (
        f"sys.argv = {['replay', '--json', *files]!r}; import runpy; runpy.run_module({replay.__name__!r}, run_name='__main__')"
    )
    command = [
        sys.executable,
        "-S",
        "-E",
        "-c",
        f"import sys; sys.path.insert(0, {str(PROGRAM.parents[1])!r})\n" + ALONE.format(run=run),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {row["label"]: row["verdict"] for row in json.loads(done.stdout)} == dict.fromkeys(THEOREMS, "replayed")


def test_the_program_is_small_and_asserts_nothing() -> None:
    source = PROGRAM.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 1800  # of any kind: docstrings, comments and blank lines count
    assert max(map(len, source.splitlines())) <= 128
    assert "assert " not in source and "eval(" not in source and "exec(" not in source
    imports = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imports <= {
        "ast",
        "__future__",
        "hashlib",
        "json",
        "re",
        "sys",
        "collections.abc",
        "fractions",
        "functools",
        "itertools",
        "math",
        "operator",
        "threading",
        "typing",
    }


def test_both_checkers_name_the_same_rules_principles_and_domains() -> None:
    from derivations._kernel.definitions import DEFINITIONS
    from derivations._kernel.domains import KINDS

    unknown = {*replay.UNKNOWN}
    assert replay.RULES.keys() | (unknown & rules.RULES.keys()) == rules.RULES.keys()
    assert replay.PRINCIPLES.keys() | (unknown & kernel.PRINCIPLES.keys()) == kernel.PRINCIPLES.keys()
    assert unknown <= rules.RULES.keys() | kernel.PRINCIPLES.keys()
    assert not unknown & (replay.RULES.keys() | replay.PRINCIPLES.keys())
    assert replay.KINDS.keys() == KINDS.keys()
    assert replay.DEFINITIONS.keys() == DEFINITIONS.keys()


# ---- making certificates of our own

x, y, c, b, n = var("x"), var("y"), var("c"), var("b"), var("n")
ZERO, ONE = num(0), num(1)


def T(op: str, *args: Any) -> Term:
    return Term(op, *args)


def at(vector: str, index: Any) -> Term:
    return T("at", var(vector), T("bound", index) if isinstance(index, int) else var(index))


def log(t: Term) -> Term:
    return T("log", t)


def xlog(w: Any, a: Any, d: Any = ONE) -> Term:
    return T("xlog", *(num(t) if isinstance(t, int) else t for t in (w, a, d)))


def total(body: Term, size: Term = n) -> Term:
    return T("sum", size, body)


def scope(spec: str, *hypotheses: Term) -> Scope:
    """``x: Real, p: Simplex[n]`` as a scope."""
    domains = []
    for part in spec.split(", ") if spec else ():
        name, _, domain = part.partition(": ")
        kind, _, sizes = domain.rstrip("]").partition("[")
        domains.append((name, Domain(kind, tuple(num(int(s)) if s.isdigit() else var(s) for s in sizes.split(";") if s))))
    return Scope(tuple(domains), hypotheses)


WIDE = scope(
    "n: Size, m: Size, x: Positive, y: Positive, z: Nonnegative, u: Real, c: Real, q: Probability, b: Bit, p: Simplex[n], "
    "o: OpenSimplex[n], v: Real[n], w: Positive[n], e: OneHot[n], i: Index[n], j: Index[n], "
    "s: Simplex[n;m], g: Family[n;m], t: Real[m], k: Index[m], h: Index[m], r: Real[n;m]"
)


def theorem(
    where: Scope, goal: Term, proof: Proof, label: str = "t", cites: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    claim, written = encode_claim(Claim(where, goal)), encode(proof)
    return {
        "label": label,
        "claim": claim,
        "proof": written,
        "cites": cites or {},
        "hash": digest(claim),
        "uses": used(written),
        "lines": [],
        **more,
    }


def used(proof: Any) -> list[str]:
    """The names of the rules and principles in a proof."""
    steps = [v for _, v in parts(proof) if type(v) is dict and "by" in v]
    names = [step["args"][0] if step["by"] == "rule" and step["args"] else step["by"] for step in steps]
    return sorted({name for name in names if type(name) is str})


def refused(where: Scope, goal: Term, proof: Proof, *before: dict[str, Any]) -> replay.Refused | None:
    return problem(*before, theorem(where, goal, proof, cites={t["label"]: t["hash"] for t in before}))


def rule(name: str, **values: Term) -> Proof:
    return Proof("rule", (name, tuple(values.items())))


def field(a: Term, d: Term) -> Proof:
    return Proof("field", (a, d))


def P(by: str, *args: Any) -> Proof:
    return Proof(by, args)


# ---- every rule, with an instance that holds and one that does not

u, z, q = var("u"), var("z"), var("q")
BODY = {"f": log(at("w", 0)), "g": at("v", 0)}
PAIR = T("at", var("s"), T("bound", 1), T("bound", 0))
d_u = T("exp", u) + ONE
GOOD: dict[str, dict[str, Term]] = {
    "logarithm of a product": {"a": x, "b": y},
    "logarithm of one": {},
    "logarithm of a power": {"a": x, "r": u},
    "logarithm of an exponential": {"a": u},
    "exponential of a logarithm": {"a": x},
    "exponential of a sum": {"a": u, "b": c},
    "exponential of zero": {},
    "exponential of a multiple": {"r": u, "a": c},
    "power as exponential": {"a": x, "r": u},
    "powers of one base": {"a": x, "r": u, "c": c},
    "power of a product": {"a": z, "b": x, "r": y},
    "powers of a base that may be zero": {"a": z, "r": x, "c": y},
    "power of a power": {"a": z, "r": x, "c": y},
    "root of a square": {"a": u},
    "weight times logarithm": {"w": u, "a": x, "b": y},
    "zero times logarithm": {"a": z, "b": z},
    "weighted logarithm of a quotient": {"w": z, "a": z, "b": y},
    "weighted logarithm of a product": {"w": z, "a": z, "b": y},
    "weighted logarithm of a power": {"w": z, "a": z, "r": x},
    "weights add": {"v": z, "w": x, "a": x, "b": y},
    "weights multiply": {"c": u, "w": z, "a": x, "b": y},
    "weights of a sum": {"n": n, "f": at("w", 0), "a": x, "b": y},
    "sum of sums": {"n": n, **BODY},
    "constant factor": {"n": n, "c": u, "f": BODY["f"]},
    "sum of a constant": {"n": n, "c": u},
    "order of summation": {"n": n, "m": var("m"), "f": PAIR},
    "delta selects": {"n": n, "k": var("i"), "f": BODY["f"]},
    "sum of all but one": {"n": n, "k": var("i"), "f": BODY["f"]},
    "delta of equal indices": {"k": var("i")},
    "logarithm of a product of many": {"n": n, "f": at("w", 0)},
    "total probability": {"t": total(at("p", 0))},
    "zero or one": {"a": b},
    "one entry is one": {"p": var("e"), "k": var("i"), "m": var("j")},
    "a term of a sum": {"n": n, "k": var("i"), "f": at("p", 0)},
    "a mean is positive": {"n": n, "p": var("p"), "f": at("w", 0)},
    "the larger of two": {"a": x + y, "b": x},
    "an entry is at most the maximum": {"n": n, "k": var("i"), "f": at("v", 0)},
    "absolute value": {"a": z},
    "absolute value of the opposite": {"a": u},
    "case met": {"a": u, "b": u, "v": x, "w": y},
    "case not met": {"a": ZERO, "b": x, "v": u, "w": y},
    "derivative of a constant": {"a": x, "x": u},
    "derivative of the variable": {"x": u},
    "derivative of an entry": {"v": var("v"), "k": var("i"), "m": var("j")},
    "derivative of an entry of an array": {"v": var("r"), "k": var("i"), "i": var("k"), "m": var("j"), "j": var("h")},
    "derivative of a sum": {"a": d_u, "b": u, "x": u},
    "derivative of a product": {"a": d_u, "b": u, "x": u},
    "derivative of a power": {"a": d_u, "r": c, "x": u},
    "derivative of the logarithm": {"a": d_u, "x": u},
    "derivative of the exponential": {"a": d_u, "x": u},
    "derivative of a sum over indices": {"n": n, "f": T("exp", u * at("v", 0)), "x": u},
    "limit of a power": {"x": x, "r": num(Fraction(1, 2))},
}
BAD: dict[str, list[dict[str, Term]]] = {
    "logarithm of a product": [{"a": u, "b": c}, {"a": x, "b": z}, {"a": x}],
    "logarithm of one": [{"a": x}],
    "logarithm of a power": [{"a": u, "r": num(2)}, {"a": z, "r": num(2)}],
    "exponential of a logarithm": [{"a": u}, {"a": z}],
    "exponential of zero": [{"a": ZERO}],
    "power as exponential": [{"a": u, "r": num(2)}, {"a": z, "r": num(2)}],
    "powers of one base": [{"a": u, "r": num(2), "c": num(-2)}],
    "power of a product": [{"a": u, "b": x, "r": y}, {"a": z, "b": u, "r": y}, {"a": z, "b": x, "r": num(-1)}],
    "powers of a base that may be zero": [{"a": u, "r": x, "c": y}, {"a": z, "r": z, "c": y}, {"a": z, "r": x, "c": num(-1)}],
    "power of a power": [{"a": u, "r": num(2), "c": num(Fraction(1, 2))}, {"a": z, "r": num(-1), "c": num(-1)}],
    "weight times logarithm": [{"w": z, "a": z, "b": y}, {"w": z, "a": y, "b": u}],
    "zero times logarithm": [{"a": u, "b": x}, {"a": x, "b": u}],
    "weighted logarithm of a quotient": [{"w": x, "a": z, "b": y}, {"w": z, "a": z, "b": z + u}],
    "weighted logarithm of a power": [{"w": z, "a": z, "r": u}, {"w": z, "a": x, "r": num(-1)}],
    "weights add": [{"v": z, "w": x, "a": z, "b": y}],
    "weights of a sum": [
        {"n": n, "f": at("p", 0), "a": z, "b": y},
        {"n": n, "f": at("w", 0), "a": at("w", 0), "b": y},
        {"n": n, "f": at("p", 0), "a": u, "b": y},
    ],
    "constant factor": [{"n": n, "c": at("v", 0), "f": at("v", 0)}, {"n": x, "c": u, "f": u}],
    "sum of a constant": [{"n": n, "c": at("v", 0)}, {"n": u, "c": u}, {"n": num(Fraction(1, 2)), "c": u}, {"n": ZERO, "c": u}],
    "order of summation": [{"n": n, "m": n, "f": PAIR}, {"n": n, "m": n, "f": T("at", var("v"), T("bound", 2))}],
    "delta selects": [{"n": n, "k": var("k"), "f": at("v", 0)}, {"n": var("m"), "k": var("i"), "f": u}],
    "sum of all but one": [{"n": n, "k": var("k"), "f": at("v", 0)}, {"n": n, "k": var("i"), "f": T("log", at("p", 0))}],
    "delta of equal indices": [{"k": u}, {"k": ONE}],
    "logarithm of a product of many": [{"n": n, "f": at("v", 0)}, {"n": n, "f": at("p", 0)}],
    "total probability": [
        {"t": total(at("v", 0))},
        {"t": total(at("e", 0) * at("e", 0))},
        {"t": total(at("p", "i"))},
        {"t": u},
        {"t": total(total(T("at", var("s"), T("bound", 0), T("bound", 1)), n), var("m"))},
        {"t": total(total(T("at", T("vec", n, at("p", 1)), T("bound", 0))))},
        {"t": total(T("at", T("of", var("g"), T("vec", var("m"), T("delta", T("bound", 1), var("i")))), T("bound", 0)))},
    ],
    "zero or one": [{"a": u}, {"a": at("p", "i")}, {"a": b + b}, {"a": q}],
    "one entry is one": [{"p": var("p"), "k": var("i"), "m": var("j")}, {"p": var("e"), "k": var("i"), "m": var("k")}],
    "a term of a sum": [{"n": n, "k": var("i"), "f": at("v", 0)}, {"n": n, "k": var("k"), "f": at("p", 0)}],
    "a mean is positive": [
        {"n": n, "p": var("w"), "f": at("w", 0)},
        {"n": n, "p": var("p"), "f": at("v", 0)},
        {"n": n, "p": var("p"), "f": at("p", 0) * at("v", 0)},
        {"n": var("m"), "p": var("p"), "f": ONE},
    ],
    "the larger of two": [{"a": x, "b": x + y}, {"a": u, "b": x}],
    "an entry is at most the maximum": [{"n": n, "k": var("k"), "f": at("v", 0)}, {"n": n, "k": u, "f": at("v", 0)}],
    "absolute value": [{"a": u}, {"a": -x}],
    "case met": [{"a": u, "b": x, "v": x, "w": y}],
    "case not met": [{"a": ZERO, "b": z, "v": x, "w": y}],
    "derivative of a constant": [
        {"a": u * x, "x": u},
        {"a": total(at("v", 0)), "x": at("v", "i")},
        {"a": x, "x": b},
        {"a": x, "x": x + y},
    ],
    "derivative of the variable": [{"x": b}, {"x": at("v", "i")}, {"x": n}],
    "derivative of an entry": [
        {"v": T("vec", n, at("v", 0) * at("v", 0)), "k": var("i"), "m": var("j")},
        {"v": var("e"), "k": var("i"), "m": var("j")},
    ],
    "derivative of an entry of an array": [
        {"v": var("s"), "k": var("i"), "i": var("k"), "m": var("k"), "j": var("h")},
        {"v": var("r"), "k": var("k"), "i": var("i"), "m": var("j"), "j": var("h")},
    ],
    "derivative of a sum": [{"a": T("abs", u), "b": u, "x": u}, {"a": z ** num(Fraction(1, 2)), "b": z, "x": z}],
    "derivative of a power": [{"a": x, "r": x, "x": x}, {"a": u, "r": num(Fraction(1, 2)), "x": u}],
    "derivative of the logarithm": [{"a": u, "x": u}],
    "limit of a power": [{"x": x, "r": num(-1)}, {"x": x, "r": ZERO}, {"x": b, "r": ONE}, {"x": x, "r": u}, {"x": x, "r": x}],
}


def instance(name: str) -> replay.Term:
    return replay.instance(name, {k: replay.term(json.loads(json.dumps(encode(t)))) for k, t in GOOD[name].items()})[0]


def kernel_term(t: replay.Term) -> Term:
    return from_json(written_term(t))


def written_term(t: replay.Term) -> list[Any]:
    """A term of the second program as it is written."""
    return [t.op, *([] if t.value is None else [t.value if t.op == "bound" else str(t.value)]), *map(written_term, t.args)]


@pytest.mark.parametrize("name", replay.RULES)
def test_a_rule_holds_where_its_conditions_do(name: str) -> None:
    goal = kernel_term(instance(name))
    assert refused(WIDE, goal, rule(name, **GOOD[name])) is None
    for values in BAD.get(name, []):
        assert refused(WIDE, goal, rule(name, **values)) is not None, values
    real = next((k for k, t in GOOD[name].items() if k in "abcrvw" and t in (u, x, y, z, c, d_u)), None)
    if real is not None:
        assert refused(WIDE, goal, rule(name, **{**GOOD[name], real: log(u)})) is not None  # not defined where u ≤ 0
    for left_out in GOOD[name]:
        assert refused(WIDE, goal, rule(name, **{k: t for k, t in GOOD[name].items() if k != left_out})) is not None


def law_fails(name: str) -> bool:
    """Whether ball arithmetic contradicts a law of replay's table at some instance."""
    used = instance(name)
    names, more = set(used.free), True
    while more:
        sizes = {s.args[0] for k, d in WIDE.domains if k in names for s in d.sizes if s.op == "var"}
        more, names = not sizes <= names, names | sizes
    where = Scope(tuple((k, d) for k, d in WIDE.domains if k in names), ())
    report = witness(where, kernel_term(used), per_size=3, sizes=range(1, 4), stop_after=1)
    return bool(report.contradicted)


@pytest.mark.parametrize("name", replay.RULES)
def test_a_law_agrees_with_ball_arithmetic(name: str) -> None:
    assert not law_fails(name)


# ---- every principle, with a use that is right and uses that are wrong

lt, le, eq, ne = (lambda a, d, op=op, *e: T(op, a, d, *e) for op in ("lt", "le", "eq", "ne"))
THIRDS = [T("at", var("s"), num(k)) for k in (1, 2, 3)]
TOP = T("top", n, at("v", 0))
EACH = T("all", n, eq(at("v", 0), at("w", 0)))
ROOT = num(Fraction(1, 2))
SQRT_LIMIT = rule("limit of a power", x=x, r=ROOT)
PRINCIPLES: dict[str, tuple[tuple[Scope, Term, Proof] | None, list[tuple[Scope, Term, Proof]]]] = {
    "field": (
        (WIDE, eq((u + c) * (u - c), u * u - c * c), field((u + c) * (u - c), u * u - c * c)),
        [
            (WIDE, eq(u / u, ONE), field(u / u, ONE)),
            (WIDE, eq(u, c), field(u, c)),
            (WIDE, eq(log(x * y), log(x + y)), field(log(x * y), log(x + y))),
            (WIDE, eq(T("const", "e"), T("const", "e")), field(T("const", "e"), T("const", "e"))),
        ],
    ),
    "rule": (
        (WIDE, eq(log(T("exp", u)), u), rule("logarithm of an exponential", a=u)),
        [(WIDE, eq(u, u), rule("no rule", a=u))],
    ),
    "definition": (
        (WIDE, eq(T("app", "H", var("p")), -total(xlog(at("p", 0), at("p", 0)))), P("definition", T("app", "H", var("p")))),
        [
            (WIDE, eq(T("app", "H", var("v")), -total(xlog(at("v", 0), at("v", 0)))), P("definition", T("app", "H", var("v")))),
            (WIDE, eq(T("app", "D", var("p"), var("p")), ZERO), P("definition", T("app", "D", var("p"), var("p")))),
        ],
    ),
    "rewrite": (
        (
            WIDE,
            eq(total(log(at("w", 0) * at("w", 0))), total(num(2) * log(at("w", 0)))),
            P(
                "rewrite",
                total(log(at("w", 0) * at("w", 0))),
                (
                    (
                        (1,),
                        rule("logarithm of a product", a=T("at", var("w"), var("#0")), b=T("at", var("w"), var("#0"))),
                        ONE,
                        num(2) * log(T("at", var("w"), var("#0"))),
                    ),
                ),
            ),
        ),
        [
            (WIDE, eq(T("deriv", u, u), ONE), P("rewrite", T("deriv", u, u), ((path, field(u, u), ONE, c),)))
            for path in ((0,), (1,), (-1,), (0, 0), (True,))
        ]
        + [
            (
                scope("u: Real, c: Real", eq(u, c)),
                eq(T("deriv", u, u), T("deriv", c, u)),
                P("rewrite", T("deriv", u, u), (((0,), P("hypothesis", 0), ONE, c),)),
            ),
            (WIDE, eq(u, c), P("rewrite", u, (((), field(x, x), num(3), c),))),
        ],
    ),
    "symmetry": (
        (WIDE, eq(u, u + ZERO), P("symmetry", field(u + ZERO, u))),
        [(WIDE, lt(x, ZERO), P("symmetry", P("sign", x)))],
    ),
    "chain": (
        (WIDE, lt(ZERO, x + y), P("chain", P("sign", x), P("combine", x, x + y, ((ONE, P("sign", y)),)))),
        [(WIDE, lt(ZERO, y), P("chain", P("sign", x), P("sign", y))), (WIDE, eq(u, u), P("chain"))],
    ),
    "sign": (
        (WIDE, T("le", ZERO, z, eq(z, ZERO)), P("sign", z)),
        [(WIDE, lt(ZERO, z), P("sign", z)), (WIDE, lt(ZERO, u), P("sign", u)), (WIDE, lt(ZERO, x - y), P("sign", x - y))],
    ),
    "combine": (
        (WIDE, T("le", ZERO, x * z, eq(z, ZERO)), P("combine", ZERO, x * z, ((x, P("sign", z)),))),
        [
            (WIDE, le(ZERO, -z), P("combine", ZERO, -z, ((num(-1), P("sign", z)),))),
            (WIDE, le(ZERO, u * z), P("combine", ZERO, u * z, ((u, P("sign", z)),))),
            (WIDE, T("le", ZERO, z * z, eq(z, ZERO)), P("combine", ZERO, z * z, ((z, P("sign", z)),))),
            (WIDE, lt(ZERO, x + x), P("combine", ZERO, x + x, ((ONE, P("sign", x)),))),
        ],
    ),
    "termwise": (
        (WIDE, lt(total(ZERO), total(at("w", 0))), P("termwise", n, P("sign", T("at", var("w"), var("#0"))))),
        [
            (WIDE, lt(total(ZERO), total(at("p", 0))), P("termwise", n, P("sign", T("at", var("p"), var("#0"))))),
            (WIDE, lt(total(ZERO), total(at("w", 0))), P("termwise", x, P("sign", T("at", var("w"), var("#0"))))),
        ],
    ),
    "slope": None,
    "squeeze": None,
    "written_out": (
        (scope("s: Simplex[3]"), eq(total(at("s", 0), num(3)), T("add", *THIRDS)), P("written_out", total(at("s", 0), num(3)))),
        [
            (
                scope("s: Simplex[3]"),
                eq(total(at("s", 0), num(3)), T("add", *THIRDS[:2])),
                P("written_out", total(at("s", 0), num(3))),
            ),
            (
                scope("s: Simplex[3]"),
                eq(total(at("s", 0), num(3)), T("mul", *THIRDS)),
                P("written_out", total(at("s", 0), num(3))),
            ),
            (WIDE, eq(total(at("p", 0)), at("p", "i")), P("written_out", total(at("p", 0)))),
            (scope("s: Real[65]"), eq(ONE, ONE), P("given", P("written_out", total(at("s", 0), num(65))), field(ONE, ONE))),
            (scope("s: Real[3]"), eq(ONE, ONE), P("given", P("written_out", total(log(at("s", 0)), num(3))), field(ONE, ONE))),
        ],
    ),
    "monotone": (
        (
            scope("z: Nonnegative, x: Positive, u: Real", T("le", z, u, eq(u, x))),
            T("le", z**x, u**x, eq(u, x)),
            P("monotone", "pow", P("hypothesis", 0), x),
        ),
        [
            (scope("u: Real, c: Real", lt(u, c)), lt(log(u), log(c)), P("monotone", "log", P("hypothesis", 0))),
            (scope("u: Real, c: Real", lt(u, c)), lt(T("abs", u), T("abs", c)), P("monotone", "abs", P("hypothesis", 0))),
            (scope("u: Real, c: Real", lt(u, c)), lt(-u, -c), P("monotone", "mul", P("hypothesis", 0), num(-1))),
            (
                scope("u: Real, c: Real", lt(u, c)),
                lt(u ** num(2), c ** num(2)),
                P("monotone", "pow", P("hypothesis", 0), num(2)),
            ),
            (
                scope("x: Positive, y: Positive", lt(x, y)),
                lt(x ** num(-1), y ** num(-1)),
                P("monotone", "pow", P("hypothesis", 0), num(-1)),
            ),
            (scope("x: Positive, y: Positive", lt(x, y)), lt(x**ZERO, y**ZERO), P("monotone", "pow", P("hypothesis", 0), ZERO)),
            (scope("x: Positive, y: Positive", le(x, y)), lt(log(x), log(y)), P("monotone", "log", P("hypothesis", 0))),
        ],
    ),
    "hot": (
        (WIDE, eq(u * c, c * u), P("hot", var("e"), field(u * c, c * u))),
        [
            (WIDE, eq(u * c, c * u), P("hot", var("p"), field(u * c, c * u))),
            (
                WIDE,
                eq(at("e", "i"), T("delta", var("i"), var("#0"))),
                P("hot", var("e"), P("at_index", P("hypothesis", 0), var("i"))),
            ),
            (WIDE, eq(at("e", "i"), ONE), P("hot", var("e"), P("at_index", P("hypothesis", 0), var("i")))),
            (WIDE, eq(u, c), P("hot", var("e"), field(u, c))),
            (WIDE, eq(u, u), P("hot", at("e", "i"), field(u, u))),
        ],
    ),
    "multiple_of_limit": None,
    "hypothesis": (
        (scope("u: Real", lt(ONE, u)), lt(ONE, u), P("hypothesis", 0)),
        [(scope("u: Real", lt(ONE, u)), lt(ONE, u), P("hypothesis", k)) for k in (1, -1, 10**30)],
    ),
    "at_index": (
        (
            scope("n: Size, v: Real[n], w: Real[n], i: Index[n]", EACH),
            eq(at("v", "i"), at("w", "i")),
            P("at_index", P("hypothesis", 0), var("i")),
        ),
        [
            (
                scope("n: Size, m: Size, v: Real[n], w: Real[n], i: Index[m]", EACH),
                eq(at("v", "i"), at("w", "i")),
                P("at_index", P("hypothesis", 0), var("i")),
            ),
            (
                scope("n: Size, v: Real[n], w: Real[n]", EACH),
                eq(T("at", var("v"), ONE), T("at", var("w"), ONE)),
                P("at_index", P("hypothesis", 0), ONE),
            ),
        ],
    ),
    "for_all": (
        (WIDE, T("all", n, lt(ZERO, at("w", 0))), P("for_all", n, P("sign", T("at", var("w"), var("#0"))))),
        [(WIDE, T("all", n, lt(ZERO, at("v", 0))), P("for_all", n, P("sign", T("at", var("v"), var("#0")))))],
    ),
    "assume": (
        (WIDE, T("imp", lt(ZERO, u), lt(ZERO, u)), P("assume", lt(ZERO, u), P("hypothesis", 0))),
        [
            (WIDE, T("imp", lt(ZERO, u), lt(ONE, u)), P("assume", lt(ZERO, u), P("hypothesis", 0))),
            (WIDE, T("imp", lt(ZERO, log(u)), lt(ZERO, log(u))), P("assume", lt(ZERO, log(u)), P("hypothesis", 0))),
        ],
    ),
    "both": (
        (WIDE, T("and", lt(ZERO, x), lt(ZERO, y)), P("both", P("sign", x), P("sign", y))),
        [(WIDE, T("iff", lt(ZERO, x), lt(ZERO, u)), P("both", P("sign", x), P("sign", y)))],
    ),
    "part": (
        (WIDE, lt(ZERO, y), P("part", P("both", P("sign", x), P("sign", y)), 1)),
        [(WIDE, lt(ZERO, y), P("part", P("both", P("sign", x), P("sign", y)), k)) for k in (-1, 2)],
    ),
    "decided": (
        (scope("u: Real", lt(ONE, u)), T("and", ne(u, ZERO), le(ZERO, u)), P("decided", T("and", ne(u, ZERO), le(ZERO, u)))),
        [
            (WIDE, ne(u, ZERO), P("decided", ne(u, ZERO))),
            (WIDE, le(z, ZERO), P("decided", le(z, ZERO))),
            (WIDE, eq(ONE / u, ONE / u), P("decided", eq(ONE / u, ONE / u))),
        ],
    ),
    "equivalent": (
        (WIDE, T("iff", eq(x * u, x), eq(u, ONE)), P("equivalent", eq(x * u, x), eq(u, ONE), x, field(ZERO, ZERO))),
        [
            (WIDE, T("iff", eq(z * u, z), eq(u, ONE)), P("equivalent", eq(z * u, z), eq(u, ONE), z, field(ZERO, ZERO))),
            (WIDE, T("iff", eq(x, u), eq(u, ONE)), P("equivalent", eq(x, u), eq(u, ONE), ONE, field(ZERO, ZERO))),
        ],
    ),
    "when": (
        (
            WIDE,
            T("le", ZERO, z, eq(z + z, ZERO)),
            P("when", P("sign", z), P("equivalent", eq(z, ZERO), eq(z + z, ZERO), ROOT, field(ZERO, ZERO))),
        ),
        [
            (
                WIDE,
                T("le", ZERO, z, eq(u, ZERO)),
                P("when", P("sign", z), P("equivalent", eq(u, ZERO), eq(u, ZERO), ONE, field(ZERO, ZERO))),
            )
        ],
    ),
    "equality_case": (
        (WIDE, T("iff", eq(ZERO, z), eq(z, ZERO)), P("equality_case", P("sign", z))),
        [(WIDE, T("iff", eq(ZERO, x), eq(x, ZERO)), P("equality_case", P("sign", x)))],
    ),
    "weaken": ((WIDE, le(ZERO, x), P("weaken", P("sign", x))), [(WIDE, le(x, ZERO), P("weaken", P("sign", x)))]),
    "zero_or_positive": (
        (WIDE, eq(xlog(z, z, z), xlog(z, z, z)), P("zero_or_positive", z, *[field(xlog(z, z, z), xlog(z, z, z))] * 2)),
        [
            (WIDE, eq(u, u), P("zero_or_positive", u, field(u, u), field(u, u))),
            (WIDE, eq(z, ZERO), P("zero_or_positive", z, P("hypothesis", 0), P("hypothesis", 0))),
        ],
    ),
    "bit_cases": (
        (WIDE, eq(b, b), P("bit_cases", b, field(b, b), field(b, b))),
        [(WIDE, eq(q, q), P("bit_cases", q, field(q, q), field(q, q)))],
    ),
    "infinity": (
        (scope("x: Positive"), T("infinite", xlog(x, x, 0)), P("infinity", xlog(x, x, 0))),
        [
            (scope("x: Nonnegative"), T("infinite", xlog(x, x, 0)), P("infinity", xlog(x, x, 0))),
            (scope("x: Positive"), T("infinite", -xlog(x, x, 0)), P("infinity", -xlog(x, x, 0))),
            (scope("x: Positive"), T("infinite", xlog(x, x, 0) - xlog(x, x, 0)), P("infinity", xlog(x, x, 0) - xlog(x, x, 0))),
            (scope("x: Positive"), T("infinite", xlog(x, 0, 0)), P("infinity", xlog(x, 0, 0))),
        ],
    ),
    "cite": None,
    "apart": (
        (WIDE, ne(ZERO, x), P("apart", P("sign", x))),
        [(WIDE, ne(ZERO, z), P("apart", P("sign", z))), (WIDE, ne(ZERO, y), P("apart", P("sign", x)))],
    ),
    "given": (
        (WIDE, lt(ZERO, x * y), P("given", P("sign", x), P("sign", x * y))),
        [
            (WIDE, lt(ZERO, u), P("given", P("sign", u), P("hypothesis", 0))),
            (WIDE, lt(ZERO, u), P("given", P("sign", x), P("sign", u))),
            (WIDE, lt(ZERO, y), P("given", P("sign", x), P("hypothesis", 0))),
        ],
    ),
    "order_cases": (
        (WIDE, eq(u * c, c * u), P("order_cases", u, c, *[field(u * c, c * u)] * 2)),
        [
            (WIDE, le(u, c), P("order_cases", u, c, P("hypothesis", 0), P("hypothesis", 0))),
            (WIDE, eq(x, x), P("order_cases", u ** num(-1), c, field(x, x), field(x, x))),
        ],
    ),
}


@pytest.mark.parametrize("name", [k for k, v in PRINCIPLES.items() if v])
def test_a_principle(name: str) -> None:
    right, wrong = PRINCIPLES[name]
    found = refused(*right)
    assert found is None, (found.why, str(found.left), str(found.right))
    for case in wrong:
        try:
            found = refused(*case)
        except IllFormed:
            continue
        assert found is not None, case


def test_every_principle_is_tested() -> None:
    assert PRINCIPLES.keys() == replay.PRINCIPLES.keys()


def test_cases_have_the_hypothesis_they_say() -> None:
    goal = eq(b * b, b)
    to = [P("rewrite", b * b, (((), P("hypothesis", 0), b + num(k), num(k)),)) for k in (0, 1)]
    whole = [P("chain", to[k], P("symmetry", P("rewrite", b, (((), P("hypothesis", 0), ONE, num(k)),)))) for k in (0, 1)]
    assert refused(WIDE, goal, P("bit_cases", b, *whole)) is None
    assert refused(WIDE, goal, P("bit_cases", b, *whole[::-1])) is not None


def parabola(at_point: Term, domain: str = "Real", *hypotheses: Term) -> tuple[Scope, Term, Proof]:
    """(u − c)² has its least value at c."""
    f = (u - at_point) * (u - at_point)
    where = scope(f"u: {domain}, c: Real", *hypotheses)
    one = P(
        "rewrite",
        T("deriv", u - at_point, u),
        (
            ((), rule("derivative of a sum", a=u, b=-at_point, x=u), ONE, T("deriv", u, u) + T("deriv", -at_point, u)),
            ((0,), rule("derivative of the variable", x=u), ONE, ONE),
            ((1,), rule("derivative of a constant", a=-at_point, x=u), ONE, ZERO),
            ((), field(ONE + ZERO, ONE), ONE, ONE),
        ),
    )
    d = T("deriv", u - at_point, u)
    slope = P(
        "rewrite",
        T("deriv", f, u),
        (
            (
                (),
                rule("derivative of a product", a=u - at_point, b=u - at_point, x=u),
                ONE,
                d * (u - at_point) + (u - at_point) * d,
            ),
            ((0, 0), one, ONE, ONE),
            ((1, 1), one, ONE, ONE),
            ((), field(ONE * (u - at_point) + (u - at_point) * ONE, num(2) * (u - at_point)), ONE, num(2) * (u - at_point)),
        ),
    )
    sign = P("sign", num(2) * (u - at_point))
    least = (at_point - at_point) * (at_point - at_point)
    return where, T("le", least, f, eq(u, at_point)), P("slope", u, f, at_point, slope, sign, sign)


def test_slope() -> None:
    assert refused(*parabola(c)) is None
    assert refused(*parabola(num(1), "Positive")) is None
    assert refused(*parabola(num(-1), "Positive")) is not None  # not a point of the interval
    assert refused(*parabola(c, "Positive")) is not None
    assert refused(*parabola(c, "Real", ne(u, ZERO))) is not None  # not an interval
    where, goal, proof = parabola(c)
    assert refused(where, goal, P("slope", *proof.args[:4], proof.args[5], P("sign", ONE))) is not None
    assert refused(where, goal, P("slope", u, u * u, *proof.args[2:])) is not None


def why(*case: Any) -> str:
    """Why a proof is refused."""
    found = refused(*case)
    assert found is not None, "this is accepted"
    return found.why


def test_slope_on_a_part_of_the_line() -> None:
    def ends(at_point: Term, domain: str, hypotheses: list[Term], *rest: Any) -> tuple[Scope, Term, Proof]:
        where, goal, proof = parabola(at_point, domain, *hypotheses)
        return where, goal, P("slope", *proof.args[:4], *rest)

    above = P("sign", num(2) * (u - ZERO))
    bound = [lt(ZERO, u)]
    where, goal, proof = ends(ZERO, "Real", bound, (), above, ("Real",))
    strict = lt(*goal.args[:2])
    assert refused(where, strict, proof) is None  # the least value is at the end, which is not reached
    assert refused(where, goal, proof) is not None
    assert refused(where, strict, ends(ZERO, "Real", bound, (), above, ("Real", lt(num(-1), u)))[2]) is None
    for room in ((), ("Positive",), ("Real", lt(ZERO, u)), ("Real", lt(u, num(-1)))):  # rooms without the end, or without u
        assert refused(where, strict, ends(ZERO, "Real", bound, (), above, room)[2]) is not None, room
    closed, curved, other = ("Real", le(num(-1), u)), ("Real", lt(ZERO, u * u + ONE)), ("Real", lt(ZERO, ONE))
    undefined, unknown = ("Real", lt(ZERO, log(u))), ("nowhere",)
    no_intervals = (("Nonnegative",), ("Index",), ("Family",), (u,), ("Real", "Real"))
    for room in (closed, curved, other, undefined, unknown, *no_intervals):
        assert refused(where, strict, ends(ZERO, "Real", bound, (), above, room)[2]) is not None, room
    assert refused(*ends(num(1), "Positive", [], *[P("sign", num(2) * (u - ONE))] * 2)) is None
    assert refused(*ends(num(-1), "Real", bound, (), P("sign", num(2) * (u + ONE)), ("Real",))) is not None  # not reached
    far = ends(num(-1), "Real", bound, (), P("sign", num(2) * (u - num(-1))), ("Real",))
    assert why(far[0], lt(*far[1].args[:2]), far[2]) == "this condition is not known to be met"
    where, goal, proof = ends(c, "Real", [], (), P("sign", num(2) * (u - c)))
    assert why(where, goal, proof) == "this condition is not known to be met"  # there are points on the side without a proof
    for other in (lt(ONE, u * u), ne(u, ONE), T("imp", lt(ZERO, c), lt(ZERO, u)), lt(ZERO, T("exp", u))):
        case = ends(c, "Real", [other], *[P("sign", num(2) * (u - c))] * 2)
        assert why(*case) == "this does not run through an interval", other
    where, goal, proof = ends(c, "Real", [le(u, ONE), lt(c, ONE)], *[P("sign", num(2) * (u - c))] * 2, ("Real",))
    assert refused(where, goal, proof) is None
    assert refused(*ends(c, "Real", [le(u, ONE)], *[P("sign", num(2) * (u - c))] * 2, ("Real",))) is not None
    # bounds have to be written with x alone on one side
    for other in (le(u + c, ONE), lt(-u, ONE), lt(u, u + ONE)):
        case = ends(c, "Real", [other, lt(c, ONE - c)], *[P("sign", num(2) * (u - c))] * 2, ("Real",))
        assert why(*case) == "this does not run through an interval", other
    for room in (("Real", lt(u + c, num(9))), ("",), ("Family",), ("Real", ONE)):  # no rooms
        assert refused(where, goal, P("slope", *proof.args[:6], room)) is not None, room
    for other in ((ONE,), ("sign", (ONE,)), (u, c, x), (above,)):  # neither a proof nor nothing
        assert refused(where, goal, P("slope", *proof.args[:4], other, *proof.args[5:])) is not None, other


@pytest.mark.parametrize(
    "f",
    [
        T("case", u, ZERO, num(5), u),  # at zero it jumps to 5
        u ** num(Fraction(3, 2)),  # it ends at zero
        T("abs", u),
        T("max", u, ZERO),
        xlog(u, u),
    ],
)
def test_a_minimum_where_a_function_is_not_smooth_is_refused(f: Term) -> None:
    where, low = scope("u: Real", lt(ZERO, u)), kernel_term(replay.replaced(replay.term(encode(f)), {"u": replay.ZERO}))
    slope = field(T("deriv", f, u), ONE)  # it is not looked at: the room is refused before
    for room in (("Real",), ("Real", lt(num(-1), u))):
        told = why(where, lt(low, f), P("slope", u, f, ZERO, slope, (), P("sign", ONE), room))
        assert told in ("this is not known to be defined", "this is not known to be smooth"), told
    told = why(where, lt(low, f), P("slope", u, f, ZERO, slope, (), P("sign", ONE)))
    assert told in ("this condition is not known to be met", "this is not known to be smooth"), told


def test_bent() -> None:
    """The other checker knows this principle; this program refuses a proof that uses it, right or wrong."""

    def case(f: Term, g: Term, h: Term, domain: str, room: Any, ends: Any = (ZERO, ONE)) -> tuple[Scope, Term, Proof]:
        where = scope(f"u: {domain}")
        slopes = tuple(prove(Kernel(), where, eq(T("deriv", a, u), d)) for a, d in ((f, g), (g, h)))
        zero = tuple(P("symmetry", field(e, ZERO)) for e in (f, f))
        return where, le(ZERO, f), P("bent", u, f, ends, room, slopes, P("sign", h), zero)

    cap = case(u * (ONE - u), ONE - num(2) * u, num(-2), "Probability", ("Real",))
    cup = case(u * u - u, num(2) * u - ONE, num(2), "Probability", ("Real",))
    assert why(*cap) == why(*cup) == "this program does not know this principle"


def test_what_is_shown_first_may_make_a_claim_defined() -> None:
    mean = total(at("p", 0) * at("w", 0))
    positive = rule("a mean is positive", n=n, p=var("p"), f=at("w", 0))
    where, goal = scope("n: Size, p: Simplex[n], w: Positive[n]"), eq(log(mean) + ZERO, log(mean))
    assert refused(where, goal, P("given", positive, field(*goal.args))) is None
    assert why(where, goal, field(*goal.args)) == "this is not known to be defined"
    assert refused(where, goal, P("symmetry", P("given", positive, field(*goal.args[::-1])))) is not None
    assert refused(where, goal, P("given", P("sign", mean + ONE), field(*goal.args))) is not None
    assert refused(scope("u: Real"), eq(log(u), log(u)), P("given", P("sign", u), field(log(u), log(u)))) is not None
    assert (
        refused(scope("u: Real"), eq(log(u), log(u)), P("given", P("decided", lt(ZERO, u)), field(log(u), log(u)))) is not None
    )


def test_bounds_hold_beside_a_point() -> None:
    goal = eq(T("deriv", log(u), u), T("deriv", u, u) / u)
    proof = rule("derivative of the logarithm", a=u, x=u)
    for fine in (lt(ZERO, u), lt(ONE, u)):
        assert refused(scope("u: Real, c: Real", fine), goal, proof) is None
    assert refused(scope("u: Real, c: Real", lt(ZERO, c), lt(c, u)), goal, proof) is None
    for loose in (le(ONE, u), eq(u, ONE), lt(ZERO, u * u), lt(ZERO, u + c), lt(c, ZERO), ne(u, ZERO), lt(-u, u)):
        assert refused(scope("u: Real, c: Real", loose), goal, proof) is not None, loose


def test_numbers_are_not_enclosed() -> None:
    """Signs of numbers come from the signs of their parts alone; which of two is greater is not computed."""
    two, pi = log(num(2)), T("const", "pi")
    for positive in (two, pi, T("exp", -two), log(num(Fraction(3, 2))) * pi, num(2) ** two):
        assert refused(scope(""), lt(ZERO, positive), P("sign", positive)) is None
        assert refused(scope(""), lt(positive, ZERO), P("sign", positive)) is not None
    half = log(num(Fraction(1, 2)))
    assert refused(scope(""), lt(half, ZERO), P("sign", half)) is None
    huge = T("exp", T("exp", T("exp", num(9)))) - ONE - ONE
    same = T("exp", two) - num(2)  # zero
    for unknown in (two - num(Fraction(69, 100)), num(Fraction(7, 10)) - two, pi - num(3), num(4) - pi, huge, same):
        for goal in (lt(ZERO, unknown), lt(unknown, ZERO), eq(unknown, ZERO), le(ZERO, unknown)):
            assert why(scope(""), goal, P("sign", unknown)) == "the sign of this is not known"
    assert refused(scope(""), lt(ZERO, log(num(-2))), P("sign", log(num(-2)))) is not None


def test_literal_labels() -> None:
    where = scope("v: Real[3], n: Size, w: Real[n]")
    soft = lambda vector, k: T("app", "softmax", var(vector), num(k))  # noqa: E731
    unfolded = T("exp", T("at", var("v"), num(2))) / total(T("exp", at("v", 0)), num(3))
    assert refused(where, eq(soft("v", 2), unfolded), P("definition", soft("v", 2))) is None
    for bad in (soft("v", 4), soft("v", 0), soft("v", Fraction(1, 2)), soft("w", 1)):
        assert refused(where, eq(bad, bad), field(bad, bad)) is not None
    each = T("all", num(3), lt(ZERO, at("v", 0)))
    assert refused(scope("v: Real[3]", each), lt(ZERO, T("at", var("v"), num(2))), P("sign", T("at", var("v"), num(2)))) is None


def test_limits_with_exponents_that_are_not_numbers() -> None:
    where = scope("x: Positive, y: Positive, u: Real")
    assert refused(where, T("tends", x**y, x, ZERO, ZERO), rule("limit of a power", x=x, r=y)) is None


def test_what_this_program_does_not_know_is_said_plainly() -> None:
    where, goal = scope("x: Positive"), T("tends", x**ROOT, x, ZERO, ZERO)
    for name in replay.UNKNOWN:
        if name in rules.RULES:
            found = refused(where, goal, rule(name, x=x, r=ROOT))
            assert found is not None and (found.step, found.why) == (f"rule {name}", "this program does not know this rule")
        else:
            found = refused(where, goal, P(name, goal, SQRT_LIMIT))
            assert found is not None and (found.step, found.why) == (name, "this program does not know this principle")
    assert "does not know integrals" in why(where, T("integrates", x, x, ZERO, ONE, ROOT), P("sign", x))


def test_limits() -> None:
    where = scope("x: Positive, y: Positive")
    assert refused(where, T("tends", num(2) * x**ROOT, x, ZERO, ZERO), P("multiple_of_limit", num(2), SQRT_LIMIT)) is None
    assert refused(where, T("tends", y * x**ROOT, x, ZERO, ZERO), P("multiple_of_limit", y, SQRT_LIMIT)) is None
    assert (
        refused(
            where,
            T("tends", x ** -ROOT.args[0] * x**ROOT, x, ZERO, ZERO),
            P("multiple_of_limit", x ** -ROOT.args[0], SQRT_LIMIT),
        )
        is not None
    )
    assert refused(where, T("tends", x**ROOT, x, ONE, ZERO), SQRT_LIMIT) is not None
    assert refused(scope("x: Positive", lt(ONE, x)), T("tends", x**ROOT, x, ZERO, ZERO), SQRT_LIMIT) is not None
    half, whole = x**ROOT, T("mul", ROOT, x**ROOT)
    low, high = (
        P("weaken", P("combine", -half, whole - ZERO, ((ONE, P("sign", whole - ZERO + half)),))),
        P("weaken", P("combine", whole - ZERO, half, ((ONE, P("sign", half - (whole - ZERO))),))),
    )
    squeeze = P("squeeze", whole, x, ZERO, half, ONE, low, high, SQRT_LIMIT)
    goal = T("tends", whole, x, ZERO, ZERO)
    assert refused(where, goal, squeeze) is None
    assert refused(where, T("tends", whole, x, ZERO, ONE), squeeze) is not None
    for near in (ZERO, x, y - y):
        assert refused(where, goal, P("squeeze", whole, x, ZERO, half, near, low, high, SQRT_LIMIT)) is not None
    assert refused(where, goal, P("squeeze", whole, x, ZERO, half, ONE, high, low, SQRT_LIMIT)) is not None
    assert refused(where, goal, P("squeeze", whole, x, ZERO, num(2) * half, ONE, low, high, SQRT_LIMIT)) is not None


def test_a_citation_fits_the_domains_and_meets_the_hypotheses() -> None:
    lemma = theorem(scope("x: Positive, n: Size, o: OpenSimplex[n]", lt(ONE, x)), lt(ZERO, x), P("sign", x), "lemma")
    given = (("n", n), ("o", var("o")))
    where = scope("y: Real, n: Size, o: OpenSimplex[n], p: Simplex[n], v: Real[n], m: Size", lt(num(2), y))
    assert refused(where, lt(ZERO, y), P("cite", "lemma", (("x", y), *given), ()), lemma) is None
    weak = scope("y: Positive, n: Size, o: OpenSimplex[n]")
    assert refused(weak, lt(ZERO, y), P("cite", "lemma", (("x", y), *given), ()), lemma) is not None
    assert refused(weak, lt(ZERO, y + ONE), P("cite", "lemma", (("x", y + ONE), *given), ()), lemma) is None
    shown = P("combine", ONE, y + ONE, ((ONE, P("sign", y)),))
    assert refused(weak, lt(ZERO, y + ONE), P("cite", "lemma", (("x", y + ONE), *given), (("0", shown),)), lemma) is None
    for values in (
        (("x", y),),
        (("x", y), ("n", n), ("o", var("p"))),
        (("x", y), ("n", n), ("o", var("v"))),
        (("x", y), ("n", var("m")), ("o", var("o"))),
        (("x", y), *given, ("k", y)),
        (("x", log(y - num(3))), *given),
        (("x", n), *given, ("x", y)),
    ):
        assert refused(where, lt(ZERO, y), P("cite", "lemma", values, ()), lemma) is not None, values
    uniform = T("vec", n, ONE / n)
    assert refused(where, lt(ZERO, y), P("cite", "lemma", (("x", y), ("n", n), ("o", uniform)), ()), lemma) is not None
    sums = P(
        "rewrite",
        total(ONE / n),
        (((), rule("sum of a constant", n=n, c=ONE / n), ONE, n * (ONE / n)), ((), field(n * (ONE / n), ONE), ONE, ONE)),
    )
    assert refused(where, lt(ZERO, y), P("cite", "lemma", (("x", y), ("n", n), ("o", uniform)), (("o", sums),)), lemma) is None
    assert refused(where, lt(ZERO, y), P("cite", "nothing", (("x", y), *given), ()), lemma) is not None
    wrong = theorem(where, lt(ZERO, y), P("cite", "lemma", (("x", y), *given), ()), cites={"lemma": "0" * 64})
    assert problem(lemma, wrong) is not None


def test_a_variable_of_a_derivative_is_not_replaced_by_another_of_its_formula() -> None:
    product = rule("derivative of a product", a=u, b=c, x=u)
    lemma_goal = eq(T("deriv", u * c, u), T("deriv", u, u) * c + u * T("deriv", c, u))
    lemma = theorem(scope("u: Real, c: Real"), lemma_goal, product, "lemma")
    where = scope("y: Real, z: Real")
    renamed = eq(T("deriv", y * z, y), T("deriv", y, y) * z + y * T("deriv", z, y))
    assert refused(where, renamed, P("cite", "lemma", (("u", y), ("c", z)), ()), lemma) is None
    captured = eq(T("deriv", y * y, y), T("deriv", y, y) * y + y * T("deriv", y, y))
    assert refused(where, captured, P("cite", "lemma", (("u", y), ("c", y)), ()), lemma) is not None
    constant = theorem(
        scope("u: Real, c: Real"), eq(T("deriv", c, u), ZERO), rule("derivative of a constant", a=c, x=u), "lemma"
    )
    assert refused(where, eq(T("deriv", y, y), ZERO), P("cite", "lemma", (("u", y), ("c", y)), ()), constant) is not None
    assert (
        refused(where, eq(T("deriv", y * z, y * z), ZERO), P("cite", "lemma", (("u", y * z), ("c", y)), ()), constant)
        is not None
    )


def test_circles_are_refused() -> None:
    goal = lt(ZERO, x)
    where = scope("x: Positive")
    proof = lambda label: P("cite", label, (("x", x),), ())  # noqa: E731
    own = digest(encode_claim(Claim(where, goal)))
    assert problem(theorem(where, goal, proof("t"), cites={"t": own})) is not None
    one, two = theorem(where, goal, proof("two"), "one", {"two": own}), theorem(where, goal, proof("one"), "two", {"one": own})
    assert problem(one, two) is not None and problem(two, one) is not None


# ---- a claim has to make sense


@pytest.mark.parametrize(
    ("spec", "goal"),
    [
        ("u: Real", eq(ONE / u, ONE / u)),
        ("u: Real", eq(log(u), log(u))),
        ("z: Nonnegative", eq(z ** num(-1), z ** num(-1))),
        ("u: Real", T("imp", eq(ONE / u, ONE / u), eq(u, u))),
        ("u: Real", T("iff", eq(log(u), ZERO), eq(log(u), ZERO))),
        ("u: Real", eq(u**ROOT, u**ROOT)),
        ("z: Nonnegative, x: Positive", eq(xlog(x, z), xlog(x, z))),
        ("u: Real", eq(T("deriv", T("abs", u), u), T("deriv", T("abs", u), u))),
        ("z: Nonnegative", eq(T("deriv", z**ROOT, z), T("deriv", z**ROOT, z))),
        ("u: Real", eq(T("const", "e"), T("const", "e"))),
    ],
)
def test_an_undefined_claim_is_refused(spec: str, goal: Term) -> None:
    inner = goal if goal.op == "eq" else goal.args[0]
    assert refused(scope(spec), goal, P("field", *inner.args)) is not None
    assert refused(scope(spec), goal, P("decided", goal)) is not None


def test_a_premise_guards_its_conclusion() -> None:
    goal = T("imp", ne(u, ZERO), eq(u / u, ONE))
    assert refused(scope("u: Real"), goal, P("assume", ne(u, ZERO), field(u / u, ONE))) is None
    assert refused(scope("u: Real"), goal, P("decided", goal)) is None
    flipped = T("and", eq(u / u, ONE), ne(u, ZERO))
    assert refused(scope("u: Real"), flipped, P("decided", flipped)) is not None


def test_facts_of_one_scope_are_not_used_in_another() -> None:
    where, here, like = scope("u: Real"), T("abs", u), T("abs", u * u / u)  # the same by the laws of a field where u ≠ 0
    there = T("imp", ne(u, ZERO), ne(like, ZERO))
    for goal in (T("and", there, ne(here, ZERO)), T("and", there, eq(log(here), log(here))), T("and", ne(here, ZERO), there)):
        assert refused(where, goal, P("decided", goal)) is not None
    assert refused(where, there, P("decided", there)) is None
    goal = T("and", T("imp", lt(ZERO, u), lt(ZERO, u)), lt(ZERO, u))
    assert refused(where, goal, P("both", P("assume", lt(ZERO, u), P("sign", u)), P("sign", u))) is not None


# ---- mistakes planted in the kernel


def planted(where: Scope, goal: Term, proof: Proof) -> dict[str, Any]:
    """The certificate of what the kernel, with its planted mistake, accepts."""
    checked = kernel.check(Claim(where, goal), proof)
    return {**certificate("planted", checked, {}), "lines": []}


def test_replay_refuses_what_an_unsound_kernel_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    law = rules.RULES["logarithm of a product"]
    sides = [law.law.args[0], law.law.args[1].args[0] - law.law.args[1].args[1]]
    goals = {
        "wrong law": (
            scope("x: Positive, y: Positive"),
            eq(log(x * y), log(x) - log(y)),
            rule("logarithm of a product", a=x, b=y),
        ),
        "no condition": (scope("u: Real, c: Real"), eq(log(u * c), log(u) + log(c)), rule("logarithm of a product", a=u, b=c)),
        "case": (scope("u: Real"), eq(T("case", u, ZERO, ONE, ZERO), ONE), rule("case met", a=u, b=ZERO, v=ONE, w=ZERO)),
        "total": (scope("n: Size, v: Real[n]"), eq(total(at("v", 0)), ONE), rule("total probability", t=total(at("v", 0)))),
        "combine": (scope("z: Nonnegative"), le(ZERO, -z), P("combine", ZERO, -z, ((num(-1), P("sign", z)),))),
        "hypothesis": (scope("u: Real"), eq(u, ZERO), P("hypothesis", 0)),
    }
    for where, goal, proof in goals.values():
        with pytest.raises((kernel.Refused, IllFormed, IndexError)):
            kernel.check(Claim(where, goal), proof)
    with monkeypatch.context() as patch:
        patch.setitem(rules.RULES, "logarithm of a product", law._replace(law=T("eq", *sides)))
        assert problem(planted(*goals["wrong law"])) is not None
    with monkeypatch.context() as patch:
        patch.setitem(rules.RULES, "logarithm of a product", law._replace(conditions=()))
        patch.setattr(Order, "undefined", lambda *_: None)
        assert problem(planted(*goals["no condition"])) is not None
    with monkeypatch.context() as patch:
        patch.setitem(rules.RULES, "case met", rules.RULES["case met"]._replace(conditions=()))
        assert problem(planted(*goals["case"])) is not None
    with monkeypatch.context() as patch:
        patch.setitem(rules.SIDES, "total probability", lambda *_: True)
        assert problem(planted(*goals["total"])) is not None
    with monkeypatch.context() as patch:
        patch.setitem(kernel._PRINCIPLES, "combine", lambda self, scope, a, d, parts: T("le", a, d))
        assert problem(planted(*goals["combine"])) is not None
    with monkeypatch.context() as patch:
        patch.setitem(kernel._PRINCIPLES, "hypothesis", lambda self, scope, k: eq(u, ZERO))
        assert problem(planted(*goals["hypothesis"])) is not None


# ---- mistakes planted in replay, against ball arithmetic

SPEC = "x: Positive, z: Nonnegative, u: Real, c: Real, q: Probability"


def some_term(draw: random.Random, depth: int) -> Term:
    if not depth or draw.random() < 0.15:
        return draw.choice([x, z, u, c, q, num(draw.choice([-2, -1, 0, 1, 2]))])
    op = draw.choice(["add", "add", "mul", "mul", "pow", "log", "exp", "xlog", "abs", "max", "inverse"])
    a, d, e = (some_term(draw, depth - 1) for _ in range(3))
    if op == "inverse":
        return a ** num(-1)
    return T(
        op,
        *{"pow": (a, num(draw.choice([2, 3, Fraction(1, 2)]))), "xlog": (a, d, e)}.get(
            op, (a, d) if op in ("add", "mul", "max") else (a,)
        ),
    )


def contradicted(where: Scope, statement: Term) -> bool:
    return bool(witness(where, statement, per_size=2, sizes=range(1, 2), stop_after=1).contradicted)


def undefined_somewhere(where: Scope, t: Term) -> bool:
    return any(is_undefined(point, t) for point in sample(where, per_size=4, sizes=range(1, 2)).points)


def is_undefined(point: Point, t: Term) -> bool:
    try:
        return evaluate(t, point) in (MINUS_INFINITY, PLUS_INFINITY)
    except Undefined:
        return True
    except Undecided:
        return False


def mistakes(seed: int, count: int) -> Iterator[str]:
    """What replay decides wrongly of random terms, by ball arithmetic."""
    draw = random.Random(seed)
    where = scope(SPEC)
    claim = encode_claim(Claim(where, eq(ONE, ONE)))
    for _ in range(count):
        t = some_term(draw, 3)
        replay.memory.begin(replay.MAX_WORK)
        ours = replay.term(json.loads(json.dumps(encode(t))))
        here = replay.claimed(claim).scope
        try:
            if here.undefined(ours):
                continue
            sign = here.sign(ours)
        except replay.Refused:
            continue
        if undefined_somewhere(where, t):
            yield f"defined: {t!r}"
        for known, statement in (
            (replay.POSITIVE, lt(ZERO, t)),
            (replay.NEGATIVE, lt(t, ZERO)),
            (replay.NONNEGATIVE, le(ZERO, t)),
            (replay.NONPOSITIVE, le(t, ZERO)),
        ):
            if sign <= known and contradicted(where, statement):
                yield f"sign: {t!r}"
        s = some_term(draw, 2)
        other = draw.choice([t + s - s, s * t / s, (t + s) * (t - s) + s * s, t * t, T("exp", t), -t, T("add", t, ZERO)])
        try:
            same = replay.identity(ours) == replay.identity(replay.term(json.loads(json.dumps(encode(other)))))
        except replay.Refused:
            continue
        if (
            same
            and not here.undefined(replay.term(json.loads(json.dumps(encode(other)))))
            and contradicted(where, eq(t, other))
        ):
            yield f"field: {t!r} = {other!r}"


def test_what_replay_decides_agrees_with_ball_arithmetic() -> None:
    assert not list(mistakes(1, 250))


def test_mistakes_planted_in_replay_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(replay.RULES, "logarithm of a product", "log(a*b) == log(a) - log(b) if 0 < a, 0 < b")
        assert law_fails("logarithm of a product")
    with monkeypatch.context() as patch:
        patch.setitem(replay.RULES, "derivative of a product", "deriv(a*b, x) == deriv(a, x)*deriv(b, x)")
        assert law_fails("derivative of a product")
    with monkeypatch.context() as patch:
        patch.setattr(replay, "sign_sum", lambda a, b: frozenset(x or y for x in a for y in b))  # 1 − 1 > 0
        assert any(m.startswith("sign") for m in mistakes(1, 250))
    with monkeypatch.context() as patch:
        patch.setattr(replay.Scope, "undefined", lambda self, t: None)
        assert any(m.startswith("defined") for m in mistakes(1, 250))
        with pytest.raises(AssertionError):
            test_an_undefined_claim_is_refused("u: Real", eq(ONE / u, ONE / u))
    with monkeypatch.context() as patch:
        patch.setattr(replay.Value, "power", lambda self, e: self)
        assert any(m.startswith(("field", "sign")) for m in mistakes(1, 400))
    with monkeypatch.context() as patch:
        patch.setattr(replay.Scope, "near", lambda self, name: self)  # what holds at a point holds beside it
        where = scope("u: Real, c: Real", eq(u, c))
        goal = eq(T("deriv", u, u), T("deriv", c, u))
        assert refused(where, goal, P("rewrite", T("deriv", u, u), (((0,), P("hypothesis", 0), ONE, c),))) is None
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            test_a_principle("rewrite")


# ---- mutants of the catalogue

SWAPS = [
    ("add", "mul"),
    ("mul", "add"),
    ("eq", "le"),
    ("le", "lt"),
    ("lt", "le"),
    ("eq", "ne"),
    ("log", "exp"),
    ("exp", "log"),
    ("sum", "prod"),
    ("sum", "top"),
    ("imp", "iff"),
    ("iff", "imp"),
    ("and", "imp"),
    ("add", "max"),
    ("max", "add"),
    ("deriv", "add"),
    ("ne", "eq"),
]


def parts(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, data
    for key, part in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from parts(part, (*path, key))


def put(data: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.copy(data)
    changed[path[0]] = put(data[path[0]], path[1:], new)
    return changed


def everywhere(data: Any, old: Any, new: Any) -> Any:
    if data == old:
        return new
    if isinstance(data, list):
        return [everywhere(a, old, new) for a in data]
    return {k: everywhere(a, old, new) for k, a in data.items()} if isinstance(data, dict) else data


def changed(v: Any, path: tuple[Any, ...], names: list[str], draw: random.Random) -> Any:
    """Something else in the place of a part of a claim or a proof."""
    is_term = isinstance(v, list) and v and isinstance(v[0], str) and v[0] in {*replay.OPERATORS, "num"}
    if is_term and v[0] == "num":
        opposite = v[1][1:] if v[1][0] == "-" else "-" + v[1] if v[1] != "0" else "1"
        return ["num", draw.choice(["0", "1", "-1", "2", "1/2", opposite])]
    if is_term:
        others = [new for old, new in SWAPS if old == v[0]]
        if others and draw.random() < 0.5:
            return [draw.choice(others), *v[1:]]
        if len(v) > 3 and draw.random() < 0.4:
            return v[:-1]
        return [v[0], *v[:0:-1]] if v[0] != "app" else [*v[:2], *v[:1:-1]]
    if isinstance(v, list) and v:
        return v[:-1] if draw.random() < 0.5 else v[::-1]
    if type(v) is int:
        return max(0, v + draw.choice([-1, 1]))
    if isinstance(v, dict) and v.get("seq"):
        k = draw.randrange(len(v["seq"]))
        return {"seq": v["seq"][:k] + v["seq"][k + 1 :] if draw.random() < 0.6 else v["seq"][::-1]}
    if isinstance(v, dict) and v.get("args"):
        inner = [a for a in v["args"] if isinstance(a, dict) and "by" in a]
        if inner and draw.random() < 0.5:
            return draw.choice(inner)
        shape = replay.PRINCIPLES[v["by"]]
        like = [by for by, other in replay.PRINCIPLES.items() if other == shape]
        return {"by": draw.choice(like), "args": v["args"]} if draw.random() < 0.5 else {"by": v["by"], "args": v["args"][::-1]}
    if isinstance(v, str):
        for table in (replay.KINDS, replay.RULES, THEOREMS):
            if v in table:
                return draw.choice(list(table))
        if v in names and path[-1] != 0:
            return draw.choice(names)
    return v


def mutant(theorem: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """The theorem with one part changed, in one place or wherever it stands; hashes are made to fit."""
    data = {"claim": theorem["claim"], "proof": theorem["proof"]}
    places = list(parts(data))
    names = [row[0] for row in theorem["claim"]["domains"]]
    made = data
    while made == data:
        path, old = draw.choice(places)
        new = changed(old, path, names, draw)
        if new != old:
            made = everywhere(data, old, new) if draw.random() < 0.3 and isinstance(old, (list, str)) else put(data, path, new)
    cited = {v for _, v in parts(made["proof"]) if isinstance(v, str) and v in THEOREMS and v != theorem["label"]}
    return {
        **theorem,
        **made,
        "lines": [],
        "hash": digest(made["claim"]),
        "cites": {label: THEOREMS[label]["hash"] for label in cited},
        "uses": used(made["proof"]),
    }


@amounts(60, 200)
@pytest.mark.parametrize("name", FILES)
def test_mutants_are_refused_or_true(name: str, count: int, seed: str) -> None:
    draw = random.Random(f"mutants/{seed}")
    accepted = 0
    for k in range(count):
        old = FILES[name]["theorems"][k % len(FILES[name]["theorems"])]
        new = mutant(old, draw)
        if problem(*(t for t in THEOREMS.values() if t["label"] != old["label"]), new) is not None:
            continue
        accepted += 1
        if new["claim"] == old["claim"]:
            continue  # another proof of the same
        claim = new["claim"]
        where = Scope(
            tuple((v, Domain(kind, tuple(map(from_json, sizes)))) for v, kind, sizes in claim["domains"]),
            tuple(map(from_json, claim["hypotheses"])),
        )
        report = witness(where, from_json(claim["goal"]), per_size=3, sizes=range(1, 5), stop_after=1)
        assert not report.contradicted, (old["label"], json.dumps(new))
    assert accepted < count / 5


# ---- lines


@pytest.mark.parametrize("label", dealt([label for label, t in THEOREMS.items() if len(t["lines"]) > 1], 3, str))
def test_a_displayed_line_that_does_not_follow_is_refused(label: str) -> None:
    others = [t for t in THEOREMS.values() if t["label"] != label]
    for k, line in enumerate(THEOREMS[label]["lines"]):
        if line["term"] is not None:
            bad = copy.deepcopy(THEOREMS[label])
            real = line["term"][0] not in replay.STATEMENTS
            bad["lines"][k]["term"] = (
                ["add", line["term"], ["num", "1"]] if real else ["and", line["term"], ["eq", ["num", "1"], ["num", "0"]]]
            )
            assert problem(*others, bad) is not None, k
        if line["relation"] == "=":
            bad = copy.deepcopy(THEOREMS[label])
            bad["lines"][k]["relation"] = "<"
            assert problem(*others, bad) is not None, k


def shown(relation: str, t: Term, *rules: str) -> dict[str, Any]:
    """A line of a certificate."""
    return {"relation": relation, "term": encode(t), "depth": 0, "reason": "", "rules": list(rules)}


def test_a_displayed_term_is_defined() -> None:
    where, lines = (
        scope("u: Real"),
        [shown(r, t) for r, t in (("", u), ("=", u), ("=", u + ZERO))],
    )
    fine = theorem(where, eq(u, u + ZERO), field(u, u + ZERO), lines=lines)
    assert problem(fine) is None
    for term in (u * u / u, log(u) - log(u) + u, T("at", var("v"), ONE), var("#0")):
        assert problem(put(fine, ("lines", 1, "term"), encode(term))) is not None


# ---- hostile files


def run(tmp_path: Path, data: bytes | str) -> int:
    path = tmp_path / "file.json"
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return replay.main([str(path)])


GOODONE = theorem(scope("x: Positive"), lt(ZERO, x), P("sign", x))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[]",
        "null",
        "0",
        '"x"',
        "{}",
        "NaN",
        b"\xff\xfe",
        "[" * 100_000,
        '{"a":' * 100_000,
        "1" * 10_000,
        '{"schema": 1}',
        '{"schema": "lossproof-certificate/1"}',
        '{"schema": "lossproof-certificate/1", "theorems": {}}',
        '{"schema": "lossproof-certificate/1", "theorems": [1]}',
        '{"schema": "lossproof-certificate/1", "theorems": [{}]}',
        '{"schema": "lossproof-certificate/1", "theorems": [{"label": 1}]}',
        '{"schema": "other", "theorems": []}',
        '{"schema": "lossproof-certificate/1", "theorems": [], "theorems": []}',
        '{"schema": "lossproof-certificate/1", "theorems": [{"label": "a"}, {"label": "a"}]}',
    ],
)
def test_what_is_no_certificate_cannot_be_read(data: bytes | str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, data) == 2
    assert (
        replay.main([])
        == replay.main(["--what"])
        == replay.main([str(tmp_path / "missing")])
        == replay.main([str(tmp_path)])
        == 2
    )
    assert replay.main(["--json", str(tmp_path / "missing")]) == 2
    assert json.loads(capsys.readouterr().out.splitlines()[-4:] and "[" + "{}" + "]") == [{}]


JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    float("nan"),
    10**400,
    "",
    "x",
    "\ud800",
    "#0",
    [],
    {},
    [[]],
    ["num"],
    ["num", 1],
    ["num", "1/0"],
    ["num", "1\n"],
    ["num", "٣"],
    ["num", "9" * 1001],
    ["bound", True],
    ["bound", -1],
    ["bound", 10**9],
    ["var", "undeclared"],
    ["const", "e"],
    ["app", "H"],
    ["app", ["var", "x"]],
    ["eval", "1"],
    ["meta", "a"],
    ["add", ["num", "1"]],
    ["pow", ["num", "7"], ["num", "9" * 900]],
    ["pow", ["pow", ["pow", ["num", "7"], ["num", "999"]], ["num", "999"]], ["num", "999"]],
    {"by": "sign"},
    {"by": "sign", "args": []},
    {"by": "derive", "args": []},
    {"by": "__init__", "args": []},
    {"by": "cases", "args": []},
    {"by": "trace", "args": []},
    {"seq": [1]},
    {"seq": None},
    {"by": ["sign"], "args": {}},
    {"by": "chain", "args": []},
    {"by": "hypothesis", "args": [True]},
]


def test_junk_in_any_place_is_refused_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lemma = theorem(
        scope("n: Size, p: Simplex[n]", le(ZERO, n)),
        eq(total(at("p", 0)), ONE),
        P("rewrite", total(at("p", 0)), (((), rule("total probability", t=total(at("p", 0))), ONE, ONE),)),
        "lemma",
    )
    lemma["lines"] = [shown("", total(at("p", 0))), shown("=", ONE, "total probability")]
    assert problem(lemma) is None
    for path, _ in list(parts(lemma)):
        for junk in JUNK:
            bad = put(lemma, path, junk)
            if not isinstance(bad, dict) or not isinstance(bad.get("label"), str):
                continue
            if path[:1] == ("claim",):
                try:
                    bad["hash"] = digest(bad["claim"])
                except (UnicodeError, ValueError):
                    bad["hash"] = ""
            found = replay.Library([bad]).problem(bad["label"])
            assert (
                found is not None
                or path[0] in ("label", "lines", "cites")
                or bad == lemma
                or (path, junk) == (("claim", "hypotheses"), [])
                or (path[:2] == ("claim", "hypotheses") and junk[0] == "pow")  # one more hypothesis is no harm
            ), (path, junk)
    for junk in ("\ud800", 10**400, float("nan"), "9" * 5000):
        bad = {"schema": SCHEMA, "result": "", "theorems": [put(lemma, ("claim", "goal", 2), junk)]}
        assert run(tmp_path, json.dumps(bad)) in (1, 2)
    assert run(tmp_path, json.dumps({"schema": SCHEMA, "result": "", "theorems": [{**lemma, "label": "\ud800"}]})) in (0, 1)
    capsys.readouterr()


@pytest.mark.parametrize(
    "written", ["-0", "2/4", "+1", "1/1", "007", "-01", "01/2", "1/02", "0/3", "1.5", "1e3", " 1", "1 ", "1_0", "½"]
)
def test_a_number_is_written_in_one_way(written: str) -> None:
    with pytest.raises(IllFormed, match="number"):
        from_json(["num", written])
    with pytest.raises(replay.Refused, match="number"):
        replay.term(["num", written])
    bad = put(put(GOODONE, ("claim", "goal", 1, 1), written), ("proof", "args", 0), ["add", ["var", "x"], ["num", written]])
    assert problem({**bad, "hash": digest(bad["claim"])}) is not None


@pytest.mark.parametrize("written", ["0", "-1", "12", "1/2", "-3/10", "9" * 1000])
def test_a_number_in_lowest_terms_is_read(written: str) -> None:
    assert from_json(["num", written]) == num(Fraction(written)) and replay.term(["num", written]).value == Fraction(written)


def test_unknown_and_missing_keys_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = "kl_is_cross_entropy_minus_entropy.identity"
    whole, others = THEOREMS[label], [t for t in THEOREMS.values() if t["label"] != label]
    objects = [path for path, v in parts(whole) if isinstance(v, dict) and path[:1] != ("cites",)]
    assert {(), ("claim",), ("proof",), ("lines", 0)} <= set(objects) and problem(*others, whole) is None
    for path in objects:
        old: Any = whole
        for key in path:
            old = old[key]
        changes = [{**old, "more": 1}, *({k: v for k, v in old.items() if k != key} for key in old)]
        for new in changes:
            bad = put(whole, path, new)
            if bad.get("label") == label:
                bad = {**bad, "hash": digest(bad["claim"])} if path[:1] == ("claim",) else bad
                assert problem(*others, bad) is not None, (path, new.keys() ^ old.keys())
    for more in ({"more": 1}, {"theorems": {}}, {"result": 1}):
        assert replay.main([written(tmp_path, GOODONE, **more)]) == 2
    assert replay.main([written(tmp_path, GOODONE)]) == 0
    capsys.readouterr()


def test_names_beside_a_line_are_used_in_the_proof() -> None:
    label = "kl_is_cross_entropy_minus_entropy.identity"
    others = [t for t in THEOREMS.values() if t["label"] != label]
    for name, fine in (
        ("field", True),
        ("definition", True),
        ("sum of sums", True),
        ("limit of a power", False),
        ("", False),
        (1, False),
    ):
        assert (problem(*others, put(THEOREMS[label], ("lines", 1, "rules"), [name])) is None) == fine, name
    assert problem(*others, put(THEOREMS[label], ("lines", 1, "rules"), "definition")) is not None


def doubled(start: Any, times: int, op: str = "add") -> Any:
    for _ in range(times):
        start = [op, start, start]
    return start


def test_work_is_bounded() -> None:
    where = scope("x: Positive, u: Real")
    xs = [T("add", x, num(k)) for k in range(60)]
    big = [
        T("mul", *(T("add", u, c, x, num(k)) for k in range(40))),
        T("mul", *xs) ** num(1000),
        (u + x) ** num(999),
        T("mul", *([T("abs", u)] * 3000)),
        T("add", *(log(T("exp", u * num(k))) for k in range(2000))),
        T("mul", *(T("add", u, num(k)) ** num(-1) for k in range(400))),
    ]
    for t in big:
        goal = eq(t, t + ONE)
        assert problem(theorem(scope("x: Positive, u: Real, c: Real"), goal, field(t, t + ONE))) is not None
        assert problem(theorem(where, lt(ZERO, t), P("sign", t))) is not None or t is big[1]
    deep: Any = ["var", "x"]
    for _ in range(300):
        deep = ["log", deep]
    for data in (deep, doubled(["var", "x"], 16), doubled(["var", "x"], 20)):
        claim = {"domains": [["x", "Positive", []]], "hypotheses": [], "goal": ["eq", data, data]}
        assert (
            problem({"label": "t", "claim": claim, "proof": {"by": "field", "args": [data, data]}, "cites": {}, "hash": ""})
            is not None
        )
    proof: Any = {"by": "sign", "args": [["var", "x"]]}
    for _ in range(3000):
        proof = {"by": "weaken", "args": [proof]}
    assert problem({**GOODONE, "proof": proof}) is not None


def test_a_recorded_verdict_is_not_believed() -> None:
    bad = theorem(
        scope("u: Real"), lt(ZERO, u), P("sign", u), verdict="replayed", evidence="derived", uses=["sign"], checked=True
    )
    assert problem(bad) is not None
    assert problem({**GOODONE, "hash": "0" * 64}) is not None
    assert problem({**GOODONE, "evidence": "false"}) is not None and problem({**GOODONE, "uses": 7}) is not None
    assert problem({**GOODONE, "uses": []}) is not None and problem({**GOODONE, "uses": ["sign", "field"]}) is not None
    assert problem(GOODONE) is None


def test_what_two_cases_conclude_is_defined_in_both() -> None:
    """The statement of the first case is concluded; in the second one, an equal statement may be defined where it is not."""
    bit = scope("y: Bit")
    y, goal = var("y"), lt(var("y"), ONE)
    nowhere = lt(ZERO, ZERO * (ONE - y) ** num(-1) - ONE)  # false for y = 0, and without a value for y = 1
    parts = ((ONE, P("hypothesis", 0)), (ONE, P("hypothesis", 1)), (ONE, P("sign", ONE)))
    second = P("assume", lt(ZERO, num(-1)), P("combine", y, ONE, parts))
    step = P("bit_cases", y, P("assume", nowhere, P("decided", goal)), second)
    found = refused(bit, T("imp", lt(ZERO, num(-1)), goal), step)
    assert found is not None and found.why == "this is not known to be defined"


def test_a_line_is_judged_in_its_own_case() -> None:
    bit = scope("y: Bit")
    y = var("y")
    goal, zero, one = le(y, ONE), eq(y, ZERO), eq(y, ONE)
    known = P("given", P("hypothesis", 0), P("decided", goal))
    further = P("given", P("assume", one, P("hypothesis", 1)), known)  # where y = 0, it is supposed that y = 1

    def shown(proof: Proof, *rows: tuple[str, Term, int]) -> str:
        lines = [encoded_line(*row) for row in rows]
        found = problem(theorem(bit, goal, proof, lines=lines))
        return "" if found is None else found.why

    plain = P("bit_cases", y, known, known)
    assert shown(plain, ("case", zero, 0), ("statement", zero, 1), ("case", one, 0), ("statement", one, 1)) == ""
    assert shown(plain, ("statement", zero, 1)) == "this line stands in no case"
    assert shown(plain, ("statement", zero, -1)) == "this line stands in no case"
    assert shown(plain, ("case", zero, 0), ("statement", one, 1)) == "a displayed line does not follow from the proof"
    nested = P("bit_cases", y, further, known)
    assert shown(nested, ("case", zero, 0), ("statement", one, 1)) == "a displayed line does not follow from the proof"
    undefined = ("", y ** num(-1), 1)
    assert shown(plain, ("case", zero, 0), undefined) == "a displayed line is not known to be defined"


def encoded_line(relation: str, term: Term, depth: int) -> dict[str, Any]:
    """A displayed line without reasons."""
    return {"relation": relation, "term": encode(term), "depth": depth, "reason": "", "rules": []}


def test_a_name_writes_no_lines_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = "t\nreplayed  somebody.else\x1b[8m"
    path = written(tmp_path, theorem(scope("u: Real"), lt(u, u), field(u, u), label))
    assert replay.main([path]) == 1
    out = capsys.readouterr().out
    assert not any(line.startswith("replayed") for line in out.splitlines()) and "\x1b" not in out


def test_comparisons_of_numbers_with_one_hash_are_counted() -> None:
    """A multiple of 2⁶¹ − 1 has the hash 0, and the value 0 where values are told apart: each is compared with all before."""
    numbers = [num(k * (2**61 - 1)) for k in range(1, 2000)]
    proof = P("both", *(field(n + ZERO, n) for n in numbers))
    assert refused(scope("u: Real"), eq(u, u), proof).why == "this takes too many steps"


# ---- formulas


@pytest.mark.parametrize(
    ("entry", "meaning"),
    [
        (["mul", ["name", "t"], ["name", "z"]], lambda t, z: t * z),
        (["div", ["neg", ["name", "z"]], ["number", "2"]], lambda t, z: replay.num(Fraction(-1, 2)) * z),
        (["name", "t"], None),
        (["number", "2"], None),
    ],
    ids=lambda part: str(part) if type(part) is list else "",
)
def test_an_entry_of_arithmetic_with_a_vector_is_arithmetic_with_its_entry(entry: list[Any], meaning: Any) -> None:
    replay.memory.begin(replay.MAX_WORK)
    n = ["var", "n"]
    scope = replay.declared([["n", "Size", []], ["z", "Real", [n]], ["t", "Real", []], ["k", "Index", [n]]])
    reader, written = (
        replay.Reader(scope, {}, {}, {}, {}, {}, set(), frozenset(), []),
        replay.formula(["entry", entry, ["index", "k"]]),
    )
    if meaning is None:
        with pytest.raises(replay.Refused, match="this is not a vector"):
            reader.real(written)
    else:
        z_k = replay.make("at", replay.var("z"), replay.var("k"))
        assert replay.alike(reader.real(written), meaning(replay.var("t"), z_k))
