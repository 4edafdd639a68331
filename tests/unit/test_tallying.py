from random import Random

from hypothesis import given
from hypothesis import strategies as st

from annotations.tallying import Asked, Cited, Disputed, Evidence, Line, Tallies, tally
from reader.text.spans import Span

WORDS = Span(0, 10)

stances = st.sampled_from(["supports", "contradicts", "context"])
places = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda place: (place[0], sum(place)))
citings = st.builds(
    lambda place, *said: Cited(place[0], place[1], *said), places, stances, st.integers(1, 5), st.booleans()
)
askings = st.builds(lambda place, *said: Asked(place[0], place[1], *said), places, st.integers(1, 4), st.integers(1, 4))
disputings = st.builds(
    lambda place, *said: Disputed(place[0], place[1], *said),
    places,
    st.sampled_from(["number", "framing", "outdated"]),
    st.booleans(),
)
evidences = st.builds(Evidence, st.lists(citings), st.lists(askings), st.lists(disputings))


def cited(stance: str, story: int, *, is_verified: bool = False, words: Span = WORDS) -> Cited:
    return Cited(words.start, words.end, stance, story, is_verified)


def asked(question: int, reader: int) -> Asked:
    return Asked(WORDS.start, WORDS.end, question, reader)


def disputed(grounds: str, *, is_settled: bool = False) -> Disputed:
    return Disputed(WORDS.start, WORDS.end, grounds, is_settled)


def is_on(piece: Cited | Asked | Disputed, span: Span) -> bool:
    assert piece.start is not None
    assert piece.end is not None
    return span.overlaps(Span(piece.start, piece.end))


def line(tallies: Tallies, *, key: str = "s1", sentence: str = "It is so.") -> Line:
    return Line(key, WORDS, sentence, tallies)


# What counts


def test_a_line_tells_for_against_context_asked_disputed_and_settled_in_this_order() -> None:
    evidence = Evidence(
        cited=[cited("context", 5), cited("contradicts", 4), *(cited("supports", story) for story in (1, 2, 3))],
        asked=[asked(1, 1)],
        disputed=[disputed("number"), disputed("framing", is_settled=True)],
    )
    assert tally(evidence).words == "3 for · 1 against · 1 context · 1 asked · disputed: number · 1 settled"


def test_a_story_counts_once_on_each_side_it_is_cited_on() -> None:
    evidence = Evidence(cited=[cited("supports", 1), cited("supports", 1), cited("contradicts", 1)])
    assert tally(evidence).words == "1 for · 1 against"


def test_a_story_is_verified_where_one_of_its_sources_is_and_on_that_side_only() -> None:
    evidence = Evidence(
        cited=[
            cited("supports", 1),
            cited("supports", 1, is_verified=True),
            cited("supports", 2),
            cited("contradicts", 1),
        ]
    )
    assert tally(evidence).words == "2 for, 1 verified · 1 against"


def test_a_reader_who_asks_twice_of_the_same_words_is_one_who_asks() -> None:
    evidence = Evidence(asked=[asked(1, 7), asked(2, 7), asked(1, 8)])
    assert tally(evidence).words == "2 asked"
    assert evidence.requests == 2


def test_the_most_frequent_grounds_stand_first() -> None:
    evidence = Evidence(disputed=[disputed("framing"), disputed("number"), disputed("number"), disputed("outdated")])
    assert tally(evidence).words == "disputed: number ×2, framing, outdated"


def test_nothing_comes_to_nothing() -> None:
    nothing = tally(Evidence())
    assert not nothing
    assert nothing.words == ""
    assert nothing.numbers == (0, 0, 0, 0, 0)


# How it is said


def test_who_listens_hears_a_whole_sentence() -> None:
    evidence = Evidence(
        cited=[*(cited("supports", story, is_verified=story < 3) for story in (1, 2, 3)), cited("contradicts", 4)],
        asked=[asked(1, 1)],
        disputed=[disputed("number"), disputed("number"), disputed("framing"), disputed("framing", is_settled=True)],
    )
    assert line(tally(evidence)).spoken == (
        "Sentence 2: 3 sources for, 2 of them verified by readers; 1 source against; 1 reader asks for a source; "
        "disputed 3 times: number 2, framing 1; 1 disagreement settled."
    )


def test_one_verified_source_is_said_to_be_so() -> None:
    tallies = tally(Evidence(cited=[cited("context", 1, is_verified=True)]))
    assert (tallies.words, tallies.spoken) == ("1 context, verified", "1 source for context, verified by readers")


def test_all_verified_is_told_by_the_number() -> None:
    tallies = tally(Evidence(cited=[cited("supports", story, is_verified=True) for story in (1, 2)]))
    assert tallies.words == "2 for, 2 verified"


def test_a_sentence_is_known_by_its_first_words() -> None:
    sentence = "Nobody has ever counted the traffic since."
    assert line(Tallies(), sentence=sentence).opening == "Nobody has ever counted…"
    assert line(Tallies()).opening == "It is so."


# Where it counts


def test_what_lies_across_two_sentences_is_beside_both() -> None:
    across = cited("supports", 1, words=Span(8, 14))
    first, second, third = Evidence(cited=[across]).beside([Span(0, 10), Span(11, 20), Span(21, 30)])
    assert (first.cited, second.cited, third.cited) == ([across], [across], [])


def test_what_ends_where_a_sentence_begins_is_not_beside_it() -> None:
    before, after = Evidence(cited=[cited("supports", 1)]).beside([Span(0, 10), Span(10, 20)])
    assert before
    assert not after


def test_what_is_about_the_whole_article_is_beside_no_sentence_and_still_counts_in_all() -> None:
    evidence = Evidence(
        cited=[Cited(None, None, "supports", 1, False)],  # noqa: FBT003
        asked=[Asked(None, None, 1, 1)],
        disputed=[Disputed(None, None, "framing", False)],  # noqa: FBT003
    )
    assert not any(evidence.beside([Span(0, 10)]))
    assert tally(evidence).words == "1 for · 1 asked · disputed: framing"
    assert evidence.requests == 1


# For all evidence


@given(evidences, st.randoms())
def test_the_order_of_what_is_found_does_not_matter(evidence: Evidence, random: Random) -> None:
    shuffled = Evidence(
        random.sample(evidence.cited, len(evidence.cited)),
        random.sample(evidence.asked, len(evidence.asked)),
        random.sample(evidence.disputed, len(evidence.disputed)),
    )
    assert tally(shuffled) == tally(evidence)


@given(evidences, st.data())
def test_citing_the_same_story_again_changes_no_number(evidence: Evidence, data: st.DataObject) -> None:
    if evidence.cited:
        again = data.draw(st.sampled_from(evidence.cited))._replace(is_verified=False)
        assert tally(Evidence([*evidence.cited, again], evidence.asked, evidence.disputed)) == tally(evidence)


@given(evidences, st.data())
def test_what_is_taken_away_takes_itself_away_and_nothing_else(evidence: Evidence, data: st.DataObject) -> None:
    if evidence.disputed:
        gone = data.draw(st.integers(0, len(evidence.disputed) - 1))
        left = [*evidence.disputed[:gone], *evidence.disputed[gone + 1 :]]
        key = "settled" if evidence.disputed[gone].is_settled else "disagreement"
        before, after = tally(evidence), tally(Evidence(evidence.cited, evidence.asked, left))
        assert after.number(key) == before.number(key) - 1
        assert [told for told in after if told.sign.key != key] == [told for told in before if told.sign.key != key]


@given(evidences)
def test_all_together_is_no_more_than_the_sum_of_its_parts_and_no_less_than_any(evidence: Evidence) -> None:
    spans = [Span(start, start + 10) for start in range(0, 70, 10)]
    parts = [tally(beside).numbers for beside in evidence.beside(spans)]
    for number, *each in zip(tally(evidence).numbers, *parts, strict=True):
        assert max(each) <= number <= sum(each)


@given(evidences)
def test_no_more_are_verified_than_there_are(evidence: Evidence) -> None:
    assert all(0 <= told.verified <= told.number for told in tally(evidence))


@given(evidences)
def test_every_piece_is_beside_exactly_the_spans_it_shares_letters_with(evidence: Evidence) -> None:
    spans = [Span(start, start + 9) for start in range(0, 60, 10)]
    for span, beside in zip(spans, evidence.beside(spans), strict=True):
        for all_of_a_kind, here in (
            (evidence.cited, beside.cited),
            (evidence.asked, beside.asked),
            (evidence.disputed, beside.disputed),
        ):
            assert here == [piece for piece in all_of_a_kind if is_on(piece, span)]
