"""From ratings to a place among others about the same words.

Sums are those of math.fsum, which are the same in whatever order the ratings come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from annotations.ranking.judgements import HELPFUL_REASONS, UNHELPFUL_REASONS, Judgement, Side, Value

# From so many ratings on there is a score.
FEWEST = 5
# How sure the bound is. 95 of 100 values of a normal variable lie above -1.645; with the 1.96 of an interval that is
# closed on both sides it would be 97.5, and no use is made of the upper end.
Z = 1.645
# On each side, so many more (by weight) have to find it helpful than not.
NET_ON_EACH_SIDE = 2
# And readers in all, those of no side among them, have to give it at least so much: else the first four who come from
# two sides would speak for the hundred who took none.
FAIR_SHARE = 1 / 2
# From the share that readers give it on, or up to it, it can be said in words that most or few find it helpful.
MOST, FEW = 2 / 3, 1 / 3
_MOST_REASONS = 2


@dataclass(frozen=True)
class Standing:
    """What an annotation's ratings come to.

    `share` is the mean of what they give it, 0 to 1. It is empty like `score` while there are too few. The score is
    the bridging score where `is_bridging`, which comes before all others, and else the lower bound.
    """

    score: float | None = None
    is_bridging: bool = False
    count: int = 0
    top_reasons: tuple[str, ...] = ()
    share: float | None = None

    @property
    def place(self) -> tuple[bool, float]:
        """Give what it is ordered by; the greater stands first."""
        return self.is_bridging, NEUTRAL if self.score is None else self.score


def wilson(helpful: float, total: float) -> float:
    """Give the share of helpful ratings that is the least to expect, were there many more: 0 to 1.

    Both are sums of weights; a rating of "somewhat" adds half its weight to `helpful`. 0 where there are none.
    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American
    Statistical Association 22 (1927), 209-212.
    """
    if total <= 0:
        return 0.0
    share, doubt = helpful / total, Z * Z / total
    margin = Z * sqrt(share * (1 - share) / total + doubt / total / 4)
    # What is all but nought comes out as less for the way computers round.
    return max(0.0, (share + doubt / 2 - margin) / (1 + doubt))


# Where something stands that has too few ratings: as if two and a half of five found it helpful.
NEUTRAL = wilson(FEWEST / 2, FEWEST)


def bridge(judgements: Iterable[Judgement]) -> float | None:
    """Give how helpful readers of both sides find it, 0 to 1, or None unless both do, and readers in all.

    The geometric mean of both sides' shares, each smoothed by one imagined rating for and one against: a side on which
    few have spoken does not weigh as if it were sure, and neither makes up for the other.
    """
    counting = [judgement for judgement in judgements if judgement.weight > 0]
    sides = [[each for each in counting if each.side == side] for side in (Side.FOR, Side.AGAINST)]
    if len(counting) < FEWEST or any(_net(side) < NET_ON_EACH_SIDE for side in sides):
        return None
    if _helpful(counting) < FAIR_SHARE * _total(counting):
        return None
    first, second = (_smoothed(side) for side in sides)
    return sqrt(first * second)


def standing(judgements: Iterable[Judgement]) -> Standing:
    """Give what the ratings of one annotation come to. One of no weight is none."""
    counting = [judgement for judgement in judgements if judgement.weight > 0]
    if len(counting) < FEWEST:
        return Standing(count=len(counting))
    helpful, total = _helpful(counting), _total(counting)
    bridging = bridge(counting)
    is_bridging = bridging is not None
    return Standing(
        score=wilson(helpful, total) if bridging is None else bridging,
        is_bridging=is_bridging,
        count=len(counting),
        top_reasons=_top_reasons(counting, 1.0 if is_bridging else helpful / total),
        share=helpful / total,
    )


def _total(judgements: Sequence[Judgement]) -> float:
    return fsum(judgement.weight for judgement in judgements)


def _helpful(judgements: Sequence[Judgement]) -> float:
    return fsum(judgement.weight * judgement.value.points for judgement in judgements)


def _net(judgements: Sequence[Judgement]) -> float:
    """Give by how much more find it helpful than not; "somewhat" is neither."""
    signs = {Value.HELPFUL: 1, Value.SOMEWHAT: 0, Value.NOT: -1}
    return fsum(judgement.weight * signs[judgement.value] for judgement in judgements)


def _smoothed(judgements: Sequence[Judgement]) -> float:
    return (_helpful(judgements) + 1) / (_total(judgements) + 2)


def _top_reasons(judgements: Sequence[Judgement], share: float) -> tuple[str, ...]:
    """Give the two reasons that say best why it has this share: where readers differ, one for and one against."""
    good, bad = (_most_named(judgements, reasons) for reasons in (HELPFUL_REASONS, UNHELPFUL_REASONS))
    if share >= MOST:
        return good[:_MOST_REASONS]
    return bad[:_MOST_REASONS] if share <= FEW else good[:1] + bad[:1]


def _most_named(judgements: Sequence[Judgement], reasons: Sequence[str]) -> tuple[str, ...]:
    """Give those of the reasons that are named, by weight; of two alike the one that is offered first."""
    named = {reason: fsum(each.weight for each in judgements if reason in each.reasons) for reason in reasons}
    return tuple(sorted((reason for reason in reasons if named[reason]), key=lambda reason: -named[reason]))
