"""The rules of the site, the log of what was decided by them, and what moderators say often."""

from typing import NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations import states
from annotations.models.annotations import Annotation
from reader.models import Article


class Rule(models.TextChoices):
    """What an annotation may not do. Disagreeing with somebody breaks none of them."""

    SPAM = "spam", "Spam"
    ATTACK = "attack", "Personal attack"
    PRIVATE = "private", "Private information"
    OFF_TOPIC = "off topic", "Off topic"
    MISREPRESENTED = "misrepresented", "Source misrepresented"
    DUPLICATE = "duplicate", "Duplicate"
    LEGAL = "legal", "Legal"


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a line of the log."""

    def __init__(self) -> None:
        super().__init__("The moderation log is only ever added to; record a new decision instead.")


class ModerationEntryQuerySet(models.QuerySet["ModerationEntry"]):
    def with_people(self) -> Self:
        return self.select_related("moderator", "annotation__creator", "reader")

    def about(self, article: Article) -> Self:
        """Keep what was done about an article itself, and not about what is said of it."""
        return self.filter(article=article)

    def decisions(self) -> Self:
        """Keep what moderators and the site's rules did, and not what writers did with their own words."""
        return self.exclude(role=states.Role.WRITER)

    def about_itself(self) -> Self:
        """Keep what was done about annotations themselves, and not about what others put beside them in a line."""
        return self.exclude(action__in=ABOUT_LINES)

    def taking_down(self) -> Self:
        """Keep, in a query about annotations, by which decisions each is out of sight as it is; the latest first."""
        standing = {"annotation": models.OuterRef("pk"), "to_state": models.OuterRef("state")}
        return self.filter(**standing).exclude(rule="").order_by("-id")

    def on(self, article: Article) -> Self:
        """Keep what is about an article, or about what was written beside it."""
        return self.filter(Q(annotation__article=article) | Q(article=article))

    def update(self, **_values: object) -> NoReturn:
        """Refuse: the log is only added to. `bulk_update` ends here too."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse: the log is only added to."""
        raise AppendOnlyError

    def bulk_create(self, *_arguments: object, **_options: object) -> NoReturn:
        """Refuse: it can overwrite rows on a conflict, and decisions are made one at a time."""
        raise AppendOnlyError


class ModerationEntry(models.Model):
    """One line of the log: who did what about an annotation, a reader or an article, and why. Only ever added.

    The refusals here stop our own code and the panel, and say why; triggers in the database (`annotations.sealing`)
    stop everything else.
    """

    class Role(models.TextChoices):
        WRITER = states.Role.WRITER.value, "Its writer"
        MODERATOR = states.Role.MODERATOR.value, "A moderator"
        RULE = states.Role.RULE.value, "A rule of the site"

    class Action(models.TextChoices):
        HOLD = states.Action.HOLD.value, "Held for a moderator"
        APPROVE = states.Action.APPROVE.value, "Approved"
        DENY = states.Action.DENY.value, "Sent back to its writer"
        RESUBMIT = states.Action.RESUBMIT.value, "Sent again by its writer"
        HIDE = states.Action.HIDE.value, "Hidden"
        RESTORE = states.Action.RESTORE.value, "Restored"
        KEEP = states.Action.KEEP.value, "Looked at, kept"
        SPAM = states.Action.SPAM.value, "Marked as spam"
        REMOVE = states.Action.REMOVE.value, "Removed"
        UPHOLD = states.Action.UPHOLD.value, "Looked at again, and it stays so"
        WITHDRAW = states.Action.WITHDRAW.value, "Withdrawn by its writer"
        REINSTATE = states.Action.REINSTATE.value, "Withdrawal undone"
        UNDO = states.Action.UNDO.value, "Decision undone"
        PLACE = "place", "Set on other words by hand"
        CUT = "cut", "Removed another reader’s words for it"
        STRIKE = "strike", "Removed a reader’s remark on a source"
        DETAIN = "detain", "Held a line beside it for a moderator"
        PASS = "pass", "Let a line beside it stand"
        SUSPEND = "suspend", "Suspended"
        LIFT = "lift", "Suspension ended"
        PURGE = "purge", "Everything of an account marked as spam"
        SLOW = "slow", "Slowed down"
        UNLINK = "unlink", "Took away an archived copy"
        CLOSE = "close", "Closed to annotations"
        OPEN = "open", "Opened to annotations"

    # What it is about: an annotation mostly; a reader who was suspended, an article that was slowed down. Of a line
    # beside an annotation: the annotation, and who said the line.
    annotation = models.ForeignKey(Annotation, models.PROTECT, null=True, blank=True, related_name="moderation_entries")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="entries_about"
    )
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="moderation_entries")
    # Who did it; the person is empty where a rule did.
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MODERATOR)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="moderation_entries"
    )
    action = models.CharField(max_length=12, choices=Action.choices)
    # Of an annotation; empty of everything else, and before an annotation that was held when it was written.
    from_state = models.CharField(max_length=10, choices=Annotation.State.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=Annotation.State.choices, blank=True)
    # The rule that was broken, where one was.
    rule = models.CharField(max_length=16, choices=Rule.choices, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    # Of an anchor set by hand: where it was and where it is now, in words. Of what was removed: whose words, and which.
    # Of what a rule held: why.
    details = models.TextField(blank=True)
    # What was done at one go has the same.
    batch = models.UUIDField(null=True, blank=True, db_index=True)
    # Of a decision about a line beside an annotation that waited: the entry by which it did.
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # The decision that this line undoes.
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ModerationEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "moderation log entry"
        verbose_name_plural = "moderation log"
        constraints = (
            models.CheckConstraint(
                condition=Q(annotation__isnull=False) | Q(reader__isnull=False) | Q(article__isnull=False),
                name="moderation_entry_about_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.reason}"

    def save(self, *_arguments: object, using: str | None = None, **_options: object) -> None:
        """Add the line; refuse to save it a second time."""
        if not self._state.adding:
            raise AppendOnlyError
        # A new object that carries the number of a line there is must not replace it.
        super().save(force_insert=True, using=using)

    def delete(self, *_arguments: object, **_options: object) -> NoReturn:
        """Refuse: the log is only added to."""
        raise AppendOnlyError


# What is about a line that somebody put beside an annotation, and not about the annotation.
ABOUT_LINES = frozenset(
    {
        ModerationEntry.Action.CUT,
        ModerationEntry.Action.STRIKE,
        ModerationEntry.Action.UNLINK,
        ModerationEntry.Action.DETAIN,
        ModerationEntry.Action.PASS,
    }
)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> Self:
        """Keep the appeals that wait for another moderator; withdrawing an annotation leaves nothing to look at."""
        return self.filter(answered_by__isnull=True, annotation__state__in=states.APPEALABLE)


class Appeal(models.Model):
    """A writer's request that another moderator looks at a decision again: one for each annotation, for ever."""

    annotation = models.OneToOneField(Annotation, models.CASCADE, related_name="appeal")
    # The decision in question.
    entry = models.ForeignKey(ModerationEntry, models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)
    # What another moderator decided; empty while it waits.
    answered_by = models.ForeignKey(ModerationEntry, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"Appeal on {self.annotation_id}"

    @property
    def outcome(self) -> str:
        """Give what became of it: the decision that answered it, or what it waits for."""
        if self.answered_by:
            return self.answered_by.get_action_display()
        return "Waiting" if self.annotation.is_taken_down else self.annotation.get_state_display()


class ReasonTemplate(models.Model):
    """What moderators say often, to begin a reason with."""

    title = models.CharField(max_length=80, unique=True)
    rule = models.CharField(max_length=16, choices=Rule.choices, blank=True)
    words = models.TextField(max_length=1000, help_text="Its writer reads them. Say what is wrong with the words.")

    class Meta:
        ordering = ("title",)
        verbose_name = "template of a reason"
        verbose_name_plural = "templates of reasons"

    def __str__(self) -> str:
        return self.title
