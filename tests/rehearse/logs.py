"""Logs for the tests: our small one as it ships, and others made from it.

Part of the tests.
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from starter.rehearse.script import Script, read_script

DESK_LOG = Path(str(files("starter.rehearse").joinpath("sample", "desk-log.csv")))
HEADER = "ticket,step,when,status,impact,urgency,via,queue,by,reopened,opened,solved_on"


def written(path: Path, lines: Iterable[str], header: str = HEADER) -> Path:
    """This will write a log of these lines."""
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def step(ticket: str, number: int, when: str, status: str, **other: str) -> str:
    """This will be one line of a log: a P3 by telephone unless it says otherwise."""
    cells = {
        "impact": "2",
        "urgency": "2",
        "via": "phone",
        "queue": "front",
        "by": "rita",
        "reopened": "0",
        "opened": "2025-04-01 09:00",
        "solved_on": "",
    } | other
    return ",".join([ticket, str(number), when, status, *cells.values()])


def read(path: Path) -> Script:
    """This will read a log by the mapping of our small one."""
    return read_script(path, "rhipe-csp", "desk-log", None)


def spoken(script: Script, case: str) -> list[list[str]]:
    """This will be what is said of one case, row by row: the first word of each saying."""
    story = next(one for one in script.stories if one.case == case)
    return [[saying.words[0].verb.value for saying in turn.sayings] for turn in story.turns]
