"""What stands beside the text: the rows of the reading page, read in two queries whatever the number of annotations.

For each paragraph the most helpful few annotations of every sign are marked and listed, and all are counted. The rest
are on the paragraph's own page. A filter says which of them stand there at all.
"""

from annotations.margin.maps import read_maps
from annotations.margin.reading import read, read_revision
from annotations.margin.shapes import EVERYTHING, Entry, Margin, Orphan, Orphans, Reading, Row, View
from annotations.margin.standing import MOST_OF_A_SIGN

__all__ = [
    "EVERYTHING",
    "MOST_OF_A_SIGN",
    "Entry",
    "Margin",
    "Orphan",
    "Orphans",
    "Reading",
    "Row",
    "View",
    "read",
    "read_maps",
    "read_revision",
]
