"""Cases are found by whatever somebody knows of them, in both databases alike."""

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import text

from activities.store.case_search import Found, FoundCase, Search
from activities.store.case_store import CaseStore
from domain.finding import FoundBy
from domain.messages.case import Contact
from domain.naming import case_number
from domain.phase import Phase
from domain.record import RecordBatch, row_of
from domain.tenants import Verification
from tests.activities.builders import HOUR, whole_case

HOSTILE = [
    '"',
    "'",
    "printer' OR 1=1 --",
    'title : "printer" AND NOT',
    "NEAR(printer outlook, 2)",
    "printer AND",
    "OR OR OR",
    "^printer* + -",
    "{title} : x",
    "(((",
    "a:*B & !c | <->",
    "\\' :* \\",
    "%",
    "_",
    "*",
    "NUL\x00after",
    "lone \ud800 surrogate",
    "\u202eright to left",
    "\N{SLIGHTLY SMILING FACE}\ufe0f\u200d\N{SLIGHTLY SMILING FACE}",
    "\U000e0041\U0010fffd",
    "a" * 10_000,
    "lost mail " * 1_000,
    "sr-" * 3_000,
    "0" * 5_000,
    "()+- " * 2_000,
    "@" * 4_000,
    ":name %(name)s {0} $1 ?",
]


async def keep(store: CaseStore, reference: str, **said: Any) -> str:
    """Record an open case as its workflow does, and return its number."""
    row, said = said.pop("row", {}), {"title": "Outlook asks for the password", **said}
    case, entries = await whole_case(reference)
    contact = case.request.contact.model_copy(update=said.pop("contact", {}))  # type: ignore[union-attr]
    request = case.request.model_copy(update={"contact": Contact.model_validate(contact), **said})
    case = case.model_copy(update={"request": request})
    file = f'{{"rules": 4, "case": {case.model_dump_json()}}}'
    batch = RecordBatch(row=row_of(case).model_copy(update=row), entries=entries, life=reference, file=file)
    await store.record(batch)
    return case.number


async def found(store: CaseStore, words: str, **more: Any) -> list[str]:
    """The references of the cases that are found, in their order."""
    return [one.row.reference for one in (await store.search(Search(text=words, **more))).cases]


async def only(store: CaseStore, words: str) -> FoundCase:
    answer: Found = await store.search(Search(text=words))
    assert (len(answer.cases), answer.total) == (1, 1), answer
    return answer.cases[0]


async def test_a_case_is_found_by_its_number_however_it_is_spelled(store: CaseStore) -> None:
    number = await keep(store, "INC-1")
    await keep(store, "INC-2")
    body = number.removeprefix("SR-")
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isalnum() else char for char in number)
    for spelled in (
        number,
        number.lower(),
        body,
        body.replace("-", ""),
        number.replace("-", " "),
        number.replace("-", "\N{EN DASH}"),
        wide,
        f"[{number}]",
        f"Re: [{number}] Outlook asks",
        number.replace("0", "O").replace("1", "l"),
        number[:9],
    ):
        one = await only(store, spelled)
        assert one.row.number == number, spelled
        assert one.marks[0].by is FoundBy.NUMBER


async def test_a_misheard_number_is_said_to_be_one(store: CaseStore) -> None:
    number = await keep(store, "INC-1")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    answer = await store.search(Search(text=wrong))
    assert answer.total == 0
    assert answer.misheard == (wrong.removeprefix("SR-").replace("-", "").lower(),)


@pytest.mark.parametrize("kept", ["+61 2 9374 4000", "02 9374 4000", "+61 (0)2 9374-4000", "0061293744000"])
async def test_a_telephone_is_found_however_it_is_written(store: CaseStore, kept: str) -> None:
    await keep(store, "INC-1", contact={"phone": kept})
    await keep(store, "INC-2", contact={"phone": "+61 2 9374 4001"})
    for spelled in (
        "+61 2 9374 4000",
        "+61293744000",
        "0061 2 9374 4000",
        "0011 61 2 9374 4000",
        "(02) 9374-4000",
        "02.9374.4000",
        "9374 4000",
        "02 9374 4000 ext. 12",
        "+61 (0)2 9374 4000",
        "\uff10\uff12 9374 4000",
    ):
        one = await only(store, spelled)
        assert one.row.reference == "INC-1", spelled
        assert one.marks[0].by is FoundBy.TELEPHONE
        assert one.marks[0].text == kept


async def test_a_case_is_found_by_what_its_people_are_reached_and_known_by(store: CaseStore) -> None:
    await keep(
        store,
        "INC 00-4711",
        tenant="acme",
        contact={"name": "Zo\u00eb M\u00fcller", "email": "zoe.mueller@harbour.example"},
        tenant_company="Harbour Foods Pty Ltd",
        tenant_domain="harbourfoods.example",
        customer_reference="CUST/2026/0099",
    )
    await keep(store, "other")
    for words, by in {
        "ZOE.MUELLER@Harbour.example": FoundBy.MAIL,
        "<mailto:zoe.mueller@harbour.example>": FoundBy.MAIL,
        "zoe.mueller@": FoundBy.MAIL,
        "@harbour.example": FoundBy.MAIL,
        "harbour foods pty ltd": FoundBy.COMPANY,
        "harbour": FoundBy.COMPANY,
        "harbourfoods.example": FoundBy.COMPANY,
        "inc004711": FoundBy.REFERENCE,
        "cust-2026-0099": FoundBy.REFERENCE,
        "zoe muller": FoundBy.PERSON,
    }.items():
        one = await only(store, words)
        assert one.row.reference == "INC 00-4711"
        assert by in {mark.by for mark in one.marks}, words


async def test_words_are_found_begun_accented_and_in_any_script(store: CaseStore) -> None:
    await keep(store, "one", title="Le caf\u00e9 Wi-Fi tombe", explanation="Printer spooler crashes daily.")
    await keep(store, "two", title="\u30d1\u30b9\u30ef\u30fc\u30c9\u3092\u5fd8\u308c\u305f", explanation="-")
    for words in ("cafe", "CAF\u00c9 tombe", "wi-fi", "spool", "print crash", "daily cafe"):
        assert await found(store, words) == ["one"], words
    assert await found(store, "\u30ef\u30fc\u30c9") == ["two"]
    assert await found(store, "\u5fd8\u308c") == ["two"]
    assert await found(store, "\u308c\u5fd8") == []
    assert await found(store, "cafe password") == []


async def test_nearly_spelled_words_are_found_where_nothing_is_spelled_so(store: CaseStore) -> None:
    await keep(store, "one", title="Printer spooler crashes")
    await keep(store, "two", title="Print queue")
    for words in ("pritner", "rpinter", "prnter", "printre crahes", "spoolre"):
        answer = await store.search(Search(text=words))
        assert [one.row.reference for one in answer.cases] == ["one"], words
        assert answer.nearly
        assert answer.cases[0].marks[0].nearly
    assert await found(store, "print") == ["two", "one"]
    assert await found(store, "zebra") == []


async def test_what_fits_best_comes_first_then_open_cases_then_the_latest(store: CaseStore) -> None:
    number = await keep(store, "text", title="Mail", explanation="The gateway is slow.")
    first, _ = await whole_case("text")
    later = {"received_at": first.received_at + HOUR}
    await keep(store, "older", title="Gateway down")
    await keep(store, "newer", title="Gateway slow", row=later)
    await keep(store, "closed", title="Gateway gone", row={**later, "phase": Phase.CLOSED})
    await keep(store, "begun", title="Gateways everywhere", row=later)
    await keep(store, "company", title="Mail", tenant_company="Gateway Ltd")
    await keep(store, "known", title="Mail", customer_reference="Gateway")
    order = ["known", "company", "newer", "older", "closed", "begun", "text"]
    assert await found(store, "gateway") == order
    pages = [await found(store, "gateway", limit=3, offset=at) for at in (0, 3, 6, 9)]
    assert [one for page in pages for one in page] == order
    answer = await store.search(Search(text="gateway", limit=2))
    assert (answer.total, answer.open) == (7, 6)
    assert await found(store, "gateway", open_only=True) == [one for one in order if one != "closed"]
    assert await found(store, number) == ["text"]


async def test_a_tenants_search_sees_no_other_tenant(store: CaseStore) -> None:
    mine = {"tenant": "acme", "title": "Printer jammed"}
    await keep(store, "mine", row={"tenant": "acme"}, **mine)
    number = await keep(store, "theirs", row={"tenant": "globex"}, tenant="globex", title="Printer on fire")
    assert await found(store, "printer", tenant="acme") == ["mine"]
    for words in (number, "fire", "globex", "theirs", "frie"):
        answer = await store.search(Search(text=words, tenant="acme"))
        assert (answer.cases, answer.total, answer.open, answer.nearly) == ((), 0, 0, False)
    assert set(await found(store, "printer")) == {"mine", "theirs"}


@pytest.mark.covers("O365-10", "O365-11")
async def test_what_proves_who_somebody_is_finds_nothing(store: CaseStore) -> None:
    secret = Verification(admin_name="Quetzalcoatl", alternate_email="hidden@secret.example")
    await keep(store, "one", access_id="AX-990017", verification=secret)
    for words in ("AX-990017", "990017", "Quetzalcoatl", "hidden@secret.example"):
        assert await found(store, words) == []


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_whatever_is_typed_is_only_text(own_store: CaseStore, words: str) -> None:
    await _only_text(own_store, words)


async def test_whatever_is_typed_is_only_text_in_both_databases(store: CaseStore) -> None:
    for words in HOSTILE:
        await _only_text(store, words)


async def _only_text(store: CaseStore, words: str) -> None:
    await keep(store, "mine", title="Nothing of the kind")
    answer = await store.search(Search(text=words))
    assert answer.total == len(answer.cases) == 0
    kept = words.encode(errors="replace").decode()
    await keep(store, "odd", title=kept, explanation=kept, contact={"name": kept})
    assert await found(store, "nothing kind") == ["mine"]


async def test_text_without_a_word_is_said_to_be_empty(own_store: CaseStore) -> None:
    await keep(own_store, "one")
    for words in ("", "  ", "'\"%*()", "\x00"):
        answer = await own_store.search(Search(text=words))
        assert (answer.total, answer.is_empty) == (0, True)
    assert not (await own_store.search(Search(text="zebra"))).is_empty


async def test_what_a_case_is_found_by_follows_the_case(store: CaseStore) -> None:
    await keep(store, "one", title="Printer jammed", contact={"phone": "+61 2 9374 4000"})
    await keep(store, "one", title="Scanner jammed", row={"version": 9})
    await keep(store, "one", title="Fax jammed", row={"version": 8})
    assert await found(store, "scanner") == ["one"]
    assert await found(store, "printer") == await found(store, "9374 4000") == await found(store, "fax") == []
    case, _ = await whole_case("one")
    await store.record(RecordBatch(row=row_of(case).model_copy(update={"version": 10})))
    assert await found(store, "scanner") == ["one"]


async def test_the_migration_finds_what_was_there_before_it(store: CaseStore, store_url: str) -> None:
    numbers = [await keep(store, f"INC-{number}", title=f"Printer {number}") for number in range(3)]
    case, entries = await whole_case("over", title="Scanner lost")
    await store.record(RecordBatch(row=row_of(case), entries=entries, case=case))
    lone, _ = await whole_case("alone", title="Fax lost")
    await store.record(RecordBatch(row=row_of(lone)))
    known = ("served_by", "browser_sessions", "sign_in_links", "api_keys", "people", "audit")
    later = (*known, "answered_requests", "event_order", "drafts", "webhook_posts", "case_links")
    later = (*later, "told_promises", "contents", "case_moments", "centre_past", "past_kept")
    later = (*later, "fired_clocks")
    async with store.writing() as connection:
        for table in ("case_words", "case_keys", "case_search", "known_words", *later):
            await connection.execute(text(f"drop table {table}"))
        for index in (
            "ix_delivery_ledger_status_begun_at",
            "ix_timeline_entries_case_id_by_kind_at",
            "ix_timeline_entries_counted",
        ):
            await connection.execute(text(f"drop index {index}"))
        await connection.execute(text("drop index ix_cases_board"))
        await connection.execute(
            text("create index ix_cases_phase_region_assignee on cases (phase, region, assignee)")
        )
        for column in ("owed_clock", "owed_at", "acted_at", "private_to"):
            await connection.execute(text(f"alter table cases drop column {column}"))
        await connection.execute(text("alter table case_files drop column facts"))
        for column in ("by_kind", "by_role", "door", "request_id"):
            await connection.execute(text(f"alter table timeline_entries drop column {column}"))
        await connection.execute(text("update alembic_version set version_num = '0012'"))
    await store.close()
    again = await CaseStore.open(store_url)
    assert sorted(await found(again, "printer")) == ["INC-0", "INC-1", "INC-2"]
    assert await found(again, numbers[1]) == ["INC-1"]
    assert await found(again, "kim@customer.example", limit=9) != []
    assert await found(again, "scanner") == ["over"]
    assert await found(again, "fax") == ["alone"]
    assert await found(again, case_number(lone.id)) == ["alone"]
    await again.close()


def test_the_index_is_written_by_no_command_that_reads() -> None:
    """`sunrelay find` pays for no alembic."""
    code = "import sys, activities.store.case_store; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
