"""What a vendor's answer means: JSON within bounds, the reference in it, and a verdict on every status.

An answer that may come from a vendor who has taken what we sent is never taken for a refusal: it is
looked for at the next attempt.
"""

import json

from pydantic import JsonValue

from activities.channels.answer_head import named, wished
from activities.channels.attempt import NeverWorks, TryAgain
from activities.channels.http import Answer
from activities.plain_text import one_line

MAX_ANSWER = 1024 * 1024
"""Bytes of a vendor's answer; a longer one is refused (house rule)."""

MAX_REFERENCE = 100
"""Characters of a vendor's reference; longer ones are something else."""

_FINAL = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 421, 422, 426, 428, 431, 451})
_SURELY_NOT_TAKEN = frozenset({425, 429})


def at_pointer(value: JsonValue, pointer: str) -> JsonValue:
    """Read a place in JSON, as in RFC 6901; None where there is nothing."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name[:6]) < len(value):
            value = value[int(name[:6])]
        else:
            return None
    return value


def parsed(answer: Answer) -> JsonValue:
    """Read an answer's JSON; None where it is none, or was cut off."""
    if not answer.is_whole:
        return None
    try:
        found: JsonValue = json.loads(answer.text)
    except (ValueError, RecursionError):
        return None
    return found


def reference_in(value: JsonValue, pointer: str) -> str | None:
    """Read a reference: a line of at most 100 characters, or a whole number."""
    found = at_pointer(value, pointer)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    text = one_line(str(found)).strip()
    return text if 0 < len(text) <= MAX_REFERENCE else None


def refuse(answer: Answer, where: str, said: str) -> None:
    """Raise what an answer other than 2xx means. `said` is what may be quoted of it.

    Raises: NeverWorks, TryAgain.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    told = f"{where}: {named(status)} {said}".rstrip()
    if 300 <= status < 400:
        raise NeverWorks(f"{where}: {named(status)}; redirects are not followed, give the last URL")
    if status in _FINAL:
        raise NeverWorks(told)
    in_trouble = status >= 500 or status in (408, 429)
    raise TryAgain(told, wished(answer.retry_after), away=in_trouble, sure=status in _SURELY_NOT_TAKEN)
