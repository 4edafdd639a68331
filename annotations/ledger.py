"""The ledger: beside each sentence the state of its evidence, read with the paragraphs and in no query of its own.

It states the whole evidence, whatever a reader's filter leaves of the entries beside it. What is withdrawn, hidden or
orphaned does not count; what is about the article as a whole is beside no sentence and counts in the whole. An earlier
revision has what stands on its own words, as far as that is still published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Field, Func, JSONField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONArray
from django.db.models.sql.compiler import SQLCompiler

from annotations.models import Anchor, Annotation
from annotations.tallying import Asked, Cited, Disputed, Evidence, Line, Tallies, tally
from reader.models import Paragraph
from reader.models.revisions import ParagraphQuerySet

_Anchors = QuerySet[Anchor]
_Columns = tuple[str | Coalesce, ...]

# What is read of each kind of evidence, seen from the anchor; the columns of Cited, Asked and Disputed, in their order.
_STORY = Coalesce("annotation__sources__document__same_as", "annotation__sources__document")
_CITED: _Columns = ("start", "end", "annotation__sources__stance", _STORY, "annotation__sources__is_verified")
_ASKED: _Columns = ("start", "end", "annotation", "annotation__asks__reader")
_DISPUTED: _Columns = ("start", "end", "annotation__grounds", "annotation__is_settled")

_NOTHING = Tallies()


@dataclass(frozen=True)
class Sums:
    """What each block of a text comes to, by name, where there is anything, and what all of it does."""

    blocks: Mapping[str, Tallies]
    whole: Tallies

    def of(self, name: str) -> Tallies:
        """Give what one block comes to."""
        return self.blocks.get(name, _NOTHING)


@dataclass(frozen=True)
class Ledger:
    """What is known of a text: the lines of its sentences, by the names of their blocks, and the sums."""

    # Of sentences beside which there is something.
    lines: Mapping[str, Sequence[Line]]
    sums: Sums
    # Questions that wait for a source.
    requests: int

    @property
    def supported(self) -> int:
        """Give how many sentences have evidence: a source for them, against them or for context."""
        return sum(line.tallies.has_sources for lines in self.lines.values() for line in lines)

    @property
    def disputed(self) -> int:
        """Give how many sentences somebody disagrees with, and that is not settled."""
        return sum(line.tallies.is_disputed for lines in self.lines.values() for line in lines)


class _Gathered(Func):
    """The rows of a subquery as one value, a list. Not an Aggregate, for which Django would group the rows."""

    function = "JSONB_AGG"
    arity = 1
    output_field: Field[Any, Any] = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)


def with_evidence(paragraphs: ParagraphQuerySet) -> ParagraphQuerySet:
    """Add to the first paragraph of each revision the evidence of all of it, for `read` and `sums`."""
    return paragraphs.annotate(
        cited=_on_the_first(_cited(), _CITED),
        asked=_on_the_first(_asked(), _ASKED),
        disputed=_on_the_first(_disputed(), _DISPUTED),
    )


def read(paragraphs: Sequence[Paragraph]) -> Ledger:
    """Give the ledger of a revision from all its paragraphs, which came `with_evidence`."""
    evidence, beside = _beside(paragraphs)
    lines = (
        (paragraph, _lines(paragraph, found)) for paragraph, found in zip(paragraphs, beside, strict=True) if found
    )
    return Ledger(
        lines={paragraph.name: [line for line in written if line.tallies] for paragraph, written in lines},
        sums=_sums(paragraphs, evidence, beside),
        requests=evidence.requests,
    )


def sums(paragraphs: Sequence[Paragraph]) -> Sums:
    """Give what each block comes to and what all do, without the words: from paragraphs that came `with_evidence`."""
    return _sums(paragraphs, *_beside(paragraphs))


def of_paragraph(paragraph: Paragraph) -> list[Line]:
    """Give the line of every sentence of one paragraph, in three queries."""
    here = {
        "revision": paragraph.revision_id,
        "start__lt": paragraph.end,
        "end__gt": paragraph.start,
    }
    return _lines(
        paragraph,
        Evidence(
            [Cited._make(row) for row in _cited().filter(**here).values_list(*_CITED)],
            [Asked._make(row) for row in _asked().filter(**here).values_list(*_ASKED)],
            [Disputed._make(row) for row in _disputed().filter(**here).values_list(*_DISPUTED)],
        ),
    )


def _cited() -> _Anchors:
    return _standing().filter(annotation__sources__isnull=False)


def _asked() -> _Anchors:
    """Give the anchors of questions that nothing answers yet."""
    return _standing().filter(
        annotation__kind=Annotation.Kind.QUESTION,
        annotation__is_settled=False,
        annotation__asks__reader__is_active=True,
    )


def _disputed() -> _Anchors:
    return _standing().filter(annotation__kind=Annotation.Kind.DISAGREEMENT)


def _standing() -> _Anchors:
    published = Anchor.objects.filter(annotation__state=Annotation.State.PUBLISHED)
    return published.exclude(status=Anchor.Status.ORPHANED).order_by()


def _on_the_first(anchors: _Anchors, columns: _Columns) -> Case:
    """Give the rows of a revision as a list, with its first paragraph only: read once, whatever stands on it."""
    rows = anchors.filter(revision=OuterRef("revision")).values(rows=_Gathered(JSONArray(*columns)))
    return Case(When(position=0, then=Subquery(rows)), default=None, output_field=JSONField())


def _beside(paragraphs: Sequence[Paragraph]) -> tuple[Evidence, list[Evidence]]:
    """Give all evidence, and what of it stands beside each paragraph."""
    # PostgreSQL gives no list where there are no rows, and an article may have no text yet.
    brought = vars(paragraphs[0]) if paragraphs else {}
    evidence = Evidence(
        [Cited._make(row) for row in brought.get("cited") or ()],
        [Asked._make(row) for row in brought.get("asked") or ()],
        [Disputed._make(row) for row in brought.get("disputed") or ()],
    )
    return evidence, evidence.beside([paragraph.span for paragraph in paragraphs])


def _sums(paragraphs: Sequence[Paragraph], evidence: Evidence, beside: Sequence[Evidence]) -> Sums:
    return Sums(
        {paragraph.name: tally(found) for paragraph, found in zip(paragraphs, beside, strict=True) if found},
        tally(evidence),
    )


def _lines(paragraph: Paragraph, evidence: Evidence) -> list[Line]:
    """Give the line of every sentence of a paragraph."""
    spans = paragraph.sentence_spans
    words = (words for _, words in paragraph.sentence_choices)
    found = zip(spans, words, evidence.beside(spans), strict=True)
    return [Line(f"s{number}", span, words, tally(beside)) for number, (span, words, beside) in enumerate(found)]
