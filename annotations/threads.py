"""What readers say in one place, each statement with its answers, as one viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import NamedTuple, cast

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotations import filtering, placing, reception, whereabouts
from annotations.filtering import Filter, annotation_id
from annotations.models import Anchor, Annotation, ModerationEntry, Subscription
from annotations.models.annotations import AnnotationQuerySet
from annotations.reception import Reception
from annotations.whereabouts import Whereabouts
from reader.models import Article, Paragraph, User
from reader.text.comparison import MOST_COMPARED, Piece, compare
from reader.text.spans import Span

# Threads on one page of a paragraph; the rest are a link away.
PAGE_LENGTH = 50
# Answers to answers are indented this far and no farther: a phone has room for no more.
MOST_INDENTED = 3
# More replies than a reader looks through unasked are folded; so are more answers to one of them.
MOST_UNFOLDED = 10
MOST_BELOW_ONE = 3


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
    # What it answers; None for the head of the thread.
    answered: "Post | None" = field(default=None, repr=False, compare=False)
    # Until when the viewer may undo that they withdrew it.
    returnable_until: datetime | None = None
    # Whether it is newer than what the viewer has seen, and another's.
    is_new: bool = False
    # Of the head of a thread: whether the viewer follows it, and whether they write in it, which is as good.
    is_followed: bool = False
    is_taken_part_in: bool = False
    # What others did about it; None for a stub.
    reception: Reception | None = None

    @property
    def indent(self) -> int:
        return min(self.depth, MOST_INDENTED)

    @property
    def is_beyond_indent(self) -> bool:
        """Say whether the indent no longer tells what it answers."""
        return self.depth > MOST_INDENTED

    @property
    def label(self) -> str:
        """Name it in a few words: Note by ada. A stub does not say whose it was."""
        is_question = self.annotation.kind == Annotation.Kind.QUESTION
        kind = "Question" if is_question else self.annotation.get_kind_display()
        if not self.is_stub:
            return f"{kind} by {self.annotation.creator}"
        return f"{kind}, {'hidden' if self.annotation.is_hidden else 'withdrawn'}"

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
class Branch:
    """One answer to the head of a thread, and all that was said to it in turn, each after what it answers."""

    first: Post
    rest: Sequence[Post]
    # Whether what was asked for is in it, or something new.
    is_wanted: bool

    @property
    def is_foldable(self) -> bool:
        return len(self.rest) > MOST_BELOW_ONE

    @property
    def number(self) -> int:
        """Give how many answers below the first can be read."""
        return sum(not post.is_stub for post in self.rest)


@dataclass(frozen=True)
class Thread:
    """One statement and the answers to it, each answer after what it answers.

    `asked` is the id of the annotation that the viewer came for.
    """

    head: Post
    replies: Sequence[Post]
    asked: int | None = None

    @property
    def number(self) -> int:
        """Give how many answers can be read."""
        return sum(not post.is_stub for post in self.replies)

    @property
    def is_long(self) -> bool:
        return len(self.replies) > MOST_UNFOLDED

    @property
    def is_open(self) -> bool:
        """Say whether the answers are shown; those of a long thread only when one was asked for, or is new."""
        return not self.is_long or any(branch.is_wanted for branch in self.branches)

    @property
    def new(self) -> int:
        """Give how many answers are new."""
        return sum(post.is_new for post in self.replies)

    @cached_property
    def branches(self) -> Sequence[Branch]:
        """Give the answers to the head, each with what follows from it."""
        starts = [place for place, post in enumerate(self.replies) if post.depth == 1]
        parts = [self.replies[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
        return [
            Branch(part[0], part[1:], any(post.is_new or post.annotation.pk == self.asked for post in part))
            for part in parts
        ]

    def find(self, annotation: Annotation) -> Post | None:
        """Give the annotation's place in the thread, or None where it is not shown."""
        return next((post for post in (self.head, *self.replies) if post.annotation.pk == annotation.pk), None)


class ThreadPage(Page[Thread]):
    """A page of the threads in one place: `kept` of them pass the filter, `whole` is how many there are without it."""

    def __init__(
        self, threads: Sequence[Thread], number: int, paginator: "Paginator[Thread]", *, kept: int, whole: int
    ) -> None:
        super().__init__(threads, number, paginator)
        self.kept = kept
        self.whole = whole

    @property
    def is_beside_the_filter(self) -> bool:
        """Say whether a thread is there that was come for and does not pass the filter."""
        return self.paginator.count > self.kept


def on_paragraph(
    paragraph: Paragraph,
    viewer: User | AnonymousUser,
    *,
    page: str = "1",
    at: str = "",
    narrowing: Filter = filtering.ALL,
) -> ThreadPage:
    """Give a page of the threads whose words touch the paragraph, in their order unless another is asked for.

    `at` is the id of an annotation: the page that holds it is given, and its thread is there whatever the filter says.
    """
    roots = Annotation.objects.overlapping(paragraph.span, revision_id=paragraph.revision_id)
    standing = _Standing(roots, paragraph.revision_id, viewer, narrowing)
    return _page(standing.ordered(start="anchors__start"), page=page, at=at)


def about_article(
    article: Article,
    viewer: User | AnonymousUser,
    *,
    page: str = "1",
    at: str = "",
    narrowing: Filter = filtering.ALL,
) -> ThreadPage:
    """Give a page of the threads about the article as a whole, oldest first unless another order is asked for."""
    assert article.current_revision_id is not None  # noqa: S101  (only published articles are read)
    roots = Annotation.objects.on(article).filter(target=Annotation.Target.ARTICLE)
    standing = _Standing(roots, article.current_revision_id, viewer, narrowing)
    return _page(standing.ordered(start="pk"), page=page, at=at)


def orphaned(
    article: Article,
    viewer: User | AnonymousUser,
    *,
    page: str = "1",
    at: str = "",
    narrowing: Filter = filtering.ALL,
) -> ThreadPage:
    """Give a page of the threads about words that are gone, what was removed last first."""
    assert article.current_revision_id is not None  # noqa: S101  (only published articles are read)
    roots = Annotation.objects.filter(
        anchors__revision=article.current_revision_id, anchors__status=Anchor.Status.ORPHANED
    )
    roots = roots.order_by(F("anchors__removed_in").desc(nulls_last=True), "-id")
    return _page(_Standing(roots, article.current_revision_id, viewer, narrowing), page=page, at=at)


def around(annotation: Annotation, viewer: User | AnonymousUser) -> Thread | None:
    """Give the whole thread the annotation belongs to, or None when nothing of it may be shown."""
    roots = Annotation.objects.filter(pk=annotation.root_id or annotation.pk)
    threads = _threads(_told(roots).standing_for(viewer), viewer, asked=annotation.pk)
    return threads[0] if threads else None


class _Standing(NamedTuple):
    """The heads of the threads in one place, and who wants to see which of them."""

    roots: AnnotationQuerySet
    revision_id: int
    viewer: User | AnonymousUser
    narrowing: Filter

    def ordered(self, *, start: str) -> "_Standing":
        """Put them in the order that is asked for; `start` is what they call the beginning of their words."""
        counted = self.narrowing.sort == "answered"
        roots = self.roots.annotate(answers=filtering.answers("pk")) if counted else self.roots
        return self._replace(roots=roots.order_by(*self.narrowing.sorting(head="pk", start=start)))

    def all(self) -> AnnotationQuerySet:
        """Give all that have a place on the viewer's page."""
        return _told(self.roots).standing_for(self.viewer)

    def kept(self, at: int | None) -> AnnotationQuerySet:
        """Give what the filter leaves of them, and the thread of the annotation that was come for."""
        if not self.narrowing.is_narrow:
            return self.all()
        heads = self.narrowing.heads(self.revision_id, self.viewer).visible_to(self.viewer)
        kept = Q(pk__in=heads.values("pk"))
        if at is not None:
            kept |= Q(pk__in=Annotation.objects.filter(pk=at).order_by().values_list(Coalesce("root", "pk")))
        return self.all().filter(kept)


def _page(standing: _Standing, *, page: str, at: str) -> ThreadPage:
    wanted = annotation_id(at)
    kept = standing.kept(wanted)
    paginator = Paginator(kept, PAGE_LENGTH)
    if wanted is not None and paginator.num_pages > 1:
        page = str(_page_of(kept, wanted) or page)
    shown = paginator.get_page(page)
    # A page of annotations becomes the same page of their threads.
    return ThreadPage(
        _threads(shown.object_list, standing.viewer, asked=wanted, since=standing.narrowing.since),
        shown.number,
        cast("Paginator[Thread]", paginator),
        kept=standing.kept(None).count() if wanted is not None and standing.narrowing.is_narrow else paginator.count,
        whole=standing.all().count() if standing.narrowing.is_narrow else paginator.count,
    )


def _page_of(standing: QuerySet[Annotation], at: int) -> int | None:
    """Give the page with the thread that an annotation belongs to, None when there is none such."""
    head = Annotation.objects.filter(pk=at).values_list("root", flat=True).first() or at
    ids = list(standing.values_list("pk", flat=True))
    return ids.index(head) // PAGE_LENGTH + 1 if head in ids else None


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


def _threads(
    roots: Iterable[Annotation], viewer: User | AnonymousUser, *, asked: int | None, since: int | None = None
) -> list[Thread]:
    heads = list(roots)
    answers: dict[int | None, list[Annotation]] = defaultdict(list)
    for answer in _told(Annotation.objects.filter(root__in=heads)).order_by("id"):
        answers[answer.root_id].append(answer)
    readable = [each for each in chain(heads, *answers.values()) if each.is_readable_by(viewer)]
    received = reception.of(readable, viewer)
    places = whereabouts.of(heads)
    may_place = placing.may_place(viewer)
    followed = _followed(heads, viewer)
    posts = [
        replace(
            _post(head, None, viewer, received, places.get(head.pk), may_place=may_place),
            is_followed=head.pk in followed,
            is_taken_part_in=any(each.is_published and each.is_by(viewer) for each in (head, *answers[head.pk])),
            is_new=_is_new(head, viewer, since),
        )
        for head in heads
    ]
    return [Thread(post, _replies(post, answers[post.annotation.pk], viewer, received, since), asked) for post in posts]


def _followed(heads: Sequence[Annotation], viewer: User | AnonymousUser) -> set[int | None]:
    """Give which of these threads the viewer follows, by their heads, in one query; strangers follow none."""
    if not viewer.is_authenticated:
        return set()
    followed = Subscription.objects.filter(follower=viewer, thread__in=[head.pk for head in heads])
    return set(followed.values_list("thread", flat=True))


def _replies(
    head: Post,
    answers: Sequence[Annotation],
    viewer: User | AnonymousUser,
    received: Mapping[int, Reception],
    since: int | None,
) -> list[Post]:
    """Order the answers, oldest first, each after what it answers; a stub that nothing needs is left out."""
    children: dict[int | None, list[Annotation]] = defaultdict(list)
    # An answer is younger than what it answers, so that going backwards meets the leaves first.
    for answer in reversed(answers):
        if answer.is_readable_by(viewer) or answer.is_returnable_by(viewer) or children[answer.pk]:
            children[answer.parent_id].append(answer)
    posts: list[Post] = []
    waiting = [(answer, head) for answer in children[head.annotation.pk]]
    while waiting:
        answer, answered = waiting.pop()
        post = replace(_post(answer, answered, viewer, received), is_new=_is_new(answer, viewer, since))
        posts.append(post)
        waiting.extend((child, post) for child in children[answer.pk])
    return posts


def _post(
    annotation: Annotation,
    answered: Post | None,
    viewer: User | AnonymousUser,
    received: Mapping[int, Reception],
    whereabouts: Whereabouts | None = None,
    *,
    may_place: bool = False,
) -> Post:
    is_readable = annotation.is_readable_by(viewer)
    return Post(
        annotation=annotation,
        depth=answered.depth + 1 if answered else 0,
        is_stub=not is_readable,
        is_own=annotation.is_by(viewer),
        hidden_reason=(vars(annotation)["hidden_reason"] or "") if annotation.is_hidden and is_readable else "",
        whereabouts=whereabouts,
        is_placeable=may_place and is_readable and placing.is_placeable(annotation),
        answered=answered,
        returnable_until=annotation.returnable_until if annotation.is_returnable_by(viewer) else None,
        reception=received.get(annotation.pk),
    )


def _is_new(annotation: Annotation, viewer: User | AnonymousUser, since: int | None) -> bool:
    is_later = since is not None and annotation.pk > since
    return is_later and annotation.is_readable_by(viewer) and not annotation.is_by(viewer)
