"""What this app does when the texts tell it something."""

from annotations import reanchoring
from reader import publishing
from reader.publishing import Tell, WriteBeside


def reanchor(*, plan: publishing.Plan, tell: Tell, **_: object) -> WriteBeside:
    """Follow every annotation into a planned revision, and say how to write that down beside it."""
    return reanchoring.plan(plan, tell=tell).write
