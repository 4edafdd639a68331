"""A revision with everything beside it, read in two queries."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from annotations import ledger, mapping, sidenotes, signs
from annotations.filtering import Filter
from annotations.ledger import Ledger
from annotations.margin.maps import stretch, with_notes
from annotations.margin.shapes import EVERYTHING, Margin, Reading, Row, View
from annotations.margin.standing import MOST_OF_A_SIGN, Standing, read_standing
from annotations.models import Annotation
from annotations.sidenotes import Sidenote
from annotations.tallying import Line, Tallies
from reader.models import Article, Paragraph
from reader.text.marking import Mark, mark
from reader.text.references import references

# For the height of the margin: characters in a line of text, lines of text to an entry, fewest entries shown.
_LINE_LENGTH = 62
_ENTRY_LINES = 1.6
_FEWEST_ENTRIES = 2
# Of a line of the ledger, in letters of the margin; and lines of the margin to one of the text.
_LEDGER_LENGTH = 46
_LEDGER_LINES = 1.3


def read(article: Article, view: View = EVERYTHING) -> Reading:
    """Give the article's current revision with its margin."""
    assert article.current_revision_id is not None  # noqa: S101  (only published articles are read)
    return read_revision(article.current_revision_id, view)


def read_revision(revision_id: int, view: View = EVERYTHING) -> Reading:
    """Give a revision with its article and its margin, in two queries."""
    newest = (
        Annotation.objects.published().filter(article=OuterRef("revision__article")).order_by("-id").values("id")[:1]
    )
    blocks = ledger.with_evidence(Paragraph.objects.filter(revision=revision_id).with_article())
    paragraphs = list(blocks.annotate(newest=Coalesce(Subquery(newest), 0)))
    revision = paragraphs[0].revision
    standing, evidence = read_standing(revision_id, view), ledger.read(paragraphs)
    counts = standing.totals()
    return Reading(
        article=revision.article,
        revision=revision,
        rows=_rows(paragraphs, standing, evidence, view.filter),
        about_article=standing.margin(None, most=MOST_OF_A_SIGN),
        orphans=standing.orphans,
        counts=counts,
        ledger=evidence,
        sums=with_notes(evidence.sums.whole, standing.notes),
        columns=mapping.draw(
            [stretch(paragraph, evidence.sums) for paragraph in paragraphs if paragraph.is_numbered],
            is_right_to_left=revision.article.direction == "rtl",
        ),
        newest=vars(paragraphs[0])["newest"],
        filter=view.filter,
        whole=sum(count.number for count in counts) + standing.left_out,
        writers=standing.writers,
    )


def _rows(paragraphs: Sequence[Paragraph], standing: Standing, evidence: Ledger, narrowing: Filter) -> list[Row]:
    marks = _marks(paragraphs, standing)
    linking = references((paragraph.name, paragraph.html) for paragraph in paragraphs)
    totals = {paragraph.name: sum(standing.numbers.get(paragraph.pk, {}).values()) for paragraph in paragraphs}
    crowded = evidence.lines.keys() | {name for name, total in totals.items() if total}
    notes = sidenotes.beside(paragraphs, linking, crowded=crowded)
    rows = []
    for paragraph in paragraphs:
        name = paragraph.name
        beside, lines = notes.get(name, ()), evidence.lines.get(name, ())
        tallies = evidence.sums.of(name)
        margin = standing.margin(paragraph.pk, most=_capacity(paragraph, beside, lines, totals[name]))
        rows.append(
            Row(
                paragraph=paragraph,
                html=mark(paragraph.html, marks.get(paragraph.pk, ())),
                margin=margin,
                references=linking.get(name, ()),
                sidenotes=beside,
                lines=lines,
                tallies=tallies,
                counts=margin.counts if narrowing.is_narrow else _counts(tallies, margin),
            )
        )
    return rows


def _counts(tallies: Tallies, margin: Margin) -> Sequence[signs.Count]:
    """Give the evidence of a block in numbers, and the notes; where there is neither, what stands beside it."""
    return with_notes(tallies, margin.number("note")) or margin.counts


def _marks(paragraphs: Sequence[Paragraph], standing: Standing) -> dict[int, list[Mark]]:
    """Give the marks of each block, by its id, in the block's own code points. Whole paragraphs are not underlined."""
    starts = [paragraph.start for paragraph in paragraphs]
    marks: dict[int, list[Mark]] = defaultdict(list)
    for entry in (entry for entries in standing.entries.values() for entry in entries):
        if entry.span is None or entry.target != Annotation.Target.PASSAGE:
            continue
        touched = slice(bisect_right(starts, entry.span.start) - 1, bisect_left(starts, entry.span.end))
        for paragraph in paragraphs[touched]:
            marks[paragraph.pk].append(Mark(entry.span.shifted(-paragraph.start), str(entry.id), entry.sign.key))
    return marks


def _capacity(paragraph: Paragraph, notes: Sequence[Sidenote], ledger: Sequence[Line], total: int) -> int:
    """Give how many of so many entries stand beside a block, under the rest, without being taller than it."""
    lines = len(paragraph.text) / _LINE_LENGTH + 1 - sum(note.lines for note in notes)
    lines -= sum(-(-(len(line.opening) + len(line.words)) // _LEDGER_LENGTH) for line in ledger) / _LEDGER_LINES
    if total > lines / _ENTRY_LINES:
        # One line says how many are not listed.
        lines -= 1
    return max(1 if notes or len(ledger) > 1 else _FEWEST_ENTRIES, int(lines / _ENTRY_LINES))
