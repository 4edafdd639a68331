"""Every address of the site map, so that a test walks a new one without naming it."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver

# What a path asks for: `<slug:slug>` in Django's own way, `(?P<key>[-:\w]+)` in that of other applications.
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)")
# What is left of a path that is an expression.
_EXPRESSION = re.compile(r"[\^$]|\\Z")


def patterns() -> list[str]:
    """Give the path of each address as the site map has it, without its first slash."""
    return list(_patterns(get_resolver(), ""))


def addresses(values: Mapping[str, str], *, otherwise: str = "1") -> Iterator[str]:
    """Give an address of each page, its parameters filled with these values.

    A value stands under what the path begins with and the parameter's name, as in "annotations.pk", or under the name
    alone; what is named nowhere is filled with `otherwise`.
    """
    for pattern in patterns():
        first = pattern.partition("/")[0]

        def value(found: re.Match[str], first: str = first) -> str:
            name = found[1] or found[2]
            return values.get(f"{first}.{name}", values.get(name, otherwise))

        # An expression is of use to the resolver alone, and its marks are no part of an address.
        yield "/" + _PARAMETER.sub(value, _EXPRESSION.sub("", pattern))


def _patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield path
        else:
            yield from _patterns(each, path)
