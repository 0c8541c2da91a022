"""The survey page as a part of the desk: where its links lead, and the key they are signed with.

Part of the doors. Port and key are kept in the desk's home: a link in a mail of an earlier run has to open
after a restart too. The practice vendor's token and key are not, for his tickets end with the desk.
"""

import asyncio
import os
import re
import secrets
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

from starter.desk.children import Child, start
from starter.desk.server import ended, usual_or_free
from starter.door import Door
from starter.faults import Exit, Fault
from starter.home import Home
from starter.survey_command import PORT, adapter_settings
from starter.survey_web import PATH

_PATIENCE = 60.0  # s until the page must listen; 1.5 s on an idle machine
_STOPPING = 15.0  # s; longer than it gives what is under way


class SurveyPage(NamedTuple):
    """Where links lead (None: mails have none), what worker and page are told, the port of the desk's own."""

    url: str | None
    told: dict[str, str]
    port: int | None = None


def plan_page(door: Door, *, mails_stay: bool) -> SurveyPage:
    """This will say which survey page the desk has: the one that is set, else its own on loopback.

    Where mails leave this computer (not `mails_stay`) it has none: nobody who gets one could open its links.
    Raises: Fault for settings that are wrong, or for a home that cannot be used.
    """
    settings = adapter_settings(door)
    if settings.survey_url is not None:
        return SurveyPage(settings.survey_url, {})
    if not mails_stay:
        return SurveyPage(None, {})
    try:
        port = _port(door)
        keys = {} if settings.survey_secrets else {"SUNRELAY_SURVEY_SECRETS": _key(door.home)}
    except (OSError, UnicodeDecodeError) as error:
        reason = f"{door.home.path}: what is kept for the survey page cannot be used: {error}"
        remedy = "repair or remove survey-key and survey-port"
        raise Fault(Exit.FAULT, "HomeUnusable", reason, remedy) from None
    url = f"http://127.0.0.1:{port}{PATH}"
    return SurveyPage(url, {"SUNRELAY_SURVEY_URL": url, **keys}, port)


def _port(door: Door) -> int:
    """This will take the port of the last run, whose links are out, or the usual one."""
    file = door.home.path / "survey-port"
    kept = _read(file)
    usual = int(kept) if re.fullmatch("[0-9]{1,5}", kept) and 0 < int(kept) < 65536 else PORT
    port = usual_or_free(usual, door.output, "the survey page")
    if kept and port != usual:
        door.output.say(f"survey links in earlier mails lead to port {usual} and do not open")
    file.write_text(f"{port}\n", encoding="utf-8")
    return port


def _key(home: Home) -> str:
    """This will read the key of this home, or make it; several are one a line, new links have the first.

    Whoever reads it can make a link for every case, so the file is its owner's alone.
    """
    file = home.path / "survey-key"
    if kept := _read(file):
        return kept
    made = secrets.token_urlsafe(32)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"{made}\n")
    draft.replace(file)
    return made


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


async def start_page(
    page: SurveyPage, home: Home, stack: AsyncExitStack, environment: Mapping[str, str]
) -> Child | None:
    """This will serve the desk's own page, if it has one, and wait until it listens. Raises: Fault."""
    if page.port is None:
        return None
    command = [sys.executable, "-m", "starter", "survey", "listen", "--port", str(page.port)]
    child = await start("survey-page", command, home.log("survey-page"), environment=environment)
    stack.push_async_callback(child.stop, _STOPPING)
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while not await _listens(page.port):
        if not child.is_running:
            raise ended(child)
        if asyncio.get_running_loop().time() > deadline:
            remedy = f"its log is {child.log}"
            raise Fault(Exit.FAULT, "DeskFault", "the survey page does not begin to listen", remedy)
        await asyncio.sleep(0.1)
    return child


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
