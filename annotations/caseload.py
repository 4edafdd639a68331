"""How much came to the moderators and went in the last thirty days, and how long a decision took.

A case begins when an annotation is held or sent again, when it is reported, and when its writer appeals; and when a
line beside one is held. What was decided and undone counts as not decided.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from annotations import moderating, plotting
from annotations.models import Appeal, Flag, ModerationEntry
from annotations.plotting import Bar
from annotations.states import Role, State

DAYS = 30


@dataclass(frozen=True)
class Caseload:
    """The last thirty days, a bar for each of them, and how long the decisions of that time took."""

    came: Sequence[Bar]
    decided: Sequence[Bar]
    # So long did half of the decisions take at most, and nine in ten, in words; empty while there was none.
    median: str
    nine_in_ten: str

    @property
    def came_count(self) -> int:
        return sum(bar.number for bar in self.came)

    @property
    def decided_count(self) -> int:
        return sum(bar.number for bar in self.decided)

    @property
    def days(self) -> Sequence[tuple[Bar, Bar]]:
        """Give each day with both its bars, the latest first."""
        return list(zip(reversed(self.came), reversed(self.decided), strict=True))


def lately() -> Caseload:
    """Count the last thirty days, today included, as days are on the site. Four queries, however much there was."""
    today = timezone.localdate()
    beginning = timezone.make_aware(datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time()))
    decisions = list(_decisions().filter(created_at__gte=beginning))
    came = _by_day(_beginnings(beginning))
    decided = _by_day(decision.created_at for decision in decisions)
    most = max([*came.values(), *decided.values()], default=0)
    waits = [decision.created_at - begun for decision in decisions if (begun := _begun(decision))]
    return Caseload(
        plotting.bars(came, last=today, days=DAYS, most=most),
        plotting.bars(decided, last=today, days=DAYS, most=most),
        _said(plotting.share(waits, 0.5)),
        _said(plotting.share(waits, 0.9)),
    )


def _decisions() -> QuerySet[ModerationEntry]:
    """Give what moderators decided and did not undo, with when each of what it answered began."""
    held = ModerationEntry.objects.filter(
        annotation=OuterRef("annotation"), pk__lt=OuterRef("pk"), to_state=State.PENDING, undoes=None
    )
    reported = Flag.objects.filter(settled_by=OuterRef("pk")).order_by().values("settled_by")
    appealed = Appeal.objects.filter(answered_by=OuterRef("pk"))
    begun = {
        "held_at": held.order_by("-pk").values("created_at")[:1],
        "reported_at": reported.annotate(first=Min("created_at")).values("first"),
        "appealed_at": appealed.values("created_at")[:1],
    }
    made = ModerationEntry.objects.filter(role=Role.MODERATOR, annotation__isnull=False, undone_by=None)
    cases = made.filter(Q(action__in=moderating.DECISIONS) | Q(answers__isnull=False))
    return cases.annotate(
        line_held_at=F("answers__created_at"),
        **{name: Subquery(moment, output_field=DateTimeField()) for name, moment in begun.items()},
    ).only("created_at", "from_state")


def _begun(decision: ModerationEntry) -> datetime | None:
    """Give when the first of what a decision answered began; None where it answered nothing that waited."""
    moments = vars(decision)
    held = moments["held_at"] if decision.from_state == State.PENDING else None
    began = held, moments["reported_at"], moments["appealed_at"], moments["line_held_at"]
    return min(filter(None, began), default=None)


def _beginnings(since: datetime) -> Iterable[datetime]:
    held = Q(to_state=State.PENDING, undoes=None) & ~Q(from_state=State.PENDING)
    begun = ModerationEntry.objects.filter(held | Q(action=ModerationEntry.Action.DETAIN), created_at__gte=since)
    yield from begun.values_list("created_at", flat=True)
    yield from Flag.objects.filter(created_at__gte=since).values_list("created_at", flat=True)
    yield from Appeal.objects.filter(created_at__gte=since).values_list("created_at", flat=True)


def _said(wait: timedelta | None) -> str:
    """Say how long something took, as long as people say it: 3 hours, 2 days."""
    if wait is None:
        return ""
    minutes = max(1, round(wait.total_seconds() / 60))
    number, unit = (minutes, "minute")
    if minutes >= 48 * 60:
        number, unit = round(minutes / 1440), "day"
    elif minutes >= 120:
        number, unit = round(minutes / 60), "hour"
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _by_day(moments: Iterable[datetime]) -> Counter[date]:
    return Counter(timezone.localtime(moment).date() for moment in moments)
