"""How a call names an instant of the past."""

from typing import Annotated

from fastapi import Query

AsOf = Annotated[
    str | None,
    Query(
        description="As it stood at this instant, with its offset or Z. What nobody kept then is not known.",
        max_length=60,
        examples=["2026-11-30T09:12:00Z"],
    ),
]
"""The instant a list or a case is wanted of; now without it."""
