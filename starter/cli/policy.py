"""`sunrelay policy`: which support policies there are, what is in them, whether a file is one, what differs.

Files alone are read here: no server, no database. How a policy looks in a terminal is drawn in
`starter.cli.pages.policy`.
"""

from pathlib import Path
from typing import Annotated

import typer

from starter.cli import core, coverage, policy_change
from starter.cli.command import Door, register
from starter.cli.output import Format
from starter.cli.panels import POLICIES
from starter.cli.policy_reading import REFERENCE, policy_of, read_strictly
from starter.door.faults import Fault, Kind, all_at_once, usage
from starter.door.plain import counted, printable


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Policies: what is promised, and writing your own.")
    register(group, "list")(list_)
    register(group, "show")(show)
    register(group, "check")(check)
    register(group, "diff")(diff)
    register(group, "new")(new)
    register(group, "schema")(schema)
    coverage.add_to(group)
    policy_change.add_to(group)
    app.add_typer(group, name="policy", rich_help_panel=POLICIES)


async def list_(door: Door) -> None:
    """List the policies in force: versions kept, what they extend, whose they are."""
    rows = core.policy_rows()
    if not door.output.is_text:
        door.output.plain_records([row._asdict() for row in rows])
        return

    door.output.show(core.policies_table(rows))
    broken = sum(bool(row.errors) for row in rows)
    own = sum(row.origin == "own" for row in rows)
    door.output.say(
        counted(len(rows), "policy", "policies")
        + (f", {own} of them your own" if own else "")
        + (f", {broken} with errors: sunrelay policy check FILE tells them" if broken else "")
    )


async def show(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help=REFERENCE)],
    plan: Annotated[str | None, typer.Option(help="Only what holds under this plan.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="The same as -o json.")] = False,
) -> None:
    """Show a policy as a support lead reads it, every value with where it comes from."""
    policy = policy_of(name)
    if plan is not None and plan not in policy.plans:
        reason = f"policy {policy.name} has no plan {plan!r}; known are {', '.join(policy.plans)}"
        raise Fault(Kind.REFUSED, "PlanUnknown", reason, "name a known plan, or none")
    plans = (plan,) if plan is not None else tuple(policy.plans)
    if door.output.is_text and not json_:
        door.output.show(core.policy_page(policy, plans))
        return

    door.output.format = door.output.format if not door.output.is_text else Format.JSON
    door.output.record(core.policy_record(policy, plans))


async def check(
    door: Door, file: Annotated[str, typer.Argument(metavar="FILE", help="A policy file, or a name.")]
) -> None:
    """Check a policy file: every error at once, each with its field and line; then what is odd in it."""
    try:
        policy = core.policy_named(file, read_strictly)
    except Fault as fault:
        invalid = fault.__cause__
        if not isinstance(invalid, core.PolicyInvalid):
            raise
        _print_check(door, {"file": file, "valid": False, "errors": list(invalid.errors), "warnings": []})
        many = counted(len(invalid.errors), "error")
        remedy = "fix the file and check it again"
        raise Fault(Kind.REFUSED, invalid.code, f"{invalid.origin} has {many}", remedy) from invalid
    found = {"file": file, "valid": True, "errors": [], "warnings": list(core.oddities(policy))}
    _print_check(door, {**found, "summary": core.summary(policy)})


def _print_check(door: Door, found: dict[str, object]) -> None:
    if not door.output.is_text:
        door.output.record(found)
        return
    for kind in ("errors", "summary", "warnings"):
        lines = found.get(kind, [])
        for line in lines if isinstance(lines, list) else []:
            door.output.show(printable(f"warning: {line}" if kind == "warnings" else str(line)))


async def diff(
    door: Door,
    a: Annotated[str, typer.Argument(metavar="A", help=REFERENCE)],
    b: Annotated[str, typer.Argument(metavar="B", help=REFERENCE)],
) -> None:
    """Compare two policies value by value: only in A, only in B, different."""
    with all_at_once() as look:
        first, second = look.at(policy_of, a), look.at(policy_of, b)
    found = core.difference(first, second)
    if not door.output.is_text:
        labels = {"a": f"{first.name}@{first.version}", "b": f"{second.name}@{second.version}"}
        door.output.record({**labels, **found.as_record()})
        return

    if found.total:
        door.output.show(core.difference_page(first, second, found))
    door.output.say(f"{counted(found.total, 'value')} not the same" if found.total else "nothing differs")


async def new(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, - and _.")],
    extends: Annotated[str, typer.Option(help="The policy to begin from.")],
    directory: Annotated[
        Path | None, typer.Option("--dir", help="Where to; without it, SUNRELAY_POLICY_DIR, or here.")
    ] = None,
) -> None:
    """Start a policy of your own: a file that extends another, with the commonest changes as comments."""
    with all_at_once() as look:
        look.at(core.check_new_name, name)
        parent = look.at(policy_of, extends)
    begun = core.begin_policy(name, parent, core.policy_place(directory))
    if not door.output.is_text:
        door.output.record(begun.as_record())
        return
    door.output.show(str(begun.file))
    for step in core.next_steps(begun):
        door.output.say(step)


async def schema(
    door: Door,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """Print the JSON Schema of a policy file, for editors that complete and check."""
    if out is None:
        door.output.format = door.output.format if not door.output.is_text else Format.JSON
        door.output.record(core.policy_schema())
        return
    try:
        out.write_text(core.schema_text(), encoding="utf-8")
    except OSError as error:
        raise usage(str(error), "name a file that can be written", "out") from error
    door.output.say(f"written {out}")
