"""Web addresses of sources: which are accepted, and when two are the same document.

Pure: nothing is ever fetched.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from url_normalize import url_normalize

ADDRESS_MAX_LENGTH = 2000

# Query parameters that say how a reader came to a page and not which page it is.
_TRACKING_PREFIXES = ("utm_", "mc_", "pk_")
_TRACKING = {"fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "ref_src", "cmpid"}


class AddressError(ValueError):
    """An address that cannot be a source, with a sentence for the person who typed it."""


def canonical(url: str) -> str:
    """Give the address in one spelling: host in lower case, no fragment, no tracking parameters.

    Raises AddressError for what is not an absolute http(s) address.
    """
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError("This is not a web address.") from error
    if parts.scheme.lower() not in {"http", "https"} or not host or "." not in host.strip("."):
        raise AddressError("A source needs a full web address that begins with https:// or http://.")
    if parts.username or parts.password:
        raise AddressError("Leave the name and password out of the address.")
    if len(url) > ADDRESS_MAX_LENGTH:
        raise AddressError(f"An address may be {ADDRESS_MAX_LENGTH:,} characters long.")
    try:
        normal = urlsplit(url_normalize(url.strip()) or "")
    except (UnicodeError, ValueError) as error:
        raise AddressError("This is not a web address.") from error
    query = urlencode(
        [(name, value) for name, value in parse_qsl(normal.query, keep_blank_values=True) if _tells(name)]
    )
    return urlunsplit((normal.scheme, normal.netloc, normal.path, query, ""))


def _tells(name: str) -> bool:
    return name.lower() not in _TRACKING and not name.lower().startswith(_TRACKING_PREFIXES)
