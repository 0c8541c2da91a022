"""Files of a case under `/v1/cases/{case}/files`: given, and handed out to whoever may have them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, JSONResponse

from activities.contents.records import KeptFile
from domain.text import MAX_TEXT_BYTES
from starter.door.case_reader import find_for
from starter.door.files import Given, Kept, find_file, take
from starter.web.api.callers import Call, Known
from starter.web.api.described import KEY_HEADER, READING, WRITING
from starter.web.api.once import key_of, request_id
from starter.web.api.problems import Refusal
from starter.web.api.samples import WhichCase
from starter.web.api.speaking import CaseReceipt, receipt_answer
from starter.web.handed_out import handed_out
from starter.web.request_bytes import Unread
from starter.web.uploads import WITHIN, UploadForm, uploaded

router = APIRouter(tags=["files"])
FileId = Annotated[str, Path(examples=["mfrggzdfmztwq2lknnwg23tpoa"])]
_FORM: dict[str, Any] = {
    "parameters": [KEY_HEADER],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "At most 25, and 25 MB together, with what the case has.",
                        },
                        "text": {"type": "string", "maxLength": MAX_TEXT_BYTES},
                        "internal": {
                            "type": "boolean",
                            "description": "Staff: for our own people alone, unless it is `false`.",
                        },
                    },
                }
            }
        },
    },
}
_HANDED_OUT: dict[int | str, dict[str, Any]] = {
    **READING,
    200: {
        "description": "The file, to be kept: by its name, with its sha256 in `Repr-Digest`.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}


class FileRecord(BaseModel):
    """A file that is kept: `id` is the name of its contents here, `media_type` what its first bytes say."""

    id: str
    reference: str
    name: str
    size: int
    media_type: str
    sha256: str


class FilesReceipt(CaseReceipt):
    """What a case answers to files, and how each is known from now on."""

    files: list[FileRecord] = Field(default_factory=list)


@router.post(
    "/cases/{case}/files",
    operation_id="give_files",
    summary="Give files with a case, and say so in its timeline: all of them or none.",
    status_code=201,
    responses={
        **WRITING,
        201: {"model": FilesReceipt, "description": "They are kept, and the case names them."},
    },
    openapi_extra=_FORM,
    response_model=None,
)
async def give_files(case: WhichCase, call: Known) -> JSONResponse:
    """Give files. What is missing from a request is provided by them; else they come with `text`, or none."""
    given_as = request_id(call, key_of(call))
    call.request.state.message_request_id = given_as
    case_id = await find_for(call.session, call.actor, case)
    call.is_about(case_id)
    try:
        async with uploaded(call.request, call.session) as form:
            kept = await take(call.session, call.actor, case_id, form.files.files, _given(form, given_as))
    except Unread as error:
        raise _unread(error) from None
    return _answer(call, kept)


@router.get(
    "/cases/{case}/files/{file}", operation_id="fetch_file", responses=_HANDED_OUT, response_model=None
)
async def fetch_file(case: WhichCase, file: FileId, call: Known) -> FileResponse:
    """Fetch a file that the case names, by the id in its reference `store:ID`."""
    case_id = await find_for(call.session, call.actor, case)
    call.is_about(case_id)
    return handed_out(await find_file(call.session, call.actor, case_id, file))


def _given(form: UploadForm, given_as: str) -> Given:
    internal = form.fields.get("internal", "").strip().lower()
    if internal not in ("", "true", "false"):
        raise Refusal(422, "ValidationError", "internal: it is true or false", "say one of them")
    if unknown := sorted(set(form.fields) - {"text", "internal"}):
        reason = "; ".join(f"{name[:80]}: it is no field here" for name in unknown[:20])
        raise Refusal(422, "ValidationError", reason, "leave it out")
    text = form.fields.get("text", "").strip() or None
    return Given(text, None if not internal else internal == "true", given_as)


def _unread(error: Unread) -> Refusal:
    match error.status:
        case 408:
            reason, remedy = f"the files did not arrive within {WITHIN:g} s", "send fewer at a time"
            return Refusal(408, "RequestTimeout", reason, remedy, headers={"Connection": "close"})
        case 413:
            reason, remedy = f"more than {error.size} bytes", "send the part that shows the problem"
            return Refusal(413, "PayloadTooLarge", reason, remedy, headers={"Connection": "close"})
        case 415:
            remedy = "send multipart/form-data, each file as a part named files"
            return Refusal(415, "MediaTypeUnknown", "the body is no form with files", remedy)
        case _:
            return Refusal(
                400, "BodyUnreadable", "the form cannot be read, or ended too soon", "send it again"
            )


def _answer(call: Call, kept: Kept) -> JSONResponse:
    answer = receipt_answer(call, kept.answer.receipt, 201, kept.answer.warnings)
    files = [_record(file).model_dump() for file in kept.files]
    return JSONResponse({**answer.record, "files": files}, answer.status, headers=dict(answer.headers))


def _record(file: KeptFile) -> FileRecord:
    return FileRecord(
        id=file.file_id,
        reference=file.reference,
        name=file.name,
        size=file.size,
        media_type=file.media_type,
        sha256=file.sha256,
    )
