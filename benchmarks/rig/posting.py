"""Post annotations on an article at even intervals, as its readers do: what `benchmarks.polling` runs.

First says in a line what open pages of it know, and gives sessions of readers who are signed in. Then posts whenever
a line comes on standard input, until that ends.
"""

import json
import os
import sys
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reader.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from annotations import annotating, margin  # noqa: E402
from reader.models import Article, User  # noqa: E402

_SESSIONS = 20


def main() -> None:
    article = Article.objects.with_revision().get(slug=sys.argv[1])
    assert article.current_revision is not None
    readers = list(User.objects.order_by("pk")[: _SESSIONS + 1])
    reading = margin.read(article)
    said = {
        "revision": article.current_revision.pk,
        "activity": reading.article.activity,
        "newest": reading.newest,
        "cookies": [f"{settings.SESSION_COOKIE_NAME}={_session(reader)}" for reader in readers[1:]],
    }
    print(json.dumps(said), flush=True)
    blocks = [row.paragraph for row in reading.rows if row.paragraph.is_numbered]
    for number, _ in enumerate(sys.stdin):
        target = annotating.Target(
            revision_number=article.current_revision.number, paragraph=blocks[number % len(blocks)]
        )
        annotating.attach(
            article=article,
            creator=readers[0],
            kind="note",
            target=target,
            body=f"A remark made while everybody was reading, number {number}.",
            token=uuid.uuid4(),
        )
        print("posted", flush=True)


def _session(reader: User) -> str:
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
