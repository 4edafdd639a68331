"""Which way a language is written."""

import pytest

from reader.text.direction import direction, isolated


@pytest.mark.parametrize("language", ["ar", "he-IL", "fa-Arab-IR", "ur", "uz-Arab", "AR-eg", "pa-arab-PK"])
def test_these_are_written_from_right_to_left(language: str) -> None:
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ja", "uz", "az-Latn-AZ", "ku-Latn", "yi-Latn", "arn", ""])
def test_these_are_written_from_left_to_right(language: str) -> None:
    assert direction(language) == "ltr"


@pytest.mark.parametrize("words", ["הגשר", "a הגשר b", "جسر 1990", "١٩٩٠"])
def test_words_from_right_to_left_are_kept_apart(words: str) -> None:
    assert isolated(words) == f"\u2068{words}\u2069"


@pytest.mark.parametrize("words", ["", "ada", "Żółć", "橋 1990"])
def test_words_from_left_to_right_are_left_as_they_are(words: str) -> None:
    assert isolated(words) == words
