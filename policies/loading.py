"""Reads support policies: TOML files, ours and a company's own, into validated models.

Part of the room of policies. A file that extends another is laid over it first (`policies.extending`); an
error is told with the path and the line of the file it was found in, never of the parent's.
"""

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from domain.policy import SupportPolicy
from policies.checking import faults_of_plans, faults_of_shape, faults_of_tables
from policies.covering import faults_of_coverage
from policies.errors import Fault, PolicyInvalid, told
from policies.extending import lay_over
from policies.holiday_tables import CALENDAR_DIR
from policies.library import POLICY_DIR, PolicyFile, PolicyUnknown, find_policy
from policies.paths import Table
from policies.sense import faults_of_sense


@dataclass(frozen=True)
class ReadPolicy:
    """A policy, and the whole document it was validated from, its parents' values included."""

    policy: SupportPolicy
    document: Table


def load_policy(reference: str) -> SupportPolicy:
    """Read the policy in force, `rhipe-csp`, or the version that is named, `rhipe-csp@1`.

    Raises: PolicyUnknown; PolicyInvalid with every error found.
    """
    file = find_policy(reference)
    own = any(map(os.environ.get, (POLICY_DIR, CALENDAR_DIR)))
    return read_file(file).policy if own else _shipped(file)


@lru_cache
def _shipped(file: PolicyFile) -> SupportPolicy:
    """Read one of ours once: where nothing of a company's own takes part it is the same all along."""
    return read_file(file).policy


def parse_policy(text: str, origin: str) -> SupportPolicy:
    """Read a policy from TOML as its writer means it; `origin` names the file in errors.

    Raises: PolicyInvalid, also for what no desk can mean.
    """
    return _read(text, origin, (), strictly=True).policy


def check_policy(reference: str) -> SupportPolicy:
    """Read a policy of the library as its writer means it. Raises: PolicyUnknown; PolicyInvalid."""
    file = find_policy(reference)
    return parse_policy(file.text(), file.entry.name)


def read_path(path: Path) -> SupportPolicy:
    """Read a policy wherever its file lies; what it extends comes from the library.

    Raises: PolicyInvalid; OSError where there is no such file to read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PolicyInvalid(path.name, [f"not UTF-8: {error}"]) from error
    policy = parse_policy(text, path.name)
    check_file_name(policy, path.name)
    return policy


def read_file(file: PolicyFile, children: tuple[str, ...] = ()) -> ReadPolicy:
    """Read one file of the library, whose name must say what is in it. Raises: PolicyInvalid."""
    read = _read(file.text(), file.entry.name, children)
    check_file_name(read.policy, file.entry.name)
    return read


def check_file_name(policy: SupportPolicy, file_name: str) -> None:
    """Hold a policy to the name of its file, `NAME.toml` or `NAME@VERSION.toml`.

    Raises: PolicyInvalid.
    """
    name, _, version = file_name.removesuffix(".toml").partition("@")
    errors = []
    if policy.name != name:
        errors.append(f"name: it says {policy.name!r}, the file is named {name!r}")
    if version and policy.version != version:
        errors.append(f"version: it says {policy.version!r}, the file is named {version!r}")
    if errors:
        raise PolicyInvalid(file_name, errors)


def _read(text: str, origin: str, children: tuple[str, ...], *, strictly: bool = False) -> ReadPolicy:
    """Read a text whose `children`, the labels of what extends it, led here.

    Only whoever writes a policy is told what no desk can mean: one that is in force goes on, for the cases
    under it.
    """
    try:
        document: Table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyInvalid(origin, [f"not TOML: {error}"]) from error
    whole, faults = document, list[Fault]()
    if isinstance(extends := document.get("extends"), str):
        label = f"{document.get('name')}@{document.get('version')}"
        parent, parent_label = _parent(extends, origin, (*children, label))
        whole, faults = lay_over(parent, document, parent_label)
    policy: SupportPolicy | None = None
    try:
        policy = SupportPolicy.model_validate(whole)
    except ValidationError as error:
        faults += [*faults_of_shape(whole, error), *faults_of_tables(whole)]
    else:
        faults += [*(faults_of_sense(policy) if strictly else ()), *faults_of_tables(whole)]
        faults += [*faults_of_plans(policy), *faults_of_coverage(policy)]
    if faults or policy is None:
        raise PolicyInvalid(origin, told(faults, text, document))
    return ReadPolicy(policy, whole)


def _parent(extends: str, origin: str, chain: tuple[str, ...]) -> tuple[Table, str]:
    """Read what a policy extends. Raises: PolicyInvalid, naming the chain that led to it."""
    try:
        file = find_policy(extends)
    except PolicyUnknown as unknown:
        raise PolicyInvalid(origin, [f"extends: {unknown}; {' -> '.join((*chain, extends))}"]) from unknown
    if file.label in chain:
        raise PolicyInvalid(origin, [f"extends: a circle, {' -> '.join((*chain, file.label))}"])
    return read_file(file, chain).document, file.label
