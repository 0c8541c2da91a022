"""The log of a process that serves, on standard error: for people, or one JSON object a line.

What a line is about stands in fields of its own, given as `extra`: request id, route, case. What somebody
wrote is in none.
"""

import json
import logging
from datetime import UTC, datetime

from starter.telemetry.settings import LogForm

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",  # of uvicorn, for terminals
}


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON; no text in it can begin another line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: instant (UTC), level, logger, message, the fields given, and an error."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def set_up_logs(form: LogForm) -> None:
    """Write what is worth knowing to standard error, in a form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form is LogForm.JSON else logging.Formatter(_TEXT))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
