"""The works that the notes cite: each document once, and what each note says about it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.utils.text import Truncator

from annotations import signs
from annotations.edition.pieces import Citation, Work, runs
from annotations.models import Source
from annotations.sourcing import Known, told_by

_TITLE_LENGTH = 90


def works(cited: Sequence[Source], numbers: Mapping[int, int]) -> list[Work]:
    """Give every document once, by publisher and title; `numbers` are those of the notes, by annotation."""
    by_address: dict[str, list[Source]] = defaultdict(list)
    for source in cited:
        by_address[source.document.canonical_url].append(source)
    known = sorted(
        ((url, told_by(sources), sources) for url, sources in by_address.items()), key=lambda work: _order(*work[:2])
    )
    return [
        Work(
            number=number,
            url=url,
            title=facts.title,
            publisher=facts.publisher,
            published_on=facts.published_on,
            stances=_stances(sources),
            notes=runs(numbers[source.annotation_id] for source in sources),
        )
        for number, (url, facts, sources) in enumerate(known, start=1)
    ]


def citations(cited: Sequence[Source], works: Sequence[Work]) -> dict[int, list[Citation]]:
    """Give what each annotation says about the works, by the annotation."""
    numbers = {work.url: work.number for work in works}
    found: dict[int, list[Citation]] = defaultdict(list)
    for source in cited:
        found[source.annotation_id].append(
            Citation(
                work=numbers[source.document.canonical_url],
                sign=signs.SIGNS[source.stance],
                url=source.url,
                title=Truncator(source.title or source.url).chars(_TITLE_LENGTH),
                locator=source.locator,
                excerpt=source.excerpt,
            )
        )
    return found


def _order(url: str, known: Known) -> tuple[str, str, str]:
    title = known.title or url
    return (known.publisher or title).casefold(), title.casefold(), url


def _stances(sources: Sequence[Source]) -> list[tuple[str, int]]:
    counted = Counter(source.stance for source in sources)
    return [(sign.word.lower(), counted[key]) for key, sign in signs.SIGNS.items() if counted[key]]
