"""Advisory cases under o365-dedicated: told as often as was agreed, and not at all before."""

import pytest
from pydantic import ValidationError

from domain.clocks import Clock
from domain.effects import EffectKind, Recipient
from domain.misreading import misread
from tests.domain.cases import DAY, HOUR, MINUTE
from tests.domain.dedicated_desk import (
    DESK,
    MORNING,
    answered,
    at_severity,
    instants,
    opened,
    running,
)
from tests.people import ANA


@pytest.mark.covers("DED-27")
def test_an_advisory_case_has_no_clock_until_an_interval_is_agreed() -> None:
    story = answered(severity="D")
    assert running(story.case) == []
    assert story.until(MORNING + 30 * DAY).told(EffectKind.STATUS_UPDATE) == []
    agreed = MORNING + 30 * DAY
    story.say("agree_interval", agreed, every="48h")
    story.until(agreed + 4 * DAY)
    assert instants(story, EffectKind.STATUS_UPDATE) == [agreed + 2 * DAY, agreed + 4 * DAY]
    (told,) = story.told(EffectKind.INTERVAL_AGREED)
    assert (told.to, told.facts.next_update_at) == (Recipient.CUSTOMER, agreed + 2 * DAY)


@pytest.mark.covers("DED-27")
def test_an_interval_agreed_before_the_response_counts_from_the_response() -> None:
    story = opened(severity="D")
    story.say("agree_interval", MORNING + HOUR, every="12h")
    assert not story.runs(Clock.UPDATE)
    story.say("respond", MORNING + 2 * HOUR, text="We have begun.")
    assert story.due(Clock.UPDATE) == MORNING + 14 * HOUR


@pytest.mark.covers("DED-27")
def test_an_agreed_interval_ends_with_the_severity_it_was_agreed_for() -> None:
    story = answered(severity="D")
    story.say("agree_interval", MORNING + MINUTE, every="12h")
    story.say("change_level", MORNING + HOUR, ANA, level="C", reason="It is production after all")
    assert story.due(Clock.UPDATE) == MORNING + 73 * HOUR
    story.say("change_level", MORNING + 2 * HOUR, ANA, level="D", reason="It was not")
    assert not story.runs(Clock.UPDATE)


@pytest.mark.covers("DED-27")
@pytest.mark.parametrize("every", ["0s", "-1h", 0, -3600, "PT0S", "-PT1H", "soon", "99999999999999d"])
def test_an_agreed_interval_is_longer_than_nothing(every: str | int) -> None:
    story = answered(severity="D")
    with pytest.raises(ValidationError) as wrong:
        story.say("agree_interval", MORNING + MINUTE, every=every)
    refused = misread(wrong.value)
    assert (refused.code, refused.missing) == ("ValidationError", ("every",))
    assert not story.runs(Clock.UPDATE)


@pytest.mark.covers("DED-27")
@pytest.mark.parametrize("every", ["401d", "999999999d"])
def test_an_agreed_interval_is_no_longer_than_the_terms_of_a_case(every: str) -> None:
    refused = answered(severity="D").refused("agree_interval", MORNING + MINUTE, every=every)
    assert (refused.code, refused.missing) == ("ValidationError", ("every",))


@pytest.mark.covers("DED-27")
@pytest.mark.parametrize("severity", ["1", "A", "B", "C"])
def test_no_other_severity_has_an_interval_as_agreed(severity: str) -> None:
    refused = at_severity(severity).refused("agree_interval", MORNING + MINUTE, every="48h")
    assert refused.code == "PolicyOverrideNotPermitted"


@pytest.mark.covers("DED-27")
def test_our_staff_write_an_agreement_down_and_the_customer_alone_makes_none() -> None:
    refused = answered(severity="D").refused("agree_interval", MORNING + MINUTE, DESK, every="1h")
    assert refused.code == "RoleNotPermitted"
