"""One's account: all its pages in one place, and another name. And sign-up, where allauth's own view would fail when
two people want one name at once."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from reader import limiting, posting, renaming
from reader.forms import NameForm
from reader.leaving import UNCONFIRMED_KEPT_FOR
from reader.models import Name
from reader.models.departures import CALLED_OFF_WITHIN
from reader.models.names import KEPT_FOR
from reader.models.sign_ins import NETWORK_KEPT_FOR
from reader.preferences import YEAR
from reader.renaming import NotRenamed
from reader.text.direction import isolated
from reader.views.requests import password_again, signed_in


class OneNameSignupView(SignupView):  # type: ignore[misc]
    """allauth's sign-up, with the form and the reason for whoever comes second."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401
        try:
            # Not each try: who mistypes a password is no program.
            limiting.count("sign-ups")
            response: HttpResponse = super().form_valid(form)
        except limiting.TooOften as refusal:
            form.add_error(None, refusal.message)
            response = self.form_invalid(form)
        except IntegrityError:
            # Looked up once more, the name is taken now. Anything else is a bug.
            form.full_clean()
            if form.is_valid():
                raise
            response = self.form_invalid(form)
        return response


signup = OneNameSignupView.as_view()


@require_safe
@cache_control(private=True, no_cache=True)
def overview(request: HttpRequest) -> HttpResponse:
    """Show all that one can do about one's account."""
    reader = signed_in(request)
    address = EmailAddress.objects.get_primary(reader)
    return render(request, "reader/account.html", {"reader": reader, "address": address})


@require_safe
@login_not_required
@cache_control(private=True, no_cache=True)
def data(request: HttpRequest) -> HttpResponse:
    """Say what is stored about readers, and why."""
    periods = {
        "network": NETWORK_KEPT_FOR,
        "name": KEPT_FOR,
        "week": CALLED_OFF_WITHIN,
        "letter": posting.KEPT_FOR,
        "unconfirmed": UNCONFIRMED_KEPT_FOR,
        "session": timedelta(seconds=settings.SESSION_COOKIE_AGE),
        "preferences": timedelta(seconds=YEAR),
    }
    return render(request, "reader/account_data.html", {"periods": periods})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@password_again
def name(request: HttpRequest) -> HttpResponse:
    """Take another name; asked for the password first, as for addresses."""
    reader = signed_in(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            renamed = renaming.rename(reader=reader, username=form.cleaned_data["username"])
        except NotRenamed as refusal:
            form.add_error("username", refusal.message)
        else:
            messages.success(request, f"Your name is {isolated(renamed)} now, wherever it stands.")
            return redirect("account")
    context = {
        "reader": reader,
        "form": form,
        "again_at": renaming.next_at(reader),
        "former": Name.objects.given_up_by(reader).kept(),
        "wait": renaming.AT_MOST_EVERY,
    }
    return render(request, "reader/account_name.html", context, status=422 if form.errors else 200)
