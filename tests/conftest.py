"""Tests of one group run in one process, where an expensive fixture is made once."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Let ``pytest -n`` keep groups together."""
    if getattr(config.option, "dist", None) == "load":
        config.option.dist = "loadgroup"
