"""The shipped file for Azure Support, against a double made from the published specification.

Not the real thing: shapes and statuses are those of api-version 2024-04-01 of Microsoft.Support, as its
specification and its examples have them.
"""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities.store.case_store import CaseStore
from activities.vendor.config import load_vendor
from domain.effects import OutcomeStatus
from starter.desk.plain_http import PlainServer, Reply, Request, reply
from tests.activities.mail_system import MailSystem
from tests.activities.vendor_desk import TOKEN, VendorDesk, follow_up, ticket

SUBSCRIPTION = "132d901f-189d-4381-9214-fe68e27e05a1"
ROOT = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Support"
REQUIRED = {
    "description",
    "problemClassificationId",
    "severity",
    "advancedDiagnosticConsent",
    "contactDetails",
    "title",
    "serviceId",
}
"""What the specification's SupportTicketDetailsProperties does not let out."""

CONTACT = {
    "firstName",
    "lastName",
    "preferredContactMethod",
    "primaryEmailAddress",
    "preferredTimeZone",
    "country",
    "preferredSupportLanguage",
}
"""What its ContactProfile does not let out."""

OWN = f"""
extends = "azure-support"
base_url = "BASE"
[variables]
subscription_id = "{SUBSCRIPTION}"
service_id = "/providers/Microsoft.Support/services/cddd3eb5-1830-b494-44fd-782f691479dc"
problem_classification_id = "/providers/Microsoft.Support/services/s/problemClassifications/p"
our_first_name = "Service"
our_last_name = "Desk"
our_email = "desk@our.example"
country = "AUS"
time_zone = "AUS Eastern Standard Time"
"""


class AzureDouble:
    """Resources by name: a PUT is answered 202, and is there once its operation was asked about."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, object]] = {}
        self.puts: list[Request] = []
        self.waiting: dict[str, str] = {}
        self.breaks = False
        self.server = PlainServer(self.answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def answer(self, request: Request) -> Reply:
        assert request.query["api-version"] == "2024-04-01"
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return reply(
                401, {"error": {"code": "AuthenticationFailed", "message": "Authentication failed."}}
            )
        if request.method == "PUT":
            return self._put(request)
        if "/operationsStatus/" in request.path:
            operation = request.path.rpartition("/")[2]
            self._make(self.waiting[operation])
            return reply(200, {"id": request.path, "name": operation, "status": "Succeeded"})
        if request.path not in self.made:
            return reply(
                404, {"error": {"code": "ResourceNotFound", "message": "The resource was not found."}}
            )
        return reply(200, self.made[request.path])

    def _put(self, request: Request) -> Reply:
        self.puts.append(request)
        self.waiting[str(len(self.waiting))] = request.path
        if self.breaks:
            self._make(request.path)
            return Reply(hangs_up=True)
        operation = f"{self.url}{ROOT}/operationsStatus/{len(self.waiting) - 1}?api-version=2024-04-01"
        result = operation.replace("operationsStatus", "operationResults")
        return Reply(
            202, b"", (("azure-asyncoperation", operation), ("location", result), ("Retry-After", "2"))
        )

    def _make(self, path: str) -> None:
        name = path.rpartition("/")[2]
        properties = (
            {} if "/communications/" in path else {"supportTicketId": "119120321001170", "status": "Open"}
        )
        self.made[path] = {"name": name, "id": path, "properties": properties}


@pytest.fixture
async def azure() -> AsyncIterator[AzureDouble]:
    double = AzureDouble()
    await double.server.start()
    yield double
    await double.server.stop()


@pytest.fixture
def desk(own_store: CaseStore, azure: AzureDouble, tmp_path: Path, mail_system: MailSystem) -> VendorDesk:
    file = tmp_path / "azure.toml"
    file.write_text(OWN.replace("BASE", azure.url), encoding="utf-8")
    return VendorDesk(
        own_store, mail_system.port, vendor_config=str(file), vendor_address="desk@vendor.example"
    )


async def opened(desk: VendorDesk) -> str | None:
    assert (await desk.not_told(ticket(level="P1"))).next_retry_delay == timedelta(seconds=2)
    await desk.store.not_yet(ticket().id)  # the two seconds have passed
    return (await desk.tell(ticket(level="P1"))).reference


def test_it_says_that_nobody_has_tried_it_live() -> None:
    file = Path(__file__).parents[2] / "activities/vendor/vendors/azure-support.toml"
    text = file.read_text(encoding="utf-8")
    assert "NOT TRIED LIVE" in text
    assert "tried_live = false" in text


@pytest.mark.covers("RHIPE-41")
async def test_a_ticket_is_put_followed_and_known_by_microsoft_s_number(
    desk: VendorDesk, azure: AzureDouble
) -> None:
    assert await opened(desk) == "119120321001170"
    (put,) = azure.puts
    assert re.fullmatch(re.escape(ROOT) + r"/supportTickets/sr-[0-9a-f]{32}", put.path)
    properties = json.loads(put.body)["properties"]
    assert properties.keys() >= REQUIRED
    assert properties["severity"] == "critical"
    contact = properties["contactDetails"]
    assert contact.keys() - {"phoneNumber"} == CONTACT
    assert (contact["firstName"], contact["lastName"]) == ("Kim van", "Ng")


async def test_the_desk_is_the_contact_of_a_case_that_names_none(
    desk: VendorDesk, azure: AzureDouble
) -> None:
    await desk.not_told(ticket(technical_contact=None))
    contact = json.loads(azure.puts[0].body)["properties"]["contactDetails"]
    assert (contact["firstName"], contact["primaryEmailAddress"]) == ("Service", "desk@our.example")
    assert "phoneNumber" not in contact


async def test_a_lost_connection_is_looked_for_by_the_name_we_gave(
    desk: VendorDesk, azure: AzureDouble
) -> None:
    azure.breaks = True
    await desk.not_told(ticket())
    assert (await desk.tell(ticket())).reference == "119120321001170"
    assert len(azure.puts) == 1


async def test_what_is_sent_again_is_the_same_resource(desk: VendorDesk, azure: AzureDouble) -> None:
    azure.breaks = True
    await desk.not_told(ticket())
    azure.made.clear()
    await desk.not_told(ticket())
    first, second = azure.puts
    assert first.path == second.path


async def test_a_communication_is_put_under_the_ticket_s_own_name(
    desk: VendorDesk, azure: AzureDouble
) -> None:
    await opened(desk)
    await desk.not_told(follow_up())
    await desk.store.not_yet(follow_up().id)
    assert (await desk.tell(follow_up())).status is OutcomeStatus.DELIVERED
    first, second = azure.puts
    assert second.path.startswith(f"{first.path}/communications/sr-")
    assert json.loads(second.body)["properties"].keys() == {"subject", "body", "sender"}


async def test_a_ticket_opened_in_the_portal_is_followed_up_by_mail(
    desk: VendorDesk, azure: AzureDouble, mail_system: MailSystem
) -> None:
    outcome = await desk.tell(follow_up(vendor_reference="119120321001170"))
    assert outcome.status is OutcomeStatus.DELIVERED
    assert len(mail_system.taken) == 1
    assert not azure.puts


def test_its_severities_are_words_of_the_specification(tmp_path: Path) -> None:
    file = tmp_path / "azure.toml"
    file.write_text(OWN.replace("BASE", "https://management.azure.com"), encoding="utf-8")
    config = load_vendor(str(file))
    words = {*config.severities.values(), config.severity_otherwise}
    assert words <= {"minimal", "moderate", "critical", "highestcriticalimpact"}
