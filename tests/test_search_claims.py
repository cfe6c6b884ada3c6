"""Textbook claims about entropies, divergences and losses: the true ones are proved, the false ones are not.

Every label is checked against the second witness, which knows nothing of the search: it finds a point where a false claim
fails, and none where a true one does.
"""

import json
from operator import itemgetter
from pathlib import Path

import pytest
from mutants import theorem
from tools import dealt

from derivations._kernel.check import Claim, Kernel, Refused, check
from derivations._reader import read, translate
from derivations._search.equation import NotFound
from derivations._search.integrals import worth
from derivations._search.prove import prove
from derivations._verify.definedness import conditions
from derivations._verify.lemmas import Extended
from derivations._witness.raw import Budget, refute

CLAIMS = Path(__file__).parent / "claims"
QUICK = Budget(points=60, balls=3, confirm=8, close=2, slow=6, climbs=0)
#: True claims which the search does not prove, and why.
OPEN = {
    "tanh-addition": "the common denominator has more terms than the kernel expands",
    "binary-h-sqrt": "its slope has roots and logarithms, and no decided sign",
    "textbook-17": "its slope has roots and logarithms, and no decided sign",
    "textbook-18": "its slope has roots and logarithms, and no decided sign",
    "lemma-2": "for many outcomes no bound term by term is found",
    "lemma-1": "a bound in three variables",
    "k2-jensen": "the square of a divergence is not put together again",
    "lim-compound": "the base is not seen to be positive near zero",
    "three-prod": "a cubic in two variables",
    "binary-entropy-sqrt-upper": "its slope has roots and logarithms, and no decided sign",
    "entropy-quadratic-deficit": "for many outcomes, some of which may be zero, no bound term by term is found",
    "bretagnolle-huber": "for many outcomes no bound term by term is found",
    "js-root-triangle": "a root of a sum is not compared with others term by term",
    "l1-l2-inequality": "that each term is at most half the sum is not seen",
    "local-kl-chi-square": "a limit is not taken term by term",
    "kraft-sum-jensen": "powers of two are not weighed as exponentials",
    "likelihood-product-below-mean": "a product of many is not compared with its factors",
    "lse-lipschitz-max": "a maximum is not taken out of every exponential",
    "geometric-entropy-series": "a sum without an end is not read",
    "log-factorial-lower": "an index is not a number here",
}


def claims(name):
    """The claims of a file."""
    return [json.loads(line) for line in (CLAIMS / f"{name}.jsonl").read_text().splitlines()]


TRUE, FALSE = claims("search/own_true"), claims("own_false")
LIBRARY = Extended(theorem("gibbs_inequality", "same")[2])
by_id = itemgetter("id")


def read_claim(claim):
    """The scope and the goal; definedness conditions that are not decided are assumed."""
    scope, goal = translate(read(claim["latex"], claim["where"]), worth)
    return conditions(Kernel(), scope, goal)[0], goal


def found(scope, goal):
    """The statement proved, or why none was found."""
    try:
        return check(Claim(scope, goal), prove(Kernel(LIBRARY), scope, goal), LIBRARY).goal
    except (NotFound, Refused) as error:
        return str(error)


def test_the_lists_are_lists_of_different_claims():
    everything = [(c["where"], c["latex"]) for c in TRUE + FALSE]
    assert len(set(everything)) == len(everything) and len({c["id"] for c in TRUE + FALSE}) == len(everything)
    assert all(c["truth"] for c in TRUE) and not any(c["truth"] for c in FALSE) and set(OPEN) < {c["id"] for c in TRUE}


@pytest.mark.parametrize("claim", dealt([c for c in TRUE if c["id"] not in OPEN], 30, by_id, all_of=12))
def test_a_true_claim_is_proved(claim):
    scope, goal = read_claim(claim)
    assert found(scope, goal) == goal


@pytest.mark.parametrize("claim", dealt(FALSE, 17, by_id, all_of=6))
def test_a_false_claim_is_refuted_and_not_proved(claim):
    assert refute(read(claim["latex"], claim["where"])) is not None
    assert isinstance(found(*read_claim(claim)), str)


@pytest.mark.parametrize("claim", dealt(TRUE, 24, by_id, all_of=12))
def test_no_point_contradicts_a_true_claim(claim):
    assert refute(read(claim["latex"], claim["where"]), budget=QUICK) is None
