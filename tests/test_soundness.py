"""Attacks on the kernel that once succeeded, or were tried: each is refused, and the honest neighbour is accepted."""

from __future__ import annotations

import types
import weakref
from fractions import Fraction

import pytest

from derivations._kernel.check import Checked, Claim, Kernel, Proof, Refused, check, require_checked
from derivations._kernel.checked import Record
from derivations._kernel.domains import Domain, Scope
from derivations._kernel.terms import ONE, ZERO, IllFormed, Term, num, var
from derivations.certificate import certificate, decode, decode_claim, encode, encode_claim, from_json, text

n, d, x, y, z, k, m = map(var, ("n", "d", "x", "y", "z", "k", "m"))
REAL, POSITIVE, SIZE = Domain("Real"), Domain("Positive"), Domain("Size")
BOUND = [Term("bound", i) for i in range(3)]


def scope(*hypotheses: Term, **domains: Domain) -> Scope:
    return Scope(tuple(domains.items()), hypotheses)


def eq(a: Term, b: Term) -> Term:
    return Term("eq", a, b)


def lt(a: Term, b: Term) -> Term:
    return Term("lt", a, b)


def log(t: Term) -> Term:
    return Term("log", t)


def refused(where: Scope, goal: Term, proof: object, library: object = None) -> Refused:
    with pytest.raises(Refused) as caught:
        check(Claim(where, goal), proof, library)  # type: ignore[arg-type]
    return caught.value


FIELD_ONE = Proof("field", (ONE, ONE))


def test_a_path_from_the_end_duplicates_nothing() -> None:
    t = Term("add", ONE, ONE)
    wrong = eq(t, Term("add", ONE, ONE, ONE, ONE))
    for path in ((-1,), (2,), (True,), ("0",), (0.0,)):
        refused(scope(), wrong, Proof("rewrite", (t, ((path, FIELD_ONE, ONE, ONE),))))
    check(Claim(scope(), eq(t, t)), Proof("rewrite", (t, (((1,), FIELD_ONE, ONE, ONE),))))


def test_the_sign_of_a_term_is_not_read_off_an_equal_one_defined_elsewhere() -> None:
    """log(y·x/x) is log y where x ≠ 0; under x = 0 nothing may be learnt from it about log y."""
    a = log(y * x * Term("pow", x, num(-1)))
    first = Proof("assume", (Term("ne", x, ZERO), Proof("field", (a, a + ZERO))))
    wrong = lt(log(y) + log(y), ZERO)
    second = Proof("assume", (eq(x, ZERO), Proof("decided", (wrong,))))
    goal = Term("and", Term("imp", Term("ne", x, ZERO), eq(a, a + ZERO)), Term("imp", eq(x, ZERO), wrong))
    refused(scope(x=REAL, y=POSITIVE), goal, Proof("both", (first, second)))
    one = {"one": check(Claim(scope(), eq(ONE, ONE)), FIELD_ONE)}
    derivative = Term("deriv", x, x)
    pollute = Proof("rewrite", (derivative, (((0,), Proof("cite", ("one", (), (("k", first),))), ONE, x),)))
    by = Proof("combine", (log(y) + log(y), ZERO, ((ONE, pollute), (ONE, Proof("decided", (wrong,))))))
    refused(scope(eq(x, ZERO), x=REAL, y=POSITIVE), wrong, by, one)


def test_the_derivative_of_an_entry_needs_a_variable() -> None:
    where = scope(n=SIZE, x=REAL, z=Domain("Real", (n,)), k=Domain("Index", (n,)), m=Domain("Index", (n,)))

    def law(v: Term) -> Proof:
        return Proof("rule", ("derivative of an entry", (("v", v), ("k", k), ("m", m))))

    refused(where, eq(Term("deriv", x, x), Term("delta", k, m)), law(Term("vec", n, x)))
    z_k, z_m = Term("at", z, k), Term("at", z, m)
    check(Claim(where, eq(Term("deriv", z_k, z_m), Term("delta", k, m))), law(z))


def test_a_total_does_not_capture_the_index() -> None:
    """Σ_i q(θ_i)_i takes another distribution for every i."""
    where = scope(n=SIZE, d=SIZE, q=Domain("Family", (n, d)), z=Domain("Real", (n,)), t=Domain("Real", (d,)))
    wrong = Term("sum", n, Term("at", Term("of", var("q"), Term("vec", d, Term("at", z, BOUND[1]))), BOUND[0]))
    refused(where, eq(wrong, ONE), Proof("rule", ("total probability", (("t", wrong),))))
    right = Term("sum", n, Term("at", Term("of", var("q"), var("t")), BOUND[0]))
    check(Claim(where, eq(right, ONE)), Proof("rule", ("total probability", (("t", right),))))


def test_a_claim_is_defined() -> None:
    p = eq(log(x), ZERO)
    refused(scope(x=REAL), Term("imp", p, p), Proof("assume", (p, Proof("hypothesis", (0,)))))
    refused(scope(x=REAL), Term("iff", p, p), Proof("rewrite", (p, ())))
    check(Claim(scope(x=POSITIVE), Term("iff", p, p)), Proof("rewrite", (p, ())))
    guarded = Term("imp", lt(ZERO, x), eq(log(x), log(x) + ZERO))
    check(Claim(scope(x=REAL), guarded), Proof("assume", (lt(ZERO, x), Proof("field", (log(x), log(x) + ZERO)))))


def test_the_only_named_constant_is_pi() -> None:
    goal = lt(ZERO, Term("const", "minus one"))
    refused(scope(), goal, Proof("decided", (goal,)))
    good = lt(ZERO, Term("const", "pi"))
    check(Claim(scope(), good), Proof("decided", (good,)))


# ---- what was checked stays what was checked


class Liar(str):
    """Text that is another text the second time it is looked up."""

    looks = 0

    def __hash__(self) -> int:
        Liar.looks += 1
        return hash("derivative of a constant" if Liar.looks < 2 else "derivative of the variable")

    def __eq__(self, other: object) -> bool:
        return True


class Fake(Domain):
    """A domain that says it is another."""

    @property
    def kind(self):  # type: ignore[no-untyped-def]
        return POSITIVE.kind


class Two(Claim):
    """A claim with a mind of its own."""


@pytest.mark.parametrize(
    ("claim", "proof"),
    [
        (Claim(Scope((("x", REAL),), [lt(ZERO, x)]), lt(ZERO, x)), Proof("hypothesis", (0,))),  # type: ignore[arg-type]
        (Claim(Scope([("x", POSITIVE)]), lt(ZERO, x)), Proof("decided", (lt(ZERO, x),))),  # type: ignore[arg-type]
        (Two(scope(), eq(ONE, ONE)), FIELD_ONE),
        (Claim(scope(x=Fake("Real")), lt(ZERO, x)), Proof("decided", (lt(ZERO, x),))),
        (Claim(scope(x=REAL), eq(Term("deriv", x * x, x), ZERO)), Proof("rule", (Liar("q"), (("a", x * x), ("x", x))))),
        (Claim(scope(), eq(ONE, ONE)), Proof("field", [ONE, ONE])),  # type: ignore[arg-type]
    ],
)
def test_only_exact_types_are_read(claim: Claim, proof: Proof) -> None:
    with pytest.raises(Refused):
        check(claim, proof)


WRONG = eq(ONE, num(2))
SET = object.__setattr__


def a_theorem() -> tuple[Checked, Claim, Proof]:
    """0 < 1/2 + x for x > 0, with a vector beside it; and the claim and the proof that were given, in objects of their own."""
    half = num(Fraction(1, 2))
    claim = Claim(scope(lt(ZERO, x), n=SIZE, x=REAL, z=Domain("Real", (n,))), lt(ZERO, half + x))
    proof = Proof("combine", (ZERO, half + x, ((ONE, Proof("hypothesis", (0,))), (ONE, Proof("sign", (half,))))))
    claim, proof = decode_claim(encode_claim(claim)), decode(encode(proof))
    return check(claim, proof), claim, proof


def reached(value: object, seen: dict[int, object]) -> dict[int, object]:
    """All that can be reached from an object by attributes, slots, entries and parts."""
    if id(value) in seen or isinstance(value, (str, int, type, type(None), types.FunctionType, types.ModuleType)):
        return seen
    seen[id(value)] = value
    names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()) if not name.startswith("__")]
    names += [*getattr(value, "__dict__", ())]
    if type(value) is Checked:
        names += ["claim", "proof", "goal", "scope", "used", "cites"]
    for name in names:
        if hasattr(value, name):
            reached(getattr(value, name), seen)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list, set, frozenset)) else ()
    for part in inside:
        reached(part, seen)
    return seen


def spoiled(value: object) -> int:
    """Every field, slot and number of all that can be reached from a checked statement is changed; how many were."""
    changed = 0
    for part in reached(value, {}).values():
        kind = type(part)
        if kind is Term:
            changes = {"op": "lt", "args": (ONE, num(2)), "_hash": 0, "depth": 1, "size": 1, "loose": 0}
        elif kind is Fraction:
            changes = {"_numerator": 2, "_denominator": 1}
        elif kind in (Claim, Scope, Domain, Proof):
            shadows = {"check": lambda: None, "domain": lambda name: Domain("Positive"), "kind": "given", "copy": None}
            changes = {**dict.fromkeys(vars(part), ()), **shadows, "goal": WRONG, "name": Liar("Positive"), "args": ()}
        else:
            continue
        for name, new in changes.items():
            SET(part, name, new) if kind in (Term, Fraction) else part.__dict__.__setitem__(name, new)  # type: ignore[attr-defined]
            changed += 1
    return changed


def test_what_is_handed_out_is_a_copy() -> None:
    made, claim, proof = a_theorem()
    before = text(certificate("t", made, {}))
    held = [made.claim, made.proof, made.goal, made.scope, made.claim.scope.domains]
    once, again = reached(made, {}), reached(made, {})
    both = [once[i] for i in once.keys() & again.keys()]
    assert len(once) == len(again) and {*both} == {made, ()}  # nothing else is handed out twice
    assert spoiled([claim, proof, *held, made]) > 200
    assert text(certificate("t", made, {})) == before and require_checked(made) is made
    cite = Proof("cite", ("t", (("n", n), ("x", y), ("z", z)), ()))
    good, wrong = lt(ZERO, num(Fraction(1, 2)) + y), WRONG
    where = scope(n=SIZE, y=POSITIVE, z=Domain("Real", (n,)))
    assert check(Claim(where, good), cite, {"t": made}).cites == ("t",)
    refused(where, wrong, cite, {"t": made})


def test_each_change_of_what_is_handed_out_has_no_effect() -> None:
    ways = (
        lambda c: c.claim.__init__(scope(), WRONG),
        lambda c: c.claim.__dict__.__setitem__("goal", WRONG),
        lambda c: SET(c.claim, "goal", WRONG),
        lambda c: SET(c.goal, "args", (ONE, num(2))),
        lambda c: SET(c.claim.goal, "op", "lt"),
        lambda c: SET(c.goal.args[0].args[0], "_numerator", 2),
        lambda c: SET(c.goal, "_hash", hash(WRONG)),
        lambda c: c.claim.scope.__init__((("x", POSITIVE),)),
        lambda c: SET(c.claim.scope, "hypotheses", (lt(ONE, ZERO),)),
        lambda c: c.claim.scope.__dict__.__setitem__("domain", lambda name: POSITIVE),
        lambda c: SET(c.proof, "args", (ONE, num(2))),
        lambda c: c.proof.__dict__.clear(),
    )
    for way in ways:
        made = check(Claim(scope(), eq(ONE, ONE)), FIELD_ONE)
        way(made)
        assert require_checked(made) is made and made.goal == eq(ONE, ONE) and made.claim == Claim(scope(), eq(ONE, ONE))
        assert made.proof == FIELD_ONE
        cite = Proof("cite", ("one", (), ()))
        assert check(Claim(scope(), eq(ONE, ONE)), cite, {"one": made}).goal == eq(ONE, ONE)
        refused(scope(), WRONG, cite, {"one": made})
    t = eq(ONE, ONE)
    t.__init__("lt", ONE, ZERO)  # type: ignore[misc]
    assert t == eq(ONE, ONE)
    with pytest.raises((TypeError, IllFormed)):
        type("Evil", (Term,), {})("eq", ONE, num(2))


def test_a_claim_that_is_changed_while_it_is_judged_is_kept_as_it_was() -> None:
    goal = from_json(["eq", ["num", "1"], ["num", "1"]])
    claim = Claim(scope(), goal)

    class Turning(dict[str, Checked]):
        def get(self, label: str, default: object = None) -> object:  # type: ignore[override]
            SET(goal, "args", (ONE, num(2)))
            SET(claim, "goal", WRONG)
            return one

    one = check(Claim(scope(), eq(ONE, ONE)), FIELD_ONE)
    assert check(claim, Proof("cite", ("one", (), ())), Turning()).goal == eq(ONE, ONE)


def test_no_name_leads_to_the_records() -> None:
    """Only a cell of a closure does; a second checker is not made."""
    from derivations._kernel import check as check_module
    from derivations._kernel import checked as module

    made = check(Claim(scope(), eq(ONE, ONE)), FIELD_ONE)
    for place in (module, check_module):
        for name, value in vars(place).items():
            assert not isinstance(value, (weakref.WeakKeyDictionary, Record)), name
            assert not (isinstance(value, dict) and made in value.values()), name
    with pytest.raises(TypeError, match="one checker"):
        module.checker(lambda claim, proof, library: ((), ()))
    for name in ("copy", "record", "_claim", "__dict__", "__copy__", "__deepcopy__", "__wrapped__", "_fields", "_replace"):
        with pytest.raises(AttributeError):
            getattr(made, name)
    for way in (
        lambda: Record(made.claim, made.proof, (), ()),
        lambda: object.__new__(Checked),
        lambda: SET(made, "goal", WRONG),
    ):
        with pytest.raises((Refused, AttributeError, TypeError)):
            require_checked(way())


class Shell:
    """A stranger with room for what a checked statement has."""

    __slots__ = ("__weakref__",)


def test_the_class_of_an_object_makes_no_record() -> None:
    made, stranger = check(Claim(scope(), eq(ONE, ONE)), FIELD_ONE), Shell()
    stranger.__class__ = Checked  # type: ignore[assignment]
    made.__class__ = Shell  # type: ignore[assignment]
    for each in (stranger, made):
        with pytest.raises(Refused):
            require_checked(each)
    made.__class__ = Checked
    assert require_checked(made).goal == eq(ONE, ONE)


# ---- bounds


@pytest.mark.parametrize(
    "make",
    [
        lambda: num(0) ** num(10**9),
        lambda: ((num(2) ** num(4096)) ** num(4096)) ** num(4096),
        lambda: num(2) ** num(10**9),
        lambda: (x + ONE) ** num(10**6),
    ],
)
def test_huge_powers_end_at_once(make) -> None:  # type: ignore[no-untyped-def]
    t = make()
    refused(scope(x=REAL), eq(t, t + ONE), Proof("field", (t, t + ONE)))


def test_large_formulas_end_at_once() -> None:
    t = x
    with pytest.raises(IllFormed, match="parts"):
        for _ in range(40):
            t = Term("add", t, t)
    factors = [var(f"x{i}") for i in range(40)]
    where = Scope(tuple((f"x{i}", REAL) for i in range(40)))
    goal = lt(ZERO, Term("mul", *factors))
    refused(where, goal, Proof("decided", (goal,)))
    implications = [Term("imp", lt(ZERO, x + num(i)), lt(ZERO, x + num(i + 1))) for i in range(12)]
    goal = lt(ZERO, x + num(100))
    refused(scope(*implications, x=REAL), goal, Proof("decided", (goal,)))


def test_a_compound_premise_is_no_endless_question() -> None:
    premise = Term("all", n, lt(ZERO, Term("at", z, BOUND[0])))
    where = scope(Term("imp", premise, lt(ZERO, x)), n=SIZE, z=Domain("Real", (n,)), x=REAL, y=POSITIVE)
    check(Claim(where, lt(ZERO, y)), Proof("decided", (lt(ZERO, y),)))


@pytest.mark.parametrize("number", ["1e99999999", "1/0", "0x10", " 1", "1_000", "9" * 2000, "", "1/-2"])
def test_numbers_from_outside_are_bounded(number: str) -> None:
    with pytest.raises(IllFormed):
        from_json(["num", number])
    assert from_json(["num", "-3/4"]) == num("-3/4")


@pytest.mark.parametrize(
    "claim", [None, "x", Claim(None, None), Claim(scope(), None), Claim("s", eq(ONE, ONE)), Claim(scope(x="Real"), eq(x, x))]
)  # type: ignore[arg-type]
def test_malformed_claims_are_refused(claim: object) -> None:
    for proof in (
        FIELD_ONE,
        None,
        Proof([], ()),
        Proof("field", None),
        Proof("rule", ("x",)),
        Proof("hypothesis", (slice(0, 1),)),
    ):  # type: ignore[arg-type]
        with pytest.raises(Refused):
            check(claim, proof)  # type: ignore[arg-type]


def test_an_atom_of_another_scope_does_not_get_in_the_way() -> None:
    """One algebra serves all scopes; a term that mentions a variable unknown here is not looked at here."""
    kernel = Kernel()
    a = log(y * var("v") / var("v"))
    kernel.algebra.quotient(a)
    assert kernel.order(scope(y=POSITIVE)).sign(Term("add", Term("exp", log(y)), ONE)) == frozenset({1})
    assert kernel.order(scope(y=POSITIVE)).sign(log(y) + log(y)) == frozenset({-1, 0, 1})
