"""The moderators' list of annotations, the page of each, and the way to a decision."""

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annotations import moderating, passages, placing, wordings
from annotations.admin import deciding
from annotations.admin.filters import ArticleFilter, ReportsFilter
from annotations.admin.reading import ReadOnlyAdmin, link_to_page, link_to_reader, shortened
from annotations.models import Annotation, Flag, ModerationEntry
from reader.models import User

# A page of the admin shows this much of a thread; the public page has all of it.
THREAD_SHOWN = 50


@admin.register(Annotation)
class AnnotationAdmin(ReadOnlyAdmin):
    list_display = ("statement", "passage", "kind", "state", "open_reports", "writer", "on_article", "written")
    list_display_links = ("statement",)
    list_filter = ("state", ReportsFilter, "kind", ArticleFilter, "created_at")
    list_select_related = ("creator", "article__current_revision")
    search_fields = ("body", "exact", "creator__username")
    search_help_text = "Words of the annotation, words it is about, or its writer."
    ordering = ("-id",)
    actions = (
        "approve_selected",
        "deny_selected",
        "hide_selected",
        "mark_selected_as_spam",
        "restore_selected",
        "keep_selected",
        "remove_selected",
    )

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Annotation]:
        # Counted for each row shown: joined in, every report would be grouped before the first row is.
        waiting = Flag.objects.open().filter(annotation=OuterRef("pk")).order_by().values("annotation")
        counted = waiting.annotate(number=Count("pk")).values("number")
        annotations: QuerySet[Annotation] = super().get_queryset(request)
        number = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        return annotations.annotate(open_flag_count=number)

    @admin.display(description="statement")
    def statement(self, annotation: Annotation) -> str:
        return shortened(annotation.gist)

    @admin.display(description="passage", ordering="exact")
    def passage(self, annotation: Annotation) -> str | SafeString:
        words = self._words(annotation)
        if annotation.state == Annotation.State.WITHDRAWN:
            return words
        return format_html('<a href="{}">{}</a>', annotation.get_absolute_url(), words)

    def _words(self, annotation: Annotation) -> str:
        if annotation.target == Annotation.Target.PASSAGE:
            return f"“{shortened(annotation.exact)}”"
        if annotation.target == Annotation.Target.PARAGRAPH:
            return f"Whole paragraph: “{shortened(annotation.exact, 60)}”"
        if annotation.target == Annotation.Target.ANNOTATION:
            return f"Answer to {annotation.parent_id}"
        return "Whole article"

    @admin.display(description="open reports", ordering="open_flag_count")
    def open_reports(self, annotation: Annotation) -> int:
        return cast(int, vars(annotation)["open_flag_count"])

    @admin.display(description="writer", ordering="creator__username")
    def writer(self, annotation: Annotation) -> SafeString:
        return link_to_reader(annotation.creator)

    @admin.display(description="article", ordering="article")
    def on_article(self, annotation: Annotation) -> SafeString:
        article = annotation.article
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), shortened(article.title, 40))

    @admin.display(description="written", ordering="created_at")
    def written(self, annotation: Annotation) -> str:
        return date_format(timezone.localtime(annotation.created_at), "j M Y")

    # The page of one

    def render_change_form(  # noqa: PLR0917  (Django's signature)
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Annotation | None = None,
    ) -> HttpResponse:
        if obj:
            context |= self._page(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _page(self, request: HttpRequest, annotation: Annotation) -> dict[str, Any]:
        head = annotation.root or annotation
        thread = Annotation.objects.filter(root=head).with_creator()[: THREAD_SHOWN + 1]
        return {
            "title": str(annotation),
            "subtitle": None,
            "annotation": annotation,
            "decisions": self._decisions(request, annotation),
            "is_placeable": self._is_placeable(request, annotation),
            "excerpts": passages.excerpts(annotation),
            "anchor": passages.anchor_now(annotation),
            "history": wordings.of(annotation, page=str(request.GET.get("wordings", "1"))),
            "head": head,
            "replies": thread[:THREAD_SHOWN],
            "is_thread_cut": len(thread) > THREAD_SHOWN,
            "flags": annotation.flags.with_people(),
            "entries": annotation.moderation_entries.with_people(),
        }

    def _decisions(self, request: HttpRequest, annotation: Annotation) -> list[tuple[deciding.Decision, str]]:
        """Give what may be decided about it as it stands, with the addresses where that is confirmed."""
        if not self.has_moderate_permission(request):
            return []
        return [
            (decision, self._address(request, decision, [annotation.pk]))
            for decision in deciding.DECISIONS.values()
            if moderating.is_possible(decision.action, annotation)
        ]

    def _is_placeable(self, request: HttpRequest, annotation: Annotation) -> bool:
        """Say whether this person may set it by hand on its own page, which a withdrawn one has not."""
        has_page = annotation.is_readable_by(request.user)
        return has_page and placing.is_placeable(annotation) and placing.may_place(request.user)

    # Deciding

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("annotations.moderate_annotation")

    @admin.action(description="Approve…", permissions=["moderate"])
    def approve_selected(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "approve", selected)

    @admin.action(description="Send back…", permissions=["moderate"])
    def deny_selected(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "deny", selected)

    @admin.action(description="Mark as spam…", permissions=["moderate"])
    def mark_selected_as_spam(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "spam", selected)

    @admin.action(description="Hide…", permissions=["moderate"])
    def hide_selected(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "hide", selected)

    @admin.action(description="Restore…", permissions=["moderate"])
    def restore_selected(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "restore", selected)

    @admin.action(description="Keep, and answer the reports…", permissions=["moderate"])
    def keep_selected(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "keep", selected)

    @admin.action(description="Remove…", permissions=["moderate"])
    def remove_selected(self, request: HttpRequest, selected: QuerySet[Annotation]) -> HttpResponse | None:
        return self._confirm(request, "remove", selected)

    def _confirm(self, request: HttpRequest, action: str, selected: QuerySet[Annotation]) -> HttpResponse | None:
        ids = list(selected.values_list("pk", flat=True)[: deciding.MOST_AT_ONCE + 1])
        if len(ids) > deciding.MOST_AT_ONCE:
            sentence = (
                f"Please choose at most {deciding.MOST_AT_ONCE} at a time, so that each is read. Nothing was done."
            )
            self.message_user(request, sentence, messages.WARNING)
            return None
        return HttpResponseRedirect(self._address(request, deciding.DECISIONS[action], ids))

    def _address(self, request: HttpRequest, decision: deciding.Decision, ids: list[int]) -> str:
        """Give where the decision is confirmed; the list's own filters travel along."""
        address = reverse(f"admin:annotations_annotation_{decision.action}")
        return self._with_filters(request, f"{address}?{urlencode({'ids': ','.join(map(str, ids))})}")

    def _with_filters(self, request: HttpRequest, address: str) -> str:
        return add_preserved_filters(
            {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}, address
        )

    def get_urls(self) -> list[URLPattern]:
        confirm = self.admin_site.admin_view(self.decision_view)
        return [
            path(f"{action}/", confirm, {"action": action}, name=f"annotations_annotation_{action}")
            for action in deciding.DECISIONS
        ] + super().get_urls()

    def decision_view(self, request: HttpRequest, action: str) -> HttpResponse:
        """Show what is about to be decided and ask why; then do it, and tell what became of each."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        decision = deciding.DECISIONS[action]
        is_sent = request.method == "POST"
        linked = str(request.GET.get("ids", ""))
        read = deciding.seen(request.POST.getlist("seen")) if is_sent else deciding.linked(linked)
        annotations = list(self._chosen(request, read))
        if not annotations:
            self.message_user(request, "Nothing was chosen.", messages.WARNING)
            return HttpResponseRedirect(self._list_address(request))
        form = deciding.DecisionForm(request.POST if is_sent else None, action=decision.action)
        if not form.is_valid():
            return self._ask(request, decision, annotations, form)
        outcome = deciding.decide(decision, annotations, by=cast(User, request.user), said=form.cleaned_data, read=read)
        self._tell(request, decision, outcome)
        return HttpResponseRedirect(self._list_address(request))

    def _chosen(self, request: HttpRequest, ids: Iterable[int]) -> QuerySet[Annotation]:
        chosen = list(ids)[: deciding.MOST_AT_ONCE]
        # Read with the annotations themselves: what is done after this query is later than what is shown.
        entries = ModerationEntry.objects.filter(annotation=OuterRef("pk")).order_by("-id").values("pk")[:1]
        return (
            self.get_queryset(request)
            .filter(pk__in=chosen)
            .annotate(read_to=Coalesce(Subquery(entries), 0))
            .select_related("creator", "parent", "article__current_revision")
        )

    def _ask(
        self,
        request: HttpRequest,
        decision: deciding.Decision,
        annotations: list[Annotation],
        form: deciding.DecisionForm,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **deciding.page_context(decision, annotations, form),
            "opts": self.opts,
            "list_address": self._list_address(request),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/annotations/annotation/decision.html", context, status=status)

    def _tell(self, request: HttpRequest, decision: deciding.Decision, outcome: deciding.Outcome) -> None:
        if len(outcome.done) == 1:
            self.message_user(request, format_html("{}: {}", decision.done, link_to_page(outcome.done[0])))
        elif outcome.done:
            self.message_user(request, f"{decision.done}: {len(outcome.done)} annotations.")
        for annotation, sentence in outcome.refused:
            told = format_html("Not done: {}. {}", link_to_page(annotation), sentence)
            self.message_user(request, told, messages.WARNING)

    def _list_address(self, request: HttpRequest) -> str:
        return self._with_filters(request, reverse("admin:annotations_annotation_changelist"))
