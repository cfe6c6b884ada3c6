"""Tests of one group run in one process, where an expensive fixture is made once; and a busy machine is given its time."""

from collections.abc import Iterator

import pytest
from tools import HANGS


def pytest_configure(config: pytest.Config) -> None:
    """Let ``pytest -n`` keep groups together."""
    if getattr(config.option, "dist", None) == "load":
        config.option.dist = "loadgroup"


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """A claim ends by its steps in every test that does not say otherwise; the backstop in seconds is for what hangs."""
    from derivations.verify import verify

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(verify.__kwdefaults__, "timeout", float(HANGS))
        yield
