"""What all forms that end in an act share."""

import uuid
from typing import Any, ClassVar

from django import forms

from annotations import accepting
from annotations.accepting import NotAccepted


class Words(forms.CharField):
    """Words of limited length, counted as a reader would: the end of a line is one character.

    A browser counts in other units and cuts off what is pasted without a word, so it is only told the limit.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "max_length": "This is %(show_value)s characters long; %(limit_value)s is the most. Please shorten it."
    }

    def to_python(self, value: object) -> str:
        """Give the words with the ends of lines as they are kept."""
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the page the limit, so that a script can count towards it."""
        attributes: dict[str, Any] = super().widget_attrs(widget)
        return {"data-limit": attributes.pop("maxlength"), **attributes}


class ActForm(forms.Form):
    """A form that ends in an act, and shows why the act was not done."""

    def refuse(self, refusal: NotAccepted) -> None:
        """Show every reason at the field it is about."""
        for reason in (refusal, *refusal.others):
            self.add_error(reason.field if reason.field in self.fields else None, reason.message)
        if isinstance(refusal, accepting.AlreadyPosted):
            # The next post of this form is a new annotation.
            self._put("token", str(uuid.uuid4()))

    def refuse_draft(self) -> None:
        """Show that what was written cannot wait for its writer to sign in."""
        self.add_error(None, "This is too long to be kept while you sign in. Copy it, or shorten it, and then sign in.")

    def _put(self, name: str, value: str) -> None:
        """Replace one field of what was sent, for the form as it is shown again."""
        self.data = {**dict(self.data.items()), self.add_prefix(name): value}
