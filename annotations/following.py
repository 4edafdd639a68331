"""What readers keep an eye on: the people and threads they follow, and how far they have read an article's margin."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from annotations import filtering
from annotations.models import Anchor, Annotation, Mute, Subscription, Visit
from reader.models import User

# A visit goes on while its reader comes back within this time, and is told to the database no oftener than that.
VISIT_LENGTH = timedelta(minutes=30)
_GRAIN = timedelta(minutes=1)
# Of a reader's own annotations since the visit before, as many are told apart from what is new.
_MOST_OWN = 100


class Refused(ValueError):
    """What cannot be followed, with a sentence for who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unseen(NamedTuple):
    """What has been written beside an article since its reader was there last."""

    # The newest annotation known then; those above it are new. None on a first visit, when nothing is told as new.
    since: int | None
    # Threads beside the text in which others have written since.
    number: int = 0
    # The reader's own annotations since: they are not new to them.
    own: tuple[int, ...] = ()


def follow_person(*, follower: User, person: User) -> None:
    """Follow somebody; twice does nothing more. Raises Refused for oneself."""
    if follower == person:
        raise Refused("What you write yourself is followed without this.")
    _keep(Subscription(follower=follower, person=person))
    # Who wants to hear of somebody does not want them muted.
    Mute.objects.filter(reader=follower, person=person).delete()


def follow_thread(*, follower: User, head: Annotation) -> None:
    """Follow a thread by its head; twice does nothing more. Raises Refused for an answer or what is not published."""
    if head.root_id is not None or not head.is_published:
        raise Refused("Only a thread that can be read can be followed.")
    _keep(Subscription(follower=follower, thread=head))


def unfollow_person(*, follower: User, person: User) -> None:
    """Follow somebody no longer; twice does nothing more."""
    Subscription.objects.filter(follower=follower, person=person).delete()


def unfollow_thread(*, follower: User, head: Annotation) -> None:
    """Follow a thread no longer; twice does nothing more."""
    Subscription.objects.filter(follower=follower, thread=head).delete()


def is_following(*, follower: User, person: User) -> bool:
    """Say whether one follows the other."""
    return Subscription.objects.filter(follower=follower, person=person).exists()


def followed_by(follower: User) -> QuerySet[Subscription]:
    """Give what somebody follows, people before threads, what was followed last first."""
    is_person = Case(When(person__isnull=False, then=Value(0)), default=Value(1))
    followed = Subscription.objects.filter(follower=follower).order_by(is_person, "-id")
    return followed.select_related("person", "thread__creator", "thread__article__current_revision").defer(
        "thread__article__current_revision__text"
    )


def last_visit(*, reader: User, article_id: int) -> Visit | None:
    """Give the reader's last visit of an article, or None when they have not been there."""
    return Visit.objects.filter(reader=reader, article=article_id).first()


def seen_by_now(visit: Visit | None, *, now: datetime) -> int | None:
    """Give the newest annotation that the reader knew when they came: above it all is new. None on a first visit.

    What they reached in a visit that has ended they have seen.
    """
    if visit is None:
        return None
    return visit.reached if _has_ended(visit, now) else visit.seen_to


def visit(*, reader: User, article_id: int, last: Visit | None, newest: int, now: datetime | None = None) -> None:
    """Note that a reader was shown an article, up to its newest annotation; `last` is their last visit as it was found.

    Two tabs opened at once say the same, and the second of them changes nothing. Written only when something changes.
    """
    now = now or timezone.now()
    if last is None:
        first = Visit(reader=reader, article_id=article_id, seen_to=newest, reached=newest, at=now)
        Visit.objects.bulk_create([first], ignore_conflicts=True)
        return
    changes: dict[str, object] = {}
    if _has_ended(last, now):
        changes = {"seen_to": last.reached, "reached": max(last.reached, newest), "at": now}
    elif newest > last.reached or now - last.at >= _GRAIN:
        changes = {"reached": max(last.reached, newest), "at": now}
    if changes:
        Visit.objects.filter(pk=last.pk, at=last.at).update(**changes)


def unseen(*, reader: User, revision_id: int, since: int | None, newest: int) -> Unseen:
    """Give what is new to a reader beside a revision; nothing is asked of the database where nothing can be."""
    if since is None or newest <= since:
        return Unseen(since)
    threads = filtering.newer_threads(revision_id, since, reader)
    standing = Anchor.objects.filter(revision=revision_id, annotation__state=Annotation.State.PUBLISHED)
    number = standing.exclude(status=Anchor.Status.ORPHANED).filter(annotation__in=threads).count()
    own = Annotation.objects.filter(article__revisions=revision_id, creator=reader, pk__gt=since).order_by("-pk")
    return Unseen(since, number, tuple(own.values_list("pk", flat=True)[:_MOST_OWN]))


def _keep(subscription: Subscription) -> None:
    Subscription.objects.bulk_create([subscription], ignore_conflicts=True)


def _has_ended(visit: Visit, now: datetime) -> bool:
    return now - visit.at > VISIT_LENGTH
