"""Alignment: which block of a new state of a text is which block of the old."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.alignment import Alignment, align

PRICES = "Prices rose by three percent in the north of the country last year. Nobody had expected so much."
FARMERS = "Farmers blamed the weather, while ministers blamed the farmers. Both were right about the harvest."
INQUIRY = "A parliamentary inquiry was opened in autumn and closed without any result that could be published."
FIGURES = "Harvest figures will be released by the ministry next Tuesday, and traders wait for them."
CHINESE = ["我们在北京见面，讨论了移民问题和边境管理。", "他昨天去了上海，参加一个关于贸易的会议。"]

# Few words, so that copies, short blocks and blocks without words are common.
WORDS = ["a", "b", "c", "de", "fgh", "—", "我", "们", "rise."]
BLOCKS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=8)


def heirs(before: list[str], after: list[str], hints: dict[int, int] | None = None) -> tuple[int | None, ...]:
    return align(before, after, hints=hints or {}).heirs


@given(BLOCKS)
def test_a_text_is_the_same_as_itself(blocks: list[str]) -> None:
    same = tuple(range(len(blocks)))
    assert align(blocks, blocks) == Alignment(same, tuple((index,) for index in same), frozenset())


@given(BLOCKS, BLOCKS, st.dictionaries(st.integers(-1, 9), st.integers(-1, 9)))
def test_no_two_blocks_are_the_heirs_of_one(before: list[str], after: list[str], hints: dict[int, int]) -> None:
    alignment = align(before, after, hints=hints)
    named = [heir for heir in alignment.heirs if heir is not None]
    assert len(alignment.heirs) == len(alignment.origins) == len(after)
    assert len(named) == len(set(named))
    assert all(0 <= old < len(before) for old in named)
    assert all(
        heir in origins for heir, origins in zip(alignment.heirs, alignment.origins, strict=True) if heir is not None
    )


@given(BLOCKS, BLOCKS)
def test_what_moved_explains_the_order(before: list[str], after: list[str]) -> None:
    alignment = align(before, after)
    kept = [heir for new, heir in enumerate(alignment.heirs) if heir is not None and new not in alignment.moved]
    assert kept == sorted(kept)


@given(BLOCKS, BLOCKS, st.dictionaries(st.integers(0, 9), st.integers(0, 9)))
def test_the_same_blocks_are_always_aligned_alike(before: list[str], after: list[str], hints: dict[int, int]) -> None:
    assert align(before, after, hints=hints) == align(before, after, hints=dict(reversed(hints.items())))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([PRICES], [PRICES.replace("three", "four")], (0,), id="a word is changed"),
        pytest.param([PRICES, FARMERS], [FARMERS, PRICES], (1, 0), id="two change places"),
        pytest.param([PRICES, INQUIRY], [INQUIRY, PRICES.replace("Prices", "Costs")], (1, 0), id="one moves edited"),
        pytest.param([PRICES], [INQUIRY], (None,), id="other words in the same place"),
        pytest.param([PRICES, FARMERS], [PRICES, INQUIRY, FARMERS], (0, None, 1), id="a new one between"),
        pytest.param([PRICES, INQUIRY, FARMERS], [PRICES, FARMERS], (0, 2), id="one is gone"),
        pytest.param(["Conclusoin"], ["Conclusion"], (0,), id="a single mistyped word"),
        pytest.param([PRICES, "One", FARMERS], [PRICES, "Two", FARMERS], (0, None, 2), id="a single other word"),
        pytest.param(["* * *", PRICES], ["* * *", "* * *", PRICES], (0, None, 1), id="blocks without words"),
        pytest.param(CHINESE, [CHINESE[1].replace("贸易", "移民"), CHINESE[0]], (1, 0), id="no spaces between words"),
        pytest.param(
            [f"{PRICES} {FARMERS} {INQUIRY}", FIGURES],
            [FIGURES, f"{PRICES} {' '.join(f'new{number}' for number in range(60))}"],
            (1, None),
            id="a sentence goes into a new block",
        ),
        pytest.param(
            [PRICES, "Teh quik brwon fxo jumpd oevr it", FARMERS],
            [PRICES, "The quick brown fox jumped over it", FARMERS],
            (0, 1, 2),
            id="hardly a word is spelt alike",
        ),
        pytest.param([], [PRICES], (None,), id="nothing before"),
        pytest.param([PRICES], [], (), id="nothing after"),
    ],
)
def test_a_block_is_the_one_whose_words_it_has(
    before: list[str], after: list[str], expected: tuple[int | None, ...]
) -> None:
    assert heirs(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([PRICES, FARMERS], [PRICES, PRICES, FARMERS], (0, None, 1), id="the first of two is the original"),
        pytest.param([PRICES, FARMERS], [PRICES, FARMERS, PRICES], (0, 1, None), id="the one in its place is"),
        pytest.param(
            [PRICES, FARMERS, PRICES, INQUIRY], [FARMERS, PRICES, INQUIRY], (1, 2, 3), id="the first twin is gone"
        ),
        pytest.param(
            [FARMERS, PRICES, INQUIRY, PRICES], [FARMERS, PRICES, INQUIRY], (0, 1, 2), id="the last twin is gone"
        ),
        pytest.param(
            [FARMERS, PRICES, INQUIRY, FIGURES, PRICES],
            [f"{FARMERS} Really.", f"{INQUIRY} Really.", f"{FIGURES} Really.", PRICES],
            (0, 2, 3, 4),
            id="edited neighbours tell twins apart",
        ),
        pytest.param(
            [FARMERS, PRICES, INQUIRY],
            [FARMERS, f"{PRICES} Really.", INQUIRY, PRICES],
            (0, 1, 2, None),
            id="an edited original keeps its place",
        ),
        pytest.param(
            [PRICES, FARMERS],
            [INQUIRY, PRICES, PRICES, FARMERS],
            (None, 0, None, 1),
            id="the first of two is, whatever stands before",
        ),
        pytest.param(
            [PRICES, FARMERS, INQUIRY, PRICES, FIGURES],
            [FARMERS, "One", PRICES, "Two", FIGURES],
            (1, None, 3, None, 4),
            id="order tells where neighbours are gone",
        ),
        pytest.param(
            [PRICES, FARMERS, INQUIRY, FARMERS, FIGURES],
            [PRICES, INQUIRY, f"{FARMERS} Really.", FIGURES],
            (0, 2, 3, 4),
            id="an edited twin is told by its neighbours",
        ),
        pytest.param(
            ["No.", PRICES, "No.", FARMERS, "No."], [PRICES, "No.", FARMERS, "No."], (1, 2, 3, 4), id="a short one"
        ),
    ],
)
def test_copies_are_told_apart_by_their_neighbours(
    before: list[str], after: list[str], expected: tuple[int | None, ...]
) -> None:
    assert heirs(before, after) == expected


def test_the_larger_part_of_a_split_block_keeps_its_name() -> None:
    alignment = align([FARMERS, f"{PRICES} {INQUIRY}"], [FARMERS, PRICES[:67], f"{PRICES[68:]} {INQUIRY}"])
    assert alignment.heirs == (0, None, 1)
    assert alignment.origins == ((0,), (1,), (1,))
    assert alignment.parts_of(1) == (1, 2)


def test_the_first_of_equal_parts_keeps_the_name() -> None:
    assert heirs(["one two three four five six seven eight"], ["one two three four", "five six seven eight"]) == (
        0,
        None,
    )


def test_a_merged_block_is_the_one_most_of_whose_words_it_has() -> None:
    alignment = align([PRICES[:67], INQUIRY, FIGURES], [f"{PRICES[:67]} {INQUIRY}", FIGURES])
    assert alignment.heirs == (1, 2)
    assert alignment.origins == ((0, 1), (2,))
    assert alignment.heir_of(0) is None
    assert alignment.parts_of(0) == (0,)


def test_short_blocks_are_seen_in_a_merged_one() -> None:
    assert align([PRICES, "Tube", "Tumbler", FARMERS], [PRICES, "Tube Tumbler", FARMERS]).origins == (
        (0,),
        (1, 2),
        (3,),
    )


def test_a_block_that_took_a_sentence_from_elsewhere_has_two_origins() -> None:
    alignment = align([PRICES, FARMERS, INQUIRY], [PRICES[:67], FARMERS, f"{INQUIRY} {PRICES[68:]} Indeed."])
    assert alignment.heirs == (0, 1, 2)
    assert alignment.origins == ((0,), (1,), (0, 2))


def test_the_fewest_blocks_are_said_to_have_moved() -> None:
    assert align([PRICES, FARMERS, INQUIRY, FIGURES], [FARMERS, INQUIRY, FIGURES, PRICES]).moved == {3}


def test_a_hint_pairs_what_words_do_not() -> None:
    assert heirs([PRICES, "One", FARMERS], [PRICES, "Two", FARMERS], hints={1: 1}) == (0, 1, 2)


def test_a_hint_decides_between_copies() -> None:
    assert heirs([PRICES, PRICES], [PRICES], hints={0: 1}) == (1,)
    assert heirs([PRICES, FARMERS], [PRICES, PRICES, FARMERS], hints={1: 0}) == (None, 0, 1)


def test_words_weigh_more_than_hints() -> None:
    assert heirs([PRICES, FARMERS], [FARMERS, PRICES], hints={0: 0, 1: 1}) == (1, 0)


def test_two_unrelated_texts_share_no_block() -> None:
    common = ["the", "of", "to", "and", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on"]
    random = Random(7)
    before = [" ".join(random.choices([*common, *(f"old{n}" for n in range(20))], k=40)) for _ in range(50)]
    after = [" ".join(random.choices([*common, *(f"new{n}" for n in range(20))], k=40)) for _ in range(50)]
    assert heirs(before, after) == (None,) * 50


@pytest.mark.parametrize(
    ("count", "length"),
    [
        pytest.param(3_000, 25, id="3,000 blocks"),
        pytest.param(1, 20_000, id="one block of 20,000 words"),
        pytest.param(20_000, 1, id="20,000 blocks of one word"),
    ],
)
def test_a_long_text_is_aligned_whole(count: int, length: int) -> None:
    random = Random(7)
    before = [" ".join(f"word{int(random.paretovariate(0.6)) % 9999}" for _ in range(length)) for _ in range(count)]
    after = [f"{block} edited" if length > 1 else block for block in before[1:]] or [f"{before[0]} edited"]
    alignment = align(before, after)
    assert sum(heir is not None for heir in alignment.heirs) == len(after)


def test_the_same_word_over_and_over_is_the_same_block() -> None:
    assert heirs(["no " * 50_000], ["no " * 49_000 + "yes " * 10]) == (0,)
    assert heirs(["No."] * 3_000, ["No!"] * 3_000) == tuple(range(3_000))
