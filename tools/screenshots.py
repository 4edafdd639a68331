"""`make screenshots`: the pictures of the README, taken of the real pages with the sample reading."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from playwright.sync_api import ViewportSize, sync_playwright

from tools import chromium, environment

PICTURES = environment.ROOT / "docs" / "pictures"
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
ARTICLE = f"{ADDRESS}/articles/china-cutting-cooperation-with-the-us/"

DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


class Picture(NamedTuple):
    """One picture: what is shown, on how wide a screen, in which colours, and what is opened first."""

    name: str
    address: str
    viewport: ViewportSize = DESK
    color_scheme: Literal["light", "dark"] = "light"
    opened: str = ""


ALL = (
    Picture("reading-light", ARTICLE),
    Picture("reading-dark", ARTICLE, color_scheme="dark"),
    Picture("reading-phone", ARTICLE, PHONE),
    Picture("panel", ARTICLE, opened="#p3 .entry a"),
    Picture("panel-phone", ARTICLE, PHONE, opened="#p3 .respond"),
    Picture("paragraph", f"{ARTICLE}p3/"),
    Picture("library", f"{ADDRESS}/"),
    Picture("sign-in", f"{ADDRESS}/accounts/login/"),
)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _site(), _browser() as take:
        for picture in ALL:
            take(picture)


@contextmanager
def _site() -> Iterator[None]:
    """Serve a new installation, and throw it away."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(environment.PYTHON), "-m", "tools.run"]
        variables = os.environ | {"VAR_DIR": folder, "PORT": str(PORT)}
        site = subprocess.Popen(command, cwd=environment.ROOT, env=variables, stdout=subprocess.PIPE, text=True)
        try:
            assert site.stdout is not None
            if not any("Gloss is at" in line for line in site.stdout):
                sys.exit("The site did not start.")
            yield
        finally:
            site.terminate()
            site.wait()


@contextmanager
def _browser() -> Iterator[Callable[[Picture], None]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"])

        def take(picture: Picture) -> None:
            page = browser.new_page(viewport=picture.viewport, color_scheme=picture.color_scheme)
            page.goto(picture.address, wait_until="networkidle")
            if picture.opened:
                page.locator(picture.opened).first.click()
                page.locator("#panel .place").wait_for()
                page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"{picture.name}.png", animations="disabled")
            page.close()
            print(f"docs/pictures/{picture.name}.png", flush=True)

        yield take
        browser.close()


if __name__ == "__main__":
    main()
