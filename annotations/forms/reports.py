"""What a report is written in."""

from django import forms

from annotations.models import Rule


class FlagForm(forms.Form):
    """A report."""

    reason = forms.ChoiceField(
        label="What is wrong with it",
        choices=Rule.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    details = forms.CharField(
        label="Anything a moderator should know",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
