"""Tables from HTML, made so simple that Markdown can say them: one row of heads, rows of as many cells, a caption.

Pure. A cell over several columns or rows has its words in the first, and the others are empty.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from reader.importing import sanitizing
from reader.importing.trees import Element, elements, words
from reader.text.blocks import Block

# Reads a cell: its words as inline HTML, and the blocks in it that are none, such as pictures.
Reader = Callable[[Element], tuple[str, tuple[Block, ...]]]

_MAX_SPAN = 100
_LAYOUT = {"pre", "table", "h1", "h2", "h3", "h4", "article", "section", "blockquote", "form", "hr"}
_LAYOUT_ROLES = {"presentation", "none"}


class Table(NamedTuple):
    """A table as a block, and the pictures that stood in it."""

    before: tuple[Block, ...]
    blocks: tuple[Block, ...]
    after: tuple[Block, ...]


def is_table(element: Element) -> bool:
    """Say whether the table says something by its rows and columns, and does not only lay out a page."""
    rows = list(_rows(element))
    widths = [sum(1 for _ in _cells(row)) for row in rows]
    if max(widths, default=0) < 2 or (element.get("role") or "").lower() in _LAYOUT_ROLES:
        return False
    if len(rows) == 1 and not any(cell.tag == "th" for cell in _cells(rows[0])):
        return False
    return not any(each.tag in _LAYOUT for each in elements(element) if each is not element)


def cells(element: Element) -> Iterator[Element]:
    """Go through the cells and captions of a table as they stand on the page."""
    for child in element:
        if child.tag == "caption":
            yield child
    for row in _rows(element):
        yield from _cells(row)


def read(element: Element, reader: Reader) -> Table:
    """Read a table; rows that are only a picture stand before it, other pictures in it after."""
    before: list[Block] = []
    after: list[Block] = []
    grid: dict[tuple[int, int], str] = {}
    heads: set[int] = set()
    width = 0
    index = 0
    taken: set[tuple[int, int]] = set()
    for row in _rows(element):
        row_cells = list(_cells(row))
        if len(row_cells) == 1 and any(each.tag == "img" for each in elements(row)):
            before += _figures(*reader(row_cells[0]))
            continue
        column = 0
        for cell in row_cells:
            while (index, column) in taken:
                column += 1
            html, blocks = reader(cell)
            after += blocks
            columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
            taken.update((index + down, column + right) for down in range(rows) for right in range(columns))
            grid[index, column] = html if not html or not _is_row_head(cell, row_cells) else _strong(html)
            column += columns
        width = max([width, *(right + 1 for down, right in taken if down == index)])
        if row_cells and all(cell.tag == "th" for cell in row_cells) and (len(row_cells) > 1 or _is_head(row)):
            heads.add(index)
        index += 1
    caption = next((reader(child) for child in element if child.tag == "caption"), ("", ()))
    rows_of_words = [[grid.get((down, right), "") for right in range(width)] for down in range(index)]
    html = table_html(caption[0], rows_of_words, has_head=0 in heads)
    return Table(tuple(before), (Block("table", html),) if html else (), (*after, *caption[1]))


def table_html(caption: str, rows: Sequence[Sequence[str]], *, has_head: bool) -> str:
    """Give the inside of a table from the words of its cells, each safe inline HTML."""
    kept = [(index, row) for index, row in enumerate(rows) if any(row)]
    columns = [column for column in range(max((len(row) for row in rows), default=0)) if _has_words(kept, column)]
    head = [row for index, row in kept if has_head and index == 0]
    body = [row for index, row in kept if not (has_head and index == 0)]
    html = f"<caption>{caption}</caption>" if caption else ""
    html += "".join(f"<thead>{_row(row, columns, 'th')}</thead>" for row in head)
    html += f"<tbody>{''.join(_row(row, columns, 'td') for row in body)}</tbody>" if body else ""
    return sanitizing.table(html) if kept else ""


def _has_words(rows: Sequence[tuple[int, Sequence[str]]], column: int) -> bool:
    return any(column < len(row) and row[column] for _, row in rows)


def _row(row: Sequence[str], columns: Sequence[int], name: str) -> str:
    cells = (row[column] if column < len(row) else "" for column in columns)
    return f"<tr>{''.join(f'<{name}>{cell}</{name}>' for cell in cells)}</tr>"


def _figures(html: str, blocks: Sequence[Block]) -> list[Block]:
    """Give the pictures of a row, the last with the words of the row as its caption."""
    if not blocks:
        return [Block("paragraph", html)] if html else []
    last = blocks[-1]
    return [*blocks[:-1], Block("figure", last.html or html, image=last.image, alt=last.alt)]


def _is_row_head(cell: Element, row: Sequence[Element]) -> bool:
    return cell.tag == "th" and any(each.tag == "td" for each in row)


def _is_head(row: Element) -> bool:
    parent = row.getparent()
    return parent is not None and parent.tag == "thead"


def _strong(html: str) -> str:
    return html if "<strong>" in html else f"<strong>{html}</strong>"


def _span(cell: Element, name: str) -> int:
    text = cell.get(name) or ""
    return min(_MAX_SPAN, max(1, int(text))) if text.isdecimal() and len(text) < 5 else 1


def _rows(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from (row for row in child if row.tag == "tr")


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag in {"th", "td"}:
            yield child


def caption_of(element: Element) -> str:
    """Give the words of a table's caption."""
    return next((words(child) for child in element if child.tag == "caption"), "")
