"""Reading threads: those in one place, a page at a time and as a filter leaves them, or the one round an annotation."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from annotations import filtering, restating
from annotations.filtering import Filter, annotation_id
from annotations.models import Anchor, Annotation
from annotations.models.annotations import AnnotationQuerySet
from annotations.threads.gathering import gather, told
from annotations.threads.posts import Thread
from reader.models import Article, Paragraph, User
from reader.text.spans import Span

# Threads on one page of a paragraph; the rest are a link away.
PAGE_LENGTH = 50


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
    within: Span | None = None,
    page: str = "1",
    at: str = "",
    narrowing: Filter = filtering.ALL,
) -> ThreadPage:
    """Give a page of the threads whose words touch the paragraph, in their order unless another is asked for.

    Where `within` is given, only those that touch these words of it. `at` is the id of an annotation: the page that
    holds it is given, and its thread is there whatever the filter says.
    """
    roots = Annotation.objects.overlapping(within or paragraph.span, revision_id=paragraph.revision_id)
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
    """Give a page of the threads about the article as a whole: the same words for all, unless an order is asked for."""
    assert article.current_revision_id is not None  # noqa: S101  (only published articles are read)
    roots = Annotation.objects.on(article).filter(target=Annotation.Target.ARTICLE)
    standing = _Standing(roots, article.current_revision_id, viewer, narrowing)
    return _page(standing.ordered(start="start"), page=page, at=at)


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
    threads = gather(told(roots).standing_for(viewer), viewer, asked=annotation.pk)
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
        roots = roots.annotate(is_restated=restating.is_fairly_restated("pk"))
        # What readers on both sides find helpful comes first: two can agree on a fair restatement, and this takes many.
        bridging, *helpful = filtering.best("pk")
        among = [bridging, F("is_restated").desc(), *helpful]
        return self._replace(roots=roots.order_by(*self.narrowing.sorting(head="pk", start=start, among=among)))

    def all(self) -> AnnotationQuerySet:
        """Give all that have a place on the viewer's page."""
        return told(self.roots).standing_for(self.viewer)

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
        gather(shown.object_list, standing.viewer, asked=wanted, since=standing.narrowing.since),
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
