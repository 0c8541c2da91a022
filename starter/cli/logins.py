"""Which API commands speak to, and the key they show it: of the environment, else of `sunrelay login`.

The file is its owner's alone, in the system's folder for settings; it is believed only while it is.
"""

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from starter.door import private_folder
from starter.door.faults import Fault, Kind, usage

URL, KEY = "SUNRELAY_URL", "SUNRELAY_KEY"
_FILE = "login.json"
_NONE_THERE = (FileNotFoundError, NotADirectoryError, PermissionError, RuntimeError)
"""No file, no folder, another user's folder, or a user without a home: nobody has signed in."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Login:
    """An API by its address, whoever's key opens it, and where the address comes from."""

    url: str
    key: str = field(repr=False)
    origin: str = "sunrelay login"

    @property
    def is_in_the_clear(self) -> bool:
        """Whether the key travels to another machine where others can read it."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def current_login() -> Login | None:
    """Return the API commands speak to; None where it is the desk itself. Raises: Fault (usage).

    The environment goes before the file, also where it names an engine.
    """
    url, key = os.environ.get(URL), os.environ.get(KEY)
    if url:
        address = api_address(url)
        return Login(address, key or _key_kept_for(address), URL)
    if os.environ.get("TEMPORAL_ADDRESS"):
        return None
    kept = kept_login()
    return kept and replace(kept, key=key or kept.key)


def _key_kept_for(url: str) -> str:
    """Return the key that was given for this very address. Raises: Fault (usage)."""
    kept = kept_login()
    if kept is None or kept.url != url:
        raise usage(f"{URL} is set, and there is no key for {url}", f"sunrelay login {url}, or set {KEY}")
    return kept.key


def api_address(text: str) -> str:
    """Return the address of an API as it is kept, without /v1 behind it. Raises: Fault (usage)."""
    address = text.strip().rstrip("/").removesuffix("/v1")
    try:
        parts = urlsplit(address)
        is_one = bool(parts.hostname) and parts.port != 0 and parts.scheme in ("http", "https")
    except ValueError:
        is_one = False
    if not is_one or set("@?# ") & set(address):
        raise usage("that is no address of an API", "give one such as https://support.example.com", "url")
    return address


def login_file() -> Path:
    """Return the file a login is kept in. Raises: RuntimeError where nobody has a home."""
    place = Path(os.environ.get("XDG_CONFIG_HOME") or "")
    return (place if place.is_absolute() else Path.home() / ".config") / "sunrelay" / _FILE


def kept_login() -> Login | None:
    """Read what `sunrelay login` has kept. Raises: Fault where others could have read or written it."""
    try:
        file = login_file()
        private_folder.check(file.parent)
        private_folder.check_file(file)
        found = json.loads(file.read_text(encoding="utf-8"))
        return Login(api_address(found["url"]), str(found["key"]))
    except _NONE_THERE:
        return None
    except (OSError, private_folder.NotPrivate) as error:
        raise _unusable(error) from None
    except (ValueError, LookupError, TypeError, AttributeError, Fault):
        raise _unusable(ValueError(f"{login_file()} holds no login")) from None


def keep_login(login: Login) -> Path:
    """Keep a login for its owner alone, in place of an earlier one. Raises: Fault."""
    try:
        file = login_file()
        private_folder.make(file.parent, (_FILE,))
        private_folder.write(file, json.dumps({"url": login.url, "key": login.key}) + "\n")
    except (OSError, RuntimeError, private_folder.NotPrivate) as error:
        raise _unusable(error) from None
    return file


def forget_login() -> bool:
    """Forget the login, whatever it holds; tell whether there was one. Raises: Fault."""
    try:
        login_file().unlink()
    except _NONE_THERE:
        return False
    except OSError as error:
        raise _unusable(error) from None
    return True


def _unusable(error: Exception) -> Fault:
    reason = f"{login_file()}: {error.strerror}" if isinstance(error, OSError) else str(error)
    return Fault(Kind.FAULT, "LoginUnusable", reason, "make it yours alone (chmod 600), or sunrelay logout")


def needs_desk(login: Login, what: str = "this") -> Fault:
    """Return the refusal of what an API does not offer."""
    reason = f"{what} needs the desk itself; commands go to the API at {login.url} ({login.origin})"
    remedy = "type it where the desk is, with --address or after sunrelay logout"
    return Fault(Kind.USAGE, "DeskNeeded", reason, remedy)
