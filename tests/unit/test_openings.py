import pytest

from reader.text.openings import opening

SHORT = "It is safe."
LONG = (
    "Nobody has counted the traffic on the bridge since it was built in 1990 with public money, as the mayor has said."
)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        pytest.param([], "", id="nothing of nothing"),
        pytest.param([SHORT], SHORT, id="all of a short text"),
        pytest.param([LONG, SHORT], LONG, id="one sentence that tells enough"),
        pytest.param([SHORT, LONG, LONG], f"{SHORT} {LONG}", id="another one where the first tells little"),
        pytest.param([SHORT, f"{LONG} {LONG}"], SHORT, id="no half sentence where a whole one is there"),
        pytest.param(["A  line\nand\ta half."], "A line and a half.", id="as one line"),
    ],
)
def test_a_text_is_told_of_by_its_first_sentences(sentences: list[str], expected: str) -> None:
    assert opening(sentences) == expected


def test_a_long_sentence_is_cut_after_a_whole_word() -> None:
    found = opening([" ".join(["counted"] * 60)])
    assert found.endswith("counted…")
    assert 200 < len(found) <= 220


def test_a_long_sentence_without_spaces_is_cut_where_it_is_full() -> None:
    assert len(opening(["桥" * 400])) == 220
