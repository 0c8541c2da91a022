"""Where a server is wanted, as typed, and where it is found; who only prints needs no client for that."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """What was asked for on the command line; None where it was not."""

    address: str | None = None
    namespace: str | None = None
    profile: str | None = None
    config_file: str | None = None

    @property
    def is_given(self) -> bool:
        """Whether a server was named on the command line."""
        return any((self.address, self.namespace, self.profile, self.config_file))


@dataclass(frozen=True)
class Place:
    """Where the server is, why we think so, and what else the client needs (TLS, key)."""

    address: str
    namespace: str
    origin: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_configured(self) -> bool:
        """Whether somebody named a server, so that the desk starts none of its own."""
        return self.origin in ("--address", "TEMPORAL_ADDRESS", "profile")
