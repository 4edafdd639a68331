"""Articles: the texts people argue about."""

from functools import cache
from typing import NamedTuple, Self

from django.db import connections, models
from django.db.models import F
from django.urls import reverse

from reader.text.direction import direction


class ArticleState(NamedTuple):
    """Everything that decides what an article's pages show."""

    id: int
    revision_id: int
    activity: int


_STATE_COLUMNS = ("id", "current_revision_id", "activity")


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        return self.filter(current_revision__isnull=False)

    def listed(self) -> Self:
        """Keep what the library shows: published, and not put away."""
        return self.published().exclude(status=Article.Status.ARCHIVED)

    def archived(self) -> Self:
        """Keep what was put away: still read, and no longer in the library."""
        return self.filter(status=Article.Status.ARCHIVED)

    def with_revision(self) -> Self:
        return self.select_related("current_revision")

    def without_text(self) -> Self:
        """Leave out what is long, for lists."""
        return self.defer("current_revision__text")

    def state_of(self, slug: str) -> ArticleState | None:
        """Give the state of the published article at this address, or None: one small query.

        Every reading of every article asks this first, and building the query takes Django ten times as long as
        answering it takes the database. So the query is built once; only the slug in it ever changes.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(_state_query(self.db), [slug])
            row = cursor.fetchone()
        return ArticleState(*row) if row else None


class Article(models.Model):
    """A text at one address for ever; what it says is in its revisions."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed to new annotations"
        ARCHIVED = "archived", "Archived"

    # A draft has no revision yet and no reader sees it; every other status has one, and everybody reads it.
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    publisher = models.CharField(max_length=200, blank=True)
    original_url = models.URLField("original address", max_length=2000, blank=True)
    language = models.CharField(max_length=35, default="en", help_text="BCP 47 tag, such as en or zh-Hans.")
    published_on = models.DateField("first published on", null=True, blank=True, help_text="By its publisher.")
    current_revision = models.OneToOneField(
        "reader.Revision", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # Rises with every visible change, in that change's transaction: cached pages are keyed by it.
    activity = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reading", args=[self.slug])

    @property
    def title(self) -> str:
        """Give the title of the current revision, or the slug before there is one."""
        return self.current_revision.title if self.current_revision else self.slug

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_open(self) -> bool:
        """Say whether readers may add to what is said about it."""
        return self.status == self.Status.PUBLISHED

    @property
    def direction(self) -> str:
        """Give "rtl" for a text that is written from right to left, else "ltr"."""
        return direction(self.language)

    def touch(self) -> None:
        """Count one visible change. Call it inside the transaction that makes the change."""
        Article.objects.filter(pk=self.pk).update(activity=F("activity") + 1)


@cache
def _state_query(database: str) -> str:
    """Give the query of `state_of` in this database's SQL, with one place left open, for the slug."""
    states = Article.objects.published().filter(slug="any").order_by().values_list(*_STATE_COLUMNS)
    query: str = states.query.get_compiler(database).as_sql()[0]
    return query
