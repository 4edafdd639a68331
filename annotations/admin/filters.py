"""What the moderators' lists can be narrowed to."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from annotations.models import Annotation, Appeal, Flag
from reader.models import Article

# A side bar with more than this is no help; older articles are found by searching.
ARTICLES_LISTED = 50


class ReportsFilter(admin.SimpleListFilter):
    """Narrow annotations to those readers have reported."""

    title = "reports"
    parameter_name = "reports"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> Iterable[tuple[str, str]]:
        return (("open", "Waiting for a decision"), ("any", "Reported at any time"), ("none", "Never reported"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Annotation]) -> QuerySet[Annotation]:
        reports = Flag.objects.filter(annotation=OuterRef("pk"))
        if self.value() == "open":
            return queryset.filter(Exists(reports.open()))
        if self.value() == "any":
            return queryset.filter(Exists(reports))
        if self.value() == "none":
            return queryset.filter(~Exists(reports))
        return queryset


class ArticleFilter(admin.SimpleListFilter):
    """Narrow annotations to one article, of those published last."""

    title = "article"
    parameter_name = "article"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> Iterable[tuple[str, str]]:
        articles = Article.objects.published().with_revision()[:ARTICLES_LISTED]
        return [(article.slug, article.title) for article in articles]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Annotation]) -> QuerySet[Annotation]:
        return queryset.filter(article__slug=self.value()) if self.value() else queryset


class AnswerFilter(admin.SimpleListFilter):
    """Narrow reports to those that wait, or those that were answered."""

    title = "answer"
    parameter_name = "answer"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> Iterable[tuple[str, str]]:
        return (("open", "Waiting for a decision"), ("given", "Answered"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        if self.value() == "open":
            return Flag.objects.open() & queryset
        if self.value() == "given":
            return queryset.filter(settled_by__isnull=False)
        return queryset


class AppealFilter(admin.SimpleListFilter):
    """Narrow appeals to those that wait, or those that were answered."""

    title = "answer"
    parameter_name = "answer"

    def lookups(self, _request: HttpRequest, _model_admin: object) -> Iterable[tuple[str, str]]:
        return (("open", "Waiting for another moderator"), ("given", "Answered"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        if self.value() == "open":
            return Appeal.objects.open() & queryset
        if self.value() == "given":
            return queryset.filter(answered_by__isnull=False)
        return queryset
