"""Ask that another moderator looks at a decision again: once for each annotation, by its writer."""

from django.db import IntegrityError, transaction

from annotations import accepting, states
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Appeal, ModerationEntry
from reader.models import User

WORDS_MAX_LENGTH = 1000


def is_appealable(annotation: Annotation) -> bool:
    """Say whether its writer may appeal: it was taken down by a moderator, and nobody has appealed before."""
    return annotation.is_taken_down and not Appeal.objects.filter(annotation=annotation).exists()


def appeal(*, annotation: Annotation, by: User, words: str) -> Appeal:
    """Appeal against the decision by which one's annotation was taken down. The same again gives the first appeal.

    Raises NotAccepted with a sentence for the writer.
    """
    words = accepting.typed(words)
    if not any(character.isalnum() for character in words):
        raise NotAccepted("Please say in a few words why it should stand.", field="words")
    if len(words) > WORDS_MAX_LENGTH:
        sentence = f"This is {len(words):,} characters long; {WORDS_MAX_LENGTH:,} is the most. Please shorten it."
        raise NotAccepted(sentence, field="words")
    try:
        with transaction.atomic():
            current = Annotation.objects.locked().get(pk=annotation.pk)
            if not current.is_by(by):
                raise NotAccepted("Only its writer can appeal.")
            if earlier := Appeal.objects.filter(annotation=current).first():
                if earlier.words == words:
                    return earlier
                raise NotAccepted("You have appealed already: there is one appeal for each annotation.")
            entry = _decision(current)
            if current.state not in states.APPEALABLE or entry is None:
                raise NotAccepted("There is no decision to appeal against.")
            return Appeal.objects.create(annotation=current, entry=entry, words=words)
    except IntegrityError as error:
        raise NotAccepted("You have appealed already: there is one appeal for each annotation.") from error


def _decision(annotation: Annotation) -> ModerationEntry | None:
    """Give the decision that brought it where it is, which named a rule."""
    return (
        annotation.moderation_entries.filter(to_state=annotation.state, role=states.Role.MODERATOR)
        .exclude(rule="")
        .first()
    )
