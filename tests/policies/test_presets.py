"""The five presets against the catalogue's policy table."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.policy import LevelRule, SupportPolicy, Target, in_words
from policies import load_policy
from policies.zones import local_zone
from tests.policies.policy_table import ALWAYS, SCOPE, TABLE

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "data" / "scenarios.json"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

presets = pytest.mark.parametrize("name", TABLE)


def promised(target: Target | timedelta | None) -> str:
    if target is None:
        return "none"
    return str(target) if isinstance(target, Target) else in_words(target)


def response(policy: SupportPolicy, plan: str, level: LevelRule) -> str:
    own = policy.plans[plan].targets.get(level.id)
    if own is not None and "initial_response" in own.model_fields_set:
        return promised(own.initial_response)
    return promised(level.initial_response)


def coverage(policy: SupportPolicy, plan: str) -> str:
    hours = policy.plans[plan].hours
    spans = [f"{day} {one.opens:%H}-{one.closes:%H}" for day, day_hours in hours.items() for one in day_hours]
    return ALWAYS if policy.plans[plan].around_the_clock else ", ".join(spans)


def reopening(policy: SupportPolicy) -> str:
    closing = policy.rules.closing
    if closing.reopen_business_days:
        return f"{closing.reopen_business_days} business days"
    return in_words(closing.reopen_within) if closing.reopen_within else "never"


@presets
@pytest.mark.covers("CONF-02")
def test_levels_have_their_own_names_and_ranks_in_every_guide(name: str) -> None:
    levels = load_policy(name).rules.levels
    assert ", ".join(f"{level.rank} {level.id} {level.name}" for level in levels) == TABLE[name].levels


@presets
@pytest.mark.covers("DED-20")
def test_responses_and_cadences_are_the_tables(name: str) -> None:
    policy, row = load_policy(name), TABLE[name]
    levels = policy.rules.levels
    assert {
        plan: ", ".join(response(policy, plan, level) for level in levels) for plan in policy.plans
    } == row.responses
    told = ["as agreed" if level.update_as_agreed else promised(level.update_every) for level in levels]
    assert ", ".join(told) == row.updates
    assert ", ".join(promised(level.customer_update_every) for level in levels) == row.customer_updates


@presets
@pytest.mark.covers("DED-12", "RHIPE-04", "RHIPE-08")
def test_plans_cover_the_hours_and_offer_the_channels_of_the_table(name: str) -> None:
    policy, row = load_policy(name), TABLE[name]
    assert {plan: coverage(policy, plan) for plan in policy.plans} == row.coverage
    offered = {key: plan.channels or policy.rules.intake.channels for key, plan in policy.plans.items()}
    assert {plan: " ".join(channels) for plan, channels in offered.items()} == row.channels


@presets
@pytest.mark.covers("CONF-03")
def test_who_rates_what_is_required_and_what_an_incomplete_request_becomes(name: str) -> None:
    rules, row = load_policy(name).rules, TABLE[name]
    assert (rules.rating.by, rules.rating.requester_change) == (row.rated_by, row.change_takes)
    assert " ".join(rules.intake.required) == row.required
    assert rules.intake.on_incomplete == row.on_incomplete
    assert " ".join((rules.intake.languages_mode, *rules.intake.languages)) == row.languages


@presets
@pytest.mark.covers("CONF-09")
def test_closing_reopening_and_what_becomes_of_a_case_at_the_vendor(name: str) -> None:
    policy, row = load_policy(name), TABLE[name]
    closing = policy.rules.closing
    after = f" after {closing.auto_close_business_days}" if closing.auto_close_business_days else ""
    assert f"{closing.confirmation}{after}" == row.closing
    assert reopening(policy) == row.reopening
    assert policy.organisation.vendor is not None
    assert policy.organisation.vendor.disposition == row.disposition


@presets
def test_centres_have_the_zones_and_calendars_of_the_table(name: str) -> None:
    regions = load_policy(name).regions
    told = ", ".join(f"{key} {region.zone} {region.calendar}" for key, region in regions.items())
    assert told == TABLE[name].zones
    for region in regions.values():
        for zone in region.country_zones.values():
            local_zone(zone, EPOCH, EPOCH)


@presets
@pytest.mark.covers("CONF-12", "CONF-13", "CONF-15")
def test_scope_decides_as_the_guide_says(name: str) -> None:
    scope = load_policy(name).rules.scope
    rules = [" ".join(filter(None, (one.name, one.disposition, one.refer_to))) for one in scope.rules]
    assert ", ".join([*rules, f"otherwise {scope.otherwise}"]) == SCOPE[name]


@pytest.mark.covers("CONF-14")
def test_a_root_cause_is_part_of_the_work_or_charged_for() -> None:
    told = {name: load_policy(name).rules.scope.root_cause_analysis for name in TABLE}
    assert told == {
        "o365-overview": "unset",
        "o365-dedicated": "unset",
        "rhipe-csp": "included",
        "distributor-css": "included",
        "westcoast": "chargeable",
    }


@pytest.mark.covers("O365-13")
def test_premier_takes_every_severity_by_telephone_and_the_critical_by_nothing_else() -> None:
    policy = load_policy("o365-overview")
    premier = set(policy.plans["premier-o365"].channels)
    allowed = {level.id: premier & set(level.channels or premier) for level in policy.rules.levels}
    both = {"premier_phone", "mpo_portal"}
    assert allowed == {"A": {"premier_phone"}, "B": both, "C": both}
    critical = policy.rules.levels[0]
    assert set(policy.plans["standard"].channels) <= set(critical.channels)
    assert critical.several_users
    assert policy.rules.levels[2].expects_workaround


@pytest.mark.covers("O365-18")
def test_the_overviews_nine_examples_are_there_in_our_words() -> None:
    levels = load_policy("o365-overview").rules.levels
    assert [len(level.examples) for level in levels] == [3, 3, 3]
    assert all(level.definition for level in levels)


def test_premier_plans_hold_what_their_guide_sells() -> None:
    plans = load_policy("o365-overview").plans
    more = {"incident_management", "service_reviews", "proactive"}
    assert {name: set(plan.offers) for name, plan in plans.items()} == {
        "standard": {"break_fix"},
        "premier-base": {"break_fix"},
        "premier-o365": {"break_fix"} | more,
        "cloud-vantage": {"break_fix", "lifecycle", "deployment"} | more,
    }
    assert [name for name, plan in plans.items() if not plan.named_contacts] == ["standard"]


def test_only_the_provider_declares_severity_1_and_only_it_and_a_are_outages() -> None:
    policy = load_policy("o365-dedicated")
    levels = {level.id: level for level in policy.rules.levels}
    assert [name for name, level in levels.items() if level.provider_only] == ["1"]
    assert levels["1"].instead == "A"
    assert [name for name, level in levels.items() if level.validate_resolution] == ["1", "A"]
    assert [name for name, level in levels.items() if level.outage == "refused"] == ["B", "C", "D"]
    assert policy.organisation.outage is not None
    assert policy.organisation.outage.levels == ("1", "A")
    assert policy.organisation.outage.content == ("incident_details", "impact", "expected_resolution_at")
    assert policy.plans["itar"].attachment_stores == ("secure_store",)


@pytest.mark.covers("DED-07", "DED-08")
def test_the_service_desk_is_shown_its_tools_and_its_handbook() -> None:
    policy = load_policy("o365-dedicated")
    assert [one.name for one in policy.self_help] == [
        "Exchange admin center",
        "Remote Windows PowerShell",
        "BlackBerry Administration Service",
        "Knowledge base articles",
    ]
    assert policy.documents[0].name == "Customer Operations Handbook"
    assert policy.documents[0].link == ""


@pytest.mark.covers("GAP-31")
@pytest.mark.parametrize("name", TABLE)
def test_a_text_a_guide_only_points_to_is_named_and_no_link_to_it_is_invented(name: str) -> None:
    documents = load_policy(name).documents
    assert documents
    assert {document.link for document in documents} <= {""}


@pytest.mark.covers("GAP-24")
def test_an_asterisk_without_a_footnote_takes_nothing_away() -> None:
    policy = load_policy("rhipe-csp")
    assert policy.plans["partner-24x7"].around_the_clock
    assert "no footnote, GAP-24" in policy.sources["plans.partner-24x7"]


def test_staff_rate_by_the_matrix_and_email_waits_four_hours_for_it() -> None:
    rules = load_policy("rhipe-csp").rules
    cells = " ".join(f"{cell.impact[0]}{cell.urgency[0]}{cell.level[1]}" for cell in rules.matrix)
    assert cells == "hh1 hm2 hl3 mh2 mm3 ml4 lh3 lm4 ll5"
    assert rules.intake.default_level == "P2"
    assert rules.intake.default_level_channels == ("email", "portal")
    assert promised(rules.intake.triage_within) == "4 h"
    bounds = [
        (one.above_percent, one.at_least_percent, one.up_to_percent, one.below_percent)
        for one in rules.levels
    ]
    assert bounds[:2] == [(50, None, None, None), (25, None, 50, None)]
    assert bounds[2:] == [(None, 10, 25, None), (None, None, None, 10), (None, None, None, None)]


def test_the_sun_is_followed_by_five_centres_every_day() -> None:
    policy = load_policy("rhipe-csp")
    assert policy.organisation.follow_the_sun.enabled
    shifts = {name: region.shifts[0] for name, region in policy.regions.items()}
    assert {name: f"{shift.start:%H}-{shift.end:%H}" for name, shift in shifts.items()} == {
        "auckland": "08-17",
        "sydney": "09-18",
        "melbourne": "09-18",
        "kuala_lumpur": "14-23",
        "manila": "22-07",
    }
    assert all(len(shift.days) == 7 for shift in shifts.values())
    others = [name for name in TABLE if load_policy(name).organisation.follow_the_sun.enabled]
    assert others == ["rhipe-csp"]


@pytest.mark.covers("CONF-07", "CONF-08", "RHIPE-23")
def test_every_mailbox_portal_number_and_name_of_the_guide_is_kept() -> None:
    policy = load_policy("rhipe-csp")
    ours = policy.organisation
    assert ours.mailboxes == ("partner.support@rhipe.com", "assist@cloudsupport.help")
    assert len(ours.portals) == 2
    assert ours.role_aliases["tsm"] == "tss"
    assert list(ours.telephones) == ["AU", "AU-2", "NZ", "MY", "SG", "TH", "PH", "ID"]
    assert ours.telephone == ours.telephones["AU"]
    called = {country: name for name, region in policy.regions.items() for country in region.countries}
    assert {called[country] for country in ("MY", "SG", "TH", "ID")} == {"kuala_lumpur"}


def test_a_handover_to_the_vendor_is_prepared_and_followed_up() -> None:
    vendors = {name: load_policy(name).organisation.vendor for name in TABLE}
    rhipe, css = vendors["rhipe-csp"], vendors["distributor-css"]
    assert rhipe is not None
    assert css is not None
    assert rhipe.prerequisites == (
        "partner_troubleshooting",
        "provider_review",
        "secondary_troubleshooting",
    )
    assert (promised(rhipe.contact_check_after), rhipe.severity_set_by) == ("24 h", "vendor")
    assert (len(rhipe.review_grounds), len(rhipe.review_parts)) == (4, 4)
    assert (css.main_contact, promised(css.follow_up_every)) == ("css_engineer", "24 h")


@presets
def test_a_request_as_the_scenarios_send_it_lacks_nothing(name: str) -> None:
    rules = load_policy(name).rules
    sent = json.loads(SCENARIOS.read_text(encoding="utf-8"))["defaults"][name]["submit"]
    assert set(rules.intake.required) <= set(sent)
    assert sent["channel"] in rules.intake.channels
    known = rules.intake.categories
    assert "category" not in sent or not known or sent["category"] in known


@pytest.mark.covers("GAP-08", "RHIPE-43")
@pytest.mark.parametrize("name", ["o365-overview", "westcoast", "distributor-css"])
def test_no_case_is_silent_for_ever_where_no_update_is_promised(name: str) -> None:
    policy = load_policy(name)
    for level in policy.rules.levels:
        assert level.update_every is None
        assert level.stale_after is not None
        assert policy.mark_of(f"rules.levels.{level.id}.stale_after").startswith("assumed")
    closing, intake = policy.rules.closing, policy.rules.intake
    assert (closing.reminder_every is not None) == (closing.confirmation == "required")
    assert (intake.reminder_every is not None) == (intake.on_incomplete == "await_information")
