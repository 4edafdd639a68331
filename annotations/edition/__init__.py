"""The annotated text as a printed book has it: numbers in the text, notes at the end, and the works they cite.

Read in six queries whatever the number of annotations. Only what is published is in it; what was withdrawn or hidden
and has been answered leaves a stub, as in the threads.
"""

from annotations.edition.gathering import MOST_ANSWERS, MOST_NOTES, level
from annotations.edition.pieces import Citation, Colophon, Edition, Leaf, Note, Run, Said, Section, Work, lemma, runs
from annotations.edition.press import read

__all__ = [
    "MOST_ANSWERS",
    "MOST_NOTES",
    "Citation",
    "Colophon",
    "Edition",
    "Leaf",
    "Note",
    "Run",
    "Said",
    "Section",
    "Work",
    "lemma",
    "level",
    "read",
    "runs",
]
