"""Tell Django about the app of everything written about a text."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete, pre_save

from annotations.signals import annotation_moved
from reader.signals import (
    account_emptied,
    account_removed,
    leaving_asked,
    name_changed,
    revision_planned,
    revision_published,
)


class AnnotationsConfig(AppConfig):
    name = "annotations"
    verbose_name = "Annotations and moderation"

    def ready(self) -> None:
        """Listen to the texts and to accounts. The receivers know models, which are there only now."""
        receivers = import_module("annotations.receivers")
        revision_planned.connect(receivers.reanchor, dispatch_uid="reanchor")
        name_changed.connect(receivers.show_anew, dispatch_uid="show_anew")
        leaving_asked.connect(receivers.refuse_leaving, dispatch_uid="refuse_leaving")
        account_emptied.connect(receivers.empty_account, dispatch_uid="empty_account")
        account_removed.connect(receivers.forget_reader, dispatch_uid="forget_reader")
        revision_published.connect(receivers.follow_words, dispatch_uid="follow_words")
        annotation_moved.connect(receivers.follow_move, dispatch_uid="follow_move")
        post_migrate.connect(receivers.seal_log, sender=self, dispatch_uid="seal_log")
        for signal, receive in (
            (pre_save, receivers.before_saving),
            (post_save, receivers.count_anew),
            (pre_delete, receivers.before_deleting),
            (post_delete, receivers.count_anew),
        ):
            signal.connect(receive, sender="reader.User", dispatch_uid=receive.__name__)
