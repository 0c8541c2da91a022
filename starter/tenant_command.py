"""`sunrelay tenant`: the tenant directory, imported from a file, listed, shown, and a tenant taken out.

Part of the doors, for our own people alone. Access ids and verification items are never printed; how that is
done is said in `starter.tenant_pages`.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.desk_command import PANEL
from starter.door import Door, register
from starter.faults import Exit, Fault, usage
from starter.output import counted, printable
from starter.store import stored
from starter.writing import writing_store

if TYPE_CHECKING:
    from activities.tenant_records import Changes, TenantFilter
    from domain.tenants import TenantRecord

_SOURCE = "A JSON list, JSON lines, or TOML in a file named .toml; - reads JSON from standard input."
Name = Annotated[str, typer.Argument(metavar="NAME", help="The tenant, spelled as his cases have it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")]
Replace = Annotated[bool, typer.Option("--replace", help="Also remove the tenants that are not in the file.")]


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Tenants: who may ask for help, and what we know of them.")
    register(group, "import")(import_)
    register(group, "list")(list_)
    register(group, "show")(show)
    register(group, "remove")(remove)
    app.add_typer(group, name="tenant", rich_help_panel=PANEL)


async def import_(
    door: Door,
    file: Annotated[str, typer.Argument(metavar="FILE", help=_SOURCE)],
    dry_run: DryRun = False,
    replace: Replace = False,
) -> None:
    """Import tenants from a file: all of them, or none where one is wrong."""
    changed_by = _of_our_own(door)
    records = _read(door, file)
    from activities.tenant_records import TenantRecords

    if dry_run:
        changes = await stored(door, lambda store: TenantRecords(store).compare(records, replace=replace))
    else:
        async with writing_store(door.home) as store:
            changes = await TenantRecords(store).put(records, changed_by, replace=replace)
    _tell(door, changes, dry_run, replace)


async def list_(
    door: Door,
    kind: Annotated[str | None, typer.Option(help="Only of this kind, such as partner.")] = None,
    plan: Annotated[str | None, typer.Option(help="Only of this plan.")] = None,
    region: Annotated[str | None, typer.Option(help="Only of this region.")] = None,
    phase: Annotated[str | None, typer.Option(help="Only in this one: deployment, pilot or operate.")] = None,
    after: Annotated[str | None, typer.Option(help="Only those behind this tenant: the next page.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
) -> None:
    """List the tenants by name."""
    _of_our_own(door)
    wanted = _wanted(kind=kind, plan=plan, region=region, phase=phase, after=after, limit=limit)
    from activities.tenant_records import TenantRecords
    from starter.tenant_pages import tenants_table, without_secrets

    found = await stored(door, lambda store: TenantRecords(store).records(wanted))
    if not door.output.is_text:
        door.output.plain_records([without_secrets(kept) for kept in found])
        return
    if found:
        door.output.show(tenants_table(found))
    more = f", more with --after '{found[-1].record.tenant}'" if len(found) == limit else ""
    door.output.say(f"{counted(len(found), 'tenant')}{more}, from the case store")


async def show(door: Door, name: Name) -> None:
    """Show what we know of a tenant; of access ids and verification items only how many there are."""
    _of_our_own(door)
    from activities.tenant_records import TenantRecords
    from starter.tenant_pages import tenant_page, without_secrets

    kept = await stored(door, lambda store: TenantRecords(store).record(name.strip()))
    if kept is None:
        raise _not_listed(name)
    if door.output.is_text:
        door.output.show(tenant_page(kept))
    else:
        door.output.record(without_secrets(kept))


async def remove(door: Door, name: Name) -> None:
    """Remove a tenant from the directory; his cases stay."""
    _of_our_own(door)
    from activities.tenant_records import TenantRecords

    tenant = name.strip()
    # Looked for first, so that a store is neither made nor brought up to date for nobody.
    is_listed = await stored(door, lambda store: TenantRecords(store).record(tenant)) is not None
    if is_listed:
        async with writing_store(door.home) as store:
            is_listed = await TenantRecords(store).remove(tenant)
    if not is_listed:
        raise _not_listed(name)
    if door.output.is_text:
        door.output.show(f"{printable(tenant)}  removed")
    else:
        door.output.record({"tenant": tenant, "outcome": "removed"})


def _of_our_own(door: Door) -> str:
    """This will name who speaks here. Raises: Fault (refused) for anybody but our own people and programs."""
    from domain.actor import ActorKind

    actor = door.actor
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        reason = f"the tenant directory is not for a {actor.kind}"
        raise Fault(Exit.REFUSED, "RoleNotPermitted", reason, "ask our staff")
    return actor.label


def _read(door: Door, file: str) -> "tuple[TenantRecord, ...]":
    """This will read the whole file; for people, every problem is a line of its own before the last word."""
    from starter.tenant_file import FileRefused, read_tenants

    try:
        return read_tenants(file)
    except FileRefused as refused:
        if door.output.is_text:
            for problem in refused.problems:
                door.output.say(str(problem))
        raise


def _tell(door: Door, changes: "Changes", dry_run: bool, replace: bool) -> None:
    if not door.output.is_text:
        door.output.record({**changes.model_dump(), "dry_run": dry_run})
        return
    removed = f", {changes.removed} removed" if replace else ""
    door.output.show(f"{changes.new} new, {changes.changed} changed, {changes.unchanged} unchanged{removed}")
    if dry_run:
        door.output.say("this is what an import would do; nothing was written")


def _wanted(**given: Any) -> "TenantFilter":
    from pydantic import ValidationError

    from activities.tenant_records import TenantFilter

    try:
        return TenantFilter.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise usage(f"--{first['loc'][0]}: {first['msg']}", "see sunrelay tenant list --help") from None


def _not_listed(name: str) -> Fault:
    reason = f"there is no tenant {printable(name.strip()[:200])}"
    return Fault(Exit.NOT_FOUND, "TenantNotFound", reason, "see sunrelay tenant list; capitals count")
