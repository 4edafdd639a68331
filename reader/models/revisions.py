"""Revisions: unchanging states of an article, as ordered blocks."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from reader.models.articles import Article
from reader.models.pictures import Picture
from reader.text import naming
from reader.text.blocks import Block
from reader.text.openings import opening
from reader.text.spans import Span


class Revision(models.Model):
    """One state of an article: its head matter and its canonical text. Never changed once written."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    kicker = models.CharField(max_length=100, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    author_note = models.TextField(blank=True)
    # The blocks' plain texts joined by one newline; every offset in the system counts code points in it.
    text = models.TextField()
    note = models.TextField("correction note", blank=True)
    # What became of the blocks of the revision before: [[what, [names before], [names after]], …] as
    # reader.text.naming tells it, without those kept.
    changes = models.JSONField(default=list, blank=True, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("article", "number")
        constraints = (models.UniqueConstraint(fields=("article", "number"), name="revision_number_once"),)

    def __str__(self) -> str:
        return f"{self.title} (revision {self.number})"

    def get_absolute_url(self) -> str:
        return reverse("revision", args=[self.article.slug, self.number])

    @property
    def following(self) -> "Revision | None":
        """Give the revision that replaced it, or None for the current one."""
        return self.article.revisions.defer("text").filter(number=self.number + 1).first()

    def quote(self, span: Span) -> str:
        """Give the words at a span of the canonical text."""
        return self.text[span.start : span.end]


class ParagraphQuerySet(models.QuerySet["Paragraph"]):
    def overlapping(self, span: Span) -> Self:
        """Keep the blocks that share at least one code point with the span, first to last."""
        return self.filter(start__lt=span.end, end__gt=span.start).order_by("position")

    def with_article(self) -> Self:
        """Add the revision and its article, but not the whole text and its changes again with every block of it."""
        return self.select_related("revision__article", "picture").defer("revision__text", "revision__changes")

    def numbered(self) -> Self:
        """Keep what readers count as paragraphs: no captions, headings or notes."""
        return self.filter(name__startswith="p")


class Paragraph(models.Model):
    """One block of a revision, with its permanent name."""

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph"
        HEADING = "heading"
        QUOTE = "quote"
        LIST_ITEM = "list item"
        FIGURE = "figure"
        TABLE = "table"
        CODE = "code"
        FOOTNOTE = "footnote"
        NOTE = "note"

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="paragraphs")
    position = models.PositiveIntegerField()
    # Given once and never derived again: p7 stays p7 wherever it moves.
    name = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PARAGRAPH)
    html = models.TextField()
    text = models.TextField()
    # As in reader.text.blocks: how deep a heading or list item stands, what stands before it, and its picture.
    level = models.PositiveSmallIntegerField(default=0)
    marker = models.CharField(max_length=12, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    alt = models.TextField("alternative text", blank=True)
    # Code points in the revision's canonical text, end excluded.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # [[start, end], ...] in code points of this block's own text.
    sentences = models.JSONField(default=list)

    objects = ParagraphQuerySet.as_manager()

    class Meta:
        ordering = ("revision", "position")
        constraints = (
            models.UniqueConstraint(fields=("revision", "position"), name="paragraph_position_once"),
            models.UniqueConstraint(fields=("revision", "name"), name="paragraph_name_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def block(self) -> Block:
        """Give it as it is worked on, in a draft of the next revision."""
        return Block(
            kind=self.kind,
            html=self.html,
            key=self.name,
            level=self.level,
            marker=self.marker,
            image=self.picture_id or "",
            alt=self.alt,
            name=self.name,
        )

    @property
    def span(self) -> Span:
        """Give where the block lies in the canonical text."""
        return Span(self.start, self.end)

    @property
    def is_numbered(self) -> bool:
        """Say whether readers see its number beside the text: not for captions, headings and notes."""
        return self.name.startswith("p")

    @property
    def number(self) -> str:
        """Give the part of the name that readers see beside the text: 7 for p7."""
        return self.name[1:]

    @property
    def label(self) -> str:
        """Give what the block is called in a sentence: paragraph 7, caption 1."""
        return naming.label(self.name)

    @property
    def sentence_spans(self) -> list[Span]:
        """Give the sentences as spans of the canonical text."""
        return [Span(self.start + start, self.start + end) for start, end in self.sentences]

    @property
    def opening(self) -> str:
        """Give how it begins, for whoever asks what its page is about."""
        return opening(words for _, words in self.sentence_choices)

    @property
    def sentence_choices(self) -> list[tuple[str, str]]:
        """Give each sentence as a choice of a form: its key (s0, s1, …) and its words."""
        return [(f"s{index}", self.text[start:end]) for index, (start, end) in enumerate(self.sentences)]
