"""A station of three centres, each with worker processes of its own that can be killed and come back.

Manila is open until the end of its shift, Auckland around the clock, Kuala Lumpur a few hours longer than
Manila: for a case of Manila's that somebody has to accept, Auckland is asked first, then Kuala Lumpur. Others
change hands by themselves; those in Malay want Kuala Lumpur and those in Maori Auckland.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from domain.effects import EffectKind
from tests.activities.mail_system import Mail
from tests.e2e.silent_mail_system import SilentMailSystem
from tests.e2e.station import Station
from tests.live_case import LiveCase
from tests.people import request
from workflows.messages import region_queue

GIVER, DARK, TAKER = "manila", "auckland", "kuala_lumpur"
LEAD = timedelta(seconds=8)  # less than the 10 s a mail system is given to answer

_ZONE = ZoneInfo("Asia/Manila")  # that of Kuala Lumpur too; neither ever changes its clocks
_BEFORE, _LONGER = timedelta(hours=8), timedelta(hours=6)
_HANDS = 5  # what one worker of a centre carries at a time
_WEEK = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
_DEGREES = ("high", "medium", "low")
_POLICY = """
name = "three-centres"
version = "1"
title = "Three centres"
default_plan = "always"
default_region = "manila"

[plans.always]
title = "Around the clock"
around_the_clock = true

[regions.manila]
zone = "Asia/Manila"
calendar = "PH"
contact = "manila@support.example"
shifts = [{{ days = {week}, start = {start}, end = {end} }}]

[regions.kuala_lumpur]
zone = "Asia/Kuala_Lumpur"
calendar = "MY-KUL"
contact = "kl@support.example"
languages = ["ms"]
shifts = [{{ days = {week}, start = {start}, end = {later} }}]

[regions.auckland]
zone = "Pacific/Auckland"
calendar = "NZ-AUK"
contact = "auckland@support.example"
languages = ["mi"]
shifts = [{{ days = {week}, start = 00:00:00, end = 00:00:00 }}]

[[rules.levels]]
id = "P2"
rank = 1
name = "High"
initial_response = {{ within = "4h" }}

[[rules.levels]]
id = "P4"
rank = 3
name = "Low"
initial_response = {{ within = "4h" }}

[rules]
matrix = [{matrix}]

[rules.intake]
channels = ["phone", "email", "portal"]
unsupported_channel = "refuse"
default_level = "P4"
default_level_channels = ["email", "portal"]
triage_within = "4h"
required = ["contact", "explanation"]
on_incomplete = "await_information"

[rules.informing]
warn_at_share = 0.75
warn_before_at_least = "10m"
waiting_update_every = "24h"
stale_updates_before_notice = 2
late_after = "5m"

[rules.closing]
auto_close_business_days = 3
reopen_business_days = 5
archive_margin = "5m"
survey = false

[organisation.follow_the_sun]
enabled = true
levels = ["P2", "P4"]
acceptance = {{ P2 = "person" }}
lead = "{lead}s"
accept_within = "10m"
"""


class Letterbox(SilentMailSystem):
    """A mail system that, while `stuck`, takes one mail to `DARK` and then answers none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.stuck = False
        self.held = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.stuck and address(DARK) in envelope.rcpt_tos:
            self.held += 1
            is_first = self.held == 1
            self.keeps_its_answer_to = Mail(envelope).message["X-Sunrelay-Case"] if is_first else None
            self.data_moods = [] if is_first else ["hang"]
        return await super().handle_DATA(server, session, envelope)


class Centres(Station):
    """The station, its centres, and the cases that are with Manila until its shift ends."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.mail: Letterbox = Letterbox()
        self.shift_end: datetime
        self._pools: dict[str, subprocess.Popen[bytes]] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Centres"]:
        async with super().open():
            try:
                yield self
            finally:
                for region in list(self._pools):
                    self.kill_pool(region)

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "SUNRELAY_POLICY_DIR": str(self.place / "policies"),
            "SUNRELAY_FOLLOW_THE_SUN": "true",
            "SUNRELAY_REGION_ADDRESSES": json.dumps({name: address(name) for name in (DARK, TAKER, GIVER)}),
        }

    # --- coming and going --------------------------------------------------------------------------------

    def begin(self, shift: timedelta) -> None:
        """Everybody comes to work, and Manila's shift ends at the first whole minute so long from now."""
        ends = datetime.now(UTC) + shift + timedelta(minutes=1)
        self.shift_end = ends.replace(second=0, microsecond=0)
        policies = self.place / "policies"
        policies.mkdir()
        (policies / "three-centres.toml").write_text(_policy(self.shift_end), encoding="utf-8")
        self.start_worker()
        for region in (GIVER, DARK, TAKER):
            self.start_pool(region)

    def start_pool(self, region: str) -> None:
        with (self.place / f"{region}.log").open("ab") as log:
            self._pools[region] = subprocess.Popen(
                [sys.executable, "-m", "worker", "--region", region],
                env=self._environment() | {"SUNRELAY_ACTIVITIES": str(_HANDS)},
                cwd=Path(__file__).parents[2],
                stdout=log,
                stderr=log,
            )

    def kill_pool(self, region: str) -> None:
        """kill -9: what it has in its hands is never reported."""
        pool = self._pools.pop(region)
        pool.kill()
        pool.wait()

    async def hands_are_full(self) -> bool:
        """True while the pool of `DARK` can begin nothing more."""
        return self.mail.held >= _HANDS

    async def waiting(self, region: str) -> int:
        """How many tasks the server keeps for the pool of a centre."""
        asked = DescribeTaskQueueRequest(
            namespace=self.client.namespace,
            task_queue=TaskQueue(name=region_queue(region)),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
            report_stats=True,
        )
        answer = await self.client.workflow_service.describe_task_queue(asked)
        return answer.stats.approximate_backlog_count

    # --- cases -------------------------------------------------------------------------------------------

    async def taken_in(self, reference: str, region: str = GIVER, **changes: Any) -> LiveCase:
        """A case on its way to a centre."""
        case = self.case(reference)
        await case.hand_in(request(reference, policy="three-centres", region=region, **changes))
        return case

    async def is_quiet(self, case: LiveCase) -> bool:
        """True once a case is on record and has nothing left to tell."""
        return bool(await case.timeline()) and (await case.view()).undelivered == 0

    def told(self, case: LiveCase, region: str) -> Counter[str]:
        """What arrived at a centre about a case, by kind, and how often."""
        return Counter(kind_of(mail) for mail in self.mails(case) if address(region) in mail.recipients)

    def notices(self, case: LiveCase) -> list[Mail]:
        """The mails that told the customer of another contact."""
        return [mail for mail in self.mails(case) if kind_of(mail) == EffectKind.REASSIGNED]


def address(region: str) -> str:
    """Where the people of a centre are reached."""
    return f"{region}@desk.example"


def kind_of(mail: Mail) -> str:
    """What a mail is about: its Message-ID is the effect's id, `case/cause/.../kind/recipient`."""
    return unquote(mail.message["Message-ID"].strip("<>").rpartition("@")[0]).split("/")[-2]


def _policy(shift_end: datetime) -> str:
    ends = shift_end.astimezone(_ZONE)
    start, end, later = (f"{at:%H:%M:%S}" for at in (ends - _BEFORE, ends, ends + _LONGER))
    matrix = ", ".join(
        f'{{ impact = "{impact}", urgency = "{urgency}", level = "{"P2" if impact == "high" else "P4"}" }}'
        for impact in _DEGREES
        for urgency in _DEGREES
    )
    lead = int(LEAD.total_seconds())
    return _POLICY.format(week=_WEEK, start=start, end=end, later=later, matrix=matrix, lead=lead)
