"""Files given and fetched by a program: the same calls for every test of them."""

from typing import Any

import httpx

from tests.starter.api_client import OUR_ENGINEER, Api

BOUNDARY = "a-boundary-nobody-writes"
File = tuple[str, bytes] | tuple[str, bytes, str]


def body_of(files: list[File], **fields: str) -> bytes:
    """A form as a browser sends it, whatever the names of its files."""
    parts = []
    for name, told in fields.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        parts.append(head.encode() + b"\r\n\r\n" + told.encode())
    for given_name, content, *kind in files:
        head = f'Content-Disposition: form-data; name="files"; filename="{given_name}"'
        claimed = f"\r\nContent-Type: {kind[0]}" if kind else ""
        parts.append((head + claimed).encode() + b"\r\n\r\n" + content)
    opens = f"--{BOUNDARY}\r\n".encode()
    return b"".join(opens + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def give(
    api: Api, case: str, *files: File, as_: str = OUR_ENGINEER, key: str | None = None, **fields: str
) -> httpx.Response:
    """Give files with a case."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    content = body_of(list(files), **fields)
    path = f"/v1/cases/{case}/files"
    return api.call("POST", path, content=content, as_=as_, key=key, Content_Type=kind)


def fetch(api: Api, case: str, file_id: str, as_: str = OUR_ENGINEER) -> httpx.Response:
    """Fetch one."""
    return api.get(f"/v1/cases/{case}/files/{file_id}", as_=as_)


def ids_of(answer: httpx.Response) -> list[str]:
    """The ids of what was given."""
    assert answer.status_code == 201, answer.text
    return [file["id"] for file in answer.json()["files"]]


def told_of(api: Api, case: str, as_: str = OUR_ENGINEER) -> list[dict[str, Any]]:
    """What the timeline tells of files."""
    entries: list[dict[str, Any]] = api.get(f"/v1/cases/{case}/timeline", as_=as_).json()["entries"]
    return [one for one in entries if one["about"] == "attachments"]
