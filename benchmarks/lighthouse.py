"""What does Lighthouse say of the first article's page, as a phone and as a desk get it?

    python -m benchmarks.lighthouse [--times 3]

Lighthouse imitates a slow phone and a slow network for the first. Performance differs from run to run, so its middle
is told; of the other categories the worst. It comes from the npm registry and wants Node.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.rig import serving
from tools import chromium, npm

FOLDER = Path(__file__).parent
PROGRAM = FOLDER / "node_modules" / ".bin" / "lighthouse"
LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
DEVICES = {"a phone": (), "a desk": ("--preset=desktop",)}
# No traffic of the browser's own, and no sandbox where it runs as root and cannot have one.
_FLAGS = "--headless=new --disable-gpu --disable-background-networking --disable-component-update --disable-sync"


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs for each device")
    times = parser.parse_args().times
    browser = chromium.find()
    if not browser or not npm.ensure(FOLDER):
        sys.exit("Lighthouse needs Chromium, Node and npm, and one of them is not to be had.")
    with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder:
        installation = serving.Installation(Path(folder))
        print("Preparing an installation …", flush=True)
        installation.manage("prepare", "--samples", "--static")
        with installation.serve() as server:
            address = f"http://{serving.HOST}:{server.port}{serving.FIRST_ARTICLE}"
            verdicts = [_tell(device, _run(browser, address, flags, times)) for device, flags in DEVICES.items()]
    return 0 if all(verdicts) else 1


def _run(browser: str, address: str, flags: Sequence[str], times: int) -> list[Mapping[str, Any]]:
    return [_report(browser, address, flags) for _ in range(times)]


def _report(browser: str, address: str, flags: Sequence[str]) -> Mapping[str, Any]:
    own = f"{_FLAGS} --no-sandbox" if os.geteuid() == 0 else _FLAGS
    chosen = f"--only-categories={','.join(LIMITS)}"
    command = [str(PROGRAM), address, "--output=json", "--quiet", chosen, f"--chrome-flags={own}", *flags]
    variables = os.environ | {"CHROME_PATH": browser}
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"Lighthouse failed:\n{done.stderr}")
    report: Mapping[str, Any] = json.loads(done.stdout)
    return report


def _tell(device: str, reports: Sequence[Mapping[str, Any]]) -> bool:
    """Print the scores as this device got them, and what they were taken off for; say whether all limits hold."""
    print(f"\nAs {device} gets it, {len(reports)} runs, Lighthouse {reports[0]['lighthouseVersion']}")
    is_good = True
    for category, limit in LIMITS.items():
        scores = [round(report["categories"][category]["score"] * 100) for report in reports]
        score = statistics.median_low(scores) if category == "performance" else min(scores)
        is_good = is_good and score >= limit
        print(f"{category:16} {score:4}  at least {limit}: {'reached' if score >= limit else 'MISSED'}")
    for name in sorted({name for report in reports for name in _complaints(report)}):
        print(f"    not content: {name}")
    return is_good


def _complaints(report: Mapping[str, Any]) -> list[str]:
    """Give the audits that took something off a score."""
    weighed = {
        audit["id"]
        for category in LIMITS
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"] > 0
    }
    audits = report["audits"]
    return [
        audits[name]["title"]
        for name in weighed
        if (audits[name]["score"] or 0) < 0.9 and audits[name]["score"] is not None
    ]


if __name__ == "__main__":
    sys.exit(main())
