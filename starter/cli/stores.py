"""The case store as this machine's settings name it: to read what is there, or to write our own tables.

The worker makes and migrates the store; a command that only reads and finds none says so instead of leaving
an empty file behind.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

from activities.store.case_store import CaseStore
from activities.store.database import StoreUnreachable, StoreUrlInvalid, database_url
from activities.words.reason import reason_of
from starter.cli.settings import adapter_settings
from starter.door.faults import Fault, Kind, usage
from starter.door.session import Session, store_away
from starter.home import Home


def store_url(home: Home) -> str:
    """Return where the store is. Raises: Fault (usage) for a setting that is wrong."""
    return adapter_settings(home.store_setting()).store_url.get_secret_value()


def open_store(home: Home) -> CaseStore:
    """Open the store of the desk here, or the one the environment names, for reading. Raises: Fault."""
    url = store_url(home)
    try:
        store = CaseStore(url)
    except StoreUrlInvalid as error:
        raise usage(str(error), "fix SUNRELAY_STORE_URL") from None
    place = database_url(url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        raise store_away(store, "there is no such file")
    return store


@asynccontextmanager
async def writing_store(home: Home) -> AsyncIterator[CaseStore]:
    """Open the store to write it, made where there is none and brought up to date, and close it again.

    Raises: Fault: for a home that is not ours, usage for a setting that is wrong, unreachable where the store
    cannot be written.
    """
    if home.store_setting():
        home.prepare()
    try:
        store = await CaseStore.open(store_url(home))
    except StoreUrlInvalid as error:
        raise usage(str(error), "fix SUNRELAY_STORE_URL") from None
    except (StoreUnreachable, OSError) as error:
        raise _not_written(reason_of(error)) from None
    try:
        with _told(store):
            yield store
    finally:
        await store.close()


def writing_kept_open(home: Home, session: Session) -> Callable[[], AbstractAsyncContextManager[CaseStore]]:
    """Return how a door that stays writes: to the store it reads, which is brought up to date once.

    Raises, when asked: Fault, as `writing_store`.
    """
    is_current = False

    @asynccontextmanager
    async def writing() -> AsyncIterator[CaseStore]:
        nonlocal is_current
        if not is_current:
            async with writing_store(home):
                is_current = True
        store = await session.store()
        with _told(store):
            yield store

    return writing


@contextmanager
def _told(store: CaseStore) -> Iterator[None]:
    try:
        yield
    except store.unusable as error:
        reason = f"the case store at {store.address} cannot be written: {reason_of(error)}"
        raise _not_written(reason) from None


def _not_written(reason: str) -> Fault:
    remedy = "fix SUNRELAY_STORE_URL, or try again: what is written already stays as it is"
    return Fault(Kind.UNREACHABLE, "StoreUnreachable", reason, remedy)
