"""Calling on strangers' servers, politely: each in its turn, and only for what it lets robots have.

A server's robots.txt is asked once a run (RFC 9309). Where there is none, everything is open; where the server fails to
give it, or gives one too large to read, nothing is, until it does.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from reader.importing import fetching
from reader.importing.fetching import Answer, FetchError, Internet, Trouble

# The name that a site's robots.txt may call us by.
ROBOT = "Gloss"
# A site that wants longer pauses than this is asked after this.
MOST_PAUSE_SECONDS = 30
MOST_REDIRECTS = 5
# RFC 9309 wants 500 kibibytes to be read at the least.
_ROBOTS_BYTES = 512_000
_KEEP_OUT = ("User-agent: *", "Disallow: /")
# For one question, and for all that one document takes.
_ASK_SECONDS = 10.0
_PATIENCE_SECONDS = 30.0


class Closed(Exception):
    """A server that asked to be left alone, until `until`; nothing more is asked of it in this run."""

    def __init__(self, status: int, until: datetime | None) -> None:
        super().__init__(status)
        self.status = status
        self.until = until


@dataclass
class _Door:
    """What is known of one server."""

    # By the clock of `time.monotonic`.
    opens_at: float = 0.0
    pause: float = 0.0
    robots: RobotFileParser | None = None
    closed: Closed | None = None
    trouble: FetchError | None = None
    has_answered: bool = False


@dataclass
class Caller:
    """Whoever looks at documents for one run. `pause` is between two questions to one server, in seconds."""

    pause: float
    network: Internet | None = None
    _patience: float = _PATIENCE_SECONDS
    _doors: dict[str, _Door] = field(default_factory=dict)

    @property
    def has_any_answered(self) -> bool:
        """Say whether any server answered anything at all."""
        return any(door.has_answered for door in self._doors.values())

    def begin(self) -> None:
        """Begin with another document. How long servers take is counted from here, and our own pauses are not."""
        self._patience = _PATIENCE_SECONDS

    def wait_for(self, address: str) -> float:
        """Give for how many seconds the server at an address is to be left alone yet."""
        return max(self._door(address).opens_at - time.monotonic(), 0.0)

    def closed(self, address: str) -> Closed | None:
        """Give with what the server at an address asked to be left alone, if it did."""
        return self._door(address).closed

    def permits(self, address: str) -> bool:
        """Say whether robots may have what is at an address. Raises Closed, and FetchError where nobody answers."""
        door = self._door(address)
        if door.closed:
            raise door.closed
        if door.robots is None and door.trouble is None:
            self._ask_for_robots(address, door)
        if door.trouble:
            raise door.trouble
        return door.robots is not None and door.robots.can_fetch(ROBOT, address)

    def ask(self, address: str, *, conditions: Mapping[str, str] | None = None) -> Answer:
        """Give what the server answers, when it is its turn. Raises Closed and FetchError."""
        door = self._door(address)
        time.sleep(self.wait_for(address))
        began_at = time.monotonic()
        try:
            return self._asked(address, door, conditions=conditions, seconds=min(_ASK_SECONDS, self._patience))
        finally:
            self._patience -= time.monotonic() - began_at
            door.opens_at = time.monotonic() + max(door.pause, self.pause)

    def _door(self, address: str) -> _Door:
        return self._doors.setdefault(origin(address), _Door())

    def _asked(
        self,
        address: str,
        door: _Door,
        *,
        seconds: float,
        conditions: Mapping[str, str] | None = None,
        most_bytes: int = 5_000_000,
    ) -> Answer:
        if seconds <= 0:
            raise FetchError("It took too long, and was given up.", Trouble.SLOW)
        answer = fetching.ask(
            address, conditions=conditions, most_bytes=most_bytes, seconds=seconds, network=self.network
        )
        door.has_answered = True
        if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
            door.closed = Closed(answer.status, _retry_at(answer.headers.get("retry-after", "")))
            raise door.closed
        return answer

    def _ask_for_robots(self, address: str, door: _Door) -> None:
        """Learn what the server lets robots have, or why that cannot be learnt."""
        try:
            answer = self._robots_at(f"{origin(address)}/robots.txt", door)
        except FetchError as error:
            if error.trouble in {Trouble.NO_SERVER, Trouble.BROKEN, Trouble.SLOW, Trouble.UNTRUSTED}:
                door.trouble = error
                return
            # It is sent where we do not go, or cannot be unpacked: as if there were none.
            answer = None
        if answer is not None and 500 <= answer.status < 600:
            door.trouble = FetchError("The server fails to say what robots may have.", Trouble.UNUSABLE)
            return
        door.robots = _robots(answer)
        door.pause = min(float(door.robots.crawl_delay(ROBOT) or 0), MOST_PAUSE_SECONDS)

    def _robots_at(self, address: str, door: _Door) -> Answer | None:
        """Give the answer at the end of at most five redirects; None when there are more."""
        until = time.monotonic() + _ASK_SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._asked(address, door, seconds=until - time.monotonic(), most_bytes=_ROBOTS_BYTES)
            if not answer.next_address:
                return answer
            address = answer.next_address
        return None


def origin(address: str) -> str:
    """Give what names one server: scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def _robots(answer: Answer | None) -> RobotFileParser:
    """Read what a server says to robots: everything is open where it says nothing, and nothing where it is too long."""
    if answer is not None and not answer.is_whole:
        return _parsed(_KEEP_OUT)
    is_told = answer is not None and answer.is_success
    lines = answer.body.decode("utf-8-sig", "replace").splitlines() if answer is not None and is_told else []
    try:
        return _parsed(lines)
    except ValueError:
        # A path that the library cannot take apart.
        return _parsed(_KEEP_OUT)


def _parsed(lines: Sequence[str]) -> RobotFileParser:
    robots = RobotFileParser()
    robots.parse(lines)
    return robots


def _retry_at(said: str) -> datetime | None:
    """Give the moment that a Retry-After tells, in seconds or as a date; None for anything else."""
    said = said.strip()
    if said.isascii() and said.isdecimal():
        return datetime.now(UTC) + timedelta(seconds=min(int(said[:9]), 365 * 24 * 60 * 60))
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
