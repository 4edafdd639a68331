"""The moderation log, to read."""

from django.contrib import admin
from django.utils.safestring import SafeString

from annotations.admin.reading import ReadOnlyAdmin, link_to_page, link_to_reader
from annotations.models import ModerationEntry


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "action", "about", "rule", "reason", "details", "moderator", "from_state", "to_state")
    list_filter = ("action", "rule", "role", ("moderator", admin.RelatedOnlyFieldListFilter), "created_at")
    list_select_related = ("annotation", "reader", "article__current_revision", "moderator")
    search_fields = ("reason", "details", "annotation__body", "moderator__username")
    search_help_text = "Words of the reason, of the details or of the annotation, or the moderator."
    ordering = ("-id",)
    fields = ("created_at", "action", "about", "rule", "reason", "details", "moderator", "from_state", "to_state")
    readonly_fields = ("about",)

    @admin.display(description="annotation")
    def about(self, entry: ModerationEntry) -> SafeString | str:
        if entry.annotation:
            return link_to_page(entry.annotation)
        return link_to_reader(entry.reader) if entry.reader else str(entry.article)
