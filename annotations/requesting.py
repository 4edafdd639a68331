"""The requests for sources together: an article's, the site's, and those that an editor looks at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from annotations.markdown import shorten
from annotations.models import Anchor, Annotation, Answer, Ask
from reader.models import Article, Draft, User
from reader.text.spans import Span

REQUESTS_ON_A_PAGE = 30
# Of the answers to one request, so many are named in a list; its own page has all.
MOST_ANSWERS = 3
# Of what is asked about, and of what stands on each side of it in its sentence.
_WORDS_LENGTH = 280
_BESIDE_LENGTH = 120


class Excerpt(NamedTuple):
    """Words in the sentence they stand in."""

    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Request:
    """One request for a source, as a list shows it."""

    question: Annotation
    # None where it is about the article as a whole.
    excerpt: Excerpt | None
    span: Span | None
    # The block it stands on; empty for the whole article.
    block: str
    # How many ask, and since when.
    number: int
    since: datetime
    is_asked: bool
    answers: Sequence[Answer]

    @property
    def place(self) -> str:
        """Give the last part of the address of the page with the form to answer it."""
        return self.block or "whole"


@dataclass(frozen=True)
class Number:
    """How many requests there are: open, answered, and open about words that are gone."""

    open: int
    answered: int
    gone: int


@dataclass(frozen=True)
class Requests:
    """A page of requests: those that wait, or those that are answered."""

    page: Page[Anchor]
    entries: Sequence[Request]
    is_answered: bool
    number: Number


def on(article: Article, viewer: User | AnonymousUser, *, is_answered: bool = False, page: str = "1") -> Requests:
    """Give a page of an article's requests: the most asked first, then the oldest."""
    return _read(_asked().filter(annotation__article=article), viewer, is_answered=is_answered, page=page)


def everywhere(viewer: User | AnonymousUser, *, is_answered: bool = False, page: str = "1") -> Requests:
    """Give a page of the requests on all articles that can still be answered."""
    is_open = Q(annotation__article__status=Article.Status.PUBLISHED)
    return _read(_asked().filter(is_open), viewer, is_answered=is_answered, page=page)


def for_editor(editor: User, *, is_own: bool = False, page: str = "1") -> Requests:
    """Give a page of the open requests on all articles that are read; or on those alone that the editor is revising."""
    found = _asked().exclude(annotation__article__status=Article.Status.ARCHIVED)
    if is_own:
        drafts = Draft.objects.unfinished().filter(creator=editor, article__isnull=False)
        found = found.filter(annotation__article__in=drafts.order_by().values("article"))
    return _read(found, editor, is_answered=False, page=page)


def _asked() -> QuerySet[Anchor]:
    """Give where each question stands that somebody asks, in the current revision of its article."""
    counted = Ask.objects.counted().filter(question=OuterRef("annotation"))
    return Anchor.objects.filter(
        Exists(counted),
        revision=F("annotation__article__current_revision"),
        annotation__kind=Annotation.Kind.QUESTION,
        annotation__state=Annotation.State.PUBLISHED,
    ).order_by()


def _read(found: QuerySet[Anchor], viewer: User | AnonymousUser, *, is_answered: bool, page: str) -> Requests:
    gone, settled = Q(status=Anchor.Status.ORPHANED), Q(annotation__is_settled=True)
    number = Number(
        **found.aggregate(
            open=Count("pk", filter=~gone & ~settled),
            answered=Count("pk", filter=~gone & settled),
            gone=Count("pk", filter=gone & ~settled),
        )
    )
    wanted = found.exclude(gone).filter(annotation__is_settled=is_answered)
    shown = Paginator(_ordered(wanted, viewer), REQUESTS_ON_A_PAGE).get_page(page)
    anchors = list(shown.object_list)
    answers = _answers(anchors) if is_answered else {}
    entries = [_request(each, answers.get(each.annotation_id, ())) for each in anchors]
    return Requests(shown, entries, is_answered, number)


def _ordered(found: QuerySet[Anchor], viewer: User | AnonymousUser) -> QuerySet[Anchor]:
    asks = Ask.objects.counted().filter(question=OuterRef("annotation")).order_by().values("question")
    told = found.annotate(
        number=Subquery(asks.annotate(number=Count("pk")).values("number")),
        since=Subquery(asks.annotate(since=Min("created_at")).values("since")),
        own=Exists(Ask.objects.filter(question=OuterRef("annotation"), reader=viewer.pk)),
    )
    told = told.select_related("annotation__creator", "annotation__article__current_revision", "paragraph")
    told = told.defer("annotation__article__current_revision__text", "annotation__article__current_revision__changes")
    return told.order_by("-number", "since", "annotation")


def _answers(anchors: Sequence[Anchor]) -> Mapping[int, Sequence[Answer]]:
    """Give what answers each question, by its id, with the title of its first source."""
    standing = Answer.objects.standing().titled().filter(question__in=[each.annotation_id for each in anchors])
    found: dict[int, list[Answer]] = defaultdict(list)
    for each in standing.select_related("annotation__creator").order_by("pk"):
        found[each.question_id].append(each)
    return found


def _request(anchor: Anchor, answers: Sequence[Answer]) -> Request:
    told = vars(anchor)
    return Request(
        question=anchor.annotation,
        excerpt=_excerpt(anchor),
        span=anchor.span,
        block=anchor.paragraph.name if anchor.paragraph else "",
        number=told["number"],
        since=told["since"],
        is_asked=told["own"],
        answers=answers[:MOST_ANSWERS],
    )


def _excerpt(anchor: Anchor) -> Excerpt | None:
    """Give the words with what stands before and after them in their sentences, as far as their block goes."""
    if anchor.span is None or anchor.paragraph is None:
        return None
    text = anchor.paragraph.text
    start, end = anchor.span.shifted(-anchor.paragraph.start)
    end = min(end, len(text))
    around = [Span(*each) for each in anchor.paragraph.sentences if Span(*each).overlaps(Span(start, end))]
    first = min((each.start for each in around), default=start)
    last = max((each.end for each in around), default=end)
    return Excerpt(
        _last_words(text[min(first, start) : start]),
        shorten(text[start:end], _WORDS_LENGTH),
        shorten(text[end : max(last, end)], _BESIDE_LENGTH),
    )


def _last_words(words: str) -> str:
    """Give the end of what stands before, cut between two words."""
    if len(words) <= _BESIDE_LENGTH:
        return words
    return "…" + words[-_BESIDE_LENGTH:].partition(" ")[2]
