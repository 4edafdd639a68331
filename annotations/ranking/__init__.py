"""How helpful readers find an annotation, and whether those who differ do. Pure; docs/ranking.md explains it."""

from annotations.ranking.judgements import (
    ALL_REASONS,
    HELPFUL_REASONS,
    UNHELPFUL_REASONS,
    Judgement,
    Side,
    Value,
    fitting,
)
from annotations.ranking.scoring import FEWEST, NEUTRAL, Standing, Z, bridge, standing, wilson
from annotations.ranking.sides import leaning, side, stated
from annotations.ranking.weighing import weight
from annotations.ranking.wording import label

__all__ = [
    "ALL_REASONS",
    "FEWEST",
    "HELPFUL_REASONS",
    "NEUTRAL",
    "UNHELPFUL_REASONS",
    "Judgement",
    "Side",
    "Standing",
    "Value",
    "Z",
    "bridge",
    "fitting",
    "label",
    "leaning",
    "side",
    "standing",
    "stated",
    "weight",
    "wilson",
]
