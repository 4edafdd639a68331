"""The file of a backup: a tar with the database, the pictures, and last a manifest that says what must be in it."""

import hashlib
import json
import os
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from reader.backups import postgresql, sqlite
from reader.backups.errors import BackupError
from reader.models import Article, User

FORMAT = 1

_MANIFEST = "manifest.json"
_DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_CHUNK_BYTES = 1024 * 1024
# Pictures are named by the hash of their bytes; the manifest of a million of them is as large.
_LARGEST_MANIFEST_BYTES = 200_000_000


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    database: str
    gloss: str
    made_at: str
    # Every migration that had been applied, as "app.name".
    migrations: list[str]
    # What is in the archive: the SHA-256 of each file, by its name.
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def of_this_site(cls) -> Self:
        """Begin the manifest of a backup that is made now."""
        return cls(
            database=connection.vendor,
            gloss=_version(),
            made_at=timezone.now().isoformat(timespec="seconds"),
            migrations=_applied(),
        )

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read a manifest. Raises BackupError for one that is none, or of a later format."""
        try:
            said: dict[str, Any] = json.loads(text)
            if said["format"] != FORMAT:
                raise BackupError("This backup was made by a newer Gloss, in a way that this one cannot read.")
            return cls(**said)
        except (ValueError, TypeError, KeyError) as error:
            raise BackupError("This file is no backup of Gloss: its manifest cannot be read.") from error

    @property
    def database_file(self) -> str:
        """Give the name of the database in the archive."""
        return _DATABASES[self.database]

    @property
    def pictures(self) -> list[str]:
        """Give the names of everything else."""
        return [name for name in self.files if name != self.database_file]

    @property
    def summary(self) -> str:
        """Say in words what it is."""
        made_at = datetime.fromisoformat(self.made_at)
        number = len(self.pictures)
        return (
            f"{self.database} and {number:,} picture{'' if number == 1 else 's'}, "
            f"made by Gloss {self.gloss} on {made_at:%-d %B %Y at %H:%M} {made_at.tzname()}"
        )


def make(target: Path) -> Manifest:
    """Write a backup of the site as it is now, while it goes on, and give its manifest.

    The file has its name only when it is whole. The database comes first, so that it names no picture that is missing:
    a picture's file never changes once it is there. Raises BackupError with a sentence for whoever asked.
    """
    manifest = Manifest.of_this_site()
    try:
        with _unfinished(target) as partial, tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dumped = Path(folder, manifest.database_file)
            _dump(dumped)
            with tarfile.open(partial, "w") as archive:
                _add(archive, manifest, dumped, manifest.database_file)
                for path in _pictures():
                    _add(archive, manifest, path, f"media/{path.relative_to(settings.MEDIA_ROOT).as_posix()}")
                _add_manifest(archive, manifest)
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error.strerror or error}.") from error
    return manifest


def restore(source: Path, *, is_replacing: bool = False) -> Manifest:
    """Put a backup in the place of what is there, and give its manifest. Nothing is touched until all of it is checked.

    The database is put in place whole or not at all. Raises BackupError for a backup that is damaged, of another
    database or of a newer Gloss, and for a site that has content, unless that is to be replaced.
    """
    try:
        manifest = _checked(source)
        _fits(manifest)
        if not is_replacing and _has_content():
            raise BackupError(
                "This site has articles or accounts. To lose them for those of the backup, say --replace."
            )
        with tempfile.TemporaryDirectory(dir=_working_folder()) as folder:
            dumped = Path(folder, manifest.database_file)
            with tarfile.open(source) as archive:
                _extract(archive, manifest.database_file, dumped)
                # Before the database that names them; what is there already is the same.
                for name in manifest.pictures:
                    _extract_picture(archive, name)
            _load(dumped)
    except OSError as error:
        raise BackupError(f"The backup could not be restored: {error.strerror or error}.") from error
    return manifest


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        sqlite.dump(target)
    else:
        postgresql.dump(target)


def _load(dumped: Path) -> None:
    if connection.vendor == "sqlite":
        sqlite.load(dumped)
    else:
        postgresql.load(dumped)


# Writing


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a name for the file while it is written, readable by its owner only; it gets its own when all went well."""
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _pictures() -> Iterator[Path]:
    yield from sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file() and not path.is_symlink())


def _add(archive: tarfile.TarFile, manifest: Manifest, path: Path, name: str) -> None:
    with path.open("rb") as file:
        info = archive.gettarinfo(name=str(path), arcname=name, fileobj=file)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        read = _Hashing(file)
        archive.addfile(info, read)
    manifest.files[name] = read.digest.hexdigest()


def _add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(asdict(manifest), indent=1).encode())
        info = tarfile.TarInfo(_MANIFEST)
        info.size, info.mtime = file.tell(), int(timezone.now().timestamp())
        file.seek(0)
        archive.addfile(info, file)


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


# Checking


def _checked(source: Path) -> Manifest:
    """Read the whole archive once, and give its manifest when everything in it is as that says."""
    found: dict[str, str] = {}
    manifest = None
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is None or not _is_ours(member.name):
                    raise BackupError(f"This file is no backup of Gloss: it holds {member.name!r}.")
                if member.name == _MANIFEST and member.size <= _LARGEST_MANIFEST_BYTES:
                    manifest = Manifest.parse(file.read())
                else:
                    found[member.name] = _digest(file)
    except (tarfile.TarError, EOFError) as error:
        raise BackupError("This file is damaged, or no backup of Gloss.") from error
    if manifest is None:
        raise BackupError("This backup is not whole: its end is missing.")
    wrong = sorted(
        {name for name, digest in manifest.files.items() if found.get(name) != digest}
        | set(found) - set(manifest.files)
    )
    if wrong:
        raise BackupError(f"This backup is damaged: {wrong[0]} is not what was written.")
    return manifest


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    return name in {_MANIFEST, *_DATABASES.values()} or (path.parts[0] == "media" and ".." not in path.parts)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _fits(manifest: Manifest) -> None:
    """Raise BackupError when this code and this database cannot take the backup."""
    if manifest.database != connection.vendor:
        raise BackupError(
            f"This backup is of {manifest.database}, and this site uses {connection.vendor}. "
            "Restore it where it came from; docs/operating.md, Growing, says how to move from one to the other."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(manifest.migrations) - known)
    if newer:
        raise BackupError(
            f"This backup is of a newer Gloss ({manifest.gloss}; {newer[0]} is not known here). Upgrade first."
        )


def _has_content() -> bool:
    tables = set(connection.introspection.table_names())
    return any(model._meta.db_table in tables and model.objects.exists() for model in (Article, User))


# Putting in place


def _working_folder() -> Path:
    """Give where the database is taken out to: for SQLite beside its own, so that it can take its place by name."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).parent
    return Path(tempfile.gettempdir())


def _extract(archive: tarfile.TarFile, name: str, target: Path) -> None:
    file = archive.extractfile(name)
    assert file is not None  # noqa: S101  (it was checked)
    with file, target.open("wb") as copy:
        while chunk := file.read(_CHUNK_BYTES):
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _extract_picture(archive: tarfile.TarFile, name: str) -> None:
    target = Path(settings.MEDIA_ROOT, *PurePosixPath(name).parts[1:])
    if target.exists() and target.stat().st_size == archive.getmember(name).size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(target) as partial:
        _extract(archive, name, partial)
        partial.chmod(0o644)


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    version: str = project["project"]["version"]
    return version


def _applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)
