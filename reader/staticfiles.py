"""How static files are named and packed, so that browsers may keep them for ever."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STYLESHEET = "css/site.css"
_IMPORT = re.compile(r"""@import url\("(?P<file>[\w-]+\.css)"\) layer\((?P<layer>\w+)\);""")


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hash and pre-compress static files.

    Django's rewriting of JavaScript imports trips over bundled libraries, so it is kept to our own `js/*.js`. The
    stylesheet's imports are written into it, each in its layer: a page waits for one file and not for a chain.
    """

    patterns: ClassVar[tuple[Any, ...]] = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Bundle the stylesheet from its sources, then do what the parents do."""
        if _STYLESHEET in paths and not options.get("dry_run"):
            self.delete(_STYLESHEET)
            self._save(_STYLESHEET, ContentFile(_bundle(_STYLESHEET, paths).encode()))
            paths[_STYLESHEET] = (self, _STYLESHEET)
        yield from super().post_process(paths, *args, **options)


def _bundle(name: str, paths: dict[str, Any]) -> str:
    folder = name.rpartition("/")[0]

    def inlined(match: re.Match[str]) -> str:
        return f"@layer {match['layer']} {{\n{_source(folder + '/' + match['file'], paths)}\n}}"

    return _IMPORT.sub(inlined, _source(name, paths))


def _source(name: str, paths: dict[str, Any]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        content: bytes = file.read()
    return content.decode()
