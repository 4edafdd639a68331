"""Work on drafts: the acts of editors, from the first word they change to the revision that readers see.

Each act owns its transaction. What was seen when an act was asked for is named by the draft's version, so that of two
people at once the second is told and loses nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from reader import publishing
from reader.importing import markdown
from reader.models import Article, Draft, Revision, User
from reader.publishing import Overtaken, PublishingError, Tell
from reader.text import blocks
from reader.text.alignment import align
from reader.text.blocks import Block
from reader.text.merging import Merged, MergedField, merge, merge_fields
from reader.text.paragraphs import spoken

_EDITABLE = (Draft.State.OPEN, Draft.State.SCHEDULED)
_HEAD = ("title", "kicker", "byline", "author_note")


class DraftingError(ValueError):
    """What was asked for cannot be done, with a sentence for the editor."""


class DraftConflict(DraftingError):
    """Somebody saved the draft in between; `draft` is how it stands now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "This draft was saved elsewhere while you were working on it. What stands now is shown beside your words; "
            "save again to replace it."
        )
        self.draft = draft


class NoteMissing(DraftingError):
    """A revision that does not say what it corrects."""

    def __init__(self) -> None:
        super().__init__("Say in a few words what was wrong or is new: readers see it in the list of corrections.")


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands above the text, and below it."""

    title: str
    kicker: str = ""
    byline: str = ""
    author_note: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Where an article comes from, and its address here. An empty slug is made from the title."""

    slug: str = ""
    publisher: str = ""
    original_url: str = ""
    language: str = "en"
    published_on: date | None = None

    @classmethod
    def of(cls, draft: Draft) -> "Facts":
        """Give what is known of a draft's article."""
        article = draft.article
        if article is None:
            return cls.kept(draft.facts)
        return cls(
            slug=article.slug,
            publisher=article.publisher,
            original_url=article.original_url,
            language=article.language,
            published_on=article.published_on,
        )

    @classmethod
    def kept(cls, row: Mapping[str, str]) -> "Facts":
        """Give them from a draft's column."""
        known = {**row}
        published_on = known.pop("published_on", "")
        return cls(**known, published_on=date.fromisoformat(published_on) if published_on else None)

    @property
    def row(self) -> dict[str, str]:
        """Give them for a draft's column."""
        return asdict(self) | {"published_on": self.published_on.isoformat() if self.published_on else ""}


@dataclass(frozen=True)
class Merge:
    """What an overtaken draft and the revision that overtook it make together."""

    base: Revision | None
    onto: Revision
    fields: tuple[MergedField, ...]
    blocks: tuple[Merged, ...]


# Beginning and saving


def revise(*, article: Article, by: User) -> Draft:
    """Give the editor's own unfinished draft of the article's next revision, or begin one from the current text.

    Of an article that is not published yet there is one draft, which all editors share.
    Raises DraftingError when there is nothing to revise.
    """
    _refuse_stranger(by)
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",)).with_revision().get(pk=article.pk)
        unfinished = Draft.objects.unfinished().filter(article=locked)
        base = locked.current_revision
        own = (unfinished.filter(creator=by) if base else unfinished).first()
        if own:
            return own
        if base is None:
            raise DraftingError("This article is not published, and nobody is working on it.")
        draft = Draft(article=locked, base=base, creator=by)
        _put_head(draft, _head_of(base))
        draft.put([paragraph.block for paragraph in base.paragraphs.all()])
        draft.save()
    return draft


def save(
    *,
    draft: Draft,
    by: User,
    version: int,
    head: Head,
    blocks: Sequence[Block],
    note: str,
    facts: Facts | None = None,
) -> Draft:
    """Write down how the draft now is. A scheduled one no longer waits: what is published at its time was looked at.

    `facts` are of an article that is not published yet.
    Raises DraftConflict when `version` is no longer the current one, and DraftingError.
    """
    tidied = _of_one_name(blocks)
    with transaction.atomic():
        current = _locked(draft, by, version)
        _put_head(current, head)
        current.put(tidied)
        _put_note(current, note)
        _reopen(current)
        if facts is not None:
            _describe(current, facts)
        _write(current)
    return current


def replace_text(*, draft: Draft, by: User, version: int, text: str) -> Draft:
    """Write the whole text anew from Markdown. Blocks that are still there keep their names and pictures.

    Raises as `save` does.
    """
    # Read and compared before the transaction, which others wait for.
    seen = _seen(draft, version)
    found, dropped = markdown.from_markdown_blocks(text)
    blocks = carried(seen.document.blocks, found)
    with transaction.atomic():
        current = _locked(draft, by, version)
        current.put(blocks)
        current.dropped = [*current.dropped, *(line for line in dropped if line not in current.dropped)]
        _reopen(current)
        _write(current)
    return current


def carried(before: Sequence[Block], after: Sequence[Block]) -> list[Block]:
    """Give the blocks after with what their text does not tell, from the blocks they were."""
    alignment = align([block.text for block in before], [block.text for block in after])
    return [
        block if heir is None else _carried(before[heir], block)
        for block, heir in zip(after, alignment.heirs, strict=True)
    ]


# Bringing an overtaken draft up to date


def merge_of(draft: Draft) -> Merge:
    """Give what the draft and the article's current revision make together."""
    article = draft.article
    if article is None or article.current_revision is None:
        raise DraftingError("This article is not published, so nothing can have changed.")
    onto = article.current_revision
    base = draft.base
    head = asdict(_head_of(base)) if base else dict.fromkeys(_HEAD, "")
    own = {field: getattr(draft, field) for field in _HEAD}
    return Merge(
        base=base,
        onto=onto,
        fields=merge_fields(head, own, asdict(_head_of(onto))),
        blocks=merge(_blocks_of(base), draft.document.blocks, _blocks_of(onto)),
    )


def rebase(*, draft: Draft, by: User, version: int, onto: int, choices: Mapping[str, str]) -> Draft:
    """Bring the draft together with what was published since, so that it follows the current revision.

    `onto` is the number of the revision whose text the editor saw; `choices` says MINE or THEIRS for each conflict.
    Raises DraftConflict, and DraftingError when a choice is missing or yet another revision was published.
    """
    merged = merge_of(_seen(draft, version))
    if merged.onto.number != onto:
        raise DraftingError("Yet another revision was published while you were choosing. Please look again.")
    try:
        head = {field.field: field.settled(choices.get(field.field, "")) for field in merged.fields}
        settled = [each.settled(choices.get(each.name, "")) for each in merged.blocks]
    except ValueError as error:
        raise DraftingError("Choose one of the two texts wherever both were changed.") from error
    with transaction.atomic():
        current = _locked(draft, by, version)
        _put_head(current, Head(**head))
        current.put([block for block in settled if block])
        current.base = merged.onto
        _reopen(current)
        _write(current)
    return current


# Publishing


def schedule(*, draft: Draft, by: User, version: int, at: datetime, note: str | None = None) -> Draft:
    """Let the draft wait for its time. Its version then names this very appointment, for the task that keeps it.

    Raises DraftConflict, Overtaken, NoteMissing, and DraftingError for a time that has passed.
    """
    with transaction.atomic():
        current = _publishable(draft, by, version, note)
        if at <= timezone.now():
            raise DraftingError("That time has passed. Choose a later one, or publish now.")
        current.state, current.publish_at = Draft.State.SCHEDULED, at
        _write(current)
    return current


def unschedule(*, draft: Draft, by: User, version: int, note: str | None = None) -> Draft:
    """Let the draft no longer wait; it is open again. Raises as `save` does."""
    with transaction.atomic():
        current = _locked(draft, by, version)
        _put_note(current, note)
        _reopen(current)
        _write(current)
    return current


def begin_publishing(*, draft: Draft, by: User, version: int, note: str | None = None) -> Draft:
    """Keep everybody's hands off the draft while it is being published; `publish` does it.

    One whose publication has stopped can be begun again. Raises as `schedule` does.
    """
    with transaction.atomic():
        current = _publishable(draft, by, version, note)
        current.publish_at = None
        current.begin(Draft.State.PUBLISHING)
        _write(current)
    return current


def take_up(draft_id: int, version: int) -> Draft | None:
    """Give the draft to publish, or None when it was changed, called off or published since that version."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id, version=version).first()
        if draft is None or draft.state not in {Draft.State.SCHEDULED, Draft.State.PUBLISHING}:
            return None
        if draft.state == Draft.State.SCHEDULED:
            draft.begin(Draft.State.PUBLISHING)
            draft.save()
    return draft


def publish(draft: Draft, *, tell: Tell | None = None) -> Revision:
    """Make of the draft the revision that readers see; done twice, the same one.

    What stands in the way is kept with the draft, which is open again then. Raises PublishingError.
    """
    try:
        return _published(draft, tell)
    except PublishingError as error:
        latest = Draft.objects.select_related("revision").get(pk=draft.pk)
        if latest.revision:
            return latest.revision
        mine = Draft.objects.filter(pk=draft.pk, version=draft.version, state=Draft.State.PUBLISHING)
        mine.update(
            state=Draft.State.OPEN,
            problem=str(error),
            publish_at=None,
            step="",
            progress=0,
            updated_at=timezone.now(),
        )
        raise


# Throwing away, and the status of articles


def discard(*, draft: Draft, by: User, version: int) -> Draft:
    """Throw the draft away; it can be taken back. An article that was never published goes with its last draft.

    Raises DraftConflict, and DraftingError when it is being published or was.
    """
    with transaction.atomic():
        current = _locked(draft, by, version, states=(*_EDITABLE, Draft.State.READING))
        article = current.article
        current.facts = Facts.of(current).row
        current.state, current.publish_at, current.step = Draft.State.DISCARDED, None, ""
        _write(current)
        if article and article.is_draft and not Draft.objects.unfinished().filter(article=article).exists():
            Draft.objects.filter(article=article).update(article=None)
            article.delete()
            current.article = None
    return current


def restore(*, draft: Draft, by: User) -> Draft:
    """Take back a draft that was thrown away, with its article. Doing it twice does nothing more.

    Raises DraftingError when its text was published as another article in the meantime.
    """
    _refuse_stranger(by)
    with transaction.atomic():
        current = Draft.objects.select_for_update(of=("self",)).select_related("article").get(pk=draft.pk)
        if current.state != Draft.State.DISCARDED:
            return current
        _reopen(current)
        if current.article is None and current.blocks:
            facts = Facts.kept(current.facts)
            _open(current, facts if not _is_taken(facts.slug) else replace(facts, slug=""))
        elif current.article is None:
            current.problem = "This text was thrown away before it was read in. Please try again."
        _write(current)
    return current


def set_status(*, article: Article, by: User, status: str) -> Article:
    """Open a published article to annotations, close it to new ones, or put it away. Raises DraftingError."""
    _refuse_stranger(by)
    if status not in Article.Status.values or status == Article.Status.DRAFT:
        raise DraftingError("An article is published, closed to new annotations, or archived.")
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if locked.is_draft:
            raise DraftingError("This article is not published yet. Publish its draft first.")
        if locked.status != status:
            locked.status = status
            locked.save(update_fields=["status"])
            locked.touch()
    return locked


def _refuse_stranger(by: User) -> None:
    if not by.has_perm("reader.change_article"):
        raise DraftingError("Only editors may do this.")


def _seen(draft: Draft, version: int) -> Draft:
    """Give the draft as it was seen; nothing keeps it so."""
    current = Draft.objects.with_article().get(pk=draft.pk)
    if current.version != version:
        raise DraftConflict(current)
    return current


def _locked(draft: Draft, by: User, version: int, *, states: Sequence[str] = _EDITABLE) -> Draft:
    """Give the draft as it stands, and keep it so until the transaction ends."""
    _refuse_stranger(by)
    rows = Draft.objects.select_for_update(of=("self",))
    current = rows.select_related("article__current_revision", "base").get(pk=draft.pk)
    if current.state not in states:
        raise DraftingError(_REFUSALS[Draft.State(current.state)])
    if current.version != version:
        raise DraftConflict(current)
    return current


_REFUSALS = {
    Draft.State.READING: "This text is still being read in.",
    Draft.State.OPEN: "This draft is not waiting for anything.",
    Draft.State.SCHEDULED: "This draft is waiting for its time.",
    Draft.State.PUBLISHING: "This draft is being published now, and cannot be changed.",
    Draft.State.PUBLISHED: "This draft was published. Revise the article to change it further.",
    Draft.State.DISCARDED: "This draft was thrown away. Take it back from the desk to go on with it.",
}


def _publishable(draft: Draft, by: User, version: int, note: str | None) -> Draft:
    """Give the draft, locked, with its correction note, when it could be published as things stand."""
    current = _locked(draft, by, version, states=(*_EDITABLE, Draft.State.PUBLISHING))
    if current.state == Draft.State.PUBLISHING and not current.is_stuck:
        raise DraftingError(_REFUSALS[Draft.State.PUBLISHING])
    if current.article is None:
        raise DraftingError("There is no text to publish.")
    if current.is_overtaken:
        raise Overtaken
    _put_note(current, note)
    if current.base_id and not current.note:
        raise NoteMissing
    return current


def _reopen(draft: Draft) -> None:
    draft.state, draft.publish_at, draft.problem = Draft.State.OPEN, None, ""
    draft.step, draft.progress = "", 0


def _write(draft: Draft) -> None:
    """Save the draft as its next version, after the checks of its columns, which SQLite leaves to us."""
    try:
        draft.clean_fields(exclude={"article", "base", "creator", "revision", "blocks", "dropped", "facts"})
    except ValidationError as error:
        faults = (f"{name.replace('_', ' ')}: {' '.join(found)}" for name, found in error.message_dict.items())
        raise DraftingError(f"It does not fit. {' '.join(faults)}") from error
    draft.version += 1
    draft.save()


def _put_head(draft: Draft, head: Head) -> None:
    for field in _HEAD:
        setattr(draft, field, spoken(getattr(head, field)))


def _put_note(draft: Draft, note: str | None) -> None:
    """Write down the correction note, unless None says that nobody was asked for it."""
    if note is not None:
        draft.note = spoken(note).strip()


def _head_of(revision: Revision) -> Head:
    return Head(**{field: getattr(revision, field) for field in _HEAD})


def _blocks_of(revision: Revision | None) -> list[Block]:
    return [paragraph.block for paragraph in revision.paragraphs.all()] if revision else []


def _of_one_name(found: Sequence[Block]) -> list[Block]:
    """Give the blocks tidied; of several with one name the first has it."""
    names: set[str] = set()
    tidied = []
    for block in map(blocks.tidied, found):
        tidied.append(replace(block, name="") if block.name in names else block)
        names |= {block.name} - {""}
    return tidied


def _describe(draft: Draft, facts: Facts) -> None:
    """Write down what is said of an article that is not published yet."""
    article = draft.article
    if article is not None and article.is_draft:
        said = vars(facts) | {"slug": facts.slug or article.slug}
        draft.article = _said(lambda: publishing.describe(article, **said))


def _open(draft: Draft, facts: Facts) -> None:
    draft.article = _said(lambda: publishing.open_article(draft.document, **vars(facts)))


def _said(act: Callable[[], Article]) -> Article:
    """Do it, and tell what stands in the way as the editor's pages do."""
    try:
        return act()
    except PublishingError as error:
        raise DraftingError(str(error)) from error


def _is_taken(slug: str) -> bool:
    return Article.objects.filter(slug=slug).exists()


def _carried(before: Block, after: Block) -> Block:
    """Give a block after with what its Markdown does not say, from the block it was."""
    if before.text == after.text and _written(before) == _written(after):
        return before
    is_figure = before.kind == after.kind == "figure"
    return replace(
        after,
        name=before.name,
        key=after.key or before.key,
        image=after.image or (before.image if is_figure else ""),
        alt=after.alt or (before.alt if is_figure and not after.image else ""),
    )


def _written(block: Block) -> str:
    return markdown.to_markdown([replace(block, key="")])


def _published(draft: Draft, tell: Tell | None) -> Revision:
    article = Article.objects.with_revision().get(drafts=draft)
    if article.current_revision_id != draft.base_id:
        raise Overtaken
    plan = publishing.plan(article, draft.document, by=draft.creator, note=draft.note, tell=tell)

    def settle(revision: Revision) -> None:
        locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if (locked.state, locked.version) != (Draft.State.PUBLISHING, draft.version):
            raise Overtaken
        locked.revision, locked.state = revision, Draft.State.PUBLISHED
        locked.step, locked.progress, locked.problem = "", 100, ""
        locked.save()

    return publishing.write(plan, tell=tell, beside=settle)
