"""How annotations were received: what a page tells of each beside its own words, read for all of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from annotations import asking, minds, positions, rating, resolving, restating, verdicts
from annotations.asking import Request
from annotations.minds import Minds
from annotations.models import Annotation
from annotations.positions import Stand
from annotations.rating import Quality
from annotations.resolving import Resolved
from annotations.restating import Restatements
from annotations.verdicts import Told
from reader.models import User


@dataclass(frozen=True)
class Reception:
    """What others did about one annotation, as one viewer may see it."""

    restatements: Restatements
    # Of a disagreement, what an editor did about it.
    resolution: Resolved | None
    # Of its sources, by their ids; one of which nobody says anything is not in it.
    verdicts: Mapping[int, Told]
    stand: Stand
    minds: Minds
    # How helpful readers find it.
    quality: Quality
    # Of a question, who asks and what answers it; of an answer, what it answers.
    request: Request


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Reception]:
    """Give the reception of each annotation, by its id, in a number of queries that does not grow with theirs."""
    restated = restating.of(annotations, viewer)
    resolved = resolving.of(annotations)
    told = verdicts.of(annotations, viewer)
    stands = positions.of(annotations, viewer)
    changed = minds.of(annotations, viewer)
    rated = rating.of(annotations, viewer)
    asked = asking.of(annotations, viewer)
    return {
        annotation.pk: Reception(
            restatements=restated.get(annotation.pk, restating.NONE),
            resolution=resolved.get(annotation.pk),
            verdicts=told[annotation.pk],
            stand=stands[annotation.pk],
            minds=changed[annotation.pk],
            quality=rated[annotation.pk],
            request=asked[annotation.pk],
        )
        for annotation in annotations
    }
