"""What moderators know of one reader: what they wrote, reports by and about them, and what was done about them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from annotations import restraining, trust, vetting
from annotations.models import Annotation, Flag, ModerationEntry, Suspension
from annotations.models.moderation import ModerationEntryQuerySet
from annotations.states import Action, State
from reader.models import User

PAGE_LENGTH = 25
# Of reports and of lines of the log; the lists of the panel have them all.
MOST_SHOWN = 25


@dataclass(frozen=True)
class Sum:
    """How much of what a reader wrote stands in one state."""

    state: str
    label: str
    number: int


@dataclass(frozen=True)
class Record:
    """All that is known of a reader."""

    reader: User
    is_moderator: bool
    counts: Sequence[Sum]
    # In the state that was asked for; empty for all.
    state: str
    written: Page[Annotation]
    reports_by: Sequence[Flag]
    reports_about: Sequence[Flag]
    suspensions: Sequence[Suspension]
    in_force: Sequence[Suspension]
    entries: Sequence[ModerationEntry]
    # The purge that can be undone, or None.
    purge: ModerationEntry | None
    purgeable_count: int

    @property
    def number(self) -> int:
        return sum(count.number for count in self.counts)


def of(reader: User, *, state: str = "", page: str = "1") -> Record:
    """Give the record of a reader, with a page of what they wrote."""
    state = state if state in Annotation.State.values else ""
    written = Annotation.objects.by(reader).order_by("-pk").select_related("article__current_revision")
    written = written.defer("article__current_revision__text", "article__current_revision__changes")
    shown = written.filter(state=state) if state else written
    numbers = dict(Annotation.objects.by(reader).order_by().values_list("state").annotate(number=Count("pk")))
    suspensions = list(reader.suspensions.select_related("moderator"))
    in_force = set(reader.suspensions.in_force().values_list("pk", flat=True))
    flags = Flag.objects.with_people()
    return Record(
        reader=reader,
        is_moderator=trust.is_moderator(reader),
        counts=[Sum(each.value, each.label, numbers[each]) for each in Annotation.State if each in numbers],
        state=state,
        written=Paginator(shown, PAGE_LENGTH).get_page(page),
        reports_by=list(flags.filter(creator=reader)[:MOST_SHOWN]),
        reports_about=list(flags.filter(annotation__creator=reader)[:MOST_SHOWN]),
        suspensions=suspensions,
        in_force=[each for each in suspensions if each.pk in in_force],
        entries=list(_entries(reader)[:MOST_SHOWN]),
        purge=standing_purge(reader),
        purgeable_count=restraining.purgeable(reader).count(),
    )


def standing_purge(reader: User) -> ModerationEntry | None:
    """Give the latest purge of a reader, as long as anything that it marked stands so."""
    purge = ModerationEntry.objects.filter(reader=reader, action=ModerationEntry.Action.PURGE).first()
    is_standing = purge and purge.batch and (_stands(purge.batch) or vetting.is_withheld(purge))
    return purge if is_standing else None


def _stands(batch: uuid.UUID) -> bool:
    marked = ModerationEntry.objects.filter(batch=batch, action=Action.SPAM, undone_by__isnull=True)
    return marked.filter(annotation__state=State.SPAM).exists()


def _entries(reader: User) -> ModerationEntryQuerySet:
    # What was decided about a line that another put beside theirs is about the other.
    own = Q(annotation__creator=reader, reader__isnull=True)
    about = ModerationEntry.objects.decisions().filter(Q(reader=reader) | own)
    return about.with_people()
