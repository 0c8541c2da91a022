"""Letters lead a customer to how their case stands: only where the portal is set, and nobody but them."""

import re
from datetime import timedelta

import pytest
from pydantic import ValidationError

from activities.settings import AdapterSettings
from activities.words.case_links import OPENS_FOR, CaseLinks, CaseTicket
from activities.words.letters import Words
from activities.words.signed_links import VEIL, LinkInvalid
from activities.words.survey_links import SurveyLinks, SurveyTicket
from domain.effects import EffectKind, Recipient
from tests.activities.builders import AT, CASE, effect

URL, KEY = "https://desk.example/portal", "k" * 32
LINKS = CaseLinks(URL, [KEY])
_LINK = re.compile(rf"{URL}/case-link/(\S+)")
_SAYS = {
    "en": "It opens this one case, to read, until",
    "fil": "Ang case lang na ito ang nabubuksan nito",
    "ja": "このケースのみを閲覧でき",
}


@pytest.mark.parametrize("language", sorted(_SAYS))
def test_a_letter_has_a_link_to_its_case_alone_in_the_reader_s_language(language: str) -> None:
    words = Words(case_links=LINKS)
    wording = words.render(effect(language=language, kind=EffectKind.STATUS_UPDATE))
    assert wording.language == language
    assert _SAYS[language] in wording.text
    (token,) = _LINK.findall(wording.text)
    ticket = LINKS.read(token)
    assert ticket == CaseTicket(case_id=CASE, made_at=AT, until=AT + OPENS_FOR)
    assert token in wording.html
    again = words.render(effect(language=language, kind=EffectKind.STATUS_UPDATE))
    assert again == wording  # a repetition says the same


def test_nobody_but_the_customer_gets_one_and_none_leads_where_nothing_is() -> None:
    assert "case-link" not in Words(case_links=LINKS).render(effect(), by_mail=False).text
    for to, kind in ((Recipient.ASSIGNEE, EffectKind.WARNING), (Recipient.VENDOR, EffectKind.VENDOR_TICKET)):
        assert "case-link" not in Words(case_links=LINKS).render(effect(to=to, kind=kind)).text
    for links in (None, CaseLinks(None, [KEY]), CaseLinks(URL, ())):
        text = Words(case_links=links).render(effect()).text
        assert "case-link" not in text
        assert "sign in" not in text
    assert (
        f"{URL}/case-link/{VEIL}"
        in Words(case_links=CaseLinks(URL, [KEY], veiled=True)).render(effect()).text
    )


def test_a_token_of_one_purpose_is_none_of_another_under_the_same_key() -> None:
    survey = SurveyLinks(URL, [KEY])
    until = AT + timedelta(days=14)
    with pytest.raises(LinkInvalid):
        LINKS.read(survey.token(SurveyTicket(case_id=CASE, closure=1, until=until)))
    with pytest.raises(LinkInvalid):
        survey.read(LINKS.token(CaseTicket(case_id=CASE, made_at=AT, until=until)))


def test_an_address_of_the_portal_wants_a_key() -> None:
    with pytest.raises(ValidationError, match="SUNRELAY_PORTAL_SECRETS"):
        AdapterSettings.model_validate({"portal_url": URL})
    settings = AdapterSettings.model_validate({"portal_url": URL, "portal_secrets": KEY})
    assert CaseLinks.of(settings).portal == URL
