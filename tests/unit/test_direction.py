"""Which way a language is written."""

import pytest

from reader.text.direction import direction


@pytest.mark.parametrize("language", ["ar", "he-IL", "fa-Arab-IR", "ur", "uz-Arab", "AR-eg", "pa-arab-PK"])
def test_these_are_written_from_right_to_left(language: str) -> None:
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ja", "uz", "az-Latn-AZ", "ku-Latn", "yi-Latn", "arn", ""])
def test_these_are_written_from_left_to_right(language: str) -> None:
    assert direction(language) == "ltr"
