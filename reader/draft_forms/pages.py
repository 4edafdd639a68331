"""One page of a draft, block by block."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from reader import drafting
from reader.draft_forms.blocks import BlockFields, Uploads, as_typed, digest, digests
from reader.drafting import DraftConflict, DraftingError, Facts, Head
from reader.models import Draft, User
from reader.text.blocks import Block
from reader.text.comparison import Piece, compare
from reader.text.merging import Difference, differences, follow
from reader.text.paragraphs import next_names

# Blocks on one page of a draft: what a browser edits with ease, and a form may hold.
PER_PAGE = 100


class HeadForm(forms.Form):
    """What stands above the text and below it."""

    title = forms.CharField(
        label="Title", max_length=300, error_messages={"required": "Give the text a title; readers find it by that."}
    )
    kicker = forms.CharField(label="Line above the title", max_length=100, required=False)
    byline = forms.CharField(label="By", max_length=300, required=False, help_text="Who wrote it, as readers see it.")
    author_note = forms.CharField(label="About the author", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def head(self) -> Head:
        """Give what was filled in, of a valid form."""
        return Head(**self.cleaned_data)


class NoteForm(forms.Form):
    """Why a published text changes."""

    note = forms.CharField(
        label="Correction note",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What was wrong and what it says now. Readers see it in the list of corrections.",
    )


class FactsForm(forms.Form):
    """Where an article comes from that is not published yet."""

    slug = forms.SlugField(
        label="Address here",
        max_length=100,
        help_text="The last part of it, in letters, figures and hyphens. It stays for ever once published.",
        error_messages={"invalid": "Only letters, figures, hyphens and underscores, without spaces."},
    )
    publisher = forms.CharField(label="First published by", max_length=200, required=False)
    published_on = forms.DateField(
        label="On",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as 2015-09-11."},
    )
    original_url = forms.CharField(
        label="Original address",
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    language = forms.CharField(
        label="Language", max_length=35, help_text="A tag such as en, en-GB or zh-Hans.", initial="en"
    )

    @classmethod
    def of(cls, draft: Draft) -> "FactsForm":
        """Give the form filled with what is known."""
        return cls(initial=vars(Facts.of(draft)))

    def facts(self) -> Facts:
        """Give what was filled in, of a valid form."""
        return Facts(**self.cleaned_data)


@dataclass(frozen=True)
class HeadDifference:
    """A line of the head matter as it stands and as it was typed."""

    label: str
    pieces: tuple[Piece, ...]


class DraftForm:
    """One page of a draft: head matter, and a stretch of its blocks.

    What was typed is kept through every refusal, and of a draft that others saved meanwhile the page shows what
    stands beside it.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.head = HeadForm(initial={name: getattr(draft, name) for name in HeadForm.base_fields})
        self.note = NoteForm(initial={"note": draft.note}) if draft.base_id else None
        self.facts = None if draft.base_id else FactsForm.of(draft)
        self.fields: list[BlockFields] = []
        self.error = ""
        self.head_differences: list[HeadDifference] = []
        self.differences: list[Difference] = []
        # Where the blocks of this page stand in the draft, the end excluded.
        self.first, self.end = 0, 0
        self.pressed = Pressed("save")
        # Which block to go on with, counted in the whole draft.
        self.place: int | None = None

    @classmethod
    def of(cls, draft: Draft, number: str | int = 1) -> "DraftForm":
        """Give the form filled with a page of the draft."""
        form = cls(draft)
        page = form.page(number)
        form._stand(page.start_index() - 1 if draft.blocks else 0, page.end_index())
        form.fields = [BlockFields.of(str(index), row) for index, row in enumerate(draft.blocks[form.first : form.end])]
        return form

    @classmethod
    def posted(cls, draft: Draft, data: QueryDict, files: Uploads) -> "DraftForm":
        """Give the form as it was sent."""
        form = cls(draft)
        form.head = HeadForm(data)
        form.note = NoteForm(data) if form.note else None
        form.facts = FactsForm(data) if form.facts else None
        form.pressed = Pressed.of(data)
        form._place = PlaceForm(data)
        known = {digest(row): Block(**row) for row in draft.blocks}
        form.fields = [BlockFields.posted(key, data, files, known) for key in dict.fromkeys(data.getlist("block"))]
        return form

    _place: "PlaceForm"

    @property
    def parts(self) -> list[forms.Form]:
        return [part for part in (self.head, self.note, self.facts) if part is not None]

    @property
    def is_faulty(self) -> bool:
        return bool(self.error or any(part.errors for part in self.parts) or any(each.problem for each in self.fields))

    @property
    def seen(self) -> str:
        """Give what the blocks of this page are known by, to find them again in a draft that others changed."""
        return ",".join(digests(self.draft.blocks[self.first : self.end]))

    @property
    def named_fields(self) -> list[tuple[BlockFields, str]]:
        """Give the fields with what each block is called; in a text never published, what it would be called now."""
        if self.draft.base_id:
            return [(each, each.name) for each in self.fields]
        above = [row["kind"] for row in self.draft.blocks[: self.first] if row["html"] or row["image"]]
        kinds = [each.choice[0] for each in self.fields if not each.is_empty]
        names = iter(next_names([*above, *kinds], ())[len(above) :])
        return [(each, "" if each.is_empty else next(names)) for each in self.fields]

    def page(self, number: str | int | None = None) -> Page[Any]:
        """Give the page of the draft's blocks, by its number or, with None, the one it is."""
        pages = Paginator(self.draft.blocks, PER_PAGE)
        return pages.get_page(self.first // PER_PAGE + 1 if number is None else number)

    def save(self, *, by: User) -> Draft | None:
        """Save what was sent and do what was pressed, or give None and keep the errors."""
        place = self._place
        if not place.is_valid():
            self.error = "The form did not arrive whole. Please save again."
            self._stand(0, len(self.draft.blocks))
            return None
        self._stand(place.cleaned_data["first"], place.cleaned_data["first"] + len(place.seen))
        if place.cleaned_data["version"] != self.draft.version:
            return self._follow(self.draft)
        for part in self.parts:
            part.full_clean()
        if self.is_faulty:
            return None
        try:
            return self._saved(by=by)
        except DraftConflict as conflict:
            return self._follow(conflict.draft)
        except DraftingError as refusal:
            self.error = str(refusal)
        return None

    def _saved(self, *, by: User) -> Draft:
        return drafting.save(
            draft=self.draft,
            by=by,
            version=self.draft.version,
            head=self.head.head(),
            blocks=self._blocks(),
            note=self.note.cleaned_data["note"] if self.note else self.draft.note,
            facts=self.facts.facts() if self.facts else None,
        )

    def _blocks(self) -> list[Block]:
        """Give all blocks of the draft with those of this page as they were sent, and what was pressed done."""
        standing = self.draft.document.blocks
        before, after = list(standing[: self.first]), list(standing[self.end :])
        groups = {each.key: each.blocks() for each in self.fields}
        keys: list[str | None] = [None, *groups]
        stretch: list[list[Block]] = [[], *groups.values()]
        if self.pressed.key in keys or self.pressed.key == "":
            index = keys.index(self.pressed.key or None)
            if self.pressed.act == "add":
                stretch.insert(index + 1, [Block("paragraph", "")])
                self.place = len(before) + _count(stretch[: index + 1])
            elif self.pressed.act in {"up", "down"} and index:
                self._move(before, stretch, after, index)
        return [*before, *(block for group in stretch for block in group), *after]

    def _move(self, before: list[Block], stretch: list[list[Block]], after: list[Block], index: int) -> None:
        """Move what one field holds past its neighbour, which may stand on another page."""
        group = stretch.pop(index)
        others = [at for at, other in enumerate(stretch) if other]
        if self.pressed.act == "up":
            target = max((at for at in others if at < index), default=None)
            if target is not None:
                stretch.insert(target, group)
                self.place = len(before) + _count(stretch[:target])
            else:
                self.place = max(0, len(before) - 1)
                before[self.place : self.place] = group
        else:
            target = min((at for at in others if at >= index), default=None)
            if target is not None:
                stretch.insert(target + 1, group)
                self.place = len(before) + _count(stretch[: target + 1])
            else:
                self.place = len(before) + _count(stretch) + 1
                after[1:1] = group

    def _stand(self, first: int, end: int) -> None:
        count = len(self.draft.blocks)
        self.first, self.end = min(first, count), min(max(first, end), count)

    def _follow(self, draft: Draft) -> Draft | None:
        """Take the place in the draft as it stands now that this page had, and say what differs there.

        Gives the draft when nothing does: the same form came twice.
        """
        self.draft = draft
        seen, is_first, is_last = self._place.seen, self._place.is_first, self._place.is_last
        start, end = follow(seen, digests(draft.blocks), self._place.cleaned_data["first"])
        self._stand(0 if is_first else start, len(draft.blocks) if is_last else end)
        standing = draft.document.blocks[self.first : self.end]
        typed = [block for each in self.fields for block in each.blocks()]
        self.differences = differences(standing, typed)
        self.head_differences = list(_head_differences(draft, [part for part in self.parts if part is not self.facts]))
        if not self.head_differences and _bare(self._blocks()) == _bare(draft.document.blocks):
            return draft
        self.error = str(DraftConflict(draft))
        return None


class PlaceForm(forms.Form):
    """Which state of a draft was seen, and which of its blocks."""

    version = forms.IntegerField(min_value=1)
    first = forms.IntegerField(min_value=0)
    total = forms.IntegerField(min_value=0)
    seen_blocks = forms.CharField(required=False, max_length=9 * 10_000)

    @property
    def seen(self) -> list[str]:
        found: str = self.cleaned_data["seen_blocks"]
        return found.split(",") if found else []

    @property
    def is_first(self) -> bool:
        return bool(self.cleaned_data["first"] == 0)

    @property
    def is_last(self) -> bool:
        return bool(self.cleaned_data["first"] + len(self.seen) == self.cleaned_data["total"])


@dataclass(frozen=True)
class Pressed:
    """Which button sent a form: "save", "review", or "up", "down" and "add" with the block they stand at."""

    act: str
    # Empty for what stands above all blocks.
    key: str | None = None

    acts: ClassVar = ("up", "down", "add")

    @classmethod
    def of(cls, data: QueryDict) -> "Pressed":
        for act in cls.acts:
            if act in data:
                return cls(act, str(data[act]))
        return cls("review" if "review" in data else "save")


def _bare(found: Iterable[Block]) -> list[Block]:
    """Give the blocks without what they are called, as they are compared."""
    return [replace(block, name="", key="") for block in found]


def _count(groups: Sequence[Sequence[Block]]) -> int:
    return sum(map(len, groups))


def _head_differences(draft: Draft, parts: Sequence[forms.Form]) -> Iterator[HeadDifference]:
    for part in parts:
        for bound in part:
            standing, typed = str(getattr(draft, bound.name)), as_typed(str(bound.value() or "")).strip()
            if standing != typed:
                yield HeadDifference(str(bound.label), compare(standing, typed))
