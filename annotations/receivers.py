"""What this app does when texts or people tell it something, and when an account is closed, opened or deleted."""

from collections.abc import Callable, Collection

from django.db import connections

from annotations import (
    asking,
    departing,
    holding,
    rating,
    reanchoring,
    sealing,
    settling,
    signatures,
    stories,
    verdicts,
)
from annotations.models import Annotation
from annotations.states import State
from reader import publishing
from reader.models import Article, User
from reader.publishing import Tell, WriteBeside

Recount = Callable[[], None]


def _verdicts(reader: User) -> Recount:
    judged = verdicts.judged_by(reader)
    return lambda: verdicts.recount(judged)


def _stories(reader: User) -> Recount:
    articles = stories.judged_by(reader)
    return lambda: stories.recount(articles)


def _ratings(reader: User) -> Recount:
    rated = rating.rated_by(reader)
    return lambda: rating.recount_later(rated)


def _requests(reader: User) -> Recount:
    articles = asking.asked_by(reader)
    return lambda: asking.recount(articles)


# What keeps numbers that readers' words are counted in. Each is asked while the account is as it was, finds what the
# reader had a part in, and gives what counts that anew once the account has changed.
COUNTING: tuple[Callable[[User], Recount], ...] = (_verdicts, _stories, _ratings, _requests)


def reanchor(*, plan: publishing.Plan, tell: Tell, **_: object) -> WriteBeside:
    """Follow every annotation into a planned revision, and say how to write that down beside it."""
    return reanchoring.plan(plan, tell=tell).write


def show_anew(*, reader: User, **_: object) -> None:
    """Show a reader's name anew wherever it stands."""
    signatures.show_anew(reader)


def follow_words(*, article: Article, **_: object) -> None:
    """After a revision: count anew what was rated, as readers may have said something of other words by it."""
    rating.follow_words(article)


def refuse_leaving(*, reader: User, **_: object) -> str:
    """Give why a reader cannot leave now, as far as it is about what they do here; empty when they can."""
    return departing.refusal(reader)


def empty_account(*, reader: User, is_withdrawing: bool, **_: object) -> None:
    """Withdraw what a reader wrote who is about to be removed, if they wish it."""
    if is_withdrawing:
        departing.withdraw_all(reader)


def forget_reader(*, reader: User, **_: object) -> None:
    """Remove what a reader said, follows and was told, with their account."""
    departing.forget(reader)


def follow_move(*, annotation: Annotation, before: str, after: str, **_: object) -> None:
    """Do what follows when an annotation was moved, in the same transaction."""
    settling.keep_in_step(annotation)
    if (before, after) == (State.PENDING, State.PUBLISHED):
        asking.tell_of(annotation)
    holding.after_moving(annotation=annotation, after=State(after))
    rating.follow(annotation)


def seal_log(*, using: str, **_: object) -> None:
    """Seal the log in a database that was just brought up to date."""
    sealing.seal(connections[using])


def before_saving(
    *, instance: User, raw: bool = False, update_fields: Collection[str] | None = None, **_: object
) -> None:
    """Before an account is saved: look for what has to be counted anew, where that closes or opens it."""
    is_told = update_fields is None or "is_active" in update_fields
    if not raw and is_told and instance.pk and User.objects.filter(pk=instance.pk, is_active=not instance.is_active):
        _ask(instance)


def before_deleting(*, instance: User, **_: object) -> None:
    """Before an account is deleted: look for what has to be counted anew, while its words are still there."""
    _ask(instance)


def count_anew(*, instance: User, **_: object) -> None:
    """Count anew after an account was closed, opened or deleted, and do nothing after any other change."""
    for recount in vars(instance).pop(_ASKED, ()):
        recount()


# Where an account about to change keeps what has to be done after.
_ASKED = "_counted_anew"


def _ask(account: User) -> None:
    vars(account)[_ASKED] = [counting(account) for counting in COUNTING]
