"""Lives of major incidents and their cases: told by an incident, and by hand."""

from typing import Any

from domain.messages.case import Contact
from tests.desk import Desk
from tests.live_incident import LiveIncident
from tests.people import ANA, KIM

_BEN = Contact(name="Ben", email="ben@eastern.example")


async def a_major_incident_of_three_cases(desk: Desk) -> None:
    first, second = await desk.open("INC-1"), await desk.open("INC-2")
    late = await desk.open("INC-3", tenant="Eastern Foods", contact=_BEN)
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    await incident.say("join", ANA, cases=[first.id, second.id])
    await incident.say("post_update", ANA, text="It is the mail servers.", impact="No mail at all.")
    await incident.say("join", ANA, cases=[late.id])
    desk.mail.data_moods.append("451 not now")
    await incident.say("post_update", ANA, text="They are back in an hour.")
    await desk.passes(minutes=5)
    await incident.say("leave", ANA, cases=[second.id], reason="It is your proxy.")
    await incident.say("resolve", ANA, text="Mail flows again.")
    await first.say("reply", KIM, text="Not for us.", accepts=False)
    await incident.say("close", ANA)


async def a_major_incident_left_without_updates(desk: Desk) -> None:
    case = await desk.open("INC-1")
    incident = LiveIncident(desk, "MAIL")
    await incident.declare(ANA)
    await incident.say("join", ANA, cases=[case.id])
    await desk.passes(minutes=50)
    desk.mail.data_moods.append("451 not now")
    await desk.passes(minutes=10)
    await incident.say("post_update", ANA, text="It is the mail servers.", update_every="30m")
    await desk.worker_goes()
    await desk.passes(hours=2)
    await desk.worker_comes()
    await desk.rest()
    await incident.say("post_update", ANA, text="They are back in an hour.", update_every="72h")
    await incident.say("resolve", ANA, text="Mail flows again.")
    await incident.say("close", ANA)


def _news(desk: Desk, notice: int, kind: str) -> dict[str, Any]:
    said = {"incident": f"incident-of-{desk.number}", "number": "MI-0000-0000-0", "title": "No mail"}
    return {**said, "notice": notice, "kind": kind, "text": f"News {notice}."}


async def news_of_a_major_incident(desk: Desk) -> None:
    case = await desk.open("INC-1")
    await case.say("incident_news", ANA, **_news(desk, 1, "joined"))
    await case.say("incident_news", ANA, **_news(desk, 2, "update"), tell=False)
    await case.say("incident_news", ANA, **_news(desk, 2, "update"))
    await case.tell("incident_news", ANA, **_news(desk, 3, "update"), tell=False, told_with="SR-1111-1111-1")
    await case.tell("incident_news", ANA, **_news(desk, 4, "resolved"))
    await case.say("reply", KIM, text="Not for us.", accepts=False)
    await case.tell("incident_news", ANA, **_news(desk, 5, "left"))
    await case.say("close", ANA, reason="no_further_troubleshooting")
