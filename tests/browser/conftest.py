"""Real browsers on a live server: one per reader, at the widths and in the colours that readers have."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError
from pytest_django.live_server_helper import LiveServer

import reader
from annotations import sampling
from reader.models import Article, User
from tests.collecting import collected_in
from tests.factories import make_article, make_reader

# Playwright keeps an event loop in the tests' own thread; Django takes that for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# No traffic of the browser's own, no pages of its own behind the address bar of each window, and no sandbox where it
# runs as root and cannot have one.
CHROMIUM_ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--disable-quic",
    "--no-first-run",
)
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
    # Not the rule on locked orientation: for it axe writes style sheets into the page, which our policy forbids.
    "preload": False,
}
# Of these rules alone the outcome depends on the colours.
AXE_COLOURS = AXE_OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# What runs with the scrolling never ends; the rest does.
SETTLED = """Promise.all(document.getAnimations()
  .filter((animation) => animation.timeline instanceof DocumentTimeline)
  .map((animation) => animation.finished))"""
FIRST_ARTICLE = Path(reader.__file__).parent / "data" / "first-article.txt"
# Milliseconds: what takes longer than this has failed.
PATIENCE = 10_000
# Without motion, so that things are where they belong as soon as they are there.
READER: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

NewContext: TypeAlias = Callable[..., BrowserContext]
NewPage: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the Chromium of this machine when there is one, else Playwright's own."""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    arguments = [*CHROMIUM_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return browser_type_launch_args | {"executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give the settings under which pages link to files as a host has them: bundled, named by content, packed."""
    given = collected_in(tmp_path_factory.mktemp("static"))
    with override_settings(**given):
        call_command("collectstatic", interactive=False, verbosity=0)
    return given


@pytest.fixture(autouse=True)
def _linked_as_collected(collected: dict[str, Any]) -> Iterator[None]:
    with override_settings(**collected):
        yield


@pytest.fixture(scope="session")
def live_server(collected: dict[str, Any]) -> Iterator[LiveServer]:
    """Serve the site and its files by its own middleware; Django's test server would look among their sources."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = _by_itself  # type: ignore[assignment]
    with override_settings(**collected):
        server.start()
    yield server
    server.stop()


def _by_itself(application: WSGIHandler) -> WSGIHandler:
    return application


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Let tests write addresses as the site map does: `page.goto("/")`."""
    return live_server.url


@pytest.fixture
def complaints() -> Generator[list[str]]:
    """Give what the browsers complain about, and fail the test at its end when there is anything."""
    heard: list[str] = []
    yield heard
    assert not heard, "the browser complained:\n" + "\n".join(heard)


@pytest.fixture
def new_context(new_context: NewContext, complaints: list[str], live_server: LiveServer) -> NewContext:
    """Open browser contexts that take Playwright's options (`viewport`, `color_scheme`, `java_script_enabled`).

    An error in the console, a violation of the content-security policy and a request to another host are complaints.
    """

    def opened(**options: Any) -> BrowserContext:
        context = new_context(**{**READER, **options})
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: complaints.extend(_errors(message)))
        context.on("weberror", lambda error: complaints.append(_crash(error)))
        context.on("request", lambda request: complaints.extend(_strays(request, live_server.url)))
        return context

    return opened


def _errors(message: ConsoleMessage) -> list[str]:
    # An answer of 404 or 422 is told as an error too, and tests ask for those on purpose.
    is_complaint = message.type == "error" and "the server responded with a status of" not in message.text
    return [message.text] if is_complaint else []


def _crash(error: WebError) -> str:
    return str(error.error)


def _strays(request: Request, home: str) -> list[str]:
    is_home = request.url.startswith((f"{home}/", "data:"))
    return [] if is_home else [f"asked another host: {request.url}"]


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    """Give a stranger's browser at a desk, which `page` uses."""
    return new_context()


@pytest.fixture
def no_script_page(new_context: NewContext) -> Page:
    """Give a page of a browser without JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def phone_page(new_context: NewContext) -> Page:
    """Give a page 390 pixels wide, under a thumb."""
    return new_context(**PHONE).new_page()


@pytest.fixture
def signed_in_page(new_context: NewContext, live_server: LiveServer) -> NewPage:
    """Open a page in a browser of its own for a reader by username, made when there is none.

    Further arguments are those of the browser context: `signed_in_page("ada", java_script_enabled=False)`.
    """

    def opened(username: str, **options: Any) -> Page:
        user = User.objects.filter(username=username).first() or make_reader(username=username)
        context = new_context(**options)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": _session_of(user), "url": live_server.url}]
        )
        return context.new_page()

    return opened


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def first_article(live_server: LiveServer) -> Article:
    """Give the first article as it was handed over, with nothing beside it."""
    return make_article(text=FIRST_ARTICLE.read_text(encoding="utf-8"))


@pytest.fixture
def sample_reading(live_server: LiveServer) -> Article:
    """Give the first article with its sample annotations."""
    return sampling.ensure()


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Give the checker, whose script is long: it is read once."""
    return Axe()


@pytest.fixture
def check_accessibility(axe: Axe) -> Callable[..., None]:
    """Assert that the accessibility rules find nothing wrong on a page as it stands: light, sepia and dark.

    With `within`, only there: what a sheet covers in part cannot be judged.
    """

    def assert_no_violation(page: Page, *, within: str = "html") -> None:
        chosen = page.evaluate("document.documentElement.dataset.theme")
        options = AXE_OPTIONS
        # The admin panel keeps to Django's own two.
        for theme in ("light", "dark") if "/admin/" in page.url else ("light", "sepia", "dark"):
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            page.evaluate(SETTLED)
            results = axe.run(page, context=within, options=options)
            assert results.violations_count == 0, f"{page.url}, {theme}\n{results.generate_report()}"
            options = AXE_COLOURS
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme ?? ''; }", chosen)

    return assert_no_violation
