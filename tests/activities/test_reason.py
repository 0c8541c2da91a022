"""Whatever fails, a line says why: an error may have no words, or many lines of them."""

import asyncio

import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from activities.channels.attempt import TryAgain
from activities.channels.public_address import PublicAddresses
from activities.words.reason import reason_of


def wrapped(cause: Exception) -> DBAPIError:
    return DBAPIError("select 1", {}, cause)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "no answer in time"),
        (ConnectionResetError(), "ConnectionResetError"),
        (httpx.ReadTimeout(""), "ReadTimeout"),
        (OSError("refused"), "refused"),
        (ValueError("\n \n one\ntwo"), "one"),
        (RuntimeError("\n"), "RuntimeError"),
        (wrapped(TimeoutError()), "no answer in time"),
        (wrapped(OSError("the server closed\nin the middle")), "the server closed"),
    ],
    ids=repr,
)
def test_a_reason_is_one_line_that_is_never_empty(error: Exception, words: str) -> None:
    assert reason_of(error) == words


async def test_a_name_service_that_stays_silent_is_said_to() -> None:
    async def silent(_host: str, _port: int) -> list[str]:
        raise TimeoutError

    with pytest.raises(TryAgain, match="no answer in time"):
        await PublicAddresses(resolver=silent).find("https://hooks.example/")


async def test_a_timeout_of_asyncio_has_no_words_of_its_own() -> None:
    """Why this room exists; should it change, the class's words are good enough."""
    with pytest.raises(TimeoutError) as caught:
        async with asyncio.timeout(0):
            await asyncio.sleep(1)
    assert str(caught.value) == ""
