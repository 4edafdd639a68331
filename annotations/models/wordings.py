"""Earlier wordings: what an annotation said before its writer edited it."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models

from annotations.models.annotations import Annotation
from annotations.models.sources import Source

# What a source says, as a wording keeps it.
_SAID = ("url", "stance", "title", "publisher", "published_on", "excerpt", "locator")


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

    @classmethod
    def of(cls, annotation: Annotation, sources: Iterable[Source]) -> Self:
        """Give what an annotation says as it stands, not saved."""
        return cls(
            annotation=annotation,
            version=annotation.version,
            written_at=annotation.written_at,
            body=annotation.body,
            body_html=annotation.body_html,
            grounds=annotation.grounds,
            would_change_my_mind=annotation.would_change_my_mind,
            sources=[{field: _plain(getattr(source, field)) for field in _SAID} for source in sources],
        )

    @property
    def said(self) -> tuple[str, str, str, list[dict[str, str]]]:
        """Give all that its writer said, to be compared with another's."""
        return self.body, self.grounds, self.would_change_my_mind, self.sources

    @property
    def cited(self) -> list[Source]:
        """Give its sources as they were, none of them saved."""
        return [Source(**{**source, "published_on": _day(source["published_on"])}) for source in self.sources]


def _plain(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
