"""Earlier wordings: what an annotation said before its writer edited it."""

from django.db import models

from annotations.models.annotations import Annotation


class Wording(models.Model):
    """One earlier state of an annotation, kept when it is replaced and never changed after."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="wordings", db_index=False)
    # The annotation's version that said so; it was written at `written_at`.
    version = models.PositiveIntegerField()
    written_at = models.DateTimeField()
    body = models.TextField()
    body_html = models.TextField(editable=False)
    grounds = models.CharField(max_length=24, choices=Annotation.Grounds.choices, blank=True)
    would_change_my_mind = models.CharField(max_length=1000, blank=True)
    # A list of what each source said, with the names of Source's own fields; dates as 2015-09-11.
    sources = models.JSONField(default=list)

    class Meta:
        ordering = ("annotation", "version")
        constraints = (models.UniqueConstraint(fields=("annotation", "version"), name="wording_once_a_version"),)

    def __str__(self) -> str:
        return f"{self.annotation_id}, version {self.version}"
