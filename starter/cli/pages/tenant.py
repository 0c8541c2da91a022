"""What a tenant looks like in a terminal and as JSON: everything but what is compared and never shown.

 What is shown is named here, so that a field that is new to the record is
not shown before somebody has thought of it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from starter.cli.pages.parts import facts, plain, table
from starter.door.plain import counted, moment, words

if TYPE_CHECKING:
    from activities.people.tenant_records import KeptTenant

SHOWN = (
    "tenant",
    "kind",
    "plan",
    "region",
    "zone",
    "calendar",
    "entitled",
    "requesters",
    "licence_source",
    "addons",
    "phase",
    "authorised_contacts",
    "audiences",
)
SECRET = ("named_contacts", "verification")
_ALL_ITEMS = 4  # O365-10
_ENTITLED = {True: "yes", False: "no", None: "not said"}


def without_secrets(kept: "KeptTenant") -> dict[str, Any]:
    """Return a tenant as JSON prints it; of secrets how many there are."""
    return {
        **_shown(kept),
        "named_contacts": len(kept.record.named_contacts),
        "verification_items": _items(kept),
        **kept.model_dump(mode="json", exclude={"record"}),
    }


def tenants_table(rows: "Iterable[KeptTenant]") -> Table:
    """List tenants, one line each."""
    found = table("tenant", "kind", "plan", "region", "phase", "entitled", "changed")
    for kept in rows:
        record = kept.record
        found.add_row(
            plain(record.tenant),
            Text(words(record.kind)),
            *(plain(value) for value in (record.plan, record.region, record.phase)),
            Text(_ENTITLED[record.entitled]),
            Text(moment(kept.updated_at)),
        )
    return found


def tenant_page(kept: "KeptTenant") -> RenderableType:
    """Show one tenant; what is not said is left out."""
    record = kept.record
    shown = _shown(kept) | {"tenant": None, "entitled": _ENTITLED[record.entitled]}
    rows = [(words(name), plain(_said(value))) for name, value in shown.items() if value]
    rows += [
        ("named contacts", Text(counted(len(record.named_contacts), "named contact"))),
        ("verification items", Text(_items(kept))),
        ("changed", plain(f"{moment(kept.updated_at)} by {kept.changed_by}, version {kept.version}")),
    ]
    return Group(plain(record.tenant, "bold"), facts(rows))


def _shown(kept: "KeptTenant") -> dict[str, Any]:
    return kept.record.model_dump(mode="json", include=set(SHOWN))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_said(people)}" for name, people in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _items(kept: "KeptTenant") -> str:
    """Say how many of the four items we have: `4 of 4`."""
    items = kept.record.verification
    return f"{0 if items is None else _ALL_ITEMS - len(items.missing)} of {_ALL_ITEMS}"
