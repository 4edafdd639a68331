"""What every test stands on: empty caches, data migrations kept, and no test skipped unnoticed."""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from django.core.cache import caches
from hypothesis import settings

# How long an example takes is the machine's affair.
settings.register_profile("gloss", deadline=None)
settings.load_profile("gloss")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


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
