"""Who calls, how often they may, and what one call works with.

Who speaks is proved by a credential, never claimed: nothing a caller writes names an actor.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from domain.actor import Actor, Door
from starter.door.deliveries import Webhooks
from starter.door.identity import Caller, TokenReader, authenticate
from starter.door.session import Session
from starter.web.api.observed import ApiCalls
from starter.web.api.problems import Refusal

_REMEMBERED = 20_000  # cases (ours): far more than are spoken to while our store catches up
_BEARER = HTTPBearer(
    auto_error=False, description="An API key (`sr_...`) or a token of your identity provider."
)


Identify = Callable[[Session, str, str], Awaitable[Caller]]
"""Tells whose a bearer is, and notes what was asked for where it is nobody's. Raises: Fault (who are you)."""


def known_by(tokens: TokenReader | None) -> Identify:
    """Tell callers by API keys, and by the tokens of an identity provider where there is one."""

    async def identify(session: Session, bearer: str, asked: str) -> Caller:
        return await authenticate(session, bearer, door=Door.API, asked=asked, tokens=tokens)

    return identify


@dataclass
class Rates:
    """How many calls a minute one credential and one tenant have (ours; options of `web serve`)."""

    per_credential: int = 1_200
    per_tenant: int = 3_000
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    async def count(self, caller: Caller) -> dict[str, str]:
        """Count a call and return the headers that say what is left. Raises: Refusal (429)."""
        told = [await self._hit("credential", caller.credential, self.per_credential)]
        if caller.actor.tenant is not None:
            told.append(await self._hit("tenant", caller.actor.tenant, self.per_tenant))
        return {name: ", ".join(one[name] for one in told) for name in told[0]}

    async def _hit(self, of: str, name: str, most: int) -> dict[str, str]:
        item = RateLimitItemPerMinute(most)
        taken = await self._limiter.hit(item, of, name)
        window = await self._limiter.get_window_stats(item, of, name)
        headers = {
            "RateLimit-Policy": f'"{of}";q={most};w=60',
            "RateLimit": f'"{of}";r={window.remaining};t={_seconds_to(window.reset_time)}',
        }
        if taken:
            return headers
        wait = {"Retry-After": str(max(1, _seconds_to(window.reset_time)))}
        reason = f"more than {most} calls a minute for this {of}"
        raise Refusal(429, "TooManyCalls", reason, "wait, then go on", headers={**headers, **wait})


def _seconds_to(instant: float) -> int:
    return max(0, round(instant - time.time()))


@dataclass
class Backing:
    """What the API works with: a session of the core, who tells callers apart, webhooks, rates and calls."""

    session: Session
    identify: Identify
    webhooks: Webhooks
    rates: Rates = field(default_factory=Rates)
    calls: ApiCalls = field(default_factory=ApiCalls)
    newest: OrderedDict[str, int] = field(default_factory=OrderedDict)
    """The version of each case as this door has last been told it: nobody reads an older one here."""

    def told(self, case_id: str, version: int | None) -> None:
        """Remember the version a case has answered with."""
        if version is None:
            return
        self.newest[case_id] = max(version, self.newest.pop(case_id, 0))
        while len(self.newest) > _REMEMBERED:
            self.newest.popitem(last=False)


@dataclass(frozen=True)
class Call:
    """One call of somebody who is known."""

    request: Request
    backing: Backing
    caller: Caller

    @property
    def session(self) -> Session:
        """What the core works with."""
        return self.backing.session

    @property
    def actor(self) -> Actor:
        """Who speaks."""
        return self.caller.actor

    def is_about(self, case_id: str) -> None:
        """Note which case it is about, for the log."""
        self.request.state.case_id = case_id


async def known_caller(request: Request, _shown: Annotated[object, Depends(_BEARER)] = None) -> Call:
    """Prove who calls, and count it. Raises: Fault (401), Refusal (429)."""
    backing: Backing = request.app.state.backing
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    shown = bearer.strip() if scheme.lower() == "bearer" else ""
    caller = await backing.identify(backing.session, shown, asked_for(request))
    request.state.caller = caller
    request.state.headers.update(await backing.rates.count(caller))
    return Call(request, backing, caller)


def asked_for(request: Request) -> str:
    """Name what was wanted in words of ours: a route, never what somebody wrote."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', 'elsewhere')}"


Known = Annotated[Call, Depends(known_caller)]
