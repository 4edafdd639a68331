"""How often something was done lately, for limits."""

from django.db import models


class Tally(models.Model):
    """When one thing was done lately by one account or from one address; by whose, nobody can tell from it.

    `key` is a keyed hash of both, and `moments` are seconds since 1970, the oldest first.
    """

    key = models.CharField(max_length=32, primary_key=True)
    moments = models.JSONField(default=list)
    # From then on nothing looks back at it. By this what is over is found.
    over_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("key",)
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.key[:6]}…: {len(self.moments)}"
