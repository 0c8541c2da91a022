from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from activities.content import Wording
from activities.reader_time import in_reader_time, reader_locale
from activities.wording import Words
from domain.effects import Effect, EffectKind, Facts, Recipient
from tests.activities.builders import AT, HOUR, NUMBER, effect

STAFF = {
    EffectKind.NEW_CASE,
    EffectKind.WARNING,
    EffectKind.BREACH_NOTICE,
    EffectKind.STALE_NOTICE,
    EffectKind.CUSTOMER_REPLIED,
    EffectKind.LEVEL_REQUESTED,
    EffectKind.DELIVERY_FAILED,
}
TOLD = [kind for kind in EffectKind if kind is not EffectKind.LINKED_CASE]
HOSTILE = (
    "<script>alert(1)</script> {{ 7*7 }} {% raw %} &amp; \"'> \u202egnp.exe\u2066 a\x00b\r\nBcc: x@y\u2028z"
)


def told(kind: EffectKind, **facts: object) -> Effect:
    given = {"title": "Outlook cannot send", "level": "P2", "level_name": "High", "phase": "in_progress"}
    return effect(
        kind=kind,
        to=Recipient.ASSIGNEE if kind in STAFF else Recipient.CUSTOMER,
        about="initial_response",
        facts=Facts.model_validate(given | {"owner": "sydney"} | facts),
    )


def rendered(kind: EffectKind, **facts: object) -> Wording:
    return Words().render(told(kind, **facts))


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
    for wording in (rendered(kind), rendered(kind, text="Text", due_at=AT, next_update_at=AT, by="Ada")):
        assert wording.subject.startswith(f"[{NUMBER}] ")
        assert wording.subject.endswith("Outlook cannot send")
        assert NUMBER in wording.text
        assert NUMBER in wording.html
        assert "None" not in wording.text
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
        "missing": ("m",),
    }
    hostile = {name: (HOSTILE,) if name == "missing" else HOSTILE for name in plain}
    harmless, wording = rendered(kind, **plain), rendered(kind, **hostile)
    assert Elements(wording.html).seen <= Elements(harmless.html).seen | {("br", ())}
    for shown in (wording.subject, wording.text, wording.html):
        assert not {"\u202e", "\u2066", "\x00", "\r", "\u2028"} & set(shown)
        assert "49" not in shown.replace(NUMBER, "")
    assert "\n" not in wording.subject
    assert "<script>alert(1)</script> {{ 7*7 }} {% raw %}" in wording.subject
    assert "<script>alert(1)</script> {{ 7*7 }} {% raw %}" in Elements(wording.html).text


def test_what_a_person_wrote_stands_apart_and_cannot_pass_for_ours() -> None:
    wording = rendered(EffectKind.STAFF_UPDATE, text="One\n\nTo reply, answer this message.", by="Ada")
    assert "    One\n\n    To reply, answer this message.\n" in wording.text
    assert wording.text.count("\nTo reply, answer this message.") == 1
    assert "<blockquote dir=" in wording.html
    assert "One<br><br>To reply" in wording.html


@pytest.mark.covers("RHIPE-14")
def test_the_acknowledgement_says_by_when_somebody_begins_to_work() -> None:
    wording = rendered(EffectKind.ACKNOWLEDGEMENT, due_at=AT + 4 * HOUR)
    assert f"Its number is {NUMBER}" in wording.text
    assert "tells you so by Tuesday, March 2, 2027, 18:00 (Sydney, UTC+11:00)" in wording.text
    assert "To reply, answer this message." in wording.text


def test_the_acknowledgement_asks_for_what_is_missing() -> None:
    wording = rendered(EffectKind.ACKNOWLEDGEMENT, missing=("tenant_domain", "affected_users"))
    assert "We still need from you: tenant domain, affected users." in wording.text


@pytest.mark.covers("RHIPE-10")
def test_urgent_cases_are_asked_to_call() -> None:
    assert "telephone it reaches" in rendered(EffectKind.ACKNOWLEDGEMENT, advice="call").text
    assert "no response time applies" in rendered(EffectKind.ACKNOWLEDGEMENT, advice="relodge").text


def test_a_status_while_we_wait_says_for_what_and_since_when() -> None:
    waiting = rendered(
        EffectKind.STATUS_UPDATE,
        waiting_since=AT - 26 * HOUR,
        text="Which build?",
        next_update_at=AT + 24 * HOUR,
    )
    assert "waiting for your answer since Monday, March 1, 2027, 12:00 (Sydney, UTC+11:00)" in waiting.text
    assert "    Which build?" in waiting.text
    assert "the next time by Wednesday, March 3, 2027, 14:00" in waiting.text
    working = rendered(EffectKind.STATUS_UPDATE, next_update_at=AT + HOUR)
    assert "waiting" not in working.text
    assert "it is with Sydney" in working.text
    assert "you hear from us again by Tuesday, March 2, 2027, 15:00" in working.text


@pytest.mark.covers("RHIPE-35", "RHIPE-36")
def test_resolving_and_closing_say_what_happens_without_an_answer() -> None:
    resolved = rendered(EffectKind.CASE_RESOLVED, text="New profile", auto_close_at=AT + 72 * HOUR)
    assert "we close the case on Friday, March 5, 2027, 14:00" in resolved.text
    closed = rendered(EffectKind.CASE_CLOSED, reopen_until=AT + 120 * HOUR)
    assert "answer by Sunday, March 7, 2027, 14:00" in closed.text
    late = rendered(EffectKind.REOPEN_TOO_LATE, linked_case=effect().case_id, reopen_until=AT)
    assert f"the new case {NUMBER}" in late.text


def test_staff_are_told_which_clock_due_when_how_late_and_with_whom() -> None:
    warning = rendered(EffectKind.WARNING, due_at=AT + 15 * HOUR / 60)
    assert 'The clock "initial response" of this case is due by Tuesday, March 2, 2027, 14:15' in warning.text
    assert "15 min after this warning" in warning.text
    breach = rendered(EffectKind.BREACH_NOTICE, due_at=AT - 2 * HOUR, owner="Ada")
    assert (
        "due by Tuesday, March 2, 2027, 12:00 (Sydney, UTC+11:00), 2 h before this was noticed" in breach.text
    )
    assert "It is with Ada." in breach.text
    assert breach.subject == f"[{NUMBER}] Missed, initial response: Outlook cannot send"
    several = rendered(
        EffectKind.BREACH_NOTICE, due_at=AT - 2 * HOUR, count=3, first_at=AT - 2 * HOUR, last_at=AT
    )
    assert "3 due instants in a row were missed" in several.text


def test_staff_are_told_how_else_to_reach_the_customer() -> None:
    wording = rendered(EffectKind.DELIVERY_FAILED, advice="+61 2 5550 0100", reason="550 no such user")
    assert "Please call instead: +61 2 5550 0100" in wording.text
    assert "550 no such user" in wording.text


def test_another_language_is_a_folder(tmp_path: Path) -> None:
    for language, words in {"en": "English", "fil": "Filipino", "pt-BR": "Portuguese"}.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "_customer.j2").write_text("{% block body %}-- {{ number }}{% endblock %}")
        kinds = ("staff_update", "question") if language == "en" else ("staff_update",)
        for kind in kinds:
            (tmp_path / language / f"{kind}.j2").write_text(
                f"{{% block body %}}{words}: {{{{ due_at | when }}}}{{% endblock %}}"
            )
    (tmp_path / "frame.html.j2").write_text("{{ language }}: {{ paragraphs | join }}")
    words = Words(tmp_path)

    def said(language: str, kind: EffectKind = EffectKind.STAFF_UPDATE) -> Wording:
        return words.render(told(kind, due_at=AT).model_copy(update={"language": language}))

    assert said("fil").text.startswith("Filipino: Martes")
    assert said("fil-PH").language == "fil"
    assert said("pt_br").text.startswith("Portuguese: terça-feira")
    assert said("fil", EffectKind.QUESTION).text.startswith("English: Tuesday")
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
