import json
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from activities.channels.attempt import NeverWorks, TryAgain
from activities.channels.http import MAX_ANSWER_BYTES, Poster, PostTimes
from activities.channels.public_address import PublicAddresses
from activities.channels.webhook import WebhookSender
from activities.words.content import content_of
from activities.words.letters import Words
from tests.activities.builders import effect
from tests.activities.desk import SECRET, SHORT, resolve, settings
from tests.activities.http_receiver import HttpReceiver, answer_of

BODY = content_of(effect(), Words().render(effect())).body
LOOPBACK = (IPv4Network("127.0.0.0/8"),)


def sender(
    *, patience: float = 10, networks: tuple[IPv4Network, ...] = (), http: bool = False, **given: object
) -> WebhookSender:
    public = PublicAddresses(allow_http=http, networks=networks, resolver=resolve)
    return WebhookSender(settings(**given), Poster(PostTimes(step=patience, post=patience)), public)


async def test_a_webhook_is_signed_and_carries_the_effect_s_id(receiver: HttpReceiver) -> None:
    assert await sender().send(effect().id, BODY, receiver.url, ours=True) == "204 No Content"
    (got,) = receiver.received
    assert got.target == "/hook?key=secret"
    assert got.headers["webhook-id"] == effect().id
    said = Webhook(SECRET).verify(got.body, got.headers)
    assert said["type"] == "case.staff_update"
    assert said["data"]["case_number"] == effect().case_number
    assert said["data"]["facts"]["text"] == "News r-1"
    assert "text_entry" not in said["data"]["facts"]
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(got.body.replace("News", "Fake"), got.headers)


async def test_an_id_beyond_ascii_is_encoded_and_still_signed(receiver: HttpReceiver) -> None:
    await sender().send("case-1/日本\r\nx: y/k/customer", "{}", receiver.url, ours=True)
    (got,) = receiver.received
    assert got.headers["webhook-id"] == "case-1/%E6%97%A5%E6%9C%AC%0D%0Ax:%20y/k/customer"
    assert Webhook(SECRET).verify(got.body, got.headers) == {}


async def test_without_a_key_nothing_is_sent(receiver: HttpReceiver) -> None:
    with pytest.raises(NeverWorks, match="SUNRELAY_WEBHOOK_SECRET"):
        await sender(webhook_secret=None).send("x", BODY, receiver.url, ours=True)
    assert receiver.connections == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
async def test_a_receiver_that_refuses_is_not_asked_again(receiver: HttpReceiver, status: int) -> None:
    receiver.answers = [answer_of(status, b"we do\r\nnot \xff want it" + b"!" * 5000)]
    with pytest.raises(NeverWorks, match=f"{status} .*we do not \ufffd want it") as caught:
        await sender().send("x", BODY, receiver.url, ours=True)
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 599])
async def test_a_receiver_in_trouble_is_asked_again(receiver: HttpReceiver, status: int) -> None:
    receiver.answers = [answer_of(status)]
    with pytest.raises(TryAgain, match=str(status)) as caught:
        await sender().send("x", BODY, receiver.url, ours=True)
    assert caught.value.after is None
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(receiver: HttpReceiver, status: int) -> None:
    receiver.answers = [answer_of(status, Location=receiver.url)]
    with pytest.raises(NeverWorks, match="redirects are not followed"):
        await sender().send("x", BODY, receiver.url, ours=True)
    assert receiver.connections == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0", 1), ("86400", 3600), ("9" * 400, 3600), ("Fri, 31 Dec 9999 23:59:59 GMT", 3600)],
)
async def test_a_receiver_s_wish_to_wait_is_kept_up_to_an_hour(
    receiver: HttpReceiver, header: str, seconds: int
) -> None:
    receiver.answers = [answer_of(429, Retry_After=header)]
    with pytest.raises(TryAgain) as caught:
        await sender().send("x", BODY, receiver.url, ours=True)
    assert caught.value.after == timedelta(seconds=seconds)


async def test_a_wish_given_as_a_date_is_understood(receiver: HttpReceiver) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=30), usegmt=True)
    receiver.answers = [answer_of(503, Retry_After=until), answer_of(503, Retry_After="soon")]
    found = []
    for _ in range(2):
        with pytest.raises(TryAgain) as caught:
            await sender().send("x", BODY, receiver.url, ours=True)
        found.append(caught.value.after)
    assert found[0] is not None
    assert timedelta(minutes=20) < found[0] <= timedelta(minutes=30)
    assert found[1] is None


@pytest.mark.parametrize(
    "answer", [b"", None, b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]
)
async def test_an_answer_that_is_none_is_no_delivery(receiver: HttpReceiver, answer: bytes | None) -> None:
    receiver.answers = [answer]
    with pytest.raises(TryAgain, match=f"127.0.0.1:{receiver.port}") as caught:
        await sender(patience=SHORT).send("x", BODY, receiver.url, ours=True)
    assert caught.value.away
    assert "secret" not in str(caught.value)


async def test_of_an_endless_answer_only_the_beginning_is_read(receiver: HttpReceiver) -> None:
    endless = answer_of(200, b"x" * (MAX_ANSWER_BYTES * 4)).replace(b"Length: ", b"Length: 99")
    receiver.answers = [endless]
    answer = await Poster().post(receiver.url, "{}", {})
    assert len(answer.text) == MAX_ANSWER_BYTES


async def test_nobody_listens(unused_tcp_port: int) -> None:
    with pytest.raises(TryAgain, match=str(unused_tcp_port)) as caught:
        await sender().send("x", BODY, f"http://127.0.0.1:{unused_tcp_port}/", ours=True)
    assert caught.value.away


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://0:{port}/",
        "https://0.0.0.0:{port}/",
        "https://127.1:{port}/",
        "https://2130706433:{port}/",
        "https://0177.0.0.1:{port}/",
        "https://0x7f000001:{port}/",
        "https://[::1]:{port}/",
        "https://[::]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://[::ffff:7f00:1]:{port}/",
        "https://[64:ff9b::7f00:1]:{port}/",
        "https://[2002:7f00:1::]:{port}/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]:{port}/",
        "https://[fd00:ec2::254]/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://hooks.customer.example:{port}/",
        "http://127.0.0.1:{port}/",
        "http://8.8.8.8/",
        "https://public.example@127.0.0.1:{port}/",
        "https://a\\@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "https://:{port}/",
        "https://127.0.0.1:99999/",
        "https://[::1",
        "//127.0.0.1:{port}/",
        "not a url",
    ],
)
async def test_a_customer_s_url_does_not_reach_into_our_network(receiver: HttpReceiver, url: str) -> None:
    with pytest.raises(NeverWorks):
        await sender().send("x", BODY, url.format(port=receiver.port), ours=False)
    assert receiver.connections == 0


async def test_a_name_that_answers_otherwise_the_second_time_is_asked_once(receiver: HttpReceiver) -> None:
    answers = [["203.0.113.1", "127.0.0.1"], ["127.0.0.1"]]
    public = PublicAddresses(resolver=lambda host, port: _later(answers.pop(0)))
    with pytest.raises(NeverWorks, match="not a public address"):
        await public.find("https://rebinding.example/")
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://8.8.8.8/", "8.8.8.8"),
        ("https://[2606:4700::1111]:8443/x", "2606:4700::1111"),
        ("https://[::ffff:8.8.8.8]/", "::ffff:8.8.8.8"),
    ],
)
async def test_a_public_url_is_allowed_but_nobody_may_stand_before_its_host(url: str, address: str) -> None:
    assert await PublicAddresses().find(url) == [address]
    with pytest.raises(NeverWorks, match="nobody before it"):
        await PublicAddresses().find(url.replace("https://", "https://user:word@"))


async def test_an_allowed_network_is_recognised_inside_another_kind_of_address() -> None:
    url = "https://[::ffff:127.0.0.1]/"
    assert await PublicAddresses(networks=LOOPBACK).find(url) == ["::ffff:127.0.0.1"]


async def _later(found: list[str]) -> list[str]:
    return found


async def test_a_name_that_cannot_be_resolved_is_tried_again() -> None:
    async def nobody(host: str, port: int) -> list[str]:
        raise OSError(-3, "try later")

    async def nothing(host: str, port: int) -> list[str]:
        return []

    for resolver in (nobody, nothing):
        with pytest.raises(TryAgain, match=r"hooks\.example"):
            await PublicAddresses(resolver=resolver).find("https://hooks.example/")


async def test_a_network_that_is_allowed_can_be_reached_by_name(receiver: HttpReceiver) -> None:
    url = f"http://hooks.customer.example:{receiver.port}/in?a=1"
    await sender(networks=LOOPBACK, http=True).send("x", BODY, url, ours=False)
    (got,) = receiver.received
    assert got.headers["host"] == f"hooks.customer.example:{receiver.port}"
    assert got.target == "/in?a=1"
    with pytest.raises(NeverWorks, match="by https only"):
        await sender(networks=LOOPBACK).send("x", BODY, url, ours=False)


async def test_where_one_address_of_a_name_is_dead_the_next_is_used(receiver: HttpReceiver) -> None:
    await Poster().post(f"http://x.example:{receiver.port}/", "{}", {}, at=["127.0.0.2", "::1", "127.0.0.1"])
    assert receiver.received[0].headers["host"] == f"x.example:{receiver.port}"


async def test_the_certificate_must_be_for_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test"
    names = ["-addext", "subjectAltName=DNS:hooks.customer.example"]
    command = ["openssl", *request.split(), *names, "-keyout", str(key), "-out", str(certificate)]
    made = subprocess.run(command, check=False, capture_output=True)
    assert made.returncode == 0, made.stderr
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with HttpReceiver(served) as receiver:
        out = sender(networks=LOOPBACK)
        await out.send("x", BODY, f"https://hooks.customer.example:{receiver.port}/", ours=False)
        with pytest.raises(TryAgain, match="certificate"):
            await out.send("x", BODY, f"https://other.customer.example:{receiver.port}/", ours=False)
        assert [got.headers["host"] for got in receiver.received] == [
            f"hooks.customer.example:{receiver.port}"
        ]


def test_the_body_says_what_the_words_say() -> None:
    said = json.loads(BODY)
    assert said["timestamp"] == effect().caused_at.isoformat()
    assert said["data"]["subject"].startswith(f"[{effect().case_number}]")
    assert BODY.isascii()
