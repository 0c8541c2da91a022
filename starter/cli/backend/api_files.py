"""Files of cases asked of an API."""

import base64
import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from starter.cli.backend.client import ApiClient
from starter.cli.backend.protocol import Attached
from starter.cli.backend.receipts import answer_in
from starter.door.faults import Fault, Kind, usage
from starter.door.files import Given
from starter.web.handed_out import DIGEST


class ApiFiles:
    """Asks an API, as whom its key speaks for."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api

    async def attach(self, case: str, files: Sequence[Path], given: Given) -> Attached:
        """Give files of this machine."""
        told = {"text": given.text, "internal": given.internal and "true"}
        if given.internal is False:
            told["internal"] = "false"
        fields = {name: value for name, value in told.items() if value}
        with ExitStack() as stack:
            try:
                opened = [(place.name, stack.enter_context(place.open("rb"))) for place in files]
            except OSError as error:
                reason = f"{error.filename}: {error.strerror}"
                raise usage(reason, "give files that can be read", "files") from None
            key = given.request_id or str(uuid4())
            answer = await self._api.give("cases", case, "files", files=opened, fields=fields, key=key)
        names = tuple(str(one["name"]) for one in self._api.record(answer)["files"])
        return Attached(answer_in(self._api, answer), names)

    async def fetch(self, case: str, file_id: str, to: Path) -> int:
        """Put a file into one of this machine; return its size. Raises: Fault, unless it is whole."""
        digest, size = hashlib.sha256(), 0
        with to.open("wb") as opened:
            async with self._api.streamed("cases", case, "files", file_id) as answer:
                async for part in answer.aiter_bytes():
                    opened.write(part)
                    digest.update(part)
                    size += len(part)
        if f":{base64.b64encode(digest.digest()).decode()}:" not in answer.headers.get(DIGEST, ""):
            reason = "the file did not come whole"
            raise Fault(Kind.UNREACHABLE, "FileBroken", reason, "fetch it again")
        return size
