"""What a request under the overview must say, and by which road it may come."""

from datetime import timedelta

import pytest

from domain.effects import EffectKind
from domain.phase import Phase
from domain.views.staff import view
from tests.domain.cases import SECOND
from tests.domain.overview_desk import (
    BARE,
    BILLED,
    BILLING,
    ENGINEER,
    ORDINARY,
    PREMIER,
    WEDNESDAY,
    overview,
    refused,
    taken,
    warnings,
)

BILLING_TOPICS = (
    "purchase",
    "payment_change",
    "bill_clarification",
    "renewal_or_cancellation",
    "licences",
    "credits",
)
TECHNICAL_TOPICS = ("service_configuration", "issue_coordination", "break_fix", "existing_request")


@pytest.mark.covers("O365-01")
@pytest.mark.parametrize("family", ["P", "M", "E", "A", "G"])
def test_a_case_carries_one_of_the_five_subscription_families(family: str) -> None:
    assert taken(ORDINARY, subscription_family=family).case.request.subscription_family == family


@pytest.mark.covers("O365-01")
@pytest.mark.parametrize("plan", ["standard", "premier-base", "premier-o365", "cloud-vantage"])
@pytest.mark.parametrize("family", ["F", "e", "Enterprise"])
def test_a_family_the_page_does_not_know_is_unknown_to_the_policy(plan: str, family: str) -> None:
    given = ORDINARY if plan == "standard" else PREMIER
    answer = refused(given, plan, subscription_family=family)
    assert (answer.code, answer.missing) == ("PolicyValueUnknown", ("subscription_family",))
    assert answer.remedy == "use P, M, E, A or G"


@pytest.mark.covers("O365-02")
def test_support_is_for_billing_or_technical_and_premier_has_both() -> None:
    for given in (ORDINARY, BILLING, PREMIER, PREMIER | BILLED):
        story = taken(given)
        assert story.case.phase is Phase.RECEIVED
        assert story.case.request.support_type == given["support_type"]


@pytest.mark.covers("O365-02")
@pytest.mark.parametrize("given", [ORDINARY, PREMIER], ids=["ordinary", "premier"])
@pytest.mark.parametrize("kind", ["commerce", "Billing", "both"])
def test_any_other_support_type_is_refused_by_name(given: dict[str, object], kind: str) -> None:
    answer = refused(given, support_type=kind)
    assert (answer.code, answer.missing) == ("ValidationError", ("support_type",))
    assert answer.remedy == "use billing or technical"


@pytest.mark.covers("O365-03")
@pytest.mark.parametrize("topic", BILLING_TOPICS)
def test_each_of_the_six_billing_topics_is_taken_and_only_as_billing(topic: str) -> None:
    assert taken(BILLING, category=topic).case.request.category == topic
    answer = refused(ORDINARY, category=topic)
    assert (answer.code, answer.missing) == ("ValidationError", ("category",))


@pytest.mark.covers("O365-03")
@pytest.mark.parametrize("topic", ["refund", "break_fix", "Purchase"])
def test_a_topic_that_is_none_of_billing_is_refused_and_those_that_are_named(topic: str) -> None:
    answer = refused(BILLING, category=topic)
    assert (answer.code, answer.missing) == ("ValidationError", ("category",))
    assert all(name in answer.remedy for name in BILLING_TOPICS)
    assert not any(name in answer.remedy for name in TECHNICAL_TOPICS)


@pytest.mark.covers("O365-04")
@pytest.mark.parametrize("topic", TECHNICAL_TOPICS)
def test_each_of_the_four_technical_topics_is_taken(topic: str) -> None:
    story = taken(ORDINARY, category=topic, case_reference="INC-0", is_ours=True)
    assert story.case.request.category == topic


@pytest.mark.covers("O365-04")
def test_facts_for_an_open_request_point_to_it_and_it_is_one_of_the_tenants() -> None:
    answer = refused(ORDINARY, category="existing_request")
    assert (answer.code, answer.missing) == ("CaseReferenceRequired", ("case_reference",))
    answer = refused(ORDINARY, category="existing_request", case_reference="INC-0", is_ours=False)
    assert (answer.code, answer.missing) == ("CaseNotFound", ("case_reference",))


@pytest.mark.covers("O365-05")
def test_the_acknowledgement_says_where_one_helps_oneself_and_no_clock_waits_for_it() -> None:
    story = taken(ORDINARY)
    (acknowledgement,) = story.told(EffectKind.ACKNOWLEDGEMENT)
    assert len(acknowledgement.facts.links) == len(overview().self_help) == 2
    first = acknowledgement.facts.links[0]
    for place in ("forums", "wikis", "troubleshooting tool", "help centre", "Community.Office365.com"):
        assert place in first
    assert view(story.case).deadlines == ()


@pytest.mark.covers("O365-06", "O365-07")
@pytest.mark.parametrize("given", [ORDINARY, BILLING], ids=["technical", "billing"])
@pytest.mark.parametrize("channel", ["portal", "phone"])
def test_ordinary_requests_come_by_portal_or_telephone_each_type_by_its_own_route(
    given: dict[str, object], channel: str
) -> None:
    story = taken(given, channel=channel)
    assert view(story.case).route == f"{channel}: {given['support_type']}"
    assert given["support_type"] in overview().organisation.routes


@pytest.mark.covers("O365-06", "O365-07")
@pytest.mark.parametrize("given", [ORDINARY, BILLING], ids=["technical", "billing"])
@pytest.mark.parametrize("channel", ["premier_phone", "mpo_portal", "email", "chat"])
def test_a_channel_that_is_not_in_the_plan_is_refused_and_the_plans_own_are_named(
    given: dict[str, object], channel: str
) -> None:
    answer = refused(given, channel=channel)
    assert answer.code == "ChannelNotPermitted"
    assert answer.remedy == "use portal or phone"


@pytest.mark.covers("O365-20")
@pytest.mark.parametrize("statement", [None, "", "  \n\t "], ids=["none", "empty", "blank"])
@pytest.mark.parametrize("given", [ORDINARY, BILLING, PREMIER], ids=["technical", "billing", "premier"])
def test_the_business_impact_is_stated_at_first_contact(
    given: dict[str, object], statement: str | None
) -> None:
    answer = refused(given, business_impact=statement)
    assert (answer.code, answer.missing) == ("BusinessImpactStatementRequired", ("business_impact",))


@pytest.mark.covers("O365-20")
def test_the_statement_is_kept_with_the_case() -> None:
    assert view(taken(ORDINARY).case).business_impact == "Staff in one office cannot send mail"


@pytest.mark.covers("O365-21")
def test_the_three_details_of_impact_may_be_the_worst_and_the_very_latest() -> None:
    story = taken(ORDINARY, service_accessible=False, vip_affected=True, users_affected=1, onset_at=WEDNESDAY)
    request = story.case.request
    assert (request.service_accessible, request.vip_affected) == (False, True)
    assert (request.users_affected, request.onset_at) == (1, WEDNESDAY)


@pytest.mark.covers("O365-21")
@pytest.mark.parametrize("users", [0, -3])
def test_a_problem_affects_at_least_one_user(users: int) -> None:
    answer = refused(ORDINARY, users_affected=users)
    assert (answer.code, answer.missing) == ("ValidationError", ("users_affected",))


@pytest.mark.covers("O365-21")
@pytest.mark.parametrize("ahead", [SECOND, timedelta(days=2)])
def test_a_problem_did_not_begin_after_it_was_told(ahead: timedelta) -> None:
    answer = refused(ORDINARY, onset_at=WEDNESDAY + ahead)
    assert (answer.code, answer.missing) == ("ValidationError", ("onset_at",))


@pytest.mark.covers("O365-22", "O365-24")
def test_everything_that_is_missing_is_named_in_one_answer() -> None:
    form = (
        "support_type",
        "severity",
        "business_impact",
        "service_accessible",
        "functionality",
        "onset_at",
        "users_affected",
        "vip_affected",
        "contact",
    )
    answer = refused(ORDINARY | BARE)
    assert (answer.code, answer.missing) == ("ValidationError", form)
    assert refused(PREMIER | BARE, "premier-base").missing == (*form, "access_id")
    assert refused(ORDINARY | BARE, support_type="billing").missing == (*form[1:], "verification")


@pytest.mark.covers("O365-22")
@pytest.mark.parametrize("field", ["severity", "service_accessible", "functionality", "onset_at"])
def test_each_field_of_the_form_is_required_and_the_contact_is_named_with_it(field: str) -> None:
    answer = refused(ORDINARY, **{field: None})
    assert (answer.code, answer.missing) == ("ValidationError", (field,))
    assert refused(ORDINARY, **{field: None}, contact=None).missing == (field, "contact")


@pytest.mark.covers("O365-24")
@pytest.mark.parametrize("contact", [None, {"name": "Robin Hale"}], ids=["nobody", "unreachable"])
def test_somebody_can_be_reached(contact: dict[str, str] | None) -> None:
    answer = refused(ORDINARY, contact=contact)
    assert (answer.code, answer.missing) == ("ContactRequired", ("contact",))


@pytest.mark.covers("O365-24")
@pytest.mark.parametrize("way", [{"phone": "+441632960100"}, {"email": "robin.hale@customer.example"}])
def test_a_telephone_or_a_mail_address_is_enough(way: dict[str, str]) -> None:
    assert warnings(taken(ORDINARY, actor=ENGINEER, contact={"name": "Robin Hale", **way})) == ()


@pytest.mark.covers("O365-24")
@pytest.mark.parametrize("way", [{"phone": "ring me"}, {"email": "robin.hale"}, {"email": "a@b@c.example"}])
def test_a_malformed_contact_is_no_contact(way: dict[str, str]) -> None:
    answer = refused(ORDINARY, contact={"name": "Robin Hale", **way})
    assert (answer.code, answer.missing) == ("ValidationError", ("contact",))
