"""What is legal part by part and yet nothing a desk can mean: all of it at once, with what to write."""

import pytest

from policies import PolicyInvalid, parse_policy
from tests.policies.test_loading import changed, errors_of

P1_HOUR = 'initial_response = { within = "1h" }'
P2_HOURS = 'initial_response = { within = "4h" }'
TSS_RUNG = '    { to = "tss", after = "2h", every = "8h" },\n'
CHANNELS = 'channels = ["phone", "email", "portal"]'
NUMBER = 'NZ = "+64 800472305"'

NONSENSE = [
    (
        (P1_HOUR, 'initial_response = { within = "9h" }'),
        "rules.levels.P1.initial_response",
        "9 h at P1 is slower than 4 h at P2, which is less urgent; give 4 h or less",
    ),
    (
        ("initial_response = { business_days = 1 }", "initial_response = { business_days = 3 }"),
        "rules.levels.P3.initial_response",
        "3 business days at P3 is slower than 2 business days at P4",
    ),
    (
        (P2_HOURS, 'initial_response = { within = "90h" }'),
        "rules.levels.P2.initial_response",
        "at P2 is slower than 1 business day at P3",
    ),
    (('update_every = "1h"', 'update_every = "3h"'), "rules.levels.P1.update_every", "3 h at P1 is slower"),
    (('survey_open = "14d"', 'survey_open = "900d"'), "rules.closing.survey_open", "give 370d or less"),
    (
        ('triage_within = "4h"', 'triage_within = "PT0.5S"'),
        "rules.intake.triage_within",
        "0.5 s is less than anybody can keep; give 1s or more",
    ),
    (
        ("at_least_percent = 10", "at_least_percent = 30"),
        "rules.levels.P3",
        "no share of users lies between 30 and 25 percent",
    ),
    (
        (
            TSS_RUNG,
            TSS_RUNG.replace("2h", "9h").replace("8h", "9h", 1).replace(" }", ', levels = ["P1"] }')
            + TSS_RUNG.replace("2h", "1h").replace(" }", ', levels = ["P2"] }'),
        ),
        "rules.notices.ladder",
        "tss hears of P1 after 9 h, and of P2, which is less urgent, after 1 h; give P1 1 h or less",
    ),
    (
        (CHANNELS, 'channels = ["phone", "email", "portal", "email"]'),
        "rules.intake.channels",
        "email is there 2 times; say it once",
    ),
    (('name = "High"', 'name = "critical"'), "rules.levels.P2.name", "the name of P1 too"),
    ((NUMBER, 'NZ = "+61 2 8350 8484"'), "organisation.telephones.NZ", "the number of AU too"),
    (
        (NUMBER, 'NZ = "call us 24x7"'),
        "organisation.telephones.NZ",
        "'call us 24x7' is no telephone; give a number as people dial it, such as +61",
    ),
    ((NUMBER, 'NZ = "+64 8"'), "organisation.telephones.NZ", "'+64 8' is no telephone"),
    (
        ('"assist@cloudsupport.help"]', '"assist at cloudsupport"]'),
        "organisation.mailboxes[1]",
        "should match pattern",
    ),
    (
        ('"affected_users", "troubleshooting_steps"', '"affected_user", "troubleshooting_steps"'),
        "rules.intake.required",
        "affected_user is no field of a request; did you mean affected_users?",
    ),
    (
        ('by = ["L2", "TSS", "SDM"]', 'by = ["L2", "TSM"]'),
        "organisation.vendor.by",
        "TSM is no tier of the policy; known are",
    ),
    (
        ('levels = ["P1", "P2", "P3", "P4", "P5"]', 'levels = ["P1", "P6"]'),
        "organisation.follow_the_sun.levels",
        "P6 is no level; known are P1, P2, P3, P4, P5",
    ),
    (
        ('contact_in = ["saas-24x7", "saas-12x5", "partner-branded"]', 'contact_in = ["saas-24x8"]'),
        "organisation.vendor.engineer_is_contact_in",
        "saas-24x8 is no plan; did you mean saas-24x7?",
    ),
]


@pytest.mark.parametrize(("wrong", "path", "told"), NONSENSE, ids=[one[1] for one in NONSENSE])
def test_what_no_desk_can_mean_is_refused_with_what_to_write(
    wrong: tuple[str, str], path: str, told: str
) -> None:
    errors = errors_of(changed(wrong))
    assert [one for one in errors if one.startswith(f"{path}: ") and told in one], errors


def test_a_level_of_whose_missed_promises_nobody_hears_is_told() -> None:
    rungs = (
        '    { to = "assignee", every = "4h" },\n',
        '    { to = "centre", after = "1h", every = "4h" },\n',
        '    { to = "sdm", after = "4h", every = "24h" },\n',
    )
    only = '    { to = "tss", levels = ["P1", "P2", "P3", "P4"] },\n'
    errors = errors_of(changed(*((rung, "") for rung in rungs), (TSS_RUNG, only)))
    assert any("nobody would hear of a missed promise at P5" in one for one in errors), errors


def _slower(*changes: tuple[str, str]) -> list[str]:
    try:
        parse_policy(changed(*changes), "own.toml")
    except PolicyInvalid as invalid:
        return [one for one in invalid.errors if "slower" in one]
    return []


def _under_12x5(targets: str) -> tuple[str, str]:
    return "\n[regions.auckland]", f"\n[plans.saas-12x5.targets]\n{targets}\n\n[regions.auckland]"


def test_a_promise_of_a_plan_in_hours_is_held_against_business_days_of_24_hours() -> None:
    slow = 'P3 = {{ initial_response = {{ within = "{}h" }} }}'
    assert _slower(_under_12x5(slow.format(48))) == []
    (error,) = _slower(_under_12x5(slow.format(49)))
    assert error.startswith("plans.saas-12x5.targets.P3.initial_response: 2 d 1 h at P3 is slower than 2 b")


@pytest.mark.parametrize(("hours", "slower"), [("11h", True), ("12h", False)])
def test_a_business_day_is_held_against_hours_by_the_hours_of_the_plan(hours: str, slower: bool) -> None:
    """The plan is open twelve hours a day."""
    day, less = (
        "{ initial_response = { business_days = 1 } }",
        f'{{ initial_response = {{ within = "{hours}" }} }}',
    )
    errors = _slower(_under_12x5(f"P1 = {day}\nP2 = {less}"))
    assert bool(errors) is slower, errors


def test_business_days_between_them_hide_no_hours_that_are_slower() -> None:
    targets = (
        'P1 = { initial_response = { within = "20h" } }\n'
        "P2 = { initial_response = { business_days = 1 } }\n"
        'P3 = { initial_response = { within = "19h" } }'
    )
    (error,) = _slower(_under_12x5(targets))
    assert "20 h at P1 is slower than 19 h at P3" in error


def test_all_of_it_is_told_at_once_and_beside_what_is_no_policy_at_all() -> None:
    errors = errors_of(
        changed(
            (P1_HOUR, 'initial_response = { within = "9h" }'),
            ('triage_within = "4h"', 'triage_within = "PT0.5S"'),
            ('title = "rhipe CSP support"', "title = 7"),
        )
    )
    places = {one.split(":")[0] for one in errors}
    assert {"rules.levels.P1.initial_response", "rules.intake.triage_within", "title"} <= places, errors
