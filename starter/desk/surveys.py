"""The survey page as a part of the desk: where its links lead, and the key they are signed with.

Port and key are kept in the desk's home: a link in a mail of an earlier run has to open
after a restart too. The practice vendor's token and key are not, for their tickets end with the desk.
"""

import re
import secrets
from pathlib import Path
from typing import NamedTuple

from starter.cli.command import Door
from starter.cli.settings import adapter_settings
from starter.cli.survey import PORT
from starter.desk.server import usual_or_free
from starter.door.faults import Fault, Kind
from starter.home import Home
from starter.web.survey import PATH


class SurveyPage(NamedTuple):
    """Where links lead (None: mails have none), what worker and page are told, the port of the desk's own."""

    url: str | None
    told: dict[str, str]
    port: int | None = None


def plan_page(door: Door, *, mails_stay: bool) -> SurveyPage:
    """Say which survey page the desk has: the one that is set, else its own on loopback.

    Where mails leave this computer (not `mails_stay`) it has none: nobody who gets one could open its links.
    Raises: Fault for settings that are wrong, or for a home that cannot be used.
    """
    settings = adapter_settings(door.home.store_setting())
    if settings.survey_url is not None:
        return SurveyPage(settings.survey_url, {})
    if not mails_stay:
        return SurveyPage(None, {})
    try:
        port = _port(door)
        keys = {} if settings.survey_secrets else {"SUNRELAY_SURVEY_SECRETS": kept_key(door.home, "survey")}
    except (OSError, UnicodeDecodeError) as error:
        reason = f"{door.home.path}: what is kept for the survey page cannot be used: {error}"
        remedy = "repair or remove survey-key and survey-port"
        raise Fault(Kind.FAULT, "HomeUnusable", reason, remedy) from None
    url = f"http://127.0.0.1:{port}{PATH}"
    return SurveyPage(url, {"SUNRELAY_SURVEY_URL": url, **keys}, port)


def _port(door: Door) -> int:
    """Take the port of the last run, whose links are out, or the usual one."""
    file = door.home.path / "survey-port"
    kept = _read(file)
    usual = int(kept) if re.fullmatch("[0-9]{1,5}", kept) and 0 < int(kept) < 65536 else PORT
    port = usual_or_free(usual, door.output, "the survey page")
    if kept and port != usual:
        door.output.say(f"survey links in earlier mails lead to port {usual} and do not open")
    door.home.keep(file.name, f"{port}\n")
    return port


def kept_key(home: Home, what: str) -> str:
    """Read the key of this home for links of a kind, or make it; of several, one a line, the first signs.

    Whoever reads it can make a link for every case, so the file is its owner's alone.
    Raises: OSError, UnicodeDecodeError.
    """
    file = home.path / f"{what}-key"
    if kept := _read(file):
        return kept
    made = secrets.token_urlsafe(32)
    home.keep(file.name, f"{made}\n")
    return made


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
