"""How often does a passage keep its place when its text is revised, and how often is it put in a wrong one?

    python -m benchmarks.anchoring [--seeds 1 2] [--lengths 5000 50000 500000]

Real prose is edited in controlled ways by a machinery that knows where each character went (`rig/edits.py`); passages
of it are followed by us, who see both texts, and by a quotation search as the field's clients do it (`rig/quoting.py`).
Two of three passages are taken from where something was edited. An answer is right when it shares at least half with
the truth; false at other words, or at any when the words are gone; missed when they are there and nothing is answered.
"""

import sys
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from random import Random
from statistics import median, quantiles
from typing import NamedTuple

from annotations.anchoring import Anchoring
from annotations.selectors import describe
from benchmarks.rig import edits, prose, quoting
from benchmarks.rig.edits import Edit, Hand, Outcome, Truth
from reader.text.alignment import align
from reader.text.spans import Span

RIGHT_SHARE, FALSE_SHARE, RIGHT_SHARE_OF_A_KIND = 0.98, 0.005, 0.90
# Passages of one edited text, by its length: those we follow, and those of them that the slower search follows.
PASSAGES = {5_000: (120, 60), 50_000: (160, 60), 500_000: (160, 16)}
_OTHER_PASSAGES = (160, 40)
# Texts as long as this are edited only with the first seed.
_ONCE = 500_000
_SAME_SHARE = 0.5


class Kind(NamedTuple):
    """A kind of edit, and what is done to the text before, so that there is something of the kind to edit."""

    name: str
    edit: Edit
    prepare: Edit | None = None


_REVISION = edits.one_after_another(
    edits.reorder_blocks(0.02),
    edits.take_out_blocks(0.03),
    edits.split(0.06),
    edits.merge(0.05),
    edits.put_in_blocks(0.03),
    edits.rewrite_blocks(0.02),
    edits.reorder_sentences(0.03),
    edits.take_out_sentences(0.04),
    edits.rewrite_sentences(0.03),
    edits.take_out(0.004),
    edits.put_in(0.01),
    edits.replace(0.01),
    edits.mistype(0.02),
    edits.punctuate,
    edits.copy_blocks(0.02),
)

KINDS = (
    Kind("typos", edits.mistype(1 / 12)),
    Kind("words put in", edits.put_in(1 / 25)),
    Kind("words replaced", edits.replace(1 / 10)),
    Kind("words taken out", edits.take_out(1 / 60)),
    Kind("punctuation", edits.punctuate),
    Kind("sentences reordered", edits.reorder_sentences(0.15)),
    Kind("sentences taken out", edits.take_out_sentences(0.15)),
    Kind("sentences rewritten", edits.rewrite_sentences(0.15)),
    Kind("paragraphs reordered", edits.reorder_blocks(0.1)),
    Kind("paragraphs taken out", edits.take_out_blocks(0.15)),
    Kind("paragraphs rewritten", edits.rewrite_blocks(0.15)),
    Kind("paragraphs split", edits.split(0.3)),
    Kind("paragraphs merged", edits.merge(0.25)),
    Kind("twins put in", edits.either(edits.copy_blocks(0.15), edits.copy_sentences(0.05))),
    Kind(
        "twins taken out",
        edits.take_out_copies(0.7),
        edits.one_after_another(edits.copy_blocks(0.2, behind=0), edits.copy_sentences(0.05)),
    ),
    Kind("whole revision", _REVISION),
)


class Case(NamedTuple):
    """One edited text with passages and the truth about them."""

    kind: str
    length: int
    before: list[str]
    after: list[str]
    passages: list[tuple[Span, Truth]]


class Answer(NamedTuple):
    """What was answered for a passage: its place or None, and how sure (only the quotation search says)."""

    span: Span | None
    truth: Truth
    score: float = 1.0


class Tally:
    """How answers compare with the truth."""

    def __init__(self) -> None:
        self.right = self.false = self.missed = self.exact = self.placed = 0

    def add(self, answer: Answer) -> None:
        span, truth = answer.span, answer.truth
        if span is None:
            is_right = truth.may_be_gone
            self.missed += not is_right
        else:
            is_right = any(_shared(span, found) >= _SAME_SHARE for found in truth.spans)
            self.false += not is_right
            self.placed += is_right
            self.exact += span in truth.spans
        self.right += is_right

    def shares(self) -> tuple[float, float, float, float]:
        """Give the shares that were right, false, missed, and, of those put in their place, exactly so."""
        total = max(1, self.right + self.false + self.missed)
        return self.right / total, self.false / total, self.missed / total, self.exact / max(1, self.placed)


class Timing:
    """Seconds: of the preparation for a pair of texts, and of each passage."""

    def __init__(self) -> None:
        self.preparations: list[float] = []
        self.passages: list[float] = []


class Report:
    """All answers, by who gave them, kind of edit and length."""

    def __init__(self) -> None:
        self.ours: defaultdict[tuple[str, int], list[Answer]] = defaultdict(list)
        self.peers: defaultdict[tuple[str, int], list[Answer]] = defaultdict(list)
        self.our_times: defaultdict[int, Timing] = defaultdict(Timing)
        self.peer_times: defaultdict[int, Timing] = defaultdict(Timing)


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="one round of edits each")
    parser.add_argument("--lengths", type=int, nargs="+", default=list(PASSAGES), help="characters of a text")
    parser.add_argument("--kinds", nargs="+", default=[], help="only kinds of edit with such names")
    parser.add_argument("--without-peer", action="store_true", help="leave the quotation search out")
    options = parser.parse_args()
    sources = _sources()
    report = Report()
    for source in sources:
        for case in _cases(source, options.seeds, options.lengths, options.kinds):
            _follow(case, report)
            if not options.without_peer:
                _search(case, report)
    return _conclude(report)


def _sources() -> list[prose.Source]:
    missing = [source.package for source in prose.NEEDED if not prose.is_installed(source)]
    if missing:
        print(f"The texts to edit are not here. Please install them: apt-get install {' '.join(missing)}")
        sys.exit(2)
    found = [*prose.NEEDED, *filter(prose.is_installed, prose.WELCOME)]
    print(f"Prose of {', '.join(source.package for source in found)}.")
    left_out = [source.package for source in prose.WELCOME if source not in found]
    if left_out:
        print(f"Not installed, and not needed: {', '.join(left_out)}.")
    return found


# Making cases


def _cases(source: prose.Source, seeds: Sequence[int], lengths: Sequence[int], names: Sequence[str]) -> Iterator[Case]:
    blocks = prose.blocks(source)
    total = sum(map(len, blocks))
    kinds = [kind for kind in KINDS if not names or any(name in kind.name for name in names)]
    for seed in seeds:
        for length in lengths:
            if 1.5 * length > total or (length >= _ONCE and seed != seeds[0]):
                continue
            for kind in kinds:
                yield _case(kind, blocks, length, Random(f"{source.package} {kind.name} {length} {seed}"))


def _case(kind: Kind, blocks: Sequence[str], length: int, random: Random) -> Case:
    chosen, fresh = prose.window(blocks, length, random)
    hand = Hand(random, fresh)
    if kind.prepare:
        chosen = [piece.text for piece in kind.prepare(edits.untouched(chosen), hand)]
    text = "\n".join(chosen)
    outcome = Outcome(text, kind.edit(edits.untouched(chosen), hand))
    count = PASSAGES.get(length, _OTHER_PASSAGES)[0]
    edited = [places for places in (outcome.seams(), outcome.gone()) if places]
    passages = [(span, outcome.truth(span)) for span in _passages(chosen, edited, count, random)]
    return Case(kind.name, length, chosen, outcome.blocks, passages)


def _passages(blocks: Sequence[str], edited: Sequence[Sequence[int]], count: int, random: Random) -> Iterator[Span]:
    """Choose passages as readers would, two of three where something was edited."""
    drawing = _Drawing(blocks, random)
    for number in range(count):
        is_near = edited and number % 3
        yield drawing.draw(random.choice(random.choice(edited)) + random.randint(-20, 20) if is_near else None)


class _Drawing:
    """Passages of realistic shapes: a word, a phrase, a sentence, across blocks, a whole block."""

    def __init__(self, blocks: Sequence[str], random: Random) -> None:
        self._random = random
        self._words: list[Span] = []
        self._sentences: list[Span] = []
        self._blocks: list[Span] = []
        start = 0
        for block in blocks:
            self._words += (span.shifted(start) for span in edits.words(block))
            self._sentences += (
                Span(start + first, start + first + len(block[first:end].rstrip()))
                for first, end in edits.sentences(block)
            )
            self._blocks.append(Span(start, start + len(block)))
            start += len(block) + 1

    def draw(self, near: int | None) -> Span:
        shape: Callable[[int | None], Span] = self._random.choices(
            (self._word, self._phrase, self._sentence, self._crossing, self._block), (20, 30, 25, 10, 15)
        )[0]
        return shape(near)

    def _word(self, near: int | None) -> Span:
        return self._words[self._index(self._words, near)]

    def _phrase(self, near: int | None) -> Span:
        index = self._index(self._words, near)
        first = max(0, index - self._random.randint(0, 3))
        last = min(len(self._words) - 1, max(index, first + self._random.randint(1, 7)))
        return Span(self._words[first].start, self._words[last].end)

    def _sentence(self, near: int | None) -> Span:
        return self._sentences[self._index(self._sentences, near)]

    def _crossing(self, near: int | None) -> Span:
        index = self._index(self._blocks, near)
        end = self._blocks[min(len(self._blocks) - 1, index + self._random.choice((1, 1, 1, 2)))]
        first = self._index(self._words, self._random.randrange(*self._blocks[index]))
        last = self._index(self._words, self._random.randrange(*end))
        return Span(self._words[min(first, last)].start, self._words[max(first, last)].end)

    def _block(self, near: int | None) -> Span:
        return self._blocks[self._index(self._blocks, near)]

    def _index(self, spans: Sequence[Span], near: int | None) -> int:
        """Choose one of the spans: any, or the one at the place."""
        if near is None:
            return self._random.randrange(len(spans))
        low, high = 0, len(spans) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if spans[middle].end <= near else (low, middle)
        return low


# Following passages


def _follow(case: Case, report: Report) -> None:
    times = report.our_times[case.length]
    started_at = time.perf_counter()
    anchoring = Anchoring(case.before, case.after, align(case.before, case.after))
    # What is compared only when it is wanted is wanted by a passage that is the whole text.
    anchoring.place(Span(0, sum(map(len, case.before)) + len(case.before)))
    times.preparations.append(time.perf_counter() - started_at)
    for span, truth in case.passages:
        started_at = time.perf_counter()
        placement = anchoring.place(span)
        times.passages.append(time.perf_counter() - started_at)
        report.ours[case.kind, case.length].append(Answer(placement.span, truth))


def _search(case: Case, report: Report) -> None:
    times = report.peer_times[case.length]
    texts = quoting.narrow("\n".join(case.before), "\n".join(case.after))
    if texts is None:
        return
    before, after = texts
    for span, truth in case.passages[: PASSAGES.get(case.length, _OTHER_PASSAGES)[1]]:
        started_at = time.perf_counter()
        found = quoting.search(after, describe(before, span), span.start)
        times.passages.append(time.perf_counter() - started_at)
        answer = Answer(found.span, truth, found.score) if found else Answer(None, truth)
        report.peers[case.kind, case.length].append(answer)


# Telling


def _conclude(report: Report) -> int:
    peers = [answer for answers in report.peers.values() for answer in answers]
    floor = _best_floor(peers)
    _print_kinds(report, floor)
    _print_times("Ours", report.our_times)
    _print_times("The quotation search", report.peer_times)
    right, false, missed, exact = _tally([answer for answers in report.ours.values() for answer in answers]).shares()
    kinds = {kind: _tally(_of_kind(report.ours, kind)).shares()[0] for kind, _ in report.ours}
    worst = min(kinds, key=lambda kind: kinds[kind])
    print(f"\nOurs over all: {right:.2%} right, {false:.2%} false, {missed:.2%} missed, {exact:.2%} exact.")
    if peers:
        for name, answers in (("as it is", peers), (f"with a floor of {floor:.2f}", _floored(peers, floor))):
            shares = _tally(answers).shares()
            print(f"The quotation search {name}: {shares[0]:.2%} right, {shares[1]:.2%} false, {shares[2]:.2%} missed.")
    is_good = right >= RIGHT_SHARE and false <= FALSE_SHARE and kinds[worst] >= RIGHT_SHARE_OF_A_KIND
    print(
        f"The limits are {RIGHT_SHARE:.0%} right, {FALSE_SHARE:.1%} false, {RIGHT_SHARE_OF_A_KIND:.0%} right of each;"
        f" the worst is {worst} with {kinds[worst]:.1%}: {'held' if is_good else 'MISSED'}."
    )
    return 0 if is_good else 1


def _print_kinds(report: Report, floor: float) -> None:
    print(f"\n{'':33}{'ours':^34}{'quotation search':^26}{f'with a floor of {floor:.2f}':^26}")
    print(
        f"{'kind of edit':22}{'length':>8}   " + _heads("right", "false", "missed", "exact", "of") + _heads() + _heads()
    )
    for kind in dict.fromkeys(kind for kind, _ in report.ours):
        for length in sorted(length for found, length in report.ours if found == kind):
            _print_line(kind, f"{length:,}", report.ours[kind, length], report.peers[kind, length], floor)
    print()
    for length in sorted({length for _, length in report.ours}):
        ours = [answer for (_, found), answers in report.ours.items() if found == length for answer in answers]
        peers = [answer for (_, found), answers in report.peers.items() if found == length for answer in answers]
        _print_line("every kind", f"{length:,}", ours, peers, floor)


def _heads(*names: str) -> str:
    return "".join(f"{name:>7}" for name in names or ("right", "false", "missed", "of")) + "   "


def _print_line(kind: str, length: str, ours: Sequence[Answer], peers: Sequence[Answer], floor: float) -> None:
    line = f"{kind:22}{length:>8}   " + "".join(f"{100 * share:7.1f}" for share in _tally(ours).shares())
    line += f"{len(ours):7}   "
    if peers:
        for answers in (peers, _floored(peers, floor)):
            line += "".join(f"{100 * share:7.1f}" for share in _tally(answers).shares()[:3]) + f"{len(peers):7}   "
    print(line.rstrip())


def _print_times(name: str, times: dict[int, Timing]) -> None:
    print()
    for length in sorted(times):
        passages = sorted(1000 * seconds for seconds in times[length].passages)
        line = f"{name}, {length:,} characters: {median(passages):.3f} ms a passage, 95 of 100 within"
        line += f" {quantiles(passages, n=20)[-1]:.2f} ms"
        if times[length].preparations:
            line += f"; preparation {median(times[length].preparations):.3f} s, at most"
            line += f" {max(times[length].preparations):.2f} s"
        print(line)


def _best_floor(peers: Sequence[Answer]) -> float:
    """Find the floor that serves the quotation search best on these very answers, which favours it."""
    floors = [step / 100 for step in range(101)]
    return max(floors, key=lambda floor: (_tally(_floored(peers, floor)).right, -floor)) if peers else 0.0


def _floored(answers: Sequence[Answer], floor: float) -> list[Answer]:
    return [answer if answer.score >= floor else answer._replace(span=None) for answer in answers]


def _of_kind(answers: dict[tuple[str, int], list[Answer]], kind: str) -> list[Answer]:
    return [answer for (found, _), of_kind in answers.items() if found == kind for answer in of_kind]


def _tally(answers: Sequence[Answer]) -> Tally:
    tally = Tally()
    for answer in answers:
        tally.add(answer)
    return tally


def _shared(one: Span, other: Span) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / (max(one.end, other.end) - min(one.start, other.start))


if __name__ == "__main__":
    sys.exit(main())
