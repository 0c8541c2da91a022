"""Keys and records to try the signatures of promises with."""

from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import OKPKey

from activities.receipts.signature import Signer
from domain.clocks import Clock
from domain.promise_receipt import PromiseRecord, digest

ISSUER = "https://desk.example"
DUE = datetime(2027, 3, 2, 5, 0, tzinfo=UTC)


def key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", private=True)


def signer(*keys: OKPKey, issuer: str = ISSUER) -> Signer:
    return Signer(keys or (key(),), issuer)


def record(**changes: Any) -> PromiseRecord:
    given: dict[str, Any] = {
        "issuer": ISSUER,
        "case": "SR-AAAA-BBBB-C",
        "clock": Clock.UPDATE,
        "due_at": DUE,
        "told_at": DUE.replace(hour=3),
        "level": "P3",
        "policy": "rhipe-csp@2027-01",
        "calendar": digest("calendar"),
        "id": digest("effect"),
    }
    return PromiseRecord.model_validate(given | changes)
