"""Decide about annotations: the acts of moderators. `annotations.states` has the ways, and who may go them.

A decision locks the annotation, writes state and log together, answers the reports that wait, tells its writer and who
reported it, and raises the article's activity where everybody sees the change, in one transaction. Where it no longer
fits what it finds, it is refused and nothing is written. Who may decide is asked here and not at the edge, so that no
way in can forget it.
"""

import uuid
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from annotations import accepting, moving, notifying
from annotations.models import Annotation, Appeal, ModerationEntry, Notice, Rule
from annotations.moving import Refused, StaleDecision
from annotations.states import Action, Role, State, leads_from, refusal
from reader.models import User
from reader.text.direction import isolated

__all__ = [
    "DECISIONS",
    "OWN_DECISION",
    "OWN_THREAD",
    "PERMISSION",
    "REASON_MAX_LENGTH",
    "UNDONE_WITHIN",
    "OwnThread",
    "ReasonMissing",
    "ReasonTooLong",
    "Refused",
    "StaleDecision",
    "approve",
    "check_may",
    "check_no_part",
    "checked",
    "checked_reason",
    "decide",
    "deny",
    "hide",
    "is_possible",
    "is_undoable",
    "keep",
    "mark_spam",
    "names_a_rule",
    "needs_words",
    "possible",
    "remove",
    "restore",
    "undo",
    "undoable",
    "uphold",
]

REASON_MAX_LENGTH = 1000
PERMISSION = "annotations.moderate_annotation"
# Long enough to see that the wrong line was chosen, short enough that nobody has acted on it.
UNDONE_WITHIN = timedelta(minutes=1)

# What a moderator decides, in the order of the panel.
DECISIONS = (
    Action.APPROVE,
    Action.KEEP,
    Action.RESTORE,
    Action.UPHOLD,
    Action.DENY,
    Action.HIDE,
    Action.SPAM,
    Action.REMOVE,
)
# What takes something from readers names the rule that was broken; what gives it back need not say why.
_NAMES_A_RULE = {Action.DENY, Action.HIDE, Action.REMOVE}
_NEEDS_NO_WORDS = {Action.APPROVE, Action.SPAM}


OWN_THREAD = "You write in this thread, so another moderator has to decide."
OWN_DECISION = "Its writer appeals against your own decision, so another moderator has to decide."


class ReasonMissing(Refused):
    """No reason was given, or none that says anything; or no rule."""


class ReasonTooLong(Refused):
    """More words than the log keeps."""


class OwnThread(Refused):
    """The moderator writes in the thread, so another has to decide."""


def approve(*, annotation: Annotation, by: User, reason: str = "", seen: str | None = None) -> ModerationEntry:
    """Publish what waited for a moderator. Raises as `decide` does."""
    return decide(Action.APPROVE, annotation=annotation, by=by, reason=reason, seen=seen)


def deny(*, annotation: Annotation, by: User, rule: str, reason: str, seen: str | None = None) -> ModerationEntry:
    """Send an annotation back to its writer, who may mend it and send it again. Raises as `decide` does."""
    return decide(Action.DENY, annotation=annotation, by=by, rule=rule, reason=reason, seen=seen)


def hide(*, annotation: Annotation, by: User, rule: str, reason: str, seen: str | None = None) -> ModerationEntry:
    """Take an annotation out of sight; its replies and its place in the thread stay. Raises as `decide` does."""
    return decide(Action.HIDE, annotation=annotation, by=by, rule=rule, reason=reason, seen=seen)


def restore(*, annotation: Annotation, by: User, reason: str, seen: str | None = None) -> ModerationEntry:
    """Show an annotation again, where it was. Raises as `decide` does."""
    return decide(Action.RESTORE, annotation=annotation, by=by, reason=reason, seen=seen)


def keep(*, annotation: Annotation, by: User, reason: str, seen: str | None = None) -> ModerationEntry:
    """Answer the reports on an annotation that may stay as it is. Raises as `decide` does."""
    return decide(Action.KEEP, annotation=annotation, by=by, reason=reason, seen=seen)


def mark_spam(*, annotation: Annotation, by: User, reason: str = "", seen: str | None = None) -> ModerationEntry:
    """Take spam out of sight without a trace. Raises as `decide` does."""
    return decide(Action.SPAM, annotation=annotation, by=by, rule=Rule.SPAM, reason=reason, seen=seen)


def remove(*, annotation: Annotation, by: User, rule: str, reason: str, seen: str | None = None) -> ModerationEntry:
    """Remove an annotation; where it stood a line says so, and by which rule. Raises as `decide` does."""
    return decide(Action.REMOVE, annotation=annotation, by=by, rule=rule, reason=reason, seen=seen)


def uphold(*, annotation: Annotation, by: User, reason: str, seen: str | None = None) -> ModerationEntry:
    """Answer an appeal: it stays as it was decided. Raises as `decide` does."""
    return decide(Action.UPHOLD, annotation=annotation, by=by, reason=reason, seen=seen)


def decide(
    action: Action,
    *,
    annotation: Annotation,
    by: User,
    rule: str = "",
    reason: str = "",
    seen: str | None = None,
    read_to: int | None = None,
    batch: uuid.UUID | None = None,
) -> ModerationEntry:
    """Decide about an annotation, and give the line of the log; the passed annotation shows the new state.

    `seen` is the key of the annotation as the moderator read it, and `read_to` the last line of its log that stood
    there, 0 for none; None decides whatever it says now. Raises PermissionDenied, OwnThread, ReasonMissing,
    ReasonTooLong and StaleDecision, each with a sentence for the moderator.
    """
    if action not in DECISIONS:
        raise Refused("That is no decision.")
    check_may(by)
    rule, reason = checked(action, rule, reason)
    with transaction.atomic():
        _lock(annotation)
        _check_fresh(action, annotation, seen)
        _check_read(annotation, read_to)
        _check_impartial(annotation, by)
        entry = moving.move(annotation, action, by=by, rule=rule, reason=reason, batch=batch)
        _answer(annotation, entry, by)
        notifying.tell(annotation.creator, Notice.Event.MODERATED, annotation=annotation, actor=by)
    return entry


def check_may(by: User) -> None:
    """Raise PermissionDenied for who is no moderator."""
    if not by.has_perm(PERMISSION):
        raise PermissionDenied("Only moderators may do this.")


def check_no_part(annotation: Annotation, by: User) -> None:
    """Raise OwnThread for who writes in the annotation's thread."""
    head = annotation.root_id or annotation.pk
    if Annotation.objects.by(by).filter(Q(pk=head) | Q(root=head)).exists():
        raise OwnThread(OWN_THREAD)


def is_possible(action: Action, annotation: Annotation) -> bool:
    """Say whether a decision fits how the annotation stands, whoever makes it."""
    if action == Action.KEEP and not annotation.flags.open().exists():
        return False
    if action == Action.UPHOLD and not _waiting_appeal(annotation):
        return False
    return leads_from(action, State(annotation.state))


def possible(annotation: Annotation, *, is_reported: bool, is_appealed: bool) -> tuple[Action, ...]:
    """Give the decisions that fit, of an annotation of which is known whether a report and an appeal wait."""
    needed = {Action.KEEP: is_reported, Action.UPHOLD: is_appealed}
    return tuple(
        action for action in DECISIONS if needed.get(action, True) and leads_from(action, State(annotation.state))
    )


def is_undoable(entry: ModerationEntry, by: User) -> bool:
    """Say whether a moderator may still undo a decision of theirs, as far as the line itself tells."""
    is_own = entry.moderator_id == by.pk and entry.action in DECISIONS
    return is_own and timezone.now() - entry.created_at < UNDONE_WITHIN


def undoable(pk: int, by: User) -> ModerationEntry | None:
    """Give a decision of a moderator's own by its number, as long as they can undo it; else None."""
    entry = ModerationEntry.objects.select_related("annotation").filter(pk=pk, moderator=by, undone_by=None).first()
    return entry if entry and is_undoable(entry, by) else None


def undo(*, entry: ModerationEntry, by: User) -> ModerationEntry:
    """Undo one's own decision within a minute, as long as nothing else was done; reports it answered wait again.

    What its writer and who reported it were told of it is taken back. Raises PermissionDenied, Refused when it is too
    late, and StaleDecision when something came after it.
    """
    check_may(by)
    if entry.annotation is None or not is_undoable(entry, by):
        raise Refused("A decision can be undone for a minute, by whoever made it. Decide anew instead.")
    annotation = entry.annotation
    with transaction.atomic():
        _lock(annotation)
        if annotation.moderation_entries.about_itself().first() != entry or annotation.state != entry.to_state:
            raise StaleDecision("Something else was done since, so this cannot be undone. Please read it again.")
        undone = moving.move(annotation, Action.UNDO, by=by, to=State(entry.from_state), undoes=entry)
        entry.settled_flags.update(settled_by=None)
        Appeal.objects.filter(answered_by=entry).update(answered_by=None)
        # Nothing is left to appeal against.
        Appeal.objects.filter(annotation=annotation, entry=entry, answered_by=None).update(answered_by=undone)
        notifying.take_back(annotation=annotation, actor=by, since=entry.created_at)
    return undone


def names_a_rule(action: Action) -> bool:
    """Say whether a decision names the rule that was broken."""
    return action in _NAMES_A_RULE


def needs_words(action: Action) -> bool:
    """Say whether a decision has to say why."""
    return action not in _NEEDS_NO_WORDS


def checked(action: Action, rule: str, reason: str) -> tuple[str, str]:
    """Give rule and reason as the log keeps them for a decision. Raises ReasonMissing and ReasonTooLong."""
    if action in _NAMES_A_RULE and rule not in Rule.values:
        raise ReasonMissing("Please choose the rule that it breaks.", field="rule")
    if action not in _NAMES_A_RULE:
        rule = Rule.SPAM.value if action == Action.SPAM else ""
    if action in _NEEDS_NO_WORDS and not reason.strip():
        return rule, ""
    return rule, checked_reason(reason)


def checked_reason(reason: str) -> str:
    """Give the reason as it is kept. Raises ReasonMissing when it says nothing, ReasonTooLong past the log's length."""
    reason = _within_length(reason)
    if not any(character.isalnum() for character in reason):
        raise ReasonMissing(
            "Please say why, in a few words: the log keeps it and the writer is shown it.", field="reason"
        )
    return reason


def _lock(annotation: Annotation) -> None:
    """Read what decides afresh and keep it so until the transaction ends."""
    # Not the key: a reply being posted holds the article's row and needs this one's key, and must not wait for us.
    locked = Annotation.objects.select_for_update(no_key=True)
    annotation.refresh_from_db(fields=["state", "version"], from_queryset=locked)


def _check_fresh(action: Action, annotation: Annotation, seen: str | None) -> None:
    if seen is not None and seen != annotation.key:
        raise StaleDecision(_what_changed(action, annotation, seen))
    if action == Action.KEEP and annotation.is_published and not annotation.flags.open().exists():
        raise StaleDecision("No report on it is waiting for an answer.")
    if action == Action.UPHOLD and not _waiting_appeal(annotation):
        raise StaleDecision("Nobody is asking for it to be looked at again.")


def _check_read(annotation: Annotation, read_to: int | None) -> None:
    """Refuse where the log has lines of moderators that this one has not read, though it stands as it did."""
    if read_to is None:
        return
    unread = annotation.moderation_entries.about_itself().filter(pk__gt=read_to, role=Role.MODERATOR)
    if latest := unread.select_related("moderator").first():
        raise StaleDecision(_faster(latest))


def _what_changed(action: Action, annotation: Annotation, seen: str) -> str:
    """Say what happened to it since it was read as `seen`."""
    if annotation.is_withdrawn:
        return refusal(action, State.WITHDRAWN)
    state, _, _version = seen.partition(".")
    if state == annotation.state:
        return "Its writer edited it while you were deciding. Please read it again."
    latest = annotation.moderation_entries.about_itself().select_related("moderator").first()
    if latest and latest.role == Role.MODERATOR:
        return _faster(latest)
    return f"It is {annotation.get_state_display().lower()} by now. Please read it again."


def _faster(entry: ModerationEntry) -> str:
    return f"{isolated(entry.moderator)} was faster: {entry.get_action_display().lower()}. Please read it again."


def _check_impartial(annotation: Annotation, by: User) -> None:
    """Refuse a decision of who has a part in the thread, or made the decision that is appealed."""
    check_no_part(annotation, by)
    appeal = _waiting_appeal(annotation)
    if appeal and appeal.entry.moderator_id == by.pk:
        raise OwnThread(OWN_DECISION)


def _waiting_appeal(annotation: Annotation) -> Appeal | None:
    return Appeal.objects.filter(annotation=annotation, answered_by=None).select_related("entry").first()


def _answer(annotation: Annotation, entry: ModerationEntry, by: User) -> None:
    """Answer the reports and the appeal that wait, and tell who reported it."""
    waiting = annotation.flags.filter(settled_by=None).select_related("creator")
    for flag in list(waiting):
        notifying.tell(flag.creator, Notice.Event.REPORTED, annotation=annotation, actor=by)
    waiting.update(settled_by=entry)
    Appeal.objects.filter(annotation=annotation, answered_by=None).update(answered_by=entry)


def _within_length(words: str) -> str:
    words = accepting.typed(words)
    if len(words) > REASON_MAX_LENGTH:
        raise ReasonTooLong(
            f"This is {len(words):,} characters long; {REASON_MAX_LENGTH:,} is the most. Please shorten it.",
            field="reason",
        )
    return words
