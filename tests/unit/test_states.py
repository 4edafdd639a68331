"""The table of states: closed, honest and complete."""

import re
from pathlib import Path

import pytest

from annotations import states
from annotations.states import MOVES, Action, Role, State


def test_every_action_has_its_way() -> None:
    assert set(MOVES) == set(Action)


def test_every_state_can_be_left_but_by_its_writer_s_last_word_and_a_removal() -> None:
    for state in State:
        ways = {
            action for action in Action if states.leads_from(action, state) and MOVES[action].to not in {None, state}
        }
        assert bool(ways) == (state != State.WITHDRAWN)


@pytest.mark.parametrize("action", [action for action in Action if MOVES[action].role == Role.MODERATOR])
def test_no_decision_leads_out_of_what_its_writer_withdrew(action: Action) -> None:
    assert not states.leads_from(action, State.WITHDRAWN)
    assert "Its writer has withdrawn it" in states.refusal(action, State.WITHDRAWN)


@pytest.mark.parametrize("action", Action)
def test_what_cannot_be_done_is_said_in_a_sentence(action: Action) -> None:
    for state in State:
        if not states.leads_from(action, state):
            assert states.refusal(action, state).startswith("It")
            assert states.refusal(action, state).endswith(".")


def test_a_writer_never_publishes_what_a_moderator_took_down() -> None:
    for action, move in MOVES.items():
        if move.role == Role.WRITER and move.to is not None:
            assert move.to != State.PUBLISHED, action


@pytest.mark.parametrize("state", State)
def test_what_stands_where_something_was_is_a_sentence(state: State) -> None:
    if state != State.PUBLISHED:
        assert states.tombstone(state, "Spam").endswith(".")


def test_a_tombstone_says_what_was_done_and_by_which_rule() -> None:
    assert states.tombstone(State.REMOVED, "Private information") == "Removed by a moderator: private information."
    assert states.tombstone(State.WITHDRAWN, "Spam") == "Withdrawn by its writer."


def test_what_only_its_writer_sees_changes_nobody_s_page() -> None:
    assert not states.changes_what_all_see(State.PENDING, State.DENIED)
    assert states.changes_what_all_see(State.PENDING, State.PUBLISHED)
    assert states.changes_what_all_see(State.HIDDEN, State.REMOVED)


def test_the_guide_for_moderators_shows_this_table() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "moderating.md").read_text(encoding="utf-8")
    part = guide.partition("## States and decisions")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("| `")]
    shown = {_coded(action)[0]: (role.strip(), set(_coded(sources)), _coded(to)) for action, role, sources, to in lines}
    assert shown == {
        action.value: (move.role.value, {state.value for state in move.sources}, [move.to.value] if move.to else [])
        for action, move in MOVES.items()
    }


def _coded(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)
