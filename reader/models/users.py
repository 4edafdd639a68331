"""The people who read, write, edit and moderate."""

from typing import Any, ClassVar

from django.contrib.auth import models as auth
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from reader import usernames

NAME_TAKEN = "This name is taken, or looks like one that is."


class UserManager(auth.UserManager["User"]):
    def looking_like(self, username: str) -> models.QuerySet["User"]:
        """Keep whoever has this name or one that looks like it: one person at most."""
        return self.filter(username_skeleton=usernames.skeleton(username))

    def get_by_natural_key(self, username: str | None) -> "User":
        """Give whoever answers to this name, however it is capitalised; Django's commands ask here."""
        return self.looking_like(username or "").get()


class User(auth.AbstractUser):
    """A person or a sample account; `username` is the name others see, in small letters."""

    username = models.CharField(
        max_length=usernames.MAX_LENGTH,
        unique=True,
        validators=[usernames.validate_username],
        help_text="3 to 30 characters: letters, figures, dots, hyphens and underscores. Kept in small letters.",
        error_messages={"unique": NAME_TAKEN},
    )
    # What the name looks like, so that no second name can pass for it. One character of a name gives up to seven here.
    username_skeleton = models.CharField(max_length=7 * usernames.MAX_LENGTH, unique=True, editable=False)
    email = models.EmailField(blank=True)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    is_sample = models.BooleanField(default=False, help_text="Shows how Gloss is used; not a person.")

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the name in its one spelling, and its skeleton in step with it."""
        self.username = self.normalize_username(self.username)
        self.username_skeleton = usernames.skeleton(self.username)
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("reader", args=[self.username])

    def clean(self) -> None:
        """Refuse a name that looks like somebody else's."""
        super().clean()
        if User.objects.looking_like(self.username).exclude(pk=self.pk).exists():
            raise ValidationError({"username": NAME_TAKEN})

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Give the one spelling in which the name is kept; Django calls this before it validates or makes a user."""
        return usernames.normalize(username)

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username
