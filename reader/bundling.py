"""One file from many: the modules of a script and the parts of the style sheet, joined when static files are collected.

Only the form that our own files have is understood (see docs/decisions/bundling.md). Anything else is refused with the
name of the file and what stands there, so that nothing half understood reaches a browser.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import rjsmin

# Gives the text of a file by its name, such as "panel.js". Raises KeyError for a file that is not there.
Read = Callable[[str], str]

_IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? ?([\w$]+)|const ([\w$]+) =)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
# What is left of other forms when those above are taken out: statements, dynamic imports and what asks for its address.
_FOREIGN = re.compile(r"(?:^|[;{}])\s*(?:import|export)\b.*|\bimport\s*[.(].*", re.MULTILINE)
# Outside every function: a bundled module is a function itself, and does not wait.
_WAITING = re.compile(r"^(?!.*\basync\b)\S.*\bawait\b.*", re.MULTILINE)
_COMMENT_LINE = re.compile(r"^\s*//.*$", re.MULTILINE)
_BACKTICK = re.compile(r"(?<!\\)`")
# In a template inside a template rjsmin takes words for code.
_NESTED = re.compile(r"\$\{[^}`]*`[^`]*(?:\s|/[/*])")

_STYLE_IMPORT = re.compile(r"""@import url\("(?P<file>[\w-]+\.css)"\) layer\((?P<layer>\w+)\);""")
_STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_STYLE_COMMENT = re.compile(rf"{_STRING}|/\*.*?\*/", re.DOTALL)
# White space that only eyes need, beside these signs.
_STYLE_SPACE = re.compile(rf"{_STRING}|\s*([{{}};,])\s*")


class NotBundled(ValueError):
    """A file has something that the bundler does not understand; the message names the file."""


class Module(NamedTuple):
    """One module: what it imports, by file; the names it exports; and its code without the words for either."""

    imports: Mapping[str, tuple[str, ...]]
    exports: tuple[str, ...]
    code: str


def script(entry: str, read: Read) -> str:
    """Give a module and all it imports as one, each in a scope of its own, imported before importing.

    Without comments and needless white space. Raises NotBundled for a form that is not ours, a file or a name that is
    not there, and a ring of imports.
    """
    modules: dict[str, Module] = {}
    for name in _in_order(entry, read, modules, ()):
        _check_names(name, modules)
    main = _scope(modules.pop(entry), is_main=True)
    parts = "".join(f"const {_variable(name)} = {_scope(module)}" for name, module in modules.items())
    return str(rjsmin.jsmin(parts + main))


def imported(name: str, text: str) -> tuple[str, ...]:
    """Give the files that a module imports."""
    return tuple(parse(name, text).imports)


def parse(name: str, text: str) -> Module:
    """Read one module. Raises NotBundled when it is not of our form."""
    code = _without_comments(name, text)
    imports: dict[str, tuple[str, ...]] = {}
    for names, file in _IMPORT.findall(code):
        imports[file] = (*imports.get(file, ()), *_names(name, names))
    exports = tuple(function or constant for function, constant in _EXPORT.findall(code))
    code = _EXPORT.sub("", _IMPORT.sub("", code))
    if foreign := _FOREIGN.search(code) or _WAITING.search(code):
        raise NotBundled(f"{name}: {foreign[0].strip()!r} is not a form that is bundled.")
    return Module(imports, exports, code.strip())


def style_sheet(entry: str, read: Read) -> str:
    """Give a style sheet with the parts it imports, each in its layer, without comments and needless white space."""

    def inlined(match: re.Match[str]) -> str:
        return f"@layer {match['layer']} {{\n{read(match['file'])}\n}}"

    whole = _STYLE_IMPORT.sub(inlined, read(entry))
    if "@import" in (bare := _STYLE_COMMENT.sub(r"\1", whole)):
        raise NotBundled(f"{entry}: it imports in a form that is not bundled.")
    return _STYLE_SPACE.sub(lambda found: found[1] or found[2], bare).strip()


def _in_order(entry: str, read: Read, modules: dict[str, Module], above: tuple[str, ...]) -> Iterator[str]:
    """Read the modules, those that others need first."""
    if entry in above:
        raise NotBundled(
            f"{entry}: it imports itself, by way of {', '.join(above[above.index(entry) + 1 :]) or entry}."
        )
    if entry in modules:
        return
    try:
        text = read(entry)
    except KeyError as error:
        raise NotBundled(f"{above[-1] if above else entry}: it imports {entry}, which is not there.") from error
    module = parse(entry, text)
    for name in module.imports:
        yield from _in_order(name, read, modules, (*above, entry))
    modules[entry] = module
    yield entry


def _check_names(name: str, modules: Mapping[str, Module]) -> None:
    for file, names in modules[name].imports.items():
        if missing := set(names) - set(modules[file].exports):
            raise NotBundled(f"{name}: {file} does not export {', '.join(sorted(missing))}.")


def _names(name: str, words: str) -> Iterator[str]:
    for word in words.rstrip().removesuffix(",").split(","):
        if not _NAME.fullmatch(word.strip()):
            raise NotBundled(f"{name}: it imports {word.strip()!r}, which is not a plain name.")
        yield word.strip()


def _without_comments(name: str, text: str) -> str:
    """Leave out lines of comment. Refuse strings whose words could change when that and white space are left out."""
    code = _COMMENT_LINE.sub("", text)
    for line in code.splitlines():
        if len(_BACKTICK.findall(line)) % 2 or line.endswith("\\"):
            raise NotBundled(
                f"{name}: {line.strip()!r} runs on in the next line, where white space may have a meaning."
            )
        if _NESTED.search(line):
            raise NotBundled(f"{name}: {line.strip()!r} has white space in a template inside a template.")
    return code


def _scope(module: Module, *, is_main: bool = False) -> str:
    """Give a module as a function that is called at once with what it imports, and returns what it exports.

    Of the module that the page starts nobody asks for that.
    """
    parameters = ", ".join(f"{{ {', '.join(names)} }}" for names in module.imports.values())
    arguments = ", ".join(map(_variable, module.imports))
    result = "" if is_main else f"return {{ {', '.join(module.exports)} }};\n"
    return f"(({parameters}) => {{\n{module.code}\n{result}}})({arguments});\n"


def _variable(name: str) -> str:
    """Give the name of a module in the bundle. Scopes take what they import as parameters, so nothing can hide it."""
    return "$" + name.removesuffix(".js").replace("-", "_")
