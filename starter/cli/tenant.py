"""`sunrelay tenant`: the tenant directory, imported from a file, listed, shown, and a tenant taken out.

For our own people alone. Access ids and verification items are never printed; how that is
done is said in `starter.cli.pages.tenant`.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.panels import DESK
from starter.door.faults import Fault, Kind, usage
from starter.door.plain import counted, printable

if TYPE_CHECKING:
    from activities.people.tenant_records import Changes, TenantFilter

_WHAT = "the tenant directory"
_SOURCE = "A JSON list, JSON lines, or TOML in a file named .toml; - reads JSON from standard input."
Name = Annotated[str, typer.Argument(metavar="NAME", help="The tenant, spelled as in its cases.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")]
Replace = Annotated[bool, typer.Option("--replace", help="Also remove the tenants that are not in the file.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Tenants: who may ask for help, and what we know of them.")
    register(group, "import")(import_)
    register(group, "list")(list_)
    register(group, "show")(show)
    register(group, "remove")(remove)
    app.add_typer(group, name="tenant", rich_help_panel=DESK)


async def import_(
    door: Door,
    file: Annotated[str, typer.Argument(metavar="FILE", help=_SOURCE)],
    dry_run: DryRun = False,
    replace: Replace = False,
) -> None:
    """Import tenants from a file: all of them, or none where one is wrong."""
    changed_by = core.staff_only(door.actor, _WHAT)
    records = core.read_tenants(file)

    if dry_run:
        changes = await door.session.read(
            lambda store: core.TenantRecords(store).compare(records, replace=replace)
        )
    else:
        async with door.session.write_store() as store:
            changes = await core.TenantRecords(store).put(records, changed_by, replace=replace)
    _tell(door, changes, dry_run, replace)


async def list_(
    door: Door,
    kind: Annotated[str | None, typer.Option(help="Only of this kind, such as partner.")] = None,
    plan: Annotated[str | None, typer.Option(help="Only of this plan.")] = None,
    region: Annotated[str | None, typer.Option(help="Only of this region.")] = None,
    phase: Annotated[str | None, typer.Option(help="Only in this one: deployment, pilot or operate.")] = None,
    after: Annotated[str | None, typer.Option(help="Only those behind this tenant: the next page.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 50,
) -> None:
    """List the tenants by name."""
    core.staff_only(door.actor, _WHAT)
    wanted = _wanted(kind=kind, plan=plan, region=region, phase=phase, after=after, limit=limit)

    found = await door.session.read(lambda store: core.TenantRecords(store).records(wanted))
    if not door.output.is_text:
        door.output.plain_records([core.without_secrets(kept) for kept in found])
        return
    if found:
        door.output.show(core.tenants_table(found))
    more = f", more with --after '{found[-1].record.tenant}'" if len(found) == limit else ""
    door.output.say(f"{counted(len(found), 'tenant')}{more}, from the case store")


async def show(door: Door, name: Name) -> None:
    """Show what we know of a tenant; of access ids and verification items only how many there are."""
    core.staff_only(door.actor, _WHAT)

    kept = await door.session.read(lambda store: core.TenantRecords(store).record(name.strip()))
    if kept is None:
        raise _not_listed(name)
    if door.output.is_text:
        door.output.show(core.tenant_page(kept))
    else:
        door.output.record(core.without_secrets(kept))


async def remove(door: Door, name: Name) -> None:
    """Remove a tenant from the directory; its cases stay."""
    core.staff_only(door.actor, _WHAT)

    tenant = name.strip()
    # Looked for first, so that a store is neither made nor brought up to date for nobody.
    is_listed = await door.session.read(lambda store: core.TenantRecords(store).record(tenant)) is not None
    if is_listed:
        async with door.session.write_store() as store:
            is_listed = await core.TenantRecords(store).remove(tenant)
    if not is_listed:
        raise _not_listed(name)
    if door.output.is_text:
        door.output.show(f"{printable(tenant)}  removed")
    else:
        door.output.record({"tenant": tenant, "outcome": "removed"})


def _tell(door: Door, changes: "Changes", dry_run: bool, replace: bool) -> None:
    if not door.output.is_text:
        door.output.record({**changes.model_dump(), "dry_run": dry_run})
        return
    removed = f", {changes.removed} removed" if replace else ""
    door.output.show(f"{changes.new} new, {changes.changed} changed, {changes.unchanged} unchanged{removed}")
    if dry_run:
        door.output.say("this is what an import would do; nothing was written")


def _wanted(**given: Any) -> "TenantFilter":

    try:
        return core.TenantFilter.model_validate(given)
    except ValidationError as error:
        wrong = core.shapeless(error)
        raise usage(wrong.reason, "see sunrelay tenant list --help", *wrong.fields) from None


def _not_listed(name: str) -> Fault:
    reason = f"there is no tenant {printable(name.strip()[:200])}"
    return Fault(Kind.NOT_FOUND, "TenantNotFound", reason, "see sunrelay tenant list; capitals count")
