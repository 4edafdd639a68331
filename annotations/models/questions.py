"""Requests for a source: who asks, and what answers them. The request itself is an annotation, a question."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from annotations.models.annotations import Annotation
from annotations.models.sources import Source


class AskQuerySet(models.QuerySet["Ask"]):
    def counted(self) -> Self:
        """Keep those of readers who are still here."""
        return self.filter(reader__is_active=True)


class Ask(models.Model):
    """That one reader asks for a source of these words: who wrote the question, and all who joined."""

    question = models.ForeignKey(Annotation, models.CASCADE, related_name="asks", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="asks")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("question", "reader"), name="ask_once_a_reader"),)

    def __str__(self) -> str:
        return f"{self.reader_id} asks {self.question_id}"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def shown(self) -> Self:
        """Keep those whose annotation may be read by all and still has a source."""
        sourced = Exists(Source.objects.filter(annotation=OuterRef("annotation")))
        return self.filter(sourced, annotation__state=Annotation.State.PUBLISHED)

    def standing(self) -> Self:
        """Keep those that hold: they are shown, and nobody who asked has said that they do not answer."""
        return self.shown().filter(declined_at__isnull=True)

    def titled(self) -> Self:
        """Add the title of the first source, or its address where it has none."""
        name = Coalesce(NullIf("title", Value("")), "url", output_field=models.CharField())
        sources = Source.objects.filter(annotation=OuterRef("annotation")).order_by("pk")
        return self.annotate(title=Subquery(sources.annotate(name=name).values("name")[:1]))


class Answer(models.Model):
    """That an annotation with a source answers a question. It stands until somebody who asked says that it does not."""

    question = models.ForeignKey(Annotation, models.CASCADE, related_name="given_answers", db_index=False)
    # What answers it: an annotation with at least one source.
    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="answered_questions")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("question", "annotation"), name="answer_once_an_annotation"),)

    def __str__(self) -> str:
        return f"{self.annotation_id} answers {self.question_id}"

    @property
    def is_declined(self) -> bool:
        return self.declined_at is not None
