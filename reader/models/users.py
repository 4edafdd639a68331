"""The people who read, write, edit and moderate."""

from typing import Any, ClassVar

from django.contrib.auth import models as auth
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse

from reader import usernames
from reader.models.names import Name

NAME_TAKEN = "This name is taken, or looks like one that is."


class UserManager(auth.UserManager["User"]):
    def looking_like(self, username: str) -> models.QuerySet["User"]:
        """Keep whoever has this name or one that looks like it: one person at most."""
        return self.filter(username_skeleton=usernames.skeleton(username))

    def is_taken(self, username: str, *, by: "User | None" = None) -> bool:
        """Say whether somebody else bears this name or one that looks like it, or did until lately."""
        name = Name.objects.like(username).first()
        return name is not None and not name.is_free_for(by)

    def bearing(self, username: str) -> "User | None":
        """Give who has this name, or gave it up lately, or None."""
        name = usernames.normalize(username)
        borne = self.filter(username=name).first()
        if borne is None and (kept := Name.objects.like(name).kept().select_related("reader").first()):
            return kept.reader
        return borne

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

    # When its bearer last chose another name; empty while they have the first.
    renamed_at = models.DateTimeField(null=True, blank=True, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return usernames.shown(self.username)

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the name in its one spelling, its skeleton in step with it, and everybody else from it.

        Raises IntegrityError when the name is another's.
        """
        self.username = self.normalize_username(self.username)
        self.username_skeleton = usernames.skeleton(self.username)
        fields = options.get("update_fields")
        if fields is not None and "username" not in fields:
            super().save(*args, **options)
            return
        with transaction.atomic():
            super().save(*args, **options)
            Name.objects.bear(self)

    def get_absolute_url(self) -> str:
        return reverse("reader", args=[self.username])

    def clean(self) -> None:
        """Refuse a name that looks like somebody else's."""
        super().clean()
        if User.objects.is_taken(self.username, by=self):
            raise ValidationError({"username": NAME_TAKEN})

    @property
    def is_former(self) -> bool:
        """Say whether nobody is here any more: the account was removed, and what was written under it stays."""
        return usernames.is_former(self.username)

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Give the one spelling in which the name is kept; Django calls this before it validates or makes a user."""
        return usernames.normalize(username)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
