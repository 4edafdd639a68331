"""`manage.py check_sources`."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Document
from reader.importing import fetching
from tests import web
from tests.sites import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    served = Site()
    with web.serving(served) as served.port:
        monkeypatch.setattr(fetching, "INTERNET", web.Network(served.port))
        yield served


def check(*options: str) -> str:
    said = StringIO()
    call_command("check_sources", *options, stdout=said)
    return said.getvalue().strip()


def test_it_looks_at_what_is_due_and_says_what_it_found(site: Site) -> None:
    article = site.cited().article
    site.cited("/gone", article=article, host="other.example")
    assert check() == "Looked at 2 addresses: 1 there, 1 not found, to be looked at again."
    assert {document.status for document in Document.objects.all()} == {"alive", ""}


def test_when_nothing_is_due_it_says_so() -> None:
    assert check() == "Looked at 0 addresses."


def test_more_than_it_may_look_at_is_left_for_the_next_run(site: Site) -> None:
    article = site.cited("/0").article
    site.cited("/1", article=article)
    assert check("--most", "1", "--seconds", "60").endswith("More is due: the next run goes on.")
    assert site.paths == ["/0"]


@pytest.mark.parametrize("option", ["--most", "--seconds"])
@pytest.mark.parametrize("said", ["0", "-1", "many", "1.5", "99999999999", "٣"])
def test_a_limit_that_is_none_is_refused_in_words(option: str, said: str) -> None:
    with pytest.raises(CommandError, match=rf"{option} takes a whole number"):
        check(f"{option}={said}")
