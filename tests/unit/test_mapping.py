from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import mapping, signs


def stretch(name: str = "p1", length: int = 100, **numbers: int) -> mapping.Stretch:
    return mapping.Stretch(name, name[1:], length, signs.counts(numbers))


def test_a_column_is_as_wide_as_its_paragraph_is_long() -> None:
    short, long = mapping.draw([stretch("p1", 100), stretch("p2", 200)])
    assert long.width == pytest.approx(2 * short.width, rel=0.01)


def test_each_annotation_is_a_block_in_the_colour_of_its_kind() -> None:
    (column,) = mapping.draw([stretch(supports=2, note=1)])
    assert [block.sign for block in column.blocks] == ["supports", "supports", "note"]


def test_two_hundred_annotations_stay_within_the_drawing() -> None:
    crowded, _ = mapping.draw([stretch("p1", supports=150, note=50), stretch("p2", note=1)])
    assert all(block.y >= 0 and block.y + block.height <= mapping.HEIGHT for block in crowded.blocks)
    assert len(crowded.blocks) == 2


def test_three_thousand_paragraphs_become_columns_that_can_be_seen() -> None:
    columns = mapping.draw([stretch(f"p{number}", note=1) for number in range(1, 3001)])
    assert len(columns) <= mapping.MOST_COLUMNS
    assert columns[0].name == "p1"


def test_a_text_without_paragraphs_has_an_empty_map() -> None:
    assert mapping.draw([]) == ()


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 300)), min_size=1, max_size=120))
def test_columns_follow_each_other_across_the_whole_width(paragraphs: list[tuple[int, int]]) -> None:
    columns = mapping.draw([stretch(f"p{i}", length, note=number) for i, (length, number) in enumerate(paragraphs)])
    assert columns[0].x == 0
    assert columns[-1].x + columns[-1].width == pytest.approx(100, abs=0.1)
    assert all(before.x + before.width <= after.x for before, after in pairwise(columns))


def test_the_map_of_a_text_from_right_to_left_begins_at_the_right() -> None:
    stretches = [stretch("p1", 100), stretch("p2", 200)]
    first, second = mapping.draw(stretches, is_right_to_left=True)
    assert first.x + first.width == pytest.approx(100)
    assert second.x == pytest.approx(0, abs=0.01)
    assert first.x <= first.middle <= first.x + first.width


def test_numbers_stand_so_far_apart_that_none_runs_into_another() -> None:
    columns = mapping.draw([stretch(f"p{number}", 400 if number % 5 == 0 else 20) for number in range(1, 31)])
    middles = [column.middle for column in columns if column.number]
    assert all(after - before >= mapping.NUMBER_SPACE - 0.02 for before, after in pairwise(middles))
    assert len(middles) > 8
