"""Which addresses are accepted, and which two are known as one document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import addresses

STORY = "https://example.org/2020/a-story"
# How long a path a host leaves room for.
ROOM = addresses.ADDRESS_MAX_LENGTH - len("https://example.org/")

# Each is another address of the document before it.
SAME = {
    "the case of scheme and host": ("https://example.org/A", "HTTPS://Example.ORG/A"),
    "the usual port": (STORY, "https://example.org:443/2020/a-story"),
    "http": (STORY, "http://example.org/2020/a-story"),
    "the usual port of http": (STORY, "http://example.org:80/2020/a-story"),
    "www": (STORY, "https://www.example.org/2020/a-story"),
    "the dot behind a host": (STORY, "https://example.org./2020/a-story"),
    "a name in other letters": ("https://xn--mnchen-3ya.de/", "https://münchen.de"),
    "space around it": (STORY, f"  {STORY}\n"),
    "a path without end": ("https://example.org/", "https://example.org"),
    "a slash behind it": (STORY, f"{STORY}/"),
    "steps in the path": (STORY, "https://example.org/2019/../2020/./a-story"),
    "letters written out": ("https://example.org/caf%C3%A9", "https://example.org/café"),
    "letters that need no writing out": (STORY, "https://example.org/2020/a%2Dstory"),
    "the file for a folder": ("https://example.org/a/", "https://example.org/a/index.html"),
    "the file for a folder on other servers": ("https://example.org/a/", "https://example.org/a/Default.aspx"),
    "a session in the path": (STORY, f"{STORY};jsessionid=5F3A"),
    "a place in it": (STORY, f"{STORY}#the-middle"),
    "a page of it": ("https://example.org/a.pdf", "https://example.org/a.pdf#page=12"),
    "words in it": (STORY, f"{STORY}#:~:text=nobody%20counted"),
    "the campaign that led there": (STORY, f"{STORY}?utm_source=x&utm_medium=y&UTM_Campaign=z"),
    "a campaign of a newer kind": (STORY, f"{STORY}?utm_something_new=1"),
    "the click that led there": (STORY, f"{STORY}?fbclid=a&gclid=b&msclkid=c&ttclid=d&yclid=e"),
    "the letter that led there": (STORY, f"{STORY}?mc_cid=a&mc_eid=b&mkt_tok=c&_hsenc=d"),
    "the site that led there": (STORY, f"{STORY}?ref_src=twsrc%5Etfw&__twitter_impression=true"),
    "the order of parameters": ("https://example.org/?a=1&b=2", "https://example.org/?b=2&a=1"),
    "space in a parameter": ("https://example.org/?q=a+b", "https://example.org/?q=a%20b"),
    "an equals sign with nothing behind it": ("https://example.org/?print", "https://example.org/?print="),
    "a parameter among others": ("https://example.org/?id=7", "https://example.org/?utm_source=x&id=7&fbclid=y"),
    "the mobile host": (STORY, "https://m.example.org/2020/a-story"),
    "the mobile host, spelled out": (STORY, "https://mobile.example.org/2020/a-story"),
    "the mobile host under www": (STORY, "https://www.m.example.org/2020/a-story"),
    "the mobile host of a wiki": ("https://en.wikipedia.org/wiki/Toll", "https://en.m.wikipedia.org/wiki/Toll"),
    "a host under a suffix of two parts": ("https://example.co.uk/a", "https://m.example.co.uk/a"),
    "AMP as a host": (STORY, "https://amp.example.org/2020/a-story"),
    "AMP before the path": (STORY, "https://example.org/amp/2020/a-story"),
    "AMP behind the path": (STORY, f"{STORY}/amp/"),
    "AMP in the name of the file": ("https://example.org/a.html", "https://example.org/a.amp.html"),
    "AMP behind the name of the file": (STORY, f"{STORY}.amp"),
    "AMP as a parameter": (STORY, f"{STORY}?amp=1"),
    "AMP as a parameter without value": (STORY, f"{STORY}?amp"),
    "AMP as a kind of output": (STORY, f"{STORY}?outputType=amp"),
    "AMP at Google": (STORY, "https://www.google.com/amp/s/amp.example.org/2020/a-story"),
    "AMP at Google in another country": (STORY, "https://www.google.co.uk/amp/example.org/2020/a-story/amp"),
    "AMP at Bing": (STORY, "https://www.bing.com/amp/s/www.example.org/2020/a-story"),
    "AMP in its cache": (STORY, "https://example-org.cdn.ampproject.org/c/s/example.org/2020/a-story?amp_js_v=0.1"),
    "AMP in its cache, to be looked at": (STORY, "https://cdn.ampproject.org/v/s/example.org/2020/a-story"),
    "a copy in the Wayback Machine": (STORY, f"https://web.archive.org/web/20200102030405/{STORY}"),
    "a copy as it came": (STORY, f"https://web.archive.org/web/20200102030405id_/{STORY}"),
    "the newest copy": (STORY, f"https://web.archive.org/web/{STORY}"),
    "a copy that lost a slash": (STORY, "http://web.archive.org/web/2020/http:/example.org/2020/a-story"),
    "a copy of a page with a query": (
        "https://example.org/?id=7",
        "https://web.archive.org/web/2020/https://example.org/?id=7&utm_source=x",
    ),
    "a copy of a copy": (STORY, f"https://web.archive.org/web/2021/https://web.archive.org/web/2020/{STORY}"),
    "a copy in archive.today": (STORY, f"https://archive.ph/2020.01.02-030405/{STORY}"),
    "one archive under two names": ("https://archive.today/AbC12", "https://archive.is/AbC12"),
    "a search that leads on": (
        STORY,
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2F2020%2Fa-story&ved=x",
    ),
    "a network that leads on": (STORY, "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F2020%2Fa-story&h=x"),
    "a video, shared": ("https://www.youtube.com/watch?v=aB-3", "https://youtu.be/aB-3?si=xyz&t=90"),
    "a video in a list": ("https://www.youtube.com/watch?v=aB-3", "https://m.youtube.com/watch?list=x&v=aB-3&index=2"),
    "a video in a page": ("https://www.youtube.com/watch?v=aB-3", "https://www.youtube-nocookie.com/embed/aB-3"),
    "a DOI at its former host": ("https://doi.org/10.1000/ab.1", "http://dx.doi.org/10.1000/AB.1"),
    "a network under two names": ("https://twitter.com/a/status/1", "https://x.com/a/status/1"),
}

# Both look alike, and are two documents.
OTHER = {
    "another path": (STORY, "https://example.org/2020/another-story"),
    "another case of the path": ("https://example.org/A", "https://example.org/a"),
    "another host": ("https://example.org/a", "https://example.com/a"),
    "another part of a site": ("https://blog.example.org/a", "https://example.org/a"),
    "another server of a site": ("https://www2.example.org/a", "https://example.org/a"),
    "another port": ("https://example.org:8443/a", "https://example.org/a"),
    "another video": ("https://www.youtube.com/watch?v=aB-3", "https://www.youtube.com/watch?v=aB-4"),
    "another case of a video": ("https://youtu.be/aB-3", "https://youtu.be/ab-3"),
    "another number": ("https://example.org/story?id=7", "https://example.org/story?id=8"),
    "another post": ("https://example.org/?p=7", "https://example.org/?p=8"),
    "another story, numbered in the old way": (
        "https://example.org/a.pl?sid=20/1",
        "https://example.org/a.pl?sid=20/2",
    ),
    "another product": ("https://example.org/item?pid=7", "https://example.org/item?pid=8"),
    "another route of a program": ("https://example.org/?r=page/a", "https://example.org/?r=page/b"),
    "another version": ("https://example.org/file?ref=main", "https://example.org/file?ref=v2"),
    "another file of records": ("https://example.org/law?reference=1", "https://example.org/law?reference=2"),
    "another picture": ("https://example.org/?gallery=1", "https://example.org/?gallery=2"),
    "another source of numbers": ("https://example.org/data?source=a", "https://example.org/data?source=b"),
    "another paper": ("https://example.org/record?eid=2-s2.0-1", "https://example.org/record?eid=2-s2.0-2"),
    "another search": ("https://example.org/?q=toll", "https://example.org/?q=bridge"),
    "another search, in letters of another time": ("https://example.org/?q=%E9t", "https://example.org/?q=%E8t"),
    "parameters in another order of one name": ("https://example.org/?v=1&v=2", "https://example.org/?v=2&v=1"),
    "a slash that is written out": ("https://example.org/a%2Fb", "https://example.org/a/b"),
    "another page of one script": ("https://example.org/#/a", "https://example.org/#/b"),
    "another page of one script, in the old way": ("https://example.org/#!a", "https://example.org/#!b"),
    "a page about amplifiers": ("https://example.org/amp", "https://example.org/"),
    "a word that ends like AMP": ("https://example.org/camp", "https://example.org/c"),
    "a site of one letter": ("https://m.de/a", "https://mobile.de/a"),
    "a site called mobile": ("https://mobile.de/a", "https://example.de/a"),
    "a list of copies": (f"https://web.archive.org/web/*/{STORY}", STORY),
    "a copy of what is no page": ("https://web.archive.org/web/2020/https://localhost/", "https://localhost.org/"),
    "a page that names another": (f"https://example.org/?next={STORY}", STORY),
}


def table(cases: dict[str, tuple[str, str]]) -> list[object]:
    return [pytest.param(first, second, id=name) for name, (first, second) in cases.items()]


@pytest.mark.parametrize(("plain", "given"), table(SAME))
def test_one_document_has_one_canonical_address_whatever(plain: str, given: str) -> None:
    assert addresses.canonical(given) == addresses.canonical(plain)


@pytest.mark.parametrize(("one", "other"), table(OTHER))
def test_two_documents_keep_two_addresses_in_spite_of(one: str, other: str) -> None:
    assert addresses.canonical(one) != addresses.canonical(other)


def test_the_name_of_a_document_is_an_address_that_people_can_read() -> None:
    given = "http://www.Example.org:80/2020/a-story/index.html?utm_source=x&b=2&a=1#top"
    assert addresses.canonical(given) == "https://example.org/2020/a-story?a=1&b=2"


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
        "https://exam ple.org/",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * ROOM + "a",
        "not an address",
        "",
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence(given: str) -> None:
    with pytest.raises(addresses.AddressError, match=r"\.$"):
        addresses.canonical(given)


def test_the_longest_address_is_accepted() -> None:
    longest = "https://example.org/" + "a" * ROOM
    assert addresses.canonical(longest) == longest


@pytest.mark.parametrize("letter", ["é", "猫", " "])
def test_what_is_too_long_only_when_it_is_written_out_is_refused_in_words(letter: str) -> None:
    with pytest.raises(addresses.AddressError, match="Written out"):
        addresses.canonical("https://example.org/" + letter * (ROOM - 1) + "a")


def test_a_copy_in_an_archive_is_known_as_one_and_leads_to_its_original() -> None:
    copy = "https://web.archive.org/web/20200102030405/http://www.example.org/a?utm_source=x"
    assert addresses.is_archived(copy)
    assert addresses.original(copy) == "http://www.example.org/a?utm_source=x"
    assert not addresses.is_archived("http://www.example.org/a")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://example.org:8443/", "example.org"),
        ("https://192.0.2.7/a", "192.0.2.7"),
        ("https://somebody.github.io/a", "somebody.github.io"),
    ],
)
def test_a_site_is_the_name_that_somebody_registered(url: str, site: str) -> None:
    assert addresses.site(url) == site


HOSTS = [
    "example.com",
    "www.example.co.uk",
    "m.example.com",
    "amp.www.example.com",
    "web.archive.org",
    "archive.ph",
    "www.google.com",
    "x.cdn.ampproject.org",
    "youtu.be",
    "m.youtube.com",
    "doi.org",
    "en.m.wikipedia.org",
    "l.facebook.com",
    "192.0.2.7",
    "[::ffff:192.0.2.7]",
    "münchen.de",
]
# What addresses are made of, well and badly.
PIECES = """
    / // . .. a é amp index.html .amp .html web 2020 url s c m. www. watch embed redirect l.php example.com https: http://
    ? & = q v id u= utm_source + % %20 %2F %41 %zz %E9 # #! #/x ;jsessionid=1 : :80 @ [ ]
"""
ADDRESSES = st.builds(
    lambda scheme, host, pieces: f"{scheme}://{host}{''.join(pieces)}",
    st.sampled_from(["https", "http", "HTTP"]),
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from([*PIECES.split(), " ", "\x00", "\ud800"]), max_size=14),
)


@given(ADDRESSES | st.text(max_size=60))
def test_whatever_is_typed_has_one_name_or_is_refused_in_words(given: str) -> None:
    name, refusal = named(given)
    if refusal:
        assert refusal.endswith(".")
    else:
        assert addresses.canonical(name) == name
        assert len(name) <= addresses.ADDRESS_MAX_LENGTH
        assert addresses.site(name)


def named(given: str) -> tuple[str, str]:
    """Give the name of an address, or the sentence with which it is refused."""
    try:
        return addresses.canonical(given), ""
    except addresses.AddressError as refusal:
        return "", str(refusal)
