"""The page on which a moderator confirms a decision about one or many annotations, and says why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms

from annotations import moderating
from annotations.models import Annotation, Rule
from annotations.states import Action
from reader.models import User

# As many as a page of the list shows; deciding unread about more is not moderating.
MOST_AT_ONCE = 100

_ID = re.compile(r"[0-9]{1,18}")
_SEEN = re.compile(r"(?P<id>[0-9]{1,18}):(?P<key>[a-z]{1,10}\.[0-9]{1,9}):(?P<read_to>[0-9]{1,18})")


class Read(NamedTuple):
    """An annotation as a moderator read it: its key, and the last line of its log, 0 for none; None where unknown."""

    seen: str | None = None
    read_to: int | None = None


@dataclass(frozen=True)
class Decision:
    """What a moderator can decide, and how the pages word it."""

    action: Action
    verb: str
    done: str
    effect: str

    @property
    def needs_rule(self) -> bool:
        return moderating.names_a_rule(self.action)

    @property
    def needs_words(self) -> bool:
        return moderating.needs_words(self.action)


DECISIONS: Mapping[str, Decision] = {
    decision.action: decision
    for decision in (
        Decision(
            Action.APPROVE,
            "Approve",
            "Approved",
            "What is approved is published: from their next page on readers see it.",
        ),
        Decision(Action.KEEP, "Keep", "Kept", "What is kept stays as it is, and the reports on it count as answered."),
        Decision(Action.RESTORE, "Restore", "Restored", "What is restored is shown again where it was, in its thread."),
        Decision(
            Action.UPHOLD, "Leave it so", "Left so", "The appeal is answered, and what was decided stays decided."
        ),
        Decision(
            Action.DENY,
            "Send back",
            "Sent back",
            "What is sent back only its writer sees, with your reason. They may mend it and send it again, twice.",
        ),
        Decision(
            Action.HIDE,
            "Hide",
            "Hidden",
            "What is hidden is gone for readers from their very next page on. Its writer sees it with your reason, its "
            "replies stay, and the reports on it count as answered.",
        ),
        Decision(
            Action.SPAM,
            "Mark as spam",
            "Marked as spam",
            "Spam is gone for readers, without a trace where nobody answered.",
        ),
        Decision(
            Action.REMOVE,
            "Remove",
            "Removed",
            "Where what is removed stood, a line says that a moderator removed it, and by which rule.",
        ),
    )
}


class DecisionForm(forms.Form):
    """Ask by which rule, and why; the act says which of them it needs."""

    rule = forms.ChoiceField(required=False, choices=[("", "Choose…"), *Rule.choices])
    reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "maxlength": moderating.REASON_MAX_LENGTH}),
        help_text="The log keeps it beside your name, and its writer is shown it.",
    )

    def __init__(self, *args: Any, action: Action, **options: Any) -> None:
        super().__init__(*args, **options)
        self.action = action
        if not moderating.names_a_rule(action):
            del self.fields["rule"]

    def clean(self) -> dict[str, Any]:
        """Hold what was typed to the rules of the act itself."""
        cleaned = super().clean() or self.cleaned_data
        try:
            moderating.checked(self.action, cleaned.get("rule", ""), cleaned.get("reason", ""))
        except moderating.Refused as refusal:
            self.add_error(refusal.field, refusal.message)
        return cleaned


@dataclass(frozen=True)
class Outcome:
    """What became of a decision: what it was done to, and where it was refused with the sentence why."""

    done: Sequence[Annotation]
    refused: Sequence[tuple[Annotation, str]]


def decide(
    decision: Decision,
    annotations: Sequence[Annotation],
    *,
    by: User,
    said: Mapping[str, Any],
    read: Mapping[int, Read],
) -> Outcome:
    """Apply the decision to each, in its own transaction; one that no longer fits stops none of the others.

    `said` is what the form says of rule and reason, and `read` tells of each annotation how the moderator read it.
    """
    done: list[Annotation] = []
    refused: list[tuple[Annotation, str]] = []
    for annotation in annotations:
        try:
            how = read[annotation.pk]
            moderating.decide(decision.action, annotation=annotation, by=by, seen=how.seen, read_to=how.read_to, **said)
        except moderating.Refused as refusal:
            refused.append((annotation, refusal.message))
        else:
            done.append(annotation)
    return Outcome(done, refused)


def linked(ids: str) -> dict[int, Read]:
    """Give the ids that a link carries: `7,9`. What is no number is passed over."""
    return {int(value): Read() for value in ids.split(",") if _ID.fullmatch(value)}


def seen(values: Iterable[str]) -> dict[int, Read]:
    """Give the ids that a form carries, each as the moderator read it: `7:published.2:41`."""
    matches = filter(None, map(_SEEN.fullmatch, values))
    return {int(match["id"]): Read(match["key"], int(match["read_to"])) for match in matches}


def page_context(decision: Decision, annotations: Sequence[Annotation], form: DecisionForm) -> dict[str, Any]:
    """Give what the confirmation page shows."""
    count = len(annotations)
    return {
        "title": f"{decision.verb} {count} annotations" if count > 1 else f"{decision.verb} this annotation",
        "decision": decision,
        "annotations": annotations,
        "form": form,
    }
