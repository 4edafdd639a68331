"""Write made-up articles, readers and annotations.

What `annotating` holds of one annotation holds of these: quotations agree with their places, bodies are rendered and
addresses made canonical by the same functions, and the article's activity rises. Reports and decisions go through
`moderating` itself. Everything is written in one transaction, so that a load is there whole or not at all.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from annotations import addresses, holding, markdown, moderating, prose, reporting
from annotations.models import Anchor, Annotation, Ask, Document, Rule, Source, SourceVerdict
from annotations.seeding.responding import Audience
from annotations.selectors import describe
from reader import publishing, usernames
from reader.models import Article, Name, Paragraph, Revision, User
from reader.models.names import key_of
from reader.text.blocks import Block
from reader.text.blocks import Document as Written
from reader.text.spans import Span

Kind = Annotation.Kind
Target = Annotation.Target

# Written at once, and told about: large enough to be quick, small enough to see it move.
_BATCH = 4_000
# Remarks of a kind, and documents: rendering each takes longer than writing a hundred rows.
_REMARKS = 600
_DOCUMENTS = 900

_HEADS = {Kind.NOTE: 40, Kind.SOURCE: 32, Kind.DISAGREEMENT: 16, Kind.QUESTION: 12}
# How often an annotation of a kind cites something.
_CITES = {Kind.NOTE: 0.15, Kind.SOURCE: 1.0, Kind.DISAGREEMENT: 0.4, Kind.QUESTION: 0.0}
# Of a batch: answers to what stands, and answers to those among others.
_ANSWERS = (0.16, 0.06)
_WITHDRAWN = 0.02
_EDITED = 0.04
_REPORTED = 0.01
_WORD = re.compile(r"\S+")


class SeedingError(ValueError):
    """A load that cannot be made, with a sentence for the person who asked for it."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is made: paragraphs of each article, everything else in all."""

    articles: int
    paragraphs: int
    annotations: int
    readers: int
    ratings: int = 0


def fill(size: Size, *, seed: int, tell: Callable[[str], object] = lambda _line: None) -> list[Article]:
    """Make a load of this size and give its articles. Another seed adds another load; `tell` hears how far it is.

    Raises SeedingError when this seed's load is there already.
    """
    random = Random(seed)  # noqa: S311  (plausible, not secret)
    with transaction.atomic():
        people = _people(size.readers, seed)
        tell(f"Readers: {size.readers:,}")
        articles = [
            _publish(random, size.paragraphs, f"load-{seed}-{number}") for number in range(1, size.articles + 1)
        ]
        tell(f"Articles: {size.articles:,}")
        shelf = _Shelf(random)
        audience = Audience(random, people.readers, people.moderator)
        done = rated = 0
        shares = _shares(size.annotations, size.articles), _shares(size.ratings, size.articles)
        for article, share, ratings in zip(articles, *shares, strict=True):
            desk = _Desk(random, people, shelf, audience, article)
            for number in _batches(share):
                desk.write(number)
                done += number
                tell(f"Annotations: {done:,} of {size.annotations:,}")
            if ratings:
                rated += desk.rate(ratings)
                tell(f"Ratings: {rated:,} of {size.ratings:,}")
        # Their decisions stand; an account that nobody owns keeps no power.
        people.moderator.groups.clear()
        _take_stock()
    return articles


def _take_stock() -> None:
    """Let PostgreSQL count what it has now. By itself it does so after a minute, and plans badly until then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@dataclass(frozen=True)
class _People:
    readers: Sequence[User]
    moderator: User


def _people(number: int, seed: int) -> _People:
    """Make the accounts. Nobody can sign in to them, and their names begin as no person's may."""
    names = [f"{usernames.SAMPLE}-load-{seed}-{reader}" for reader in range(1, number + 1)]
    if User.objects.filter(username=names[0]).exists():
        raise SeedingError(f"The load of seed {seed} is here already; another --seed adds another one.")
    password = make_password(None)
    readers = User.objects.bulk_create(
        (
            User(username=name, username_skeleton=usernames.skeleton(name), password=password, is_sample=True)
            for name in names
        ),
        batch_size=_BATCH,
    )
    borne = (Name(key=key_of(reader.username), username=reader.username, reader=reader) for reader in readers)
    Name.objects.bulk_create(borne, batch_size=_BATCH)
    moderator = User.objects.create_user(f"{usernames.SAMPLE}-load-{seed}-moderator", is_sample=True)
    moderator.groups.add(Group.objects.get(name="Moderators"))
    return _People(readers, moderator)


def _publish(random: Random, paragraphs: int, slug: str) -> Article:
    blocks: list[Block] = []
    for number in range(paragraphs):
        if number and number % 7 == 0:
            blocks.append(Block(Paragraph.Kind.HEADING, prose.title(random)))
        kind = random.choices((Paragraph.Kind.PARAGRAPH, Paragraph.Kind.QUOTE), (12, 1))[0]
        blocks.append(Block(kind, prose.paragraph(random)))
    document = Written(
        title=prose.title(random),
        kicker="Made up",
        byline="Nobody in Particular",
        author_note="Nobody wrote this. Its sentences were drawn by lot, to try this site at size.",
        blocks=tuple(blocks),
        dropped=(),
    )
    return publishing.publish(document, slug=slug, publisher="No Publisher", original_url=f"https://example.org/{slug}")


class _Shelf:
    """What readers say and cite, made once and drawn from often."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._remarks: dict[str, list[dict[str, str]]] = {}
        self._documents = [_document(random) for _ in range(_DOCUMENTS)]
        self._rows: dict[tuple[int, str], Document] = {}

    def remark(self, kind: str) -> dict[str, str]:
        """Give the fields of an annotation that hold what it says."""
        remarks = self._remarks.setdefault(kind, [])
        if len(remarks) < _REMARKS:
            body = prose.remark(self._random, kind)
            remarks.append({"body": body, "body_html": markdown.render(body), "gist": markdown.gist(body)})
            return remarks[-1]
        return self._random.choice(remarks)

    def sources(self, annotation: Annotation) -> list[Source]:
        """Give what the annotation cites."""
        if self._random.random() >= _CITES[Kind(annotation.kind)]:
            return []
        number = 2 if self._random.random() < 0.1 else 1
        return [self._source(annotation) for _ in range(number)]

    def _source(self, annotation: Annotation) -> Source:
        stance = self._random.choices(Source.Stance.values, (5, 3, 4))[0]
        page = self._random.randint(1, 90)
        said = dict(self._random.choice(self._documents))
        document = self._row(annotation.article, str(said.pop("canonical_url")))
        return Source(annotation=annotation, document=document, stance=stance, locator=f"page {page}", **said)

    def _row(self, article: Article, canonical_url: str) -> Document:
        """Give the article's row for a document; those made by the way are saved by `shelve`."""
        key = article.pk, canonical_url
        if key not in self._rows:
            self._rows[key] = Document(article=article, canonical_url=canonical_url)
        return self._rows[key]

    def shelve(self) -> None:
        """Save the rows of documents that are not saved yet."""
        Document.objects.bulk_create([row for row in self._rows.values() if row.pk is None], batch_size=_BATCH)


def _document(random: Random) -> dict[str, object]:
    host = random.choice(("archive.example.org", "statistics.example.net", "www.example.com"))
    published_on = date(1990, 1, 1) + timedelta(days=random.randrange(12_000))
    tail = random.choice(("", "", "?utm_source=letter", "?page=2", "#summary"))
    url = f"https://{host}/{published_on:%Y/%m}/report-{random.randrange(10_000)}{tail}"
    return {
        "url": url,
        "canonical_url": addresses.canonical(url),
        "title": prose.title(random),
        "publisher": "No Publisher",
        "published_on": published_on,
        "excerpt": prose.remark(random, Kind.NOTE) if random.random() < 0.3 else "",
    }


class _Desk:
    """Where one article's annotations are written."""

    def __init__(self, random: Random, people: _People, shelf: _Shelf, audience: Audience, article: Article) -> None:
        assert article.current_revision is not None  # noqa: S101  (just published)
        self._random = random
        self._people = people
        self._shelf = shelf
        self._audience = audience
        self._article = article
        self._passages = _Passages(random, article.current_revision)
        self._standing: list[Annotation] = []

    def write(self, number: int) -> None:
        """Write so many annotations: heads of threads, then answers, then what becomes of some of them."""
        answers = [int(number * share) for share in _ANSWERS]
        fresh = self._heads(number - sum(answers))
        for count in answers:
            fresh += self._answers(count)
        self._moderate(fresh)
        self._withdraw(fresh)
        self._standing = [annotation for annotation in self._standing if annotation.is_published]
        self._audience.respond([annotation for annotation in fresh if annotation.is_published])
        self._article.touch()

    def rate(self, number: int) -> int:
        """Let readers rate what stands, so many times in all, and give how many times they did."""
        return self._audience.rate(self._standing, number)

    def _heads(self, number: int) -> list[Annotation]:
        kinds = self._random.choices(list(_HEADS), list(_HEADS.values()), k=number)
        heads = [self._head(kind) for kind in kinds]
        anchors = [self._aim(head) for head in heads]
        sources = [source for head in heads for source in self._cite(head)]
        Annotation.objects.bulk_create(heads)
        Anchor.objects.bulk_create(anchors)
        Ask.objects.bulk_create(
            [Ask(question=head, reader=head.creator) for head in heads if head.kind == Kind.QUESTION]
        )
        self._shelf.shelve()
        found = self._audience.open(sources)
        Source.objects.bulk_create(sources)
        SourceVerdict.objects.bulk_create(found)
        self._standing += heads
        return heads

    def _answers(self, number: int) -> list[Annotation]:
        answers = [self._answer(self._random.choice(self._standing)) for _ in range(number)]
        Annotation.objects.bulk_create(answers)
        self._standing += answers
        return answers

    def _head(self, kind: Kind) -> Annotation:
        annotation = self._draft(kind)
        if kind == Kind.DISAGREEMENT:
            annotation.grounds = self._random.choice(Annotation.Grounds.values)
            if self._random.random() < 0.5:
                annotation.would_change_my_mind = "A count by somebody else that comes to the same figure."
        return annotation

    def _answer(self, parent: Annotation) -> Annotation:
        annotation = self._draft(Kind.REPLY)
        annotation.target = Target.ANNOTATION
        annotation.parent, annotation.root = parent, parent.root or parent
        return annotation

    def _draft(self, kind: Kind) -> Annotation:
        is_edited = self._random.random() < _EDITED
        return Annotation(
            article=self._article,
            revision=self._passages.revision,
            creator=self._random.choice(self._people.readers),
            kind=kind,
            sign=kind,
            token=uuid.UUID(int=self._random.getrandbits(128), version=4),
            lot=self._random.getrandbits(31),
            version=2 if is_edited else 1,
            edited_at=timezone.now() if is_edited else None,
            **self._shelf.remark(kind),
        )

    def _aim(self, head: Annotation) -> Anchor:
        """Write a place into the annotation and give its anchor."""
        head.target, span = self._passages.draw()
        anchor = Anchor(annotation=head, revision=head.revision)
        if span:
            anchor.start, anchor.end = head.start, head.end = span
            anchor.paragraph = self._passages.paragraph_at(span)
            head.exact, head.prefix, head.suffix = describe(head.revision.text, span)
        return anchor

    def _cite(self, head: Annotation) -> list[Source]:
        sources = self._shelf.sources(head)
        if head.kind == Kind.SOURCE:
            head.sign = sources[0].stance
        return sources

    def _moderate(self, fresh: Sequence[Annotation]) -> None:
        """Let readers report some, and the moderator answer most of those reports."""
        for annotation in self._some(fresh, _REPORTED):
            reporters = [reader for reader in self._readers(3) if not annotation.is_by(reader)]
            for reporter in reporters:
                reporting.report(annotation=annotation, by=reporter, reason=self._random.choice(Rule.values))
            if reporters:
                self._decide(annotation)

    def _decide(self, annotation: Annotation) -> None:
        by = self._people.moderator
        match self._random.choice(("wait", "hold", "keep", "hide", "hide", "restore", "deny", "spam", "remove")):
            case "hold":
                with transaction.atomic():
                    holding.hold(annotation, "3 reports")
            case "keep":
                moderating.keep(annotation=annotation, by=by, reason="Sharp, but about the words.")
            case "hide":
                moderating.hide(annotation=annotation, by=by, rule=Rule.OFF_TOPIC, reason="Not about these words.")
            case "restore":
                moderating.hide(annotation=annotation, by=by, rule=Rule.PRIVATE, reason="Names a private person.")
                moderating.restore(annotation=annotation, by=by, reason="The name was published before.")
            case "deny":
                moderating.deny(annotation=annotation, by=by, rule=Rule.DUPLICATE, reason="This was said before.")
            case "spam":
                moderating.mark_spam(annotation=annotation, by=by)
            case "remove":
                moderating.remove(annotation=annotation, by=by, rule=Rule.LEGAL, reason="Its author asked for that.")

    def _withdraw(self, fresh: Sequence[Annotation]) -> None:
        withdrawn = [annotation for annotation in self._some(fresh, _WITHDRAWN) if annotation.is_published]
        for annotation in withdrawn:
            annotation.state = Annotation.State.WITHDRAWN
        Annotation.objects.bulk_update(withdrawn, ["state"])

    def _some(self, annotations: Sequence[Annotation], share: float) -> list[Annotation]:
        return [annotation for annotation in annotations if self._random.random() < share]

    def _readers(self, most: int) -> list[User]:
        readers = self._people.readers
        return self._random.sample(readers, min(len(readers), self._random.randint(1, most)))


class _Passages:
    """Places in a text, drawn as readers choose them: some paragraphs are much more disputed than others."""

    def __init__(self, random: Random, revision: Revision) -> None:
        self.revision = revision
        self._random = random
        self._paragraphs = list(revision.paragraphs.all())
        self._interest = list(accumulate(random.expovariate(1) + 0.1 for _ in self._paragraphs))
        self._words = [[_words(revision, sentence) for sentence in block.sentence_spans] for block in self._paragraphs]

    def draw(self) -> tuple[str, Span | None]:
        """Give a target and its place."""
        index = self._random.choices(range(len(self._paragraphs)), cum_weights=self._interest)[0]
        match self._random.choices(("words", "sentence", "across", "paragraph", "article"), (50, 22, 8, 14, 6))[0]:
            case "article":
                return Target.ARTICLE, None
            case "paragraph":
                return Target.PARAGRAPH, self._paragraphs[index].span
            case "sentence":
                return Target.PASSAGE, self._random.choice(self._paragraphs[index].sentence_spans)
            case "across" if index + 1 < len(self._paragraphs):
                return Target.PASSAGE, self._across(index)
        return Target.PASSAGE, self._within(index)

    def paragraph_at(self, span: Span) -> Paragraph:
        """Give the block in which the span begins."""
        return next(block for block in self._paragraphs if block.span.overlaps(span))

    def _within(self, index: int) -> Span:
        words = self._random.choice(self._words[index])
        first = self._random.randrange(len(words))
        last = min(len(words) - 1, first + self._random.randint(0, 9))
        return Span(words[first].start, words[last].end)

    def _across(self, index: int) -> Span:
        first, last = self._random.choice(self._words[index][-1]), self._random.choice(self._words[index + 1][0])
        return Span(first.start, last.end)


def _words(revision: Revision, sentence: Span) -> list[Span]:
    return [Span(*word.span()).shifted(sentence.start) for word in _WORD.finditer(revision.quote(sentence))]


def _shares(number: int, parts: int) -> list[int]:
    """Divide as evenly as whole numbers can be."""
    return [number // parts + (part < number % parts) for part in range(parts)]


def _batches(number: int) -> Iterator[int]:
    for first in range(0, number, _BATCH):
        yield min(_BATCH, number - first)
