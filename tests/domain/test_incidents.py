"""A major incident: who may lead it, which case hears which notice, and how large it may grow."""

from datetime import datetime
from typing import Any

from domain import incidents
from domain.decision import Refused
from domain.incidents.fan_out import BroadcastReport
from domain.incidents.notices import next_broadcast, take_report
from domain.incidents.record import (
    MOST_CHILDREN,
    MOST_OUTGOING,
    Departure,
    Incident,
    IncidentPhase,
    incident_id,
    incident_number,
    incident_prefix,
)
from domain.incidents.verbs import IncidentVerb
from domain.incidents.views import children, view
from domain.messages.incident import AT_A_TIME, Declare
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.people import ANA, KIM

MIB = 1024 * 1024


class Affair:
    """One incident as it goes on; what is put out is carried when the story says so."""

    def __init__(self, at: datetime = TUESDAY, **fields: Any) -> None:
        given = {"reference": "MAIL", "title": "No mail", "text": "We look into it.", **fields}
        message = Declare.model_validate({"actor": ANA, "received_at": at, **given})
        decision = incidents.declare(message, incident_id("desk", "MAIL"), at)
        assert isinstance(decision, incidents.IncidentAccepted), decision
        self.incident: Incident = decision.incident
        self.at = at

    def say(self, verb: str, by: Any = ANA, **fields: Any) -> "incidents.IncidentAccepted | Refused":
        self.at += MINUTE
        known = IncidentVerb(verb)
        message = known.model.model_validate({"actor": by, "received_at": self.at, **fields})
        decision = incidents.decide(self.incident, known, message, self.at)
        if not isinstance(decision, Refused):
            self.incident = decision.incident
        return decision

    def refused(self, verb: str, by: Any = ANA, **fields: Any) -> str:
        decision = self.say(verb, by, **fields)
        assert isinstance(decision, Refused), decision
        return decision.code

    def carry(self, **report: Any) -> tuple[str, int, tuple[str, ...]]:
        """The next notice is carried: its kind, its number, and to whom."""
        broadcast = next_broadcast(self.incident)
        assert broadcast is not None
        self.at += MINUTE
        self.incident = take_report(self.incident, broadcast, BroadcastReport(**report), self.at)
        return broadcast.news.kind.value, broadcast.news.notice, broadcast.children

    def carry_all(self) -> list[tuple[str, int, tuple[str, ...]]]:
        carried = []
        while self.incident.outgoing:
            carried.append(self.carry())
        return carried

    def departure(self, case: str) -> Departure | None:
        (found,) = [child for child in self.incident.children if child.case_id == case]
        return found.left_because


def test_a_number_is_told_on_the_telephone_and_leads_back_to_its_id() -> None:
    identity = incident_id("desk", "MAIL")
    number = incident_number(identity)
    assert number.startswith("MI-")
    prefix = incident_prefix(number.lower())
    assert prefix is not None
    assert identity.startswith(prefix)
    assert incident_prefix(number[:-1] + ("0" if number[-1] != "0" else "1")) is None


def test_a_late_case_hears_the_latest_news_first_and_then_what_all_hear() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a", "case-b"])
    affair.say("post_update", text="It is the mail servers.")
    assert affair.carry_all() == [("joined", 1, ("case-a", "case-b")), ("update", 2, ("case-a", "case-b"))]
    affair.say("join", cases=["case-c"])
    broadcast = next_broadcast(affair.incident)
    assert broadcast is not None
    assert broadcast.news.text == "It is the mail servers."
    affair.say("post_update", text="They are back in an hour.")
    assert affair.carry_all() == [
        ("joined", 3, ("case-c",)),
        ("update", 4, ("case-a", "case-b", "case-c")),
    ]


def test_news_reach_every_case_once_however_they_overlap() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a"])
    affair.say("post_update", text="One.")
    affair.say("post_update", text="Two.")
    affair.say("leave", cases=["case-a"], reason="It was the proxy.")
    affair.say("post_update", text="Three.")
    assert [(kind, number) for kind, number, _ in affair.carry_all()] == [
        ("joined", 1),
        ("update", 2),
        ("update", 3),
        ("left", 4),
    ]
    assert affair.departure("case-a") is Departure.ASKED
    assert next_broadcast(affair.incident) is None


def test_cases_that_join_one_by_one_while_others_are_told_share_a_notice() -> None:
    affair = Affair()
    for name in ("case-a", "case-b", "case-c"):
        affair.say("join", cases=[name])
    assert affair.carry_all() == [("joined", 1, ("case-a",)), ("joined", 2, ("case-b", "case-c"))]


def test_a_notice_for_nobody_is_not_put_out() -> None:
    affair = Affair()
    affair.say("post_update", text="Nobody is in yet.")
    assert affair.incident.outgoing == ()
    affair.say("join", cases=["case-a"])
    assert affair.carry() == ("joined", 2, ("case-a",))


def test_a_case_that_is_over_or_elsewhere_hears_no_more() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a", "case-b", "case-c"])
    affair.carry(over=("case-a",), elsewhere=("case-b",))
    assert (affair.departure("case-a"), affair.departure("case-b")) == (Departure.OVER, Departure.ELSEWHERE)
    affair.say("post_update", text="News.")
    assert affair.carry() == ("update", 2, ("case-c",))


def test_a_case_that_comes_back_while_it_is_taken_leave_of_is_in_again() -> None:
    desk = Affair()
    desk.say("join", cases=("case-a",))
    desk.carry_all()
    desk.say("leave", cases=("case-a",), reason="It is their proxy")
    leaving = next_broadcast(desk.incident)
    assert leaving is not None
    desk.say("join", cases=("case-a",))
    desk.incident = take_report(desk.incident, leaving, BroadcastReport(), desk.at)
    assert desk.departure("case-a") is None
    assert [(kind, cases) for kind, _, cases in desk.carry_all()] == [("joined", ("case-a",))]


def test_resolving_is_offered_to_every_case_and_a_second_time_where_it_was_none() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a", "case-b"])
    affair.say("resolve", text="The servers answer.")
    affair.carry()
    assert affair.carry() == ("resolved", 2, ("case-a", "case-b"))
    assert affair.refused("join", cases=["case-c"]) == "InvalidTransition"
    affair.say("resolve", text="Now they do.")
    assert affair.carry() == ("resolved", 3, ("case-a", "case-b"))
    assert affair.incident.phase is IncidentPhase.RESOLVED


def test_an_incident_that_was_none_lets_its_cases_go_with_a_reason() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a"])
    assert affair.refused("close") == "ReasonRequired"
    affair.say("close", reason="Two separate faults.")
    assert not affair.incident.is_over
    assert [kind for kind, _, _ in affair.carry_all()] == ["joined", "left"]
    assert affair.incident.is_over
    assert affair.refused("post_update", text="One more thing.") == "CaseClosed"


def test_what_cannot_be_done_is_refused_with_its_code() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a"])
    for by, verb, fields, code in (
        (KIM, "post_update", {"text": "Where are you?"}, "RoleNotPermitted"),
        (ANA, "join", {"cases": ["case-a"]}, "NoChange"),
        (ANA, "leave", {"cases": ["case-a"]}, "ReasonRequired"),
        (ANA, "leave", {"cases": ["case-z"], "reason": "It is none."}, "NoChange"),
        (ANA, "post_update", {"text": "x" * 5000, "incident_details": "y" * 5000}, "ValidationError"),
    ):
        before = affair.incident
        assert affair.refused(verb, by, **fields) == code
        assert affair.incident is before


def test_an_expected_time_lies_ahead_and_is_dropped_once_it_has_passed() -> None:
    affair = Affair()
    past = {"text": "Soon.", "expected_resolution_at": TUESDAY - HOUR}
    assert affair.refused("post_update", **past) == "ValidationError"
    affair.say("post_update", text="Soon.", expected_resolution_at=TUESDAY + HOUR)
    assert affair.incident.expected_resolution_at == TUESDAY + HOUR
    affair.at = TUESDAY + 2 * HOUR
    affair.say("post_update", text="Later.")
    assert affair.incident.expected_resolution_at is None


def test_notices_wait_in_a_queue_that_has_an_end() -> None:
    affair = Affair()
    affair.say("join", cases=["case-a"])
    for number in range(MOST_OUTGOING - 1):
        affair.say("post_update", text=f"News {number}.")
    assert affair.refused("post_update", text="One more.") == "InvalidTransition"
    affair.carry()
    assert not isinstance(affair.say("post_update", text="One more."), Refused)


def test_the_largest_incident_fits_into_what_the_engine_takes() -> None:
    affair = Affair(text="x" * 8000)
    cases = [f"case-{number:020d}" for number in range(MOST_CHILDREN)]
    for start in range(0, MOST_CHILDREN, AT_A_TIME):
        affair.say("join", cases=cases[start : start + AT_A_TIME])
    assert affair.refused("join", cases=["case-one-more"]) == "ValidationError"
    while len(affair.incident.outgoing) < MOST_OUTGOING:
        affair.say("post_update", text="x" * 8000)
    assert len(affair.incident.model_dump_json()) < 1.75 * MIB
    broadcast = next_broadcast(affair.incident)
    assert broadcast is not None
    assert len(broadcast.children) == AT_A_TIME
    shown = view(affair.incident)
    assert (shown.cases, shown.had) == (MOST_CHILDREN, MOST_CHILDREN)
    assert len(shown.model_dump_json()) < MIB / 16
    assert [child.case_id for child in children(affair.incident, 4_500)] == cases[4_500:]


def test_500_cases_are_one_broadcast_and_one_entry_for_a_notice() -> None:
    affair = Affair()
    affair.say("join", cases=[f"case-{number}" for number in range(500)])
    affair.carry()
    entries = affair.incident.entries
    affair.say("post_update", text="News.")
    assert len(affair.carry()[2]) == 500
    assert affair.incident.entries == entries + 2
    assert next_broadcast(affair.incident) is None
