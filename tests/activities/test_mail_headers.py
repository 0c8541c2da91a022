"""Whatever a person writes stays text in every header: many texts at the composer, some on the wire."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from activities.addresses import AddressInvalid, named_mailbox
from activities.channels.mail_headers import mailbox_field, text_field
from activities.channels.mail_message import compose, message_id
from activities.plain_text import one_line
from activities.words.content import Wording
from activities.words.letters import Words
from domain.effects import Effect
from domain.facts import Facts
from domain.mailbox import is_mailbox, mailbox
from tests.activities.builders import AT, KIM, NUMBER, effect
from tests.activities.desk import mailer
from tests.activities.mail_system import MailSystem

HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Sunrelay-Case",
    "Content-Language",
    "Content-Type",
    "MIME-Version",
]
READS_ANSWERS = "help@support.example"
INJECTING = "=?utf-8?q?hi=0D=0AReply-To:_pay@evil.example?="
NASTY = (
    INJECTING,
    "=?utf-8?q?=0D=0A=0D=0A<b>body</b>?=",
    "=?utf-8?b?DQpCY2M6IGFAZXZpbC5leGFtcGxl?=",
    "We see =?windows-1252?Q?Z=FCrich?= in every subject",
    "=?",
    "?=",
    "=?utf-8?q?never ends",
    "共有メールボックスを開くことができません。昨日から全員に起きています。" * 4,
    "\r\nBcc: everyone@evil.example\r\n\r\n",
    "\n\n",
    "\r",
    "\x00",
    "\x0b\x1c\x85\u2028\u2029",
    "\u202egnp.exe\u2066\u200f",
    "\ud800",
    "e\u0301 \U0001f600",
    '"Ng, Kim" (desk) <kim@evil.example>; \\',
    "x" * 1200,
    "   ",
    "",
)
PEOPLE_WRITE = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.lists(st.sampled_from(NASTY), max_size=4).map("".join),
    st.lists(st.sampled_from(NASTY), max_size=4).map(" ".join),
)
WORDS = Words()
MANY = hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def composed(one: Effect, wording: Wording, **given: str) -> bytes:
    parts = {"sender": "Desk <desk@support.example>", "to": KIM.to, "domain": "support.example"}
    return compose(one, wording, **parts | given, written_at=AT, replies_to=READS_ANSWERS)


def read_back(value: object) -> str:
    return str(make_header(decode_header(str(value))))


def head_of(mail: bytes) -> list[bytes]:
    """Every line of a mail's head, each held to the limits of RFC 5322 and RFC 2047."""
    lines = mail.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(map(len, lines)) <= 998
    words = re.findall(rb"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=", b"\n".join(lines))
    assert max(map(len, words), default=0) <= 75
    return lines


def assert_has_only(mail: bytes, headers: list[str]) -> None:
    """The head has these fields and no other, for a reader of today and for one of yesterday."""
    head_of(mail)
    for how in (policy.compat32, policy.SMTPUTF8):
        message = message_from_bytes(mail, policy=how)
        assert sorted(message.keys()) == sorted(headers)
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert not [part.defects for part in message.walk() if part.defects]


@given(PEOPLE_WRITE, PEOPLE_WRITE, PEOPLE_WRITE)
@MANY
def test_any_text_in_every_field_makes_exactly_the_headers_expected(title: str, text: str, name: str) -> None:
    facts = Facts(title=title, text=text, by=name, owner=name, level=name, phase="in_progress")
    one = effect(f"r-{name}", facts=facts, case_id=text[:200], case_number=name, thread=(f"<{title}>", text))
    wording = WORDS.render(one)
    mail = composed(one, wording)
    thread = [field for field in ("References", "In-Reply-To") if message_from_bytes(mail)[field]]
    assert_has_only(mail, HEADERS + thread)
    message = message_from_bytes(mail)
    assert message["To"] == KIM.to
    assert message["Reply-To"] == READS_ANSWERS
    assert read_back(message["Subject"]) == wording.subject == one_line(f"[{name}] {title}")
    assert read_back(message["X-Sunrelay-Case"]) == one_line(text[:200])
    assert re.fullmatch(r"<[A-Za-z0-9_~%-]+@support\.example>", message["Message-ID"])
    assert mail == composed(one, wording)


@given(st.lists(PEOPLE_WRITE, max_size=12))
@MANY
def test_any_references_make_ids_and_nothing_else(thread: list[str]) -> None:
    foreign = [f"<{one}>" for one in thread]
    mail = composed(effect(thread=(*thread, *foreign)), WORDS.render(effect()))
    message = message_from_bytes(mail)
    ids = (message["References"] or "").split()
    assert_has_only(mail, HEADERS + (["References", "In-Reply-To"] if ids else []))
    assert all(re.fullmatch(r"<[!-;=?-~]+>", one) and "=?" not in one for one in ids)
    ours = [message_id(one, "support.example") for one in thread if not one.startswith("<")]
    assert [one for one in ids if one in ours] == ours
    assert message["In-Reply-To"] == (ids[-1] if ids else None)


@given(PEOPLE_WRITE, st.sampled_from(["From", "Reply-To"]))
@MANY
def test_any_display_name_is_read_back_and_changes_no_address(name: str, field: str) -> None:
    shown = one_line(name)
    line = mailbox_field(field, _setting(shown))
    assert line.endswith("desk@support.example>\r\n" if shown else "desk@support.example\r\n")
    mail = f"{line}To: kim@customer.example\r\n\r\n".encode()
    head_of(mail)
    message = message_from_bytes(mail)
    assert message.keys() == [field, "To"]
    ((display, address),) = getaddresses([message[field]])
    assert address == "desk@support.example"
    assert read_back(display) == shown


def _setting(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <desk@support.example>'


@given(PEOPLE_WRITE | PEOPLE_WRITE.map(lambda text: f"{text}@customer.example"))
@MANY
def test_any_address_is_the_one_recipient_or_refused(address: str) -> None:
    if not is_mailbox(address):
        with pytest.raises(AddressInvalid):
            composed(effect(), WORDS.render(effect()), to=address)
        return
    mail, written = composed(effect(), WORDS.render(effect()), to=address), mailbox(address)
    assert_has_only(mail, HEADERS)
    (found,) = getaddresses([message_from_bytes(mail.replace(written.encode(), b"k@b.example"))["To"]])
    assert found == ("", "k@b.example")
    assert f"To: {written}".encode() in head_of(mail)


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?x=0D=0ABcc=3A_y?=@customer.example",
        "kim\ud800@customer.example",
        "(a)k@b.example",
        "k@b.example\x85",
        " k@b.example",
    ],
)
def test_what_only_looks_like_an_address_is_none(address: str) -> None:
    assert not is_mailbox(address)
    with pytest.raises(AddressInvalid):
        composed(effect(), WORDS.render(effect()), to=address)


@pytest.mark.parametrize("title", NASTY)
async def test_on_the_wire_a_title_is_text(mail_system: MailSystem, title: str) -> None:
    written = title.replace("\ud800", "")  # no wire carries half a character
    facts = Facts(title=title, text=title, by=title, level="P3", phase="in_progress")
    one = effect(facts=facts, thread=(f"<{title}>",))
    desk = mailer(mail_system.port, replies_to=f"Help =?utf-8?q?=0D=0AX-Evil:_1?= <{READS_ANSWERS}>")
    await desk.send(one, WORDS.render(one), KIM.to, AT)
    (mail,) = mail_system.taken
    assert mail.recipients == [KIM.to]
    kept = [name for name in ("References", "In-Reply-To") if mail.message[name]]
    assert_has_only(mail.bytes.rstrip(), HEADERS + kept)
    assert not kept or "=?" not in mail.message["References"]
    assert mail.message["Reply-To"].endswith(f" <{READS_ANSWERS}>")
    assert read_back(message_from_bytes(mail.bytes)["Subject"]) == one_line(f"[{NUMBER}] {written}")


def test_a_long_subject_is_written_in_words_of_at_most_75_characters() -> None:
    field = text_field("Subject", "共有メールボックスを開くことができません。" * 10)
    assert max(map(len, field.split())) <= 75
    assert read_back(field.removeprefix("Subject: ")) == "共有メールボックスを開くことができません。" * 10


def test_a_message_id_fits_into_a_line_and_stays_one_of_its_own() -> None:
    first, second = (message_id("日" * 300 + end, "x" * 253) for end in "ab")
    assert len(f"In-Reply-To: {first}") <= 998
    assert first != second
    assert message_id("\ud800", "b.example") != message_id("\ud801", "b.example")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("desk@b.example", ("", "desk@b.example")),
        (" Desk <desk@b.example> ", ("Desk", "desk@b.example")),
        ("Desk: Ng, Kim <desk@b.example>", ("Desk: Ng, Kim", "desk@b.example")),
        ('"Ng \\"Kim\\" <x@y>" <desk@b.example>', ('Ng "Kim" <x@y>', "desk@b.example")),
        ("<desk@b.example>", ("", "desk@b.example")),
        ("窓口 <desk@b.example>", ("窓口", "desk@b.example")),
    ],
)
def test_a_mailbox_is_a_name_and_an_address(written: str, found: tuple[str, str]) -> None:
    assert named_mailbox(written) == found


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Desk",
        "a@b.example, c@d.example",
        "A <a@b.example>, C <c@d.example>",
        "a@b.example <c@d.example>",
        '"A" <a@b.example',
        '"A <a@b.example>',
        "A <a@b.example> (desk)",
        "a@b.example>",
        "<<a@b.example>",
    ],
)
def test_what_is_no_mailbox_or_more_than_one_is_refused(written: str) -> None:
    with pytest.raises(AddressInvalid):
        named_mailbox(written)
