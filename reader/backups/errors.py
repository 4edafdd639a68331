"""What stands in the way of a backup, for whoever asked for it."""


class BackupError(Exception):
    """A backup that cannot be made or restored, with a sentence that says why."""
