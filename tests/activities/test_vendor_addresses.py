"""A vendor's URL reaches public addresses over https, and nothing else without a setting that names it."""

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from activities.channels.attempt import NeverWorks
from activities.channels.http import Poster
from activities.channels.public_address import PublicAddresses
from activities.store.case_store import CaseStore
from activities.vendor.config import load_vendor
from activities.vendor.desk import UnderWay, VendorMessage
from activities.vendor.rest import RestVendor
from activities.words.content import content_of
from activities.words.letters import Words
from domain.effects import OutcomeStatus
from tests.activities.http_receiver import HttpReceiver, answer_of
from tests.activities.vendor_desk import LOOPBACK, TOKEN, VendorDesk, config_file, ticket

LOOPBACK_NETWORK = (IPv4Network("127.0.0.0/8"),)


def message(**given: Any) -> VendorMessage:
    wording = content_of(ticket(), Words().render(ticket())).wording
    return VendorMessage(effect=ticket(), wording=wording, **given)


def vendor(place: Path, url: str, names: dict[str, str] | None = None) -> RestVendor:
    async def resolve(host: str, port: int) -> list[str]:
        return [(names or {}).get(host, host)]

    public = PublicAddresses(http_within=True, what="vendor", resolver=resolve)
    return RestVendor(load_vendor(config_file(place, url)), lambda: TOKEN, Poster(), public)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "0.0.0.0", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]"],
)
async def test_an_address_that_is_not_public_is_never_reached(tmp_path: Path, host: str) -> None:
    inside = vendor(tmp_path, f"https://{host}:443", {host.strip("[]"): host.strip("[]")})
    with pytest.raises(NeverWorks, match="is not a public address"):
        await inside.tell(message())


async def test_a_name_that_leads_inside_is_never_reached(tmp_path: Path, receiver: HttpReceiver) -> None:
    rebound = vendor(tmp_path, f"https://vendor.example:{receiver.port}", {"vendor.example": "127.0.0.1"})
    with pytest.raises(NeverWorks, match=r"vendor\.example is not a public address"):
        await rebound.tell(message())
    assert receiver.connections == 0


async def test_a_token_never_travels_in_the_open_to_a_public_address(tmp_path: Path) -> None:
    open_to_all = vendor(tmp_path, "http://vendor.example", {"vendor.example": "93.184.216.34"})
    with pytest.raises(NeverWorks, match="not in a network named for http"):
        await open_to_all.tell(message())


async def test_loopback_is_reached_only_where_a_setting_names_it(
    own_store: CaseStore, receiver: HttpReceiver, tmp_path: Path
) -> None:
    config = config_file(tmp_path, f"http://127.0.0.1:{receiver.port}")
    refused = await VendorDesk(own_store, vendor_config=config, vendor_networks=()).tell(ticket())
    assert refused.status is OutcomeStatus.UNDELIVERABLE
    assert receiver.connections == 0
    await VendorDesk(own_store, vendor_config=config, **LOOPBACK).not_told(ticket("r-2"))
    assert receiver.connections == 1


@pytest.mark.parametrize(
    "place",
    ["http://127.0.0.1:9/elsewhere", "https://169.254.169.254/latest", "//other.example/x", "file:///x"],
)
async def test_a_place_to_ask_on_another_host_is_not_followed(
    own_store: CaseStore, receiver: HttpReceiver, tmp_path: Path, place: str
) -> None:
    receiver.answers = [answer_of(202, Operation_Location=place)]
    config = config_file(tmp_path, f"http://127.0.0.1:{receiver.port}")
    desk = VendorDesk(own_store, vendor_config=config)
    await desk.not_told(ticket())
    await own_store.not_yet(ticket().id)
    outcome = await desk.tell(ticket())
    assert outcome.status is OutcomeStatus.UNDELIVERABLE
    assert "points to another host" in str(outcome.reason)
    assert receiver.connections == 1


async def test_a_redirect_is_not_followed_and_takes_no_token_along(
    own_store: CaseStore, receiver: HttpReceiver, tmp_path: Path
) -> None:
    async with HttpReceiver() as elsewhere:
        receiver.answers = [answer_of(302, Location=elsewhere.url)]
        desk = VendorDesk(own_store, vendor_config=config_file(tmp_path, f"http://127.0.0.1:{receiver.port}"))
        assert "redirects are not followed" in str((await desk.tell(ticket())).reason)
        assert elsewhere.connections == 0


async def test_what_is_under_way_is_known_by_its_place(tmp_path: Path, receiver: HttpReceiver) -> None:
    receiver.answers = [answer_of(202, Location="/operations/7", Retry_After="40")]
    public = PublicAddresses(http_within=True, what="vendor", networks=LOOPBACK_NETWORK)
    there = RestVendor(
        load_vendor(config_file(tmp_path, f"http://127.0.0.1:{receiver.port}")),
        lambda: TOKEN,
        Poster(),
        public,
    )
    with pytest.raises(UnderWay) as caught:
        await there.tell(message())
    assert caught.value.where == f"http://127.0.0.1:{receiver.port}/operations/7"
    assert caught.value.after is not None
    assert caught.value.after.total_seconds() == 40
