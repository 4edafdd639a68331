"""The moderators' list of what readers reported."""

from django.contrib import admin
from django.utils.safestring import SafeString

from annotations.admin.filters import AnswerFilter
from annotations.admin.reading import ReadOnlyAdmin, link_to_page, link_to_reader
from annotations.models import Flag


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    list_display = ("reason", "about", "details", "reporter", "created_at", "outcome")
    list_filter = (AnswerFilter, "reason", "created_at")
    list_select_related = ("creator", "annotation", "settled_by")
    search_fields = ("details", "annotation__body", "creator__username")
    search_help_text = "Words of the report or of the annotation, or who reported it."
    ordering = ("-id",)
    fields = ("about", "reason", "details", "reporter", "created_at", "outcome", "settled_by")
    readonly_fields = ("about", "reporter", "outcome")

    @admin.display(description="annotation")
    def about(self, flag: Flag) -> SafeString:
        return link_to_page(flag.annotation)

    @admin.display(description="reported by", ordering="creator__username")
    def reporter(self, flag: Flag) -> SafeString:
        return link_to_reader(flag.creator)
