"""Two texts compared by words: nothing is lost, and people can read it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.comparison import compare

# Few words, so that texts share many of them; and any text at all.
WORDS = ("the", "old", "man", "and", "a", "sea", ".", ",", "39,000", "it’s", "海", "人", "\n")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
ANY = st.one_of(TEXTS, st.text(max_size=60))


def marked(before: str, after: str) -> str:
    """Give the comparison in one line: [what is gone] and {what is new}."""
    shapes = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    return "".join(shapes[piece.kind].format(piece.text) for piece in compare(before, after))


@given(ANY, ANY)
def test_pieces_spell_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


@given(ANY, ANY)
def test_no_piece_is_empty_and_no_two_neighbours_are_of_one_kind(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(ANY, ANY)
def test_the_space_at_the_ends_of_a_piece_can_be_told_apart_from_its_words(before: str, after: str) -> None:
    for piece in compare(before, after):
        assert piece.space + piece.words + piece.space_after == piece.text
        assert piece.words


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param("The old man.", "The new man.", "The [old]{new} man.", id="a word in the place of another"),
        pytest.param("A b c d.", "A b d.", "A b[ c] d.", id="a word taken out, with one space"),
        pytest.param("b c", "A b c", "{A }b c", id="a word put in before all others"),
        pytest.param("Safe, they say.", "Safe they say.", "Safe[,] they say.", id="a comma alone"),
        pytest.param("It costs 39,000.", "It costs 41,000.", "It costs [39,000]{41,000}.", id="a number is one word"),
        pytest.param("It’s well.", "It is well.", "[It’s]{It is} well.", id="an apostrophe does not part a word"),
        pytest.param("Two  spaces", "Two spaces", "Two[  ]{ }spaces", id="spaces alone"),
        pytest.param("One. The first. The end.", "One. The end.", "One.[ The first.] The end.", id="a whole sentence"),
        pytest.param("这座桥很老。", "这座塔很老。", "这座[桥]{塔}很老。", id="Chinese by characters"),
        pytest.param("橋は古い。", "橋は新しい。", "橋は[古]{新し}い。", id="Japanese by characters"),
        pytest.param("The same.", "The same.", "The same.", id="nothing"),
        pytest.param("", "All of it.", "{All of it.}", id="everything"),
    ],
)
def test_a_change_is_shown_as_a_reader_would_say_it(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


def test_words_that_stay_by_chance_in_a_rewritten_stretch_are_not_set_apart() -> None:
    before = "The bridge was built in 1990 with public money."
    after = "A tunnel was dug in 1991 with public money."
    assert marked(before, after) == "[The bridge was built in 1990]{A tunnel was dug in 1991} with public money."


def test_a_sentence_that_stays_between_long_rewritten_ones_is_kept() -> None:
    kept = "It carries thirty-nine thousand cars."
    before = f"{'Nobody ever stood there counting them. ' * 4}{kept} Go."
    after = f"{'Somebody did measure traffic at last. ' * 4}{kept} Stay."
    assert [piece.kind for piece in compare(before, after) if kept in piece.text] == ["same"]


@pytest.mark.parametrize("word", ["cars", "w{}"], ids=["one word over and over", "words that differ"])
def test_a_paragraph_of_twenty_thousand_words_is_compared_word_by_word(word: str) -> None:
    words = [word.format(number) for number in range(20_000)]
    changed = [f"{word}!" if number % 50 == 0 else word for number, word in enumerate(words)]
    pieces = compare(" ".join(words), " ".join(changed))
    assert sum(piece.kind == "new" for piece in pieces) == 400


def test_texts_too_long_to_be_compared_at_once_are_compared_where_words_stand_once() -> None:
    words = [f"w{number}" for number in range(30_000)]
    pieces = compare(" ".join(words), " ".join([*words[:15_000], "new", *words[15_000:]]))
    assert [piece.text for piece in pieces if piece.kind != "same"] == [" new"]
