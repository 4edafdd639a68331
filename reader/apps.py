"""Tell Django about the app of people and texts."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth import user_logged_in


class ReaderConfig(AppConfig):
    name = "reader"
    verbose_name = "Texts and people"

    def ready(self) -> None:
        """Listen to accounts. The receivers know models, which are there only now."""
        receivers = import_module("reader.receivers")
        accounts = import_module("allauth.account.signals")
        user_logged_in.connect(receivers.note_sign_in, dispatch_uid="note_sign_in")
        for name in ("password_changed", "password_reset", "password_set"):
            getattr(accounts, name).connect(receivers.end_others, dispatch_uid=f"end_others.{name}")
