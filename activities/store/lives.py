"""Asks the case store whether an id has had another life, for a case that is about to be opened.

This room reads and gives up in time: a support case is never refused because of our store.
"""

from datetime import timedelta
from functools import partial

from activities.store.case_store import CaseStore
from activities.store.patience import Patience
from domain.lives import Beginning, StoredLife

READ_WITHIN = timedelta(seconds=1)
"""How long an opening waits for the store; then it goes on as if the id were new."""


class Lives:
    """Finds what the store holds under an id."""

    def __init__(self, store: CaseStore, patience: timedelta = READ_WITHIN) -> None:
        self._store = store
        self._patience = Patience[StoredLife | None](f"the case store at {store.address}", patience)

    async def find(self, beginning: Beginning) -> StoredLife | None:
        """Return the life the store holds; None where it holds none, or does not answer in time."""
        return await self._patience.read(beginning, partial(self._store.life, beginning))

    async def close(self) -> None:
        """Wait until the last read has ended; the store may be closed after that."""
        await self._patience.close()
