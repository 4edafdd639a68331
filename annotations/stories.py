"""Same stories: readers say that two documents beside an article are one, such as a report of an agency in two papers.

    say        say that two are the same story, or that they are not; a second word replaces the first
    take_back  have said nothing of the two
    recount    after something happened to readers: their accounts were closed, deleted or opened again

Two documents count as one when at least `ENOUGH` readers say so, and more than say that they are not. One reader is not
enough: it makes two sources one wherever sources are counted, and should not be in the hands of whoever likes the
fewer. What is the same as the same document is the same too. The whole group is written with every word
(`Document.same_as`, the first of the group), under a lock on the article, so that of two words at once the second
counts the first. A document that nobody cites any more stays in its group, and changes nothing there.

Who said what is no secret: it is a finding, as a verdict is. Readers who are no longer here are not counted.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Q

from annotations import grouping, pacing, trust
from annotations.accepting import NotAccepted
from annotations.models import Document, SameStory, Suspension
from reader.models import Article, User

ENOUGH = 2


@dataclass(frozen=True)
class Pair:
    """What readers say of two documents: who takes them for the same story and who does not, in the order they did."""

    first: int
    second: int
    same: Sequence[User]
    different: Sequence[User]
    # What the viewer says; None where they say nothing.
    own: bool | None = None

    @property
    def is_one(self) -> bool:
        """Say whether the two count as one for what is said of them alone."""
        return is_one(len(self.same), len(self.different))

    @property
    def phrases(self) -> Sequence[str]:
        """Give both numbers that are not nought, in words."""
        words: list[str] = []
        if same := len(self.same):
            words.append(f"{same} reader{'' if same == 1 else 's'} say{'s' if same == 1 else ''} so")
        if different := len(self.different):
            readers = "" if words else " reader" if different == 1 else " readers"
            words.append(f"{different}{readers} say{'s' if different == 1 else ''} that it is not")
        return words

    def other(self, document: int) -> int:
        """Give the one of the two that is not this one."""
        return self.second if document == self.first else self.first


def is_one(same: int, different: int) -> bool:
    """Say whether two documents count as one story where so many readers say so, and so many that they are not."""
    return same >= ENOUGH and same > different


def say(*, document: Document, other: int, by: User, is_same: bool) -> SameStory:
    """Say that a document and another, by its id, are the same story, or that they are not; twice changes nothing more.

    Raises NotAccepted with a sentence for the reader: where the other is this one or not beside the same article, on an
    article that is closed, and for who is suspended from rating.
    """
    trust.refuse_suspended(by, Suspension.Scope.RATING)
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=document.article_id)
        first, second = _pair(document, other)
        if not article.is_open:
            raise NotAccepted("This article is closed: nothing more is added to what readers said of it.")
        said = {"is_same": is_same}
        word = SameStory.objects.update_or_create(first=first, second=second, reader=by, defaults=said)[0]
        _regroup(article)
        pacing.count("judgements", by=by)
    return word


def take_back(*, document: Document, other: int, by: User) -> None:
    """Have said nothing of the two; where there is nothing, nothing is done. It may be taken back at any time."""
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).get(pk=document.article_id)
        first, second = sorted((document.pk, other))
        if SameStory.objects.filter(first=first, second=second, reader=by).delete()[0]:
            _regroup(article)


def judged_by(reader: User) -> Sequence[Article]:
    """Give the articles beside which a reader said of documents whether they are the same."""
    return list(
        Article.objects.filter(documents__in=SameStory.objects.filter(reader=reader).values("first")).distinct()
    )


def recount(articles: Sequence[Article]) -> None:
    """Write anew which documents beside these articles are the same: their readers are here no longer, or again."""
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",)).order_by("pk")
        for article in locked.filter(pk__in=[article.pk for article in articles]):
            _regroup(article)


def on(article: Article, viewer: User | AnonymousUser) -> Mapping[int, Sequence[Pair]]:
    """Give what is said of the documents beside an article, by each of both documents, in one query."""
    said: dict[tuple[int, int], list[SameStory]] = defaultdict(list)
    for word in SameStory.objects.counted().on(article).select_related("reader"):
        said[word.first_id, word.second_id].append(word)
    found: dict[int, list[Pair]] = defaultdict(list)
    for (first, second), words in said.items():
        pair = Pair(
            first,
            second,
            same=[word.reader for word in words if word.is_same],
            different=[word.reader for word in words if not word.is_same],
            own=next((word.is_same for word in words if word.reader_id == viewer.pk), None),
        )
        found[first].append(pair)
        found[second].append(pair)
    return found


def _pair(document: Document, other: int) -> tuple[Document, Document]:
    """Give the two in the order in which they are kept."""
    if other == document.pk:
        raise NotAccepted("This is the same document. Choose another that tells the same story.", field="other")
    found = Document.objects.filter(article=document.article_id, pk=other).first()
    if found is None:
        raise NotAccepted("Choose the other document from those that are cited beside this article.", field="other")
    return (document, found) if document.pk < found.pk else (found, document)


def _regroup(article: Article) -> None:
    """Write of each document the first of its group, and show it where that changes anything."""
    documents = Document.objects.on(article)
    firsts = grouping.firsts(_ones(article))
    standing = documents.filter(Q(pk__in=list(firsts)) | Q(same_as__isnull=False)).values_list("pk", "same_as")
    changed: dict[int | None, list[int]] = defaultdict(list)
    for pk, written in standing:
        first = firsts.get(pk, pk)
        if written != (due := None if first == pk else first):
            changed[due].append(pk)
    for due, pks in changed.items():
        documents.filter(pk__in=pks).update(same_as=due)
    if changed:
        article.touch()


def _ones(article: Article) -> list[tuple[int, int]]:
    """Give the pairs that count as one."""
    said = SameStory.objects.counted().on(article).order_by().values_list("first", "second")
    counted = said.annotate(same=Count("pk", filter=Q(is_same=True)), different=Count("pk", filter=Q(is_same=False)))
    return [(first, second) for first, second, same, different in counted if is_one(same, different)]
