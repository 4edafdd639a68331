"""Tell Django about the app of everything written about a text."""

from importlib import import_module

from django.apps import AppConfig

from reader.signals import revision_planned


class AnnotationsConfig(AppConfig):
    name = "annotations"
    verbose_name = "Annotations and moderation"

    def ready(self) -> None:
        """Listen to the texts. The receivers know models, which are there only now."""
        receivers = import_module("annotations.receivers")
        revision_planned.connect(receivers.reanchor, dispatch_uid="reanchor")
