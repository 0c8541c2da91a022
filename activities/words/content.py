"""What leaves the house under one effect id: the words for people, and the body for programs.

It is made before the first attempt and kept until it has arrived, so that a retry after a change of
templates repeats what was begun instead of saying something else under the same id.
"""

import hashlib
import json
import re

from domain.effects import Effect
from domain.frozen import Frozen, Sparse

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9-]")


class Wording(Sparse):
    """One message in the reader's language: a subject in one line, and a body as text and as HTML.

    `receipt` is the signed record of what it promises, where there is one.
    """

    subject: str
    text: str
    html: str
    language: str
    receipt: str | None = None


class Content(Frozen):
    """A wording, and the JSON body that a webhook carries in its place."""

    wording: Wording
    body: str

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) by which two contents are told apart."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def receipt_file(case_number: str) -> str:
    """Name the file of the record that goes with a mail: `promise-SR-XXXX-XXXX-X.jws`."""
    return f"promise-{_NOT_IN_A_NAME.sub('', case_number)}.jws"


def content_of(effect: Effect, wording: Wording, posted: Wording | None = None) -> Content:
    """Return the wording with a body in the form of the Standard Webhooks: type, timestamp, data.

    `posted` is how the body says it, where that differs: what is posted cannot be answered as a mail is.
    Facts not given are left out; where a text was kept is nobody else's business.
    """
    facts = effect.facts.model_dump(mode="json", exclude={"text_entry"}, exclude_defaults=True)
    data = {
        "effect_id": effect.id,
        "case_id": effect.case_id,
        "case_number": effect.case_number,
        "to": effect.to.value,
        "subject": wording.subject,
        "message": (posted or wording).text,
        "facts": facts,
    }
    if wording.receipt is not None:
        data["receipt"] = wording.receipt
    body = {"type": f"case.{effect.kind.value}", "timestamp": effect.caused_at.isoformat(), "data": data}
    return Content(wording=wording, body=json.dumps(body, ensure_ascii=True))
