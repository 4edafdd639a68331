"""A Chromium for the browser tests: this machine's, else Playwright's, else Debian's."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import debian, environment

# The shell is the same engine without windows, and takes a third less time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FONTS = "fonts-dejavu-core"


def find() -> str:
    """Give the path of a Chromium that starts, fetched if need be, or nothing when there is none to be had."""
    return next((path for path in _candidates() if _starts(path)), "")


def _candidates() -> Iterator[str]:
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
    # Nobody's own machine gets a second Chromium.
    if environment.CI and not shutil.which(NAMES[0]) and debian.may_install():
        debian.install(NAMES[0], FONTS)
    yield from filter(None, map(shutil.which, NAMES))
    own = _playwrights_own()
    yield own
    print("No Chromium on this machine: fetching Playwright's …", flush=True)
    if debian.done(sys.executable, "-m", "playwright", "install", "chromium"):
        yield own
        if debian.may_install():
            debian.done(sys.executable, "-m", "playwright", "install-deps", "chromium")
            yield own
    if debian.may_install():
        print("… or Debian's …", flush=True)
        for name in NAMES[:2]:
            if debian.install(name, FONTS):
                yield from filter(None, [shutil.which(name)])


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _starts(path: str) -> bool:
    return Path(path).exists() and debian.done(path, "--version")


if __name__ == "__main__":
    print(find())
