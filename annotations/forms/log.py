"""What is looked for in the public log."""

from typing import Any

from django import forms

from annotations import logbook
from annotations.models import ModerationEntry, Rule
from annotations.models.moderation import ModerationEntryQuerySet
from reader.models import Article, User

_UNKNOWN = {"invalid_choice": "Nothing in the log is like this, so all of it is shown."}


class LogForm(forms.Form):
    """Which decisions a reader wants to see: all of them, unless something is chosen."""

    action = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[("", "Everything"), *((action, ModerationEntry.Action(action).label) for action in logbook.ACTIONS)],
        error_messages=_UNKNOWN,
    )
    rule = forms.ChoiceField(
        label="Rule", required=False, choices=[("", "Any"), *Rule.choices], error_messages=_UNKNOWN
    )
    article: forms.ModelChoiceField[Article] = forms.ModelChoiceField(
        label="Text", required=False, queryset=None, to_field_name="slug", empty_label="Any", error_messages=_UNKNOWN
    )
    moderator: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label="By",
        required=False,
        queryset=None,
        to_field_name="username",
        empty_label="Anybody",
        error_messages=_UNKNOWN,
    )
    month = forms.ChoiceField(label="Month", required=False, error_messages=_UNKNOWN)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["article"].queryset = logbook.articles()  # type: ignore[attr-defined]
        self.fields["moderator"].queryset = logbook.moderators()  # type: ignore[attr-defined]
        self.fields["month"].choices = [("", "Any"), *logbook.months()]  # type: ignore[attr-defined]

    @property
    def is_narrow(self) -> bool:
        """Say whether it leaves anything out."""
        return any(self.cleaned_data.values())

    def entries(self) -> ModerationEntryQuerySet:
        """Give the entries that are looked for; what cannot be understood narrows nothing, and says so at its field."""
        self.full_clean()
        return logbook.public(**self.cleaned_data)
