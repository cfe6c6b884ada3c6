"""Hostile input for ``lossproof verify``: what people paste, break, or send on purpose, the same for the same seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

CLAIMS = sorted((Path(__file__).parent / "claims").glob("*.jsonl"))
MAX_LINE = 100_000  #: bytes; what ``docs/verify.md`` says
#: A file that appears if anything of an input is run.
CANARY = "lossproof-fuzz-canary"
TOKENS = (
    r"\frac \sum \prod \log \ln \log_2 \exp \sqrt \left( \right) \left[ \right. \begin{cases} \end{cases} \int \lim \max \min "
    r"\partial \delta_{kl} \operatorname{softmax} \sigma \tanh H( D( \| \le \ge = < > \ne \hat \mathrm{d} \binom \\ & { } ( ) "
    r"[ ] _ ^ _{i=1} ^{n} p_i q_i z_k x n K i k e \pi \infty , ; . ! ' | + - / * 0 1 2 0.1 12345678901234567890 \foo "
    r"\input{/etc/passwd} \def\x{\x} \x \csname end\endcsname % $ $$ # @ ~ ` \text{a} \mid \cdots \ldots \substack \underset "
    r"dx \, \; \quad"
)
WORDS = TOKENS.split(" ")
WHERES = (
    "p, q: Simplex[n]", "p: Simplex[n]; q: OpenSimplex[n]", "z: Real[K]; y: OneHot[K]", "x: Real",
    "x, y: Positive; u: Probability",
    "r: Simplex[n, m]", "x: Real; n: Size", "",
)  # fmt: skip
CODE = (
    f"__import__('os').system('touch {CANARY}')", f"open('{CANARY}','w')", "().__class__.__bases__[0].__subclasses__()",
    f"exec(\"open('{CANARY}','w')\")", f"{{{{lambda: open('{CANARY}', 'w')}}}}", f"\\write18{{touch {CANARY}}}",
    "${jndi:ldap://x}",
    f"$(touch {CANARY})", f"`touch {CANARY}`", "<script>alert(1)</script>", "'; DROP TABLE claims; --", "../../etc/passwd",
)  # fmt: skip


def noise(rng: Random) -> tuple[str, str]:
    """Random bytes, as text."""
    text = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 200))).decode("latin-1")
    return text, rng.choice((*WHERES, text[:30]))


def soup(rng: Random) -> tuple[str, str]:
    """Tokens in any order."""
    return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 60))), rng.choice(WHERES)


def broken(rng: Random) -> tuple[str, str]:
    """A real claim with characters lost, doubled, exchanged or put in; nearly none can be read."""
    path = rng.choice(CLAIMS)
    claim = json.loads(rng.choice(path.read_text(encoding="utf-8").splitlines()))
    text, where = claim["latex"], claim["where"]
    for _ in range(rng.randrange(2, 7)):
        at = rng.randrange(len(text) + 1)
        text = rng.choice((
            text[:at] + text[at + 1 :], text[:at] + rng.choice("{}()[]_^\\&%$#=<>|~\0\n") + text[at:], text[:at],
            text[:at] + text[at : at + 5] * 2 + text[at + 5 :], text[at:] + text[:at],
        ))  # fmt: skip
    return text, where if rng.random() < 0.8 else where[: rng.randrange(len(where) + 1)]


def deep(rng: Random) -> tuple[str, str]:
    """Nesting, up to where any recursion ends."""
    depth = rng.choice((10, 50, 199, 200, 201, 999, 1000, 3000, 9000))
    start, end = rng.choice((
        ("(", ")"), ("{", "}"), (r"\frac{1}{", "}"), ("x^{", "}"), ("x_{", "}"), (r"\sqrt{", "}"), (r"\left(", r"\right)"),
        (r"\log ", ""), (r"\sum_{i=1}^{n} ", ""), ("-", ""), (r"\frac{\partial}{\partial x}(", ")"), ("|", "|"),
        ("e^{-", "}"),
        (r"\begin{cases} ", r" \end{cases}"), ("1/", ""), ("[", "]"), (r"\hat{", "}"), (r"\max(1, ", ")"), (r"\sigma(", ")"),
    ))  # fmt: skip
    closing = end * (depth - rng.choice((0, 0, 1)))
    return f"{start * depth}x{closing} = x", rng.choice(("x: Real", "x: Positive; n: Size"))


def huge(rng: Random) -> tuple[str, str]:
    """Numbers, exponents and ranges which nobody can write out."""
    nines = "9" * rng.choice((10, 300, 999, 5000, 15000))
    latex = rng.choice((
        r"10^{10^{10}} = x", r"9^{9^{9^{9}}} > x", f"{nines} = x", f"x^{{{nines}}} = x", f"{nines}^{{{nines}}} \\ge 0",
        f"0.{nines} < x",
        r"\binom{1000000}{500000} = x", r"1000000! = x", r"\sum_{i=1}^{1000000000} i = x", r"\prod_{i=1}^{1000000} x = x",
        r"\sum_{i=1}^{n} \sum_{j=1}^{n} \sum_{k=1}^{n} \sum_{l=1}^{n} p_i p_j p_k p_l = 1", f"\\frac{{1}}{{{nines}}} > 0",
        r"e^{e^{e^{e^{x}}}} > 0", r"x^{1/1000003} = x", r"\log_{1000003} x = x", f"\\sqrt[{nines[:400]}]{{x}} = x",
        r"2^{2^{2^{2^{2^{2}}}}} = x",
        r"\lim_{x \to 0} x^{1000000} = 0", r"\int_0^{10^{100}} e^{x} \, dx = x", r"(x + 1)^{5000} = x^{5000}",
        r"(1+x)^{300}(1-x)^{300} = 1",
        r"\sum_{i=1}^{n} p_i^{99999} \le 1", r"x^{x^{x^{x}}} = x", r"0^{0^{0}} = 0", r"1/0 = 1/0", r"\log 0 = \log 0",
    ))  # fmt: skip
    return latex, rng.choice(("x: Real", "x: Positive", "x: Real; p: Simplex[n]", "p: Simplex[n]", ""))


def code(rng: Random) -> tuple[str, str]:
    """Program text where names are expected."""
    bad = rng.choice(CODE)
    return rng.choice((
        (bad, "x: Real"), (f"{bad} = x", "x: Real"), (f"\\operatorname{{{bad}}}(x) = x", "x: Real"), ("x = x", bad),
        ("x = x", f"{bad}: Real"), ("x = x", f"x: {bad}"), ("x = x", f"x: Real[{bad}]"), (f"x_{{{bad}}} = 1", "x: Real[n]"),
        (f"\\text{{{bad}}} = x", f"x: Real; {bad}: Size"), (f"\\input{{{bad}}}", ""), (f"\\mathrm{{{bad}}} = 1",
        f"{bad}: Real"),
    ))  # fmt: skip


def characters(rng: Random) -> tuple[str, str]:
    """Control characters, marks that turn the writing round, combining marks, and halves of pairs."""
    odd = ["\0", "\x1b[2J", "\x07", "\u202e", "\u2066", "\ud800", "\udfff", "\U0001f600", "\u0301" * 50, "\ufeff",
    "\u2028", "\x85", "\u0660", "\u200b",
           "ℝ", "𝟙", "ｘ", "\u00ad", "\x7f", "Σ", "∑", "∞", "\r", "\x0b"]  # fmt: skip
    parts = [rng.choice((*odd, "x", "=", "p_i", r"\log ", "1", " ")) for _ in range(rng.randrange(1, 40))]
    return "".join(parts), rng.choice((*WHERES, "x: Real" + rng.choice(odd), rng.choice(odd) + ": Real"))


def long(rng: Random) -> tuple[str, str]:
    """Formulas that do not end: up to a million terms."""
    count = rng.choice((200, 900, 3000, 6000, 50_000, 1_000_000 if rng.random() < 0.02 else 8000))
    part = rng.choice(("x+", "x*", "x=", "p_i ", "1-", "x^2+", r"\log x+", "x<", "(x)", "&", "{}", r"\sum_i ", "x,", "2 "))
    return part * count + "x = x", rng.choice(("x: Real", "x: Positive; p: Simplex[n]", "x: Real; " * rng.choice((1, 300))))


def sizes(rng: Random) -> tuple[str, str]:
    """Sizes which no computer holds, and domains which do not exist."""
    where = rng.choice((
        "p: Simplex[1000000]", "p: Simplex[1000000, 1000000]", "p: Simplex[99999999999999999999]", "p: Simplex[0]",
        "p: Simplex[-1]",
        "p: Simplex[n, n, n]", "p: Simplex[p]", "p: Simplex[1e9]", "n: Simplex[n]", "p: Simplex[n]; n: Real",
        "p: Simplex[½]", "p: Simplex[²]",
        "p: Simplex[]", "p: Simplex[[n]]", "p: Simplex[n", "p Simplex[n]", ": Real", "p:", "p, : Real",
        "p: Real; p: Real", "p: Family[9, 9]",
        ";;;;", "p: OneHot[1000000]", "p: Index[n]", "c: Label[1000000]; p: Simplex[1000000]",
        ", ".join(f"x{k}" for k in range(200)) + ": Real",
    ))  # fmt: skip
    latex = rng.choice(
        (r"\sum_i p_i = 1", r"\sum_{i=1}^{n} p_i = 1", "p_1 = p_2", "H(p) \\ge 0", "p_c = 1", r"\max_i p_i \le 1", "p = p")
    )
    return latex, where


KINDS: tuple[Callable[[Random], tuple[str, str]], ...] = (noise, soup, broken, deep, huge, code, characters, long, sizes)
#: How many of a hundred inputs are of each kind: what gets past the reader is dear.
SHARES = (22, 24, 22, 5, 2, 12, 9, 2, 2)
#: Lines that are no question at all.
LINES = (
    b"", b"{", b"[]", b"1", b"null", b'"x"', b'{"latex": 1}', b'{"id": {}, "latex": "x"}', b"\xff\xfe",
    b'{"latex": "x", "where": []}',
    b"[" * 5000, b'{"id": "a", "latex": "x = x", "where": "x: Real", "more": 1}', b'{"latex": null}', b"{}" * 50, b"\x00",
)  # fmt: skip


def inputs(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Formulas with domains."""
    rng = Random(f"fuzz/{seed}")
    for _ in range(count):
        (kind,) = rng.choices(KINDS, SHARES)
        yield kind(rng)


def lines(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Lines for ``--jsonl`` with the id of the answer; the empty id stands for the number of the line."""
    rng = Random(f"lines/{seed}")
    for number, (latex, where) in enumerate(inputs(seed, count), 1):
        if rng.random() < 0.01:
            bad = rng.choice(LINES[1:])
            yield ("a" if b'"a"' in bad else "{}" if b"{}," in bad else str(number)), bad
        else:
            line = json.dumps({"id": f"f{number}", "latex": latex, "where": where}).encode()
            yield (f"f{number}" if len(line) <= MAX_LINE else str(number)), line
