"""Who may ask under o365-dedicated, and what the plan for ITAR allows."""

from typing import Any

import pytest

from domain.actor import Actor, ActorKind, Role
from domain.messages.case import Requester
from domain.phase import Phase
from domain.tenants import NOTHING_KNOWN, TenantFacts
from tests.domain.dedicated_desk import (
    CORP,
    DESK,
    END_USER,
    INCIDENTS,
    MORNING,
    dedicated,
    held_to,
    not_opened,
    opened,
    with_a_second_centre,
)
from tests.people import ANA

# --- who may ask ----------------------------------------------------------------------------------------


@pytest.mark.covers("DED-04")
@pytest.mark.parametrize(
    ("actor", "role"),
    [
        (END_USER, "customer"),
        (END_USER, "service_desk"),  # what he says of himself does not count
        (END_USER, None),
        (ANA, "customer"),
        (ANA, None),
        (Actor(kind=ActorKind.CUSTOMER, name="Bo Reed", tenant=CORP), "customer"),
        (Actor(kind=ActorKind.PARTNER, role=Role.TECHNICAL_CONTACT, tenant=CORP), None),
    ],
)
def test_end_users_are_turned_back_to_their_service_desk(actor: Actor, role: str | None) -> None:
    refused = not_opened(actor=actor, requester=Requester(name="Bo Reed", role=role))
    assert (refused.code, refused.remedy) == ("RequesterNotEntitled", "ask the service desk")


@pytest.mark.covers("DED-04")
@pytest.mark.parametrize(
    ("actor", "role"),
    [(DESK, "customer"), (ANA, "service_desk"), (INCIDENTS, None), (INCIDENTS, "service_desk")],
)
def test_the_desk_itself_or_somebody_it_has_called_opens_a_case(actor: Actor, role: str | None) -> None:
    story = opened(actor=actor, requester=Requester(name="Sam Ortiz", role=role))
    assert story.case.phase is Phase.RECEIVED


@pytest.mark.covers("DED-04")
def test_a_desk_the_directory_does_not_entitle_is_turned_back_too() -> None:
    refused = not_opened(facts=TenantFacts(listed=True, entitled=False))
    assert refused.code == "RequesterNotEntitled"
    assert opened(facts=NOTHING_KNOWN).case.phase is Phase.RECEIVED


# --- the plan for ITAR ------------------------------------------------------------------------------------


@pytest.mark.covers("DED-10")
@pytest.mark.parametrize(
    "files",
    [
        {"attachments": ("share:trace.etl",)},
        {"attachments": ("secure_store:trace.etl", "trace.etl")},
        {"attachments": ("https://files.customer.example/secure_store:trace.etl",)},
        {"attachments": ("Secure_Store:trace.etl",)},
        {"screenshots": ("mail:error.png",)},
    ],
)
def test_files_of_an_itar_plan_lie_in_the_secure_store_and_nowhere_else(files: dict[str, Any]) -> None:
    refused = not_opened(under=held_to(plan="itar"), **files)
    assert (refused.code, refused.missing) == ("AttachmentLocationNotPermitted", ("attachments",))
    assert refused.remedy == "put it into secure_store and send its reference"
    assert opened(**files).case.phase is Phase.RECEIVED  # the ordinary plan does not mind


@pytest.mark.covers("DED-10")
def test_a_reference_into_the_secure_store_is_kept_as_a_reference() -> None:
    story = opened(under=held_to(plan="itar"), attachments=("secure_store:trace.etl",))
    assert story.case.request.attachments == ("secure_store:trace.etl",)


@pytest.mark.covers("DED-10")
def test_files_that_come_later_lie_in_the_secure_store_too() -> None:
    rules = dedicated().rules
    waits = rules.intake.model_copy(update={"on_incomplete": "await_information"})
    policy = dedicated().model_copy(update={"rules": rules.model_copy(update={"intake": waits})})
    story = opened(under=held_to(plan="itar", policy=policy), troubleshooting_done=None)
    said = {"troubleshooting_done": "Restarted it"}
    refused = story.refused("provide_information", MORNING, DESK, attachments=("mail:trace.etl",), **said)
    assert refused.code == "AttachmentLocationNotPermitted"
    story.say("provide_information", MORNING, DESK, attachments=("secure_store:trace.etl",), **said)
    assert story.case.phase is Phase.RECEIVED


@pytest.mark.covers("DED-10")
def test_a_case_of_an_itar_plan_is_worked_on_within_the_boundary_only() -> None:
    policy = with_a_second_centre()
    refused = not_opened(under=held_to(plan="itar", region="overseas", policy=policy))
    assert (refused.code, refused.missing) == ("RegionNotPermitted", ("region",))
    assert refused.remedy == "use central"
    assert opened(under=held_to(plan="itar", policy=policy)).case.region == "central"
    assert opened(under=held_to(region="overseas", policy=policy)).case.region == "overseas"
