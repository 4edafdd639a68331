"""What every test stands on: empty caches, data migrations kept, and no test skipped unnoticed."""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Any, TypeVar

import pytest
from django.core.cache import caches
from django.db import connections, transaction
from django.test import TransactionTestCase
from hypothesis import settings
from pytest_django import DjangoDbBlocker

# How long an example takes is the machine's affair.
settings.register_profile("gloss", deadline=None)
settings.load_profile("gloss")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(autouse=True, scope="session")
def emptied_logs() -> Iterator[None]:
    """Let tests that empty all tables empty the moderation log as well, which the database refuses otherwise."""
    case: Any = TransactionTestCase
    empty = case._fixture_teardown

    def empty_unsealed(test: Any) -> None:
        from annotations import sealing

        with ExitStack() as stack:
            for alias in test._databases_names(include_mirrors=False):
                stack.enter_context(sealing.unsealed(connections[alias]))
            empty(test)

    case._fixture_teardown = empty_unsealed
    yield
    case._fixture_teardown = empty


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a module make once what its tests only read; it is taken back after the last of them.

    What a test does itself is taken back at its end, as ever. Not for a module with tests that empty the tables.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Start every test with nothing cached: articles of different tests share numbers."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what migrations wrote, such as the groups, for tests that empty the tables when they end."""
    for item in items:
        if _is_transactional(item):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or bool(fixtures & {"live_server", "transactional_db"})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _failed_when_skipped((yield), item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _failed_when_skipped((yield), collector.nodeid)


def _failed_when_skipped(report: Report, name: str) -> Report:
    """Make a skip a failure where every test is expected to run."""
    if os.environ.get("CI") == "true" and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{name} was skipped, and with CI=true nothing may be: {report.longrepr}"
    return report
