"""What readers write about texts, and what others do about it, as it is kept."""

from annotations.models.anchors import Anchor
from annotations.models.annotations import Annotation
from annotations.models.copies import OfferedCopy
from annotations.models.disagreement import Resolution, Restatement
from annotations.models.documents import Document, SameStory
from annotations.models.exports import Export
from annotations.models.following import Subscription, Visit
from annotations.models.lines import Line
from annotations.models.moderation import Appeal, ModerationEntry, ReasonTemplate, Rule
from annotations.models.muting import Mute
from annotations.models.notices import Notice, NoticePreference
from annotations.models.positions import ChangeOfMind, Position
from annotations.models.questions import Answer, Ask
from annotations.models.ratings import Rating
from annotations.models.reports import Flag
from annotations.models.restraints import KnownSite, SlowMode, Suspension, WatchedTerm
from annotations.models.sources import Source, SourceVerdict
from annotations.models.wordings import Wording

__all__ = [
    "Anchor",
    "Annotation",
    "Answer",
    "Appeal",
    "Ask",
    "ChangeOfMind",
    "Document",
    "Export",
    "Flag",
    "KnownSite",
    "Line",
    "ModerationEntry",
    "Mute",
    "Notice",
    "NoticePreference",
    "OfferedCopy",
    "Position",
    "Rating",
    "ReasonTemplate",
    "Resolution",
    "Restatement",
    "Rule",
    "SameStory",
    "SlowMode",
    "Source",
    "SourceVerdict",
    "Subscription",
    "Suspension",
    "Visit",
    "WatchedTerm",
    "Wording",
]
