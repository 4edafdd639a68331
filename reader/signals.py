"""What the texts tell the rest of the house."""

from django.dispatch import Signal

# Sent after commit with `article` and `revision`. The one word that travels from texts to annotations.
revision_published = Signal()
