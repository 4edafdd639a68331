"""Web addresses of sources: which are accepted, and when two lead to the same document.

Pure: nothing is ever fetched, so only what an address says of itself counts. Where that leaves a doubt, two addresses
stay two documents: readers can say that they are the same story, and nobody could take apart what was thrown together.

The canonical address is a name and not a way: it has no www and always https, which not every server answers.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

from detrack import DEFAULT_PATTERNS
from tld import Result, get_tld
from url_normalize import url_normalize

ADDRESS_MAX_LENGTH = 2000


class AddressError(ValueError):
    """An address that cannot be a source, with a sentence for the person who typed it."""


def canonical(url: str) -> str:
    """Give the one spelling by which the document at an address is known.

    What says how a reader came to a page, or how it was shown to them, is left out; a copy in an archive or a cache
    has the name of what it is a copy of.
    Raises AddressError for what is not an absolute http(s) address.
    """
    url = url.strip()
    if len(url) > ADDRESS_MAX_LENGTH:
        raise AddressError(f"An address may be {ADDRESS_MAX_LENGTH:,} characters long.")
    found = _cleaned(original(url))
    # What is left when something was taken away may be an address within an address in turn.
    while (cleaner := _cleaned(original(found))) != found:
        found = cleaner
    if len(found) > ADDRESS_MAX_LENGTH:
        raise AddressError(
            f"Written out for the web, this address is {len(found):,} characters long; {ADDRESS_MAX_LENGTH:,} is the "
            "most."
        )
    return found


def original(url: str) -> str:
    """Give the address that an address of a copy has in it: an archive's, a cache's, or one that only leads on.

    Any other address is given as it is. Raises AddressError for what is not an absolute http(s) address.
    """
    url = url.strip()
    _check(url)
    for find in _COPIES:
        inner = find(url)
        if inner and _is_accepted(inner):
            return original(inner)
    return url


def is_archived(url: str) -> bool:
    """Say whether an address that `canonical` accepts is that of a copy in an archive."""
    url = url.strip()
    return any(inner and _is_accepted(inner) for inner in (_in_wayback_machine(url), _in_archive_today(url)))


def site(url: str) -> str:
    """Give the registered name that an address is under, such as example.co.uk, or its host where there is none."""
    host = urlsplit(url).hostname or ""
    return _registered(host) or host


def mentioned(words: str) -> list[str]:
    """Give the addresses that stand in plain words, in their order: whole ones, and names of sites without a scheme.

    Nothing tells a name from two sentences without a space between them where the second begins with a known ending.
    """
    found = _MENTIONED.finditer(words)
    return [
        match["whole"] or f"https://{match['name']}" for match in found if match["whole"] or _registered(match["name"])
    ]


def _check(url: str) -> None:
    try:
        url.encode()
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError("This is not a web address.") from error
    if parts.scheme.lower() not in {"http", "https"} or not host or "." not in host.strip("."):
        raise AddressError("A source needs a full web address that begins with https:// or http://.")
    if parts.username or parts.password:
        raise AddressError("Leave the name and password out of the address.")


def _is_accepted(url: str) -> bool:
    try:
        _check(url)
        _spelled(url)
    except AddressError:
        return False
    return True


def _cleaned(url: str) -> str:
    """Give one spelling of an address that is no copy of another."""
    host, port, path, parameters, fragment = _spelled(url)
    host = _plain_host(host)
    path = _plain_path(path)
    kept = [(name, value) for name, value in parameters if not _is_of_no_account(name, value)]
    for clean in _SITES:
        host, path, kept = clean(host, path, kept)
    query = "&".join(f"{name}={value}" if value else name for name, value in sorted(kept, key=lambda pair: pair[0]))
    return urlunsplit(("https", host + port, path, query, _route(fragment)))


_MENTIONED = re.compile(
    r"(?P<whole>https?://[^\s<>\"“”„«»]+)|(?<![\w@.-])(?P<name>(?:[\w-]+\.)+[^\W\d_]{2,})(?![\w@-])", re.IGNORECASE
)
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


def _spelled(url: str) -> tuple[str, str, str, list[tuple[str, str]], str]:
    """Give the parts of an address as every other spelling of it has them too: host, port, path, parameters, fragment.

    Parameters stay as they are encoded: not every site counts its letters in UTF-8.
    """
    base, _, fragment = url.partition("#")
    try:
        parts = urlsplit(url_normalize(base) or "")
        host, port = parts.hostname or "", parts.port
    except (UnicodeError, ValueError) as error:
        raise AddressError("This is not a web address.") from error
    host = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(host):
        raise AddressError("This is not a web address: there is no site of that name.")
    pairs = (pair.replace("%20", "+").partition("=") for pair in parts.query.split("&"))
    parameters = [(name, value) for name, _, value in pairs if name]
    return host, f":{port}" if port else "", parts.path, parameters, fragment


# Beginnings of hosts under which a site shows the same pages to other screens or from elsewhere.
_FRONTS = ("www.", "m.", "mobile.", "amp.")
# The language stands before the letter for mobile screens here: en.m.wikipedia.org.
_WIKIS = re.compile(r"([a-z-]+)\.m\.(wiki[a-z]+|wiktionary|mediawiki)\.org")
_OTHER_NAMES = {
    "dx.doi.org": "doi.org",
    "x.com": "twitter.com",
    "old.reddit.com": "reddit.com",
    "youtube-nocookie.com": "youtube.com",
    **{f"archive.{ending}": "archive.today" for ending in ("is", "ph", "li", "vn", "fo", "md")},
}


def _plain_host(host: str) -> str:
    """Leave out what a host begins with for some screens only, as long as a site's whole name is left."""
    host = _WIKIS.sub(r"\1.\2.org", host)
    while host.startswith(_FRONTS):
        rest = host.partition(".")[2]
        if not _registered(rest):
            break
        host = rest
    return _OTHER_NAMES.get(host, host)


def _registered(host: str) -> str:
    """Give the registered name that a host is under; nothing for a public suffix, a number or an unknown ending."""
    found = get_tld(f"https://{host}/", as_object=True, fail_silently=True)
    # Of a public suffix alone the library makes a name as well.
    return found.fld if isinstance(found, Result) and found.domain and found.fld != found.tld else ""


_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index\.(?:html?|php|aspx?|jsp|shtml)|default\.(?:html?|aspx?))$", re.IGNORECASE)
_AMP_FIRST = re.compile(r"^/amp/(?=.)", re.IGNORECASE)
_AMP_LAST = re.compile(r"(?<=[^/])/amp$", re.IGNORECASE)
_AMP_NAME = re.compile(r"(?<=[^/])\.amp(?=\.html?$|$)", re.IGNORECASE)


def _plain_path(path: str) -> str:
    """Leave out of a path which file answers for a folder, the session, and that it is the AMP page of another."""
    path = _INDEX.sub("/", _SESSION.sub("", path)).rstrip("/")
    for amp in (_AMP_FIRST, _AMP_LAST, _AMP_NAME):
        path = amp.sub("/" if amp is _AMP_FIRST else "", path)
    return path or "/"


# Names in the library's list that somewhere name a page, a document or a version of it.
_TELLING = """
    _ _t __s afc awc btag cache campaign_id cb context continue cvid elq email epik fb_comment_id ftag gci icid janet
    link_source mailid mbid nd newsletter next nocache oex origin otc pcrid picid pid pin_id r rand random recipient
    redirect_to ref return_to si sid sns social source srclt sscp taid timestamp trk ts ucid view_id x-source
"""
# What the list has not, though it is on the web's largest sites.
_MORE = {"cmpid", "igsh", "ref_src", "ref_url"}
_TRACKING = {name.lower() for name in DEFAULT_PATTERNS} - set(_TELLING.split()) | _MORE
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "mc_", "hsa_", "at_", "amp_", "__twitter_")
# Ways to ask for the AMP page of a page.
_AMP = {("outputtype", "amp"), ("output", "amp"), ("mode", "amp"), ("view", "amp")}


def _is_of_no_account(name: str, value: str) -> bool:
    """Say whether a parameter tells how a reader came here, or how the page is shown, and not which page it is."""
    name, value = unquote_plus(name).lower(), value.lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or name == "amp" or (name, value) in _AMP


def _route(fragment: str) -> str:
    """Keep a fragment by which a page of scripts knows what to show; a place within a document is none of its own."""
    return quote(unquote(fragment), safe="/!?=&:,;+@~") if fragment.startswith(("/", "!")) else ""


Parts = tuple[str, str, list[tuple[str, str]]]
_VIDEO = re.compile(r"/(?:shorts|live|embed|v)/([\w-]+)$")


def _video(host: str, path: str, parameters: list[tuple[str, str]]) -> Parts:
    """Name a YouTube video by its letters alone, whichever of its addresses it has."""
    if host == "youtu.be" and path.count("/") == 1 and len(path) > 1:
        return "youtube.com", "/watch", [("v", path[1:])]
    if host == "youtube.com" and (named := _VIDEO.fullmatch(path)):
        return host, "/watch", [("v", named[1])]
    if host == "youtube.com" and path == "/watch" and "v" in dict(parameters):
        return host, path, [("v", dict(parameters)["v"])]
    return host, path, parameters


def _identifier(host: str, path: str, parameters: list[tuple[str, str]]) -> Parts:
    """Write a DOI in small letters: it is the same in any."""
    return (host, path.lower(), parameters) if host == "doi.org" else (host, path, parameters)


_SITES: tuple[Callable[[str, str, list[tuple[str, str]]], Parts], ...] = (_video, _identifier)


_WAYBACK = re.compile(r"https?://web\.archive\.org/web/(?:\d{4,14}(?:[a-z]{2}_)?/)?(https?:/.+)", re.IGNORECASE)
_ARCHIVE = re.compile(
    r"https?://archive\.(?:today|is|ph|li|vn|fo|md)/(?:\d{4}[\d.-]*|newest|oldest)/(https?:/.+)", re.IGNORECASE
)
_AMP_CACHE = re.compile(r"https?://[^/?#]*\bcdn\.ampproject\.org/(?:[a-z]{1,2}/)?(?:s/)?([^/?#]+\..+)", re.IGNORECASE)
_AMP_VIEWER = re.compile(
    r"https?://(?:www\.)?(?:google(?:\.[a-z]{2,3}){1,2}|bing\.com)/amp/(?:s/)?([^/?#]+\..+)", re.IGNORECASE
)
_LEADS_ON = re.compile(
    r"https?://(?:www\.google(?:\.[a-z]{2,3}){1,2}/url|lm?\.facebook\.com/l\.php|l\.instagram\.com/|"
    r"(?:www\.)?youtube\.com/redirect)\?(?:[^#]*&)?(?:q|u|url)=(https?[^&#]+)",
    re.IGNORECASE,
)


def _in_wayback_machine(url: str) -> str:
    return _address_in(_WAYBACK.fullmatch(url))


def _in_archive_today(url: str) -> str:
    return _address_in(_ARCHIVE.fullmatch(url))


def _in_amp_cache(url: str) -> str:
    found = _AMP_CACHE.fullmatch(url) or _AMP_VIEWER.fullmatch(url)
    return f"https://{found[1]}" if found else ""


def _led_to(url: str) -> str:
    found = _LEADS_ON.match(url)
    return unquote(found[1]) if found else ""


def _address_in(found: re.Match[str] | None) -> str:
    """Give the address within, with both of its slashes: within an address they often lose one."""
    return re.sub(r"^(https?:)/+", r"\1//", found[1], flags=re.IGNORECASE) if found else ""


_COPIES: tuple[Callable[[str], str], ...] = (_in_wayback_machine, _in_archive_today, _in_amp_cache, _led_to)
