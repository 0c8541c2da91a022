"""No letter promises a way to us that does not work, in any language and whatever it is about."""

import json
import logging
import re
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from activities.store.case_store import CaseStore
from activities.words import letters
from activities.words.contact_ways import ContactWays, Ways
from activities.words.letters import Words
from domain.case_step import open_case
from domain.decision import Accepted
from domain.effects import Address, Channel, Effect, EffectKind, Recipient
from domain.policy import SupportPolicy
from domain.policy.operations import RegionRule
from policies import PolicyUnknown, load_policy, policy_names
from tests.activities.builders import AT, KIM, NUMBER, effect, whole_case
from tests.activities.desk import Desk, mailer
from tests.activities.mail_system import MailSystem
from tests.activities.test_languages import CUSTOMERS, in_language
from tests.activities.test_wording import MOST, STAFF, Elements, told

TEMPLATES = Path(letters.__file__).parent / "templates"
LANGUAGES = ("en", "fil", "ja")
READ = "help@support.example"
SYDNEY, ANYWHERE = "+61 2 5550 0100", "+800 5550 0199"

ASKS = {
    "en": "To contact us, reply to this message.",
    "fil": "Para sumagot, mag-reply lang po sa mensaheng ito.",
    "ja": "ご連絡の際は、このメッセージにご返信ください。",
}
WARNS = {
    "en": "Please do not reply to this message: nobody reads this address.",
    "fil": "Hindi po binabasa ang mga sagot sa address na ito, "
    "kaya huwag na po ninyong sagutin ang mensaheng ito.",
    "ja": "このメールは送信専用のアドレスからお送りしています。"
    "ご返信いただいても確認できませんので、ご了承ください。",
}
OF_ANSWERS = {
    "en": re.compile(
        r"(answer|reply) (to )?this (message|mail)|by mail|\breply\b|\bwrite to us\b", re.IGNORECASE
    ),
    "fil": re.compile(r"mensaheng ito|mag-reply|i-reply", re.IGNORECASE),
    "ja": re.compile("返信"),
}
"""What speaks of answering a mail; what only asks for the reader's word does not."""


def policy(
    name: str = "rhipe-csp", *, centre: str | None = None, all_over: str | None = None
) -> SupportPolicy:
    known = load_policy(name)
    regions = {one: rule.model_copy(update={"telephone": centre}) for one, rule in known.regions.items()}
    silent = {"telephone": all_over, "telephones": {}}
    organisation = known.organisation.model_copy(update=silent)
    return known.model_copy(update={"regions": regions, "organisation": organisation})


def words(replies_to: str | None = None, **telephones: str) -> Words:
    return Words(ways=ContactWays(replies_to, lambda name: policy(name, **telephones)))


def letter(kind: EffectKind, language: str, about: str = "initial_response", **facts: object) -> Effect:
    under = {"policy": "rhipe-csp", "plan": "saas-24x7"}
    return in_language(kind, language, about, **facts).model_copy(update=under)


def every_letter(kind: EffectKind, language: str) -> list[Effect]:
    """A letter in each of its shapes: bare, with all facts, and for each value its template tells apart."""
    source = (TEMPLATES / f"{kind}.j2").read_text()
    abouts = {"initial_response", *re.findall(r'about == "(\w+)"', source)}
    advised = [letter(kind, language, advice=advice) for advice in re.findall(r'advice == "(\w+)"', source)]
    less = MOST | {"links": (), "phase": "validating_resolution", "waiting_since": None}
    return advised + [letter(kind, language, one, **facts) for one in abouts for facts in ({}, MOST, less)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMERS)
def test_an_answer_is_asked_for_only_where_people_read_it(kind: EffectKind, language: str) -> None:
    unread, read = words(), words(READ)
    for one in every_letter(kind, language):
        for text in (unread.render(one).text, Elements(unread.render(one).html).text):
            assert text.count(WARNS[language]) == 1
            assert not OF_ANSWERS[language].search(text.replace(WARNS[language], "")), text
        for text in (read.render(one).text, Elements(read.render(one).html).text):
            assert text.count(ASKS[language]) == 1
            assert WARNS[language] not in text
            assert not OF_ANSWERS[language].search(text.replace(ASKS[language], "")), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMERS)
def test_a_telephone_number_is_named_only_where_there_is_one(kind: EffectKind, language: str) -> None:
    silent, spoken = words(), words(centre=SYDNEY, all_over=ANYWHERE)
    for one in every_letter(kind, language):
        one = one.model_copy(update={"facts": one.facts.model_copy(update={"phone": None})})
        numbers = r"\+\d[\d ]{6,}"
        assert SYDNEY in spoken.render(one).text
        assert ANYWHERE not in spoken.render(one).text
        known = one.facts.technical_contact
        assert set(re.findall(numbers, silent.render(one).text)) <= ({known.phone} if known else set())
        assert re.search(re.escape(NUMBER), silent.render(one).text)


def test_the_owning_centre_s_telephone_goes_before_that_of_the_organisation() -> None:
    here, away = effect(policy="p", region="sydney"), effect(policy="p", region="atlantis")
    ways = ContactWays(None, lambda _: policy(centre=SYDNEY, all_over=ANYWHERE))
    assert (ways.to_us(here).telephone, ways.to_us(away).telephone) == (SYDNEY, ANYWHERE)
    only = ContactWays(None, lambda _: policy(all_over=ANYWHERE))
    assert only.to_us(here).telephone == ANYWHERE
    assert ContactWays(None, lambda _: policy()).to_us(here).telephone is None


RHIPES = (
    "the telephone (+61 2 8350 8484 / 1300 303 520), email (partner.support@rhipe.com or "
    "assist@cloudsupport.help) or the portal (https://support.rhipe.com or http://www.cloudsupport.help)"
)
PREMIERS = (
    "the premier telephone line (the local number; Microsoft Premier Online names it) "
    "or the Microsoft Premier Online portal"
)


@pytest.mark.parametrize(
    ("name", "plan", "said"),
    [
        (
            "rhipe-csp",
            "saas-24x7",
            RHIPES,
        ),
        ("o365-overview", "standard", "the portal or the telephone"),
        (
            "o365-overview",
            "premier-base",
            PREMIERS,
        ),
        ("distributor-css", None, "the web form or the chat"),
        ("o365-dedicated", None, "the service desk"),
    ],
)
def test_the_ways_are_those_of_the_plan(name: str, plan: str | None, said: str) -> None:
    text = Words().render(effect(policy=name, plan=plan)).text
    assert f"{WARNS['en']} To contact us, use {said}. Please quote {NUMBER}" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "To contact us, use the portal or the telephone (+61 2 5550 0100)."),
        ("fil", "Para makipag-ugnayan sa amin, gamitin po ang portal o telepono (+61 2 5550 0100)."),
        ("ja", "ご連絡の際は、ポータルまたは電話（+61 2 5550 0100）をご利用ください。"),
    ],
)
def test_a_policy_without_mail_names_none(language: str, said: str) -> None:
    under = {"policy": "o365-overview", "plan": "standard"}
    one = in_language(EffectKind.STAFF_UPDATE, language).model_copy(update=under)
    assert (
        f"{WARNS[language]}{'' if language == 'ja' else ' '}{said}" in words(all_over=SYDNEY).render(one).text
    )


def test_a_telephone_is_a_way_even_where_the_policy_takes_no_requests_by_it() -> None:
    ways = ContactWays(None, lambda _: policy("distributor-css", all_over=SYDNEY)).to_us(effect(policy="p"))
    assert ways.channels == ("phone", "webform", "chat")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_of_before_says_no_way_it_does_not_know(language: str) -> None:
    old = in_language(EffectKind.CONTACT_CHECK, language)
    assert (old.policy, old.plan) == (None, None)
    unsaid = {"en": "your usual channel", "fil": "karaniwan ninyong paraan", "ja": "通常の窓口"}
    assert unsaid[language] in words(centre=SYDNEY).render(old).text
    assert ASKS[language] in words(READ, centre=SYDNEY).render(old).text


def test_a_policy_that_is_gone_keeps_no_letter_from_being_written(caplog: pytest.LogCaptureFixture) -> None:
    def gone(name: str) -> SupportPolicy:
        raise PolicyUnknown(name)

    with caplog.at_level(logging.WARNING):
        assert ContactWays(READ, gone).to_us(effect(policy="gone@1")) == Ways(replies_to=READ)
    assert "gone" in caplog.text


async def test_every_letter_of_a_case_says_under_which_policy_and_plan_it_is() -> None:
    case, _ = await whole_case()
    opened = open_case(case.request, case.terms, AT)
    assert isinstance(opened, Accepted)
    assert opened.effects
    assert {(one.policy, one.plan) for one in opened.effects} == {(case.terms.policy, case.terms.plan)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_channel_of_a_preset_has_a_name_in_every_language(language: str) -> None:
    names = tomllib.loads((TEMPLATES / language / "words.toml").read_text())
    presets = [load_policy(name) for name in policy_names()]
    channels = {one for known in presets for one in known.rules.intake.channels}
    channels |= {one for known in presets for plan in known.plans.values() for one in plan.channels}
    assert {f"channel.{one}" for one in channels} <= set(names)


def test_an_urgent_request_by_mail_is_told_which_number_to_call() -> None:
    urgent = letter(EffectKind.ACKNOWLEDGEMENT, "en", advice="call")
    assert f"please also call us on {SYDNEY}: by phone" in words(centre=SYDNEY).render(urgent).text
    assert "call" not in words().render(urgent).text


CALLS = {"en": re.compile(r"\bcall\b"), "fil": re.compile("tumawag"), "ja": re.compile("お電話")}
"""How a letter asks to be called; that somebody else calls is said with other words."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMERS)
def test_a_letter_without_a_number_to_give_does_not_ask_to_call(kind: EffectKind, language: str) -> None:
    for one in every_letter(kind, language):
        if kind is EffectKind.BRIDGE_CALL and one.facts.phone:
            continue  # it has one, of the call itself
        said = words().render(one).text
        for found in CALLS[language].finditer(said):
            about = said[max(found.start() - 60, 0) : found.end() + 60]
            assert kind in _CALLED_BY_OTHERS, about


_CALLED_BY_OTHERS = {EffectKind.ESCALATION_CLOSURE, EffectKind.CONTACT_CHECK, EffectKind.BRIDGE_CALL}
"""What speaks of a call by the vendor, or of a bridge call."""


@pytest.mark.covers("RHIPE-23", "RHIPE-37")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("region", "country", "number"),
    [
        ("manila", None, "+63 2 271 1178"),
        ("manila", "SG", "+65 3138 2425"),
        ("auckland", "NZ", "+64 800472305"),
        ("melbourne", None, "+61 2 8350 8484"),
        ("kuala_lumpur", "AU", "+61 2 8350 8484 / 1300 303 520"),
        ("sydney", "FR", "+61 2 8350 8484 / 1300 303 520"),
    ],
)
def test_who_is_told_of_another_contact_is_told_the_number_of_their_country(
    language: str, region: str, country: str | None, number: str
) -> None:
    moved = letter(EffectKind.REASSIGNED, language, "handoff", contact=region)
    moved = moved.model_copy(update={"region": region, "country": country})
    asked = Words().render(moved).text
    named = asked.split("\n\n")[1]
    assert number in named
    assert region.replace("_", " ").title() in named
    assert f"({number})" in asked or f"（{number}）" in asked
    assert "partner.support@rhipe.com" in asked


@pytest.mark.covers("O365-07")
def test_where_a_guide_names_a_way_and_no_number_the_way_is_told() -> None:
    under = {"policy": "o365-overview", "plan": "standard"}
    billing = letter(EffectKind.STAFF_UPDATE, "en").model_copy(update=under | {"support_type": "billing"})
    said = Words().render(billing).text
    assert "the telephone (the billing link of the support page in the portal's service overview)" in said
    assert "technical link" in Words().render(billing.model_copy(update={"support_type": "technical"})).text


@pytest.mark.covers("RHIPE-03")
def test_the_acknowledgement_says_where_the_customer_sees_how_their_case_stands() -> None:
    said = Words().render(letter(EffectKind.ACKNOWLEDGEMENT, "en")).text
    where = "https://support.rhipe.com or http://www.cloudsupport.help"
    assert f"You can see how your case stands at any time here: {where}" in said


def test_a_request_that_came_another_way_is_told_the_ways_that_count() -> None:
    other = letter(EffectKind.ACKNOWLEDGEMENT, "en", advice="relodge").model_copy(
        update={"policy": "distributor-css", "plan": None}
    )
    assert f"ask again using the web form or the chat, and mention {NUMBER}." in words().render(other).text


@pytest.mark.parametrize(
    "written", ["+61 (0)2 5550-0100 ext. 7", "1300 HELP <b>", "０３－５５５０－０１００", "١٢٣ ٤٥٦", "*100#"]
)
def test_a_telephone_is_shown_as_it_is_written(written: str) -> None:
    rule = RegionRule(zone="Australia/Sydney", calendar="none", telephone=written)
    assert rule.telephone == written
    said = words(centre=written).render(letter(EffectKind.STAFF_UPDATE, "en"))
    assert f"({written})" in said.text
    assert f"({written})" in Elements(said.html).text


@pytest.mark.parametrize("written", ["", "ask", "12", "+61\u202e 5550", "555\r\n0100", "\x00555"])
def test_what_nobody_can_dial_is_no_telephone(written: str) -> None:
    with pytest.raises(ValidationError):
        RegionRule(zone="Australia/Sydney", calendar="none", telephone=written)


@pytest.mark.parametrize("replies_to", [READ, f"Die Helfer: 窓口 <{READ}>", "desk@support.example"])
async def test_an_answer_goes_to_those_who_read_it(mail_system: MailSystem, replies_to: str) -> None:
    await mailer(mail_system.port, replies_to=replies_to).send(effect(), Words().render(effect()), KIM.to, AT)
    (mail,) = mail_system.taken
    (found,) = mail.message["Reply-To"].addresses
    assert found.addr_spec == replies_to.rpartition("<")[2].rstrip(">")
    assert found.display_name == ("Die Helfer: 窓口" if "<" in replies_to else "")


async def test_what_is_posted_asks_for_a_mail_and_not_for_an_answer(own_store: CaseStore) -> None:
    hook = Address(channel=Channel.WEBHOOK, to="https://127.0.0.1:1/hook")
    desk = Desk(own_store, words=words(READ))
    one = letter(EffectKind.QUESTION, "en").model_copy(update={"addresses": (KIM, hook)})
    await desk.not_told(one)
    begun = await own_store.ledger(one.id)
    assert begun is not None
    assert begun.content is not None
    assert ASKS["en"] in begun.content.wording.text
    posted = json.loads(begun.content.body)["data"]["message"]
    assert f"To contact us, write to {READ}." in posted
    assert "this message" not in posted


@pytest.mark.parametrize("kind", [EffectKind.VENDOR_TICKET, EffectKind.VENDOR_FOLLOW_UP])
def test_the_vendor_is_told_where_an_answer_is_read(kind: EffectKind) -> None:
    one = told(kind).model_copy(update={"to": Recipient.VENDOR, "policy": "rhipe-csp"})
    read = words(READ, centre=SYDNEY).render(one).text
    assert f"Please answer in your ticket or to {READ}, or call {SYDNEY}." in read
    unread = words().render(one).text
    assert "Please answer in your ticket: nobody reads the address this message comes from." in unread


@pytest.mark.parametrize(
    "kind", sorted({*STAFF, *(kind for kind in EffectKind if kind.startswith("session_"))})
)
def test_our_own_people_are_not_asked_to_answer_a_mail(kind: EffectKind) -> None:
    for about in ("initial_response", "moved", "unclear"):
        ours = told(kind, about, **MOST).model_copy(update={"to": Recipient.ASSIGNEE})
        said = words(READ).render(ours).text.replace("sunrelay reply", "")
        assert not OF_ANSWERS["en"].search(said)
        assert "tell us" not in said
