"""A site in which everything that can be written says something hostile, and what no page may make of that."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.utils import timezone

from annotations import (
    appealing,
    asking,
    copying,
    following,
    moderating,
    muting,
    positions,
    reporting,
    restraining,
    verdicts,
)
from annotations.models import Annotation, Source
from reader import drafting, publishing
from reader.models import User
from reader.text.blocks import Block
from tests.factories import (
    make_annotation,
    make_document,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_resolution,
    make_restatement,
    make_source,
)

# It leaves every kind of quotation, and a page that took it as it is would have an element or an attribute of its name.
SCRIPT = """Words</textarea></title></script>--><x-evil onclick="evil()">' x-evil=1 " x-evil=1 {{ x }}{% x %}"""

_SCRIPT_ADDRESS = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
# Browsers pass over these within an address, and over those at its beginning.
_PASSED_OVER = re.compile(r"[\t\n\r]|^[\0-\x20]+")
_LEADING = {"href", "src", "action", "formaction", "data", "cite", "poster", "srcset", "xlink:href"}


@dataclass(frozen=True)
class Site:
    """What stands where, and who may do what: the numbers by which `site_map.addresses` fills its paths."""

    values: Mapping[str, str]
    people: Mapping[str, User | None]


class Form(NamedTuple):
    """A form of a page: where it leads, and what a browser would send without anything typed."""

    action: str
    fields: Mapping[str, str]


def make_site(words: str = SCRIPT, names: Sequence[str] = ("ada", "bob", "warden", "editor")) -> Site:
    """Give a site with something of each kind, every line of which says the words, by people of these names."""
    ada, bob = make_reader(username=names[0]), make_reader(username=names[1])
    moderator, editor = make_moderator(username=names[2]), make_editor(username=names[3])
    root = make_reader(username="everybody", is_staff=True, is_superuser=True)
    root.groups.set(Group.objects.all())
    head: dict[str, Any] = {"title": words, "kicker": words[:100], "byline": words, "author_note": words}
    blocks = (html.escape(words), Block("heading", html.escape(words)), "It is safe, they say.")
    article = publishing.publish(make_document(*blocks, **head), slug="a-text", publisher=words)
    publishing.revise(article, make_document(*blocks, "One more.", **head), note=words, by=editor)
    article.refresh_from_db()
    source = make_source(
        url=f"https://example.org/?q={words}", title=words, publisher=words, excerpt=words, locator=words
    )
    dispute = make_annotation(
        article=article, creator=ada, kind=Annotation.Kind.DISAGREEMENT, body=words, would_change_my_mind=words
    )
    question = make_annotation(article=article, creator=bob, kind=Annotation.Kind.QUESTION, body=words)
    cited = make_annotation(article=article, creator=ada, kind=Annotation.Kind.SOURCE, body=words, sources=[source])
    other = make_source(url="https://example.com/", title=words, publisher=words)
    make_annotation(article=article, creator=bob, kind=Annotation.Kind.SOURCE, body=words, sources=[other])
    make_reply(parent=dispute, creator=bob, body=words)
    restatement = make_restatement(of=dispute, by=bob, body=words)
    resolution = make_resolution(of=dispute, by=editor, outcome="answered", remark=words)
    asking.join(question=question, by=ada)
    answer = asking.answer(question=question, annotation=cited, by=ada)
    stands = Source.objects.get(annotation=cited)
    verdicts.give(source=stands, by=bob, verdict=verdicts.choices(stands)[0][0], remark=words[:140])
    reporting.report(annotation=question, by=ada, reason="spam", details=words)
    positions.take(annotation=dispute, by=bob, is_agreeing=False)
    following.follow_person(follower=ada, person=bob)
    following.follow_thread(follower=bob, head=dispute)
    muting.mute(reader=editor, person=bob)
    hidden = make_annotation(article=article, creator=ada, body=words)
    moderating.hide(annotation=hidden, by=moderator, rule="attack", reason=words)
    appealing.appeal(annotation=hidden, by=ada, words=words)
    tomorrow = timezone.now() + timedelta(days=2)
    restraining.suspend(reader=make_reader(), by=moderator, scope="rating", until=tomorrow, reason=words)
    draft = drafting.revise(article=article, by=editor)
    export = copying.ask(reader=ada)
    values = {
        "slug": article.slug,
        "name": "p1",
        "username": ada.username,
        "number": "1",
        "one": "1",
        "other": "2",
        "section": "articles",
        "hash": "0" * 64,
        "annotations.pk": str(dispute.pk),
        "documents.pk": str(stands.document_id),
        "sources.pk": str(stands.pk),
        "answers.pk": str(answer.pk),
        "restatements.pk": str(restatement.pk),
        "resolutions.pk": str(resolution.pk),
        "drafts.pk": str(draft.pk),
        "accounts.token": str(export.token),
        "object_id": str(cited.pk),
    }
    people = {
        "a stranger": None,
        "a reader": ada,
        "another reader": bob,
        "a moderator": moderator,
        "an editor": editor,
        "who may do all": root,
    }
    return Site(values, people)


class _Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self._is_open = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.faults += _faults(tag, attributes)
        if tag == "form":
            self.forms.append((attributes.get("method", "get"), attributes.get("action", ""), {}))
            self._is_open = True
        elif self._is_open and "name" in attributes:
            is_chosen = attributes.get("type") not in {"radio", "checkbox"} or "checked" in attributes
            fields = self.forms[-1][2]
            # Of what is chosen by none of its buttons, the last.
            if is_chosen or attributes["name"] not in fields:
                fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False


@lru_cache(maxsize=4096)
def faults(page: str) -> Sequence[str]:
    """Give what of a page is not inert: elements, handlers and addresses that a stranger's words became."""
    return _Page(page).faults


def forms(page: str, *, at: str) -> Iterator[Form]:
    """Give the forms of a page that are posted."""
    for method, action, fields in _Page(page).forms:
        if method.lower() == "post":
            yield Form(action or at, fields)


def _faults(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    if tag in {"x-evil", "iframe", "object", "embed", "base"} or (tag == "style"):
        yield f"<{tag}>"
    if tag == "script" and "src" not in attributes and "json" not in attributes.get("type", ""):
        yield "a script without an address"
    for name, value in attributes.items():
        if name.startswith("on") or name in {"x-evil", "style", "srcdoc"}:
            yield f"{name}= at <{tag}>"
        if name in _LEADING and _SCRIPT_ADDRESS.match(_PASSED_OVER.sub("", value)):
            yield f"{name}={value[:40]} at <{tag}>"


# What stands in the middle of a line. Everything else begins and ends one.
_INLINE = {"a", "abbr", "b", "bdi", "button", "cite", "code", "em", "i", "kbd", "label", "mark", "q", "s", "small"}
_INLINE |= {"span", "strong", "sub", "summary", "sup", "time", "u"}
_UNREAD = {"script", "style", "textarea", "template", "svg"}
_EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Stands for words that are written from right to left; behind them, before any letter from left to right, whatever
# has no direction of its own follows theirs.
_LEFTWARD = "\ue000"
_TURNED = re.compile(rf"[^\n]{{0,40}}{_LEFTWARD}[^A-Za-z\n]*[0-9{_LEFTWARD}][^\n]{{0,20}}")


class _Lines(HTMLParser):
    """The lines of a page as they are read, without what stands apart from them, and its plain sentences."""

    def __init__(self, page: str, leftward: Sequence[str]) -> None:
        super().__init__()
        self._words = re.compile("|".join(map(re.escape, sorted(leftward, key=len, reverse=True))))
        self._open: list[tuple[str, bool]] = []
        self.lines = [""]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.lines += [attributes.get(name) or "" for name in ("aria-label", "title", "alt", "placeholder")]
        if tag in _EMPTY:
            self.lines.append("")
            return
        is_apart = tag == "bdi" or "dir" in attributes
        if tag not in _INLINE:
            self.lines.append("")
        self._open.append((tag, is_apart or tag in _UNREAD))

    def handle_endtag(self, tag: str) -> None:
        if tag not in {each for each, _ in self._open}:
            return
        while self._open.pop()[0] != tag:
            pass
        if tag not in _INLINE:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not any(is_apart for _, is_apart in self._open):
            self.lines[-1] += " ".join(data.split("\n"))

    @property
    def turned(self) -> list[str]:
        """Give the lines in which words from right to left turn something round."""
        isolated = re.compile("\u2068[^\u2068\u2069]*\u2069")
        told = (self._words.sub(_LEFTWARD, isolated.sub(" ", line)) for line in self.lines)
        return [found[0] for line in told if (found := _TURNED.search(line))]


def turned(page: str, leftward: Sequence[str]) -> list[str]:
    """Give where on a page these words, which are written from right to left, reorder what stands beside them."""
    return _Lines(page, leftward).turned
