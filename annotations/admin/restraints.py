"""What keeps order before anybody decides: templates of reasons, watched words, known sites, suspensions, appeals."""

from typing import cast

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString

from annotations import moderating, watching
from annotations.admin.filters import AppealFilter
from annotations.admin.reading import ReadOnlyAdmin, link_to_case, link_to_reader
from annotations.models import Appeal, KnownSite, ReasonTemplate, Suspension, WatchedTerm
from reader.models import User


@admin.register(ReasonTemplate)
class ReasonTemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "rule", "words")
    list_filter = ("rule",)
    search_fields = ("title", "words")


class WatchedTermForm(forms.ModelForm):  # type: ignore[type-arg]
    """Take words that something could be found by."""

    class Meta:
        model = WatchedTerm
        fields = ("words", "note")

    def clean_words(self) -> str:
        """Give the words in one spacing. Refuse what has no letter or figure, and what is watched already."""
        words = " ".join(cast(str, self.cleaned_data["words"]).split())
        plain = watching.normalized(words)
        if not any(character.isalnum() for character in plain):
            raise forms.ValidationError("Write at least one letter or figure.")
        others = WatchedTerm.objects.exclude(pk=self.instance.pk).values_list("words", flat=True)
        if plain in map(watching.normalized, others):
            raise forms.ValidationError("These words are watched already.")
        return words


@admin.register(WatchedTerm)
class WatchedTermAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = WatchedTermForm
    list_display = ("words", "note", "creator", "created_at")
    list_select_related = ("creator",)
    search_fields = ("words", "note")

    def save_model(
        self,
        request: HttpRequest,
        obj: WatchedTerm,
        form: forms.ModelForm,  # type: ignore[type-arg]
        change: bool,  # noqa: FBT001  (Django's signature)
    ) -> None:
        """Remember who began to watch for it."""
        if not change:
            obj.creator = cast(User, request.user)
        super().save_model(request, obj, form, change)


@admin.register(KnownSite)
class KnownSiteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Sites that were linked to. One that is deleted is new again: the next new account that links to it waits."""

    list_display = ("name", "created_at")
    search_fields = ("name",)
    readonly_fields = ("name", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Suspension)
class SuspensionAdmin(ReadOnlyAdmin):
    list_display = ("whose", "scope", "until", "reason", "moderator", "created_at", "lifted_at")
    list_filter = ("scope", "until", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("reader", "moderator")
    search_fields = ("reader__username", "reason")
    fields = ("whose", "scope", "until", "reason", "moderator", "created_at", "lifted_at")
    readonly_fields = ("whose",)

    @admin.display(description="reader", ordering="reader__username")
    def whose(self, suspension: Suspension) -> SafeString:
        return link_to_reader(suspension.reader)


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    list_display = ("about", "words", "writer", "decided_by", "created_at", "answer")
    list_filter = (AppealFilter, "created_at")
    list_select_related = ("annotation__creator", "entry__moderator", "answered_by")
    search_fields = ("words", "annotation__creator__username")
    ordering = ("-pk",)
    fields = ("about", "words", "writer", "decided_by", "created_at", "answer")
    readonly_fields = ("about", "writer", "decided_by", "answer")

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm(moderating.PERMISSION)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="annotation")
    def about(self, appeal: Appeal) -> SafeString:
        return link_to_case(appeal.annotation)

    @admin.display(description="writer", ordering="annotation__creator__username")
    def writer(self, appeal: Appeal) -> SafeString:
        return link_to_reader(appeal.annotation.creator)

    @admin.display(description="decided by", ordering="entry__moderator__username")
    def decided_by(self, appeal: Appeal) -> str:
        return str(appeal.entry.moderator)

    @admin.display(description="answer")
    def answer(self, appeal: Appeal) -> str:
        return appeal.outcome
