"""What texts and people tell the rest of the house."""

from django.dispatch import Signal

# Sent before a revision is written, outside its transaction, with `plan` (reader.publishing.Plan) and `tell`. Who has
# to write something beside the revision answers with a function of the saved revision, called in its transaction.
revision_planned = Signal()

# Sent after commit with `article` and `revision`.
revision_published = Signal()

# Sent with `reader` inside the transaction in which the name that others see of them changes, or where it leads.
name_changed = Signal()

# Sent with `reader` when somebody wants to leave. Who has a reason against it answers with a sentence for them.
leaving_asked = Signal()

# Sent with `reader` and `is_withdrawing` before an account is removed, outside its transaction: what is much is done
# here, bit by bit. It may be sent again when something went wrong.
account_emptied = Signal()

# Sent with `reader` inside the transaction that removes an account: what is left of it elsewhere goes with it.
account_removed = Signal()
