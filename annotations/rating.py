"""Ratings: whether readers find an annotation helpful, and why. It is not about who is right, and no report.

    rate       say so, or say something else than before
    take_back  have said nothing
    recount    write anew what ratings come to, after something happened to what they are counted with

What ratings come to is thought out in `ranking` and stands on the annotation, so that pages can order by it. It orders
and gives a badge; nothing is hidden by it (docs/ranking.md).

A rating counts by the age of its reader's account and by the side of the words they stand on, and both change. Whoever
writes an act that states a side, or takes one away, calls `follow`; that of moving words calls `follow_words`. They
count after the act is certain, each annotation locked and everything read anew, so that of two at once the later sees
both. What should fail then is logged, and the act stands; `manage.py recount_ratings` mends it, every night.

Locks are taken in the order reader, annotations, article, here and wherever else several of them are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotations import judging, pacing, ranking, siding
from annotations.accepting import NotAccepted
from annotations.models import Anchor, Annotation, Position, Rating
from annotations.models.annotations import AnnotationQuerySet
from annotations.ranking import Judgement, Side, Standing, Value
from reader.models import Article, User

# What can be rated: what is about the text. A question claims nothing, and a conversation is read in its order.
KINDS = (Annotation.Kind.NOTE, Annotation.Kind.SOURCE, Annotation.Kind.DISAGREEMENT)
# So many annotations of one writer can a reader rate within so long. It is what one writer has on a busy page, so that
# nobody is stopped in reading, and no reader alone goes through all that somebody ever wrote.
MOST_OF_ONE_WRITER, WITHIN = 10, timedelta(days=1)
# Counted anew in one transaction, so that no page waits long for one of them.
_BATCH = 200


# What there is to choose from, in the words of the question.
CHOICES = (
    (Rating.Value.HELPFUL.value, "Yes"),
    (Rating.Value.SOMEWHAT.value, "Somewhat"),
    (Rating.Value.NOT.value, "No"),
)


@dataclass(frozen=True)
class Quality:
    """What ratings of one annotation come to, as one viewer finds it."""

    standing: Standing
    # How many are of its words before they were edited last.
    number_before_edit: int = 0
    # What the viewer said, empty for nothing; and whether that was before the last edit.
    own: str = ""
    is_own_before_edit: bool = False
    # Whether it is one to rate, for this viewer or once they have signed in.
    is_possible: bool = False

    @property
    def label(self) -> str:
        """Say in words how helpful readers find it; empty while nobody has rated it."""
        return ranking.label(self.standing)

    @property
    def explanation(self) -> str:
        """Say in two sentences what the label says, and what comes of it."""
        readers = "One reader has" if self.standing.count == 1 else f"{self.standing.count} readers have"
        return (
            f"{readers} rated how helpful this is, which is not about who is right. From {ranking.FEWEST} ratings on "
            "they decide which of several about the same words stands first; nothing is hidden by them."
        )

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """Give what there is to choose from."""
        return CHOICES


def rate(*, annotation: Annotation, by: User, value: str, reasons: Collection[str]) -> Rating:
    """Say how helpful an annotation is, and why; a second time says it instead of the first.

    `value` is one of Rating.Value, and of the reasons those are kept that fit it. The same again changes nothing,
    unless it was edited in between. Raises NotAccepted with a sentence for the reader: for what is no value, without a
    reason, for questions and answers, what is their own or not published, on an article that is closed, and for more
    of one writer's than a day allows.
    """
    said = _accepted(value, reasons)
    with transaction.atomic():
        # So that the brake holds for a reader who rates two at once.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        current = Annotation.objects.locked().select_related("creator").get(pk=annotation.pk)
        _check(current, by)
        standing = current.ratings.filter(reader=by).first()
        if standing and _is_same(standing, said) and standing.changed_at >= current.written_at:
            return standing
        _check_pace(current, by)
        defaults = {"value": said.value, "reasons": list(said.reasons)}
        rating = Rating.objects.update_or_create(annotation=current, reader=by, defaults=defaults)[0]
        _count([current])
        pacing.count("judgements", by=by)
    return rating


def take_back(*, annotation: Annotation, by: User) -> None:
    """Have said nothing of an annotation; twice does nothing more. One's own word may be taken back at any time."""
    with transaction.atomic():
        current = Annotation.objects.locked().get(pk=annotation.pk)
        taken, _ = current.ratings.filter(reader=by).delete()
        if taken:
            _count([current])


def rateable() -> AnnotationQuerySet:
    """Give what there is to rate."""
    return Annotation.objects.published().filter(kind__in=KINDS)


def rated_by(reader: User) -> Sequence[int]:
    """Give the ids of what a reader rated."""
    return list(Rating.objects.filter(reader=reader).order_by().values_list("annotation", flat=True))


def rated(article: Article | None = None) -> Sequence[int]:
    """Give the ids of what has been rated, on one article or on all."""
    ratings = Rating.objects.all() if article is None else Rating.objects.filter(annotation__article=article)
    return list(ratings.order_by("annotation").values_list("annotation", flat=True).distinct())


def recount(ids: Collection[int]) -> int:
    """Write anew what the ratings of these annotations come to, and give how many of them stand elsewhere by it."""
    moved, ordered = 0, sorted(set(ids))
    for first in range(0, len(ordered), _BATCH):
        with transaction.atomic():
            some = Annotation.objects.locked().filter(pk__in=ordered[first : first + _BATCH])
            moved += _count(list(some.order_by("pk")))
    return moved


def recount_later(ids: Collection[int]) -> None:
    """Count these anew once what is being done is certain."""
    if ids:
        transaction.on_commit(partial(recount, ids), robust=True)


def follow(annotation: Annotation, *, reader: User | None = None) -> None:
    """Count anew what hangs on an annotation, or on one reader's position on it, once what is being done is certain.

    Those are the ratings of all who say something by it, its writer among them, on the words that it is about.
    """
    if annotation.kind in KINDS:
        transaction.on_commit(partial(_follow, annotation, reader), robust=True)


def follow_words(article: Article) -> None:
    """Count anew what was rated on an article once it is certain that words of it are elsewhere."""
    transaction.on_commit(lambda: recount(rated(article)), robust=True)


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Quality]:
    """Give what the ratings of each annotation come to, by its id, in one query for all of them."""
    is_own, is_before = (
        Q(reader=viewer.pk),
        Q(changed_at__lt=Coalesce("annotation__edited_at", "annotation__created_at")),
    )
    counted = (
        Rating.objects.counted()
        .filter(annotation__in=[annotation.pk for annotation in annotations if annotation.kind in KINDS])
        .order_by()
        .values_list("annotation")
        .annotate(
            before=Count("pk", filter=is_before),
            own=Max("value", filter=is_own),
            own_before=Count("pk", filter=is_own & is_before),
        )
    )
    found = {pk: (before, own or "", own_before > 0) for pk, before, own, own_before in counted}
    nobody = 0, "", False
    return {
        each.pk: Quality(_standing(each), *found.get(each.pk, nobody), _is_possible(each, viewer))
        for each in annotations
    }


def given_by(reader: User, annotation: Annotation) -> Rating | None:
    """Give what a reader said of an annotation, or None."""
    return Rating.objects.filter(annotation=annotation, reader=reader).first()


def _accepted(value: str, reasons: Collection[str]) -> Judgement:
    if value not in Rating.Value.values:
        raise NotAccepted("Choose how helpful it is.", field="value")
    chosen = Value(value)
    named = tuple(reason for reason in ranking.fitting(chosen) if reason in reasons)
    if not named:
        raise NotAccepted("Choose at least one reason: it is what the writer can learn from.", field="reasons")
    return Judgement(chosen, named)


def _check(annotation: Annotation, by: User) -> None:
    judging.check(annotation, by, own="This is your own. How helpful it is, is for other readers to say.")
    if annotation.kind not in KINDS:
        raise NotAccepted("Notes, sources and disagreements can be rated, questions and answers not.")


def _check_pace(annotation: Annotation, by: User) -> None:
    lately = Rating.objects.filter(reader=by, changed_at__gt=timezone.now() - WITHIN)
    if (
        lately.filter(annotation__creator=annotation.creator).exclude(annotation=annotation).count()
        >= MOST_OF_ONE_WRITER
    ):
        raise NotAccepted(
            f"You have rated {MOST_OF_ONE_WRITER} annotations by {annotation.creator} within a day, and that is the "
            "most, so that no one reader decides how a writer is seen. You can rate this one tomorrow."
        )


def _is_same(standing: Rating, said: Judgement) -> bool:
    return (standing.value, tuple(standing.reasons)) == (said.value, said.reasons)


def _follow(annotation: Annotation, reader: User | None) -> None:
    positions = Position.objects.filter(annotation=annotation).values("reader")
    saying = Q(reader=annotation.creator_id) | Q(reader__in=positions) if reader is None else Q(reader=reader)
    rated = Rating.objects.filter(saying, _on_words_of(annotation), annotation__article=annotation.article_id)
    recount(set(rated.order_by().values_list("annotation", flat=True)))


def _on_words_of(annotation: Annotation) -> Q:
    """Keep ratings of what is about the same words as they lie now; itself at least."""
    if annotation.target == Annotation.Target.ARTICLE:
        return Q(annotation__target=Annotation.Target.ARTICLE)
    lying = Anchor.objects.filter(annotation=annotation, revision=F("annotation__article__current_revision")).first()
    if lying is None or lying.span is None:
        return Q(annotation=annotation)
    return Q(annotation__in=Annotation.objects.overlapping(lying.span, revision_id=lying.revision_id).values("pk"))


def _count(annotations: Sequence[Annotation]) -> int:
    """Write what the ratings of these annotations come to, which are locked; give how many stand elsewhere by it."""
    given: dict[int, list[Rating]] = {annotation.pk: [] for annotation in annotations}
    for rating in _weighed(given, articles={annotation.article_id for annotation in annotations}):
        given[rating.annotation_id].append(rating)
    moved = [each for each in annotations if _write(each, ranking.standing(map(_judgement, given[each.pk])))]
    for article in {each.article_id: each.article for each in moved}.values():
        article.touch()
    return len(moved)


def _weighed(ids: Collection[int], *, articles: Collection[int]) -> Sequence[Rating]:
    """Give the ratings of these annotations that count, and write down what they count with from now on."""
    is_writer = Exists(Annotation.objects.published().filter(creator=OuterRef("reader")))
    counted = Rating.objects.counted().filter(annotation__in=ids).select_related("reader")
    ratings = list(counted.annotate(is_writer=is_writer))
    raters: dict[int, list[int]] = defaultdict(list)
    for rating in ratings:
        raters[rating.annotation_id].append(rating.reader_id)
    sides = siding.of(raters, articles=articles)
    changed = [rating for rating in ratings if _weigh(rating, sides[rating.annotation_id, rating.reader_id])]
    Rating.objects.bulk_update(changed, ["weight", "side"])
    return ratings


def _weigh(rating: Rating, side: Side) -> bool:
    """Write into a rating what it counts with, and say whether that is something new."""
    before = rating.weight, rating.side
    days = (timezone.now() - rating.reader.date_joined).days
    rating.weight = ranking.weight(days=days, is_writer=vars(rating)["is_writer"])
    rating.side = side.value
    return before != (rating.weight, rating.side)


def _judgement(rating: Rating) -> Judgement:
    return Judgement(Value(rating.value), tuple(rating.reasons), rating.weight, Side(rating.side))


def _write(annotation: Annotation, standing: Standing) -> bool:
    """Write onto an annotation what its ratings come to, and say whether it has another place by that."""
    before = _standing(annotation)
    if before != standing:
        annotation.rating_count, annotation.rating_share = standing.count, standing.share
        annotation.score, annotation.is_bridging = standing.score, standing.is_bridging
        annotation.top_reasons = list(standing.top_reasons)
        annotation.save(update_fields=["rating_count", "rating_share", "score", "is_bridging", "top_reasons"])
    return before.place != standing.place


def _standing(annotation: Annotation) -> Standing:
    return Standing(
        score=annotation.score,
        is_bridging=annotation.is_bridging,
        count=annotation.rating_count,
        top_reasons=tuple(annotation.top_reasons),
        share=annotation.rating_share,
    )


def _is_possible(annotation: Annotation, viewer: User | AnonymousUser) -> bool:
    return annotation.kind in KINDS and annotation.article.is_open and not annotation.is_by(viewer)
