"""What Gloss decides where allauth asks: names, ways back, words."""

import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from reader import limiting, posting, rates, usernames
from reader.models import Departure, User
from reader.models.users import NAME_TAKEN

# Where a session keeps who has just shown the password of an account that they closed, and when.
LEAVING = "account.leaving"

# Of a limit that cannot be looked up, such as one on sending the same mail again: longer than most.
UNKNOWN_WAIT = 5 * 60

WRONG_CREDENTIALS = "That name and password do not belong together. Please try again."
WRONG_ADDRESS = (
    "That address and password do not belong together. If you have not confirmed the address yet, sign in with your "
    "name."
)


class AuthenticationBackend(AllauthBackend):  # type: ignore[misc]
    """Sign in by a name, or by an address that is confirmed, where addresses have to be.

    Anybody may make an account with anybody's address. Could they sign in to it by that address, they would learn
    whether it is confirmed by somebody else, who alone can sign in by it.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        if account_settings.EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY:
            confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True).select_related("user").first()
            found: User | None = self._check_password(confirmed and confirmed.user, password)
        else:
            found = super()._authenticate_by_email(email, password)
        return found


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    # What this sign-in counts as, until its password turns out to be right.
    _usage: ratelimit.RateLimitUsage | None = None

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed for now.",
        "cannot_remove_primary_email": "Your main address cannot be removed. Make another one your main address first.",
        "duplicate_email": "This address already belongs to your account.",
        "email_password_mismatch": WRONG_ADDRESS,
        "email_taken": "There is an account with this address already. Sign in, or ask for a new password.",
        "enter_current_password": "This is not your password of today.",
        "incorrect_password": "This is not your password.",
        "invalid_login": WRONG_CREDENTIALS,
        "invalid_password_reset": "This link has been used already, or is too old.",
        "max_email_addresses": "An account has at most %d addresses.",
        "rate_limited": "That was too often. Please wait a few minutes and try again.",
        "too_many_login_attempts": "Too many tries with a wrong password. Please wait five minutes and try again.",
        "unverified_primary_email": "Please confirm your main address first.",
        "username_password_mismatch": WRONG_CREDENTIALS,
        "username_taken": NAME_TAKEN,
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002  (allauth's signature)
        """Give the name in its one spelling, or refuse it with the reason; `shallow` asks no database."""
        usernames.validate_username(username)
        usernames.refuse_reserved(username)
        if not shallow and User.objects.is_taken(username):
            raise ValidationError(NAME_TAKEN)
        return usernames.normalize(username)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Give the address that a request comes from, for all limits alike.

        Behind proxies of ours it is what the outermost of them wrote. What came past them, or is no address, counts as
        the nearest machine's, so that nobody escapes a limit by making it up.
        """
        try:
            address: str = super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            address = request.META.get("REMOTE_ADDR") or "nowhere"
        return limiting.unmapped(address)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords for a name from one address: nobody locks another out from elsewhere."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a sign-in after too many wrong passwords. Who is signed in already has a limit of their own.

        Else a stranger at the same address could keep them from what asks for the password again. All names from one
        address are counted by us: allauth clears what it counts once somebody has shown a second factor, or chosen a
        new password, and whoever has an account could go on guessing the passwords of others for ever.
        """
        if request.user.is_authenticated:
            return
        self._usage = ratelimit.consume(request, app="allauth.account", action=rates.WRONG_PASSWORDS)
        try:
            if not self._usage:
                raise self.validation_error("too_many_login_attempts")
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            refusal = limiting.too_often("sign-ins", wait_of(request, "login_failed", rates.WRONG_PASSWORDS, key=key))
            raise ValidationError(refusal.message, code="too_many_login_attempts") from None

    def _rollback_login_failed_rl_usage(self) -> None:
        """Count a right password for nothing."""
        super()._rollback_login_failed_rl_usage()
        if self._usage:
            self._usage.rollback()

    def is_safe_url(self, url: str) -> bool:
        """Say whether an address is on this site, the only place that `?next=` may lead to."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail, for the worker to send: a page takes as long whether or not there is an account."""
        about = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
        message = self.render_mail(template_prefix, email, about)
        posting.post(address=email, subject=str(message.subject), body=str(message.body))

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: EmailConfirmation, signup: bool) -> None:  # noqa: FBT001  (allauth's signature)
        """Ask whether an address is somebody's; where another has confirmed it, tell them that somebody gave it."""
        address = emailconfirmation.email_address
        if address.can_set_verified():
            super().send_confirmation_mail(request, emailconfirmation, signup)
        else:
            self.send_account_already_exists_mail(address.email)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        """Give the link for the mail. Through the sign-in page it leads on to where the reader came from.

        The mail may be opened in another browser, where nobody is signed in.
        """
        url: str = super().get_email_confirmation_url(request, emailconfirmation)
        if address := get_next_redirect_url(request):
            sign_in = f"{reverse('account_login')}?{urlencode({'next': address})}"
            return f"{url}?{urlencode({'next': sign_in})}"
        return url

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Give where a confirmed address leads when the link names nothing."""
        return reverse("library" if self.request.user.is_authenticated else "account_login")

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say that the account is closed; who closed it themselves lately is asked whether they want it back."""
        if Departure.objects.filter(reader=user).exists():
            request.session[LEAVING] = [user.pk, time.time()]
            return redirect("account-reopen")
        return redirect("account_inactive")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Give where a changed password leads: away from its form."""
        return reverse("library")


def wait_of(request: HttpRequest, *actions: str, key: str = "") -> float:
    """Give the seconds until what allauth's cache counts may be done again; five minutes where it does not tell."""
    now, waits = time.time(), []
    for action, rate in ((each, rate) for each in actions for rate in _rates(each)):
        if rate.per == "user" and not request.user.is_authenticated:
            continue
        name = ratelimit.get_cache_key(request, app="allauth.account", action=action, rate=rate, key=key)
        moments = sorted(caches["default"].get(name, []))
        waits.append(rates.wait(moments, [rates.Rate(rate.amount, round(rate.duration))], now))
    return max(waits, default=0) or UNKNOWN_WAIT


def _rates(action: str) -> list[ratelimit.Rate]:
    found: list[ratelimit.Rate] = ratelimit.get_rates(app="allauth.account", action=action)
    return found


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": "An account with two-factor sign-in takes no further address.",
        "cannot_delete_authenticator": "Two-factor sign-in cannot be turned off.",
        "cannot_generate_recovery_codes": "Set up the app or a passkey first.",
        "incorrect_code": "This is not the code.",
        "unverified_email": "Please confirm your e-mail address first: it is the way back when all else is lost.",
    }

    def get_totp_label(self, user: User) -> str:
        """Give what the app calls the account: its name, for who looks over a shoulder should learn no address."""
        return user.username

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  (allauth's name)
        """Give a name for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"
