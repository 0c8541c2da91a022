"""Signs records, and believes them: JWS compact (RFC 7515), Ed25519 (RFC 8037, RFC 9864), and nothing else.

What is read is checked to the letter before a key is looked at: a header of just three members, base64url in
its one canonical form, JSON without a member twice. So that there is one text of a record, and no second one
that means the same.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Any, Self, TypeVar

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import ValidationError

from activities.receipts.key_file import CURVE, read_keys
from activities.settings import AdapterSettings
from domain.promise_receipt import OUTCOME, PROMISE, OutcomeRecord, PromiseRecord, as_bytes

Record = TypeVar("Record", PromiseRecord, OutcomeRecord)

ALGORITHM = "Ed25519"
"""The name of RFC 9864; `EdDSA`, which left the curve open, is not taken."""

MOST = 4096
"""Characters of a record: about four times what one has (ours)."""

VERIFY = "/verify"
KEYS = "/.well-known/sunrelay-promise-keys.json"
"""Where the web door checks a record for anybody, and has our public keys."""

_FORM = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}", re.ASCII)
_TYPES: dict[str, type[PromiseRecord] | type[OutcomeRecord]] = {
    PROMISE: PromiseRecord,
    OUTCOME: OutcomeRecord,
}


class RecordInvalid(ValueError):
    """Says why a record is not believed; `code` names it for programs."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Believed:
    """The public keys whose records are believed."""

    def __init__(self, keys: Iterable[OKPKey]) -> None:
        self._keys = {key.thumbprint(): key for key in keys}

    @classmethod
    def of_set(cls, text: str) -> Self:
        """Read a set of public keys (JWKS). Raises: ValueError for what has none of Ed25519."""
        try:
            rows = json.loads(text)["keys"]
            keys = [OKPKey.import_key(row) for row in rows if row.get("crv") == CURVE]
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise ValueError("no set of public keys (JWKS)") from None
        if not keys:
            raise ValueError("the set has no key of Ed25519")
        return cls(keys)

    @property
    def published(self) -> dict[str, list[dict[str, Any]]]:
        """The public keys as a set (RFC 7517), the one that signs first."""
        return {"keys": [_public(kid, key) for kid, key in self._keys.items()]}

    def read(self, token: str) -> PromiseRecord | OutcomeRecord:
        """Return what a record says. Raises: RecordInvalid."""
        header, payload = taken_apart(token)
        key = self._keys.get(header["kid"])
        if key is None:
            raise RecordInvalid(
                "ReceiptKeyUnknown", f"it is signed with a key that is not known here: {header['kid']}"
            )
        try:
            jws.deserialize_compact(token, KeySet([key]), algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            raise RecordInvalid(
                "ReceiptForged", "its signature does not fit: it was changed, or is none of this key"
            ) from None
        return read_payload(header["typ"], payload)


class Signer(Believed):
    """Signs with the first of the keys and believes each; `issuer` is by whom a record says it was made."""

    def __init__(self, keys: Iterable[OKPKey], issuer: str) -> None:
        own = tuple(keys)
        super().__init__(own)
        self.issuer = issuer
        self._key = own[0]
        self._kid = own[0].thumbprint()

    @classmethod
    def of(cls, settings: AdapterSettings) -> Self | None:
        """Take keys and address from the settings; without keys nothing is signed.

        Without the address of a web door records name the one our mail is from. Raises: ReceiptKeyUnusable.
        """
        if settings.receipt_key is None:
            return None
        return cls(
            read_keys(settings.receipt_key), (settings.receipt_url or settings.sender_address).rstrip("/")
        )

    def sign(self, record: PromiseRecord | OutcomeRecord) -> str:
        """Return the record as it leaves the house: the same characters each time (Ed25519 has no chance)."""
        kind = PROMISE if isinstance(record, PromiseRecord) else OUTCOME
        head = {"alg": ALGORITHM, "kid": self._kid, "typ": kind}
        return jws.serialize_compact(head, as_bytes(record), self._key, algorithms=[ALGORITHM])


def page_of(settings: AdapterSettings) -> str | None:
    """Return the page on which anybody can check a record, where one is known to be reached."""
    if settings.receipt_key is None or settings.receipt_url is None:
        return None
    return settings.receipt_url.rstrip("/") + VERIFY


def _public(kid: str, key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid, "alg": ALGORITHM, "use": "sig"}


def taken_apart(token: str) -> tuple[dict[str, str], bytes]:
    """Return header and payload of what has the form of a record of ours. Raises: RecordInvalid."""
    if not token:
        raise RecordInvalid("ReceiptUnreadable", "there is nothing in it")
    if len(token) > MOST or not _FORM.fullmatch(token):
        raise RecordInvalid("ReceiptUnreadable", "it is no record of a promise, or only a part of one")
    head, payload, signature = (_bytes(part) for part in token.split("."))
    header = _members(head)
    if header.get("alg") != ALGORITHM:
        raise RecordInvalid(
            "ReceiptAlgorithm", f"it is not signed with {ALGORITHM}, and nothing else is believed"
        )
    if set(header) != {"alg", "kid", "typ"} or not all(isinstance(one, str) for one in header.values()):
        raise RecordInvalid("ReceiptUnreadable", "its header says more or less than alg, kid and typ")
    if header["typ"] not in _TYPES:
        raise RecordInvalid("ReceiptUnreadable", "it is signed, but no record of a promise")
    if len(signature) != 64:
        raise RecordInvalid("ReceiptUnreadable", "its signature is cut off")
    return header, payload


def read_payload(kind: str, payload: bytes) -> PromiseRecord | OutcomeRecord:
    """Read what is signed. Raises: RecordInvalid."""
    _members(payload)
    try:
        return _TYPES[kind].model_validate_json(payload)
    except ValidationError:
        raise RecordInvalid(
            "ReceiptUnreadable", "what it says is no promise as this version knows them"
        ) from None


def _bytes(part: str) -> bytes:
    """Read base64url in its one form: two texts of the same bytes would be two records."""
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != part:
        raise RecordInvalid("ReceiptUnreadable", "it is not whole: a part of it is no base64url")
    return data


def _members(data: bytes) -> dict[str, Any]:
    """Read a JSON object in which nothing is said twice. Raises: RecordInvalid."""
    try:
        found = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise RecordInvalid("ReceiptUnreadable", "a part of it is no JSON, or says something twice") from None
    if not isinstance(found, dict):
        raise RecordInvalid("ReceiptUnreadable", "a part of it is no JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member twice")
    return found
