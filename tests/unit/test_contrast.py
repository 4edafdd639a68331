"""The colours of every theme, measured: what is read stands out from what it is read on."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"

THEMES = ("light", "sepia", "dark")
GROUNDS = ("paper", "sheet", "lit")
KINDS = ("supports", "contradicts", "context", "disagreement", "question", "note")
READ = ("ink", "quiet", "wrong", *KINDS)

_DECLARED = re.compile(r"--([a-z]+): (light-dark\(.+\)|oklch\([^)]+\));")
_OKLCH = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")


def contrast(one: str, other: str) -> float:
    """Give the contrast of two oklch() colours. Source: WCAG 2.2, "contrast ratio" and "relative luminance"."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of an oklch() colour. Source: CSS Color 4, section 18, for the way to linear sRGB."""
    found = _OKLCH.fullmatch(colour)
    assert found, colour
    lightness, chroma, hue = map(float, found.groups())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    shown = [min(1.0, max(0.0, part)) for part in (red, green, blue)]
    return 0.2126 * shown[0] + 0.7152 * shown[1] + 0.0722 * shown[2]


def colours(theme: str) -> dict[str, str]:
    if theme == "sepia":
        return declared('[data-theme="sepia"]')
    pairs = {name: _OKLCH.findall(value) for name, value in declared(":root").items()}
    return {name: "oklch({} {} {})".format(*pair[theme == "dark"]) for name, pair in pairs.items() if pair}


def declared(selector: str) -> dict[str, str]:
    """Give the colours that the first rule of this selector declares."""
    rule = TOKENS.read_text(encoding="utf-8").partition(f"\n{selector} {{\n")[2].partition("\n}")[0]
    return dict(_DECLARED.findall(rule))


def test_the_measure_knows_black_white_and_a_grey() -> None:
    assert contrast("oklch(0 0 0)", "oklch(1 0 0)") == pytest.approx(21, abs=0.01)
    # #767676 is the lightest grey that holds 4.5:1 on white.
    assert contrast("oklch(.5653 0 0)", "oklch(1 0 0)") == pytest.approx(4.54, abs=0.02)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", READ)
def test_what_is_read_holds_4_5_to_1(theme: str, ground: str, name: str) -> None:
    shown = colours(theme)
    assert contrast(shown[name], shown[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "sheet"])
def test_the_edges_of_fields_and_buttons_hold_3_to_1(theme: str, ground: str) -> None:
    shown = colours(theme)
    assert contrast(shown["edge"], shown[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_no_kind_is_louder_than_another(theme: str) -> None:
    shown = colours(theme)
    ratios = [contrast(shown[name], shown["paper"]) for name in KINDS]
    assert max(ratios) < 1.3 * min(ratios)


def test_sepia_has_every_colour_of_its_own() -> None:
    assert colours("sepia").keys() == colours("light").keys() == colours("dark").keys()
