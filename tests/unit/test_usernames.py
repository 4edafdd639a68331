"""Which names people may take."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from reader.usernames import normalize, refuse_reserved, skeleton, validate_username

GOOD = {
    "plain": "anna",
    "as short as may be": "jon",
    "as long as may be": "a" * 30,
    "with separators inside": "anna.b-c_d",
    "with figures": "4th-reader",
    "figures alone": "1984",
    "Latin with marks": "łukasz-ørsted",
    "a mark written apart": "e\u0301lan",
    "Cyrillic": "наташа",
    "Greek with its last sigma": "οδυσσέας",
    "Hebrew": "שולמית",
    "Arabic with its own figures": "محمد٣",
    "Arabic with ours": "محمد3",
    "Devanagari with vowel signs": "नेहा",
    "Thai": "สมชาย",
    "Japanese in three scripts": "山田たろうサン",
    "Japanese with a long vowel": "サーバー",
    "Korean with a Chinese letter": "김金수",
    "Chinese with its phonetic letters": "張三ㄅ",
    "full-width letters": "ａｎｎａ",
    "capitals": "ANNA",
}

BAD = {
    "too short": ("jo", "3 to 30"),
    "too long": ("a" * 31, "3 to 30"),
    "too long once normalised": ("ﬃ" * 11, "3 to 30"),
    "empty": ("", "3 to 30"),
    "a hyphen first": ("-anna", "begins and ends"),
    "a dot last": ("anna.", "begins and ends"),
    "a vowel sign first": ("ेहान", "begins and ends"),
    "separators alone": ("._-", "begins and ends"),
    "a space": ("anna b", "cannot be part"),
    "a slash": ("anna/b", "cannot be part"),
    "an at sign": ("anna@b", "cannot be part"),
    "markup": ("<b>anna</b>", "cannot be part"),
    "an emoji": ("anna🙂", "cannot be part"),
    "stacked marks": ("a\u0323\u0323\u0323nna", "cannot be part"),
    "a mathematical sign": ("anna∞", "cannot be part"),
    "a modifier apostrophe": ("dʼartagnan", "cannot be part"),
    "a zero-width joiner": ("an\u200dna", "invisible"),
    "a zero-width space": ("an\u200bna", "invisible"),
    "a soft hyphen": ("an\u00adna", "invisible"),
    "a right-to-left override": ("an\u202ena", "invisible"),
    "an isolate": ("an\u2066na", "invisible"),
    "a byte order mark": ("an\ufeffna", "invisible"),
    "a line break": ("an\nna", "invisible"),
    "a null": ("an\x00na", "invisible"),
    "a tag character": ("an\U000e0061na", "invisible"),
    "Hangul fillers": ("\u3164\u3164\u3164", "invisible"),
    "a variation selector": ("an\ufe0fna", "cannot be part"),
    "Cyrillic in Latin": ("аnna", "one alphabet"),
    "Greek in Latin": ("αnna", "one alphabet"),
    "Arabic figures in Latin": ("anna٣", "one alphabet"),
    "Latin in Japanese": ("taro太郎", "one alphabet"),
    "Japanese with Korean": ("たろう홍", "one alphabet"),
}

ALIKE = {
    "capitals": ("Anna", "anna"),
    "rn and m": ("rnichael", "michael"),
    "zero and o": ("b0b", "bob"),
    "one and l": ("pau1", "paul"),
    "whole names in other letters": ("раураl", "paypal"),
    "Greek omicron": ("οοο", "ooo"),
    "Hebrew letters": ("סוס", "olo"),
    "full width": ("ｂｏｂ", "bob"),
    "composed and decomposed": ("élan", "e\u0301lan"),
    "sharp s": ("straße", "strasse"),
    "the two small sigmas": ("σας", "σασ"),
}

RESERVED = {
    "a title": "admin",
    "in capitals": "MODERATOR",
    "with rn for m": "rnoderator",
    "with a zero": "m0derator",
    "with a one for i": "adm1n",
    "with a one for l": "g1oss",
    "in full width": "ｇｌｏｓｓ",
    "numbered": "admin2",
    "with dots": "a.d.m.i.n",
    "strung together": "gloss-support",
    "strung together and numbered": "gloss_team_7",
    "a word in addresses": "accounts",
    "a word in messages": "anonymous",
    "no value": "null",
    "like a sample account": "sample-critic",
}

FREE = {
    "a title inside a word": "badminton",
    "a title as a part": "video-editor",
    "a numbered common word": "reader7",
    "figures": "007",
}


@pytest.mark.parametrize("name", GOOD.values(), ids=GOOD.keys())
def test_a_readable_name_is_accepted(name: str) -> None:
    validate_username(name)
    refuse_reserved(name)


@pytest.mark.parametrize(("name", "why"), BAD.values(), ids=BAD.keys())
def test_a_bad_name_is_refused_with_the_reason(name: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        validate_username(name)


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE.keys())
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("anna", "hanna"), ("kai", "kal"), ("a.b", "a-b"), ("ольга", "olga")])
def test_names_that_look_different_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("name", RESERVED.values(), ids=RESERVED.keys())
def test_a_name_that_could_pass_for_the_site_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="kept for the site"):
        refuse_reserved(name)


@pytest.mark.parametrize("name", FREE.values(), ids=FREE.keys())
def test_a_name_that_only_holds_a_reserved_word_is_free(name: str) -> None:
    refuse_reserved(name)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_more(name: str) -> None:
    assert normalize(normalize(name)) == normalize(name)
    assert unicodedata.is_normalized("NFKC", normalize(name))


@given(st.text(max_size=40))
def test_a_skeleton_is_the_same_for_every_spelling_of_a_name(name: str) -> None:
    assert skeleton(normalize(name)) == skeleton(name)
    assert skeleton(unicodedata.normalize("NFD", name)) == skeleton(name)


@given(st.text(max_size=40))
def test_any_text_is_judged_without_a_crash_and_a_good_name_fits_its_column(name: str) -> None:
    try:
        validate_username(name)
    except ValidationError:
        return
    assert len(skeleton(name)) <= 210
