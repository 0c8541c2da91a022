"""What a file is, told by its first bytes alone: nothing is unpacked, a bomb is a small file like any other.

A type is named only where it is one of a short list and the file is not two things at once; else it is bytes.
"""

import re

from puremagic import PureError, magic_string

from domain.uploads import FileKind

HEAD = 4096
"""Bytes that are looked at."""

BYTES = "application/octet-stream"
_TEXT = "text/plain"
_NAMED = {
    "application/gzip": "application/gzip",
    "application/pdf": "application/pdf",
    "application/rtf": "application/rtf",
    "application/vnd.rar": "application/vnd.rar",
    "application/x-7z-compressed": "application/x-7z-compressed",
    "application/x-gzip": "application/gzip",
    "audio/mpeg": "audio/mpeg",
    "image/gif": "image/gif",
    "image/heif": "image/heif",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/tiff": "image/tiff",
    "image/webp": "image/webp",
    "video/mp4": "video/mp4",
    "video/quicktime": "video/quicktime",
    "video/webm": "video/webm",
}
_ZIP = (
    b"PK\x03\x04",
    b"PK\x05\x06",
)  # documents of an office are archives, too; which, only opening would tell

_PROGRAMS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",  # Java, and Apple's programs for two machines
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"dex\n",
    b"\x00asm",
    b"ITSF",  # compiled help, which runs scripts
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a link to what is to be run
    b"MSCF",  # a cabinet, which installs
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTALLER = bytes.fromhex(
    "84100c0000000000c000000000000046"
)  # the class of a root that is a Windows installer
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|script|svg|iframe|xml|\?|%)|<[a-z]+:script|javascript:", re.I
)


def kind_of(head: bytes) -> FileKind:
    """Tell a program from anything else, by its first bytes."""
    return FileKind.PROGRAM if _is_program(head) else FileKind.OTHER


def _is_program(head: bytes) -> bool:
    if head.startswith(_PROGRAMS) or (head.startswith(_OLE) and _INSTALLER in head):
        return True
    return head.startswith(b"MZ") and not _is_text(head)


def media_type(head: bytes) -> str:
    """Name the type of a file, as far as it is safe to; `application/octet-stream` for all else."""
    if _MARKUP.search(head):
        return BYTES  # a page, or a picture that is one as well
    if head.startswith(_ZIP):
        return "application/zip"
    if _is_text(head):
        return "application/rtf" if head.startswith(b"{\\rtf") else _TEXT
    try:
        likely = magic_string(head)[0]
    except (PureError, ValueError):
        return BYTES
    return _NAMED.get(likely.mime_type, BYTES)


def _is_text(head: bytes) -> bool:
    """Tell whether it reads as UTF-8 without controls, but for a character cut in two at its end."""
    for cut in range(min(4, len(head))):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return bool(text) and not any(char < " " and char not in "\t\n\r\f\x1b" for char in text)
    return False
