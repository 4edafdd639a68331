"""A site that readers cite, on this machine: it answers as a test wants it to, and the check looks at it."""

import socket
from typing import Any

from annotations import checking
from annotations.models import Annotation, Document
from reader.models import Article
from tests import web
from tests.factories import make_annotation, make_source

STORY = "The bridge was counted for a week, and on no day did more than twelve thousand cars cross it in all. " * 4
OTHER_STORY = STORY.replace("twelve", "twenty")


def page(words: str = STORY, *, title: str = "The count", head: str = "", **headers: str) -> bytes:
    html = f"<html><head><title>{title}</title>{head}</head><body><article><p>{words}</p></article></body></html>"
    return web.answer(html, **headers)


class Site:
    """A server under any name, with what it answers by path; what is asked of it is written down."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | web.Manner] = {"/a": page()}
        self.requests: list[str] = []
        self.port = 0
        self.network: web.Network | None = None

    def __call__(self, connection: socket.socket, asked: str) -> None:
        path = asked.split(" ")[1]
        self.requests.append(asked)
        answer = self.answers.get(path, web.answer("Nothing here.", status="404 Not Found"))
        if callable(answer):
            answer(connection, asked)
        else:
            connection.sendall(answer)

    @property
    def paths(self) -> list[str]:
        """Give what was asked for, but for what robots may have."""
        return [path for request in self.requests if (path := request.split(" ")[1]) != "/robots.txt"]

    def url(self, path: str = "/a", *, host: str = "example.org") -> str:
        return f"http://{host}:{self.port}{path}"

    def cited(self, path: str = "/a", *, host: str = "example.org", article: Article | None = None) -> Annotation:
        return make_annotation(article=article, kind="source", sources=[make_source(url=self.url(path, host=host))])

    def check(self, **options: Any) -> checking.Report:
        """Look at everything, whenever it is due."""
        Document.objects.update(check_after=None)
        return checking.run(**{"pause": 0, "network": self.network or web.Network(self.port), **options})

    def found(self, *, looks: int = 1) -> Document:
        """Give the document there is after so many looks."""
        for _ in range(looks):
            self.check()
        return Document.objects.get()


def redirect(status: str, place: str) -> bytes:
    return web.answer(status=status, Location=place)
