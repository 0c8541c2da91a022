"""A record of a promise is believed to the letter or not at all; keys are read while they are ours alone."""

import base64
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from activities.receipts.key_file import ReceiptKeyUnusable, make_keys, read_keys
from activities.receipts.signature import Believed, RecordInvalid, Signer
from domain.customer_promise import Ending, Standing
from domain.promise_receipt import PROMISE, as_bytes, outcome_of
from tests.activities.desk import settings
from tests.activities.receipt_keys import DUE, ISSUER, key, record, signer

KEY = key()
OURS = signer(KEY)
TOKEN = OURS.sign(record())


def written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def read(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def signed(header: bytes, payload: bytes, by: OKPKey = KEY) -> str:
    """What somebody with a key of ours could sign by hand."""
    said = f"{written(header)}.{written(payload)}"
    return f"{said}.{written(by.get_op_key('sign').sign(said.encode()))}"


def head(**changes: Any) -> bytes:
    return json.dumps({"alg": "Ed25519", "kid": KEY.thumbprint(), "typ": PROMISE} | changes).encode()


def payload(**changes: Any) -> bytes:
    return json.dumps(json.loads(as_bytes(record())) | changes).encode()


def refused(token: str, by: Believed = OURS) -> str:
    with pytest.raises(RecordInvalid) as caught:
        by.read(token)
    return caught.value.code


def test_a_record_is_the_same_each_time_it_is_signed_and_is_read_as_it_was() -> None:
    assert OURS.sign(record()) == TOKEN
    assert OURS.read(TOKEN) == record()
    assert len(TOKEN) < 998  # a line of a mail
    header = json.loads(read(TOKEN.split(".")[0]))
    assert header == {"alg": "Ed25519", "kid": KEY.thumbprint(), "typ": PROMISE}


def test_anybody_can_check_it_with_the_published_key_and_cryptography_alone() -> None:
    (published,) = OURS.published["keys"]
    assert "d" not in published
    said, _, signature = TOKEN.rpartition(".")
    Ed25519PublicKey.from_public_bytes(read(published["x"])).verify(read(signature), said.encode())


@pytest.mark.parametrize("place", range(0, len(TOKEN), 7))
def test_a_changed_character_is_noticed_wherever_it_is(place: int) -> None:
    other = "A" if TOKEN[place] != "A" else "B"
    assert refused(TOKEN[:place] + other + TOKEN[place + 1 :])


def test_the_last_character_cannot_be_written_in_another_way() -> None:
    """86 characters hold 516 bits, a signature has 512: four of the last one say nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [one for one in alphabet if one != TOKEN[-1]]
    same = [one for one in others if read(TOKEN[:-1].split(".")[2] + one) == read(TOKEN.split(".")[2])]
    assert same
    assert {refused(TOKEN[:-1] + one) for one in same} == {"ReceiptUnreadable"}


BAD: dict[str, tuple[str, Callable[[], str]]] = {
    "another key under our name": (
        "ReceiptForged",
        lambda: signed(head(), as_bytes(record()), key()),
    ),
    "another desk": ("ReceiptKeyUnknown", lambda: signer().sign(record())),
    "no algorithm": (
        "ReceiptAlgorithm",
        lambda: f"{written(head(alg='none'))}.{TOKEN.split('.')[1]}.{TOKEN.split('.')[2]}",
    ),
    "no signature": ("ReceiptUnreadable", lambda: TOKEN.rpartition(".")[0] + "."),
    "the public key as a secret": (
        "ReceiptAlgorithm",
        lambda: jws.serialize_compact(
            {"alg": "HS256", "kid": KEY.thumbprint(), "typ": PROMISE},
            as_bytes(record()),
            OctKey.import_key(KEY.as_pem(private=False).replace(b"-----", b"")),
        ),
    ),
    "the name that left the curve open": (
        "ReceiptAlgorithm",
        lambda: signed(head(alg="EdDSA"), as_bytes(record())),
    ),
    "a key of its own in the header": (
        "ReceiptUnreadable",
        lambda: signed(head(jwk=key().as_dict(private=False)), as_bytes(record())),
    ),
    "something critical": ("ReceiptUnreadable", lambda: signed(head(crit=["b64"], b64=False), payload())),
    "a key id that is no text": ("ReceiptUnreadable", lambda: signed(head(kid=7), payload())),
    "another type": ("ReceiptUnreadable", lambda: signed(head(typ="JWT"), payload())),
    "the type of an outcome": (
        "ReceiptUnreadable",
        lambda: signed(head(typ="sunrelay-outcome+json"), payload()),
    ),
    "a member twice": (
        "ReceiptUnreadable",
        lambda: signed(head(), payload()[:-1] + b', "due_at": "2030-01-01T00:00:00Z"}'),
    ),
    "a member twice in the header": (
        "ReceiptUnreadable",
        lambda: signed(b'{"alg": "none", ' + head()[1:], payload()),
    ),
    "a member more": ("ReceiptUnreadable", lambda: signed(head(), payload(note="pay 1,000"))),
    "a version to come": ("ReceiptUnreadable", lambda: signed(head(), payload(version=2))),
    "an instant without a zone": (
        "ReceiptUnreadable",
        lambda: signed(head(), payload(due_at="2027-03-02T05:00")),
    ),
    "no object": ("ReceiptUnreadable", lambda: signed(head(), b"[1]")),
    "no JSON": ("ReceiptUnreadable", lambda: signed(head(), b"\xff\x00")),
    "deep JSON": ("ReceiptUnreadable", lambda: signed(head(), b"[" * 2000)),
    "padding": ("ReceiptUnreadable", lambda: TOKEN + "=="),
    "a space": ("ReceiptUnreadable", lambda: TOKEN.replace(".", ". ", 1)),
    "four parts": ("ReceiptUnreadable", lambda: f"{TOKEN}.{TOKEN.split('.')[2]}"),
    "half of it": ("ReceiptUnreadable", lambda: TOKEN[: len(TOKEN) // 2]),
    "a character less": ("ReceiptUnreadable", lambda: TOKEN[:-1]),
    "nothing": ("ReceiptUnreadable", lambda: ""),
    "1 MB of junk": ("ReceiptUnreadable", lambda: "A" * 1_000_000),
    "a megabyte in three parts": ("ReceiptUnreadable", lambda: ".".join(["A" * 350_000] * 3)),
    "digits of other scripts": ("ReceiptUnreadable", lambda: TOKEN.replace("e", "ｅ")),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_whole_or_not_ours_is_refused_with_a_code(name: str) -> None:
    code, token = BAD[name]
    assert refused(token()) == code


def test_every_bit_of_what_is_signed_counts() -> None:
    said, _, signature = TOKEN.rpartition(".")
    payload_ = read(said.split(".")[1])
    for bit in range(0, len(payload_) * 8, 11):
        changed = bytearray(payload_)
        changed[bit // 8] ^= 1 << bit % 8
        token = f"{said.split('.')[0]}.{written(bytes(changed))}.{signature}"
        assert refused(token) == "ReceiptForged"


def test_the_record_of_an_outcome_is_no_record_of_a_promise() -> None:
    outcome = outcome_of(record(), TOKEN, Ending(standing=Standing.KEPT, at=DUE))
    assert OURS.read(OURS.sign(outcome)) == outcome
    forged = OURS.sign(outcome).split(".")
    forged[0] = TOKEN.split(".")[0]
    assert refused(".".join(forged)) == "ReceiptForged"


# --- keys ------------------------------------------------------------------------------------------------


def test_a_new_key_signs_and_the_old_one_is_still_believed(tmp_path: Path) -> None:
    file = tmp_path / "receipt-key"
    old, new = key(), key()
    file.write_bytes(new.as_pem(private=True) + old.as_pem(private=False))
    file.chmod(0o600)
    ours = Signer(read_keys(file), ISSUER)
    assert [one["kid"] for one in ours.published["keys"]] == [new.thumbprint(), old.thumbprint()]
    assert ours.read(signer(old).sign(record())) == record()
    assert json.loads(read(ours.sign(record()).split(".")[0]))["kid"] == new.thumbprint()
    elsewhere = Believed.of_set(json.dumps(ours.published))
    assert elsewhere.read(ours.sign(record())) == record()


def test_openssl_makes_a_key_we_take(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(file)], check=True)
    file.chmod(0o600)
    assert len(read_keys(file)) == 1


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "receipt-key"
    make_keys(file)
    first = file.read_bytes()
    make_keys(file)
    assert file.read_bytes() == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["receipt-key"]
    assert Signer.of(settings(receipt_key=file, receipt_url=f"{ISSUER}/")) is not None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_may_read_or_change_is_not_believed(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "receipt-key"
    make_keys(file)
    file.chmod(mode)
    with pytest.raises(ReceiptKeyUnusable, match="chmod 600"):
        read_keys(file)


def test_what_is_no_key_of_ours_is_refused_and_nothing_of_it_is_said(tmp_path: Path) -> None:
    file, link = tmp_path / "receipt-key", tmp_path / "link"
    make_keys(tmp_path / "real")
    link.symlink_to(tmp_path / "real")
    public = key().as_pem(private=False).decode()
    rsa = "-----BEGIN PRIVATE KEY-----\nSECRETSECRET\n-----END PRIVATE KEY-----\n"
    other = OKPKey.generate_key("Ed448", private=True).as_pem(private=True).decode()
    for text in ("", "SECRET", public, rsa, other, public * 30):
        file.write_text(text)
        file.chmod(0o600)
        with pytest.raises(ReceiptKeyUnusable) as caught:
            read_keys(file)
        assert "SECRET" not in str(caught.value)
    for path in (link, tmp_path / "nowhere", tmp_path):
        with pytest.raises(ReceiptKeyUnusable, match=path.name):
            read_keys(path)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"keys": []}', '{"keys": [{"kty": "oct"}]}', '{"keys": 3}']
)
def test_a_set_without_a_key_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="set"):
        Believed.of_set(text)


def test_without_a_key_nothing_is_signed_and_without_an_address_the_desk_s_own_is_named(
    tmp_path: Path,
) -> None:
    make_keys(tmp_path / "receipt-key")
    assert Signer.of(settings()) is None
    ours = Signer.of(settings(receipt_key=tmp_path / "receipt-key"))
    assert ours is not None
    assert ours.issuer == "desk@support.example"
