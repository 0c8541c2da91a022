"""`sunrelay policy preview` and `policy apply`: what a changed policy does to open cases, and doing it."""

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.policy_reading import policy_of
from starter.door.faults import Fault, Kind, usage
from starter.door.plain import counted

if TYPE_CHECKING:
    from domain.policy import SupportPolicy
    from starter.door.moved_promises import MovedCase
    from starter.door.policy_apply import AppliedCase, Outcome
    from starter.door.policy_preview import Preview

_RATE = 5  # cases a second; the core's own, which help shows before the core is loaded
_FILE = Annotated[str, typer.Argument(metavar="FILE", help="A policy file, or the name of one in force.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands to the chapter of policies."""
    register(group, "preview")(preview)
    register(group, "apply")(apply)


async def preview(door: Door, file: _FILE) -> None:
    """List which open cases would move which promise by how much if this policy took effect."""
    policy = policy_of(file)
    _show(door, await core.preview_policy(door.session, door.actor, policy))


async def apply(
    door: Door,
    file: _FILE,
    reason: Annotated[str | None, typer.Option(help="Why; it stands in each case.")] = None,
    rate: Annotated[int, typer.Option(min=1, max=100, help="Cases a second, at most.")] = _RATE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would move, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Hold every open case of a policy in force to what it says now; elapsed time stays elapsed.

    For a lead or a manager. Begun again, it goes on where it was stopped.
    """
    policy = policy_of(file)
    if not dry_run:
        core.may_apply_policies(door.actor)
        core.check_in_force(policy)
    found = await core.preview_policy(door.session, door.actor, policy)
    if dry_run or door.output.is_text:
        _show(door, found)
    if dry_run:
        return
    if found.wanted and not yes:
        _ask(found)
    await _apply(door, policy, found, reason or f"policy {found.shown.policy} applied", rate)


def _show(door: Door, found: "Preview") -> None:
    shown = found.shown
    if not door.output.is_text:
        door.output.record(shown)
        return
    if shown.cases:
        door.output.show(core.moved_table(shown.cases))
        door.output.show(core.totals_table(shown.totals))
    if shown.not_counted:
        door.output.show(core.not_counted_table(shown.not_counted))
    for words in shown.warnings:
        door.output.say(f"warning: {words}")
    door.output.say(
        f"{shown.policy}, digest {shown.digest}: {counted(shown.open_cases, 'open case')}; "
        f"{len(shown.cases)} with a promise that moves, {shown.not_moved} without, "
        f"{shown.already} under this text already, {shown.pinned} opened under a version by name, "
        f"{len(shown.not_counted)} that could not be computed"
    )


def _ask(found: "Preview") -> None:
    """Let somebody say yes. Raises: Fault (usage) where nobody is there, or they say no."""
    many = counted(len(found.wanted), "case")
    if not sys.stdin.isatty():
        raise usage(f"{many} would be recomputed, and nobody is here to be asked", "say --yes", "yes")
    if not typer.confirm(f"Recompute {many}?", err=True):
        raise usage("nothing was done", "say yes, or --yes")


async def _apply(door: Door, policy: "SupportPolicy", found: "Preview", reason: str, rate: int) -> None:
    done: list[AppliedCase] = []
    stopped: Fault | None = None
    try:
        async for one in core.apply_policy(door.session, door.actor, policy, found.wanted, reason, rate):
            done.append(one)
            if one.reason is not None and door.output.is_text:
                door.output.say(f"{core.case_number(one.case_id)}: {one.code}: {one.reason}")
    except Fault as fault:
        stopped = fault
    counts = Counter(one.outcome for one in done)
    if door.output.is_text:
        _say_done(door, found, done, counts)
    else:
        door.output.record(_record(found, done, counts))
    if stopped is not None:
        raise stopped
    if left := len(done) - counts[core.Outcome.APPLIED] - counts[core.Outcome.ALREADY]:
        why = f"{counted(left, 'case')} could not be held to {found.shown.policy}"
        raise Fault(Kind.REFUSED, "PolicyNotApplied", why, "see to the reasons, then apply it again")


def _moved(done: "list[AppliedCase]") -> "list[MovedCase]":
    return [one.case for one in done if one.case is not None and one.case.moved]


def _say_done(door: Door, found: "Preview", done: "list[AppliedCase]", counts: "Counter[Outcome]") -> None:
    moved = _moved(done)
    recomputed = counted(counts[core.Outcome.APPLIED], "case")
    promises = counted(sum(len(case.moved) for case in moved), "promise")
    door.output.show(
        f"{found.shown.policy}  {recomputed} recomputed, {promises} of {counted(len(moved), 'case')} moved"
    )


def _record(found: "Preview", done: "list[AppliedCase]", counts: "Counter[Outcome]") -> dict[str, object]:
    shown = found.shown
    return {
        "policy": shown.policy,
        "digest": shown.digest,
        "open_cases": shown.open_cases,
        "already": shown.already,
        "pinned": shown.pinned,
        "outcomes": {outcome.value: counts[outcome] for outcome in core.Outcome},
        "not_told": len(found.wanted) - len(done),
        "cases": [one.model_dump(mode="json") for one in done],
        "totals": [one.model_dump(mode="json") for one in core.totals_of(_moved(done))],
        "not_counted": [one.model_dump(mode="json") for one in shown.not_counted],
    }
