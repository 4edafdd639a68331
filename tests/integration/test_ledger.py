"""The ledger: the state of the evidence beside each sentence, over the whole text, and wherever else it is told."""

import re
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from annotations import annotating, ledger, margin, moderating, sampling, verdicts
from annotations.models import Annotation, Ask, Document
from annotations.tallying import Line
from reader.models import Article, Paragraph
from tests.factories import (
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_revision,
    make_source,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
FIRST, SECOND = "The bridge was built in 1990", "Nobody has counted the traffic"


@pytest.fixture
def first_article() -> Article:
    return sampling.ensure()


@pytest.fixture
def article() -> Article:
    return make_article()


def page_of(article: Article, query: str = "", *, place: str = "", headers: dict[str, str] | None = None) -> str:
    response = Client().get(f"{article.get_absolute_url()}{place}{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def words_in(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def lines_in(page: str) -> dict[str, list[str]]:
    """Give the lines that the margin shows, by the name of the block they stand beside."""
    lists = re.findall(r'aria-label="Evidence, ([a-z ]+\d+)">(.*?)</ol>', page, re.DOTALL)
    return {label: [words_in(line) for line in re.findall("<li.*?</li>", list_, re.DOTALL)] for label, list_ in lists}


def bars_in(page: str) -> dict[str, list[str]]:
    """Give the blocks of each bar of the page's map, from the ground up, by the address that the bar leads to."""
    bars = re.findall(r'<a href="[^"#]*(#\w+)" tabindex="-1">(.*?)</a>', page, re.DOTALL)
    return {address: re.findall(r'class="block s-(\w+)"', bar) for address, bar in bars}


def table_in(page: str) -> list[list[str]]:
    """Give the rows of the table that tells the same as the map, its head without its word for the first column."""
    (table,) = re.findall(r"<table>(.*?)</table>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[words_in(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def figures_in(page: str) -> list[str]:
    (figures,) = re.findall(r'<ul class="figures">(.*?)</ul>', page, re.DOTALL)
    return [words_in(figure) for figure in re.findall("<li>.*?</li>", figures)]


def beside(article: Article, name: str = "p1") -> list[str]:
    """Give what the ledger says of each sentence of a block that has evidence."""
    article.refresh_from_db()
    return [line.words for line in margin.read(article).row(name).lines]


def cite(
    article: Article, exact: str = FIRST, *, stance: str = "supports", number: int = 1, **fields: Any
) -> Annotation:
    source = make_source(url=f"https://example.org/{number}", stance=stance)
    return make_annotation(article=article, exact=exact, kind="source", sources=[source], **fields)


def dispute(article: Article, exact: str = FIRST, *, grounds: str = "number") -> Annotation:
    return make_annotation(article=article, exact=exact, kind="disagreement", grounds=grounds)


def ask(article: Article, exact: str = FIRST) -> Annotation:
    return make_annotation(article=article, exact=exact, kind="question")


# The first article, counted by hand from its samples


def test_the_lines_of_the_first_article_are_those_that_were_counted_by_hand(first_article: Article) -> None:
    assert lines_in(page_of(first_article)) == {
        "paragraph 3": [
            "Beyond expanded military… 1 for, verified",
            "Of those, three issues… 1 against, verified · disputed: number",
        ],
        "paragraph 5": [
            "In fact, the United… 1 context",
            "The United States has… 1 for, verified · 1 against · disputed: outdated",
            "To do so, these people… 1 context",
        ],
        "paragraph 6": ["Beijing even signed a… 1 for, verified", "In the end, the only way… 2 asked"],
        "paragraph 7": [
            "Instead, what happened… 1 context · disputed: unsupported",
            "But the plan was exposed… 1 for",
        ],
        "paragraph 8": ["It turns out law… 1 against · disputed: number"],
    }


def test_the_bars_of_the_first_article_are_those_that_were_counted_by_hand(first_article: Article) -> None:
    assert bars_in(page_of(first_article)) == {
        "#p1": [],
        "#p2": [],
        "#p3": ["supports", "contradicts", "disagreement"],
        "#p4": [],
        "#p5": ["supports", "contradicts", "context", "context", "disagreement"],
        "#p6": ["supports", "question", "question"],
        "#p7": ["supports", "context", "disagreement"],
        "#p8": ["contradicts", "disagreement"],
        "#p9": [],
    }


def test_the_table_of_the_first_article_is_the_one_that_was_counted_by_hand(first_article: Article) -> None:
    assert table_in(page_of(first_article)) == [
        ["Paragraph", "For", "Against", "Context", "Asked", "Disputed"],
        ["Paragraph 3", "1", "1", "0", "0", "1"],
        ["Paragraph 5", "1", "1", "2", "0", "1"],
        ["Paragraph 6", "1", "0", "0", "2", "0"],
        ["Paragraph 7", "1", "0", "1", "0", "1"],
        ["Paragraph 8", "0", "1", "0", "0", "1"],
        ["In all, each once", "4", "3", "3", "2", "4"],
    ]


def test_the_figures_of_the_first_article_are_those_that_were_counted_by_hand(first_article: Article) -> None:
    page = page_of(first_article)
    assert figures_in(page) == ["9 sentences with evidence", "4 disputed", "1 request open"]
    for name, words in (
        ("sources", "<b>9</b> sentences with evidence"),
        ("disputes", "<b>4</b> disputed"),
        ("requests", "<b>1</b> request open"),
    ):
        assert f'<a href="{reverse(name, args=[first_article.slug])}">{words}</a>' in page


def test_an_installation_with_the_older_samples_gets_what_was_added_to_them_once(first_article: Article) -> None:
    before = page_of(first_article)
    for sample in Annotation.objects.on(first_article):
        sample.positions.all().delete()
    Ask.objects.filter(reader__username="sample-newcomer").delete()
    for _ in range(2):
        sampling.ensure()
    activity = Article.objects.get().activity
    sampling.ensure()
    assert Article.objects.get().activity == activity
    assert lines_in(page_of(first_article)) == lines_in(before)


def test_a_closed_first_article_gets_no_more_samples(first_article: Article) -> None:
    Ask.objects.filter(reader__username="sample-newcomer").delete()
    Article.objects.update(status=Article.Status.CLOSED)
    sampling.ensure()
    assert Ask.objects.count() == 1


# What counts


def test_one_document_under_several_addresses_counts_once(article: Article) -> None:
    for url in ("https://example.org/count", "http://www.example.org/count/?utm_source=letter#part"):
        make_annotation(article=article, exact=FIRST, kind="source", sources=[make_source(url=url)])
    assert Document.objects.count() == 1
    assert beside(article) == ["1 for"]


def test_a_story_at_four_addresses_counts_once_when_it_was_marked_so(article: Article) -> None:
    for number in range(4):
        cite(article, number=number)
    assert beside(article) == ["4 for"]
    first, *copies = Document.objects.all()
    Document.objects.filter(pk__in=[copy.pk for copy in copies]).update(same_as=first)
    assert beside(article) == ["1 for"]
    assert margin.read(article).ledger.sums.whole.words == "1 for"


def test_a_source_that_readers_bear_out_is_told_to_be_verified(article: Article) -> None:
    cite(article, number=1)
    (source,) = cite(article, number=2).sources.all()
    verdicts.give(source=source, by=make_reader(), verdict="partly")
    assert beside(article) == ["2 for, 1 verified"]
    verdicts.give(source=source, by=make_reader(), verdict="does not say")
    assert beside(article) == ["2 for"]


@pytest.mark.parametrize("add", [cite, ask, dispute])
def test_what_is_withdrawn_counts_no_more(article: Article, add: Any) -> None:
    annotation = add(article)
    assert beside(article)
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    assert beside(article) == []
    assert margin.read(article).ledger.requests == 0


@pytest.mark.parametrize("add", [cite, ask, dispute])
def test_what_is_hidden_counts_no_more_until_it_is_restored(article: Article, add: Any) -> None:
    annotation, moderator = add(article), make_moderator()
    before = beside(article)
    moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="Not about these words.")
    assert beside(article) == []
    moderating.restore(annotation=annotation, by=moderator, reason="It is.")
    assert beside(article) == before


def test_what_is_about_words_that_are_gone_counts_no_more(article: Article) -> None:
    cite(article)
    ask(article, SECOND)
    make_revision(article, "Of bridges nothing is said here any more.")
    article.refresh_from_db()
    reading = margin.read(article)
    assert reading.ledger.lines == {}
    assert (reading.ledger.sums.whole, reading.ledger.requests) == ((), 0)


def test_a_passage_across_sentences_counts_for_each(article: Article) -> None:
    cite(article, "public money. Nobody has counted")
    assert beside(article) == ["1 for", "1 for"]
    assert margin.read(article).row("p1").tallies.words == "1 for"


def test_a_passage_across_paragraphs_counts_for_each_and_once_in_all(article: Article) -> None:
    cite(article, "the traffic since.\nIt carries")
    assert beside(article, "p1") == beside(article, "p2") == ["1 for"]
    assert margin.read(article).ledger.sums.whole.words == "1 for"


def test_what_is_about_a_whole_paragraph_counts_for_each_of_its_sentences(article: Article) -> None:
    dispute(article, "")
    assert beside(article) == ["disputed: number", "disputed: number"]
    assert margin.read(article).ledger.disputed == 2


def test_what_is_about_the_whole_article_is_beside_no_sentence_and_counts_in_all(article: Article) -> None:
    revision = article.current_revision
    assert revision is not None
    annotating.attach(
        article=article,
        creator=make_reader(),
        kind="source",
        target=annotating.Target(revision_number=revision.number),
        body="All of it.",
        token=uuid.uuid4(),
        sources=[make_source()],
    )
    reading = margin.read(article)
    assert (reading.ledger.lines, reading.ledger.sums.whole.words) == ({}, "1 for")
    assert figures_in(page_of(article))[0] == "0 sentences with evidence"


def test_a_reader_who_joins_a_request_is_counted_and_the_request_stays_one(article: Article) -> None:
    Ask.objects.create(question=ask(article), reader=make_reader())
    assert beside(article) == ["2 asked"]
    assert margin.read(article).ledger.requests == 1


def test_a_question_that_is_answered_waits_no_more(article: Article) -> None:
    question = ask(article)
    Annotation.objects.filter(pk=question.pk).update(is_settled=True)
    assert beside(article) == []
    assert margin.read(article).ledger.requests == 0


def test_disagreement_is_told_by_its_grounds_and_what_is_settled_apart(article: Article) -> None:
    for grounds in ("framing", "number", "number"):
        dispute(article, grounds=grounds)
    assert beside(article) == ["disputed: number ×2, framing"]
    Annotation.objects.update(is_settled=True)
    assert beside(article) == ["3 settled"]
    reading = margin.read(article)
    assert (reading.ledger.disputed, [len(column.blocks) for column in reading.columns]) == (0, [0, 0, 0])


def test_a_note_with_a_source_is_evidence_and_one_without_is_none(article: Article) -> None:
    make_annotation(article=article, exact=FIRST)
    assert beside(article) == []
    make_annotation(article=article, exact=FIRST, sources=[make_source(stance="context")])
    assert beside(article) == ["1 context"]


# Where it is told


@pytest.mark.parametrize("query", ["?show=note", "?by=nobody-here", "?show=question&sort=newest"])
def test_a_filter_narrows_what_stands_beside_the_text_and_not_the_ledger(article: Article, query: str) -> None:
    cite(article)
    dispute(article, SECOND)
    whole, narrow = page_of(article), page_of(article, query)
    assert 'class="entry' not in narrow
    for told in (lines_in, bars_in, table_in, figures_in):
        assert told(narrow) == told(whole)


def test_the_library_and_the_shared_card_have_the_map_of_the_page(first_article: Article) -> None:
    reading = margin.read(first_article)
    assert margin.read_maps([first_article]) == {first_article.pk: (reading.columns, reading.sums)}
    library = Client().get("/").content.decode()
    assert bars_in(library) == bars_in(page_of(first_article))


def test_a_text_that_nobody_wrote_about_says_so_and_tells_nothing_else(article: Article) -> None:
    page = page_of(article)
    assert "Nothing beside this text yet." in page
    assert "To begin, select some words" in page
    assert 'class="figures"' not in page
    assert "<table>" not in page


def test_a_line_leads_to_what_stands_on_its_sentence_with_the_filter(article: Article) -> None:
    cite(article, SECOND)
    span = paragraph_of(article).sentence_spans[1]
    place = f'{article.get_absolute_url()}p1/?place=s1&amp;show=note" data-start="{span.start}" data-end="{span.end}"'
    assert f'<a href="{place}>' in page_of(article, "?show=note")


def test_who_comes_by_a_line_sees_what_stands_on_that_sentence_and_the_way_to_all(article: Article) -> None:
    here, elsewhere = cite(article, SECOND), cite(article, FIRST, number=2)
    page = page_of(article, "?place=s1", place="p1/")
    assert f'id="annotation-{here.pk}"' in page
    assert f'id="annotation-{elsewhere.pk}"' not in page
    assert 'value="s1" checked' in re.sub(r"\s+(?:required|id=\"\w+\")", "", page)
    assert f'<a href="{article.get_absolute_url()}p1/">Show all of paragraph 1</a>' in page


@pytest.mark.parametrize("place", ["s2", "s-1", "paragraph", "", "S1"])
def test_a_sentence_that_is_not_there_is_no_choice(article: Article, place: str) -> None:
    annotation = cite(article)
    page = page_of(article, f"?place={place}", place="p1/")
    assert f'id="annotation-{annotation.pk}"' in page
    assert "Show all of paragraph 1" not in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "panel"])
def test_a_paragraph_s_page_tells_sentence_by_sentence_and_who_listens_in_full(
    article: Article, headers: dict[str, str]
) -> None:
    cite(article, SECOND)
    page = page_of(article, place="p1/", headers=headers)
    assert "Sentence 2: 1 source for." in page
    assert "1 other sentence with nothing beside it" in page


def test_an_earlier_revision_tells_what_stands_on_its_own_words_without_links(article: Article) -> None:
    cite(article, SECOND)
    make_revision(article, "The bridge was built in 1990. Everybody has counted.", "It carries cars.")
    page = page_of(article, place="revisions/1/")
    assert lines_in(page) == {"paragraph 1": ["Nobody has counted the… 1 for"]}
    assert "?place=" not in page


def test_what_is_posted_from_the_panel_is_counted_in_the_row_and_the_map_that_come_with_it(article: Article) -> None:
    client = Client()
    client.force_login(make_reader())
    data = {"kind": "question", "place": "s1", "revision": 1, "token": str(uuid.uuid4()), "body": "Says who?"}
    answer = client.post(f"{article.get_absolute_url()}p1/annotations/", data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 201
    assert lines_in(page) == {"paragraph 1": ["Nobody has counted the… 1 asked"]}
    assert bars_in(page)["#p1"] == ["question"]
    assert figures_in(page)[2] == "1 request open"


def test_a_verdict_from_the_panel_is_told_by_the_row_that_comes_with_it(article: Article) -> None:
    (source,) = cite(article).sources.all()
    client = Client()
    client.force_login(make_reader())
    answer = client.post(reverse("verdict", args=[source.pk]), {"verdict": "supports"}, headers=HTMX)
    assert lines_in(answer.content.decode()) == {"paragraph 1": ["The bridge was built in… 1 for, verified"]}


# What it costs


@pytest.mark.parametrize("query", ["", "?show=note", "?show=source&sort=answered"])
@pytest.mark.parametrize("number", [1, 200])
def test_the_page_takes_three_queries_of_a_stranger_however_much_there_is(
    article: Article, number: int, query: str, django_assert_max_num_queries: Any
) -> None:
    creator = make_reader()
    for one in range(number):
        add = (cite, dispute, ask)[one % 3]
        add(article) if add is not cite else cite(article, number=one, creator=creator)
    caches["pages"].clear()
    with django_assert_max_num_queries(3):
        page_of(article, query)


def test_the_ledger_of_a_paragraph_takes_three_queries(article: Article, django_assert_num_queries: Any) -> None:
    cite(article)
    ask(article)
    dispute(article, SECOND)
    block = Paragraph.objects.select_related("revision").get(revision__article=article, name="p1")
    with django_assert_num_queries(3):
        lines = ledger.of_paragraph(block)
    assert said(lines) == ["1 for · 1 asked", "disputed: number"]


def said(lines: Sequence[Line]) -> list[str]:
    return [line.words for line in lines]
