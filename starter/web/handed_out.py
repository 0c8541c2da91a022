"""A file as it is handed to a browser or a program: to be kept, never shown, and never to be believed.

Its type is what its first bytes say, its name one that no header or file system reads as anything else;
should something show it all the same, it may do nothing there.
"""

import base64
from urllib.parse import quote

from starlette.responses import FileResponse

from activities.contents.records import KeptFile
from starter.door.files import Found

_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_NOT_IN_QUOTES = '"\\/:*?<>|%;'
DIGEST = "Repr-Digest"
"""The sha256 of what is sent (RFC 9530), so that whoever fetches it sees that it is whole."""


def handed_out(found: Found) -> FileResponse:
    """Answer with a file."""
    digest = base64.b64encode(bytes.fromhex(found.file.sha256)).decode()
    own = {"Content-Disposition": disposition(found.file.name), DIGEST: f"sha-256=:{digest}:"}
    return FileResponse(found.place, media_type=_type_of(found.file), headers={**_HEADERS, **own})


def _type_of(file: KeptFile) -> str:
    return f"{file.media_type}; charset=utf-8" if file.media_type == "text/plain" else file.media_type


def disposition(name: str) -> str:
    """Write what a file is to be called (RFC 6266): for old readers in ASCII, for all others as it is."""
    plain = "".join(char if _is_plain(char) else "_" for char in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_plain(char: str) -> bool:
    return " " <= char <= "~" and char not in _NOT_IN_QUOTES
