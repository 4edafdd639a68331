"""The virtual environment, kept at the pinned requirements. Needs nothing but Python itself."""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Where nobody sits at the machine, and nothing may be left out.
CI = os.environ.get("CI") == "true"

RUNNING = ROOT / "requirements.txt"
TESTING = ROOT / "tests" / "requirements.txt"


def ensure(*requirements: Path) -> None:
    """Make the environment hold these requirements; nothing happens when it already does.

    Leaves with one sentence when that cannot be done.
    """
    lives = _lives()
    missing = [path for path in requirements if not (lives and _is_installed(path))]
    if not missing:
        return
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"The folder {ROOT} cannot be written to, and the virtual environment has to go there.")
    if not lives:
        _make()
    _install(missing)


def var_dir() -> Path:
    """Give the folder of this installation's own files, as the settings find it."""
    path = ROOT / ".env"
    written = (
        re.search(r"^\s*(?:export\s+)?VAR_DIR\s*=\s*(.+?)\s*$", path.read_text(), re.MULTILINE)
        if path.exists()
        else None
    )
    return Path(os.environ.get("VAR_DIR") or (written and written[1].strip("'\"")) or ROOT / "var")


def _lives() -> bool:
    """Say whether there is a whole environment, made in this very place: one that was moved no longer works."""
    made = VENV / "pyvenv.cfg"
    whole = PYTHON.exists() and (VENV / "bin" / "pip").exists() and made.exists()
    return whole and f" {VENV}\n" in made.read_text()


def _make() -> None:
    print("Making the virtual environment …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"The virtual environment could not be made in {VENV}: {error}")


def _install(requirements: list[Path]) -> None:
    print("Installing the pinned requirements …", flush=True)
    arguments = [argument for path in requirements for argument in ("--requirement", str(path))]
    log = VENV / "install.log"
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    with log.open("w") as output:
        installed = subprocess.run([*command, *arguments], cwd=ROOT, stdout=output, stderr=output, check=False)
    if installed.returncode:
        sys.exit(f"The requirements could not be installed; is this machine online? What pip said is in {log}.")
    for path in requirements:
        _stamp(path).write_text(path.read_text())


def _is_installed(requirements: Path) -> bool:
    stamp = _stamp(requirements)
    return stamp.exists() and stamp.read_text() == requirements.read_text()


def _stamp(requirements: Path) -> Path:
    """Give the copy that is kept of requirements once they are installed."""
    return VENV / f"installed-{'tests' if requirements == TESTING else 'site'}.txt"


if __name__ == "__main__":
    ensure(RUNNING, TESTING)
