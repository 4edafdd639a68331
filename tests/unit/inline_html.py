"""Safe inline HTML as Hypothesis draws it: nested elements, entities, emoji, combining marks."""

from html import escape

from hypothesis import strategies as st

# Letters that compose, marks that reorder, what HTML escapes, white space of several kinds, and what is dropped.
_ALPHABET = st.sampled_from([*"ab eA.<>&\"'\n\t", "\u0301", "\u0323", "\u00e9", "\u00a0", "\u3000", "\u200b", "\u00ad"])
texts = st.text(
    st.one_of(
        _ALPHABET, st.sampled_from("👍🏽\u200d中ع\u1100\u1161\u202e\x00"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=12,
)


def _element(children: list[str], tag: str) -> str:
    attributes = ' href="https://example.org/?a=1&amp;b=2"' if tag == "a" else ""
    return f"<{tag}{attributes}>{''.join(children)}</{tag}>"


_leaves = st.one_of(texts.map(escape), st.just("<br>"), st.just("&quot;&amp;&#x1F44D;&nbsp;&eacute;"))
_tags = st.sampled_from(["em", "strong", "a", "code", "sup", "sub", "cite"])
inline_html = st.lists(
    st.recursive(_leaves, lambda inner: st.builds(_element, st.lists(inner, max_size=3), _tags), max_leaves=8),
    max_size=4,
).map("".join)
