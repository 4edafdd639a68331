"""What a suspension keeps a reader from: the table in docs/moderating.md, walked act by act."""

import importlib
import inspect
import pkgutil
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

import annotations
from annotations import (
    annotating,
    appealing,
    archiving,
    asking,
    minds,
    moderating,
    placing,
    positions,
    rating,
    reporting,
    resolving,
    restating,
    restraining,
    stories,
    verdicts,
)
from annotations.accepting import NotAccepted
from annotations.models import Document, Suspension
from annotations.moving import Refused
from reader.models import User
from tests.factories import (
    anchor_of,
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_resolution,
    make_restatement,
    make_source,
    make_target,
)

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "moderating.md"
NONE = "nothing of it"
# What moderators and editors do, what only looks, and what acts are made of.
NO_ACTS_OF_READERS = {"holding", "judging", "moderating", "pacing", "restraining", "vetting", "waiting"}
NO_ACT_OF_READERS = {"archiving.offered", "placing.set_by_hand", "resolving.resolve", "restating.remove"}

Act = Callable[[Mapping[str, Any], User], Any]


def told() -> dict[str, str]:
    """Read the table: each act with what who is suspended from it may not do it for."""
    part = DOCUMENT.read_text(encoding="utf-8").partition("### Suspensions")[2].partition("\n### ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
    return {name: scope for scope, names in rows[2:] for name in re.findall(r"`([^`]+)`", names)}


def acts() -> Iterator[str]:
    """Give the name of every act that a reader does: what has to know by whom it is done."""
    for found in pkgutil.iter_modules(annotations.__path__):
        if found.ispkg or found.name in NO_ACTS_OF_READERS:
            continue
        module = importlib.import_module(f"annotations.{found.name}")
        for name, act in inspect.getmembers(module, inspect.isfunction):
            is_own = act.__module__ == module.__name__ and not name.startswith("_")
            told = inspect.signature(act).parameters
            if is_own and any(who in told and told[who].annotation is User for who in ("by", "creator")):
                yield f"{found.name}.{name}"


@pytest.fixture
def scene() -> Mapping[str, Any]:
    """Give a reader, and what they and another wrote."""
    article, reader, other, moderator = make_article(), make_reader(), make_reader(), make_moderator()
    source = make_annotation(article=article, creator=other, kind="source")
    second = make_annotation(
        article=article, creator=other, kind="source", sources=[make_source(url="https://example.net/count")]
    )
    question = make_annotation(article=article, creator=other, kind="question")
    own_question = make_annotation(article=article, creator=reader, kind="question", exact="The toll")
    asking.join(question=question, by=reader)
    hidden = make_annotation(article=article, creator=reader)
    moderating.hide(annotation=hidden, by=moderator, rule="attack", reason="An insult.")
    withdrawn = make_annotation(article=article, creator=reader)
    annotating.withdraw(annotation=withdrawn, by=reader)
    dispute = make_annotation(article=article, creator=reader, kind="disagreement")
    return {
        "article": article,
        "reader": reader,
        "moderator": moderator,
        "words": make_annotation(article=article, creator=other),
        "own": make_annotation(article=article, creator=reader, exact="1990"),
        "source": source.sources.get(),
        "cited": source,
        "documents": list(Document.objects.order_by("pk")),
        "second": second,
        "question": question,
        "unasked": make_annotation(article=article, creator=other, kind="question", exact="1990"),
        "own_question": own_question,
        "answer": asking.answer(question=question, annotation=second, by=other),
        "hidden": hidden,
        "withdrawn": withdrawn,
        "resolution": make_resolution(of=dispute, by=make_editor()),
        "restatement": make_restatement(of=dispute, by=other),
    }


def _attach(scene: Mapping[str, Any], by: User, *, act: Any = annotating.attach, **further: Any) -> None:
    target = make_target(article=scene["article"])
    what = {"article": scene["article"], "creator": by, "kind": "source", "target": target, "body": "Words."}
    act(**what, token=uuid.uuid4(), sources=[make_source()], **further)


def _confirm(scene: Mapping[str, Any], by: User) -> None:
    anchor = anchor_of(scene["own"])
    type(anchor).objects.filter(pk=anchor.pk).update(status="changed")
    placing.confirm(annotation=scene["own"], by=by, seen=anchor_of(scene["own"]).key)


def _say(scene: Mapping[str, Any], by: User) -> None:
    first, second = scene["documents"]
    stories.say(document=first, other=second.pk, by=by, is_same=True)


def _judge(scene: Mapping[str, Any], by: User) -> None:
    said = scene["restatement"]
    restating.judge(restatement=said, by=by, judgement="fair", seen=said.key)


ACTS: Mapping[str, Act] = {
    "annotating.attach": _attach,
    "annotating.reply": lambda scene, by: make_reply(parent=scene["words"], creator=by),
    "annotating.edit": lambda scene, by: annotating.edit(annotation=scene["own"], by=by, version=1, body="Better."),
    "annotating.withdraw": lambda scene, by: annotating.withdraw(annotation=scene["own"], by=by),
    "annotating.reinstate": lambda scene, by: annotating.reinstate(annotation=scene["withdrawn"], by=by),
    "appealing.appeal": lambda scene, by: appealing.appeal(annotation=scene["hidden"], by=by, words="A quotation."),
    "archiving.give": lambda scene, by: archiving.give(
        source=scene["source"], by=by, url=f"https://web.archive.org/web/2026/{scene['source'].url}"
    ),
    "archiving.take_away": lambda scene, by: archiving.take_away(source=scene["source"], by=by),
    "asking.accept": lambda scene, by: asking.accept(given=scene["answer"], by=by),
    "asking.answer": lambda scene, by: asking.answer(question=scene["question"], annotation=scene["cited"], by=by),
    "asking.ask": lambda scene, by: asking.ask(
        article=scene["article"],
        by=by,
        target=make_target(article=scene["article"], exact="1990"),
        token=uuid.uuid4(),
    ),
    "asking.attach": lambda scene, by: _attach(scene, by, act=asking.attach, answers=[scene["question"].pk]),
    "asking.decline": lambda scene, by: asking.decline(given=scene["answer"], by=by),
    "asking.join": lambda scene, by: asking.join(question=scene["unasked"], by=by),
    "asking.take_back": lambda scene, by: asking.take_back(question=scene["question"], by=by),
    "minds.change": lambda scene, by: minds.change(annotation=scene["words"], by=by),
    "minds.unchange": lambda scene, by: minds.unchange(annotation=scene["words"], by=by),
    "placing.confirm": _confirm,
    "positions.leave": lambda scene, by: positions.leave(annotation=scene["words"], by=by),
    "positions.take": lambda scene, by: positions.take(annotation=scene["words"], by=by, is_agreeing=True),
    "rating.rate": lambda scene, by: rating.rate(annotation=scene["words"], by=by, value="helpful", reasons=["clear"]),
    "rating.take_back": lambda scene, by: rating.take_back(annotation=scene["words"], by=by),
    "reporting.report": lambda scene, by: reporting.report(annotation=scene["words"], by=by, reason="spam"),
    "resolving.settle": lambda scene, by: resolving.settle(resolution=scene["resolution"], by=by, is_settling=True),
    "restating.answer": lambda scene, by: restating.answer(
        parent=scene["words"], creator=by, body="And?", token=uuid.uuid4(), restatement="You say so."
    ),
    "restating.judge": _judge,
    "restating.restate": lambda scene, by: restating.restate(annotation=scene["words"], by=by, body="You say so."),
    "restating.take_back": lambda scene, by: restating.take_back(annotation=scene["words"], by=by),
    "stories.say": _say,
    "stories.take_back": lambda scene, by: stories.take_back(
        document=scene["documents"][0], other=scene["documents"][1].pk, by=by
    ),
    "verdicts.give": lambda scene, by: verdicts.give(source=scene["source"], by=by, verdict="supports"),
    "verdicts.take_back": lambda scene, by: verdicts.take_back(source=scene["source"], by=by),
}


def test_every_act_of_readers_stands_in_the_table_and_is_tried_here() -> None:
    assert set(acts()) - NO_ACT_OF_READERS == set(told()) == set(ACTS)


def test_each_suspension_stops_what_the_table_says_and_nothing_else(scene: Mapping[str, Any]) -> None:
    assert {name: stopped_by(act, scene) for name, act in ACTS.items()} == told()


def stopped_by(act: Act, scene: Mapping[str, Any]) -> str:
    """Say from what a reader is suspended who may not do it. All that happens is undone."""
    assert not is_stopped(act, scene)
    stopping = [scope for scope in Suspension.Scope.values if is_stopped(act, scene, scope=scope)]
    return ", ".join(stopping) or NONE


def is_stopped(act: Act, scene: Mapping[str, Any], *, scope: str = "") -> bool:
    until = timezone.now() + timedelta(days=1)
    with transaction.atomic():
        reader = User.objects.get(pk=scene["reader"].pk)
        if scope:
            restraining.suspend(reader=reader, by=scene["moderator"], scope=scope, until=until, reason="Insults.")
        try:
            act(scene, reader)
        except (NotAccepted, Refused) as refusal:
            if not scope or "has suspended your account" not in refusal.message:
                raise
            return True
        finally:
            transaction.set_rollback(True)
    return False
