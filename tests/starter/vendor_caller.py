"""A vendor who calls: it signs as one does, or as nobody should; and cases he has."""

import json
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from standardwebhooks import Webhook

from tests.starter.conftest import Commands

KEY = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
NEXT_KEY = "whsec_" + "enl4d3Z1dHNycXBvbm1sa2ppaGdmZWRjYmE="
STRANGE_KEY = "whsec_" + "bm90IHRoZSBrZXkgb2YgYW55Ym9keSBoZXJl"


def call(kind: str = "vendor.update", **data: Any) -> str:
    given = {"text": "We found the cause.", **data}
    return json.dumps({"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": given})


def signed(
    body: str | bytes, identity: str = "msg-1", *, key: str = KEY, late: timedelta = timedelta(0)
) -> dict[str, str]:
    at = datetime.now(UTC) - late
    text = body if isinstance(body, str) else body.decode("latin-1")
    return {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(key).sign(identity, at, text),
    }


@dataclass(frozen=True)
class Answered:
    status: int
    record: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.record["code"])


@dataclass(frozen=True)
class Caller:
    """Calls one door."""

    port: int

    def __call__(self, body: str | bytes, headers: dict[str, str], path: str = "/vendor") -> Answered:
        answer = httpx.post(f"http://127.0.0.1:{self.port}{path}", content=body, headers=headers, timeout=20)
        return Answered(answer.status_code, answer.json())

    def vendor(self, identity: str, kind: str = "vendor.update", **data: Any) -> Answered:
        body = call(kind, **data)
        return self(body, signed(body, identity))

    def slowly(self, announced: int, sent: bytes) -> bytes:
        """What is answered to a body that is announced and does not come."""
        head = f"POST /vendor HTTP/1.1\r\nHost: x\r\nContent-Length: {announced}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(head.encode() + sent)
            answer = b""
            while not answer.endswith(b"}") and (part := connection.recv(4096)):
                answer += part
            return answer


def taken_there(run: Commands, reference: str, vendor_reference: str | None) -> str:
    """The number of a case the vendor has, under a number of his own or one he gives it."""
    tenants = run.home / "acme.json"
    tenants.write_text('[{"tenant": "Acme", "kind": "partner", "entitled": true}]', encoding="utf-8")
    assert run("tenant", "import", str(tenants)).code == 0
    flags = {
        "policy": "distributor-css",
        "tenant": "Acme",
        "reference": reference,
        "channel": "webform",
        "priority": "high",
        "end-user-company": "Acme",
        "onmicrosoft-domain": "acme.onmicrosoft.com",
        "scope": "one site",
        "title": "Mail is stuck",
        "explanation": "It does not leave.",
        "requester": "Kim",
        "country": "GB",
        "contact": "Kim",
        "email": "kim@acme.example",
    }
    number = run.as_json("open", *(part for name, text in flags.items() for part in (f"--{name}", text)))[
        "number"
    ]
    engineer = {"SUNRELAY_ACTOR_TIER": "L2", "SUNRELAY_ACTOR_NAME": "Ada"}
    run.as_json("respond", number, "We are on it", **engineer)
    to_vendor = ["--reason", "nothing helped", "--done", "initial_troubleshooting"]
    to_vendor += ["--product", "azure"]
    to_vendor += ["--vendor-reference", vendor_reference] if vendor_reference else []
    run.as_json("to-vendor", number, *to_vendor, **engineer)
    return str(number)
