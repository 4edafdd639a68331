"""What every judgement of another's words begins with: whether these are words to judge, for this reader."""

from annotations import trust
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Suspension
from reader.models import User


def check(annotation: Annotation, by: User, *, own: str) -> None:
    """Refuse a judgement of what is one's own, saying `own`, or is no longer shown, or of an article that is closed.

    Who is suspended from rating judges nothing of what others say. Raises NotAccepted with a sentence for the reader.
    """
    if annotation.is_by(by):
        raise NotAccepted(own)
    trust.refuse_suspended(by, Suspension.Scope.RATING)
    if not annotation.is_published:
        raise NotAccepted("This is no longer shown, so there is nothing left to judge.")
    if not annotation.article.is_open:
        raise NotAccepted("This article is closed: nothing more is added to what readers said of it.")
