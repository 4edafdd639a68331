"""How far a reader is trusted: how long they have been here, and what moderators and others made of what they did."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

from annotations.accepting import NotAccepted
from annotations.models import (
    Annotation,
    Document,
    Flag,
    ModerationEntry,
    Restatement,
    SourceVerdict,
    Suspension,
)
from reader.models import User

# An account is new for a week: spammers seldom wait so long, and readers hardly notice.
NEW_FOR = timedelta(days=7)
# Reports of an account of some days count towards holding what they report: nobody makes three accounts on the spot.
REPORTS_COUNT_AFTER = timedelta(days=3)
# Of somebody's last reports, so many are looked at: when more than half were kept, their next one holds nothing.
_REPORTS_LOOKED_AT = 10


def is_moderator(reader: User) -> bool:
    return reader.has_perm("annotations.moderate_annotation")


def is_new(reader: User) -> bool:
    """Say whether an account is younger than a week."""
    return timezone.now() - reader.date_joined < NEW_FOR


def has_contributed(reader: User) -> bool:
    """Say whether anything of a reader has ever been published and still is, if only a line beside another's words."""
    restated = Restatement.objects.filter(creator=reader, held__isnull=True)
    remarked = SourceVerdict.objects.filter(reader=reader, held__isnull=True).exclude(remark="")
    found = Annotation.objects.published().by(reader), restated, remarked, Document.objects.filter(archived_by=reader)
    return any(each.exists() for each in found)


def suspension(reader: User, scope: str) -> Suspension | None:
    """Give the suspension that keeps a reader from writing, rating or reporting now, the longest of several."""
    return reader.suspensions.in_force().filter(scope=scope).order_by("until").last()


def refuse_suspended(reader: User, scope: str) -> None:
    """Raise NotAccepted, saying until when and why, where a reader is suspended."""
    if found := suspension(reader, scope):
        until = date_format(timezone.localtime(found.until), "j F Y, H:i")
        raise NotAccepted(
            f"A moderator has suspended your account from {found.scope} until {until}: {found.reason} What you typed "
            "is still here to copy."
        )


def is_in_good_standing(reader: User) -> bool:
    """Say whether a reader's report counts towards holding what it is about."""
    if not reader.is_active or timezone.now() - reader.date_joined < REPORTS_COUNT_AFTER:
        return False
    if suspension(reader, Suspension.Scope.REPORTING):
        return False
    answered = Flag.objects.filter(creator=reader, settled_by__isnull=False).order_by("-id")
    actions = list(answered.values_list("settled_by__action", flat=True)[:_REPORTS_LOOKED_AT])
    return actions.count(ModerationEntry.Action.KEEP) * 2 <= len(actions)
