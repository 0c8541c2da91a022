"""Reads support policies: TOML files, ours and a company's own, into validated models.

This room may read files and one environment variable, `SUNRELAY_POLICY_DIR`. A policy with an error is
refused whole, with every error at once, for a half-understood promise is worse than none.
"""

import os
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from domain.policy import SupportPolicy
from policies.holiday_tables import calendar_names
from policies.zones import ZoneUnknown, local_zone

POLICY_DIR = "SUNRELAY_POLICY_DIR"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PolicyInvalid(Exception):
    """A policy has errors; the message names its file and the path of each wrong field (RHIPE-21)."""

    code = "PolicyInvalid"

    def __init__(self, origin: str, errors: list[str]) -> None:
        super().__init__(f"{origin}: {'; '.join(errors)}")
        self.errors = tuple(errors)


class PolicyUnknown(Exception):
    """No policy has that name; the message names those there are."""

    code = "PolicyValueUnknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown policy {name!r}; known are {', '.join(policy_names())}")


def policy_names() -> tuple[str, ...]:
    """This will name every policy: those we ship and those of the directory in `SUNRELAY_POLICY_DIR`."""
    return tuple(sorted(_sources()))


def load_policy(name: str) -> SupportPolicy:
    """This will read one policy; a company's own file goes before ours of the same name.

    Raises: PolicyUnknown; PolicyInvalid with every error found.
    """
    source = _sources().get(name)
    if source is None:
        raise PolicyUnknown(name)
    try:
        text = source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PolicyInvalid(source.name, [f"not UTF-8: {error}"]) from error
    policy = parse_policy(text, source.name)
    if policy.name != name:
        raise PolicyInvalid(source.name, [f"name: it says {policy.name!r}, the file is named {name!r}"])
    return policy


def parse_policy(text: str, origin: str) -> SupportPolicy:
    """This will read a policy from TOML; `origin` names the file in errors. Raises: PolicyInvalid."""
    try:
        policy = SupportPolicy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyInvalid(origin, [f"not TOML: {error}"]) from error
    except ValidationError as error:
        raise PolicyInvalid(origin, _told(error)) from error
    if errors := list(_errors_of_regions(policy)):
        raise PolicyInvalid(origin, errors)
    return policy


def _sources() -> dict[str, Traversable]:
    rooms: list[Traversable] = [files(__package__)]
    if own := os.environ.get(POLICY_DIR):
        rooms.append(Path(own))
    return {
        entry.name.removesuffix(".toml"): entry
        for room in rooms
        if room.is_dir()
        for entry in room.iterdir()
        if entry.name.endswith(".toml")
    }


def _told(error: ValidationError) -> list[str]:
    """This will say each error as `path: what is wrong`, positions in lists as `[0]`."""
    told = []
    for one in error.errors(include_url=False, include_input=False):
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in one["loc"])
        told.append(f"{path.lstrip('.') or 'policy'}: {one['msg'].removeprefix('Value error, ')}")
    return told


def _errors_of_regions(policy: SupportPolicy) -> Iterator[str]:
    """This will find what only the tables beside us can tell: zones, calendars, countries named twice."""
    calendars = calendar_names()
    called: dict[str, str] = {}
    for name, region in policy.regions.items():
        try:
            local_zone(region.zone, _EPOCH, _EPOCH)
        except ZoneUnknown as error:
            yield f"regions.{name}.zone: {error}"
        if region.calendar not in calendars:
            yield f"regions.{name}.calendar: unknown {region.calendar!r}; known are {', '.join(calendars)}"
        for country in region.countries:
            if country in called:
                yield f"regions.{name}.countries: {country} already calls {called[country]}"
            called.setdefault(country, name)
