"""The list of documents readers cite, to find all that cite one address."""

from django.contrib import admin
from django.utils.safestring import SafeString

from annotations.admin.reading import ReadOnlyAdmin, link_to_page
from annotations.models import Source


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    list_display = ("title_or_address", "url", "stance", "cited_by")
    list_filter = ("stance",)
    list_select_related = ("annotation",)
    search_fields = ("url", "document__canonical_url", "title", "publisher")
    search_help_text = "Part of the address, the title or the publisher."
    ordering = ("-id",)
    fields = ("cited_by", "url", "title", "publisher", "published_on", "stance", "excerpt", "locator")
    readonly_fields = ("cited_by",)

    @admin.display(description="document", ordering="title")
    def title_or_address(self, source: Source) -> str:
        return str(source)

    @admin.display(description="annotation")
    def cited_by(self, source: Source) -> SafeString:
        return link_to_page(source.annotation)
