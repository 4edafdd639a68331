"""What made-up readers say of what others wrote: verdicts, positions, asks, ratings, and what an editor settled.

What the acts hold of one holds of these: nobody judges their own, and what is written with a judgement, whether a
source is verified and where ratings put an annotation, is worked out by the acts' own rules.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TypeVar

from annotations import ranking, rating, verdicts
from annotations.models import Annotation, Ask, Position, Rating, Resolution, Source, SourceVerdict
from annotations.ranking import Value
from reader.models import User

Kind = Annotation.Kind
Verdict = SourceVerdict.Verdict
_Thing = TypeVar("_Thing")

_BATCH = 4_000
# Of sources, how many somebody opened, and what they found; most readers look at what they doubt.
_OPENED, _MOST_WHO_OPENED = 0.3, 3
_FOUND = {Verdict.SUPPORTS: 55, Verdict.PARTLY: 20, Verdict.DOES_NOT_SAY: 15, Verdict.COULD_NOT_OPEN: 10}
# Of what can be agreed with, how much anybody does; and of those who take a position, how many agree.
_POSITIONED, _MOST_POSITIONS, _AGREEING = 0.2, 3, 0.7
# Of questions, how many others ask too.
_JOINED, _MOST_WHO_JOIN = 0.25, 4
# Of disagreements, how many an editor answered, and of those how many did not settle it for who disagreed.
_RESOLVED, _UNSETTLED = 0.12, 0.2
_REMARKS = ("The sentence could be read that way, and will be put better.", "The figure is that of the later count.")


class Audience:
    """The readers of what others wrote, and the editor who answers some of it."""

    def __init__(self, random: Random, readers: Sequence[User], editor: User) -> None:
        self._random = random
        self._readers = readers
        self._editor = editor

    def open(self, sources: Sequence[Source]) -> list[SourceVerdict]:
        """Give verdicts on some of these sources, and write into each, before it is saved, whether it is verified."""
        given: list[SourceVerdict] = []
        for source in self._some(sources, _OPENED):
            found = [
                SourceVerdict(source=source, reader=reader, verdict=self._drawn(_FOUND))
                for reader in self._others(source.annotation, _MOST_WHO_OPENED)
            ]
            source.is_verified = verdicts.is_verified(Counter(each.verdict for each in found))
            given += found
        return given

    def respond(self, annotations: Sequence[Annotation]) -> None:
        """Agree and disagree with some of these, ask some of the questions too, and answer some disagreements."""
        questions = [each for each in annotations if each.kind == Kind.QUESTION]
        claims = [each for each in annotations if each.kind != Kind.QUESTION]
        Position.objects.bulk_create(
            [
                Position(annotation=claim, reader=reader, is_agreeing=self._random.random() < _AGREEING)
                for claim in self._some(claims, _POSITIONED)
                for reader in self._others(claim, _MOST_POSITIONS)
            ]
        )
        Ask.objects.bulk_create(
            [
                Ask(question=question, reader=reader)
                for question in self._some(questions, _JOINED)
                for reader in self._others(question, _MOST_WHO_JOIN)
            ]
        )
        self._resolve([each for each in claims if each.kind == Kind.DISAGREEMENT and each.is_published])

    def rate(self, annotations: Sequence[Annotation], number: int) -> int:
        """Give so many ratings of these in all, or as many as there can be, and say how many those are.

        Some are rated much more than others.
        """
        rated = [each for each in annotations if each.kind in rating.KINDS and each.is_published]
        # How good each is, so that its ratings agree more often than not.
        quality = {annotation.pk: self._random.random() for annotation in rated}
        given: dict[int, list[Rating]] = defaultdict(list)
        for annotation, reader in self._pairs(rated, number):
            given[annotation.pk].append(self._rating(annotation, reader, quality[annotation.pk]))
        Rating.objects.bulk_create([each for ratings in given.values() for each in ratings], batch_size=_BATCH)
        rating.recount(given.keys())
        return sum(map(len, given.values()))

    def _resolve(self, disagreements: Sequence[Annotation]) -> None:
        resolutions = [self._resolution(each) for each in self._some(disagreements, _RESOLVED)]
        Resolution.objects.bulk_create(resolutions)
        settled = [each.annotation for each in resolutions if each.is_standing]
        for annotation in settled:
            annotation.is_settled = True
        Annotation.objects.filter(pk__in=[each.pk for each in settled]).update(is_settled=True)

    def _resolution(self, annotation: Annotation) -> Resolution:
        outcome = self._random.choice((Resolution.Outcome.ACKNOWLEDGED, Resolution.Outcome.ANSWERED))
        is_settling = None if self._random.random() < 0.5 else self._random.random() >= _UNSETTLED
        return Resolution(
            annotation=annotation,
            editor=self._editor,
            outcome=outcome,
            remark=self._random.choice(_REMARKS),
            is_settling=is_settling,
            settling_said_at=None if is_settling is None else annotation.created_at,
        )

    def _pairs(self, annotations: Sequence[Annotation], number: int) -> Iterable[tuple[Annotation, User]]:
        """Draw who rates what, nobody the same twice or their own."""
        readers = {reader.pk for reader in self._readers}
        number = min(number, sum(len(readers - {each.creator_id}) for each in annotations))
        interest = [self._random.expovariate(1) + 0.05 for _ in annotations]
        drawn: set[tuple[int, int]] = set()
        # Where nearly all have rated everything, drawing would never end: then they are gone through in order.
        patience = 20 * number
        while len(drawn) < number and patience > 0:
            for annotation in self._random.choices(annotations, interest, k=number - len(drawn)):
                patience -= 1
                reader = self._random.choice(self._readers)
                pair = annotation.pk, reader.pk
                if reader.pk != annotation.creator_id and pair not in drawn:
                    drawn.add(pair)
                    yield annotation, reader
        for annotation in annotations:
            for reader in self._readers:
                if len(drawn) < number and not annotation.is_by(reader) and (annotation.pk, reader.pk) not in drawn:
                    drawn.add((annotation.pk, reader.pk))
                    yield annotation, reader

    def _rating(self, annotation: Annotation, reader: User, quality: float) -> Rating:
        value = self._drawn({Value.HELPFUL: 1 + 8 * quality, Value.SOMEWHAT: 2, Value.NOT: 1 + 8 * (1 - quality)})
        fitting = ranking.fitting(value)
        named = set(self._random.sample(fitting, self._random.choice((1, 1, 2))))
        reasons = [reason for reason in fitting if reason in named]
        return Rating(annotation=annotation, reader=reader, value=value, reasons=reasons)

    def _drawn(self, weights: Mapping[_Thing, float]) -> _Thing:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _some(self, things: Sequence[_Thing], share: float) -> list[_Thing]:
        return [thing for thing in things if self._random.random() < share]

    def _others(self, annotation: Annotation, most: int) -> list[User]:
        number = min(len(self._readers), self._random.randint(1, most))
        return [reader for reader in self._random.sample(self._readers, number) if not annotation.is_by(reader)]
