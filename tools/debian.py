"""Debian's packages, where they may be installed: as root, with apt."""

import os
import shutil
import subprocess
from pathlib import Path


def may_install() -> bool:
    """Say whether packages can be had here at all."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> bool:
    """Install them without asking; say whether that went well."""
    return done("apt-get", "update") and done("apt-get", "install", "--yes", "--no-install-recommends", *packages)


def done(*command: str, cwd: Path | None = None) -> bool:
    """Run a command in silence and say whether it ended well."""
    variables = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        ended = subprocess.run(
            command, cwd=cwd, env=variables, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return ended.returncode == 0
