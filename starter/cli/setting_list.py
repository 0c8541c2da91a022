"""Every setting there is: its name, what it is for, its value here and where that comes from.

Made from the models that read them, so that none can be forgotten; of what only the doors read, the table
below. A secret is never shown, only that there is one.
"""

import ast
import inspect
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from activities.contents.settings import ContentsSettings
from activities.settings import AdapterSettings
from activities.store.database import StoreUrlInvalid, database_url
from starter.cli.identity import ActorSettings
from starter.cli.logins import KEY, URL, kept_login
from starter.cli.provider_settings import OidcSettings
from starter.door.api_keys import prefix_of
from starter.door.faults import Fault
from starter.home import Home
from starter.telemetry.settings import TelemetrySettings

MASK = "********"
_BEHIND_HOST = re.compile(r"(https?://)(?:[^/@\s\"]*@)?([^/\s\"]+)/[^\s\"]+")


class Origin(StrEnum):
    """Where a value comes from."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DESK = "desk"
    LOGIN = "login"
    DEFAULT = "default"


class Setting(NamedTuple):
    """One setting: its variable, what it is for, and what it is where nobody sets it."""

    name: str
    group: str
    about: str
    default: str
    is_secret: bool = False


class Told(NamedTuple):
    """A setting as it is here."""

    setting: Setting
    value: str
    origin: Origin


_OF_DOORS = (
    ("SUNRELAY_URL", "", "The API that everyday commands speak to; without it the one of `sunrelay login`."),
    ("SUNRELAY_KEY", "", "The key shown there, and an agent's own; without it the one of `sunrelay login`."),
    ("SUNRELAY_HOME", ".sunrelay", "The directory of the desk: its databases, logs and mails."),
    ("SUNRELAY_TIMEOUT", "10", "Seconds a command waits for an answer, as `--timeout`."),
    ("SUNRELAY_ZONE", "UTC", "The IANA time zone in which commands show instants, as `--zone`."),
    ("SUNRELAY_POLICY_DIR", "", "A directory with policies of your own."),
    ("SUNRELAY_CALENDAR_DIR", "", "A directory with calendars of public holidays of your own."),
    (
        "TEMPORAL_ADDRESS",
        "localhost:7233",
        "The Temporal server; the desk running here goes before the default.",
    ),
    ("TEMPORAL_NAMESPACE", "default", "Its namespace."),
    ("TEMPORAL_PROFILE", "", "A profile of the configuration file."),
    ("TEMPORAL_CONFIG_FILE", "", "Temporal's configuration file, where that is not the usual one."),
    ("TEMPORAL_API_KEY", "", "What we show a server that asks for a key."),
    ("NO_COLOR", "", "Anything: no colour, unless `--color always` is asked for."),
)


def settings() -> list[Setting]:
    """List every setting, those of the doors first."""
    doors = [Setting(name, "Doors", about, default, "KEY" in name) for name, default, about in _OF_DOORS]
    worker = cast("type[BaseModel]", import_module("worker").WorkerSettings)
    return [
        *doors,
        *_of_model("Who speaks", ActorSettings, "SUNRELAY_ACTOR_"),
        *_of_model("Identity provider", OidcSettings, "SUNRELAY_OIDC_"),
        *_of_model("What is told, and how", AdapterSettings),
        *_of_model("Files of cases", ContentsSettings),
        *_of_model("Workers", worker),
        *_of_model("What is seen from outside", TelemetrySettings),
    ]


def _of_model(group: str, model: type[BaseModel], prefix: str = "SUNRELAY_") -> Iterator[Setting]:
    said = _said_below(model)
    for name, field in model.model_fields.items():
        about = " ".join(said.get(name, "").split())
        yield Setting(f"{prefix}{name.upper()}", group, about, _default(field), "SecretStr" in str(field))


def _said_below(model: type[BaseModel]) -> dict[str, str]:
    """Return what stands below each field, read here so that no other command pays for it."""
    (body,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: words.value.value
        for field, words in pairwise(body.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(words, ast.Expr)
        and isinstance(words.value, ast.Constant)
        and isinstance(words.value.value, str)
    }


def _default(field: FieldInfo) -> str:
    return _plain(field.get_default(call_default_factory=True, validated_data={}))


def _plain(value: Any) -> str:
    if isinstance(value, SecretStr):
        return _masked(value.get_secret_value())
    if value is None or value == "":
        return ""
    if isinstance(value, bool | tuple | dict):
        return json.dumps(value)
    return str(value)


def _masked(secret: str) -> str:
    """Return a secret as it may be shown: of an address all but its password, of a key what it is found by.

    Of any other only that there is one.
    """
    if prefix := prefix_of(secret):
        return f"{prefix}_{MASK}"
    try:
        return database_url(secret).render_as_string(hide_password=True)
    except StoreUrlInvalid:
        return MASK if secret else ""


def _shown(one: Setting, value: str) -> str:
    """Return a value as it may be shown; the path of a chat's address is as good as a password."""
    return _masked(value) if one.is_secret else _BEHIND_HOST.sub(rf"\1\2/{MASK}", value)


def told_here(home: Home) -> list[Told]:
    """List every setting as it is here, whether its value is one or not."""
    login = _signed_in_to(os.environ)
    return [_told(one, os.environ, home, login) for one in settings()]


def _signed_in_to(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what `sunrelay login` keeps, unless it is unreadable or the environment names another API."""
    with suppress(Fault):
        login = kept_login()
        if login is not None and environment.get(URL) in (None, "", login.url):
            return {URL: login.url, KEY: login.key}
    return {}


def _told(one: Setting, environment: Mapping[str, str], home: Home, login: Mapping[str, str]) -> Told:
    if given := environment.get(one.name):
        return Told(one, _shown(one, given), Origin.ENVIRONMENT)
    if one.name in login:
        return Told(one, _shown(one, login[one.name]), Origin.LOGIN)
    place = environment.get("SUNRELAY_SECRETS_DIR")
    file = Path(place or ".") / one.name.lower()
    if place and one.group != "Doors" and file.is_file() and file.stat().st_size:
        return Told(one, _shown(one, file.read_text("utf-8", "replace").strip()), Origin.FILE)
    if one.name == "SUNRELAY_STORE_URL" and (here := home.store_setting().get("store_url")):
        return Told(one, here, Origin.DESK)
    if one.name == "TEMPORAL_ADDRESS" and (desk := home.desk()):
        return Told(one, desk.address, Origin.DESK)
    return Told(one, one.default, Origin.DEFAULT)


def settings_document() -> str:
    """Write docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Made by `sunrelay settings document`; a test compares the two. `sunrelay settings` shows what each",
        "is where you type it, and where from.",
        "",
        "A flag goes before the environment, the environment before a file in `SUNRELAY_SECRETS_DIR` (named",
        "as the variable in small letters), a file before the desk that runs here, that before the default.",
        "Where `SUNRELAY_URL` or `sunrelay login` names an API, everyday commands go there; `--address`, and",
        "`TEMPORAL_ADDRESS` before a login, lead to the engine itself.",
        "An empty variable counts as not set.",
    ]
    group = ""
    for one in settings():
        if one.group != group:
            group = one.group
            lines += ["", f"## {group}", "", "| setting | default | what it is |", "|---|---|---|"]
        about = f"{one.about}{' Secret.' if one.is_secret else ''}".replace("|", "\\|")
        default = f"`{one.default}`" if one.default else ""
        lines.append(f"| `{one.name}` | {default} | {about} |")
    return "\n".join(lines) + "\n"
