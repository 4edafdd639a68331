"""Mail that is on its way."""

from django.db import models


class Letter(models.Model):
    """One mail about an account, from when it is written until it is sent. Its links open accounts: it is not kept."""

    address = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.pk}: {self.subject}"
