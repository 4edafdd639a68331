"""Tables from HTML, made so simple that Markdown can say them: one row of heads, rows of as many cells, a caption.

Pure. A cell over several columns or rows has its words in the first, and the others are empty.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from reader.importing import sanitizing
from reader.importing.trees import Element, elements
from reader.text.blocks import Block

# Reads a cell: its words as inline HTML, and the blocks in it that are none, such as pictures.
Reader = Callable[[Element], tuple[str, tuple[Block, ...]]]

_MAX_SPAN = 100
_MAX_COLUMNS = 200
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
    grid = _Grid()
    for row in _rows(element):
        row_cells = list(_cells(row))
        if len(row_cells) == 1 and any(each.tag == "img" for each in elements(row)):
            before += _figures(*reader(row_cells[0]))
            continue
        grid.begin(is_head=_is_head(row, row_cells))
        for cell in row_cells[:_MAX_COLUMNS]:
            html, blocks = reader(cell)
            after += blocks
            is_row_head = cell.tag == "th" and any(each.tag == "td" for each in row_cells)
            grid.put(_strong(html) if is_row_head and html else html, _span(cell, "colspan"), _span(cell, "rowspan"))
    caption, blocks = next((reader(child) for child in element if child.tag == "caption"), ("", ()))
    html = table_html(caption, grid.rows, has_head=grid.has_head)
    return Table(tuple(before), (Block("table", html),) if html else (), (*after, *blocks))


class _Grid:
    """Rows of cells as they are read, with cells that reach over several columns or rows."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.has_head = False
        # The columns that a cell above takes, and by column how many more rows below are so taken.
        self._taken: set[int] = set()
        self._reaching: dict[int, int] = {}

    def begin(self, *, is_head: bool) -> None:
        self.has_head = self.has_head or (is_head and not self.rows)
        self._taken = set(self._reaching)
        self._reaching = {column: rows - 1 for column, rows in self._reaching.items() if rows > 1}
        self.rows.append([])

    def put(self, html: str, columns: int, rows: int) -> None:
        row = self.rows[-1]
        while len(row) in self._taken:
            row.append("")
        first = len(row)
        row += [html, *[""] * (columns - 1)][: max(0, _MAX_COLUMNS - first)]
        if rows > 1:
            self._reaching.update(dict.fromkeys(range(first, len(row)), rows - 1))


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


def _is_head(row: Element, row_cells: Sequence[Element]) -> bool:
    parent = row.getparent()
    is_in_head = parent is not None and parent.tag == "thead"
    return bool(row_cells) and all(cell.tag == "th" for cell in row_cells) and (len(row_cells) > 1 or is_in_head)


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
