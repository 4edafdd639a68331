"""Verdicts: what readers who opened a source say of it, whether it bears out what it is cited for.

    give       say so, or say something else than before
    take_back  have said nothing
    recount    after something happened to readers: their accounts were closed, removed or opened again

Each locks the annotation, as every act on it does, and writes with the verdicts whether the source is verified: at
least one reader bears it out, wholly or in part, and more do than say that it does not say this. "Could not open" is
shown and never counts against: what one reader cannot reach, another can. Verdicts of readers who are no longer here
are neither counted nor shown. A remark may have to wait for a moderator (`annotations.holding`): then only who made it
reads it, and the verdict counts all the same.

`receivers` asks for that when an account is saved or deleted. Who changes accounts by a query that sends no signal
calls `recount(judged_by(reader))`; before an account's row is deleted, `judged_by` has to be asked first.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Case, Count, F, Value, When, Window
from django.db.models.functions import RowNumber

from annotations import accepting, holding, judging, moderating, pacing
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Source, SourceVerdict
from annotations.models.sources import DEEDS, SourceVerdictQuerySet
from reader.models import User

REMARK_MAX_LENGTH = 300
# As many readers are named below a source; a page of its own names all.
MOST_NAMED = 10
NAMED_ON_A_PAGE = 100

Verdict = SourceVerdict.Verdict

# Of several readers and of one.
_SAYING = {
    Verdict.SUPPORTS: ("say it {}", "says it {}"),
    Verdict.PARTLY: ("say partly", "says partly"),
    Verdict.DOES_NOT_SAY: ("say it does not say this", "says it does not say this"),
    Verdict.COULD_NOT_OPEN: ("could not open it", "could not open it"),
}


@dataclass(frozen=True)
class Told:
    """What readers say of one source. `named` are those shown at once, the viewer's own first, then the newest."""

    stance: str
    counts: Mapping[str, int]
    named: Sequence[SourceVerdict]
    # Who looks at it; None for strangers.
    viewer_id: int | None = None
    # Whether the viewer may take away a remark that should not stand.
    is_removable: bool = False

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def own(self) -> SourceVerdict | None:
        """Give what the viewer says, or None."""
        first = self.named[0]
        return first if first.reader_id == self.viewer_id else None

    @property
    def is_verified(self) -> bool:
        return is_verified(self.counts)

    @property
    def is_verified_in_part(self) -> bool:
        """Say whether nobody who verified it bears it out wholly."""
        return self.is_verified and not self.counts.get(Verdict.SUPPORTS)

    @property
    def phrases(self) -> Sequence[str]:
        """Give each count that is not nought, in words that fit what the source is cited for."""
        words: list[str] = []
        for verdict, saying in _SAYING.items():
            if number := self.counts.get(verdict, 0):
                readers = "" if words else " reader" if number == 1 else " readers"
                words.append(f"{number}{readers} {saying[number == 1].format(DEEDS[self.stance])}")
        return words


def choices(source: Source) -> list[tuple[str, str]]:
    """Give the verdicts to choose from, in words that fit what the source is cited for."""
    return [
        (Verdict.SUPPORTS, f"Yes, it {source.deed}"),
        (Verdict.PARTLY, "Partly"),
        (Verdict.DOES_NOT_SAY, "No, it does not say this"),
        (Verdict.COULD_NOT_OPEN, "I could not open it"),
    ]


def is_verified(counts: Mapping[str, int]) -> bool:
    """Say whether a source with these verdicts is verified."""
    bearing_out = _bearing_out(counts)
    return bearing_out >= 1 and bearing_out > counts.get(Verdict.DOES_NOT_SAY, 0)


def give(*, source: Source, by: User, verdict: str, remark: str = "") -> SourceVerdict:
    """Say what the reader found when they opened a source; a second time says it instead of the first.

    Raises NotAccepted with a sentence for the reader: for one's own source, one that is not published or was taken
    out, on an article that is closed, and for what is no verdict or too long a remark.
    """
    remark = " ".join(accepting.typed(remark).split())
    _check(verdict, remark)
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=source.annotation_id)
        judging.check(annotation, by, own="This source is your own. What it says is for other readers to judge.")
        current = _still_there(source)
        given = given_by(by, current) or SourceVerdict(source=current, reader=by)
        # What stands is not looked at again, and of no words nothing waits.
        why = holding.reasons_of_line(remark, by=by) if remark not in {"", given.remark} else ""
        given.verdict, given.remark = verdict, remark
        if not remark:
            given.held = None
        given.save()
        holding.hold_line(given, why)
        _write_verified([current])
        annotation.article.touch()
        pacing.count("judgements", by=by)
    return given


def take_back(*, source: Source, by: User) -> None:
    """Have said nothing of a source; twice does nothing more. One's own word may be taken back at any time."""
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=source.annotation_id)
        taken, _ = SourceVerdict.objects.filter(source=source, reader=by).delete()
        if taken:
            _write_verified([source])
            annotation.article.touch()


def judged_by(reader: User) -> Sequence[Source]:
    """Give the sources that a reader gave a verdict on."""
    return list(Source.objects.filter(verdicts__reader=reader).select_related("annotation__article"))


def recount(sources: Sequence[Source]) -> None:
    """Write anew whether these sources are verified, and show it: their readers are here no longer, or again."""
    with transaction.atomic():
        ids = {source.annotation_id for source in sources}
        annotations = Annotation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
        articles = {each.article_id: each.article for each in annotations.select_related("article").order_by("pk")}
        _write_verified(sources)
        for _, article in sorted(articles.items()):
            article.touch()


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Mapping[int, Told]]:
    """Give what is said of each annotation's sources, by the annotation's id and the source's.

    A source of which nobody says anything is not in it. Two queries, however many there are.
    """
    found: dict[int, dict[int, Told]] = {annotation.pk: {} for annotation in annotations}
    # Answers and questions cite nothing.
    citing = [each.pk for each in annotations if each.kind not in {Annotation.Kind.REPLY, Annotation.Kind.QUESTION}]
    verdicts = SourceVerdict.objects.counted().filter(source__annotation__in=citing)
    for (annotation_id, source_id), told in _told(verdicts, viewer).items():
        found[annotation_id][source_id] = told
    return found


def of_sources(sources: Sequence[Source], viewer: User | AnonymousUser) -> Mapping[int, Told]:
    """Give what is said of each of these sources, by its id; one of which nobody says anything is not in it."""
    verdicts = SourceVerdict.objects.counted().filter(source__in=[source.pk for source in sources])
    return {source_id: told for (_, source_id), told in _told(verdicts, viewer).items()}


def on(source: Source, viewer: User | AnonymousUser, *, page: str = "1") -> Page[SourceVerdict]:
    """Give a page of what all readers say of a source, newest first, as one viewer may read it."""
    verdicts = SourceVerdict.objects.counted().filter(source=source).select_related("reader", "source")
    found = Paginator(verdicts.order_by("-changed_at", "-id"), NAMED_ON_A_PAGE).get_page(page)
    found.object_list = [_as_read_by(viewer, each) for each in found]
    return found


def given_by(reader: User, source: Source) -> SourceVerdict | None:
    """Give what a reader said of a source, or None."""
    return SourceVerdict.objects.filter(source=source, reader=reader).first()


def _told(verdicts: SourceVerdictQuerySet, viewer: User | AnonymousUser) -> Mapping[tuple[int, int], Told]:
    """Give what these verdicts come to, by annotation and source."""
    counts: dict[tuple[int, int, str], Counter[str]] = defaultdict(Counter)
    columns = "source__annotation", "source", "source__stance"
    for *key, verdict, number in verdicts.order_by().values_list(*columns, "verdict").annotate(number=Count("pk")):
        counts[cast("tuple[int, int, str]", tuple(key))][verdict] = number
    named: dict[int, list[SourceVerdict]] = defaultdict(list)
    for each in _first(verdicts, viewer):
        named[each.source_id].append(_as_read_by(viewer, each))
    is_removable = viewer.has_perm(moderating.PERMISSION)
    return {
        (annotation_id, source_id): Told(stance, counted, named[source_id], viewer.pk, is_removable)
        for (annotation_id, source_id, stance), counted in counts.items()
    }


def _first(verdicts: SourceVerdictQuerySet, viewer: User | AnonymousUser) -> SourceVerdictQuerySet:
    """Keep those that are named at once: of each source the viewer's own, and then the newest."""
    is_another_s = Case(When(reader=viewer.pk, then=Value(0)), default=Value(1)) if viewer.pk else Value(0)
    order = is_another_s.asc(), F("changed_at").desc(), F("id").desc()
    place = Window(RowNumber(), partition_by=F("source"), order_by=order)
    ranked = verdicts.annotate(place=place).filter(place__lte=MOST_NAMED)
    return ranked.select_related("reader", "source").order_by("source", "place")


def _as_read_by(viewer: User | AnonymousUser, given: SourceVerdict) -> SourceVerdict:
    """Leave out a remark that waits for a moderator, for everybody but who made it; nothing of it is saved."""
    if given.is_held and given.reader_id != viewer.pk:
        given.remark, given.held = "", None
    return given


def _check(verdict: str, remark: str) -> None:
    if verdict not in Verdict.values:
        raise NotAccepted("Choose what you found.", field="verdict")
    if len(remark) > REMARK_MAX_LENGTH:
        raise NotAccepted(
            f"This is {len(remark):,} characters long; {REMARK_MAX_LENGTH} is the most. Please shorten it.",
            field="remark",
        )


def _still_there(source: Source) -> Source:
    """Give the source as it is now, unless its writer took it out meanwhile."""
    current = Source.objects.filter(pk=source.pk).first()
    if current is None:
        raise NotAccepted("Its writer took this source out while you were reading it.")
    return current


def _write_verified(sources: Sequence[Source]) -> None:
    ids = [source.pk for source in sources]
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    counted = SourceVerdict.objects.counted().filter(source__in=ids).order_by().values_list("source", "verdict")
    for source_id, verdict, number in counted.annotate(number=Count("pk")):
        counts[source_id][verdict] = number
    verified = [source_id for source_id in ids if is_verified(counts[source_id])]
    Source.objects.filter(pk__in=ids).exclude(pk__in=verified).filter(is_verified=True).update(is_verified=False)
    Source.objects.filter(pk__in=verified, is_verified=False).update(is_verified=True)


def _bearing_out(counts: Mapping[str, int]) -> int:
    return counts.get(Verdict.SUPPORTS, 0) + counts.get(Verdict.PARTLY, 0)
