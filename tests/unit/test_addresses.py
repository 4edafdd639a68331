import pytest

from annotations import addresses


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("HTTP://Example.COM:80/a", "http://example.com/a", id="case of the host and the usual port"),
        pytest.param("https://example.org/a#part", "https://example.org/a", id="the fragment"),
        pytest.param("https://example.org/?utm_source=x&id=7&fbclid=y", "https://example.org/?id=7", id="tracking"),
        pytest.param(" https://example.org/a ", "https://example.org/a", id="space around it"),
        pytest.param("https://example.org", "https://example.org/", id="an empty path"),
    ],
)
def test_one_document_has_one_canonical_address_whatever(given: str, expected: str) -> None:
    assert addresses.canonical(given) == expected


def test_parameters_that_name_the_page_are_kept() -> None:
    assert addresses.canonical("https://example.org/w?v=1&v=2") == "https://example.org/w?v=1&v=2"


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/a",
        "//example.org/a",
        "example.org/a",
        "https://",
        "http://[::1",
        "https://user:secret@example.org/",
        "https://localhost/a",
        "https://example.org:port/",
        "https://example.org/" + "a" * 2000,
        "not an address",
        "",
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(addresses.AddressError, match=r"\.$"):
        addresses.canonical(given)
