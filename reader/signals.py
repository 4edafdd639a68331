"""What the texts tell the rest of the house."""

from django.dispatch import Signal

# Sent before a revision is written, outside its transaction, with `plan` (reader.publishing.Plan) and `tell`. Who has
# to write something beside the revision answers with a function of the saved revision, called in its transaction.
revision_planned = Signal()

# Sent after commit with `article` and `revision`.
revision_published = Signal()
