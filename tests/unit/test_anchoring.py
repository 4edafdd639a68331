"""Anchoring: passages follow their words, and are orphaned when their words are gone."""

import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.anchoring import Anchoring, Placement, likeness
from reader.text.alignment import align
from reader.text.spans import Span

RISE = "Prices rose by three percent in the north of the country last year."
BLAME = "Farmers blamed the weather, while the ministers blamed the farmers."
INQUIRY = "A parliamentary inquiry was opened in autumn and closed without any result."
FIGURES = "The harvest figures will be released by the ministry next Tuesday."
TRADERS = "Traders in the capital wait for them, as they do in every bad year."
QUOTED = 'She said, "We cannot wait", and left - for good.'
CHINESE = "我们在北京见面，讨论了移民问题和边境管理。他昨天去了上海，参加一个关于贸易的会议。"

WORDS = ["a", "b", "c", "de", "fgh", "—", "我", "们", "rise.", "“so”"]
BLOCKS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6)


def follow(before: list[str], after: list[str], exact: str, occurrence: int = 1) -> tuple[str, str | None]:
    """Say what becomes of the words, and what they are then."""
    text = "\n".join(before)
    start = -1
    for _ in range(occurrence):
        start = text.index(exact, start + 1)
    placement = Anchoring(before, after, align(before, after)).place(Span(start, start + len(exact)))
    return placement.status, None if placement.span is None else "\n".join(after)[slice(*placement.span)]


def place_words(before: list[str], after: list[str], start: int, end: int) -> Placement:
    return Anchoring(before, after, align(before, after)).place(Span(start, end))


@given(BLOCKS, st.data())
def test_in_the_same_text_everything_is_where_it_was(blocks: list[str], data: st.DataObject) -> None:
    length = len("\n".join(blocks))
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    assert place_words(blocks, blocks, start, end) == Placement("exact", Span(start, end), 1.0)


@given(BLOCKS, BLOCKS, st.integers(-3, 60), st.integers(-3, 60))
def test_a_place_is_always_in_the_text(before: list[str], after: list[str], start: int, end: int) -> None:
    placement = place_words(before, after, start, end)
    text = "\n".join(after)
    if placement.span is None:
        assert placement == Placement("orphaned", None, 0.0)
    else:
        assert 0 <= placement.span.start < placement.span.end <= len(text)
        assert 0 < placement.score <= 1
    assert placement == place_words(before, after, start, end)


@given(BLOCKS, BLOCKS, st.integers(0, 20), st.integers(1, 20))
def test_exact_and_moved_are_the_same_words(before: list[str], after: list[str], start: int, length: int) -> None:
    placement = place_words(before, after, start, start + length)
    then = "\n".join(before)[start : start + length]
    if placement.span is not None:
        is_same = "\n".join(after)[slice(*placement.span)] == then
        assert (placement.status in {"exact", "moved"}) == is_same == (placement.score == 1.0)


@given(st.data())
def test_what_is_put_in_elsewhere_changes_nothing(data: st.DataObject) -> None:
    before = [RISE, BLAME, INQUIRY, FIGURES]
    index = data.draw(st.integers(0, 3))
    other = data.draw(st.integers(0, 3).filter(lambda each: each != index))
    place = data.draw(st.integers(0, len(before[other])))
    after = list(before)
    after[other] = after[other][:place] + data.draw(st.text("xyz — ", max_size=40)) + after[other][place:]
    starts = list(accumulate((len(block) + 1 for block in before), initial=0))
    start = data.draw(st.integers(0, len(before[index]) - 1))
    end = data.draw(st.integers(start + 1, len(before[index])))
    placement = place_words(before, after, starts[index] + start, starts[index] + end)
    assert placement.status == "exact"
    assert placement.span is not None
    assert "\n".join(after)[slice(*placement.span)] == before[index][start:end]


@given(BLOCKS, BLOCKS)
def test_every_whole_block_has_a_placement(before: list[str], after: list[str]) -> None:
    alignment = align(before, after)
    anchoring = Anchoring(before, after, alignment)
    for index in range(len(before)):
        heir, placement = alignment.heir_of(index), anchoring.place_block(index)
        if heir is not None:
            assert placement.span is not None
            assert "\n".join(after)[slice(*placement.span)] == after[heir]


EXACT = [
    pytest.param([RISE], [f"Lately. {RISE}"], "three percent", 1, "three percent", id="words are put in before"),
    pytest.param([RISE], [RISE.replace("last", "the last")], "north of the", 1, "north of the", id="and behind"),
    pytest.param([f"{RISE} {BLAME}"], [f"{BLAME} {RISE}"], "weather", 1, "weather", id="a sentence moves in its block"),
    pytest.param([RISE, BLAME], [RISE, RISE, BLAME], RISE, 1, RISE, id="a twin is put in"),
    pytest.param([RISE, BLAME, RISE], [BLAME, RISE], RISE, 2, RISE, id="the other twin is taken out"),
    pytest.param([RISE], [RISE.replace("Prices", "Costs")], "ree perc", 1, "ree perc", id="it begins inside a word"),
    pytest.param([QUOTED], [QUOTED.replace("left", "went")], '"We cannot wait"', 1, '"We cannot wait"', id="quoted"),
    pytest.param(
        [RISE, BLAME], [f"No. {RISE}", BLAME], "last year.\nFarmers", 1, "last year.\nFarmers", id="two blocks"
    ),
    pytest.param([QUOTED], [QUOTED.replace("She", "He")], "-", 1, "-", id="it is a dash"),
    pytest.param(
        [f"{INQUIRY} The dogs ran. The birds flew."],
        [f"{INQUIRY} The birds flew."],
        "The birds",
        1,
        "The birds",
        id="a sentence with the same first word is taken out before it",
    ),
    pytest.param([CHINESE], [CHINESE.replace("昨天", "今天")], "移民问题", 1, "移民问题", id="no spaces between words"),
]


@pytest.mark.parametrize(("before", "after", "exact", "occurrence", "found"), EXACT)
def test_the_same_words_in_the_same_block_are_exact(
    before: list[str], after: list[str], exact: str, occurrence: int, found: str
) -> None:
    assert follow(before, after, exact, occurrence) == ("exact", found)


MOVED = [
    pytest.param([RISE, BLAME, INQUIRY], [BLAME, INQUIRY, RISE], "three percent", id="the block moved"),
    pytest.param([f"{RISE} {BLAME}", INQUIRY], [RISE, f"{INQUIRY} {BLAME}"], "the weather", id="the sentence moved"),
    pytest.param([f"{RISE} {BLAME} {INQUIRY}"], [f"{RISE} {BLAME}", INQUIRY], "in autumn", id="the block was split"),
    pytest.param([BLAME, INQUIRY], [f"{INQUIRY} {BLAME}"], "the weather", id="the block was merged into another"),
    pytest.param(
        [RISE, "Tube", "Tumbler", BLAME], [RISE, "Tube Tumbler", BLAME], "Tumbler", id="a block of one word was"
    ),
]


@pytest.mark.parametrize(("before", "after", "exact"), MOVED)
def test_the_same_words_elsewhere_are_moved(before: list[str], after: list[str], exact: str) -> None:
    assert follow(before, after, exact) == ("moved", exact)


CHANGED = [
    pytest.param([RISE], [RISE.replace("three", "thre")], "by three percent", "by thre percent", id="a typing error"),
    pytest.param([RISE], [RISE.replace("three", "thre")], "three", "thre", id="in the only word"),
    pytest.param([RISE], [RISE.replace("three", "only three")], "by three", "by only three", id="words are put in"),
    pytest.param(
        [RISE], [RISE.replace("the country", "it")], "the north of the country", "the north of", id="cut short"
    ),
    pytest.param(
        [RISE], [RISE.replace("percent", "per cent")], "three percent", "three per cent", id="a word is parted"
    ),
    pytest.param([RISE], [RISE.replace("percent", "per cent")], "percent", "per cent", id="and is all there is"),
    pytest.param([QUOTED], [QUOTED.replace('"', "“")], '"We cannot wait"', "“We cannot wait“", id="quotation marks"),
    pytest.param(
        [QUOTED], [QUOTED.replace(" - ", "\u00a0— ")], "left - for", "left\u00a0— for", id="dashes and spaces"
    ),
    pytest.param(
        [f"{RISE} {BLAME}"], [RISE, BLAME], "last year. Farmers", "last year.\nFarmers", id="a split inside it"
    ),
    pytest.param(
        [RISE, BLAME], [f"{RISE} {BLAME}"], "last year.\nFarmers", "last year. Farmers", id="a merge inside it"
    ),
    pytest.param(
        [RISE, BLAME, INQUIRY], [RISE, INQUIRY], f"{RISE}\n{BLAME[:20]}", RISE, id="the lesser block of two is gone"
    ),
    pytest.param(
        [RISE, BLAME, INQUIRY], [RISE, INQUIRY, BLAME], f"{RISE}\nFarmers blamed", RISE, id="its blocks are torn apart"
    ),
    pytest.param([RISE], [RISE.replace("three", "thre")], "ree percent", "thre percent", id="it begins inside a word"),
    pytest.param(
        [RISE.replace("last year", "(last year)")],
        [RISE.replace(" of the country last year", " (last year)")],
        "country (last year)",
        "(last year)",
        id="its first word is gone",
    ),
    pytest.param(
        [CHINESE], [CHINESE.replace("移民", "非法移民")], "讨论了移民问题", "讨论了非法移民问题", id="no spaces"
    ),
]


@pytest.mark.parametrize(("before", "after", "exact", "found"), CHANGED)
def test_edited_words_are_changed_and_covered_whole(
    before: list[str], after: list[str], exact: str, found: str
) -> None:
    assert follow(before, after, exact) == ("changed", found)


ORPHANED = [
    pytest.param([RISE, BLAME], [BLAME], RISE, 1, id="the block is gone"),
    pytest.param([f"{RISE} {BLAME}"], [BLAME], "three percent", 1, id="the sentence is gone"),
    pytest.param([BLAME], [BLAME.replace("the weather", "rain")], "the", 1, id="a word said elsewhere too"),
    pytest.param([RISE, BLAME, RISE, INQUIRY], [BLAME, RISE, INQUIRY], RISE, 1, id="a block whose twin stays"),
    pytest.param([RISE, BLAME, RISE, INQUIRY], [RISE, BLAME, INQUIRY], RISE, 2, id="the other of two twins"),
    pytest.param(
        [f"{RISE} {BLAME}", INQUIRY, f"{BLAME} {FIGURES}"],
        [RISE, INQUIRY, f"{BLAME} {FIGURES}"],
        BLAME,
        1,
        id="a sentence whose twin stays",
    ),
    pytest.param([f"{RISE} {INQUIRY}"], [f"{FIGURES} {INQUIRY}"], RISE, 1, id="a sentence written anew"),
    pytest.param([f"{RISE} {INQUIRY}"], [f"{FIGURES} {INQUIRY}"], "the", 1, id="a word of a sentence written anew"),
    pytest.param([RISE], [RISE.replace("three", "five")], "three", 1, id="a word replaced"),
    pytest.param([BLAME, INQUIRY], [BLAME, FIGURES], "was opened in autumn", 1, id="a block written anew"),
    pytest.param([RISE], [RISE.replace(" in the north of the country", "")], "the country last", 1, id="most is gone"),
    pytest.param(
        [RISE, BLAME, INQUIRY], [RISE.replace(" percent", ""), BLAME, f"{INQUIRY} One percent."], "percent", 1,
        id="a word that another block has now",
    ),
    pytest.param(
        [TRADERS, INQUIRY], [TRADERS.replace("in every bad ", ""), f"{INQUIRY} It rains in every bad year."],
        "in every bad", 1, id="a few words that another block has now",
    ),
    pytest.param([RISE], [], "three", 1, id="the whole text"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "exact", "occurrence"), ORPHANED)
def test_words_that_are_gone_are_orphaned(before: list[str], after: list[str], exact: str, occurrence: int) -> None:
    assert follow(before, after, exact, occurrence) == ("orphaned", None)


def test_of_a_word_said_often_the_same_one_is_meant() -> None:
    after = BLAME.replace("Farmers", "The people").replace("weather,", "weather and the rain,")
    spans = [place_words([BLAME], [after], *match.span()).span for match in re.finditer("the ", BLAME)]
    assert [span and after[span.start :][:8] for span in spans] == ["the weat", "the mini", "the farm"]


def test_a_line_break_behind_a_block_is_not_looked_for() -> None:
    assert place_words([RISE, BLAME], [RISE], 0, len(RISE) + 1).span == Span(0, len(RISE))


def test_an_empty_passage_is_nowhere() -> None:
    assert place_words([RISE], [RISE], 5, 5) == Placement("orphaned", None, 0.0)


def test_the_score_says_how_much_has_changed() -> None:
    def score(after: str) -> float:
        return place_words([RISE], [after], 0, len(RISE)).score

    marks, word, many = RISE.replace(".", "!"), RISE.replace("three", "four"), RISE.replace("three percent in ", "")
    assert 1 > score(marks) > score(word) > score(many) > 0.5


def test_a_long_passage_is_scored_by_its_words() -> None:
    before = " ".join(f"{RISE} {number}" for number in range(60))
    placement = place_words([before], [before.replace("three", "four")], 0, len(before))
    assert placement.status == "changed"
    assert 0.85 < placement.score < 0.95


def test_a_whole_block_follows_the_block_with_its_name() -> None:
    before, after = [RISE, BLAME, INQUIRY, FIGURES], [BLAME, RISE, INQUIRY.replace("autumn", "spring")]
    anchoring = Anchoring(before, after, align(before, after))
    placements = [anchoring.place_block(index) for index in range(4)]
    assert sorted(placement.status for placement in placements[:2]) == ["exact", "moved"]
    assert placements[2].status == "changed"
    assert placements[2].span == Span(len(BLAME) + len(RISE) + 2, len("\n".join(after)))
    assert placements[3] == Placement("orphaned", None, 0.0)


def test_a_whole_block_merged_into_another_is_where_its_words_are() -> None:
    before, after = [BLAME, INQUIRY], [f"{INQUIRY} {BLAME}"]
    placement = Anchoring(before, after, align(before, after)).place_block(0)
    assert placement == Placement("moved", Span(len(INQUIRY) + 1, len(after[0])), 1.0)


def test_a_whole_block_written_anew_under_its_name_is_changed() -> None:
    placement = Anchoring([RISE], [INQUIRY], align([RISE], [INQUIRY], hints={0: 0})).place_block(0)
    assert placement.status == "changed"
    assert placement.score < 0.6


def test_likeness_is_one_only_for_the_same_words() -> None:
    assert likeness(RISE, RISE) == 1.0
    assert 0.9 < likeness(RISE, RISE.replace("P", "p")) < 1.0
    assert 0.9 < likeness(RISE * 60, RISE.upper() * 60) < 1.0
    assert likeness("north", "我们") == 0.0
