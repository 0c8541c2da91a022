"""What a form shows before it goes is what its reader gets: every letter there is, in every language."""

import re
from collections.abc import AsyncIterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from activities.channels.http import Poster
from activities.channels.mail import Mailer
from activities.channels.public_address import PublicAddresses
from activities.channels.webhook import WebhookSender
from activities.notices.courier import Channels, Courier
from activities.notices.directory import Directory
from activities.settings import AdapterSettings
from activities.store.case_store import CaseStore
from activities.words.contact_ways import ContactWays
from activities.words.letters import Words
from activities.words.signed_links import VEIL
from activities.words.survey_links import SurveyLinks
from domain.actor import Actor, ActorKind, Door, Role
from domain.case_step import decide
from domain.decision import Accepted
from domain.effects import Effect, EffectKind
from domain.facts import Facts
from domain.record import RecordBatch, row_of
from domain.verbs import Verb
from starter.door.dry_run import look_ahead
from starter.door.requests import build
from starter.door.speak import Said
from starter.web.board.case_letters import Writing
from tests.activities.builders import effect, whole_case
from tests.activities.mail_system import MailSystem
from tests.activities.test_wording import MOST, STAFF, TOLD
from tests.starter.api_client import request
from tests.starter.board_pages import Pages, pages_of
from workflows.messages import CaseFile

URL = "https://support.example/survey"
ANA = Actor(kind=ActorKind.STAFF, name="Ana Reyes", role=Role.ENGINEER, door=Door.BOARD)
TEXT = {"text": "Kumusta <b>po</b>\n\n名前: {{7*7}} 100 %"}
LANGUAGES = ("en", "fil", "ja")
_LETTER = re.compile(r'<dt>Subject</dt><dd><bdi>([^<]*)</bdi>.*?<pre class="words"[^>]*>([^<]*)</pre>', re.S)
_TOKEN = re.compile(rf"{re.escape(URL)}/[\w.-]+")

Steps = tuple[tuple[Verb, Mapping[str, Any]], ...]
BEGUN: Steps = ((Verb.RESPOND, TEXT),)
RESOLVED: Steps = (*BEGUN, (Verb.RESOLVE, {"kind": "resolution", **TEXT}))
SESSION = {"start": "2027-03-04T10:00", "end": "2027-03-04T11:00", "zone": "Australia/Sydney", **TEXT}
FORMS: dict[Verb, tuple[Steps, dict[str, str]]] = {
    Verb.RESPOND: ((), TEXT),
    Verb.POST_UPDATE: (BEGUN, TEXT),
    Verb.WAIT_FOR_CUSTOMER: (BEGUN, TEXT),
    Verb.VALIDATE_RESOLUTION: (BEGUN, TEXT),
    Verb.REASSIGN: (BEGUN, {"assignee": "Liv Berg", "reason": "holiday"}),
    Verb.SCHEDULE_SESSION: (BEGUN, SESSION),
    Verb.RESOLVE: (BEGUN, {"kind": "resolution", **TEXT}),
    Verb.CLOSE: (RESOLVED, {"reason": "resolved", **TEXT}),
    Verb.REOPEN: ((*RESOLVED, (Verb.CLOSE, {"reason": "resolved", **TEXT})), {"reason": "Again"}),
}


@pytest.fixture
async def mail_system() -> AsyncIterator[MailSystem]:
    async with MailSystem() as running:
        yield running


def settings_with(mails: MailSystem) -> AdapterSettings:
    return AdapterSettings.model_validate(
        {
            "smtp_port": mails.port,
            "survey_secrets": "k" * 32,
            "survey_url": URL,
            "vendor_address": "v@v.example",
        }
    )


def writing_with(settings: AdapterSettings) -> Writing:
    """What `sunrelay web serve` gives the board."""
    return Writing(Words(ways=ContactWays.of(settings)), SurveyLinks.of(settings))


async def sent(store: CaseStore, mails: MailSystem, effect_: Effect) -> tuple[str, str]:
    """Subject and text of the mail that an effect arrives as; the link to a survey is veiled in it."""
    settings = settings_with(mails)
    words = Words(ways=ContactWays.of(settings))
    channels = Channels(Mailer(settings), WebhookSender(settings, Poster(), PublicAddresses()))
    before = len(mails.taken)
    await Courier(store, words, Directory(settings), channels, SurveyLinks.of(settings)).tell(effect_, set())
    (mail,) = mails.taken[before:]
    text = mail.part("plain").replace("\r\n", "\n")
    return str(mail.message["Subject"]), _TOKEN.sub(f"{URL}/{VEIL}", text)


@pytest.fixture
async def pages(tmp_path: Path, mail_system: MailSystem) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path, writing=writing_with(settings_with(mail_system))) as found:
        await found.sign_in(region="sydney")
        yield found


@pytest.mark.parametrize("kind", [kind for kind in TOLD if kind not in STAFF])
async def test_every_letter_is_written_for_the_preview_as_it_is_sent(
    pages: Pages, mail_system: MailSystem, kind: EffectKind
) -> None:
    writing = writing_with(settings_with(mail_system))
    for language in LANGUAGES:
        facts = Facts.model_validate({"title": "Outlook cannot send", **MOST, "links": ()})
        told = effect(language, kind=kind, language=language, facts=facts)
        wording = writing.wording(told)
        assert (wording.subject, wording.text) == await sent(pages.store, mail_system, told)


async def opened(pages: Pages, language: str, steps: Steps) -> tuple[str, str]:
    """A complete case after what was said to it: its id and number."""
    whole = {**request("X"), "language": language, "zone": "Australia/Sydney"}
    given = {name: value for name, value in whole.items() if name not in _OF_BUILDER}
    case, entries = await whole_case("INC-1", **given)
    for number, (verb, fields) in enumerate(steps):
        message = build(pages.session, ANA, verb, fields, f"step-{number}")
        decision = decide(case, verb, message, f"step-{number}", pages.clock.at)
        assert isinstance(decision, Accepted), decision
        case, entries = decision.case, (*entries, *decision.entries)
    file = CaseFile(case=case).model_dump_json()
    await pages.store.record(RecordBatch(row=row_of(case), entries=entries, case=case, life="one", file=file))
    return case.id, case.number


_OF_BUILDER = {"tenant", "reference", "impact", "urgency", "contact"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", FORMS)
async def test_a_form_shows_the_mails_that_come_of_it_word_for_word(
    pages: Pages, mail_system: MailSystem, verb: Verb, language: str
) -> None:
    steps, typed = FORMS[verb]
    case_id, number = await opened(pages, language, steps)
    form = await pages.hidden(f"/cases/{number}/say/{verb}") | typed
    preview = await pages.post(f"/cases/{number}/say/{verb}", form)
    assert preview.status_code == 200, preview.text
    shown = [(unescape(subject), unescape(text)) for subject, text in _LETTER.findall(preview.text)]
    fields = typed | {name: f"{typed[name]}+11:00" for name in ("start", "end") if name in typed}
    outlook = await look_ahead(pages.session, ANA, case_id, Said(verb, fields, form["request"]))
    said = RecordBatch(row=row_of(outlook.after), entries=outlook.entries)
    await pages.store.record(said)
    assert shown == [await sent(pages.store, mail_system, one) for one in outlook.told_outside]
    assert shown
    if verb is Verb.CLOSE:
        assert any(f"{URL}/{VEIL}" in text for _, text in shown)
