"""Severities of the overview: targets, channels, who names them, and what makes one doubtful."""

from datetime import timedelta
from importlib.resources import files

import pytest

from domain.actor import Actor
from domain.case import LevelSource
from domain.clocks import Clock
from domain.effects import EffectKind
from domain.views.customer import customer_view
from domain.views.explain import Arithmetic, explain
from domain.views.staff import promises, view
from policies import PolicyInvalid, parse_policy
from tests.domain.cases import HOUR, MINUTE, SECOND
from tests.domain.desks import utc
from tests.domain.overview_desk import (
    ADMIN,
    ENGINEER,
    ORDINARY,
    PREMIER,
    ROBIN,
    WEDNESDAY,
    overview,
    refused,
    taken,
    warnings,
)

PREMIER_PLANS = ("premier-base", "premier-o365", "cloud-vantage")
SHIPPED = files("policies").joinpath("o365-overview.toml").read_text(encoding="utf-8")
SATURDAY_NIGHT = utc("2027-05-15T22:30")

premier_plans = pytest.mark.parametrize("plan", PREMIER_PLANS)
severities = pytest.mark.parametrize("severity", ["A", "B", "C"])


# --- targets ---------------------------------------------------------------------------------------------


@pytest.mark.covers("O365-08", "GAP-05")
@severities
def test_ordinary_support_promises_nothing_and_every_query_says_so(severity: str) -> None:
    story = taken(ORDINARY, severity=severity)
    assert not story.runs(Clock.INITIAL_RESPONSE)
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert (told.running, told.due_at, told.rule) == (False, None, "no commitment in the policy")
    assert told.steps == (f"The clock does not run: {severity} has no response target in standard.",)
    for rows in (view(story.case).promises, customer_view(story.case).promises):
        assert {row.clock: row.promise for row in rows} == {
            Clock.INITIAL_RESPONSE: "no commitment in the policy",
            Clock.UPDATE: "no commitment in the policy",
        }
    (acknowledgement,) = story.told(EffectKind.ACKNOWLEDGEMENT)
    assert acknowledgement.facts.due_at is None


@pytest.mark.covers("O365-08")
def test_nothing_is_ever_missed_where_nothing_is_promised() -> None:
    story = taken(ORDINARY, severity="A", users_affected=40).until(WEDNESDAY + timedelta(days=30))
    assert story.case.breach_count == story.case.warning_count == 0
    assert story.told(EffectKind.BREACH_NOTICE, EffectKind.STATUS_UPDATE, EffectKind.WARNING) == []


@pytest.mark.covers("O365-08")
@severities
def test_a_policy_must_have_an_entry_for_every_severity_were_it_none(severity: str) -> None:
    line = f'{severity} = {{ initial_response = "none" }}\n'
    assert SHIPPED.count(line) == 1
    with pytest.raises(PolicyInvalid) as caught:
        parse_policy(SHIPPED.replace(line, ""), "own.toml")
    assert caught.value.code == "PolicyInvalid"
    (error,) = caught.value.errors
    assert error.startswith(f"plans.standard.targets.{severity}.initial_response: give a target, or none")


@pytest.mark.covers("O365-15")
@premier_plans
@pytest.mark.parametrize(("severity", "hours"), [("A", 1), ("B", 2), ("C", 4)])
def test_premier_answers_within_one_two_and_four_hours_of_receipt(
    plan: str, severity: str, hours: int
) -> None:
    story = taken(PREMIER, plan, channel="premier_phone", severity=severity)
    running = story.clock(Clock.INITIAL_RESPONSE)
    assert (running.started_at, running.due_at) == (WEDNESDAY, WEDNESDAY + hours * HOUR)
    assert promises(story.case)[0].promise == f"{hours} h"


@pytest.mark.covers("O365-15")
def test_an_answer_at_the_due_instant_is_in_time_and_one_a_second_later_is_not() -> None:
    due = WEDNESDAY + HOUR
    for late in (0, 1):
        story = taken(PREMIER, channel="premier_phone", severity="A")
        story.say("respond", due + late * SECOND, ENGINEER, text="We look at it.")
        assert [(one.due_at, one.late_seconds) for one in story.breaches(Clock.INITIAL_RESPONSE)] == (
            [(due, 1)] if late else []
        )


@pytest.mark.covers("O365-15")
@pytest.mark.parametrize("severity", ["D", "1", "a", "Critical"])
def test_a_severity_nobody_knows_is_refused_and_those_there_are_named(severity: str) -> None:
    for given in (PREMIER, ORDINARY):
        answer = refused(given, severity=severity)
        assert answer.code == "SeverityUnknown"
        assert answer.remedy == "use one of A, B, C"
    story = taken(PREMIER)
    assert story.refused("change_level", WEDNESDAY, ENGINEER, level=severity, reason="?").code == (
        "SeverityUnknown"
    )


@pytest.mark.covers("GAP-05", "O365-18")
def test_hours_of_premier_support_run_on_at_night_and_over_the_weekend_for_severity_b_too() -> None:
    story = taken(PREMIER, at=SATURDAY_NIGHT, severity="B")
    assert story.due(Clock.INITIAL_RESPONSE) == SATURDAY_NIGHT + 2 * HOUR
    told = explain(story.case, Clock.INITIAL_RESPONSE)
    assert (told.arithmetic, told.closed) == (Arithmetic.ELAPSED, ())


# --- channels --------------------------------------------------------------------------------------------


@pytest.mark.covers("O365-13")
@premier_plans
@severities
def test_the_premier_line_takes_every_severity(plan: str, severity: str) -> None:
    assert taken(PREMIER, plan, channel="premier_phone", severity=severity).case.level == severity


@pytest.mark.covers("O365-14")
@premier_plans
def test_the_premier_portal_takes_what_is_not_critical_and_nothing_else(plan: str) -> None:
    assert [taken(PREMIER, plan, severity=one).case.level for one in ("B", "C")] == ["B", "C"]
    answer = refused(PREMIER, plan, severity="A")
    assert answer.code == "ChannelNotPermitted"
    assert answer.reason == "a case of level A is not accepted by mpo_portal"
    assert (answer.remedy, answer.missing) == ("use premier_phone", ("channel",))


@pytest.mark.covers("O365-14")
@pytest.mark.parametrize("channel", ["portal", "phone"])
def test_ordinary_support_has_no_such_rule(channel: str) -> None:
    assert taken(ORDINARY, channel=channel, severity="A").case.level == "A"


# --- who names it, and what makes it doubtful ------------------------------------------------------------


@pytest.mark.covers("CONF-03")
@pytest.mark.parametrize("actor", [ADMIN, ENGINEER], ids=["himself", "by telephone"])
def test_the_severity_is_the_requesters_word_whoever_writes_it_down(actor: Actor) -> None:
    case = taken(ORDINARY, actor=actor, severity="C").case
    assert (case.level, case.level_source) == ("C", LevelSource.REQUESTER)


@pytest.mark.covers("CONF-03", "O365-20")
def test_a_requester_changes_it_by_a_new_statement_of_the_impact_and_staff_by_a_reason() -> None:
    story = taken(PREMIER)
    for impact in (None, "  ", PREMIER["business_impact"]):
        answer = story.refused("change_level", WEDNESDAY, ROBIN, level="A", business_impact=impact)
        assert (answer.code, answer.missing) == ("BusinessImpactStatementRequired", ("business_impact",))
    by_phone = {"business_impact": "Nobody can send mail", "channel": "premier_phone"}
    story.say("change_level", WEDNESDAY, ROBIN, level="A", **by_phone)
    assert (story.case.level, story.case.business_impact) == ("A", "Nobody can send mail")
    assert story.due(Clock.INITIAL_RESPONSE) == WEDNESDAY + HOUR
    assert story.refused("change_level", WEDNESDAY + MINUTE, ENGINEER, level="C").code == "ReasonRequired"
    story.say("change_level", WEDNESDAY + MINUTE, ENGINEER, level="C", reason="It was one office")
    assert (story.case.level, story.case.level_source) == ("C", LevelSource.STAFF)


@pytest.mark.covers("O365-17")
@pytest.mark.parametrize(("users", "said"), [(1, ("SeverityDoubtful",)), (2, ()), (40, ())])
def test_a_critical_case_of_one_user_is_doubted_and_taken_all_the_same(
    users: int, said: tuple[str, ...]
) -> None:
    story = taken(PREMIER, channel="premier_phone", severity="A", users_affected=users)
    assert warnings(story) == said
    assert (story.case.level, story.due(Clock.INITIAL_RESPONSE)) == ("A", WEDNESDAY + HOUR)


@pytest.mark.covers("O365-17")
def test_one_user_is_doubted_too_where_a_case_becomes_critical_later() -> None:
    story = taken(PREMIER, users_affected=1)
    assert warnings(story) == ()
    by_phone = {"business_impact": "The books close today", "channel": "premier_phone"}
    story.say("change_level", WEDNESDAY, ROBIN, level="A", **by_phone)
    assert (warnings(story), story.case.level) == (("SeverityDoubtful",), "A")


@pytest.mark.covers("O365-18")
@pytest.mark.parametrize("workaround", [True, False, None])
def test_a_high_case_of_one_user_with_or_without_a_workaround_is_never_doubted(
    workaround: bool | None,
) -> None:
    assert warnings(taken(PREMIER, severity="B", users_affected=1, workaround=workaround)) == ()


@pytest.mark.covers("O365-19")
@pytest.mark.parametrize(
    ("workaround", "said"), [(True, ()), (False, ("SeverityDoubtful",)), (None, ("SeverityDoubtful",))]
)
def test_a_medium_case_without_a_workaround_is_doubted_and_taken_all_the_same(
    workaround: bool | None, said: tuple[str, ...]
) -> None:
    story = taken(ORDINARY, severity="C", workaround=workaround)
    assert (warnings(story), story.case.level) == (said, "C")


@pytest.mark.covers("O365-17", "O365-18", "O365-19")
@pytest.mark.parametrize(
    ("severity", "name", "defined", "examples"),
    [
        (
            "A",
            "Critical",
            ("cannot be reached or used", "many", "earnings"),
            ("Mail", "SharePoint", "Nobody"),
        ),
        ("B", "High", ("works, but badly", "office hours"), ("no mail", "one administrator", "A number")),
        ("C", "Medium", ("hardly", "one user", "workaround"), ("browser", "outside", "A single user")),
    ],
)
def test_the_definition_and_three_examples_of_each_severity_are_in_the_policy(
    severity: str, name: str, defined: tuple[str, ...], examples: tuple[str, ...]
) -> None:
    (level,) = [one for one in overview().rules.levels if one.id == severity]
    assert level.name == name
    assert [word for word in defined if word not in level.definition] == []
    assert [word in text for word, text in zip(examples, level.examples, strict=True)] == [True] * 3
    every = [text for one in overview().rules.levels for text in one.examples]
    assert len(set(every)) == 9


# --- raised later ------------------------------------------------------------------------------------------


@pytest.mark.covers("O365-14")
@premier_plans
@pytest.mark.parametrize("asked_by", ["mpo_portal", "portal"])
def test_a_b_is_not_raised_to_a_by_a_portal_but_by_the_premier_line(plan: str, asked_by: str) -> None:
    story = taken(PREMIER, plan, severity="B", channel="mpo_portal")
    raise_it = {"level": "A", "business_impact": "Nobody can work", "channel": asked_by}
    no = story.refused("change_level", WEDNESDAY + MINUTE, ROBIN, **raise_it)
    assert (no.code, no.missing, no.remedy) == ("ChannelNotPermitted", ("channel",), "use premier_phone")
    silent = story.refused("change_level", WEDNESDAY + MINUTE, ROBIN, **raise_it | {"channel": None})
    assert silent.code == "ChannelNotPermitted"
    story.say("change_level", WEDNESDAY + MINUTE, ROBIN, **raise_it | {"channel": "premier_phone"})
    assert story.case.level == "A"


@pytest.mark.covers("O365-14")
def test_our_staff_raise_what_they_were_called_for_and_a_requester_may_lower_by_any_channel() -> None:
    story = taken(PREMIER, severity="B", channel="mpo_portal")
    story.say("change_level", WEDNESDAY + MINUTE, ENGINEER, level="A", reason="They have called")
    assert story.case.level == "A"
    story.say("change_level", WEDNESDAY + HOUR, ROBIN, level="C", business_impact="One user is left")
    assert story.case.level == "C"


@pytest.mark.covers("O365-14")
def test_ordinary_support_takes_an_a_by_its_portal_as_ever() -> None:
    story = taken(ORDINARY, severity="B")
    story.say("change_level", WEDNESDAY + MINUTE, ADMIN, level="A", business_impact="Nobody can work")
    assert story.case.level == "A"
