"""`sunrelay policy`: which support policies there are, what is in them, whether a file is one, what differs.

Part of the doors. Files alone are read: no server, no database. How a policy looks in a terminal is drawn in
`starter.policy_pages`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter import coverage_command
from starter.calendar_command import PANEL
from starter.door import Door, register
from starter.faults import Exit, Fault, usage
from starter.output import Format, counted, printable

if TYPE_CHECKING:
    from domain.policy import SupportPolicy
    from policies import PolicyInvalid, PolicyUnknown

_REFERENCE = "A name, NAME@VERSION, or a file."


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Policies: what is promised, and writing your own.")
    register(group, "list")(list_)
    register(group, "show")(show)
    register(group, "check")(check)
    register(group, "diff")(diff)
    register(group, "new")(new)
    register(group, "schema")(schema)
    coverage_command.add_to(group)
    app.add_typer(group, name="policy", rich_help_panel=PANEL)


async def list_(door: Door) -> None:
    """List the policies in force: versions kept, what they extend, whose they are."""
    from starter.policy_rows import policy_rows

    rows = policy_rows()
    if not door.output.is_text:
        door.output.plain_records([row._asdict() for row in rows])
        return
    from starter.policy_pages import policies_table

    door.output.show(policies_table(rows))
    broken = sum(bool(row.errors) for row in rows)
    own = sum(row.origin == "own" for row in rows)
    door.output.say(
        counted(len(rows), "policy", "policies")
        + (f", {own} of them your own" if own else "")
        + (f", {broken} with errors: sunrelay policy check FILE tells them" if broken else "")
    )


async def show(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_REFERENCE)],
    plan: Annotated[str | None, typer.Option(help="Only what holds under this plan.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="The same as -o json.")] = False,
) -> None:
    """Show a policy as a support lead reads it, every value with where it comes from."""
    policy = _policy(name)
    if plan is not None and plan not in policy.plans:
        reason = f"policy {policy.name} has no plan {plan!r}; known are {', '.join(policy.plans)}"
        raise Fault(Exit.REFUSED, "PlanUnknown", reason, "name a known plan, or none")
    plans = (plan,) if plan is not None else tuple(policy.plans)
    if door.output.is_text and not json_:
        from starter.policy_pages import policy_page

        door.output.show(policy_page(policy, plans))
        return
    from starter.policy_rows import policy_record

    door.output.format = door.output.format if not door.output.is_text else Format.JSON
    door.output.record(policy_record(policy, plans))


async def check(
    door: Door, file: Annotated[str, typer.Argument(metavar="FILE", help="A policy file, or a name.")]
) -> None:
    """Check a policy file: every error at once, each with its field and line; then what is odd in it."""
    from policies import PolicyInvalid, PolicyUnknown
    from policies.oddities import oddities
    from starter.policy_rows import summary

    try:
        policy = _read(file)
    except PolicyInvalid as invalid:
        _print_check(door, {"file": file, "valid": False, "errors": list(invalid.errors), "warnings": []})
        many = counted(len(invalid.errors), "error")
        remedy = "mend the file and check it again"
        raise Fault(Exit.REFUSED, invalid.code, f"{invalid.origin} has {many}", remedy) from invalid
    except PolicyUnknown as unknown:
        raise _unknown(unknown) from unknown
    found = {"file": file, "valid": True, "errors": [], "warnings": list(oddities(policy))}
    _print_check(door, {**found, "summary": summary(policy)})


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
    a: Annotated[str, typer.Argument(metavar="A", help=_REFERENCE)],
    b: Annotated[str, typer.Argument(metavar="B", help=_REFERENCE)],
) -> None:
    """Compare two policies value by value: only in A, only in B, different."""
    from starter.policy_rows import difference

    first, second = _policy(a), _policy(b)
    found = difference(first, second)
    if not door.output.is_text:
        labels = {"a": f"{first.name}@{first.version}", "b": f"{second.name}@{second.version}"}
        door.output.record({**labels, **found.as_record()})
        return
    from starter.policy_pages import difference_page

    if found.total:
        door.output.show(difference_page(first, second, found))
    door.output.say(f"{counted(found.total, 'value')} not the same" if found.total else "nothing differs")


async def new(
    door: Door,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, - and _.")],
    extends: Annotated[str, typer.Option(help="The policy to begin from.")],
    directory: Annotated[
        Path | None, typer.Option("--dir", help="Where to; without it, SUNRELAY_POLICY_DIR, or here.")
    ] = None,
) -> None:
    """Begin a policy of your own: a file that extends another, with the commonest changes as comments."""
    from starter.policy_files import begin

    begun = begin(name, _policy(extends), directory)
    if not door.output.is_text:
        door.output.record(begun.as_record())
        return
    door.output.show(str(begun.file))
    for step in begun.next_steps:
        door.output.say(step)


async def schema(
    door: Door,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
) -> None:
    """Print the JSON Schema of a policy file, for editors that complete and check."""
    from policies.schema import policy_schema, schema_text

    if out is None:
        door.output.format = door.output.format if not door.output.is_text else Format.JSON
        door.output.record(policy_schema())
        return
    try:
        out.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise usage(f"--out: {error}", "name a file that can be written") from error
    door.output.say(f"written {out}")


def _policy(reference: str) -> "SupportPolicy":
    """Raises: Fault (refused) with PolicyValueUnknown or PolicyInvalid; Fault (usage)."""
    from policies import PolicyInvalid, PolicyUnknown

    try:
        return _read(reference)
    except PolicyUnknown as unknown:
        raise _unknown(unknown) from unknown
    except PolicyInvalid as invalid:
        raise _invalid(invalid) from invalid


def _read(reference: str) -> "SupportPolicy":
    """This will read a policy by name, or the file where what is given looks like one.

    Raises: PolicyUnknown; PolicyInvalid; Fault (usage).
    """
    from policies import load_policy
    from policies.loading import read_path

    if not (reference.endswith(".toml") or "/" in reference):
        return load_policy(reference)
    try:
        return read_path(Path(reference))
    except (OSError, ValueError) as error:  # a name with NUL in it is a ValueError
        raise usage(f"{reference}: {error}", "name a file that can be read") from error


def _unknown(unknown: "PolicyUnknown") -> Fault:
    return Fault(Exit.REFUSED, unknown.code, str(unknown), "sunrelay policy list names them")


def _invalid(invalid: "PolicyInvalid") -> Fault:
    return Fault(Exit.REFUSED, invalid.code, str(invalid), "sunrelay policy check tells each on its own line")
