"""Who writes and what is there, asked of the database itself: what `benchmarks.durability` runs.

    python -m benchmarks.rig.writing SLUG

Says in a line who is signed in and where they write; and after a line on standard input, how often each body is there.
"""

import json
import os
import sys
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reader.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from annotations.models import Annotation  # noqa: E402
from reader.models import Article, User  # noqa: E402

WRITERS = 8


def main() -> None:
    article = Article.objects.with_revision().get(slug=sys.argv[1])
    assert article.current_revision is not None
    numbered = [block.name for block in article.current_revision.paragraphs.all() if block.is_numbered]
    readers = User.objects.filter(is_superuser=False).order_by("pk")[:WRITERS]
    said = {
        "revision": article.current_revision.number,
        "blocks": numbered,
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": [_session(reader) for reader in readers],
    }
    print(json.dumps(said), flush=True)
    connection.close()
    sys.stdin.readline()
    bodies = Annotation.objects.filter(body__startswith="Durable ").values_list("body", flat=True)
    print(json.dumps(Counter(bodies)), flush=True)


def _session(reader: User) -> str:
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
