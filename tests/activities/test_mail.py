from email import message_from_bytes
from email.policy import SMTPUTF8
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from activities.channels.attempt import NeverWorks, TryAgain
from activities.channels.mail import Mailer
from activities.channels.mail_message import compose, message_id
from activities.words.content import Wording
from activities.words.letters import Words
from domain.effects import Effect
from domain.facts import Facts
from tests.activities.builders import AT, CASE, KIM, NUMBER, effect
from tests.activities.desk import SHORT, mailer
from tests.activities.mail_system import MailSystem

EXPECTED_HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Sunrelay-Case",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}


async def sent(mail: Mailer, one: Effect | None = None, to: str = KIM.to) -> str:
    one = one or effect()
    return await mail.send(one, Words().render(one), to, AT)


async def trouble(mail: Mailer) -> TryAgain:
    with pytest.raises(TryAgain) as caught:
        await sent(mail)
    return caught.value


async def test_a_mail_says_who_it_is_and_that_a_machine_sent_it(mail_system: MailSystem) -> None:
    assert await sent(mailer(mail_system.port)) == "taken"
    (mail,) = mail_system.taken
    assert (mail.sender, mail.recipients) == ("desk@support.example", ["kim@customer.example"])
    message = mail.message
    assert set(message.keys()) == EXPECTED_HEADERS
    assert message["Subject"] == f"[{NUMBER}] Outlook cannot send"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Sunrelay-Case"] == CASE
    assert message["Message-ID"] == message_id(effect().id, "support.example")
    assert message["Date"].datetime == AT
    assert "News r-1" in mail.part("plain")
    assert "News r-1" in mail.part("html")


async def test_mails_of_a_case_are_one_thread(mail_system: MailSystem) -> None:
    foreign = "<CAD.long+name=" + "x" * 180 + "@mail.customer.example>"
    ours = [effect(f"r-{number}" + "y" * 80).id for number in range(4)]
    await sent(mailer(mail_system.port), effect(thread=(*ours, foreign, "<not an id>", "<\u202e@x>")))
    (mail,) = mail_system.taken
    own_ids = [message_id(one, "support.example") for one in ours]
    assert mail.message["In-Reply-To"] == foreign
    assert mail.message["References"].split() == [*own_ids, foreign]
    head = mail.bytes.partition(b"\r\n\r\n")[0]
    assert b"=?" not in head
    assert max(map(len, head.split(b"\r\n"))) <= 998


def test_the_message_id_is_the_effect_s_id_encoded() -> None:
    identity = f"{CASE}/ticket:4711@desk+a=b..c/staff_update/customer"
    encoded = message_id(identity, "support.example")
    assert encoded.endswith("@support.example>")
    local = encoded.removeprefix("<").removesuffix("@support.example>")
    assert unquote(local) == identity
    assert not set(local) & set("@/:+=.<> ")


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x85", "%0d%0a", "\r\n\t", "\x00\n"])
async def test_nothing_a_person_wrote_becomes_a_header(mail_system: MailSystem, line_break: str) -> None:
    injected = f"Hello{line_break}Bcc: everyone@victim.example{line_break}{line_break}<b>body</b>"
    facts = Facts(title=injected, text=injected, by=injected, level="P3", phase="in_progress")
    await sent(mailer(mail_system.port), effect(facts=facts, case_number=f"SR{line_break}Cc: a@b"))
    (mail,) = mail_system.taken
    assert set(mail.message.keys()) == EXPECTED_HEADERS
    assert mail.recipients == ["kim@customer.example"]
    assert mail.message["To"] == "kim@customer.example"


@given(st.text(max_size=300), st.text(max_size=2000))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_makes_a_mail_of_the_same_shape(title: str, text: str) -> None:
    one = effect(facts=Facts(title=title, text=text, by=title, level="P3", phase="in_progress"))
    parts = {"sender": "a@b.example", "to": KIM.to, "domain": "b.example", "written_at": AT}
    raw = compose(one, Words().render(one), **parts)  # type: ignore[arg-type]
    message = message_from_bytes(raw, policy=SMTPUTF8)
    assert set(message.keys()) == EXPECTED_HEADERS
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert not message.defects
    assert raw == compose(one, Words().render(one), **parts)  # type: ignore[arg-type]


async def test_an_address_beyond_ascii_is_written_as_it_is(mail_system: MailSystem) -> None:
    await sent(mailer(mail_system.port), to="jörg@customer.example")
    assert mail_system.taken[0].recipients == ["jörg@customer.example"]
    assert mail_system.taken[0].message["To"] == "jörg@customer.example"


@pytest.mark.parametrize(
    "address",
    ["", "kim", "kim@", "a@b, c@d", "a@b\r\nRCPT TO:<c@d>", "<a@b>", "a b@c", "a@b@c", '"x"@y', "a@-_"],
)
async def test_what_is_no_address_is_never_tried(mail_system: MailSystem, address: str) -> None:
    with pytest.raises(NeverWorks):
        await sent(mailer(mail_system.port), to=address)
    assert mail_system.connections == 0


async def test_a_refused_connection_names_the_address_tried(unused_tcp_port: int) -> None:
    found = await trouble(mailer(unused_tcp_port))
    assert f"127.0.0.1:{unused_tcp_port}" in str(found)
    assert found.away


@pytest.mark.parametrize("banner", ["421 busy", "554 no service here", "220-half a banner", ""])
async def test_a_system_that_does_not_talk_is_tried_again(mail_system: MailSystem, banner: str) -> None:
    mail_system.banner = banner
    found = await trouble(mailer(mail_system.port, patience=SHORT))
    assert f"127.0.0.1:{mail_system.port}" in str(found)
    assert found.away


@pytest.mark.parametrize(
    "reply",
    [
        "450 4.2.0 greylisted, come back later",
        "451 try again",
        "421 closing",
        "452 too many",
        "530 5.7.0 authentication required",
        "554 5.7.1 relay access denied",
        "503 bad sequence",
    ],
)
async def test_a_refusal_not_about_the_address_is_tried_again(mail_system: MailSystem, reply: str) -> None:
    mail_system.refusals = {KIM.to: [reply]}
    found = await trouble(mailer(mail_system.port))
    assert reply in str(found)
    assert KIM.to in str(found)


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "553 bad name", "551 moved", "501 no address"])
async def test_a_refused_address_will_never_work(mail_system: MailSystem, reply: str) -> None:
    mail_system.refusals = {KIM.to: [reply]}
    with pytest.raises(NeverWorks, match=reply):
        await sent(mailer(mail_system.port))


@pytest.mark.parametrize(("reply", "again"), [("554 5.6.0 we do not like it", False), ("451 full", True)])
async def test_a_refused_message_will_never_work_and_a_postponed_one_will(
    mail_system: MailSystem, reply: str, again: bool
) -> None:
    mail_system.data_moods = [reply]
    with pytest.raises(TryAgain if again else NeverWorks, match=reply):
        await sent(mailer(mail_system.port))


async def test_a_system_that_hangs_after_the_data_is_left_in_time(mail_system: MailSystem) -> None:
    mail_system.data_moods = ["hang"]
    await trouble(mailer(mail_system.port, patience=SHORT))


async def test_a_mail_taken_without_a_word_is_sent_again_under_the_same_id(mail_system: MailSystem) -> None:
    mail_system.data_moods = ["take and vanish"]
    await trouble(mailer(mail_system.port))
    await sent(mailer(mail_system.port))
    first, second = mail_system.taken
    assert first.bytes == second.bytes
    assert first.message["Message-ID"] == message_id(effect().id, "support.example")


async def test_a_wrong_password_is_our_trouble_and_never_shown(mail_system: MailSystem) -> None:
    login = {"smtp_username": "desk", "smtp_password": "open-sesame"}
    found = await trouble(mailer(mail_system.port, **login))
    assert found.away
    assert "open-sesame" not in str(found)
    assert mail_system.taken == []


async def test_encryption_that_is_asked_for_is_not_given_up(mail_system: MailSystem) -> None:
    found = await trouble(mailer(mail_system.port, smtp_starttls=True))
    assert "STARTTLS" in str(found)
    assert mail_system.taken == []


def test_the_language_of_a_mail_is_said() -> None:
    wording = Wording(subject="s", text="t", html="h", language="fil")
    raw = compose(effect(), wording, sender="a@b.c", to=KIM.to, domain="b.c", written_at=AT)
    assert message_from_bytes(raw)["Content-Language"] == "fil"
