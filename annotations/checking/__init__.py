"""Checking documents: whether what readers cite is still there, and still what it was.

A timer does it, and never a page. The servers are asked politely, a bounded number of addresses in a bounded time, each
once, however many articles it is cited beside. Why so, and what comes to what: docs/decisions/checking.md.
"""

from annotations.checking.running import PAUSE_SECONDS, Report, run

__all__ = ["PAUSE_SECONDS", "Report", "run"]
