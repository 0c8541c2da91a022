"""Where a page ends, as a word that only this API reads."""

import base64
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from starter.web.api.problems import Refusal

T = TypeVar("T", bound=BaseModel)


def written(place: BaseModel) -> str:
    """Write a place as a cursor."""
    return base64.urlsafe_b64encode(place.model_dump_json().encode()).rstrip(b"=").decode()


def read(cursor: str | None, kind: type[T]) -> T | None:
    """Read a cursor. Raises: Refusal (400) for one that was not given out here."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return kind.model_validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, ValidationError):
        remedy = "send next_cursor as it was given, or leave the cursor out to begin anew"
        raise Refusal(400, "CursorInvalid", "the cursor is none of ours", remedy) from None
