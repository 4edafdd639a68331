"""The page on which a moderator confirms a decision about one or many annotations, and says why."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from annotations import moderating
from annotations.models import Annotation, ModerationEntry
from reader.models import User

# As many as a page of the list shows; deciding unread about more is not moderating.
MOST_AT_ONCE = 100

_ID = re.compile(r"[0-9]{1,18}")
_SEEN = re.compile(r"(?P<id>[0-9]{1,18}):(?P<version>[0-9]{1,9})")


@dataclass(frozen=True)
class Decision:
    """What a moderator can decide, and how the pages word it."""

    action: ModerationEntry.Action
    act: Callable[..., ModerationEntry]
    verb: str
    done: str
    effect: str


DECISIONS: Mapping[str, Decision] = {
    decision.action: decision
    for decision in (
        Decision(
            ModerationEntry.Action.HIDE,
            moderating.hide,
            "Hide",
            "Hidden",
            "What is hidden is gone for readers from their very next page on. Its writer sees it with your reason, its "
            "replies stay, and the reports on it count as answered.",
        ),
        Decision(
            ModerationEntry.Action.RESTORE,
            moderating.restore,
            "Restore",
            "Restored",
            "What is restored is shown again where it was, in its thread.",
        ),
        Decision(
            ModerationEntry.Action.KEEP,
            moderating.keep,
            "Keep",
            "Kept",
            "What is kept stays as it is, and the reports on it count as answered.",
        ),
    )
}


class DecisionForm(forms.Form):
    """Ask why."""

    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "cols": 60, "maxlength": moderating.REASON_MAX_LENGTH, "required": True}
        ),
        help_text="The log keeps it beside your name, and the writer is shown it when something is hidden.",
    )

    def clean_reason(self) -> str:
        """Hold the reason to the rule of the act itself."""
        try:
            return moderating.checked_reason(self.cleaned_data["reason"])
        except moderating.Refused as refusal:
            raise ValidationError(refusal.message) from refusal


@dataclass(frozen=True)
class Outcome:
    """What became of a decision: what it was done to, and where it was refused with the sentence why."""

    done: Sequence[Annotation]
    refused: Sequence[tuple[Annotation, str]]


def decide(
    decision: Decision, annotations: Sequence[Annotation], *, by: User, reason: str, versions: Mapping[int, int | None]
) -> Outcome:
    """Apply the decision to each, in its own transaction; one that no longer fits stops none of the others.

    `versions` says which edit of each the moderator read; None where that is not known.
    """
    done: list[Annotation] = []
    refused: list[tuple[Annotation, str]] = []
    for annotation in annotations:
        try:
            decision.act(annotation=annotation, by=by, reason=reason, version=versions[annotation.pk])
        except moderating.Refused as refusal:
            refused.append((annotation, refusal.message))
        else:
            done.append(annotation)
    return Outcome(done, refused)


def linked(ids: str) -> dict[int, int | None]:
    """Give the ids that a link carries: `7,9`. What is no number is passed over."""
    return {int(value): None for value in ids.split(",") if _ID.fullmatch(value)}


def seen(values: Iterable[str]) -> dict[int, int | None]:
    """Give the ids that a form carries, each with the edit the moderator read: `7:2` is the second edit of 7."""
    matches = filter(None, map(_SEEN.fullmatch, values))
    return {int(match["id"]): int(match["version"]) for match in matches}


def page_context(decision: Decision, annotations: Sequence[Annotation], form: DecisionForm) -> dict[str, Any]:
    """Give what the confirmation page shows."""
    count = len(annotations)
    return {
        "title": f"{decision.verb} {count} annotations" if count > 1 else f"{decision.verb} this annotation",
        "decision": decision,
        "annotations": annotations,
        "form": form,
    }
