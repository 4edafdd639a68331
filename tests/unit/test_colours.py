"""Colours that stand outside the style sheet, where it cannot reach, are those of its tokens."""

import math
import re
from pathlib import Path

import pytest

from annotations import cards
from reader.preferences import PAPERS

TOKENS = (Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"


def token(name: str, theme: str) -> str:
    """Give a colour of a theme in sRGB, as #rrggbb."""
    if theme == "sepia":
        block = re.search(r'\[data-theme="sepia"\] \{(.*?)\}', TOKENS, re.DOTALL)
        assert block is not None
        found = re.search(rf"--{name}: {OKLCH};", block[1])
        assert found is not None
        return srgb(*map(float, found.groups()))
    found = re.search(rf"--{name}: light-dark\({OKLCH}, {OKLCH}\);", TOKENS)
    assert found is not None
    return srgb(*map(float, found.groups()[:3] if theme == "light" else found.groups()[3:]))


def srgb(lightness: float, chroma: float, hue: float) -> str:
    """Turn oklch into sRGB. Source: CSS Color Module Level 4, section 18."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * min(1, max(0, _curved(part)))):02x}" for part in parts)


def _curved(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


@pytest.mark.parametrize("theme", ["light", "sepia", "dark"])
def test_the_browser_s_own_bars_have_the_colour_of_the_paper(theme: str) -> None:
    assert PAPERS[theme] == token("paper", theme)


@pytest.mark.parametrize("name", list(cards.COLOURS))
def test_the_picture_for_shared_links_has_the_colours_of_the_light_theme(name: str) -> None:
    assert cards.COLOURS[name] == token(name, "light")
