"""The states of an annotation and the ways between them: what may be done, by whom, and where it leads.

Pure. `docs/moderating.md` shows the same table to moderators; a test holds the two together.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where an annotation is."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    DENIED = "denied"
    SPAM = "spam"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """Who does it: its writer, a moderator, or a rule of the site that waits for nobody."""

    WRITER = "writer"
    MODERATOR = "moderator"
    RULE = "rule"


class Action(StrEnum):
    """What may be done with it."""

    HOLD = "hold"
    APPROVE = "approve"
    DENY = "deny"
    RESUBMIT = "resubmit"
    HIDE = "hide"
    RESTORE = "restore"
    KEEP = "keep"
    SPAM = "spam"
    REMOVE = "remove"
    UPHOLD = "uphold"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    UNDO = "undo"


class Move(NamedTuple):
    """One way: who may go it, from which states, and where it leads.

    `to` is None where it leads back: `reinstate` to where the withdrawal began, `undo` to where the decision did; and
    where it leads nowhere, as `keep` and `uphold` leave everything as it is.
    """

    role: Role
    sources: frozenset[State]
    to: State | None


def _move(role: Role, sources: tuple[State, ...], to: State | None = None) -> Move:
    return Move(role, frozenset(sources), to)


_TAKEN_DOWN = (State.HIDDEN, State.DENIED, State.SPAM, State.REMOVED)

MOVES: Mapping[Action, Move] = {
    Action.HOLD: _move(Role.RULE, (State.PUBLISHED,), State.PENDING),
    Action.APPROVE: _move(Role.MODERATOR, (State.PENDING,), State.PUBLISHED),
    Action.DENY: _move(Role.MODERATOR, (State.PENDING, State.PUBLISHED, State.HIDDEN), State.DENIED),
    Action.RESUBMIT: _move(Role.WRITER, (State.DENIED,), State.PENDING),
    Action.HIDE: _move(Role.MODERATOR, (State.PENDING, State.PUBLISHED), State.HIDDEN),
    Action.RESTORE: _move(Role.MODERATOR, _TAKEN_DOWN, State.PUBLISHED),
    Action.KEEP: _move(Role.MODERATOR, (State.PUBLISHED,)),
    Action.SPAM: _move(
        Role.MODERATOR, (State.PENDING, State.PUBLISHED, State.HIDDEN, State.DENIED, State.REMOVED), State.SPAM
    ),
    Action.REMOVE: _move(
        Role.MODERATOR, (State.PENDING, State.PUBLISHED, State.HIDDEN, State.DENIED, State.SPAM), State.REMOVED
    ),
    Action.UPHOLD: _move(Role.MODERATOR, _TAKEN_DOWN),
    Action.WITHDRAW: _move(Role.WRITER, (State.PENDING, State.PUBLISHED, State.DENIED), State.WITHDRAWN),
    Action.REINSTATE: _move(Role.WRITER, (State.WITHDRAWN,)),
    Action.UNDO: _move(Role.MODERATOR, (State.PENDING, State.PUBLISHED, *_TAKEN_DOWN)),
}

# What everybody may read, and what leaves a line that everybody sees where it stood.
PUBLIC = frozenset({State.PUBLISHED})
TOMBSTONES = frozenset({State.REMOVED})
# What its writer still reads, beside what is published.
WRITERS = frozenset({State.PENDING, *_TAKEN_DOWN})
# What its writer may ask another moderator to look at again.
APPEALABLE = frozenset(_TAKEN_DOWN)

# How it stands, for a sentence: "It is hidden already."
STANDING: Mapping[State, str] = {
    State.PENDING: "waiting for a moderator",
    State.PUBLISHED: "published",
    State.HIDDEN: "hidden",
    State.DENIED: "denied",
    State.SPAM: "marked as spam",
    State.REMOVED: "removed",
    State.WITHDRAWN: "withdrawn by its writer",
}


def leads_from(action: Action, state: State) -> bool:
    """Say whether the action may be taken in this state."""
    return state in MOVES[action].sources


def refusal(action: Action, state: State) -> str:
    """Say in a sentence why the action cannot be taken in this state."""
    if state == State.WITHDRAWN and MOVES[action].role != Role.WRITER:
        return "Its writer has withdrawn it: that is their word, and no decision leads out of it."
    already = " already" if state == MOVES[action].to else ""
    return f"It is {STANDING[state]}{already}, so this cannot be done."


def tombstone(state: State, rule: str = "") -> str:
    """Say what stands where something was that cannot be read: what was done, and by which rule."""
    said = {
        State.PENDING: "Waiting for a moderator",
        State.HIDDEN: "Hidden by a moderator",
        State.DENIED: "Sent back to its writer by a moderator",
        State.SPAM: "Marked as spam by a moderator",
        State.REMOVED: "Removed by a moderator",
        State.WITHDRAWN: "Withdrawn by its writer",
    }[state]
    is_named = bool(rule) and state in {State.HIDDEN, State.DENIED, State.REMOVED}
    return f"{said}: {rule.lower()}." if is_named else f"{said}."


def changes_what_all_see(before: State, after: State) -> bool:
    """Say whether a move shows on pages that everybody sees."""
    return before != after and not {before, after}.isdisjoint(PUBLIC | TOMBSTONES)
