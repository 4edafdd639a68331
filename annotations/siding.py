"""On which side of the words readers stand who rated what is about them: what they said in public there, read at once.

A reader says something by what they wrote on overlapping words, and by agreeing or disagreeing with what others wrote
there, the rated annotation itself among them. `ranking.sides` says what comes of it. What is hidden or withdrawn says
nothing; neither do notes that cite nothing, questions and answers.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db.models import F, Q

from annotations import ranking
from annotations.models import Anchor, Annotation, Position
from annotations.ranking import Side


class _Row(NamedTuple):
    """One annotation in the current revision of its article, with the stance of one of its sources, if it has any."""

    annotation: int
    article: int
    creator: int
    target: str
    kind: str
    state: str
    start: int | None
    end: int | None
    stance: str | None

    def overlaps(self, other: "_Row") -> bool:
        """Say whether both are about the same words in part, or both about the same article as a whole.

        Where words are gone there is nothing to overlap.
        """
        if self.article != other.article:
            return False
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return self.target == other.target == Annotation.Target.ARTICLE
        return self.start < other.end and other.start < self.end


def of(raters: Mapping[int, Collection[int]], *, articles: Collection[int]) -> Mapping[tuple[int, int], Side]:
    """Give the side of each rater, by annotation and reader, in two queries whatever their number.

    `raters` are the ids of the readers who rated each annotation, by its id; `articles` those on which these stand.
    """
    readers = {reader for each in raters.values() for reader in each}
    taken = Position.objects.filter(reader__in=readers, annotation__article__in=articles)
    positions = list(taken.order_by().values_list("annotation", "reader", "is_agreeing"))
    about, leanings = _read(articles, readers, {*raters, *(pk for pk, _, _ in positions)})
    statements: dict[int, list[tuple[_Row, Side]]] = defaultdict(list)
    for pk, leaning in leanings.items():
        statements[about[pk].creator].append((about[pk], ranking.stated(leaning)))
    for pk, reader, is_agreeing in positions:
        if pk in leanings:
            statements[reader].append((about[pk], ranking.stated(leanings[pk], is_agreeing=is_agreeing)))
    return {
        (pk, reader): ranking.side(
            side
            for said, side in statements[reader]
            if said.annotation == pk or (pk in about and said.overlaps(about[pk]))
        )
        for pk, each in raters.items()
        for reader in each
    }


def _read(
    articles: Collection[int], creators: Collection[int], ids: Collection[int]
) -> tuple[Mapping[int, _Row], Mapping[int, Side]]:
    """Give what these readers wrote on these articles, and these annotations, by id; and how those lean that do."""
    anchors = Anchor.objects.filter(
        Q(annotation__creator__in=creators) | Q(annotation__in=ids),
        annotation__article__in=articles,
        revision=F("annotation__article__current_revision"),
    )
    columns = "", "__article", "__creator", "__target", "__kind", "__state"
    rows = anchors.order_by().values_list(
        *(f"annotation{column}" for column in columns), "start", "end", "annotation__sources__stance"
    )
    found: dict[int, _Row] = {}
    stances: dict[int, list[str]] = defaultdict(list)
    for row in map(_Row._make, rows):
        found[row.annotation] = row
        stances[row.annotation].append(row.stance or "")
    sides = {pk: _leaning(row, stances[pk]) for pk, row in found.items()}
    return found, {pk: side for pk, side in sides.items() if side != Side.NONE}


def _leaning(row: _Row, stances: Sequence[str]) -> Side:
    if row.state != Annotation.State.PUBLISHED:
        return Side.NONE
    return ranking.leaning(is_disagreement=row.kind == Annotation.Kind.DISAGREEMENT, stances=stances)
