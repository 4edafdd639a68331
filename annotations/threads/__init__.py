"""What readers say in one place, each statement with its answers, as one viewer may see it."""

from annotations.threads.posts import MOST_BELOW_ONE, MOST_INDENTED, MOST_UNFOLDED, Branch, Post, Thread
from annotations.threads.reading import PAGE_LENGTH, ThreadPage, about_article, around, on_paragraph, orphaned

__all__ = [
    "MOST_BELOW_ONE",
    "MOST_INDENTED",
    "MOST_UNFOLDED",
    "PAGE_LENGTH",
    "Branch",
    "Post",
    "Thread",
    "ThreadPage",
    "about_article",
    "around",
    "on_paragraph",
    "orphaned",
]
