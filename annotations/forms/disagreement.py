"""Forms of those who disagree: another's point in one's own words, and what an editor did about a disagreement."""

import re
from typing import Any

from django import forms
from django.utils.formats import date_format

from annotations import resolving, restating, vetting
from annotations.accepting import NotAccepted
from annotations.forms.acts import ActForm, Words
from annotations.models import Annotation, Line, ModerationEntry, Resolution, Restatement
from annotations.moderating import REASON_MAX_LENGTH, Refused
from reader.models import Revision, User

_OUTCOMES = [
    (Resolution.Outcome.CORRECTED, "Corrected: a revision of the text sees to it"),
    (Resolution.Outcome.ACKNOWLEDGED, "Acknowledged: the point stands, and the text stays as it is"),
    (Resolution.Outcome.ANSWERED, "Answered: here is what there is to say to it"),
]
# Ids as a hidden field brings them; no database counts farther.
_ID = re.compile(r"[0-9]{1,18}")


def restatement_field() -> Words:
    """Give a field for another's point in one's own words."""
    return Words(
        label="You are saying that …",
        required=False,
        max_length=restating.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RestatementForm(ActForm):
    """Another's point, in one's own words."""

    restatement = restatement_field()

    def __init__(self, *args: Any, annotation: Annotation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.annotation = annotation
        # Several forms may stand in one panel.
        self.auto_id = f"restate-{annotation.pk}-%s"

    def restate(self, *, by: User) -> Restatement | None:
        """Keep the words, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return restating.restate(annotation=self.annotation, by=by, body=self.cleaned_data["restatement"])
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None


class RemovalForm(ActForm):
    """Why a line should not stand; `seen` is the key of the words that were read."""

    reason = Words(
        label="Why",
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The log keeps it beside your name, with the words, and who said them is shown it.",
        error_messages={"required": "Please say why, in a few words: the log keeps it."},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self.line = line
        self.auto_id = f"remove-{line.kind}-{line.pk}-%s"

    def remove(self, *, by: User) -> ModerationEntry | None:
        """Remove the words, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return vetting.remove(line=self.line, by=by, **self.cleaned_data)
        except Refused as refusal:
            self.add_error(refusal.field, refusal.message)
            # What the page shows now is what is decided about next.
            self._put("seen", self.line.key)
        return None


class ResolutionForm(ActForm):
    """What an editor did about a disagreement."""

    outcome = forms.ChoiceField(
        label="What was done",
        choices=_OUTCOMES,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what was done about it."),
    )
    revision = forms.TypedChoiceField(
        label="Corrected in",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose a revision that came after the disagreement was written."},
    )
    remark = Words(
        label="In a few words",
        required=False,
        max_length=resolving.REMARK_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody reads it below the disagreement. An answer needs it.",
    )
    # The id of the resolution in force that the editor saw; empty where there was none.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, annotation: Annotation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.annotation = annotation
        self.auto_id = f"resolve-{annotation.pk}-%s"
        self.revisions = resolving.corrections(annotation)
        self._choices("revision").choices = [(revision.number, _named(revision)) for revision in self.revisions]
        if not self.revisions:
            outcome = self._choices("outcome")
            outcome.choices = [choice for choice in _OUTCOMES if choice[0] != Resolution.Outcome.CORRECTED]

    def resolve(self, *, by: User) -> Resolution | None:
        """Keep what was done, or give None and keep the errors."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return resolving.resolve(
                annotation=self.annotation,
                by=by,
                outcome=said["outcome"],
                revision=said["revision"],
                remark=said["remark"],
                seen=int(said["seen"]) if _ID.fullmatch(said["seen"]) else None,
            )
        except resolving.ResolvedMeanwhile as refusal:
            # Saving again replaces what is in force, which the page shows.
            self._put("seen", str(refusal.standing.pk))
            self.refuse(refusal)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above; this tells the type checker)
        return field


def _named(revision: Revision) -> str:
    return f"revision {revision.number} of {date_format(revision.created_at, 'j F Y')}"
