"""Look at the lines that readers put beside others' words: the acts of moderators about a line alone.

    let_stand  a line that waited is shown to all from now on, and who wrote what it stands beside is told of it
    remove     a line that should not stand goes, whether it waited or not; the log keeps whose words and which
    withhold   all lines of an account go out of sight with what it wrote, and
    give_back  they come back (`annotations.restraining`)

Each locks the annotation, as every act on it does, and tells who said the line what became of it. `seen` is the key of
the line as the moderator read it: one that was changed since, or decided about, is refused, and nothing is written.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from annotations import archiving, holding, moderating, notifying
from annotations.models import (
    Annotation,
    Document,
    Line,
    ModerationEntry,
    Notice,
    OfferedCopy,
    Restatement,
    SourceVerdict,
)
from annotations.models.moderation import ABOUT_LINES
from annotations.moderating import OwnThread, Refused, StaleDecision
from reader.models import Article, User

# The lines there are, by their kind.
KINDS: Mapping[str, type[Restatement | SourceVerdict | OfferedCopy]] = {
    each.kind: each for each in (Restatement, SourceVerdict, OfferedCopy)
}
OWN_LINE = "These words are your own, so another moderator has to decide."


def let_stand(*, line: Line, by: User, seen: str) -> ModerationEntry:
    """Show a line that waited to all.

    Raises PermissionDenied, OwnThread, StaleDecision, and Refused for what does not wait or has no place any more.
    """
    moderating.check_may(by)
    with transaction.atomic():
        current = _locked(line)
        _check(current, by, seen)
        if not current.is_held:
            raise Refused("It does not wait for a moderator.")
        entry = _log(current, ModerationEntry.Action.PASS, by)
        holding.remember_sites_of_line(current)
        if isinstance(current, OfferedCopy):
            archiving.settle(current)
        else:
            _pass(current)
        _tell(current, entry, by)
        if isinstance(current, Restatement):
            writer = current.annotation.creator
            notifying.tell(writer, Notice.Event.RESTATED, annotation=current.annotation, actor=current.creator)
        _show(current)
    return entry


def remove(*, line: Line, by: User, reason: str, seen: str) -> ModerationEntry:
    """Take a line away; what it stood beside stays, and so does the verdict that a remark went with.

    Raises PermissionDenied, ReasonMissing, ReasonTooLong, OwnThread and StaleDecision.
    """
    moderating.check_may(by)
    reason = moderating.checked_reason(reason)
    with transaction.atomic():
        current = _locked(line)
        _check(current, by, seen)
        entry = _log(current, current.removed_as, by, reason)
        _tell(current, entry, by)
        current.clear()
        _show(current)
    return entry


def number_of(reader: User) -> int:
    """Say how many lines a reader has put beside others' words."""
    return sum(lines.count() for lines in (*_said_by(reader), _archived(reader)))


def withhold(*, reader: User, purge: ModerationEntry) -> None:
    """Let nobody else see what an account put beside others' words, inside the transaction of its purge."""
    remarks = SourceVerdict.objects.by(reader).exclude(remark="")
    articles = set(remarks.values_list("source__annotation__article", flat=True))
    for document in _archived(reader):
        articles.add(document.article_id)
        archiving.withhold(document, purge)
    for lines in _said_by(reader):
        lines.update(held=purge)
    _touch(articles)


def give_back(*, purge: ModerationEntry) -> None:
    """Put the lines that a purge withheld back where they were, inside the transaction that undoes it."""
    articles = set[int]()
    for kind in KINDS.values():
        for line in kind.objects.with_all().filter(held=purge):
            articles.add(line.beside.article_id)
            line.held = _waited_by(line)
            if isinstance(line, OfferedCopy) and not line.is_held:
                archiving.give_back(line)
            else:
                line.save(update_fields=["held"])
    _touch(articles)


def is_withheld(purge: ModerationEntry) -> bool:
    """Say whether a purge keeps any line out of sight."""
    return any(kind.objects.filter(held=purge).exists() for kind in KINDS.values())


def _said_by(reader: User) -> list[QuerySet[Any]]:
    """Give the lines of each kind that a reader said; a verdict without words is none."""
    return [kind.objects.by(reader).exclude(**{kind.words_in: ""}) for kind in KINDS.values()]


def _archived(reader: User) -> QuerySet[Document]:
    return Document.objects.filter(archived_by=reader)


def _waited_by(line: Line) -> ModerationEntry | None:
    """Give the line of the log by which a line of words waited before, or None; of several beside one, any that did."""
    looked_at = ModerationEntry.objects.filter(annotation=line.beside, reader=line.writer, action__in=ABOUT_LINES)
    latest = looked_at.first()
    return latest if latest and latest.action == ModerationEntry.Action.DETAIN else None


def _touch(articles: Iterable[int]) -> None:
    for article in Article.objects.filter(pk__in=articles).order_by("pk"):
        article.touch()


def decision(pk: int, by: User) -> ModerationEntry | None:
    """Give a decision about a line by its number, where this moderator has just made it; else None."""
    made = ModerationEntry.objects.filter(pk=pk, moderator=by, action__in=ABOUT_LINES, created_at__gt=_lately())
    return made.select_related("annotation", "reader").first()


def _lately() -> datetime:
    return timezone.now() - moderating.UNDONE_WITHIN


def _locked(line: Line) -> Line:
    """Give the line as it is now, and keep it so. Raises StaleDecision where it is gone."""
    Annotation.objects.locked().get(pk=line.beside.pk)
    current = KINDS[line.kind].objects.with_all().filter(pk=line.pk).first()
    if current is None or not current.line:
        raise StaleDecision("It is gone already.")
    return current


def _pass(line: Line) -> None:
    """Let a line wait no longer, unless a purge took it out of sight this moment."""
    if not KINDS[line.kind].objects.filter(pk=line.pk, held=line.held).update(held=None):
        raise StaleDecision("Everything of its writer was purged while you were deciding.")


def _check(line: Line, by: User, seen: str) -> None:
    if line.key != seen:
        raise StaleDecision(_what_changed(line, seen))
    if line.writer == by:
        raise OwnThread(OWN_LINE)
    moderating.check_no_part(line.beside, by)


def _what_changed(line: Line, seen: str) -> str:
    """Say what happened to a line since it was read as `seen`."""
    passed = ModerationEntry.objects.filter(
        annotation=line.beside, reader=line.writer, action=ModerationEntry.Action.PASS
    )
    if seen == f"{line.key}.held" and (latest := passed.select_related("moderator").first()):
        return f"{latest.moderator} was faster, and let it stand. Please read it again."
    return "These words were changed while you were deciding. Please read them again."


def _log(line: Line, action: str, by: User, reason: str = "") -> ModerationEntry:
    return ModerationEntry.objects.create(
        annotation=line.beside,
        reader=line.writer,
        moderator=by,
        action=action,
        reason=reason,
        details=f"{line.writer}: {line.line}",
        answers=line.held,
    )


def _tell(line: Line, entry: ModerationEntry, by: User) -> None:
    notifying.tell(line.writer, Notice.Event.LINE, annotation=line.beside, actor=by, entry=entry)


def _show(line: Line) -> None:
    """Show the change on the kept pages: no restatement stands on them, and what is said of sources does."""
    if not isinstance(line, Restatement):
        line.beside.article.touch()
