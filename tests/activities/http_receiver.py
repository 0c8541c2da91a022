"""A real HTTP receiver whose answers a test can choose, and the requests it got."""

import asyncio
import ssl
from typing import NamedTuple, Self


class Received(NamedTuple):
    """One request: its target, headers in lower case, body."""

    target: str
    headers: dict[str, str]
    body: str


class HttpReceiver:
    """Answers with `answers`, each once, and then 204; `b""` hangs up, `None` says nothing for ever.

    The next request that has `keeps_its_answer_to` in it is not answered, whatever else comes first.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.answers: list[bytes | None] = []
        self.keeps_its_answer_to: str | None = None
        self._tls = tls
        self._released = asyncio.Event()
        self._server: asyncio.Server

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}/hook?key=secret"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._released.set()
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            plain = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in head[1:] if line}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.received.append(Received(head[0].split(" ")[1], plain, body.decode()))
            answer = self._answer(body.decode())
            if answer is None:
                await self._released.wait()
            else:
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, body: str) -> bytes | None:
        if self.keeps_its_answer_to is not None and self.keeps_its_answer_to in body:
            self.keeps_its_answer_to = None
            return None
        return self.answers.pop(0) if self.answers else answer_of(204)


def answer_of(status: int, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
