"""The Nu Html Checker as a server on this machine, asked about each page as a browser would get it."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Generator
from typing import Any

import pytest
from django.test import Client

from tools import nu

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60

# Around what a script asks for, to put it into a page; the page's own heading is not in it.
FRAGMENT = '<!doctype html><html lang="en"><head><title>A fragment</title></head><body>{}</body></html>'
PAGES_AFFAIR = "none of them has a computed heading level of 1"


@pytest.fixture(scope="session")
def checker() -> Generator[str]:
    """Start the checker and give its address."""
    program = nu.find()
    assert program, "the checker is not to be had: it needs Java and npm"
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    options = f"-Dnu.validator.servlet.bind-address={HOST}", "-Dnu.validator.servlet.log4j-properties="
    java, *rest = program
    command = [java, *options, *rest, "nu.validator.servlet.Main", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://{HOST}:{port}/?out=json"
        _wait_for(address)
        yield address
        process.terminate()


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _ask(address, FRAGMENT.format(""))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _ask(address: str, html: str) -> list[dict[str, Any]]:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    request = urllib.request.Request(address, data=html.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        messages: list[dict[str, Any]] = json.load(answer)["messages"]
    return messages


def _said(message: dict[str, Any]) -> str:
    return f"{message.get('lastLine')}: {message['message']}\n    {message.get('extract', '')}"


@pytest.fixture
def check(checker: str) -> Callable[..., None]:
    """Assert that the checker has nothing to say about a page, or about a fragment of one."""

    def assert_valid(html: str, *, about: str, is_fragment: bool = False) -> None:
        found = _ask(checker, FRAGMENT.format(html) if is_fragment else html)
        said = [_said(message) for message in found if not (is_fragment and PAGES_AFFAIR in message["message"])]
        assert not said, f"{about}\n" + "\n".join(said)

    return assert_valid


@pytest.fixture
def check_page(check: Callable[..., None], client: Client) -> Callable[..., None]:
    """Assert that a page of the site is valid, as a stranger or the signed-in `by` gets it."""

    def assert_valid(address: str, *, by: Client = client, status: int = 200) -> None:
        response = by.get(address)
        assert response.status_code == status, address
        check(response.content.decode(), about=address)

    return assert_valid
