"""What a verdict on a source is given in."""

from typing import Any

from django import forms

from annotations import verdicts
from annotations.accepting import NotAccepted
from annotations.forms.acts import ActForm, Words
from annotations.models import Source, SourceVerdict
from reader.models import User


class VerdictForm(ActForm):
    """What a reader found in a source."""

    verdict = forms.ChoiceField(
        label="Does it bear out what it is cited for here?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found.", "invalid_choice": "Choose what you found."},
    )
    remark = Words(
        label="In a line, if it helps",
        required=False,
        max_length=verdicts.REMARK_MAX_LENGTH,
        help_text="Such as where in it, or what it says instead.",
    )

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        self.source = source
        # Several forms may stand in one panel.
        self.auto_id = f"verdict-{source.pk}-%s"
        chosen = self.fields["verdict"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  (declared above; this tells the type checker)
        chosen.choices = verdicts.choices(source)

    @classmethod
    def of(cls, source: Source, given: SourceVerdict | None) -> "VerdictForm":
        """Give the form with what the reader said before, if they did."""
        initial = {"verdict": given.verdict, "remark": given.remark} if given else {}
        return cls(source=source, initial=initial)

    def give(self, *, by: User) -> SourceVerdict | None:
        """Give the verdict, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return verdicts.give(source=self.source, by=by, **self.cleaned_data)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None
