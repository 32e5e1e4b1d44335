"""Servers that tests need, one of each per test run. Import a fixture where it is used, or name this module as a plugin."""

import atexit
from contextlib import ExitStack
from functools import cache

import pytest

from tests.servers.ministack import NotInstalled, ministack_server
from tests.servers.pretix import Pretix, pretix_server


@pytest.fixture(scope="session")
def pretix() -> Pretix:
    """Start a real, freshly seeded pretix; the first time on a machine it is installed, which takes a minute or two."""
    return _pretix()


@cache
def _pretix() -> Pretix:
    # Kept outside the fixture: pytest makes one per module that imports it.
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(pretix_server())


@pytest.fixture(scope="session")
def ministack() -> str:
    """Start an empty DynamoDB; gives its address. It is another's program: where it cannot be had, its tests are skipped."""
    try:
        return _ministack()
    except NotInstalled as error:
        pytest.skip(f"ministack cannot be installed here, so DynamoDB was not tested: {error}")


@cache
def _ministack() -> str:
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(ministack_server())
