"""What pages tell search engines and shared links about themselves."""

import json
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from reader.models import Article, Revision

register = template.Library()

# In a script element these would end it, or begin a comment; as escapes they mean the same to whoever reads the data.
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


@register.simple_tag(takes_context=True)
def absolute(context: Context, path: str) -> str:
    """Give a path with the scheme and host it was asked for under."""
    address: str = context["request"].build_absolute_uri(path)
    return address


@register.simple_tag(takes_context=True)
def article_data(context: Context) -> SafeString:
    """Give the article in schema.org's words, as a block of data: browsers run nothing of it."""
    data = _article(context, context["article"], context["revision"])
    escaped = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{escaped}</script>')  # noqa: S308  (escaped above)


def _article(context: Context, article: Article, revision: Revision) -> dict[str, Any]:
    address = absolute(context, article.get_absolute_url())
    first_published = article.published_on or article.published_at
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "mainEntityOfPage": address,
        "url": address,
        "headline": revision.title,
        "description": context.get("description", ""),
        "inLanguage": article.language,
        "image": absolute(context, reverse("card", args=[article.slug])),
        "datePublished": f"{first_published:%Y-%m-%d}" if first_published else "",
        "dateModified": f"{revision.created_at:%Y-%m-%d}",
        "author": _named("Person", revision.byline),
        "publisher": _named("Organization", article.publisher),
        "isBasedOn": article.original_url,
    }
    return {name: value for name, value in data.items() if value}


def _named(kind: str, name: str) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None
