"""What editors fill in. A form reads types and shows errors; the rules are the acts'."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, TypeAlias, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from reader import drafting, tasks
from reader.drafting import DraftConflict, DraftingError, Facts, Head
from reader.importing import markdown, pictures
from reader.importing.pictures import PictureError
from reader.models import Article, Draft, Paragraph, Revision, User
from reader.text.blocks import Block
from reader.text.comparison import Piece, compare
from reader.text.merging import Difference, Merged, MergedField, differences, follow

# The files of a request, by their fields.
Uploads: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"

_Mergeable = TypeVar("_Mergeable", Merged, MergedField)

# Blocks on one page of a draft: what a browser edits with ease, and a form may hold.
PER_PAGE = 100

# What a block can be, as an editor chooses it: kind and level.
KINDS = (
    ("paragraph", "Paragraph"),
    ("heading", "Heading"),
    ("heading 3", "Heading, one deeper"),
    ("heading 4", "Heading, two deeper"),
    ("quote", "Quotation"),
    ("list item", "List item"),
    ("list item 1", "List item, one deeper"),
    ("list item 2", "List item, two deeper"),
    ("figure", "Figure"),
    ("table", "Table"),
    ("code", "Code"),
    ("footnote", "Footnote"),
    ("note", "Note"),
)
# What a published article can be; it is never a draft again.
STATUSES = tuple(choice for choice in Article.Status.choices if choice[0] != Article.Status.DRAFT)
_MARKED = ("list item", "footnote")
_LONGEST_MARKER = 12
_DEEPEST_LEVEL = 9
_HASH = re.compile(r"[0-9a-f]{64}")
# A reference to a footnote, as importing writes it.
_REFERENCE = re.compile(r'<sup><a href="#[\w.:-]+">[^<>\s\]=]{1,12}</a></sup>')


class HeadForm(forms.Form):
    """What stands above the text and below it, and why it is published anew."""

    title = forms.CharField(
        label="Title", max_length=300, error_messages={"required": "Give the text a title; readers find it by that."}
    )
    kicker = forms.CharField(label="Line above the title", max_length=100, required=False)
    byline = forms.CharField(label="By", max_length=300, required=False, help_text="Who wrote it, as readers see it.")
    author_note = forms.CharField(
        label="About the author", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )

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


@dataclass
class BlockFields:
    """One block of a draft as an editor fills it in. `key` begins the names of its fields, once in a form."""

    key: str
    kind: str
    text: str
    marker: str
    alt: str
    # The block it was made from, of which no field shows the name, the key and the picture.
    like: Block
    # What that block was known by in the draft.
    digest: str = ""
    is_removed: bool = False
    problem: str = ""

    @classmethod
    def of(cls, key: str, row: dict[str, Any]) -> "BlockFields":
        """Give the fields filled with a block as it stands."""
        block = Block(**row)
        text = markdown.block_to_markdown(_worded(block))
        return cls(key, _choice(block), text, block.marker, block.alt, block, _digest(row))

    @classmethod
    def posted(cls, key: str, data: QueryDict, files: Uploads, known: Mapping[str, Block]) -> "BlockFields":
        """Give the fields as they were sent; `known` are the draft's blocks by their digests."""
        digest, sent = _unpacked(data.get(f"{key}-like", ""))
        like = replace(known[digest], image=sent.image) if digest in known else sent
        kind = data.get(f"{key}-kind", "")
        found = cls(
            key=key,
            kind=kind if kind in dict(KINDS) else "paragraph",
            text=_typed(data.get(f"{key}-text", "")),
            marker=_typed(data.get(f"{key}-marker", like.marker)).strip()[:_LONGEST_MARKER],
            alt=_typed(data.get(f"{key}-alt", like.alt)).strip(),
            like=like,
            digest=digest,
            is_removed=f"{key}-removed" in data,
        )
        if upload := files.get(f"{key}-picture"):
            found._take(upload)
        return found

    @property
    def name(self) -> str:
        return self.like.name

    @property
    def is_figure(self) -> bool:
        return self.kind == "figure"

    @property
    def is_marked(self) -> bool:
        """Say whether something stands before it: a number, or what a footnote is called by."""
        return self.kind.startswith(_MARKED)

    @property
    def picture_url(self) -> str:
        return reverse("picture", args=[self.like.image]) if _HASH.fullmatch(self.like.image) else ""

    @property
    def packed(self) -> str:
        """Give what no field shows, to come back with the form."""
        shown = replace(self.like, html="".join(match[0] for match in _REFERENCE.finditer(self.like.html)))
        return json.dumps([self.digest, asdict(shown)], separators=(",", ":"))

    @property
    def rows(self) -> int:
        """Give about how many lines the text takes, for browsers that do not grow its field by themselves."""
        return min(24, max(2, sum(1 + len(line) // 80 for line in self.text.split("\n"))))

    def blocks(self) -> list[Block]:
        """Give the blocks it makes: two when an empty line parts its text, none when it says nothing."""
        if self.is_removed:
            return []
        kind, level = _kind(self.kind, self.like)
        like = replace(self.like, kind=kind, level=level, marker=self.marker)
        if kind == "figure":
            return self._figure(replace(like, alt=self.alt))
        like = replace(like, image="", alt="")
        return [block for block in markdown.blocks_from_block_markdown(self.text, like=like) if block.html]

    def _figure(self, like: Block) -> list[Block]:
        """Give the figure with the first of its words as its caption, and what an empty line parts from it."""
        caption, *rest = markdown.blocks_from_block_markdown(self.text, like=_worded(like)) or [replace(like, html="")]
        figure = replace(like, html=caption.html)
        return [block for block in (figure, *rest) if block.html or block.image]

    def _take(self, upload: "UploadedFile[Any]") -> None:
        """Keep the picture that was sent, or say why not."""
        try:
            picture = pictures.keep(pictures.encode(upload.read(pictures.MOST_BYTES + 1)))
        except PictureError as error:
            self.problem = f"This picture cannot be used: {error}."
        else:
            self.like = replace(self.like, image=picture.pk)


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
        known = {_digest(row): Block(**row) for row in draft.blocks}
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
        return ",".join(_digests(self.draft.blocks[self.first : self.end]))

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
        start, end = follow(seen, _digests(draft.blocks), self._place.cleaned_data["first"])
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


class TextForm(forms.Form):
    """The whole text as Markdown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    text = forms.CharField(
        label="The text",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "whole-text", "spellcheck": "true"}),
        error_messages={"required": "There is no text left. To throw the draft away, use the desk."},
    )

    def __init__(self, *args: Any, draft: Draft, **options: Any) -> None:
        super().__init__(*args, **options)
        self.draft = draft
        self.differences: list[Difference] = []

    @classmethod
    def of(cls, draft: Draft) -> "TextForm":
        """Give the form filled with the draft as it stands."""
        text = markdown.to_markdown(draft.document.blocks)
        return cls(draft=draft, initial={"version": draft.version, "text": text})

    def save(self, *, by: User) -> Draft | None:
        """Replace the text, or give None and keep the errors."""
        if not self.is_valid():
            return None
        text = _typed(self.cleaned_data["text"])
        try:
            return drafting.replace_text(draft=self.draft, by=by, version=self.cleaned_data["version"], text=text)
        except DraftConflict as conflict:
            # Saving again replaces what now stands, which the page shows.
            self.draft = conflict.draft
            self.data = {**dict(self.data.items()), "version": str(conflict.draft.version)}
            typed, _ = markdown.from_markdown_blocks(text)
            self.differences = differences(conflict.draft.document.blocks, typed)
            self.add_error(None, str(conflict))
        except DraftingError as refusal:
            self.add_error(None, str(refusal))
        return None


@dataclass(frozen=True)
class Choice:
    """One thing that a draft and a revision both changed: what each made of it, and which was chosen."""

    name: str
    label: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    chosen: str = ""
    mine_goes: bool = False
    theirs_goes: bool = False
    is_missing: bool = False


class ConflictForm:
    """What an overtaken draft and the revision that overtook it make together, and what is to be chosen."""

    def __init__(self, draft: Draft, data: QueryDict | None = None) -> None:
        self.draft = draft
        self.error = ""
        self._data = QueryDict() if data is None else data
        self._merge = drafting.merge_of(draft)

    @property
    def onto(self) -> Revision:
        return self._merge.onto

    @property
    def choices(self) -> list[Choice]:
        """Give what both changed: head matter first, then blocks in their order."""
        return [
            *map(self._choice_of_field, self._conflicts(self._merge.fields)),
            *map(self._choice_of_block, self._conflicts(self._merge.blocks)),
        ]

    @property
    def from_mine(self) -> list[str]:
        """Name what is taken as the draft has it."""
        fields = [each for each in self._merge.fields if not each.is_conflict and each.mine != each.theirs]
        labels = [_label(each.field) for each in fields if each.theirs == each.base]
        names = [each.name for each in self._merge.blocks if each.is_mine]
        new_count = names.count("")
        return [*labels, *filter(None, names), *([f"{new_count} new"] if new_count else [])]

    @property
    def from_theirs(self) -> list[str]:
        """Name what is taken as the revision has it."""
        fields = [each for each in self._merge.fields if not each.is_conflict and each.mine != each.theirs]
        labels = [_label(each.field) for each in fields if each.mine == each.base]
        return [*labels, *(each.name for each in self._merge.blocks if each.is_theirs)]

    def save(self, *, by: User) -> Draft | None:
        """Bring both together, or give None and keep the error."""
        place = OntoForm(self._data)
        if not place.is_valid():
            self.error = "The form did not arrive whole. Please choose again."
            return None
        choices = {each.name: str(self._data[each.name]) for each in self.choices if each.name in self._data}
        try:
            return drafting.rebase(draft=self.draft, by=by, choices=choices, **place.cleaned_data)
        except DraftConflict as conflict:
            self.draft, self._merge = conflict.draft, drafting.merge_of(conflict.draft)
            self.error = (
                "This draft was saved elsewhere meanwhile. Both texts are shown as they stand now; choose again."
            )
        except DraftingError as refusal:
            self.error = str(refusal)
        return None

    @staticmethod
    def _conflicts(merged: Iterable[_Mergeable]) -> list[_Mergeable]:
        return [each for each in merged if each.is_conflict]

    def _choice_of_field(self, merged: MergedField) -> Choice:
        return Choice(
            name=merged.field,
            label=_label(merged.field),
            mine=compare(merged.base, merged.mine),
            theirs=compare(merged.base, merged.theirs),
            **self._chosen(merged.field),
        )

    def _choice_of_block(self, merged: Merged) -> Choice:
        return Choice(
            name=merged.name,
            label=merged.name,
            mine=Difference(merged.base, merged.mine).pieces,
            theirs=Difference(merged.base, merged.theirs).pieces,
            mine_goes=merged.mine is None,
            theirs_goes=merged.theirs is None,
            **self._chosen(merged.name),
        )

    def _chosen(self, name: str) -> dict[str, Any]:
        chosen = self._data.get(name, "")
        return {"chosen": chosen, "is_missing": bool(self._data) and not chosen}


class OntoForm(forms.Form):
    """Which state of a draft was seen, and which revision beside it."""

    version = forms.IntegerField(min_value=1)
    onto = forms.IntegerField(min_value=1)


class PublicationForm(forms.Form):
    """When to publish, and why."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label="At",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "Write day and time as 2026-03-01 09:30."},
    )
    note = forms.CharField(
        label="Correction note", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def begin(self, *, draft: Draft, by: User) -> Draft:
        """Publish the draft now or at its time, as far as a page does it: the worker does the rest.

        Neither is ever there without the other. Raises as `drafting.schedule` and `begin_publishing` do.
        """
        given, note = self.cleaned_data, self._note
        with transaction.atomic():
            if given["at"]:
                waiting = drafting.schedule(draft=draft, by=by, version=given["version"], at=given["at"], note=note)
                task = tasks.publish_draft.using(run_after=waiting.publish_at)
            else:
                waiting = drafting.begin_publishing(draft=draft, by=by, version=given["version"], note=note)
                task = tasks.publish_draft
            task.enqueue(waiting.pk, waiting.version)
        return waiting

    def call_off(self, *, draft: Draft, by: User) -> Draft:
        """Let the draft no longer wait for its time. Raises as `drafting.unschedule` does."""
        return drafting.unschedule(draft=draft, by=by, version=self.cleaned_data["version"], note=self._note)

    @property
    def _note(self) -> str | None:
        """Give the correction note, or None when the page did not ask for one."""
        return self.cleaned_data["note"] if "note" in self.data else None

    def renew(self, draft: Draft) -> None:
        """Say that the draft is another than was looked at, and let the next attempt be about this one."""
        self.data = {**dict(self.data.items()), "version": str(draft.version)}
        self.add_error(
            None, "This draft was saved elsewhere since you looked at it. Look at it again before you publish it."
        )


class StatusForm(forms.Form):
    """What readers may do with a published article."""

    status = forms.ChoiceField(
        label="Status",
        choices=STATUSES,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose what the article is to be: published, closed or archived."
        ),
    )


class VersionForm(forms.Form):
    """Which state of a draft an act is about."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def _typed(text: str) -> str:
    """Give what was typed as it was meant: browsers send line ends in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _choice(block: Block) -> str:
    """Give the kind and level of a block as an editor chooses it."""
    choice = f"{block.kind} {block.level}"
    return choice if choice in dict(KINDS) else block.kind


def _kind(choice: str, like: Block) -> tuple[str, int]:
    """Give kind and level of what was chosen; what no choice names stays as it is."""
    if choice not in dict(KINDS) or choice == _choice(like):
        return like.kind, like.level
    kind, _, level = choice.rpartition(" ")
    return (kind, int(level)) if level.isdecimal() else (choice, 0)


def _worded(block: Block) -> Block:
    """Give a figure as its caption alone, which is what an editor writes; another block as it is."""
    return replace(block, kind="paragraph", image="", alt="") if block.kind == "figure" else block


def _unpacked(packed: str) -> tuple[str, Block]:
    """Give back what no field shows: a digest, and what is known of the block. What is not of its make is left out.

    Nothing of it but references to footnotes is HTML, as what a browser sends could be anything.
    """
    try:
        digest, row = json.loads(packed)
        kinds = {field.name: int if field.name == "level" else str for field in fields(Block)}
        kept = {name: row[name] for name, kind in kinds.items() if type(row.get(name)) is kind}
    except (ValueError, TypeError, AttributeError):
        return "", Block("paragraph", "")
    sent = Block(**{"kind": "paragraph", "html": "", **kept})
    return str(digest), replace(
        sent,
        kind=sent.kind if sent.kind in Paragraph.Kind.values else "paragraph",
        html="".join(match[0] for match in _REFERENCE.finditer(sent.html)),
        level=min(max(sent.level, 0), _DEEPEST_LEVEL),
    )


def _digest(row: Mapping[str, Any]) -> str:
    return f"{zlib.crc32(json.dumps(row, sort_keys=True).encode()):08x}"


def _digests(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [_digest(row) for row in rows]


def _bare(found: Iterable[Block]) -> list[Block]:
    """Give the blocks without what they are called, as they are compared."""
    return [replace(block, name="", key="") for block in found]


def _label(field: str) -> str:
    """Give what a piece of head matter is called on the page."""
    return str(HeadForm.base_fields[field].label)


def _count(groups: Sequence[Sequence[Block]]) -> int:
    return sum(map(len, groups))


def _head_differences(draft: Draft, parts: Sequence[forms.Form]) -> Iterator[HeadDifference]:
    for part in parts:
        for bound in part:
            standing, typed = str(getattr(draft, bound.name)), _typed(str(bound.value() or "")).strip()
            if standing != typed:
                yield HeadDifference(str(bound.label), compare(standing, typed))
