"""Say another's point in one's own words, and whether that is fair: the acts, and what a page tells of them.

    restate    a reader says in their own words what an annotation says; said anew, it waits for its writer again
    judge      the writer of the annotation finds the words fair, or not quite, and may change that
    take_back  the reader takes their words away
    remove     a moderator does, and the log keeps why and which

Each locks the annotation, so that of two acts at once the second sees what the first did.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from annotations import accepting, annotating, moderating, notifying
from annotations.accepting import NotAccepted
from annotations.models import Annotation, ModerationEntry, Notice, Restatement
from reader.models import User

MAX_LENGTH = 600
# Of those judged alike, and of those that wait, the newest are read.
MOST_READ = 30
# Fair ones that stand open; the rest are folded with what was not found fair.
MOST_OPEN = 3

Judgement = Restatement.Judgement


def restate(*, annotation: Annotation, by: User, body: str) -> Restatement:
    """Say in one's own words what another's annotation says, once a reader; saying it anew replaces the words.

    The same words again change nothing. Raises NotAccepted with a sentence for the reader.
    """
    words = _accepted(body)
    with transaction.atomic():
        current = Annotation.objects.locked().get(pk=annotation.pk)
        _check_restatable(current, by)
        standing = current.restatements.filter(creator=by).first()
        if standing and standing.body == words:
            return standing
        restatement = standing or Restatement(annotation=current, creator=by)
        restatement.body, restatement.judgement, restatement.judged_at = words, "", None
        restatement.save()
        notifying.tell(current.creator, Notice.Event.RESTATED, annotation=current, actor=by)
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
        if current is None:
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


def remove(*, restatement: Restatement, by: User, reason: str) -> ModerationEntry:
    """Remove a restatement that should not stand; the log keeps why, and its words. The annotation stays.

    Raises PermissionDenied, ReasonMissing, ReasonTooLong, or StaleDecision when it is gone already.
    """
    if not by.has_perm("annotations.moderate_annotation"):
        raise PermissionDenied("Only moderators may do this.")
    reason = moderating.checked_reason(reason)
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=restatement.annotation_id)
        current = annotation.restatements.select_related("creator").filter(pk=restatement.pk).first()
        if current is None:
            raise moderating.StaleDecision("It is gone already.")
        current.delete()
        return ModerationEntry.objects.create(
            annotation=annotation,
            moderator=by,
            action=ModerationEntry.Action.REMOVE,
            from_state=annotation.state,
            to_state=annotation.state,
            reason=reason,
            details=f"{current.creator}: {current.body}",
        )


@dataclass(frozen=True)
class Restatements:
    """An annotation's point in the words of others, as one viewer finds them; false where there are none."""

    # Those that stand open: what was found fair, and what waits and is the viewer's to judge or to change.
    open: Sequence[Restatement] = ()
    # The rest: what waits, was not found fair, or is one fair restatement of many.
    folded: Sequence[Restatement] = ()
    own: Restatement | None = None
    # The readers whose words were found fair, by their ids.
    fair: frozenset[int] = frozenset()

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
    """Give the restatements of each annotation, by its id, in one query; none for those nobody put in other words."""
    writers = {annotation.pk: annotation.creator_id for annotation in annotations if annotation.is_published}
    is_own = Case(When(creator=viewer.pk, then=Value(0)), default=Value(1))
    rank = Window(
        RowNumber(), partition_by=[F("annotation"), F("judgement")], order_by=[is_own.asc(), F("changed_at").desc()]
    )
    newest = Restatement.objects.filter(annotation__in=writers).annotate(rank=rank).filter(rank__lte=MOST_READ)
    found: dict[int, list[Restatement]] = defaultdict(list)
    for restatement in newest.select_related("creator").order_by("pk"):
        found[restatement.annotation_id].append(restatement)
    return {pk: _sorted(each, viewer, is_judge=writers[pk] == viewer.pk) for pk, each in found.items()}


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
    if not annotation.is_published:
        raise NotAccepted("This was withdrawn or hidden, so it can no longer be said in other words.")
    if not annotation.article.is_open:
        raise NotAccepted("This article is closed to new annotations, so this was not kept.")


def _sorted(found: Sequence[Restatement], viewer: User | AnonymousUser, *, is_judge: bool) -> Restatements:
    own = next((each for each in found if each.creator_id == viewer.pk), None)
    fair = [each for each in found if each.is_fair]
    concerned = [each for each in found if each.is_waiting and (is_judge or each is own)]
    standing = [*fair[:MOST_OPEN], *concerned]
    return Restatements(
        open=standing,
        folded=[each for each in found if each not in standing],
        own=own,
        fair=frozenset(each.creator_id for each in fair),
    )
