"""Tell Django about the app of people and texts."""

from django.apps import AppConfig


class ReaderConfig(AppConfig):
    name = "reader"
    verbose_name = "Texts and people"
