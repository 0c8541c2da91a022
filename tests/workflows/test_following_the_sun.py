"""Cases on their way round the centres, in the real workflow: nobody drops one, everybody is told once."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from temporalio.worker import Worker

from domain.actor import Actor, ActorKind, Role
from domain.clocks import Clock
from domain.timeline import EntryKind
from tests.desk import Desk, time_skipping
from tests.live_case import LiveCase
from tests.people import ANA, KIMS_MAIL, P1
from worker import build_region_worker

REGIONS = ("auckland", "sydney", "melbourne", "kuala_lumpur", "manila")
LINH = Actor(kind=ActorKind.STAFF, name="Linh", role=Role.ENGINEER, region="kuala_lumpur")
BEA = Actor(kind=ActorKind.STAFF, name="Bea", role=Role.TSS, region="sydney")
