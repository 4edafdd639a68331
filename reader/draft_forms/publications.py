"""When a draft is published, whether an article is open, and what is thrown away."""

from django import forms
from django.db import transaction

from reader import drafting, tasks
from reader.models import Article, Draft, User

# What a published article can be; it is never a draft again.
STATUSES = tuple(choice for choice in Article.Status.choices if choice[0] != Article.Status.DRAFT)


class PublicationForm(forms.Form):
    """When to publish, and why."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label="At",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Write day and time as 2026-03-01 09:30."},
    )
    note = forms.CharField(
        label="Correction note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def begin(self, *, draft: Draft, by: User) -> Draft:
        """Publish the draft now or at its time, as far as a page does it: the worker does the rest.

        Neither is ever there without the other. Raises as `drafting.schedule` and `begin_publishing` do.
        """
        given, note = self.cleaned_data, self._note
        with transaction.atomic():
            if given["at"]:
                waiting = drafting.schedule(draft=draft, by=by, version=given["version"], at=given["at"], note=note)
                task = tasks.publish_draft.using(run_after=waiting.publish_at)
            else:
                waiting = drafting.begin_publishing(draft=draft, by=by, version=given["version"], note=note)
                task = tasks.publish_draft
            task.enqueue(waiting.pk, waiting.version)
        return waiting

    def call_off(self, *, draft: Draft, by: User) -> Draft:
        """Let the draft no longer wait for its time. Raises as `drafting.unschedule` does."""
        return drafting.unschedule(draft=draft, by=by, version=self.cleaned_data["version"], note=self._note)

    @property
    def _note(self) -> str | None:
        """Give the correction note, or None when the page did not ask for one."""
        return self.cleaned_data["note"] if "note" in self.data else None

    def renew(self, draft: Draft) -> None:
        """Say that the draft is another than was looked at, and let the next attempt be about this one."""
        self.data = {**dict(self.data.items()), "version": str(draft.version)}
        self.add_error(
            None, "This draft was saved elsewhere since you looked at it. Look at it again before you publish it."
        )


class StatusForm(forms.Form):
    """What readers may do with a published article."""

    status = forms.ChoiceField(
        label="Status",
        choices=STATUSES,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose what the article is to be: published, closed or archived."
        ),
    )


class VersionForm(forms.Form):
    """Which state of a draft an act is about."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
