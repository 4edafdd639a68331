"""People and texts, as they are kept."""

from reader.models.articles import Article
from reader.models.departures import Departure
from reader.models.drafts import Draft
from reader.models.letters import Letter
from reader.models.names import Name
from reader.models.pictures import Picture
from reader.models.revisions import Paragraph, Revision
from reader.models.sign_ins import SignIn
from reader.models.tallies import Tally
from reader.models.users import User

__all__ = [
    "Article",
    "Departure",
    "Draft",
    "Letter",
    "Name",
    "Paragraph",
    "Picture",
    "Revision",
    "SignIn",
    "Tally",
    "User",
]
