"""The case store as a door opens it that writes: made where there is none, and brought up to date first.

Part of the doors. What only reads opens it in `starter.store`, and changes nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starter.faults import Exit, Fault, usage
from starter.home import Home
from starter.store import store_url

if TYPE_CHECKING:
    from activities.case_store import CaseStore


@asynccontextmanager
async def writing_store(home: Home) -> "AsyncIterator[CaseStore]":
    """This will open the store of the desk here, or the one the environment names, and close it again.

    Raises: Fault: usage for a setting that is wrong, unreachable where the store cannot be written.
    """
    from sqlalchemy.exc import DBAPIError

    from activities.case_store import CaseStore
    from activities.database import StoreUnreachable, StoreUrlInvalid

    try:
        store = await CaseStore.open(store_url(home))
    except StoreUrlInvalid as error:
        raise usage(str(error), "mend SUNRELAY_STORE_URL") from None
    except (StoreUnreachable, OSError) as error:
        raise _away(str(error)) from None
    try:
        yield store
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise _away(f"the case store at {store.address} cannot be written: {reason}") from None
    finally:
        await store.close()


def _away(reason: str) -> Fault:
    remedy = "mend SUNRELAY_STORE_URL, or try again: what is written already stays as it is"
    return Fault(Exit.UNREACHABLE, "StoreUnreachable", reason, remedy)
