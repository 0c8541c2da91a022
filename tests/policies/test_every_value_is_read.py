"""No value of a policy is there for nothing: changing it changes something that somebody can see.

A field of the model is shown by a handful of lives under the presets, or by the test that is named for it
here; a new field without either fails.
"""

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from domain.frozen import Frozen
from policies import load_policy, policy_names
from policies.model_fields import models
from tests.policies.changing import Steps, field_of, others, places, with_value
from tests.policies.lives import lives

TESTS = Path(__file__).parent.parent

HANDING_ON = "domain/test_handing_on.py"
OTHERWISE = {
    "SupportPolicy.extends": "policies/test_extending.py::test_only_the_values_that_are_set_change",
    "SupportPolicy.sources": "policies/test_extending.py::"
    "test_a_value_of_our_own_carries_our_own_mark_where_there_is_one",
    "SupportPolicy.default_plan": "activities/test_terms.py::"
    "test_the_plan_decides_whether_hours_count_in_coverage_only",
    "Plan.attachment_stores": "domain/test_dedicated_entitlement.py::"
    "test_files_of_an_itar_plan_lie_in_the_secure_store_and_nowhere_else",
    "Plan.around_the_clock": "activities/test_terms.py::"
    "test_the_plan_decides_whether_hours_count_in_coverage_only",
    "MatrixCell.impact": "domain/test_intake.py::test_impact_and_urgency_make_the_level_and_both_are_kept",
    "MatrixCell.urgency": "domain/test_intake.py::test_impact_and_urgency_make_the_level_and_both_are_kept",
    "ScopeRule.without_addon": "domain/test_diagnosis.py::"
    "test_a_cause_on_premises_is_ours_only_with_the_add_on",
    "Plan.regions": "domain/test_dedicated_entitlement.py::"
    "test_a_case_of_an_itar_plan_is_worked_on_within_the_boundary_only",
    "RegionRule.zone": "activities/test_terms.py::test_the_request_s_own_zone_and_calendar_win",
    "RegionRule.calendar": "activities/test_terms.py::test_the_request_s_own_zone_and_calendar_win",
    "RegionRule.countries": "activities/test_terms.py::"
    "test_the_region_is_the_one_named_or_the_one_the_country_calls_or_the_default",
    "RegionRule.country_zones": "activities/test_terms.py::"
    "test_the_region_is_the_one_named_or_the_one_the_country_calls_or_the_default",
    "RegionRule.closed_on_holidays": "activities/test_regions.py::"
    "test_holidays_close_only_the_centres_that_say_so",
    "RegionRule.languages": "activities/test_regions.py::"
    "test_languages_and_skills_are_the_centres_and_those_of_the_people_there",
    "RegionRule.skills": "activities/test_regions.py::"
    "test_languages_and_skills_are_the_centres_and_those_of_the_people_there",
    "RegionRule.contact": f"{HANDING_ON}::"
    "test_a_case_handed_on_by_hand_has_the_centres_own_address_and_engineer",
    "Shift.days": "activities/test_regions.py::"
    "test_stretches_reach_from_yesterday_to_the_horizon_and_are_whole",
    "Shift.start": "activities/test_regions.py::"
    "test_stretches_reach_from_yesterday_to_the_horizon_and_are_whole",
    "Shift.end": "activities/test_regions.py::"
    "test_stretches_reach_from_yesterday_to_the_horizon_and_are_whole",
    "IntakeRules.required_by_type": "domain/test_intake.py::"
    "test_a_policy_may_want_more_of_one_type_of_support_than_of_another",
    "InformingRules.late_after": "domain/test_informing.py::"
    "test_a_due_update_handled_a_little_late_is_no_breach",
    "FollowTheSun.enabled": f"{HANDING_ON}::"
    "test_a_case_recomputed_onto_a_policy_that_follows_the_sun_is_looked_after",
    "FollowTheSun.levels": f"{HANDING_ON}::"
    "test_a_case_changes_hands_at_the_shift_end_and_the_customer_is_told_once",
    "FollowTheSun.acceptance": "domain/test_staffing_acceptance.py::"
    "test_an_urgent_case_is_whose_who_accepts_it_and_a_leads_list_goes_to_his_people",
    "FollowTheSun.acceptance_otherwise": "domain/test_staffing_acceptance.py::"
    "test_the_third_level_of_that_policy_changes_hands_without_an_offer",
    "FollowTheSun.lead": f"{HANDING_ON}::test_an_acceptance_before_the_shift_end_takes_effect_at_its_end",
    "FollowTheSun.accept_within": f"{HANDING_ON}::"
    "test_silence_and_declines_pass_on_and_when_all_were_asked_two_people_hear_of_it",
    "FollowTheSun.break_up_to": "domain/test_breaks.py::"
    "test_a_lunch_hour_is_a_break_and_an_afternoon_off_ends_the_day",
    "FollowTheSun.tell_at_once": f"{HANDING_ON}::"
    "test_a_less_urgent_customer_hears_of_another_contact_in_his_own_day",
    "FollowTheSun.told_alone": f"{HANDING_ON}::"
    "test_levels_named_so_are_told_alone_at_a_shift_end_whatever_their_rank",
    "FollowTheSun.day_begins": f"{HANDING_ON}::"
    "test_a_less_urgent_customer_hears_of_another_contact_in_his_own_day",
    "FollowTheSun.gaps_held_by": "policies/test_covering.py::"
    "test_a_gap_is_a_policy_where_it_says_that_the_owner_holds",
    "VendorEscalation.around_the_clock": "domain/test_vendor_cover.py::"
    "test_hours_in_which_nobody_is_there_are_told_to_the_sdm",
    "VendorEscalation.contact_roles": "domain/test_vendor_checks.py::"
    "test_nobody_but_the_partners_technical_staff_is_taken",
    "Department.address": "domain/test_internal_referral.py::test_without_an_address_the_tss_hears",
    "Organisation.role_aliases": "domain/test_guides_again.py::test_a_tsm_is_a_tss",
}
"""What no life here can show, with the test that shows it."""

Place = tuple[str, Steps, Any]


@lru_cache
def all_places() -> dict[str, list[Place]]:
    """Where each field stands in the presets; those that say something first, each preset in turn."""
    found: dict[str, list[Place]] = defaultdict(list)
    for name in policy_names():
        for field, steps, value in places(load_policy(name)):
            found[field].append((name, steps, value))
    return {field: sorted(given, key=_rank) for field, given in found.items()}


def _rank(place: Place) -> bool:
    return place[2] in (None, (), {}, "", False)


def _holds_records(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    return any(isinstance(one, Frozen) or (isinstance(one, tuple) and _holds_records(one)) for one in parts)


FIELDS = [
    name
    for name in (f"{model.__name__}.{field}" for model in models() for field in model.model_fields)
    if name not in OTHERWISE and not any(_holds_records(value) for _, _, value in all_places().get(name, []))
]


@lru_cache
def as_it_is(name: str) -> list[list[str]]:
    return list(lives(load_policy(name)))


def shows(name: str, steps: Steps, value: Any) -> bool:
    """Whether another value at a place changes something that can be seen."""
    policy = load_policy(name)
    levels = tuple(level.id for level in policy.rules.levels)
    for other in (*others(value, field_of(policy, steps).annotation), *(levels if value in levels else ())):
        try:
            changed = lives(with_value(policy, steps, other))
            if any(one != before for one, before in zip(changed, as_it_is(name), strict=False)):
                return True
        except (KeyError, ValueError, AssertionError):
            continue  # a policy that names what is not there is none
    return False


@pytest.mark.parametrize("field", FIELDS)
def test_changing_a_value_changes_what_somebody_can_see(field: str) -> None:
    given = all_places().get(field, [])
    first = {name: place for place in reversed(given) for name in (place[0],)}
    tried = [*first.values(), *(place for place in given if place not in first.values())][:8]
    assert any(shows(*place) for place in tried), f"{field}: no rule, letter or view says that it was changed"


@pytest.mark.parametrize("field", sorted(OTHERWISE))
def test_what_no_life_shows_has_a_test_that_does(field: str) -> None:
    model, _, name = field.partition(".")
    assert any(one.__name__ == model and name in one.model_fields for one in models()), (
        "it has left the model"
    )
    file, _, test = OTHERWISE[field].partition("::")
    assert re.search(rf"def {test}\b", (TESTS / file).read_text(encoding="utf-8"))
