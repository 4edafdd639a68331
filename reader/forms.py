"""The forms of accounts: allauth's, in our words, and the panel's for names."""

from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth import forms as auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from reader import posting, usernames
from reader.models import User

NAME_HINT = "3 to 30 letters, figures, dots, hyphens and underscores, in small letters. Everybody sees it."
EMAIL_HINT = "Nobody sees it. We write only about your account."
PASSWORD_HINT = "At least 10 characters. A few words in a row are easy to remember and hard to guess."  # noqa: S105


class OwnWords(forms.Form):
    """A form whose labels and hints are ours. Placeholders go: they vanish when they are needed."""

    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignupForm(OwnWords, allauth.SignupForm):  # type: ignore[misc]
    labels: ClassVar = {"username": "Name", "email": "E-mail address", "password1": "Password"}
    hints: ClassVar = {"username": NAME_HINT, "email": EMAIL_HINT, "password1": PASSWORD_HINT}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def save(self, request: HttpRequest) -> User:
        """Make the account, or nothing of it: what fails halfway leaves the connection fit for use.

        Raises IntegrityError when somebody took the name since it was looked up.
        """
        with transaction.atomic():
            user: User = super().save(request)
        return user

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, even where another has confirmed its address: only the mail says so.

        A name that is free afterwards would tell a stranger as much, and so would a password that is wrong.
        """
        self.account_already_exists = False
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved


class LoginForm(OwnWords, allauth.LoginForm):  # type: ignore[misc]
    labels: ClassVar = {"login": "Name or e-mail address", "password": "Password"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }

    def user_credentials(self) -> dict[str, str]:
        """Give what was typed as a name or as an address, never as both.

        No name has an @ in it; and where both were tried, a wrong password would take twice as long for an address
        that has an account. `reader.adapters.AuthenticationBackend` says which account is an address's.
        """
        credentials: dict[str, str] = super().user_credentials()
        if "email" in credentials:
            credentials.pop("username", None)
        return credentials


class NameForm(OwnWords):
    """Another name."""

    username = forms.CharField(max_length=usernames.MAX_LENGTH)

    labels: ClassVar = {"username": "The new name"}
    hints: ClassVar = {"username": NAME_HINT}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].widget.attrs |= {
            "autocapitalize": "none",
            "autocomplete": "username",
            "spellcheck": "false",
        }


class LeavingForm(OwnWords):
    """What becomes of what somebody wrote who leaves."""

    words = forms.ChoiceField(
        choices=(
            ("leave", "Leave it, under “former reader”: what others answered keeps its sense"),
            ("withdraw", "Take it down"),
        ),
        initial="leave",
        widget=forms.RadioSelect,
    )

    labels: ClassVar = {"words": "What you wrote"}


class ReauthenticateForm(OwnWords, allauth.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"password": "Your password"}


class ActivateAppForm(OwnWords, ActivateTOTPForm):  # type: ignore[misc]
    labels: ClassVar = {"code": "The code it shows"}


class SecondFactorForm(OwnWords, mfa.AuthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"code": "Code"}


class SecondFactorAgainForm(OwnWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar = {"code": "Code"}


class AddPasskeyForm(OwnWords, AddWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar = {"name": "Its name", "passwordless": "Sign in with it alone, without the password"}
    hints: ClassVar = {"passwordless": "Your device then asks for your finger, face or PIN."}


class RenamePasskeyForm(OwnWords, EditWebAuthnForm):  # type: ignore[misc]
    labels: ClassVar = {"name": "Its name"}


class AddEmailForm(OwnWords, allauth.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar = {"email": "Another e-mail address"}


class ResetPasswordForm(OwnWords, allauth.ResetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"email": "The e-mail address of your account"}
    # Those that the address is of, once the form is cleaned.
    users: list[User]

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Write to the address, and do as much as would have been done if it had an account, or none.

        Nobody can tell by the time it takes which it was. Of several accounts that nobody confirmed the address of,
        the oldest is written about: else who made some would learn from the time whether theirs are the only ones.
        """
        self.users = sorted(self.users, key=lambda user: user.pk)[:1]
        others = [] if self.users else [User(pk=0, username="nobody")]
        with posting.withheld():
            request_password_reset(request, self.cleaned_data["email"], others, None)
        email: str = super().save(request, **options)
        return email


class ChangePasswordForm(OwnWords, allauth.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar = {
        "oldpassword": "Your password now",
        "password1": "The new password",
        "password2": "The new password again",
    }
    hints: ClassVar = {"password1": PASSWORD_HINT}


class SetPasswordForm(OwnWords, allauth.SetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"password1": "The new password", "password2": "The new password again"}
    hints: ClassVar = {"password1": PASSWORD_HINT}


class ResetPasswordKeyForm(OwnWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    labels: ClassVar = {"password1": "The new password", "password2": "The new password again"}
    hints: ClassVar = {"password1": PASSWORD_HINT}


class PanelNameMixin(forms.ModelForm):  # type: ignore[type-arg]
    """A form of the panel in which a new name obeys the rules of sign-up. Names already borne are let be."""

    def clean_username(self) -> str:
        username = usernames.normalize(self.cleaned_data["username"])
        if username != self.instance.username:
            usernames.refuse_reserved(username)
        return username


class NewUserForm(PanelNameMixin, auth.AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("username", "email")


class UserForm(PanelNameMixin, auth.UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007  (the panel lists them)
