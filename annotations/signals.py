"""What this app tells itself, from the floor below to the floor above, inside the transaction of the act."""

from django.dispatch import Signal

# An annotation was moved: `annotation` as it is now, `before` and `after` (annotations.states.State).
annotation_moved = Signal()
