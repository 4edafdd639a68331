"""Which of an article's annotations a reader wants to see, and in which order: asked for in a page's address.

A filter holds nothing about who asks, so that a link with it shows everybody the same; only "what I follow" is asked
of the viewer, when the annotations are looked for.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Count, F, OrderBy, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict

from annotations.models import Annotation, Subscription
from annotations.models.annotations import AnnotationQuerySet
from annotations.ranking import NEUTRAL
from reader import usernames
from reader.models import User

# What can be chosen, as a sentence calls many of them.
KINDS = {
    Annotation.Kind.NOTE.value: "notes",
    Annotation.Kind.SOURCE.value: "sources",
    Annotation.Kind.DISAGREEMENT.value: "disagreements",
    Annotation.Kind.QUESTION.value: "questions",
}
# Of disagreements and questions, whether somebody has dealt with them.
STATES = ("open", "settled")
_STATED = (Annotation.Kind.DISAGREEMENT, Annotation.Kind.QUESTION)
SORTS = {
    "": "in the order of the words",
    "newest": "newest first",
    "oldest": "oldest first",
    "answered": "most answered first",
    "best": "most helpful first",
}

# The parameters of a query; `kind` is the composer's.
_NAMES = ("show", "state", "by", "followed", "since", "sort")
# Ids are kept in 63 bits.
_ID = re.compile(r"[0-9]{1,18}")
_QUOTED = 30


@dataclass(frozen=True)
class Filter:
    """What is shown of the annotations beside a text: all of them, unless something is asked for."""

    # One of KINDS; empty for all.
    kind: str = ""
    # One of STATES; it leaves only what can be settled.
    state: str = ""
    # The name of who began the thread; empty for everybody.
    by: str = ""
    followed: bool = False
    # The id of an annotation: only threads in which something newer was written.
    since: int | None = None
    # One of SORTS.
    sort: str = ""
    # What was asked for and cannot be done, in sentences.
    problems: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: QueryDict) -> Self:
        """Give what a query asks for. What cannot be understood is left out, with a sentence about it."""
        asked = {name: query.get(name, "").strip() for name in _NAMES}
        return cls(
            kind=asked["show"] if asked["show"] in KINDS else "",
            state=asked["state"] if asked["state"] in STATES and _has_states(asked["show"]) else "",
            by="" if _complaint(asked["by"]) else usernames.normalize(asked["by"]),
            followed=asked["followed"] == "1",
            since=annotation_id(asked["since"]),
            sort=asked["sort"] if asked["sort"] in SORTS else "",
            problems=tuple(_problems(asked)),
        )

    @property
    def is_narrow(self) -> bool:
        """Say whether it leaves anything out."""
        return bool(self.kind or self.state or self.by or self.followed or self.since is not None)

    @property
    def is_plain(self) -> bool:
        """Say whether nothing was asked for: the page is the one that everybody gets."""
        return self == type(self)()

    @property
    def query(self) -> str:
        """Give it as the query of an address, always in the same spelling; empty when nothing is asked for."""
        parameters = QueryDict(mutable=True)
        values = (self.kind, self.state, self.by, "1" if self.followed else "", _written(self.since), self.sort)
        parameters.update({name: value for name, value in zip(_NAMES, values, strict=True) if value})
        return parameters.urlencode()

    @property
    def first(self) -> str:
        """Give what is written behind an address without a query."""
        return f"?{self.query}" if self.query else ""

    @property
    def further(self) -> str:
        """Give what is written behind an address that has a query already."""
        return f"&{self.query}" if self.query else ""

    @property
    def words(self) -> str:
        """Say what is shown: "new sources by ada that you follow"."""
        everything = "disagreements and questions" if self.state else "annotations"
        new = "new" if self.since is not None else ""
        parts = (new, self.state, KINDS.get(self.kind, everything), self.by and "by", self.by)
        said = " ".join(filter(None, parts))
        return f"{said} that you follow" if self.followed else said

    @property
    def order(self) -> str:
        """Say in which order, where it is not that of the words."""
        return SORTS[self.sort] if self.sort else ""

    @property
    def digest(self) -> str:
        """Give a short name for all of it, for the tags of pages."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def for_viewer(self, viewer: User | AnonymousUser) -> Self:
        """Give what of it can be asked by this viewer: who has no account follows nothing."""
        if not self.followed or viewer.is_authenticated:
            return self
        sentence = "Sign in to see only what you follow."
        return replace(self, followed=False, problems=(*self.problems, sentence))

    def heads(self, revision_id: int, viewer: User | AnonymousUser) -> AnnotationQuerySet:
        """Give the heads of the threads it keeps, in any state, on the article that has this revision."""
        heads = Annotation.objects.filter(article__revisions=revision_id, root=None).order_by()
        if self.kind:
            heads = heads.filter(kind=self.kind)
        if self.state:
            heads = heads.filter(kind__in=_STATED, is_settled=self.state == "settled")
        if self.by:
            heads = heads.filter(creator__username=self.by)
        if self.since is not None:
            heads = heads.filter(pk__in=newer_threads(revision_id, self.since, viewer))
        if self.followed:
            heads = heads.filter(_is_followed(revision_id, viewer))
        return heads

    def sorting(self, *, head: str, start: str, among: Sequence[OrderBy] = ()) -> list[OrderBy]:
        """Give the order, of rows that call the head of a thread and the beginning of its words so.

        In the order of the words, `among` decides between those on the same words. Answers are to have been counted
        with `answers` where most answered is first.
        """
        match self.sort:
            case "newest":
                return [F(head).desc()]
            case "oldest":
                return [F(head).asc()]
            case "answered":
                return [F("answers").desc(), F(start).asc(), F(head).asc()]
            case "best":
                return [*best(head), F(head).asc()]
        return [F(start).asc(), *among, F(head).asc()]


ALL = Filter()


def newer_threads(revision_id: int, since: int, viewer: User | AnonymousUser) -> QuerySet[Annotation, int]:
    """Give the ids of the heads of threads in which others have written something newer than `since`."""
    newer = Annotation.objects.published().filter(article__revisions=revision_id, pk__gt=since).order_by()
    if viewer.is_authenticated:
        newer = newer.exclude(creator=viewer)
    return newer.values_list(Coalesce("root", "pk"), flat=True)


def annotation_id(written: str) -> int | None:
    """Give the id that somebody wrote into an address, or None where it can be none."""
    return int(written) if _ID.fullmatch(written) else None


def answers(head: str) -> Coalesce:
    """Give the number of published answers in the thread of a row's head, for a query."""
    answers = Annotation.objects.published().filter(root=OuterRef(head)).order_by().values("root")
    return Coalesce(Subquery(answers.annotate(number=Count("pk")).values("number")), Value(0))


def best(head: str) -> list[OrderBy]:
    """Give the order of how helpful readers find the heads of threads, of rows that call them so.

    It is that of `ranking.Standing.place`, and among those of one place that of the lot.
    """
    of = "" if head == "pk" else f"{head}__"
    score = Coalesce(F(f"{of}score"), Value(NEUTRAL))
    return [F(f"{of}is_bridging").desc(), score.desc(), F(f"{of}lot").asc()]


def _is_followed(revision_id: int, viewer: User | AnonymousUser) -> Q:
    """Keep threads that the viewer follows or writes in, and those in which somebody writes whom they follow."""
    followed = Subscription.objects.filter(follower=viewer.pk).order_by()
    people = followed.filter(person__isnull=False).values("person")
    written = Q(creator=viewer.pk) | Q(creator__in=people)
    answered = Annotation.objects.published().filter(written, article__revisions=revision_id, root__isnull=False)
    threads = followed.filter(thread__isnull=False).values("thread")
    return written | Q(pk__in=threads) | Q(pk__in=answered.order_by().values("root"))


def _problems(asked: dict[str, str]) -> Iterator[str]:
    if asked["show"] not in {"", *KINDS}:
        yield f"“{_cut(asked['show'])}” is no kind of annotation."
    if asked["state"] not in {"", *STATES}:
        yield f"“{_cut(asked['state'])}” is no state of an annotation: it is open or settled."
    elif asked["state"] and not _has_states(asked["show"]):
        yield "Only disagreements and questions are open or settled."
    if complaint := _complaint(asked["by"]):
        yield f"“{_cut(asked['by'])}” is no reader’s name. {complaint}"
    if asked["followed"] not in {"", "0", "1"} or (asked["since"] and annotation_id(asked["since"]) is None):
        yield "A part of the address could not be understood."
    if asked["sort"] not in SORTS:
        yield f"“{_cut(asked['sort'])}” is no order."


def _has_states(kind: str) -> bool:
    """Say whether what is asked for can be open or settled; what is no kind is left out, and so stands for all."""
    return kind not in KINDS or kind in _STATED


def _complaint(name: str) -> str:
    """Say why this cannot be the name of a reader; empty when it can, or when nothing is said."""
    if not name:
        return ""
    try:
        # Of what is far too long only the beginning is looked at.
        usernames.validate_username(name[: 2 * usernames.MAX_LENGTH])
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _cut(words: str) -> str:
    printable = "".join(character for character in words[: 2 * _QUOTED] if character.isprintable())
    return printable if len(printable) <= _QUOTED else f"{printable[:_QUOTED]}…"


def _written(since: int | None) -> str:
    return "" if since is None else str(since)
