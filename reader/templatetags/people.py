"""How people are named on pages."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from reader.models import User

register = template.Library()


@register.filter
def linked(person: User) -> SafeString:
    """Give a person's name with the way to what they wrote; the name alone of whose account is closed or gone.

    A name in another script is kept apart from what stands beside it, or a date behind it would be read before it.
    """
    if not person.is_active:
        return conditional_escape(str(person))
    return format_html('<a href="{}"><bdi>{}</bdi></a>', person.get_absolute_url(), person)
