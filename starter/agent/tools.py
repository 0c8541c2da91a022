"""The tools an agent is given: views to read, and each verb its credential may say.

An agent has the rights of its credential and no others. What would leave the house waits as a draft for a
person; a dry run is the domain's own decision.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from activities.store.case_list import CaseFilter
from domain.actor import Actor
from domain.clocks import Clock
from domain.messages.base import Message
from domain.verbs import Verb
from starter.door.case_reader import find_for, see, see_as_customer, see_timeline, see_why
from starter.door.drafts import say_or_draft
from starter.door.dry_run import look_ahead
from starter.door.known_as import narrowed_to
from starter.door.permission import is_customer_view, listed_tenant
from starter.door.session import Session
from starter.door.speak import Said

_NOT_FOR_AGENTS = frozenset({Verb.SUBMIT, Verb.INCIDENT_NEWS, Verb.STAFFING_NEWS, Verb.ANSWER_SURVEY})
_CASE = {"type": "string", "description": "The case: its number SR-XXXX-XXXX-X, or its id."}
_MOST = 50

Run = Callable[[Session, Actor, Mapping[str, Any]], Awaitable[object]]


@dataclass(frozen=True)
class Tool:
    """One tool: its name, what it does, what it is given, and whether it only reads."""

    name: str
    words: str
    given: dict[str, Any]
    run: Run
    reads: bool = True


def tools_for(actor: Actor) -> dict[str, Tool]:
    """Return the tools of whoever speaks: each view, and each verb that this kind of actor may say."""
    spoken = [verb for verb in Verb if verb not in _NOT_FOR_AGENTS and verb.may_be_said_by(actor)]
    tools = [*_VIEWS, *(_tool_of(verb) for verb in spoken)]
    return {tool.name: tool for tool in tools}


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


async def _read_case(session: Session, actor: Actor, given: Mapping[str, Any]) -> object:
    seen = await see(session, actor, await find_for(session, actor, str(given["case"])))
    shown: BaseModel = seen.view
    if is_customer_view(actor):
        shown = await see_as_customer(session, actor, seen)
    return shown.model_dump(mode="json", exclude_none=True)


async def _read_timeline(session: Session, actor: Actor, given: Mapping[str, Any]) -> object:
    seen = await see(session, actor, await find_for(session, actor, str(given["case"])))
    told = await see_timeline(session, actor, seen)
    return [entry.model_dump(mode="json", exclude_none=True) for entry in told.entries]


async def _explain(session: Session, actor: Actor, given: Mapping[str, Any]) -> object:
    clock = TypeAdapter(Clock).validate_python(given["clock"])
    seen = await see(session, actor, await find_for(session, actor, str(given["case"])))
    return (await see_why(session, actor, seen, clock)).model_dump(mode="json")


async def _list_cases(session: Session, actor: Actor, given: Mapping[str, Any]) -> object:
    text = given.get("text")
    wanted = CaseFilter(
        tenant=listed_tenant(actor, None),
        known_as=await narrowed_to(session, actor),
        text=None if text is None else str(text)[:200],
        open_only=given.get("open") is not False,
        limit=_MOST,
    )
    rows = await session.read(lambda store: store.cases(wanted))
    return [row.model_dump(mode="json", exclude_none=True) for row in rows]


async def _dry_run(session: Session, actor: Actor, given: Mapping[str, Any]) -> object:
    verb = TypeAdapter(Verb).validate_python(given["verb"])
    case_id = await find_for(session, actor, str(given["case"]))
    outlook = await look_ahead(session, actor, case_id, Said(verb, dict(given.get("fields") or {})))
    return {
        "phase_after": outlook.after.phase,
        "level_after": outlook.after.level,
        "told": [{"what": effect.kind, "whom": effect.to} for effect in outlook.told],
        "would_wait_for_a_person": outlook.leaves_the_house,
        "warnings": outlook.warnings,
        "code": outlook.code,
    }


_VIEWS = (
    Tool("read_case", "Read a case as it stands.", _object({"case": _CASE}, "case"), _read_case),
    Tool("read_timeline", "Read what happened to a case.", _object({"case": _CASE}, "case"), _read_timeline),
    Tool(
        "explain",
        "Tell why a clock of a case is due when it is.",
        _object({"case": _CASE, "clock": {"enum": [clock.value for clock in Clock]}}, "case", "clock"),
        _explain,
    ),
    Tool(
        "list_cases",
        "List cases, the nearest promise first.",
        _object({"text": {"type": "string"}, "open": {"type": "boolean"}}),
        _list_cases,
    ),
    Tool(
        "dry_run",
        "Say what a verb would do, without doing it.",
        _object(
            {"case": _CASE, "verb": {"enum": [verb.value for verb in Verb]}, "fields": {"type": "object"}},
            "case",
            "verb",
        ),
        _dry_run,
    ),
)


def _tool_of(verb: Verb) -> Tool:
    """Make the tool of a verb: its record without what the door stamps it with, and the case."""
    schema = verb.model.model_json_schema()
    own = {name: part for name, part in schema["properties"].items() if name not in Message.model_fields}
    needed = [name for name in schema.get("required", ()) if name in own]
    given = _object({"case": _CASE, **own}, "case", *needed)
    if "$defs" in schema:
        given["$defs"] = schema["$defs"]

    async def run(session: Session, actor: Actor, arguments: Mapping[str, Any]) -> object:
        fields = {name: value for name, value in arguments.items() if name != "case"}
        case_id = await find_for(session, actor, str(arguments["case"]))
        answer = await say_or_draft(session, actor, case_id, Said(verb, fields))
        if answer.draft is not None:
            kept = answer.draft
            return {"outcome": "drafted", "draft": kept.draft_id, "waits_because": kept.because}
        assert answer.said is not None
        return answer.said.receipt.model_dump(mode="json", exclude_none=True)

    words = f"{verb.says} What would leave the house waits as a draft for a person."
    return Tool(verb.value, words, given, run, reads=False)
