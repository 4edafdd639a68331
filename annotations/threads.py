"""What readers say in one place, each statement with its answers, as one viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Substr

from annotations import placing
from annotations.models import Anchor, Annotation, ModerationEntry
from annotations.models.annotations import AnnotationQuerySet
from reader.models import Article, Paragraph, User
from reader.text import naming
from reader.text.comparison import MOST_COMPARED, Piece, compare
from reader.text.spans import Span

# Threads on one page of a paragraph; the rest are a link away.
PAGE_LENGTH = 50
# Answers to answers are indented this far and no farther: a phone has room for no more.
MOST_INDENTED = 3


class Whereabouts(NamedTuple):
    """Where an annotation's words are in the current revision, and what has become of them.

    Blocks are given by their names, revisions by their numbers.
    """

    annotation: int
    key: str
    status: str
    span: Span | None
    # The block it stands on; empty for the whole article and for words that are gone.
    block: str
    # The block and the revision it was written about.
    home: str
    written_in: int
    # What a changed passage says now, as far as it is compared.
    now: str
    edited_in: int | None
    removed_in: int | None
    stood_in: str
    is_confirmed: bool
    is_by_hand: bool

    @property
    def block_label(self) -> str:
        return _label(self.block)

    @property
    def home_label(self) -> str:
        return _label(self.home)

    @property
    def stood_label(self) -> str:
        return _label(self.stood_in)


@dataclass(frozen=True)
class Post:
    """An annotation in its thread. A stub shows that something stood here, which others answered."""

    annotation: Annotation
    depth: int
    is_stub: bool
    is_own: bool
    # Why a moderator hid it: for its writer and for moderators.
    hidden_reason: str = ""
    # What has become of its words; None for replies, which have none of their own.
    whereabouts: Whereabouts | None = None
    # Whether the viewer may say where it belongs.
    is_placeable: bool = False

    @property
    def indent(self) -> int:
        return min(self.depth, MOST_INDENTED)

    @property
    def place(self) -> Span | None:
        """Give where its words lie in the current revision; None unless it is about a passage that is still there."""
        is_about_words = self.annotation.target == Annotation.Target.PASSAGE
        return self.whereabouts.span if self.whereabouts and is_about_words else None

    @property
    def paragraph_name(self) -> str:
        """Give the block it stands on now: empty for replies, the whole article and words that are gone."""
        return self.whereabouts.block if self.whereabouts else ""

    @property
    def is_orphaned(self) -> bool:
        return self.whereabouts is not None and self.whereabouts.status == Anchor.Status.ORPHANED

    @property
    def is_asked(self) -> bool:
        """Say whether its writer is asked if it still applies to the words as they are now."""
        at = self.whereabouts
        is_changed = at is not None and at.status == Anchor.Status.CHANGED and not at.is_confirmed
        return is_changed and self.is_own and self.annotation.is_published

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """Give the words then and now, compared; none unless they were edited, and where they are too long to tell."""
        at = self.whereabouts
        if at is None or at.status != Anchor.Status.CHANGED:
            return ()
        then = self.annotation.exact
        return compare(then, at.now) if max(len(then), len(at.now)) <= MOST_COMPARED else ()


@dataclass(frozen=True)
class Thread:
    """One statement and the answers to it, each answer after what it answers."""

    head: Post
    replies: Sequence[Post]

    def find(self, annotation: Annotation) -> Post | None:
        """Give the annotation's place in the thread, or None where it is not shown."""
        return next((post for post in (self.head, *self.replies) if post.annotation.pk == annotation.pk), None)


def on_paragraph(
    paragraph: Paragraph, viewer: User | AnonymousUser, *, page: str = "1", at: str = ""
) -> "Page[Thread]":
    """Give a page of the threads whose words touch the paragraph, in the order of the words.

    `at` is the id of an annotation: the page that holds it is given.
    """
    roots = Annotation.objects.filter(
        anchors__revision=paragraph.revision_id,
        anchors__start__lt=paragraph.end,
        anchors__end__gt=paragraph.start,
    )
    return _page(roots.order_by("anchors__start", "id"), viewer, page=page, at=at)


def about_article(article: Article, viewer: User | AnonymousUser, *, page: str = "1", at: str = "") -> "Page[Thread]":
    """Give a page of the threads about the article as a whole, oldest first."""
    roots = Annotation.objects.on(article).filter(target=Annotation.Target.ARTICLE)
    return _page(roots.order_by("id"), viewer, page=page, at=at)


def orphaned(article: Article, viewer: User | AnonymousUser, *, page: str = "1", at: str = "") -> "Page[Thread]":
    """Give a page of the threads about words that are gone, what was removed last first."""
    roots = Annotation.objects.filter(
        anchors__revision=article.current_revision_id, anchors__status=Anchor.Status.ORPHANED
    )
    return _page(roots.order_by(F("anchors__removed_in").desc(nulls_last=True), "-id"), viewer, page=page, at=at)


def around(annotation: Annotation, viewer: User | AnonymousUser) -> Thread | None:
    """Give the whole thread the annotation belongs to, or None when nothing of it may be shown."""
    roots = Annotation.objects.filter(pk=annotation.root_id or annotation.pk)
    threads = _threads(_told(roots).standing_for(viewer), viewer)
    return threads[0] if threads else None


def _page(roots: AnnotationQuerySet, viewer: User | AnonymousUser, *, page: str, at: str) -> "Page[Thread]":
    standing = _told(roots).standing_for(viewer)
    paginator = Paginator(standing, PAGE_LENGTH)
    if at and paginator.num_pages > 1:
        page = str(_page_of(standing, at) or page)
    shown = paginator.get_page(page)
    # A page of annotations becomes the same page of their threads.
    return Page(_threads(shown.object_list, viewer), shown.number, cast("Paginator[Thread]", paginator))


def _page_of(standing: QuerySet[Annotation], at: str) -> int | None:
    ids = list(standing.values_list("pk", flat=True))
    numbers = {str(pk): place // PAGE_LENGTH + 1 for place, pk in enumerate(ids)}
    return numbers.get(at)


def _told(annotations: AnnotationQuerySet) -> AnnotationQuerySet:
    """Add what a page tells of each annotation."""
    latest = ModerationEntry.objects.filter(annotation=OuterRef("pk"), action=ModerationEntry.Action.HIDE).order_by(
        "-id"
    )
    return (
        annotations.select_related("creator", "article__current_revision")
        .defer("article__current_revision__text")
        .prefetch_related("sources")
        .annotate(hidden_reason=Subquery(latest.values("reason")[:1]))
    )


def _threads(roots: Iterable[Annotation], viewer: User | AnonymousUser) -> list[Thread]:
    heads = list(roots)
    answers: dict[int | None, list[Annotation]] = defaultdict(list)
    for answer in _told(Annotation.objects.filter(root__in=heads)).order_by("id"):
        answers[answer.root_id].append(answer)
    places = _whereabouts(heads)
    may_place = placing.may_place(viewer)
    return [
        Thread(
            _post(head, 0, viewer, places.get(head.pk), may_place=may_place), _replies(head, answers[head.pk], viewer)
        )
        for head in heads
    ]


def _whereabouts(heads: Sequence[Annotation]) -> Mapping[int, Whereabouts]:
    """Give where the words of each are in the current revision, by the annotation, in one query."""
    written = Anchor.objects.filter(annotation=OuterRef("annotation"), revision=OuterRef("annotation__revision"))
    words = Substr(
        "revision__text",
        F("start") + 1,
        Case(
            When(end__lt=F("start") + MOST_COMPARED + 1, then=F("end") - F("start")), default=Value(MOST_COMPARED + 1)
        ),
    )
    current = Anchor.objects.filter(
        annotation__in=[head.pk for head in heads], revision=F("annotation__article__current_revision")
    )
    found = current.select_related("paragraph").annotate(
        home=Coalesce(Subquery(written.values("paragraph__name")), Value("")),
        written_in=F("annotation__revision__number"),
        now=Case(When(status=Anchor.Status.CHANGED, then=words), default=Value("")),
    )
    return {anchor.annotation_id: _told_of(anchor) for anchor in found}


def _told_of(anchor: Anchor) -> Whereabouts:
    told = vars(anchor)
    return Whereabouts(
        annotation=anchor.annotation_id,
        key=anchor.key,
        status=anchor.status,
        span=anchor.span,
        block=anchor.paragraph.name if anchor.paragraph else "",
        home=told["home"],
        written_in=told["written_in"],
        now=told["now"],
        edited_in=anchor.edited_in,
        removed_in=anchor.removed_in,
        stood_in=anchor.stood_in,
        is_confirmed=anchor.confirmed_at is not None,
        is_by_hand=anchor.set_by_id is not None,
    )


def _label(name: str) -> str:
    return naming.label(name).lower() if name else ""


def _replies(head: Annotation, answers: Sequence[Annotation], viewer: User | AnonymousUser) -> list[Post]:
    """Order the answers, oldest first, each after what it answers; a stub without answers is left out."""
    children: dict[int | None, list[Annotation]] = defaultdict(list)
    # An answer is younger than what it answers, so that going backwards meets the leaves first.
    for answer in reversed(answers):
        if answer.is_readable_by(viewer) or children[answer.pk]:
            children[answer.parent_id].append(answer)
    posts: list[Post] = []
    waiting = [(answer, 1) for answer in children[head.pk]]
    while waiting:
        answer, depth = waiting.pop()
        posts.append(_post(answer, depth, viewer))
        waiting.extend((child, depth + 1) for child in children[answer.pk])
    return posts


def _post(
    annotation: Annotation,
    depth: int,
    viewer: User | AnonymousUser,
    whereabouts: Whereabouts | None = None,
    *,
    may_place: bool = False,
) -> Post:
    is_readable = annotation.is_readable_by(viewer)
    return Post(
        annotation=annotation,
        depth=depth,
        is_stub=not is_readable,
        is_own=annotation.is_by(viewer),
        hidden_reason=(vars(annotation)["hidden_reason"] or "") if annotation.is_hidden and is_readable else "",
        whereabouts=whereabouts,
        is_placeable=may_place and is_readable and placing.is_placeable(annotation),
    )
