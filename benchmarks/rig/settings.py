"""The site's settings with one empty view: what Django and our middleware cost before any work is done."""

from reader.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.rig.floor"
