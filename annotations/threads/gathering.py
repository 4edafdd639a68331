"""Gathering threads: the answers to each statement, put in order, with all that a page tells of each post."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Subquery

from annotations import muting, placing, reception, resolving, whereabouts
from annotations.models import Annotation, Appeal, ModerationEntry, Rule, Source, Subscription
from annotations.models.annotations import AnnotationQuerySet
from annotations.reception import Reception
from annotations.threads.posts import Post, Thread
from annotations.whereabouts import Whereabouts
from reader.models import User


def told(annotations: AnnotationQuerySet) -> AnnotationQuerySet:
    """Add what a page tells of each annotation."""
    decided = ModerationEntry.objects.taking_down()
    return (
        annotations.select_related("creator", "article__current_revision")
        .defer("article__current_revision__text")
        .prefetch_related(Prefetch("sources", Source.objects.select_related("document")))
        .annotate(
            decided_rule=Subquery(decided.values("rule")[:1]), decided_reason=Subquery(decided.values("reason")[:1])
        )
    )


def gather(
    roots: Iterable[Annotation], viewer: User | AnonymousUser, *, asked: int | None, since: int | None = None
) -> list[Thread]:
    """Give the threads of these heads, in their order; `asked` is the id of the annotation that was come for."""
    heads = list(roots)
    answers: dict[int | None, list[Annotation]] = defaultdict(list)
    for answer in told(Annotation.objects.filter(root__in=heads)).order_by("id"):
        answers[answer.root_id].append(answer)
    readable = [each for each in chain(heads, *answers.values()) if each.is_readable_by(viewer)]
    received = reception.of(readable, viewer)
    appeals = _appeals(readable)
    places = whereabouts.of(heads)
    may_place = placing.may_place(viewer)
    muted = muting.ids(viewer)
    is_editor = viewer.has_perm(resolving.PERMISSION)
    followed = _followed(heads, viewer)
    posts = [
        replace(
            _post(head, None, viewer, received, places.get(head.pk), may_place=may_place),
            is_followed=head.pk in followed,
            is_taken_part_in=any(each.is_published and each.is_by(viewer) for each in (head, *answers[head.pk])),
            is_new=_is_new(head, viewer, since, muted),
            is_muted=_is_muted(head, viewer, muted),
            appeal=appeals.get(head.pk),
            is_resolvable=is_editor and resolving.may_resolve(head),
        )
        for head in heads
    ]
    return [
        Thread(
            post,
            _replies(post, answers[post.annotation.pk], viewer, received, appeals, since=since, muted=muted),
            asked,
        )
        for post in posts
    ]


def _appeals(readable: Sequence[Annotation]) -> Mapping[int, Appeal]:
    """Give the appeals about what was taken down, by annotation; without a query where nothing of it is readable."""
    taken_down = [each.pk for each in readable if each.is_taken_down]
    if not taken_down:
        return {}
    found = Appeal.objects.filter(annotation__in=taken_down).select_related("answered_by")
    return {appeal.annotation_id: appeal for appeal in found}


def _followed(heads: Sequence[Annotation], viewer: User | AnonymousUser) -> set[int | None]:
    """Give which of these threads the viewer follows, by their heads, in one query; strangers follow none."""
    if not viewer.is_authenticated:
        return set()
    followed = Subscription.objects.filter(follower=viewer, thread__in=[head.pk for head in heads])
    return set(followed.values_list("thread", flat=True))


def _replies(
    head: Post,
    answers: Sequence[Annotation],
    viewer: User | AnonymousUser,
    received: Mapping[int, Reception],
    appeals: Mapping[int, Appeal],
    *,
    since: int | None,
    muted: Collection[int],
) -> list[Post]:
    """Order the answers, each after what it answers; a stub that nothing needs is left out.

    The oldest come first, after those of readers who have said the head's point in words that its writer finds fair.
    """
    children: dict[int | None, list[Annotation]] = defaultdict(list)
    # An answer is younger than what it answers, so that going backwards meets the leaves first.
    for answer in reversed(answers):
        has_place = answer.is_readable_by(viewer) or answer.is_returnable_by(viewer) or answer.is_tombstone
        if has_place or children[answer.pk]:
            children[answer.parent_id].append(answer)
    posts: list[Post] = []
    fair = head.reception.restatements.fair if head.reception else frozenset()
    firsts = children[head.annotation.pk]
    # The last is taken first. A stub does not tell by its place who wrote it.
    firsts.sort(key=lambda answer: answer.pk in received and answer.creator_id in fair)
    waiting = [(answer, head) for answer in firsts]
    while waiting:
        answer, answered = waiting.pop()
        post = replace(
            _post(answer, answered, viewer, received),
            appeal=appeals.get(answer.pk),
            is_new=_is_new(answer, viewer, since, muted),
            is_muted=_is_muted(answer, viewer, muted),
        )
        posts.append(post)
        waiting.extend((child, post) for child in children[answer.pk])
    return posts


def _post(
    annotation: Annotation,
    answered: Post | None,
    viewer: User | AnonymousUser,
    received: Mapping[int, Reception],
    whereabouts: Whereabouts | None = None,
    *,
    may_place: bool = False,
) -> Post:
    is_readable = annotation.is_readable_by(viewer)
    return Post(
        annotation=annotation,
        depth=answered.depth + 1 if answered else 0,
        is_stub=not is_readable,
        is_own=annotation.is_by(viewer),
        rule=_rule(annotation),
        reason=(vars(annotation)["decided_reason"] or "") if annotation.is_taken_down and is_readable else "",
        whereabouts=whereabouts,
        is_placeable=may_place and is_readable and placing.is_placeable(annotation),
        answered=answered,
        returnable_until=annotation.returnable_until if annotation.is_returnable_by(viewer) else None,
        reception=received.get(annotation.pk),
    )


def _rule(annotation: Annotation) -> str:
    """Give the name of the rule by which a moderator took it down; empty where there is none."""
    rule = vars(annotation)["decided_rule"] if annotation.is_taken_down else ""
    return str(Rule(rule).label) if rule else ""


def _is_muted(annotation: Annotation, viewer: User | AnonymousUser, muted: Collection[int]) -> bool:
    # What a stub stands for is folded already, and does not tell whose it was.
    return annotation.creator_id in muted and annotation.is_readable_by(viewer)


def _is_new(annotation: Annotation, viewer: User | AnonymousUser, since: int | None, muted: Collection[int]) -> bool:
    is_later = since is not None and annotation.pk > since and annotation.creator_id not in muted
    return is_later and annotation.is_readable_by(viewer) and not annotation.is_by(viewer)
