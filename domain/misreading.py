"""A message of the wrong shape, told to its sender. Pure."""

from pydantic import ValidationError

from domain.decision import Refused


def misread(error: ValidationError) -> Refused:
    """This will turn a message of the wrong shape into a refusal that names every field at fault."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, fault['loc'])) or 'message'}: {fault['msg']}" for fault in faults[:10]]
    return Refused(
        code="ValidationError",
        reason=_shown("; ".join(told)[:600]),
        remedy="correct these fields and send it again",
        missing=tuple(_shown(str(fault["loc"][0])[:60]) for fault in faults[:10] if fault["loc"]),
    )


def _shown(text: str) -> str:
    """This will leave out what cannot be printed: the names of fields are the sender's own."""
    return "".join(char if char.isprintable() else "?" for char in text)
