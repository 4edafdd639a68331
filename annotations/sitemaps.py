"""What search engines are to read: the library and every article, with the day of the newest change on each."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from reader.models import Article


class LibrarySitemap(Sitemap[str]):
    """The page that lists the articles, and the log of what was decided about what readers wrote."""

    changefreq = "daily"

    def items(self) -> list[str]:
        return ["library", "moderation-log"]

    def location(self, item: str) -> str:
        return reverse(item)


class ArticleSitemap(Sitemap[Article]):
    """Every article that is read, those that were put away too. A change is a revision, or a word about it."""

    limit = 1_000

    def items(self) -> QuerySet[Article]:
        revised_at = F("current_revision__created_at")
        written_at = Max("annotations__created_at")
        articles = Article.objects.published().only("slug").order_by("id")
        return articles.annotate(changed_at=Greatest(revised_at, Coalesce(written_at, revised_at)))

    def lastmod(self, item: Article) -> datetime:
        changed_at: datetime = vars(item)["changed_at"]
        return changed_at

    def get_latest_lastmod(self) -> None:
        """Leave it out: to know the newest change of all, every article of the site would have to be looked at."""


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"library": LibrarySitemap, "articles": ArticleSitemap}
