"""The panel's pages for people and texts."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import admin as auth
from django.db import IntegrityError, models, transaction
from django.forms import ModelForm
from django.http import HttpRequest

from reader.forms import NewUserForm, UserForm
from reader.models import Article, Revision, User
from reader.models.articles import ArticleQuerySet


@admin.register(User)
class UserAdmin(auth.UserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("username", "password", "email")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("About the account", {"fields": ("is_sample", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)
    list_display = ("username", "email", "is_active", "is_staff", "is_sample", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "is_sample", "groups", "date_joined")
    search_fields = ("username", "email")
    ordering = ("-date_joined",)

    # What only a superuser may give, lest somebody give it to themselves.
    powers: ClassVar = ("is_staff", "is_superuser", "groups", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        powers = () if request.user.is_superuser else self.powers
        # A name is an address and stands on pages that are kept, so it stays.
        name = ("username",) if obj else ()
        return ("last_login", "date_joined", *name, *powers)

    def changeform_view(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401  (as the panel gives it)
        try:
            return super().changeform_view(*args, **options)
        except IntegrityError:
            # Somebody took the name in between: asked once more, the form sees it and says so.
            return super().changeform_view(*args, **options)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Say no: an account is made inactive, and what its bearer wrote keeps its writer."""
        return False


class RevisionInline(admin.TabularInline):  # type: ignore[type-arg]
    """The article's states, newest first. They never change once written."""

    model = Revision
    fields = readonly_fields = ("number", "title", "byline", "note", "creator", "created_at")
    ordering = ("-number",)
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What stands beside a text. The text itself changes by revision, and its address never."""

    fields = (
        "title",
        "status",
        "slug",
        "publisher",
        "published_on",
        "original_url",
        "language",
        "created_at",
        "published_at",
    )
    readonly_fields = ("title", "status", "created_at", "published_at")
    list_display = ("title", "status", "publisher", "language", "published_at")
    list_filter = ("status", "language", "published_at")
    list_select_related = ("current_revision",)
    search_fields = ("slug", "current_revision__title", "publisher")
    inlines = (RevisionInline,)
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """Keep the address of what readers have seen: links lead there."""
        return self.readonly_fields if obj and obj.is_draft else (*self.readonly_fields, "slug")

    def get_queryset(self, request: HttpRequest) -> ArticleQuerySet:
        return Article.objects.with_revision().without_text()

    @admin.display(description="title", ordering="current_revision__title")
    def title(self, article: Article) -> str:
        return article.title

    def save_model(
        self,
        request: HttpRequest,
        obj: Article,
        form: ModelForm,  # type: ignore[type-arg]
        change: bool,  # noqa: FBT001  (Django's signature)
    ) -> None:
        """Write only what was changed: a whole row written back would undo activity counted meanwhile."""
        with transaction.atomic():
            obj.save(update_fields=form.changed_data)
            obj.touch()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: articles come by import, with their first revision."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Say no: an article's address is permanent, and what readers wrote hangs on it."""
        return False
