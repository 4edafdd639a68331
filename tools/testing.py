"""`make test` and its parts: set up what they need, run them all, and say at the end how each went."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tools import environment, nu

ROOT = environment.ROOT
BIN = environment.VENV / "bin"
OLDEST_NODE = 20
# Two hosts' worth of parallelism is as much as a small machine has.
PARALLEL = ("-n", "2")

PRODUCTION = {
    "ALLOWED_HOSTS": "gloss.example.org",
    "SECRET_KEY": "only to see that production would start, and as long as a real one: 3f9b1c7d5e",
    "EMAIL_URL": "submission://gloss:password@mail.example.org:587",
}


class Outcome(NamedTuple):
    """How a stage went. `counts` has what its runners counted: passed, failed, skipped, error."""

    is_good: bool
    counts: Counter[str]
    reason: str = ""


def main(stages: list[str]) -> int:
    environment.ensure(environment.RUNNING, environment.TESTING)
    outcomes: dict[str, tuple[Outcome, float]] = {}
    for stage in stages:
        print(f"\n━━━ {stage} ━━━", flush=True)
        started_at = time.monotonic()
        outcomes[stage] = STAGES[stage](), time.monotonic() - started_at
    return _conclude(outcomes)


def _conclude(outcomes: Mapping[str, tuple[Outcome, float]]) -> int:
    print("\n━━━ In short ━━━")
    total: Counter[str] = Counter()
    for stage, (outcome, seconds) in outcomes.items():
        total += outcome.counts
        counted = ", ".join(f"{number} {word}" for word, number in outcome.counts.items())
        words = " · ".join(filter(None, ("good" if outcome.is_good else "BAD", counted, outcome.reason)))
        print(f"{stage:<12} {seconds:6.1f} s  {words}")
    bad = sum(not outcome.is_good for outcome, _ in outcomes.values())
    failed = max(total["failed"] + total["error"], bad)
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped", flush=True)
    return 1 if bad else 0


def lint() -> Outcome:
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    with tempfile.TemporaryDirectory() as var:
        local = {"VAR_DIR": var, "DATABASE_URL": f"sqlite:///{var}/gloss.sqlite3"}
        checks = {
            "ruff check": _ends_well(BIN / "ruff", "check", "--quiet"),
            "ruff format": _ends_well(BIN / "ruff", "format", "--check", "--quiet"),
            "djade": _ends_well(BIN / "djade", "--check", "--target-version", "5.2", *templates),
            "import-linter": _ends_well(BIN / "lint-imports", "--no-logo"),
            "mypy": _ends_well(BIN / "mypy", **local),
            "makemigrations": _ends_well(
                BIN / "python", "manage.py", "makemigrations", "--check", "--dry-run", **local
            ),
            "check --deploy": _ends_well(
                BIN / "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **local, **PRODUCTION
            ),
        }
    bad = [name for name, is_good in checks.items() if not is_good]
    return Outcome(not bad, Counter(), f"not content: {', '.join(bad)}" if bad else f"{len(checks)} checks")


def unit() -> Outcome:
    return _pytest("tests/unit", *PARALLEL)


def integration() -> Outcome:
    """Run the same tests on both databases, and those that start whole programs once and by themselves."""
    print("Whole programs", flush=True)
    machine = _pytest("tests/integration", "-m", "machine", DATABASE_URL="")
    print("On SQLite", flush=True)
    embedded = _pytest("tests/integration", "-m", "not machine", *PARALLEL, DATABASE_URL="")
    with _postgresql() as address:
        if not address:
            return _without("PostgreSQL", _both(machine, embedded))
        print("On PostgreSQL", flush=True)
        served = _pytest("tests/integration", "-m", "not machine", *PARALLEL, DATABASE_URL=address)
    return _both(_both(machine, embedded), served)._replace(reason="on SQLite and on PostgreSQL")


def _both(first: Outcome, second: Outcome) -> Outcome:
    return Outcome(first.is_good and second.is_good, first.counts + second.counts)


def markup() -> Outcome:
    if not nu.find():
        return _without("Nu Html Checker", Outcome(is_good=True, counts=Counter()))
    return _pytest("tests/markup", DATABASE_URL="")


def javascript() -> Outcome:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/javascript").glob("**/*.test.js"))
    if not files:
        return Outcome(is_good=False, counts=Counter(), reason="no tests in tests/javascript/*.test.js")
    is_good, output = _run(_node(), "--test", "--test-reporter=spec", *files)
    named = {"pass": "passed", "fail": "failed", "skipped": "skipped", "todo": "skipped"}
    found = re.findall(r"^ℹ (pass|fail|skipped|todo) (\d+)$", output, re.MULTILINE)
    counts = Counter[str]()
    for word, number in found:
        counts[named[word]] += int(number)
    counts = +counts
    return Outcome(is_good and counts["passed"] > 0 and not (environment.CI and counts["skipped"]), counts)


def browser() -> Outcome:
    found = subprocess.run(
        [BIN / "python", "-m", "tools.chromium"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    *notes, chromium = found.stdout.splitlines() or [""]
    print("\n".join(notes), flush=True)
    if not chromium:
        return _without("Chromium", Outcome(is_good=True, counts=Counter()))
    return _pytest("tests/browser", *PARALLEL, CHROMIUM=chromium)


def _without(thing: str, so_far: Outcome) -> Outcome:
    """Give what becomes of a stage when something that it needs cannot be had: a failure where all must run."""
    return so_far._replace(
        is_good=so_far.is_good and not environment.CI, reason=f"no {thing} to be had, so not all was run"
    )


@contextmanager
def _postgresql() -> Iterator[str]:
    """Give the address of a PostgreSQL: the one named, else one for this once, else nothing."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield named
        return
    command = [str(environment.PYTHON), "-W", "ignore", "-m", "tools.postgresql"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        # Its standard input ends here, and with it the server.


def _node() -> str | Path:
    node = shutil.which("node")
    if node:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        number = re.match(r"v(\d+)", version)
        if number and int(number[1]) >= OLDEST_NODE:
            return node
    # Playwright brings one along.
    return next(environment.VENV.glob("lib/python*/site-packages/playwright/driver/node"))


def _pytest(*arguments: str, **variables: str) -> Outcome:
    is_good, output = _run(BIN / "python", "-m", "pytest", *arguments, **variables)
    summaries = re.findall(r"^=+ (.*?) in [\d.]+s.*=+$", output, re.MULTILINE)
    counts = Counter[str]()
    for number, word in re.findall(r"(\d+) (passed|failed|skipped|error)", summaries[-1] if summaries else ""):
        counts[word] += int(number)
    return Outcome(is_good, counts)


def _ends_well(program: Path, *arguments: str, **variables: str) -> bool:
    print(f"→ {program.name} {' '.join(argument for argument in arguments if '.html' not in argument)}", flush=True)
    return _run(program, *arguments, **variables)[0]


def _run(program: str | Path, *arguments: str, **variables: str) -> tuple[bool, str]:
    """Run to the end, showing what it says as it says it; give whether it ended well, and what it said."""
    said = []
    with subprocess.Popen(
        [program, *arguments],
        cwd=ROOT,
        env=_variables(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            said.append(line)
    return process.returncode == 0, "".join(said)


def _variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Give the environment with these variables; an empty one is taken out."""
    return {name: value for name, value in (os.environ | dict(variables)).items() if value or name not in variables}


STAGES: dict[str, Callable[[], Outcome]] = {
    stage.__name__: stage for stage in (lint, unit, integration, markup, javascript, browser)
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
