"""Posts one body to one URL: the only file that knows the HTTP library.

This room opens sockets and reads little. It follows no redirect, takes no proxy from the environment, and
talks to the address it is given even where the URL names a host, so that nobody can answer for another.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import httpx

MAX_ANSWER_BYTES = 64 * 1024


class PostTimes(NamedTuple):
    """Seconds: for connecting and for each read or write, and for one post altogether."""

    step: float = 10
    post: float = 10


class Answer(NamedTuple):
    """The status, the header that says when to come back, and the first 64 KiB of what was answered."""

    status: int
    retry_after: str | None
    text: str


class NoAnswer(Exception):
    """Nothing came back that could be an answer; the message says why."""


class Poster:
    """This will post, each time over a connection of its own.

    Nothing is pooled: a kept connection was checked against the name of whoever used that address first.
    """

    def __init__(self, times: PostTimes | None = None) -> None:
        self._times = times or PostTimes()
        # No proxy, but the certificates to trust may be named in the environment, as everywhere else.
        self._trusted = httpx.create_ssl_context(trust_env=True)

    async def post(self, url: str, body: str, headers: Mapping[str, str], at: Sequence[str] = ()) -> Answer:
        """This will post to a URL; where numeric addresses are given, to the first that can be connected.

        Raises: NoAnswer.
        """
        try:
            async with asyncio.timeout(self._times.post), self._client() as client:
                request = client.build_request("POST", url, content=body, headers=headers)
                return await _post(client, request, at)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            timeout=httpx.Timeout(self._times.step),
            follow_redirects=False,
            trust_env=False,
            verify=self._trusted,
        )


async def _post(client: httpx.AsyncClient, request: httpx.Request, at: Sequence[str]) -> Answer:
    if not at:
        return await _answer(client, request)
    # The request goes to a number and keeps its Host; the certificate is checked against that name.
    request.extensions["sni_hostname"] = request.url.host
    for address in at[:-1]:
        request.url = request.url.copy_with(host=address)
        try:
            return await _answer(client, request)
        except httpx.ConnectError:
            continue
    request.url = request.url.copy_with(host=at[-1])
    return await _answer(client, request)


async def _answer(client: httpx.AsyncClient, request: httpx.Request) -> Answer:
    answer = await client.send(request, stream=True)
    try:
        text = await _beginning(answer)
    finally:
        await answer.aclose()
    return Answer(answer.status_code, answer.headers.get("retry-after"), text)


async def _beginning(answer: httpx.Response) -> str:
    read = bytearray()
    async for chunk in answer.aiter_raw():  # as sent: a body that unpacks to gigabytes stays packed
        read += chunk
        if len(read) >= MAX_ANSWER_BYTES:
            break
    return read[:MAX_ANSWER_BYTES].decode("utf-8", "replace")
