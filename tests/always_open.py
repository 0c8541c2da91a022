"""A policy by which Sydney and Manila never close, for what depends on who is open and runs at any hour."""

_WEEK = 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
_ALWAYS = f"shifts = [{{ {_WEEK}, start = 00:00:00, end = 00:00:00 }}]"
ALWAYS_OPEN = f"""
name = "relay"
version = "1"
extends = "rhipe-csp@1"

[regions.sydney]
{_ALWAYS}

[regions.manila]
{_ALWAYS}
"""
