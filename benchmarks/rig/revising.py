"""Publish a revision of many edits, and say how long each step took: what `benchmarks.publishing` runs.

Waits for a line on standard input, so that starting up is not counted.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reader.settings")
django.setup()

from annotations import prose  # noqa: E402
from annotations.models import Anchor  # noqa: E402
from reader import publishing  # noqa: E402
from reader.models import Article  # noqa: E402
from reader.text.blocks import Block, Document  # noqa: E402

# How many blocks in a hundred are edited in which way.
_WORDS, _SENTENCE_OUT, _SENTENCE_IN, _OUT, _IN, _SPLIT, _JOINED, _MOVED = 15, 5, 5, 3, 3, 2, 2, 2


def main() -> None:
    article = Article.objects.with_revision().get(slug=sys.argv[1])
    assert article.current_revision is not None
    blocks = [paragraph.block for paragraph in article.current_revision.paragraphs.all()]
    edited = Edits(Random(2)).of(blocks)
    document = Document(title=article.title, kicker="", byline="", author_note="", blocks=tuple(edited))
    print("ready", flush=True)
    sys.stdin.readline()
    watch = Watch()
    plan = publishing.plan(article, document, tell=watch.tell)
    watch.tell("Reading the annotations", 30)
    revision = publishing.write(plan, tell=watch.tell)
    watch.tell("", 100)
    anchors = Counter(Anchor.objects.filter(revision=revision).values_list("status", flat=True))
    said = {
        "characters": len(revision.text),
        "blocks": len(plan.paragraphs),
        "edits": sum(1 for change in plan.changes if change.kind != "kept"),
        "steps": watch.steps,
        "seconds": sum(watch.steps.values()),
        "locked": watch.steps["Writing it down"],
        "annotations": anchors.total(),
        "anchors": anchors,
    }
    print(json.dumps(said), flush=True)


class Watch:
    """The seconds of each step that was told."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._step, self._since = "Reading what stands", time.perf_counter()

    def tell(self, step: str, _hundredths: int) -> None:
        """Begin a step, which ends the one before."""
        now = time.perf_counter()
        self.steps[self._step] = self.steps.get(self._step, 0.0) + now - self._since
        self._step, self._since = step, now


class Edits:
    """A hand that edits blocks of a text, each in one way or in none."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def of(self, blocks: Sequence[Block]) -> list[Block]:
        edited = [block for each in self._in_pairs(blocks) for block in self._edited(each)]
        for _ in range(len(blocks) * _MOVED // 100):
            block = edited.pop(self._random.randrange(len(edited)))
            edited.insert(self._random.randrange(len(edited)), block)
        return edited

    def _in_pairs(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Join some blocks to the one after."""
        waiting: Block | None = None
        for block in blocks:
            if waiting:
                yield replace(block, html=f"{waiting.html} {block.html}")
                waiting = None
            elif block.kind == "paragraph" and self._random.randrange(100) < _JOINED:
                waiting = block
            else:
                yield block
        if waiting:
            yield waiting

    def _edited(self, block: Block) -> list[Block]:
        drawn = self._random.randrange(100)
        ways = [
            (_OUT, self._without),
            (_IN, self._with_one_more),
            (_SPLIT, self._split),
            (_WORDS, self._reworded),
            (_SENTENCE_OUT, self._shortened),
            (_SENTENCE_IN, self._lengthened),
        ]
        for share, way in ways:
            if drawn < share:
                return way(block)
            drawn -= share
        return [block]

    def _without(self, _block: Block) -> list[Block]:
        return []

    def _with_one_more(self, block: Block) -> list[Block]:
        return [block, Block("paragraph", prose.paragraph(self._random))]

    def _split(self, block: Block) -> list[Block]:
        head, _, tail = block.html.partition(". ")
        return [replace(block, html=f"{head}."), Block("paragraph", tail)] if tail else [block]

    def _reworded(self, block: Block) -> list[Block]:
        words = block.html.split(" ")
        words[self._random.randrange(len(words))] = "otherwise"
        return [replace(block, html=" ".join(words))]

    def _shortened(self, block: Block) -> list[Block]:
        _, _, tail = block.html.partition(". ")
        return [replace(block, html=tail or block.html)]

    def _lengthened(self, block: Block) -> list[Block]:
        sentence = prose.paragraph(self._random).partition(". ")[0]
        return [replace(block, html=f"{block.html} {sentence}.")]


if __name__ == "__main__":
    main()
