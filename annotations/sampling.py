"""The first article with its sample reading, so that a new installation shows what Gloss is for.

The samples belong to accounts whose names say so. Doing it again adds only what is missing.
"""

import json
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from annotations import accepting, annotating, asking, positions, verdicts
from annotations.models import Annotation, Position
from reader import publishing
from reader.importing import extraction
from reader.models import Article, User
from reader.text.spans import Span

SLUG = "china-cutting-cooperation-with-the-us"

_ARTICLE = Path(publishing.__file__).parent / "data" / "first-article.txt"
_READING = Path(__file__).parent / "data" / "first-reading.json"
# Each sample has its own token, made from its number, so that it is attached once.
_NAMESPACE = uuid.UUID("6f1c2a52-6d0e-4d0c-9d0b-3a1f3f6f2b11")


def ensure() -> Article:
    """Give the first article with every sample annotation in its place, made now where it was missing."""
    with transaction.atomic():
        article = Article.objects.with_revision().filter(slug=SLUG).first() or _publish()
        samples = json.loads(_READING.read_text(encoding="utf-8"))
        tokens = [uuid.uuid5(_NAMESPACE, str(number)) for number in range(len(samples))]
        made = {sample.token: sample for sample in Annotation.objects.on(article).filter(token__in=tokens)}
        for token, sample in zip(tokens, samples, strict=True):
            if token not in made:
                made[token] = _add(article, sample, token, made, tokens)
            _respond(article, sample, made[token])
    return article


def _publish() -> Article:
    return publishing.publish(
        extraction.from_plain_text(_ARTICLE.read_text(encoding="utf-8")),
        slug=SLUG,
        publisher="The Epoch Times",
        original_url=(
            "https://www.theepochtimes.com/"
            "china-cutting-cooperation-with-the-us-on-illegal-immigration-shows-its-two-faced_4673654.html"
        ),
    )


def _add(
    article: Article,
    sample: dict[str, Any],
    token: uuid.UUID,
    made: dict[uuid.UUID, Annotation],
    tokens: list[uuid.UUID],
) -> Annotation:
    creator = _account(sample["creator"])
    if "answers" in sample:
        parent = made[tokens[sample["answers"]]]
        return annotating.reply(parent=parent, creator=creator, body=sample["says"], token=token)
    return annotating.attach(
        article=article,
        creator=creator,
        kind=sample["kind"],
        target=_target(article, sample),
        body=sample["says"],
        token=token,
        sources=[_source(sample)] if "url" in sample else [],
        grounds=sample.get("grounds", ""),
        would_change_my_mind=sample.get("would_change_my_mind", ""),
    )


def _respond(article: Article, sample: dict[str, Any], annotation: Annotation) -> None:
    """Add what other samples say of one, where there is still something to say it of."""
    if not (article.is_open and annotation.is_published):
        return
    source = annotation.sources.first()
    for username, verdict in sample.get("verdicts", {}).items():
        reader = _account(username)
        if source and verdicts.given_by(reader, source) is None:
            verdicts.give(source=source, by=reader, verdict=verdict)
    for username, position in sample.get("positions", {}).items():
        reader = _account(username)
        if not Position.objects.filter(annotation=annotation, reader=reader).exists():
            positions.take(annotation=annotation, by=reader, is_agreeing=position == "agrees")
    for username in sample.get("asked_too", []):
        if not annotation.is_settled:
            asking.join(question=annotation, by=_account(username))


def _account(username: str) -> User:
    existing = User.objects.filter(username=username).first()
    return existing or User.objects.create_user(username, is_sample=True)


def _target(article: Article, sample: dict[str, Any]) -> annotating.Target:
    revision = article.current_revision
    assert revision is not None  # noqa: S101  (just published)
    paragraph = revision.paragraphs.get(name=f"p{sample['paragraph']}")
    start = paragraph.start + paragraph.text.index(sample["exact"])
    return annotating.Target(
        revision_number=revision.number,
        span=Span(start, start + len(sample["exact"])),
        exact=sample["exact"],
    )


def _source(sample: dict[str, Any]) -> accepting.SourceDraft:
    published_on = sample.get("published_on")
    return accepting.SourceDraft(
        url=sample["url"],
        stance=sample["stance"],
        title=sample["title"],
        publisher=sample["publisher"],
        published_on=date.fromisoformat(published_on) if published_on else None,
        locator=sample["locator"],
    )
