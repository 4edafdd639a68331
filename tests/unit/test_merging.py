"""Merging: what one side changed is taken, what both changed is asked about, and nothing is lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.blocks import Block
from reader.text.merging import MINE, THEIRS, Merged, differences, follow, merge, merge_fields


def text(*words: str) -> list[Block]:
    """Give blocks written as "p1 its words"; one without a name as "- its words"."""
    parts = [each.partition(" ") for each in words]
    return [Block("paragraph", html, name="" if name == "-" else name) for name, _, html in parts]


def told(merged: Sequence[Merged], choice: str = "") -> list[str]:
    settled = [each.settled(choice) for each in merged]
    return [f"{block.name or '-'} {block.html}" for block in settled if block]


BASE = text("p1 one", "p2 two", "p3 three")


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param("p1 ONE|p2 two|p3 three", "p1 one|p2 two|p3 THREE", "p1 ONE|p2 two|p3 THREE", id="other blocks"),
        pytest.param("p1 one|p2 TWO|p3 three", "p1 one|p2 TWO|p3 three", "p1 one|p2 TWO|p3 three", id="the same"),
        pytest.param("p1 one|p3 three", "p1 one|p2 two|p3 THREE", "p1 one|p3 THREE", id="mine takes a block out"),
        pytest.param("p1 one|p2 two|p3 THREE", "p2 two|p3 three", "p2 two|p3 THREE", id="theirs takes a block out"),
        pytest.param("p1 one|p3 three", "p1 one|p3 three", "p1 one|p3 three", id="both take the same block out"),
        pytest.param(
            "p1 one|- new|p2 two|p3 three",
            "p1 one|p2 two|p3 three|p4 late",
            "p1 one|- new|p2 two|p3 three|p4 late",
            id="new blocks in two places",
        ),
        pytest.param(
            "p1 one|- mine|p2 two|p3 three",
            "p1 one|p4 theirs|p2 two|p3 three",
            "p1 one|p4 theirs|- mine|p2 two|p3 three",
            id="new blocks in one place",
        ),
        pytest.param(
            "p1 one|- new|p2 two|p3 three",
            "p1 one|p4 new|p2 two|p3 three",
            "p1 one|p4 new|p2 two|p3 three",
            id="the same new block",
        ),
        pytest.param("p3 three|p1 one|p2 two", "p1 one|p2 TWO|p3 three", "p3 three|p1 one|p2 TWO", id="mine moves"),
        pytest.param("p1 one|p2 TWO|p3 three", "p3 three|p1 one|p2 two", "p3 three|p1 one|p2 TWO", id="theirs moves"),
        pytest.param("p3 three|p1 one|p2 two", "p1 one|p3 three|p2 two", "p3 three|p1 one|p2 two", id="both move one"),
        pytest.param("p2 two|p1 one|p3 three", "p1 ONE|p3 three", "p1 ONE|p3 three", id="one moved, one taken out"),
        pytest.param("- new", "p1 one|p2 two|p3 three|p4 late", "- new|p4 late", id="everything replaced"),
    ],
)
def test_taken_without_asking(mine: str, theirs: str, expected: str) -> None:
    merged = merge(BASE, text(*mine.split("|")), text(*theirs.split("|")))
    assert told(merged) == expected.split("|")


@pytest.mark.parametrize(
    ("mine", "theirs", "with_mine", "with_theirs"),
    [
        pytest.param("p1 ONE", "p1 One", "p1 ONE", "p1 One", id="two ways to write it"),
        pytest.param("", "p1 One", "", "p1 One", id="taken out by mine, changed by theirs"),
        pytest.param("p1 ONE", "", "p1 ONE", "", id="changed by mine, taken out by theirs"),
    ],
)
def test_asked_about(mine: str, theirs: str, with_mine: str, with_theirs: str) -> None:
    rest = ["p2 two", "p3 three"]
    merged = merge(BASE, text(*filter(None, [mine]), *rest), text(*filter(None, [theirs]), *rest))
    assert [each.is_conflict for each in merged] == [True, False, False]
    assert told(merged, MINE) == [*filter(None, [with_mine]), *rest]
    assert told(merged, THEIRS) == [*filter(None, [with_theirs]), *rest]


def test_a_conflict_is_not_settled_without_a_choice() -> None:
    (conflict,) = merge(text("p1 one"), text("p1 ONE"), text("p1 One"))
    with pytest.raises(ValueError, match="neither"):
        conflict.settled("neither")


def test_of_two_blocks_with_one_name_the_one_like_it_has_the_name() -> None:
    mine = text("p1 nothing like that", "p1 one and more", "p2 two", "p3 three")
    assert told(merge(BASE, mine, BASE)) == ["- nothing like that", "p1 one and more", "p2 two", "p3 three"]


@pytest.mark.parametrize("change", [{"image": "b" * 64}, {"alt": "At night."}, {"level": 1}, {"kind": "quote"}])
def test_what_is_no_word_of_a_block_is_changed_too(change: dict[str, Any]) -> None:
    base = [Block("figure", "A bridge.", image="a" * 64, name="f1")]
    changed = [replace(base[0], **change)]
    assert [each.settled() for each in merge(base, changed, base)] == changed
    assert [each.settled() for each in merge(base, base, changed)] == changed


def test_head_matter_is_merged_line_by_line() -> None:
    base = {"title": "Old", "byline": "Ada", "kicker": "Tolls"}
    mine, theirs = base | {"title": "Mine", "byline": "A. Ada"}, base | {"title": "Theirs", "kicker": "Roads"}
    title, byline, kicker = merge_fields(base, mine, theirs)
    assert (title.is_conflict, title.settled(MINE), title.settled(THEIRS)) == (True, "Mine", "Theirs")
    assert (byline.settled(), kicker.settled()) == ("A. Ada", "Roads")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("abCDEfg", (2, 5), id="nothing happened"),
        pytest.param("xabCDEfg", (3, 6), id="something before"),
        pytest.param("bCDEfg", (1, 4), id="something less before"),
        pytest.param("abCxDEfg", (2, 6), id="something between"),
        pytest.param("abCEfg", (2, 4), id="one less"),
        pytest.param("abxDEfg", (2, 5), id="the first of it changed"),
        pytest.param("abCDxfg", (2, 5), id="the last of it changed"),
        pytest.param("abxyz", (2, 5), id="all of it changed"),
        pytest.param("a", (1, 1), id="all gone"),
        pytest.param("", (0, 0), id="nothing left"),
    ],
)
def test_what_stood_side_by_side_is_found_again(now: str, expected: tuple[int, int]) -> None:
    assert follow("CDE", now, first=2) == expected


def test_differences_are_told_by_words_and_by_names() -> None:
    before = text("p1 The bridge was built in 1990.", "p2 It is safe.", "p3 The toll should go.")
    after = text("p1 The bridge was built in 1991.", "p2 Something else entirely.", "- And more.")
    assert [(each.name, before.index(each.before) if each.before else None) for each in differences(before, after)] == [
        ("p1", 0),
        ("p2", 1),
        ("", None),
        ("p3", 2),
    ]
    assert [piece.text for piece in differences(before, after)[0].pieces if piece.kind == "new"] == ["1991"]


def test_one_state_does_not_differ_from_itself() -> None:
    assert differences(BASE, BASE) == []


@st.composite
def states(draw: st.DrawFn) -> tuple[list[Block], list[Block]]:
    """Give a text and what an editor made of it: blocks changed, moved, taken out and added."""
    base = [Block("paragraph", f"words {number}", name=f"p{number}") for number in range(1, draw(st.integers(1, 7)))]
    return base, draw(_edits(base, prefix=""))


@st.composite
def _edits(draw: st.DrawFn, base: list[Block], prefix: str) -> list[Block]:
    kept = draw(st.permutations(base)) if draw(st.booleans()) else base
    edited = [
        replace(block, html=block.html + draw(st.sampled_from(["", "", " more", " other"])))
        for block in kept
        if draw(st.integers(0, 4))
    ]
    for number in range(draw(st.integers(0, 3))):
        name = f"{prefix}{number + 100}" if prefix else ""
        new = Block("paragraph", f"new {prefix or 'mine'} {number}", name=name)
        edited.insert(draw(st.integers(0, len(edited))), new)
    return edited


@given(states())
def test_merging_with_no_change_of_theirs_gives_mine(state: tuple[list[Block], list[Block]]) -> None:
    base, mine = state
    assert [block for each in merge(base, mine, base) if (block := each.settled())] == mine


@given(st.data())
def test_merging_with_no_change_of_mine_gives_theirs(data: st.DataObject) -> None:
    base, _ = data.draw(states())
    theirs = data.draw(_edits(base, "p"))
    assert [block for each in merge(base, base, theirs) if (block := each.settled())] == theirs


@given(st.data())
def test_every_new_or_changed_block_is_there_or_asked_about(data: st.DataObject) -> None:
    base, mine = data.draw(states())
    theirs = data.draw(_edits(base, "p"))
    merged = merge(base, mine, theirs)
    was = {block.html for block in base}
    for side, texts in (("mine", mine), ("theirs", theirs)):
        found = {block.html for each in merged if (block := each.settled(side))}
        assert {block.html for block in texts} - was <= found
    assert len({each.name for each in merged if each.name}) == len([each for each in merged if each.name])


@given(data=st.data(), is_mine=st.booleans())
def test_when_one_side_moves_nothing_the_order_is_that_of_the_other(*, data: st.DataObject, is_mine: bool) -> None:
    base, _ = data.draw(states())
    moving = data.draw(_edits(base, "" if is_mine else "p"))
    resting = [replace(block, html=block.html.upper()) for block in base if data.draw(st.booleans())]
    merged = merge(base, moving, resting) if is_mine else merge(base, resting, moving)
    moved = [each.mine if is_mine else each.theirs for each in merged]
    assert [block for block in moved if block] == moving
