"""A warning as a line at a terminal: its code, what it means, and what to type."""

from collections.abc import Mapping
from types import MappingProxyType

from starter.door.warnings import MEANINGS

_TO_TYPE: Mapping[str, str] = MappingProxyType(
    {
        "AnswerUnclear": "say it with --accepts or --rejects",
        "OwnerStays": "say --take to take it",
        "NextActionUnconfirmed": "say it with sunrelay handoff confirm",
    }
)


def warning(code: str, words: str = "") -> str:
    """Return the line a warning is printed as, in these words or those it always has.

    A code of a newer worker stands alone.
    """
    always = "; ".join(filter(None, (MEANINGS.get(code), _TO_TYPE.get(code))))
    meaning = words or always
    return f"warning: {code}: {meaning}" if meaning else f"warning: {code}"
