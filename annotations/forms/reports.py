"""What a report is written in."""

from collections.abc import Iterator, Mapping

from django import forms
from django.forms.boundfield import BoundWidget

from annotations.models import Rule

# What each rule means, for who wonders which it is.
_EXPLAINED: Mapping[str, str] = {
    Rule.SPAM: "It advertises, or says the same again and again.",
    Rule.ATTACK: "It is about a person, and not about what they say.",
    Rule.PRIVATE: "It gives away what somebody keeps to themselves: an address, a number, a name.",
    Rule.OFF_TOPIC: "It has nothing to do with these words.",
    Rule.MISREPRESENTED: "A source does not say what is claimed of it. Quote it, if you can.",
    Rule.DUPLICATE: "The same stands here already. Say where.",
    Rule.LEGAL: "It may break the law. Say which, and whom it concerns.",
}


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

    @property
    def reasons(self) -> Iterator[tuple[BoundWidget, str]]:
        """Give each reason with a line on what it means."""
        return ((choice, _EXPLAINED[choice.data["value"]]) for choice in self["reason"])
