"""How static files are named and packed, so that browsers may keep them for ever."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from reader import bundling

_SHEETS = "site", "editing", "taking-part", "evidence", "history", "edition"
_STYLE_SHEETS = [f"css/{name}.css" for name in _SHEETS]
_SCRIPTS = "js/"


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hash and pre-compress static files, our scripts and our style sheets bundled: a page waits for no chain of files.

    A script that nobody imports is one that pages link to. It is written with all that it imports, and what is only
    imported gets no address of its own.
    """

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Bundle what is made of parts, then do what the parents do."""
        if not options.get("dry_run"):
            self._bundle_style_sheets(paths)
            self._bundle_scripts(paths)
        yield from super().post_process(paths, *args, **options)

    def _bundle_style_sheets(self, paths: dict[str, Any]) -> None:
        for sheet in _STYLE_SHEETS:
            if sheet in paths:
                folder, _, name = sheet.rpartition("/")
                self._replace(paths, sheet, bundling.style_sheet(name, _reader(f"{folder}/", paths)))

    def _bundle_scripts(self, paths: dict[str, Any]) -> None:
        read = _reader(_SCRIPTS, paths)
        names = [path.removeprefix(_SCRIPTS) for path in paths if path.startswith(_SCRIPTS) and path.endswith(".js")]
        parts = {part for name in names for part in bundling.imported(name, read(name))}
        bundles = {name: bundling.script(name, read) for name in names if name not in parts}
        for name, bundle in bundles.items():
            self._replace(paths, _SCRIPTS + name, bundle)
        for name in parts:
            del paths[_SCRIPTS + name]
            self.delete(_SCRIPTS + name)

    def _replace(self, paths: dict[str, Any], name: str, content: str) -> None:
        self.delete(name)
        self._save(name, ContentFile(content.encode()))
        paths[name] = (self, name)


def _reader(folder: str, paths: dict[str, Any]) -> bundling.Read:
    def read(name: str) -> str:
        storage, path = paths[folder + name]
        with storage.open(path) as file:
            content: bytes = file.read()
        return content.decode()

    return read
