"""Say another's point in one's own words, and whether that is fair: the acts, and what a page tells of them.

    restate    a reader says in their own words what an annotation says; said anew, it waits for its writer again
    judge      the writer of the annotation finds the words fair, or not quite, and may change that
    take_back  the reader takes their words away

What waits for a moderator (`annotations.holding`) is nobody's but who said it, until one has looked
(`annotations.vetting`): it is neither read nor judged nor counted, and nobody is told of it.

Each act locks the annotation, so that of two acts at once the second sees what the first did. None raises the article's
activity: restatements stand in threads, which are drawn for each reader anew, and never on the page that is kept.

Only to restate adds something, so that alone needs an article that is open. What waits for a word of the annotation's
writer when an article is closed can still be judged.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from annotations import accepting, annotating, holding, moderating, notifying, pacing, trust
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Mute, Notice, Restatement, Suspension
from reader.models import User

MAX_LENGTH = 600
# Of those judged alike, and of those that wait, the newest are read.
MOST_READ = 30
# So many fair ones stand open, and so many that wait for the viewer's own judgement; the rest are folded.
MOST_OPEN = 3

Judgement = Restatement.Judgement


def restate(*, annotation: Annotation, by: User, body: str) -> Restatement:
    """Say in one's own words what another's annotation says, once a reader; saying it anew replaces the words.

    The same words again change nothing. Its writer is told, unless a moderator looks at the words first. Raises
    NotAccepted with a sentence for the reader.
    """
    words = _accepted(body)
    with transaction.atomic():
        current = Annotation.objects.locked().get(pk=annotation.pk)
        _check_restatable(current, by)
        standing = by_reader(current, by)
        if standing and standing.body == words:
            return standing
        restatement = standing or Restatement(annotation=current, creator=by)
        restatement.body, restatement.judgement, restatement.judged_at = words, "", None
        why = holding.reasons_of_line(words, by=by)
        restatement.save()
        holding.hold_line(restatement, why)
        if restatement.is_held:
            # Told of the words before, its writer would find none.
            notifying.take_back_unread(Notice.Event.RESTATED, annotation=current, actor=by)
        else:
            notifying.tell(current.creator, Notice.Event.RESTATED, annotation=current, actor=by)
        pacing.count("restatements", by=by)
    return restatement


def answer(*, parent: Annotation, creator: User, body: str, token: uuid.UUID, restatement: str = "") -> Annotation:
    """Answer an annotation, having first said in one's own words what it says: both or neither.

    Without a restatement it is an answer alone. Raises NotAccepted as both acts do.
    """
    with transaction.atomic():
        if accepting.typed(restatement):
            restate(annotation=parent, by=creator, body=restatement)
        return annotating.reply(parent=parent, creator=creator, body=body, token=token)


def judge(*, restatement: Restatement, by: User, judgement: str, seen: str) -> Restatement:
    """Say whether another's words for one's point are fair. Saying the same again changes nothing.

    `seen` is the key of the restatement that was read. Raises NotAccepted when the words were changed since, for who
    did not write the annotation, and when that is no longer shown.
    """
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=restatement.annotation_id)
        current = annotation.restatements.select_related("creator").filter(pk=restatement.pk).first()
        if not annotation.is_by(by):
            raise NotAccepted("Only who wrote it can say whether that is fair.")
        if not annotation.is_published:
            raise NotAccepted("What you wrote is no longer shown, so this was not kept.")
        if current is None or current.is_held:
            raise NotAccepted("These words were taken back while you were reading.")
        if current.key != seen:
            raise NotAccepted("These words were changed while you were reading. Please read them again.")
        if judgement not in Judgement.values:
            raise NotAccepted("Say whether it is fair or not quite.")
        if current.judgement == judgement:
            return current
        current.judgement, current.judged_at = judgement, timezone.now()
        current.save(update_fields=["judgement", "judged_at"])
        notifying.tell(current.creator, Notice.Event.JUDGED, annotation=annotation, actor=by)
    return current


def take_back(*, annotation: Annotation, by: User) -> None:
    """Take away what one said of another's point. Where there is nothing, nothing is done."""
    with transaction.atomic():
        current = Annotation.objects.locked().get(pk=annotation.pk)
        current.restatements.filter(creator=by).delete()


@dataclass(frozen=True)
class Restatements:
    """An annotation's point in the words of others, as one viewer finds them; false where there are none."""

    # Those that stand open: what was found fair, the viewer's own, and what waits for the viewer to judge it.
    open: Sequence[Restatement] = ()
    # The rest: what waits, was not found fair, is one of many, or is by somebody whom the viewer muted.
    folded: Sequence[Restatement] = ()
    own: Restatement | None = None
    # The readers whose words were found fair, by their ids.
    fair: frozenset[int] = frozenset()
    # Whether the viewer, or who signs in, may say it in their words.
    is_possible: bool = False
    # Whether the viewer wrote the annotation, and says of each whether it is fair.
    is_judge: bool = False
    # Whether the viewer may take away what should not stand.
    is_removable: bool = False

    def __bool__(self) -> bool:
        return bool(self.open or self.folded)

    @property
    def label(self) -> str:
        """Say in a line what is folded: "In the words of bob: waiting for its writer"."""
        if len(self.folded) > 1:
            return f"{len(self.folded)} {'more ' if self.open else ''}in others’ words"
        only = self.folded[0]
        standing = "waiting for its writer" if only.is_waiting else only.get_judgement_display().lower()
        return f"In the words of {only.creator}: {standing}"


NONE = Restatements()


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Restatements]:
    """Give the restatements of each annotation that is published, by its id, in one query."""
    published = [annotation for annotation in annotations if annotation.is_published]
    is_own = Case(When(creator=viewer.pk, then=Value(0)), default=Value(1))
    rank = Window(
        RowNumber(), partition_by=[F("annotation"), F("judgement")], order_by=[is_own.asc(), F("changed_at").desc()]
    )
    restated = Restatement.objects.visible_to(viewer).filter(annotation__in=[each.pk for each in published])
    is_muted = Exists(Mute.objects.filter(reader=viewer.pk, person=OuterRef("creator")))
    newest = restated.annotate(rank=rank, is_muted=is_muted).filter(rank__lte=MOST_READ)
    found: dict[int, list[Restatement]] = defaultdict(list)
    for restatement in newest.select_related("creator").order_by("pk"):
        found[restatement.annotation_id].append(restatement)
    is_removable = viewer.has_perm(moderating.PERMISSION)
    return {each.pk: _sorted(each, found[each.pk], viewer, is_removable=is_removable) for each in published}


def may_restate(annotation: Annotation, viewer: User | AnonymousUser) -> bool:
    """Say whether an annotation is one to say in other words, for this viewer or once they have signed in."""
    return is_restatable(annotation) and annotation.article.is_open and not annotation.is_by(viewer)


def is_restatable(annotation: Annotation) -> bool:
    """Say whether there is a point to put in other words: a question has none."""
    return annotation.is_published and annotation.kind != Annotation.Kind.QUESTION


def by_reader(annotation: Annotation, reader: User | AnonymousUser) -> Restatement | None:
    """Give how a reader puts another's point, or None."""
    return annotation.restatements.filter(creator=reader.pk).first()


def is_fairly_restated(head: str) -> Exists:
    """Say, for a query, whether somebody said the point of a row's annotation in words that its writer finds fair."""
    return Exists(Restatement.objects.filter(annotation=OuterRef(head), judgement=Judgement.FAIR))


def _accepted(body: str) -> str:
    """Give the words as they are kept, in one paragraph."""
    words = " ".join(accepting.typed(body).split())
    if not any(character.isalnum() for character in words):
        raise NotAccepted("Please say in a few words what they are saying.", field="restatement")
    if len(words) > MAX_LENGTH:
        sentence = f"This is {len(words):,} characters long; {MAX_LENGTH:,} is the most. Please shorten it."
        raise NotAccepted(sentence, field="restatement")
    return words


def _check_restatable(annotation: Annotation, by: User) -> None:
    if annotation.is_by(by):
        raise NotAccepted("This is your own: it is for others to say it in their words.", field="restatement")
    trust.refuse_suspended(by, Suspension.Scope.WRITING)
    if annotation.kind == Annotation.Kind.QUESTION:
        raise NotAccepted("A question claims nothing, so there is no point to put in other words.", field="restatement")
    if not annotation.is_published:
        raise NotAccepted("This was withdrawn or hidden, so it can no longer be said in other words.")
    if not annotation.article.is_open:
        raise NotAccepted("This article is closed to new annotations, so this was not kept.")


def _sorted(
    annotation: Annotation, found: Sequence[Restatement], viewer: User | AnonymousUser, *, is_removable: bool
) -> Restatements:
    """Sort what was found, the oldest first, for one viewer."""
    is_judge = annotation.is_by(viewer)
    own = next((each for each in found if each.creator_id == viewer.pk), None)
    heard = [each for each in found if not vars(each)["is_muted"]]
    fair = [each for each in heard if each.is_fair]
    waiting = [each for each in heard if each.is_waiting]
    standing = [*fair[:MOST_OPEN], *(waiting[:MOST_OPEN] if is_judge else ())]
    if own and own not in standing:
        standing.append(own)
    return Restatements(
        open=standing,
        folded=[each for each in found if each not in standing],
        own=own,
        fair=frozenset(each.creator_id for each in found if each.is_fair),
        is_possible=may_restate(annotation, viewer),
        is_judge=is_judge,
        is_removable=is_removable,
    )
