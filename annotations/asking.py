"""Ask for a source, and say what answers: the acts of those who ask and of those who know, and what a page tells of it.

    ask        ask for the source of some words; who asks for the source of the same words joins those who do
    join       ask too what another asks
    take_back  ask no longer; a question of one's own is withdrawn, and passed on where others ask it
    answer     say that an annotation with a source answers a question; who asks is told
    attach     attach an annotation that answers questions: all or nothing
    decline    who asks says that it does not answer
    accept     who asks says that it does after all

What the same words are, and what becomes of a question whose writer goes: docs/decisions/requests.md.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from annotations import accepting, annotating, holding, notifying, pacing, settling, trust
from annotations.accepting import AlreadyPosted, NotAccepted
from annotations.annotating import Target
from annotations.markdown import shorten
from annotations.models import Anchor, Annotation, Answer, Ask, Notice, Source, Suspension
from annotations.models.annotations import AnnotationQuerySet
from reader import usernames
from reader.models import Article, Paragraph, User
from reader.text.direction import isolated
from reader.text.spans import Span

# Of those who ask, the first are named; the rest are a number.
MOST_NAMED = 5
# Of the open questions about one paragraph, as many can be offered to be answered, the most asked first.
MOST_OFFERED = 20
_QUOTED = 90

Kind = Annotation.Kind


@dataclass(frozen=True)
class Asked:
    """What came of asking: the question that the reader now asks, and what became of words of their own."""

    question: Annotation
    # The reply that holds words written for a question which was there already.
    reply: Annotation | None = None
    is_new: bool = False
    # Whether the reader asks it only from now on.
    is_joined: bool = False
    # Whether it was not asked because it has an answer.
    is_answered: bool = False

    @property
    def posted(self) -> Annotation:
        """Give what to look at."""
        return self.reply or self.question

    @property
    def sentence(self) -> str:
        """Say it to the reader."""
        if self.is_answered:
            return "This was asked before, and has an answer. If that does not answer you, ask too, and say so there."
        if self.is_new:
            return holding.said(self.question, otherwise="You ask for the source of this.")
        said = "Others ask this already. You ask it too now" if self.is_joined else "You ask this already"
        if self.reply and self.reply.is_pending:
            return f"{said}. Your words wait for a moderator; until then only you see them."
        return f"{said}; your words stand below it." if self.reply else f"{said}."


def ask(*, article: Article, by: User, target: Target, token: uuid.UUID, body: str = "") -> Asked:
    """Ask for the source of some words, in words of one's own or without.

    Where others ask for the source of the same words, the reader joins them, and words of their own become a reply.
    Where that was answered, nothing is asked without words of one's own; with them it is a new question.
    Raises NotAccepted and AlreadyPosted as `annotating.attach` does.
    """
    words = accepting.draft(kind=Kind.QUESTION, body=body).body
    trust.refuse_suspended(by, Suspension.Scope.WRITING)
    with transaction.atomic():
        # Of two who ask at once, the second sees the question of the first.
        revision = annotating.locked_revision(article, target.revision_number)
        if earlier := Annotation.objects.filter(creator=by, token=token).first():
            return _asked_before(earlier, words)
        standing = _same(article, revision.text, annotating.place(target, revision))
        question = next((each for each in standing if not each.is_settled), None)
        if question is None and standing and not words:
            return Asked(standing[0], is_answered=True)
        if question is None:
            made = annotating.attach(
                article=article, creator=by, kind=Kind.QUESTION, target=target, body=words, token=token
            )
            return Asked(made, is_new=True, is_joined=True)
        is_joined = _join(question, by, is_paused=not words)
        reply = annotating.reply(parent=question, creator=by, body=words, token=token) if words else None
        if is_joined:
            article.touch()
        if is_joined and not words:
            pacing.count("asks", by=by)
    return Asked(question, reply, is_joined=is_joined)


def join(*, question: Annotation, by: User) -> bool:
    """Ask too what another asks, and say whether one did not before.

    Raises NotAccepted with a sentence for the reader.
    """
    trust.refuse_suspended(by, Suspension.Scope.WRITING)
    with transaction.atomic():
        current = _question(question)
        _check_open(current)
        # Of two at once, about two questions of one article, the second sees the first.
        annotating.locked_revision(current.article)
        is_joined = _join(current, by, is_paused=True)
        if is_joined:
            current.article.touch()
            pacing.count("asks", by=by)
    return is_joined


def _join(question: Annotation, by: User, *, is_paused: bool) -> bool:
    """Let a reader ask a question, the article locked, and say whether they did not before; who did waits for nothing.

    `is_paused` where this is all that they say.
    """
    if Ask.objects.filter(question=question, reader=by).exists():
        return False
    if is_paused:
        pacing.pause(question.article, by=by, thread=question, has_words=False)
    Ask.objects.create(question=question, reader=by)
    return True


def take_back(*, question: Annotation, by: User) -> None:
    """Ask it no longer; twice does nothing more. It may be taken back at any time."""
    with transaction.atomic():
        current = _question(question)
        if current.is_by(by):
            annotating.withdraw(annotation=current, by=by)
        elif Ask.objects.filter(question=current, reader=by).delete()[0]:
            current.article.touch()


def answer(*, question: Annotation, annotation: Annotation, by: User) -> Answer:
    """Say that an annotation with a source answers a question; saying it again does nothing more.

    Everybody who asks is told, but not who says it. Raises NotAccepted with a sentence for the reader: when either is
    no longer shown, when the annotation has no source or is about other words, and when one of those who ask has said
    that it does not answer.
    """
    trust.refuse_suspended(by, Suspension.Scope.WRITING)
    with transaction.atomic():
        answering = Annotation.objects.locked().get(pk=annotation.pk)
        asked = _question(question)
        _check_open(asked)
        _check_answering(asked, answering)
        given, is_new = Answer.objects.get_or_create(question=asked, annotation=answering, defaults={"creator": by})
        if given.is_declined:
            if not asked.asks.filter(reader=by).exists():
                raise NotAccepted("One of those who ask has read it, and says that it does not answer.")
            _accept(given)
        if is_new:
            _tell(asked, by=by)
        settling.settle(asked)
        asked.article.touch()
    return given


def attach(*, answers: Collection[int], creator: User, **what: Any) -> Annotation:
    """Attach an annotation as `annotating.attach` does, and say that it answers these questions, given by their ids.

    Both or neither. A question that nobody asks any more is left out.
    """
    if not answers:
        return annotating.attach(creator=creator, **what)
    with transaction.atomic():
        # Before the article is: see settling.
        asked = list(_questions().filter(pk__in=answers).locked().order_by("pk"))
        annotation = annotating.attach(creator=creator, **what)
        for question in asked:
            if annotation.is_published:
                answer(question=question, annotation=annotation, by=creator)
            else:
                # It answers, and who asks is told, once a moderator has let it through.
                Answer.objects.get_or_create(question=question, annotation=annotation, defaults={"creator": creator})
    return annotation


def tell_of(annotation: Annotation) -> None:
    """Tell those who ask what an annotation answers, now that all may read it; nobody is told a second time."""
    told = Notice.objects.filter(
        annotation=OuterRef("question"),
        event=Notice.Event.ANSWERED,
        actor=OuterRef("creator"),
        created_at__gte=OuterRef("created_at"),
    )
    given = annotation.answered_questions.filter(~Exists(told), declined_at__isnull=True)
    for answer in given.select_related("question", "creator"):
        if answer.question.is_published:
            _tell(answer.question, by=answer.creator)


def decline(*, given: Answer, by: User) -> Answer:
    """Say, as one who asks, that something does not answer the question. Twice does nothing more.

    Who said that it does is told. Raises NotAccepted with a sentence for the reader.
    """
    with transaction.atomic():
        current = _judged(given, by)
        if not current.is_declined:
            current.declined_by, current.declined_at = by, timezone.now()
            current.save(update_fields=["declined_by", "declined_at"])
            notifying.tell(current.creator, Notice.Event.DECLINED, annotation=current.annotation, actor=by)
            settling.settle(current.question)
            current.question.article.touch()
    return current


def accept(*, given: Answer, by: User) -> Answer:
    """Say, as one who asks, that something answers the question after all. Raises NotAccepted as `decline` does."""
    with transaction.atomic():
        current = _judged(given, by)
        if current.is_declined:
            _accept(current)
            settling.settle(current.question)
            current.question.article.touch()
    return current


def _tell(question: Annotation, *, by: User) -> None:
    for ask in question.asks.counted().select_related("reader"):
        notifying.tell(ask.reader, Notice.Event.ANSWERED, annotation=question, actor=by)


def asked_by(reader: User) -> Sequence[int]:
    """Give the articles, by their ids, on which a reader asks for sources."""
    return list(Ask.objects.filter(reader=reader).order_by().values_list("question__article", flat=True).distinct())


def recount(articles: Sequence[int]) -> None:
    """Show anew how many ask on these articles: one of them is here no longer, or again."""
    with transaction.atomic():
        for article in Article.objects.filter(pk__in=articles).order_by("pk"):
            article.touch()


# What a page tells


@dataclass(frozen=True)
class Request:
    """Of a question, who asks and what answers it; of what is an answer itself, to which questions."""

    number: int = 0
    # The first of them, by name.
    names: Sequence[str] = ()
    # Whether the viewer asks.
    is_asked: bool = False
    answers: Sequence[Answer] = ()
    declined: Sequence[Answer] = ()
    # The questions that it answers, and those that it was said to answer and does not.
    answered: Sequence[Answer] = ()
    unanswered: Sequence[Answer] = ()

    @property
    def more(self) -> int:
        """Give how many ask beside those who are named."""
        return self.number - len(self.names)


@dataclass(frozen=True)
class Open:
    """An open question as it stands on some words, for who might ask it too or answer it."""

    id: int
    span: Span | None
    words: str
    gist: str
    has_words: bool
    number: int
    # Whether the viewer asks it, and whether they wrote it.
    is_asked: bool
    is_own: bool
    # Where the words are without the signs round them.
    core: Span | None

    @property
    def title(self) -> str:
        """Name it by what it is about, else by what it says."""
        return f"“{self.words}”" if self.words else self.gist


_NONE = Request()


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Request]:
    """Give who asks each question and what answers it, by its id, in four queries at most."""
    questions = [each.pk for each in annotations if each.kind == Kind.QUESTION]
    # What is no question may be an answer to one, replies too: they cite nothing.
    others = [each.pk for each in annotations if each.kind not in {Kind.QUESTION, Kind.REPLY}]
    numbers, names = (_numbers(questions, viewer), _names(questions)) if questions else ({}, {})
    given = _given(questions, others) if questions or others else ()
    by_question, by_annotation = defaultdict(list), defaultdict(list)
    for each in given:
        by_question[each.question_id].append(each)
        if each.question.is_published:
            by_annotation[each.annotation_id].append(each)
    asked = {
        pk: Request(
            number=numbers.get(pk, (0, 0))[0],
            names=names.get(pk, ()),
            is_asked=bool(numbers.get(pk, (0, 0))[1]),
            answers=[each for each in by_question[pk] if not each.is_declined],
            declined=[each for each in by_question[pk] if each.is_declined],
        )
        for pk in questions
    }
    answering = {
        pk: Request(
            answered=[each for each in found if not each.is_declined],
            unanswered=[each for each in found if each.is_declined],
        )
        for pk, found in by_annotation.items()
    }
    return {each.pk: asked.get(each.pk) or answering.get(each.pk, _NONE) for each in annotations}


def on(article: Article, block: Paragraph | None, viewer: User | AnonymousUser) -> Sequence[Open]:
    """Give the open questions about words of a block, or about the article as a whole: the most asked first."""
    if block and block.revision_id != article.current_revision_id:
        return ()
    span = block.span if block else None
    found = _about(article, span).filter(is_settled=False).annotate(number=_asking(), own=_own(viewer))
    text = article.current_revision.text if article.current_revision else ""
    return [_open(each, text, viewer) for each in found.filter(number__gt=0).order_by("-number", "pk")[:MOST_OFFERED]]


def on_sentences(spans: Mapping[str, Span], found: Sequence[Open], text: str) -> Mapping[str, Open]:
    """Give the open question about each of some sentences, by their keys, where one stands on just its words."""
    by_core = {each.core: each for each in reversed(found)}
    return {key: by_core[core] for key, span in spans.items() if (core := core_of(text, span)) in by_core}


def core_of(text: str, span: Span) -> Span:
    """Give a span without the white space and the signs at its ends: what two readers meant who chose the same."""
    start, end = span
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end) if start < end else span


def candidates(question: Annotation) -> Sequence[Annotation]:
    """Give what may answer a question: published, with a source, on overlapping words, and not said of it yet."""
    place = _place(question)
    found = _sourced(question.article, place.span if place else None) if place else Annotation.objects.none()
    return list(found.exclude(answered_questions__question=question).with_creator().order_by("pk"))


def _asked_before(earlier: Annotation, words: str) -> Asked:
    """Give what the same form made the first time."""
    if earlier.body != words or earlier.kind not in {Kind.QUESTION, Kind.REPLY}:
        raise AlreadyPosted(earlier)
    if earlier.parent is not None:
        return Asked(earlier.parent, earlier, is_joined=True)
    return Asked(earlier, is_new=True, is_joined=True)


def _questions() -> AnnotationQuerySet:
    return Annotation.objects.published().filter(kind=Kind.QUESTION)


def _about(article: Article, span: Span | None) -> AnnotationQuerySet:
    """Give the questions on an article about words that overlap, or about all of it, with where those words are."""
    found = _questions().on(article)
    if span is None:
        found = found.filter(target=Annotation.Target.ARTICLE, anchors__revision=article.current_revision_id)
    else:
        found = found.overlapping(span, revision_id=article.current_revision_id)
    return found.annotate(now_start=F("anchors__start"), now_end=F("anchors__end"))


def _same(article: Article, text: str, span: Span | None) -> Sequence[Annotation]:
    """Give the questions about just these words that somebody asks, the oldest first."""
    found = _about(article, span).filter(Exists(Ask.objects.counted().filter(question=OuterRef("pk")))).order_by("pk")
    if span is None:
        return list(found)
    core = core_of(text, span)
    return [each for each in found if (now := _now(each)) and core_of(text, now) == core]


def _now(question: Annotation) -> Span | None:
    """Give where its words are, of a question that came with it."""
    told = vars(question)
    return None if told["now_start"] is None else Span(told["now_start"], told["now_end"])


def _open(question: Annotation, text: str, viewer: User | AnonymousUser) -> Open:
    now, told = _now(question), vars(question)
    return Open(
        id=question.pk,
        span=now,
        words=shorten(text[now.start : now.end], _QUOTED) if now else "",
        gist=question.gist,
        has_words=bool(question.body),
        number=told["number"],
        is_asked=told["own"],
        is_own=question.is_by(viewer),
        core=core_of(text, now) if now else None,
    )


def _asking() -> Coalesce:
    """Give how many readers ask a question, for a query."""
    asks = Ask.objects.counted().filter(question=OuterRef("pk")).order_by().values("question")
    return Coalesce(Subquery(asks.annotate(number=Count("pk")).values("number")), 0)


def _own(viewer: User | AnonymousUser) -> Exists:
    return Exists(Ask.objects.filter(question=OuterRef("pk"), reader=viewer.pk))


def _question(question: Annotation) -> Annotation:
    """Give it as it is now, locked."""
    return Annotation.objects.locked().get(pk=question.pk)


def _check_open(question: Annotation) -> None:
    if question.kind != Kind.QUESTION:
        raise NotAccepted("Only a question can be asked too, or answered with a source.")
    if not question.is_published:
        raise NotAccepted("This is no longer asked.")
    if not question.article.is_open:
        raise NotAccepted("This article is closed: nothing more is added to what readers said of it.")


def _check_answering(question: Annotation, annotation: Annotation) -> None:
    place = _place(question)
    found = _sourced(question.article, place.span if place else None)
    if place is None or not found.filter(pk=annotation.pk).exists():
        raise NotAccepted(
            "Only what is shown, has a source and is about the same words can answer this question. Choose words that "
            "overlap those it asks about.",
            field="answers",
        )


def _place(question: Annotation) -> Anchor | None:
    """Give where a question stands in the current revision, or None where its words are gone."""
    found = question.anchors.filter(revision=question.article.current_revision_id)
    return found.exclude(status=Anchor.Status.ORPHANED).first()


def _sourced(article: Article, span: Span | None) -> AnnotationQuerySet:
    cited = Exists(Source.objects.filter(annotation=OuterRef("pk")))
    found = Annotation.objects.published().on(article).filter(cited, parent=None)
    if span is None:
        return found.filter(target=Annotation.Target.ARTICLE)
    return found.overlapping(span, revision_id=article.current_revision_id)


def _accept(given: Answer) -> None:
    given.declined_by, given.declined_at = None, None
    given.save(update_fields=["declined_by", "declined_at"])


def _judged(given: Answer, by: User) -> Answer:
    """Give an answer as it is now, its question locked, for one who may say whether it answers."""
    trust.refuse_suspended(by, Suspension.Scope.RATING)
    question = _question(given.question)
    current = Answer.objects.select_related("annotation", "creator").get(pk=given.pk)
    current.question = question
    _check_open(question)
    if not question.asks.filter(reader=by).exists():
        raise NotAccepted("Only who asks can say whether something answers. You can ask it too.")
    return current


def _numbers(questions: Sequence[int], viewer: User | AnonymousUser) -> Mapping[int, tuple[int, int]]:
    """Give how many ask each question, and whether the viewer does."""
    counted = Ask.objects.counted().filter(question__in=questions).order_by().values_list("question")
    numbers = counted.annotate(number=Count("pk"), own=Count("pk", filter=Q(reader=viewer.pk)))
    return {pk: (number, own) for pk, number, own in numbers}


def _names(questions: Sequence[int]) -> Mapping[int, Sequence[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    place = Window(RowNumber(), partition_by=F("question"), order_by=F("id").asc())
    first = Ask.objects.counted().filter(question__in=questions).annotate(place=place).filter(place__lte=MOST_NAMED)
    for pk, name in first.order_by("question", "place").values_list("question", "reader__username"):
        names[pk].append(isolated(usernames.shown(name)))
    return names


def _given(questions: Sequence[int], others: Sequence[int]) -> QuerySet[Answer]:
    """Give what is shown as an answer to some questions, or by some annotations, with the title of its first source."""
    shown = Answer.objects.shown().titled().filter(Q(question__in=questions) | Q(annotation__in=others))
    people = "annotation__creator", "question__creator", "declined_by"
    return shown.select_related("creator", *people).order_by("pk")
