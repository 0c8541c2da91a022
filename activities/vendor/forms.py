"""Fills a vendor's forms: paths, headers and bodies in which `{name}` stands for what a case says.

Values are put in after a body was parsed, so that no text of a person can become part of its shape.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import quote

from pydantic import JsonValue

Filling: TypeAlias = Mapping[str, str | bool | None]
"""What each name stands for; None where this case does not say it."""

_NAMES = re.compile(r"\{([a-z0-9_]+(?:\|[a-z0-9_]+)*)\}")
"""One name, or several of which the first that says something counts: `{contact_email|our_email}`."""


class NothingToFill(Exception):
    """A form cannot do without something this case does not say; the message names it."""


def names_in(form: JsonValue) -> Iterator[str]:
    """List every name a form uses."""
    if isinstance(form, str):
        for found in _NAMES.finditer(form):
            yield from found[1].split("|")
    elif isinstance(form, dict):
        for part in form.values():
            yield from names_in(part)
    elif isinstance(form, list):
        for part in form:
            yield from names_in(part)


def filled(form: JsonValue, filling: Filling) -> JsonValue:
    """Fill a body; a field that is one name of which nothing is said is left out."""
    if isinstance(form, dict):
        whole = {name: filled(part, filling) for name, part in form.items()}
        return {name: part for name, part in whole.items() if part is not None}
    if isinstance(form, list):
        return [part for part in (filled(one, filling) for one in form) if part is not None]
    if not isinstance(form, str):
        return form
    alone = _NAMES.fullmatch(form)
    if alone:
        return _said(alone[1], filling)
    return _NAMES.sub(lambda found: str(_said(found[1], filling) or ""), form)


def filled_path(form: str, filling: Filling) -> str:
    """Fill a path or a part of a query, each value as one segment. Raises: NothingToFill."""

    def segment(found: re.Match[str]) -> str:
        value = _said(found[1], filling)
        if value is None or value in (".", ".."):
            raise NothingToFill(f"the vendor must be told {found[1]}, and this case does not say it")
        return quote(str(value), safe="")

    return _NAMES.sub(segment, form)


def _said(names: str, filling: Filling) -> str | bool | None:
    for name in names.split("|"):
        value = filling[name]
        if value is not None and value != "":
            return value
    return None
