"""The works that the notes cite: each document once, and what each note says about it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.text import Truncator

from annotations import signs
from annotations.edition.pieces import Citation, Work, runs
from annotations.models import Source

_TITLE_LENGTH = 90


def works(cited: Sequence[Source], numbers: Mapping[int, int]) -> list[Work]:
    """Give every document once, by publisher and title; `numbers` are those of the notes, by annotation."""
    by_address: dict[str, list[Source]] = defaultdict(list)
    for source in cited:
        by_address[source.canonical_url].append(source)
    known = sorted(((_known(sources), sources) for sources in by_address.values()), key=lambda pair: pair[0].order)
    return [
        Work(
            number=number,
            url=work.url,
            title=work.title,
            publisher=work.publisher,
            published_on=work.published_on,
            stances=_stances(sources),
            notes=runs(numbers[source.annotation_id] for source in sources),
        )
        for number, (work, sources) in enumerate(known, start=1)
    ]


def citations(cited: Sequence[Source], works: Sequence[Work]) -> dict[int, list[Citation]]:
    """Give what each annotation says about the works, by the annotation."""
    numbers = {work.url: work.number for work in works}
    found: dict[int, list[Citation]] = defaultdict(list)
    for source in cited:
        found[source.annotation_id].append(
            Citation(
                work=numbers[source.canonical_url],
                sign=signs.SIGNS[source.stance],
                url=source.url,
                title=Truncator(source.title or source.url).chars(_TITLE_LENGTH),
                locator=source.locator,
                excerpt=source.excerpt,
            )
        )
    return found


class _Known(NamedTuple):
    """What is known of a document from all who cite it."""

    url: str
    title: str
    publisher: str
    published_on: date | None

    @property
    def order(self) -> tuple[str, str, str]:
        title = self.title or self.url
        return (self.publisher or title).casefold(), title.casefold(), self.url


def _known(sources: Sequence[Source]) -> _Known:
    """Give each fact as the first has it who says it."""
    return _Known(
        url=sources[0].canonical_url,
        title=next((source.title for source in sources if source.title), ""),
        publisher=next((source.publisher for source in sources if source.publisher), ""),
        published_on=next((source.published_on for source in sources if source.published_on), None),
    )


def _stances(sources: Sequence[Source]) -> list[tuple[str, int]]:
    counted = Counter(source.stance for source in sources)
    return [(sign.word.lower(), counted[key]) for key, sign in signs.SIGNS.items() if counted[key]]
