"""People and texts, as they are kept."""

from reader.models.articles import Article
from reader.models.revisions import Paragraph, Revision
from reader.models.users import User

__all__ = ["Article", "Paragraph", "Revision", "User"]
