"""The practice vendor as a part of the desk: what the worker is told of them, their mood, and their calls to
us.

Token and key are made anew for each desk and die with it; they and we talk on loopback only.
"""

import asyncio
import base64
import contextlib
import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

from standardwebhooks import Webhook

from activities.channels.http import NoAnswer, Poster
from starter.desk.fake_vendor import FakeVendor, Mood, Ticket
from starter.home import Home

_TRIES = 8
_BETWEEN = 1.0  # s; the case learns the vendor's number a moment after the vendor gave it


def mood_file(home: Home) -> Path:
    """Return where the mood of the practice vendor is written."""
    return home.path / "vendor-mood"


def read_mood(home: Home) -> Mood:
    """Read the mood; without a word, or with one nobody knows, they are well."""
    try:
        return Mood(mood_file(home).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return Mood.WELL


class PracticeVendor:
    """A fake vendor with a file for the worker, and a key to sign their calls with."""

    def __init__(self, home: Home, calls: str) -> None:
        self._home = home
        self._calls = calls
        self._token = secrets.token_urlsafe(24)
        self._key = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        # Numbers go on where those of the last desk ended: its cases still have them.
        self._vendor = FakeVendor(self._token, lambda: read_mood(home), first=int(time.time()))
        self._vendor.opened = self._answers_soon
        self._under_way: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to answer."""
        await self._vendor.start()

    async def stop(self) -> None:
        """Stop, with their calls."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._vendor.stop()

    @property
    def url(self) -> str:
        """Where they are."""
        return self._vendor.url

    def worker_settings(self) -> dict[str, str]:
        """Return what a worker must be told to reach them: loopback, by name."""
        file = self._home.path / "vendor.toml"
        self._home.keep(file.name, f'extends = "practice"\nbase_url = "{self.url}"\n')
        return {
            "SUNRELAY_VENDOR_CONFIG": str(file),
            "SUNRELAY_VENDOR_TOKEN": self._token,
            "SUNRELAY_VENDOR_NETWORKS": json.dumps(["127.0.0.0/8"]),
        }

    def listener_settings(self) -> dict[str, str]:
        """Return what the door they call through must be told."""
        return {"SUNRELAY_VENDOR_WEBHOOK_SECRETS": self._key}

    def _answers_soon(self, ticket: Ticket) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(ticket))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _answer(self, ticket: Ticket) -> None:
        """Call as a vendor does who has read a ticket; they try again until somebody listens."""
        said = {
            "reference": ticket.id,
            "severity": ticket.said.get("severity"),
            "contact": "Robin of the practice vendor",
            "text": f"Thank you, your ticket is {ticket.id}; we look into it.",
        }
        await self._call(f"msg-{ticket.id}-1", "vendor.update", said)

    async def _call(self, identity: str, kind: str, said: dict[str, object]) -> None:
        now = datetime.now(UTC)
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": said})
        poster = Poster()
        for _ in range(_TRIES):
            await asyncio.sleep(_BETWEEN)
            now = datetime.now(UTC)
            headers = {
                "content-type": "application/json",
                "webhook-id": identity,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Webhook(self._key).sign(identity, now, body),
            }
            with contextlib.suppress(NoAnswer):
                if (await poster.post(self._calls, body, headers)).status == 202:
                    return
