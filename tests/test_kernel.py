"""Terms and binders by property, the record of what was checked, every rule and every principle both ways."""

import copy
import dataclasses
import math
import pickle
import re
from contextlib import suppress
from fractions import Fraction
from random import Random
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import catalogue_theorems, mutants, theorem
from tools import amounts, dealt

import numeric
from derivations._kernel.check import PRINCIPLES, Checked, Claim, Kernel, Proof, Refused, check, require_checked
from derivations._kernel.domains import Domain
from derivations._kernel.rules import RULES
from derivations._kernel.terms import (
    ONE,
    ZERO,
    IllFormed,
    Term,
    closed,
    free_names,
    lift,
    num,
    opened,
    substitute,
    var,
)  # fmt: skip
from derivations._search.equation import NotFound, equation
from derivations._search.integrals import find_integral
from derivations._search.normalise import Normaliser
from derivations._search.prove import prove
from derivations._surface.where import where
from derivations._witness import witness
from derivations.catalogue import Catalogue, entries
from derivations.certificate import from_json, to_json
from derivations.judged import Prose

T, P = Term, Proof
a, b, c, d, x, y, z, w, v, t, k, m, p, q, n = map(var, "abcdxyzwvtkmpqn")
TWO, HALF = num(2), num("1/2")
i, j = T("bound", 0), T("bound", 1)


def log(s):
    return T("log", s)


def exp(s):
    return T("exp", s)


def at(vector, *indices):
    return T("at", vector, *indices)


def total(body, size=n):
    return T("sum", size, body)


def xlog(weight, over, under=ONE):
    return T("xlog", weight, over, under)


def D(body, by=x):
    return T("deriv", body, by)


def lt(*args):
    return T("lt", *args)


def le(*args):
    return T("le", *args)


def eq(*args):
    return T("eq", *args)


# ---- terms and binders

SIZE, VECTOR, NAMED = 3, {"v": (2, 3, 5), "u": (7, -1, 4)}, ("k", "l")


def terms(level: int = 0, depth: int = 4) -> st.SearchStrategy[Term]:
    """Real terms below ``level`` binders, with binders of their own, over x, y, the vectors u, v and the indices k, l."""
    index = st.sampled_from([*map(var, NAMED), *(T("bound", e) for e in range(level))])
    leaf = st.one_of(
        st.integers(-2, 3).map(num), st.sampled_from([x, y]),
        st.builds(lambda v, e: at(var(v), e), st.sampled_from("uv"), index),
        st.builds(lambda e, f: T("delta", e, f), index, index),
    )  # fmt: skip
    if depth == 0:
        return leaf
    less = st.deferred(lambda: terms(level, depth - 1))
    under = st.deferred(lambda: terms(level + 1, depth - 1))
    compound = st.one_of(
        st.builds(lambda op, s: T(op, n, s), st.sampled_from(["sum", "prod"]), under),
        st.builds(lambda op, s, r: T(op, s, r), st.sampled_from(["add", "mul"]), less, less),
    )
    return compound if depth > 2 else st.one_of(leaf, compound)


def value(s: Term, env: dict[str, int], stack: tuple[int, ...] = ()) -> int | Fraction:
    """The value of a term: an interpreter with an environment and a stack, which never substitutes."""
    match s.op:
        case "num":
            return s.args[0]
        case "var":
            return env[s.args[0]]
        case "bound":
            return stack[s.args[0]]
        case "at":
            return VECTOR[s.args[0].args[0]][value(s.args[1], env, stack) - 1]
        case "delta":
            return int(value(s.args[0], env, stack) == value(s.args[1], env, stack))
        case "sum" | "prod":
            over = (value(s.args[1], env, (e, *stack)) for e in range(1, SIZE + 1))
            return sum(over) if s.op == "sum" else math.prod(over)
    parts = [value(e, env, stack) for e in s.args]
    return sum(parts) if s.op == "add" else math.prod(parts)


envs = st.fixed_dictionaries({"x": st.integers(-3, 3), "y": st.integers(-3, 3), **{e: st.integers(1, SIZE) for e in NAMED}})
bounded = settings(max_examples=150, deadline=None)


@bounded
@given(terms(1), envs, st.sampled_from(["k", "#7"]))
def test_opening_puts_the_index_in_and_closing_takes_it_out(body, env, name):
    there = opened(body, var(name))
    assert there.loose == 0
    assert value(there, {**env, "#7": 2}) == value(body, env, (2 if name == "#7" else env[name],))
    if name == "#7":  # a fresh one
        assert closed(there, name) == body
        assert opened(closed(there, name), var("k")) == opened(body, var("k"))


@bounded
@given(terms(), envs, st.sampled_from(NAMED))
def test_closing_binds_a_variable_and_opening_gives_it_back(s, env, name):
    assert opened(closed(s, name), var(name)) == s
    assert name not in free_names(closed(s, name))
    assert value(T("sum", n, closed(s, name)), env) == sum(value(s, {**env, name: e}) for e in range(1, SIZE + 1))


@bounded
@given(terms(2), terms(1), envs, st.integers(1, SIZE))
def test_lifting_leaves_the_value(body, s, env, here):
    assert value(lift(s, 2), env, (1, 3, here)) == value(s, env, (here,))
    assert opened(T("sum", n, body), var("k")) == T("sum", n, opened(T("sum", n, body), var("k")).args[1])
    assert value(opened(T("sum", n, body), var("k")), env) == value(T("sum", n, body), env, (env["k"],))


@bounded
@given(terms(), terms(), envs)
def test_substitution_captures_nothing_at_any_depth(s, put, env):
    assert value(substitute(s, {"x": put}), env) == value(s, {**env, "x": value(put, env)})
    buried = total(total(T("mul", s, at(var("v"), i)) + at(var("u"), j)))
    assert value(substitute(buried, {"x": put}), env) == value(buried, {**env, "x": value(put, env)})


@bounded
@given(terms(2), terms(1), envs, st.integers(1, SIZE))
def test_what_is_put_in_may_have_indices_of_outside(body, put, env, here):
    assert value(opened(body, T("bound", 0)), env, (here,)) == value(body, env, (here, here))
    inner = T("sum", n, body)
    assert value(substitute(inner, {"x": put}), env, (here,)) == value(inner, {**env, "x": value(put, env, (here,))}, (here,))


@bounded
@given(terms(), terms(), terms(), envs)
def test_substitutions_commute(s, put, also, env):
    one_by_one = substitute(substitute(s, {"x": put}), {"y": also})
    assert one_by_one == substitute(s, {"x": substitute(put, {"y": also}), "y": also})
    assert value(one_by_one, env) == value(s, {**env, "y": value(also, env), "x": value(put, {**env, "y": value(also, env)})})


@bounded
@given(terms(1), terms(), st.sampled_from(NAMED))
def test_substitution_commutes_with_opening(body, put, name):
    assert substitute(opened(body, var(name)), {"x": put}) == opened(substitute(body, {"x": put}), var(name))


@bounded
@given(terms(), terms(), st.sampled_from(NAMED), st.sampled_from(["i1", "zz"]))
def test_equality_is_equality_up_to_letters(s, other, name, letter):
    named = T("sum", n, closed(s, name))
    letters = T("sum", n, closed(substitute(s, {name: var(letter)}), letter))
    assert named == letters and hash(named) == hash(letters) and len({named, letters}) == 1
    assert (s == other) == (to_json(s) == to_json(other)) and (s != other or hash(s) == hash(other))


@bounded
@given(terms(1))
def test_json_pickle_and_copies_give_the_term_back(s):
    for back in (from_json(to_json(s)), pickle.loads(pickle.dumps(s)), copy.deepcopy(s), s.rebuild(s.children)):
        assert back == s and hash(back) == hash(s) and (back.loose, back.depth) == (s.loose, s.depth)


def test_unequal_terms_are_unequal():
    assert (
        x + y != y + x and total(at(p, i)) != total(at(q, i)) and total(at(p, i)) != total(at(p, k)) and total(x) != total(x, m)
    )
    assert total(total(at(p, i))) != total(total(at(p, j)))


def test_a_term_cannot_be_changed():
    s = x + y
    for name in ("op", "args", "depth", "loose", "_hash", "new"):
        with pytest.raises(AttributeError):
            setattr(s, name, "mul")
        with pytest.raises(AttributeError):
            delattr(s, name)
    assert s == x + y and s.op == "add" and not hasattr(s, "__dict__")


@pytest.mark.parametrize("data", [
    None, [], "x", ["nothing"], ["num"], ["num", 1], ["num", "1/0"], ["num", "9" * 1001],
    ["var", 1], ["bound", -1],
    ["bound", True],
    ["add", ["num", "1"]], ["sum", ["var", "n"]], ["log", "x"], ["app", ["var", "H"], ["var", "p"]], [["num", "1"]],
    {"op": "num"},
])  # fmt: skip
def test_json_that_is_no_term_is_refused(data):
    with pytest.raises(IllFormed):
        from_json(data)


def test_a_term_is_not_nested_too_deep():
    deep = ["num", "1"]
    for _ in range(10_000):
        deep = ["log", deep]
    with pytest.raises(IllFormed, match="deep"):
        from_json(deep)


def test_substitution_under_a_derivative_may_only_rename():
    product = D(x * y)
    assert substitute(product, {"y": z * z}) == D(x * (z * z)) and substitute(product, {"x": z}) == D(z * y, z)
    for values in ({"x": TWO}, {"y": x}, {"x": y}, {"x": z, "y": z * z}):
        with pytest.raises(IllFormed):
            substitute(product, values)


# ---- what was checked

SQUARE = Claim(where("x: Real"), eq((x + ONE) ** TWO, x * x + TWO * x + ONE))
BY_FIELD = P("field", SQUARE.goal.args)


class Double:
    """A stranger that has the claim, the goal and the class of a checked statement."""

    claim, scope, goal, proof, used, cites = SQUARE, SQUARE.scope, eq(x, x + ONE), BY_FIELD, (), ()
    __class__ = Checked


def forgeries() -> dict[str, object]:
    """Ways to make a checked statement without checking."""

    def turned():
        class Empty:
            __slots__ = ("__weakref__",)

        empty = Empty()
        empty.__class__ = Checked
        return empty

    return {
        "copy": copy.copy,
        "deepcopy": copy.deepcopy,
        "pickle": lambda real: pickle.loads(pickle.dumps(real)),
        "new": lambda real: object.__new__(Checked),
        "init": lambda real: Checked(),
        "replace": lambda real: dataclasses.replace(real, goal=eq(x, x + ONE)),
        "subclass": lambda real: object.__new__(
            type("Equal", (Checked,), {"__eq__": lambda a, b: True, "__hash__": object.__hash__})
        ),
        "setattr": lambda real: setattr(real, "claim", Claim(SQUARE.scope, eq(x, ZERO))),
        "object.__setattr__": lambda real: object.__setattr__(real, "goal", eq(x, ZERO)),
        "class of another": lambda real: turned(),
        "a stranger": lambda real: Double(),
        "the claim": lambda real: real.claim,
        "nothing": lambda real: None,
    }


@pytest.mark.parametrize("way", forgeries())
def test_a_checked_statement_cannot_be_forged(way):
    real = check(SQUARE, BY_FIELD)
    assert require_checked(real) is real and numeric.lambdify(real)(2.0) == 9.0
    try:
        forged = forgeries()[way](real)
    except (TypeError, AttributeError):
        forged = None
    assert real.claim == SQUARE and require_checked(real) is real
    with pytest.raises(Refused):
        require_checked(forged)
    with pytest.raises(Refused):
        numeric.lambdify(forged)
    cite = P("cite", ("square", (("x", y),), ()))
    cited = Claim(where("y: Real"), substitute(SQUARE.goal, {"x": y}))
    assert check(cited, cite, {"square": real}).cites == ("square",)
    with pytest.raises(Refused):
        check(cited, cite, {"square": forged})


def test_a_record_dies_with_its_object():
    check(SQUARE, BY_FIELD)  # its place in memory may be given to the next one
    for _ in range(100):
        with pytest.raises(Refused):
            require_checked(object.__new__(Checked))


FALSE = [
    eq((x + ONE) ** TWO, x * x + x + ONE), eq(x, x), eq(*reversed(SQUARE.goal.args)), le(*SQUARE.goal.args),
    lt(*SQUARE.goal.args),
    T("ne", *SQUARE.goal.args), T("and", SQUARE.goal, SQUARE.goal), T("imp", SQUARE.goal, eq(x, ZERO)),
    T("all", num(3), SQUARE.goal),
    T("iff", SQUARE.goal, eq(x, ZERO)), eq(ONE, ZERO),
]  # fmt: skip


@pytest.mark.parametrize("goal", FALSE, ids=repr)
def test_a_true_lemma_attached_to_another_goal_is_refused(goal):
    assert check(SQUARE, BY_FIELD).goal == SQUARE.goal
    with pytest.raises(Refused, match="another statement"):
        check(Claim(SQUARE.scope, goal), BY_FIELD)


@pytest.mark.parametrize(("result", "name"), dealt(catalogue_theorems(), 3, ".".join))
def test_the_proof_of_a_theorem_proves_no_mutant_of_it(result, name):
    _, judged, before = theorem(result, name)
    proof = judged.checked.proof
    assert check(judged.checked.claim, proof, before).goal == judged.goal
    for kind in ("sign", "argument order", "dropped term", "relation strengthened"):
        for mutant in mutants(judged.goal, judged.scope, kind)[:5]:
            with pytest.raises(Refused, match=r"another statement|claim is not defined"):
                check(Claim(judged.scope, mutant), proof, before)


# ---- every rule, both ways: (domains, instance, domains, what is changed in the instance for a refusal)

Z_K = at(z, k)
RULE_CASES = {
    "logarithm of a product": ("a, b: Positive", {"a": a, "b": b}, "a, b: Real", {}),
    "logarithm of one": ("x: Real", {}, "x: Real", {"a": x}),
    "logarithm of a power": ("a: Positive; r: Real", {"a": a, "r": var("r")}, "a: Real; r: Real", {}),
    "logarithm of an exponential": ("a: Real", {"a": a}, "a: Real", {"a": log(a)}),
    "exponential of a logarithm": ("a: Positive", {"a": a}, "a: Nonnegative", {}),
    "exponential of a sum": ("a, b: Real", {"a": a, "b": b}, "a, b: Real", {"b": b ** num(-1)}),
    "exponential of zero": ("x: Real", {}, "x: Real", {"a": x}),
    "exponential of a multiple": ("a, r: Real", {"a": a, "r": var("r")}, "a, r: Real", {"r": log(a)}),
    "power as exponential": ("a: Positive; r: Real", {"a": a, "r": var("r")}, "a: Nonnegative; r: Real", {}),
    "powers of one base": ("a: Positive; c, r: Real", {"a": a, "r": var("r"), "c": c}, "a: Real; c, r: Real", {}),
    "power of a product": ("a, b: Nonnegative; r: Positive", {"a": a, "b": b, "r": var("r")}, "a, b: Real; r: Positive", {}),
    "powers of a base that may be zero": (
        "a: Nonnegative; c, r: Positive",
        {"a": a, "r": var("r"), "c": c},
        "a: Nonnegative; c, r: Real",
        {},
    ),
    "power of a power": (
        "a: Nonnegative; c, r: Positive",
        {"a": a, "r": var("r"), "c": c},
        "a: Real; c, r: Positive",
        {"r": TWO},
    ),
    "root of a square": ("a: Real", {"a": a}, "a: Real", {"a": log(a)}),
    "weight times logarithm": ("w: Real; a, b: Positive", {"w": w, "a": a, "b": b}, "w, a, b: Nonnegative", {}),
    "zero times logarithm": ("a, b: Nonnegative", {"a": a, "b": b}, "a: Nonnegative; b: Real", {}),
    "weighted logarithm of a quotient": ("w, a, b: Positive", {"w": w, "a": a, "b": b}, "w, a, b: Nonnegative", {}),
    "weighted logarithm of a product": ("w, a, b: Positive", {"w": w, "a": a, "b": b}, "w, a, b: Real", {}),
    "weighted logarithm of a power": (
        "a: UnitInterval; r: Positive",
        {"w": a, "a": a, "r": var("r")},
        "a: UnitInterval; r: Real",
        {},
    ),
    "weights add": ("a, b: Positive; v, w: Real", {"v": v, "w": w, "a": a, "b": b}, "a, v, w: Real; b: Positive", {}),
    "weights multiply": ("a, b: Positive; c, w: Real", {"c": c, "w": w, "a": a, "b": b}, "a, c, w: Real; b: Positive", {}),
    "weights of a sum": (
        "p: Nonnegative[n]; a, b: Positive",
        {"n": n, "f": at(p, i), "a": a, "b": b},
        "p: Nonnegative[n]; a, b: Nonnegative",
        {},
    ),
    "sum of sums": ("p, q: Real[n]", {"n": n, "f": at(p, i), "g": at(q, i)}, "p: Real[n]; q: Real[m]", {}),
    "constant factor": ("p: Real[n]; c: Real", {"n": n, "c": c, "f": at(p, i)}, "p: Real[n]; c: Real", {"c": at(p, i)}),
    "sum of a constant": ("c: Real; n: Size", {"n": n, "c": c}, "c: Real; n: Size", {"c": i}),
    "order of summation": (
        "p: Real[n]; q: Real[m]",
        {"n": n, "m": m, "f": at(p, j) ** TWO * at(q, i)},
        "p: Real[n]; q: Real[m]",
        {"m": n},
    ),
    "delta selects": ("p: Real[n]; k: Index[n]", {"n": n, "k": k, "f": at(p, i)}, "p: Real[n]; k: Index[m]", {}),
    "sum of all but one": (
        "p: Real[n]; k: Index[n]",
        {"n": n, "k": k, "f": at(p, i)},
        "p: Nonnegative[n]; k: Index[n]",
        {"f": log(at(p, i))},
    ),
    "delta of equal indices": ("k: Index[n]", {"k": k}, "k: Real; n: Size", {}),
    "logarithm of a product of many": ("p: Positive[n]", {"n": n, "f": at(p, i)}, "p: Nonnegative[n]", {}),
    "total probability": ("p: Simplex[n]", {"t": total(at(p, i))}, "p: Nonnegative[n]", {}),
    "zero or one": ("y: Bit", {"a": y}, "y: UnitInterval", {}),
    "one entry is one": ("p: OneHot[n]; k, m: Index[n]", {"p": p, "k": k, "m": m}, "p: Simplex[n]; k, m: Index[n]", {}),
    "a term of a sum": ("p: Nonnegative[n]; k: Index[n]", {"n": n, "f": at(p, i), "k": k}, "p: Real[n]; k: Index[n]", {}),
    "a mean is positive": (
        "p: Simplex[n]; q: Positive[n]",
        {"n": n, "p": p, "f": at(q, i)},
        "p: Simplex[n]; q: Nonnegative[n]",
        {},
    ),
    "the larger of two": ("a: Positive; b: Real", {"a": b + a, "b": b}, "a: Real; b: Real", {}),
    "an entry is at most the maximum": (
        "p: Real[n]; k: Index[n]",
        {"n": n, "f": at(p, i), "k": k},
        "p: Real[n]; k: Index[m]",
        {},
    ),
    "absolute value": ("a: Nonnegative", {"a": a}, "a: Real", {}),
    "absolute value of the opposite": ("a: Real", {"a": a}, "a: Real", {"a": log(a)}),
    "case met": ("a: Real; v, w: Real", {"a": a, "b": a, "v": v, "w": w}, "a, b, v, w: Real", {"b": b}),
    "case not met": ("a: Positive; v, w: Real", {"a": a, "b": ZERO, "v": v, "w": w}, "a: Nonnegative; v, w: Real", {}),
    "derivative of a constant": ("a, x: Real", {"a": a**TWO, "x": x}, "a, x: Real", {"a": a * x}),
    "derivative of the variable": ("x: Real", {"x": x}, "x: Real[n]; k: Index[n]", {"x": at(x, k)}),
    "derivative of an entry": ("z: Real[n]; k, m: Index[n]", {"v": z, "k": k, "m": m}, "z: Bit[n]; k, m: Index[n]", {}),
    "derivative of an entry of an array": (
        "v: Simplex[n, d]; k, m: Index[n]; i, j: Index[d]",
        {"v": v, "k": k, "m": m, "i": var("i"), "j": var("j")},
        "v: Bit[n, d]; k, m: Index[n]; i, j: Index[d]",
        {},
    ),
    "derivative of a sum": ("x, y: Real", {"a": x * y, "b": exp(x), "x": x}, "x, y: Real", {"b": log(x)}),
    "derivative of a product": ("x, y: Real", {"a": x * y, "b": exp(x), "x": x}, "x, y: Real", {"b": T("abs", x)}),
    "derivative of a power": ("x: Positive; r: Real", {"a": x, "r": var("r"), "x": x}, "x: Positive; r: Real", {"r": x}),
    "derivative of the logarithm": ("x: Positive", {"a": x, "x": x}, "x: Nonnegative", {}),
    "derivative of the exponential": ("x: Real", {"a": x * x, "x": x}, "x: Bit", {}),
    "derivative of a sum over indices": (
        "z: Real[n]; k: Index[n]",
        {"n": n, "f": exp(at(z, i)), "x": Z_K},
        "z: Real[n]; k: Index[n]",
        {"f": log(at(z, i))},
    ),
    "limit of a power": ("x: Positive", {"x": x, "r": HALF}, "x: Positive", {"r": num(-1)}),
    "limit of a power times a logarithm": ("x: Positive", {"x": x, "r": HALF}, "x: Positive", {"r": num(-1)}),
    "limit of a power times an exponential": (
        "x, c: Positive",
        {"x": x, "r": num(-3), "c": c, "w": num(-2)},
        "x, c: Positive",
        {"w": HALF},
    ),
}


def rule(name: str, values: dict[str, Term]) -> Proof:
    return P("rule", (name, tuple(sorted(values.items()))))


def test_no_rule_is_missing_from_the_table():
    assert list(RULE_CASES) == list(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_accepted_where_it_holds_and_refused_elsewhere(name):
    domains, values, elsewhere, change = RULE_CASES[name]
    scope = where(domains)
    law = Kernel().derive(rule(name, values), scope)
    made = check(Claim(scope, law), rule(name, values))
    assert made.used == (name,) and witness(scope, law).ok
    with pytest.raises(Refused):
        Kernel().derive(rule(name, {**values, **change}), where(elsewhere))
    assert not RULES[name].conditions or (where(elsewhere), {**values, **change}) != (scope, values)


@pytest.mark.parametrize("name", RULES)
def test_an_instance_gives_every_letter_and_no_other(name):
    domains, values, _, _ = RULE_CASES[name]
    for wrong in ({**values, "other": ONE}, dict(list(values.items())[1:]) if values else {"a": ONE}):
        with pytest.raises(Refused, match="an instance gives"):
            Kernel().derive(rule(name, wrong), where(domains))


# ---- every principle, both ways


def field(s: Term, r: Term) -> Proof:
    return P("field", (s, r))


def sign(s: Term) -> Proof:
    return P("sign", (s,))


def hypothesis(e: object) -> Proof:
    return P("hypothesis", (e,))


def rewrite(s: Term, *steps: object) -> Proof:
    return P("rewrite", (s, *steps))


def equivalent(*parts: object) -> Proof:
    return P("equivalent", parts)


NOTHING = field(ZERO, ZERO)
ENTRY = at(p, var("#0"))
DOUBLED, SINGLE = eq(TWO * x, TWO * y), eq(x, y)
HALVED = equivalent(DOUBLED, SINGLE, TWO, NOTHING)
ROOT = rule("limit of a power", {"x": x, "r": HALF})
LOG_AB = rule("logarithm of a product", {"a": a, "b": b})


def slope(at_point: Term) -> Proof:
    scope, f = where("x: Real"), x**TWO
    return P("slope", (x, f, at_point, equation(Kernel(), scope, D(f), TWO * x), sign(TWO * x), sign(TWO * x)))


def squeeze(**changed: object) -> Proof:
    _, judged, before = theorem("gibbs_inequality", "limit")
    found = prove(Kernel(before), judged.scope, judged.goal)
    assert found.kind == "squeeze"
    names = ("t", "x", "v", "bound", "near", "lower", "upper", "limit")
    return P("squeeze", tuple({**dict(zip(names, found.args, strict=True)), **changed}.values()))


def bent(f: Term, low: Term, high: Term, room=("Real",)) -> Proof:
    scope = where("x: Probability").assuming(lt(x, HALF))
    first = rewritten(Kernel(), scope, D(f))
    slope = Kernel().derive(first, scope).args[1]
    second = rewritten(Kernel(), scope, D(slope))
    falling = sign(Kernel().derive(second, scope).args[1])
    ends = []
    for end in (low, high):
        value = substitute(f, {"x": end})
        equal = equation_or_none(value)
        ends.append(P("combine", (ZERO, value, ((ONE, sign(value)),))) if equal is None else P("symmetry", (equal,)))
    return P("bent", (x, f, (low, high), room, (first, second), falling, tuple(ends)))


def equation_or_none(value: Term) -> Proof | None:
    with suppress(NotFound):
        return equation(Kernel(), where("x: Probability"), value, ZERO)
    return None


TOP = T("top", n, at(z, i))
FAR = T("const", "infinity")


def chosen(small: Term, large: Term) -> Proof:
    """max(x, y) − x/2 − y/2 = |large − small|/2, from max = large and |large − small| = large − small."""
    whole, half = T("max", x, y), HALF * T("abs", x - y)
    maximum = rule("the larger of two", {"a": large, "b": small})
    if (large, small) == (y, x):
        maximum = P("combine", (whole, y, ((ONE, maximum),)))
    distance = rule("absolute value", {"a": large - small})
    if (large, small) == (y, x):
        opposite = rule("absolute value of the opposite", {"a": y - x})
        distance = P("combine", (T("abs", x - y), y - x, ((ONE, opposite), (ONE, distance))))
    return P("combine", (whole, half + HALF * (x + y), ((ONE, maximum), (-HALF, distance))))


def through(f: Term, limit: Proof, room: tuple) -> Proof:
    return P("limit_through", (f, ((y, limit, room),)))


def hospital(f: Term, g: Term, near=ONE, room=("Real",), g1=TWO, value=HALF) -> Proof:
    scope = where("x: Positive").assuming(lt(x, ONE))
    inside = [rewritten(Kernel(), scope, D(s)) for s in (f, g)]
    f1 = Kernel().derive(inside[0], scope).args[1]
    slopes = (inside[0], P("chain", (inside[1], field(Kernel().derive(inside[1], scope).args[1], g1))))
    zeros = tuple(found(where("x: Positive"), substitute(s, {"x": ZERO}), ZERO) for s in (f, g))
    identity = rule("limit of a power", {"x": x, "r": ONE})
    limit = through(substitute(f1, {"x": y}) / g1, identity, ("Real",))
    final = P("limit_value", (limit, found(where("x: Positive"), substitute(f1, {"x": ZERO}) / g1, value)))
    equal = P("limit_of_equal", (ONE, found(where("x: Positive"), f1 / g1, substitute(f1, {"x": x**ONE}) / g1), final))
    return P("quotient_of_slopes", (f, g, x, near, room, zeros, slopes, sign(g1), equal))


def rewritten(kernel: Kernel, scope, s: Term) -> Proof:
    _, steps = Normaliser(kernel).normal(s, scope)
    return P("rewrite", (s, tuple(steps)))


def found(scope, s: Term, r: Term) -> Proof:
    """A proof of s = r, or what only looks like one."""
    try:
        return equation(Kernel(), scope, s, r)
    except NotFound:
        return field(s, r)


def area(body: Term, primitive: Term, low: Term, value: Term, bell: tuple = (), high: Term = FAR) -> Proof:
    """The integral of e^{−ax} over x > 0, with both ends as limits."""
    scope, s = where("x, a: Positive; u: Real"), var("#0")
    inner = scope.assuming(lt(ZERO, x)) if low.op != "const" else scope
    outer = scope.declaring("#0", Domain("Positive"))
    whole = found(inner, body, D(primitive) + bell[0] * exp(-(bell[1] * (x - bell[2]) ** TWO)) if bell else D(primitive))
    at_zero = rule("limit of a power", {"x": s, "r": ONE})
    first = through(substitute(primitive, {"x": y}), at_zero, ("Real",))
    first = P("limit_value", (first, found(outer, Kernel().derive(first, outer).args[3], -(ONE / a))))
    start = substitute(primitive, {"x": low + s})
    begin = P("limit_of_equal", (ONE, found(outer, start, substitute(primitive, {"x": s**ONE})), first))
    ending = rule("limit of a power times an exponential", {"x": s, "r": ZERO, "c": a, "w": num(-1)})
    scaled = through(-(y / a), ending, ("Real",))
    end = substitute(primitive, {"x": ONE / s})
    top = Kernel().derive(scaled, outer).args[0]
    beyond = P("limit_of_equal", (ONE, found(outer, end, top), scaled))
    goal = T("integrates", body, x, low, high, value)
    return P("integral", (goal, primitive, bell, whole, (begin, beyond)))


def piece(low: Term, high: Term, body: Term = x) -> Proof:
    """The integral of a power over an interval."""
    goal = T("integrates", body, x, low, high, find_integral(Kernel(), where("x, a: Positive; u: Real"), body, x, low, high)[0])
    return prove(Kernel(), where("x, a: Positive; u: Real"), goal)


#: (domains, hypotheses, proof, proofs that are refused)
PRINCIPLE_CASES = {
    "field": ("a, b: Real", (), field(a * (a + b), a * a + b * a), [field(a, b), field(a / a, ONE), field(a, i)]),
    "rule": ("a, b: Positive", (), LOG_AB, [rule("no such rule", {}), rule("logarithm of a product", {"a": a - b, "b": b})]),
    "definition": (
        "z: Real[n]; k: Index[n]; p, q: Simplex[n]",
        (),
        P("definition", (T("app", "softmax", z, k),)),
        [P("definition", (T("app", "D", p, q),)), P("definition", (at(z, k),)), P("definition", (T("app", "other", p, q),))],
    ),
    "rewrite": (
        "a, b: Positive",
        (),
        rewrite(log(a * b) + ONE, (((0,), LOG_AB, ONE, log(a) + log(b)),)),
        [
            rewrite(log(a * b) + ONE, (((0,), LOG_AB, ONE, log(a) * log(b)),)),
            rewrite(log(a * b) + ONE, (((1,), LOG_AB, ONE, log(a)),)),
            rewrite(log(a * b) + ONE, (((0,), LOG_AB, TWO, log(a) + log(b)),)),
        ],
    ),
    "written_out": (
        "p: Real[3]; q: Real[n]; r: Real[65]",
        (),
        P("written_out", (total(at(p, i), num(3)),)),
        [P("written_out", (s,)) for s in (total(at(q, i)), total(at(var("r"), i), num(65)), at(p, ONE))]
        + [P("written_out", (total(log(at(p, i)), num(3)),))],
    ),
    "symmetry": ("a, b: Real", (), P("symmetry", (field(a + b, b + a),)), [P("symmetry", (sign(a**TWO),))]),
    "chain": (
        "a: Nonnegative",
        (),
        P("chain", (sign(a), field(a, ONE * a))),
        [P("chain", (sign(a), sign(a))), P("chain", ())],
    ),
    "sign": ("a: Nonnegative; x: Real", (), sign(a), [sign(x), sign(log(a))]),
    "combine": (
        "a, b: Real",
        (),
        P("combine", (a, a + b**TWO, ((ONE, sign(b**TWO)),))),
        [P("combine", (a + b**TWO, a, ((num(-1), sign(b**TWO)),))), P("combine", (a, a + b, ((ONE, sign(b**TWO)),)))],
    ),
    "termwise": (
        "p: Nonnegative[n]; q: Nonnegative[m]; x: Real",
        (),
        P("termwise", (n, sign(ENTRY))),
        [P("termwise", (x, sign(ENTRY))), P("termwise", (n, sign(at(q, var("#0"))))), P("termwise", (n, sign(x)))],
    ),
    "monotone": (
        "a, b: Positive; x: Real; y: Nonnegative",
        (),
        P("monotone", ("log", P("combine", (a, a + b, ((ONE, sign(b)),))))),
        [
            P("monotone", ("log", P("combine", (x, x + b, ((ONE, sign(b)),))))),
            P("monotone", ("pow", P("combine", (x, x + b, ((ONE, sign(b)),))), TWO)),
            P("monotone", ("pow", P("combine", (a, a + b, ((ONE, sign(b)),))), num(-1))),
            P("monotone", ("pow", P("combine", (a, a + b, ((ONE, sign(b)),))), y)),
            P("monotone", ("abs", P("combine", (a, a + b, ((ONE, sign(b)),))))),
        ],
    ),
    "slope": ("x: Real", (), slope(ZERO), [slope(ONE), slope(x)]),
    "bent": (
        "x: Probability",
        (lt(x, HALF),),
        bent(x - x**TWO, ZERO, HALF),
        [
            bent(x - x**TWO, ZERO, ONE),
            bent(x - x**TWO, HALF, ZERO),
            bent(x - x**TWO, num("1/4"), HALF),
            bent(x - x**TWO, ZERO, HALF, room=("Probability",)),
            bent(x**TWO - x + HALF, ZERO, HALF),
            bent(x - x**TWO - num("1/8"), ZERO, HALF),
            bent(x - x**TWO, ZERO, x + ONE),
        ],
    ),
    "hypothesis": ("x: Real", (lt(ZERO, x),), hypothesis(0), [hypothesis(1), hypothesis("0")]),
    "at_index": (
        "p: Real[n]; k: Index[n]; m: Index[d]",
        (T("all", n, lt(ZERO, at(p, i))),),
        P("at_index", (hypothesis(0), k)),
        [P("at_index", (hypothesis(0), m)), P("at_index", (sign(at(p, k)), k)), P("at_index", (hypothesis(0), ONE))],
    ),
    "for_all": (
        "p: Positive[n]; x: Real",
        (),
        P("for_all", (n, sign(ENTRY))),
        [P("for_all", (x, sign(ENTRY))), P("for_all", (n, sign(x)))],
    ),
    "assume": (
        "x: Real",
        (),
        P("assume", (lt(ZERO, x), sign(x))),
        [P("assume", (x, sign(exp(x)))), P("assume", (lt(x, exp(x)), sign(x)))],
    ),
    "given": (
        "x: Real; a: Positive",
        (),
        P("given", (sign(exp(x) + a), P("chain", (sign(a), P("combine", (a, exp(x) + a, ((ONE, sign(exp(x))),))))))),
        [
            P("given", (sign(x), sign(a))),
            P("given", (sign(a), hypothesis(1))),
            P("given", (P("assume", (lt(ZERO, x), sign(x))), sign(x))),
        ],
    ),
    "both": ("x: Real", (), P("both", (sign(exp(x)), field(x, x))), [P("both", (sign(exp(x)), sign(x))), P("both", ())]),
    "part": (
        "x: Real",
        (T("and", lt(ZERO, x), lt(x, ONE)),),
        P("part", (hypothesis(0), 1)),
        [P("part", (hypothesis(0), 2)), P("part", (hypothesis(0), -1)), P("part", (sign(exp(x)), 0))],
    ),
    "decided": (
        "a: Positive; x: Real",
        (),
        P("decided", (lt(ZERO, a),)),
        [P("decided", (lt(ZERO, x),)), P("decided", (lt(ZERO, log(a)),)), P("decided", (a,))],
    ),
    "equivalent": (
        "x, y: Real",
        (),
        HALVED,
        [
            equivalent(DOUBLED, SINGLE, ZERO, NOTHING),
            equivalent(eq(x * x, x * y), SINGLE, x, NOTHING),
            equivalent(DOUBLED, eq(x, ZERO), TWO, NOTHING),
        ],
    ),
    "when": (
        "a: Nonnegative; x, y: Real",
        (),
        P("when", (sign(a), equivalent(eq(a, ZERO), eq(TWO * a, ZERO), HALF, NOTHING))),
        [P("when", (sign(a), HALVED)), P("when", (P("weaken", (sign(a),)), HALVED))],
    ),
    "equality_case": (
        "a: Nonnegative",
        (),
        P("equality_case", (sign(a),)),
        [P("equality_case", (P("weaken", (sign(a),)),)), P("equality_case", (sign(exp(a)),))],
    ),
    "weaken": ("a: Positive; x, y: Real", (), P("weaken", (sign(a),)), [P("weaken", (HALVED,)), P("weaken", (sign(x),))]),
    "zero_or_positive": (
        "w: Nonnegative; x: Real",
        (),
        P("zero_or_positive", (w, field(w + w, TWO * w), field(w + w, TWO * w))),
        [P("zero_or_positive", (x, field(x, x), field(x, x))), P("zero_or_positive", (w, field(w, w), sign(w)))],
    ),
    "bit_cases": (
        "y: Bit; x: UnitInterval",
        (),
        P("bit_cases", (y, field(y + y, TWO * y), field(y + y, TWO * y))),
        [P("bit_cases", (x, field(x, x), field(x, x))), P("bit_cases", (y, field(y, y), sign(y)))],
    ),
    "order_cases": (
        "x, y: Real; a: Positive",
        (),
        P("order_cases", (x, y, *(chosen(*ends) for ends in ((x, y), (y, x))))),
        [
            P("order_cases", (x, y, field(x, x), field(y, y))),
            P("order_cases", (log(x), y, field(x, x), field(x, x))),
            P("order_cases", (x, y, chosen(x, y), chosen(x, y))),
        ],
    ),
    "attained": (
        "z: Real[n]; k: Index[n]",
        (),
        P("attained", (TOP, P("combine", (TOP - ONE, TOP, ((ONE, sign(ONE)),))))),
        [
            P("attained", (TOP, hypothesis(0))),
            P("attained", (TOP, sign(TOP))),
            P("attained", (total(at(z, i)), sign(ONE))),
            P("attained", (T("top", n, log(at(z, i))), sign(ONE))),
        ],
    ),
    "hot": (
        "y: OneHot[n]; p: Simplex[n]",
        (),
        P("hot", (y, sign(ONE))),
        [P("hot", (y, hypothesis(0))), P("hot", (p, sign(ONE))), P("hot", (at(y, k), sign(ONE)))],
    ),
    "apart": ("a: Positive; y: Nonnegative", (), P("apart", (sign(a),)), [P("apart", (sign(y),)), P("apart", (field(a, a),))]),
    "infinity": (
        "w, a: Positive; b: Nonnegative",
        (),
        P("infinity", (xlog(w, a, ZERO),)),
        [P("infinity", (xlog(w, a, b),)), P("infinity", (xlog(b, a, ZERO),)), P("infinity", (-xlog(w, a, ZERO),))],
    ),
    "squeeze": (
        "t: Positive",
        (),
        squeeze(),
        [squeeze(near=ZERO), squeeze(v=ONE), squeeze(bound=t), squeeze(limit=field(t, t)), squeeze(lower=sign(t))],
    ),
    "limit_through": (
        "x: Positive; a: Real",
        (),
        through(exp(y), ROOT, ("Real",)),
        [
            through(log(y), ROOT, ("Positive",)),
            through(T("abs", y), ROOT, ("Real",)),
            through(exp(y) + x, ROOT, ("Real",)),
            through(ONE / (y + ONE), ROOT, ("Real",)),
            through(ONE / (y + ONE), ROOT, ("Real", lt(ZERO, y))),
            through(exp(y), ROOT, ("Nonnegative",)),
            through(exp(y), ROOT, ("Real", lt(a, y))),
        ],
    ),
    "limit_of_equal": (
        "x: Positive",
        (),
        P("limit_of_equal", (ONE, field(x**HALF * x / x, x**HALF), ROOT)),
        [
            P("limit_of_equal", (ONE, field(x**HALF, x**HALF), field(x, x))),
            P("limit_of_equal", (ZERO, field(x**HALF, x**HALF), ROOT)),
            P("limit_of_equal", (x, field(x**HALF, x**HALF), ROOT)),
            P("limit_of_equal", (ONE, field(x**HALF, x**HALF * ONE), ROOT)),
        ],
    ),
    "limit_value": (
        "x: Positive",
        (),
        P("limit_value", (ROOT, field(ZERO, TWO - TWO))),
        [P("limit_value", (ROOT, field(ONE, ONE))), P("limit_value", (ROOT, field(ZERO, x - x)))],
    ),
    "quotient_of_slopes": (
        "x: Positive",
        (),
        hospital(exp(x) - ONE, TWO * x),
        [
            hospital(exp(x), TWO * x),
            hospital(exp(x) - ONE, TWO * x + ONE),
            hospital(exp(x) - ONE, TWO * x, room=("Positive",)),
            hospital(exp(x) - ONE, TWO * x, near=ZERO),
            hospital(exp(x) - ONE, TWO * x, g1=ONE),
            hospital(exp(x) - ONE, TWO * x, value=ONE),
            hospital(x**HALF, TWO * x),
        ],
    ),
    "integral": (
        "x, a: Positive; u: Real",
        (),
        area(exp(-(a * x)), -(exp(-(a * x)) / a), ZERO, ONE / a),
        [
            area(exp(-(a * x)), -(exp(-(a * x)) / a), ZERO, TWO / a),
            area(exp(-(a * x)), exp(-(a * x)) / a, ZERO, ONE / a),
            area(exp(-(a * x)), -(exp(-(a * x)) / a), num(-1), ONE / a),
            area(exp(-(a * x)), -(exp(-(a * x)) / a), T("const", "minus_infinity"), ONE / a),
            area(exp(-(a * x)), -(exp(-(a * x)) / a), ZERO, ONE / a, bell=(ZERO, a, ZERO)),
            area(exp(-(a * x)), -(exp(-(a * x)) / a), ZERO, ONE / a, high=ZERO),
        ],
    ),
    "adjacent": (
        "x, a: Positive; u: Real",
        (),
        P("adjacent", (piece(ZERO, ONE), piece(ONE, TWO))),
        [
            P("adjacent", (piece(ZERO, ONE), piece(TWO, num(3)))),
            P("adjacent", (piece(ONE, TWO), piece(ZERO, ONE))),
            P("adjacent", (piece(ZERO, ONE), piece(ONE, TWO, x**TWO))),
            P("adjacent", (piece(ZERO, ONE), ROOT)),
        ],
    ),
    "multiple_of_limit": (
        "x: Positive",
        (),
        P("multiple_of_limit", (TWO, ROOT)),
        [P("multiple_of_limit", (x, ROOT)), P("multiple_of_limit", (TWO, sign(x))), P("multiple_of_limit", (log(ZERO), ROOT))],
    ),
    "cite": (
        "a: Positive; x: Real",
        (),
        P("cite", ("gibbs_inequality.tangent", (("t", a),), ())),
        [
            P("cite", ("gibbs_inequality.tangent", (("t", x),), ())),
            P("cite", ("gibbs_inequality.tangent", (), ())),
            P("cite", ("gibbs_inequality.none", (("t", a),), ())),
            P("cite", ("gibbs_inequality.tangent", (("t", a), ("u", a)), ())),
            P("cite", ("gibbs_inequality.pointwise", (("v", ZERO), ("w", a)), ())),
        ],
    ),
}


def test_no_principle_is_missing_from_the_table():
    assert set(PRINCIPLE_CASES) == set(PRINCIPLES) and all(PRINCIPLES.values())


@pytest.mark.parametrize("kind", PRINCIPLES)
def test_a_principle_proves_what_it_says_and_is_refused_elsewhere(kind):
    domains, hypotheses, good, bad = PRINCIPLE_CASES[kind]
    scope = where(domains).assuming(*hypotheses)
    library = theorem("gibbs_inequality", "bregman")[2]
    statement = Kernel(library).derive(good, scope)
    assert check(Claim(scope, statement), good, library).goal == statement
    report = witness(scope, statement)
    assert report.agreed and not report.contradicted
    for proof in bad:
        with pytest.raises(Refused) as refusal:
            Kernel(library).derive(proof, scope)
        assert not re.search("positional|unpack|attribute", str(refusal.value)), "refused for its form"


def test_that_a_claim_is_defined_may_be_shown_first():
    """y u + (1 − y)(1 − u) > 0 for a bit y: then its logarithm is defined, and only then."""
    scope, mixed = where("y: Bit; u: Probability"), y * var("u") + (ONE - y) * (ONE - var("u"))
    positive = prove(Kernel(), scope, lt(ZERO, mixed))
    log_of = eq(log(mixed) + ZERO, log(mixed))
    with pytest.raises(Refused, match="not defined"):
        check(Claim(scope, log_of), field(*log_of.args))
    assert check(Claim(scope, log_of), P("given", (positive, field(*log_of.args)))).goal == log_of
    for shown in (sign(ONE), P("weaken", (positive,)), hypothesis(0)):
        with pytest.raises(Refused):
            check(Claim(scope, log_of), P("given", (shown, field(*log_of.args))))


# ---- a proof is data: whatever is in it, a false claim is refused, and nothing else is raised

GARBAGE = (
    None, 0, -1, 10**9, "", "field", (), ((),), [], {}, ("a", "b"), object(), b"", True, 1.5,
    x, i, ZERO, log(ZERO), x / ZERO, eq(x, x), T("all", x, i), var("nowhere"), total(at(p, j)), T("meta", "f", i),
    P("none"), P("field"), P("sign", (x,)), P("chain", (P("chain"),)),
)  # fmt: skip


def spoiled(value: object, random: Random, depth: int = 0) -> object:
    """A proof, or a part of one, with one of its parts replaced, dropped or doubled."""
    parts = value.args if isinstance(value, Proof) else value if isinstance(value, tuple) else ()
    if not parts or depth > 12 or random.random() < 0.15:
        return random.choice(GARBAGE)
    e = random.randrange(len(parts))
    how = random.random()
    if how < 0.1:
        new = parts[:e] + parts[e + 1 :]
    elif how < 0.2:
        new = (*parts, parts[e])
    elif how < 0.25 and len(parts) > 1:
        new = parts[::-1]
    else:
        new = (*parts[:e], spoiled(parts[e], random, depth + 1), *parts[e + 1 :])
    if not isinstance(value, Proof):
        return new
    return P(random.choice(list(PRINCIPLES)) if how > 0.97 else value.kind, new)


@amounts(8, 30)
@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.name)
def test_a_malformed_proof_is_refused_and_raises_nothing_else(entry, count, seed):
    random, tried = Random(f"{entry.name}/{seed}"), 0
    for result, name in catalogue_theorems():
        if result != entry.name:
            continue
        _, judged, before = theorem(result, name)
        false = Claim(judged.scope, eq(ONE, ZERO))
        for _ in range(count):
            proof = spoiled(judged.checked.proof, random)
            if isinstance(proof, Proof):
                tried += 1
                with pytest.raises(Refused):
                    check(false, proof, before)
                with suppress(Refused):
                    assert check(judged.checked.claim, proof, before).goal == judged.goal
    assert tried > 2.5 * count


def test_random_proofs_prove_nothing_false():
    random, false = Random(0), Claim(where("x, y: Real; p: Simplex[n]"), eq(x, x + ONE))
    pool = list(GARBAGE)
    for _ in range(2000):
        proof = P(random.choice(list(PRINCIPLES)), tuple(random.choices(pool, k=random.randrange(6))))
        pool.append(proof)
        with pytest.raises(Refused):
            check(false, proof)


@pytest.mark.parametrize(
    "proof", [None, "field", P([]), P(None), P("field", None), P("__init__"), P("derive", (P("field"),)), (), BY_FIELD.args]
)
def test_what_is_no_proof_is_refused(proof):
    with pytest.raises(Refused):
        check(SQUARE, proof)


@pytest.mark.parametrize("library", [{}, {"s": None}, {"s": 1}, None])
def test_a_library_without_the_statement_gives_nothing(library):
    with pytest.raises(Refused):
        check(SQUARE, P("cite", ("s", (("x", x),), ())), library)


# ---- prose

FORMULA = set("=≤≥<>^_\\$‖ΣΠ∑∏√|+*/·∞≠∂0123456789")


def prose(value: object, where_: str = ""):
    """Every piece of prose in what was judged, with its place."""
    if isinstance(value, Prose):
        yield where_, value
    elif isinstance(value, tuple):
        for e, part in enumerate(value):
            yield from prose(part, f"{where_}[{e}]")
    elif dataclasses.is_dataclass(value) and not isinstance(value, (Proof, Claim)):
        for field in dataclasses.fields(value):
            yield from prose(getattr(value, field.name), f"{where_}.{field.name}")


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.name)
def test_prose_holds_no_formula_of_its_own(entry):
    judged = Catalogue(witnessed=False).judge(entry.name)
    pieces = list(prose(judged, entry.name))
    assert len(pieces) > 10
    raw = {}
    for place, piece in pieces:
        parsed = list(Formatter().parse(piece.template))
        used = {name for _, name, _, _ in parsed if name}
        assert used == set(piece.terms), f"{place}: {piece.template!r} uses {used}, has {set(piece.terms)}"
        if found := {ch for text, *_ in parsed for ch in text if ch in FORMULA}:
            raw[place] = (piece.template, "".join(sorted(found)))
    assert not raw, raw


def test_a_formula_in_prose_is_found():
    assert FORMULA & set("where p_i = 0") and not FORMULA & set("the outcomes that never occur, one by one")
    assert [w for w, _ in prose((Prose("a"), (Prose("b"), 1)), "x")] == ["x[0]", "x[1][0]"]
