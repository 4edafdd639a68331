"""`make screenshots`: the pictures of the README, taken of the real pages with the sample reading."""

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tools import chromium, environment

PICTURES = environment.ROOT / "docs" / "pictures"
ARTICLE = "/articles/china-cutting-cooperation-with-the-us/"

TALL = ViewportSize(width=1440, height=1620)
DESK = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=820, height=1100)
PHONE = ViewportSize(width=390, height=844)

# An account that may edit, as the site prints it when it starts for the first time.
_ACCOUNT = re.compile(r"name (?P<name>\S+), password (?P<password>\S+)")
# What the editor of the pictures changes: a word that readers wrote about, and where a paragraph ends.
_EDITS = (
    ("some 39,000 illegal", "about 39,000 illegal"),
    ("were in full swing. Beijing", "were in full swing.\n\nBeijing"),
)


class Picture(NamedTuple):
    """One picture: what is shown, on how wide a screen, in which colours, and what is opened first."""

    name: str
    address: str
    viewport: ViewportSize = DESK
    color_scheme: Literal["light", "dark"] = "light"
    opened: str = ""
    # What the page is scrolled to.
    at: str = ""
    is_scripted: bool = True
    # What the reader has set, by cookies.
    settings: Mapping[str, str] = MappingProxyType({})


ALL = (
    Picture("reading-light", ARTICLE, TALL),
    Picture("reading-dark", ARTICLE, color_scheme="dark", at="#p3"),
    Picture("reading-sepia", ARTICLE, at="#p5", settings={"theme": "sepia", "size": "large"}),
    Picture("reading-tablet", ARTICLE, TABLET),
    Picture("reading-phone", ARTICLE, PHONE, at="#p5"),
    Picture("panel", ARTICLE, opened="#p3 .entry a"),
    Picture("panel-phone", ARTICLE, PHONE, opened="#p5 mark"),
    Picture("paragraph", f"{ARTICLE}p7/#respond", is_scripted=False),
    Picture("edition", f"{ARTICLE}edition/", at="#p5"),
    Picture("sources", f"{ARTICLE}sources/"),
    Picture("evidence", f"{ARTICLE}p5/?place=s0"),
    Picture("library", "/"),
    Picture("sign-in", "/accounts/login/"),
)


class Site(NamedTuple):
    """An installation that answers, and the account that may do everything there."""

    address: str
    name: str
    password: str


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _site() as site, _browser() as browser:
        for picture in ALL:
            _take(picture, browser, site)
        _take_queue(browser, site)
        _take_revision(browser, site)


@contextmanager
def _site() -> Iterator[Site]:
    """Serve a new installation, and throw it away."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [str(environment.PYTHON), "-m", "tools.run"]
        variables = os.environ | {"VAR_DIR": folder, "PORT": str(port)}
        site = subprocess.Popen(command, cwd=environment.ROOT, env=variables, stdout=subprocess.PIPE, text=True)
        try:
            said = _said_until_it_answers(site)
            account = _ACCOUNT.search(said)
            assert account is not None
            yield Site(f"http://127.0.0.1:{port}", account["name"], account["password"])
        finally:
            site.terminate()
            site.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _said_until_it_answers(site: "subprocess.Popen[str]") -> str:
    assert site.stdout is not None
    said = ""
    for line in site.stdout:
        said += line
        if "Gloss is at" in line:
            return said
    sys.exit("The site did not start.")


@contextmanager
def _browser() -> Iterator[Browser]:
    # No sandbox where it runs as root and cannot have one.
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        yield browser
        browser.close()


def _take(picture: Picture, browser: Browser, site: Site) -> None:
    page = browser.new_page(
        base_url=site.address,
        viewport=picture.viewport,
        color_scheme=picture.color_scheme,
        java_script_enabled=picture.is_scripted,
        reduced_motion="reduce",
    )
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.address} for name, value in picture.settings.items()]
    )
    page.goto(picture.address, wait_until="networkidle")
    if picture.at:
        page.locator(picture.at).evaluate("element => element.scrollIntoView()")
    if picture.opened:
        page.locator(picture.opened).first.click()
        page.locator("#panel .place").wait_for()
        page.wait_for_load_state("networkidle")
    _keep(page, picture.name)
    page.close()


def _take_queue(browser: Browser, site: Site) -> None:
    """Report something as a reader does, and look at what waits as a moderator does."""
    page = _signed_in(browser, site, ARTICLE)
    page.goto(page.locator("#p7 .entry a").first.get_attribute("href") or "")
    page.goto(page.locator(".more-acts a[href$='/reports/']").first.get_attribute("href") or "")
    page.get_by_label("Source misrepresented").check()
    page.get_by_label("Anything a moderator should know").fill("The report does not speak of a list.")
    page.get_by_role("button", name="Report").click()
    page.goto("/admin/", wait_until="networkidle")
    _keep(page, "queue")
    page.close()


def _signed_in(browser: Browser, site: Site, address: str) -> Page:
    """Give a page of whoever may do everything, at an address."""
    page = browser.new_page(base_url=site.address, viewport=DESK, color_scheme="light", reduced_motion="reduce")
    page.goto(f"/accounts/login/?next={address}")
    page.locator("[name=login]").fill(site.name)
    page.locator("[name=password]").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state("networkidle")
    return page


def _take_revision(browser: Browser, site: Site) -> None:
    """Revise the first article as an editor does: the draft, what publishing it would do, and what readers see then."""
    page = browser.new_page(base_url=site.address, viewport=DESK, color_scheme="light", reduced_motion="reduce")
    page.goto("/accounts/login/?next=/desk/")
    page.locator("[name=login]").fill(site.name)
    page.locator("[name=password]").fill(site.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Revise").first.click()
    for before, after in _EDITS:
        box = page.locator("textarea").filter(has_text=before)
        box.fill(box.input_value().replace(before, after))
    box.evaluate("box => box.scrollIntoView({ block: 'center' })")
    _keep(page, "draft")
    page.get_by_role("button", name="Save and review").click()
    page.get_by_label("Correction note").fill(
        "A long paragraph is now two; one word reads more easily. No fact has changed."
    )
    _keep(page, "review")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(lambda address: "/drafts/" not in address)
    page.goto(f"{ARTICLE}revisions/1..2/", wait_until="networkidle")
    _keep(page, "comparison")
    page.close()


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
    print(f"docs/pictures/{name}.png", flush=True)


if __name__ == "__main__":
    main()
