"""The search attributes of a namespace: a case that sets one the server does not know would stop for ever.

Used by the worker before it begins.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from starter.door.faults import Fault, Kind
from workflows.messages import SEARCH_ATTRIBUTES

_log = logging.getLogger("sunrelay.worker")

_ANSWER = timedelta(seconds=10)


async def ensure_search_attributes(client: Client) -> None:
    """Register those that are missing, where allowed. Raises: Fault, saying what to type."""
    wanted = {key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES}
    known = await _known(client) or {}
    other = {name: kind for name, kind in wanted.items() if known.get(name, kind) != kind}
    if other:
        names = " ".join(f"--name {name}" for name in other)
        remove = f"temporal operator search-attribute remove --namespace {client.namespace} {names} --yes && "
        raise _unusable(client, f"has {', '.join(other)} with another type", other, first=remove)
    missing = {name: kind for name, kind in wanted.items() if name not in known}
    if not missing:
        return
    try:
        await _register(client, missing)
    except RPCError as error:
        if not await _may_search(client, missing):
            raise _unusable(client, f"lacks {', '.join(missing)} ({error.message})", missing) from None


async def _known(client: Client) -> dict[str, int] | None:
    """List the attributes of the namespace; None where this server does not tell."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        answer = await client.operator_service.list_search_attributes(request, timeout=_ANSWER)
    except RPCError as error:
        if error.status in (RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.PERMISSION_DENIED):
            return None
        raise
    return dict(answer.custom_attributes)


async def _register(client: Client, missing: dict[str, int]) -> None:
    """Register them and wait until the server knows them, at most 10 s."""
    request = AddSearchAttributesRequest(namespace=client.namespace)
    for name, kind in missing.items():
        request.search_attributes[name] = IndexedValueType.ValueType(kind)
    await client.operator_service.add_search_attributes(request, timeout=_ANSWER)
    _log.info("registered the search attributes %s", ", ".join(missing))
    for _ in range(40):
        known = await _known(client)
        if known is None or missing.keys() <= known.keys():
            return
        await asyncio.sleep(0.25)


async def _may_search(client: Client, names: Iterable[str]) -> bool:
    """Tell whether cases can be counted by them: managed servers let nobody list or register."""
    try:
        await client.count_workflows(" AND ".join(f"{name} IS NULL" for name in names), rpc_timeout=_ANSWER)
    except RPCError:
        return False
    return True


def _unusable(client: Client, what: str, attributes: dict[str, int], first: str = "") -> Fault:
    kinds = {
        IndexedValueType.INDEXED_VALUE_TYPE_INT: "Int",
        IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD: "Keyword",
    }
    flags = " ".join(
        f"--name {name} --type {kinds[IndexedValueType.ValueType(kind)]}" for name, kind in attributes.items()
    )
    return Fault(
        Kind.FAULT,
        "SearchAttributesMissing",
        f"the namespace {client.namespace} {what}",
        f"type: {first}temporal operator search-attribute create --namespace {client.namespace} {flags}",
    )
