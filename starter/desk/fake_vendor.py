"""A vendor's support desk to practise with: it opens tickets, and fails in every way a real one does.

For `sunrelay run` and the tests. It does not notice a ticket that is sent twice: that none
is, is ours to see to.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starter.desk.plain_http import PlainServer, Reply, Request, reply

TOO_LONG = b" " * (1024 * 1024 + 1)
"""A byte more than is read of an answer."""


class Mood(StrEnum):
    """How the vendor answers."""

    WELL = "well"
    TAKES_THEN_FAILS = "takes-then-fails"
    TAKES_THEN_HANGS_UP = "takes-then-hangs-up"
    FAILS = "fails"
    BUSY = "busy"
    SLOW = "slow"
    REDIRECTS = "redirects"
    TALKS_TOO_LONG = "talks-too-long"
    SILENT = "silent"
    FORBIDS = "forbids"


@dataclass
class Ticket:
    """One ticket and what was added to it."""

    id: str
    key: str
    said: dict[str, object]
    comments: list["Ticket"] = field(default_factory=list)

    def as_record(self) -> dict[str, object]:
        """Return the ticket as the vendor's interface shows it."""
        return {"id": self.id, "external_id": self.key, "state": "open", **self.said}


class FakeVendor:
    """Keep tickets for as long as it runs. `read_mood` is asked at every request."""

    def __init__(
        self, token: str, read_mood: Callable[[], Mood] = lambda: Mood.WELL, *, first: int = 1001
    ) -> None:
        self._first = first
        self.tickets: list[Ticket] = []
        self.requests: list[Request] = []
        self.opened: Callable[[Ticket], None] = lambda _: None
        self.patience = 1
        """How often a slow vendor says they are not done."""
        self._token = token
        self._read_mood = read_mood
        self._server = PlainServer(self._answer)
        self._operations: dict[str, int] = {}

    @property
    def url(self) -> str:
        """Where its interface begins."""
        return f"http://127.0.0.1:{self._server.port}"

    async def start(self) -> None:
        """Begin to answer."""
        await self._server.start()

    async def stop(self) -> None:
        """Stop answering; the tickets are gone with it."""
        await self._server.stop()

    async def _answer(self, request: Request) -> Reply:
        self.requests.append(request)
        mood = self._read_mood()
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._token}"):
            return reply(401, {"error": "who are you?"})
        if (refusal := self._refusal(mood)) is not None:
            return refusal
        if request.method == "GET":
            return self._read(request)
        return self._write(request, mood)

    def _refusal(self, mood: Mood) -> Reply | None:
        """Return the answer of a vendor who does not even look at what is asked."""
        match mood:
            case Mood.FAILS:
                return reply(500, {"error": "out of order"})
            case Mood.BUSY:
                return reply(429, {"error": "too many requests"}, Retry_After="3")
            case Mood.REDIRECTS:
                return Reply(307, headers=(("Location", "http://127.0.0.1:9/elsewhere"),))
            case Mood.SILENT:
                return Reply(says_nothing=True)
            case Mood.FORBIDS:
                return reply(401, {"error": f"the token {self._token} has expired"})
            case _:
                return None

    def _write(self, request: Request, mood: Mood) -> Reply:
        try:
            said = json.loads(request.body)
        except ValueError:
            return reply(400, {"error": "no JSON"})
        made = self._kept(request.path.strip("/").split("/"), dict(said))
        if made is None:
            return reply(404, {"error": "no such place"})
        match mood:
            case Mood.TAKES_THEN_FAILS:
                return reply(500, {"error": "taken, and then it broke"})
            case Mood.TAKES_THEN_HANGS_UP:
                return Reply(hangs_up=True)
            case Mood.TALKS_TOO_LONG:
                return Reply(201, TOO_LONG)
            case Mood.SLOW:
                self._operations[made.id] = 0
                place = f"/operations/{made.id}"
                return reply(202, {"status": "Running"}, Operation_Location=place, Retry_After="1")
            case _:
                return reply(201, made.as_record())

    def _kept(self, path: list[str], said: dict[str, object]) -> Ticket | None:
        key = str(said.pop("external_id", ""))
        match path:
            case ["tickets"]:
                made = Ticket(f"V-{self._first + len(self.tickets)}", key, said)
                self.tickets.append(made)
                self.opened(made)
                return made
            case ["tickets", number, "comments"] if ticket := self._ticket(number):
                made = Ticket(f"{number}.{1 + len(ticket.comments)}", key, said)
                ticket.comments.append(made)
                return made
            case _:
                return None

    def _read(self, request: Request) -> Reply:
        key = request.query.get("external_id", "")
        match request.path.strip("/").split("/"):
            case ["tickets"]:
                return reply(200, {"found": [one.as_record() for one in self.tickets if one.key == key]})
            case ["tickets", number, "comments"] if ticket := self._ticket(number):
                return reply(200, {"found": [one.as_record() for one in ticket.comments if one.key == key]})
            case ["operations", number] if number in self._operations:
                self._operations[number] += 1
                done = self._operations[number] > self.patience
                return reply(200, {"status": "Succeeded" if done else "Running"}, Retry_After="1")
            case _:
                return reply(404, {"error": "no such place"})

    def _ticket(self, number: str) -> Ticket | None:
        return next((one for one in self.tickets if one.id == number), None)
