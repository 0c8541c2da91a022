"""Lists of the past as every command shows them: headed by the instant, with what is not known of it."""

from typing import TYPE_CHECKING

from starter.cli import core
from starter.cli.command import Door
from starter.cli.output import Format
from starter.door.plain import counted, moment

if TYPE_CHECKING:
    from starter.door.as_of import ListAsOf


def show_past(door: Door, past: "ListAsOf", counts: str) -> None:
    """Show a list as it stood; what is due, and late, is said of then."""
    if door.output.format is Format.JSONL:
        door.output.records(past.rows)
    elif door.output.format is Format.JSON:
        cases = [row.model_dump(mode="json") for row in past.rows]
        door.output.record({"as_of": past.at.isoformat(), "unknown": past.unknown, "cases": cases})
    else:
        door.output.show(f"as of {moment(past.at)}")
        if past.rows:
            door.output.show(core.cases_table(past.rows, past.at, door.output.result.width))
        door.output.say(f"{counts}, as of {moment(past.at)}, from the case store")
        if past.unknown:
            door.output.say(f"how {counted(past.unknown, 'more case')} stood then is not known")
