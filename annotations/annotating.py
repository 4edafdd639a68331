"""Attach, answer, edit and withdraw annotations: the acts of readers who write.

Every way in (the selection toolbar, the form without JavaScript, later programs) ends in these functions. Each owns
its transaction and raises the article's activity in it, so that the next request for the page shows the change.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations import addresses, markdown
from annotations.models import Anchor, Annotation, Source
from annotations.models.annotations import BODY_MAX_LENGTH
from annotations.selectors import SelectorError, confirm, describe
from reader.models import Article, Paragraph, Revision, User
from reader.text.spans import Span


class NotAccepted(ValueError):
    """What was sent cannot be kept, with a sentence for its writer and the field it is about.

    `others` are further reasons found at the same time, so that a form can show all at once.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.others: Sequence[NotAccepted] = ()


class AlreadyPosted(NotAccepted):
    """The same form came before with other words; `annotation` is what it made then."""

    def __init__(self, annotation: Annotation) -> None:
        super().__init__("You have posted from this form already. Post again to add this as a second annotation.")
        self.annotation = annotation


class EditConflict(NotAccepted):
    """Somebody edited in between; `annotation` is how it stands now."""

    def __init__(self, annotation: Annotation) -> None:
        super().__init__(
            "This annotation was edited elsewhere while you were writing. What stands now is shown beside your words; "
            "save again to replace it."
        )
        self.annotation = annotation


@dataclass(frozen=True, kw_only=True)
class SourceDraft:
    """A document as its reader describes it."""

    url: str
    stance: str
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    excerpt: str = ""
    locator: str = ""


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
) -> Annotation:
    """Attach a new annotation to a passage, a paragraph or the article.

    The same token from the same creator gives the annotation it made the first time.
    Raises NotAccepted with a sentence for the writer; AlreadyPosted when the token came with other words.
    """
    draft = _draft(kind=kind, body=body, grounds=grounds, would_change_my_mind=would_change_my_mind, sources=sources)
    draft.creator, draft.article, draft.token = creator, article, token

    def write() -> None:
        anchor = _aim(draft, target, _locked_revision(article, target.revision_number))
        draft.save()
        anchor.annotation = draft
        anchor.save()
        _cite(draft, sources)

    return _posted_once(draft, write)


def reply(*, parent: Annotation, creator: User, body: str, token: uuid.UUID) -> Annotation:
    """Answer an annotation, in its thread. Raises NotAccepted as `attach` does."""
    draft = _draft(kind=Annotation.Kind.REPLY, body=body)
    draft.creator, draft.token, draft.article = creator, token, parent.article
    draft.parent, draft.root, draft.target = parent, parent.root or parent, Annotation.Target.ANNOTATION

    def write() -> None:
        draft.revision = _locked_revision(parent.article)
        if not Annotation.objects.published().filter(pk=parent.pk).exists():
            raise NotAccepted("This annotation can no longer be answered: it was withdrawn or hidden.")
        draft.save()

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
    """Replace what the writer said, keeping the words it is about.

    `version` is the one the writer saw. Raises EditConflict when it is no longer the current one, and NotAccepted
    for another's annotation or one that is not published.
    """
    with transaction.atomic():
        current = _own(annotation, by)
        fresh = _draft(
            kind=current.kind, body=body, grounds=grounds, would_change_my_mind=would_change_my_mind, sources=sources
        )
        if current.version != version:
            raise EditConflict(current)
        for field in ("body", "body_html", "gist", "sign", "grounds", "would_change_my_mind"):
            setattr(current, field, getattr(fresh, field))
        current.version += 1
        current.edited_at = timezone.now()
        current.save()
        current.sources.all().delete()
        _cite(current, sources)
        current.article.touch()
    return current


def withdraw(*, annotation: Annotation, by: User) -> Annotation:
    """Take back one's own annotation. Where others have answered, a stub stays. Doing it twice does nothing more."""
    with transaction.atomic():
        current = _own(annotation, by, allowed=(Annotation.State.PUBLISHED, Annotation.State.WITHDRAWN))
        if current.is_published:
            current.state = Annotation.State.WITHDRAWN
            current.save(update_fields=["state"])
            current.article.touch()
    return current


def _draft(
    *,
    kind: str,
    body: str,
    grounds: str = "",
    would_change_my_mind: str = "",
    sources: Sequence[SourceDraft] = (),
) -> Annotation:
    body = body.replace("\r\n", "\n").replace("\x00", "").strip()
    is_disagreement = kind == Annotation.Kind.DISAGREEMENT
    _check(kind=kind, body=body, grounds=grounds, sources=sources)
    return Annotation(
        kind=kind,
        sign=sources[0].stance if kind == Annotation.Kind.SOURCE else kind,
        body=body,
        body_html=markdown.render(body),
        gist=markdown.gist(body),
        grounds=grounds if is_disagreement else "",
        would_change_my_mind=would_change_my_mind.strip() if is_disagreement else "",
    )


def _check(*, kind: str, body: str, grounds: str, sources: Sequence[SourceDraft]) -> None:
    refusals = list(_refusals(kind=kind, body=body, grounds=grounds, sources=sources))
    if refusals:
        refusals[0].others = refusals[1:]
        raise refusals[0]


def _refusals(*, kind: str, body: str, grounds: str, sources: Sequence[SourceDraft]) -> Iterator[NotAccepted]:
    """Give everything that stands in the way, in the order of the form."""
    if kind not in Annotation.Kind.values:
        yield NotAccepted("Choose what you want to add.", field="kind")
    if kind == Annotation.Kind.SOURCE and not sources:
        yield NotAccepted("A source needs its web address.", field="url")
    for source in sources:
        yield from _source_refusals(source)
    if kind == Annotation.Kind.DISAGREEMENT and grounds not in Annotation.Grounds.values:
        yield NotAccepted("Say in which way the words are wrong or misleading.", field="grounds")
    if not body:
        yield NotAccepted("Please write something.", field="body")
    elif len(body) > BODY_MAX_LENGTH:
        yield NotAccepted(
            f"This is {len(body):,} characters long; {BODY_MAX_LENGTH:,} is the most. Please shorten it.", field="body"
        )
    elif not markdown.has_words(body):
        yield NotAccepted("This is markup without words. Please write at least one word.", field="body")


def _source_refusals(source: SourceDraft) -> Iterator[NotAccepted]:
    try:
        addresses.canonical(source.url)
    except addresses.AddressError as error:
        yield NotAccepted(str(error), field="url")
    if source.stance not in Source.Stance.values:
        yield NotAccepted(
            "Say whether the source supports or contradicts these words, or gives context.", field="stance"
        )


def _posted_once(draft: Annotation, write: Callable[[], None]) -> Annotation:
    """Write the draft and give it, or give what its token made before, also when both arrive at once."""
    try:
        with transaction.atomic():
            if earlier := _posted(draft):
                return earlier
            write()
            draft.article.touch()
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


def _locked_revision(article: Article, number: int | None = None) -> Revision:
    """Give the current revision and keep it current until the transaction ends."""
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
    Source.objects.bulk_create(
        Source(
            annotation=annotation,
            url=source.url.strip(),
            canonical_url=addresses.canonical(source.url),
            title=source.title.strip(),
            publisher=source.publisher.strip(),
            published_on=source.published_on,
            stance=source.stance,
            excerpt=source.excerpt.strip(),
            locator=source.locator.strip(),
        )
        for source in sources
    )


def _own(annotation: Annotation, by: User, *, allowed: Sequence[str] = (Annotation.State.PUBLISHED,)) -> Annotation:
    # Not the key: a reply being posted holds the article's row and needs this one's key, and must not wait for us.
    locked = Annotation.objects.select_for_update(of=("self",), no_key=True)
    current = locked.select_related("article").get(pk=annotation.pk)
    if not current.is_by(by):
        raise NotAccepted("Only its writer can change an annotation.")
    if current.state not in allowed:
        raise NotAccepted(f"This annotation is {current.get_state_display().lower()} and cannot be changed.")
    return current
