"""A web on this machine: servers that answer as a test wants it, and a network that leads to them and nowhere else."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from reader.importing import fetching

# What a server does with one connection, given what it was asked.
Manner = Callable[[socket.socket, str], None]


class Network(fetching.Internet):
    """A network on which every name, or each of those listed, is this machine, and only the ports listed are open."""

    def __init__(self, *ports: int, names: Mapping[str, Sequence[str]] | None = None, trust: str = "") -> None:
        self.ports, self.names, self.trust = ports, names, trust
        self.asked: list[str] = []

    def resolve(self, host: str) -> list[str]:
        self.asked.append(host)
        if self.names is None:
            return ["127.0.0.1"]
        if host not in self.names:
            raise socket.gaierror
        return list(self.names[host])

    def permits(self, address: fetching.IpAddress, port: int) -> bool:
        return (str(address) == "127.0.0.1" and port in self.ports) or super().permits(address, port)

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.trust or None)


@contextmanager
def serving(manner: Manner, *, certificate: str = "") -> Iterator[int]:
    """Give the port of a server that treats every connection in this manner."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, manner, certificate), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # Wakes the thread that waits for a connection.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, manner: Manner, certificate: str) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_treat, args=(connection, manner, certificate), daemon=True).start()


def _treat(connection: socket.socket, manner: Manner, certificate: str) -> None:
    with suppress(OSError), _secured(connection, certificate) as secured:
        manner(secured, secured.recv(65536).decode("latin-1"))


def _secured(connection: socket.socket, certificate: str) -> socket.socket:
    if not certificate:
        return connection
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with connection:
        return context.wrap_socket(connection, server_side=True)


def answer(
    body: bytes | str = b"",
    *,
    status: str = "200 OK",
    type: str = "text/html; charset=utf-8",  # noqa: A002
    **headers: str,
) -> bytes:
    """Give a whole answer, of the length that it says."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": type, "Content-Length": str(len(data))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + data


def saying(answers: Mapping[str, bytes] | bytes) -> Manner:
    """Answer with these bytes, or with those of the path that was asked for."""

    def manner(connection: socket.socket, asked: str) -> None:
        if isinstance(answers, bytes):
            connection.sendall(answers)
        else:
            path = asked.split(" ")[1]
            connection.sendall(answers.get(path, answer("Nothing here.", status="404 Not Found")))

    return manner
