"""What a vendor writes, made fit to be kept: nobody can ask them to write it again.

House rule. A text longer than ours may be is kept whole in the timeline, in parts, and named as an
attachment; characters that hide what a text says are taken out, and that is noted.
"""

from typing import TypeVar

from domain.decision import Draft, refuse
from domain.messages.base import Message
from domain.messages.vendor import FindBoundary, VendorContacted, VendorUpdate
from domain.rules import RULES_0_4
from domain.text import (
    MAX_TEXT_BYTES,
    cleaned,
    cleaned_line,
    clipped,
    excerpt,
    hostile_in,
    parts_of,
    without_hostile,
)
from domain.timeline import EntryKind

M = TypeVar("M", VendorUpdate, FindBoundary, VendorContacted)

_LINES = ("severity", "reference", "contact")
_STORE = "timeline"
_ROOM = 120  # bytes for the sentence that names the attachment


def as_kept(draft: Draft, message: M, *, internal: bool) -> M:
    """Return the message as the case keeps it; what was changed is in the timeline, `internal` or not.

    Raises: Refusal with `ValidationError` where nothing is left of a text, where its speaker is a requester,
    who is there to write it again, and by the rules before 0.4.
    """
    given = {name: value for name in ("text", *_LINES) if (value := getattr(message, name, None)) is not None}
    odd = tuple(dict.fromkeys(mark for value in given.values() for mark in hostile_in(value)))
    fit = {name: _fit(name, value) for name, value in given.items()}
    if fit == given and not _is_long(given.get("text")):
        return message
    _may_be_changed(draft, message, tuple(given))
    if said := _what_was_done(given, fit, odd):
        draft.enter(EntryKind.NOTED, said, internal=True)
    if _is_long(fit.get("text")):
        fit["text"] = _attached(draft, fit["text"], internal=internal)
    if not all(fit.values()):
        empty = tuple(name for name, value in fit.items() if not value)
        refuse("ValidationError", f"nothing readable in {', '.join(empty)}", missing=empty)
    return message.model_copy(update=fit)


def _what_was_done(given: dict[str, str], fit: dict[str, str], odd: tuple[str, ...]) -> str:
    """Say what was changed; a line that was cut or had several lines is named with what it was."""
    lines = [
        f"{name} was {without_hostile(given[name])!r}" for name in _LINES if given.get(name) != fit.get(name)
    ]
    taken_out = [f"Taken out of what the vendor wrote: {', '.join(odd)}"] if odd else []
    return excerpt("; ".join((*taken_out, *lines)), 600)


def _fit(name: str, value: str) -> str:
    return cleaned_line(value) if name in _LINES else cleaned(value)


def _is_long(text: str | None) -> bool:
    return text is not None and len(text.encode()) > MAX_TEXT_BYTES


def _may_be_changed(draft: Draft, message: Message, names: tuple[str, ...]) -> None:
    if draft.case.rules >= RULES_0_4 and not message.actor.is_requester:
        return
    refuse(
        "ValidationError",
        f"{', '.join(names)}: at most {MAX_TEXT_BYTES} bytes, and no characters that hide what it says",
        "correct these fields and send it again",
        names,
    )


def _attached(draft: Draft, text: str, *, internal: bool) -> str:
    """Keep a long text whole, part after part, and return its beginning with the name of the whole."""
    parts = parts_of(text)
    name = f"{_STORE}:vendor-answer-{draft.case.entries + 1}"
    for number, part in enumerate(parts, 1):
        about = f"attachment {name}, part {number} of {len(parts)}"
        draft.enter(EntryKind.NOTED, part, internal=internal, about=about)
    beginning = clipped(text, MAX_TEXT_BYTES - _ROOM)
    return f"{beginning}\n\n[{len(text.encode())} bytes; the whole is the attachment {name}]"
