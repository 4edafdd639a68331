"""Pictures: kept once under the hash of their bytes, and served by us."""

from django.db import models
from django.urls import reverse


class Picture(models.Model):
    """A picture as we encoded it anew. Never changed, so that its address can be kept for ever."""

    # SHA-256 of the file, in hexadecimal digits.
    hash = models.CharField(max_length=64, primary_key=True)
    file = models.FileField(upload_to="pictures/")
    # Pixels.
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.hash[:12]

    def get_absolute_url(self) -> str:
        return reverse("picture", args=[self.hash])
