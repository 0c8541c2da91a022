"""docker-compose.yml as the tests read it: services by profile, and what a container of one would be given.

Compose itself is not needed: interpolation, secrets and the names of machines are resolved here, by the few
rules the file uses.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
MOUNTED = "/run/secrets"
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Z_]+):-(?P<otherwise>[^}]*)\}")

FILE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


def resolved(text: str, **variables: str) -> str:
    """`text` as a container gets it, with the variables of the shell that starts the stack."""
    assert "${" not in _VARIABLE.sub("", text), f"a form of variable the tests do not know: {text}"
    return _VARIABLE.sub(
        lambda hit: variables.get(hit["name"]) or hit["otherwise"] if hit["name"] else "$", text
    )


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
        return "build" in self.given

    @property
    def is_job(self) -> bool:
        """It does one thing and ends, instead of running until it is told to stop."""
        return str(self.given.get("restart", "")).startswith("on-failure")

    @property
    def is_door(self) -> bool:
        """Customers or the vendor come in by it: it listens, and works on no queue."""
        return "listen" in self.command

    @property
    def is_worker(self) -> bool:
        return self.is_ours and not self.is_job and not self.is_door

    @property
    def needs(self) -> dict[str, str]:
        """What has to be there before, and in which state."""
        return {name: how["condition"] for name, how in self.given.get("depends_on", {}).items()}

    @property
    def environment(self) -> dict[str, str]:
        return {name: resolved(value) for name, value in self.given.get("environment", {}).items()}

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

    def mount(self, files: Path, place: Path) -> Path:
        """Lay the secret files of a deployment out as this container would see them."""
        place.mkdir()
        for target, source in self.secrets.items():
            shutil.copy(files / Path(FILE["secrets"][source]["file"]).name, place / target)
        return place


SERVICES = {name: Service(name, given) for name, given in FILE["services"].items()}


def of_profile(profile: str) -> dict[str, Service]:
    """The services that come up with one profile."""
    return {name: service for name, service in SERVICES.items() if profile in service.profiles}
