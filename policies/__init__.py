"""The support guides as data: TOML presets, tables of public holidays, the zone database.

This room reads files and knows the domain; nothing that talks to the outside may enter. What it reads is
compiled into a case's terms once, so that none of it can move a promise already made.
"""

from policies.errors import PolicyInvalid
from policies.holiday_tables import (
    CalendarUnknown,
    HolidayTable,
    HolidayTableInvalid,
    calendar_names,
    holiday_table,
)
from policies.library import POLICY_DIR, PolicyUnknown, policy_names, policy_versions
from policies.loading import load_policy, parse_policy
from policies.values import Value, values

__all__ = [
    "POLICY_DIR",
    "CalendarUnknown",
    "HolidayTable",
    "HolidayTableInvalid",
    "PolicyInvalid",
    "PolicyUnknown",
    "Value",
    "calendar_names",
    "holiday_table",
    "load_policy",
    "parse_policy",
    "policy_names",
    "policy_versions",
    "values",
]
