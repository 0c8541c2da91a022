"""Which policies there are: files by name and version, ours and a company's own.

Part of the room of policies; it may list and read files and one environment variable. `NAME.toml` is the
version in force, `NAME@VERSION.toml` beside it is an older one that cases may still be under. A company's own
file goes before ours of the same name; one version has one file, wherever it lies.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from policies.errors import PolicyInvalid, did_you_mean

POLICY_DIR = "SUNRELAY_POLICY_DIR"
_SUFFIX = ".toml"
_DIGITS = re.compile(r"(\d+)")


class PolicyUnknown(Exception):
    """No policy has that name, or none has that version; the message names those there are."""

    code = "PolicyValueUnknown"

    def __init__(self, reference: str) -> None:
        name, _, version = reference.partition("@")
        if version and (kept := policy_versions(name)):
            super().__init__(f"policy {name} has no version {version!r}; kept are {', '.join(kept)}")
            return
        names = policy_names()
        hint = f" ({near})" if (near := did_you_mean(name, names)) else ""
        super().__init__(f"unknown policy {reference!r}{hint}; known are {', '.join(names)}")


@dataclass(frozen=True)
class PolicyFile:
    """One file: what its name says, and whose it is. `version` is None where none can be read."""

    name: str
    version: str | None
    in_force: bool
    room: Literal["own", "shipped"]
    entry: Traversable

    @property
    def label(self) -> str:
        """How a case names the policy it is under, such as rhipe-csp@1."""
        return f"{self.name}@{self.version}"

    def text(self) -> str:
        """Read the file. Raises: PolicyInvalid where that cannot be done."""
        try:
            return self.entry.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise PolicyInvalid(self.entry.name, [f"not UTF-8: {error}"]) from error
        except OSError as error:
            raise PolicyInvalid(self.entry.name, [f"it cannot be read: {error.strerror}"]) from error


def policy_names() -> tuple[str, ...]:
    """Name every policy in force: those we ship and those of the directory in the environment."""
    stems = (stem for _, stem, _ in _entries())
    return tuple(sorted({stem for stem in stems if stem and "@" not in stem}))


def policy_versions(name: str) -> tuple[str, ...]:
    """List the versions that are kept of a policy: the one in force, then the latest first."""
    found = policy_files(name)
    first = [file.version for file in found if file.in_force and file.version][:1]
    rest = {file.version for file in found if file.version} - set(first)
    return (*first, *sorted(rest, key=_natural, reverse=True))


def policy_files(name: str) -> tuple[PolicyFile, ...]:
    """List every file of one policy, a company's own first, what is in force before older ones."""
    found = [
        PolicyFile(name, version or _version_in(entry), not version, room, entry)
        for room, stem, entry in _entries()
        for stem_name, _, version in [stem.partition("@")]
        if name and stem_name == name
    ]
    return tuple(sorted(found, key=lambda file: (file.room, not file.in_force, file.entry.name)))


def find_policy(reference: str) -> PolicyFile:
    """Find the file of a policy: of the version in force, or of the one named after an `@`.

    Raises: PolicyUnknown; PolicyInvalid where two files claim to be that version.
    """
    name, at, version = reference.partition("@")
    found = policy_files(name)
    if not at:
        wanted = next((file for file in found if file.in_force), None)
    else:
        wanted = next((file for file in found if file.version == version), None)
    if wanted is None:
        raise PolicyUnknown(reference)
    claims = [file for file in found if file.version is not None and file.version == wanted.version]
    if len(claims) > 1:
        where = " and ".join(f"{file.entry.name} ({file.room})" for file in claims)
        raise PolicyInvalid(
            wanted.entry.name,
            [f"version: {where} both claim to be {wanted.label}; give the changed one a version of its own"],
        )
    return wanted


def _entries() -> Iterator[tuple[Literal["own", "shipped"], str, Traversable]]:
    for entry in _shipped():
        yield "shipped", entry.name.removesuffix(_SUFFIX), entry
    if own := os.environ.get(POLICY_DIR):
        for entry in _policies_in(Path(own)):
            yield "own", entry.name.removesuffix(_SUFFIX), entry


@lru_cache
def _shipped() -> tuple[Traversable, ...]:
    """List ours once: they are the same all along, and are looked for at every page of a board."""
    return tuple(_policies_in(files(__package__)))


def _policies_in(place: Traversable) -> Iterator[Traversable]:
    if place.is_dir():
        for entry in place.iterdir():
            if entry.name.endswith(_SUFFIX) and entry.is_file():
                yield entry


def _version_in(entry: Traversable) -> str | None:
    """Read what version a file says it is; a file that cannot be read claims none."""
    try:
        return _version_said(entry.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return None


@lru_cache
def _version_said(text: str) -> str | None:
    version = tomllib.loads(text).get("version")
    return version if isinstance(version, str) else None


def _natural(version: str) -> tuple[tuple[int, str], ...]:
    """Order versions as people do: 10 after 9."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(version))
