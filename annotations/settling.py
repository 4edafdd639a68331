"""Keep questions in step with what answers them and with who asks them, whatever happens to either.

A question is settled while an answer to it stands. Who changes whether an annotation is shown, or what it cites, says
so here: `keep_in_step`. And a question that its writer withdraws is passed on to those who ask it too.

Locks are taken in one order, so that nobody waits in a circle: first what answers, then questions by their ids, then
the article. Who asks holds the article and no question, so who takes a question away looks after that who asks.
"""

import uuid
from collections.abc import Sequence

from annotations import accepting, moving
from annotations.models import Anchor, Annotation, Answer, Ask, Notice
from annotations.models.annotations import AnnotationQuerySet
from annotations.states import Action

# What a question passed on keeps of the one before it: the words it is about, and whether it is answered.
_KEPT = ("article", "target", "revision", "start", "end", "exact", "prefix", "suffix", "is_settled")


def keep_in_step(annotation: Annotation) -> None:
    """Settle or open the questions that an annotation is an answer to. Call it with the annotation locked."""
    answered = Annotation.objects.locked().filter(given_answers__annotation=annotation)
    for question in answered.order_by("pk"):
        settle(question)


def settle(question: Annotation) -> None:
    """Write whether a question is answered. Call it with the question locked."""
    is_settled = question.given_answers.standing().exists()
    if question.is_settled != is_settled:
        question.is_settled = is_settled
        question.save(update_fields=["is_settled"])


def pass_on(question: Annotation) -> Annotation | None:
    """Let whoever asks a withdrawn question next ask it in their own name, without its writer's words.

    Those who ask, what answers it and what they were told of it go along. None where nobody else asks. Call it with the
    question and then the article locked.
    """
    question.asks.filter(reader=question.creator_id).delete()
    first = question.asks.counted().select_related("reader").first()
    if first is None:
        return None
    heir = accepting.draft(kind=Annotation.Kind.QUESTION, body="")
    heir.creator, heir.token = first.reader, uuid.uuid4()
    for field in _KEPT:
        setattr(heir, field, getattr(question, field))
    heir.save()
    Anchor.objects.bulk_create(_copied(anchor, heir) for anchor in question.anchors.all())
    _move(question, heir)
    return heir


def heirs(question: Annotation) -> AnnotationQuerySet:
    """Give the questions that stand for a withdrawn one: about its words, with no words of their own."""
    same = {field: getattr(question, field) for field in ("article", "target", "revision", "start", "end")}
    younger = Annotation.objects.published().filter(kind=Annotation.Kind.QUESTION, pk__gt=question.pk, body="")
    found = younger.filter(**same).order_by("pk")
    return found if question.kind == Annotation.Kind.QUESTION else found.none()


def take_back(question: Annotation, heirs: Sequence[Annotation]) -> None:
    """Let those who ask in place of a withdrawn question ask it again, with its writer.

    An heir that somebody has answered meanwhile stays, with its thread. Call it as `pass_on`.
    """
    replied = set(Annotation.objects.filter(parent__in=heirs).order_by().values_list("parent", flat=True))
    for heir in heirs:
        if heir.pk not in replied:
            _move(heir, question)
            moving.move(heir, Action.WITHDRAW, by=None, details="The question it stood for is there again.")
    Ask.objects.get_or_create(question=question, reader_id=question.creator_id)
    settle(question)


def _copied(anchor: Anchor, heir: Annotation) -> Anchor:
    anchor.pk, anchor.annotation = None, heir
    return anchor


def _move(question: Annotation, heir: Annotation) -> None:
    """Give one question's askers, answers and notices to another, which may have some of them already."""
    asking = heir.asks.values("reader")
    question.asks.exclude(reader__in=asking).update(question=heir)
    question.asks.all().delete()
    Answer.objects.filter(question=question).exclude(annotation__in=heir.given_answers.values("annotation")).update(
        question=heir
    )
    told = Notice.objects.filter(annotation=question, event=Notice.Event.ANSWERED)
    told.exclude(reader=question.creator_id).exclude(reader__in=heir.notices.values("reader")).update(annotation=heir)
