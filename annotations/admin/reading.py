"""Pages of the admin that only show: what stands there is changed by acts, never by a form over columns."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from annotations.models import Annotation
from reader.models import User


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list and a page for each object; nobody adds, changes or deletes here, superusers included."""

    list_per_page = 100
    show_full_result_count = False
    # Counting every filter's share reads the whole table once for each.
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def link_to_page(annotation: Annotation) -> SafeString:
    """Give a link to the annotation's page in the admin, worded by its kind and first words."""
    return format_html('<a href="{}"><bdi>{}</bdi></a>', page_of(annotation), annotation)


def page_of(annotation: Annotation) -> str:
    """Give the address of the annotation's page in the admin."""
    return reverse("admin:annotations_annotation_change", args=[annotation.pk])


def link_to_reader(reader: User) -> SafeString:
    """Give a link to what moderators know of a reader."""
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse("record", args=[reader.username]), reader)


def link_to_case(annotation: Annotation) -> SafeString:
    """Give a link to where an annotation is decided about, worded as `link_to_page` does."""
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse("case", args=[annotation.pk]), annotation)


def shortened(words: str, length: int = 80) -> str:
    """Cut words for a column of a list."""
    return Truncator(words).chars(length)
