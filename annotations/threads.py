"""What readers say in one place, each statement with its answers, as one viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery

from annotations.models import Anchor, Annotation, ModerationEntry
from annotations.models.annotations import AnnotationQuerySet
from reader.models import Article, Paragraph, User
from reader.text.spans import Span

# Threads on one page of a paragraph; the rest are a link away.
PAGE_LENGTH = 50
# Answers to answers are indented this far and no farther: a phone has room for no more.
MOST_INDENTED = 3


@dataclass(frozen=True)
class Post:
    """An annotation in its thread. A stub shows that something stood here, which others answered."""

    annotation: Annotation
    depth: int
    is_stub: bool
    is_own: bool
    # Why a moderator hid it: for its writer and for moderators.
    hidden_reason: str = ""
    # Where its words lie in the current revision; None unless it is about a passage that is still there.
    place: Span | None = None
    # The block it stands on now: empty for replies, the whole article and words that are gone.
    paragraph_name: str = ""

    @property
    def indent(self) -> int:
        return min(self.depth, MOST_INDENTED)


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
    current = Anchor.objects.filter(annotation=OuterRef("pk"), revision=OuterRef("article__current_revision"))
    return (
        annotations.select_related("creator", "article__current_revision")
        .prefetch_related("sources")
        .annotate(
            hidden_reason=Subquery(latest.values("reason")[:1]),
            anchor_start=Subquery(current.values("start")),
            anchor_end=Subquery(current.values("end")),
            anchor_paragraph=Subquery(current.values("paragraph__name")),
        )
    )


def _threads(roots: Iterable[Annotation], viewer: User | AnonymousUser) -> list[Thread]:
    heads = list(roots)
    answers: dict[int | None, list[Annotation]] = defaultdict(list)
    for answer in _told(Annotation.objects.filter(root__in=heads)).order_by("id"):
        answers[answer.root_id].append(answer)
    return [Thread(_post(head, 0, viewer), _replies(head, answers[head.pk], viewer)) for head in heads]


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


def _post(annotation: Annotation, depth: int, viewer: User | AnonymousUser) -> Post:
    is_readable = annotation.is_readable_by(viewer)
    told = vars(annotation)
    is_about_words = annotation.target == Annotation.Target.PASSAGE and told["anchor_start"] is not None
    return Post(
        annotation=annotation,
        depth=depth,
        is_stub=not is_readable,
        is_own=annotation.is_by(viewer),
        hidden_reason=(told["hidden_reason"] or "") if annotation.is_hidden and is_readable else "",
        place=Span(told["anchor_start"], told["anchor_end"]) if is_about_words else None,
        paragraph_name=told["anchor_paragraph"] or "",
    )
