"""The pace of what readers write and say: limits for everybody, pauses where it gets heated, slow mode.

    count   something is done now; how often it may be is decided by `reader.limiting`
    pause   where readers report much, and where a moderator slowed an article down, each has to wait between two posts

Where many reports are open, nobody is silenced, and the thread cools down: without a pause below two reports within a
day on what touches the paragraph, or in the thread; then 30 seconds, and twice as long with each further report, an
hour at most. Moderators are never asked to pause, and sample accounts, which nobody has, are not counted.
"""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format

from annotations import trust
from annotations.accepting import TooOften
from annotations.models import Annotation, Ask, Flag, SlowMode
from annotations.models.annotations import AnnotationQuerySet
from annotations.models.reports import FlagQuerySet
from reader import limiting, rates
from reader.models import Article, User
from reader.text.spans import Span

FIRST_PAUSE = 30
REPORTS_THAT_SLOW = 2
LONGEST_PAUSE = 60 * 60
REPORTS_COUNT_FOR = timedelta(days=1)


def count(limit: str, *, by: User) -> None:
    """Count that a reader does something now, the last step of its transaction. Raises TooOften."""
    if by.is_sample:
        return
    try:
        limiting.count(limit, by=by, is_new=trust.is_new(by))
    except limiting.TooOften as refusal:
        raise TooOften(refusal.message) from refusal


def pause(
    article: Article,
    *,
    by: User,
    place: Span | None = None,
    thread: Annotation | None = None,
    has_words: bool = True,
) -> None:
    """Refuse to post again so soon: on a slowed article, and on reported words or in a reported thread.

    `place` are the words it is about in the article's current revision, None for all of it; `thread` is the head of
    the thread it belongs to; `has_words` where something was typed, which the refusal says is kept. Called when the
    article is locked, so that of two at once the second sees the first. Raises TooOften.
    """
    mode, reports = slowed(article), _reports(article)
    if not (mode or reports.exists()) or by.is_sample or trust.is_moderator(by):
        return
    if mode:
        _wait(mode.seconds, Annotation.objects.on(article), by=by, why=f"{said(mode)}.", has_words=has_words)
    there = _in(thread) if thread else _touching(article, place)
    if seconds := grown(reports.filter(annotation__in=there.values("pk")).count()):
        why = "Readers reported what is said here, so all wait a while between two posts."
        _wait(seconds, there, by=by, why=why, has_words=has_words)


def grown(reports: int) -> int:
    """Give the pause in seconds that so many open reports make: none for one, 30 for two, then twice for each more."""
    if reports < REPORTS_THAT_SLOW:
        return 0
    return min(FIRST_PAUSE << min(reports - REPORTS_THAT_SLOW, 10), LONGEST_PAUSE)


def slowed(article: Article) -> SlowMode | None:
    """Give the slow mode that holds on an article now, or None."""
    mode: SlowMode | None = getattr(article, "slow_mode", None)
    return mode if mode and mode.until > timezone.now() else None


def notice(article: Article, viewer: User | AnonymousUser) -> str:
    """Say beside a form what the slow mode of its article asks of this viewer; empty where it asks nothing."""
    mode = slowed(article)
    return said(mode) if mode and not viewer.has_perm("annotations.moderate_annotation") else ""


def said(mode: SlowMode) -> str:
    """Say what a slow mode asks of readers: Slow mode: one contribution in 60 seconds, until 3 May 2026, 14:30."""
    until = date_format(timezone.localtime(mode.until), "j F Y, H:i")
    return f"Slow mode: one contribution in {rates.said(mode.seconds)}, until {until}"


def _reports(article: Article) -> FlagQuerySet:
    """Give the open reports of the last day on an article."""
    since = timezone.now() - REPORTS_COUNT_FOR
    return Flag.objects.open().filter(annotation__article=article, created_at__gt=since)


def _in(thread: Annotation) -> AnnotationQuerySet:
    return Annotation.objects.filter(Q(pk=thread.pk) | Q(root=thread.pk))


def _touching(article: Article, place: Span | None) -> AnnotationQuerySet:
    """Give what touches the paragraphs that a place lies in, or what is about the article as a whole."""
    if place is None or article.current_revision is None:
        return Annotation.objects.on(article).filter(target=Annotation.Target.ARTICLE)
    blocks = list(article.current_revision.paragraphs.overlapping(place))
    around = Span(blocks[0].start, blocks[-1].end) if blocks else place
    return Annotation.objects.overlapping(around, revision_id=article.current_revision_id)


def _wait(seconds: int, there: AnnotationQuerySet, *, by: User, why: str, has_words: bool) -> None:
    """Refuse when the reader said something there less than so many seconds ago, in words of their own or asking."""
    said_at = there.by(by).aggregate(at=Max("created_at"))["at"]
    asked_at = Ask.objects.filter(reader=by, question__in=there.values("pk")).aggregate(at=Max("created_at"))["at"]
    last = max(filter(None, (said_at, asked_at)), default=None)
    left = seconds - (timezone.now() - last).total_seconds() if last else 0
    if left > 0:
        kept = " What you typed is still here." if has_words else ""
        message = f"{why} You can post again in {rates.said(left)}.{kept}"
        raise TooOften(limiting.refusal(message, left).message)
