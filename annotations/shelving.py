"""The order of the documents cited beside a text: what each is called, and under which heading it stands. Pure.

Citations go in. Documents that tell the same story count once, and are their first one's publisher's. Listed by what
they are cited for, by paragraph or by publisher, a story stands once under each heading that it belongs under, there
with the citations it has there. What is about words that are gone stands last and counts for nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from annotations import addresses
from annotations.signs import SIGNS, Sign
from reader.text import naming

# The ways to list them, the one that is shown unasked first.
STANCE, PARAGRAPH, PUBLISHER = "stance", "paragraph", "publisher"
WAYS = (STANCE, PARAGRAPH, PUBLISHER)

# From so many sources on a side it is told that most of them are one publisher's: of one or two it says nothing.
TOLD_FROM = 3

# As sides are listed, and what a source on each is called.
_SIDES = {"supports": "for", "contradicts": "against", "context": "for context"}
# The headings of what has no paragraph. With a space before them they are nobody's name.
_WHOLE, _GONE = " whole", " gone"
# After every paragraph that a text may have.
_LAST = 2**31


class Row(NamedTuple):
    """One citation, with as much as decides where it stands."""

    source: int
    document: int
    story: int
    stance: str
    is_verified: bool
    # Of its words in the text, as Anchor has them; neither block nor place for the whole article and for gone words.
    status: str
    block: str | None
    position: int | None
    start: int | None
    # Of the document: its address in the one spelling, and what its reader says of it.
    url: str
    title: str
    publisher: str
    published_on: date | None

    @property
    def is_gone(self) -> bool:
        """Say whether the words that it is cited for are gone."""
        return self.status == "orphaned"

    @property
    def is_changed(self) -> bool:
        """Say whether they were edited since."""
        return self.status == "changed"


@dataclass(frozen=True)
class Name:
    """What a document is called: each fact as readers wrote it last; its site where nobody said who published it."""

    url: str
    title: str
    publisher: str
    published_on: date | None

    @property
    def label(self) -> str:
        """Give its title and who published it, in a line."""
        return f"{self.title} · {self.publisher}" if self.title else self.url


@dataclass(frozen=True)
class Share:
    """How many of the sources on one side one publisher stands behind."""

    publisher: str
    side: str
    number: int
    total: int

    @property
    def is_most(self) -> bool:
        """Say whether these are more than half, of so many that it tells something."""
        return self.total >= TOLD_FROM and 2 * self.number > self.total

    @property
    def words(self) -> str:
        """Give it in words: 9 of 11 sources against."""
        side = _SIDES[self.side]
        return f"the only source {side}" if self.total == 1 else f"{self.number} of {self.total} sources {side}"


@dataclass(frozen=True)
class Heading:
    """What stands above some stories, and how many they are."""

    key: str
    title: str
    number: int = 0
    # Of a side.
    sign: Sign | None = None
    # The paragraph's name.
    block: str = ""
    # What the publisher stands behind.
    shares: Sequence[Share] = ()


class Entry(NamedTuple):
    """One story under one heading: its citations there, by their documents, the first document first."""

    heading: str
    documents: Sequence[Sequence[Row]]


class Shelf:
    """Everything cited beside a text, listed in one of the ways."""

    def __init__(self, rows: Sequence[Row], by: str) -> None:
        self.rows, self.by = rows, by

    @cached_property
    def names(self) -> Mapping[int, Name]:
        """Give what each document is called."""
        return names(self.rows)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Give the stories under each heading in the order in which they are listed."""
        order = self._order()
        weigh = _by_place if self.by == PARAGRAPH else _by_weight
        return [
            Entry(key, _by_document(rows))
            for key in sorted(self._found, key=lambda key: (key == _GONE, order(key)))
            for rows in sorted(self._found[key].values(), key=weigh)
        ]

    @cached_property
    def shares(self) -> Mapping[str, Sequence[Share]]:
        """Give what each publisher stands behind, by its key."""
        found: dict[str, list[Share]] = defaultdict(list)
        for side in _SIDES:
            stories = {row.story for row in self.rows if row.stance == side and not row.is_gone}
            for key, number in Counter(self._publishers[story] for story in sorted(stories)).most_common():
                found[key].append(Share(self._spellings[key], side, number, len(stories)))
        return found

    @property
    def told(self) -> list[Share]:
        """Give where one publisher stands behind most of what is on a side."""
        return [share for shares in self.shares.values() for share in shares if share.is_most]

    def heading(self, key: str) -> Heading:
        """Give what stands above an entry."""
        return replace(self._heading(key), number=len(self._found[key]))

    def _heading(self, key: str) -> Heading:
        if key == _GONE:
            return Heading(key, "About words that are gone")
        if self.by == STANCE:
            return Heading(key, _SIDES[key].capitalize(), sign=SIGNS[key])
        if self.by == PUBLISHER:
            return Heading(key, self._spellings[key], shares=self.shares.get(key, ()))
        if key == _WHOLE:
            return Heading(key, "On the article as a whole")
        return Heading(key, naming.label(key), block=key)

    @cached_property
    def _found(self) -> Mapping[str, Mapping[int, Sequence[Row]]]:
        """Give the citations of each story under each heading."""
        found: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            found[self._key(row)][row.story].append(row)
        return found

    def _key(self, row: Row) -> str:
        if row.is_gone:
            return _GONE
        if self.by == STANCE:
            return row.stance
        return self._publishers[row.story] if self.by == PUBLISHER else row.block or _WHOLE

    def _order(self) -> Callable[[str], tuple[int, str]]:
        """Give what sorts headings: sides as they are told, publishers by their number, paragraphs by their place."""
        if self.by == PUBLISHER:
            return lambda key: (-len(self._found[key]), key)
        places = {side: place for place, side in enumerate(_SIDES)}
        if self.by == PARAGRAPH:
            places = {row.block: row.position for row in self.rows if row.block and row.position is not None}
        return lambda key: (places.get(key, _LAST), key)

    @cached_property
    def _publishers(self) -> Mapping[int, str]:
        """Give the key of who published each story: of its documents that are cited, the first."""
        first: dict[int, int] = {}
        for row in self.rows:
            first[row.story] = min(row.document, first.get(row.story, row.document))
        return {story: publisher_key(self.names[document].publisher) for story, document in first.items()}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Give the spelling of each publisher that most of its documents have, by its key."""
        spelled: dict[str, Counter[str]] = defaultdict(Counter)
        for name in self.names.values():
            spelled[publisher_key(name.publisher)][name.publisher] += 1
        return {key: spellings.most_common(1)[0][0] for key, spellings in spelled.items()}


def names(rows: Iterable[Row]) -> dict[int, Name]:
    """Give what each document is called, by its id, from citations in the order they were given."""
    cited: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        cited[row.document].append(row)
    return {document: _name(told[::-1]) for document, told in cited.items()}


def publisher_key(name: str) -> str:
    """Give what is the same for one publisher in other spellings: of case, of white space, or with "The" before it."""
    words = name.casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _name(newest_first: Sequence[Row]) -> Name:
    url = newest_first[0].url
    publisher = next((name for row in newest_first if (name := " ".join(row.publisher.split()))), "")
    return Name(
        url=url,
        title=next((row.title for row in newest_first if row.title), ""),
        publisher=publisher or addresses.site(url),
        published_on=next((row.published_on for row in newest_first if row.published_on), None),
    )


def _by_document(rows: Iterable[Row]) -> list[list[Row]]:
    """Part citations by their documents: of each what is verified first, and then as the text goes."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.document, not row.is_verified, row.start or 0, row.source)):
        found[row.document].append(row)
    return list(found.values())


def _by_weight(rows: Sequence[Row]) -> tuple[bool, int, int]:
    """Sort stories: verified ones first, then those that the most passages rest on, then the oldest."""
    return not any(row.is_verified for row in rows), -len(rows), rows[0].story


def _by_place(rows: Sequence[Row]) -> tuple[int, int]:
    """Sort stories as the text goes."""
    return min(row.start or 0 for row in rows), rows[0].story
