"""What feed readers fetch."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from annotations import logbook
from annotations.logbook import Line


class LogFeed(Feed[Line, None]):
    """The public log, the newest decisions first."""

    feed_type = Atom1Feed
    title = "Moderation log · Gloss"
    subtitle = "What moderators and the rules of the site decided about what readers wrote."
    link = reverse_lazy("moderation-log")

    def items(self) -> Sequence[Line]:
        return logbook.latest()

    def item_title(self, item: Line) -> str:
        return item.title

    def item_description(self, item: Line) -> str:
        """Give what it is about, in plain words: those of the text, and none of its reader's."""
        words = f"“{item.words}”" if item.words else ""
        text = f"in {item.article}" if item.article else ""
        undone = "Undone since." if item.undone_at else ""
        undoes = f"It was: {item.undoes.lower()}." if item.undoes else ""
        return " ".join(filter(None, (item.about, item.details, words, text, undoes, undone)))

    def item_link(self, item: Line) -> str:
        return item.address

    def item_author_name(self, item: Line) -> str:
        return item.by

    def item_pubdate(self, item: Line) -> datetime:
        return item.at

    def item_updateddate(self, item: Line) -> datetime:
        return item.undone_at or item.at

    def item_categories(self, item: Line) -> Sequence[str]:
        return [item.rule] if item.rule else []
