"""The house keeps its plan: floors, words, and what is written about it."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
APPS = ("reader", "annotations")
MODULES = sorted(
    path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted(path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.html"))

# Names that say nothing about what is inside.
SHAPELESS = {"services", "utils", "helpers", "common", "core", "misc"}
SETTING = re.compile(r"""env\.\w+\(\s*"([A-Z_]+)\"""")


def _contract(name: str) -> dict[str, list[str]]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract: dict[str, list[str]] = next(each for each in linter["contracts"] if each["id"] == name)
    return contract


def test_imports_keep_to_the_floors(capsys: pytest.CaptureFixture[str]) -> None:
    failed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not failed, capsys.readouterr().out


def test_every_room_has_a_floor() -> None:
    rooms = set(re.findall(r"[\w.]+", " ".join(_contract("floors")["layers"])))
    found = {".".join(path.with_suffix("").parts[:2]) for path in MODULES if len(path.parts) > 1}
    assert found - rooms == {f"{app}.__init__" for app in APPS}


def test_every_module_says_what_it_is_for() -> None:
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in MODULES}
    assert not [path for path, source in sources.items() if source.strip() and not ast.get_docstring(ast.parse(source))]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [path for path in MODULES if SHAPELESS & {*path.with_suffix("").parts}]


def test_no_template_holds_style_or_script() -> None:
    """The content-security policy forbids them, so the browser would ignore them."""
    forbidden = re.compile(
        r"""<style|\sstyle=|\son[a-z]+=["']|<script(?![^>]*\ssrc=)(?![^>]*\stype="application/json")|javascript:"""
    )
    assert TEMPLATES
    assert not [path for path in TEMPLATES if forbidden.search((ROOT / path).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("document", [".env.example", "docs/operating.md"])
def test_every_setting_is_described(document: str) -> None:
    settings = set(SETTING.findall((ROOT / "reader" / "settings.py").read_text()))
    described = (ROOT / document).read_text(encoding="utf-8")
    assert "SECRET_KEY" in settings
    assert not {name for name in settings if not re.search(rf"\b{name}\b", described)}


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_requirement_is_pinned(name: str) -> None:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    assert not [line for line in lines if line and not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+", line)]


def test_the_tests_and_the_make_file_know_the_same_browsers() -> None:
    names = r"NAMES = (\(.*\))"
    known = {
        re.findall(names, (ROOT / path).read_text())[0] for path in ("tools/chromium.py", "tests/browser/conftest.py")
    }
    assert len(known) == 1
