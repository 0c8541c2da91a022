"""Finds the mapping for a log: by its name, by its file, or by the columns the log has.

Part of the rehearsals. A mapping with an error is refused whole, in one line that names file and field.
"""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from policies.zones import ZoneUnknown, local_zone
from starter.door.faults import Fault, usage
from starter.rehearse.mapping import LogMapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mapping_names() -> tuple[str, ...]:
    """Name the mappings we ship."""
    return tuple(sorted(_shipped()))


def load_mapping(name: str) -> LogMapping:
    """Read a mapping we ship, or a TOML file of that path. Raises: Fault (usage)."""
    source = _shipped().get(name)
    if source is not None:
        return parse_mapping(source.read_text(encoding="utf-8"), source.name)
    if not (name.endswith(".toml") or "/" in name):
        raise usage(
            f"there is no mapping {name!r}", f"use one of {', '.join(mapping_names())}, or a .toml file"
        )
    try:
        text = Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise usage(f"{name}: {error.strerror or error}", "name a mapping file that can be read") from None
    except UnicodeDecodeError:
        raise usage(f"{name} is not UTF-8", "save it as UTF-8") from None
    return parse_mapping(text, name)


def parse_mapping(text: str, origin: str) -> LogMapping:
    """Read a mapping from TOML; `origin` names the file. Raises: Fault (usage) with every error."""
    try:
        mapping = LogMapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(origin, [f"not TOML: {error}"]) from None
    except ValidationError as error:
        raise _wrong(origin, _told(error)) from None
    if unknown := list(_unknown_zones(mapping)):
        raise _wrong(origin, unknown)
    return mapping


def _unknown_zones(mapping: LogMapping) -> Iterator[str]:
    countries = {f"countries.{name}": zone for name, zone in mapping.countries.items()}
    for path, zone in {"zone": mapping.zone, **countries}.items():
        try:
            local_zone(zone, _EPOCH, _EPOCH)
        except ZoneUnknown as error:
            yield f"{path}: {error}"


def fitting_mapping(header: Iterable[str], log: str) -> LogMapping:
    """Choose the one mapping we ship whose columns the log has. Raises: Fault (usage)."""
    columns = set(header)
    fitting = [
        mapping for mapping in map(load_mapping, mapping_names()) if columns.issuperset(mapping.columns.names)
    ]
    if len(fitting) == 1:
        return fitting[0]
    fit = "fits no mapping of ours" if not fitting else f"fits {' and '.join(one.name for one in fitting)}"
    raise usage(f"{log}: its header {fit}", f"give --mapping: a .toml file, or {', '.join(mapping_names())}")


def _shipped() -> dict[str, Traversable]:
    room = files("starter.rehearse").joinpath("mappings")
    return {
        entry.name.removesuffix(".toml"): entry for entry in room.iterdir() if entry.name.endswith(".toml")
    }


def _wrong(origin: str, errors: list[str]) -> Fault:
    return usage(f"{origin}: {'; '.join(errors)}", "mend the mapping")


def _told(error: ValidationError) -> list[str]:
    """Say each error as `path: what is wrong`."""
    told = []
    for one in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in one["loc"])
        told.append(f"{path or 'mapping'}: {one['msg'].removeprefix('Value error, ')}")
    return told
