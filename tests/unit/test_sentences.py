"""Sentences, in tables of cases that grow with each one found wrong."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import sentences
from reader.text.spans import Span

# Each case is given as its sentences; joined by a space they are the text.
CASES = {
    "an abbreviation before a word": ["The U.S. troops left.", "They went home."],
    "an abbreviation at the end": ["He lives in the U.S.", "He works there."],
    "titles before names": ["Dr. Smith met Mr. and Mrs. Jones.", "They talked to Lt. Col. Roe."],
    "a hyphenated title": ["Talks between then-President Barack Obama and Xi Jinping were on.", "They failed."],
    "figures with points and commas": ["There are some 39,000 of them.", "Only 3.5 percent, or .5 points, left."],
    "money": ["It cost $3.50.", "Or £4.", "Maybe 5%."],
    "a quotation at the end": ["It is its so-called “removal inventory.”", "To do so, these people need papers."],
    "speech and who speaks": ["“Is it safe?” asked the mayor.", "“Of course!” she said.", "They left."],
    "sentences inside a quotation": ["He said, “I came. I saw. I won.”", "Then he left."],
    "straight quotation marks": ['"It is safe."', "He did not know."],
    "brackets at the end": ["Beijing signed it (and it did).", "In the end, nothing."],
    "a sentence in brackets": ["It was.", "(Really, it was.)", "Then it went."],
    "sentences inside brackets": ["He said (I came. I saw.) and left.", "End."],
    "an ellipsis inside": ["And then… nothing happened.", "And then... he left."],
    "an ellipsis at the end": ["Wait...", "What?", "No!"],
    "initials": ["J. R. R. Tolkien wrote it.", "George W. Bush read it."],
    "times of day": ["He came at 5 p.m. on Monday.", "She came at 6 a.m.", "It was late."],
    "a month shortened": ["The deal was made in Jan. 2020.", "The Sept. 11 attacks came first."],
    "companies": ["Acme Inc. bought Foo Ltd. in May.", "The price, e.g. in cash, was high."],
    "a capital city": ["Washington, D.C. is big.", "He left Washington, D.C.", "Then he came back."],
    "an address on the web": ["Visit example.org.", "It works."],
    "an aside that asks": ["He wondered—was it true?—and left.", "She stayed."],
    "a list's numbers": ["1. One thing.", "2. Another.", "(a) A third."],
    "a letter that ends a sentence": ["It is Plan B.", "So did I.", "He too."],
    "a sentence in small letters": ["the end.", "iPhone sales rose."],
    "two marks": ["Is that so?!", "Yes."],
    "emoji": ["Done 👍🏽.", "Next 👩\u200d👩\u200d👧 sentence!", "Yes"],
}
OTHER_LANGUAGES = {
    "French": ("fr", ["M. Dupont est venu.", "« C’est vrai ? » dit-il.", "Oui."]),
    "German": ("de", ["Am 3. Mai kam Dr. Müller.", "Das ist z. B. ein Satz."]),
    "Spanish": ("es", ["¿Qué pasa?", "¡Nada!", "El Sr. García llegó."]),
    "Arabic": ("ar", ["ذهب الرجل إلى البيت.", "هل عاد؟", "نعم، عاد."]),
    "Russian": ("ru", ["Он приехал в Москву.", "Это всё."]),
    "a language not known": ("tlh", ["Hello there.", "And here."]),
    "no language": ("", ["Hello there.", "And here."]),
}


def words_of(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences.split(text, language)]


@pytest.mark.parametrize("expected", CASES.values(), ids=CASES.keys())
def test_english_prose_is_split(expected: list[str]) -> None:
    assert words_of(" ".join(expected)) == expected


@pytest.mark.parametrize(("language", "expected"), OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES.keys())
def test_other_languages_are_split(language: str, expected: list[str]) -> None:
    assert words_of(" ".join(expected), language) == expected


def test_chinese_needs_no_spaces() -> None:
    expected = ["政府已经表示。", "他说：“我们不同意。”", "有3.5亿人！", "真的吗？", "是的。"]
    assert words_of("".join(expected), "zh-Hans") == expected


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_no_words_are_no_sentences(text: str) -> None:
    assert sentences.split(text) == ()


def test_offsets_count_code_points_and_leave_white_space_out() -> None:
    assert sentences.split(" 👍🏽 Yes.  No. ") == (Span(1, 8), Span(10, 13))


@given(
    st.text(st.one_of(st.sampled_from(" .!?…\n“”\"'()[]。！？؟—1aB"), st.characters(exclude_categories=["Cs"]))),
    st.sampled_from(["en", "zh-Hans", "ar", "de", "tlh"]),
)
def test_sentences_hold_all_words_once(text: str, language: str) -> None:
    spans = sentences.split(text, language)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
