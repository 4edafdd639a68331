"""Edits of a text that know what they did: every character after comes from one before, or is new.

The truth about a passage is read from that alone, and never from how words compare: words that were taken out are
gone, though the same words stand elsewhere.
"""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from reader.text.spans import Span

# A passage must be found when this share of its characters is left in one place, and counts as gone when no more than
# the lesser share is. Between the two, its place and "gone" are both right answers.
FOUND_SHARE, HALF, GONE_SHARE = 0.6, 0.5, 0.4
# Characters.
_WORD_OR_TWO = 16

_NEW = -1
_HAN = "\u3400-\u9fff"
_WORD = re.compile(rf"[{_HAN}]{{1,2}}|[^\W_{_HAN}]+")
_SENTENCE = re.compile(r".+?(?:[.!?]['\")”’]*(?:\s+|$)|[。！？][”’」』]*|$)", re.DOTALL)


class Piece(NamedTuple):
    """Text with the place before that each character comes from, or -1 when it is new."""

    text: str
    origins: list[int]

    def cut(self, start: int, end: int) -> "Piece":
        return Piece(self.text[start:end], self.origins[start:end])


class Truth(NamedTuple):
    """Where a passage is: every span that is a right answer, and whether "gone" is one."""

    spans: tuple[Span, ...]
    may_be_gone: bool


class Hand:
    """Who edits: chance, and prose that the text does not have."""

    def __init__(self, random: Random, fresh: Sequence[str]) -> None:
        self.random = random
        self._blocks = [block for block in fresh if len(block) > 80] or list(fresh)
        self._sentences = [block[start:end].strip() for block in self._blocks for start, end in sentences(block)]
        self._words = [word for block in self._blocks for word in _WORD.findall(block)]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def letter(self) -> str:
        return self.random.choice("abcdefghijklmnopqrstuvwxyz")

    def words(self, count: int) -> list[str]:
        start = self.random.randrange(len(self._words))
        return self._words[start : start + count]

    def sentence(self) -> str:
        return self.random.choice(self._sentences)

    def block(self) -> str:
        return self.random.choice(self._blocks)


Edit = Callable[[list[Piece], Hand], list[Piece]]


def untouched(blocks: Sequence[str]) -> list[Piece]:
    starts = accumulate((len(block) + 1 for block in blocks), initial=0)
    return [Piece(block, list(range(start, start + len(block)))) for block, start in zip(blocks, starts, strict=False)]


def new(text: str) -> Piece:
    return Piece(text, [_NEW] * len(text))


def join(*pieces: Piece) -> Piece:
    return Piece("".join(piece.text for piece in pieces), [origin for piece in pieces for origin in piece.origins])


def sentences(text: str) -> list[Span]:
    """Cut a text into sentences, each with the space after it. Plain, and not the reader's own way of cutting."""
    return [Span(*match.span()) for match in _SENTENCE.finditer(text) if match.group().strip()]


def words(text: str) -> list[Span]:
    return [Span(*match.span()) for match in _WORD.finditer(text)]


class Outcome:
    """An edited text: its blocks, and where each character of the text before went."""

    def __init__(self, text_before: str, pieces: Sequence[Piece]) -> None:
        pieces = [piece for piece in pieces if piece.text.strip()]
        self.blocks = [piece.text for piece in pieces]
        self.text = "\n".join(self.blocks)
        self._text_before = text_before
        self._places: list[int] = [_NEW] * len(text_before)
        # How many characters before each place after come from before.
        self._old_counts: list[int] = [0]
        place = 0
        for piece in pieces:
            self._old_counts += accumulate(
                (origin != _NEW for origin in piece.origins[1:]),
                initial=self._old_counts[-1] + (piece.origins[0] != _NEW),
            )
            self._old_counts.append(self._old_counts[-1])
            for step, origin in enumerate(piece.origins):
                if origin != _NEW:
                    self._places[origin] = place + step
            place += len(piece.text) + 1
        self._keep_line_breaks()

    def seams(self) -> list[int]:
        """Give the places before at which something was taken out, put in or torn apart."""
        return [
            index + 1
            for index, (here, following) in enumerate(pairwise(self._places))
            if following != here + 1 and not here == following == _NEW
        ]

    def gone(self) -> list[int]:
        """Give the places before of the characters that were taken out."""
        return [index for index, place in enumerate(self._places) if place == _NEW]

    def truth(self, span: Span) -> Truth:
        """Say where the passage is now.

        What is left of it counts as in one place as long as no more characters from elsewhere stand in a gap of it
        than the passage had. Its place is from the first character left there to the last, with the whole of the words
        they are in. Where a gap is wider than a word or two, what is on one side of it is a right answer too when it
        is half of the passage.
        """
        counted = [index for index in range(*span) if not self._text_before[index].isspace()]
        left = sorted(place for place in (self._places[index] for index in counted) if place != _NEW)
        widest = span.end - span.start
        groups = _groups(left, lambda start, end: self._old_counts[end] - self._old_counts[start + 1] > widest)
        parts = _groups(left, lambda start, end: end - start > _WORD_OR_TWO)
        enough = [group for group in groups if len(group) > GONE_SHARE * len(counted)]
        enough += [part for part in parts if len(part) >= HALF * len(counted)]
        found = dict.fromkeys(self._whole(Span(group[0], group[-1] + 1)) for group in enough)
        most = max((len(group) for group in groups), default=0)
        return Truth(tuple(found), most < FOUND_SHARE * len(counted))

    def _keep_line_breaks(self) -> None:
        """Say of the line breaks between blocks, which belong to none, that those between the same blocks are kept."""
        places = self._places
        for index, character in enumerate(self._text_before):
            if character == "\n" and places[index - 1] != _NEW and places[index + 1] == places[index - 1] + 2:
                places[index] = places[index - 1] + 1

    def _whole(self, span: Span) -> Span:
        start, end = span
        while start and _is_inside_word(self.text, start):
            start -= 1
        while end < len(self.text) and _is_inside_word(self.text, end):
            end += 1
        return Span(start, end)


def _groups(places: Sequence[int], is_apart: Callable[[int, int], bool]) -> list[Sequence[int]]:
    """Part the places wherever two neighbours are apart."""
    cuts = [index for index, (place, following) in enumerate(pairwise(places), 1) if is_apart(place, following)]
    return [places[start:end] for start, end in pairwise([0, *cuts, len(places)])] if places else []


def _is_inside_word(text: str, place: int) -> bool:
    pair = text[place - 1 : place + 1]
    return pair.isalnum() and not re.search(f"[{_HAN}]", pair)


# Words


def _by_word(piece: Piece, edit: Callable[[Piece], Piece]) -> Piece:
    parts: list[Piece] = []
    done = 0
    for start, end in words(piece.text):
        parts += (piece.cut(done, start), edit(piece.cut(start, end)))
        done = end
    return join(*parts, piece.cut(done, len(piece.text)))


def mistype(share: float) -> Edit:
    """Write one in so many words wrongly: letters swapped, left out, doubled or replaced."""

    def mistyped(word: Piece, hand: Hand) -> Piece:
        if len(word.text) < 2 or not hand.chance(share):
            return word
        place = hand.random.randrange(len(word.text) - 1)
        head, here, tail = word.cut(0, place), word.cut(place, place + 1), word.cut(place + 1, len(word.text))
        following = tail.cut(0, 1)
        match hand.random.randrange(4):
            case 0:
                return join(head, following, here, tail.cut(1, len(tail.text)))
            case 1:
                return join(head, tail)
            case 2:
                return join(head, here, new(here.text), tail)
            case _:
                return join(head, new(hand.letter()), tail)

    return lambda pieces, hand: [_by_word(piece, lambda word: mistyped(word, hand)) for piece in pieces]


def put_in(share: float) -> Edit:
    """Put one to six new words behind one in so many."""

    def followed(piece: Piece, hand: Hand) -> Piece:
        spans = words(piece.text)
        parts: list[Piece] = []
        done = 0
        for last, following in pairwise(spans):
            if hand.chance(share):
                added = hand.words(hand.random.randint(1, 6))
                # An edit with two readings, such as a second "the" beside a first, has no truth and is not made.
                beside = (piece.text[slice(*following)].lower(), piece.text[slice(*last)].lower())
                if added[0].lower() != beside[0] and added[-1].lower() != beside[1]:
                    parts += (piece.cut(done, last.end), new(_spaced(added, piece.text)))
                    done = last.end
        return join(*parts, piece.cut(done, len(piece.text)))

    return lambda pieces, hand: [followed(piece, hand) for piece in pieces]


def replace(share: float) -> Edit:
    """Write another word for one in so many."""

    def replaced(word: Piece, hand: Hand) -> Piece:
        return new(hand.words(1)[0]) if hand.chance(share) else word

    return lambda pieces, hand: [_by_word(piece, lambda word: replaced(word, hand)) for piece in pieces]


def take_out(share: float) -> Edit:
    """Take out passages of three to fifteen words, beginning at one word in so many."""

    def shortened(piece: Piece, hand: Hand) -> Piece:
        spans = words(piece.text)
        parts: list[Piece] = []
        done = index = 0
        while index < len(spans):
            stop = index + hand.random.randint(3, 15)
            if hand.chance(share) and stop < len(spans) and not _has_two_readings(piece.text, spans, index, stop):
                parts.append(piece.cut(done, spans[index].start))
                done = spans[stop].start
                index = stop
            index += 1
        return join(*parts, piece.cut(done, len(piece.text)))

    return lambda pieces, hand: [shortened(piece, hand) for piece in pieces]


def _has_two_readings(text: str, spans: Sequence[Span], start: int, stop: int) -> bool:
    """Say whether the same text would be left if the words taken out began one word earlier or later."""
    said = [text[slice(*spans[index])].lower() for index in (start, stop)]
    before = [text[slice(*spans[index])].lower() for index in (start - 1, stop - 1)] if start else ["", "-"]
    return said[0] == said[1] or before[0] == before[1]


def _spaced(added: Sequence[str], text: str) -> str:
    return "".join(added) if re.search(f"[{_HAN}]", text) else " " + " ".join(added)


_MARKS = {
    '"': "“”",
    "“": '"«',
    "”": '"»',
    "'": "’",
    "’": "'",
    "—": "–-",
    "–": "—-",
    "-": "\u2011–",
    ",": ";",
    ";": ",",
    ".": "…!",
    " ": "\u00a0\u2009",
    "，": "、；",
    "。": "；！",
}
_SELDOM = {",": 0.1, ";": 0.3, ".": 0.05, " ": 0.02, "-": 0.3, "，": 0.1, "。": 0.1}


def punctuate(pieces: list[Piece], hand: Hand) -> list[Piece]:
    """Write quotation marks, dashes, spaces and stops otherwise, and put in and take out commas."""
    return [_punctuated(piece, hand) for piece in pieces]


def _punctuated(piece: Piece, hand: Hand) -> Piece:
    parts: list[Piece] = []
    done = 0
    for index, character in enumerate(piece.text):
        others = _MARKS.get(character)
        if others is None or not hand.chance(_SELDOM.get(character, 0.9)):
            continue
        parts.append(piece.cut(done, index))
        match hand.random.randrange(8):
            case 0 if character == ",":
                pass
            case 1 if character == " ":
                parts += (new(","), piece.cut(index, index + 1))
            case _:
                parts.append(Piece(hand.random.choice(others), [piece.origins[index]]))
        done = index + 1
    return join(*parts, piece.cut(done, len(piece.text)))


# Sentences


def _by_sentence(piece: Piece) -> list[Piece]:
    return [piece.cut(*span) for span in sentences(piece.text)]


def take_out_sentences(share: float) -> Edit:
    def shortened(piece: Piece, hand: Hand) -> Piece:
        parts = _by_sentence(piece)
        return join(*(part for part in parts if len(parts) == 1 or not hand.chance(share)))

    return lambda pieces, hand: [shortened(piece, hand) for piece in pieces]


def reorder_sentences(share: float) -> Edit:
    """Move one sentence in so many within its block, and a third of those to another block."""

    def reordered(pieces: list[Piece], hand: Hand) -> list[Piece]:
        blocks = [_by_sentence(piece) for piece in pieces]
        for parts in list(blocks):
            for _ in range(len(parts)):
                if len(parts) > 1 and hand.chance(share):
                    part = _with_space(parts.pop(hand.random.randrange(len(parts))))
                    target = hand.random.choice(blocks) if hand.chance(1 / 3) else parts
                    target.insert(hand.random.randrange(len(target) + 1), part)
        return [join(*map(_with_space, parts[:-1]), *parts[-1:]) for parts in blocks]

    return reordered


def _with_space(part: Piece) -> Piece:
    return part if part.text[-1].isspace() or re.search(f"[{_HAN}]", part.text) else join(part, new(" "))


def copy_sentences(share: float) -> Edit:
    """Put a copy of one sentence in so many into another place."""

    def copied(pieces: list[Piece], hand: Hand) -> list[Piece]:
        blocks = [_by_sentence(piece) for piece in pieces]
        wanted = [part.text for parts in blocks for part in parts if len(part.text) > 20 and hand.chance(share)]
        for text in wanted:
            # Beside its original, only order could tell which is which.
            target = hand.random.choice(blocks)
            place = hand.random.randrange(len(target) + 1)
            if text not in [part.text for part in target[max(0, place - 1) : place + 1]]:
                target.insert(place, _with_space(new(text)))
        return [join(*map(_with_space, parts[:-1]), *parts[-1:]) for parts in blocks]

    return copied


def rewrite_sentences(share: float) -> Edit:
    def rewritten(piece: Piece, hand: Hand) -> Piece:
        return join(
            *(_with_space(new(hand.sentence())) if hand.chance(share) else part for part in _by_sentence(piece))
        )

    return lambda pieces, hand: [rewritten(piece, hand) for piece in pieces]


# Blocks


def take_out_blocks(share: float) -> Edit:
    return lambda pieces, hand: [piece for piece in pieces if not hand.chance(share)] or pieces[:1]


def rewrite_blocks(share: float) -> Edit:
    return lambda pieces, hand: [new(hand.block()) if hand.chance(share) else piece for piece in pieces]


def put_in_blocks(share: float) -> Edit:
    return lambda pieces, hand: [
        each for piece in pieces for each in ([piece, new(hand.block())] if hand.chance(share) else [piece])
    ]


def reorder_blocks(share: float) -> Edit:
    """Move one block in so many to anywhere, and let a section of up to ten change places with what follows it."""

    def reordered(pieces: list[Piece], hand: Hand) -> list[Piece]:
        pieces = list(pieces)
        for _ in range(max(1, round(share * len(pieces)))):
            pieces.insert(hand.random.randrange(len(pieces)), pieces.pop(hand.random.randrange(len(pieces))))
        start, length = hand.random.randrange(len(pieces)), hand.random.randint(2, 10)
        first, second = pieces[start : start + length], pieces[start + length : start + 2 * length]
        return pieces[:start] + second + first + pieces[start + 2 * length :]

    return reordered


def split(share: float) -> Edit:
    """Split one block in so many, mostly between sentences and sometimes between two words."""

    def divided(piece: Piece, hand: Hand) -> list[Piece]:
        spans = words(piece.text) if hand.chance(0.3) else sentences(piece.text)
        if len(spans) < 2 or not hand.chance(share):
            return [piece]
        place = hand.random.choice(spans[1:]).start
        head = piece.cut(0, place)
        return [head.cut(0, len(head.text.rstrip())), piece.cut(place, len(piece.text))]

    return lambda pieces, hand: [part for piece in pieces for part in divided(piece, hand)]


def merge(share: float) -> Edit:
    def merged(pieces: list[Piece], hand: Hand) -> list[Piece]:
        kept = pieces[:1]
        for piece in pieces[1:]:
            if hand.chance(share):
                kept[-1] = join(_with_space(kept[-1]), piece)
            else:
                kept.append(piece)
        return kept

    return merged


def copy_blocks(share: float, *, behind: float = 0.3) -> Edit:
    """Put a copy of one block in so many elsewhere, or behind it with that chance. It never stands right before it."""

    def copied(pieces: list[Piece], hand: Hand) -> list[Piece]:
        pieces = list(pieces)
        for original in [piece for piece in pieces if hand.chance(share)]:
            at = next(index for index, piece in enumerate(pieces) if piece is original)
            place = at + 1 if hand.chance(behind) else hand.random.randrange(len(pieces) + 1)
            if place != at and (behind or place != at + 1):
                pieces.insert(place, new(original.text))
        return pieces

    return copied


def take_out_copies(share: float) -> Edit:
    """Take out one of the blocks that have a twin, and of sentences that have one, in so many."""

    def taken(pieces: list[Piece], hand: Hand) -> list[Piece]:
        texts = [piece.text for piece in pieces]
        kept: list[Piece] = []
        gone: set[str] = set()
        for piece in hand.random.sample(pieces, len(pieces)):
            if texts.count(piece.text) > 1 and piece.text not in gone and hand.chance(share):
                gone.add(piece.text)
            else:
                kept.append(piece)
        kept.sort(key=lambda piece: piece.origins[0])
        blocks = [_by_sentence(piece) for piece in kept]
        said = [part.text.strip() for parts in blocks for part in parts]
        counts = {text: said.count(text) for text in set(said) if len(text) > 20}
        for parts in hand.random.sample(blocks, len(blocks)):
            for index in reversed(range(len(parts))):
                text = parts[index].text.strip()
                if len(parts) > 1 and counts.get(text, 0) == 2 and hand.chance(share):
                    counts[text] = 0
                    del parts[index]
        return [join(*parts) for parts in blocks]

    return taken


def one_after_another(*edits: Edit) -> Edit:
    def edited(pieces: list[Piece], hand: Hand) -> list[Piece]:
        for edit in edits:
            pieces = edit(pieces, hand)
        return pieces

    return edited


def either(*edits: Edit) -> Edit:
    """Make one of the edits. Two together may have two readings: a block edited, or copied with the copy edited."""
    return lambda pieces, hand: hand.random.choice(edits)(pieces, hand)
