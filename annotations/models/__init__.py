"""What readers write about texts, and what moderators do about it, as it is kept."""

from annotations.models.anchors import Anchor
from annotations.models.annotations import Annotation
from annotations.models.following import Subscription, Visit
from annotations.models.moderation import Flag, ModerationEntry
from annotations.models.sources import Source
from annotations.models.wordings import Wording

__all__ = ["Anchor", "Annotation", "Flag", "ModerationEntry", "Source", "Subscription", "Visit", "Wording"]
