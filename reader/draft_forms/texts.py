"""A draft as one text."""

from typing import Any

from django import forms

from reader import drafting
from reader.draft_forms.blocks import as_typed
from reader.drafting import DraftConflict, DraftingError
from reader.importing import markdown
from reader.models import Draft, User
from reader.text.merging import Difference, differences


class TextForm(forms.Form):
    """The whole text as Markdown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    text = forms.CharField(
        label="The text",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "whole-text", "spellcheck": "true"}),
        error_messages={"required": "There is no text left. To throw the draft away, use the desk."},
    )

    def __init__(self, *args: Any, draft: Draft, **options: Any) -> None:
        super().__init__(*args, **options)
        self.draft = draft
        self.differences: list[Difference] = []

    @classmethod
    def of(cls, draft: Draft) -> "TextForm":
        """Give the form filled with the draft as it stands."""
        text = markdown.to_markdown(draft.document.blocks)
        return cls(draft=draft, initial={"version": draft.version, "text": text})

    def save(self, *, by: User) -> Draft | None:
        """Replace the text, or give None and keep the errors."""
        if not self.is_valid():
            return None
        text = as_typed(self.cleaned_data["text"])
        try:
            return drafting.replace_text(draft=self.draft, by=by, version=self.cleaned_data["version"], text=text)
        except DraftConflict as conflict:
            # Saving again replaces what now stands, which the page shows.
            self.draft = conflict.draft
            self.data = {**dict(self.data.items()), "version": str(conflict.draft.version)}
            typed, _ = markdown.from_markdown_blocks(text)
            self.differences = differences(conflict.draft.document.blocks, typed)
            self.add_error(None, str(conflict))
        except DraftingError as refusal:
            self.add_error(None, str(refusal))
        return None
