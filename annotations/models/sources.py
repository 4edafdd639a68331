"""Sources: documents that bear on the words annotated."""

from django.db import models

from annotations.models.annotations import Annotation


class Source(models.Model):
    """A document cited by one annotation, and what it does for the words."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", "Supports"
        CONTRADICTS = "contradicts", "Contradicts"
        CONTEXT = "context", "Gives context"

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="sources")
    url = models.URLField("address", max_length=2000, help_text="As its reader gave it.")
    # The address in one spelling, so that the same document is known again.
    canonical_url = models.CharField(max_length=2000, editable=False, db_index=True)
    title = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    stance = models.CharField(max_length=12, choices=Stance.choices)
    excerpt = models.TextField(blank=True, help_text="The words that matter, quoted.")
    locator = models.CharField(max_length=200, blank=True, help_text="Where in the document: page, section, minute.")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title or self.url
