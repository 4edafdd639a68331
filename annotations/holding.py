"""Hold what somebody should look at before all do: nobody is banned for it, and only its writer sees it until then.

    first        the first contribution of an account, where the site wants that (HOLD_FIRST_CONTRIBUTION)
    new site     a link to a site that nothing published here has linked to, from an account younger than a week
    many links   more than five
    watched      words on the moderators' list, in anything of it that is shown

So are annotations held, with all that is shown of them, and the lines that readers put beside others' words: of these
the line alone. What moderators write themselves, and what sample accounts say, is not held.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings

from annotations import addresses, markdown, moving, trust, watching
from annotations.accepting import SourceDraft
from annotations.models import Annotation, KnownSite, Line, ModerationEntry, WatchedTerm
from annotations.states import Action, Role, State
from reader.models import User

MOST_LINKS = 5
# Of a list of sites or words in the log, so many are named.
_MOST_NAMED = 5
# No watched words begin in one thing that was said and end in the next.
_BETWEEN = "\n¶\n"
# What its writer is told.
WAITS = "Kept. A moderator looks at it first; until then only you see it."
LINE_WAITS = "Kept. A moderator looks at your line first; until then only you see it."


def reasons(annotation: Annotation, sources: Sequence[SourceDraft]) -> str:
    """Say why what its writer says now has to wait, in words for moderators; empty when it need not.

    `sources` are all that it cites, as they will be shown. Asked before it is saved, or before an edit is.
    """
    urls = [*(source.url for source in sources), *markdown.links(annotation.body)]
    return _reasons(annotation.creator, urls=urls, words=_words(annotation, sources))


def reasons_of_line(words: str, *, by: User) -> str:
    """Say why a line has to wait, as `reasons` does of an annotation. A site that it only names counts like a link.

    Asked before it is saved.
    """
    return _reasons(by, urls=addresses.mentioned(watching.normalized(words)), words=words)


def reasons_of_copy(url: str, *, by: User) -> str:
    """Say why the address of an archived copy has to wait, as `reasons_of_line` does.

    In an archive's address stands the document's own, which has been looked at where it is cited.
    """
    return _reasons(by, urls=[url], words="" if addresses.is_archived(url) else url)


def sites(urls: Iterable[str]) -> set[str]:
    """Give the registered names of the sites; an address by which nobody could go anywhere names none."""
    found = set()
    for url in urls:
        try:
            found.add(addresses.site(addresses.canonical(url)))
        except addresses.AddressError:
            continue
    return found


def hold(annotation: Annotation, why: str) -> None:
    """Take what is published out of sight until a moderator has looked, inside the transaction of the act."""
    moving.move(annotation, Action.HOLD, by=None, details=why)


def hold_line(line: Line, why: str) -> None:
    """Let a line wait for a moderator, inside the transaction of the act that saved it. What waits goes on waiting."""
    if why and not line.is_held:
        line.held = ModerationEntry.objects.create(
            annotation=line.beside,
            reader=line.writer,
            role=Role.RULE,
            action=ModerationEntry.Action.DETAIN,
            details=why,
        )
        line.save(update_fields=["held"])


def said(annotation: Annotation, *, otherwise: str = "Posted. Thank you.") -> str:
    """Say to its writer what became of what they sent: whether all see it, or a moderator looks at it first."""
    return WAITS if annotation.is_pending else otherwise


def remember_sites(annotation: Annotation) -> None:
    """Note the sites that a published annotation links to: from then on they are known here."""
    _remember([*annotation.sources.values_list("url", flat=True), *markdown.links(annotation.body)])


def remember_sites_of_line(line: Line) -> None:
    """Note the sites that a line names which a moderator let stand."""
    _remember(addresses.mentioned(watching.normalized(line.line)))


def after_moving(*, annotation: Annotation, after: State, **_: object) -> None:
    """Know the sites of what was published now."""
    if after == State.PUBLISHED:
        remember_sites(annotation)


def _reasons(writer: User, *, urls: Sequence[str], words: str) -> str:
    if writer.is_sample or trust.is_moderator(writer):
        return ""
    return "; ".join(_found(writer, urls=urls, words=words))


def _found(writer: User, *, urls: Sequence[str], words: str) -> Iterator[str]:
    if settings.HOLD_FIRST_CONTRIBUTION and not trust.has_contributed(writer):
        yield "the first contribution of this account"
    if urls and trust.is_new(writer) and (unknown := _unknown(urls)):
        yield f"a new account links to {'a site' if len(unknown) == 1 else 'sites'} new here: {_named(unknown)}"
    if len(urls) > MOST_LINKS:
        yield f"{len(urls)} links"
    if found := watching.found(WatchedTerm.objects.values_list("words", flat=True), words):
        yield f"watched words: {_named(found)}"


def _words(annotation: Annotation, sources: Sequence[SourceDraft]) -> str:
    """Give all that is shown of it, one after the other: its body as it was written, and without its markup."""
    said = [annotation.body, markdown.plain(annotation.body), annotation.would_change_my_mind]
    for source in sources:
        said += [source.url, source.title, source.publisher, source.excerpt, source.locator]
    return _BETWEEN.join(said)


def _remember(urls: Sequence[str]) -> None:
    names = sorted(sites(urls))
    KnownSite.objects.bulk_create([KnownSite(name=name) for name in names], ignore_conflicts=True)


def _unknown(urls: Sequence[str]) -> list[str]:
    names = sites(urls)
    known = KnownSite.objects.filter(name__in=names).values_list("name", flat=True)
    return sorted(names - set(known))


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
