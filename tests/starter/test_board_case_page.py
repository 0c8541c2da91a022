"""The page of one case: what is said of it, what may be said to it, and what a customer would read."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from domain.files import FILES
from domain.verbs import Verb
from starter.door.browser_sessions import IDLE
from starter.door.warnings import MEANINGS
from starter.web.board.case_fields import Input, fields_of
from starter.web.board.case_verbs import _NOT_SAID_HERE
from starter.web.board.visitors import MOST_IN_A_FORM
from tests.door_session import NOW
from tests.starter.board_pages import Pages, pages_of

HOSTILE = "<script>alert(1)</script>{{7*7}}{% raw %}\"'><img src=x onerror=alert(1)>"
LONG = "x" * 8192
_ID = re.compile(r'\bid="([^"]+)"')


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        await found.sign_in()
        yield found


async def _form(pages: Pages, number: str, verb: str) -> dict[str, str]:
    return await pages.hidden(f"/cases/{number}/say/{verb}")


async def test_a_case_says_what_is_promised_and_leads_to_why(pages: Pages) -> None:
    number = await pages.record(title="Outlook cannot send")
    shown = await pages.get(f"/cases/{number}")
    assert shown.status_code == 200
    assert "Outlook cannot send" in shown.text
    why = f"/cases/{number}/explain/initial_response"
    assert f'href="{why}"' in shown.text
    assert "RHIPE-13" in (await pages.get(why)).text
    assert (await pages.get(f"/cases/{number}/explain/no_clock")).status_code == 404


async def test_a_case_tells_all_that_was_said_by_the_labels_of_the_one_table(pages: Pages) -> None:
    number = await pages.record(
        title="Mail", troubleshooting_done="Restarted it", users_affected=12, vip_affected=True
    )
    shown = (await pages.get(f"/cases/{number}")).text
    for label, said in (("Tried before", "Restarted it"), ("Users affected", "12"), ("Vips affected", "yes")):
        assert re.search(rf"<dt>{label}</dt><dd[^>]*>{said}</dd>", shown)


async def test_instants_are_told_by_the_clock_of_the_reader_and_of_the_customer(pages: Pages) -> None:
    await pages.sign_in("Jun Santos", region="manila")
    number = await pages.record(zone="Australia/Sydney")
    assert "Tue 02 Mar 11:00 Manila</time> <span" in (await pages.get(f"/cases/{number}")).text
    assert "Tue 14:00 Sydney" in (await pages.get(f"/cases/{number}")).text


async def test_hostile_text_stays_text_in_every_field(pages: Pages) -> None:
    number = await pages.record(title=HOSTILE, explanation=HOSTILE, tenant_company=HOSTILE)
    form = await _form(pages, number, "respond")
    typed = dict.fromkeys(("text", "assignee", "no_field", "request"), HOSTILE)
    answers = [
        await pages.get(f"/cases/{number}"),
        await pages.post(f"/cases/{number}/say/respond", form | typed),
        await pages.post(f"/cases/{number}/say/respond", form | {"text": HOSTILE}),
        await pages.get(f"/cases/{number}?said={HOSTILE}&warned={HOSTILE}&v={HOSTILE}"),
    ]
    assert [answer.status_code for answer in answers] == [200, 409, 200, 200]
    for shown in (answer.text for answer in answers):
        assert "{{7*7}}" in shown
        assert "<img src" not in shown
        assert "<script>alert" not in shown


async def test_text_that_turns_the_reading_order_is_named_and_never_shown_so(pages: Pages) -> None:
    number = await pages.record()
    form = await _form(pages, number, "respond")
    refused = await pages.post(f"/cases/{number}/say/respond", form | {"text": "evil\u202etxt.exe"})
    assert refused.status_code == 409
    assert "U+202E is not allowed" in refused.text
    long = await pages.post(f"/cases/{number}/say/respond", form | {"text": LONG + "x"})
    assert "at most 8192 bytes of text" in long.text
    taken = await pages.post(f"/cases/{number}/say/respond", form | {"text": LONG})
    assert (taken.status_code, LONG in taken.text) == (200, True)


async def test_all_faults_stand_beside_their_fields_and_what_was_typed_is_kept(pages: Pages) -> None:
    number = await pages.record()
    form = await _form(pages, number, "schedule_session")
    typed = {"start": "2027-03-03T10:00", "end": "", "mode": "sing", "text": "At\r\nten", "zone": "Mars/Base"}
    shown = (await pages.post(f"/cases/{number}/say/schedule_session", form | typed)).text
    wrong = re.findall(r'id="schedule_session-(\w+)-about"><strong class="fault">', shown)
    assert wrong == ["end", "mode"]
    assert 'value="2027-03-03T10:00"' in shown
    assert ">\nAt\nten</textarea>" in shown
    assert 'value="Mars/Base"' in shown
    assert f'name="request" value="{form["request"]}"' in shown


async def test_a_letter_is_shown_in_the_language_of_its_reader_before_it_goes(pages: Pages) -> None:
    number = await pages.record(language="fil")
    form = await _form(pages, number, "respond")
    shown = await pages.post(f"/cases/{number}/say/respond", form | {"text": "Kumusta po"})
    assert "This goes to the customer, now, in Filipino" in shown.text
    assert '<pre class="words" lang="fil"' in shown.text
    assert "kim@customer.example" in shown.text
    assert (await pages.get(f"/cases/{number}")).text.count("<strong>responded</strong>") == 0
    back = await pages.post(
        f"/cases/{number}/say/respond", form | {"text": "Kumusta po", "change": "yes", "confirmed": "yes"}
    )
    assert ">\nKumusta po</textarea>" in back.text


async def test_what_is_ours_alone_goes_at_once_and_what_a_customer_may_look_at_does_not(
    pages: Pages,
) -> None:
    number = await pages.record()
    form = await _form(pages, number, "add_note")
    public = await pages.post(f"/cases/{number}/say/add_note", form | {"text": "Seen by all"})
    assert (public.status_code, "The customer can read this" in public.text) == (200, True)
    ours = await pages.post(f"/cases/{number}/say/add_note", form | {"text": "Ours", "internal": "yes"})
    assert ours.status_code == 503  # it was said, and no engine is there
    assert ">\nOurs</textarea>" in ours.text
    assert f'name="request" value="{form["request"]}"' in ours.text


async def test_a_form_that_is_too_large_is_told_so_and_one_of_many_letters_is_not(pages: Pages) -> None:
    number = await pages.record()
    form = await _form(pages, number, "respond")
    huge = await pages.post(f"/cases/{number}/say/respond", form | {"text": "x" * MOST_IN_A_FORM})
    assert (huge.status_code, "This form is too large" in huge.text) == (413, True)
    assert "Go back: what you typed is still there." in huge.text
    letters = await pages.post(f"/cases/{number}/say/respond", form | {"text": "名" * (64 * 1024 // 9 + 1)})
    assert "at most 8192 bytes of text" in letters.text
    many = await pages.post(f"/cases/{number}/say/respond", form | {f"f{n}": "x" for n in range(201)})
    assert (many.status_code, "more fields than any of ours" in many.text) == (400, True)


async def test_what_was_typed_is_kept_where_its_session_is_over_or_another(pages: Pages) -> None:
    number = await pages.record()
    typed = await _form(pages, number, "respond") | {"text": "Kumusta\r\n</textarea><b>po"}
    await pages.sign_in("Jun Santos")
    other = await pages.post(f"/cases/{number}/say/respond", typed)
    assert (other.status_code, "This form is of another session" in other.text) == (403, True)
    pages.clock.passes(IDLE)
    over = await pages.post(f"/cases/{number}/say/respond", typed)
    assert (over.status_code, "You are not signed in" in over.text) == (401, True)
    for shown in (other.text, over.text):
        assert "Nothing was sent." in shown
        assert "Kumusta\n&lt;/textarea&gt;&lt;b&gt;po</textarea>" in shown
        assert f'<a href="/cases/{number}/say/respond">' in shown
    elsewhere = await pages.post(f"/cases/{number}/say/respond", typed, origin="http://evil.example")
    assert "Kumusta" not in elsewhere.text  # whoever sent it does not put words on our pages


async def test_a_form_that_was_overtaken_says_what_has_happened_and_keeps_what_was_typed(
    pages: Pages,
) -> None:
    number = await pages.record()
    form = await _form(pages, number, "respond")
    stale = form | {"version": "0", "entries": "0", "text": "My answer"}
    shown = await pages.post(f"/cases/{number}/say/respond", stale)
    assert shown.status_code == 503  # a newer version is asked of the engine, which is not there
    ahead = await pages.post(f"/cases/{number}/say/respond", form | {"version": "7", "text": "My answer"})
    assert ahead.status_code in (409, 503)


async def test_somebody_who_writes_is_named_to_others_for_a_minute(pages: Pages) -> None:
    number = await pages.record()
    token = (await _form(pages, number, "respond"))["form"]
    heard = await pages.post(f"/cases/{number}/writing", {"form": token})
    assert heard.json() == {"others": []}
    await pages.sign_in("Jun Santos")
    assert "<bdi>Ana Reyes</bdi></span> is writing" in (await pages.get(f"/cases/{number}")).text
    token = (await pages.hidden(f"/cases/{number}"))["form"]
    assert (await pages.post(f"/cases/{number}/writing", {"form": token})).json() == {"others": ["Ana Reyes"]}
    pages.clock.passes(timedelta(seconds=60))
    assert "Ana Reyes</bdi></span> is writing" not in (await pages.get(f"/cases/{number}")).text


async def test_a_warning_is_told_in_the_words_it_has_at_a_terminal(pages: Pages) -> None:
    number = await pages.record()
    told = await pages.get(f"/cases/{number}?said=respond&warned=AlreadyResponded&warned=OfANewerWorker")
    assert f"Mind: {MEANINGS['AlreadyResponded']}." in unescape(told.text)
    assert "Mind: of a newer worker." in told.text


async def test_a_verb_the_domain_refuses_now_has_its_reason_in_place_of_a_form(pages: Pages) -> None:
    number = await pages.record()
    shown = (await pages.get(f"/cases/{number}")).text
    assert f'action="/cases/{number}/say/respond"' in shown
    assert f'action="/cases/{number}/say/end_session"' not in shown
    assert re.search(r"<dt>End session</dt><dd>[^<]+</dd>", shown)
    assert f'action="/cases/{number}/say/reopen"' not in shown  # its phase is another
    assert "request_escalation" not in shown  # it is the customer's


async def test_a_brief_is_read_on_the_page_and_stands_in_the_forms_that_hand_on(pages: Pages) -> None:
    number = await pages.record(impact="high", urgency="high", business_impact="Nobody can log in.")
    shown = unescape((await pages.get(f"/cases/{number}")).text)
    assert re.search(r"<dt>Impact</dt><dd[^>]*>Nobody can log in. \(drafted from the timeline\)</dd>", shown)
    for verb in ("write_brief", "hand_off"):
        form = unescape((await pages.get(f"/cases/{number}/say/{verb}")).text)
        assert re.search(r'name="impact"[^>]*>\nNobody can log in.</textarea>', form)
        assert re.search(r'name="next_action"[^>]*>\nGive the first response.</textarea>', form)


async def test_the_picture_is_told_as_a_table_too(pages: Pages) -> None:
    number = await pages.record()
    pages.clock.at = NOW + timedelta(minutes=10)
    shown = (await pages.get(f"/cases/{number}")).text
    picture = shown[shown.index('<svg class="clocks" role="img"') : shown.index("</svg>")]
    assert "<title" in picture
    assert "<desc" in picture
    assert 'class="due"' in picture
    assert "style=" not in shown
    table = shown[shown.index("The same as a table") :]
    for said in ("received", "initial response due, ", "initial response: warning"):
        assert said in unescape(table)


async def test_ids_of_a_page_are_each_there_once(pages: Pages) -> None:
    number = await pages.record()
    found = _ID.findall((await pages.get(f"/cases/{number}")).text)
    assert len(found) == len(set(found))


async def test_a_case_nobody_knows_and_a_verb_that_is_none_are_not_found(pages: Pages) -> None:
    number = await pages.record()
    form = await _form(pages, number, "respond")
    for verb in ("submit", "incident_news", "sing", "../respond"):
        assert (await pages.get(f"/cases/{number}/say/{verb}")).status_code == 404
    for path in ("/cases/case-aaaaaaaaaaaaaaaaaaaa", "/cases/case-aaaaaaaaaaaaaaaaaaaa/say/respond"):
        assert (await pages.get(path)).status_code in (404, 503)
    forged = await pages.post(f"/cases/{number}/say/respond", form | {"form": "0" * 64})
    assert forged.status_code == 403


@pytest.mark.parametrize("path", ["", "/explain/update", "/say/respond"])
async def test_whoever_is_not_of_our_own_sees_no_page_of_a_case(pages: Pages, path: str) -> None:
    number = await pages.record(title="Secret of acme")
    await pages.sign_in("Kim Ng", "customer", tenant="globex")
    shown = await pages.get(f"/cases/{number}{path}")
    assert shown.status_code in (403, 404)
    assert "Secret of acme" not in shown.text


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in _NOT_SAID_HERE])
def test_every_field_of_a_verb_is_asked_for_in_a_way_that_fits_it(verb: Verb) -> None:
    fields = {one.path: one for one in fields_of(verb)}
    asked = {path.partition(".")[0] for path in fields}
    stamps = {"actor", "received_at", "request_id", "expected_version", "automatic"}
    if verb is not Verb.PROVIDE_INFORMATION:
        stamps |= set(FILES)  # given by a form of their own
    assert asked == set(verb.model.model_fields) - stamps
    required = {name for name, field in verb.model.model_fields.items() if field.is_required()} - stamps
    assert {one.path for one in fields.values() if one.is_required} == required
    if "text" in fields:
        assert fields["text"].input is Input.TEXT
