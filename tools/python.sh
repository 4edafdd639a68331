#!/bin/sh
# Print the Python to use: that of the virtual environment, else the newest from 3.11 on that can make one.

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -x .venv/bin/python ] && fits .venv/bin/python; then
    echo .venv/bin/python
    exit
fi

without_venv=
for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
    if fits "$candidate"; then
        if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            command -v "$candidate"
            exit
        fi
        without_venv=${without_venv:-$candidate}
    fi
done

if [ -n "$without_venv" ]; then
    echo "$without_venv lacks its venv module: install it (on Debian and Ubuntu: apt-get install python3-venv)." >&2
else
    echo "Gloss needs Python 3.11 or newer, and none was found." >&2
fi
exit 1
