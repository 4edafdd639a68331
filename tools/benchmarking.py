"""`make bench`: run every benchmark, one after the other, so that none takes another's cores."""

import subprocess
import sys

from tools import environment


def main() -> int:
    environment.ensure(environment.RUNNING, environment.TESTING)
    benchmarks = sorted((environment.ROOT / "benchmarks").glob("[!_]*.py"))
    if not benchmarks:
        sys.exit("There is no benchmark in benchmarks/.")
    bad = [path.name for path in benchmarks if not _ends_well(path.stem)]
    if bad:
        sys.exit(f"These did not end well: {', '.join(bad)}.")
    return 0


def _ends_well(name: str) -> bool:
    print(f"\n━━━ {name} ━━━", flush=True)
    command = [str(environment.PYTHON), "-m", f"benchmarks.{name}"]
    return subprocess.run(command, cwd=environment.ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
