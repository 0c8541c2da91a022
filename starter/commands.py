"""The commands of `sunrelay`: one door for people, with a file for each chapter.

Part of the doors. What a chapter needs of Temporal or the database it imports inside its commands.
"""

import typer

from starter import (
    calendar_command,
    desk_command,
    feedback_command,
    handoff_command,
    incident_command,
    listing,
    mail_command,
    opening,
    outage_command,
    policy_command,
    queue_command,
    reading,
    region_command,
    rehearsing,
    rota_command,
    session_command,
    special_command,
    staffing_command,
    statistics_command,
    survey_command,
    tenant_command,
    vendor_command,
    vendor_desk_command,
    verbs,
    watching,
)

_EXIT_CODES = (
    "Exit codes: 0 done, 1 a fault of ours, 2 wrong usage, 3 refused, 4 not found, "
    "5 server, worker or store away, 6 declined (recorded, with a consequence), "
    "7 outcome unknown (ask again with the same --request-id)."
)


def app() -> typer.Typer:
    """This will put the chapters together."""
    command = typer.Typer(
        name="sunrelay",
        help="Support cases as durable workflows, follow-the-sun, on Temporal.",
        epilog=_EXIT_CODES,
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for chapter in (
        policy_command,
        calendar_command,
        desk_command,
        vendor_desk_command,
        opening,
        verbs,
        staffing_command,
        session_command,
        special_command,
        vendor_command,
        outage_command,
        survey_command,
        feedback_command,
        handoff_command,
        incident_command,
        reading,
        listing,
        queue_command,
        statistics_command,
        watching,
        mail_command,
        tenant_command,
        region_command,
        rota_command,
        rehearsing,
    ):
        chapter.add_to(command)
    return command
