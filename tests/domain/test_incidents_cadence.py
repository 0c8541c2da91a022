"""The update clock of a major incident: when the next one is due, who hears of it, and when it ends."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from domain import incidents
from domain.actor import Actor, ActorKind, Role
from domain.decision import Refused
from domain.effects import Effect, EffectKind, Outcome, OutcomeStatus, Recipient
from domain.incidents.cadence import left_behind, take_outcomes
from domain.incidents.record import KEPT_ENTRIES, MOST_OUTGOING
from domain.incidents.views import view
from domain.messages.incident import EVERY, Declare, PostNews
from domain.misreading import misread
from tests.domain.cases import HOUR, MINUTE, TUESDAY
from tests.domain.test_incidents import Affair
from tests.people import ANA

TARA = Actor(kind=ActorKind.STAFF, name="Tara Cruz", role=Role.ENGINEER, region="manila")
DUE, MISSED = EffectKind.INCIDENT_UPDATE_DUE, EffectKind.INCIDENT_UPDATE_MISSED


class Watched(Affair):
    """An incident whose clock is looked at: what its time says is gathered."""

    def until(self, at: datetime) -> tuple[Effect, ...]:
        """What is told when somebody looks at this instant, after nobody was there before."""
        self.at = at
        due = incidents.fall_due(self.incident, at)
        if due is None:
            return ()
        self.incident = due.incident
        return due.effects

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.incident.timeline]


def told(effects: tuple[Effect, ...]) -> list[tuple[EffectKind, Recipient]]:
    return [(effect.kind, effect.to) for effect in effects]


@pytest.mark.covers("DED-31")
def test_an_update_is_due_an_hour_after_the_declaration_unless_it_says_otherwise() -> None:
    assert timedelta(hours=1) == EVERY
    assert Watched().incident.next_update_at == TUESDAY + HOUR
    assert Watched(update_every="30m").incident.next_update_at == TUESDAY + 30 * MINUTE
    shown = view(Watched(update_every="PT2H").incident)
    assert (shown.next_update_at, shown.update_every) == (TUESDAY + 2 * HOUR, 2 * HOUR)


@pytest.mark.parametrize("every", ["5m", "300s", "72h", "3d", "PT5M"])
def test_the_shortest_and_the_longest_interval_may_be_given(every: str) -> None:
    assert Watched(update_every=every).incident.next_update_at is not None


@pytest.mark.parametrize("model", [Declare, PostNews])
@pytest.mark.parametrize("every", ["299s", "4m", "73h", "4d", "-1h", "PT0S", "hourly", "999999999d"])
def test_an_interval_outside_is_refused(model: type[Declare] | type[PostNews], every: str) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(
            {"actor": ANA, "reference": "MAIL", "title": "No mail", "text": "x", "update_every": every}
        )
    answer = misread(refused.value)
    assert (answer.code, answer.missing[:1]) == ("ValidationError", ("update_every",))


@pytest.mark.covers("DED-31")
def test_an_update_restarts_the_interval_and_may_change_it() -> None:
    affair = Watched()
    affair.at = TUESDAY + 20 * MINUTE
    affair.say("post_update", text="It is the mail servers.")
    assert affair.incident.next_update_at == TUESDAY + 21 * MINUTE + HOUR
    affair.say("post_update", text="They restart.", update_every="15m")
    assert affair.incident.next_update_at == TUESDAY + 37 * MINUTE
    affair.say("post_update", text="Soon.")
    assert affair.incident.next_update_at == TUESDAY + 38 * MINUTE


@pytest.mark.parametrize(
    ("every", "minutes"), [("1h", 45), ("4h", 180), ("16m", 11), ("10m", 5), ("72h", 54 * 60)]
)
def test_the_manager_is_warned_at_three_quarters_and_at_least_five_minutes_before(
    every: str, minutes: int
) -> None:
    affair = Watched(update_every=every)
    warn_at = TUESDAY + minutes * MINUTE
    assert affair.until(warn_at - timedelta(seconds=1)) == ()
    effects = affair.until(warn_at)
    assert told(effects) == [(DUE, Recipient.ASSIGNEE)]
    assert effects[0].facts.due_at == affair.incident.next_update_at
    assert affair.until(warn_at + MINUTE) == ()


def test_an_interval_of_five_minutes_has_no_warning() -> None:
    affair = Watched(update_every="5m")
    assert affair.until(TUESDAY + 5 * MINUTE - timedelta(seconds=1)) == ()


def test_whoever_wrote_last_is_warned_where_he_works() -> None:
    affair = Watched()
    affair.say("post_update", TARA, text="I have it now.")
    (warning,) = affair.until(TUESDAY + 50 * MINUTE)
    assert (warning.region, warning.facts.owner) == ("manila", "Tara Cruz")
    assert view(affair.incident).led_by == "Tara Cruz"


@pytest.mark.covers("DED-31")
def test_a_missed_update_is_told_to_tss_and_sdm_once_and_entered() -> None:
    affair = Watched()
    affair.until(TUESDAY + 45 * MINUTE)
    effects = affair.until(TUESDAY + HOUR)
    assert told(effects) == [(MISSED, Recipient.TSS), (MISSED, Recipient.SDM)]
    cause = f"{affair.incident.id}/update@{TUESDAY + HOUR:%Y%m%dT%H%M%SZ}"
    assert effects[0].id == f"{cause}/incident_update_missed/tss"
    assert [effect.facts.count for effect in effects] == [1, 1]
    assert effects[0].facts.next_update_at == affair.incident.next_update_at == TUESDAY + 2 * HOUR
    assert affair.until(TUESDAY + HOUR) == ()
    entry = affair.incident.timeline[-1]
    assert (entry.kind, entry.at, entry.text) == ("update_missed", TUESDAY + HOUR, "1 in a row, every 1 h")
    assert affair.incident.outgoing == ()


def test_after_a_day_away_one_notice_says_how_many_intervals_were_missed() -> None:
    affair = Watched()
    effects = affair.until(TUESDAY + 24 * HOUR + 50 * MINUTE)
    assert told(effects) == [(MISSED, Recipient.TSS), (MISSED, Recipient.SDM)]
    assert [effect.facts.count for effect in effects] == [24, 24]
    assert affair.incident.next_update_at == TUESDAY + 25 * HOUR
    assert affair.until(affair.at) == ()
    assert affair.until(TUESDAY + 25 * HOUR - timedelta(seconds=1)) == ()  # a warning would come too late
    assert view(affair.incident).updates_missed == 24


def test_nothing_is_told_more_often_than_the_interval() -> None:
    affair = Watched(update_every="5m")
    heard = [
        effect.caused_at
        for second in range(0, 3600, 10)
        for effect in affair.until(TUESDAY + timedelta(seconds=second))
        if effect.to is Recipient.TSS
    ]
    assert heard == [TUESDAY + 5 * n * MINUTE for n in range(1, 12)]


def test_an_update_received_at_the_due_instant_is_in_time_however_late_it_is_handled() -> None:
    affair = Watched()
    message = PostNews.model_validate({"actor": ANA, "received_at": TUESDAY + HOUR, "text": "News."})
    verb = incidents.IncidentVerb("post_update")
    decision = incidents.decide(affair.incident, verb, message, TUESDAY + 3 * HOUR)
    assert isinstance(decision, incidents.IncidentAccepted)
    assert (decision.effects, decision.incident.updates_missed) == ((), 0)
    assert decision.incident.next_update_at == TUESDAY + 2 * HOUR


def test_what_was_missed_before_an_update_is_told_with_it_and_the_row_begins_anew() -> None:
    affair = Watched()
    affair.at = TUESDAY + 2 * HOUR
    decision = affair.say("post_update", text="At last.")
    assert isinstance(decision, incidents.IncidentAccepted)
    assert told(decision.effects) == [(MISSED, Recipient.TSS), (MISSED, Recipient.SDM)]
    assert affair.kinds() == ["declared", "update_missed", "updated"]
    assert affair.incident.next_update_at == TUESDAY + 3 * HOUR + MINUTE
    assert [effect.facts.count for effect in affair.until(TUESDAY + 3 * HOUR + MINUTE)] == [1, 1]
    assert view(affair.incident).updates_missed == 3


def test_a_refused_update_restarts_nothing() -> None:
    affair = Watched()
    affair.say("join", cases=["case-a"])
    for number in range(MOST_OUTGOING - 1):
        affair.say("post_update", text=f"News {number}.")
    due_at = affair.incident.next_update_at
    assert affair.refused("post_update", text="One more.", update_every="5m") == "InvalidTransition"
    assert affair.incident.next_update_at == due_at


@pytest.mark.parametrize(("verb", "said"), [("resolve", {"text": "Done."}), ("close", {"reason": "None."})])
def test_the_clock_ends_with_the_incident(verb: str, said: dict[str, str]) -> None:
    affair = Watched()
    affair.say(verb, **said)
    assert affair.incident.next_update_at is None
    assert affair.until(TUESDAY + 100 * HOUR) == ()
    assert view(affair.incident).next_update_at is None


def test_news_of_a_resolved_incident_start_no_clock_and_take_no_interval() -> None:
    affair = Watched()
    affair.say("resolve", text="Done.")
    affair.say("post_update", text="It stays so.")
    assert affair.incident.next_update_at is None
    assert affair.refused("post_update", text="It stays so.", update_every="1h") == "InvalidTransition"


def test_cases_that_join_or_leave_do_not_count_as_an_update() -> None:
    affair = Watched()
    affair.say("join", cases=["case-a"])
    affair.say("leave", cases=["case-a"], reason="It is the proxy.")
    assert affair.incident.next_update_at == TUESDAY + HOUR


def test_a_declaration_that_names_the_hour_is_the_one_that_does_not() -> None:
    said = {"actor": ANA, "reference": "MAIL", "title": "No mail", "text": "x"}
    plain, hourly, daily = (
        incidents.digest(Declare.model_validate(said | more))
        for more in ({}, {"update_every": "60m"}, {"update_every": "1d"})
    )
    assert plain == hourly != daily


def test_an_incident_nobody_looks_after_keeps_its_timeline() -> None:
    affair = Watched(update_every="5m")
    for number in range(10):
        affair.say("post_update", text=f"News {number}.")
    lost = (Outcome(effect_id="x", status=OutcomeStatus.UNDELIVERABLE, reason="no address set for tss"),)
    for step in range(1, 2 * KEPT_ENTRIES):
        affair.until(TUESDAY + HOUR + 5 * step * MINUTE)
        affair.incident = take_outcomes(affair.incident, (*lost, *lost), affair.at)
    assert affair.kinds() == ["declared", *["updated"] * 10, "update_missed", "delivery_failed"]
    assert affair.incident.timeline[-1].text == "no address set for tss"
    affair.say("post_update", text="At last.")
    affair.until(affair.at + HOUR)
    assert affair.kinds()[-4:] == ["update_missed", "delivery_failed", "updated", "update_missed"]


def test_what_was_told_leaves_nothing_in_the_timeline_and_what_was_left_behind_does() -> None:
    affair = Watched()
    effects = affair.until(TUESDAY + HOUR)
    told_all = tuple(Outcome(effect_id=one.id, status=OutcomeStatus.DELIVERED) for one in effects)
    assert take_outcomes(affair.incident, told_all, affair.at) is affair.incident
    assert left_behind(affair.incident, (), affair.at) is affair.incident
    noted = left_behind(affair.incident, effects, affair.at).timeline[-1]
    assert (noted.kind, noted.text) == ("delivery_failed", "2 notices were left behind at a turn-over")


def test_a_requester_starts_no_clock() -> None:
    message = Declare.model_validate(
        {"actor": {"kind": "customer"}, "reference": "MAIL", "title": "No mail", "text": "x"}
    )
    refused = incidents.declare(message, "incident-x", TUESDAY)
    assert isinstance(refused, Refused)
    assert refused.code == "RoleNotPermitted"
