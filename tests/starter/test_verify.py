"""`sunrelay verify`: what a record says in words, and what is refused, with a code and never a traceback."""

import asyncio
import json
import os
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from activities.receipts.key_file import make_keys, read_keys
from activities.receipts.signature import Signer
from activities.store.case_store import CaseStore
from domain.customer_promise import Ending, Standing
from domain.promise_receipt import outcome_of
from starter.cli.exits import Exit
from starter.door.promise_receipts import MOST_RECEIPT
from tests.activities.receipt_keys import DUE, ISSUER, key, record, signer
from tests.activities.test_promise_receipts import letter, recorded
from tests.activities.test_receipt_signature import head, payload, signed, written
from tests.domain.cases import MINUTE, TUESDAY, opened
from tests.starter.conftest import Answer, Commands

NUMBER = "SR-AAAA-BBBB-C"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A desk's home with a key, and no store."""
    place = tmp_path / "desk"
    place.mkdir(mode=0o700)
    make_keys(place / "receipt-key")
    return place


@pytest.fixture
def ours(home: Path) -> Signer:
    return Signer(read_keys(home / "receipt-key"), ISSUER)


def verify(home: Path, given: str | bytes, *more: str) -> Answer:
    return Commands(home, None)("verify", "-", *more, stdin=given)


def mail(*tokens: str, name: str = "promise-SR-AAAA-BBBB-C.jws", kind: str = "jose") -> bytes:
    made = EmailMessage()
    made["Subject"] = "[SR-AAAA-BBBB-C] News"
    made["From"] = "desk@support.example"
    made.set_content("What happens next: ...")
    made.add_alternative("<p>What happens next: ...</p>", subtype="html")
    for token in tokens:
        made.add_attachment(f"{token}\n".encode(), "application", kind, filename=name)
    return made.as_bytes()


def test_a_record_is_told_in_words(home: Path, ours: Signer) -> None:
    answer = verify(home, ours.sign(record()))
    assert answer.code == Exit.DONE, answer.err
    for said in ("signature is whole", NUMBER, "update by 2027-03-02 05:00Z", "2027-03-02 03:00Z"):
        assert said in answer.out
    assert "rhipe-csp@2027-01" in answer.out
    assert ISSUER in answer.out


def test_programs_are_told_the_same(home: Path, ours: Signer) -> None:
    token = ours.sign(record())
    for flags in (("--json",), ("-o", "json")):
        said = verify(home, token, *flags).record
        assert (said["code"], said["kind"], said["known"]) == ("ReceiptValid", "promise", None)
        assert said["record"]["due_at"] == "2027-03-02T05:00:00Z"


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda token: token,
        lambda token: f"  {token}\r\n",
        lambda token: "\n".join(token[at : at + 76] for at in range(0, len(token), 76)),
        mail,
        lambda token: mail(token, kind="octet-stream"),
        lambda token: b"From kim Mon Mar  1 00:00:00 2027\n" + mail(token),
        lambda token: mail(token).replace(b"\n", b"\r\n"),
    ],
)
def test_it_may_come_as_text_as_a_file_or_within_a_whole_mail(
    home: Path, ours: Signer, wrapped: Callable[[str], str | bytes]
) -> None:
    answer = verify(home, wrapped(ours.sign(record())))
    assert answer.code == Exit.DONE, answer.err
    assert NUMBER in answer.out


def test_how_it_was_kept_has_a_record_of_its_own(home: Path, ours: Signer) -> None:
    token = ours.sign(record())
    late = Ending(standing=Standing.LATE, at=DUE + 5 * MINUTE, late_seconds=300)
    answer = verify(home, ours.sign(outcome_of(record(), token, late)))
    assert answer.code == Exit.DONE, answer.err
    assert "late by 5 min" in answer.out


async def _told(url: str, ours: Signer, *, answered: bool) -> str:
    store = await CaseStore.open(url)
    store.promises.sign_with(ours)
    story = opened()
    token = await store.promises.tell(letter(story))
    if answered:
        story.say("respond", TUESDAY + 5 * MINUTE, text="Begun.")
    await recorded(store, story)
    await store.close()
    assert token is not None
    return token


@pytest.mark.parametrize("answered", [True, False])
async def test_with_the_desk_at_hand_it_is_told_how_the_promise_was_kept(
    home: Path, ours: Signer, answered: bool
) -> None:
    token = await _told(f"sqlite:///{home / 'cases.db'}", ours, answered=answered)
    answer = await asyncio.to_thread(verify, home, token)
    assert answer.code == Exit.DONE, answer.err
    assert ("kept, 2027-06-15 00:05Z" in answer.out) == answered
    assert ("it stands" in answer.out or "owed still" in answer.out) != answered


def test_somebody_without_a_desk_checks_it_with_the_published_keys(
    home: Path, ours: Signer, tmp_path: Path
) -> None:
    keys, pem, token = tmp_path / "keys.json", tmp_path / "key.pem", ours.sign(record())
    keys.write_text(json.dumps(ours.published))
    pem.write_bytes(read_keys(home / "receipt-key")[0].as_pem(private=False))
    elsewhere = tmp_path / "elsewhere"
    for file in (keys, pem):
        assert verify(elsewhere, token, "--key", str(file)).code == Exit.DONE
    answer = verify(elsewhere, token)
    assert answer.code == Exit.USAGE
    assert "--key FILE" in answer.err
    assert not elsewhere.exists()


def _deep() -> bytes:
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    return b"Subject: x\n" + parts


KEY = key()
BAD: dict[str, tuple[str, Callable[[Signer], str | bytes]]] = {
    "a record of another desk": ("ReceiptKeyUnknown", lambda ours: signer().sign(record())),
    "a bit changed": ("ReceiptForged", lambda ours: _flipped(ours.sign(record()))),
    "truncated": ("ReceiptUnreadable", lambda ours: ours.sign(record())[:-20]),
    "no algorithm": ("ReceiptAlgorithm", lambda ours: f"{written(head(alg='none'))}.{written(payload())}.AA"),
    "a secret for a key": ("ReceiptAlgorithm", lambda ours: signed(head(alg="HS256"), payload())),
    "a member twice": (
        "ReceiptUnreadable",
        lambda ours: signed(b'{"kid": "x", ' + head()[1:], payload()),
    ),
    "empty": ("ReceiptUnreadable", lambda ours: ""),
    "blank": ("ReceiptUnreadable", lambda ours: " \n\t "),
    "1 MB of letters": ("ReceiptUnreadable", lambda ours: "A" * 1_000_000),
    "1 MB of anything": ("ReceiptUnreadable", lambda ours: os.urandom(1_000_000)),
    "as much as is read": ("ReceiptUnreadable", lambda ours: os.urandom(MOST_RECEIPT)),
    "NUL and surrogates": ("ReceiptUnreadable", lambda ours: b"\x00\xed\xa0\x80.\xff.\x1b[31m"),
    "a mail without one": ("ReceiptUnreadable", lambda ours: mail()),
    "a mail with two": ("ReceiptUnreadable", lambda ours: mail(*[ours.sign(record())] * 2)),
    "a mail within mails": ("ReceiptUnreadable", lambda ours: _deep()),
    "a mail of junk": ("ReceiptUnreadable", lambda ours: b"Content-Type: =?x?y?z;;;\n\n" + os.urandom(5_000)),
    "a mail whose file is junk": ("ReceiptUnreadable", lambda ours: mail("junk")),
    "a mail cut off": ("ReceiptUnreadable", lambda ours: mail(ours.sign(record()))[:-500]),
    "a key": ("ReceiptUnreadable", lambda ours: key().as_pem(private=False)),
    "JSON": ("ReceiptUnreadable", lambda ours: json.dumps({"payload": "x"})),
}


def _flipped(token: str) -> str:
    said, _, signature = token.rpartition(".")
    return f"{said}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_record_of_ours_is_refused_with_a_code(home: Path, ours: Signer, name: str) -> None:
    code, made = BAD[name]
    answer = verify(home, made(ours), "--json")
    assert answer.code == Exit.REFUSED
    assert answer.out == ""
    assert answer.fault["code"] == code
    assert answer.fault["remedy"]
    assert "Traceback" not in answer.err
    assert "\x1b" not in answer.err


@pytest.mark.parametrize("name", ["nowhere", "a\x00b", "."])
def test_a_file_that_cannot_be_read_is_a_mistake_of_who_types(home: Path, name: str) -> None:
    answer = Commands(home, None)("verify", name)
    assert answer.code == Exit.USAGE
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "content", ["", "{}", "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", "x"]
)
def test_a_file_without_public_keys_is_said_to_be_one(
    home: Path, ours: Signer, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "keys"
    file.write_text(content)
    answer = verify(home, ours.sign(record()), "--key", str(file))
    assert answer.code == Exit.USAGE
    assert str(file) in answer.err


def test_a_key_others_may_read_is_not_believed_here_either(home: Path, ours: Signer) -> None:
    (home / "receipt-key").chmod(0o644)
    answer = verify(home, ours.sign(record()))
    assert answer.code == Exit.USAGE
    assert "chmod 600" in answer.err
