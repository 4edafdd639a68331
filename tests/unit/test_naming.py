"""Names of blocks through revisions, and what is said of what happened to them."""

from hypothesis import given
from hypothesis import strategies as st

from reader.text.alignment import align
from reader.text.naming import Change, carry, changes, summary

PRICES = "Prices rose by three percent in the north of the country last year."
FARMERS = "Farmers blamed the weather while ministers blamed the farmers instead."
INQUIRY = "A parliamentary inquiry was opened during autumn and closed without result."
OBSERVERS = "Observers expect nothing from the second inquiry either."
FIGURES = "Harvest figures will be published next Tuesday by the ministry."
TEXT = [PRICES, FARMERS, INQUIRY, OBSERVERS, FIGURES]

WORDS = ["a", "b", "c", "de", "fgh", "rise."]
CHAINS = st.lists(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), max_size=6), max_size=6
)


def revise(before: list[str], after: list[str]) -> tuple[Change, ...]:
    """Name the blocks before p1, p2 and so on, and say what happened."""
    alignment = align(before, after)
    old = [f"p{number}" for number in range(1, len(before) + 1)]
    new = carry(old, alignment, ["paragraph"] * len(after), old)
    return changes(list(zip(old, before, strict=True)), list(zip(new, after, strict=True)), alignment)


@given(CHAINS)
def test_a_name_is_never_used_again(revisions: list[list[str]]) -> None:
    before: list[str] = []
    names: list[str] = []
    taken: set[str] = set()
    for after in revisions:
        named = carry(names, align(before, after), ["paragraph"] * len(after), taken)
        assert len(set(named)) == len(after)
        assert not (set(named) - set(names)) & taken
        before, names, taken = after, named, taken | set(named)


def test_new_blocks_are_named_by_their_kind_after_all_names_ever_used() -> None:
    alignment = align([PRICES], ["A heading", PRICES, FARMERS])
    kinds = ["heading", "paragraph", "paragraph"]
    assert carry(["p3"], alignment, kinds, taken={"p8", "h2"}) == ["h3", "p3", "p9"]


def test_a_name_in_use_is_taken_though_nobody_says_so() -> None:
    assert carry(["p3"], align([PRICES], [PRICES, FARMERS]), ["paragraph"] * 2, taken=()) == ["p3", "p4"]


@given(st.lists(st.sampled_from(TEXT)), st.lists(st.sampled_from(TEXT)))
def test_every_block_is_told_of_once(before: list[str], after: list[str]) -> None:
    told = revise(before, after)
    assert sorted(name for change in told for name in change.before) == sorted(f"p{n + 1}" for n in range(len(before)))
    assert len([name for change in told for name in change.after]) == len(after)


def test_what_happened_is_told_in_reading_order() -> None:
    assert revise(TEXT, [PRICES, INQUIRY.replace("closed", "ended"), "Something new.", OBSERVERS, FIGURES]) == (
        Change("kept", ("p1",), ("p1",)),
        Change("gone", ("p2",), ()),
        Change("changed", ("p3",), ("p3",)),
        Change("new", (), ("p6",)),
        Change("kept", ("p4",), ("p4",)),
        Change("kept", ("p5",), ("p5",)),
    )


def test_a_split_block_is_told_of_with_its_parts() -> None:
    told = revise([PRICES, f"{INQUIRY} {OBSERVERS}", FIGURES], [PRICES, INQUIRY, OBSERVERS, FIGURES])
    assert told[1] == Change("split", ("p2",), ("p2", "p4"))


def test_a_merged_block_is_told_of_with_all_it_is_made_of() -> None:
    told = revise([PRICES, INQUIRY, OBSERVERS], [PRICES, f"{INQUIRY} {OBSERVERS}"])
    assert told[1] == Change("merged", ("p2", "p3"), ("p2",))


def test_a_sentence_that_moved_makes_no_split() -> None:
    told = revise([f"{PRICES} {FARMERS}", f"{INQUIRY} {OBSERVERS}"], [PRICES, f"{INQUIRY} {OBSERVERS} {FARMERS}"])
    assert [change.kind for change in told] == ["changed", "changed"]


def test_a_block_that_moved_is_told_of_where_it_is() -> None:
    assert revise(TEXT, [*TEXT[1:], TEXT[0]])[-1] == Change("moved", ("p1",), ("p1",))


def test_a_block_that_moved_takes_no_gone_one_along() -> None:
    told = revise(TEXT, [FIGURES, PRICES, INQUIRY, OBSERVERS])
    assert [(change.kind, change.before) for change in told][:3] == [
        ("moved", ("p5",)),
        ("kept", ("p1",)),
        ("gone", ("p2",)),
    ]


def test_the_summary_runs_neighbours_together() -> None:
    told = revise([*TEXT, f"{PRICES} Yes.", f"{INQUIRY} {OBSERVERS} No."], TEXT[:3])
    assert summary(told) == "p1 to p3 kept, p4 to p7 gone"


def test_the_summary_names_parts_and_ranges() -> None:
    told = (
        *(Change("kept", (name,), (name,)) for name in ("p1", "p2", "p3", "h1", "p4")),
        Change("changed", ("p7",), ("p7",)),
        Change("split", ("p8",), ("p8", "p10")),
        Change("merged", ("p11", "p12", "p13"), ("p12",)),
        Change("gone", ("p9",), ()),
        Change("new", (), ("p14",)),
        Change("new", (), ("p15",)),
    )
    assert summary(told) == (
        "p1 to p3, h1 and p4 kept, p7 changed, p8 split into p8 and p10, p11, p12 and p13 merged into p12, p9 gone, "
        "p14 and p15 new"
    )


def test_nothing_changed_is_said_so() -> None:
    assert summary(revise(TEXT, TEXT)) == "nothing changed"
    assert summary(()) == "nothing changed"
