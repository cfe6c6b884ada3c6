"""Claims in files: each is found on its line, what is only shown is not one, and a second count agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations._verify.found import Marks, Unreadable, files, find, find_in


def lines(text: str, kind: str) -> list[int]:
    """The lines of the claims; every mark has to be accounted for."""
    marks = find_in(text, kind)
    assert marks.lost == []
    return [claim.line for claim in marks.claims]


def only(text: str, kind: str) -> Marks:
    marks = find_in(text, kind)
    assert len(marks.claims) == 1 and not marks.lost
    return marks


@pytest.mark.parametrize("fence", ["```", "~~~", ":::", "`````"])
def test_a_fenced_claim_in_markdown(fence: str) -> None:
    text = f"# T\n\n{fence}{{claim}}\n:where: p: Simplex[n]\n:id: a-1\n\nH(p)\n\\ge 0\n{fence}\n"
    (claim,) = only(text, "markdown").claims
    assert (claim.line, claim.latex, claim.where, claim.id, claim.problem) == (3, "H(p)\n\\ge 0", "p: Simplex[n]", "a-1", "")


def test_windows_line_ends_and_a_space_before_the_name() -> None:
    (claim,) = only("a\r\n\r\n``` {claim}\r\n:where: x: Real\r\n\r\nx = x\r\n```\r\n", "markdown").claims
    assert (claim.line, claim.latex, claim.where) == (3, "x = x", "x: Real")


def test_options_between_lines_of_dashes_and_over_two_lines() -> None:
    (claim,) = only("```{claim}\n---\nwhere: 'x: Real'\nid: k\n---\nx = x\n```\n", "markdown").claims
    assert (claim.where, claim.id, claim.latex) == ("x: Real", "k", "x = x")
    (claim,) = only("```{claim}\n:where: x: Real;\n  y: Real\n\nx = y\n```\n", "markdown").claims
    assert (claim.where, claim.latex) == ("x: Real; y: Real", "x = y")


def test_claims_in_lists_quotes_and_notes_are_claims() -> None:
    text = (
        "- item\n\n  ```{claim}\n  x = x\n  ```\n\n> ~~~{claim}\n> y = y\n> ~~~\n\n1. one\n   ```{claim}\n   z = z\n   ```\n\n"
        "::::{note}\n:::{claim}\nu = u\n:::\n````{tip}\n```{claim}\nv = v\n```\n````\n::::\n"
    )
    assert lines(text, "markdown") == [3, 7, 12, 17, 21]
    assert [c.latex for c in find_in(text, "markdown").claims] == ["x = x", "y = y", "z = z", "u = u", "v = v"]


@pytest.mark.parametrize(
    "shown",
    [
        "````\n```{claim}\nx\n```\n````\n",
        "~~~text\n```{claim}\nx\n```\n~~~\n",
        "````{code-block} md\n```{claim}\nx\n```\n````\n",
        "text\n\n    ```{claim}\n    x\n    ```\n",
        "<!--\n```{claim}\nx\n```\n-->\n",
        "% ```{claim}\n",
        "`{claim}` in a sentence, and ```{claim}``` too\n",
    ],
)
def test_a_mark_in_code_or_in_a_comment_is_no_claim(shown: str) -> None:
    assert lines(shown, "markdown") == []
    assert lines(shown + "\n```{claim}\nx = x\n```\n", "markdown") == [shown.count("\n") + 2]


def test_restructuredtext_within_markdown() -> None:
    (claim,) = only("a\n\n```{eval-rst}\n.. claim::\n   :where: x: Real\n\n   x = x\n```\n", "markdown").claims
    assert (claim.line, claim.latex) == (4, "x = x")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("```{claim}\nx = x\n", "not closed"),
        ("```{claim} x = x\n```\n", "nothing may follow"),
        ("```{claim}\n:where: x: Real\n```\n", "no formula"),
        ("```{claim}\n:domain: x: Real\n\nx = x\n```\n", "no option 'domain'"),
        ("```{claim}\n:id: a b\n\nx = x\n```\n", "cannot be an id"),
    ],
)
def test_a_claim_that_is_written_wrongly_is_counted_and_told(text: str, why: str) -> None:
    assert why in only(text, "markdown").claims[0].problem


def test_restructuredtext() -> None:
    text = (
        "T\n=\n\n.. claim::\n   :where: p: Simplex[n]\n   :id: e\n\n   H(p)\n     \\ge 0\n\n"
        ".. note::\n\n   .. claim::\n\n      x = x\n\nExample::\n\n   .. claim::\n\n      no\n\n"
        ".. code-block:: rst\n\n   .. claim::\n\n..\n   .. claim::\n\n.. a comment\n   .. claim::\n"
    )
    assert lines(text, "rst") == [4, 13]
    claim = find_in(text, "rst").claims[0]
    assert (claim.latex, claim.where, claim.id) == ("H(p)\n  \\ge 0", "p: Simplex[n]", "e")


@pytest.mark.parametrize(
    ("text", "why"), [(".. claim:: x = x\n", "nothing may follow"), (".. claim::\n\nx = x\n", "no indented")]
)
def test_a_directive_that_is_written_wrongly_is_told(text: str, why: str) -> None:
    assert why in only(text, "rst").claims[0].problem


def test_names_of_directives_are_written_large_or_small() -> None:
    assert lines("```{Claim}\nx = x\n```\n", "markdown") == [1] and lines(".. Claim::\n\n   x = x\n", "rst") == [1]


def test_latex() -> None:
    text = (
        "\\begin{claim}[where={p, q: Simplex[n]; x: Real}, id={kl}] % why\n H(p) \\ge 0 \\label{eq}\n\\end{claim}\n"
        "% \\begin{claim} a \\end{claim}\n"
        "\\verb|\\begin{claim}| 100\\% \\begin{claim}x = x\\end{claim} \\begin{claim}y = y\\end{claim}\n"
        "\\iffalse\n\\begin{claim} w \\end{claim}\n\\fi\n"
        "\\begin{verbatim}\n\\begin{claim}\n\\end{verbatim}\n\\begin{lstlisting}\n\\begin{claim}\n\\end{lstlisting}\n"
        "\\end{document}\n\\begin{claim} z \\end{claim}\n"
    )
    assert lines(text, "tex") == [1, 5, 5]
    first = find_in(text, "tex").claims[0]
    assert (first.latex, first.where, first.id) == ("H(p) \\ge 0", "p, q: Simplex[n]; x: Real", "kl")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\\begin{claim}x", r"no \end{claim}"),
        ("\\begin{claim}[Shannon]x\\end{claim}", "cannot read the option 'Shannon'"),
        ("\\begin{claim}[where={x: Real}\\end{claim}", "not closed"),
        ("\\begin{claim}[where={x: Real}]\\end{claim}", "no formula"),
    ],
)
def test_an_environment_that_is_written_wrongly_is_told(text: str, why: str) -> None:
    assert why in only(text, "tex").claims[0].problem


PYTHON = '''r"""Module.

.. claim::
   :where: x: Real

   \\frac{x}{2} = x
"""
# .. claim::
text = """
.. claim::
"""
class A:
    def f(self):
        r"""Doc.

        ```{claim}
        x = x
        ```

        Example::

            .. claim::

               no
        """
    async def g(self):
        """Not raw.

        .. claim::

           \\\\frac{a}{b} = b
        """
'''


def test_docstrings_are_parsed_and_never_run() -> None:
    assert lines("import os\nraise SystemExit\n" + PYTHON.replace('r"""Module', 'r"""No docstring'), "python") == [
        16 + 2,
        29 + 2,
    ]
    assert lines(PYTHON, "python") == [3, 16, 29]
    assert [c.latex for c in find_in(PYTHON, "python").claims] == ["\\frac{x}{2} = x", "x = x", "\\frac{a}{b} = b"]


def test_backslashes_which_python_eats_are_told() -> None:
    (claim,) = only('"""Doc.\n\n.. claim::\n\n   \\frac{a}{b} = b\n"""\n', "python").claims
    assert "not raw" in claim.problem and claim.line == 3


def test_a_file_that_cannot_be_looked_through_says_why(tmp_path: Path) -> None:
    for name, data, why in (("a.py", b"def", "parsed"), ("a.md", b"\xff\xfe", "UTF-8"), ("a.csv", b"", "end in")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unreadable, match=why) as caught:
            find(tmp_path / name)
        assert name in str(caught.value)


def test_folders_leave_out_what_is_hidden_or_generated(tmp_path: Path) -> None:
    for name in ("a.md", "b/c.rst", "b/_build/d.md", ".git/e.md", "f.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [p.relative_to(tmp_path).as_posix() for p in files([tmp_path])] == ["a.md", "b/c.rst"]


def test_a_mark_which_nobody_accounts_for_is_reported() -> None:
    marks = Marks()
    marks.agree([4])
    assert marks.lost == [4]
