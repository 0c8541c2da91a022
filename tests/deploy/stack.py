"""docker-compose.yml as the tests read it: services by profile, and what a container of one would be given.

Compose itself is not needed: interpolation, env files, secrets and the names of machines are resolved here,
by the few rules the file uses. Where it is there, a test asks whether they are its own.
"""

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

PROJECT = Path(__file__).parents[2]
MOUNTED = "/run/secrets"
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Z_]+):-(?P<otherwise>[^}]*)\}")

TOLD = "sunrelay.env"
"""The file of whoever deploys."""

FILE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


def resolved(text: str, **variables: str) -> str:
    """`text` as a container gets it, with the variables of the shell that starts the stack."""
    assert "${" not in _VARIABLE.sub("", text), f"a form of variable the tests do not know: {text}"
    return _VARIABLE.sub(
        lambda hit: variables.get(hit["name"]) or hit["otherwise"] if hit["name"] else "$", text
    )


def variables(text: str) -> dict[str, str]:
    """The variables of an env file."""
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class Service:
    """One service of the file."""

    name: str
    given: dict[str, Any]

    @property
    def profiles(self) -> list[str]:
        return list(self.given.get("profiles", []))

    @property
    def is_ours(self) -> bool:
        return str(self.given["image"]).startswith("sunrelay:")

    @property
    def is_job(self) -> bool:
        """It does one thing and ends, instead of running until it is told to stop."""
        return str(self.given.get("restart", "")).startswith("on-failure")

    @property
    def is_door(self) -> bool:
        """Programs, customers or the vendor come in by it: it listens, and works on no queue."""
        return self.command[3:5] == ["web", "serve"]

    @property
    def stands_before(self) -> tuple[str, int] | None:
        """The page of another program that it shows: service and port."""
        command = self.command
        if "--to" not in command:
            return None
        url = urlsplit(command[command.index("--to") + 1])
        return str(url.hostname), int(url.port or 80)

    @property
    def is_worker(self) -> bool:
        return self.is_ours and not self.is_job and not self.is_door and self.stands_before is None

    @property
    def needs(self) -> dict[str, str]:
        """What has to be there before, and in which state."""
        return {name: how["condition"] for name, how in self.given.get("depends_on", {}).items()}

    @property
    def environment(self) -> dict[str, str]:
        """What a container is given where nobody has written a sunrelay.env."""
        return self.ends_with({})

    def ends_with(self, told: Mapping[str, str]) -> dict[str, str]:
        """What a container is given with these lines in sunrelay.env.

        A later file goes before an earlier one, `environment` before both.
        """
        found: dict[str, str] = {}
        for file in self.given.get("env_file", []):
            is_told = file["path"] == TOLD
            found |= told if is_told else variables((PROJECT / file["path"]).read_text(encoding="utf-8"))
        own = self.given.get("environment", {})
        return found | {name: resolved(value) for name, value in own.items()}

    @property
    def command(self) -> list[str]:
        return [resolved(part) for part in self.given.get("command", [])]

    @property
    def region(self) -> str | None:
        """Whose regional worker it is."""
        command = self.command
        return command[command.index("--region") + 1] if "--region" in command else None

    @property
    def secrets(self) -> dict[str, str]:
        """The name a secret has in the container, and the one it has in the file."""
        listed = [
            {"source": entry, "target": entry} if isinstance(entry, str) else entry
            for entry in self.given.get("secrets", [])
        ]
        return {entry["target"]: entry["source"] for entry in listed}

    @property
    def published(self) -> list[tuple[str, range, int]]:
        """Address, ports of this machine, port in the container."""
        found = []
        for port in self.given.get("ports", []):
            address, here, inside = port.rsplit(":", 2)
            first, _, last = here.partition("-")
            found.append((address, range(int(first), int(last or first) + 1), int(inside)))
        return found

    def mount(self, files: Path, place: Path) -> Path:
        """Lay the secret files of a deployment out as this container would see them."""
        place.mkdir()
        for target, source in self.secrets.items():
            shutil.copy(files / Path(FILE["secrets"][source]["file"]).name, place / target)
        return place


SERVICES = {name: Service(name, given) for name, given in FILE["services"].items()}
EVERY = list(SERVICES.values())
LASTING = [service for service in EVERY if not service.is_job]
OURS = [service for service in EVERY if service.is_ours]
WORKERS = [service for service in EVERY if service.is_worker]
DOORS = [service for service in EVERY if service.is_door]
PAGE_DOORS = [service for service in EVERY if service.stands_before]
PROFILES = ("local", "cloud")


def of_profile(profile: str) -> dict[str, Service]:
    """The services that come up with one profile."""
    return {name: service for name, service in SERVICES.items() if profile in service.profiles}


def names(services: Iterable[Service]) -> list[str]:
    """What a test of each is called after."""
    return [service.name for service in services]
