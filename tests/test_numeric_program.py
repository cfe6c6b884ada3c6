"""Any well-typed formula is emitted as NumPy source that agrees with plain loops over the formula."""

from __future__ import annotations

import ast
import random
import warnings
from fractions import Fraction

import numpy as np
import pytest

from derivations._kernel.domains import Domain, Scope, sort
from derivations._kernel.terms import ONE, Term, free_names, num, var
from numeric import _load
from numeric.backends import backends
from numeric.backends import numpy as numpy_backend
from numeric.emit import Formula, emit_source, lambdify
from numeric.program import NotEmittable, lower, zero_based
from numeric.truth import NoAnswer, truths

N, M = var("n"), var("m")
SCOPE = Scope((
    ("n", Domain("Size")), ("m", Domain("Size")),
    ("p", Domain("Positive", (N,))), ("q", Domain("Positive", (N,))), ("r", Domain("Positive", (M,))),
    ("x", Domain("Positive")), ("y", Domain("Bit")), ("k", Domain("Index", (N,))), ("c", Domain("Index", (N,))),
))  # fmt: skip
WITH_ARRAY = SCOPE.declaring("A", Domain("Positive", (N, M)))
SIZES = {"n": 3, "m": 4}


def app(name: str, *args: Term) -> Term:
    return Term("app", name, *args)


class Draw:
    """Random well-typed formulas; ``around`` lists the sizes of the binders around, innermost last."""

    def __init__(self, seed: int, array: bool) -> None:
        self.rng = random.Random(seed)
        self.scope = WITH_ARRAY if array else SCOPE
        self.array = array

    def index(self, size: Term, around: list[Term]) -> Term:
        found = [Term("bound", len(around) - 1 - d) for d, s in enumerate(around) if s == size]
        return self.rng.choice(found * 3 + ([var("k"), var("c")] if size == N else []) or [None])

    def leaf(self, around: list[Term]) -> Term:
        choice = self.rng.randrange(8 if self.array else 7)
        if choice == 0:
            return num(Fraction(self.rng.randint(1, 6), self.rng.randint(1, 4)))
        if choice == 1:
            return var("x")
        if choice == 2 and (i := self.index(M, around)) is not None:
            return Term("at", var("r"), i)
        if choice == 7 and (i := self.index(M, around)) is not None:
            return Term("at", var("A"), self.index(N, around), i)
        if choice == 3:
            return self.rng.choice([Term("const", "pi"), N, M])
        return Term("at", var(self.rng.choice("pq")), self.index(N, around))

    def vector(self, depth: int, around: list[Term]) -> Term:
        if self.rng.random() < 0.5:
            return var(self.rng.choice("pq"))
        return Term("vec", N, self.positive(depth, [*around, N]))

    def positive(self, depth: int, around: list[Term]) -> Term:
        if depth <= 0:
            return self.leaf(around)
        d = depth - 1
        choice = self.rng.randrange(11)
        if choice in (0, 1, 2):
            size = self.rng.choice((N, M))
            op = self.rng.choice(("sum", "sum", "top", "prod"))
            return Term(op, size, self.positive(d, [*around, size]))
        if choice == 3:
            return Term("exp", self.real(d, around) * Fraction(1, 4))
        if choice == 4:
            return self.positive(d, around) + self.positive(d, around)
        if choice == 5:
            return self.positive(d, around) / self.positive(d, around)
        if choice == 6:
            return Term("pow", self.positive(d, around), self.rng.choice((num(Fraction(1, 2)), num(2), num(-1), var("x"))))
        if choice == 7:
            return app("softmax", self.vector(d, around), self.index(N, around))
        if choice == 8:
            return app("sigmoid", self.real(d, around))
        if choice == 9:
            same = self.rng.choice((var("y"), self.leaf(around)))
            return Term("case", same, self.rng.choice((ONE, same)), self.positive(d, around), self.positive(d, around))
        return self.leaf(around) * self.positive(d, around)

    def real(self, depth: int, around: list[Term]) -> Term:
        if depth <= 0:
            return self.leaf(around) * self.rng.choice((1, -1))
        d = depth - 1
        choice = self.rng.randrange(10)
        if choice == 0:
            return Term("log", self.positive(d, around))
        if choice == 1:
            return Term("xlog", *(self.positive(d, around) for _ in range(3)))
        if choice == 2:
            return self.real(d, around) - self.real(d, around)
        if choice == 3:
            return Term("max", self.real(d, around), self.real(d, around))
        if choice == 4:
            return Term("abs", self.real(d, around))
        if choice == 5:
            name = self.rng.choice(("H", "CE", "D"))
            return app(name, *(self.vector(d, around) for _ in range(1 if name == "H" else 2)))
        if choice == 6:
            return Term("delta", self.index(N, around), self.index(N, around)) * self.real(d, around)
        if choice == 7:
            return Term("log", Term("sum", N, Term("exp", self.real(d, [*around, N]) * Fraction(1, 4))))
        if choice == 8:
            size = self.rng.choice((N, M))
            return Term("sum", size, self.real(d, [*around, size]))
        return self.positive(d, around)


def parameters(term: Term, array: bool) -> tuple[str, ...]:
    return (*"pqrxyc", *("A" if array else "")) if free_names(term) else tuple("pqr")


def point(rng: np.random.Generator, array: bool) -> dict[str, np.ndarray]:
    shapes = {"p": (3,), "q": (3,), "r": (4,), "x": (), **({"A": (3, 4)} if array else {})}
    values = {name: rng.integers(8, 96, shape) / 64 for name, shape in shapes.items()}
    return {**values, "y": np.asarray(float(rng.integers(2))), "c": np.asarray(rng.integers(3))}


def exact(value: np.ndarray) -> object:
    return tuple(map(exact, value)) if value.ndim else Fraction(float(value))


def by_loops(term: Term, scope: Scope, given: dict[str, np.ndarray]) -> np.ndarray:
    """The value by the witness; an index axis where k is free."""
    values = {name: int(v) + 1 if name == "c" else exact(v) for name, v in given.items()}
    ks = [{"k": i} for i in (1, 2, 3)] if "k" in free_names(term) else [{}]
    found = [float(v) for v in truths(term, scope, SIZES, values, ks)]
    return np.array(found if len(ks) > 1 else found[0])


def agrees(function: object, points: list[dict[str, np.ndarray]], truth: list[np.ndarray], names: tuple[str, ...]) -> bool:
    """Whether the function gives the values by loops, for a batch and with another axis, and without a warning."""
    batch = [np.stack([p[name] for p in points]) for name in names]
    want = np.stack(truth)
    try:
        with warnings.catch_warnings(), np.errstate(all="raise"):
            warnings.simplefilter("error")
            found = [(function(*batch), want)]
            if "A" not in names:
                turned = [np.moveaxis(b, -1, 0) if b.ndim == 2 else b for b in batch]
                found.append((function(*turned, axis=0), np.moveaxis(want, -1, 0) if want.ndim == 2 else want))
    except (ValueError, TypeError, IndexError):
        return False
    slack = 1e-9 * max(1.0, np.abs(want).max())
    return all(got.shape == w.shape and np.allclose(got, w, rtol=1e-9, atol=slack) for got, w in found)


def draws(count: int):
    """Formulas with two points each at which the witness has an answer of a moderate size."""
    found, seed = [], 0
    while len(found) < count:
        seed += 1
        array = seed % 4 == 0
        draw = Draw(seed, array)
        term = draw.real(4, [])
        if not any(s in repr(term) for s in ("sum(", "top(", "prod(", "app(")) or not free_names(term) & set("pqr"):
            continue
        assert sort(term, draw.scope).name == "real"
        rng = np.random.default_rng(seed)
        points = [point(rng, array) for _ in range(2)]
        try:
            truth = [by_loops(term, draw.scope, p) for p in points]
        except NoAnswer:
            continue
        if all(np.isfinite(t).all() and np.abs(t).max() < 1e6 for t in truth):
            found.append((seed, term, draw.scope, parameters(term, array), points, truth))
    assert seed < 3 * count + 60, "most formulas must have an answer"
    return found


FORMULAS = draws(60)


@pytest.mark.parametrize("stabilise", [True, False])
def test_random_formulas_agree_with_the_witness(stabilise: bool) -> None:
    wrong = []
    for seed, term, scope, names, points, truth in FORMULAS:
        function = lambdify(Formula(term, scope), parameters=names, stabilise=stabilise)
        if not agrees(function, points, truth, names):
            wrong.append(seed)
    assert not wrong
    assert sum("k" in free_names(f[1]) for f in FORMULAS) >= 10
    assert sum("c" in free_names(f[1]) for f in FORMULAS) >= 10


@pytest.mark.parametrize("slip", ["axis", "dropped term", "max for sum", "no shift", "sign"])
def test_a_wrong_emitter_is_caught(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison above can fail: each planted slip makes some formula disagree."""
    change = {"axis": ("axis=-1)", "axis=0)"), "max for sum": ("np.sum(", "np.max("), "sign": (" - ", " + ")}.get(slip)
    if slip == "dropped term":
        original = numpy_backend._Printer.sum
        monkeypatch.setattr(numpy_backend._Printer, "sum", lambda self, args: original(self, list(args)[:-1]))
    caught = affected = 0
    for _, term, scope, names, points, truth in FORMULAS:
        source = emit_source(Formula(term, scope), name="formula", parameters=names)
        if change:
            head, body = source.split("call.arrays", 1)
            source = head + "call.arrays" + body.replace(*change)
        if slip == "no shift":
            points = [{**p, "c": (p["c"] + 1) % 3} for p in points]
        affected += 1
        try:
            caught += not agrees(_load.load(source, "formula"), points, truth, names)
        except SyntaxError:
            continue
    assert caught >= 5, f"{caught} of {affected}"


def test_labels_are_shifted_once() -> None:
    assert [zero_based(Fraction(i)) for i in (1, 7)] == [0, 6]
    literal = Scope((("z", Domain("Real", (num(3),))),))
    first, last = (lambdify(Formula(Term("at", var("z"), num(i)), literal)) for i in (1, 3))
    z = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    assert first(z).tolist() == [1.0, 8.0] and last(z).tolist() == [4.0, 32.0]
    gathered = lambdify(Formula(Term("at", var("p"), var("c")), SCOPE), parameters=("p", "c"))
    assert gathered(z, [0, 2]).tolist() == [1.0, 32.0]
    assert gathered(z[0], [[0], [2]]).tolist() == [[1.0], [4.0]]
    with pytest.raises(ValueError, match="labels outside 0, …, 2"):
        gathered(z, [0, 3])
    with pytest.raises(ValueError, match="labels outside"):
        gathered(z, [-1, 0])
    with pytest.raises(TypeError, match="labels"):
        gathered(z, [0.0, 1.0])


def test_sizes_are_numbers_and_two_free_indices_are_two_axes() -> None:
    scope = SCOPE.declaring("l", Domain("Index", (N,)))
    soft = lambda i: app("softmax", var("p"), i)  # noqa: E731
    hessian = soft(var("k")) * (Term("delta", var("k"), var("l")) - soft(var("l")))
    function = lambdify(Formula(hessian, scope), parameters=("p",))
    z = np.array([[0.5, 1.0, 2.0], [1.0, 1.0, 1.0]])
    s = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    want = s[:, :, None] * (np.eye(3) - s[:, None, :])
    np.testing.assert_allclose(function(z), want, rtol=1e-14)
    assert function(z.T, axis=0).shape == (3, 3, 2)
    mean = lambdify(Formula(Term("sum", N, Term("at", var("p"), Term("bound", 0))) / N, scope))
    assert mean(z).tolist() == [3.5 / 3, 1.0]
    given = lambdify(Formula(Term("pow", var("x"), N), scope), parameters=("x", "n"))
    assert given(2.0, 5) == 32.0
    with pytest.raises(ValueError, match="n is a length"):
        given(2.0, 0)
    with pytest.raises(NotEmittable, match="leave it out"):
        lower(Term("sum", N, Term("at", var("p"), Term("bound", 0))), scope, ("p", "n"))
    one_hot = lambdify(Formula(Term("delta", var("c"), var("k")), scope), parameters=("c", "n"))
    assert one_hot([[0], [2]], 3).tolist() == [[[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]]]
    with pytest.raises(ValueError, match="labels outside 0, …, 2"):
        one_hot(3, 3)
    with pytest.raises(NotEmittable, match="make n a parameter"):
        lower(Term("pow", var("x"), N), scope, ("x",))


def test_what_is_not_an_array_program_is_refused_with_advice() -> None:
    for term, advice in (
        (Term("deriv", var("x") * var("x"), var("x")), "emit the derived right-hand side"),
        (Term("eq", var("x"), ONE), "emit one side"),
    ):
        with pytest.raises(NotEmittable, match=advice):
            lower(term, SCOPE)
    with pytest.raises(NotEmittable, match="not among the parameters"):
        lower(var("x") + var("y"), SCOPE, ("x",))
    with pytest.raises(ValueError, match="no backend 'fortran'"):
        lambdify(Formula(var("x"), SCOPE), backend="fortran")
    assert backends() == ("numpy",)


def test_text_never_becomes_code() -> None:
    """Names are identifiers or refused; a summary cannot leave its docstring."""
    evil = 'x=__import__("os")'
    scope = Scope(((evil, Domain("Real")),))
    with pytest.raises(NotEmittable, match="cannot be a Python name"):
        emit_source(Formula(var(evil), scope), name="f")
    for name in ("import", "a b", "np", "f()"):
        with pytest.raises(NotEmittable, match="cannot be a Python name"):
            emit_source(Formula(var("x"), SCOPE), name="f", rename={"x": name})
    text = '"""\nimport os\n"""\\'
    source = emit_source(Formula(var("x"), SCOPE), name="f", summary=text, theorem=text, formatter=lambda t: text)
    kinds = [type(node).__name__ for node in ast.parse(source).body]
    assert kinds == ["Expr", "ImportFrom", "ImportFrom", "Import", "ImportFrom", "ImportFrom", "FunctionDef"]
    assert "os" not in {a.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for a in node.names}


def test_emission_is_deterministic_and_the_callable_shows_its_source() -> None:
    for _, term, scope, names, *_ in FORMULAS[:20]:
        source = emit_source(Formula(term, scope), name="formula", parameters=names)
        assert source == emit_source(Formula(term, scope), name="formula", parameters=names)
        assert lambdify(Formula(term, scope), parameters=names).__source__ == source
        loops = [n for n in ast.walk(ast.parse(source)) if isinstance(n, (ast.For, ast.While, ast.ListComp, ast.GeneratorExp))]
        assert not loops
