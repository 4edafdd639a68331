"""Requests for a source: who asks, and what answers them. The request itself is an annotation, a question."""

from django.conf import settings
from django.db import models

from annotations.models.annotations import Annotation


class Ask(models.Model):
    """That one reader asks for a source of these words: who wrote the question, and all who joined."""

    question = models.ForeignKey(Annotation, models.CASCADE, related_name="asks", db_index=False)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="asks")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("question", "reader"), name="ask_once_a_reader"),)

    def __str__(self) -> str:
        return f"{self.reader_id} asks {self.question_id}"


class Answer(models.Model):
    """That an annotation with a source answers a question. It stands until somebody who asked says that it does not."""

    question = models.ForeignKey(Annotation, models.CASCADE, related_name="given_answers", db_index=False)
    # What answers it: an annotation with at least one source.
    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="answered_questions")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("question", "annotation"), name="answer_once_an_annotation"),)

    def __str__(self) -> str:
        return f"{self.annotation_id} answers {self.question_id}"
