"""What an appeal is written in."""

from typing import Any

from django import forms

from annotations import appealing
from annotations.accepting import NotAccepted
from annotations.forms.acts import ActForm, Words
from annotations.models import Annotation, Appeal
from reader.models import User


class AppealForm(ActForm):
    """Why what a moderator took down should stand."""

    words = Words(
        label="Why it should stand",
        required=False,
        max_length=appealing.WORDS_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The moderator who looks at it reads this, and nobody else.",
    )

    def __init__(self, *args: Any, annotation: Annotation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.annotation = annotation
        # Several forms may stand in one panel.
        self.auto_id = f"appeal-{annotation.pk}-%s"

    def appeal(self, *, by: User) -> Appeal | None:
        """Send the appeal, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return appealing.appeal(annotation=self.annotation, by=by, words=self.cleaned_data["words"])
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None
