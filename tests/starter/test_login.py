"""Signing in to an API: the key is proved, kept for its owner alone, and opens it from then on."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from activities.people.credentials import ApiKey, Credentials
from activities.store.case_store import CaseStore
from starter.cli.logins import api_address
from starter.door.api_keys import make_key
from starter.door.faults import Fault
from tests.starter.conftest import Answer, Commands
from tests.starter.typed_verbs import ENGINEER
from tests.starter.ways import Ways, ways

__all__ = ["ways"]

NOWHERE = "http://127.0.0.1:1"
NOT_OFFERED = (
    *("people list", "region close sydney --reason x", "rota list", "tenant list", "statistics show"),
    *("audit", "web serve", "desk mail", "case report SR-1", "feedback list", "vendor mood"),
)


@pytest.fixture
def away(tmp_path: Path) -> Commands:
    """Commands of somebody who has no desk, and has not signed in."""
    tmp_path.chmod(0o700)
    return Commands(tmp_path, None)


def kept(commands: Commands) -> Path:
    return commands.home / "config" / "sunrelay" / "login.json"


def ends(answer: Answer) -> tuple[int, str]:
    return answer.code, answer.fault["code"]


def test_a_key_is_proved_kept_for_its_owner_alone_and_used_until_signed_out(
    ways: Ways, away: Commands
) -> None:
    key = ways.key(ENGINEER)
    signed_in = away("login", f"{ways.api.base}/v1/", stdin=f"{key}\n")
    assert signed_in.out == f"signed in to {ways.api.base} as Mia Chen (engineer, L1)\n"
    assert key not in signed_in.out + signed_in.err
    file = kept(away)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    number = away.as_json("open", "--tenant", "Harbour Foods", "--reference", "LOGIN-1", "--title", "Help")[
        "number"
    ]
    assert ways.desk.as_json("case", "timeline", number)["entries"][0]["door"] == "api"
    told = {one["name"]: (one["value"], one["origin"]) for one in away.as_json("settings")}
    assert told["SUNRELAY_URL"] == (ways.api.base, "login")
    assert told["SUNRELAY_KEY"] == (f"{key[:11]}_********", "login")
    assert f"everyday commands go to the API at {ways.api.base} (sunrelay login)" in away("settings").err
    assert away("logout").out == "signed out; the key itself stays valid\n"
    assert not file.exists()
    assert away("logout").out == "nobody was signed in\n"


def test_the_environment_goes_before_what_is_kept(ways: Ways, away: Commands) -> None:
    away("login", ways.api.base, stdin=ways.key(ENGINEER))
    assert ends(away("list", "-o", "json", SUNRELAY_URL=NOWHERE, SUNRELAY_KEY="k")) == (
        5,
        "ServerUnreachable",
    )
    assert ends(away("list", "-o", "json", SUNRELAY_KEY="sr_none")) == (3, "Unauthenticated")
    for engine in ({"TEMPORAL_ADDRESS": "127.0.0.1:1"}, {}):
        flag = () if engine else ("--address", "127.0.0.1:1")
        assert "no Temporal server" in away("claim", "SR-ABCD", *flag, **engine).err
    other = away("list", "-o", "json", SUNRELAY_URL=NOWHERE)
    assert other.code == 2
    assert "no key for http://127.0.0.1:1" in other.fault["reason"]


async def _expired_key(desk: Commands) -> str:
    made, now = make_key(), datetime.now(UTC)
    key = ApiKey(prefix=made.prefix, person=ENGINEER.name, made_at=now, made_by="a test", expires_at=now)
    store = await CaseStore.open(f"sqlite:///{desk.home / 'cases.db'}")
    await Credentials(store).add_key(key, made.digest)
    await store.close()
    return made.key


def test_a_key_that_opens_nothing_is_not_kept(ways: Ways, away: Commands) -> None:
    expired = asyncio.run(_expired_key(ways.desk))
    wrong = ways.key(ENGINEER)[:-4] + "aaaa"
    for key in (wrong, "sr_none", expired):
        answer = away("login", ways.api.base, "-o", "json", stdin=key)
        assert ends(answer) == (3, "Unauthenticated")
        assert key not in answer.err
    assert not kept(away).exists()


@pytest.mark.parametrize(
    ("typed", "stdin", "code", "said"),
    [
        (("login", NOWHERE), "sr_key", 5, "no API answers at http://127.0.0.1:1"),
        (("login", NOWHERE), "", 2, "there is no key"),
        (("login", NOWHERE), "two words", 2, "that is no key"),
        (("login",), "sr_key", 2, "which API?"),
        (("login", "support.example.com"), "sr_key", 2, "that is no address of an API"),
    ],
)
def test_what_is_no_login_says_why_and_keeps_nothing(
    away: Commands, typed: tuple[str, ...], stdin: str, code: int, said: str
) -> None:
    answer = away(*typed, stdin=stdin)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert not kept(away).exists()


def test_the_environment_names_nobody_else_than_the_key(ways: Ways, away: Commands) -> None:
    there = {"SUNRELAY_URL": ways.api.base, "SUNRELAY_KEY": ways.key(ENGINEER)}
    answer = away("list", "-o", "json", **there, SUNRELAY_ACTOR_NAME="Tom Reid", SUNRELAY_ACTOR_TIER="L1")
    assert ends(answer) == (3, "ActorNotProved")
    assert answer.fault["reason"] == "the key speaks for Mia Chen; SUNRELAY_ACTOR_NAME says otherwise"
    assert away("list", **there, SUNRELAY_ACTOR_NAME="Mia Chen").code == 0


@pytest.mark.parametrize("typed", NOT_OFFERED)
def test_what_an_api_does_not_offer_needs_the_desk_itself(away: Commands, typed: str) -> None:
    there = {"SUNRELAY_URL": NOWHERE, "SUNRELAY_KEY": "sr_key"}
    assert ends(away(*typed.split(), "-o", "json", **there)) == (2, "DeskNeeded")


def test_news_that_only_the_core_passes_on_needs_the_desk_too(ways: Ways) -> None:
    answer = ways.type("elsewhere", ENGINEER, "staffing-news", "SR-0000-0000-0", "--region", "manila")
    assert ends(answer) == (2, "DeskNeeded")


def test_what_reads_files_alone_works_wherever_commands_go(away: Commands) -> None:
    there = {"SUNRELAY_URL": NOWHERE, "SUNRELAY_KEY": "sr_key"}
    for typed in ("policy list", "calendar list", "settings"):
        assert away(*typed.split(), **there).code == 0


@pytest.mark.parametrize("spoilt", ["mode", "text", "link"])
def test_a_login_that_others_could_have_written_is_not_believed(away: Commands, spoilt: str) -> None:
    file = kept(away)
    file.parent.mkdir(parents=True, mode=0o700)
    text = json.dumps({"url": NOWHERE, "key": "sr_key"}) if spoilt != "text" else "[]"
    place = file.with_name("elsewhere.json") if spoilt == "link" else file
    place.write_text(text)
    place.chmod(0o644 if spoilt == "mode" else 0o600)
    if spoilt == "link":
        file.symlink_to(place)
    assert ends(away("list", "-o", "json")) == (1, "LoginUnusable")
    assert away("settings").code == 1
    assert away("logout").code == 0


@pytest.fixture
def broken() -> Iterator[str]:
    """An API that says who speaks, breaks off at a note, and whose proxy gives up on the rest."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            me = json.dumps(
                {"actor": {"kind": "staff", "name": "Mia Chen", "later": 1}, "credential": "sr_x"}
            )
            self.send_response(200)
            self.send_header("Content-Length", str(len(me)))
            self.end_headers()
            self.wfile.write(me.encode())

        def do_POST(self) -> None:
            if "/notes" in self.path:
                self.connection.close()
            else:
                self.send_error(502, "a proxy gave up waiting")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_a_call_that_broke_off_may_have_happened_and_is_asked_again_by_its_id(
    away: Commands, broken: str
) -> None:
    there = {"SUNRELAY_URL": broken, "SUNRELAY_KEY": "sr_key"}
    for typed in (("case", "note", "SR-1", "x"), ("claim", "SR-1")):
        answer = away(*typed, "--request-id", "broken-1", "-o", "json", **there)
        assert ends(answer) == (7, "OutcomeUnknown")
        assert answer.fault["remedy"] == "ask again with --request-id broken-1: nothing is done twice"


def test_an_answer_that_is_none_of_ours_is_no_fault_of_a_case(away: Commands, broken: str) -> None:
    answer = away("show", "SR-1", "-o", "json", SUNRELAY_URL=broken, SUNRELAY_KEY="sr_key")
    assert ends(answer) == (1, "AnswerUnreadable")


@pytest.mark.parametrize(
    "text", ["ftp://a.example", "https://", "https://u:p@a.example", "http://a:x", "http://a?b"]
)
def test_an_address_with_a_password_or_anything_odd_is_none(text: str) -> None:
    with pytest.raises(Fault):
        api_address(text)
