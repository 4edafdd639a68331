"""What readers write about texts, and what others do about it, as it is kept."""

from annotations.models.anchors import Anchor
from annotations.models.annotations import Annotation
from annotations.models.disagreement import Resolution, Restatement
from annotations.models.documents import Document, SameStory
from annotations.models.exports import Export
from annotations.models.following import Subscription, Visit
from annotations.models.moderation import Flag, ModerationEntry
from annotations.models.muting import Mute
from annotations.models.notices import Notice, NoticePreference
from annotations.models.positions import ChangeOfMind, Position
from annotations.models.questions import Answer, Ask
from annotations.models.ratings import Rating
from annotations.models.sources import Source, SourceVerdict
from annotations.models.wordings import Wording

__all__ = [
    "Anchor",
    "Annotation",
    "Answer",
    "Ask",
    "ChangeOfMind",
    "Document",
    "Export",
    "Flag",
    "ModerationEntry",
    "Mute",
    "Notice",
    "NoticePreference",
    "Position",
    "Rating",
    "Resolution",
    "Restatement",
    "SameStory",
    "Source",
    "SourceVerdict",
    "Subscription",
    "Visit",
    "Wording",
]
