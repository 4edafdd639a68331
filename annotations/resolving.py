"""Say what an editor did about a disagreement, and whether that settles it: the acts, and what a page tells of them.

    resolve  an editor corrected the text, acknowledges the point, or answers it; a later resolution replaces this one
    settle   the writer of the disagreement says that it settles the matter, or that it does not

Both lock the disagreement, keep in step whether it is settled, and raise the article's activity. Neither adds to what
readers say, so both may be done on an article that is closed or archived: its disagreements can come to an end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from annotations import accepting, notifying
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Notice, Resolution
from reader.models import Revision, User
from reader.text.direction import isolated

PERMISSION = "reader.change_article"
REMARK_MAX_LENGTH = 1000

Outcome = Resolution.Outcome


class ResolvedMeanwhile(NotAccepted):
    """Another resolution came first; `standing` is the one in force now."""

    def __init__(self, standing: Resolution) -> None:
        super().__init__(
            f"{isolated(standing.editor)} resolved this while you were writing. What they said is shown beside your "
            "words; save again to put yours in its place."
        )
        self.standing = standing


def may_resolve(annotation: Annotation) -> bool:
    """Say whether there is something to resolve."""
    return annotation.kind == Annotation.Kind.DISAGREEMENT and annotation.is_published


def in_force(annotation: Annotation) -> Resolution | None:
    """Give the resolution that counts, which is the latest; None where no editor has looked at it."""
    return annotation.resolutions.select_related("editor").last()


def corrections(annotation: Annotation) -> list[Revision]:
    """Give the revisions that may have corrected what an annotation disputes: those after it, the newest first."""
    later = annotation.article.revisions.filter(number__gt=annotation.revision.number)
    return list(later.defer("text").order_by("-number"))


def resolve(
    *,
    annotation: Annotation,
    by: User,
    outcome: str,
    revision: int | None = None,
    remark: str = "",
    seen: int | None = None,
) -> Resolution:
    """Say what was done about a disagreement; `revision` is the number of the one that corrected it.

    `seen` is the id of the resolution in force that the editor saw, None where there was none. The same again makes
    no second one. Raises PermissionDenied for who is no editor, NotAccepted with sentences for the editor, and
    ResolvedMeanwhile when somebody was faster.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied("Only editors may do this.")
    with transaction.atomic():
        current = (
            Annotation.objects.locked()
            .select_related("creator", "revision")
            .defer("revision__text")
            .get(pk=annotation.pk)
        )
        if not may_resolve(current):
            raise NotAccepted("Only a disagreement that is shown can be resolved.")
        draft = Resolution(annotation=current, editor=by, outcome=outcome, remark=accepting.typed(remark))
        _check(draft, by)
        draft.revision = _correction(current, outcome, revision)
        standing = in_force(current)
        if standing and _is_same(standing, draft):
            # The same form arrived twice, or the editor says what they have said.
            return standing
        if standing and standing.pk != seen:
            raise ResolvedMeanwhile(standing)
        draft.save()
        _keep_in_step(current, draft)
        notifying.tell(current.creator, Notice.Event.RESOLVED, annotation=current, actor=by)
    return draft


def settle(*, resolution: Resolution, by: User, is_settling: bool) -> Resolution:
    """Say, as the writer of the disagreement, whether a resolution settles it. Saying the same again does nothing.

    Raises NotAccepted for anybody else, when another resolution is in force by now, and when the disagreement is no
    longer shown.
    """
    with transaction.atomic():
        annotation = Annotation.objects.locked().get(pk=resolution.annotation_id)
        if not annotation.is_by(by):
            raise NotAccepted("Only who disagreed can say whether that settles it.")
        if not annotation.is_published:
            raise NotAccepted("Your disagreement is no longer shown, so this was not kept.")
        current = in_force(annotation)
        if current is None or current.pk != resolution.pk:
            raise NotAccepted("An editor has resolved it anew since. Please read that first.")
        if current.is_settling == is_settling:
            return current
        current.is_settling, current.settling_said_at = is_settling, timezone.now()
        current.save(update_fields=["is_settling", "settling_said_at"])
        _keep_in_step(annotation, current)
        notifying.tell(current.editor, Notice.Event.SETTLED, annotation=annotation, actor=by)
    return current


@dataclass(frozen=True)
class Resolved:
    """What editors did about one disagreement: the resolution in force, and the earlier ones, the newest first."""

    standing: Resolution
    earlier: Sequence[Resolution] = ()


def of(annotations: Sequence[Annotation]) -> Mapping[int, Resolved]:
    """Give what editors did about each disagreement, by its id, in one query; nothing of those they did not look at."""
    disputed = [each.pk for each in annotations if each.kind == Annotation.Kind.DISAGREEMENT]
    found: dict[int, list[Resolution]] = defaultdict(list)
    if disputed:
        resolutions = Resolution.objects.filter(annotation__in=disputed).select_related("editor", "revision")
        for resolution in resolutions.defer("revision__text").order_by("-pk"):
            found[resolution.annotation_id].append(resolution)
    return {pk: Resolved(latest, earlier) for pk, (latest, *earlier) in found.items()}


def _correction(annotation: Annotation, outcome: str, number: int | None) -> Revision | None:
    if outcome != Outcome.CORRECTED:
        return None
    found = next((each for each in corrections(annotation) if each.number == number), None)
    if found is None:
        raise NotAccepted(
            "Choose the revision that corrected it: one that came after the disagreement was written.",
            field="revision",
        )
    return found


def _check(draft: Resolution, by: User) -> None:
    if draft.outcome not in Outcome.values:
        raise NotAccepted("Choose what was done about it.", field="outcome")
    if draft.outcome != Outcome.CORRECTED and draft.annotation.is_by(by):
        raise NotAccepted(
            "This is your own disagreement. You can say that a revision corrected it; the rest is for another editor.",
            field="outcome",
        )
    if draft.outcome == Outcome.ANSWERED and not draft.remark:
        raise NotAccepted("Say the answer in a few words, or where it stands.", field="remark")
    if len(draft.remark) > REMARK_MAX_LENGTH:
        sentence = f"This is {len(draft.remark):,} characters long; {REMARK_MAX_LENGTH:,} is the most."
        raise NotAccepted(f"{sentence} Please shorten it.", field="remark")


def _is_same(standing: Resolution, draft: Resolution) -> bool:
    return all(
        getattr(standing, field) == getattr(draft, field) for field in ("editor_id", "outcome", "revision_id", "remark")
    )


def _keep_in_step(annotation: Annotation, resolution: Resolution) -> None:
    annotation.is_settled = resolution.is_standing
    annotation.save(update_fields=["is_settled"])
    annotation.article.touch()
