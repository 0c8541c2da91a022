"""How one vendor's interface is used, as a TOML file says: where, with what, and how its answers are read.

This room reads files and checks them once, when a worker starts; nothing in them is secret. A file may say
`extends` and the name of a shipped one, and then gives only what is its own.
"""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, JsonValue, StringConstraints, ValidationError, model_validator

from activities.vendor.forms import names_in
from domain.frozen import Frozen
from domain.policy import Duration

SHIPPED = Path(__file__).parent / "vendors"
_LARGEST = 64 * 1024  # bytes of a file

CASE_SAYS = frozenset(
    {"key", "ticket", "reference", "number", "title", "subject", "message", "text", "severity", "level"}
    | {"product", "enhanced", "caused_at", "contact_name", "contact_first_name", "contact_last_name"}
    | {"contact_email", "contact_phone", "contact_zone"}
)
"""What a form may name besides the file's own variables."""

Pointer = Annotated[str, Field(pattern=r"^(/[^/]*)+$")]
"""A place in JSON, as in RFC 6901."""

Method = Literal["GET", "POST", "PUT", "PATCH"]


class VendorConfigInvalid(ValueError):
    """A vendor's file that cannot be used; the message names it and says why."""


MOST_LAG = timedelta(hours=6)
"""Attempts go on for 24 h: after a longer wait too few of them are left."""


class Finding(Frozen):
    """How what was sent under a key is found again. `items`: where in the answer those found are listed.

    `lag`: how long it may take until what was sent is found, where the vendor has said so.
    """

    path: str
    query: dict[str, str] = Field(default_factory=dict)
    items: Pointer | None = None
    lag: Annotated[Duration, Field(le=MOST_LAG)] | None = None


class Operation(Frozen):
    """How one thing is sent, and what the answer says.

    `reference` is where the vendor's own number is, `echo` where our key comes back. Either it can be found
    again by its key, or the vendor takes a key once: in a header, or in the path of a PUT.
    """

    method: Method = "POST"
    path: str
    query: dict[str, str] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, JsonValue] = Field(default_factory=dict)
    reference: Pointer
    echo: Pointer | None = None
    find: Finding | None = None

    @model_validator(mode="after")
    def _never_does_it_twice(self) -> Self:
        if self.find is None and not self._is_taken_once:
            raise ValueError("it needs `find`, or {key} in a header or in the path of a PUT, to be done once")
        if self.find is not None and self.find.items is not None and self.echo is None:
            raise ValueError("what is found among several `items` is told by `echo`")
        return self

    @property
    def _is_taken_once(self) -> bool:
        """Whether the vendor itself takes a key once."""
        by_header = any("{key}" in value for value in self.headers.values())
        return by_header or (self.method == "PUT" and "{key}" in self.path)

    @property
    def is_only_found(self) -> bool:
        """Whether a search is all that keeps it from being done twice."""
        return self.find is not None and not self._is_taken_once


class LongRunning(Frozen):
    """How a vendor who answers 202 is followed: which headers name the place to ask, in order of trust.

    `status` is where the answer there has its word; a word that is in neither list means: not done yet.
    """

    headers: tuple[Annotated[str, StringConstraints(to_lower=True)], ...] = ("operation-location", "location")
    status: Pointer = "/status"
    succeeded: tuple[str, ...] = ("Succeeded",)
    failed: tuple[str, ...] = ("Failed", "Canceled")
    reason: Pointer = "/error/message"


class VendorConfig(Frozen):
    """A vendor's interface.

    `key` is the form our key has there: the effect id as it is, or a name of letters, digits and dashes made
    from it. `severities` gives the vendor's word for a level of ours, or for a severity that was wished for.
    `tried_live` says whether anybody has seen it work against the vendor itself.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    tried_live: bool = False
    base_url: Annotated[str, Field(pattern=r"^https?://[^/?#@\s]+(/[^?#\s]*)?$")]
    auth_header: str = "authorization"
    auth_form: Annotated[str, Field(pattern=r"\{token\}")] = "Bearer {token}"
    headers: dict[str, str] = Field(default_factory=dict)
    key: Literal["effect_id", "name"] = "effect_id"
    variables: dict[str, str] = Field(default_factory=dict)
    severities: dict[str, str] = Field(default_factory=dict)
    severity_otherwise: str | None = None
    open: Operation
    follow_up: Operation | None = None
    long_running: LongRunning = LongRunning()

    @model_validator(mode="after")
    def _says_everything_its_forms_name(self) -> Self:
        used = set(names_in(self.model_dump(mode="json", include={"headers", "open", "follow_up"})))
        if unknown := sorted(used - CASE_SAYS - self.variables.keys()):
            raise ValueError(f"nothing is known of {', '.join(unknown)}; give it in [variables]")
        if empty := sorted(name for name in used & self.variables.keys() if not self.variables[name]):
            raise ValueError(f"[variables] must say {', '.join(empty)}")
        if taken := sorted(CASE_SAYS & self.variables.keys()):
            raise ValueError(f"[variables] may not say {', '.join(taken)}: that is the case's")
        return self

    @property
    def origin(self) -> str:
        """Scheme, host and port of the vendor."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}".lower()


def load_vendor(place: str) -> VendorConfig:
    """Read a vendor's file, or the shipped one of that name. Raises: VendorConfigInvalid."""
    file = SHIPPED / f"{place}.toml" if _is_name(place) else Path(place)
    try:
        return VendorConfig.model_validate(_extended(file))
    except ValidationError as error:
        said = "; ".join(_said(one) for one in error.errors(include_url=False, include_input=False))
        raise VendorConfigInvalid(f"{file.name}: {said}") from None


def shipped_vendors() -> tuple[str, ...]:
    """List the names of the shipped files."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.toml")))


def _said(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def _is_name(place: str) -> bool:
    return place.replace("-", "").isalnum()


def _extended(file: Path) -> dict[str, Any]:
    own = _read(file)
    base = own.pop("extends", None)
    if base is None:
        return own
    if base not in shipped_vendors():
        raise VendorConfigInvalid(f"{file.name}: extends one of {', '.join(shipped_vendors())}")
    return _merged(_read(SHIPPED / f"{base}.toml"), own)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Lay tables over tables; anything else is replaced."""
    both = {
        name: _merged(base[name], own[name])
        for name in base.keys() & own.keys()
        if isinstance(base[name], dict) and isinstance(own[name], dict)
    }
    return {**base, **own, **both}


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise VendorConfigInvalid(f"{file.name}: more than {_LARGEST} bytes")
        return tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise VendorConfigInvalid(f"{file}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VendorConfigInvalid(f"{file.name}: {error}") from None
