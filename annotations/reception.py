"""How annotations were received: what a page tells of each beside its own words, read for all of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from annotations.models import Annotation
from reader.models import User


@dataclass(frozen=True)
class Reception:
    """What others did about one annotation, as one viewer may see it."""


def of(annotations: Sequence[Annotation], viewer: User | AnonymousUser) -> Mapping[int, Reception]:
    """Give the reception of each annotation, by its id, in a number of queries that does not grow with theirs."""
    return {annotation.pk: Reception() for annotation in annotations}
