"""Figures from HTML: a picture with the words that stand for it and those that stand with it.

Pure. Pictures are only told of, by their addresses; fetching them is another room's. One that has neither words nor a
caption is left out, and counted.
"""

import re
from dataclasses import replace
from html import escape

from reader.importing import furniture
from reader.importing.trees import Element, elements, tokens, words
from reader.importing.walking import Walk, is_caption
from reader.text.blocks import Block
from reader.text.paragraphs import normalize, plain_text

_CAPTIONED = {"wp-caption", "thumb", "image", "photo", "media", "picture", "captioned", "captioned-image"}
_SMALL_PICTURES = {"emoji", "wp-smiley", "mwe-math-fallback-image-inline", "latex", "tex", "math"}
_PIXELS = re.compile(r"\d+")
_TINY = 4
_WIDEST_PICTURE = 2000
_PLACEHOLDER_LENGTH = 1000


def read_figure(walk: Walk, element: Element) -> None:
    """Read pictures that stand apart, the last of them with the caption."""
    captions = [each for each in elements(element) if is_caption(each)]
    images = [each for each in elements(element) if each.tag == "img"]
    inner = {str(each.tag) for each in elements(element) if each is not element}
    if not images or inner & {"figure", "table", "pre", "blockquote"}:
        walk.block(element)
        return
    walk.end()
    html, more = walk.cell(captions[0]) if captions else ("", ())
    pictures = [picture for image in images if (picture := _picture(walk, image))]
    pictures = pictures or ([Block("figure", "")] if html else [])
    for index, picture in enumerate(pictures):
        is_last = index == len(pictures) - 1
        walk.add(replace(picture, html=_credited(html) if is_last else ""))
    for block in more:
        walk.add(block)


def read_division(walk: Walk, element: Element) -> None:
    """Read a `div`: a figure, where a page makes one of it, or any part of a text."""
    is_captioned = tokens(element) & _CAPTIONED and any(is_caption(each) for each in elements(element))
    if is_captioned and any(each.tag == "img" for each in elements(element)):
        read_figure(walk, element)
    else:
        walk.block(element)


def read_image(walk: Walk, element: Element) -> None:
    """Read a picture among words, which follows them; one as small as a sign is what it stands for."""
    if tokens(element) & _SMALL_PICTURES:
        walk.line.write(element.get("alt") or "")
        return
    picture = _picture(walk, element)
    if picture is not None:
        walk.pictures.append(picture)


def _picture(walk: Walk, element: Element) -> Block | None:
    alt = normalize(element.get("alt") or "")
    source = _source(walk, element)
    if _is_tiny(element):
        return None
    if not alt and not _has_caption(element):
        walk.lost["picture without words"] += 1
        return None
    if not source:
        walk.lost["picture without a usable address"] += 1
        return None if not _has_caption(element) else Block("figure", "", alt=alt)
    return Block("figure", "", image=source, alt=alt)


def _source(walk: Walk, element: Element) -> str:
    for source in _sources(element):
        found = source if source.startswith("data:image/") else walk.absolute(source)
        if found.startswith(("http", "data:")):
            return found
    return ""


def _sources(element: Element) -> list[str]:
    """Give the addresses at which the picture may be, the best first."""
    found = [element.get(name) or "" for name in ("data-src", "data-original", "data-lazy-src", "data-full-src", "src")]
    sets = [element.get("srcset") or "", element.get("data-srcset") or ""]
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        sets += [each.get("srcset") or "" for each in parent if each.tag == "source"]
    found += [source for each in sets for source in _of_set(each)]
    following = element.getnext()
    if following is not None and following.tag == "noscript":
        found += [each.get("src") or "" for each in elements(following) if each.tag == "img"]
    # What is shorter only keeps the place of a picture that a script fetches; a page saved as one file has whole ones.
    return sorted(
        (
            source
            for source in found
            if source and (not source.startswith("data:") or len(source) > _PLACEHOLDER_LENGTH)
        ),
        key=lambda source: source.startswith("data:"),
    )


def _of_set(srcset: str) -> list[str]:
    """Give the addresses in a `srcset`, the largest first, of those that are not too large."""
    sized = []
    for candidate in re.split(r",\s+", srcset):
        source, _, size = candidate.strip().partition(" ")
        width = float(size[:-1]) if re.fullmatch(r"\d+(?:\.\d+)?[wx]", size) else 0
        if source and width <= _WIDEST_PICTURE:
            sized.append((width, source))
    return [source for _, source in sorted(sized, key=lambda pair: -pair[0])]


def _is_tiny(element: Element) -> bool:
    sizes = [_PIXELS.match(element.get(side) or "") for side in ("width", "height")]
    return any(size is not None and int(size[0]) <= _TINY for size in sizes)


def _has_caption(element: Element) -> bool:
    for parent in element.iterancestors():
        if parent.tag == "figure" or tokens(parent) & _CAPTIONED:
            return any(is_caption(each) and words(each) for each in elements(parent))
        if parent.tag in {"article", "main", "body", "section"}:
            return False
    return False


def _credited(html: str) -> str:
    """Give a caption with its picture credit marked as such, where it ends with one."""
    if "<" in html:
        return html
    caption = furniture.caption(plain_text(html))
    if caption is None or not caption.is_sure:
        return html
    before, credit, after = (escape(part, quote=False) for part in caption[:3])
    return f"{before}<cite>{credit}</cite>{after}"
