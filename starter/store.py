"""The case store as doors use it: opened for reading, never changed.

Part of the doors. The worker makes and migrates the store; a command that finds none says so instead of
leaving an empty file behind.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from starter.faults import Exit, Fault, usage
from starter.home import Home

if TYPE_CHECKING:
    from activities.case_store import CaseStore

T = TypeVar("T")


class HasStore(Protocol):
    """Whoever can open the case store: a door."""

    async def store(self) -> "CaseStore":
        """This will open the store on first use."""


def open_store(home: Home) -> "CaseStore":
    """This will open the store of the desk here, or the one the environment names. Raises: Fault."""
    from activities.case_store import CaseStore
    from activities.database import StoreUrlInvalid, database_url

    url = store_url(home)
    try:
        store = CaseStore(url)
    except StoreUrlInvalid as error:
        raise usage(str(error), "mend SUNRELAY_STORE_URL") from None
    place = database_url(url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        raise _away(store, "there is no such file")
    return store


def store_url(home: Home) -> str:
    """This will read where the store is. Raises: Fault (usage) for a setting that is wrong."""
    from pydantic import ValidationError

    from activities.settings import AdapterSettings

    try:
        return AdapterSettings.model_validate(home.store_setting()).store_url.get_secret_value()
    except ValidationError as error:
        first = error.errors()[0]
        raise usage(f"SUNRELAY_{first['loc'][0]!s}".upper() + f": {first['msg']}") from None


async def stored(door: "HasStore", read: "Callable[[CaseStore], Awaitable[T]]") -> T:
    """This will read something from the store. Raises: Fault (unreachable) with the address tried."""
    from sqlalchemy.exc import DBAPIError

    store = await door.store()
    try:
        return await read(store)
    except (DBAPIError, OSError) as error:
        raise _away(store, str(getattr(error, "orig", None) or error).splitlines()[0]) from None


def _away(store: "CaseStore", reason: str) -> Fault:
    return Fault(
        Exit.UNREACHABLE,
        "StoreUnreachable",
        f"the case store at {store.address} cannot be read: {reason}",
        "start the desk with: sunrelay run, or set SUNRELAY_STORE_URL",
    )
