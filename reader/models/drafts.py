"""Drafts: texts in the making, which only editors see."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from reader.models.articles import Article
from reader.models.revisions import Revision
from reader.text.blocks import Block, Document

# Work that has not gone a step on for so long has stopped with the process that did it.
STUCK_AFTER = timedelta(minutes=2)
WAITING = "Waiting for its turn"


class DraftQuerySet(models.QuerySet["Draft"]):
    def unfinished(self) -> Self:
        """Keep what an editor still has before them: neither published nor thrown away."""
        return self.exclude(state__in=(Draft.State.PUBLISHED, Draft.State.DISCARDED))

    def discarded(self) -> Self:
        return self.filter(state=Draft.State.DISCARDED)

    def without_text(self) -> Self:
        """Leave out what is long, for lists."""
        return self.defer("blocks", "given", "dropped", "article__current_revision__text")

    def with_article(self) -> Self:
        return self.select_related("article__current_revision", "base", "creator").defer("base__text")


class Draft(models.Model):
    """What the next revision of an article is to say, or the first one of a text that is being imported."""

    class State(models.TextChoices):
        READING = "reading", "Being read in"
        OPEN = "open", "In the making"
        SCHEDULED = "scheduled", "Waiting for its time"
        PUBLISHING = "publishing", "Being published"
        PUBLISHED = "published", "Published"
        DISCARDED = "discarded", "Thrown away"

    class Format(models.TextChoices):
        PLAIN = "plain", "Plain text"
        MARKDOWN = "markdown", "Markdown"
        HTML = "html", "HTML"
        ADDRESS = "address", "A web address"

    # Empty until an import has been read.
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="drafts")
    # The revision it was made from, and the one it became.
    base = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.OneToOneField(Revision, models.PROTECT, null=True, blank=True, related_name="draft")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="drafts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # Counts saves, so that of two people saving at once the second is told.
    version = models.PositiveIntegerField(default=1)

    title = models.CharField(max_length=300, blank=True)
    kicker = models.CharField(max_length=100, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    author_note = models.TextField(blank=True)
    # The fields of reader.text.blocks.Block, one object a block.
    blocks = models.JSONField(default=list)
    note = models.TextField("correction note", blank=True)

    # Of an import: what was given (text, or the address), and what was left out of the article as furniture.
    given = models.TextField(blank=True)
    format = models.CharField(max_length=10, choices=Format.choices, blank=True)
    dropped = models.JSONField(default=list)
    # What was said of the article, which goes with its last draft and comes back with it: the fields of
    # reader.drafting.Facts.
    facts = models.JSONField(default=dict, blank=True)

    publish_at = models.DateTimeField(null=True, blank=True)
    # What is being done now and how far it is, in hundredths; what stood in the way the last time.
    step = models.CharField(max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When it last was saved or went a step on.
    updated_at = models.DateTimeField(auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("-updated_at",)
        indexes = (
            # The desk: what is unfinished, by state, the latest first.
            models.Index(fields=("state", "-updated_at"), name="draft_by_state"),
        )

    def __str__(self) -> str:
        return self.title or "A text being read in"

    def get_absolute_url(self) -> str:
        return reverse("draft", args=[self.pk])

    @property
    def document(self) -> Document:
        """Give the text as it is published."""
        return Document(
            title=self.title,
            kicker=self.kicker,
            byline=self.byline,
            author_note=self.author_note,
            blocks=tuple(Block(**block) for block in self.blocks),
            dropped=tuple(self.dropped),
        )

    def put(self, blocks: Sequence[Block]) -> None:
        """Replace its blocks; saving is the caller's."""
        self.blocks = [asdict(block) for block in blocks]

    @property
    def is_editable(self) -> bool:
        return self.state in {self.State.OPEN, self.State.SCHEDULED}

    @property
    def is_busy(self) -> bool:
        """Say whether something is being done to it now, so that nobody may edit it."""
        return self.state in {self.State.READING, self.State.PUBLISHING}

    @property
    def is_stuck(self) -> bool:
        """Say whether what is being done to it seems to have stopped, so that it can be begun again."""
        return self.is_busy and self.updated_at < timezone.now() - STUCK_AFTER

    def begin(self, state: "Draft.State") -> None:
        """Let it wait for the worker, to be read in or published; saving is the caller's."""
        self.state, self.step, self.progress, self.problem = state, WAITING, 0, ""

    @property
    def is_overtaken(self) -> bool:
        """Say whether another revision was published since it was begun."""
        return self.article is not None and self.base_id != self.article.current_revision_id
