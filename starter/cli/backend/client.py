"""Calls of an API of ours: with the key, within the time a command has, and each fault as what it is."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import IO, Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from activities.words.reason import reason_of
from domain.actor import Actor
from starter.cli.backend.problems import fault_of
from starter.cli.logins import Login
from starter.door.faults import Fault, Kind, outcome_unknown

T = TypeVar("T", bound=BaseModel)
_PAGE = 200  # rows the API gives at a time


class ApiClient:
    """One API, and whoever's key opens it. `timeout` bounds one answer."""

    def __init__(self, login: Login, timeout: timedelta) -> None:
        self.login = login
        self._timeout = timeout
        self._http: httpx.AsyncClient | None = None

    async def speaker(self) -> Actor:
        """Return whom the key speaks for. Raises: Fault (unauthenticated, unreachable)."""
        answer = await self.get("me")
        return read(Actor, self.record(answer).get("actor"), self.login.url)

    async def get(self, *path: str, **params: Any) -> httpx.Response:
        """Read something. Raises: Fault."""
        return await self._answer("GET", path, params={name: one for name, one in params.items() if one})

    async def post(
        self, *path: str, fields: Mapping[str, Any], key: str, waits: bool = True
    ) -> httpx.Response:
        """Do something once, whatever breaks: `key` is the id of the request. Raises: Fault."""
        body = to_jsonable_python({name: value for name, value in fields.items() if value is not None})
        headers = {"Idempotency-Key": key, **({} if waits else {"Prefer": "respond-async"})}
        return await self._answer("POST", path, key, json=body, headers=headers)

    async def give(
        self, *path: str, files: Sequence[tuple[str, IO[bytes]]], fields: Mapping[str, str], key: str
    ) -> httpx.Response:
        """Give files once, as a form. Raises: Fault."""
        form = [("files", (name, opened, "application/octet-stream")) for name, opened in files]
        headers = {"Idempotency-Key": key}
        return await self._answer("POST", path, key, files=form, data=dict(fields), headers=headers)

    @asynccontextmanager
    async def streamed(self, *path: str) -> AsyncIterator[httpx.Response]:
        """Read something part by part. Raises: Fault."""
        self._http = self._http or self._opened()
        try:
            async with self._http.stream("GET", self._url(path), headers={"Accept": "*/*"}) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise fault_of(answer, self.login.url)
                yield answer
        except httpx.HTTPError as error:
            raise away(self.login.url, reason_of(error)) from None

    def _url(self, path: tuple[str, ...]) -> str:
        return f"{self.login.url}/v1/{'/'.join(quote(part, safe='') for part in path)}"

    async def pages(self, *path: str, rows: str, limit: int, **params: Any) -> AsyncIterator[dict[str, Any]]:
        """Read pages of a list, until as many rows have come or there are no more. Raises: Fault."""
        left, after = limit, None
        while left > 0:
            page = self.record(await self.get(*path, limit=min(left, _PAGE), after=after, **params))
            yield page
            left -= len(page.get(rows, ()))
            after = page.get("next_cursor")
            if after is None:
                return

    def record(self, answer: httpx.Response) -> dict[str, Any]:
        """Return the record an API answered with. Raises: Fault."""
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise fault_of(answer, self.login.url)
        return _Record(found, self.login.url)

    async def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            await self._http.aclose()

    async def _answer(
        self, method: str, path: tuple[str, ...], key: str | None = None, **more: Any
    ) -> httpx.Response:
        self._http = self._http or self._opened()
        try:
            answer = await self._http.request(method, self._url(path), **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout) as error:
            raise away(self.login.url, reason_of(error)) from None
        except httpx.HTTPError as error:
            if key is None:
                raise away(self.login.url, reason_of(error)) from None
            raise outcome_unknown(f"no answer of {self.login.url}: {reason_of(error)}", key) from None
        if answer.is_success:
            return answer
        raise fault_of(answer, self.login.url, key)

    def _opened(self) -> httpx.AsyncClient:
        """Open a connection that follows nobody elsewhere: the key is for this address alone.

        What certificates are trusted is read for https alone: that takes 50 ms.
        """
        shown = {"Authorization": f"Bearer {self.login.key}", "Accept": "application/json"}
        seconds, is_secure = self._timeout.total_seconds(), self.login.url.startswith("https:")
        return httpx.AsyncClient(headers=shown, timeout=seconds, follow_redirects=False, verify=is_secure)


class _Record(dict[str, Any]):
    """What an API answered; that it lacks something is the API's fault, and told as that."""

    def __init__(self, found: dict[str, Any], url: str) -> None:
        super().__init__(found)
        self._url = url

    def __missing__(self, name: str) -> Any:
        raise _unreadable(self._url, f"lacks {name}")


def read(kind: type[T], record: Any, url: str) -> T:
    """Read a record of the API's; what a newer one has beside it is left out. Raises: Fault."""
    try:
        return kind.model_validate(record, extra="ignore")
    except ValidationError:
        raise _unreadable(url, f"is no {kind.__name__} as this version knows it") from None


def _unreadable(url: str, why: str) -> Fault:
    reason = f"what {url} answers {why}"
    return Fault(Kind.FAULT, "AnswerUnreadable", reason, "bring both to one version")


def away(url: str, why: str) -> Fault:
    """Return what is said where no API answers."""
    remedy = "see whether it is up, and the address the right one"
    return Fault(Kind.UNREACHABLE, "ServerUnreachable", f"no API answers at {url}: {why}", remedy)
