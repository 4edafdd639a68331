"""The small maps of many articles at once."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count as CountOf
from django.db.models import Q

from annotations import mapping, signs
from annotations.models import Anchor, Annotation
from reader.models import Article, Paragraph


def read_maps(articles: Sequence[Article]) -> dict[int, tuple[Sequence[mapping.Column], Sequence[signs.Count]]]:
    """Give the map and the counts of each article, by its id, in two queries for all."""
    revisions = [article.current_revision_id for article in articles]
    numbers: dict[int | None, dict[str, int]] = defaultdict(dict)
    totals: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    # The state is asked of what is counted and not of all rows: else SQLite begins with the published annotations of
    # the whole site and looks for these articles among them.
    published = Q(annotation__state=Annotation.State.PUBLISHED)
    counted = (
        Anchor.objects.filter(revision__in=revisions)
        .exclude(status=Anchor.Status.ORPHANED)
        .values_list("revision__article", "paragraph", "annotation__sign")
        .annotate(number=CountOf("id", filter=published))
        .order_by()
    )
    for article_id, paragraph_id, sign, number in counted:
        numbers[paragraph_id][sign] = number
        totals[article_id][sign] += number
    stretches: dict[int, list[mapping.Stretch]] = defaultdict(list)
    blocks = Paragraph.objects.filter(revision__in=revisions, name__startswith="p").only(
        "name", "start", "end", "revision"
    )
    for paragraph in blocks.order_by("revision", "position"):
        stretches[paragraph.revision_id].append(stretch(paragraph, signs.counts(numbers[paragraph.pk])))
    return {
        article.pk: (
            mapping.draw(stretches[article.current_revision_id or 0], is_right_to_left=article.direction == "rtl"),
            signs.counts(totals[article.pk]),
        )
        for article in articles
    }


def stretch(paragraph: Paragraph, counts: Sequence[signs.Count]) -> mapping.Stretch:
    """Give a paragraph as the map needs it."""
    return mapping.Stretch(paragraph.name, paragraph.number, paragraph.end - paragraph.start, counts)
