"""A WSGI application that is one answer: what the server could do if the site cost nothing."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_status, _headers = json.loads(os.environ["LIMIT_HEAD"])
_answer_headers = [(name, value) for name, value in _headers]
_body = Path(os.environ["LIMIT_BODY"]).read_bytes()

StartResponse = Callable[[str, list[tuple[str, str]]], object]


def application(_environ: dict[str, object], start_response: StartResponse) -> Iterable[bytes]:
    start_response(_status, _answer_headers)
    return [_body]
