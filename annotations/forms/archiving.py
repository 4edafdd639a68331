"""What an archived copy is given in."""

from typing import Any

from django import forms

from annotations import archiving
from annotations.accepting import NotAccepted
from annotations.addresses import ADDRESS_MAX_LENGTH
from annotations.forms.acts import ActForm, Words
from annotations.models import Document, Source
from annotations.moderating import REASON_MAX_LENGTH, Refused
from reader.models import User


class ArchivedCopyForm(ActForm):
    """Where an archived copy of a document is."""

    archived_url = forms.CharField(
        label="Address of the copy",
        max_length=ADDRESS_MAX_LENGTH,
        widget=forms.URLInput(attrs={"placeholder": "https://web.archive.org/web/…"}),
        help_text="In an archive such as web.archive.org or archive.today, or on another site that keeps it.",
        error_messages={"required": "Give the address of the copy."},
    )

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        self.source = source
        # Several forms may stand in one panel.
        self.auto_id = f"copy-{source.pk}-%s"

    def give(self, *, by: User) -> Document | None:
        """Keep the address, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return archiving.give(source=self.source, by=by, url=self.cleaned_data["archived_url"])
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None


class TakeAwayForm(ActForm):
    """Why a moderator takes away a copy that another gave; who gave it needs no reason."""

    reason = Words(
        label="Why it should not stand",
        required=False,
        max_length=REASON_MAX_LENGTH,
        help_text="The log keeps it beside your name, with the address, and who gave it is shown it.",
    )

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        self.source = source
        self.auto_id = f"copy-away-{source.pk}-%s"

    def take_away(self, *, by: User) -> Document | None:
        """Take the copy away, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return archiving.take_away(source=self.source, by=by, reason=self.cleaned_data["reason"])
        except Refused as refusal:
            self.add_error(refusal.field, refusal.message)
        return None
