"""Keep every annotation with its words through a revision, or say that they are gone.

    plan     before a revision is written, outside any transaction: where each passage goes
    write    in the revision's transaction: one anchor for each annotation, also for what was attached meanwhile

What an anchor is called is told of the words that were written about: it is `exact` or `moved` only where these very
words stand.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from annotations import selectors
from annotations.anchoring import Anchoring, Placement, likeness
from annotations.models import Anchor, Annotation
from reader import publishing
from reader.models import Paragraph, Revision
from reader.publishing import Tell
from reader.text.alignment import align
from reader.text.spans import Span

Status = Anchor.Status
Target = Annotation.Target

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Said so often, and no more often: each time it is written down.
_TELL_EVERY = 1_000
_BATCH = 1_000


class Standing(NamedTuple):
    """How an annotation is anchored in one revision, and what it was written about."""

    annotation: int
    target: str
    exact: str
    # The block it was written about.
    home: str
    status: str
    start: int | None
    end: int | None
    removed_in: int | None
    stood_in: str
    edited_in: int | None
    confirmed_at: datetime | None
    set_by: int | None

    @property
    def span(self) -> Span | None:
        return None if self.start is None or self.end is None else Span(self.start, self.end)


@dataclass(frozen=True)
class Outcome:
    """What a revision makes of one anchor."""

    standing: Standing
    status: str
    span: Span | None = None
    score: float = 1.0
    removed_in: int | None = None
    stood_in: str = ""
    edited_in: int | None = None
    confirmed_at: datetime | None = None
    set_by: int | None = None
    # Whether the revision does something to it; else it stands as it stood.
    is_news: bool = False
    # The names of the blocks it begins in before and after; empty where it is in none.
    block_before: str = ""
    block_after: str = ""

    def anchor(self, revision: Revision, paragraph: Paragraph | None) -> Anchor:
        """Give the row to be written."""
        return Anchor(
            annotation_id=self.standing.annotation,
            revision=revision,
            status=self.status,
            paragraph=paragraph,
            start=self.span and self.span.start,
            end=self.span and self.span.end,
            score=self.score,
            removed_in=self.removed_in,
            stood_in=self.stood_in,
            edited_in=self.edited_in,
            confirmed_at=self.confirmed_at,
            set_by_id=self.set_by,
        )


class Reanchoring:
    """What a planned revision makes of every annotation, none of it saved."""

    def __init__(self, plan: publishing.Plan, outcomes: Mapping[Standing, Outcome], following: "_Following") -> None:
        self.plan = plan
        self._outcomes, self._following = outcomes, following

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return list(self._outcomes.values())

    @property
    def counts(self) -> Counter[str]:
        """Give how many annotations there will be of each status."""
        return Counter(outcome.status for outcome in self.outcomes)

    def write(self, revision: Revision) -> None:
        """Write the anchors, in the revision's transaction, when all its blocks are there.

        What was attached since it was planned, or set by hand, is followed now: nobody else can write any more.
        """
        if self.plan.before is None:
            return
        outcomes = (
            self._outcomes.get(standing) or self._following.outcome(standing)
            for standing in _standings(self.plan.before)
        )
        anchors = [outcome.anchor(revision, self._following.paragraph(outcome.span)) for outcome in outcomes]
        Anchor.objects.bulk_create(anchors, batch_size=_BATCH)


def plan(plan: publishing.Plan, *, tell: Tell) -> Reanchoring:
    """Follow every annotation of the article into a planned revision, hidden and withdrawn ones included."""
    following = _Following(plan)
    if plan.before is None:
        return Reanchoring(plan, {}, following)
    standings = list(_standings(plan.before))
    outcomes: dict[Standing, Outcome] = {}
    for number, standing in enumerate(standings):
        if number % _TELL_EVERY == 0:
            share = number / len(standings)
            tell(f"Finding the words of {len(standings):,} annotations in the new text", 30 + int(40 * share))
        outcomes[standing] = following.outcome(standing)
    outcomes |= _returned(plan, following, standings, tell)
    return Reanchoring(plan, outcomes, following)


def _standings(revision: Revision) -> Iterator[Standing]:
    """Give how every annotation stands in a revision, in one query."""
    home = Anchor.objects.filter(annotation=OuterRef("annotation"), revision=OuterRef("annotation__revision"))
    rows = (
        Anchor.objects.filter(revision=revision)
        .annotate(home=Coalesce(Subquery(home.values("paragraph__name")), Value("")))
        .order_by("annotation")
        .values_list(
            "annotation",
            "annotation__target",
            "annotation__exact",
            "home",
            "status",
            "start",
            "end",
            "removed_in",
            "stood_in",
            "edited_in",
            "confirmed_at",
            "set_by",
        )
    )
    return map(Standing._make, rows)


class _Following:
    """The way from a revision to the one planned after it."""

    def __init__(self, plan: publishing.Plan) -> None:
        self._plan = plan
        self._alignment = plan.alignment
        self._number = plan.revision.number
        self._before, self._after = plan.before_paragraphs, plan.paragraphs
        self._text_before = plan.before.text if plan.before else ""
        self.text = plan.revision.text
        self._starts_before = [paragraph.start for paragraph in self._before]
        self._starts = [paragraph.start for paragraph in self._after]

    def outcome(self, standing: Standing) -> Outcome:
        """Say what becomes of one anchor."""
        if standing.status == Status.ORPHANED:
            return self._still_lost(standing)
        span = standing.span
        if span is None:
            return Outcome(standing, Status.EXACT)
        placement = self._place(standing, span)
        if not placement.span or placement.span.start == placement.span.end:
            return self._lost(standing, span)
        return self._found(standing, span, placement.span, placement.score)

    def returned(self, standing: Standing, span: Span) -> Outcome:
        """Say what becomes of an orphan whose words are back."""
        name = self._after[self._index(span)].name
        status = Status.EXACT if standing.home in {"", name} else Status.MOVED
        return Outcome(standing, status, span, is_news=True, block_after=name)

    def paragraph(self, span: Span | None) -> Paragraph | None:
        """Give the block that a passage begins in; None for what is nowhere, or everywhere."""
        return None if span is None else self._after[self._index(span)]

    def is_new(self, span: Span) -> bool:
        """Say whether any block at a place in the text after is new, or reads otherwise than before."""
        return any(self._is_new[index] for index in range(self._index(span), self._last_index(span) + 1))

    @cached_property
    def _anchoring(self) -> Anchoring:
        before, after = ([paragraph.text for paragraph in blocks] for blocks in (self._before, self._after))
        return Anchoring(before, after, self._alignment)

    @cached_property
    def _is_new(self) -> list[bool]:
        heirs = self._alignment.heirs
        return [
            heir is None or self._before[heir].text != block.text
            for heir, block in zip(heirs, self._after, strict=True)
        ]

    def _place(self, standing: Standing, span: Span) -> Placement:
        index = bisect_right(self._starts_before, span.start) - 1
        if standing.target == Target.PARAGRAPH and self._before[index].span == span:
            return self._anchoring.place_block(index)
        return self._anchoring.place(span)

    def _found(self, standing: Standing, span: Span, found: Span, score: float) -> Outcome:
        found = self._restored(standing.exact, self._uncut(span, found))
        was, now = self._text_before[slice(*span)], self.text[slice(*found)]
        names = self._name_before(span), self._after[self._index(found)].name
        is_moved = self._is_moved(span, found)
        outcome = Outcome(
            standing,
            Status.CHANGED,
            found,
            set_by=standing.set_by,
            is_news=is_moved or was != now,
            block_before=names[0],
            block_after=names[1],
        )
        if now == standing.exact:
            is_home = standing.home in {"", names[1]}
            return replace(outcome, status=Status.EXACT if is_home and not is_moved else Status.MOVED)
        if was != standing.exact:
            score = likeness(standing.exact, now)
        if was == now and standing.status == Status.CHANGED:
            return replace(outcome, score=score, edited_in=standing.edited_in, confirmed_at=standing.confirmed_at)
        return replace(outcome, score=score, edited_in=self._number)

    def _uncut(self, span: Span, found: Span) -> Span:
        """Give the place with the whole of the numbers that it would begin or end in: 40,000 where 39,000 was."""
        start, end = found
        if not _is_inside_number(self._text_before, span.start):
            while _is_inside_number(self.text, start):
                start -= 1
        if not _is_inside_number(self._text_before, span.end):
            while _is_inside_number(self.text, end):
                end += 1
        return Span(start, end)

    def _restored(self, exact: str, found: Span) -> Span:
        """Give the place of the very words that were written about, when the passage has come to lie on part of them.

        A passage that was cut at an end does not grow by itself when its words are put back.
        """
        nearby = Span(max(0, found.start - len(exact)), found.end)
        places = [
            place
            for place in selectors.places(exact, self.text, nearby)
            if place.start <= found.start and found.end <= place.end
        ]
        return places[0] if len(places) == 1 else found

    def _is_moved(self, span: Span, found: Span) -> bool:
        """Say whether a passage begins in another block than before, or in one that has moved."""
        index = self._index(found)
        before = bisect_right(self._starts_before, span.start) - 1
        return self._alignment.heirs[index] != before or index in self._alignment.moved

    def _lost(self, standing: Standing, span: Span) -> Outcome:
        name = self._name_before(span)
        outcome = Outcome(standing, Status.ORPHANED, None, 0.0, removed_in=self._number, stood_in=name)
        return replace(outcome, is_news=True, block_before=name)

    def _still_lost(self, standing: Standing) -> Outcome:
        outcome = Outcome(standing, Status.ORPHANED, None, 0.0, standing.removed_in, standing.stood_in)
        return replace(outcome, set_by=standing.set_by)

    def _name_before(self, span: Span) -> str:
        return self._before[bisect_right(self._starts_before, span.start) - 1].name

    def _index(self, span: Span) -> int:
        return bisect_right(self._starts, span.start) - 1

    def _last_index(self, span: Span) -> int:
        return bisect_right(self._starts, span.end - 1) - 1


def _is_inside_number(text: str, place: int) -> bool:
    """Say whether a place lies between two digits of one number, or beside the sign between them: 39|,000."""
    around = text[max(0, place - 2) : place + 2]
    return any(match.start() < min(place, 2) < match.end() for match in _NUMBER.finditer(around))


# Orphans whose words may be back


def _returned(
    plan: publishing.Plan, following: _Following, standings: Iterable[Standing], tell: Tell
) -> dict[Standing, Outcome]:
    """Follow orphans again from where they last stood, those whose very words are in blocks that are new or edited.

    What a person called gone stays gone until a person says otherwise.
    """
    finder = _Finder(following)
    waiting: dict[int, dict[int, Standing]] = defaultdict(dict)
    for standing in standings:
        # What a person called gone was removed by no revision.
        if standing.removed_in and finder.has_new(standing.exact):
            waiting[standing.removed_in - 1][standing.annotation] = standing
    found: dict[Standing, Outcome] = {}
    for number, orphans in sorted(waiting.items(), reverse=True):
        tell("Looking for words that may be back", 70)
        places = _ways_back(plan, number, orphans)
        for annotation, span in places:
            standing = orphans[annotation]
            if following.text[slice(*span)] == standing.exact:
                found[standing] = following.returned(standing, span)
    return found


def _ways_back(plan: publishing.Plan, number: int, orphans: Mapping[int, Standing]) -> Iterator[tuple[int, Span]]:
    """Give where the passages that last stood in an earlier revision lie in the planned one."""
    earlier = plan.article.revisions.filter(number=number)
    blocks = list(Paragraph.objects.filter(revision__in=earlier).order_by("position").only("text", "start", "end"))
    before, after = [block.text for block in blocks], [block.text for block in plan.paragraphs]
    anchoring = Anchoring(before, after, align(before, after))
    stood = Anchor.objects.filter(revision__in=earlier, start__isnull=False)
    lost = stood.filter(annotation__anchors__revision=plan.before, annotation__anchors__status=Status.ORPHANED)
    for anchor in lost:
        place = anchoring.place(anchor.span).span if anchor.span and anchor.annotation_id in orphans else None
        if place:
            yield anchor.annotation_id, place


class _Finder:
    """Whether words stand in the new text where the one before had others; each words are looked for once."""

    def __init__(self, following: _Following) -> None:
        self._following = following
        self._known: dict[str, bool] = {}

    def has_new(self, words: str) -> bool:
        if words not in self._known:
            places = selectors.places(words, self._following.text, Span(0, len(self._following.text)))
            self._known[words] = any(self._following.is_new(span) for span in places)
        return self._known[words]
