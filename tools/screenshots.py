"""`make screenshots`: the pictures of the README, taken of the real pages with the sample reading."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from playwright.sync_api import ViewportSize, sync_playwright

from tools import chromium, environment

PICTURES = environment.ROOT / "docs" / "pictures"
ARTICLE = "/articles/china-cutting-cooperation-with-the-us/"

TALL = ViewportSize(width=1440, height=1620)
DESK = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=820, height=1100)
PHONE = ViewportSize(width=390, height=844)


class Picture(NamedTuple):
    """One picture: what is shown, on how wide a screen, in which colours, and what is opened first."""

    name: str
    address: str
    viewport: ViewportSize = DESK
    color_scheme: Literal["light", "dark"] = "light"
    opened: str = ""
    is_scripted: bool = True


ALL = (
    Picture("reading-light", ARTICLE, TALL),
    Picture("reading-dark", f"{ARTICLE}#p3", color_scheme="dark"),
    Picture("reading-tablet", ARTICLE, TABLET),
    Picture("reading-phone", f"{ARTICLE}#p5", PHONE),
    Picture("panel", ARTICLE, opened="#p3 .entry a"),
    Picture("panel-phone", ARTICLE, PHONE, opened="#p5 mark"),
    Picture("paragraph", f"{ARTICLE}p7/#respond", is_scripted=False),
    Picture("library", "/"),
    Picture("sign-in", "/accounts/login/"),
)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _site() as address, _browser(address) as take:
        for picture in ALL:
            take(picture)


@contextmanager
def _site() -> Iterator[str]:
    """Serve a new installation, give its address, and throw it away."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [str(environment.PYTHON), "-m", "tools.run"]
        variables = os.environ | {"VAR_DIR": folder, "PORT": str(port)}
        site = subprocess.Popen(command, cwd=environment.ROOT, env=variables, stdout=subprocess.PIPE, text=True)
        try:
            assert site.stdout is not None
            if not any("Gloss is at" in line for line in site.stdout):
                sys.exit("The site did not start.")
            yield f"http://127.0.0.1:{port}"
        finally:
            site.terminate()
            site.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _browser(address: str) -> Iterator[Callable[[Picture], None]]:
    # No sandbox where it runs as root and cannot have one.
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)

        def take(picture: Picture) -> None:
            page = browser.new_page(
                base_url=address,
                viewport=picture.viewport,
                color_scheme=picture.color_scheme,
                java_script_enabled=picture.is_scripted,
                reduced_motion="reduce",
            )
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
