"""Where the five guides contradict each other, each goes its own way (CONF-03 to CONF-15)."""

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.case import LevelSource
from domain.clocks import Clock
from domain.effects import EffectKind
from domain.phase import CloseReason, Phase
from policies import load_policy, policy_names
from tests.domain.boundary_desk import (
    ALEX,
    ENGINEER,
    MORNING,
    guide,
    guide_with,
    held_to,
    only,
    solved,
    taken,
    turned_down,
    warned,
    worked_on,
)
from tests.domain.cases import DAY, HOUR
from tests.people import ANA, KIM, P1

CSS, RHIPE, WEST = "distributor-css", "rhipe-csp", "westcoast"


def _each(look) -> dict[str, object]:
    return {name: look(load_policy(name).rules) for name in policy_names()}


@pytest.mark.covers("CONF-03")
def test_staff_rate_at_rhipe_and_the_requester_everywhere_else() -> None:
    assert {name for name, by in _each(lambda rules: rules.rating.by).items() if by == "staff"} == {RHIPE}
    called = taken(RHIPE, actor=ANA, channel="phone", **P1)
    assert (called.case.level, called.case.level_source) == ("P1", LevelSource.MATRIX)
    mailed = taken(RHIPE, severity="P1", priority="P1", **P1)
    assert (mailed.case.level, mailed.case.level_source) == ("P2", LevelSource.CHANNEL_DEFAULT)
    for name in (CSS, WEST):
        story = taken(name, priority="high")
        assert (story.case.level, story.case.level_source) == ("high", LevelSource.REQUESTER)


@pytest.mark.covers("CONF-03")
def test_only_the_dedicated_provider_keeps_a_level_to_itself() -> None:
    kept = _each(lambda rules: [level.id for level in rules.levels if level.provider_only])
    assert {name: levels for name, levels in kept.items() if levels} == {"o365-dedicated": ["1"]}
    vendor = Actor(kind=ActorKind.VENDOR, role=Role.INCIDENT_MANAGEMENT)
    refused = worked_on(CSS).refused("change_level", MORNING + HOUR, vendor, level="critical", reason="x")
    assert refused.code == "RoleNotPermitted"


@pytest.mark.covers("CONF-09")
def test_silence_closes_at_rhipe_and_nowhere_else() -> None:
    said = _each(lambda rules: rules.closing.confirmation)
    assert said == {
        CSS: "required",
        WEST: "required",
        RHIPE: "implied",
        "o365-dedicated": "none",
        "o365-overview": "none",
    }
    silent = {name: solved(name, channel=channel) for name, channel in ((CSS, "chat"), (RHIPE, "email"))}
    assert silent[RHIPE].until(MORNING + 10 * DAY).case.close_reason is CloseReason.AUTO_CLOSE
    assert silent[CSS].until(MORNING + 10 * DAY).case.phase is Phase.RESOLVED


@pytest.mark.covers("CONF-09", "GAP-08")
def test_only_a_policy_that_wants_a_confirmation_reminds_of_it() -> None:
    assert _each(lambda rules: rules.closing.reminder_every) == {
        CSS: 7 * DAY,
        WEST: 7 * DAY,
        RHIPE: None,
        "o365-dedicated": None,
        "o365-overview": None,
    }
    for name, reminds in ((CSS, True), (RHIPE, False)):
        weekly = held_to(guide_with(name, "closing", reminder_every="7d"))
        assert solved(name, under=weekly).runs(Clock.CONFIRMATION) is reminds


@pytest.mark.covers("CONF-10")
def test_an_incomplete_request_is_closed_kept_waiting_or_refused_as_the_guide_says() -> None:
    assert _each(lambda rules: rules.intake.on_incomplete) == {
        CSS: "close_with_explanation",
        RHIPE: "await_information",
        WEST: "await_information",
        "o365-dedicated": "refuse",
        "o365-overview": "refuse",
    }
    assert taken(CSS, scope=None).case.phase is Phase.CLOSED
    waiting = taken(RHIPE, contact=None)
    assert waiting.case.phase is Phase.AWAITING_INFORMATION
    assert waiting.runs(Clock.INITIAL_RESPONSE)
    assert taken(WEST, explanation=None).case.missing == ("explanation",)
    strict = held_to(guide_with(CSS, "intake", on_incomplete="refuse"))
    refused = turned_down(CSS, under=strict, scope=None, priority=None)
    assert (refused.code, refused.missing) == ("ValidationError", ("priority", "scope"))


@pytest.mark.covers("CONF-11")
def test_languages_are_strict_best_effort_or_not_spoken_of() -> None:
    modes = _each(lambda rules: rules.intake.languages_mode)
    assert {name for name, mode in modes.items() if mode == "strict"} == {"o365-dedicated"}
    assert {name for name, mode in modes.items() if mode == "best_effort"} == {RHIPE}
    assert warned(taken(RHIPE, language="th")) == ("LanguageNotAvailable",)
    assert warned(taken(RHIPE, language="ja")) == ()
    strict = held_to(guide_with(CSS, "intake", languages_mode="strict", languages=("en",)))
    assert turned_down(CSS, under=strict, language="de").code == "LanguageNotSupported"


@pytest.mark.covers("CONF-12")
def test_a_single_computer_is_the_customers_own_affair_or_helped_as_far_as_it_goes() -> None:
    (dedicated,) = [
        rule for rule in guide("o365-dedicated").rules.scope.rules if "client_desktop" in rule.categories
    ]
    assert dedicated.disposition.value == "refer"
    (west,) = [rule for rule in guide(WEST).rules.scope.rules if "individual_client" in rule.categories]
    assert (west.disposition.value, west.vendor_escalation) == ("best_effort", False)
    assert taken(WEST, category="individual_client").case.phase is Phase.RECEIVED
    assert taken(RHIPE, category="individual_client").case.phase is Phase.RECEIVED


@pytest.mark.covers("CONF-13")
def test_premises_are_never_supported_or_with_the_addon_or_not_spoken_of() -> None:
    rules = {
        name: [rule for rule in load_policy(name).rules.scope.rules if rule.name == "on_premises"]
        for name in policy_names()
    }
    assert {name for name, found in rules.items() if found} == {CSS, "o365-dedicated"}
    (css,), (dedicated,) = rules[CSS], rules["o365-dedicated"]
    assert (css.without_addon, css.after_diagnosis) == ("on_premise", True)
    assert (dedicated.without_addon, dedicated.after_diagnosis) == (None, False)
    assert {rule.disposition.value for rule in (css, dedicated)} == {"decline"}
    assert taken(CSS, category="on_premises").case.phase is Phase.RECEIVED  # only a diagnosis tells


@pytest.mark.covers("CONF-03")
def test_a_wish_is_only_a_wish_at_rhipe_and_counts_at_the_distributor() -> None:
    ours, theirs = worked_on(RHIPE), worked_on(CSS)
    later = MORNING + HOUR
    kim = KIM.model_copy(update={"tenant": ours.case.request.tenant})
    wished = ours.say("change_level", later, kim, level="P1", reason="!")
    assert getattr(wished, "code", None) == "PriorityNotPermitted"
    assert (ours.case.level, len(ours.told(EffectKind.LEVEL_REQUESTED))) == ("P2", 1)
    assert theirs.refused("change_level", later, ALEX, level="high").code == "ReasonRequired"
    theirs.say("change_level", later, ALEX, level="high", reason="Ten more mailboxes.")
    assert (theirs.case.level, theirs.case.level_source) == ("high", LevelSource.REQUESTER)
    assert only(theirs, EffectKind.LEVEL_CHANGED).facts.level == "high"
    assert theirs.refused("triage", later, ENGINEER, impact="high", urgency="high").code == "ValidationError"
