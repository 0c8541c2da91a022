"""The commands that take a case to the vendor: what they name, and what a case shows of it afterwards."""

import uuid

import pytest

from domain.phase import Phase
from starter.cli.exits import Exit
from tests.starter.conftest import Commands

SECOND_LINE = {"SUNRELAY_ACTOR_TIER": "L2", "SUNRELAY_ACTOR_NAME": "Lina"}
DONE = ["partner_troubleshooting", "provider_review", "secondary_troubleshooting"]
WHY = [
    "--reason",
    "A fault of the service",
    "--product",
    "office_365",
    *(x for d in DONE for x in ("--done", d)),
]
CONTACT = ["--contact", "Lee Park", "--contact-role", "partner_technical", "--phone", "+61255500100"]
REACHED = [
    "--email",
    "lee@partner.example",
    "--available",
    "09:00-17:00",
    "--contact-zone",
    "Australia/Sydney",
]
NUMBER = ["--vendor-reference", "2704030040001234"]


def _answered(run: Commands) -> str:
    case = str(run.open(f"vendor-{uuid.uuid4().hex[:12]}")["number"])
    run.as_json("respond", case, "We are on it")
    return case


def test_a_case_is_handed_over_and_shows_the_vendors_side(run: Commands) -> None:
    case = _answered(run)
    refused = run("to-vendor", case, *WHY, *CONTACT, *REACHED, *NUMBER)
    assert (refused.code, "TierNotPermitted" in refused.err) == (Exit.REFUSED, True)
    receipt = run.as_json("to-vendor", case, *WHY, *CONTACT, *REACHED, *NUMBER, **SECOND_LINE)
    assert receipt["phase"] == Phase.CLOSED
    early = run.as_json("vendor-contacted", case, "--no", "--text", "Nobody has called")
    assert early["warnings"] == ["Early"]
    shown = run.as_json("show", case)["vendor"]
    assert (shown["reference"], shown["contact"]["availability"]["start"]) == ("2704030040001234", "09:00")
    page = run("show", case).out
    assert "2704030040001234" in page
    assert "contact unconfirmed" in page


@pytest.mark.covers("RHIPE-61")
def test_a_ticket_of_somebody_elses_is_looked_into_and_promised_nothing(run: Commands) -> None:
    case = _answered(run)
    said = ("review", "external", case, "We look into your ticket.", *NUMBER)
    refused = run(*said)
    assert (refused.code, "RoleNotPermitted" in refused.err) == (Exit.REFUSED, True)
    receipt = run.as_json(*said, SUNRELAY_ACTOR_ROLE="sdm", SUNRELAY_ACTOR_NAME="Sue")
    assert receipt["warnings"] == ["SlaNotApplicable"]
    assert receipt["next_deadline"] is None


@pytest.mark.parametrize("span", ["9", "noon"])
def test_a_span_that_is_none_is_wrong_usage(run: Commands, span: str) -> None:
    case = _answered(run)
    ended = run("to-vendor", case, *WHY, *CONTACT, "--available", span, *NUMBER, **SECOND_LINE)
    assert ended.code == Exit.USAGE


def test_all_that_is_missing_of_the_contact_is_named(run: Commands) -> None:
    case = _answered(run)
    ended = run("to-vendor", case, *WHY, *CONTACT, *NUMBER, **SECOND_LINE)
    assert ended.code == Exit.REFUSED
    assert "EscalationContactIncomplete" in ended.err
    assert "availability, email" in ended.err
