"""What it is said in that two documents are the same story, or that they are not."""

from collections.abc import Mapping
from typing import Any

from django import forms

from annotations import stories
from annotations.accepting import NotAccepted
from annotations.forms.acts import ActForm
from annotations.models import Document
from annotations.shelving import Name
from reader.models import User
from reader.text.direction import isolated

_TITLE_LENGTH = 100


class SameStoryForm(ActForm):
    """Another document that tells the same story, or that one may take for it."""

    other = forms.ChoiceField(
        label="The other document",
        error_messages={
            "required": "Choose the other document.",
            "invalid_choice": "This is no longer cited beside the article. Choose another.",
        },
    )
    said = forms.ChoiceField(
        label="Do they tell the same story?",
        widget=forms.RadioSelect,
        choices=[
            ("same", "Yes: one report, as an agency’s in two papers, or one paper in two places"),
            ("different", "No, they are two"),
        ],
        error_messages={
            "required": "Say whether they tell the same story.",
            "invalid_choice": "Say whether they tell the same story.",
        },
    )

    def __init__(self, *args: Any, document: Document, names: Mapping[int, Name], **options: Any) -> None:
        super().__init__(*args, **options)
        self.document, self.names = document, names
        others = self.fields["other"]
        assert isinstance(others, forms.ChoiceField)  # noqa: S101  (declared above; this tells the type checker)
        known = sorted((name.label.casefold(), pk, name) for pk, name in names.items() if pk != document.pk)
        others.choices = [("", "Choose …"), *((str(pk), _shortened(name)) for _, pk, name in known)]

    def say(self, *, by: User) -> bool:
        """Say so, or give False and keep the errors."""
        if not self.is_valid():
            return False
        said = self.cleaned_data
        try:
            stories.say(document=self.document, other=int(said["other"]), by=by, is_same=said["said"] == "same")
        except NotAccepted as refusal:
            self.refuse(refusal)
        return not self.errors


def _shortened(name: Name) -> str:
    """Give what a document is called, as long as a line of a form may be."""
    title = name.title or name.url
    short = title if len(title) <= _TITLE_LENGTH else f"{title[: _TITLE_LENGTH - 1]}…"
    return f"{isolated(short)} · {isolated(name.publisher)}"
