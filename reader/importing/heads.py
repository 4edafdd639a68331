"""The head matter of a page: title, kicker, byline, publisher, address, language, date, as the page itself gives it.

Pure. What pages say for machines comes first (JSON-LD, meta elements), what they show second, and what trafilatura
makes of both last.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urljoin

import trafilatura

from reader.importing import furniture, sanitizing
from reader.importing.trees import Element, elements, tokens, words
from reader.text.paragraphs import normalize

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|WebPage)$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_TAIL = re.compile(r"\s+[|–—·»-]\s+[^|]+$|\s*[_|][^_|]+$")
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "publishdate", "publish-date", "pubdate", "publication_date", "sailthru.date",
    "parsely-pub-date", "citation_publication_date",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "parsely-author", "citation_author", "sailthru.author")
_BYLINES = {
    "byline",
    "author",
    "p-author",
    "by-author",
    "article-author",
    "post-author",
    "entry-author",
    "article__author",
}
_KICKERS = {"kicker", "eyebrow", "overline", "article-kicker", "section-label", "article__kicker", "headline-kicker"}
_MAX_TITLE = 300
_MAX_LINE = 100
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


@dataclass
class Head:
    """What a page says of its article. Empty where it says nothing."""

    title: str = ""
    kicker: str = ""
    byline: str = ""
    publisher: str = ""
    original_url: str = ""
    language: str = ""
    published_on: date | None = None
    # Other spellings of the title on the page, which are furniture where they stand in the text.
    titles: set[str] = field(default_factory=set)


def read(root: Element, *, address: str) -> Head:
    """Read the page's head matter. Changes nothing."""
    return _Reader(root, address).head()


class _Reader:
    def __init__(self, root: Element, address: str) -> None:
        self.root, self.address = root, address
        self.meta = _metas(root)
        self.data = _article_data(root)
        self.has_guessed = False

    def head(self) -> Head:
        publisher = self._publisher()
        head = Head(
            title=self._title(publisher),
            kicker=self._kicker(),
            byline=self._byline(publisher),
            publisher=publisher,
            original_url=self._original_url(),
            language=self._language(),
            published_on=self._published_on(),
        )
        head.titles = {normalize(title) for title in (self._page_title(), head.title, *self._headlines()) if title}
        if head.kicker in {head.publisher, head.title}:
            head.kicker = ""
        return head

    def _guess(self, name: str) -> str:
        """Give what trafilatura makes of the page, where the page itself says nothing."""
        if not self.has_guessed:
            self.has_guessed = True
            self.guess = trafilatura.extract_metadata(self.root, default_url=self.address or None, extensive=False)
        return normalize(str(getattr(self.guess, name, None) or ""))

    def _headlines(self) -> list[str]:
        return [words(each) for each in self.root.iter("h1")]

    def _page_title(self) -> str:
        shown = self.root.find(".//head/title")
        return (
            self.meta.get("og:title") or ("" if shown is None else words(shown)) or self.meta.get("twitter:title", "")
        )

    def _title(self, publisher: str) -> str:
        page, headline = normalize(self._page_title()), normalize(_text(self.data.get("headline")))
        shown = [title for each in self._headlines() if (title := normalize(each))]
        for title in shown:
            if title == headline or title in page:
                return title[:_MAX_TITLE]
        if page and publisher and page.endswith(publisher) and page != publisher:
            page = page.removesuffix(publisher).rstrip(" |–—·»-_:")
        elif page and not publisher:
            page = _TAIL.sub("", page)
        in_article = [
            title
            for each in self.root.iter("h1")
            if any(parent.tag in {"article", "main"} for parent in each.iterancestors())
            and (title := normalize(words(each)))
        ]
        best = in_article[0] if len(in_article) == 1 else ""
        return (best or page or headline or next(iter(shown), "") or self._guess("title"))[:_MAX_TITLE]

    def _kicker(self) -> str:
        for each in elements(self.root):
            if tokens(each) & _KICKERS and 0 < len(words(each)) <= _MAX_LINE:
                return normalize(words(each))
        section = normalize(_text(self.data.get("articleSection")) or self.meta.get("article:section", ""))
        return section if len(section) <= _MAX_LINE else ""

    def _byline(self, publisher: str) -> str:
        names = [normalize(name) for name in _names(self.data.get("author"))]
        names = names or [normalize(self.meta[name]) for name in _AUTHORS if self.meta.get(name)][:1]
        names = [name for name in names if name and not name.startswith(("http://", "https://"))]
        return ", ".join(dict.fromkeys(name for name in names if name != publisher)) or self._shown_byline()

    def _shown_byline(self) -> str:
        for each in elements(self.root):
            if each.get("rel") == "author" or each.get("itemprop") == "author" or tokens(each) & _BYLINES:
                line = normalize(words(each))
                if 0 < len(line) <= _MAX_LINE:
                    return furniture.byline(line) or (line if furniture.is_name(line) else "")
        return ", ".join(self._guess("author").split("; "))

    def _publisher(self) -> str:
        named = (self.meta.get("og:site_name"), _text(self.data.get("publisher")), self.meta.get("application-name"))
        return normalize(next((name for name in named if name), "")) or self._guess("sitename")

    def _original_url(self) -> str:
        links = [
            each.get("href") or "" for each in self.root.iter("link") if (each.get("rel") or "").lower() == "canonical"
        ]
        for url in (*links, self.meta.get("og:url", ""), self.address):
            found = _web_address(url, self.address)
            if found:
                return found
        return ""

    def _language(self) -> str:
        told = (
            self.root.get("lang")
            or self.root.get("{http://www.w3.org/XML/1998/namespace}lang")
            or self.root.get("xml:lang"),
            self.meta.get("content-language"),
            _text(self.data.get("inLanguage")),
            (self.meta.get("og:locale") or "").replace("_", "-"),
        )
        for tag in told:
            if tag and _LANGUAGE.fullmatch(tag.strip()):
                return tag.strip()
        return ""

    def _published_on(self) -> date | None:
        told = [_text(self.data.get("datePublished")), *(self.meta.get(name, "") for name in _DATES)]
        told += [
            each.get("datetime") or each.get("content") or ""
            for each in elements(self.root)
            if each.get("itemprop") == "datePublished"
            or (each.tag == "time" and each.get("pubdate") is not None)
            or tokens(each) & {"dt-published", "published"}
        ]
        return next((found for text in told if (found := _day(text)) is not None), None) or _day(self._guess("date"))


def _metas(root: Element) -> dict[str, str]:
    metas: dict[str, str] = {}
    for each in root.iter("meta"):
        name = each.get("property") or each.get("name") or each.get("http-equiv") or each.get("itemprop") or ""
        content = (each.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.lower(), content)
    return metas


def _article_data(root: Element) -> Mapping[str, Any]:
    """Give what the page's JSON-LD says of the article, with what it only refers to put in."""
    things: list[Mapping[str, Any]] = []
    for each in root.iter("script"):
        if (each.get("type") or "").lower() == "application/ld+json":
            try:
                things += _things(json.loads(each.text or ""), depth=0)
            except (ValueError, RecursionError):
                continue
    by_id = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str) and len(thing) > 1}
    articles = [thing for thing in things if _ARTICLE.search(_text(thing.get("@type")))]
    articles.sort(key=lambda thing: _text(thing.get("@type")).endswith("WebPage"))
    if not articles:
        return {}
    return {name: _resolved(value, by_id) for name, value in articles[0].items()}


def _things(data: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 6:
        return
    if isinstance(data, list):
        for each in data:
            yield from _things(each, depth=depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "publisher", "author"):
            yield from _things(data.get(name), depth=depth + 1)


def _resolved(value: object, by_id: Mapping[str, Mapping[str, Any]]) -> object:
    if isinstance(value, list):
        return [_resolved(each, by_id) for each in value]
    if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
        return by_id.get(value["@id"], value)
    return value


def _text(value: object) -> str:
    """Give the words of a JSON-LD value: itself, its name, or those of the first in a list."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        name = value.get("name")
        return name if isinstance(name, str) else ""
    return value if isinstance(value, str) else ""


def _names(value: object) -> list[str]:
    return [name for each in (value if isinstance(value, list) else [value]) if (name := _text(each))]


def _web_address(url: str, base: str) -> str:
    try:
        found = sanitizing.address(urljoin(base, url.strip()))
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""


def _day(text: str) -> date | None:
    match = _DATE.match(text.strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
