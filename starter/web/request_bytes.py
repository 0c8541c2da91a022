"""The body of a call as it came, within a size and a time; files are read by `starter.web.uploads`."""

import asyncio

from starlette.requests import ClientDisconnect, Request

WITHIN = 10.0  # s


class Unread(Exception):
    """Ends the reading of a body: it is too large (413), came too slowly (408) or not at all (400)."""

    def __init__(self, status: int, size: int) -> None:
        super().__init__(f"{status} after {size} bytes")
        self.status = status
        self.size = size


async def bytes_of(request: Request, most: int, within: float = WITHIN) -> bytes:
    """Read a body of at most so many bytes. Raises: Unread.

    Of a larger one the rest is thrown away, or its sender would hear nothing.
    """
    read, size = bytearray(), 0
    try:
        async with asyncio.timeout(within):
            async for part in request.stream():
                size += len(part)
                if size <= most:
                    read += part
    except TimeoutError:
        raise Unread(408, size) from None
    except ClientDisconnect:
        raise Unread(400, size) from None
    if size > most:
        raise Unread(413, size)
    return bytes(read)
