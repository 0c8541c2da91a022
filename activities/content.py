"""What leaves the house under one effect id: the words for people, and the body for programs.

Pure. It is made before the first attempt and kept until it has arrived, so that a retry after a change of
templates repeats what was begun instead of saying something else under the same id.
"""

import hashlib
import json

from domain.effects import Effect
from domain.frozen import Frozen


class Wording(Frozen):
    """One message in the reader's language: a subject in one line, and a body as text and as HTML."""

    subject: str
    text: str
    html: str
    language: str


class Content(Frozen):
    """A wording, and the JSON body that a webhook carries in its place."""

    wording: Wording
    body: str

    @property
    def digest(self) -> str:
        """This will return the SHA-256 (hex) by which two contents are told apart."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def content_of(effect: Effect, wording: Wording) -> Content:
    """This will join the wording with a body in the form of the Standard Webhooks: type, timestamp, data.

    Facts not given are left out; where a text was kept is nobody else's business.
    """
    facts = effect.facts.model_dump(mode="json", exclude={"text_entry"}, exclude_defaults=True)
    data = {
        "effect_id": effect.id,
        "case_id": effect.case_id,
        "case_number": effect.case_number,
        "to": effect.to.value,
        "subject": wording.subject,
        "message": wording.text,
        "facts": facts,
    }
    body = {"type": f"case.{effect.kind.value}", "timestamp": effect.caused_at.isoformat(), "data": data}
    return Content(wording=wording, body=json.dumps(body, ensure_ascii=True))
