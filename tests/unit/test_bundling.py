"""Scripts and style sheet, each joined into one file."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import playwright
import pytest

from reader import bundling

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "static/js").glob("*.js")}
TEMPLATES = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
LINKED = set(re.findall(r"{% static 'js/([\w-]+\.js)' %}", "\n".join(TEMPLATES)))
# What Playwright brings along will do where there is no other.
NODE = shutil.which("node") or next(Path(playwright.__file__).parent.glob("driver/node"))

HOUSE = {
    "main.js": """import { cut } from "./cutting.js";
import { EDGE, measured } from "./measuring.js";

console.log(JSON.stringify([cut("toll bridge"), EDGE, hoisted()]));

function hoisted() {
  return measured("toll");
}
""",
    "cutting.js": """// Cuts, and has a private name that others have too.
import { measured } from "./measuring.js";

const own = 4;

export function cut(words) {
  return `${words.slice(0, own)}  // ${measured(words)}`;
}
""",
    "measuring.js": """export const EDGE = 3;
const own = 1;

export async function later() {
  await null;
}

export function measured(words) {
  return words.length + own;
}
""",
}


def run(path: Path) -> object:
    done = subprocess.run([NODE, path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_bundle_does_what_its_modules_do(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name, text in HOUSE.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "bundle.js").write_text(bundling.script("main.js", HOUSE.__getitem__))
    assert run(tmp_path / "bundle.js") == run(tmp_path / "main.js") == ["toll  // 12", 3, 5]


def test_a_module_that_several_need_is_in_the_bundle_once() -> None:
    bundle = bundling.script("main.js", HOUSE.__getitem__)
    assert bundle.count("EDGE=3") == 1


def test_nobody_fetches_indentation_and_lines_of_comment() -> None:
    bundle = bundling.script("main.js", HOUSE.__getitem__)
    assert "private name" not in bundle
    assert not re.search(r"^\s|\n\n", bundle)


@pytest.mark.parametrize(
    "line",
    [
        'import "./measuring.js";',
        'import cut from "./measuring.js";',
        'import * as all from "./measuring.js";',
        'import { measured as m } from "./measuring.js";',
        'import { measured } from "somewhere";',
        'import { measured } from "../measuring.js";',
        'const late = () => import("./measuring.js");',
        "const here = import.meta.url;",
        'go(); import { measured } from "./measuring.js";',
        "export default function cut() {}",
        "export { cut };",
        "export let count = 0;",
        'export { measured } from "./measuring.js";',
        "const answer = await fetch(place);",
        "const lines = `one\ntwo`;",
        "const words = `${ones.map((one) => `  ${one}`)}`;",
    ],
)
def test_what_the_bundler_does_not_understand_is_refused_with_the_file_s_name(line: str) -> None:
    modules = HOUSE | {"cutting.js": f"{line}\nexport function cut() {{}}\n"}
    with pytest.raises(bundling.NotBundled, match=r"^cutting\.js: "):
        bundling.script("main.js", modules.__getitem__)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param('import { gone } from "./measuring.js";', "does not export gone", id="a name"),
        pytest.param('import { gone } from "./gone.js";', "gone.js, which is not there", id="a file"),
    ],
)
def test_what_is_imported_must_be_there(text: str, reason: str) -> None:
    with pytest.raises(bundling.NotBundled, match=f"^cutting.js: .*{reason}"):
        bundling.script("main.js", (HOUSE | {"cutting.js": f"{text}\nexport function cut() {{}}\n"}).__getitem__)


def test_modules_do_not_import_each_other_in_a_ring() -> None:
    ring = HOUSE | {"measuring.js": f'import {{ cut }} from "./cutting.js";\n{HOUSE["measuring.js"]}'}
    with pytest.raises(bundling.NotBundled, match=r"it imports itself, by way of measuring\.js"):
        bundling.script("main.js", ring.__getitem__)


@pytest.mark.parametrize("name", sorted(LINKED))
def test_every_script_that_a_page_links_to_can_be_bundled(tmp_path: Path, name: str) -> None:
    bundle = tmp_path / "bundle.mjs"
    bundle.write_text(bundling.script(name, SCRIPTS.__getitem__), encoding="utf-8")
    checked = subprocess.run([NODE, "--check", bundle], capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stderr


def test_pages_link_to_the_scripts_that_no_other_imports() -> None:
    imported = {part for name, text in SCRIPTS.items() for part in bundling.imported(name, text)}
    assert set(SCRIPTS) - imported == LINKED


def test_each_part_of_the_style_sheet_stands_in_its_layer_without_what_only_eyes_need() -> None:
    parts = {
        "site.css": '/* Order. */\n@layer a, b;\n@import url("one.css") layer(a);\n@import url("two.css") layer(b);\n',
        "one.css": '.one > p, .one :hover {\n  content: "/* kept */ ; { x }"; /* gone */\n}\n',
        "two.css": "@media (width > 1px) { .two { margin: calc(1px + 2px) 0; } }\n",
    }
    assert bundling.style_sheet("site.css", parts.__getitem__) == (
        '@layer a,b;@layer a{.one > p,.one :hover{content: "/* kept */ ; { x }";}}'
        "@layer b{@media (width > 1px){.two{margin: calc(1px + 2px) 0;}}}"
    )


def test_a_style_sheet_that_imports_in_another_form_is_refused() -> None:
    with pytest.raises(bundling.NotBundled, match=r"^site\.css: "):
        bundling.style_sheet("site.css", {"site.css": '@import "one.css";'}.__getitem__)
