"""How payloads become values here: as everywhere, and what nobody can read is handed over as it came.

The engine asks no type where the number of payloads is another than a handler has, and a payload that cannot
be read would then be tried for ever (measured: two of them in a start). Handlers refuse the number instead.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter


class LenientPayloads(PydanticPayloadConverter):
    """Reads values of a type that is asked for; others only where it can."""

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type[Any]] | None = None
    ) -> list[Any]:
        """Return the values; where no type is asked for, what cannot be read comes back raw."""
        if type_hints:
            return super().from_payloads(payloads, type_hints)
        return [self._as_it_can_be(payload) for payload in payloads]

    def _as_it_can_be(self, payload: Payload) -> Any:
        try:
            return super().from_payloads([payload])[0]
        except Exception:
            return RawValue(payload)


def lenient(client: Client) -> Client:
    """Return the same client for a worker: it reads what it can, with the same codec."""
    config = client.config()
    config["data_converter"] = dataclasses.replace(
        config["data_converter"], payload_converter_class=LenientPayloads
    )
    return Client(**config)
