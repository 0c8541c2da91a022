"""The pages of the policies in force: what each level promises, and where every value comes from."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policies.values import Value, promise
from starter.door.faults import Fault, Kind
from starter.door.permission import staff_only
from starter.door.policies_in_force import policy_named
from starter.door.policy_rows import policy_rows
from starter.door.policy_sections import alike, asked_of_customers, headed, sections
from starter.web.board.answers import page
from starter.web.board.visitors import visitor

POLICIES = "/policies"
_WHAT = "the policies"


class LevelPromises(NamedTuple):
    """What a level promises: each with its mark. `asked` is how often the customer is to tell us news."""

    level: str
    name: str
    response: Value
    updates: Value
    asked: Value | None


async def show_policies(request: Request) -> Response:
    """Show the policies in force; one with errors says so."""
    who = await visitor(request)
    staff_only(who.actor, _WHAT)
    return page("policies.html", visitor=who, rows=policy_rows())


async def show_policy(request: Request) -> Response:
    """Show one policy: the promises plan by plan, then every value that was written, with its mark."""
    who = await visitor(request)
    staff_only(who.actor, _WHAT)
    name = request.path_params["policy"]
    row = next((one for one in policy_rows() if one.name == name), None)
    if row is None:
        raise Fault(Kind.NOT_FOUND, "PolicyValueUnknown", "no policy in force has that name", "see the list")
    policy = policy_named(name)
    plans = tuple(policy.plans)
    groups = [
        (
            group,
            [
                LevelPromises(
                    level.id,
                    level.name,
                    promise(policy, group[0], level.id, "initial_response"),
                    promise(policy, group[0], level.id, "update_every"),
                    asked_of_customers(policy, group[0], level.id),
                )
                for level in policy.rules.levels
            ],
        )
        for group in alike(policy, plans)
    ]
    return page(
        "policy.html",
        visitor=who,
        policy=policy,
        row=row,
        head=headed(policy, plans),
        groups=groups,
        sections=sections(policy, plans),
    )


ROUTES = [
    Route(POLICIES, show_policies, methods=["GET"]),
    Route(f"{POLICIES}/{{policy}}", show_policy, methods=["GET"]),
]
