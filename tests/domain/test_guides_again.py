"""What the guides say once more, on the domain alone: reviews, surveys, skills, pictures, silence, phases."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actor import Actor, Role
from domain.clocks import Clock
from domain.decision import Accepted, Refused
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.survey import answers_in
from domain.tenants import TenantFacts
from domain.timeline import EntryKind
from domain.vendor import ReviewState
from tests.domain import boundary_desk, dedicated_desk, overview_desk
from tests.domain.boundary_desk import MORNING
from tests.domain.cases import DAY, HOUR, MINUTE, TUESDAY, closed, opened, rhipe, terms
from tests.domain.overview_desk import WEDNESDAY
from tests.domain.vendor_desk import AT, ESCALATION, LINA, NUMBER, SDM, TSS, WEST, at_rhipe, handed_over
from tests.people import ANA, KIM

WISH: dict[str, Any] = {
    "ground": "no_resolution",
    "vendor_reference": NUMBER,
    "conversation_ref": "store:last.eml",
    "status": "Nobody has answered for a week.",
    "request": "Please look into it.",
}


# --- a case of the vendor's that we did not raise --------------------------------------------------------


@pytest.mark.covers("RHIPE-61")
def test_the_requester_may_wish_that_we_look_into_a_case_we_did_not_raise() -> None:
    story = opened(MORNING, actor=KIM, category="external_review")
    story.say("request_vendor_review", AT, KIM, **WISH)
    (told,) = story.told(EffectKind.REVIEW_REQUESTED)
    assert (told.to, told.about, told.facts.vendor_reference) == (Recipient.SDM, "no_resolution", NUMBER)
    again = story.refused("request_vendor_review", AT + MINUTE, KIM, **WISH)
    assert again.code == "NoChange"
    assert story.refused("decide_vendor_review", AT + MINUTE, LINA, accept=True).code == "RoleNotPermitted"
    assert story.refused("decide_vendor_review", AT + MINUTE, SDM, accept=True).code == "ReasonRequired"
    story.say("decide_vendor_review", AT + HOUR, SDM, accept=True, reason="We ask our case manager.")
    assert story.case.external_review is not None
    assert story.case.external_review.state is ReviewState.ACCEPTED
    assert story.case.external_tracking is not None
    assert story.case.external_tracking.reference == NUMBER
    assert not story.case.has_sla
    (news,) = story.told(EffectKind.STAFF_UPDATE)
    assert news.facts.text == "We ask our case manager."


@pytest.mark.covers("RHIPE-61")
def test_it_is_at_our_discretion_and_a_refusal_is_told_with_its_reason() -> None:
    story = at_rhipe()
    story.say("request_vendor_review", AT, KIM, **WISH)
    story.say("decide_vendor_review", AT + HOUR, TSS, accept=False, reason="It has nothing to do with CSP.")
    (told,) = story.told(EffectKind.REVIEW_DECIDED)
    assert (told.to, told.about) == (Recipient.CUSTOMER, "declined")
    assert told.facts.text == "It has nothing to do with CSP."
    assert story.case.has_sla
    story.say("request_vendor_review", AT + DAY, KIM, **WISH)
    assert len(story.told(EffectKind.REVIEW_REQUESTED)) == 2


@pytest.mark.covers("RHIPE-61")
def test_what_such_a_wish_lacks_is_named_in_one_answer() -> None:
    refused = at_rhipe().refused("request_vendor_review", AT, KIM, ground="no_resolution")
    assert refused.code == "ReviewRequestIncomplete"
    assert refused.missing == ("vendor_reference", "conversation_ref", "status", "request")
    wrong = at_rhipe().refused("request_vendor_review", AT, KIM, **WISH | {"ground": "whim"})
    assert wrong.code == "ValidationError"


def test_a_request_that_came_in_as_one_is_taken_up_by_whoever_may() -> None:
    story = opened(MORNING, actor=KIM, category="external_review")
    story.say("review_externally", AT, TSS, text="We look at it.", vendor_reference=NUMBER)
    assert story.case.external_tracking is not None
    again = story.refused("review_externally", AT + MINUTE, TSS, text="Again.", vendor_reference=NUMBER)
    assert again.code == "NoChange"


def test_a_case_we_raised_ourselves_is_reviewed_as_before() -> None:
    refused = handed_over().refused("request_vendor_review", AT + HOUR, KIM, **WISH)
    assert (refused.code, refused.missing) == ("ReviewRequestIncomplete", ("reply_to",))
    story = boundary_desk.worked_on(WEST)
    assert story.refused("request_vendor_review", AT, KIM, **WISH).code in {"InvalidTransition", "Forbidden"}


# --- surveys ---------------------------------------------------------------------------------------------


@pytest.mark.covers("RHIPE-62", "RHIPE-27")
def test_a_survey_asks_for_the_wait_the_patience_and_what_to_do_better() -> None:
    story = closed()
    said = {"score": 4, "wait_time": 2, "patience": 5, "comment": "Fine.", "suggestions": "More people."}
    story.say("answer_survey", TUESDAY + HOUR, KIM, **said)
    (answer,) = answers_in(story.case.id, story.entries)
    assert (answer.score, answer.wait_time, answer.patience) == (4, 2, 5)
    assert (answer.comment, answer.suggestions) == ("Fine.", "More people.")


@pytest.mark.parametrize("field", ["wait_time", "patience"])
@pytest.mark.parametrize("mark", [0, 6, 2.5, "3", True])
def test_a_mark_is_one_of_five(field: str, mark: object) -> None:
    with pytest.raises(ValidationError):
        closed().say("answer_survey", TUESDAY + HOUR, KIM, score=4, **{field: mark})


def test_an_answer_of_before_is_read_as_it_was() -> None:
    story = closed()
    story.say("answer_survey", TUESDAY + HOUR, KIM, score=3)
    (entry,) = story.happened(EntryKind.SURVEY_ANSWERED)
    assert (entry.about, entry.text) == ("3", None)
    (answer,) = answers_in(story.case.id, [entry], "r-1")
    assert (answer.score, answer.wait_time, answer.suggestions, answer.request_id) == (3, None, None, "r-1")


# --- skills, products, roles -----------------------------------------------------------------------------


@pytest.mark.covers("RHIPE-40")
@pytest.mark.parametrize("written", ["Dynamics 365", "dynamics-365", "DYNAMICS_365", "Dynamics365"])
def test_a_skill_is_known_however_it_is_written(written: str) -> None:
    story = opened()
    decision = story.say("escalate", TUESDAY + HOUR, classification="Sign-in", skill=written)
    assert story.case.skill == "dynamics_365"
    assert isinstance(decision, Accepted)
    assert "SkillUnknown" not in decision.warnings
    again = story.refused("escalate", TUESDAY + 2 * HOUR, classification="x", skill="dynamics 365")
    assert again.code == "NoChange"


def test_a_skill_the_policy_knows_nothing_of_is_taken_with_a_warning() -> None:
    decision = opened().say("escalate", TUESDAY + HOUR, classification="Sign-in", skill="Lotus Notes")
    assert isinstance(decision, Accepted)
    assert "SkillUnknown" in decision.warnings


@pytest.mark.covers("RHIPE-59", "RHIPE-29")
@pytest.mark.parametrize(
    ("product", "known", "enhanced"),
    [
        ("Office 365", "office_365", True),
        ("Symantec", "symantec", False),
        ("microsoft-online", "microsoft_online", False),
    ],
)
def test_products_beyond_the_enhanced_ones_go_to_the_vendor_too(
    product: str, known: str, enhanced: bool
) -> None:
    story = at_rhipe()
    story.say("escalate_to_vendor", AT, LINA, **ESCALATION | {"product": product})
    assert story.case.vendor is not None
    assert (story.case.vendor.product, story.case.vendor.enhanced) == (known, enhanced)


@pytest.mark.covers("CONF-08")
@pytest.mark.parametrize("written", ["tsm", "TSM", "tss", "TSS", " Tss "])
def test_a_tsm_is_a_tss(written: str) -> None:
    who = Actor.model_validate({"kind": "staff", "name": "Tom", "role": written})
    assert who.role is Role.TSS
    story = at_rhipe()
    story.say("take_ownership", AT, who)
    assert story.case.assignee == "Tom"


@pytest.mark.parametrize("written", ["tsn", "", "t s m x"])
def test_what_is_no_role_is_none(written: str) -> None:
    with pytest.raises(ValidationError):
        Actor.model_validate({"kind": "staff", "role": written})


# --- screenshots -----------------------------------------------------------------------------------------


@pytest.mark.covers("RHIPE-46")
@pytest.mark.parametrize(
    "name", ["a.doc", "a.DOCX", "a.docm", "a.pdf", "a.rtf", "a.odt", "a.pptx", "a.docx."]
)
def test_a_screenshot_in_a_document_is_refused_with_what_to_send(name: str) -> None:
    decision = boundary_desk.asked("rhipe-csp", screenshots=("fine.png", name))
    assert isinstance(decision, Refused)
    assert (decision.code, decision.missing) == ("AttachmentTypeNotPermitted", ("screenshots",))
    assert "fine.png" not in decision.reason
    assert decision.remedy.endswith("clear and unscaled, as image files such as PNG or JPG")


@pytest.mark.parametrize("name", ["a.png", "store:b.JPEG", "c.webp", "mail:error", "screen.2027.gif"])
def test_an_image_file_is_taken(name: str) -> None:
    assert isinstance(boundary_desk.asked("rhipe-csp", screenshots=(name,)), Accepted)


@pytest.mark.covers("RHIPE-46")
def test_screenshots_and_error_messages_are_asked_for_and_not_awaited() -> None:
    story = opened()
    (told,) = story.told(EffectKind.ACKNOWLEDGEMENT)
    assert (told.facts.missing, told.facts.welcome) == ((), ("screenshots", "error_messages"))
    assert story.case.phase is Phase.RECEIVED
    (given,) = opened(screenshots=("a.png",), error_messages=("0x80",)).told(EffectKind.ACKNOWLEDGEMENT)
    assert given.facts.welcome is None


# --- silence ---------------------------------------------------------------------------------------------


@pytest.mark.covers("RHIPE-46", "GAP-08")
def test_what_is_missing_is_asked_for_again_every_three_days() -> None:
    story = opened(tenant_company=None).until(TUESDAY + 10 * DAY)
    asked = [one.caused_at for one in story.told(EffectKind.INFORMATION_NEEDED)]
    assert asked == [TUESDAY + days * DAY for days in (3, 6, 9)]


@pytest.mark.covers("GAP-08")
@pytest.mark.parametrize("name", ["westcoast", "distributor-css"])
def test_a_solved_case_is_asked_about_each_week_until_it_is_closed(name: str) -> None:
    story = boundary_desk.solved(name)
    story.until(MORNING + timedelta(days=22))
    again = [one for one in story.told(EffectKind.CONFIRM_RESOLUTION) if one.about == Clock.CONFIRMATION]
    assert len(again) == 3
    assert story.case.phase is Phase.RESOLVED


@pytest.mark.covers("RHIPE-43")
@pytest.mark.parametrize("name", ["westcoast", "distributor-css"])
def test_a_case_nobody_touches_is_told_to_the_tss(name: str) -> None:
    story = boundary_desk.taken(name).until(MORNING + timedelta(days=8))
    (told,) = story.told(EffectKind.STALE_NOTICE)
    assert told.to is Recipient.TSS


@pytest.mark.covers("RHIPE-43")
def test_a_solved_case_that_only_we_close_is_not_forgotten() -> None:
    story = overview_desk.taken(overview_desk.ORDINARY)
    story.say("respond", WEDNESDAY + HOUR, overview_desk.ENGINEER, text="Begun.")
    story.say("resolve", WEDNESDAY + 2 * HOUR, overview_desk.ENGINEER, kind="resolution", text="Mended.")
    story.until(WEDNESDAY + 30 * DAY)
    (told,) = story.told(EffectKind.STALE_NOTICE)
    assert (told.to, told.facts.first_at) == (Recipient.TSS, WEDNESDAY + 2 * HOUR)
    story.say("close", WEDNESDAY + 31 * DAY, overview_desk.ENGINEER, reason="resolved")
    assert not story.runs(Clock.STALE)


# --- who is told of another contact, and who is ready ------------------------------------------------------


@pytest.mark.covers("RHIPE-37")
@pytest.mark.parametrize(("says", "letters"), [("always", 1), ("never", 0)])
def test_the_customer_is_told_of_another_contact_unless_the_policy_says_never(
    says: str, letters: int
) -> None:
    policy = rhipe()
    ours = policy.organisation.model_copy(update={"reassignment_notice": says})
    story = opened(under=terms(policy=policy.model_copy(update={"organisation": ours})))
    story.say("reassign", TUESDAY + HOUR, ANA, assignee="Bea", reason="holiday")
    assert len(story.told(EffectKind.REASSIGNED)) == letters
    assert story.case.assignee == "Bea"
    assert len(story.told(EffectKind.CASE_ASSIGNED)) == 1


@pytest.mark.covers("DED-42")
def test_a_tenant_before_its_gate_has_tests_and_no_cases() -> None:
    deploying = TenantFacts(listed=True, phase="deployment")
    refused = dedicated_desk.not_opened(facts=deploying)
    assert (refused.code, refused.missing) == ("TenantNotReady", ("test",))
    assert "Service Ready, signed by both sides" in refused.reason
    assert dedicated_desk.opened(facts=deploying, test=True).case.request.test
    for phase in ("pilot", "operate", None):
        ready = TenantFacts(listed=True, phase=phase)
        assert dedicated_desk.opened(facts=ready).case.phase is Phase.RECEIVED


@pytest.mark.covers("WEST-16")
def test_a_ticket_logged_for_somebody_names_their_contact() -> None:
    story = boundary_desk.taken(
        "westcoast",
        category="csp_refund",
        partner_centre_account=False,
        requester={"name": "Sam"},
        contact={"name": "Kim Ng", "email": "kim@partner.example"},
    )
    assert story.case.main_contact == "Kim Ng"
