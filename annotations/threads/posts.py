"""The shapes of a conversation: a post, the branch it stands in, and the thread of them all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from annotations import states
from annotations.annotating import MOST_RESUBMISSIONS
from annotations.models import Anchor, Annotation, Appeal
from annotations.reception import Reception
from annotations.states import State
from annotations.whereabouts import Whereabouts
from reader.text.comparison import MOST_COMPARED, Piece, compare
from reader.text.spans import Span

# Answers to answers are indented this far and no farther: a phone has room for no more.
MOST_INDENTED = 3
# More replies than a reader looks through unasked are folded; so are more answers to one of them.
MOST_UNFOLDED = 10
MOST_BELOW_ONE = 3


@dataclass(frozen=True)
class Post:
    """An annotation in its thread. A stub shows that something stood here, which others answered."""

    annotation: Annotation
    depth: int
    is_stub: bool
    is_own: bool
    # By which rule a moderator took it down, in words; and why: for its writer and for moderators.
    rule: str = ""
    reason: str = ""
    # What has become of its words; None for replies, which have none of their own.
    whereabouts: Whereabouts | None = None
    # Whether the viewer may say where it belongs.
    is_placeable: bool = False
    # Whether it is a disagreement, and the viewer one who says what was done about it.
    is_resolvable: bool = False
    # What it answers; None for the head of the thread.
    answered: "Post | None" = field(default=None, repr=False, compare=False)
    # Until when the viewer may undo that they withdrew it.
    returnable_until: datetime | None = None
    # Whether it is newer than what the viewer has seen, and another's.
    is_new: bool = False
    # Whether the viewer muted who wrote it.
    is_muted: bool = False
    # Of the head of a thread: whether the viewer follows it, and whether they write in it, which is as good.
    is_followed: bool = False
    is_taken_part_in: bool = False
    # What others did about it; None for a stub.
    reception: Reception | None = None
    # What its writer asked another moderator, of what was taken down: for them and for moderators.
    appeal: Appeal | None = None

    @property
    def indent(self) -> int:
        return min(self.depth, MOST_INDENTED)

    @property
    def is_beyond_indent(self) -> bool:
        """Say whether the indent no longer tells what it answers."""
        return self.depth > MOST_INDENTED

    @property
    def label(self) -> str:
        """Name it in a few words: Note by ada. A stub does not say whose it was."""
        is_question = self.annotation.kind == Annotation.Kind.QUESTION
        kind = "Question" if is_question else self.annotation.get_kind_display()
        if not self.is_stub:
            return f"{kind} by {self.annotation.creator}"
        return f"{kind}, {states.STANDING[State(self.annotation.state)]}"

    @property
    def tombstone(self) -> str:
        """Say what became of it: "Removed by a moderator: private information."."""
        return states.tombstone(State(self.annotation.state), self.rule)

    @property
    def is_appealable(self) -> bool:
        """Say whether the viewer may ask another moderator to look at it again."""
        return self.is_own and self.annotation.is_taken_down and self.appeal is None

    @property
    def sendings_left(self) -> int:
        """Give how often its writer may mend it and send it again, where a moderator sent it back."""
        return MOST_RESUBMISSIONS - self.annotation.resubmission_count if self.annotation.is_denied else 0

    @property
    def place(self) -> Span | None:
        """Give where its words lie in the current revision; None unless it is about a passage that is still there."""
        is_about_words = self.annotation.target == Annotation.Target.PASSAGE
        return self.whereabouts.span if self.whereabouts and is_about_words else None

    @property
    def paragraph_name(self) -> str:
        """Give the block it stands on now: empty for replies, the whole article and words that are gone."""
        return self.whereabouts.block if self.whereabouts else ""

    @property
    def is_orphaned(self) -> bool:
        return self.whereabouts is not None and self.whereabouts.status == Anchor.Status.ORPHANED

    @property
    def is_asked(self) -> bool:
        """Say whether its writer is asked if it still applies to the words as they are now."""
        at = self.whereabouts
        is_changed = at is not None and at.status == Anchor.Status.CHANGED and not at.is_confirmed
        return is_changed and self.is_own and self.annotation.is_published

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """Give the words then and now, compared; none unless they were edited, and where they are too long to tell."""
        at = self.whereabouts
        if at is None or at.status != Anchor.Status.CHANGED:
            return ()
        then = self.annotation.exact
        return compare(then, at.now) if max(len(then), len(at.now)) <= MOST_COMPARED else ()


@dataclass(frozen=True)
class Branch:
    """One answer to the head of a thread, and all that was said to it in turn, each after what it answers."""

    first: Post
    rest: Sequence[Post]
    # Whether what was asked for is in it, or something new.
    is_wanted: bool

    @property
    def is_foldable(self) -> bool:
        return len(self.rest) > MOST_BELOW_ONE

    @property
    def number(self) -> int:
        """Give how many answers below the first can be read."""
        return sum(not post.is_stub for post in self.rest)


@dataclass(frozen=True)
class Thread:
    """One statement and the answers to it, each answer after what it answers.

    `asked` is the id of the annotation that the viewer came for.
    """

    head: Post
    replies: Sequence[Post]
    asked: int | None = None

    @property
    def number(self) -> int:
        """Give how many answers can be read."""
        return sum(not post.is_stub for post in self.replies)

    @property
    def is_long(self) -> bool:
        return len(self.replies) > MOST_UNFOLDED

    @property
    def is_open(self) -> bool:
        """Say whether the answers are shown; those of a long thread only when one was asked for, or is new."""
        return not self.is_long or any(branch.is_wanted for branch in self.branches)

    @property
    def new(self) -> int:
        """Give how many answers are new."""
        return sum(post.is_new for post in self.replies)

    @cached_property
    def branches(self) -> Sequence[Branch]:
        """Give the answers to the head, each with what follows from it."""
        starts = [place for place, post in enumerate(self.replies) if post.depth == 1]
        parts = [self.replies[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
        return [
            Branch(part[0], part[1:], any(post.is_new or post.annotation.pk == self.asked for post in part))
            for part in parts
        ]

    def find(self, annotation: Annotation) -> Post | None:
        """Give the annotation's place in the thread, or None where it is not shown."""
        return next((post for post in (self.head, *self.replies) if post.annotation.pk == annotation.pk), None)
