"""What a shell offers while somebody types: cases, centres, people, tenants and policies there are.

Asked at every press of a key: each answer is one short read, and where nothing answers in time there is
nothing to offer, and no word about it.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starter.cli.logins import current_login
from starter.home import Home

if TYPE_CHECKING:
    from activities.store.case_store import CaseStore

_SECONDS = 0.5
"""How long a shell waits for the store, unless SUNRELAY_TIMEOUT says otherwise (ours)."""

_MOST = 50

Offer = tuple[str, str]
"""A word to complete to, and what is said of it."""


def cases(incomplete: str) -> list[Offer]:
    """Offer the numbers of open cases, the nearest promise first, each with its title."""

    async def read(store: "CaseStore") -> list[Offer]:
        from activities.store.case_list import CaseFilter  # noqa: PLC0415

        rows = await store.cases(CaseFilter(tenant=_own_tenant(), open_only=True, limit=1000))
        return [(row.number, _unmarked(f"{row.level} {row.title}"[:60])) for row in rows]

    return _beginning(incomplete, _asked(read), is_sorted=False)


def tenants(incomplete: str) -> list[Offer]:
    """Offer the tenants we know."""
    own = _own_tenant()
    names = [own] if own is not None else _asked(lambda store: store.tenant_names())
    return _beginning(incomplete, names)


def owners(incomplete: str) -> list[Offer]:
    """Offer the people of the rota, and who owns a case."""
    return _beginning(incomplete, _asked(lambda store: store.owner_names(_own_tenant())))


def regions(incomplete: str) -> list[Offer]:
    """Offer the centres of every policy."""
    return _beginning(incomplete, _read(_regions))


def policies(incomplete: str) -> list[Offer]:
    """Offer the policies in force."""
    return _beginning(incomplete, _read(_policies))


def levels(incomplete: str) -> list[Offer]:
    """Offer the levels cases have."""
    return _beginning(incomplete, _asked(lambda store: store.level_names()))


def _unmarked(text: str) -> str:
    """Return a text without marks a shell reads: zsh evaluates what we say, and a title is anybody's."""
    return "".join(char if _is_plain(char) else " " for char in text)


def _is_plain(char: str) -> bool:
    return char.isalnum() or char in " .,-_@+/"


def _word(name: str) -> str:
    """Write a name as one word of the shell; bash puts it in as it stands."""
    in_bash = os.environ.get("_SUNRELAY_COMPLETE") == "complete_bash"
    return name.replace(" ", "\\ ") if in_bash else name


def _regions() -> Iterable[str]:
    from starter.door.policies_in_force import known_regions  # noqa: PLC0415

    return known_regions()


def _policies() -> Iterable[str]:
    from policies import policy_names  # noqa: PLC0415

    return policy_names()


def _own_tenant() -> str | None:
    """Return whose names alone are offered here: a requester's; one without a tenant is offered none."""
    is_requester = os.environ.get("SUNRELAY_ACTOR_KIND") in ("customer", "partner")
    return os.environ.get("SUNRELAY_ACTOR_TENANT", "") if is_requester else None


def _asked(read: "Callable[[CaseStore], Awaitable[Any]]") -> Any:
    """Ask the store, or return nothing: a shell that completes has no room for a fault.

    Where commands go to an API, what the store here has is another desk's.
    """

    async def ask() -> Any:
        if current_login() is not None:
            return ()
        from starter.cli.stores import open_store  # noqa: PLC0415

        store = open_store(Home.current())
        try:
            return await asyncio.wait_for(read(store), _patience())
        finally:
            await store.close()

    return _read(lambda: asyncio.run(ask()))


def _patience() -> float:
    return float(os.environ.get("SUNRELAY_TIMEOUT") or _SECONDS)


def _read(read: Callable[[], Any]) -> Any:
    with suppress(Exception):
        return read()
    return ()


def _beginning(incomplete: str, names: Iterable[str | Offer], *, is_sorted: bool = True) -> list[Offer]:
    offers = [(name, "") if isinstance(name, str) else name for name in names]
    wanted = incomplete.casefold()
    begun = [offer for offer in offers if offer[0].casefold().startswith(wanted)]
    plain = [(_word(name), said) for name, said in begun if all(map(_is_plain, name))]
    return (sorted(plain) if is_sorted else plain)[:_MOST]
