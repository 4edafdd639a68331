"""One block of a draft as an editor fills it in, and what comes back from a browser."""

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from reader.importing import markdown, pictures
from reader.importing.pictures import PictureError
from reader.models import Paragraph
from reader.text.blocks import Block

# The files of a request, by their fields.
Uploads: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"

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

_MARKED = ("list item", "footnote")
_LONGEST_MARKER = 12
_DEEPEST_LEVEL = 9
_HASH = re.compile(r"[0-9a-f]{64}")
# A reference to a footnote, as importing writes it.
_REFERENCE = re.compile(r'<sup><a href="#[\w.:-]+">[^<>\s\]=]{1,12}</a></sup>')


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
        return cls(key, _choice(block), text, block.marker, block.alt, block, digest(row))

    @classmethod
    def posted(cls, key: str, data: QueryDict, files: Uploads, known: Mapping[str, Block]) -> "BlockFields":
        """Give the fields as they were sent; `known` are the draft's blocks by their digests."""
        known_by, sent = _unpacked(data.get(f"{key}-like", ""))
        like = replace(known[known_by], image=sent.image) if known_by in known else sent
        kind = data.get(f"{key}-kind", "")
        found = cls(
            key=key,
            kind=kind if kind in dict(KINDS) else "paragraph",
            text=as_typed(data.get(f"{key}-text", "")),
            marker=as_typed(data.get(f"{key}-marker", like.marker)).strip()[:_LONGEST_MARKER],
            alt=as_typed(data.get(f"{key}-alt", like.alt)).strip(),
            like=like,
            digest=known_by,
            is_removed=f"{key}-removed" in data,
        )
        if upload := files.get(f"{key}-picture"):
            found._take(upload)
        return found

    @property
    def name(self) -> str:
        return self.like.name

    @property
    def is_empty(self) -> bool:
        """Say whether it makes no block."""
        return self.is_removed or not (self.text.strip() or (self.is_figure and self.like.image))

    @property
    def choice(self) -> tuple[str, int]:
        """Give the kind and the level that were chosen."""
        return _kind(self.kind, self.like)

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
        kind, level = self.choice
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


def as_typed(text: str) -> str:
    """Give what was typed as it was meant: browsers send line ends in their own way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def digest(row: Mapping[str, Any]) -> str:
    return f"{zlib.crc32(json.dumps(row, sort_keys=True).encode()):08x}"


def digests(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [digest(row) for row in rows]


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
        known_by, row = json.loads(packed)
        kinds = {field.name: int if field.name == "level" else str for field in fields(Block)}
        kept = {name: row[name] for name, kind in kinds.items() if type(row.get(name)) is kind}
    except (ValueError, TypeError, AttributeError):
        return "", Block("paragraph", "")
    sent = Block(**{"kind": "paragraph", "html": "", **kept})
    return str(known_by), replace(
        sent,
        kind=sent.kind if sent.kind in Paragraph.Kind.values else "paragraph",
        html="".join(match[0] for match in _REFERENCE.finditer(sent.html)),
        level=min(max(sent.level, 0), _DEEPEST_LEVEL),
    )
