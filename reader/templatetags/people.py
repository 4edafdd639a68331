"""How people are named on pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reader.models import User
from reader.text import direction

register = template.Library()


@register.filter
def linked(person: User) -> SafeString:
    """Give a person's name with the way to what they wrote; the name alone of whose account is closed or gone.

    A name in another script is kept apart from what stands beside it, or a date behind it would be read before it.
    """
    if not person.is_active:
        return format_html("<bdi>{}</bdi>", person)
    return format_html('<a href="{}"><bdi>{}</bdi></a>', person.get_absolute_url(), person)


@register.filter
def isolated(told: object) -> str:
    """Give a name or words for a plain sentence, where no element can keep them apart from it."""
    return direction.isolated(told)


@register.filter
def titled(title: str) -> str:
    """Give the title of a page with each of its parts kept apart from the others."""
    return " · ".join(map(direction.isolated, title.strip().split(" · ")))
