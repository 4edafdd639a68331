import io
from collections.abc import Sequence

import pytest
from PIL import Image

from annotations import cards, mapping, signs, tallying

COLUMNS = mapping.draw([mapping.Stretch("p1", "1", 300, signs.counts({"supports": 2, "disagreement": 1}))])
# Above the map, where only letters are.
HEAD = (0, 0, cards.SIZE[0], 290)


def picture(
    *, title: str = "A Short Title", credit: str = "The Gazette", columns: Sequence[mapping.Column] = COLUMNS
) -> Image.Image:
    drawn = cards.draw(title=title, credit=credit, columns=columns, counts=signs.counts({"supports": 2}))
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def colours(image: Image.Image) -> set[tuple[int, ...]]:
    found = image.getcolors(image.width * image.height)
    assert found is not None
    return {colour for _, colour in found if isinstance(colour, tuple)}


def rgb(name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(cards.COLOURS[name].removeprefix("#")))


def test_the_picture_has_the_size_that_links_are_shown_in() -> None:
    assert picture().size == (1200, 630)


def test_the_map_is_drawn_in_the_colours_of_its_kinds() -> None:
    assert {rgb("supports"), rgb("disagreement")} <= colours(picture())
    assert rgb("disagreement") not in colours(picture(columns=()))


def test_what_is_settled_is_told_in_no_colour_of_its_own() -> None:
    counts = [signs.Count(tallying.SETTLED, 2)]
    drawn = cards.draw(title="", credit="", columns=(), counts=counts)
    sums = Image.open(io.BytesIO(drawn)).convert("RGB").crop((0, 480, 400, 630))
    assert len(colours(sums)) > 1


def test_the_title_is_written_above_the_map() -> None:
    assert len(colours(picture().crop(HEAD))) > 1
    assert picture(title="One").crop(HEAD).tobytes() != picture(title="Two").crop(HEAD).tobytes()


@pytest.mark.parametrize(
    "title", ["大桥有多安全", "هل الجسر آمن؟", "Mixed 桥", ""], ids=["Chinese", "Arabic", "mixed", "none"]
)
def test_what_the_face_has_no_letters_for_is_left_out(title: str) -> None:
    assert colours(picture(title=title, credit="").crop(HEAD)) == {rgb("paper")}


def test_letters_of_other_latin_scripts_come_from_the_second_face() -> None:
    assert len(colours(picture(title="Příliš žluťoučký", credit="").crop(HEAD))) > 1


@pytest.mark.parametrize("title", ["Word " * 60, "Donaudampfschifffahrt" * 12], ids=["many words", "one long word"])
def test_a_long_title_stays_within_the_picture_and_above_the_map(title: str) -> None:
    image = picture(title=title.strip(), credit="", columns=())
    assert colours(image.crop((1116 + 12, 0, 1200, 630))) == {rgb("paper")}
    assert colours(image.crop((0, 290, 1200, 480))) == {rgb("paper")}


def test_a_picture_is_small_enough_to_send_along() -> None:
    stretches = [mapping.Stretch(f"p{n}", "", 200 + n, signs.counts({"supports": n % 9, "note": 3})) for n in range(60)]
    drawn = cards.draw(title="Word " * 30, credit="Someone", columns=mapping.draw(stretches), counts=())
    assert len(drawn) < 60_000
