"""Archived copies of what is cited: who finds one of a document that is gone, or may go, says where it is.

    give       say where a copy is, or a better one
    take_away  have none any more: by who gave it, or by a moderator, who says why

An address that has to wait for a moderator (`annotations.holding`) is offered, and only who offers it sees it. The
document has the copy that it had until one lets it stand (`annotations.vetting`), by which it is

    settle     made the document's own

Each locks the annotation, then the article and the document. A copy belongs to the document, so it is shown wherever
that is cited beside the article. What somebody gave is theirs: others may add one where there is none, and replace what
only a check found.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from annotations import accepting, addresses, holding, moderating, notifying, pacing, sourcing, trust
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Document, ModerationEntry, Notice, OfferedCopy, Source, Suspension
from annotations.moving import Refused
from reader.models import User


def give(*, source: Source, by: User, url: str) -> Document:
    """Keep where an archived copy of a source's document is, or offer it; the same address again changes nothing.

    Raises NotAccepted with a sentence for the reader: for what is no address of a copy, for a document of which
    somebody else gave one, where the source is no longer shown or the article is closed, and for who is suspended from
    writing.
    """
    trust.refuse_suspended(by, Suspension.Scope.WRITING)
    url = accepting.typed(url)
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=source.annotation_id)
        _check_open(annotation)
        document = sourcing.locked(_still_there(source).document_id)
        _check_copy(url, document)
        if not document.may_be_given_a_copy_by(by):
            raise NotAccepted("Somebody has given an archived copy already, and only they can change it.")
        waits = offered(source, by)
        if (document.archived_url, document.archived_by_id) == (url, by.pk) or (waits and waits.url == url):
            return document
        if (why := holding.reasons_of_copy(url, by=by)) or waits:
            _offer(waits or OfferedCopy(source=source, reader=by), url, why)
        else:
            document.archived_url, document.archived_by = url, by
            document.save(update_fields=["archived_url", "archived_by"])
            annotation.article.touch()
        pacing.count("judgements", by=by)
    return document


def take_away(*, source: Source, by: User, reason: str = "") -> Document:
    """Take an archived copy away; twice does nothing more. The log keeps what a moderator took away, and why.

    Of one's own, one that waits goes first. Who gave what a moderator takes away is told why.

    Raises PermissionDenied for anybody else's, and ReasonMissing or ReasonTooLong for a moderator's reason.
    """
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=source.annotation_id)
        document = sourcing.locked(source.document_id)
        if waits := offered(source, by):
            waits.clear()
            return document
        if not document.archived_url:
            return document
        if document.archived_by_id != by.pk:
            entry = _log(annotation, document, by, reason)
            if document.archived_by:
                notifying.tell(document.archived_by, Notice.Event.LINE, annotation=annotation, actor=by, entry=entry)
        document.archived_url, document.archived_by = "", None
        document.save(update_fields=["archived_url", "archived_by"])
        annotation.article.touch()
    return document


def settle(copy: OfferedCopy) -> None:
    """Make an offered copy the document's own, inside the transaction of the act that lets it stand.

    Raises Refused where somebody else has given one meanwhile.
    """
    document = sourcing.locked(copy.source.document_id)
    if not document.may_be_given_a_copy_by(copy.reader):
        raise Refused(f"{document.archived_by} has given an archived copy meanwhile. Take that away first, or this.")
    document.archived_url, document.archived_by = copy.url, copy.reader
    document.save(update_fields=["archived_url", "archived_by"])
    copy.delete()


def withhold(document: Document, purge: ModerationEntry) -> None:
    """Take the copy that a purged account gave away, so that it can be given back, inside the purge's transaction."""
    source = document.sources.exclude(offered_copies__reader=document.archived_by).order_by("pk").first()
    if source and document.archived_by:
        OfferedCopy.objects.create(source=source, reader=document.archived_by, url=document.archived_url, held=purge)
    document.archived_url, document.archived_by = "", None
    document.save(update_fields=["archived_url", "archived_by"])


def give_back(copy: OfferedCopy) -> None:
    """Make a withheld copy the document's own again, unless somebody has given one meanwhile."""
    try:
        settle(copy)
    except Refused:
        copy.delete()


def offered(source: Source, by: User) -> OfferedCopy | None:
    """Give the copy of a source's document that a reader offers and that waits, or None."""
    return OfferedCopy.objects.filter(source=source, reader=by).first()


def may_take_away(document: Document, reader: User) -> bool:
    """Say whether the reader may take the document's copy away."""
    is_own = document.archived_by_id == reader.pk
    return bool(document.archived_url) and (is_own or reader.has_perm("annotations.moderate_annotation"))


def _offer(copy: OfferedCopy, url: str, why: str) -> None:
    copy.url = url
    copy.save()
    holding.hold_line(copy, why)


def _check_open(annotation: Annotation) -> None:
    if not annotation.is_published:
        raise NotAccepted("This is no longer shown, so nothing is added to it.")
    if not annotation.article.is_open:
        raise NotAccepted("This article is closed: nothing more is added to what readers said of it.")


def _still_there(source: Source) -> Source:
    current = Source.objects.filter(pk=source.pk).first()
    if current is None:
        raise NotAccepted("Its writer took this source out while you were looking for a copy.")
    return current


def _check_copy(url: str, document: Document) -> None:
    """Refuse what is no web address, a copy of something else, and an address on the document's own site."""
    try:
        name = addresses.canonical(url)
    except addresses.AddressError as error:
        raise NotAccepted(str(error), field="archived_url") from error
    if addresses.is_archived(url):
        if name != document.canonical_url:
            raise NotAccepted("This is a copy of another document.", field="archived_url")
    elif addresses.site(name) == addresses.site(document.canonical_url):
        raise NotAccepted(
            "This is on the same site as the document. A copy is of use when somebody else keeps it, such as "
            "web.archive.org.",
            field="archived_url",
        )


def _log(annotation: Annotation, document: Document, by: User, reason: str) -> ModerationEntry:
    if not by.has_perm("annotations.moderate_annotation"):
        raise PermissionDenied("Only who gave it and moderators can take it away.")
    return ModerationEntry.objects.create(
        annotation=annotation,
        reader=document.archived_by,
        moderator=by,
        action=ModerationEntry.Action.UNLINK,
        reason=moderating.checked_reason(reason),
        details=f"{document.archived_by or 'Found by the check'}: {document.archived_url}",
    )
