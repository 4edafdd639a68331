"""Set annotations right in the current revision: what people say about where they stand.

    confirm      the writer of a changed passage says that what they wrote still applies
    set_by_hand  a moderator or an editor says where it belongs, and the log keeps why

Both lock the annotation and then the article, as the acts in `annotating` do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from annotations import rating, selectors
from annotations.anchoring import likeness
from annotations.models import Anchor, Annotation, ModerationEntry
from annotations.moderating import checked_reason
from annotations.moving import Refused, StaleDecision
from reader.models import Article, Paragraph, Revision, User
from reader.text.spans import Span

Status = Anchor.Status
Target = Annotation.Target

# Who may set an anchor by hand: moderators and editors.
PERMISSIONS = ("annotations.moderate_annotation", "reader.change_article")

# As much of a passage as the log quotes.
_QUOTED = 120
# So many places of the same words a person can look through.
MOST_PLACES = 12


class NotThere(Refused):
    """The words do not stand in the block."""


class Excerpt(NamedTuple):
    """Words in what stands round them."""

    before: str
    words: str
    after: str


class SeveralPlaces(NotThere):
    """The words stand in the block several times; `places` shows each in order, unless they are too many to look at."""

    def __init__(self, places: Sequence[Excerpt]) -> None:
        sentence = f"These words stand there {len(places)} times. Choose which, or add some of the words round them."
        if len(places) > MOST_PLACES:
            sentence = f"These words stand there {len(places)} times. Add some of the words round them."
        super().__init__(sentence, field="words")
        self.places = places if len(places) <= MOST_PLACES else ()


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a person says that an annotation belongs: words in a block, all of a block, or nowhere."""

    # The block's name; empty when the words are gone.
    block: str = ""
    # Empty for all of the block. They begin in it and may go on beyond it.
    words: str = ""
    # Which of several places of the words, counted from 1; 0 while nobody has chosen.
    which: int = 0


def may_place(user: User | AnonymousUser) -> bool:
    """Say whether a person may set anchors by hand."""
    return any(user.has_perm(permission) for permission in PERMISSIONS)


def is_placeable(annotation: Annotation) -> bool:
    """Say whether an annotation has a place that could be another: not what is about all of the text, or a reply."""
    return annotation.target in {Target.PASSAGE, Target.PARAGRAPH}


def anchor_in(annotation: Annotation, revision_id: int | None) -> Anchor | None:
    """Give where an annotation is in a revision, with its block; None for a reply, which is where its thread is."""
    return Anchor.objects.filter(annotation=annotation, revision=revision_id).select_related("paragraph").first()


def set_by_hand(*, annotation: Annotation, by: User, spot: Spot, reason: str, seen: str) -> ModerationEntry:
    """Say where an annotation belongs in the current revision, for the reason that the log keeps.

    `seen` is the key of the anchor that the person saw, empty where there was none. Raises PermissionDenied,
    StaleDecision when the text was revised or the anchor set meanwhile, NotThere or SeveralPlaces for words that do
    not say where, and Refused, ReasonMissing and ReasonTooLong.
    """
    if not may_place(by):
        raise PermissionDenied("Only moderators and editors may do this.")
    if not is_placeable(annotation):
        raise Refused("It has no words of its own in the text, so there is nothing to set.")
    reason = checked_reason(reason)
    with transaction.atomic():
        current, revision = _locked(annotation)
        before = anchor_in(current, revision.pk)
        if (before.key if before else "") != seen:
            raise StaleDecision(
                "The text was revised, or somebody else set this anchor, while you were choosing. How it stands now is "
                "shown above; what you chose is kept below."
            )
        after = _aimed(current, revision, spot, before)
        after.set_by = by
        if before and before.key == after.key:
            raise Refused("It stands there already.")
        after.pk = before.pk if before else None
        after.save()
        current.article.touch()
        rating.follow_words(current.article)
        return ModerationEntry.objects.create(
            annotation=current,
            moderator=by,
            action=ModerationEntry.Action.PLACE,
            from_state=current.state,
            to_state=current.state,
            reason=reason,
            details=f"From {_told(before, revision)} to {_told(after, revision)}.",
        )


def confirm(*, annotation: Annotation, by: User, seen: str) -> Anchor:
    """Note that an annotation still applies to the words as they are now; twice does nothing more.

    `seen` is the key of the anchor that its writer saw. Raises PermissionDenied for anybody else, StaleDecision, and
    Refused where no words were edited.
    """
    if not annotation.is_by(by):
        raise PermissionDenied("Only its writer can say so.")
    with transaction.atomic():
        current, revision = _locked(annotation)
        anchor = anchor_in(current, revision.pk)
        if anchor is None or anchor.status != Status.CHANGED or not current.is_published:
            raise Refused("Nothing has to be confirmed: these words are as you wrote about them, or gone.")
        if anchor.key != seen:
            raise StaleDecision("The words were edited again meanwhile. Please read how they stand now.")
        if anchor.confirmed_at is None:
            anchor.confirmed_at = timezone.now()
            anchor.save(update_fields=["confirmed_at"])
            current.article.touch()
    return anchor


def _locked(annotation: Annotation) -> tuple[Annotation, Revision]:
    """Give the annotation and the current revision, and keep both so until the transaction ends."""
    # Not the key: a reply being posted holds the article's row and needs this one's key, and must not wait for us.
    rows = Annotation.objects.select_for_update(of=("self",), no_key=True)
    current = rows.select_related("revision").get(pk=annotation.pk)
    if current.state == Annotation.State.WITHDRAWN:
        raise StaleDecision("Its writer has withdrawn it meanwhile.")
    article = Article.objects.select_for_update(of=("self",)).with_revision().get(pk=annotation.article_id)
    current.article = article
    return current, cast("Revision", article.current_revision)


def _aimed(annotation: Annotation, revision: Revision, spot: Spot, before: Anchor | None) -> Anchor:
    """Give the anchor at a spot, not yet saved."""
    if not spot.block:
        stood_in = before.stood_in or (before.paragraph.name if before.paragraph else "") if before else ""
        return Anchor(annotation=annotation, revision=revision, status=Status.ORPHANED, score=0.0, stood_in=stood_in)
    block = revision.paragraphs.filter(name=spot.block).first()
    if block is None:
        raise NotThere("The text has no such paragraph now. Choose another.", field="block")
    span = _chosen(revision, block, spot) if spot.words.strip() else block.span
    if span.start == span.end:
        raise NotThere("There are no words in it.", field="block")
    now = revision.quote(span)
    anchor = Anchor(annotation=annotation, revision=revision, paragraph=block, start=span.start, end=span.end)
    if now != annotation.exact:
        anchor.status, anchor.score = Status.CHANGED, likeness(annotation.exact, now)
    elif block.name != _home(annotation):
        anchor.status = Status.MOVED
    return anchor


def _home(annotation: Annotation) -> str:
    """Give the name of the block it was written about."""
    blocks = annotation.revision.paragraphs.overlapping(cast("Span", annotation.span))
    return blocks.values_list("name", flat=True).first() or ""


def _chosen(revision: Revision, block: Paragraph, spot: Spot) -> Span:
    """Find the words that a person typed or pasted, with the white space that the text has there."""
    for words in _spellings(spot.words):
        places = list(selectors.places(words, revision.text, block.span))
        if len(places) == 1:
            return places[0]
        if 0 < spot.which <= len(places):
            return places[spot.which - 1]
        if places:
            raise SeveralPlaces([_excerpt(revision, place) for place in places])
    raise NotThere(
        f"These words do not stand in {block.label.lower()}. Copy them from the text, or choose another paragraph.",
        field="words",
    )


def _spellings(words: str) -> list[str]:
    """Give the words as typed, then with the line ends of the text, then without any."""
    typed = words.replace("\r\n", "\n").strip()
    return list(dict.fromkeys((typed, re.sub(r"\s*\n\s*", "\n", typed), " ".join(typed.split()))))


def _excerpt(revision: Revision, span: Span, *, context: int = 40) -> Excerpt:
    before = revision.text[max(0, span.start - context) : span.start]
    return Excerpt(before, revision.quote(span), revision.text[span.end : span.end + context])


def _told(anchor: Anchor | None, revision: Revision) -> str:
    """Say in words where an anchor is."""
    if anchor is None or anchor.span is None or anchor.paragraph is None:
        return "nowhere (words gone)"
    if anchor.span == anchor.paragraph.span:
        return f"all of {anchor.paragraph.label.lower()}"
    quoted = Truncator(revision.quote(anchor.span)).chars(_QUOTED)
    return f"“{quoted}” in {anchor.paragraph.label.lower()}"
