"""An article's disagreements together: which are open and which settled, and which of its revisions corrected them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count as CountOf
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from annotations import placing, resolving, whereabouts
from annotations.models import Annotation, Resolution
from annotations.models.annotations import AnnotationQuerySet
from annotations.resolving import Resolved
from annotations.whereabouts import Whereabouts
from reader import history
from reader.models import Article

DISPUTES_ON_A_PAGE = 30
# Of the disagreements behind one correction, so many are named; the rest are a number.
MOST_BEHIND_ONE = 10


@dataclass(frozen=True)
class Dispute:
    """One disagreement with what has become of its words and what an editor did about it."""

    annotation: Annotation
    whereabouts: Whereabouts | None
    resolution: Resolved | None


@dataclass(frozen=True)
class Count:
    """How many published disagreements an article has."""

    open: int
    settled: int

    @property
    def total(self) -> int:
        return self.open + self.settled


@dataclass(frozen=True)
class Disputes:
    """A page of an article's disagreements, and how many there are."""

    page: Page[Annotation]
    entries: Sequence[Dispute]
    # Which are shown: "open", "settled", or all where it is empty.
    state: str
    count: Count


@dataclass(frozen=True)
class Correction(history.Correction):
    """A revision in the list of them, with the disagreements that it corrected, as editors say."""

    # Each with its disagreement, the oldest first.
    behind: Sequence[Resolution] = ()
    # How many more than those there are.
    more: int = 0


def on(article: Article, *, state: str = "", page: str = "1") -> Disputes:
    """Give a page of the disagreements with an article, the open ones first and the newest first among them."""
    found = _on(article)
    state = state if state in {"open", "settled"} else ""
    if state:
        found = found.filter(is_settled=state == "settled")
    shown = Paginator(
        found.with_creator().select_related("article").order_by("is_settled", "-pk"), DISPUTES_ON_A_PAGE
    ).get_page(page)
    annotations = list(shown.object_list)
    places, resolved = whereabouts.of(annotations), resolving.of(annotations)
    entries = [Dispute(each, places.get(each.pk), resolved.get(each.pk)) for each in annotations]
    return Disputes(shown, entries, state, count(article))


def count(article: Article) -> Count:
    """Give how many disagreements with the article are open, and how many settled."""
    is_settled = Q(is_settled=True)
    return Count(
        **_on(article).aggregate(open=CountOf("pk", filter=~is_settled), settled=CountOf("pk", filter=is_settled))
    )


def open_on(article: Article) -> set[int]:
    """Give the disagreements with the article that are open, by their ids."""
    return set(_on(article).filter(is_settled=False).order_by().values_list("pk", flat=True))


def corrections(article: Article) -> list[Correction]:
    """Give every revision of the article, the newest first, each with the published disagreements that it corrected."""
    behind = _behind(article)
    return [_correction(found, behind.get(found.revision.pk, ())) for found in history.corrections(article)]


def suggestion(annotation: Annotation) -> dict[str, object]:
    """Give what an editor's form begins with: the resolution in force as it was seen, and the likely correction.

    That is the revision which edited or removed the words, or else the newest.
    """
    standing = resolving.in_force(annotation)
    anchor = placing.anchor_in(annotation, annotation.article.current_revision_id)
    edited = (anchor.removed_in or anchor.edited_in) if anchor else None
    later = [revision.number for revision in resolving.corrections(annotation)]
    likely = edited if edited in later else next(iter(later), None)
    return {
        "seen": standing.pk if standing else "",
        "outcome": Resolution.Outcome.CORRECTED if edited in later else "",
        "revision": likely,
    }


def _on(article: Article) -> AnnotationQuerySet:
    return Annotation.objects.published().on(article).filter(kind=Annotation.Kind.DISAGREEMENT)


def _correction(found: history.Correction, behind: Sequence[Resolution]) -> Correction:
    more = vars(behind[0])["number"] - len(behind) if behind else 0
    return Correction(found.revision, found.before, behind, more)


def _behind(article: Article) -> Mapping[int, Sequence[Resolution]]:
    """Give the first few resolutions that name each revision, by its id, where they are in force."""
    later = Resolution.objects.filter(annotation=OuterRef("annotation"), pk__gt=OuterRef("pk"))
    corrected = Resolution.objects.filter(
        ~Exists(later),
        outcome=Resolution.Outcome.CORRECTED,
        annotation__article=article,
        annotation__state=Annotation.State.PUBLISHED,
    )
    named = corrected.annotate(
        rank=Window(RowNumber(), partition_by=F("revision"), order_by=F("annotation").asc()),
        number=Window(CountOf("*"), partition_by=F("revision")),
    ).filter(rank__lte=MOST_BEHIND_ONE)
    # Their bodies are not shown, and may be long.
    shown = named.select_related("annotation__creator").defer("annotation__body", "annotation__body_html")
    found: dict[int, list[Resolution]] = defaultdict(list)
    for resolution in shown.order_by("annotation"):
        assert resolution.revision_id is not None  # noqa: S101  (a constraint says so)
        found[resolution.revision_id].append(resolution)
    return found
