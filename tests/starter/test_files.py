"""Files of a case: whoever may see it gives and fetches them, and nothing anybody sends does any harm."""

import base64
import gzip
import hashlib
import io
import re
import socket
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.starter.api_client import Api
from tests.starter.conftest import Commands, eventually
from tests.starter.files_given import BOUNDARY, body_of, fetch, give, ids_of, told_of
from tests.starter.test_board_case_live import Browser
from tests.starter.typed_verbs import CUSTOMER, ENGINEER
from tests.starter.ways import WAYS, Ways

LOG = b"2027-01-05 09:00 it began\n"
OURS, THEIRS = "Harbour Foods", "Reef Tours"
KIM, ROB = "Kim of Harbour", "Rob of Reef"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)
MOST = 25_000_000
_CASES = count(1)


@pytest.fixture(scope="module")
def api(api: Api) -> Api:
    api.key(KIM, "customer", OURS)
    api.key(ROB, "customer", THEIRS)
    return api


@pytest.fixture(scope="module")
def ways(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Ways:
    """The desk of the API, and somewhere else."""
    return Ways(api.run, Commands(tmp_path_factory.mktemp("elsewhere"), None), api)


@pytest.fixture(scope="module")
def folder(api: Api) -> Path:
    return api.run.home / "contents"


@pytest.fixture
def case(api: Api) -> str:
    return str(api.open(f"FILES-{next(_CASES)}", OURS)["number"])


@pytest.fixture(scope="module")
def named(api: Api) -> str:
    """A case for files of all names."""
    return str(api.open("FILES-NAMED", OURS)["number"])


@pytest.fixture(scope="module")
def shared(api: Api) -> str:
    """A case for what is refused, and leaves it as it is."""
    return str(api.open("FILES-SHARED", OURS)["number"])


@pytest.fixture
def left(folder: Path) -> Iterator[set[str]]:
    """What lies in the folder before a test; nothing more may lie there after it."""
    before = _in(folder)
    yield before
    assert _in(folder) == before


def _in(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def test_a_file_a_customer_gives_is_fetched_whole_and_the_timeline_says_who_gave_it(
    api: Api, case: str, folder: Path
) -> None:
    given = give(api, case, ("trace.log", LOG, "application/x-evil"), as_=KIM)
    (file_id,) = ids_of(given)
    record = given.json()["files"][0]
    assert record == {
        "id": file_id,
        "reference": f"store:{file_id}",
        "name": "trace.log",
        "size": len(LOG),
        "media_type": "text/plain",
        "sha256": hashlib.sha256(LOG).hexdigest(),
    }
    for who in (KIM, "Mia Chen"):
        (entry,) = told_of(api, case, who)
        assert (entry["by"], entry["by_kind"], entry["door"], entry["internal"]) == (
            KIM,
            "customer",
            "api",
            False,
        )
        assert "trace.log (26 bytes)" in entry["text"]
        answer = fetch(api, case, file_id, who)
        assert (answer.status_code, answer.content) == (200, LOG)
    assert oct((folder / file_id).stat().st_mode)[-3:] == "600"
    assert oct(folder.stat().st_mode)[-3:] == "700"


def test_what_is_fetched_is_kept_by_a_browser_and_never_shown(api: Api, case: str) -> None:
    (file_id,) = ids_of(give(api, case, ("a'; x=\u65e5\u672c.png", PNG)))
    headers = fetch(api, case, file_id).headers
    assert headers["content-disposition"].startswith('attachment; filename="a')
    assert "filename*=UTF-8''a%27%3B%20x%3D" in headers["content-disposition"]
    assert "%E6%97%A5%E6%9C%AC.png" in headers["content-disposition"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["cache-control"] == "private, no-store"
    assert headers["content-type"] == "image/png"
    digest = base64.b64decode(headers["repr-digest"].split(":")[1])
    assert digest == hashlib.sha256(PNG).digest()


def test_of_what_our_people_give_each_other_a_customer_sees_and_fetches_nothing(api: Api, case: str) -> None:
    (ours,) = ids_of(give(api, case, ("inside.log", LOG)))
    (public,) = ids_of(give(api, case, ("for-you.log", LOG), internal="false"))
    assert fetch(api, case, ours).status_code == 200
    assert (fetch(api, case, ours, KIM).status_code, fetch(api, case, public, KIM).status_code) == (404, 200)
    assert "inside.log" not in api.get(f"/v1/cases/{case}", as_=KIM).text
    assert "inside.log" not in api.get(f"/v1/cases/{case}/timeline", as_=KIM).text
    assert "inside.log" in api.get(f"/v1/cases/{case}").text
    shown = api.post(
        f"/v1/cases/{case}/notes",
        {
            "text": "Have it too",
            "internal": False,
            "attachments": [{"reference": f"store:{ours}", "name": "x"}],
        },
    )
    assert shown.status_code == 200
    eventually(lambda: fetch(api, case, ours, KIM).status_code == 200)


def test_a_file_is_there_for_nobody_of_another_company_and_at_no_other_case(api: Api, case: str) -> None:
    other = str(api.open("FILES-OTHER", THEIRS)["number"])
    (file_id,) = ids_of(give(api, case, ("secret.log", LOG), as_=KIM))
    (own,) = ids_of(give(api, other, ("own.log", LOG), as_=ROB))
    guessed = "a" * 26
    for asked in (case, other):
        answers = [fetch(api, asked, one, ROB) for one in (file_id, guessed, "..%2f..%2fcases.db")]
        assert {one.status_code for one in answers} == {404}
    assert fetch(api, other, file_id).json()["code"] == "FileNotFound", (
        "not even for staff, at the wrong case"
    )
    assert give(api, case, ("x.log", LOG), as_=ROB).json()["code"] == "CaseNotFound"
    named = api.post(
        f"/v1/cases/{other}/replies", {"text": "Mine", "attachments": [f"store:{file_id}"]}, as_=ROB
    )
    assert named.status_code == 200
    assert fetch(api, other, file_id, ROB).status_code == 404, "who names another's file does not have it"
    assert fetch(api, other, own, ROB).content == LOG


def test_a_request_that_is_repeated_gives_its_files_once(api: Api, case: str) -> None:
    first, again = (give(api, case, ("one.log", LOG), as_=KIM, key=f"once-{case}") for _ in range(2))
    assert ids_of(first) == ids_of(again)
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert len(told_of(api, case)) == 1
    other = give(api, case, ("one.log", b"else"), as_=KIM, key=f"once-{case}")
    assert (other.status_code, other.json()["code"]) == (422, "DuplicateRequestConflict")


def test_everything_wrong_with_files_is_said_at_once_and_none_of_them_is_kept(
    api: Api, shared: str, left: set[str]
) -> None:
    files = [
        ("good.log", LOG),
        ("empty.log", b""),
        ("run.EXE", b"text"),
        ("invoice.pdf", b"MZ\x90\0" + bytes(100)),
        ("nul\0.log", LOG),
        ("n" * 10_000, LOG),
        *((f"{number}.log", LOG) for number in range(20)),
    ]
    answer = give(api, shared, *files)
    told = answer.json()
    assert answer.status_code == 422
    assert [one["code"] for one in told["problems"]] == [
        "FileEmpty",
        "FileTypeNotTaken",
        "FileTypeNotTaken",
        "FileNameInvalid",
        "FileNameInvalid",
        "TooManyFiles",
    ]
    assert all(one["remedy"] for one in told["problems"])
    assert told_of(api, shared) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\shot.log", "shot.log"),
        ("invoice\u202egpj.log", "invoicegpj.log"),
        ("<script>alert(1)</script>.log", "script>.log"),
        (".log", "log"),
        ("\N{GRINNING FACE}" * 50 + ".log", "\N{GRINNING FACE}" * 23 + "….log"),
    ],
)
def test_a_hostile_name_is_a_name(api: Api, named: str, name: str, shown: str) -> None:
    answer = give(api, named, (name, LOG))
    assert answer.json()["files"][0]["name"] == shown
    assert "attachment;" in fetch(api, named, ids_of(answer)[0]).headers["content-disposition"]


def test_a_bomb_is_kept_as_the_small_file_it_is_and_never_opened(api: Api, case: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(50_000_000))
    bombs = [("bomb.zip", packed.getvalue()), ("bomb.gz", gzip.compress(bytes(50_000_000)))]
    answer = give(api, case, *bombs)
    assert [one["media_type"] for one in answer.json()["files"]] == ["application/zip", "application/gzip"]
    assert [one["size"] for one in answer.json()["files"]] == [len(content) for _, content in bombs]


def test_a_case_has_25_files_and_25_megabytes_and_not_one_more(api: Api, case: str, folder: Path) -> None:
    half = bytes(MOST // 2)
    ids_of(give(api, case, ("half.bin", half)))
    before = _in(folder)
    over = give(api, case, ("more.bin", half + b"x"))
    assert (over.status_code, over.json()["code"]) == (413, "FileTooLarge")
    assert _in(folder) == before
    ids_of(give(api, case, ("rest.bin", half)))
    assert give(api, case, ("a.log", b"x")).json()["code"] == "FileTooLarge"
    small = str(api.open("FILES-SMALL", OURS)["number"])
    ids_of(give(api, small, *((f"{one}.log", LOG) for one in range(25))))
    assert give(api, small, ("one.log", LOG)).json()["code"] == "TooManyFiles"


def test_a_form_far_beyond_every_bound_is_answered_and_leaves_nothing(
    api: Api, shared: str, left: set[str]
) -> None:
    answer = give(api, shared, ("huge.bin", bytes(MOST + 1)))
    assert (answer.status_code, answer.json()["code"]) == (413, "FileTooLarge")


def test_of_a_connection_that_breaks_in_the_middle_nothing_stays(
    api: Api, shared: str, left: set[str], folder: Path
) -> None:
    whole = body_of([("half.bin", bytes(3_000_000))])
    place = urlsplit(api.base)
    with socket.create_connection((place.hostname, place.port)) as line:
        head = (
            f"POST /v1/cases/{shared}/files HTTP/1.1\r\nHost: x\r\nIdempotency-Key: broken\r\n"
            f"Authorization: Bearer {api.key(KIM)}\r\nContent-Length: {len(whole)}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        line.sendall(head.encode() + whole[:2_000_000])
        eventually(lambda: _in(folder) - left, 20)
    eventually(lambda: _in(folder) == left, 20)
    assert told_of(api, shared) == []


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("application/json", b"{}", "MediaTypeUnknown"),
        ("multipart/form-data", b"x", "MediaTypeUnknown"),
        (f"multipart/form-data; boundary={BOUNDARY}", b"no form", "BodyUnreadable"),
        (f"multipart/form-data; boundary={BOUNDARY}", body_of([("a.log", LOG)])[:-30], "BodyUnreadable"),
        (f"multipart/form-data; boundary={BOUNDARY}", body_of([]), "FileEmpty"),
        (f"multipart/form-data; boundary={BOUNDARY}", body_of([("", b"")]), "FileEmpty"),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            body_of([("a.log", LOG)], text="x" * 70_000),
            "PayloadTooLarge",
        ),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            body_of([("a.log", LOG)], text="x" * 9_000),
            "ValidationError",
        ),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            body_of([("a.log", LOG)], internal="maybe"),
            "ValidationError",
        ),
        (f"multipart/form-data; boundary={BOUNDARY}", body_of([("a.log", LOG)], case="x"), "ValidationError"),
    ],
)
def test_what_is_no_form_of_files_is_refused_with_what_to_do(
    api: Api, shared: str, left: set[str], kind: str, content: bytes, code: str
) -> None:
    answer = api.call("POST", f"/v1/cases/{shared}/files", content=content, Content_Type=kind)
    assert (answer.json()["code"], answer.status_code < 500) == (code, True), answer.text
    assert answer.json()["remedy"]


def test_what_the_case_refuses_is_not_kept(api: Api, left: set[str]) -> None:
    full = api.open("FILES-FULL", OURS, attachments=[f"share:{number}" for number in range(25)])["number"]
    refused = give(api, full, ("a.log", LOG), as_=KIM)
    assert (refused.status_code, refused.json()["code"]) == (422, "ValidationError")
    assert "archive" in refused.json()["remedy"]


@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_attached_and_fetched_at_the_desk_and_elsewhere(
    ways: Ways, way: str, case: str, tmp_path: Path
) -> None:
    (tmp_path / "trace.log").write_bytes(LOG)
    given = ways.type(way, CUSTOMER, "attach", case, str(tmp_path / "trace.log"), "--text", "Here")
    assert (given.code, given.record["outcome"]) == (0, "accepted"), given.err
    to = str(tmp_path / "fetched.log")
    codes = [
        ways.type(way, CUSTOMER, "fetch", case, name, "--to", to).code
        for name in ("other.log", "trace.log", "trace.log")
    ]
    assert codes == [4, 0, 2], "what is not there, what is, and what would be written over"
    assert (tmp_path / "fetched.log").read_bytes() == LOG
    assert {one.name for one in tmp_path.iterdir()} == {"trace.log", "fetched.log"}


@pytest.mark.parametrize("way", WAYS)
def test_everything_wrong_with_files_is_typed_back_alike_on_either_way(
    ways: Ways, way: str, shared: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.log").touch()
    (tmp_path / "run.exe").write_bytes(LOG)
    typed = ("attach", shared, *(str(tmp_path / name) for name in ("empty.log", "run.exe")))
    refused = ways.type(way, ENGINEER, *typed)
    assert (refused.code, [one["code"] for one in refused.fault["problems"]]) == (
        3,
        ["FileEmpty", "FileTypeNotTaken"],
    )
    missing = ways.type(way, ENGINEER, "attach", shared, str(tmp_path / "none.log"))
    assert missing.code == 2


def test_files_are_given_and_handed_out_at_the_page_of_a_case(api: Api, case: str) -> None:
    ana = Browser(api.run, api.base, "Files Ana")
    carried = ana.form(f"/cases/{case}")
    files = [("files", (name, LOG, "text/html")) for name in ("a<b>.log", "trace.log")]
    sent = ana.client.post(f"/cases/{case}/files", data={**carried, "internal": "false"}, files=files)
    assert sent.status_code == 303, sent.text
    again = ana.client.post(f"/cases/{case}/files", data={**carried, "internal": "false"}, files=files)
    assert again.status_code == 303, "sent twice it is given once"
    page = ana.client.get(sent.headers["location"]).text
    assert page.count('class="files"') == 1
    links = re.findall(rf'href="(/cases/{case}/files/[a-z2-7]{{26}})"', page)
    assert len(links) == 2
    assert "a&lt;b&gt;.log" in page
    handed = ana.client.get(links[1])
    assert (handed.content, handed.headers["content-security-policy"][:7]) == (LOG, "sandbox")
    refused = ana.client.post(
        f"/cases/{case}/files",
        data={**ana.form(f"/cases/{case}"), "text": "What I typed"},
        files=[("files", ("run.exe", LOG)), ("files", ("none.log", b""))],
    )
    assert refused.status_code == 409
    assert all(word in refused.text for word in ("run.exe", "none.log", "What I typed", "Nothing was kept"))
