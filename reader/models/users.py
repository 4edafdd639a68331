"""The people who read, write, edit and moderate."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.urls import reverse

from reader.usernames import skeleton, validate_username


class User(AbstractUser):
    """A person or a sample account; `username` is the name others see."""

    username = models.CharField(
        max_length=30,
        unique=True,
        validators=[validate_username],
        help_text="3 to 30 characters: letters, figures, dots, hyphens and underscores.",
        error_messages={"unique": "This name is taken."},
    )
    # What the name looks like, so that no second name can pass for it.
    username_skeleton = models.CharField(max_length=120, unique=True, editable=False)
    email = models.EmailField(blank=True)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    is_sample = models.BooleanField(default=False, help_text="Shows how Gloss is used; not a person.")

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    def __str__(self) -> str:
        return self.username

    def save(self, *args: object, **options: object) -> None:
        """Keep the name's skeleton in step with the name."""
        self.username_skeleton = skeleton(self.username)
        super().save(*args, **options)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("reader", args=[self.username])

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username
