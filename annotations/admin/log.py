"""The moderation log, to read."""

from django.contrib import admin
from django.utils.safestring import SafeString

from annotations.admin.reading import ReadOnlyAdmin, link_to_page
from annotations.models import ModerationEntry


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "action", "about", "reason", "details", "moderator", "from_state", "to_state")
    list_filter = ("action", ("moderator", admin.RelatedOnlyFieldListFilter), "created_at")
    list_select_related = ("annotation", "moderator")
    search_fields = ("reason", "details", "annotation__body", "moderator__username")
    search_help_text = "Words of the reason, of the details or of the annotation, or the moderator."
    ordering = ("-id",)
    fields = ("created_at", "action", "about", "reason", "details", "moderator", "from_state", "to_state")
    readonly_fields = ("about",)

    @admin.display(description="annotation")
    def about(self, entry: ModerationEntry) -> SafeString:
        return link_to_page(entry.annotation)
