"""Everything said in a request is seen by each reader it is for, and by nobody else.

The fields are walked, so that a new one without a reader, or a stated reason, fails here.
"""

import json
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from pydantic import BaseModel
from rich.console import Console

from activities.store.case_store import CaseStore
from activities.words.letters import Words
from domain.case import Case
from domain.case_step import open_case
from domain.decision import Accepted
from domain.effects import EffectKind
from domain.messages.request import ProvideInformation, Submit
from domain.said import ROWS, Reader, Row
from domain.terms import Terms
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.staff import view
from policies import load_policy
from starter.cli.pages import case as case_page
from starter.cli.pages import report as report_page
from starter.cli.pages.timeline import entries as timeline_page
from starter.desk.fake_vendor import FakeVendor
from starter.door.case_reader import Seen
from starter.reports.html import report_html
from starter.reports.incident_report import make_report
from tests.activities.mail_system import MailSystem
from tests.activities.vendor_desk import TOKEN, Moods, VendorDesk, config_file
from tests.domain.cases import MINUTE, MOST_STATE, TUESDAY, Story, opened, policy_with, terms
from tests.domain.vendor_desk import ESCALATION, LINA
from tests.people import ANA, KIM

SAID_LATER = TUESDAY + 10 * MINUTE


class Mark(NamedTuple):
    """What is put into a field, and by which of its traces it is found."""

    value: Any
    traces: tuple[str, ...] = ()


def mark(value: Any, *traces: str) -> Mark:
    return Mark(value, traces)


SPECIAL: dict[str, Mark] = {
    "actor.kind": mark("staff"),
    "actor.name": mark("Mark Opener", "Mark Opener"),
    "actor.role": mark("engineer"),
    "actor.tier": mark("L1"),
    "actor.tenant": mark(None),
    "actor.region": mark("sydney"),
    "actor.door": mark(None),
    "contact.phone": mark("+61 2 4444 0101", "+61 2 4444 0101"),
    "contact.email": mark("mark.mail@partner.example", "mark.mail@partner.example"),
    "contact.webhook": mark("https://hooks.example/mark-hook", "https://hooks.example/mark-hook"),
    "contact.availability.zone": mark("Europe/Oslo", "Europe/Oslo"),
    "contact.availability.start": mark("09:13", "09:13"),
    "contact.availability.end": mark("17:14", "17:14"),
    "onset_at": mark("2027-06-14T22:31:00+00:00", ":31"),
    "start_at": mark("2027-06-16T00:32:00+00:00", ":32"),
    "access.window_start": mark("2027-06-16T00:33:00+00:00", ":33"),
    "access.window_end": mark("2027-06-16T00:34:00+00:00", ":34"),
    "received_at": mark(TUESDAY.isoformat(), "2027-06-15", "June 15, 2027", "15 June 2027"),
    "users_affected": mark(4711, "4711"),
    "users_affected_percent": mark(37.25, "37.25"),
    "tenant_domain": mark("mark-dom.example", "mark-dom.example"),
    "onmicrosoft_domain": mark("mark-ms.onmicrosoft.com", "mark-ms.onmicrosoft.com"),
    "affected_users": mark(["mark-one", "mark-two"], "mark-two"),
    "screenshots": mark(
        [{"reference": "mark-s:shot.png", "name": "mark-shot", "size": 52_000}],
        "mark-shot (52 kB), mark-s:shot.png",
        '"reference": "mark-s:shot.png", "name": "mark-shot", "size": 52000',
    ),
    "attachments": mark(
        ["mark-a:x", {"reference": "mark-a:log.zip", "size": 1_230_000}],
        "log.zip (1.2 MB), mark-a:log.zip",
        '"reference": "mark-a:log.zip", "name": "log.zip", "size": 1230000',
    ),
    "country": mark("NZ"),
    "zone": mark("Pacific/Auckland", "Pacific/Auckland"),
    "start_zone": mark("Asia/Manila", "Asia/Manila"),
    "language": mark("mi"),
    "channel": mark("portal", "portal"),
    "impact": mark("high"),
    "urgency": mark("low"),
    "access.kind": mark("site_access"),
    "request_id": mark("mark-request-id", "mark-request-id"),
    "plan": mark("mark-plan", "mark-plan"),
    "expected_version": mark(471_147, "471147"),
    "take": mark(None),
    "imported": mark(None),
    "linked_to": mark(None),
}
"""What has a form of its own; any other text gets a mark by itself. What has none has tests of its own."""


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The records within an annotation, through options, lists and what pydantic adds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def leaves(model: type[BaseModel], outer: str = "") -> Iterator[tuple[str, Any]]:
    """Every field that is no record itself, by its path; a file is one field."""
    for name, field in model.model_fields.items():
        path = f"{outer}{name}"
        inner = _models(field.annotation)
        if inner and path not in ("screenshots", "attachments"):
            yield from leaves(inner[0], f"{path}.")
        else:
            yield path, field.annotation


def _marked(said: dict[str, Mark]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for path, mark in said.items():
        *outer, last = path.split(".")
        place = whole
        for name in outer:
            place = place.setdefault(name, {})
        if mark.value is not None:
            place[last] = mark.value
    return whole


def marks(model: type[BaseModel]) -> dict[str, Mark]:
    numbers = count(1)
    found = {}
    for path, annotation in leaves(model):
        if path in SPECIAL:
            found[path] = SPECIAL[path]
        elif bool in get_args(annotation) or annotation is bool:
            found[path] = mark(True)
        else:
            text = f"mark{next(numbers)}{path.replace('.', '').replace('_', '')}"
            found[path] = mark([text] if "tuple" in str(annotation) else text, text)
    return found


def row_of(path: str) -> Row:
    """The row of a field, or of what it is a part of."""
    rows = {row.path: row for row in ROWS}
    parts = path.split(".")
    found = next(
        (rows[name] for end in range(len(parts), 0, -1) if (name := ".".join(parts[:end])) in rows), None
    )
    assert found is not None, (
        f"{path}: who reads it? Give it a row in domain/said.py, or the reason why nobody"
    )
    return found


def anything_goes() -> Terms:
    """What a case is held to where every word is taken: the test is about who reads it."""
    free: dict[str, Any] = {
        "categories": {},
        "support_types": (),
        "subscription_families": (),
        "required": (),
    }
    policy = policy_with("intake", **free, update_channels=())
    dedicated = load_policy("o365-dedicated").organisation.physical_access
    held = terms(policy=policy)
    assert held.vendor is not None
    vendor = held.vendor.model_copy(update={"opens_tickets": True})
    return held.model_copy(
        update={"physical_access": dedicated, "vendor": vendor, "plan": SPECIAL["plan"].value}
    )


def story(**changes: Any) -> Story:
    said = _marked(marks(Submit)) | changes
    decision = open_case(Submit.model_validate(said), anything_goes(), TUESDAY)
    assert isinstance(decision, Accepted), decision
    found = Story(decision.case)
    found.adopt(decision)
    return found


def printed(page: Any, width: int = 200) -> str:
    console = Console(width=width, record=True, color_system=None)
    with console.capture() as captured:
        console.print(page)
    return captured.get()


def flat(text: str) -> str:
    return " ".join(text.split())


def is_in(text: str, path: str, mark: Mark) -> bool:
    """Whether a field is found: by its mark, else as a value behind its label or its path."""
    if mark.traces:
        return any(trace in text for trace in mark.traces)
    value = "yes" if mark.value is True else str(mark.value).replace("_", " ")
    if path.startswith("actor."):
        return value in text
    label = row_of(path).label
    said = (f"{label}{sign}{value}" for sign in (" ", ": "))
    titled = f"{label[0].upper()}{label[1:]}</dt><dd>{value}"
    return any(one in text for one in (*said, titled, f'"{path}": {json.dumps(mark.value)}'))


def outputs(told: Story) -> Iterator[tuple[Reader, str, str]]:
    """Everything that shows a case without a server: for whom, what it is, and its text."""
    case = told.case
    yield Reader.STAFF, "view", json.dumps(view(case).model_dump(mode="json"))
    yield Reader.CUSTOMER, "customer_view", json.dumps(customer_view(case).model_dump(mode="json"))
    yield Reader.STAFF, "show", flat(printed(case_page.staff(view(case), "it")))
    yield Reader.CUSTOMER, "show --as customer", flat(printed(case_page.customer(customer_view(case), "it")))
    for reader, whole in ((Reader.STAFF, True), (Reader.CUSTOMER, False)):
        shown = [entry for entry in told.entries if whole or not entry.internal]
        report = make_report(Seen(view=view(case), source="it"), tuple(shown), (), whole=whole)
        yield reader, f"report of {reader}", flat(printed(report_page.report_lines(report)))
        yield (
            reader,
            f"report page of {reader}",
            flat(report_html(report)).replace(' class="text" dir="auto"', ""),
        )
        yield reader, f"report as JSON of {reader}", json.dumps(report.model_dump(mode="json"))


def letters(told: Story) -> Iterator[tuple[Reader, str, str]]:
    """What whoever of ours takes the case up is told."""
    told.say("hand_off", TUESDAY + MINUTE, ANA, to="manila", reason="Their day begins")
    (new,), (note,) = told.told(EffectKind.NEW_CASE), told.told(EffectKind.HANDOFF_NOTE)
    offer = note.model_copy(update={"kind": EffectKind.HANDOFF_OFFER})
    for effect in (new, note, offer):
        wording = Words().render(effect)
        yield Reader.TAKER, effect.kind, flat(f"{wording.subject} {wording.text}")


def check(path: str, mark: Mark, shown: list[tuple[Reader, str, str]]) -> list[str]:
    """What is wrong: a reader who does not see a field that is for them, or sees one that is not."""
    row = row_of(path)
    wrong = []
    for reader, what, text in shown:
        found = mark.value is None or is_in(text, path, mark)
        if reader not in row.withheld and not found:
            wrong.append(f"{path} is not in the {what}")
        if reader in row.withheld and mark.traces and found and path not in _SAID_BESIDES.get(reader, ()):
            wrong.append(f"{path} is in the {what}: {row.withheld[reader]}")
    return wrong


_SAID_BESIDES: dict[Reader, tuple[str, ...]] = {
    Reader.STAFF: ("request_id",),
    Reader.CUSTOMER: ("actor.name", "tenant", "policy", "request_id"),
    Reader.TAKER: ("policy",),
}
"""What a case says by itself: who opened it stands in the timeline, and by which request of theirs; a report
names tenant and policy."""


def test_every_field_has_a_row_with_its_readers_or_the_reason_why_not() -> None:
    paths = {path for model in (Submit, ProvideInformation) for path, _ in leaves(model)}
    for path in paths:
        row = row_of(path)
        assert all(len(why) > 10 for why in row.withheld.values()), path
        assert Reader.STAFF not in row.withheld or set(row.withheld) == set(Reader), path
    outer = {path.rsplit(".", end)[0] for path in paths for end in range(3)}
    assert {row.path for row in ROWS} <= outer | paths, "a row of no field"
    assert len({row.label for row in ROWS}) == len(ROWS), "two fields of one name"


@pytest.mark.covers("RHIPE-46", "O365-21", "DED-06")
def test_each_reader_sees_every_field_that_is_for_them_and_no_other() -> None:
    told = story()
    shown = [*outputs(told), *letters(told)]
    wrong = [fault for path, mark in marks(Submit).items() for fault in check(path, mark, shown)]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
async def vendor() -> AsyncIterator[FakeVendor]:
    running = FakeVendor(TOKEN, Moods())
    await running.start()
    yield running
    await running.stop()


@pytest.mark.covers("RHIPE-49", "CSS-03")
async def test_the_vendor_s_ticket_says_what_a_vendor_needs_and_nothing_else(
    own_store: CaseStore, mail_system: MailSystem, vendor: FakeVendor, tmp_path: Path
) -> None:
    told = story()
    told.say("respond", TUESDAY + MINUTE, LINA, text="We look into it.")
    escalation = {**ESCALATION, "vendor_reference": None}
    decision = told.say("escalate_to_vendor", TUESDAY + 2 * MINUTE, LINA, **escalation)
    assert isinstance(decision, Accepted), decision
    (ticket,) = told.told(EffectKind.VENDOR_TICKET)
    desk = VendorDesk(own_store, mail_system.port, vendor_config=config_file(tmp_path, vendor.url))
    await desk.tell(ticket)
    (arrived,) = vendor.tickets
    body = flat(json.dumps(arrived.said, ensure_ascii=False).replace("\\n", " "))
    shown = [(Reader.VENDOR, "ticket", body)]
    wrong = [fault for path, mark in marks(Submit).items() for fault in check(path, mark, shown)]
    assert not wrong, "\n".join(wrong)
    assert "Mark Opener" not in body


@pytest.mark.covers("RHIPE-46", "CONF-10")
def test_what_is_given_later_is_seen_with_who_and_when_and_what_it_replaces() -> None:
    told = opened(partner_legal_name=None, tenant_company="Before Ltd", screenshots=("first.png",))
    free = anything_goes().rules.intake.model_copy(update={"required": ("explanation",)})
    held = told.case.terms.model_copy(
        update={"rules": told.case.terms.rules.model_copy(update={"intake": free})}
    )
    told.case = told.case.model_copy(update={"terms": held})
    given = {path: mark for path, mark in marks(ProvideInformation).items() if not path.startswith("actor.")}
    said = _marked(given) | {"received_at": SAID_LATER, "automatic": False}
    said["expected_version"] = told.case.version
    decision = told.say("provide_information", SAID_LATER, KIM, **said)
    assert isinstance(decision, Accepted), decision
    (entry,) = told.happened(EntryKind.INFORMATION_PROVIDED)
    assert (entry.by, entry.at, entry.internal) == ("Kim Ng", SAID_LATER, False)
    (letter,) = told.told(EffectKind.CUSTOMER_REPLIED)
    pages = [
        (Reader.CUSTOMER, "timeline", flat(printed(timeline_page([entry])))),
        (Reader.TAKER, "letter", flat(Words().render(letter).text)),
        (Reader.STAFF, "show", flat(printed(case_page.staff(view(told.case), "it")))),
    ]
    stamps = ("received_at", "request_id", "automatic", "expected_version")
    paths = [path for path in given if path not in stamps]
    wrong = [fault for path in paths for fault in check(path, given[path], pages)]
    assert not wrong, "\n".join(wrong)
    assert entry.text is not None
    assert "(before: Before Ltd)" in entry.text
    assert "given by Kim Ng (partner, technical contact) 2027-06-15 00:10Z" in entry.text
    files = {file.reference: file.by for file in told.case.files}
    assert files["first.png"] == "Ana Reyes", "a file given before is kept, with who gave it"
    assert files["mark-s:shot.png"] == "Kim Ng"


def test_more_users_affected_is_in_the_timeline_with_how_many_there_were() -> None:
    told = opened(users_affected=12)
    told.say("update_scope", SAID_LATER, KIM, text="It spreads.", users_affected=40)
    (entry,) = told.happened(EntryKind.SCOPE_UPDATED)
    assert entry.text == "It spreads.\nusers affected: 40 (before: 12)"
    assert view(told.case).said["users_affected"] == 40


def test_what_proves_who_somebody_is_stands_nowhere_not_even_where_a_machine_sent_it() -> None:
    told = opened(partner_legal_name=None)
    proof = {"verification": {"admin_name": "secret-admin"}, "access_id": "secret-id"}
    told.say("provide_information", SAID_LATER, KIM, partner_legal_name="Acme", **proof)
    again = opened(partner_legal_name=None)
    again.say("provide_information", SAID_LATER, KIM, partner_legal_name="Acme", automatic=True, **proof)
    for one in (told, again):
        shown = [text for _, _, text in outputs(one)] + [entry.model_dump_json() for entry in one.entries]
        assert not any("secret" in text for text in shown)
        assert any("Acme" in text for text in shown)


def test_what_is_only_said_of_an_imported_or_a_following_case_is_seen_too() -> None:
    imported = dict(name_and_text[1:] for name_and_text in outputs(story(imported=True, start_at=None)))
    assert "imported yes" in imported["show"]
    assert "imported yes" not in imported["show --as customer"]
    following = story(linked_to="case-uemd3jd7ilgyz7dbyhmo")
    assert all("SR-M4C3-V93Z-4" in text for _, what, text in outputs(following) if "show" in what)
    assert following.case.files[0].by is None, "the files of the case it follows are not given anew"


@pytest.mark.covers("DED-19")
def test_a_part_of_what_was_missing_is_told_to_us_with_what_it_says() -> None:
    told = opened(contact=None, tenant_domain=None)
    told.say("provide_information", SAID_LATER, KIM, tenant_domain="harbourfoods.example")
    (letter,) = told.told(EffectKind.CUSTOMER_CHANGED)
    text = Words().render(letter).text
    assert "Kim Ng has sent some of what was missing" in text
    assert "    domain: harbourfoods.example" in text


def test_what_was_said_is_the_same_after_it_was_written_and_read() -> None:
    told = story()
    for record in (view(told.case), customer_view(told.case), told.case, *told.effects):
        assert type(record).model_validate_json(record.model_dump_json()) == record


def test_a_case_recorded_before_files_had_givers_reads_as_it_was() -> None:
    record = story(attachments=["store:old.log"], screenshots=[]).case.model_dump(mode="json")
    del record["givers"]
    old = Case.model_validate(record)
    assert [file.model_dump(exclude_none=True) for file in old.files] == [
        {"field": "attachments", "reference": "store:old.log", "name": "old.log"}
    ]
    assert "old.log, store:old.log" in flat(printed(case_page.staff(view(old), "it")))


def test_a_reference_with_neither_name_nor_size_is_the_same_request_however_it_is_written() -> None:
    plain, wordy = (story(attachments=[file]).case.request_digest for file in ("a:x", {"reference": "a:x"}))
    assert plain == wordy


def test_a_case_names_twenty_five_files_of_a_kind_and_says_what_to_do_with_more() -> None:
    told = opened(partner_legal_name=None, attachments=tuple(f"store:{number}" for number in range(20)))
    more = [f"store:more-{number}" for number in range(6)]
    refused = told.refused("provide_information", SAID_LATER, KIM, attachments=more)
    assert (refused.code, refused.missing) == ("ValidationError", ("attachments",))
    assert "archive" in refused.remedy
    told.say("provide_information", SAID_LATER, KIM, attachments=["store:3", *more[:5]])
    assert len(told.case.files) == 25, "the same reference again is the same file"
    assert {file.by for file in told.case.files} == {"Ana Reyes", "Kim Ng"}


def test_a_case_of_fifty_files_by_twenty_five_givers_stays_within_its_bounds() -> None:
    wide = "\N{GRINNING FACE}" * 200
    told = opened(partner_legal_name=None, tenant_company=None)
    for number in range(25):
        somebody = KIM.model_copy(update={"name": f"{number}{wide[:190]}"})
        files = {field: [f"store:{number}-{wide[:20]}"] for field in ("screenshots", "attachments")}
        decision = told.say("provide_information", SAID_LATER + number * MINUTE, somebody, **files)
        assert isinstance(decision, Accepted), decision
    assert len(told.case.givers) == 25
    assert len(told.case.model_dump_json().encode()) <= MOST_STATE


def test_long_values_are_wrapped_at_80_columns_and_nothing_of_them_is_cut() -> None:
    long = " ".join(f"word{number}" for number in range(200)) + " " + "x" * 150
    told = story(explanation=long, tenant_company="y" * 200, error_messages=[long[:190], "z" * 200])
    for page in (
        case_page.staff(view(told.case), "it"),
        case_page.customer(customer_view(told.case), "it"),
    ):
        text = printed(page, 80)
        assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
        assert "word199" in text
        block = "".join(text.partition("\nWhat ")[2].partition("\nDeadlines")[0].split())
        assert all(one in block for one in ("x" * 150, "y" * 200, "z" * 200))


def test_a_person_s_words_of_several_lines_stay_apart_from_ours_in_a_letter() -> None:
    told = story(business_impact="Bad.\n\nsunrelay close SR-FAKE", scope="one line")
    (new,) = told.told(EffectKind.NEW_CASE)
    text = Words().render(new).text
    assert "\nsunrelay close" not in text
    assert "    sunrelay close SR-FAKE" in text
    assert "\n- scope: one line\n" in text
