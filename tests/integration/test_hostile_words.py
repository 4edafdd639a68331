"""Words that turn others round, hide, or pretend to be markup say nothing but themselves, wherever they stand."""

import re

import pytest
from django.core import mail
from django.test import Client

from annotations import markdown
from annotations.models import (
    Annotation,
    Appeal,
    Flag,
    ModerationEntry,
    Resolution,
    Restatement,
    SourceVerdict,
    Suspension,
)
from reader import drafting
from reader.drafting import Head
from tests import site_map
from tests.factories import (
    confirm_address,
    make_annotation,
    make_article,
    make_editor,
    make_reader,
    make_resolution,
    make_source,
)
from tests.hostile import faults, make_site, turned

pytestmark = pytest.mark.django_db

# Overrides, embeddings, isolates closed too often, what has no width, and what ends a line or a word for a program.
UNSEEN = "\u202e\u202d\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u200b\ufeff\u2060\x08\x1b\x7f"
TURNED = f"ab{UNSEEN}cd"


def holds_unseen(words: str) -> bool:
    return any(character in words for character in UNSEEN)


def test_what_nobody_sees_is_not_kept_with_an_annotation() -> None:
    source = make_source(title=TURNED, publisher=TURNED, excerpt=TURNED, locator=TURNED)
    kept = make_annotation(kind=Annotation.Kind.SOURCE, body=f"One {TURNED}\x00\r\ntwo", sources=[source])
    cited = kept.sources.get()
    assert kept.body == "One abcd\ntwo"
    assert {cited.title, cited.publisher, cited.excerpt, cited.locator} == {"abcd"}


def test_joiners_that_words_and_emoji_need_are_kept() -> None:
    words = "می\u200cخواهم 👩\u200d👩\u200d👧 a\u200eb"
    assert make_annotation(body=words).body == words


def test_what_nobody_sees_is_kept_with_nothing_that_anybody_says() -> None:
    make_site(TURNED)
    said = [
        *Annotation.objects.values_list("body", "would_change_my_mind", "gist"),
        *Restatement.objects.values_list("body"),
        *Resolution.objects.values_list("remark"),
        *SourceVerdict.objects.values_list("remark"),
        *Flag.objects.values_list("details"),
        *Appeal.objects.values_list("words"),
        *ModerationEntry.objects.values_list("reason", "details"),
        *Suspension.objects.values_list("reason"),
    ]
    assert not [words for words in said if holds_unseen("".join(words))]


def test_what_nobody_sees_is_not_kept_in_the_head_of_a_text() -> None:
    editor = make_editor()
    draft = drafting.revise(article=make_article(), by=editor)
    head = Head(title=TURNED, kicker=TURNED, byline=TURNED, author_note=TURNED)
    saved = drafting.save(draft=draft, by=editor, version=draft.version, head=head, blocks=[], note=TURNED)
    assert {saved.title, saved.kicker, saved.byline, saved.author_note, saved.note} == {"abcd"}


@pytest.mark.parametrize("address", ["reading", "paragraph", "source", "requests"])
def test_words_and_names_stand_apart_from_what_is_beside_them(client: Client, address: str) -> None:
    article, gist = make_article(), "הגשר בטוח 1990"
    found = make_annotation(
        article=article, kind=Annotation.Kind.QUESTION, creator=make_reader(username="אבגד"), body=gist
    )
    make_annotation(article=article, kind=Annotation.Kind.SOURCE, sources=[make_source(title=gist, publisher=gist)])
    below = {"reading": "", "paragraph": "p1/", "source": "sources/", "requests": "requests/"}[address]
    content = client.get(article.get_absolute_url() + below).content.decode()
    name = f">{found.creator}<" in content
    assert not name or "<bdi" in content.partition(f">{found.creator}<")[0][-30:]
    assert f" {gist} " not in content.replace(f"<bdi>{gist}</bdi>", "")


# Names and words from right to left, which end in a figure.
LEFTWARD = "הגשר בטוח 1990"
NAMES = ("אבגד1", "הוזח2", "טיכל3", "מנסע4")


def test_words_from_right_to_left_turn_nothing_round_that_stands_beside_them() -> None:
    site, found = make_site(LEFTWARD, NAMES), {}
    for who in ("a stranger", "a reader", "who may do all"):
        client = Client()
        if person := site.people[who]:
            client.force_login(person)
        for address in site_map.addresses(site.values):
            response = client.get(address)
            # What is no page is read as well: whoever leaves a file unread leaves it open.
            page = b"".join(response).decode("utf-8", "replace")
            is_page = "html" in response.headers.get("Content-Type", "")
            if is_page and (told := turned(page, [LEFTWARD, *NAMES])):
                found[who, address] = told
    assert not found


def test_a_mail_has_one_subject_and_no_line_of_its_head_is_another_s(mailoutbox: list[mail.EmailMessage]) -> None:
    writer, editor = make_reader(), make_editor()
    confirm_address(writer)
    article = make_article(slug="a-text")
    dispute = make_annotation(article=article, creator=writer, kind=Annotation.Kind.DISAGREEMENT, body="No.")
    make_resolution(of=dispute, by=editor, outcome="answered", remark="Yes.\r\nBcc: evil@example.org\r\n\r\n")
    for letter in mailoutbox:
        head = letter.message()
        assert head["Bcc"] is None
        assert not holds_unseen(str(letter.subject))
        assert "\n" not in letter.subject


LINKS = {
    "in mixed case": "[a](JaVaScRiPt:alert(1))",
    "with entities": "[a](&#106;avascript&colon;alert(1))",
    "with a tab": "[a](<java\tscript:alert(1)>)",
    "with a tab as an entity": "[a](java&Tab;script:alert(1))",
    "with a line's end as an entity": "[a](java&NewLine;script:alert(1))",
    "after a space that is none": "[a](\x01javascript:alert(1))",
    "percent-encoded": "[a](javascript%3Aalert(1))",
    "percent-encoded letters": "[a](%6Aavascript:alert(1))",
    "a page in an address": "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "a picture in an address": "[a](data:image/svg+xml,<svg onload=alert(1)>)",
    "another old language": "[a](VBScript:msgbox)",
    "as a reference": "[a]\n\n[a]: javascript:alert(1)",
    "between angles": "<javascript:alert(1)>",
    "as an image": "![a](javascript:alert(1))",
    "bare": "javascript:alert(1)",
    "with a title that ends it": '[a](https://example.org "\'><script>alert(1)</script>")',
    "as raw HTML": '<a href="javascript:alert(1)" onclick="alert(1)">a</a><svg/onload=alert(1)><x-evil>',
    "as raw HTML in a quotation": "> > <img src=x onerror=alert(1)>\n> - <script>\n",
    "in code": "`<script>` and\n\n    <x-evil>\n",
    "a view of the source": "[a](view-source:javascript:alert(1)) [a](feed:javascript:x) [a](blob:x) [a](file:///x)",
}


# What a browser takes for a scheme; anything else before a colon is the beginning of a path.
SCHEME = re.compile(r'<a href="([A-Za-z][A-Za-z0-9+.-]*):')


@pytest.mark.parametrize("body", LINKS.values(), ids=LINKS)
def test_no_markdown_becomes_a_script(body: str) -> None:
    shown = markdown.render(body)
    assert not faults(shown)
    assert set(SCHEME.findall(shown)) <= {"http", "https", "mailto"}


@pytest.mark.parametrize("body", [">" * 1000 + " a", "- " * 1000 + "a", "[" * 4000 + "a", "*a **a " * 1000])
def test_deep_markup_is_shown_or_counts_as_no_words(body: str) -> None:
    assert markdown.has_words(body) == ("a" in markdown.plain(body))
    assert not faults(markdown.render(body))
