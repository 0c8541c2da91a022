from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from activities.words.content import Wording
from activities.words.letters import Words
from activities.words.reader_time import in_reader_time, reader_locale
from domain.effects import Effect, EffectKind, Recipient
from domain.facts import ClockFact, Facts
from domain.messages.request import Contact
from domain.timeline import EntryKind, TimelineEntry
from tests.activities.builders import AT, HOUR, NUMBER, effect

STAFF = {
    EffectKind.HANDOFF_OFFER,
    EffectKind.HANDOFF_NOTE,
    EffectKind.HANDOFF_FAILED,
    EffectKind.HANDOFF_DIGEST,
    EffectKind.CASE_ESCALATED,
    EffectKind.CASE_ASSIGNED,
    EffectKind.COLLEAGUE_RESPONDED,
    EffectKind.NEW_CASE,
    EffectKind.CUSTOMER_CHANGED,
    EffectKind.WARNING,
    EffectKind.BREACH_NOTICE,
    EffectKind.STALE_NOTICE,
    EffectKind.STILL_MISSED,
    EffectKind.CUSTOMER_REPLIED,
    EffectKind.SCOPE_CHANGED,
    EffectKind.CALL_CUSTOMER,
    EffectKind.LEVEL_REQUESTED,
    EffectKind.DELIVERY_FAILED,
    EffectKind.ESCALATION_REQUESTED,
    EffectKind.FOLLOW_UP_TASK,
    EffectKind.VENDOR_ANSWERED,
    EffectKind.VENDOR_SILENT,
    EffectKind.COVER_GAP,
    EffectKind.REVIEW_REQUESTED,
    EffectKind.PLANNED_REQUEST_DUE,
    EffectKind.ROOT_CAUSE_REQUESTED,
    EffectKind.ACCESS_REQUESTED,
    EffectKind.INTERNAL_REFERRAL,
    EffectKind.CANCEL_ASKED,
    EffectKind.INCIDENT_CANCEL_ASKED,
    EffectKind.INCIDENT_UPDATE_DUE,
    EffectKind.INCIDENT_UPDATE_MISSED,
}
TOLD = [kind for kind in EffectKind if kind is not EffectKind.LINKED_CASE]
MOST: dict[str, object] = {
    "text": "Text",
    "by": "Ada",
    "reason": "third_party_software",
    "advice": "call",
    "missing": ("scope", "verification.company_name"),
    "history": (TimelineEntry(number=1, at=AT, kind=EntryKind.NOTED, by="Ada"),),
    "links": ("Forum https://forum.example", "Help centre"),
    "refer_to": "service_desk",
    "how": "Ring them.",
    "phone": "+61 2 5550 0100",
    "count": 2,
    "clocks": (ClockFact(clock="update", due_at=AT + HOUR), ClockFact(clock="triage", due_at=AT - HOUR)),
    "contact": "sydney",
    "mode": "control",
    "steps": ("Look the name up.", "Wait."),
    "cause": "A full disk",
    "quote_ref": "Q_17",
    "linked_number": "SR-2222-2222-2",
    "impact": "No mail",
    "minutes": 90,
    "incident": 'MI-2222-2222-2 "No mail"',
    "also_for": ("SR-3333-3333-3", "SR-4444-4444-4"),
    "participant_code": "4711#",
    "vendor_reference": "2704030040001234",
    "severity": "A",
    "product": "office_365",
    "technical_contact": Contact(name="Kim Ng", phone="+61 2 5550 0100", email="kim.ng@partner.example"),
    "stale": True,
    "has_sla": False,
} | dict.fromkeys(
    (
        "due_at",
        "next_update_at",
        "waiting_since",
        "reopen_until",
        "auto_close_at",
        "received_at",
        "first_at",
        "last_at",
        "expected_at",
        "starts_at",
        "ends_at",
    ),
    AT,
)
"""A value for every fact a template may say."""

HOSTILE = (
    "<script>alert(1)</script> {{ 7*7 }} {% raw %} &amp; \"'> \u202egnp.exe\u2066 a\x00b\r\nBcc: x@y\u2028z"
)


def happened(text: str, by: str = "Ada") -> TimelineEntry:
    return TimelineEntry(number=1, at=AT, kind=EntryKind.RESOLVED, by=by, about=text, text=text)


def told(kind: EffectKind, about: str = "initial_response", **facts: object) -> Effect:
    given = {"title": "Outlook cannot send", "level": "P2", "level_name": "High", "phase": "in_progress"}
    return effect(
        kind=kind,
        to=Recipient.ASSIGNEE if kind in STAFF else Recipient.CUSTOMER,
        about=about,
        facts=Facts.model_validate(given | {"owner": "sydney"} | facts),
    )


def rendered(kind: EffectKind, about: str = "initial_response", **facts: object) -> Wording:
    return Words().render(told(kind, about, **facts))


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[tuple[str, tuple[str, ...]]] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_says_the_number_and_the_title(kind: EffectKind) -> None:
    for wording in (rendered(kind), rendered(kind, text="Text", due_at=AT, by="Ada"), rendered(kind, **MOST)):
        assert wording.subject.startswith(f"[{NUMBER}] ")
        assert wording.subject.endswith("Outlook cannot send")
        assert NUMBER in wording.text
        assert NUMBER in wording.html
        assert "None" not in wording.text
        assert "None" not in Elements(wording.html).text
        assert "\n\n\n" not in wording.text


@pytest.mark.parametrize("kind", TOLD)
def test_hostile_text_is_shown_as_text_wherever_it_stands(kind: EffectKind) -> None:
    plain = {
        "text": "t",
        "reason": "r",
        "advice": "a",
        "by": "b",
        "owner": "o",
        "title": "t",
        "refer_to": "r",
        "how": "h",
        "phone": "p",
        "impact": "i",
        "participant_code": "p",
        "contact": "c",
        "missing": ("m",),
        "links": ("l",),
        "incident": "i",
        "also_for": ("a",),
    }
    hostile = {name: (HOSTILE,) if isinstance(value, tuple) else HOSTILE for name, value in plain.items()}
    harmless = rendered(kind, **plain, history=(happened("t"),))
    wording = rendered(kind, **hostile, history=(happened(HOSTILE, by=HOSTILE),))
    assert Elements(wording.html).seen <= Elements(harmless.html).seen | {("br", ())}
    for shown in (wording.subject, wording.text, wording.html):
        assert not {"\u202e", "\u2066", "\x00", "\r", "\u2028"} & set(shown)
        assert "49" not in shown.replace(NUMBER, "")
    assert "\n" not in wording.subject
    assert "<script>alert(1)</script> {{ 7*7 }} {% raw %}" in wording.subject
    assert "<script>alert(1)</script> {{ 7*7 }} {% raw %}" in Elements(wording.html).text


def test_what_a_person_wrote_stands_apart_and_cannot_pass_for_ours() -> None:
    wording = rendered(EffectKind.STAFF_UPDATE, text="One\n\nPlease do not reply", by="Ada")
    assert "    One\n\n    Please do not reply\n" in wording.text
    assert wording.text.count("\nPlease do not reply") == 1
    assert "<blockquote dir=" in wording.html
    assert "One<br><br>Please do" in wording.html


@pytest.mark.covers("RHIPE-14")
def test_the_acknowledgement_says_by_when_somebody_begins_to_work() -> None:
    wording = rendered(EffectKind.ACKNOWLEDGEMENT, due_at=AT + 4 * HOUR)
    assert f"Its number is {NUMBER}" in wording.text
    assert "let you know by Tuesday, 2 March 2027, 18:00 (Sydney, UTC+11:00)" in wording.text
    assert f"Please quote {NUMBER} whenever you contact us." in wording.text


def test_the_acknowledgement_asks_for_what_is_missing() -> None:
    wording = rendered(EffectKind.ACKNOWLEDGEMENT, missing=("tenant_domain", "affected_users"))
    assert "We still need from you: tenant domain, affected users." in wording.text


@pytest.mark.covers("RHIPE-10")
def test_urgent_cases_are_asked_to_call_where_there_is_a_number_and_else_to_say_so() -> None:
    urgent = told(EffectKind.ACKNOWLEDGEMENT, advice="call")
    under_rhipe = urgent.model_copy(update={"policy": "rhipe-csp"})
    called = Words().render(under_rhipe).text
    assert "If it is urgent, please also call us on +61 2 8350 8484" in called
    assert "by phone you reach an engineer at once" in called
    without = Words().render(urgent).text
    assert "If it is urgent, please tell us so, and why." in without
    assert "call" not in without
    assert "no response time applies" in rendered(EffectKind.ACKNOWLEDGEMENT, advice="relodge").text


def test_a_status_while_we_wait_says_for_what_and_since_when() -> None:
    waiting = rendered(
        EffectKind.STATUS_UPDATE,
        waiting_since=AT - 26 * HOUR,
        text="Which build?",
        next_update_at=AT + 24 * HOUR,
    )
    assert "waiting for your answer since Monday, 1 March 2027, 12:00 (Sydney, UTC+11:00)" in waiting.text
    assert "    Which build?" in waiting.text
    assert "the next time by Wednesday, 3 March 2027, 14:00" in waiting.text
    working = rendered(EffectKind.STATUS_UPDATE, next_update_at=AT + HOUR)
    assert "waiting" not in working.text
    assert "it is with Sydney" in working.text
    assert "we will update you by Tuesday, 2 March 2027, 15:00" in working.text


@pytest.mark.covers("RHIPE-35", "RHIPE-36")
def test_resolving_and_closing_say_what_happens_without_an_answer() -> None:
    resolved = rendered(EffectKind.CASE_RESOLVED, text="New profile", auto_close_at=AT + 72 * HOUR)
    assert "we will close the case on Friday, 5 March 2027, 14:00" in resolved.text
    closed = rendered(EffectKind.CASE_CLOSED, reopen_until=AT + 120 * HOUR)
    assert "tell us by Sunday, 7 March 2027, 14:00" in closed.text
    late = rendered(EffectKind.REOPEN_TOO_LATE, linked_case=effect().case_id, reopen_until=AT)
    assert f"the new case {NUMBER}" in late.text


def test_staff_are_told_which_clock_due_when_how_late_and_with_whom() -> None:
    warning = rendered(EffectKind.WARNING, due_at=AT + 15 * HOUR / 60)
    assert 'The clock "initial response" of this case is due by Tuesday, 2 March 2027, 14:15' in warning.text
    assert "15 min after this warning" in warning.text
    breach = rendered(EffectKind.BREACH_NOTICE, due_at=AT - 2 * HOUR, owner="Ada")
    assert (
        "due by Tuesday, 2 March 2027, 12:00 (Sydney, UTC+11:00), 2 h before this was noticed" in breach.text
    )
    assert "It is with Ada." in breach.text
    assert breach.subject == f"[{NUMBER}] Missed, initial response: Outlook cannot send"
    several = rendered(
        EffectKind.BREACH_NOTICE, due_at=AT - 2 * HOUR, count=3, first_at=AT - 2 * HOUR, last_at=AT
    )
    assert "It has missed 3 deadlines in a row" in several.text


def test_staff_are_told_how_else_to_reach_the_customer() -> None:
    wording = rendered(EffectKind.DELIVERY_FAILED, advice="+61 2 5550 0100", reason="550 no such user")
    assert "Please call instead: +61 2 5550 0100" in wording.text
    assert "550 no such user" in wording.text


@pytest.mark.covers("O365-05", "WEST-13")
def test_the_acknowledgement_shows_self_help_and_says_where_nothing_is_promised() -> None:
    links = ("Community http://community.example", "Online help")
    promised = rendered(EffectKind.ACKNOWLEDGEMENT, due_at=AT, links=links)
    assert "help right away here:\nCommunity http://community.example\nOnline help\n" in promised.text
    assert "Online help" in Elements(promised.html).text
    assert "service level" not in promised.text
    without = rendered(EffectKind.ACKNOWLEDGEMENT, has_sla=False, text="That team promises us no times.")
    assert "Please note:\n\n    That team promises us no times.\n" in without.text
    assert "No service level applies to it" in without.text
    assert "we cannot promise when you will hear from us or when it will be solved" in without.text
    assert "right away" not in without.text


@pytest.mark.covers("WEST-01")
def test_staff_are_asked_whether_a_case_no_rule_knows_is_theirs() -> None:
    asked = rendered(EffectKind.NEW_CASE, about="triage")
    assert asked.subject == f"[{NUMBER}] New case, is it ours?: Outlook cannot send"
    assert "somebody has to decide" in asked.text
    assert "decide" not in rendered(EffectKind.NEW_CASE).text


def test_a_status_without_news_by_a_person_says_so() -> None:
    stale = rendered(EffectKind.STATUS_UPDATE, stale=True, next_update_at=AT)
    assert "none of our engineers has written news since our last message" in stale.text
    assert "we will update you by" in stale.text
    asked = rendered(EffectKind.STATUS_UPDATE, stale=True, phase="validating_resolution")
    assert "waiting for you to tell us whether it works" in asked.text
    assert "still working" not in asked.text


@pytest.mark.covers("CSS-04")
def test_a_request_turned_away_is_told_why_what_is_wrong_and_what_to_do() -> None:
    incomplete = rendered(
        EffectKind.CANNOT_SUPPORT,
        about="missing_information",
        text="The request lacks scope.\nYou are not entitled.",
        missing=("scope", "verification.company_name"),
        refer_to="account administrator",
    )
    assert "    The request lacks scope.\n    You are not entitled.\n" in incomplete.text
    assert "What is missing or wrong: scope, verification: company name." in incomplete.text
    assert "Who can help instead: account administrator." in incomplete.text
    assert "send a new request with everything named above" in incomplete.text
    denied = rendered(EffectKind.CANNOT_SUPPORT, about="not_entitled", text="Not entitled.")
    assert "somebody who is entitled to support can send a new request" in denied.text
    assert "instead" not in denied.text
    outside = rendered(
        EffectKind.CANNOT_SUPPORT,
        about="out_of_scope",
        reason="customer_network",
        how="Ask your carrier.",
        links=("https://carrier.example",),
    )
    assert "we cannot support it. The reason: customer network. Your case is closed." in outside.text
    assert "Others can help instead. Ask your carrier.\nhttps://carrier.example\n" in outside.text
    assert f"mention {NUMBER}" in outside.text


@pytest.mark.covers("RHIPE-31", "WEST-08")
def test_a_referral_says_who_helps_how_to_get_there_and_by_when_our_own_people_answer() -> None:
    elsewhere = rendered(
        EffectKind.REFERRAL,
        text="We have no access.",
        refer_to="microsoft_phone_option_1",
        how="Call 0344 800 6006 and choose option 1.",
    )
    assert "Somebody else has to help you with it: microsoft phone option 1." in elsewhere.text
    assert "How to get there: Call 0344 800 6006 and choose option 1." in elsewhere.text
    assert "please ask there" in elsewhere.text
    inside = rendered(EffectKind.REFERRAL, refer_to="billing", contact="billing", due_at=AT + 4 * HOUR)
    assert "we have passed it on, and they will contact you by Tuesday, 2 March 2027, 18:00" in inside.text
    assert "Your case stays open." in inside.text
    before_0_4 = rendered(EffectKind.REFERRAL, refer_to="billing", due_at=AT + 4 * HOUR)
    assert "you will hear from them by Tuesday, 2 March 2027, 18:00" in before_0_4.text
    assert "the case is closed" in before_0_4.text


@pytest.mark.covers("RHIPE-31")
def test_a_department_is_told_whom_to_contact_by_when_and_what_to_say_then() -> None:
    asked = rendered(
        EffectKind.INTERNAL_REFERRAL,
        "",
        text="Two new fields.",
        refer_to="relevant_department",
        contact="tss",
        due_at=AT + 4 * HOUR,
        technical_contact=MOST["technical_contact"],
    )
    assert "has been told that you will contact them by Tuesday, 2 March 2027, 18:00" in asked.text
    assert "Whom to contact: Kim Ng, +61 2 5550 0100, kim.ng@partner.example." in asked.text
    assert f"sunrelay case contacted {NUMBER}" in asked.text


@pytest.mark.covers("DED-23", "DED-27")
def test_both_sides_news_are_said_with_their_instants() -> None:
    agreed = rendered(EffectKind.INTERVAL_AGREED, about="every 24 h", next_update_at=AT + 24 * HOUR)
    assert "how often we will update you about this case: every 24 h." in agreed.text
    assert "we will update you by Wednesday, 3 March 2027, 14:00" in agreed.text
    assert "counts from our first answer" in rendered(EffectKind.INTERVAL_AGREED).text
    once = rendered(EffectKind.CUSTOMER_UPDATE_REMINDER, due_at=AT, next_update_at=AT + HOUR, count=1)
    assert "Yours was due by Tuesday, 2 March 2027, 14:00" in once.text
    assert "Your next update is due by Tuesday, 2 March 2027, 15:00" in once.text
    assert "in a row" not in once.text
    assert "We have missed 3 updates in a row" in rendered(EffectKind.CUSTOMER_UPDATE_REMINDER, count=3).text


@pytest.mark.covers("CSS-13", "DED-33")
def test_the_customer_is_asked_to_validate_before_and_to_confirm_after() -> None:
    before = rendered(EffectKind.VALIDATION_REQUEST, text="Please sign in", by="Ada", next_update_at=AT)
    assert "Ada writes:\n\n    Please sign in\n" in before.text
    assert "If it does, we will resolve the case" in before.text
    after = rendered(EffectKind.CONFIRM_RESOLUTION, about="workaround", text="New profile", by="Ada")
    assert "Ada has resolved your case (workaround):\n\n    New profile\n" in after.text
    assert "We will keep the case open until you confirm." in after.text
    again = rendered(EffectKind.CONFIRM_RESOLUTION, about="confirmation", next_update_at=AT + 24 * HOUR)
    assert "we have not heard yet whether it works" in again.text
    assert "has resolved" not in again.text
    assert "We will ask you again by Wednesday, 3 March 2027, 14:00" in again.text


@pytest.mark.covers("O365-25", "DED-16")
def test_staff_are_told_to_look_at_the_level_and_whom_to_call_with_what() -> None:
    worse = rendered(EffectKind.SCOPE_CHANGED, about="review", text="Now everybody", by="Kim", count=40)
    assert worse.subject == f"[{NUMBER}] Worse, check the level: Outlook cannot send"
    assert "Users affected: 40." in worse.text
    assert "Please check the level, which is P2" in worse.text
    assert "level" not in rendered(EffectKind.SCOPE_CHANGED, text="Also on the phone").text
    call = rendered(EffectKind.CALL_CUSTOMER, phone="+61 2 5550 0100", text="Found the cause")
    assert "Please call +61 2 5550 0100 and tell them:\n\n    Found the cause\n" in call.text
    unknown = rendered(EffectKind.CALL_CUSTOMER)
    assert "please find one, call and tell them where the case stands." in unknown.text


@pytest.mark.covers("O365-23")
def test_whoever_takes_a_reopened_case_up_is_told_what_happened_last() -> None:
    wording = rendered(
        EffectKind.CUSTOMER_REPLIED, about="reopened", text="It is back", history=(happened("New profile"),)
    )
    assert "The customer has reopened the case:\n\n    It is back\n" in wording.text
    assert "2027, 14:00 (Sydney, UTC+11:00), Ada: resolved (New profile)\n\n    New profile\n" in wording.text


@pytest.mark.covers("RHIPE-37")
@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("holiday", "The engineer who had your case is on holiday."),
        ("sick_leave", "The engineer who had your case is on sick leave."),
        ("shift_change", "The shift of the engineer who had your case has ended."),
        ("senior_engineer", "A senior engineer is taking over your case."),
        ("handoff", "Another of our centres is taking over your case."),
        ("take_ownership", "One of our support leads is taking over your case in person."),
    ],
)
def test_the_customer_is_told_whom_to_contact_from_now_on_and_why(why: str, said: str) -> None:
    wording = rendered(EffectKind.REASSIGNED, about=why, contact="kl@support.example")
    assert wording.text.startswith(f"{said}\n\nYour contact from now on: kl@support.example.\n")
    assert "your case keeps its number" in wording.text
    assert f"Please quote {NUMBER} whenever you contact us." in wording.text


@pytest.mark.covers("RHIPE-37")
def test_a_centre_is_named_as_people_write_it_and_a_person_as_they_are() -> None:
    for name, written in (("kuala_lumpur", "Kuala Lumpur"), ("uk", "UK")):
        told_of = told(EffectKind.REASSIGNED, about="handoff", contact=name)
        from_there = told_of.model_copy(update={"region": name})
        assert f"from now on: {written}." in Words().render(from_there).text
    assert "from now on: ana_b." in rendered(EffectKind.REASSIGNED, about="holiday", contact="ana_b").text


def test_a_notice_that_comes_as_the_promise_is_missed_counts_no_time_since() -> None:
    missed_at = effect().caused_at
    at_once = told(EffectKind.STILL_MISSED, about="update", first_at=missed_at)
    assert "before this notice" not in Words().render(at_once).text
    later = at_once.model_copy(update={"caused_at": missed_at + timedelta(hours=1)})
    assert "1 h before this notice" in Words().render(later).text


HANDOVER: dict[str, object] = {
    "clocks": (
        ClockFact(clock="update", due_at=AT + 2 * HOUR),
        ClockFact(clock="initial_response", due_at=AT + HOUR / 4),
        ClockFact(clock="customer_update", due_at=AT - HOUR),
    ),
    "text": "Now the tills are down too",
    "history": (happened("New profile"),),
    "due_at": AT + HOUR,
}


@pytest.mark.covers("RHIPE-25")
@pytest.mark.parametrize("kind", [EffectKind.HANDOFF_OFFER, EffectKind.HANDOFF_NOTE])
def test_the_taker_reads_state_clocks_last_words_what_was_done_and_what_is_next(kind: EffectKind) -> None:
    text = rendered(kind, **HANDOVER).text
    assert "It is with Sydney, in the state in progress" in text
    assert (
        "- customer update: was due by Tuesday, 2 March 2027, 13:00 (Sydney, UTC+11:00)\n"
        "- initial response: 15 min left, due by Tuesday, 2 March 2027, 14:15 (Sydney, UTC+11:00)\n"
        "- update: 2 h left, due by Tuesday, 2 March 2027, 16:00 (Sydney, UTC+11:00)\n"
        "Next up: customer update.\n"
    ) in text
    assert "The customer's last words:\n\n    Now the tills are down too\n" in text
    assert "Ada: resolved (New profile)\n\n    New profile\n" in text
    bare = rendered(kind).text
    assert "No promise is running." in bare
    assert "last words" not in bare


@pytest.mark.covers("RHIPE-25")
def test_an_offer_says_when_the_case_changes_hands_and_how_to_accept_or_decline_it() -> None:
    offer = rendered(EffectKind.HANDOFF_OFFER, **HANDOVER)
    assert offer.subject == f"[{NUMBER}] Offered to Sydney: Outlook cannot send"
    assert "becomes yours on Tuesday, 2 March 2027, 15:00 (Sydney, UTC+11:00)" in offer.text
    assert f"sunrelay handoff accept {NUMBER}\n" in offer.text
    assert f"sunrelay handoff decline {NUMBER} --reason TEXT\n" in offer.text
    note = rendered(EffectKind.HANDOFF_NOTE, **HANDOVER)
    assert note.subject == f"[{NUMBER}] Yours now: Outlook cannot send"
    assert "handoff accept" not in note.text


def test_that_nobody_takes_a_case_says_who_was_asked_and_who_keeps_it() -> None:
    text = rendered(EffectKind.HANDOFF_FAILED, about="manila, kuala_lumpur", due_at=AT).text
    assert "Asked without success: manila, kuala lumpur." in text
    assert "It stays with Sydney, and its clocks keep running." in text
    assert f"sunrelay handoff to {NUMBER} REGION --reason TEXT" in text


@pytest.mark.parametrize("kind", TOLD)
@pytest.mark.parametrize("label", ["engineer", "service desk", "staff", "tss", "partner"])
def test_a_role_never_stands_where_a_name_was_not_given(kind: EffectKind, label: str) -> None:
    unnamed = rendered(kind, **MOST | {"by": label}).text
    if kind in (EffectKind.CANNOT_SUPPORT, EffectKind.REFERRAL):
        assert unnamed.startswith("An engineer has looked into your case")
    else:
        assert unnamed == rendered(kind, **MOST | {"by": None}).text


def test_who_has_begun_to_work_on_a_case_begins_the_sentence_like_one() -> None:
    assert rendered(EffectKind.FIRST_RESPONSE, by="engineer").text.startswith("An engineer has started work")
    assert rendered(EffectKind.FIRST_RESPONSE, by="Ana").text.startswith("Ana has started work")
    found = rendered(EffectKind.CANNOT_SUPPORT, by="engineer", reason="third_party_software").text
    assert found.startswith("An engineer has looked into your case")
    taken_in = rendered(EffectKind.CANNOT_SUPPORT, reason="third_party_software").text
    assert taken_in.startswith("We have received your request")


@pytest.mark.covers("WEST-10")
def test_planned_work_is_acknowledged_with_its_start_in_the_zone_given() -> None:
    planned = told(EffectKind.ACKNOWLEDGEMENT, starts_at=datetime(2026, 11, 24, 22, tzinfo=UTC))
    there = planned.model_copy(update={"zone": "Australia/Sydney"})
    assert "begin on Wednesday, 25 November 2026, 09:00 (Sydney, UTC+11:00)." in Words().render(there).text
    assert "planned" not in rendered(EffectKind.ACKNOWLEDGEMENT).text


def test_an_answer_that_says_neither_tells_the_engineer_when_the_case_closes_and_how_to_prevent_it() -> None:
    wording = rendered(
        EffectKind.CUSTOMER_REPLIED, about="unclear", text="No, still broken", auto_close_at=AT
    )
    assert wording.subject == f"[{NUMBER}] Neither yes nor no: Outlook cannot send"
    assert (
        "stays resolved, and will close automatically on Tuesday, 2 March 2027, 14:00 (Sydney, UTC+11:00) "
        "unless you resume work."
    ) in wording.text
    assert f"\n\nsunrelay reply {NUMBER} TEXT --rejects\n" in wording.text


def test_an_answer_that_says_neither_asks_the_engineer_for_theirs_where_the_case_no_longer_closes() -> None:
    asked = rendered(EffectKind.CUSTOMER_REPLIED, about="unclear", text="And the other one?")
    said = "stays resolved, and no longer closes by itself: the customer is owed an answer"
    assert (
        f"{said}. Answer with an update, resolve it again, or close it. If the problem is not solved"
        in asked.text
    )
    by_then = rendered(EffectKind.CUSTOMER_REPLIED, about="unclear", text="And?", next_update_at=AT).text
    assert f"{said} by Tuesday, 2 March 2027, 14:00 (Sydney, UTC+11:00)." in by_then
    assert "The next update" not in by_then


@pytest.mark.parametrize(
    ("about", "topic", "said"),
    [
        ("change_level", "The customer set level P1", "Kim has changed the level: P3 -> P1."),
        ("close", "Closed by the customer", "Kim has closed the case."),
        ("reply", "The customer confirms", "Kim has confirmed that it is solved"),
        ("change_main_contact", "The customer: change main contact", "Kim has changed something on the case"),
    ],
)
def test_our_own_people_read_what_the_customer_changed(about: str, topic: str, said: str) -> None:
    change = {"by": "Kim", "level": "P1", "reason": "P3 -> P1", "text": "All stands still"}
    wording = rendered(EffectKind.CUSTOMER_CHANGED, about=about, **change)
    assert f"] {topic}: " in wording.subject
    assert said in wording.text
    assert "All stands still" in wording.text


@pytest.mark.parametrize(
    ("phase", "next_"),
    [
        ("resolved", f"sunrelay reply {NUMBER} TEXT --rejects"),
        ("closed", f"sunrelay reopen {NUMBER} --reason TEXT"),
        ("vendor_escalated", "the case is with the vendor again"),
    ],
)
def test_the_engineer_reads_that_the_vendor_is_not_done_and_what_to_decide(phase: str, next_: str) -> None:
    wording = rendered(EffectKind.VENDOR_ANSWERED, about="taken_back", text="It is back", phase=phase)
    assert "The vendor: not solved after all" in wording.subject
    assert next_ in wording.text


@pytest.mark.parametrize(
    ("about", "said_by", "topic", "said"),
    [
        (None, "customer", "The customer wrote", "Kim wrote:"),
        (None, "staff", "The customer's answer, relayed", "Kim has relayed what the customer said:"),
        ("reopened", "staff", "Reopened", "Kim has reopened the case:"),
        ("reopened", "customer", "Reopened", "Kim has reopened the case:"),
        ("information", "partner", "Information complete", "Kim has supplied the missing information:"),
    ],
)
def test_our_own_people_read_who_said_it_and_what_happened(
    about: str | None, said_by: str, topic: str, said: str
) -> None:
    kind = EffectKind.CUSTOMER_REPLIED
    effect = told(kind, text="Text", by="Kim", said_by=said_by).model_copy(update={"about": about})
    wording = Words().render(effect)
    assert wording.subject == f"[{NUMBER}] {topic}: Outlook cannot send"
    assert wording.text.startswith(f"{said}\n\n    Text\n")


def test_the_title_of_a_major_incident_stands_in_quotes() -> None:
    text = rendered(
        EffectKind.INCIDENT_NOTICE, about="update", incident='MI-2222-2222-2 "No mail"', by="Ana"
    ).text
    assert text.startswith('News on the major incident MI-2222-2222-2 "No mail" from Ana:')


@pytest.mark.covers("RHIPE-39", "RHIPE-40")
def test_an_escalated_case_comes_with_its_classification() -> None:
    wording = rendered(EffectKind.CASE_ESCALATED, about="azure_ad", text="Federation\nDeep", by="Ana")
    assert wording.subject == f"[{NUMBER}] Escalated to L2, azure ad: Outlook cannot send"
    assert (
        "Ana has passed this case on to L2; it needs azure ad.\n\n    Federation\n    Deep\n" in wording.text
    )


def test_a_service_that_works_again_is_the_reason_said_for_closing() -> None:
    assert "closed. The service works again." in rendered(EffectKind.CASE_CLOSED, about="restored").text


def test_another_language_is_a_folder_with_a_catalogue(tmp_path: Path) -> None:
    (tmp_path / "_customer.j2").write_text("{% block body %}-- {{ number }}{% endblock %}")
    for kind, sentence in {"staff_update": "English: %(when)s", "question": "English asks: %(when)s"}.items():
        (tmp_path / f"{kind}.j2").write_text(
            f'{{% block body %}}{{{{ _("{sentence}", when=due_at | when) }}}}{{% endblock %}}'
        )
    for language, words in {"fil": "Filipino", "pt-BR": "Portuguese"}.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "letters.po").write_text(
            f'msgid "English: %(when)s"\nmsgstr "{words}: %(when)s"\n'
        )
    (tmp_path / "frame.html.j2").write_text("{{ language }}: {{ paragraphs | join }}")
    words = Words(tmp_path)

    def said(language: str, kind: EffectKind = EffectKind.STAFF_UPDATE) -> Wording:
        return words.render(told(kind, due_at=AT).model_copy(update={"language": language}))

    assert said("fil").text.startswith("Filipino: Martes")
    assert said("fil-PH").language == "fil"
    assert said("pt_br").text.startswith("Portuguese: terça-feira")
    assert said("fil", EffectKind.QUESTION).text.startswith("English asks: Tuesday")
    assert said("ja").text.startswith("English: Tuesday")
    assert "2 March 2027" in said("en-AU").text
    for strange in ("../en", "x" * 200, "en/../fil", "", "日本"):
        assert said(strange).language == "en"


@pytest.mark.parametrize(
    ("zone", "at", "told_as"),
    [
        ("Australia/Sydney", "2027-04-03T15:30", "Sunday, April 4, 2027, 02:30 (Sydney, UTC+11:00)"),
        ("Australia/Sydney", "2027-04-03T16:30", "Sunday, April 4, 2027, 02:30 (Sydney, UTC+10:00)"),
        ("Asia/Kuala_Lumpur", "2027-01-01T00:00", "Friday, January 1, 2027, 08:00 (Kuala Lumpur, UTC+08:00)"),
        (
            "America/St_Johns",
            "2027-01-01T00:00",
            "Thursday, December 31, 2026, 20:30 (St. John’s, UTC-03:30)",
        ),
        ("UTC", "2027-01-01T00:00:59", "Friday, January 1, 2027, 00:00 (UTC)"),
        ("Mars/Olympus", "2027-01-01T00:00", "Friday, January 1, 2027, 00:00 (UTC)"),
    ],
)
def test_an_instant_is_told_on_the_reader_s_clock(zone: str, at: str, told_as: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert in_reader_time(instant, zone, reader_locale("en")) == told_as


def test_a_language_nobody_knows_is_told_in_english() -> None:
    assert reader_locale("xx-YY", "tlh").language == "en"
    assert reader_locale("de-CH").territory == "CH"


@pytest.mark.covers("RHIPE-43")
def test_a_notice_of_silence_says_since_when_and_one_of_updates_how_many() -> None:
    silent = rendered(EffectKind.STALE_NOTICE, first_at=AT, count=None, last_at=None).text
    assert "Neither our staff nor the customer has said anything on this case since" in silent
    assert "updates" not in silent
    streak = rendered(EffectKind.STALE_NOTICE, first_at=None, count=2, last_at=AT).text
    assert "The system sent the last 2 updates to the customer" in streak
    assert "Neither our staff" not in streak
