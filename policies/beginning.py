"""The text a new policy begins with: what it extends, and the commonest changes as comments.

Part of the room of policies; it knows the policy that is extended and writes no file. Every example is true
of that policy: with the signs of comment taken away it loads.
"""

from collections.abc import Iterator

from domain.policy import LevelRule, SupportPolicy
from policies.schema import SCHEMA_FILE

_HEAD = """\
#:schema {schema}
# {name}: what we do otherwise than {parent}. What is not said here is as it is there.
# Take the # away before what you want to change; `sunrelay policy check` tells what is wrong.
name = "{name}"
version = "1"                       # changed rules get a new version; keep this file as {name}@1.toml
title = "{name}"
extends = "{parent}"
"""

_LEVEL = """
# Promises of a level: found by its id, changed value by value.
# [[rules.levels]]
# id = "{level}"
# initial_response = {{ within = "30m" }}      # or {{ business_days = 1 }}, or "none"
# update_every = "1h"                        # or "none"
"""

_PLAN = """
# A plan of our own, with its hours and a target of its own.
# [plans.extended-hours]
# title = "Monday to Saturday"
# around_the_clock = false
# [plans.extended-hours.targets]
{targets}
# [plans.extended-hours.hours]
# mon = [{{ opens = 08:00:00, closes = 18:00:00 }}]
# tue = [{{ opens = 08:00:00, closes = 18:00:00 }}]
# wed = [{{ opens = 08:00:00, closes = 18:00:00 }}]
# thu = [{{ opens = 08:00:00, closes = 18:00:00 }}]
# fri = [{{ opens = 08:00:00, closes = 18:00:00 }}]
# sat = [{{ opens = 08:00:00, closes = "24:00" }}]
"""

_INTAKE = """
# How requests come in, and what must be in them: a list takes the place of the whole list.
# [rules.intake]
# channels = [{channels}]
# required = [{required}]
# [rules.intake.categories.printers]
# title = "Printers"
"""

_REST = """
# What we do not support: a new rule is asked before those of {parent}.
# [[rules.scope.rules]]
# name = "printers"
# categories = ["printers"]
# disposition = "refer"
# refer_to = "printer_vendor"
# explanation = "Printers are supported by whoever sold them."

# How a case ends.
# [rules.closing]
# reopen_business_days = 10
# survey = false

# Where our values come from; what is not named here is marked "own".
# [sources]
# "rules.levels.{level}" = "stated contract 2026, section 3"
"""


def new_policy(name: str, parent: SupportPolicy) -> str:
    """Write the file for a policy of this name that extends `parent`, the version it has now."""
    intake = parent.rules.intake
    return (_HEAD + _LEVEL + _PLAN + _INTAKE + _REST).format(
        schema=SCHEMA_FILE,
        name=name,
        parent=f"{parent.name}@{parent.version}",
        level=parent.rules.levels[0].id,
        channels=_listed(intake.channels or ("phone",)),
        required=_listed(intake.required),
        targets="\n".join(_targets(parent.rules.levels)),
    )


def _targets(levels: tuple[LevelRule, ...]) -> Iterator[str]:
    """Write a target for the first level, and for each that has none of its own (O365-08)."""
    for level in levels:
        if level is levels[0]:
            yield f'# "{level.id}" = {{ initial_response = {{ within = "1h" }} }}'
        elif "initial_response" not in level.model_fields_set:
            yield f'# "{level.id}" = {{ initial_response = {{ business_days = 1 }} }}'


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)
