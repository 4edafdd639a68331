"""What readers keep an eye on: the people and threads they follow, and how far they have read an article's margin."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.annotations import Annotation
from reader.models import Article


class Subscription(models.Model):
    """That a reader follows one person, or one thread by its head."""

    follower = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="followed_by"
    )
    thread = models.ForeignKey(Annotation, models.CASCADE, null=True, blank=True, related_name="followed_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False, thread__isnull=True) | Q(person__isnull=True, thread__isnull=False),
                name="subscription_to_one_thing",
            ),
            models.UniqueConstraint(
                fields=("follower", "person"), condition=Q(person__isnull=False), name="person_followed_once"
            ),
            models.UniqueConstraint(
                fields=("follower", "thread"), condition=Q(thread__isnull=False), name="thread_followed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.person or self.thread}"


class Visit(models.Model):
    """How far one reader knows what is written beside one article.

    Annotations above `seen_to` are new to them. A visit goes on while they keep coming back; when they come after a
    longer while, what they had `reached` is what they have seen.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="visits")
    # Ids of annotations: the newest there was when the visit before ended, and the newest shown in this one.
    seen_to = models.PositiveBigIntegerField(default=0)
    reached = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("reader", "article"), name="visit_once_an_article"),)

    def __str__(self) -> str:
        return f"{self.reader_id} on {self.article_id}, {self.at:%Y-%m-%d}"
