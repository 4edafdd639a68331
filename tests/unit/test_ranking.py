"""Ranking: what ratings come to, by rules that hold for all of them."""

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import ranking
from annotations.ranking import FEWEST, HELPFUL_REASONS, NEUTRAL, UNHELPFUL_REASONS, Judgement, Side, Standing, Value

HELPFUL, SOMEWHAT, NOT = Value.HELPFUL, Value.SOMEWHAT, Value.NOT
FOR, AGAINST, NONE = Side.FOR, Side.AGAINST, Side.NONE


def judgement(value: Value, weight: float, side: Side, reasons: list[str]) -> Judgement:
    return Judgement(value, tuple(each for each in reasons if each in ranking.fitting(value)), weight, side)


JUDGEMENT = st.builds(
    judgement,
    st.sampled_from(Value),
    st.sampled_from([0.5, 1.0]) | st.floats(0.01, 1),
    st.sampled_from(Side),
    st.lists(st.sampled_from(ranking.ALL_REASONS), unique=True),
)
# Of real accounts.
WEIGHT = st.builds(
    lambda days, is_writer: ranking.weight(days=days, is_writer=is_writer), st.integers(0), st.booleans()
)
JUDGEMENTS = st.lists(JUDGEMENT, max_size=20)
ENOUGH = st.lists(JUDGEMENT, min_size=FEWEST, max_size=20)
# Often of both sides, so that there is a bridge to be lost.
LIKED = st.lists(st.builds(judgement, st.just(HELPFUL), st.just(1.0), st.sampled_from([FOR, AGAINST]), st.just([])))


def ratings(*, helpful: int = 0, somewhat: int = 0, nots: int = 0, side: Side = NONE) -> list[Judgement]:
    numbers = {HELPFUL: helpful, SOMEWHAT: somewhat, NOT: nots}
    return [Judgement(value, side=side) for value, number in numbers.items() for _ in range(number)]


# What holds for all ratings


@given(JUDGEMENTS.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_the_order_of_ratings_does_not_matter(both: tuple[list[Judgement], list[Judgement]]) -> None:
    given, shuffled = both
    assert ranking.standing(given) == ranking.standing(shuffled)


@given(ENOUGH, LIKED, JUDGEMENT)
def test_one_more_helpful_rating_never_lowers_a_place(
    given: list[Judgement], liked: list[Judgement], one: Judgement
) -> None:
    before = [*given, *liked]
    after = [*before, replace(one, value=HELPFUL)]
    (was_bridging, was), (is_bridging, now) = (ranking.standing(each).place for each in (before, after))
    assert is_bridging >= was_bridging
    assert is_bridging > was_bridging or now >= was - 1e-12


@given(ENOUGH, LIKED, st.integers(0), st.sampled_from(Value))
def test_who_comes_to_like_it_more_never_lowers_its_place(
    given: list[Judgement], liked: list[Judgement], which: int, value: Value
) -> None:
    before = [*given, *liked]
    one = before[which % len(before)]
    better = replace(one, value=max(value, one.value, key=lambda each: each.points))
    after = [better if each is one else each for each in before]
    (was_bridging, was), (is_bridging, now) = (ranking.standing(each).place for each in (before, after))
    assert is_bridging >= was_bridging
    assert is_bridging > was_bridging or now >= was - 1e-12


@given(st.lists(st.builds(judgement, st.just(HELPFUL), WEIGHT, st.sampled_from(Side), st.just([]))))
def test_what_all_find_helpful_never_stands_below_what_nobody_rated(given: list[Judgement]) -> None:
    assert ranking.standing(given).place >= Standing().place


@given(JUDGEMENTS, LIKED)
def test_both_sides_count_alike(given: list[Judgement], liked: list[Judgement]) -> None:
    judgements = [*given, *liked]
    swapped = [replace(each, side=each.side.opposite) for each in judgements]
    assert ranking.standing(judgements) == ranking.standing(swapped)
    assert ranking.bridge(judgements) == ranking.bridge(swapped)


@given(JUDGEMENTS, LIKED)
def test_a_score_lies_between_nought_and_one(given: list[Judgement], liked: list[Judgement]) -> None:
    standing = ranking.standing([*given, *liked])
    assert (standing.score is None) == (standing.share is None) == (standing.count < FEWEST)
    assert 0 <= (standing.score or 0) <= 1
    assert 0 <= (standing.share or 0) <= 1


@given(JUDGEMENTS, st.lists(JUDGEMENT.map(lambda one: replace(one, weight=0.0)), min_size=1))
def test_a_rating_without_weight_changes_nothing(given: list[Judgement], weightless: list[Judgement]) -> None:
    assert ranking.standing([*weightless, *given]) == ranking.standing(given)


@given(ENOUGH)
def test_the_bound_is_below_what_readers_say(given: list[Judgement]) -> None:
    standing = ranking.standing([replace(each, side=NONE) for each in given])
    assert standing.score is not None
    assert standing.share is not None
    assert standing.score <= standing.share


@given(JUDGEMENTS, LIKED)
def test_the_reasons_told_are_two_that_were_named(given: list[Judgement], liked: list[Judgement]) -> None:
    judgements = [*given, *liked]
    top = ranking.standing(judgements).top_reasons
    assert len(top) <= 2
    assert set(top) <= {reason for each in judgements for reason in each.reasons}


# The lower bound


@pytest.mark.parametrize(
    ("helpful", "total", "expected"),
    [
        pytest.param(0, 0, 0.0, id="none"),
        pytest.param(0, 9, 0.0, id="nobody"),
        pytest.param(5, 5, 0.6488, id="all of five"),
        pytest.param(2.5, 5, 0.2037, id="half of five"),
        pytest.param(50, 100, 0.4188, id="half of a hundred"),
        pytest.param(90, 100, 0.8396, id="ninety of a hundred"),
    ],
)
def test_the_lower_bound_is_wilson_s(helpful: float, total: float, expected: float) -> None:
    assert ranking.wilson(helpful, total) == pytest.approx(expected, abs=5e-5)


@given(st.floats(0, 1), st.floats(0.5, 1000))
def test_the_bound_is_the_share_from_which_what_was_seen_is_just_credible(share: float, total: float) -> None:
    """Wilson's own condition: the seen share lies z standard deviations above the bound."""
    bound = ranking.wilson(share * total, total)
    assert share - bound == pytest.approx(ranking.Z * sqrt(bound * (1 - bound) / total), abs=1e-6)


def test_neutral_is_the_bound_of_two_and_a_half_of_five() -> None:
    assert ranking.wilson(2.5, 5) == NEUTRAL


def test_there_is_no_score_before_the_fifth_rating() -> None:
    assert ranking.standing(ratings(helpful=4)) == Standing(count=4)
    assert ranking.standing(ratings(helpful=5)).score == ranking.wilson(5, 5)


def test_too_few_ratings_stand_as_if_they_were_mixed() -> None:
    few, mixed = ratings(helpful=4), ratings(helpful=2, somewhat=1, nots=2)
    assert ranking.standing(few).place == ranking.standing(mixed).place == (False, NEUTRAL)


def test_ratings_of_new_accounts_count_towards_the_five_and_weigh_less() -> None:
    new = [replace(each, weight=0.5) for each in ratings(helpful=5)]
    assert ranking.standing(new).score == ranking.wilson(2.5, 2.5)


# The bridge


def test_what_both_sides_find_helpful_is_scored_by_the_weaker_agreement_too() -> None:
    judgements = [*ratings(helpful=4, side=FOR), *ratings(helpful=2, side=AGAINST)]
    standing = ranking.standing(judgements)
    assert standing.is_bridging
    assert standing.score == ranking.bridge(judgements) == pytest.approx(sqrt(5 / 6 * 3 / 4))


@pytest.mark.parametrize(
    "judgements",
    [
        pytest.param(ratings(helpful=2, side=FOR) + ratings(helpful=2, side=AGAINST), id="only four ratings"),
        pytest.param(ratings(helpful=9, side=FOR) + ratings(helpful=1, side=AGAINST), id="one reader on one side"),
        pytest.param(ratings(helpful=9, side=FOR) + ratings(helpful=9), id="one side and readers of none"),
        pytest.param(ratings(helpful=9, side=FOR) + ratings(helpful=3, nots=2, side=AGAINST), id="one side is divided"),
        pytest.param(ratings(helpful=9, side=FOR) + ratings(somewhat=9, side=AGAINST), id="one side finds it so-so"),
        pytest.param(
            ratings(helpful=2, side=FOR) + ratings(helpful=2, side=AGAINST) + ratings(nots=5),
            id="most readers, of no side, do not",
        ),
        pytest.param(
            ratings(helpful=9, side=FOR) + [Judgement(HELPFUL, weight=0.5, side=AGAINST)] * 3,
            id="one side has new accounts only",
        ),
    ],
)
def test_there_is_no_bridge_on_one_foot(judgements: list[Judgement]) -> None:
    assert ranking.bridge(judgements) is None
    assert not ranking.standing(judgements).is_bridging


def test_two_more_than_not_on_each_side_are_a_bridge() -> None:
    judgements = [*ratings(helpful=3, nots=1, side=FOR), *ratings(helpful=2, somewhat=1, side=AGAINST)]
    assert ranking.bridge(judgements) == pytest.approx(sqrt(4 / 6 * 3.5 / 5))


def test_what_bridges_stands_before_what_more_readers_of_one_side_like() -> None:
    bridging = ranking.standing([*ratings(helpful=3, side=FOR), *ratings(helpful=2, side=AGAINST)])
    liked = ranking.standing(ratings(helpful=500, side=FOR))
    assert bridging.score is not None
    assert liked.score is not None
    assert bridging.score < liked.score
    assert bridging.place > liked.place


# Weights


@pytest.mark.parametrize(
    ("days", "is_writer", "expected"),
    [
        pytest.param(0, True, 0.2, id="the first day"),
        pytest.param(7, True, 0.6, id="half of the way"),
        pytest.param(14, True, 1.0, id="two weeks"),
        pytest.param(5000, True, 1.0, id="for ever"),
        pytest.param(3, False, 0.37, id="a newcomer who wrote nothing"),
        pytest.param(5000, False, 0.5, id="who never wrote anything"),
        pytest.param(-1, True, 0.2, id="a clock that was set back"),
    ],
)
def test_a_reader_counts_as_long_as_they_are_here_and_stand_to_their_words(
    *, days: int, is_writer: bool, expected: float
) -> None:
    assert ranking.weight(days=days, is_writer=is_writer) == expected


@given(days=st.integers(-10, 100), more=st.integers(0, 100), is_writer=st.booleans())
def test_a_reader_never_counts_for_less_than_before(*, days: int, more: int, is_writer: bool) -> None:
    now = ranking.weight(days=days, is_writer=is_writer)
    assert 0 < now <= ranking.weight(days=days + more, is_writer=is_writer) <= 1
    assert now <= ranking.weight(days=days, is_writer=True)


# Sides


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param(["supports"], FOR, id="a source for"),
        pytest.param(["contradicts", "context"], AGAINST, id="a source against"),
        pytest.param(["supports", "contradicts"], NONE, id="one of each"),
        pytest.param(["context"], NONE, id="context"),
        pytest.param([], NONE, id="a note"),
    ],
)
def test_an_annotation_leans_as_it_cites(stances: list[str], expected: Side) -> None:
    assert ranking.leaning(is_disagreement=False, stances=stances) == expected


@pytest.mark.parametrize("stances", [[], ["supports"]], ids=["alone", "with a source for the words"])
def test_a_disagreement_leans_against_the_words(stances: list[str]) -> None:
    assert ranking.leaning(is_disagreement=True, stances=stances) == AGAINST


def test_who_disagrees_with_what_leans_says_the_opposite() -> None:
    assert [ranking.stated(side) for side in Side] == [FOR, AGAINST, NONE]
    assert [ranking.stated(side, is_agreeing=False) for side in Side] == [AGAINST, FOR, NONE]


@given(st.lists(st.sampled_from(Side)))
def test_a_side_is_the_sign_of_the_sum_of_what_was_said(statements: list[Side]) -> None:
    total = sum({FOR: 1, AGAINST: -1, NONE: 0}[each] for each in statements)
    assert ranking.side(statements) == (FOR if total > 0 else AGAINST if total < 0 else NONE)


# Words


def saying(value: Value, *reasons: str, side: Side = NONE, number: int = 1) -> list[Judgement]:
    return [Judgement(value, reasons, side=side)] * number


@pytest.mark.parametrize(
    ("judgements", "expected"),
    [
        pytest.param([], "", id="nobody has rated it"),
        pytest.param(ratings(helpful=3), "3 of 5 ratings so far", id="too few"),
        pytest.param(
            saying(HELPFUL, "clear", side=FOR, number=3)
            + saying(HELPFUL, "clear", "good sources", side=AGAINST, number=4),
            "Helpful to readers on both sides: clear, good sources",
            id="both sides",
        ),
        pytest.param(
            saying(HELPFUL, "fair in tone", "clear", number=4) + saying(NOT, "opinion"),
            "Most readers find it helpful: clear, fair in tone",
            id="most",
        ),
        pytest.param(
            saying(HELPFUL, "clear", number=3) + saying(NOT, "opinion", "loaded", number=3),
            "Readers differ on how helpful it is: clear, opinion",
            id="mixed",
        ),
        pytest.param(
            saying(NOT, "unclear", number=4) + saying(NOT, "opinion", "unclear"),
            "Few readers find it helpful: unclear, opinion",
            id="few",
        ),
        pytest.param(ratings(helpful=5), "Most readers find it helpful", id="without reasons"),
    ],
)
def test_the_label_says_in_words_why_it_stands_there(judgements: list[Judgement], expected: str) -> None:
    assert ranking.label(ranking.standing(judgements)) == expected


def test_a_reason_is_told_by_the_weight_of_those_who_name_it() -> None:
    light = [replace(each, weight=0.5) for each in saying(HELPFUL, "good sources", number=3)]
    judgements = light + saying(HELPFUL, "fair in tone", number=2) + saying(HELPFUL, "clear", number=2)
    assert ranking.standing(judgements).top_reasons == ("clear", "fair in tone")


def test_each_value_has_the_reasons_that_fit_it() -> None:
    assert ranking.fitting(HELPFUL) == HELPFUL_REASONS
    assert ranking.fitting(NOT) == UNHELPFUL_REASONS
    assert set(ranking.fitting(SOMEWHAT)) == {*HELPFUL_REASONS, *UNHELPFUL_REASONS}
