"""Brings the case store up to date and ends: `python -m activities.migrate`, before the workers of a release.

This room opens a store and closes it. A worker does the same when it starts; a job of its own tells a
migration that fails apart from a worker that does, and needs no Temporal server.
"""

import asyncio
import sys

from pydantic import ValidationError

from activities.settings import AdapterSettings
from activities.store.database import Database, StoreUnreachable, StoreUrlInvalid

WRONG_SETTING, STORE_AWAY = 2, 5
"""Exit codes, the same as those of the `sunrelay` command."""


async def migrate(settings: AdapterSettings) -> str:
    """Migrate the store and return its address. Raises: StoreUrlInvalid; StoreUnreachable."""
    store = await Database.open(settings.store_url.get_secret_value())
    await store.close()
    return store.address


def main() -> int:
    """Do so for the store the settings name, say so in one line and return the exit code."""
    try:
        address = asyncio.run(migrate(AdapterSettings()))
    except ValidationError as error:
        first = error.errors()[0]
        return _say(f"SUNRELAY_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}", WRONG_SETTING)
    except StoreUrlInvalid as error:
        return _say(str(error), WRONG_SETTING)
    except StoreUnreachable as error:
        return _say(str(error), STORE_AWAY)
    return _say(f"the case store at {address} is up to date", 0)


def _say(line: str, code: int) -> int:
    sys.stderr.write(f"{line}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
