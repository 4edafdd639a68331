"""Sign-up, where allauth's own view would fail when two people want one name at once."""

from typing import Any

from allauth.account.views import SignupView
from django.db import IntegrityError
from django.http import HttpResponse


class OneNameSignupView(SignupView):  # type: ignore[misc]
    """allauth's sign-up, with the form and the reason for whoever comes second."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401
        try:
            response: HttpResponse = super().form_valid(form)
        except IntegrityError:
            # Looked up once more, the name is taken now. Anything else is a bug.
            form.full_clean()
            if form.is_valid():
                raise
            response = self.form_invalid(form)
        return response


signup = OneNameSignupView.as_view()
