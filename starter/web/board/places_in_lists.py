"""Where a page of a list begins, as it stands in an address."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from starter.door.faults import usage

P = TypeVar("P", bound=BaseModel)


def write_place(place: BaseModel) -> str:
    """Write a place so that it can stand in an address."""
    return urlsafe_b64encode(place.model_dump_json().encode()).rstrip(b"=").decode()


def read_place(kind: type[P], text: str | None) -> P | None:
    """Read a place; none where nothing is written. Raises: Fault (usage)."""
    if not text:
        return None
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return kind.model_validate_json(urlsafe_b64decode(padded))
    except (ValueError, ValidationError):
        raise usage("this page of the list is none of ours", "begin at the first page", "after") from None
