"""What publishing a draft would do: to the text, and to what readers wrote about it. Told before it is done.

The same is planned here as is written then, so that the numbers are the same as long as nobody adds anything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from annotations import disputing, reanchoring
from annotations.models import Anchor, Annotation
from annotations.reanchoring import Outcome
from reader import history, publishing
from reader.models import Draft
from reader.publishing import Plan
from reader.text import naming
from reader.text.comparison import MOST_COMPARED, Piece, compare

Status = Anchor.Status

# The order in which an editor wants to hear of them, and that in which they are counted.
_URGENCY = (Status.ORPHANED, Status.CHANGED, Status.MOVED, Status.EXACT)
_COUNTED = _URGENCY[::-1]


@dataclass(frozen=True)
class Effect:
    """What a revision does to one annotation: the words it stands on, and those it would stand on."""

    annotation_id: int
    status: str
    before: str
    after: str
    # The names of the blocks these words are in; empty where they are gone.
    block_before: str
    block_after: str

    @property
    def sentence(self) -> str:
        """Say in words what happens to it."""
        before, after = _label(self.block_before), _label(self.block_after)
        if self.status == Status.ORPHANED:
            return f"Its words go from {before}"
        if not self.block_before:
            return f"Its words are back, in {after}"
        moved = f" and moved from {before} to {after}" if before != after else ""
        if self.before != self.after:
            return f"Its words in {before} are edited{moved}"
        return f"Its words move{moved.removeprefix(' and moved')}" if moved else f"Its words move with {after}"

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """Give the words before and after, compared; none where they are the same, or too long."""
        is_short = max(len(self.before), len(self.after)) <= MOST_COMPARED
        return compare(self.before, self.after) if is_short and self.before != self.after else ()


@dataclass(frozen=True)
class Consequences:
    """Everything an editor should know before a draft is published."""

    plan: Plan
    # How many published annotations will be of each status.
    counts: Counter[str]
    # Those that the revision does something to, what is lost first.
    effects: Sequence[Effect]
    # How many have been moved, changed or lost before and stay as they are.
    old_count: int
    # How many open disagreements are about words that it edits or removes: an editor may say there what was corrected.
    disputed_count: int

    @property
    def is_first(self) -> bool:
        return self.plan.before is None

    @property
    def summary(self) -> str:
        """Tell in one line what becomes of the blocks: "p1 to p6 kept, p7 changed"."""
        return naming.summary(self.plan.changes)

    @property
    def sentence(self) -> str:
        """Tell in one line what becomes of the annotations: "14 annotations exact, 2 changed, 1 orphaned"."""
        told = [(self.counts[status], status.value) for status in _COUNTED if self.counts[status]]
        if not told:
            return "nobody has written about this text yet"
        first = f"{told[0][0]:,} annotation{'' if told[0][0] == 1 else 's'} {told[0][1]}"
        return ", ".join([first, *(f"{number:,} {status}" for number, status in told[1:])])

    @cached_property
    def comparison(self) -> history.Comparison:
        """Give both texts compared by words, block by block."""
        return history.planned(self.plan)

    @property
    def changes(self) -> Sequence[history.BlockChange]:
        """Give the blocks that will not be as they are."""
        return [part for part in self.comparison.parts if isinstance(part, history.BlockChange)]


def of(draft: Draft) -> Consequences:
    """Work out what publishing the draft would do. Raises PublishingError as `publishing.plan` does."""
    assert draft.article is not None  # noqa: S101  (a text that was read in has one)
    plan = publishing.plan(draft.article, draft.document, by=draft.creator, note=draft.note)
    shown = set(Annotation.objects.on(draft.article).published().values_list("pk", flat=True))
    planned = reanchoring.plan(plan, tell=lambda _step, _hundredths: None).outcomes
    outcomes = [outcome for outcome in planned if outcome.standing.annotation in shown]
    news = [outcome for outcome in outcomes if outcome.is_news]
    news.sort(key=lambda outcome: (_URGENCY.index(Status(outcome.status)), outcome.standing.start or 0))
    old = sum(1 for outcome in outcomes if not outcome.is_news and outcome.status != Status.EXACT)
    counts = Counter(outcome.status for outcome in outcomes)
    touched = {outcome.standing.annotation for outcome in news if outcome.status in {Status.CHANGED, Status.ORPHANED}}
    disputed = disputing.open_on(draft.article) & touched
    return Consequences(plan, counts, [_effect(plan, outcome) for outcome in news], old, len(disputed))


def with_annotations(effects: Iterable[Effect]) -> list[tuple[Effect, Annotation]]:
    """Give each with what was written; without those withdrawn since."""
    found = list(effects)
    annotations = Annotation.objects.published().with_creator().in_bulk([effect.annotation_id for effect in found])
    return [(effect, annotations[effect.annotation_id]) for effect in found if effect.annotation_id in annotations]


def _effect(plan: Plan, outcome: Outcome) -> Effect:
    span_before, span_after = outcome.standing.span, outcome.span
    return Effect(
        annotation_id=outcome.standing.annotation,
        status=outcome.status,
        before=plan.before.quote(span_before) if plan.before and span_before else "",
        after=plan.revision.quote(span_after) if span_after else "",
        block_before=outcome.block_before,
        block_after=outcome.block_after,
    )


def _label(name: str) -> str:
    return naming.label(name).lower() if name else "the text"
