"""Small logs in the form of the VINST export, made up here: who owns a case, where, on which line.

Part of the tests.
"""

from collections.abc import Iterable
from pathlib import Path

from starter.rehearse.script import Script, read_script

HEADER = (
    "case_id,seq,timestamp,timestamp_utc,activity,sub_status,impact,team,support_line,org_line,"
    "function_div,country,owner,owner_country,product"
)
WORKING = ("Accepted", "In Progress")
QUEUED = ("Queued", "Awaiting Assignment")
RESOLVED = ("Completed", "Resolved")
CLOSED = ("Completed", "Closed")
IN_CALL = ("Completed", "In Call")


def change(
    case: str,
    at: str,
    state: tuple[str, str] = WORKING,
    country: str = "POLAND",
    *,
    team: str = "T1",
    line: int = 1,
    impact: str = "Medium",
    owner: str = "Ewa",
) -> list[str]:
    """This will be one row but for its number: `at` is UTC, `2012-04-10 06:30`."""
    instant = f"{at.replace(' ', 'T')}:00"
    times = [f"{instant}+00:00", f"{instant}Z"]
    return [case, *times, *state, impact, team, str(line), "Line X", "", "zz", owner, country, "P1"]


def written(path: Path, rows: Iterable[list[str]]) -> Path:
    """This will write a log of these rows, each case numbered from one on."""
    seen: dict[str, int] = {}
    lines = [HEADER]
    for case, *cells in rows:
        seen[case] = seen.get(case, 0) + 1
        lines.append(",".join([case, str(seen[case]), *cells]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Script:
    """This will read such a log by the mapping that its header chooses."""
    return read_script(path, "rhipe-csp", None, None)
