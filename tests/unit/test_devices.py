"""What is kept of where somebody signs in from."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader import devices

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.5 Safari/605.1.15": "Safari on Mac",
    f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36": "Chrome on Android",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} CriOS/140.0 Safari/604.1": "Chrome on iPhone",
    "curl/8.5": "A browser",
    "": "A browser",
}


@pytest.mark.parametrize(("user_agent", "words"), BROWSERS.items(), ids=[*BROWSERS.values()])
def test_a_browser_is_said_in_words(user_agent: str, words: str) -> None:
    assert devices.browser(user_agent) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("nowhere", ""),
    ],
)
def test_of_an_address_only_its_surroundings_are_kept(address: str, network: str) -> None:
    assert devices.network(address) == network


@given(st.ip_addresses())
def test_an_address_is_in_its_surroundings_with_many_others(address: ipaddress.IPv4Address) -> None:
    found = ipaddress.ip_network(devices.network(str(address)))
    mapped = getattr(address, "ipv4_mapped", None) or address
    assert mapped in found
    assert found.num_addresses >= 256


@given(st.text(max_size=300))
def test_whatever_a_browser_says_of_itself_few_words_are_kept(user_agent: str) -> None:
    assert len(devices.browser(user_agent)) <= 40
