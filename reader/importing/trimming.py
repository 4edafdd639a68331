"""Which part of a page is the article: trafilatura says which words, and here the page's furniture round them goes.

Pure. Trafilatura finds an article well and loses its form: captions, notes, the nesting of lists. So it is asked for
the words only, and those are looked for in the page's own tree, which keeps the form.
"""

import copy
import re
from collections import Counter
from collections.abc import Mapping

import trafilatura
from lxml import etree

from reader.importing.trees import Element, body_of, elements, remove, tokens, words
from reader.text.paragraphs import normalize

# So much of what trafilatura found must stand in the part of the page that is taken for the article.
_SHARE = 0.85
_PREFIX = 40
# At least so much of what it found must be found again on the page, counted in letters.
_SURE = 0.3
_LEAVES = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "td", "th", "dd", "dt", "figcaption", "div",
    "section", "article", "span", "main", "font", "center", "summary", "caption",
}  # fmt: skip
_BOXES = {
    "div",
    "section",
    "aside",
    "header",
    "footer",
    "ul",
    "ol",
    "dl",
    "details",
    "form",
    "main",
    "article",
    "table",
}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_FORMS = {"pre", "figure", "table", "blockquote", "math", "picture"}
_NEVER = {"nav", "menu", "dialog", "search"}
_NEVER_ROLES = {"navigation", "search", "dialog", "alertdialog", "banner", "contentinfo", "menu", "menubar", "toolbar"}
_HIDDEN = {
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader", "noprint", "hidden",
    "shortdescription", "mw-empty-elt", "mw-editsection", "headerlink", "anchor-link", "anchorjs-link", "skip-link",
    "heading-anchor", "header-anchor", "offscreen", "assistive-text", "a11y-hidden",
}  # fmt: skip
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Words in classes and ids that name the furniture of pages, and what it is called in the list of what was dropped.
_FURNITURE: Mapping[str, str] = {
    name: what
    for what, names in {
        "share buttons": "share shares sharing sharebar sharedaddy social socials addtoany",
        "advertisement": "ad ads adslot adbox advert advertisement advertising sponsor sponsored promo promotion"
        " banner-ad dfp taboola outbrain",
        "sign-up form": "newsletter signup subscribe subscription subscribe-box mailing",
        "notice to subscribers": "paywall regwall",
        "cookie notice": "cookie cookies consent gdpr",
        "comments": "comments commentlist disqus respond comment-list",
        "related articles": "related recommended recommendations recirculation more-stories trending popular most-read"
        " readmore read-more further-reading see-more",
        "menu": "nav navbar navigation menu breadcrumb breadcrumbs pagination pager toc catlinks navbox sidebar skip"
        " toolbar",
        "list of topics": "tags tag-list taglist topics categories",
        "note of the page": "hatnote ambox printfooter sitesub mw-hidden-catlinks authority-control metadata stub",
    }.items()
    for name in names.split()
}
_PART = re.compile(r"[-_]+")
_UNCALLED = {"pre", "h1", "h2", "h3", "html", "body"}
_PULL = {"pullquote", "pull-quote", "pull_quote", "pq", "wp-block-pullquote", "article-pullquote"}
# The lines under a title that belong to the article, and those that the head matter has said already.
_STANDFIRST = {
    "standfirst", "lede", "lead", "dek", "deck", "subtitle", "subheadline", "sub-headline", "article-summary",
    "article-lead", "article-subtitle", "article__standfirst", "entry-subtitle", "summary", "intro",
}  # fmt: skip
_HEAD_LINES = {
    "byline", "dateline", "timestamp", "meta", "post-meta", "entry-meta", "article-meta", "published", "pubdate",
    "author", "date", "kicker",
}  # fmt: skip
_LINKED = 0.6
_LINE = 100
_MAX_LINES = 40


class Trimmed:
    """The article's element with nothing else in it, and lines on what was taken away."""

    def __init__(self, root: Element, *, is_fragment: bool) -> None:
        self.lines: list[str] = []
        self.counts: Counter[str] = Counter()
        self._quotes: list[str] = []
        self._body = body_of(root)
        self._drop_hidden()
        self._found = _found_words(root)
        self._measure()
        # Where its words are hardly found on the page, it took the page to pieces that are none of the page's.
        self._trusts = not is_fragment and self._matched[self._body] > _SURE * sum(map(len, self._found))
        self.article = self._article(is_fragment=is_fragment)
        self._trim(self.article)
        self._tell_outside()

    def _drop_hidden(self) -> None:
        for each in list(elements(self._body)):
            if each is not self._body and _is_hidden(each):
                remove(each)

    def _measure(self) -> None:
        """Count for each element the letters in it, those in links, and those that trafilatura found."""
        self._length: Counter[Element] = Counter()
        self._linked: Counter[Element] = Counter()
        self._matched: Counter[Element] = Counter()
        order = list(elements(self._body))
        for each in reversed(order):
            own = len((each.text or "").strip()) + sum(len((child.tail or "").strip()) for child in each)
            self._length[each] += own
            if each.tag == "a":
                self._linked[each] = self._length[each]
            is_leaf = each.tag in _LEAVES and (own or each.tag not in _BOXES)
            if is_leaf and self._length[each] and not self._matched[each] and self._is_found(each):
                self._matched[each] = self._length[each]
            parent = each.getparent()
            if parent is not None:
                for count in (self._length, self._linked, self._matched):
                    count[parent] += count[each]

    def _is_found(self, element: Element) -> bool:
        return _key(_beginning(element)) in self._found

    def _article(self, *, is_fragment: bool) -> Element:
        """Give the smallest element with nearly all of what was found, or the `article` round it."""
        if not self._trusts:
            articles = [each for each in elements(self._body) if each.tag == "article"]
            mains = [each for each in elements(self._body) if each.tag == "main"]
            alone = next((found[0] for found in (articles, mains) if len(found) == 1), self._body)
            return self._body if is_fragment else alone
        core = self._core_of(self._body)
        for each in (core, *core.iterancestors()):
            if each.tag == "article" or each.get("role") == "article":
                return each
            if each.tag in {"body", "main"}:
                break
        return core

    def _core_of(self, element: Element) -> Element:
        whole = self._matched[element]
        while whole:
            inner = next((child for child in element if self._matched[child] >= whole * _SHARE), None)
            if inner is None or inner.tag not in {
                *_BOXES,
                "td",
                "tr",
                "tbody",
                "span",
                "center",
                "font",
                "body",
                "form",
            }:
                break
            element = inner
        return element

    def _trim(self, element: Element) -> None:
        for child in list(element):
            if not isinstance(child.tag, str):
                continue
            what = self._furniture(child)
            if what:
                self._drop(child, what)
            elif child.tag in _BOXES:
                self._trim(child)

    def _furniture(self, element: Element) -> str:
        """Say what sort of furniture the element is, or nothing when it belongs to the article."""
        is_pulled = bool(tokens(element) & _PULL)
        if is_pulled and self._is_repeated(element):
            return "quotation repeated from the text"
        if self._matched[element] > self._length[element] / 2 and not is_pulled:
            return ""
        return self._called(element) or ("" if self._matched[element] else self._unfound(element))

    def _called(self, element: Element) -> str:
        """Say what furniture the page itself calls the element, by its name, role or class."""
        if element.tag in _NEVER or (element.get("role") or "").lower() in _NEVER_ROLES:
            return "menu"
        if element.tag == "p":
            return "line of the head" if tokens(element) & _HEAD_LINES else ""
        return "" if element.tag in _UNCALLED else _named_furniture(element)

    def _unfound(self, element: Element) -> str:
        """Say what an element is in which trafilatura found nothing of the article."""
        if not self._trusts or not self._length[element]:
            is_outer = element.tag in {"header", "footer"} and element.getparent() is self._body
            return "part of the page" if is_outer else ""
        has_form = element.tag in _FORMS or any(each.tag in _FORMS for each in elements(element))
        is_linked = self._linked[element] > self._length[element] * _LINKED
        if element.tag in {"ul", "ol", "dl", "table"}:
            return "list of links" if is_linked else ""
        if any(tokens(each) & _STANDFIRST for each in elements(element)):
            return ""
        if element.tag in _BOXES and not has_form and not _is_heading(element):
            return "part of the page"
        if element.tag == "p" and self._linked[element] >= self._length[element] * 0.9 and not has_form:
            return "line of links"
        return ""

    def _is_repeated(self, element: Element) -> bool:
        said = _letters(words(element))
        return len(said) > 10 and _letters(words(self.article)).count(said) > 1

    def _drop(self, element: Element, what: str) -> None:
        self._tell(element, what)
        remove(element)

    def _tell(self, element: Element, what: str) -> None:
        text = normalize(" ".join(element.itertext()))
        links = sum(each.tag == "a" for each in elements(element))
        if not text:
            return
        is_list = self._linked[element] > self._length[element] / 2
        if is_list or what in {"share buttons", "menu", "list of topics"}:
            self.counts["link of menus and lists"] += links
        elif what == "advertisement":
            self.counts["advertisement"] += 1
        else:
            self._quotes.append(_cut(text))

    def _tell_outside(self) -> None:
        """Tell what stood round the article."""
        inside = set(elements(self.article))
        above = set(self.article.iterancestors())
        for each in (self.article, *self.article.iterancestors()):
            parent = each.getparent()
            if each is self._body or parent is None:
                break
            for sibling in parent:
                if isinstance(sibling.tag, str) and sibling not in inside and sibling not in above:
                    self._tell(sibling, _named_furniture(sibling) or "part of the page")
        self.lines = self._quotes[:_MAX_LINES]
        if len(self._quotes) > _MAX_LINES:
            self.lines.append(f"{len(self._quotes) - _MAX_LINES} more pieces of the page")


def _found_words(root: Element) -> set[str]:
    """Give the beginnings of the pieces of text in which trafilatura sees the article."""
    page = copy.deepcopy(root)
    # It fills in every cell that another reaches over, and those may be millions.
    etree.strip_attributes(page, "colspan", "rowspan")
    found = trafilatura.bare_extraction(page, include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(found, "body", None)
    keys: set[str] = set()
    for each in () if body is None else body.iter():
        if isinstance(each.tag, str):
            keys.add(_key(_beginning(each)))
            keys.add(_key((each.tail or "")[: 2 * _PREFIX]))
    return keys - {""}


def _beginning(element: Element) -> str:
    pieces: list[str] = []
    length = 0
    for text in element.itertext():
        pieces.append(text)
        length += len(text.strip())
        if length > 2 * _PREFIX:
            break
    return "".join(pieces)


def _key(text: str) -> str:
    """Give how a text begins, however it is spaced."""
    return _letters(text)[:_PREFIX]


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None or (element.get("style") and _UNSEEN.search(element.get("style") or "")):
        return True
    return bool(tokens(element) & _HIDDEN)


def _is_heading(element: Element) -> bool:
    """Say whether nothing stands in the element but a heading, which trafilatura may well have left out."""
    return any(words(each) == words(element) for each in elements(element) if each.tag in _HEADINGS)


def _named_furniture(element: Element) -> str:
    """Say what the element's class or id calls it, when that is furniture."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    parts = [part for token in named for part in _PART.split(token)]
    return next((_FURNITURE[name] for name in (*named, *parts) if name in _FURNITURE), "")


def _cut(text: str) -> str:
    return text if len(text) <= _LINE else text[:_LINE].rpartition(" ")[0] + "…"
