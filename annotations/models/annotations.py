"""Annotations: one statement each, about a passage, a paragraph, an article or another annotation."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from annotations import states
from annotations.markdown import shorten
from annotations.signs import SIGNS, Sign
from reader.models import Article, Revision, User
from reader.text.spans import Span

BODY_MAX_LENGTH = 10_000
# Of the words it is about, as much as stands with it: two sentences or three.
QUOTED_LENGTH = 280
# What a question says that was asked by one click.
PLAIN_QUESTION = "What is the source for this?"
# For so long its writer may undo a withdrawal: enough to sleep on it, and to find it again next weekend.
WITHDRAWAL_UNDONE_WITHIN = timedelta(days=7)


def draw_lot() -> int:
    """Give a number by lot."""
    return secrets.randbelow(2**31)


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def pending(self) -> Self:
        """Keep what waits for a moderator to be shown."""
        return self.filter(state="pending")

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Keep what this viewer may read: what is published, and what is not only as its writer or a moderator."""
        return self.filter(_readable_by(viewer))

    def standing_for(self, viewer: User | AnonymousUser) -> Self:
        """Keep what has a place on this viewer's page: what they may read, and stubs.

        A stub stands for what others have answered, for what a moderator removed, and for what its writer withdrew and
        may yet bring back.
        """
        answered = Annotation.objects.published().filter(root=OuterRef("pk"))
        removed = Q(state__in=states.TOMBSTONES)
        return self.filter(_readable_by(viewer) | _returnable_by(viewer) | removed | Exists(answered))

    def by(self, creator: User) -> Self:
        return self.filter(creator=creator)

    def published(self) -> Self:
        return self.filter(state=Annotation.State.PUBLISHED)

    def withdrawable(self) -> Self:
        """Keep what its writer may take back."""
        return self.filter(state__in=states.MOVES[states.Action.WITHDRAW].sources)

    def overlapping(self, span: Span, *, revision_id: int | None) -> Self:
        """Keep what stands in a revision on words that overlap those of the span."""
        return self.filter(anchors__revision=revision_id, anchors__start__lt=span.end, anchors__end__gt=span.start)

    def on(self, article: Article) -> Self:
        return self.filter(article=article)

    def locked(self) -> Self:
        """Read what decides afresh, with the article, and keep it so until the transaction ends."""
        # Not the key: a reply being posted holds the article's row and needs this one's key, and must not wait for us.
        return self.select_for_update(of=("self",), no_key=True).select_related("article")

    def with_creator(self) -> Self:
        return self.select_related("creator")


def _readable_by(viewer: User | AnonymousUser) -> Q:
    published = Q(state__in=states.PUBLIC)
    others = Q(state__in=states.WRITERS)
    if viewer.has_perm("annotations.moderate_annotation"):
        return published | others
    if viewer.is_authenticated:
        return published | (others & Q(creator=viewer))
    return published


def _returnable_by(viewer: User | AnonymousUser) -> Q:
    if not viewer.is_authenticated:
        return Q(pk__in=())
    since = timezone.now() - WITHDRAWAL_UNDONE_WITHIN
    return Q(state=Annotation.State.WITHDRAWN, creator=viewer, withdrawn_at__gt=since)


class Annotation(models.Model):
    """One statement by one creator. It keeps for ever the words it was written against."""

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        SOURCE = "source", "Source"
        DISAGREEMENT = "disagreement", "Disagreement"
        QUESTION = "question", "Needs a source"
        REPLY = "reply", "Reply"

    class Target(models.TextChoices):
        PASSAGE = "passage"
        PARAGRAPH = "paragraph", "whole paragraph"
        ARTICLE = "article", "whole article"
        ANNOTATION = "annotation"

    class Grounds(models.TextChoices):
        FACTUAL_ERROR = "factual error", "Factual error"
        NUMBER = "number", "Number"
        OUTDATED = "outdated", "Outdated"
        MISSING_CONTEXT = "missing context", "Missing context"
        DOES_NOT_FOLLOW = "does not follow", "Does not follow"
        FRAMING = "framing", "Framing"
        UNSUPPORTED = "unsupported", "Unsupported"
        SOURCE_DOES_NOT_SAY_SO = "source does not say so", "The source does not say so"

    class State(models.TextChoices):
        PENDING = states.State.PENDING.value, "Waiting for a moderator"
        PUBLISHED = states.State.PUBLISHED.value, "Published"
        HIDDEN = states.State.HIDDEN.value, "Hidden by a moderator"
        DENIED = states.State.DENIED.value, "Sent back to its writer"
        SPAM = states.State.SPAM.value, "Marked as spam"
        REMOVED = states.State.REMOVED.value, "Removed by a moderator"
        WITHDRAWN = states.State.WITHDRAWN.value, "Withdrawn by its writer"

    article = models.ForeignKey(Article, models.PROTECT, related_name="annotations")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="annotations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # The annotation answered, and the one at the head of the thread; both empty where a thread begins.
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="thread")

    target = models.CharField(max_length=10, choices=Target.choices)
    # Where and what it was written against. Code points in the revision's canonical text, end excluded; empty for
    # the whole article and for replies. An Anchor says where those words lie in a later revision.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)

    # Of a question it may be empty; then body_html and gist hold PLAIN_QUESTION.
    body = models.TextField(help_text="Markdown.")
    # Rendered and sanitised once, when written.
    body_html = models.TextField(editable=False)
    gist = models.CharField(max_length=120, editable=False, help_text="One line of plain words for the margin.")
    # The sign beside it: its kind, and for a source its stance.
    sign = models.CharField(max_length=12, editable=False)
    grounds = models.CharField(max_length=24, choices=Grounds.choices, blank=True)
    would_change_my_mind = models.CharField(max_length=1000, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    # Counts edits, so that of two people editing at once the second is told.
    version = models.PositiveIntegerField(default=1)
    # Comes from the form: the same form posted twice makes one annotation.
    token = models.UUIDField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    # For a while its writer may undo the withdrawal; empty unless it is withdrawn.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # How often its writer has sent it again after a moderator had sent it back.
    resubmission_count = models.PositiveSmallIntegerField(default=0, editable=False)
    # Of a question, whether it is answered; of a disagreement, whether an editor's answer to it stands.
    is_settled = models.BooleanField(default=False, editable=False)

    # Its place among those about the same words while too few have rated it: drawn once, so that nobody is favoured.
    lot = models.PositiveIntegerField(default=draw_lot, editable=False)
    # What comes of its ratings (annotations.ranking), written with every rating so that pages can order by it. The
    # share and the score are empty until there are enough.
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    rating_share = models.FloatField(null=True, blank=True, editable=False)
    score = models.FloatField(null=True, blank=True, editable=False)
    is_bridging = models.BooleanField(default=False, editable=False)
    top_reasons = models.JSONField(default=list, editable=False)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        permissions = (("moderate_annotation", "Can hide and restore annotations"),)
        constraints = (
            models.UniqueConstraint(fields=("creator", "token"), name="annotation_posted_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=models.F("end")),
                name="annotation_span_in_order",
            ),
        )
        indexes = (
            # A reader's own page, newest first.
            models.Index(fields=("creator", "-created_at"), name="annotation_by_creator"),
            # The moderators' list, newest first.
            models.Index(fields=("state", "-created_at"), name="annotation_by_state"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}: {self.gist}"

    def get_absolute_url(self) -> str:
        return reverse("annotation", args=[self.pk])

    @property
    def span(self) -> Span | None:
        """Give where the words lay in the revision it was written against."""
        return None if self.start is None or self.end is None else Span(self.start, self.end)

    @property
    def is_quoted(self) -> bool:
        """Say whether it shows the words it is about: a passage's, and what it disputes though it be a paragraph."""
        is_disputed = self.kind == self.Kind.DISAGREEMENT and self.target == self.Target.PARAGRAPH
        return self.target == self.Target.PASSAGE or is_disputed

    @property
    def quotation(self) -> str:
        """Give the words it is about, as many as a reader wants to read again."""
        return shorten(self.exact, QUOTED_LENGTH)

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def statement(self) -> str:
        """Give what it says, in Markdown: its body, or what a question without words of its own asks."""
        return self.body or (PLAIN_QUESTION if self.kind == self.Kind.QUESTION else "")

    @property
    def written_at(self) -> datetime:
        """Give when the words as they stand were written."""
        return self.edited_at or self.created_at

    @property
    def returnable_until(self) -> datetime | None:
        """Give until when its withdrawal may be undone, or None when that is over, or it is not withdrawn."""
        if not self.is_withdrawn or self.withdrawn_at is None:
            return None
        until = self.withdrawn_at + WITHDRAWAL_UNDONE_WITHIN
        return until if timezone.now() < until else None

    @property
    def sign_shown(self) -> Sign:
        """Give the sign that stands beside it."""
        return SIGNS[self.sign]

    @property
    def is_pending(self) -> bool:
        return self.state == self.State.PENDING

    @property
    def is_denied(self) -> bool:
        return self.state == self.State.DENIED

    @property
    def is_taken_down(self) -> bool:
        """Say whether a moderator took it out of sight: hidden, sent back, marked as spam or removed."""
        return self.state in states.APPEALABLE

    @property
    def is_tombstone(self) -> bool:
        """Say whether it leaves a line that everybody sees."""
        return self.state in states.TOMBSTONES

    @property
    def key(self) -> str:
        """Name it as somebody read it, so that a decision about it can say when it has changed meanwhile."""
        return f"{self.state}.{self.version}"

    def is_readable_by(self, viewer: User | AnonymousUser) -> bool:
        """Say whether the viewer may read its words, as `visible_to` does for many."""
        if self.state in states.WRITERS:
            return self.is_by(viewer) or viewer.has_perm("annotations.moderate_annotation")
        return self.is_published

    def is_returnable_by(self, viewer: User | AnonymousUser) -> bool:
        """Say whether the viewer may undo its withdrawal."""
        return self.is_by(viewer) and self.returnable_until is not None

    def is_by(self, viewer: User | AnonymousUser) -> bool:
        """Say whether the viewer wrote it."""
        return self.creator_id == viewer.pk
