"""What a rating is given in."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget

from annotations import ranking, rating
from annotations.accepting import NotAccepted
from annotations.forms.acts import ActForm
from annotations.models import Annotation, Rating
from reader.models import User


class RatingForm(ActForm):
    """How helpful an annotation is, and why."""

    value = forms.ChoiceField(
        label="Is this helpful?",
        choices=rating.CHOICES,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how helpful it is."),
    )
    reasons = forms.MultipleChoiceField(
        label="Why",
        required=False,
        choices=[(reason, reason.capitalize()) for reason in ranking.ALL_REASONS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "“%(value)s” is none of the reasons."},
    )

    def __init__(self, *args: Any, annotation: Annotation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.annotation = annotation
        # Several forms may stand in one panel.
        self.auto_id = f"rate-{annotation.pk}-%s"

    @classmethod
    def of(cls, annotation: Annotation, given: Rating | None, *, value: str) -> "RatingForm":
        """Give the form with what the reader said before, if they did, and with the value they chose now."""
        initial = {"value": given.value, "reasons": given.reasons} if given else {}
        return cls(annotation=annotation, initial=initial | ({"value": value} if value in Rating.Value else {}))

    @property
    def helpful_reasons(self) -> list[BoundWidget]:
        return self._reasons(ranking.HELPFUL_REASONS)

    @property
    def unhelpful_reasons(self) -> list[BoundWidget]:
        return self._reasons(ranking.UNHELPFUL_REASONS)

    def rate(self, *, by: User) -> Rating | None:
        """Give the rating, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return rating.rate(annotation=self.annotation, by=by, **self.cleaned_data)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None

    def _reasons(self, reasons: tuple[str, ...]) -> list[BoundWidget]:
        return [widget for widget in self["reasons"] if widget.data["value"] in reasons]
