"""What becomes of what a reader wrote and did when their account is removed.

What they wrote is withdrawn if they wish it. What they said of others' words goes in any case: ratings, verdicts,
positions, requests; and so do reports and appeals that wait, and suspensions. Decisions of moderators, answers of
editors and reports that were decided about keep standing, by "former reader": others rely on them.
"""

from contextlib import suppress

from django.db import transaction
from django.db.models import Q

from annotations import annotating, copying, rating, signatures, verdicts, vetting
from annotations.accepting import NotAccepted
from annotations.models import (
    Annotation,
    Appeal,
    Ask,
    ChangeOfMind,
    Export,
    Flag,
    Mute,
    Notice,
    NoticePreference,
    OfferedCopy,
    Position,
    Rating,
    Restatement,
    SourceVerdict,
    Subscription,
    Suspension,
    Visit,
)
from reader.models import User


def refusal(reader: User) -> str:
    """Give why a moderator cannot leave now; empty for everybody else, and where nothing waits for them alone."""
    if not (reader.is_staff and reader.has_perm("annotations.moderate_annotation")):
        return ""
    moderate = Q(groups__permissions__codename="moderate_annotation") | Q(is_superuser=True)
    others = User.objects.filter(moderate, is_staff=True, is_active=True, is_sample=False).exclude(pk=reader.pk)
    pending = Annotation.objects.filter(state=Annotation.State.PENDING)
    lines = (model.objects.held() for model in vetting.KINDS.values())
    waiting = (Flag.objects.open(), pending, Appeal.objects.open(), *lines)
    if others.exists() or not any(rows.exists() for rows in waiting):
        return ""
    return (
        "Reports wait for a decision, or appeals, or what was held, and no other moderator is here to make it. Please "
        "decide about them first."
    )


def withdraw_all(reader: User) -> None:
    """Withdraw all that a reader wrote and may take back, one after the other, and what they said for others."""
    for annotation in Annotation.objects.by(reader).withdrawable().order_by("pk"):
        with suppress(NotAccepted):
            annotating.withdraw(annotation=annotation, by=reader)
    Restatement.objects.filter(creator=reader).delete()


def forget(reader: User) -> None:
    """Remove all that a reader said of others' words, follows, was told and kept; and count anew what counted it."""
    with transaction.atomic():
        # Asked while it is there; shown anew before it goes, for it says where they are named.
        judged, rated = verdicts.judged_by(reader), rating.rated_by(reader)
        signatures.show_anew(reader)
        for rows in (
            SourceVerdict.objects.filter(reader=reader),
            OfferedCopy.objects.filter(reader=reader),
            Rating.objects.filter(reader=reader),
            Position.objects.filter(reader=reader),
            ChangeOfMind.objects.filter(reader=reader),
            Ask.objects.filter(reader=reader),
            Flag.objects.filter(creator=reader, settled_by=None),
            Appeal.objects.filter(annotation__creator=reader, answered_by=None),
            Suspension.objects.filter(reader=reader),
            Subscription.objects.filter(Q(follower=reader) | Q(person=reader)),
            Mute.objects.filter(Q(reader=reader) | Q(person=reader)),
            Notice.objects.filter(reader=reader),
            NoticePreference.objects.filter(reader=reader),
            Visit.objects.filter(reader=reader),
        ):
            rows.delete()
        verdicts.recount(judged)
        rating.recount_later(rated)
        copying.remove(list(Export.objects.of(reader.pk)))
