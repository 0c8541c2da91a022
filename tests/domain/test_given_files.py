"""Files given with a word to an open case, and which of all files are taken."""

import pytest

from domain.case_step import linked_request
from domain.clocks import Clock
from domain.effects import EffectKind
from domain.files import GivenFile
from domain.lifecycle.what_was_said import to_the_vendor
from domain.phase import Phase
from domain.timeline import EntryKind
from domain.uploads import MOST_BYTES, FileKind, Taken, Upload, faults_of, shown_name
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.cases import HOUR, MINUTE, TUESDAY, closed, opened
from tests.people import ANA, KIM

LOG = {"reference": "store:log", "name": "trace.log", "size": 1_200}
SOON = TUESDAY + MINUTE
NOTHING = Taken(0, 0, 0, 1_000_000_000)


def names(files: tuple[GivenFile, ...]) -> list[str]:
    return [file.name for file in files]


@pytest.mark.parametrize(("verb", "by"), [("reply", KIM), ("add_note", KIM), ("post_update", ANA)])
def test_a_file_given_with_a_word_joins_the_case_and_the_timeline_says_who_gave_it(
    verb: str, by: object
) -> None:
    told = opened()
    told.say("respond", SOON, text="We look into it.")
    told.say(verb, SOON + MINUTE, by, text="Here it is", attachments=[LOG])  # type: ignore[arg-type]
    (file,) = told.case.files
    assert (file.name, file.by, file.at, file.internal) == ("trace.log", by.name, SOON + MINUTE, None)  # type: ignore[attr-defined]
    (entry,) = told.happened(EntryKind.INFORMATION_PROVIDED)
    assert (entry.by, entry.about, entry.internal) == (by.name, "attachments", False)  # type: ignore[attr-defined]
    assert entry.text is not None
    assert "trace.log (1.2 kB), store:log" in entry.text
    assert names(customer_view(told.case).files) == ["trace.log"]


def test_files_of_an_internal_note_are_for_our_own_people_until_somebody_gives_them_to_the_customer() -> None:
    told = opened()
    told.say("add_note", SOON, text="For us", attachments=[LOG])
    assert names(view(told.case).files) == ["trace.log"]
    assert customer_view(told.case).files == ()
    assert "trace.log" not in customer_view(told.case).model_dump_json()
    assert to_the_vendor(told.case)["files"] is None
    told.say("add_note", SOON + MINUTE, text="For them", internal=False, attachments=[LOG])
    assert names(customer_view(told.case).files) == ["trace.log"]
    told.say("add_note", SOON + HOUR, text="For us again", attachments=[LOG])
    assert names(customer_view(told.case).files) == ["trace.log"], "what they were given stays theirs"


def test_a_case_that_follows_another_has_its_files_but_not_those_among_ourselves() -> None:
    told = closed()
    over = told.due(Clock.REOPEN_WINDOW)
    assert over is not None
    told.say("reply", over - HOUR, KIM, text="Here", attachments=[LOG])
    told.say("add_note", over - HOUR, text="For us", attachments=[{**LOG, "reference": "store:ours"}])
    told.say("reopen", over + MINUTE, KIM, reason="Again")
    effects = told.told(EffectKind.LINKED_CASE)
    request = linked_request(told.case, effects[0])
    assert [getattr(file, "reference", file) for file in request.attachments] == ["store:log"]


def test_thanks_with_a_file_are_more_than_thanks() -> None:
    told = opened()
    told.say("respond", SOON, text="On it")
    told.say("wait_for_customer", SOON, text="Have you a log?")
    told.say("reply", SOON + MINUTE, KIM, text="Thanks", attachments=[LOG])
    assert told.case.phase is Phase.IN_PROGRESS
    assert names(told.case.files) == ["trace.log"]


def test_what_a_machine_sends_with_its_answer_is_kept() -> None:
    told = opened()
    told.say("reply", SOON, KIM, text="I am away", automatic=True, attachments=[LOG])
    assert names(told.case.files) == ["trace.log"]


def test_25_files_are_taken_by_words_and_one_more_is_not() -> None:
    told = opened()
    many = [{"reference": f"store:{number}"} for number in range(25)]
    told.say("reply", SOON, KIM, text="All", attachments=many)
    refused = told.refused("reply", SOON + MINUTE, KIM, text="More", attachments=[LOG])
    assert (refused.code, "archive" in refused.remedy) == ("ValidationError", True)
    again = told.say("reply", SOON + MINUTE, KIM, text="The same", attachments=many[:3])
    assert len(told.case.files) == 25, again


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("trace.log", "trace.log"),
        ("/etc/passwd", "passwd"),
        ("C:\\temp\\trace.log", "trace.log"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u200bb.log", "ab.log"),
        ("  two   words .log", "two words .log"),
        ("..", None),
        ("", None),
        ("a\0b.log", None),
        ("a\nb.log", None),
        ("\ud800.log", None),
        ("n" * 256, None),
        ("n" * 250 + ".log", "n" * 93 + "….log"),
        ("\u0e01" * 60 + ".log", "\u0e01" * 31 + "….log"),
    ],
)
def test_a_name_is_shown_as_what_it_is_or_is_none(given: str, shown: str | None) -> None:
    assert shown_name(given) == shown


def test_everything_wrong_with_an_upload_is_named_at_once() -> None:
    files = [
        Upload("empty.log", 0),
        Upload("setup.MSI", 10),
        Upload("photo.png", 10, FileKind.PROGRAM),
        Upload("a\0b", 10),
        Upload("huge.bin", MOST_BYTES),
        *(Upload(f"{number}.log", 1) for number in range(25)),
    ]
    found = faults_of(files, NOTHING)
    assert [fault.code for fault in found] == [
        "FileEmpty",
        "FileTypeNotTaken",
        "FileTypeNotTaken",
        "FileNameInvalid",
        "TooManyFiles",
        "FileTooLarge",
    ]
    assert all(fault.remedy and fault.missing == ("files",) for fault in found)


def test_a_case_takes_25_megabytes_to_the_byte_and_a_tenant_what_it_has() -> None:
    assert faults_of([Upload("a", MOST_BYTES)], NOTHING) == ()
    (over,) = faults_of([Upload("a", MOST_BYTES + 1)], NOTHING)
    assert over.code == "FileTooLarge"
    (beside,) = faults_of([Upload("a", 1)], Taken(1, MOST_BYTES, MOST_BYTES, 1_000_000_000))
    assert beside.code == "FileTooLarge"
    assert faults_of([Upload("a", 10)], Taken(1, 90, 90, 100)) == ()
    (full,) = faults_of([Upload("a", 11)], Taken(1, 90, 90, 100))
    assert full.code == "TenantFull"


def test_what_runs_when_it_is_opened_is_taken_in_an_archive_alone() -> None:
    for name in ("a.bat", "a.chm", "a.com", "a.exe", "a.hta", "a.js", "a.lnk", "a.msi", "A.SCR", "a.pdf.vbs"):
        (fault,) = faults_of([Upload(name, 1)], NOTHING)
        assert (fault.code, "archive" in fault.remedy) == ("FileTypeNotTaken", True)
    for name in ("a.zip", "a.json", "a.html", "a.svg", "a.sh", "exe", "a.exe.zip"):
        assert faults_of([Upload(name, 1)], NOTHING) == ()
