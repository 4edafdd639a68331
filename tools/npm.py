"""Programs that come as packages for Node, installed beside the file that pins them."""

import shutil
from pathlib import Path

from tools import debian


def ensure(folder: Path) -> bool:
    """Install what the folder's lock file pins, once; say whether it is there."""
    modules, lock = folder / "node_modules", folder / "package-lock.json"
    stamp = modules / ".lock"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return True
    if not shutil.which("npm") and not (debian.may_install() and debian.install("npm")):
        return False
    # No package's own script is run: what is needed is in the packages.
    if not debian.done("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder):
        return False
    stamp.write_text(lock.read_text())
    return True
