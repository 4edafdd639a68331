"""Move an annotation from one state to another, and write down who did it and why: both or neither.

Everything that changes a state ends here: what moderators decide, what the site's rules hold, what writers withdraw.
`annotations.states` says which ways there are.
"""

import uuid

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from annotations import states
from annotations.models import Annotation, ModerationEntry
from annotations.signals import annotation_moved
from annotations.states import Action, Role, State
from reader.models import User


class Refused(ValueError):
    """What was asked for was not done; `message` is a sentence for the person, `field` what it is about."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleDecision(Refused):
    """The annotation is no longer as the person saw it."""


def move(
    annotation: Annotation,
    action: Action,
    *,
    by: User | None,
    to: State | None = None,
    rule: str = "",
    reason: str = "",
    details: str = "",
    batch: uuid.UUID | None = None,
    undoes: ModerationEntry | None = None,
) -> ModerationEntry:
    """Move a locked annotation, inside the transaction of the act, and give the line of the log.

    `to` says where a way leads that leads back. What everybody sees changed raises the article's activity. Raises
    StaleDecision where the annotation is in a state from which this cannot be done.
    """
    if not transaction.get_connection().in_atomic_block:
        raise ImproperlyConfigured("State and log are written in one transaction.")
    before = State(annotation.state)
    if not states.leads_from(action, before):
        raise StaleDecision(states.refusal(action, before))
    after = to or states.MOVES[action].to or before
    entry = ModerationEntry.objects.create(
        annotation=annotation,
        role=states.MOVES[action].role,
        moderator=by,
        action=action,
        from_state=before,
        to_state=after,
        rule=rule,
        reason=reason,
        details=details,
        batch=batch,
        undoes=undoes,
    )
    if after != before:
        annotation.state = after
        annotation.save(update_fields=["state"])
        # Before the article is locked: what follows may lock questions, and they come first.
        annotation_moved.send(Annotation, annotation=annotation, before=before, after=after)
        if states.changes_what_all_see(before, after):
            annotation.article.touch()
    return entry


def note_held(annotation: Annotation, *, why: str) -> ModerationEntry:
    """Write down why an annotation was held when it was written: it came from no state."""
    return ModerationEntry.objects.create(
        annotation=annotation,
        role=Role.RULE,
        action=Action.HOLD,
        to_state=State.PENDING,
        details=why,
    )
