"""What an annotation said before its writer edited it: each wording, and what it changed of the one before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.core.paginator import Page, Paginator

from annotations import addresses
from annotations.models import Annotation, Source, Wording
from reader.text.comparison import MOST_COMPARED, Piece, compare

# Wordings on one page; the rest are a link away.
PAGE_LENGTH = 20


@dataclass(frozen=True)
class Difference:
    """One thing that two wordings say otherwise, by its name."""

    label: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class SourceChange:
    """What became of one source: "new", "gone", or "changed" with its differences."""

    fate: str
    source: Source
    differences: Sequence[Difference] = ()


@dataclass(frozen=True)
class Step:
    """One wording of an annotation, and the one that it replaced; None where that was not kept, or was never."""

    wording: Wording
    before: Wording | None
    is_current: bool

    @property
    def is_first(self) -> bool:
        return self.wording.version == 1

    @property
    def has_other_words(self) -> bool:
        return self.before is not None and self.before.body != self.wording.body

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """Give the words before and after, compared; none where they are the same, or too long to be compared."""
        if self.before is None or not self.has_other_words:
            return ()
        then, now = self.before.body, self.wording.body
        return compare(then, now) if max(len(then), len(now)) <= MOST_COMPARED else ()

    @cached_property
    def differences(self) -> Sequence[Difference]:
        """Give what else is said otherwise, but for the sources."""
        if self.before is None:
            return ()
        then, now = self.before, self.wording
        return _differences(
            ("What is wrong with the words", then.get_grounds_display(), now.get_grounds_display()),
            ("Would change my mind", then.would_change_my_mind, now.would_change_my_mind),
        )

    @cached_property
    def source_changes(self) -> Sequence[SourceChange]:
        """Give what became of the sources. One is known again by its address."""
        return list(_source_changes(self.before.cited, self.wording.cited)) if self.before else ()


@dataclass(frozen=True)
class History:
    """The wordings of one annotation, the newest first, a page of them."""

    steps: "Page[Step]"
    # How many are known, the one that stands included.
    number: int
    # Whether it was edited at a time when earlier wordings were not kept.
    is_cut: bool


def of(annotation: Annotation, *, page: str = "1") -> History:
    """Give an annotation's wordings. It costs the same whatever their number."""
    kept = annotation.wordings.order_by("-version")
    number = kept.count() + 1
    shown = Paginator(range(number), PAGE_LENGTH).get_page(page)
    # The newest is the annotation as it stands, so that the kept ones begin at place 1.
    start, end = shown.start_index() - 1, shown.end_index()
    wordings = list(kept[max(start - 1, 0) : end])
    if start == 0:
        wordings.insert(0, Wording.of(annotation, annotation.sources.all()))
    before: list[Wording | None] = [*wordings[1:], None]
    steps = [
        Step(wording, earlier, is_current=wording.pk is None)
        for wording, earlier in zip(wordings[: end - start], before, strict=False)
    ]
    oldest = kept.last()
    is_cut = (oldest.version if oldest else annotation.version) > 1
    return History(Page(steps, shown.number, cast("Paginator[Step]", shown.paginator)), number, is_cut)


def _differences(*compared: tuple[str, str, str]) -> list[Difference]:
    return [Difference(label, compare(then, now)) for label, then, now in compared if then != now]


def _source_changes(then: Sequence[Source], now: Sequence[Source]) -> Iterator[SourceChange]:
    earlier = {addresses.canonical(source.url): source for source in then}
    for source in now:
        before = earlier.pop(addresses.canonical(source.url), None)
        if before is None:
            yield SourceChange("new", source)
        elif differences := _told(before, source):
            yield SourceChange("changed", source, differences)
    for source in earlier.values():
        yield SourceChange("gone", source)


def _told(then: Source, now: Source) -> list[Difference]:
    days = [source.published_on.isoformat() if source.published_on else "" for source in (then, now)]
    return _differences(
        ("Address", then.url, now.url),
        ("What it does for the words", then.get_stance_display(), now.get_stance_display()),
        ("Title", then.title, now.title),
        ("Publisher", then.publisher, now.publisher),
        ("Date", days[0], days[1]),
        ("Where in it", then.locator, now.locator),
        ("Quoted", then.excerpt, now.excerpt),
    )
