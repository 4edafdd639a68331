"""What editors fill in. A form reads types and shows errors; the rules are the acts'."""

from reader.draft_forms.blocks import KINDS
from reader.draft_forms.conflicts import ConflictForm
from reader.draft_forms.pages import PER_PAGE, DraftForm
from reader.draft_forms.publications import STATUSES, PublicationForm, StatusForm, VersionForm
from reader.draft_forms.texts import TextForm

__all__ = [
    "KINDS",
    "PER_PAGE",
    "STATUSES",
    "ConflictForm",
    "DraftForm",
    "PublicationForm",
    "StatusForm",
    "TextForm",
    "VersionForm",
]
