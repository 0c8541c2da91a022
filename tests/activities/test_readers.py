"""Each reader is told instants by their own clock, and as dates are written where they are."""

import pytest

from activities.people.rota import Rota
from activities.store.case_store import CaseStore
from activities.words.letters import Words
from domain.centres.rota import Engineer
from domain.effects import Effect, EffectKind, Recipient
from domain.facts import Facts
from tests.activities.builders import AT, HOUR, effect
from tests.activities.desk import Desk
from tests.activities.mail_system import MailSystem

FACTS = Facts(title="Outlook cannot send", level="P1", phase="in_progress", due_at=AT + HOUR, owner="ana")


def _warning(to: Recipient = Recipient.ASSIGNEE, **changes: object) -> Effect:
    """One at Manila's desk for a customer in Sydney."""
    given = {"kind": EffectKind.WARNING, "to": to, "about": "update", "facts": FACTS, "policy": "rhipe-csp"}
    return effect("update@1", **given | {"region": "manila", **changes})


@pytest.mark.parametrize("to", [Recipient.ASSIGNEE, Recipient.REGION, Recipient.TSS])
def test_our_own_people_are_told_by_the_clock_of_the_centre_that_owns_the_case(to: Recipient) -> None:
    assert "12:00 (Manila, UTC+08:00)" in Words().render(_warning(to)).text


def test_a_customer_is_told_by_their_own_clock_and_dates_as_written_there() -> None:
    facts = FACTS.model_copy(update={"next_update_at": AT + HOUR})
    news = effect("r-1", policy="rhipe-csp", region="manila", kind=EffectKind.FIRST_RESPONSE, facts=facts)
    assert "Tuesday, 2 March 2027, 15:00 (Sydney, UTC+11:00)" in _flat(Words().render(news).text)
    theirs = news.model_copy(update={"zone": "America/New_York"})
    assert "Monday, March 1, 2027, 23:00 (New York, UTC-05:00)" in _flat(Words().render(theirs).text)


def test_a_session_is_told_everybody_by_the_clock_it_was_agreed_in() -> None:
    facts = FACTS.model_copy(update={"starts_at": AT + HOUR})
    ours = _warning(kind=EffectKind.SESSION_REMINDER, facts=facts)
    assert "(Sydney, UTC+11:00)" in Words().render(ours).text


def test_where_the_policy_knows_no_such_centre_the_case_s_clock_is_told() -> None:
    assert "(Sydney, UTC+11:00)" in Words().render(_warning(region="atlantis")).text


async def test_an_engineer_is_paged_by_their_own_clock_and_the_centre_by_its(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    ana = Engineer(name="ana", region="manila", address="ana@support.example", zone="Asia/Tokyo")
    await Rota(own_store).put([ana], "a lead")
    desk = Desk(own_store, mail_system.port, staff_address="desk@support.example")
    await desk.tell(_warning())
    told = {mail.message["To"]: mail.message.as_string() for mail in mail_system.taken}
    assert "(Manila, UTC+08:00)" in _flat(told["desk@support.example"])
    assert "(Tokyo, UTC+09:00)" in _flat(told["ana@support.example"])


def _flat(text: str) -> str:
    return " ".join(text.replace("=\n", "").split())
