"""The link by which a survey is answered: signed, bound to one closure, and in the customer's mail."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from activities.channels.http import Poster
from activities.channels.mail import Mailer
from activities.channels.public_address import PublicAddresses
from activities.channels.webhook import WebhookSender
from activities.notices.courier import Channels, Courier
from activities.notices.directory import Directory
from activities.settings import AdapterSettings
from activities.store.case_store import CaseStore
from activities.words.letters import Words
from activities.words.signed_links import LinkInvalid
from activities.words.survey_links import SurveyLinks, SurveyTicket
from domain.effects import Effect, EffectKind
from domain.facts import Facts
from tests.activities.builders import AT, CASE, effect
from tests.activities.mail_system import MailSystem

URL = "https://support.example/survey"
KEY, NEXT_KEY = "k" * 32, "n" * 32
TICKET = SurveyTicket(case_id=CASE, closure=2, until=AT + timedelta(days=14))


def question(**changes: object) -> Effect:
    facts = Facts(title="Outlook cannot send", count=2, due_at=TICKET.until, **changes)
    return effect(kind=EffectKind.CSAT_SURVEY, facts=facts)


def test_a_link_says_which_closure_until_when_and_nothing_else_opens() -> None:
    links = SurveyLinks(URL, [KEY])
    token = links.token(TICKET)
    assert links.read(token) == TICKET
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    said, _, signature = token.partition(".")
    other, _, _ = links.token(TICKET.model_copy(update={"closure": 1})).partition(".")
    broken = [
        f"{other}.{signature}",
        said,
        f"{said}.",
        f".{signature}",
        token[:-2],
        "",
        ".",
        "é.é",
        "x" * 5000,
    ]
    for one in broken:
        with pytest.raises(LinkInvalid):
            links.read(one)
    with pytest.raises(LinkInvalid):
        SurveyLinks(URL, [NEXT_KEY]).read(token)
    with pytest.raises(LinkInvalid):
        SurveyLinks(URL, []).read(token)


def test_a_key_may_be_changed_while_links_are_out() -> None:
    out = SurveyLinks(URL, [KEY]).token(TICKET)
    both = SurveyLinks(URL, [NEXT_KEY, KEY])
    assert both.read(out) == TICKET
    assert SurveyLinks(URL, [NEXT_KEY]).read(both.token(TICKET)) == TICKET


def test_only_the_question_how_it_went_gets_a_link_and_only_where_there_is_an_address() -> None:
    links = SurveyLinks(URL, [KEY])
    (link,) = links.added(question()).facts.links
    assert links.read(link.removeprefix(f"{URL}/")) == TICKET
    assert links.added(effect()).facts.links == ()
    assert SurveyLinks(None, [KEY]).added(question()).facts.links == ()


def test_an_address_without_a_key_and_a_key_one_can_guess_are_refused() -> None:
    for given in (
        {"survey_url": URL},
        {"survey_secrets": "short", "survey_url": URL},
        {"survey_secrets": f"{KEY} short"},
        {"survey_secrets": KEY, "survey_url": "http://support.example/survey"},
        {"survey_secrets": KEY, "survey_url": "https://"},
        {"survey_secrets": KEY, "survey_url": f"{URL}?a=b"},
    ):
        with pytest.raises(ValidationError):
            AdapterSettings.model_validate(given)


@pytest.mark.covers("RHIPE-27")
@pytest.mark.parametrize("language", ["en", "fil", "ja"])
async def test_the_mail_carries_the_link_and_says_that_opening_it_answers_nothing(
    own_store: CaseStore, mail_system: MailSystem, language: str
) -> None:
    settings = AdapterSettings.model_validate(
        {"smtp_port": mail_system.port, "survey_secrets": f"{KEY}\n{NEXT_KEY}", "survey_url": f"{URL}/"}
    )
    channels = Channels(Mailer(settings), WebhookSender(settings, Poster(), PublicAddresses()))
    courier = Courier(own_store, Words(), Directory(settings), channels, SurveyLinks.of(settings))
    await courier.tell(question().model_copy(update={"language": language}), set())
    (mail,) = mail_system.taken
    text = mail.part("plain")
    (link,) = [word for word in text.split() if word.startswith("https://")]
    assert SurveyLinks.of(settings).read(link.removeprefix(f"{URL}/")) == TICKET
    assert {"en": "the link alone", "fil": "hindi pa sagot", "ja": "回答になりません"}[language] in text
    assert link in mail.part("html")
