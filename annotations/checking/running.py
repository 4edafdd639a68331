"""One run of the check: what is due, in an order that leaves each server time, until there is no more of it or of time.

A document is taken by moving its next look an hour away, so that of two runs at once only one looks at it, and so that
a run that was killed leaves nothing behind but an hour. No transaction is open while a server is asked.
"""

import heapq
import logging
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from annotations import addresses
from annotations.checking import archives
from annotations.checking.calling import Caller, origin
from annotations.checking.findings import Finding, look
from annotations.checking.recording import record
from annotations.models import Document, Source
from reader.importing.fetching import Internet

logger = logging.getLogger(__name__)

# Between two questions to one server. Crawlers that nobody minds take one to ten.
PAUSE_SECONDS = 2.0
_TAKEN_FOR = timedelta(hours=1)
_LEAST_LEFT_ALONE, _LEFT_ALONE, _MOST_LEFT_ALONE = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
# When so many servers were asked and none answered, it is rather us who are cut off.
_CUT_OFF_SERVERS = 3
# An archive that fails so often in a row is left alone until the next run.
_MOST_UNANSWERED = 3

Obstacle, Status = Document.Obstacle, Document.Status

_WORDS = {
    Status.ALIVE.value: "there",
    Status.MOVED.value: "moved",
    Status.CHANGED.value: "changed",
    Status.DEAD.value: "no longer there",
    Status.BLOCKED.value: "not to be checked",
    "": "not found, to be looked at again",
}


@dataclass
class Report:
    """What a run did. `found` counts addresses by what they came to."""

    found: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    is_unfinished: bool = False
    is_cut_off: bool = False

    def __str__(self) -> str:
        number = self.found.total()
        said = ", ".join(f"{self.found[key]} {words}" for key, words in _WORDS.items() if self.found[key])
        sentences = [f"Looked at {number} address{'' if number == 1 else 'es'}{f': {said}' if said else ''}."]
        if self.copies:
            sentences.append(f"Found {self.copies} archived cop{'y' if self.copies == 1 else 'ies'}.")
        if self.is_cut_off:
            sentences.append("No server answered, so this machine seems to be cut off; nothing was counted as missing.")
        if self.is_unfinished:
            sentences.append("More is due: the next run goes on.")
        return " ".join(sentences)


def run(
    *, most: int = 500, seconds: float = 600, pause: float = PAUSE_SECONDS, network: Internet | None = None
) -> Report:
    """Look at what is due, `most` addresses at the most, and begin with none when `seconds` are over.

    `pause` is between two questions to one server, in seconds.
    """
    return _Run(most, time.monotonic() + seconds, Caller(pause=pause, network=network)).done()


@dataclass(frozen=True)
class _Errand:
    """A document to look at, by its name, and the address for it that readers gave."""

    name: str
    address: str


@dataclass
class _Run:
    most: int
    # By the clock of `time.monotonic`.
    until: float
    caller: Caller
    report: Report = field(default_factory=Report)
    # What was not found while no server at all has answered.
    held: list[tuple[_Errand, Sequence[Document], Finding]] = field(default_factory=list)

    def done(self) -> Report:
        for errand in self._in_turn(_errands(self.most + 1)):
            with _minding(errand.name):
                self._visit(errand)
        self._release()
        if settings.ARCHIVE_SEARCH:
            self._seek_copies()
        return self.report

    def _in_turn(self, errands: Sequence[_Errand]) -> Iterator[_Errand]:
        """Give one errand after the other, always of the server that has been left alone for long enough."""
        self.report.is_unfinished = len(errands) > self.most
        waiting: dict[str, deque[_Errand]] = defaultdict(deque)
        for errand in errands[: self.most]:
            waiting[origin(errand.address)].append(errand)
        turns = [(0.0, turn, server) for turn, server in enumerate(waiting)]
        while turns:
            at, turn, server = heapq.heappop(turns)
            if max(at, time.monotonic()) >= self.until:
                self.report.is_unfinished = True
                return
            time.sleep(max(at - time.monotonic(), 0))
            errand = waiting[server].popleft()
            yield errand
            if closed := self.caller.closed(errand.address):
                _put_off([left.name for left in waiting[server]], closed.until)
            elif waiting[server]:
                heapq.heappush(turns, (time.monotonic() + self.caller.wait_for(errand.address), turn, server))

    def _visit(self, errand: _Errand) -> None:
        documents = _taken(errand.name)
        if not documents:
            return
        finding = look(errand.address, name=errand.name, conditions=_conditions(documents), caller=self.caller)
        if finding.obstacle in {Obstacle.NO_SERVER, Obstacle.NO_ANSWER} and not self.caller.has_any_answered:
            self.held.append((errand, documents, finding))
            return
        if self.caller.has_any_answered:
            self._release()
        self._record(documents, finding)

    def _release(self) -> None:
        """Record what was held back, unless nobody has answered of many."""
        servers = {origin(errand.address) for errand, _, _ in self.held}
        self.report.is_cut_off = len(servers) >= _CUT_OFF_SERVERS and not self.caller.has_any_answered
        if not self.report.is_cut_off:
            for _, documents, finding in self.held:
                self._record(documents, finding)
        self.held.clear()

    def _record(self, documents: Sequence[Document], finding: Finding) -> None:
        now, status = timezone.now(), ""
        for document in documents:
            # It may have gone with its article.
            with suppress(ObjectDoesNotExist):
                status = record(document.pk, finding, now)
        is_sure = not finding.obstacle or status in {Status.DEAD, Status.BLOCKED}
        self.report.found[status if is_sure else ""] += 1

    def _seek_copies(self) -> None:
        lost = list(Document.objects.wanting_a_copy().order_by("id")[: self.most])
        cited = _cited({document.canonical_url for document in lost})
        unanswered = 0
        for document in lost:
            if time.monotonic() >= self.until or unanswered >= _MOST_UNANSWERED:
                return
            source = cited.get(document.canonical_url)
            if source is None:
                continue
            time.sleep(self.caller.pause)
            try:
                self.report.copies += archives.seek(
                    document,
                    service=settings.ARCHIVE_SEARCH,
                    address=_original(source),
                    cited_at=source.annotation.created_at,
                    network=self.caller.network,
                )
                unanswered = 0
            except archives.Unanswered:
                unanswered += 1


@contextmanager
def _minding(name: str) -> Iterator[None]:
    """Log what we stumble over, so that one strange page does not keep all others from being looked at."""
    try:
        yield
    except DatabaseError:
        raise
    except Exception:
        logger.exception("%s could not be looked at", name)


def _errands(most: int) -> list[_Errand]:
    """Give what is due, the longest due first, each document once."""
    due = Document.objects.due(timezone.now()).order_by(F("check_after").asc(nulls_first=True), "id")
    names = list(islice(dict.fromkeys(due.values_list("canonical_url", flat=True)), most))
    cited = _cited(names)
    return [_Errand(name, _original(cited[name])) for name in names if name in cited]


def _cited(names: Iterable[str]) -> dict[str, Source]:
    """Give for each document the citation with the plainest of the addresses that readers gave for it."""
    sources = Source.objects.published().filter(document__canonical_url__in=list(names))
    found: dict[str, Source] = {}
    for source in sorted(sources.select_related("document", "annotation"), key=_plainness, reverse=True):
        found[source.document.canonical_url] = source
    return found


def _plainness(source: Source) -> tuple[bool, int, int]:
    address = _original(source)
    return not address.lower().startswith("https:"), len(address), source.pk


def _original(source: Source) -> str:
    """Give the address that is fetched: as a reader gave it, and of a copy in an archive that of its original."""
    return addresses.original(source.url)


def _taken(name: str) -> list[Document]:
    """Take the documents of this name that are still due, so that nobody else looks at them now."""
    now = timezone.now()
    with transaction.atomic():
        due = Document.objects.due(now).filter(canonical_url=name)
        taken = list(due.select_for_update(of=("self",), no_key=True).order_by("id"))
        Document.objects.filter(pk__in=[each.pk for each in taken]).update(check_after=now + _TAKEN_FOR)
    return taken


def _put_off(names: Sequence[str], until: datetime | None) -> None:
    """Leave documents alone whose server asked for it; nothing is counted against them."""
    now = timezone.now()
    wanted = until or now + _LEFT_ALONE
    check_after = min(max(wanted, now + _LEAST_LEFT_ALONE), now + _MOST_LEFT_ALONE)
    ids = list(Document.objects.due(now).filter(canonical_url__in=names).values_list("pk", flat=True))
    Document.objects.filter(pk__in=ids).update(check_after=check_after)


def _conditions(documents: Sequence[Document]) -> dict[str, str]:
    """Give headers that ask for the document only if it is not what all of these rows know."""
    first = documents[0]
    known = {(each.etag, each.last_modified, each.content_hash) for each in documents}
    if len(known) > 1 or not first.content_hash:
        return {}
    told = {"If-None-Match": first.etag, "If-Modified-Since": first.last_modified}
    return {name: value for name, value in told.items() if value}
