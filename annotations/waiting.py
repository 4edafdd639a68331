"""What waits for a decision: held annotations, reports and appeals, each with all that a moderator judges it by; and
the lines that readers put beside others' words.

A page of the queue costs the same number of queries, however much waits and however much is known of it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, cast

from django.core.paginator import Page, Paginator
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from annotations import addresses, holding, markdown, moderating, passages, states, vetting
from annotations.models import Annotation, Appeal, Flag, Line, ModerationEntry, Source, Suspension, Wording
from annotations.models.annotations import AnnotationQuerySet
from annotations.passages import Excerpt
from annotations.states import Action, Role, State
from annotations.wordings import Step
from reader.models import User

PAGE_LENGTH = 20
# So many lines are shown below the cases; the next come when these are decided about.
MOST_LINES = 20
ORDERS = {"oldest": "Oldest first", "reported": "Most reported first", "article": "By article"}
# Of all that cites a site, so much is looked through.
_MOST_CITING = 500

_ORDERED_BY = {
    "oldest": ("waits_since", "pk"),
    "reported": ("-report_count", "waits_since", "pk"),
    "article": ("article__slug", "waits_since", "pk"),
}


@dataclass(frozen=True)
class Choice:
    """How a moderator looks at the queue: in which order, and of which article; empty for all."""

    order: str = "oldest"
    article: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        """Give what an address asks for; what it does not know is passed over."""
        order = asked.get("order", "")
        return cls(order if order in ORDERS else "oldest", asked.get("article", ""))


@dataclass(frozen=True)
class Past:
    """What is known of a writer: how what they wrote stands, and what they are suspended from."""

    counts: Mapping[str, int]
    suspensions: Sequence[Suspension]

    @property
    def said(self) -> Sequence[str]:
        """Give each number that is not nought, in words."""
        named = [(state, self.counts.get(state, 0)) for state in State]
        return [f"{number} {states.STANDING[state]}" for state, number in named if number] or ["nothing else"]


class Citing(NamedTuple):
    """How often others cite a site, and how many of those were taken down."""

    site: str
    number: int
    taken_down: int
    is_cut: bool


@dataclass(frozen=True)
class Item:
    """One annotation that a moderator looks at, with all there is to judge it by."""

    annotation: Annotation
    flags: Sequence[Flag]
    entries: Sequence[ModerationEntry]
    appeal: Appeal | None
    excerpts: Sequence[Excerpt]
    past: Past
    citing: Sequence[Citing]
    # Why this moderator may not decide about it; empty where they may.
    partiality: str = ""

    @property
    def open_flags(self) -> Sequence[Flag]:
        is_waiting = self.annotation.is_published or self.annotation.is_pending
        return [flag for flag in self.flags if flag.settled_by_id is None and is_waiting]

    @property
    def answered_flags(self) -> Sequence[Flag]:
        return [flag for flag in self.flags if flag.settled_by_id is not None]

    @property
    def held(self) -> ModerationEntry | None:
        """Give the line of the log by which it waits, or None where it does not, or nobody wrote down why."""
        if not self.annotation.is_pending:
            return None
        return next((each for each in self.entries if each.to_state == State.PENDING), None)

    @property
    def last_decision(self) -> ModerationEntry | None:
        """Give what a moderator decided last, and did not undo."""
        undone = {each.undoes_id for each in self.entries}
        made = (each for each in self.entries if each.role == Role.MODERATOR and each.action in moderating.DECISIONS)
        return next((each for each in made if each.pk not in undone), None)

    @property
    def read_to(self) -> int:
        """Give the last line of the log that stands here, 0 for none."""
        return self.entries[0].pk if self.entries else 0

    @property
    def is_waiting(self) -> bool:
        return self.annotation.is_pending or bool(self.open_flags) or self.appeal is not None

    @property
    def decisions(self) -> Sequence[Action]:
        """Give what may be decided about it as it stands."""
        return moderating.possible(
            self.annotation, is_reported=bool(self.open_flags), is_appealed=self.appeal is not None
        )

    @property
    def change(self) -> Step | None:
        """Give what its writer changed since a moderator decided last, or since the first wording; None for nothing."""
        kept = list(self.annotation.wordings.all())
        before = _in_force(self.annotation, kept, self.last_decision)
        if before is None:
            return None
        now = Wording.of(self.annotation, self.annotation.sources.all())
        return Step(now, before, is_current=True)

    def since(self, version: int) -> Step | None:
        """Give what its writer changed since a version, or None when that stands, or was not kept."""
        before = next((each for each in self.annotation.wordings.all() if each.version == version), None)
        if before is None:
            return None
        return Step(Wording.of(self.annotation, self.annotation.sources.all()), before, is_current=True)


@dataclass(frozen=True)
class WaitingLine:
    """A line that readers see when a moderator lets it stand, with what it stands beside."""

    line: Line
    # Of a remark and of a copy: of which source.
    source: Source | None
    # Why this moderator may not decide about it; empty where they may.
    partiality: str = ""


@dataclass(frozen=True)
class Sums:
    """How much waits, of each sort."""

    held: int
    reported: int
    appealed: int
    lines: int

    def __bool__(self) -> bool:
        return any((self.held, self.reported, self.appealed, self.lines))


class ArticleLine(NamedTuple):
    """An article on which something waits, and how much."""

    slug: str
    title: str
    number: int


def queue(choice: Choice, *, by: User, page: str = "1") -> Page[Item]:
    """Give a page of what waits, with all there is to judge it by."""
    shown = Paginator(_chosen(choice), PAGE_LENGTH).get_page(page)
    return Page(_items(list(shown), by), shown.number, cast("Paginator[Item]", shown.paginator))


def item(pk: int, *, by: User) -> Item:
    """Give one annotation as the queue shows it, whether it waits or not. Raises Annotation.DoesNotExist."""
    [found] = _items([_counted().get(pk=pk)], by)
    return found


def lines(choice: Choice, *, by: User) -> Sequence[WaitingLine]:
    """Give the lines that wait, those that wait longest first, as many as are shown at once."""
    found: list[Line] = []
    for model in vetting.KINDS.values():
        held = model.objects.held().with_all()
        on_article = {f"{model.stands_beside}__article__slug": choice.article} if choice.article else {}
        found += held.filter(**on_article)[:MOST_LINES]
    return _lines(sorted(found, key=lambda each: each.held_id or 0)[:MOST_LINES], by)


def line(kind: str, pk: int, *, by: User) -> WaitingLine | None:
    """Give one line as the queue shows it, whether it waits or not; None where there is none."""
    found = vetting.KINDS[kind].objects.with_all().filter(pk=pk).first() if kind in vetting.KINDS else None
    return _lines([found], by)[0] if found and found.line else None


def following_line(waits: WaitingLine, choice: Choice, *, by: User) -> WaitingLine | None:
    """Give the line that comes after one in the queue; None at its end."""
    order = lines(choice, by=by)
    place = next((number for number, each in enumerate(order) if each.line == waits.line), len(order))
    return next(iter(order[place + 1 :]), None)


def after(pk: int, choice: Choice) -> tuple[int | None, int]:
    """Give what comes after an annotation in the queue, None at its end, and the page that it will be on then."""
    order = list(_chosen(choice).values_list("pk", flat=True))
    if pk not in order:
        return (order[0] if order else None), 1
    place = order.index(pk)
    following = order[place + 1 : place + 2]
    return (following[0] if following else None), place // PAGE_LENGTH + 1


def sums() -> Sums:
    """Count what waits."""
    waiting = _waiting()
    return Sums(
        **waiting.aggregate(
            held=Count("pk", filter=Q(state=State.PENDING)),
            reported=Count("pk", filter=Q(is_reported=True)),
            appealed=Count("pk", filter=Q(is_appealed=True)),
        ),
        lines=line_count(),
    )


def line_count() -> int:
    """Count the lines that wait."""
    restated, *others = (model.objects.held().order_by().values("held") for model in vetting.KINDS.values())
    return restated.union(*others, all=True).count()


def articles() -> Sequence[ArticleLine]:
    """Give the articles on which something waits, those with most first."""
    first, *others = (_by_article(model.objects.held(), f"{model.stands_beside}__") for model in vetting.KINDS.values())
    numbers: Counter[tuple[str, str]] = Counter()
    for slug, title, number in [*_by_article(_waiting()), *first.union(*others, all=True)]:
        numbers[slug, title] += number
    return [ArticleLine(*key, number) for key, number in sorted(numbers.items(), key=lambda each: (-each[1], each[0]))]


def _by_article(found: QuerySet[Any], beside: str = "") -> QuerySet[Any, tuple[str, str, int]]:
    """Count what was found on each article; `beside` is the way from it to its annotation."""
    columns = f"{beside}article__slug", f"{beside}article__current_revision__title"
    counted: QuerySet[Any, tuple[str, str, int]] = found.order_by().values_list(*columns).annotate(number=Count("pk"))
    return counted


def _waiting() -> AnnotationQuerySet:
    """Keep what waits: what is held, what is reported, and what its writer appeals about."""
    flags = Flag.objects.open().filter(annotation=OuterRef("pk")).order_by()
    appeals = Appeal.objects.open().filter(annotation=OuterRef("pk"))
    marked = Annotation.objects.annotate(is_reported=Exists(flags), is_appealed=Exists(appeals))
    return marked.filter(Q(state=State.PENDING) | Q(is_reported=True) | Q(is_appealed=True))


def _counted(annotations: AnnotationQuerySet | None = None) -> AnnotationQuerySet:
    """Add how many reports wait, and since when it waits."""
    flags = Flag.objects.open().filter(annotation=OuterRef("pk")).order_by().values("annotation")
    held = ModerationEntry.objects.filter(annotation=OuterRef("pk"), to_state=State.PENDING).order_by("-pk")
    appeals = Appeal.objects.open().filter(annotation=OuterRef("pk"))
    moments = (
        flags.annotate(first=Min("created_at")).values("first"),
        appeals.values("created_at"),
        held.values("created_at")[:1],
    )
    since = [Subquery(moment, output_field=DateTimeField()) for moment in moments]
    number = Subquery(flags.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    found = Annotation.objects.all() if annotations is None else annotations
    return (
        found.annotate(report_count=Coalesce(number, 0), waits_since=Coalesce(*since, "created_at"))
        .select_related("creator", "article__current_revision", "root", "parent", "appeal__entry__moderator")
        .defer("article__current_revision__text", "article__current_revision__changes")
    )


def _chosen(choice: Choice) -> AnnotationQuerySet:
    chosen = _counted(_waiting()).order_by(*_ORDERED_BY[choice.order])
    return chosen.filter(article__slug=choice.article) if choice.article else chosen


def _items(annotations: Sequence[Annotation], by: User) -> list[Item]:
    entries = Prefetch("moderation_entries", ModerationEntry.objects.select_related("moderator"))
    flags = Prefetch("flags", Flag.objects.select_related("creator", "settled_by").order_by("pk"))
    prefetch_related_objects(annotations, entries, flags, "sources", "wordings")
    excerpts, pasts, citing = passages.excerpts_of(annotations), _pasts(annotations), _citing(annotations)
    own = _threads_of(by, annotations)
    return [
        Item(
            annotation=each,
            flags=list(each.flags.all()),
            entries=list(each.moderation_entries.all()),
            appeal=_appeal(each),
            excerpts=excerpts[each.pk],
            past=pasts[each.creator_id],
            citing=citing[each.pk],
            partiality=_partiality(each, own, by),
        )
        for each in annotations
    ]


def _lines(found: Sequence[Line], by: User) -> list[WaitingLine]:
    own = _threads_of(by, [each.beside for each in found])
    return [WaitingLine(each, getattr(each, "source", None), _partiality_to(each, own, by)) for each in found]


def _partiality_to(line: Line, own: set[int], by: User) -> str:
    if line.writer == by:
        return vetting.OWN_LINE
    return moderating.OWN_THREAD if (line.beside.root_id or line.beside.pk) in own else ""


def _appeal(annotation: Annotation) -> Appeal | None:
    """Give the appeal that waits; who sent it again meanwhile still asks that another moderator looks at it."""
    appeal: Appeal | None = getattr(annotation, "appeal", None)
    is_asked = annotation.is_taken_down or annotation.is_pending
    return appeal if appeal and appeal.answered_by_id is None and is_asked else None


def _pasts(annotations: Sequence[Annotation]) -> Mapping[int, Past]:
    """Give what is known of each writer, by their id."""
    writers = {each.creator_id for each in annotations}
    written = Annotation.objects.filter(creator__in=writers).order_by().values_list("creator", "state")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for creator, state, number in written.annotate(number=Count("pk")):
        counts[creator][state] = number
    suspensions: dict[int, list[Suspension]] = defaultdict(list)
    for suspension in Suspension.objects.in_force().filter(reader__in=writers):
        suspensions[suspension.reader_id].append(suspension)
    return {writer: Past(counts[writer], suspensions[writer]) for writer in writers}


def _citing(annotations: Sequence[Annotation]) -> Mapping[int, Sequence[Citing]]:
    """Give of each annotation, by its id, how often others cite the sites that it links to."""
    linked = {each.pk: sorted(holding.sites(_urls(each))) for each in annotations}
    names = sorted({name for sites in linked.values() for name in sites})
    mentions = reduce(or_, (Q(document__canonical_url__contains=name) for name in names), Q(pk__in=()))
    columns = "annotation_id", "annotation__state", "document__canonical_url"
    found = list(Source.objects.filter(mentions).order_by("-pk").values_list(*columns)[: _MOST_CITING + 1])
    others: dict[str, dict[int, str]] = defaultdict(dict)
    for annotation, state, url in found[:_MOST_CITING]:
        others[addresses.site(url)][annotation] = state
    is_cut = len(found) > _MOST_CITING
    return {pk: [_counted_citing(name, others[name], pk, is_cut=is_cut) for name in linked[pk]] for pk in linked}


def _urls(annotation: Annotation) -> Sequence[str]:
    return [*(source.url for source in annotation.sources.all()), *markdown.links(annotation.body)]


def _counted_citing(name: str, others: Mapping[int, str], pk: int, *, is_cut: bool) -> Citing:
    standing = Counter(state for annotation, state in others.items() if annotation != pk)
    taken_down = sum(number for state, number in standing.items() if state in states.APPEALABLE)
    return Citing(name, standing.total(), taken_down, is_cut)


def _threads_of(by: User, annotations: Sequence[Annotation]) -> set[int]:
    """Give the heads of those threads in which somebody writes themselves."""
    heads = {each.root_id or each.pk for each in annotations}
    own = Annotation.objects.by(by).filter(Q(pk__in=heads) | Q(root__in=heads))
    return {root or pk for root, pk in own.values_list("root", "pk")}


def _partiality(annotation: Annotation, own: set[int], by: User) -> str:
    if (annotation.root_id or annotation.pk) in own:
        return moderating.OWN_THREAD
    appeal = _appeal(annotation)
    if appeal and appeal.entry.moderator_id == by.pk:
        return moderating.OWN_DECISION
    return ""


def _in_force(annotation: Annotation, kept: Sequence[Wording], decision: ModerationEntry | None) -> Wording | None:
    """Give the earlier wording that a moderator decided about, or the first; None where what stands was in force."""
    if decision is None or not kept:
        return kept[0] if kept else None
    if annotation.written_at <= decision.created_at:
        return None
    before = [each for each in kept if each.written_at <= decision.created_at]
    return before[-1] if before else kept[0]
