"""Who says how urgent a case is under the guides, and what it takes to change it."""

from datetime import timedelta

import pytest

from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import INCIDENTS, asked, asker, kinds_told, listed, mail_of, records_under, said, taken
from tests.live_case import LiveCase
from tests.people import ANA

HOUR = timedelta(hours=1)
SAM = asker("o365-dedicated")


async def refused_opening(desk: Desk, policy: str, **changes: object) -> Fault:
    """Why a request was refused; no case comes of it and nobody is told anything."""
    case, submit = asked(desk, policy, **changes)
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert desk.mail.taken == []
    return refused.value


async def refused_change(case: LiveCase, **fields: object) -> str:
    before = await case.view()
    with pytest.raises(Fault) as refused:
        await case.say("change_level", SAM, **fields)
    assert await case.view() == before
    return refused.value.code


@pytest.mark.covers("DED-22")
async def test_a_severity_1_is_declared_by_the_provider_alone(desk: Desk) -> None:
    details = await refused_opening(desk, "o365-dedicated", severity="1")
    assert (details.code, details.remedy) == ("SeverityNotPermitted", "use A")
    case = await taken(desk, "o365-dedicated", actor=INCIDENTS, severity="1")
    view = await case.view()
    assert (view.level, view.level_source, view.rank) == ("1", "vendor", 0)
    assert await case.due(Clock.INITIAL_RESPONSE) == view.received_at + HOUR


@pytest.mark.covers("DED-18", "DED-22")
async def test_the_provider_raises_a_case_to_severity_1_with_a_reason(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated", severity="A")
    await case.say("respond", ANA, text="I am on it.")
    assert await refused_change(case, level="1", business_impact="All are down.") == "SeverityNotPermitted"
    with pytest.raises(Fault) as refused:
        await case.say("change_level", INCIDENTS, level="1")
    assert refused.value.code == "ReasonRequired"
    receipt = await case.say("change_level", INCIDENTS, level="1", reason="Several customers are down.")
    assert (await case.view()).level_source == "vendor"
    assert await case.due(Clock.UPDATE) == receipt.at + HOUR
    assert await case.due(Clock.CUSTOMER_UPDATE) == receipt.at + HOUR
    assert "Your case is now 1 (Catastrophic). The reason: Several customers are down." in said(
        desk.mails_to(mail_of("o365-dedicated"))[-1]
    )


@pytest.mark.covers("DED-19")
async def test_a_requester_changes_the_level_with_a_new_statement_of_the_business_impact(desk: Desk) -> None:
    case = await taken(desk, "o365-dedicated")
    await case.say("respond", ANA, text="I am on it.")
    same = (await case.view()).business_impact
    for statement in (None, "", "  ", same):
        assert await refused_change(case, level="A", business_impact=statement) == (
            "BusinessImpactStatementRequired"
        )
    assert await refused_change(case, level="C", business_impact="A new one.") == "NoChange"
    receipt = await case.say("change_level", SAM, level="A", business_impact="Nobody can trade.")
    assert (receipt.level, (await case.view()).business_impact) == ("A", "Nobody can trade.")
    (change,) = await case.entries(EntryKind.LEVEL_CHANGED)
    assert (change.about, change.text) == ("C -> A", "Nobody can trade.")
    await case.say("change_level", SAM, level="B", business_impact="A few can.")
    assert Clock.CUSTOMER_UPDATE not in [row.clock for row in await case.deadlines()]
    await case.say("close", SAM, reason="requested")
    assert await refused_change(case, level="A", business_impact="Down again.") == "CaseClosed"


@pytest.mark.covers("O365-14")
async def test_a_severity_a_has_to_be_phoned(desk: Desk) -> None:
    changes = {"severity": "A", "plan": "premier-o365"}
    details = await refused_opening(desk, "o365-overview", **changes)
    assert (details.code, details.remedy) == ("ChannelNotPermitted", "use premier_phone")
    case = await taken(desk, "o365-overview", "G-2", channel="premier_phone", **changes)
    assert await case.due(Clock.INITIAL_RESPONSE) == (await case.view()).received_at + HOUR


@pytest.mark.covers("O365-17", "O365-19")
@pytest.mark.parametrize(
    "doubtful",
    [
        {"severity": "A", "channel": "premier_phone", "users_affected": 1},
        {"severity": "C", "workaround": False},
    ],
)
async def test_a_level_that_hardly_fits_is_taken_with_a_warning(
    desk: Desk, doubtful: dict[str, object]
) -> None:
    await listed(desk, records_under("o365-overview"))
    case, submit = asked(desk, "o365-overview", **doubtful)
    receipt = await case.submit(submit)
    assert (receipt.phase, receipt.warnings) == ("received", ("SeverityDoubtful",))


@pytest.mark.covers("WEST-10")
async def test_a_migration_is_never_urgent(desk: Desk) -> None:
    details = await refused_opening(desk, "westcoast", category="migration", priority="high")
    assert details.code == "PriorityNotPermitted"
    case = await taken(desk, "westcoast", category="migration")
    with pytest.raises(Fault) as refused:
        await case.say("change_level", asker("westcoast"), level="high", reason="It starts tomorrow.")
    assert refused.value.code == "PriorityNotPermitted"


@pytest.mark.covers("O365-08")
async def test_without_a_figure_in_the_guide_a_query_says_that_nothing_is_promised(desk: Desk) -> None:
    admin = asker("o365-overview", "administrator")
    await listed(desk, records_under("o365-overview", plan="standard"))
    changes = {"actor": admin, "plan": "standard", "channel": "portal", "access_id": None}
    case = await taken(desk, "o365-overview", **changes)
    view = await case.view()
    assert {row.promise for row in view.promises} == {"no commitment in the policy"}
    assert view.promises == (await case.customer_view()).promises
    assert (await case.explain("initial_response")).rule == "no commitment in the policy"
    assert await kinds_told(case) == ["acknowledgement"]
