"""Which blocks link to which."""

from reader.text.references import references

NOTE = '<sup><a href="#n1">1</a></sup>'


def test_a_footnote_knows_the_blocks_that_cite_it_in_order_and_each_once() -> None:
    blocks = [("p2", f"One.{NOTE}"), ("p1", f"Two.{NOTE} Three.{NOTE}"), ("p3", "None."), ("n1", "See there.")]
    assert references(blocks) == {"n1": ["p2", "p1"]}


def test_links_to_elsewhere_are_no_references() -> None:
    assert references([("p1", '<a href="https://example.org/#n1">there</a>')]) == {}
