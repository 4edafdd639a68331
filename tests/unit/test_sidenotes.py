"""Copies of footnotes beside the words that cite them."""

from typing import NamedTuple

import pytest

from annotations import sidenotes
from annotations.sidenotes import Sidenote
from reader.text.references import references


class Block(NamedTuple):
    kind: str
    name: str
    html: str
    text: str
    marker: str = ""


def citing(*names: str, name: str = "p1", length: int = 300) -> Block:
    html = "".join(f'<sup><a href="#{note}">1</a></sup>' for note in names)
    return Block("paragraph", name, html, "x" * length)


def note(name: str = "n1", text: str = "See the yearbook.", html: str = "", marker: str = "1") -> Block:
    return Block("footnote", name, html or text, text, marker)


def beside(*blocks: Block, crowded: set[str] | None = None) -> dict[str, list[Sidenote]]:
    return sidenotes.beside(blocks, references((block.name, block.html) for block in blocks), crowded=crowded or set())


def test_a_footnote_stands_beside_each_paragraph_that_cites_it() -> None:
    found = beside(citing("n1"), citing("n2", "n1", name="p2"), citing(name="p3"), note(), note("n2", marker="2"))
    assert {name: [(one.name, one.marker) for one in notes] for name, notes in found.items()} == {
        "p1": [("n1", "1")],
        "p2": [("n1", "1"), ("n2", "2")],
    }


def test_a_link_to_another_paragraph_brings_no_copy_of_it() -> None:
    assert beside(citing("p2"), citing(name="p2")) == {}


def test_a_footnote_that_cites_another_has_nothing_beside_it() -> None:
    assert beside(note("n1", html='See <a href="#n2">2</a>.', text="See 2."), note("n2")) == {}


def test_no_key_leads_into_a_copy() -> None:
    html = '<cite>Yearbook</cite>, <a href="https://example.org/">p. 3</a>'
    (one,) = beside(citing("n1"), note(html=html, text="Yearbook, p. 3"))["p1"]
    assert one.html == '<cite>Yearbook</cite>, <a tabindex="-1" href="https://example.org/">p. 3</a>'


def test_what_is_cut_ends_with_a_word_and_cannot_become_markup() -> None:
    (one,) = beside(citing("n1"), note(text="<b> and so on, " * 60, html="&lt;b&gt; and so on, " * 60))["p1"]
    assert one.html.startswith("&lt;b&gt; and so on, ")
    assert one.html.endswith("…")
    assert len(one.html) < 400


@pytest.mark.parametrize(("length", "number"), [(60, 1), (300, 2), (300, 4), (1500, 3)])
def test_the_notes_of_a_longer_paragraph_are_not_taller_than_it(length: int, number: int) -> None:
    names = [f"n{each}" for each in range(number)]
    found = beside(citing(*names, length=length), *(note(name, text="word " * 200) for name in names))["p1"]
    least = 3 / 1.55 * number
    assert sum(one.lines for one in found) <= max(length / 62 + 1, least)


def test_where_readers_wrote_the_notes_make_room() -> None:
    blocks = citing("n1", "n2"), note(text="word " * 200), note("n2", text="word " * 200)
    alone, shared = beside(*blocks)["p1"], beside(*blocks, crowded={"p1"})["p1"]
    assert sum(one.lines for one in shared) < sum(one.lines for one in alone)
