"""Keys that tell nobody what they are made of, for what is counted by address."""

import hashlib
import hmac

from django.conf import settings


def keyed(text: str) -> str:
    """Give 32 hexadecimal digits that only this site can make of a text: without its secret, trying all is no use."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Give the key under which the cache keeps something. Limits of allauth's have addresses and names in theirs."""
    return keyed(f"{key_prefix}:{version}:{key}")
