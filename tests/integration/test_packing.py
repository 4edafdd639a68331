"""Static files as they are collected: bundled, named by their content and packed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from reader import bundling
from tests.collecting import collected_in


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Collect what is ours into a folder, as a host does."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(**collected_in(folder)):
        _collect()
        yield folder


def _collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin", "account", "django-htmx*"])


def test_a_page_fetches_its_script_in_one_file(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    script = collected / names["js/main.js"]
    assert "startPanel" in script.read_text()
    assert not re.search(r"^(import|export)\b", script.read_text(), re.MULTILINE)
    assert script.with_name(f"{script.name}.br").exists()
    assert re.fullmatch(r"main\.[0-9a-f]{12}\.js", script.name)


def test_what_is_only_imported_is_not_there_to_be_fetched(collected: Path) -> None:
    imported = bundling.imported("main.js", Path("static/js/main.js").read_text())
    assert imported
    assert not [name for name in imported if (collected / "js" / name).exists()]


def test_a_page_fetches_its_style_in_one_file(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    sheet = (collected / names["css/site.css"]).read_text()
    assert "@import" not in sheet
    assert names["fonts/literata-latin.woff2"].removeprefix("fonts/") in sheet


def test_what_only_editors_need_is_a_file_of_its_own(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    readers, editors = ((collected / names[f"css/{name}.css"]).read_text() for name in ("site", "editing"))
    assert ".drafting" in editors
    assert "@import" not in editors
    assert ".drafting" not in readers


def test_collecting_again_bundles_the_sources_again(collected: Path) -> None:
    before = (collected / "js/main.js").read_text(), (collected / "staticfiles.json").read_text()
    _collect()
    assert ((collected / "js/main.js").read_text(), (collected / "staticfiles.json").read_text()) == before
