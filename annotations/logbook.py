"""The public log: what moderators and the site's rules decided, as everybody may read it.

It tells what was done, by which rule, about which words of which text, by whom and when; never who wrote what was
decided about, nor who reported it, nor anything that they wrote (docs/decisions/moderation.md says why). So neither the
people an entry is about nor its free words get into a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from annotations import states
from annotations.markdown import shorten
from annotations.models import Anchor, Annotation, Appeal, ModerationEntry
from annotations.models.moderation import ModerationEntryQuerySet
from reader.models import Article, User

LINES_ON_A_PAGE = 30
LINES_IN_THE_FEED = 50
# Of the words of the text: enough to know them by.
_WORDS_LENGTH = 160
# Whose details are the acts' own words about how much and for how long; those of others may hold a reader's.
_DETAILED = {ModerationEntry.Action.SUSPEND, ModerationEntry.Action.LIFT, ModerationEntry.Action.SLOW}
_LONG = ("body", "body_html", "would_change_my_mind")

# What can stand in the log, in the order of the entries' own list: what writers do with their own is no decision.
ACTIONS = tuple(
    action
    for action in ModerationEntry.Action
    if action.value not in set(states.Action) or states.MOVES[states.Action(action.value)].role != states.Role.WRITER
)


@dataclass(frozen=True)
class Line:
    """One decision, as everybody may read it."""

    id: int
    at: datetime
    action: str
    # In words; empty where none was broken, or none is named.
    rule: str
    # Who decided; None where a rule of the site did.
    moderator: User | None
    # What kind of thing it is about: "Note", "An account"; empty where it is the text itself.
    about: str
    # Empty where it is about a reader.
    article: Article | None
    # The words of the text, and the address of the page with what is said there.
    words: str
    place: str
    # How much and for how long, where the act says so.
    details: str
    # Of a decision that was undone: when.
    undone_at: datetime | None
    # Of one that undoes another: which.
    undoes: str
    # Whether it answers an appeal.
    is_on_appeal: bool

    @property
    def by(self) -> str:
        return str(self.moderator) if self.moderator else "A rule of the site"

    @property
    def title(self) -> str:
        """Say in a few words what was done: "Hidden: personal attack"."""
        return f"{self.action}: {self.rule.lower()}" if self.rule else self.action

    @property
    def address(self) -> str:
        """Give the address at which this line is found, on whichever page it stands by then."""
        return f"{reverse('moderation-log')}?at={self.id}#line-{self.id}"


def page(entries: ModerationEntryQuerySet, *, number: str = "1", at: str = "") -> Page[Line]:
    """Give a page of the log, the newest first; `at` is the id of an entry: the page that holds it is given."""
    # By their numbers alone: whoever asks for a page far down has nothing joined to all the lines before it.
    paginator = Paginator(entries.values_list("pk", flat=True), LINES_ON_A_PAGE)
    if at.isascii() and at.isdecimal() and len(at) <= 18:
        number = str(entries.filter(pk__gt=at).count() // LINES_ON_A_PAGE + 1)
    shown = paginator.get_page(number)
    # A page of numbers becomes the same page of lines.
    return Page(
        _lines(ModerationEntry.objects.filter(pk__in=list(shown))), shown.number, cast("Paginator[Line]", paginator)
    )


def latest() -> Sequence[Line]:
    """Give the newest lines, as many as a feed has."""
    return _lines(ModerationEntry.objects.filter(pk__in=public().values("pk")[:LINES_IN_THE_FEED]))


def public(
    *,
    action: str = "",
    rule: str = "",
    article: Article | None = None,
    moderator: User | None = None,
    month: str = "",
) -> ModerationEntryQuerySet:
    """Give the entries that everybody may know of, the newest first; of what is named, only those with it.

    `month` is such as 2026-11.
    """
    entries = ModerationEntry.objects.decisions().filter(action__in=ACTIONS).order_by("-id")
    if action:
        entries = entries.filter(action=action)
    if rule:
        entries = entries.filter(rule=rule)
    if article:
        entries = entries.on(article)
    if moderator:
        entries = entries.filter(moderator=moderator)
    if month:
        first = date.fromisoformat(f"{month}-01")
        entries = entries.filter(created_at__gte=_midnight(first), created_at__lt=_midnight(_following(first)))
    return entries


def articles() -> QuerySet[Article]:
    """Give the articles that the log speaks of, by their titles."""
    decided = ModerationEntry.objects.decisions().order_by()
    spoken_of = Exists(decided.filter(annotation__article=OuterRef("pk"))) | Exists(
        decided.filter(article=OuterRef("pk"))
    )
    return (
        Article.objects.published().with_revision().without_text().filter(spoken_of).order_by("current_revision__title")
    )


def moderators() -> QuerySet[User]:
    """Give whose decisions the log has, by name."""
    decided = ModerationEntry.objects.decisions().order_by().filter(moderator=OuterRef("pk"))
    return User.objects.filter(Exists(decided)).order_by("username")


def months() -> list[tuple[str, str]]:
    """Give the months since the log began, the last first: as in an address, and as one reads them."""
    first = ModerationEntry.objects.order_by("id").values_list("created_at", flat=True).first()
    found: list[tuple[str, str]] = []
    month = timezone.localdate(first).replace(day=1) if first else None
    while month and month <= timezone.localdate():
        found.append((f"{month:%Y-%m}", date_format(month, "F Y")))
        month = _following(month)
    return found[::-1]


def _lines(entries: ModerationEntryQuerySet) -> list[Line]:
    """Give these entries as lines, the newest first, in two queries."""
    return [_line(entry) for entry in _told(entries).order_by("-id")]


def _told(entries: ModerationEntryQuerySet) -> ModerationEntryQuerySet:
    """Read with them all that their lines say."""
    anchors = Anchor.objects.filter(
        annotation=OuterRef("head"), revision=OuterRef("annotation__article__current_revision")
    ).exclude(status=Anchor.Status.ORPHANED)
    related = ("moderator", "undoes", "annotation__root")
    revised = ("annotation__article__current_revision", "article__current_revision")
    return (
        entries.select_related(*related, *revised)
        # Nearly every line undoes nothing, which SQLite takes for a reason to look through all of them for each.
        .prefetch_related("undone_by")
        .defer(
            *(f"{revision}__text" for revision in revised),
            *(f"annotation__{name}" for name in _LONG),
            *(f"annotation__root__{name}" for name in _LONG),
        )
        .annotate(head=Coalesce("annotation__root", F("annotation")))
        .annotate(
            block=Subquery(anchors.values("paragraph__name")[:1]),
            is_on_appeal=Exists(Appeal.objects.filter(answered_by=OuterRef("pk"))),
        )
    )


def _line(entry: ModerationEntry) -> Line:
    undone = getattr(entry, "undone_by", None)
    annotation = entry.annotation
    head = (annotation.root or annotation) if annotation else None
    article = annotation.article if annotation else entry.article
    return Line(
        id=entry.pk,
        at=entry.created_at,
        action=entry.get_action_display(),
        rule=entry.get_rule_display(),
        moderator=entry.moderator,
        about=_about(entry),
        article=article,
        words=shorten(head.exact, _WORDS_LENGTH) if head else "",
        place=_place(head, article, vars(entry)["block"]) if head and article else "",
        details=entry.details if entry.action in _DETAILED else "",
        undone_at=undone.created_at if undone else None,
        undoes=entry.undoes.get_action_display() if entry.undoes else "",
        is_on_appeal=vars(entry)["is_on_appeal"],
    )


def _about(entry: ModerationEntry) -> str:
    if entry.annotation is None:
        return "An account" if entry.reader_id else ""
    is_question = entry.annotation.kind == Annotation.Kind.QUESTION
    return "Question" if is_question else entry.annotation.get_kind_display()


def _place(head: Annotation, article: Article, block: str | None) -> str:
    """Give the address of what is said where it stands: on a block, on the article, or about words that are gone."""
    if block or head.target == Annotation.Target.ARTICLE:
        return reverse("paragraph", args=[article.slug, block or "whole"])
    return reverse("orphans", args=[article.slug])


def _following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  (made aware here)
