"""Attach, answer, edit, withdraw and reinstate annotations: the acts of readers who write.

Every way in (the selection toolbar, the form without JavaScript, later programs) ends in these functions. Each owns
its transaction and raises the article's activity in it, so that the next request for the page shows the change.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations import accepting, holding, moving, pacing, rating, settling, sourcing, trust
from annotations.accepting import AlreadyPosted, EditConflict, NotAccepted, SourceAlreadyHere, SourceDraft
from annotations.models import Anchor, Annotation, Ask, Source, Suspension, Wording
from annotations.models.annotations import WITHDRAWAL_UNDONE_WITHIN
from annotations.selectors import SelectorError, confirm, describe
from annotations.states import Action, State
from reader.models import Article, Paragraph, Revision, User
from reader.text.spans import Span

# What its writer may still change or take back, and how often they may send again what a moderator sent back.
_EDITABLE = (State.PUBLISHED, State.PENDING, State.DENIED)
MOST_RESUBMISSIONS = 2


@dataclass(frozen=True, kw_only=True)
class Target:
    """What an annotation is about: a passage, one paragraph (`paragraph` alone) or the article (nothing).

    `span` counts code points in the canonical text of the revision `revision_number`, end excluded, and `exact` is
    what the writer saw there.
    """

    revision_number: int
    paragraph: Paragraph | None = None
    span: Span | None = None
    exact: str = ""


def attach(
    *,
    article: Article,
    creator: User,
    kind: str,
    target: Target,
    body: str,
    token: uuid.UUID,
    sources: Sequence[SourceDraft] = (),
    grounds: str = "",
    would_change_my_mind: str = "",
    pointed_out: Collection[int] | None = None,
) -> Annotation:
    """Attach a new annotation to a passage, a paragraph or the article.

    The same token from the same creator gives the annotation it made the first time. What is not said of a source is
    taken from those who cited it before. `pointed_out` are the annotations with the same source that the writer has
    been shown; None where there is nobody to show them to.
    Raises NotAccepted with a sentence for the writer; AlreadyPosted when the token came with other words, TooOften
    when the writer has to wait, and SourceAlreadyHere when there are citations that were not pointed out.
    """
    draft = accepting.draft(
        kind=kind, body=body, grounds=grounds, would_change_my_mind=would_change_my_mind, sources=sources
    )
    draft.creator, draft.article, draft.token = creator, article, token
    trust.refuse_suspended(creator, Suspension.Scope.WRITING)
    if kind == Annotation.Kind.SOURCE and pointed_out is not None and not _posted(draft):
        _point_out(article, target, sources, pointed_out)

    def write() -> None:
        anchor = _aim(draft, target, locked_revision(article, target.revision_number))
        pacing.pause(article, by=creator, place=draft.span)
        cited = [_completed(source) for source in sources]
        _begin(draft, cited)
        anchor.annotation = draft
        anchor.save()
        _cite(draft, cited)
        if kind == Annotation.Kind.QUESTION:
            Ask.objects.create(question=draft, reader=creator)

    return _posted_once(draft, write)


def reply(*, parent: Annotation, creator: User, body: str, token: uuid.UUID) -> Annotation:
    """Answer an annotation, in its thread. Raises NotAccepted as `attach` does."""
    draft = accepting.draft(kind=Annotation.Kind.REPLY, body=body)
    draft.creator, draft.token, draft.article = creator, token, parent.article
    draft.parent, draft.root, draft.target = parent, parent.root or parent, Annotation.Target.ANNOTATION
    trust.refuse_suspended(creator, Suspension.Scope.WRITING)

    def write() -> None:
        draft.revision = locked_revision(parent.article)
        if not Annotation.objects.published().filter(pk=parent.pk).exists():
            raise NotAccepted("This annotation can no longer be answered: it was withdrawn or hidden.")
        pacing.pause(parent.article, by=creator, thread=parent.root or parent)
        _begin(draft)

    return _posted_once(draft, write)


def edit(
    *,
    annotation: Annotation,
    by: User,
    version: int,
    body: str,
    sources: Sequence[SourceDraft] = (),
    grounds: str = "",
    would_change_my_mind: str = "",
) -> Annotation:
    """Replace what the writer said, keeping the words it is about, and keep what it said before.

    `version` is the one the writer saw. What says the same as what stands changes nothing and has the same version
    after. What a moderator sent back is sent again by it. Raises EditConflict when `version` is no longer the current
    one, and NotAccepted for another's annotation or one that cannot be changed.
    """
    trust.refuse_suspended(by, Suspension.Scope.WRITING)
    with transaction.atomic():
        current = _own(annotation, by, allowed=_EDITABLE)
        fresh = accepting.draft(
            kind=current.kind, body=body, grounds=grounds, would_change_my_mind=would_change_my_mind, sources=sources
        )
        cited = _cited(current, sources)
        earlier, later = Wording.of(current, current.sources.all()), Wording.of(fresh, cited)
        # Before the conflict: the same form sent twice has said it already.
        if later.said == earlier.said:
            return current
        if current.version != version:
            raise EditConflict(current)
        earlier.save()
        for field in ("body", "body_html", "gist", "sign", "grounds", "would_change_my_mind"):
            setattr(current, field, getattr(fresh, field))
        current.version += 1
        current.edited_at = timezone.now()
        current.save()
        _cite_anew(current, cited)
        settling.keep_in_step(current)
        _look_again(current, sources)
        current.article.touch()
        rating.follow(current)
        pacing.count("edits", by=by)
    return current


def withdraw(*, annotation: Annotation, by: User) -> Annotation:
    """Take back one's own annotation. Doing it twice does nothing more.

    Where others have answered, a stub stays; where they ask it too, they go on asking.
    """
    with transaction.atomic():
        current = _own(annotation, by, allowed=(*_EDITABLE, State.WITHDRAWN))
        if not current.is_withdrawn:
            current.withdrawn_at = timezone.now()
            current.save(update_fields=["withdrawn_at"])
            moving.move(current, Action.WITHDRAW, by=by)
            if current.kind == Annotation.Kind.QUESTION:
                # Others may ask it too, and the request is theirs as well.
                settling.pass_on(current)
    return current


def reinstate(*, annotation: Annotation, by: User) -> Annotation:
    """Undo a withdrawal, so that the annotation stands again as it stood. Doing it twice does nothing more.

    Nothing is added by it, so it may be done on an article that was closed meanwhile. Raises NotAccepted for another's
    annotation, for one that a moderator has hidden, and when it is too late.
    """
    with transaction.atomic():
        current = _own(annotation, by, allowed=(State.PUBLISHED, State.PENDING, State.DENIED, State.WITHDRAWN))
        if current.is_withdrawn:
            if current.returnable_until is None:
                raise NotAccepted(
                    f"A withdrawal can be undone for {WITHDRAWAL_UNDONE_WITHIN.days} days, and this one is older. You "
                    "can say it anew."
                )
            current.withdrawn_at = None
            current.save(update_fields=["withdrawn_at"])
            heirs = list(settling.heirs(current).locked())
            moving.move(current, Action.REINSTATE, by=by, to=_withdrawn_from(current))
            if current.kind == Annotation.Kind.QUESTION:
                settling.take_back(current, heirs)
    return current


def locked_revision(article: Article, number: int | None = None) -> Revision:
    """Give the current revision and keep it current until the transaction ends.

    Raises NotAccepted where nothing may be added, and when `number` is no longer the current one.
    """
    locked = Article.objects.select_for_update(of=("self",)).with_revision().get(pk=article.pk)
    if locked.current_revision is None:
        raise NotAccepted("This article is not published.")
    if not locked.is_open:
        raise NotAccepted(
            "This article is closed to new annotations, so this was not posted. What you wrote is still here to copy."
        )
    if number not in (None, locked.current_revision.number):
        raise NotAccepted(
            "The article was revised while you were writing. Look at what your words are about in the new text, and "
            "post again.",
            field="exact",
        )
    return locked.current_revision


def place(target: Target, revision: Revision) -> Span | None:
    """Give where the words of a target are, or None for the whole article. Raises NotAccepted as `attach` does."""
    if target.span is not None:
        return _confirmed(revision, target)
    return target.paragraph.span if target.paragraph is not None else None


def _begin(draft: Annotation, sources: Sequence[SourceDraft] = ()) -> None:
    """Save an annotation for the first time: for all to see, or waiting for a moderator."""
    why = holding.reasons(draft, sources)
    if why:
        draft.state = State.PENDING
    draft.save()
    if why:
        moving.note_held(draft, why=why)


def _look_again(annotation: Annotation, sources: Sequence[SourceDraft]) -> None:
    """Send again what was sent back, and hold what is published when its new words are such that they have to wait."""
    if annotation.is_denied:
        if annotation.resubmission_count >= MOST_RESUBMISSIONS:
            raise NotAccepted(
                "You have sent this again twice, and a moderator sent it back. You can appeal to another moderator, or "
                "say it anew."
            )
        annotation.resubmission_count += 1
        annotation.save(update_fields=["resubmission_count"])
        moving.move(annotation, Action.RESUBMIT, by=annotation.creator)
    elif annotation.is_published and (why := holding.reasons(annotation, sources)):
        holding.hold(annotation, why)
    elif annotation.is_published:
        holding.remember_sites(annotation)


def _withdrawn_from(annotation: Annotation) -> State:
    """Give the state it was withdrawn from; one withdrawn before the log kept that was published."""
    entry = annotation.moderation_entries.filter(action=Action.WITHDRAW).first()
    return State(entry.from_state) if entry else State.PUBLISHED


def _point_out(article: Article, target: Target, sources: Sequence[SourceDraft], pointed_out: Collection[int]) -> None:
    """Refuse a source that stands at these words already, unless the writer knows.

    Asked before the article is locked: of two readers who post the same source at the same moment neither is stopped.
    """
    span = target.span or (target.paragraph.span if target.paragraph else None)
    found = [one for source in sources for one in sourcing.citations(source.url, article=article, span=span)]
    if not {one.pk for one in found} <= set(pointed_out):
        raise SourceAlreadyHere(found)


def _completed(source: SourceDraft) -> SourceDraft:
    """Fill in what the writer left empty and the site knows."""
    if source.title.strip() and source.publisher.strip() and source.published_on:
        return source
    known = sourcing.known(source.url)
    return replace(
        source,
        title=source.title.strip() or known.title,
        publisher=source.publisher.strip() or known.publisher,
        published_on=source.published_on or known.published_on,
    )


def _posted_once(draft: Annotation, write: Callable[[], None]) -> Annotation:
    """Write the draft and give it, or give what its token made before, also when both arrive at once."""
    try:
        with transaction.atomic():
            if earlier := _posted(draft):
                return earlier
            write()
            if draft.is_published:
                holding.remember_sites(draft)
            draft.article.touch()
            rating.follow(draft)
            pacing.count("asks" if draft.kind == Annotation.Kind.QUESTION else "annotations", by=draft.creator)
    except IntegrityError:
        # The same form arrived twice at once, and the other one was first.
        if earlier := _posted(draft):
            return earlier
        raise
    return draft


def _posted(draft: Annotation) -> Annotation | None:
    earlier = Annotation.objects.filter(creator=draft.creator, token=draft.token).first()
    if earlier and (earlier.body, earlier.kind, earlier.parent_id) != (draft.body, draft.kind, draft.parent_id):
        raise AlreadyPosted(earlier)
    return earlier


def _aim(draft: Annotation, target: Target, revision: Revision) -> Anchor:
    """Write the target into the draft and give its anchor, not yet saved."""
    draft.revision = revision
    anchor = Anchor(revision=revision)
    if target.span is not None:
        draft.target = Annotation.Target.PASSAGE
        anchor.start, anchor.end = draft.start, draft.end = _confirmed(revision, target)
        anchor.paragraph = revision.paragraphs.overlapping(Span(anchor.start, anchor.end)).first()
    elif target.paragraph is not None:
        if not target.paragraph.text:
            raise NotAccepted("A picture alone has no words. Write about the paragraph beside it.", field="place")
        draft.target = Annotation.Target.PARAGRAPH
        anchor.start, anchor.end = draft.start, draft.end = target.paragraph.span
        anchor.paragraph = target.paragraph
    else:
        draft.target = Annotation.Target.ARTICLE
    if draft.span:
        draft.exact, draft.prefix, draft.suffix = describe(revision.text, draft.span)
    return anchor


def _confirmed(revision: Revision, target: Target) -> Span:
    assert target.span is not None  # noqa: S101  (the caller looked; this tells the type checker)
    try:
        return confirm(revision.text, target.span, target.exact)
    except SelectorError as error:
        raise NotAccepted(str(error), field="exact") from error


def _cite(annotation: Annotation, sources: Sequence[SourceDraft]) -> None:
    Source.objects.bulk_create(_cited(annotation, sources))


def _cite_anew(annotation: Annotation, cited: Sequence[Source]) -> None:
    """Replace the annotation's sources.

    One that cites the same document for the same stays, with its verdicts: these are about nothing else. Of another
    document, or of what it does for the words, nobody has said anything yet.
    """
    standing: dict[tuple[int, str], list[Source]] = defaultdict(list)
    for source in annotation.sources.all():
        standing[source.document_id, source.stance].append(source)
    for source in cited:
        if alike := standing[source.document_id, source.stance]:
            earlier = alike.pop(0)
            source.pk, source.is_verified = earlier.pk, earlier.is_verified
        source.save()
    annotation.sources.exclude(pk__in=[source.pk for source in cited]).delete()


def _cited(annotation: Annotation, sources: Sequence[SourceDraft]) -> list[Source]:
    """Give the annotation's sources, not yet saved; their documents are."""
    return [
        Source(
            annotation=annotation,
            url=accepting.typed(source.url),
            document=sourcing.document(annotation.article, source.url, by=annotation.creator),
            title=accepting.typed(source.title),
            publisher=accepting.typed(source.publisher),
            published_on=source.published_on,
            stance=source.stance,
            excerpt=accepting.typed(source.excerpt),
            locator=accepting.typed(source.locator),
        )
        for source in sources
    ]


def _own(annotation: Annotation, by: User, *, allowed: Sequence[State]) -> Annotation:
    current = Annotation.objects.locked().select_related("creator").get(pk=annotation.pk)
    if not current.is_by(by):
        raise NotAccepted("Only its writer can change an annotation.")
    if current.state not in allowed:
        raise NotAccepted(f"This annotation is {current.get_state_display().lower()} and cannot be changed.")
    return current
