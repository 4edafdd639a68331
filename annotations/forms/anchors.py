"""Where an annotation belongs, said by a person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import Truncator

from annotations import moderating, placing
from annotations.models import Anchor, Annotation, ModerationEntry
from annotations.placing import Spot
from reader.models import Paragraph, User

# Of a block, in a list to choose from.
_OPENING_LENGTH = 70


class ConfirmationForm(forms.Form):
    """That an annotation still applies, to the words that were seen."""

    seen = forms.CharField(widget=forms.HiddenInput)


class AnchorForm(forms.Form):
    """Where an annotation belongs, as a person sees it, and why."""

    WORDS, BLOCK, GONE = "words", "block", "gone"

    # Which anchor was seen; empty where there was none.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label="It belongs to",
        choices=[(WORDS, "these words"), (BLOCK, "all of a paragraph"), (GONE, "nothing here: its words are gone")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it belongs."},
    )
    block = forms.ChoiceField(label="Paragraph", required=False)
    words = forms.CharField(
        label="The words",
        required=False,
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As the text has them; copy them from there. They may go on into the next paragraph.",
    )
    which = forms.IntegerField(required=False, min_value=1)
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=moderating.REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The log keeps it beside your name.",
    )

    def __init__(self, *args: Any, annotation: Annotation, blocks: Sequence[Paragraph], **options: Any) -> None:
        super().__init__(*args, **options)
        self.annotation = annotation
        self.places: Sequence[placing.Excerpt] = ()
        chosen = self.fields["block"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  (declared above; this tells the type checker)
        chosen.choices = [("", "Choose…"), *((block.name, _opening(block)) for block in blocks)]

    @classmethod
    def of(cls, annotation: Annotation, blocks: Sequence[Paragraph], anchor: Anchor | None) -> "AnchorForm":
        """Give the form filled with where it stands, or with the words that it has lost."""
        span, block = (anchor.span, anchor.paragraph) if anchor else (None, None)
        is_block = block is not None and block.span == span
        initial: dict[str, object] = {
            "seen": anchor.key if anchor else "",
            "to": cls.BLOCK if is_block else cls.WORDS,
            "block": block.name if block else "",
            "words": anchor.revision.quote(span) if anchor and span else annotation.exact,
        }
        return cls(annotation=annotation, blocks=blocks, initial=initial)

    def set(self, *, by: User, anchor: Anchor | None) -> ModerationEntry | None:
        """Set the anchor, or give None and keep the errors; `anchor` is how it stands now, for the next attempt."""
        if not self.is_valid():
            return None
        try:
            return placing.set_by_hand(
                annotation=self.annotation,
                by=by,
                spot=self._spot(),
                reason=self.cleaned_data["reason"],
                seen=self.cleaned_data["seen"],
            )
        except placing.SeveralPlaces as refusal:
            self.places = refusal.places
            self.add_error("words", refusal.message)
        except moderating.Refused as refusal:
            self.data = {**dict(self.data.items()), "seen": anchor.key if anchor else ""}
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return None

    def clean(self) -> dict[str, Any]:
        """Ask for what the choice needs."""
        cleaned = super().clean() or self.cleaned_data
        to = cleaned.get("to")
        if to in {self.WORDS, self.BLOCK} and not cleaned.get("block") and "block" not in self.errors:
            self.add_error("block", "Choose the paragraph.")
        if to == self.WORDS and not (cleaned.get("words") or "").strip():
            self.add_error("words", "Give the words, or choose all of the paragraph.")
        return cleaned

    def _spot(self) -> Spot:
        given = self.cleaned_data
        if given["to"] == self.GONE:
            return Spot()
        words = given["words"] if given["to"] == self.WORDS else ""
        return Spot(block=given["block"], words=words, which=given["which"] or 0)


def _opening(block: Paragraph) -> str:
    """Give a block's name with its first words."""
    return f"{block.label}: {Truncator(block.text).chars(_OPENING_LENGTH)}"
