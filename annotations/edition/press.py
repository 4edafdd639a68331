"""The edition put together: reads what was written, numbers it and sets it round the text."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from annotations import signs, states
from annotations.edition import bibliography, gathering, numbering
from annotations.edition.gathering import Answer, Answers, Head, Statement
from annotations.edition.numbering import GONE, WHOLE, Place
from annotations.edition.pieces import Citation, Colophon, Edition, Leaf, Note, Run, Said, Section, lemma
from annotations.models import Annotation, Rule
from annotations.states import State
from annotations.threads import MOST_INDENTED
from reader import usernames
from reader.models import Paragraph
from reader.text.marking import Insertion, insert
from reader.text.references import references


def read(revision_id: int) -> Edition:
    """Give the edition of a revision."""
    paragraphs = list(Paragraph.objects.filter(revision=revision_id).with_article())
    revision = paragraphs[0].revision
    sizes, heads = gathering.heads(revision_id)
    places = numbering.places(paragraphs, heads)
    heads.sort(key=lambda head: places[head.id])
    numbers = {head.id: number for number, head in enumerate(heads, start=1)}
    answers = gathering.answers(numbers)
    published = [said for said in (*heads, *answers.printed) if said.is_published]
    cited = gathering.cited(said.id for said in published)
    works = bibliography.works(cited, {**numbers, **{answer.id: numbers[answer.root] for answer in answers.printed}})
    press = _Press(paragraphs, heads, places, answers, bibliography.citations(cited, works))
    older = sizes - Counter((head.is_gone, head.paragraph) for head in heads)
    return Edition(
        article=revision.article,
        revision=revision,
        leaves=press.leaves(),
        sections=press.sections(Counter({paragraph: number for (_, paragraph), number in older.items()})),
        about_article=press.section(WHOLE, older=older[False, None]),
        gone=press.section(GONE, older=older[True, None]),
        works=works,
        colophon=Colophon(
            total=sizes.total(),
            printed=len(heads),
            answered=sum(answer.is_published for answer in answers.printed),
            newest_at=max((said.moved_at for said in published), default=None),
            has_footnotes=any(paragraph.kind == Paragraph.Kind.FOOTNOTE for paragraph in paragraphs),
        ),
    )


class _Press:
    """Puts together what was read. The heads come in the order of their numbers."""

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        heads: Sequence[Head],
        places: Mapping[int, Place],
        answers: Answers,
        citations: Mapping[int, Sequence[Citation]],
    ) -> None:
        self._paragraphs = paragraphs
        self._citations = citations
        self._published = answers.numbers
        self._answers: dict[int, list[Answer]] = defaultdict(list)
        for answer in answers.printed:
            self._answers[answer.root].append(answer)
        # The numbers at each point of the text, and the notes of each place.
        self._numbers: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._notes: dict[int, list[Note]] = defaultdict(list)
        for number, head in enumerate(heads, start=1):
            place = places[head.id]
            self._numbers[place.block, place.position].append(number)
            first = self._numbers[place.block, place.position][0] if place.block < WHOLE else 0
            self._notes[place.block].append(self._note(number, head, place, mark=first))

    def leaves(self) -> list[Leaf]:
        """Give the text with its numbers."""
        linking = references((paragraph.name, paragraph.html) for paragraph in self._paragraphs)
        marks: dict[int, list[Insertion]] = defaultdict(list)
        for (block, position), numbers in self._numbers.items():
            marks[block].append(Insertion(position, _mark(Run(numbers[0], numbers[-1]))))
        return [
            Leaf(paragraph, insert(paragraph.html, marks[index], between=_COMMA), linking.get(paragraph.name, ()))
            for index, paragraph in enumerate(self._paragraphs)
        ]

    def sections(self, older: Mapping[int | None, int]) -> list[Section]:
        """Give the notes of each block that has any; `older` says how many are not printed, by paragraph."""
        return [
            Section(self._notes[index], older[paragraph.pk], paragraph)
            for index, paragraph in enumerate(self._paragraphs)
            if self._notes[index] or older[paragraph.pk]
        ]

    def section(self, place: int, *, older: int) -> Section:
        """Give the notes that stand on no block."""
        return Section(self._notes[place], older)

    def _note(self, number: int, head: Head, place: Place, *, mark: int) -> Note:
        replies = self._replies(head.id)
        printed = sum(not reply.stub for reply in replies)
        is_about_words = head.target == Annotation.Target.PASSAGE or head.is_gone
        return Note(
            number=number,
            said=self._said(head),
            sign=signs.SIGNS[head.sign],
            words=lemma(head.exact) if is_about_words else "",
            is_about_paragraph=place.is_about_paragraph,
            grounds=Annotation.Grounds(head.grounds).label.lower() if head.grounds and head.is_published else "",
            would_change_my_mind=head.would_change_my_mind if head.is_published else "",
            status=head.status,
            edited_in=head.edited_in,
            removed_in=head.removed_in,
            stood_in=head.stood_in,
            is_confirmed=head.confirmed_at is not None,
            answers=replies,
            later=self._published.get(head.id, 0) - printed,
            mark=mark,
        )

    def _replies(self, head: int) -> list[Said]:
        """Order the answers, oldest first, each after what it answers; a stub without answers is left out."""
        children: dict[int, list[Answer]] = defaultdict(list)
        # An answer is younger than what it answers, so that going backwards meets the leaves first.
        for answer in reversed(self._answers[head]):
            has_place = answer.is_published or answer.state in states.TOMBSTONES
            if has_place or children[answer.id]:
                children[answer.parent].append(answer)
        said: list[Said] = []
        waiting = [(answer, 1) for answer in children[head]]
        while waiting:
            answer, depth = waiting.pop()
            said.append(self._said(answer, indent=min(depth, MOST_INDENTED)))
            waiting.extend((child, depth + 1) for child in children[answer.id])
        return said

    def _said(self, statement: Statement, *, indent: int = 0) -> Said:
        if not statement.is_published:
            return Said(statement.id, stub=_stub(statement), indent=indent)
        return Said(
            id=statement.id,
            creator=usernames.shown(statement.creator),
            created_at=statement.created_at,
            is_edited=statement.edited_at is not None,
            html=statement.html,
            citations=self._citations.get(statement.id, ()),
            indent=indent,
        )


# Between two marks that come to stand at one place.
_COMMA = '<sup class="ref comma">,</sup>'


def _stub(statement: Statement) -> str:
    return states.tombstone(State(statement.state), Rule(statement.rule).label if statement.rule else "")


def _mark(run: Run) -> str:
    return f'<sup class="ref" id="ref-{run.first}"><a href="#note-{run.first}" aria-label="{run.words}">{run}</a></sup>'
