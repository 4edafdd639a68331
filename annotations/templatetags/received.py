"""What templates ask of what others did about an annotation."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(found: Mapping[int, Any], key: int) -> Any:  # noqa: ANN401  (whatever the mapping holds)
    """Give what was found for one of several, by its id, or None."""
    return found.get(key)
