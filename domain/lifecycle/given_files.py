"""Files given with a word to an open case: they join those of its request, with who gave them and to whom.

Those of an internal note are for our own people; what a customer was given once stays theirs to read.
"""

from domain.case import Case
from domain.decision import Draft, Refusal, refuse
from domain.files import with_givers
from domain.lifecycle.intake_checks import is_too_large
from domain.lifecycle.intake_entitlement import misplaced_file
from domain.lifecycle.what_was_said import changes
from domain.messages.case import AddNote, PostUpdate, Reply
from domain.messages.request import MOST_FILES, Attachment, reference_of
from domain.timeline import EntryKind

FilesNamed = tuple[str | Attachment, ...]
_FIELD = "attachments"
_INTO_ONE = "put several into one archive"


def take_files(draft: Draft, message: AddNote | PostUpdate | Reply, *, internal: bool = False) -> None:
    """Add the files of a message to the case, and enter who gave them. Raises: Refusal."""
    if not message.attachments:
        return
    before = draft.case
    named = with_files(_FIELD, before.request.attachments, message.attachments)
    request = before.request.model_copy(update={_FIELD: named})
    if is_too_large(request):
        refuse("ValidationError", "with these files the request would grow larger than 16 KiB", _INTO_ONE)
    if misplaced := misplaced_file(request, before.terms):
        raise Refusal(misplaced)
    given = _not_public(before, message) if internal else message
    draft.set(request=request, givers=with_givers(before.givers, given, draft.at, internal=internal))
    text = changes(before, draft.case, (_FIELD,))
    draft.enter(EntryKind.INFORMATION_PROVIDED, text or None, about=_FIELD, internal=internal)


def _not_public(case: Case, message: AddNote | PostUpdate | Reply) -> AddNote | PostUpdate | Reply:
    """Return a message without the files the customer may read already."""
    public = {file.reference for file in case.files if not file.internal}
    left = tuple(file for file in message.attachments if reference_of(file) not in public)
    return message.model_copy(update={_FIELD: left})


def with_files(field: str, known: FilesNamed, given: FilesNamed) -> FilesNamed:
    """Add files; the same reference again replaces what is known of it. Raises: Refusal beyond 25."""
    again = {reference_of(file) for file in given}
    files = (*(file for file in known if reference_of(file) not in again), *given)
    if len(files) > MOST_FILES:
        refuse(
            "ValidationError",
            f"{field}: there would be {len(files)} of them, and a case names {MOST_FILES}",
            f"{_INTO_ONE} and give its reference",
            (field,),
        )
    return files
