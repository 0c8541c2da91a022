"""What an API answers to a message: a receipt, and what the warnings of its door mean."""

from typing import TypeVar

import httpx

from starter.cli.backend.client import ApiClient, read
from starter.door.speak import Answer
from starter.web.api.headers import REPLAYED
from workflows.incident_messages import IncidentReceipt
from workflows.messages import Receipt

R = TypeVar("R", Receipt, IncidentReceipt)


def receipt_in(api: ApiClient, answer: httpx.Response, kind: type[R]) -> R:
    """Read a receipt; one that is given again says so. Raises: Fault."""
    receipt = read(kind, api.record(answer), api.login.url)
    again = answer.headers.get(REPLAYED) == "true"
    return receipt.model_copy(update={"repeated": receipt.repeated or again})


def answer_in(api: ApiClient, answer: httpx.Response) -> Answer:
    """Read a receipt, and the warnings of the door apart from those of the case. Raises: Fault."""
    texts = api.record(answer).get("warning_texts", {})
    receipt = receipt_in(api, answer, Receipt)
    own = tuple(code for code in receipt.warnings if code not in texts)
    return Answer(receipt.model_copy(update={"warnings": own}), texts)
