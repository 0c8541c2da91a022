"""Sends one request to one URL: the only file that knows the HTTP library.

This room opens sockets and reads little. It follows no redirect, takes no proxy from the environment, and
talks to the address it is given even where the URL names a host, so that nobody can answer for another.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import httpx

from activities.words.reason import reason_of

MAX_ANSWER_BYTES = 64 * 1024
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""No proxy, but the certificates to trust may be named in the environment, as everywhere else."""

# It notes every URL whole, and receivers hide their secrets there.
logging.getLogger("httpx").setLevel(logging.WARNING)


class PostTimes(NamedTuple):
    """Seconds: for connecting and for each read or write, and for one post altogether."""

    step: float = 10
    post: float = 10


class Outgoing(NamedTuple):
    """One request; of what is answered at most `most` bytes are read."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None = None
    most: int = MAX_ANSWER_BYTES


class Answer(NamedTuple):
    """The status, the header that says when to come back, and the beginning of what was answered.

    `headers` have their names in small letters. `is_whole` is false where more was answered than was read.
    """

    status: int
    retry_after: str | None
    text: str
    headers: Mapping[str, str]
    is_whole: bool


class NoAnswer(Exception):
    """Nothing came back that could be an answer; the message says why."""


class Poster:
    """Post, each time over a connection of its own.

    Nothing is pooled: a kept connection was checked against the name of whoever used that address first.
    """

    def __init__(self, times: PostTimes | None = None) -> None:
        self._times = times or PostTimes()
        self._trusted = _trusted(*map(os.environ.get, _TRUST))

    async def post(self, url: str, body: str, headers: Mapping[str, str], at: Sequence[str] = ()) -> Answer:
        """Post to a URL; where numeric addresses are given, to the first that can be connected.

        Raises: NoAnswer.
        """
        return await self.send(Outgoing("POST", url, headers, body), at)

    async def send(self, outgoing: Outgoing, at: Sequence[str] = ()) -> Answer:
        """Send any request, in the same way. Raises: NoAnswer."""
        try:
            async with asyncio.timeout(self._times.post), self._client() as client:
                request = client.build_request(
                    outgoing.method, outgoing.url, content=outgoing.body, headers=outgoing.headers
                )
                return await _send(client, request, at, outgoing.most)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise NoAnswer(reason_of(error)) from error

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            timeout=httpx.Timeout(self._times.step),
            follow_redirects=False,
            trust_env=False,
            verify=self._trusted,
        )


@lru_cache
def _trusted(*named: str | None) -> ssl.SSLContext:
    """Return what to trust: read once for whatever the environment names, for that costs 30 ms of CPU."""
    return httpx.create_ssl_context(trust_env=True)


async def _send(client: httpx.AsyncClient, request: httpx.Request, at: Sequence[str], most: int) -> Answer:
    if not at:
        return await _answer(client, request, most)
    # The request goes to a number and keeps its Host; the certificate is checked against that name.
    request.extensions["sni_hostname"] = request.url.host
    for address in at[:-1]:
        request.url = request.url.copy_with(host=address)
        try:
            return await _answer(client, request, most)
        except httpx.ConnectError:
            continue
    request.url = request.url.copy_with(host=at[-1])
    return await _answer(client, request, most)


async def _answer(client: httpx.AsyncClient, request: httpx.Request, most: int) -> Answer:
    answer = await client.send(request, stream=True)
    try:
        read = await _beginning(answer, most)
    finally:
        await answer.aclose()
    text = bytes(read[:most]).decode("utf-8", "replace")
    headers = dict(answer.headers)
    return Answer(answer.status_code, headers.get("retry-after"), text, headers, len(read) <= most)


async def _beginning(answer: httpx.Response, most: int) -> bytearray:
    read = bytearray()
    async for chunk in answer.aiter_raw():  # as sent: a body that unpacks to gigabytes stays packed
        read += chunk
        if len(read) > most:
            break
    return read
