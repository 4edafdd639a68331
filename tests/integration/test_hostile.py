"""Whatever anybody sends to any address of the site is refused in plain words, or kept and shown as mere words."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from annotations import filtering
from tests import site_map
from tests.hostile import SCRIPT, Form, Site, faults, forms, make_site

pytestmark = pytest.mark.django_db

NOWHERE = 404
BEYOND_ALL = "1" + "0" * 40

VALUES = {
    "a number beyond the database's": "9" * 19,
    "a number beyond all": BEYOND_ALL,
    "lines of a header": "a\r\nSet-Cookie: evil=1\r\n\r\n",
    "another site, and a script": "//evil.example/'\"><x-evil>",
    "nothing": "",
}
TURNED_HEAD = "a\u202e\u2066\r\nSet-Cookie: evil=1\r\n\r\n"
BY_HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://localhost/articles/a-text/p1/?at={BEYOND_ALL}"}

_ASKED_FOR = re.compile(r'\b(?:GET|query)\.get(?:list)?\("([\w-]+)"')
_OF_THE_PANEL = ("q", "o", "p", "e", "all", "article", "state__exact", "created_at__year", "id__in", TO_FIELD_VAR)
_OF_ALLAUTH = ("next", "code", "email", "login", "key")


def parameters() -> set[str]:
    """Give the name of every parameter that any page asks for."""
    sources = [path for app in ("reader", "annotations") for path in Path(settings.BASE_DIR, app).rglob("*.py")]
    found = {name for path in sources for name in _ASKED_FOR.findall(path.read_text(encoding="utf-8"))}
    return found.union(filtering._NAMES, _OF_THE_PANEL, _OF_ALLAUTH)


class Browser:
    """Somebody's browser, which is shown faults as people are, and stays signed in whatever it does."""

    def __init__(self, site: Site, who: str) -> None:
        self.client = Client(raise_request_exception=False)
        if person := site.people[who]:
            self.client.force_login(person)
        self.cookies = self.client.cookies.output(header="", sep=";")
        self.followed = set[str]()

    def get(self, address: str, query: Mapping[str, str] | None = None, *, is_followed: bool = False) -> Any:
        return self._asked(self.client.get, address, query, {}, is_followed=is_followed)

    def post(self, address: str, fields: Mapping[str, str], *, is_followed: bool = False, **how: Any) -> Any:
        """Send a form; what comes of it is taken back."""
        response = self._asked(self.client.post, address, fields, how, is_followed=is_followed)
        for cache in caches.all(initialized_only=True):
            cache.clear()
        return response

    def _asked(self, ask: Any, address: str, fields: Any, how: Mapping[str, Any], *, is_followed: bool) -> Any:
        self.client.cookies.load(self.cookies)
        with transaction.atomic():
            response = ask(address, fields, **how)
            while is_followed and (onward := self._onward(response, address)):
                response = self.client.get(onward)
            transaction.set_rollback(True)
        return response

    def _onward(self, response: Any, address: str) -> str:
        """Give where an answer leads, once for each page that it leads to: all private pages lead to the same one."""
        onward = str(urljoin(address, response.headers.get("Location", "")))
        page = onward.partition("?")[0]
        if "Location" not in response.headers or page in self.followed:
            return ""
        self.followed.add(page)
        return onward


@pytest.fixture(scope="module")
def site(module_db: None) -> Iterator[Site]:
    """Give one site to all tests here: they only look at it, and what they send to it is taken back at once."""
    # Most of what is asked for is refused, and every refusal would be written down with how it came about.
    logging.disable(logging.WARNING)
    yield make_site()
    logging.disable(logging.NOTSET)


def text(response: Any) -> str:
    # What is no page is read as well: whoever leaves a file unread leaves it open.
    written = b"".join(response)
    return written.decode() if "html" in response.headers.get("Content-Type", "") else ""


def wrong(response: Any) -> Sequence[str]:
    """Give what is wrong with an answer: a fault of ours, a header that was sent in, words that are more than words."""
    shown = faults(text(response))
    if "evil" in response.cookies or response.status_code >= 500:
        return [f"status {response.status_code}, {response.cookies}", *shown]
    return shown


def only_wrong(found: Iterable[tuple[str, Any]]) -> dict[str, Sequence[str]]:
    return {address: told for address, response in found if (told := wrong(response))}


@pytest.mark.parametrize("who", ["a stranger", "a reader", "a moderator"])
def test_what_is_written_anywhere_is_shown_as_mere_words(site: Site, who: str) -> None:
    browser = Browser(site, who)
    addresses = site_map.addresses(site.values)
    assert not only_wrong((address, browser.get(address, is_followed=True)) for address in addresses)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("who", ["a stranger", "who may do all"])
def test_no_parameter_makes_a_page_fail(site: Site, who: str, value: str) -> None:
    browser, query = Browser(site, who), dict.fromkeys(sorted(parameters()), value)
    addresses = site_map.addresses(site.values)
    assert not only_wrong((address, browser.get(address, query)) for address in addresses)


@pytest.mark.parametrize("name", ["o", "p", "q", "state__exact", "id__in", "created_at__year", "a__b__c"])
def test_no_parameter_makes_a_list_of_the_panel_fail(site: Site, name: str) -> None:
    browser = Browser(site, "who may do all")
    lists = [address for address in site_map.addresses(site.values) if re.fullmatch(r"/admin/\w+/\w+/", address)]
    values = ("", BEYOND_ALL, SCRIPT[:70])
    assert not only_wrong((address, browser.get(address, {name: value})) for address in lists for value in values)


@pytest.mark.parametrize("value", [BEYOND_ALL, "٣"])
def test_no_path_makes_a_page_fail(site: Site, value: str) -> None:
    browser = Browser(site, "who may do all")
    known: tuple[dict[str, str], ...] = ({}, {"slug": "a-text"}, {"slug": "a-text", "name": "p1"})
    addresses = {address for values in known for address in site_map.addresses(values, otherwise=value)}
    asked = {address: browser.get(address) for address in addresses}
    posted = {address: browser.post(address, {}) for address, answer in asked.items() if answer.status_code != NOWHERE}
    assert not only_wrong([*asked.items(), *posted.items()])


@pytest.mark.parametrize("who", ["a stranger", "another reader", "who may do all"])
def test_no_form_makes_a_page_fail(site: Site, who: str) -> None:
    browser, sent, found = Browser(site, who), set[Any](), dict[str, Any]()
    for address in site_map.addresses(site.values):
        for form in forms(text(browser.get(address)), at=address):
            # The same form stands on many pages, and the same button with each thing that it can do.
            known_by = (form.action.partition("?")[0], form.fields.get("act"), *sorted(form.fields))
            if known_by in sent:
                continue
            sent.add(known_by)
            found |= {
                f"{form.action}, all of it": browser.post(form.action, dict.fromkeys(form.fields, BEYOND_ALL)),
                f"{form.action}, typed": browser.post(form.action, typed(form, SCRIPT), is_followed=True),
                f"{form.action}, by a script": browser.post(form.action, typed(form, TURNED_HEAD), headers=BY_HTMX),
            }
    assert sent
    assert not only_wrong(found.items())


def typed(form: Form, words: str) -> dict[str, str]:
    """Give a form with words in what is typed; what a browser fills in is as it is, or nothing else would be read."""
    return {name: was or words for name, was in form.fields.items()}
