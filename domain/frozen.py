"""The one base of every record in the domain: immutable, and closed to unknown fields."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """This will refuse unknown fields and any change after construction."""

    model_config = ConfigDict(frozen=True, extra="forbid")
