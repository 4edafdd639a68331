"""The small maps of many articles at once."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count as CountOf
from django.db.models import Q

from annotations import ledger, mapping, signs
from annotations.ledger import Sums
from annotations.models import Anchor, Annotation
from annotations.tallying import Tallies
from reader.models import Article, Paragraph


def read_maps(articles: Sequence[Article]) -> dict[int, tuple[Sequence[mapping.Column], Sequence[signs.Count]]]:
    """Give the map and the counts of each article, by its id, in two queries for all."""
    revisions = [article.current_revision_id for article in articles]
    blocks = ledger.with_evidence(Paragraph.objects.filter(revision__in=revisions))
    paragraphs: dict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in blocks.only("name", "start", "end", "revision").order_by("revision", "position"):
        paragraphs[paragraph.revision_id].append(paragraph)
    notes = _notes(revisions)
    maps: dict[int, tuple[Sequence[mapping.Column], Sequence[signs.Count]]] = {}
    for article in articles:
        found = paragraphs[article.current_revision_id or 0]
        sums = ledger.sums(found)
        stretches = [stretch(paragraph, sums) for paragraph in found if paragraph.is_numbered]
        columns = mapping.draw(stretches, is_right_to_left=article.direction == "rtl")
        maps[article.pk] = columns, with_notes(sums.whole, notes.get(article.current_revision_id, 0))
    return maps


def stretch(paragraph: Paragraph, sums: Sums) -> mapping.Stretch:
    """Give a paragraph as the map needs it."""
    length = paragraph.end - paragraph.start
    return mapping.Stretch(paragraph.name, paragraph.number, length, sums.of(paragraph.name).counts)


def with_notes(tallies: Tallies, notes: int) -> list[signs.Count]:
    """Give in numbers what a text comes to, and its notes, which are no evidence and not in the map."""
    return [*tallies.told, *signs.counts({"note": notes})]


def _notes(revisions: Sequence[int | None]) -> dict[int | None, int]:
    """Give how many notes stand beside each revision."""
    # The state is asked of what is counted and not of all rows: else SQLite begins with the published annotations of
    # the whole site and looks for these articles among them.
    published = Q(annotation__state=Annotation.State.PUBLISHED, annotation__sign=Annotation.Kind.NOTE)
    anchors = Anchor.objects.filter(revision__in=revisions).exclude(status=Anchor.Status.ORPHANED)
    counted = anchors.order_by().values_list("revision").annotate(number=CountOf("id", filter=published))
    return dict(counted)
